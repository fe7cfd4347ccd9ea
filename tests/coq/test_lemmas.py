"""The rules, the lemmas and the proofs are one list; each rule's examples are accepted by Coq."""

from __future__ import annotations

import re

import pytest

import symnet.coq.proofs
import symnet.kernel.rules  # noqa: F401  (fills RULES)
from symnet.coq.check import LIBRARY, check, library_text
from symnet.coq.emit import emit
from symnet.coq.recipe import PROOFS
from symnet.errors import KernelError
from symnet.kernel import rules as R
from symnet.kernel.theorem import RULES
from symnet.kernel.walks import steps
from symnet.terms.propositions import Le
from symnet.terms.term import Symbol, integer
from tests.coq.derivations import MISSING, accepted_cases, more_cases

#: Second lemmas of a rule that has two figures.
_VARIANTS = {"part_rest": "part", "flip_iff": "flip", "linear_equal": "linear"}


def _lemmas() -> set[str]:
    text = "\n".join(map(library_text, LIBRARY))
    return set(re.findall(r"^(?:Lemma|Theorem) rule_(\w+)", text, re.MULTILINE))


def test_each_rule_has_its_lemma_and_each_lemma_its_rule() -> None:
    lemmas = _lemmas()
    assert lemmas >= _VARIANTS.keys()
    assert lemmas - _VARIANTS.keys() == RULES.keys() - MISSING


def test_each_rule_has_its_proof() -> None:
    assert PROOFS.keys() == RULES.keys() - MISSING


def test_the_library_assumes_nothing() -> None:
    words = set(re.findall(r"\w+", "\n".join(map(library_text, LIBRARY))))
    assert not words & {"Axiom", "Parameter", "Conjecture", "Admitted", "admit", "Abort"}


def test_nothing_is_emitted_for_nothing() -> None:
    with pytest.raises(KernelError, match="no theorem"):
        emit()


@pytest.mark.coq
def test_every_accepted_case_of_every_rule() -> None:
    goals = [theorem for theorems in accepted_cases().values() for theorem in theorems] + more_cases()
    assert {step.rule for step in steps(*goals)} == RULES.keys() - MISSING
    result = check(emit(*goals))
    assert result.ok, result.output


@pytest.mark.coq
def test_a_symbol_that_is_not_in_the_statement() -> None:
    K, x, y = Symbol("K", 3), Symbol("x", None), Symbol("y", None)
    through = R.chain(R.polynomial_identity(x, x + K - K), R.polynomial_identity(x + K - K, x))
    bound = R.linear(Le(x, y), (R.assume(Le(x + K, y + K)),), (integer(1),))
    result = check(emit(through, bound, R.instantiate(through, (x,), (y,))))
    assert result.ok, result.output
