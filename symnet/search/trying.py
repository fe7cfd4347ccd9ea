"""Trying values of several unknowns, one inside the other, and deciding the set of the last one each time.

What speaks of the first few unknowns only is worked out as soon as these have their values, before those inside are tried:
a condition that fails there rules out everything inside, and a term is a number from there on. Numbers found are kept for
the same values of the same unknowns. Whatever fails to be worked out early is left to the end, where it may not matter.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from symnet.errors import KernelError
from symnet.kernel.certificate import At, Certificate, Each, No, Run, Yes
from symnet.kernel.floored import Floor
from symnet.kernel.intervals import Interval, must_be_false, must_be_true
from symnet.search.deciding import PIECES, Deciding, numbered
from symnet.search.growing import Part
from symnet.search.narrowing import narrowed
from symnet.search.remembering import OutOfReach
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.node import Node, children_first
from symnet.terms.propositions import And, Proposition
from symnet.terms.term import Symbol, Term

__all__ = ["tried"]

Point = tuple[int, ...]


class _Early(NamedTuple):
    """A condition or a term of the unknowns at these places, and what it has come to for their values."""

    node: Node
    places: tuple[int, ...]
    known: dict[Point, Floor | bool | None]


class _Level(NamedTuple):
    """One of the outer unknowns: what can be worked out once it has a value, and not before; and what is still asked
    before it has one, of how many nodes in all.
    """

    unknown: Symbol
    conditions: list[_Early]
    terms: list[_Early]
    asked: Proposition
    size: int


def tried(
    question: Proposition,
    outer: Sequence[Symbol],
    last: Symbol,
    box: Mapping[Node, Interval],
    *,
    careful: bool = False,
) -> tuple[list[tuple[Point, IntegerSet]], Certificate]:
    """The values of the outer unknowns within the box, in order, at which all parts hold for some value of the last one,
    and the set of these; and the certificate.

    >>> from symnet.terms.propositions import Eq
    >>> from symnet.terms.term import integer
    >>> x, y = Symbol("x"), Symbol("y")
    >>> rows, _ = tried(Eq(x * y, integer(6)), [x], y, {x: (1, 4), y: (1, None)})
    >>> [(point, str(members)) for point, members in rows]
    [((1,), '{6}'), ((2,), '{3}'), ((3,), '{2}')]
    """
    return _Trying(question, outer, Deciding(last, careful=careful), box).run()


class _Trying:
    """One search. The tree is written while it goes on: a node that is entered knows what it is made of, from the outermost
    unknown to the innermost.
    """

    def __init__(
        self, question: Proposition, outer: Sequence[Symbol], deciding: Deciding, box: Mapping[Node, Interval]
    ) -> None:
        every = numbered(question)
        self.asked = tuple(part for part in every if not must_be_true(part.proposition, box))
        self.outer, self.deciding, self.box = outer, deciding, box
        self.levels = _levels([part.proposition for part in self.asked], outer)
        self.numbers = {part.proposition: part.number for part in every}
        early = {one.node for level in self.levels for one in level.conditions}
        self.inside = tuple(part for part in self.asked if part.proposition not in early)
        self.undefined: dict[Proposition, None] = {}  # conditions that would be early, but divide by 0 here
        self.left = PIECES

    def run(self) -> tuple[list[tuple[Point, IntegerSet]], Certificate]:
        """Try everything, outer values first."""
        rows: list[tuple[Point, IntegerSet]] = []
        frames: list[_Frame] = []
        made = self._entered((), frames, rows)
        while frames:
            frame = frames[-1]
            if made is not None:
                frame.add(made)
            if frame.following:
                made = self._entered((*frame.point, frame.following.popleft()), frames, rows)
            else:
                frames.pop()
                made = frame.certificate()
        return rows, made or Yes()

    def _entered(self, values: Point, frames: list[_Frame], rows: list[tuple[Point, IntegerSet]]) -> Certificate | None:
        """The certificate for what is inside these values; ``None`` where there is a frame for it now."""
        if values:  # those before the last one are in force
            level = self.levels[len(values) - 1]
            self.deciding.fixed[level.unknown] = Floor((values[-1],), 1)
            failing = _failing(self.deciding, level, values, self.undefined)
            if failing is not None:
                return No(self.numbers[failing])
        if len(values) == len(self.outer):
            undefined = tuple(Part(part, self.numbers[part]) for part in self.undefined)
            members, certificate = self.deciding.decide((*self.inside, *undefined), *self.box[self.deciding.unknown])
            if members.parts:
                rows.append((values, members))
            return certificate
        level = self.levels[len(values)]
        here = dict(self.box)
        here.update((symbol, (value, value)) for symbol, value in zip(self.outer, values, strict=False))
        following = narrowed(level.asked, here, level.unknown)
        self.deciding.step(level.size)
        self.left -= following.stop - following.start
        if self.left < 0:
            raise KernelError(f"cases: more than {PIECES:,} cases are out of reach")
        low, high = self.box[level.unknown]
        below = above = None
        if low is not None and following.start > low:
            below = self._refuted(level, {**here, level.unknown: (low, following.start - 1)})
        if high is not None and following.stop <= high and len(following):
            above = self._refuted(level, {**here, level.unknown: (following.stop, high)})
        if not following:
            return self._refuted(level, {**here, level.unknown: (low, high)})
        frames.append(_Frame(values, deque(following), below, above))
        return None

    def _refuted(self, level: _Level, box: Mapping[Node, Interval]) -> Certificate:
        """Which condition intervals refute in a box."""
        parts = level.asked.args if isinstance(level.asked, And) else (level.asked,)
        return No(next((self.numbers[part] for part in parts if must_be_false(part, box)), 0))


class _Frame:
    """The values of one of the outer unknowns that are still to be tried, and the runs of those that were."""

    def __init__(
        self, point: Point, following: deque[int], below: Certificate | None, above: Certificate | None
    ) -> None:
        self.point, self.following, self.below, self.above = point, following, below, above
        self.next = self.first = following[0]
        self.runs: list[Run] = []

    def add(self, inside: Certificate) -> None:
        """The certificate for the next value; equal ones that follow each other are a run."""
        value, self.next = self.next, self.next + 1
        if self.runs and type(inside) is No and self.runs[-1].inside == inside:
            self.runs[-1] = self.runs[-1]._replace(last=value)
        else:
            self.runs.append(Run(value, value, inside))

    def certificate(self) -> Certificate:
        """All values, those that intervals rule out too."""
        tree: Certificate = Each(tuple(self.runs))
        if self.above is not None:
            tree = At(self.next - 1, tree, self.above)
        return tree if self.below is None else At(self.first - 1, self.below, tree)


def _levels(parts: Sequence[Proposition], outer: Sequence[Symbol]) -> list[_Level]:
    """What can be worked out when: parts of the conjunction, and the largest terms in the others that leave out an unknown."""
    bits: dict[Node, int] = {symbol: 1 << index for index, symbol in enumerate(outer)}
    every = (1 << len(outer)) - 1
    for node in children_first(*parts):  # which unknowns stand in it; the bit past the outer ones: the last one
        if node not in bits:
            bits[node] = every + 1 if isinstance(node, Symbol) else 0
            for child in node.children:
                bits[node] |= bits[child]
    conditions: list[list[_Early]] = [[] for _ in outer]
    terms: list[list[_Early]] = [[] for _ in outer]
    stack: list[Node] = []
    for part in parts:
        if bits[part] <= every:
            _place(part, bits[part], conditions)
        else:
            stack.append(part)
    seen: set[Node] = set()
    while stack:
        node = stack.pop()
        if node in seen or isinstance(node, Symbol):
            continue
        seen.add(node)
        if isinstance(node, Term) and bits[node] < every:
            _place(node, bits[node], terms)
        elif bits[node]:
            stack.extend(node.children)
    levels = []
    for index, symbol in enumerate(outer):
        still = [part for part in parts if bits[part] >> index]
        size = sum(len(children_first(part)) for part in still)  # intervals look at each part by itself
        levels.append(_Level(symbol, conditions[index], terms[index], And(*still), size))
    return levels


def _place(node: Node, bits: int, found: list[list[_Early]]) -> None:
    """Put a node to the innermost of its unknowns; what has none is found at the end."""
    places = tuple(index for index in range(bits.bit_length()) if bits >> index & 1)
    if places:
        found[places[-1]].append(_Early(node, places, {}))


def _failing(
    deciding: Deciding, level: _Level, values: Point, undefined: dict[Proposition, None]
) -> Proposition | None:
    """Work out what these values settle; the first condition that fails."""
    for term, _, _ in level.terms:  # what they were for the value before
        deciding.fixed.pop(term, None)
    for part, places, known in level.conditions:
        at = tuple([values[place] for place in places])
        if at not in known:
            known[at] = _worked_out(deciding, part)
        if known[at] is False:
            return part  # type: ignore[return-value]
        if known[at] is None:
            undefined[part] = None  # type: ignore[index]
        else:
            undefined.pop(part, None)  # type: ignore[call-overload]
    for term, places, known in level.terms:
        at = tuple([values[place] for place in places])
        if at not in known:
            known[at] = _worked_out(deciding, term)
        number = known[at]
        if isinstance(number, Floor):
            deciding.fixed[term] = number
    return None


def _worked_out(deciding: Deciding, node: Node) -> Floor | bool | None:
    try:
        return deciding.number(node) if isinstance(node, Term) else deciding.anywhere(node)  # type: ignore[arg-type]
    except OutOfReach:
        raise
    except KernelError:  # it divides by 0, perhaps where another condition fails
        return None
