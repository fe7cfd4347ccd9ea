"""The normal form against random expressions: what it calls equal is equal wherever its conditions hold."""

from __future__ import annotations

import random

import pytest
from mpmath import mpf

from symnet.errors import TermError
from symnet.kernel.real import expressions as r
from symnet.kernel.real.expressions import Real, number
from symnet.kernel.real.normal_forms import nonzero_where_equal
from symnet.kernel.real.statements import Equal, Nonzero
from symnet.terms.term import Symbol, integer
from tests.kernel.real.meaning import Point, holds
from tests.parts import parts

INDICES = [Symbol(name, 0) for name in "ijk"]
N = Symbol("N")


def _random(draw: random.Random, depth: int, bound: tuple[Symbol, ...] = ()) -> Real:
    """Few letters and shallow, so that equal ones are met."""
    if depth == 0:
        leaves: list[Real] = [r.Variable("x"), number(1), number(2), r.Whole(N)]
        places = bound or (INDICES[0],)
        leaves += [r.Entry("u", draw.choice(places)), r.Entry("u", draw.choice(places))]
        return draw.choice(leaves)

    def part() -> Real:
        return _random(draw, draw.randrange(depth), bound)

    kind = draw.randrange(9)
    if kind < 2:
        return part() + part()
    if kind < 4:
        return part() * part()
    if kind == 4:
        return part() / part()
    if kind == 5:
        return r.Power(part(), draw.choice([integer(2), Symbol("n", 0), Symbol("n", 0) + 1]))
    if kind == 6:
        return draw.choice([r.Exp, r.Abs, r.Sqrt])(part())
    index = draw.choice(INDICES)
    fold = draw.choice([r.Total, r.Total, r.Largest])
    return fold(index, N, _random(draw, depth - 1, (*bound, index)))


@parts(8)
def test_what_is_called_equal_is_equal(part: int) -> None:
    draw = random.Random(part)
    terms = [_random(draw, 3) for _ in range(30)]
    terms += [one + two for one, two in zip(terms[:8], terms[8:16], strict=True)]
    terms += [two + one for one, two in zip(terms[:8], terms[8:16], strict=True)]
    found = 0
    for place, left in enumerate(terms):
        for right in terms[place + 1 :]:
            for linear in (False, True):
                try:
                    conditions = nonzero_where_equal(left, right, linear)
                except TermError:
                    continue
                if conditions is None:
                    continue
                found += 1
                for point in (Point(part), Point(part, open=mpf(-3)), Point(part + 99, positive=True)):
                    if all(holds(Nonzero(condition), point) for condition in conditions):
                        assert holds(Equal(left, right), point), (left, right, point)
    assert found


@pytest.mark.parametrize("seed", range(20))
def test_names_and_order_do_not_matter(seed: int) -> None:
    """The same expression with its sums and products turned around and its indices called otherwise."""
    draw = random.Random(seed)
    term = _random(draw, 4)
    try:
        assert nonzero_where_equal(term, _turned(term, {}), linear=False) == ()
        assert nonzero_where_equal(term, _turned(term, {}), linear=True) == ()
    except TermError as refused:
        assert "out of reach" in str(refused) or "division by zero" in str(refused)


def _turned(term: Real, names: dict[Symbol, Symbol]) -> Real:
    if isinstance(term, r.Fold):
        index, bound, body = term.args
        other = Symbol(f"{index.name}{len(names)}", 0)
        return type(term)(other, bound, _turned(body, {**names, index: other}))
    if isinstance(term, r.Entry):
        return r.Entry(term.args[0], *(names.get(place, place) for place in term.args[1:]))
    if isinstance(term, r.Plus | r.Times):
        return type(term)(*(_turned(part, names) for part in reversed(term.args)))
    parts = [_turned(part, names) if isinstance(part, Real) else part for part in term.args]
    return type(term)(*parts) if not isinstance(term, r.Number | r.Variable | r.Whole) else term
