"""What real expressions and statements mean, at points: mpmath numbers of 40 digits. The rules never see this."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from mpmath import diff, exp, log, mp, mpf, sqrt

from symnet.kernel.real import expressions as r
from symnet.kernel.real import statements as s
from symnet.kernel.real.expressions import Node
from symnet.terms.evaluation import evaluate
from symnet.terms.term import Symbol, Term, symbols_of

mp.dps = 40
CLOSE = mpf(10) ** -18


@dataclass(frozen=True)
class Point:
    """Values of variables, symbols and arrays; ``open`` is what is outside a domain: a proof may not depend on it."""

    seed: int
    variables: dict[r.Variable, Any] = field(default_factory=dict)
    symbols: dict[Symbol, int] = field(default_factory=dict)
    arrays: dict[str, Callable[..., Any]] = field(default_factory=dict)
    shifts: dict[tuple[Any, ...], Any] = field(default_factory=dict)
    open: Any = mpf("7.25")
    positive: bool = False

    def variable(self, which: r.Variable) -> Any:
        return self.variables.get(which, self._draw(which.args[0]))

    def _draw(self, *key: object) -> Any:
        drawn = random.Random(f"{self.seed} {key}").uniform(0.05 if self.positive else -2, 0.95 if self.positive else 2)
        return mpf(drawn)

    def entry(self, name: str, places: tuple[int, ...]) -> Any:
        if (name, *places) in self.shifts:
            return self.shifts[(name, *places)]
        return self.arrays[name](*places) if name in self.arrays else self._draw(name, places)

    def integer(self, term: Term) -> int:
        for symbol in symbols_of(term):
            if symbol not in self.symbols:
                least = 0 if symbol.least is None else symbol.least
                self.symbols[symbol] = random.Random(f"{self.seed} {symbol.name}").randint(least, least + 3)
        return evaluate(term, dict(self.symbols))

    def at(self, symbol: Symbol, value: int) -> Point:
        return replace(self, symbols={**self.symbols, symbol: value})


def _inverse(value: Any, point: Point) -> Any:
    return 1 / value if value != 0 else point.open


def _fold(node: Node, point: Point) -> Any:
    index, bound, body = node.args
    values = [real(body, point.at(index, place)) for place in range(point.integer(bound))]
    return (
        sum(values, mpf(0))
        if isinstance(node, r.Total)
        else min(values)
        if isinstance(node, r.Smallest)
        else max(values)
    )


def _product(values: list[Any]) -> Any:
    result = mpf(1)
    for value in values:
        result *= value
    return result


def _rational(value: Fraction) -> Any:
    return mpf(value.numerator) / value.denominator


_MEANING: dict[type[Node], Callable[[list[Any], Point], Any]] = {
    r.Plus: lambda parts, point: sum(parts, mpf(0)),
    r.Times: lambda parts, point: _product(parts),
    r.Quotient: lambda parts, point: parts[0] * _inverse(parts[1], point),
    r.Exp: lambda parts, point: exp(parts[0]),
    r.Log: lambda parts, point: log(parts[0]) if parts[0] > 0 else point.open,
    r.Sqrt: lambda parts, point: sqrt(parts[0]) if parts[0] >= 0 else point.open,
    r.Abs: lambda parts, point: abs(parts[0]),
    r.Sign: lambda parts, point: mpf((parts[0] > 0) - (parts[0] < 0)),
    r.Minimum: lambda parts, point: min(parts),
    r.Maximum: lambda parts, point: max(parts),
}


def real(node: Node, point: Point) -> Any:
    """The value of an expression."""
    if isinstance(node, r.Number):
        return _rational(node.value)
    if isinstance(node, r.Variable):
        return point.variable(node)
    if isinstance(node, r.Entry):
        return point.entry(node.args[0], tuple(map(point.integer, node.args[1:])))
    if isinstance(node, r.Whole):
        return mpf(point.integer(node.args[0]))
    if isinstance(node, r.Delta):
        return mpf(point.integer(node.args[0]) == point.integer(node.args[1]))
    if isinstance(node, r.Power):
        return _product([real(node.args[0], point)] * point.integer(node.args[1]))
    if isinstance(node, r.Fold):
        return _fold(node, point)
    return _MEANING[type(node)]([real(part, point) for part in node.args], point)


def holds(statement: Node, point: Point) -> bool:
    """Whether a statement is true at a point, up to rounding; "for all" is tried for the first few."""
    if isinstance(statement, s.ForAll):
        index, inner = statement.args
        return all(holds(inner, point.at(index, place)) for place in range(index.least or 0, (index.least or 0) + 9))
    if isinstance(statement, s.Below):
        return point.integer(statement.args[0]) < point.integer(statement.args[1])
    if isinstance(statement, s.Derivative):
        return _is_derivative(statement, point)
    values = [real(part, point) for part in statement.args]
    gap = values[0] - values[-1]
    close = abs(gap) <= CLOSE * (1 + abs(values[0]))
    if isinstance(statement, s.Equal):
        return bool(close)
    if isinstance(statement, s.Less):
        return bool(gap < 0 and not close)
    if isinstance(statement, s.AtMost):
        return bool(gap < 0 or close)
    return bool(abs(values[0]) > CLOSE)  # Nonzero


def _is_derivative(statement: Node, point: Point) -> bool:
    function, at, result = statement.args

    def along(value: Any) -> Any:
        if isinstance(at, r.Variable):
            return real(function, replace(point, variables={**point.variables, at: value}))
        key = (at.args[0], *map(point.integer, at.args[1:]))
        return real(function, replace(point, shifts={**point.shifts, key: value}))

    slope = diff(along, real(at, point))
    return bool(abs(slope - real(result, point)) < mpf(10) ** -12 * (1 + abs(slope)))
