"""Deciding a proposition about one integer x, exactly: the set of all x for which it holds.

x is followed on progressions ``x = modulus·t + residue`` with t between two ends. There every term is ⌊p(t)/m⌋ for an integer
polynomial p and a number m ≥ 1:

    ⌊p/m⌋ + q   = ⌊(p + m·q)/m⌋                        for an integer polynomial q
    −⌊p/m⌋      = ⌊(−p + m − 1)/m⌋,   ⌈u/n⌉ = −⌊−u/n⌋,   u mod n = u − n·⌊u/n⌋
    ⌊⌊p/m⌋/n⌋   = ⌊p/(m·n)⌋
    ⌊p/m⌋       = (p − p(0))/m + ⌊p(0)/m⌋              where m divides every other coefficient
    Windows(L, F, D, S) = ⌊(L − E)/S⌋ + 1 where E ≤ L, else 0, with E = D·(F − 1) + 1 and numbers F, D, S ≥ 1
    Entries(d₁, …, dₙ)  = d₁·…·dₙ where every dᵢ ≥ 0, else 0

and a comparison needs no more than ``⌊p/m⌋ ≥ 0 ⇔ p ≥ 0``. What cannot be written so (a product of floors, a maximum, a divisor
with x in it) is decided after the progression is split: in k progressions, at a place, or in its points if they are finitely
many. Parts of a conjunction that need a split wait for the others, which may make it unnecessary.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import gcd
from typing import NamedTuple

from symnet.errors import KernelError
from symnet.kernel.polynomials import Coefficients, Range, add, at, compose, meet, multiply, nonnegative, scale
from symnet.kernel.propositions import And, Congruent, Divides, Eq, In, Le, Lt, Or, Proposition
from symnet.kernel.unions import Piece, ends, union
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.term import (
    CeilDiv,
    FloorDiv,
    Max,
    Entries,
    Min,
    Mod,
    Node,
    Power,
    Product,
    Sum,
    Symbol,
    Term,
    Windows,
    integer,
)

__all__ = ["PIECES", "decide"]

#: A question that splits into more progressions, or asks for more points, is out of reach.
PIECES = 200_000


class Floor(NamedTuple):
    """``⌊p/m⌋``; with m = 1 the polynomial itself."""

    p: Coefficients
    m: int


class Stuck(Exception):  # noqa: N818 (it is no error: the progression is split and tried again)
    """A term has no such form here. ``parts``: split in so many progressions; ``place``: at it; neither: in points."""

    def __init__(self, parts: int | None = None, place: int | None = None):
        super().__init__(parts, place)
        self.parts, self.place = parts, place


ZERO, ONE = Floor((0,), 1), Floor((1,), 1)


def _floor(p: Coefficients, m: int) -> Floor:
    if m == 1:
        return Floor(p, 1)
    if len(p) == 1:
        return Floor((p[0] // m,), 1)
    if all(a % m == 0 for a in p[1:]):
        return Floor((p[0] // m, *(a // m for a in p[1:])), 1)
    return Floor(p, m)


def _whole(value: Floor) -> Coefficients:
    """The value as a polynomial; where it is none, the progression is split so that it becomes one."""
    if value.m != 1:
        raise Stuck(value.m // gcd(value.m, *value.p[1:]))
    return value.p


def _negative(value: Floor) -> Floor:
    p = scale(value.p, -1)
    return Floor(p if value.m == 1 else add(p, (value.m - 1,)), value.m)


def _sum(values: list[Floor]) -> Floor:
    total: Coefficients = (0,)
    floored: list[Floor] = []
    for value in values:
        if value.m == 1:
            total = add(total, value.p)
        elif _negative(value) in floored:  # ⌊p/m⌋ − ⌊p/m⌋, which is ⌊p/m⌋ + ⌈−p/m⌉
            floored.remove(_negative(value))
        else:
            floored.append(value)
    if not floored:
        return Floor(total, 1)
    for value in floored[1:]:
        _whole(value)
    [(p, m)] = floored
    return _floor(add(p, scale(total, m)), m)


def _product(values: list[Floor]) -> Floor:
    total: Coefficients = (1,)
    floored: list[Floor] = []
    for value in values:
        if value.m == 1:
            total = multiply(total, value.p)
        else:
            floored.append(value)
    if not floored:
        return Floor(total, 1)
    if len(floored) == 1 and total in ((0,), (1,), (-1,)):
        return {0: ZERO, 1: floored[0], -1: _negative(floored[0])}[total[0]]
    return Floor(multiply(total, _whole(floored[0])), 1)  # stuck


def _constant(value: Floor) -> int:
    if len(value.p) > 1:
        raise Stuck
    return value.p[0]


def _quotient(numerator: Floor, divisor: Floor) -> Floor:
    number = _constant(divisor)
    if number == 0:
        raise KernelError("a divisor is 0 at some value")
    if number < 0:
        return _quotient(_negative(numerator), Floor((-number,), 1))
    p, m = numerator
    return _floor(p, m * number)


def _remainder(numerator: Floor, divisor: Floor) -> Floor:
    quotient = _quotient(numerator, divisor)
    return _sum([numerator, Floor(scale(_whole(quotient), -_constant(divisor)), 1)])


class Deciding:
    """One question: what the other letters stand for, and how much work is left."""

    def __init__(self, unknown: Symbol, values: Mapping[Symbol, int]) -> None:
        self.unknown = unknown
        self.fixed: dict[Node, Floor] = {symbol: Floor((value,), 1) for symbol, value in values.items()}
        self.left = PIECES
        self._memory: dict[Node, tuple[Floor, Piece]] = {}

    # ---- terms ----

    def value(self, term: Term, piece: Piece) -> Floor:
        """``term`` on ``piece``. What was found on a larger piece holds on it too, in the new t."""
        known = self._recalled(term, piece)
        if known is not None:
            return known
        stack: list[Term] = [term]
        while stack:
            node = stack[-1]
            values = [self._recalled(child, piece) for child in node.children]
            if None in values:
                stack.extend(child for child, value in zip(node.children, values, strict=True) if value is None)
                continue
            stack.pop()
            known = self._node(node, values, piece)  # type: ignore[arg-type]
            self._memory[node] = known, piece
        return known  # type: ignore[return-value]

    def _recalled(self, node: Node, piece: Piece) -> Floor | None:
        constant = node.constant  # type: ignore[attr-defined]
        if constant is not None:
            return Floor((constant,), 1)
        if node is self.unknown:
            modulus, residue, low, high = piece
            return Floor((modulus * low + residue,) if low is not None and low == high else (residue, modulus), 1)
        found = self._memory.get(node)
        if found is None:
            return self.fixed.get(node)
        value, where = found
        if where is piece or len(value.p) == 1 and _inside(piece, where):
            return value
        if not _inside(piece, where):
            return None
        inner: Coefficients = ((piece.residue - where.residue) // where.modulus, piece.modulus // where.modulus)
        if piece.low is not None and piece.low == piece.high:
            inner = (inner[0] + inner[1] * piece.low,)
        value = _floor(compose(value.p, inner), value.m)
        self._memory[node] = value, piece
        return value

    def _node(self, node: Node, values: list[Floor], piece: Piece) -> Floor:
        kind = type(node)
        if kind is Sum:
            return _sum(values)
        if kind is Product:
            return _product(values)
        if kind is Entries:
            return _product(values) if all([self._at_most(ZERO, value, piece) for value in values]) else ZERO
        if kind is Windows:
            return self._windows(*values, piece)
        if kind is Power:
            return _product(values * node.args[1])
        if kind is FloorDiv:
            return _quotient(*values)
        if kind is CeilDiv:
            return _negative(_quotient(_negative(values[0]), values[1]))
        if kind is Mod:
            return _remainder(*values)
        if kind is Min or kind is Max:
            best = values[0]
            for value in values[1:]:
                if self._at_most(best, value, piece) is (kind is Max):
                    best = value
            return best
        raise KernelError(f"{node!r} has no value here: every letter but one needs a number, and a count its formula")

    def _windows(self, length: Floor, kernel: Floor, dilation: Floor, stride: Floor, piece: Piece) -> Floor:
        """⌊(L − D·(F − 1) − 1)/S⌋ + 1 windows where the kernel fits, none where it does not."""
        if kernel == dilation == stride == ONE:
            reach = 1
        else:
            taps, apart, step = map(_constant, (kernel, dilation, stride))
            if taps < 1 or apart < 1 or step < 1:
                raise KernelError("a kernel, a dilation or a stride is less than 1 at some value")
            reach = apart * (taps - 1) + 1
        spare = _sum([length, Floor((-reach,), 1)])
        if not self._at_most(ZERO, spare, piece):
            return ZERO
        return _sum([_quotient(spare, stride), ONE])

    def _at_most(self, left: Floor, right: Floor, piece: Piece) -> bool:
        """Whether ``left ≤ right`` on the whole piece, or nowhere; else the piece is split."""
        runs = nonnegative((right if left is ZERO else _sum([right, _negative(left)])).p, *piece[2:])
        if not runs:
            return False
        first, last = runs[0]
        if (first, last) == piece[2:]:
            return True
        if last is not None and last != piece.high:
            raise Stuck(place=last)
        raise Stuck(place=first - 1 if first is not None else None)

    # ---- propositions ----

    def solve(self, proposition: Proposition, piece: Piece) -> list[Piece]:
        """What of ``piece`` makes the proposition true; pieces may overlap."""
        found: list[Piece] = []
        work: list[tuple[tuple[Proposition, ...], Piece]] = [(_parts(proposition), piece)]
        while work:
            parts, piece = work.pop()
            stuck: list[tuple[Stuck, Proposition]] = []
            results = [piece]
            for index, part in enumerate(parts):
                try:
                    results = self._part(part, piece)
                except Stuck as why:
                    stuck.append((why, part))
                    continue
                if len(results) == 1:
                    piece = results[0]
                    continue
                rest = (*(waiting for _, waiting in stuck), *parts[index + 1 :])
                work.extend((rest, result) for result in reversed(results))
                break
            else:
                if not stuck:
                    found.append(piece)
                    continue
                rest = tuple(part for _, part in stuck)
                if len(stuck) < len(parts):
                    work.append((rest, piece))  # the others may have narrowed it enough
                else:
                    work.extend((rest, smaller) for smaller in reversed(self._split(min((s for s, _ in stuck), key=_cost), piece)))
            if len(found) + len(work) > PIECES:
                raise KernelError(f"more than {PIECES:,} progressions are out of reach")
        return found

    def _spend(self, amount: int) -> None:
        self.left -= amount
        if self.left < 0:
            raise KernelError(f"more than {PIECES:,} cases are out of reach")

    def _split(self, why: Stuck, piece: Piece) -> list[Piece]:
        modulus, residue, low, high = piece
        if why.place is not None:
            self._spend(1)
            return [Piece(modulus, residue, low, why.place), Piece(modulus, residue, why.place + 1, high)]
        points = None if low is None or high is None else high - low + 1
        if points is not None and (why.parts is None or points <= why.parts):
            self._spend(points)
            return [Piece(modulus, residue, t, t) for t in range(low, high + 1)]  # type: ignore[arg-type, operator]
        if why.parts is None:
            raise KernelError(f"{self.unknown.name} stands in a divisor or a product of floors and has no bound")
        self._spend(why.parts)
        return [refined for j in range(why.parts) if (refined := _refine(piece, why.parts, j))]

    def _part(self, proposition: Proposition, piece: Piece) -> list[Piece]:
        kind = type(proposition)
        if kind is Or:
            return [found for part in proposition.args for found in self.solve(part, piece)]
        if kind is In:
            term, members = proposition.args
            return [found for part in members.parts for found in self.solve(_between(term, part), piece)]
        if kind is Le or kind is Lt or kind is Eq:
            left, right = (self.value(term, piece) for term in proposition.args)
            if left == right:
                return [] if kind is Lt else [piece]
            p, m = _sum([right, _negative(left)])
            if kind is Lt:
                p = add(p, (-m,))
            runs = nonnegative(p, *piece[2:])
            if kind is Eq:
                high = add(scale(p, -1), (m - 1,))
                runs = [run for found in runs for run in nonnegative(high, *found)]
            return [Piece(piece.modulus, piece.residue, *run) for run in runs]
        if kind is Divides or kind is Congruent:
            return self._multiples(proposition, piece)
        raise KernelError(f"{kind.__name__} is not decided here")

    def _multiples(self, proposition: Proposition, piece: Piece) -> list[Piece]:
        """Where a number divides a term: one congruence for t, if the term is a line there."""
        values = [self.value(term, piece) for term in proposition.args]
        if type(proposition) is Congruent:
            values = [values[2], _sum([values[0], _negative(values[1])])]
        divisor = abs(_constant(values[0]))
        p = _whole(values[1])
        if divisor == 0:
            runs = [run for found in nonnegative(p, *piece[2:]) for run in nonnegative(scale(p, -1), *found)]
            return [Piece(piece.modulus, piece.residue, *run) for run in runs]
        constant, slope = p[0], (p[1] if len(p) > 1 else 0)
        if any(a % divisor for a in p[2:]):
            raise Stuck(divisor // gcd(divisor, *p[1:]))
        common = gcd(slope, divisor)
        if constant % common:
            return []
        period = divisor // common
        if period == 1:
            return [piece]
        refined = _refine(piece, period, -(constant // common) * pow(slope // common, -1, period) % period)
        return [refined] if refined else []


def _parts(proposition: Proposition) -> tuple[Proposition, ...]:
    """What a conjunction of conjunctions asks, in order."""
    found: dict[Proposition, None] = {}
    stack: list[Proposition] = [proposition]
    while stack:
        part = stack.pop()
        if type(part) is And:
            stack.extend(reversed(part.args))
        else:
            found[part] = None
    return tuple(found)


def _inside(piece: Piece, other: Piece) -> bool:
    """Whether all x of a piece are x of the other one."""
    if piece.modulus % other.modulus or (piece.residue - other.residue) % other.modulus:
        return False
    start, stop = ends(piece)
    first, last = ends(other)
    return (first is None or (start is not None and start >= first)) and (last is None or (stop is not None and stop <= last))


def _cost(why: Stuck) -> tuple[int, int]:
    return (0, 0) if why.place is not None else (1, why.parts) if why.parts is not None else (2, 0)


def _refine(piece: Piece, parts: int, j: int) -> Piece | None:
    """The piece at t = parts·t' + j."""
    modulus, residue, low, high = piece
    low = None if low is None else -((j - low) // parts)
    high = None if high is None else (high - j) // parts
    if low is not None and high is not None and low > high:
        return None
    return Piece(modulus * parts, residue + modulus * j, low, high)


def _between(term: Term, part: tuple[int, int, int | None, int | None]) -> And:
    residue, modulus, minimum, maximum = part
    parts: list[Proposition] = []
    if minimum is not None:
        parts.append(Le(integer(minimum), term))
    if maximum is not None:
        parts.append(Le(term, integer(maximum)))
    if modulus > 1:
        parts.append(Congruent(term, integer(residue), integer(modulus)))
    return And(*parts)


def decide(
    proposition: Proposition,
    unknown: Symbol,
    values: Mapping[Symbol, int],
    low: int | None,
    high: int | None,
) -> IntegerSet:
    """All ``unknown`` between the ends at which the proposition holds, the other symbols having these ``values``.

    >>> W = Symbol("W")
    >>> print(decide(Eq((W - 5) // 4 + 1, W - W + 10), W, {}, 1, None))
    {41, 42, 43, 44}
    """
    if low is not None and high is not None and low > high:
        return IntegerSet(())
    return union(Deciding(unknown, values).solve(proposition, Piece(1, 0, low, high)))
