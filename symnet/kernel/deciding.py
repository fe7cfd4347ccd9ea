"""Deciding a proposition about one integer x, exactly: the set of all x for which it holds.

x is followed on progressions ``x = modulus·t + residue`` with t between two ends. There every term is ⌊p(t)/m⌋ for an
integer polynomial p and a number m ≥ 1 (:mod:`symnet.kernel.valued`), and a comparison needs no more than
``⌊p/m⌋ ≥ 0 ⇔ p ≥ 0``. What cannot be written so (a product of floors, a maximum, a divisor with x in it) is decided
after the progression is split: in k progressions, at a place, or in its points if they are finitely many. Parts of a
conjunction that need a split wait for the others, which may make it unnecessary.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import gcd

from symnet.errors import KernelError
from symnet.kernel.floored import Floor, Stuck, constant_of, subtracted, whole
from symnet.kernel.intervals import Interval, turning
from symnet.kernel.pieces import Piece, between, ends, refined
from symnet.kernel.polynomials import add, scale
from symnet.kernel.unions import spread, union
from symnet.kernel.valued import ANYWHERE, Values
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.node import Node
from symnet.terms.propositions import And, Congruent, Divides, Eq, In, Le, Lt, Or, Proposition
from symnet.terms.term import Symbol, Term, integer

__all__ = ["PIECES", "Deciding", "decide", "parts_of"]

#: A question that splits into more progressions, or asks for more points, is out of reach.
PIECES = 200_000

#: A split in so many progressions is spared where intervals decide.
LARGE = 64

#: After so many rounds of splits, and with so many progressions, it is foreseen how many there will be in the end.
ROUNDS, GROWN = 4, 1_000

#: What is still to hold, and where.
_Work = tuple[tuple[Proposition, ...], Piece]
#: Why that cannot be decided before a split.
_Split = tuple[Stuck, tuple[Proposition, ...], Piece]


class Deciding(Values):
    """Questions about one unknown, one after the other, for what is fixed when they are asked; the work is that of all of them."""

    def __init__(self, unknown: Symbol) -> None:
        super().__init__(unknown)
        self.left = PIECES

    def decide(self, parts: tuple[Proposition, ...], low: int | None, high: int | None) -> IntegerSet:
        """All values of the unknown between the ends at which all parts hold, for the numbers that are fixed now."""
        self.left = PIECES
        self.forget()
        found = self.solve(parts, Piece(1, 0, low, high))
        if len(found) > 1:
            self.step(spread(found))
        return union(found)

    def holds(self, part: Proposition) -> bool:
        """Whether a proposition about the other letters holds."""
        self.forget()
        return bool(self._part(part, ANYWHERE))

    def solve(self, parts: tuple[Proposition, ...], piece: Piece) -> list[Piece]:
        """What of ``piece`` makes all parts true; pieces may overlap."""
        found: list[Piece] = []
        work: list[_Work] = [(parts, piece)]
        splits: list[_Split] = []
        rounds = 0
        while work or splits:
            if not work:  # all that must be split is known before any of it is
                rounds += 1
                grown = rounds > ROUNDS and len(splits) > GROWN
                if sum(map(_foreseen if grown else _price, splits)) > self.left:
                    raise KernelError(f"more than {PIECES:,} cases are out of reach")
                for why, parts, piece in reversed(splits):
                    work.extend((parts, smaller) for smaller in reversed(self._split(why, piece)))
                splits = []
            parts, piece = work.pop()
            self.step(1)
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
                elif not self._turned(stuck, piece, work):
                    splits.append((min((s for s, _ in stuck), key=_cost), rest, piece))
            if len(found) + len(work) + len(splits) > PIECES:
                raise KernelError(f"more than {PIECES:,} progressions are out of reach")
        return found

    def _turned(self, stuck: list[tuple[Stuck, Proposition]], piece: Piece, work: list[_Work]) -> bool:
        """Spare a large split: intervals may show where one of the comparisons turns from true to false."""
        if any(why.parts is None or why.parts < LARGE for why, _ in stuck):
            return False
        box: dict[Node, Interval] = {node: (value.p[0], value.p[0]) for node, value in self.fixed.items()}
        box[self.unknown] = ends(piece)
        for _, part in stuck:
            runs = turning(part, box, self.unknown)
            if runs is not None:
                rest = tuple(other for _, other in stuck if other is not part)
                work.extend((rest, smaller) for run in runs if (smaller := between(piece, *run)))
                return True
        return False

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
        return [part for j in range(why.parts) if (part := refined(piece, why.parts, j))]

    def _part(self, proposition: Proposition, piece: Piece) -> list[Piece]:
        kind = type(proposition)
        if kind is Or:
            return [found for part in proposition.args for found in self.solve(parts_of(part), piece)]
        if kind is In:
            term, members = proposition.args
            return [found for part in members.parts for found in self.solve(_in_progression(term, part), piece)]
        if kind is Le or kind is Lt or kind is Eq:
            left, right = self.value(proposition.args[0], piece), self.value(proposition.args[1], piece)
            if left == right:
                return [] if kind is Lt else [piece]
            p, m = subtracted(right, left)
            if kind is Lt:
                p = add(p, (-m,))
            runs = self.runs(p, piece[2:])
            if kind is Eq:
                high = add(scale(p, -1), (m - 1,))
                runs = [run for found in runs for run in self.runs(high, found)]
            if runs == [piece[2:]]:
                return [piece]
            return [Piece(piece.modulus, piece.residue, *run) for run in runs]
        if kind is Divides or kind is Congruent:
            return self._multiples(proposition, piece)
        raise KernelError(f"{kind.__name__} is not decided here")

    def _multiples(self, proposition: Proposition, piece: Piece) -> list[Piece]:
        """Where a number divides a term: one congruence for t, if the term is a line there."""
        values = [self.value(term, piece) for term in proposition.args]
        if type(proposition) is Congruent:
            values = [values[2], subtracted(values[0], values[1])]
        divisor = abs(constant_of(values[0]))
        p = whole(values[1])
        if divisor == 0:
            runs = [run for found in self.runs(p, piece[2:]) for run in self.runs(scale(p, -1), found)]
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
        part = refined(piece, period, -(constant // common) * pow(slope // common, -1, period) % period)
        return [part] if part else []


def parts_of(proposition: Proposition) -> tuple[Proposition, ...]:
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


def _price(split: _Split) -> int:
    """How many pieces a split makes, as far as that is known."""
    why, _, piece = split
    points = None if piece.low is None or piece.high is None else piece.high - piece.low + 1
    return 1 if why.place is not None else min((part for part in (points, why.parts) if part is not None), default=0)


def _foreseen(split: _Split) -> int:
    """The same where every part that waits needs such a split of its own, as those before did."""
    price, waiting = _price(split), min(len(split[1]), LARGE)
    return sum(price**index for index in range(1, waiting + 1)) if price == split[0].parts else price


def _cost(why: Stuck) -> tuple[int, int]:
    return (0, 0) if why.place is not None else (1, why.parts) if why.parts is not None else (2, 0)


def _in_progression(term: Term, part: tuple[int, int, int | None, int | None]) -> tuple[Proposition, ...]:
    residue, modulus, minimum, maximum = part
    parts: list[Proposition] = []
    if minimum is not None:
        parts.append(Le(integer(minimum), term))
    if maximum is not None:
        parts.append(Le(term, integer(maximum)))
    if modulus > 1:
        parts.append(Congruent(term, integer(residue), integer(modulus)))
    return tuple(parts)


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
    deciding = Deciding(unknown)
    deciding.fixed.update((symbol, Floor((value,), 1)) for symbol, value in values.items())
    return deciding.decide(parts_of(proposition), low, high)
