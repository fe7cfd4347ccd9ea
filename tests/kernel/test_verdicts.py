"""What intervals show of comparisons, and how verdicts on parts join: all small cases, compared with counting."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest

from symnet.errors import SymnetError
from symnet.kernel import rules as R
from symnet.kernel.primitive.bounds import box_of
from symnet.kernel.verdicts import by_intervals, compared, unfolded, verdict
from symnet.terms.evaluation import holds
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.intervals import Interval
from symnet.terms.propositions import And, Congruent, Divides, Eq, Iff, In, Le, Lt, Or, Proposition
from symnet.terms.term import Symbol, integer

x, y, z = (Symbol(name, None) for name in "xyz")
ENDS = (None, -2, 0, 1, 3)
INTERVALS: list[Interval] = [(low, high) for low in ENDS for high in ENDS if low is None or high is None or low <= high]


def _values(ends: Interval) -> range:
    low, high = ends
    return range(-6 if low is None else low, (6 if high is None else high) + 1)


@pytest.mark.parametrize("kind", [Eq, Le, Lt])
def test_a_comparison_is_shown_exactly_where_it_always_or_never_holds(kind: type[Proposition]) -> None:
    for one, two in product(INTERVALS, INTERVALS):
        values = {holds(kind(integer(a), integer(b))) for a in _values(one) for b in _values(two)}
        assert compared(kind(x, y), [one, two]) is (None if len(values) > 1 else values.pop()), (one, two)


def test_divisibility_is_shown_of_numbers_and_of_what_is_smaller_than_the_divisor() -> None:
    for divisor, term in product(INTERVALS, INTERVALS):
        numbers = None not in (*divisor, *term) and divisor[0] == divisor[1] and term[0] == term[1]
        values = {holds(Divides(integer(a), integer(b))) for a in _values(divisor) for b in _values(term)}
        small = divisor[0] is not None and term[1] is not None and term[0] in (1, 3) and term[1] < divisor[0]
        expected = values.pop() if numbers else False if small else None
        assert compared(Divides(x, y), [divisor, term]) is expected, (divisor, term)
        for residue in (-1, 0, 2):
            moved: Interval = tuple([None if end is None else end + residue for end in term])  # type: ignore[assignment]
            shown = by_intervals(Congruent(y, integer(residue), x), {x: divisor, y: moved})
            assert shown is expected, (divisor, term, residue)


TRUE, FALSE, OPEN = Le(x, x), Lt(x, x), Le(x, y)
KNOWN = {TRUE: True, FALSE: False, OPEN: None}


def _parts() -> Iterator[tuple[Proposition, ...]]:
    for size in range(4):
        yield from product(KNOWN, repeat=size)


def test_verdicts_join_as_three_values_do() -> None:
    for parts in _parts():
        values = [KNOWN[part] for part in parts]
        assert verdict(And(*parts), KNOWN.get) is (False if False in values else None if None in values else True)
        assert verdict(Or(*parts), KNOWN.get) is (True if True in values else None if None in values else False)
    for one, two in product(KNOWN, KNOWN):
        values = [KNOWN[one], KNOWN[two]]
        assert verdict(Iff(one, two), KNOWN.get) is (None if None in values else values[0] is values[1])


def test_congruence_is_divisibility_of_the_difference_in_whatever_it_stands() -> None:
    congruent, divides = Congruent(x, y, z), Divides(z, x - y)
    for joined in (And, Or):
        assert unfolded(joined(Iff(congruent, TRUE), joined(congruent))) is joined(Iff(divides, TRUE), joined(divides))


def test_membership_says_what_it_means_to_be_in_a_set() -> None:
    for modulus, residue, (low, high) in product((1, 2, 3), (0, 1), INTERVALS):
        members = IntegerSet.residue_class(residue, modulus, low, high)
        for members_and_more in (members, IntegerSet((*members.parts, *IntegerSet.of(9).parts))):
            meaning = unfolded(In(x, members_and_more))
            for value in range(-7, 11):
                assert holds(meaning, {x: value}) is (value in members_and_more)
                assert by_intervals(In(x, members_and_more), {x: (value, value)}) is (value in members_and_more)


@pytest.mark.parametrize("last", range(1, 6))
def test_a_bound_is_not_shown_by_what_is_left_beyond_it(last: int) -> None:
    """W ≤ 3 is known; beyond W ≤ 2 there is 3, of which nothing is shown."""
    W = Symbol("W")
    known = R.assume(Le(W, integer(3)))
    asked = Le(W * W, integer(100))
    try:
        theorem = R.interval_bound(Le(W, integer(last)), asked, (known,))
    except SymnetError:
        assert last < 3
    else:
        assert last >= 3
        assert theorem.hypotheses == {asked, Le(W, integer(3))}


def test_a_box_holds_what_all_bounds_and_promises_say() -> None:
    W = Symbol("W", 2)
    for low, high in product(range(5), range(5)):
        bounds = tuple(
            R.assume(Le(one, other))
            for one, other in ((integer(low), W), (W, integer(high)), (integer(1), W), (W, integer(4)))
        )
        assert box_of(bounds, "tree") == {W: (max(low, 2), min(high, 4))}
