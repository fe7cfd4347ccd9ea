"""No rule proves what is false: random instances of every conclusion at random integers, counts counted one by one."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings

from symnet.errors import TermError
from symnet.kernel.rules import polynomial_identity, window_count
from symnet.kernel.theorem import RULES, Theorem
from symnet.terms.evaluation import evaluate, holds
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.propositions import Divides, Eq, Iff, In, Le, Proposition
from symnet.terms.term import Entries, Sum, Symbol, Term, Windows, integer
from tests.kernel.instances import INSTANCES, instances, points
from tests.kernel.meaning import TooLarge, Values, false_at, is_true, meaning
from tests.strategies import environments, propositions, terms

W = Symbol("W")


@pytest.mark.parametrize("name", RULES)
def test_never_false(name: str) -> None:
    _never_false(name, 8, telling_at_least=2)


@pytest.mark.slow
@pytest.mark.parametrize("name", RULES)
def test_never_false_in_many_instances(name: str) -> None:
    _never_false(name, 100, telling_at_least=60)


def _never_false(name: str, examples: int, telling_at_least: int) -> None:
    telling = 0

    @settings(max_examples=examples)
    @given(instances(name), points())
    def check(instance: tuple[Theorem, Values] | None, elsewhere: Values) -> None:
        nonlocal telling
        assume(instance is not None)
        theorem, here = instance  # type: ignore[misc]
        for point in (here, elsewhere):
            try:
                verdict = false_at(theorem, point)
            except TooLarge:
                continue
            telling += verdict is False
            assert not verdict, theorem

    check()
    assert telling >= telling_at_least, f"only {telling} instances of {name} said anything at their points"


def test_every_rule_has_instances() -> None:
    assert set(INSTANCES) == set(RULES)


@given(propositions(), environments())
def test_the_kernels_own_meaning_agrees(proposition: Proposition, values: dict[Term, int]) -> None:
    try:
        expected = holds(proposition, values)
    except TermError:  # a modulus or divisor may be without value
        return
    assert is_true(proposition, values) == expected  # type: ignore[arg-type]


@given(terms(), environments())
def test_the_terms_own_meaning_agrees(term: Term, values: dict[Term, int]) -> None:
    assert meaning(term, values) == evaluate(term, values)  # type: ignore[arg-type]


def test_the_oracle_counts() -> None:
    """The evaluator that judges is judged by hand here."""
    number = integer
    assert meaning(Windows(number(28), number(5), number(1), number(1)), {}) == 24
    assert meaning(Windows(number(7), number(3), number(2), number(2)), {}) == 2  # 0 2 4 and 2 4 6
    assert meaning(Windows(number(4), number(5), number(1), number(1)), {}) == 0
    assert meaning(Windows(number(-4), number(1), number(1), number(1)), {}) == 0
    assert meaning(Entries(number(3), number(0), number(2)), {}) == 0
    assert meaning(Entries(number(3), number(-1)), {}) == 0
    assert meaning(Entries(), {}) == 1
    assert is_true(Divides(number(0), number(0)), {})
    assert not is_true(Divides(number(0), number(3)), {})
    assert is_true(In(W, IntegerSet.residue_class(12, 16, 188)), {W: 204})
    assert not is_true(In(W, IntegerSet.residue_class(12, 16, 188)), {W: 172})
    assert not is_true(Iff(Le(W, number(1)), Eq(W, number(1))), {W: 0})


def test_the_oracle_sees_a_wrong_rule() -> None:
    """If the window formula were off by one, the test above would say so."""
    right = window_count(W, integer(3), integer(1), integer(2)).conclusion
    wrong = Eq(right.args[0], right.args[1] + 1)
    assert all(is_true(right, {W: size}) for size in range(3, 30))
    assert not any(is_true(wrong, {W: size}) for size in range(3, 30))
    assert is_true(polynomial_identity(W + 1, Sum(integer(1), W)).conclusion, {W: 4})
