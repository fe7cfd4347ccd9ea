"""Enumerating the values of all unknowns but the last, and deciding the set of the last one each time.

A condition or term in the first few unknowns only is evaluated as soon as these have values, before the inner unknowns
are enumerated: a condition that fails rules out everything inside, and a term is a number from there on. Results are
memoised by the values of their unknowns. A condition that cannot be evaluated early (it divides by 0) is left to the
end, where another condition may have failed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from symnet.errors import KernelError
from symnet.kernel.certificate import At, Certificate, Each, No, Run, Yes
from symnet.search.certificate_tree import Part
from symnet.search.deciding import PIECES, Deciding, numbered
from symnet.search.floored import Floor
from symnet.search.memo import OutOfReach
from symnet.search.narrowing import must_be_false, must_be_true, narrowed
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.intervals import Interval
from symnet.terms.node import Node, children_first
from symnet.terms.propositions import And, Proposition
from symnet.terms.term import Symbol, Term

__all__ = ["enumerate_outer"]

Point = tuple[int, ...]


class _Early(NamedTuple):
    """A condition or a term in the unknowns with these indices, with a memo of its value for each choice of their
    values (``None``: it has none).
    """

    node: Node
    places: tuple[int, ...]
    known: dict[Point, Floor | bool | None]


class _Level(NamedTuple):
    """One enumerated unknown: conditions and terms that become decidable when it gets a value, the remaining
    proposition (``asked``), and that proposition's node count (``size``).
    """

    unknown: Symbol
    conditions: list[_Early]
    terms: list[_Early]
    asked: Proposition
    size: int


def enumerate_outer(
    question: Proposition,
    outer: Sequence[Symbol],
    last: Symbol,
    box: Mapping[Node, Interval],
    *,
    careful: bool = False,
) -> tuple[list[tuple[Point, IntegerSet]], Certificate]:
    """The values of the outer unknowns within the box, in order, for which all conditions hold for some value of the
    last unknown, each with the set of these values; and the certificate.

    >>> from symnet.terms.propositions import Eq
    >>> from symnet.terms.term import integer
    >>> x, y = Symbol("x"), Symbol("y")
    >>> rows, _ = enumerate_outer(Eq(x * y, integer(6)), [x], y, {x: (1, 4), y: (1, None)})
    >>> [(point, str(members)) for point, members in rows]
    [((1,), '{6}'), ((2,), '{3}'), ((3,), '{2}')]
    """
    return _Trying(question, outer, Deciding(last, careful=careful), box).run()


class _Trying:
    """One enumeration. The certificate is built along with it, from the outermost unknown to the innermost."""

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
        # conditions that would be decidable early, but divide by 0 for the current values
        self.undefined: dict[Proposition, None] = {}
        self.left = PIECES

    def run(self) -> tuple[list[tuple[Point, IntegerSet]], Certificate]:
        """Enumerates everything; outer unknowns vary slowest."""
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
        """The certificate for everything inside these values of the first unknowns; ``None`` if a frame was pushed
        that enumerates the next unknown.
        """
        if values:  # the values before the last one are set already
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
        """The leaf that names a condition refuted by intervals on a box."""
        parts = level.asked.args if isinstance(level.asked, And) else (level.asked,)
        return No(next((self.numbers[part] for part in parts if must_be_false(part, box)), 0))


class _Frame:
    """The values of one unknown that remain to be enumerated, and the certificates of those that are done."""

    def __init__(
        self, point: Point, following: deque[int], below: Certificate | None, above: Certificate | None
    ) -> None:
        self.point, self.following, self.below, self.above = point, following, below, above
        self.next = self.first = following[0]
        self.runs: list[Run] = []

    def add(self, inside: Certificate) -> None:
        """Adds the certificate for the next value; equal refutations in a row share a run."""
        value, self.next = self.next, self.next + 1
        if self.runs and type(inside) is No and self.runs[-1].inside == inside:
            self.runs[-1] = self.runs[-1]._replace(last=value)
        else:
            self.runs.append(Run(value, value, inside))

    def certificate(self) -> Certificate:
        """The certificate for all values, including those that intervals rule out at either end."""
        tree: Certificate = Each(tuple(self.runs))
        if self.above is not None:
            tree = At(self.next - 1, tree, self.above)
        return tree if self.below is None else At(self.first - 1, self.below, tree)


def _levels(parts: Sequence[Proposition], outer: Sequence[Symbol]) -> list[_Level]:
    """When each condition, and the largest terms of the other conditions that leave out an unknown, can be evaluated."""
    bits: dict[Node, int] = {symbol: 1 << index for index, symbol in enumerate(outer)}
    every = (1 << len(outer)) - 1
    # the unknowns in each node as a bit set; the bit after the outer ones is the last unknown
    for node in children_first(*parts):
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
        size = sum(len(children_first(part)) for part in still)  # interval arithmetic evaluates each part by itself
        levels.append(_Level(symbol, conditions[index], terms[index], And(*still), size))
    return levels


def _place(node: Node, bits: int, found: list[list[_Early]]) -> None:
    """Assigns a node to the innermost of its unknowns; a node without any is evaluated at the end."""
    places = tuple(index for index in range(bits.bit_length()) if bits >> index & 1)
    if places:
        found[places[-1]].append(_Early(node, places, {}))


def _failing(
    deciding: Deciding, level: _Level, values: Point, undefined: dict[Proposition, None]
) -> Proposition | None:
    """Evaluates what becomes decidable with these values; returns the first condition that fails."""
    for term, _, _ in level.terms:  # drop the numbers for the previous value
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
