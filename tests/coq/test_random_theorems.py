"""Random theorems of every rule: what the kernel proves, the lemma of the rule proves too."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

import symnet.coq.proofs  # noqa: F401  (fills PROOFS)
from symnet.coq.recipe import PROOFS
from symnet.kernel.theorem import Theorem
from symnet.kernel.walks import steps
from tests.coq.test_alterations import accepted, body_of
from tests.kernel.instances import INSTANCES, instances


def _theorems(name: str) -> list[Theorem]:
    found: list[Theorem] = []

    @seed(5)
    @settings(max_examples=6, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(instances(name))
    def draw(instance: tuple[Theorem, object] | None) -> None:
        if instance is not None and all(step.rule in PROOFS for step in steps(instance[0])):
            found.append(instance[0])

    draw()
    return found


@pytest.mark.coq
def test_random_theorems() -> None:
    theorems = {name: _theorems(name) for name in INSTANCES.keys() & PROOFS.keys()}
    assert [name for name, found in theorems.items() if not found] == []
    bodies = [body_of(theorem) for found in theorems.values() for theorem in found]
    refused = [body for body, verdict in zip(bodies, accepted(bodies), strict=True) if not verdict]
    assert not refused, refused[0]
