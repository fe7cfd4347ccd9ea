"""Every report in reports/ and every question asked of examples/ is accepted by coqc, with no axioms."""

from __future__ import annotations

import pytest

from symnet import Network
from symnet.coq.check import check
from symnet.coq.emit import emit
from symnet.notation.parse import parse_question
from symnet.render.names import size_names
from symnet.solving.api import solve
from tests.questions import QUESTIONS, ROOT
from tests.test_reports import NETWORKS

pytestmark = pytest.mark.coq


@pytest.mark.parametrize("name", NETWORKS)
def test_a_report(name: str) -> None:
    network = Network.parse(NETWORKS[name])
    result = check(emit(*network.proof.goals, title=name, names=size_names(network.proof)))
    assert result.ok, result.output


@pytest.mark.parametrize(("asked", "question", "options"), QUESTIONS)
def test_a_question(asked: str, question: str, options: dict[str, str]) -> None:
    posed = parse_question(question, load=lambda name: (ROOT / name).read_text(encoding="utf-8"))
    result = check(emit(solve(posed, **options).theorem, title=asked))  # type: ignore[arg-type]
    assert result.ok, result.output
