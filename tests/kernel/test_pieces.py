"""What the checker works out on a piece of the integers, compared with counting: polynomials, quotients, terms and conditions.

Everything is small and complete: all polynomials with small coefficients, all short pieces. At a single value everything must be
known; on longer pieces what is known must be right, and the usual forms must be known.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from operator import add, floordiv, mul, sub
from typing import Any

import pytest

from symnet.errors import KernelError
from symnet.kernel import polynomials as P
from symnet.kernel.certificate import Piece
from symnet.kernel.primitive.tree import _Check
from symnet.kernel.verdicts import verdict
from symnet.printing.text import unicode_text
from symnet.terms.evaluation import evaluate, holds
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.propositions import And, Congruent, Divides, Eq, In, Le, Lt, Or, Proposition
from symnet.terms.term import (
    CeilDiv,
    Entries,
    FloorDiv,
    Max,
    Min,
    Mod,
    Power,
    Product,
    Sum,
    Symbol,
    Term,
    Windows,
    integer,
)

SMALL: list[P.Coefficients] = [
    *((a,) for a in range(-2, 3)),
    *((a, b) for a in range(-2, 3) for b in (-2, -1, 1, 2)),
    *((a, b, c) for a in (-3, 0, 2) for b in (-1, 0, 2) for c in (-1, 1)),
]
VALUES = range(-6, 7)
ENDS = (None, -3, 0, 2, 5)


def _range(low: int | None, high: int | None) -> range:
    return range(-40 if low is None else low, (40 if high is None else high) + 1)


def test_polynomials_are_what_they_are_at_each_value() -> None:
    for p, q in product(SMALL, SMALL):
        results = {"add": P.add(p, q), "multiply": P.multiply(p, q), "compose": P.compose(p, q)}
        for name, result in results.items():
            assert len(result) == 1 or result[-1] != 0, name  # no trailing 0
        for t in (-3, -1, 0, 2, 5):
            a, b = P.at(p, t), P.at(q, t)
            assert a == sum(c * t**power for power, c in enumerate(p))
            assert P.at(results["add"], t) == a + b
            assert P.at(results["multiply"], t) == a * b
            assert P.at(results["compose"], t) == P.at(p, b)
    for p, by in product(SMALL, range(-2, 3)):
        assert P.scale(p, by) == (tuple(by * c for c in p) if by else (0,))


def test_a_degree_past_the_limit_is_refused() -> None:
    highest = (*[0] * P.DEGREE, 1)
    assert P.multiply(highest[1:], (0, 1)) == highest
    with pytest.raises(KernelError, match="out of reach"):
        P.multiply(highest, (0, 1))


@pytest.mark.parametrize("low", ENDS)
@pytest.mark.parametrize("high", ENDS)
def test_signs_are_shown_where_they_are_so(low: int | None, high: int | None) -> None:
    if low is not None and high is not None and low > high:
        return
    for p in SMALL:
        signs = {P.at(p, t) >= 0 for t in _range(low, high)}
        shown = P.shown_nonnegative(p, low, high)
        if len(p) < 3:  # of a line everything is seen
            assert shown is (None if len(signs) == 2 else signs.pop()), p
        elif shown is not None:
            assert signs == {shown}, p
        elif low is not None and low == high:
            raise AssertionError(f"{p} is not known at {low}")


def test_curves_are_seen_from_either_end() -> None:
    for p, low, high, expected in (
        ((-8, 0, 1), 3, None, True), ((-9, 0, 1), 3, None, True), ((-10, 0, 1), 3, None, None),
        ((-8, 0, 1), None, -3, True), ((-10, 0, 1), None, -3, None), ((-8, 0, 1), 0, 2, False),
        ((8, 0, -1), 3, None, False), ((8, 0, -1), None, -3, False), ((9, 0, -1), 3, None, None),
        ((0, 0, 1), 0, None, True), ((-1, 0, -1), 0, None, False), ((0, 0, -1), 0, None, None),
        ((-9, 0, 1), -3, 3, None), ((9, 0, -1), 0, 3, True), ((9, 0, -1), 0, 4, None), ((-9, 0, 1), 0, 3, None),
        ((-10, 0, 1), 0, 3, False), ((-10, 0, 1), -3, 0, False), ((5, -6, 1), None, None, None),
    ):  # fmt: skip
        assert P.shown_nonnegative(p, low, high) is expected, (p, low, high)


QUOTIENTS = [
    P.Quotient(p, m)
    for p in ((0,), (1,), (-1,), (3,), (0, 1), (-2, 1), (1, 2), (3, -1), (1, -2), (0, 0, 1))
    for m in (1, 2, 3)
    if m == 1 or (len(p) > 1 and any(a % m for a in p[1:]))
]


def _known(step: Callable[[Any, Any], Any], *values: Any) -> P.Quotient | None:
    try:
        return step(*values)  # type: ignore[no-any-return]
    except P.NoForm:
        return None


def _at(value: P.Quotient, t: int) -> int:
    return P.at(value.p, t) // value.m


def test_quotients_are_what_they_are_at_each_value() -> None:
    for one, two in product(QUOTIENTS, QUOTIENTS):
        for name, step, operation in (
            ("plus", add, lambda a, b: a + b),
            ("times", mul, lambda a, b: a * b),
            ("difference", sub, lambda a, b: a - b),
        ):
            result = _known(step, one, two)
            if result is None:
                assert 1 not in (one.m, two.m) or (name == "times" and one.m != two.m), (name, one, two)
            else:
                assert all(_at(result, t) == operation(_at(one, t), _at(two, t)) for t in VALUES), (name, one, two)
                assert result.m == 1 or any(a % result.m for a in result.p[1:]), "a polynomial is written as one"
        if len(two.p) == 1 and two != P.ZERO:
            quotient = one // two
            assert all(_at(quotient, t) == _at(one, t) // two.p[0] for t in VALUES)
    half = P.Quotient((1, 1), 2)
    for known, factor in ((P.ZERO, 0), (P.ONE, 1), (P.number(-1), -1)):
        for result in (known * half, half * known):
            assert all(_at(result, t) == factor * _at(half, t) for t in VALUES)
    assert _known(mul, half, P.number(2)) is None
    assert _known(mul, P.number(2), half) is None
    assert _known(mul, half, half) is None
    assert half - half == P.ZERO
    assert _known(floordiv, half, P.Quotient((0, 1), 1)) is None
    with pytest.raises(KernelError, match="divisor is 0"):
        half // P.ZERO
    huge = P.number(1 << 3000)
    with pytest.raises(KernelError, match="out of reach"):
        huge * huge


x, y = Symbol("x", None), Symbol("y", None)
TERMS: list[Term] = [
    integer(5), x, x * 3 - 4, x * x - 2, FloorDiv(x, integer(2)), FloorDiv(3 * x + 1, integer(4)), FloorDiv(x, integer(-3)),
    CeilDiv(x, integer(3)), CeilDiv(x + 1, integer(2)), Mod(x, integer(3)), Mod(x * 2, integer(4)), Power(x - 1, 3),
    Power(x, 0), Min(x, integer(2)), Max(x, integer(2)), Max(3 * x, x + 1, 4 - x), Min(3 * x, x + 1, 4 - x),
    Product(x, FloorDiv(x, integer(2)), integer(0)), Product(FloorDiv(x, integer(2)), x - x + 1), Sum(FloorDiv(x, integer(2)), x),
    FloorDiv(FloorDiv(x + 3, integer(2)), integer(2)), FloorDiv(x, integer(2)) - FloorDiv(x, integer(2)),
]  # fmt: skip
#: Counts, with what they count.
COUNTS = [
    (Windows(x, integer(3), integer(2), integer(2)), lambda v: max(0, (v - 5) // 2 + 1)),
    (Windows(x + 4, integer(5), integer(1), integer(3)), lambda v: max(0, (v + 4 - 5) // 3 + 1)),
    (Windows(integer(9), x, integer(1), integer(2)), lambda v: max(0, (9 - v) // 2 + 1) if v >= 1 else None),
    (Windows(integer(9), integer(3), x, integer(2)), lambda v: max(0, (9 - 2 * v - 1) // 2 + 1) if v >= 1 else None),
    (Windows(integer(9), integer(3), integer(1), x), lambda v: max(0, 6 // v + 1) if v >= 1 else None),
    (Entries(x, integer(3)), lambda v: max(v, 0) * 3),
    (Entries(x, x), lambda v: max(v, 0) ** 2),
    (Entries(integer(2), x - 1, integer(-1)), lambda v: 0),
]
PIECES = [Piece(1, 0, *ends) for ends in ((None, None), (0, None), (None, -1), (2, 9), (6, None), (-3, -3), (4, 4), (0, 0))] + [
    Piece(2, 1, 0, None), Piece(2, 0, None, 3), Piece(4, 3, -1, 5), Piece(6, 2, 1, 1), Piece(3, 0, None, None), Piece(12, 7, 1, None),
]  # fmt: skip


def _numbers(piece: Piece) -> range:
    return range(
        -9 if piece.low is None else piece.low, (piece.low or 0) + 12 if piece.high is None else piece.high + 1
    )


@pytest.mark.parametrize("piece", PIECES, ids=str)
def test_terms_are_what_they_are_at_each_value_of_a_piece(piece: Piece) -> None:
    for term, counted in [*((term, None) for term in TERMS), *COUNTS]:
        value = _value(term, piece)
        if value is None:
            continue
        for t in _numbers(piece):
            number = piece.modulus * t + piece.residue
            expected = evaluate(term, {x: number}) if counted is None else counted(number)
            assert expected is None or _at(value, t) == expected, (term, t)
    if piece.low == piece.high and piece.low is not None:
        number = piece.modulus * piece.low + piece.residue
        for term, counted in [*((term, None) for term in TERMS), *COUNTS]:
            known = counted is None or counted(number) is not None
            assert (_value(term, piece) is not None) is known, f"{term} has {'a' if known else 'no'} value at {number}"


def _value(term: Term, piece: Piece) -> P.Quotient | None:
    check = _Check(Eq(term, term), (x,), [(None, None)], {})
    check._enter((), piece)
    return _known(lambda check, term: check.value(term), check, term)


def test_the_usual_forms_are_known_on_whole_pieces() -> None:
    everywhere, even, from_six = Piece(1, 0, None, None), Piece(2, 0, None, None), Piece(1, 0, 6, None)
    for term, piece, expected in (
        (FloorDiv(x, integer(2)), everywhere, P.Quotient((0, 1), 2)), (FloorDiv(x, integer(2)), even, P.Quotient((0, 1), 1)),
        (CeilDiv(x, integer(2)), everywhere, P.Quotient((1, 1), 2)), (Mod(x, integer(2)), even, P.ZERO),
        (Product(x, FloorDiv(x, integer(3)), integer(0)), everywhere, P.ZERO), (Power(x, 2), everywhere, P.Quotient((0, 0, 1), 1)),
        (Windows(x, integer(3), integer(1), integer(2)), from_six, P.Quotient((-1, 1), 2)),
        (Windows(x, integer(3), integer(1), integer(2)), everywhere, None), (Entries(x, x), from_six, P.Quotient((0, 0, 1), 1)),
        (Entries(x, x), everywhere, None), (Min(x, integer(7)), from_six, None), (Max(x, integer(5)), from_six, P.Quotient((0, 1), 1)),
        (Min(x, integer(5)), from_six, P.number(5)), (Max(integer(5), x), from_six, P.Quotient((0, 1), 1)),
        (Min(integer(5), x), from_six, P.number(5)), (FloorDiv(integer(6), x), from_six, None),
    ):  # fmt: skip
        assert _value(term, piece) == expected, term


CONDITIONS: list[Proposition] = [
    *(kind(one, two) for kind in (Eq, Le, Lt) for one in (x, FloorDiv(x, integer(2)), x * x) for two in (integer(4), 2 * x - 3)),
    *(Divides(integer(m), term) for m in (0, 1, 2, 4, -3) for term in (x, 2 * x + 1, x * x, 2 * x * x + 1)),
    *(Divides(integer(m), integer(4)) for m in (2, 3)),
    *(Congruent(term, integer(r), integer(m)) for m in (0, 2, 3, 6) for r in (0, 1, -1) for term in (x, 2 * x)),
    In(x, IntegerSet((*IntegerSet.residue_class(1, 3, 4, None).parts, *IntegerSet.of(-2).parts))), In(2 * x, IntegerSet.of(4)),
    And(Le(x, integer(5)), Divides(integer(2), x)), Or(Lt(integer(5), x), Divides(integer(2), x)),
    And(), Or(), And(Congruent(x, integer(1), integer(2)), Or(Divides(integer(3), x), Lt(x, integer(0)))),
]  # fmt: skip


def _true_at(condition: Proposition, piece: Piece, t: int) -> bool:
    return holds(condition, {x: piece.modulus * t + piece.residue})


@pytest.mark.parametrize("piece", PIECES, ids=str)
def test_conditions_are_shown_where_they_hold_or_fail(piece: Piece) -> None:
    for condition in CONDITIONS:
        check = _Check(condition, (x,), [(None, None)], {})
        check._enter((), piece)
        shown = verdict(And(*check.parts), check._compared)
        values = {_true_at(condition, piece, t) for t in _numbers(piece)}
        if shown is None:
            assert piece.low is None or piece.low != piece.high, condition
        else:
            assert values == {shown}, condition


def _is_linear(condition: Proposition) -> bool:
    """Whether it is divisibility of a linear term by a number that is not 0."""
    divisor = {Divides: 0, Congruent: 2}.get(type(condition))
    return divisor is not None and condition.args[divisor] is not integer(0) and "x·x" not in unicode_text(condition)


def test_of_linear_conditions_only_one_class_is_left() -> None:
    everywhere, window = Piece(1, 0, None, None), range(-24, 25)
    for condition in CONDITIONS:
        check = _Check(condition, (x,), [(None, None)], {})
        check._enter((), everywhere)
        true_at = [t for t in window if _true_at(condition, everywhere, t)]
        for modulus in range(1, 7):
            for j in range(modulus):
                fails = all(t % modulus == j for t in true_at)
                shown = check._only(And(*check.parts), modulus, j)
                assert fails or not shown, (condition, modulus, j)
                assert shown or not fails or modulus == 1 or not _is_linear(condition), (condition, modulus, j)


def test_one_class_is_left_of_joined_conditions() -> None:
    odd, third = Congruent(x, integer(1), integer(2)), In(x, IntegerSet.residue_class(2, 3))
    for condition, modulus, j, expected in (
        (third, 3, 2, True), (third, 3, 1, False), (And(odd, Le(x, integer(9))), 2, 1, True), (And(odd, third), 3, 2, True),
        (And(odd, third), 2, 1, True), (Or(odd, third), 2, 1, False), (Or(odd, Congruent(x, integer(3), integer(4))), 2, 1, True),
        (Or(odd, Lt(x, x)), 2, 1, True), (Or(), 2, 1, True), (And(), 2, 1, False),
    ):  # fmt: skip
        check = _Check(condition, (x,), [(None, None)], {})
        check._enter((), Piece(1, 0, None, None))
        assert check._only(And(*check.parts), modulus, j) is expected, (condition, modulus, j)


def test_divisibility_by_0_is_being_0() -> None:
    for term, piece, expected in (
        (x - x, Piece(1, 0, None, None), True), (x, Piece(1, 0, 6, None), False), (x * x + 1, Piece(1, 0, 0, None), False),
        (x, Piece(1, 0, None, None), None),
    ):  # fmt: skip
        for condition in (Divides(integer(0), term), Congruent(term + 7, integer(7), integer(0))):
            check = _Check(condition, (x,), [(None, None)], {})
            check._enter((), piece)
            assert verdict(And(*check.parts), check._compared) is expected, condition


def test_a_second_unknown_is_not_known_before_its_turn() -> None:
    check = _Check(Eq(x + y, integer(3)), (x, y), [(0, 9), (0, 9)], {})
    check._enter((), Piece(1, 0, 2, 5))
    with pytest.raises(P.NoForm):
        check.value(x + y)
    assert check.value(Sum(x, integer(1))) == P.Quotient((1, 1), 1)
    assert verdict(Eq(x + y, integer(30)), check._compared) is False  # by the ends of both
    assert verdict(Le(x + y, integer(14)), check._compared) is True
    check._enter((4,), Piece(1, 0, 0, 9))
    assert check.value(x + y) == P.Quotient((4, 1), 1)
    check._enter((5,), Piece(1, 0, 0, 9))
    assert check.value(x + y) == P.Quotient((5, 1), 1)
