"""Deciding a proposition about one integer x: the set of all x for which it holds, and the certificate for it.

x runs over progressions ``x = modulus·t + residue`` with t between two ends (a :class:`Piece`). On a piece a term is
⌊p(t)/m⌋ with an integer polynomial p, as long as the divisors are numbers; so a comparison is a sign condition on a
polynomial, and its solutions in t are a few runs (:mod:`symnet.search.roots`). Conditions are applied one after the
other:

- a condition that holds only on one run of t cuts the piece to that run;
- a divisibility or congruence leaves one residue class of t;
- a term that is no such floor on the piece (a product of floors, a maximum, a divisor containing x) makes the
  condition wait. When all others are applied, the piece is split: into k progressions, at one t, or into single points
  if it is finite.

Splits may make each other unnecessary, so all of one round are collected before any is made, and the total work is
bounded (``PIECES`` and the steps of :mod:`symnet.search.memo`). Each step becomes a node of a tree
(:mod:`symnet.search.certificate_tree`), which the kernel checks; nothing here is trusted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from symnet.errors import KernelError
from symnet.kernel.certificate import At, Certificate, Each, Mod, No, Yes, parts_of
from symnet.kernel.polynomials import Coefficients
from symnet.search.certificate_tree import CertificateTree, Part, Parts, Work
from symnet.search.cuts import Cuts, Narrowing
from symnet.search.floored import Floor, Stuck, subtracted
from symnet.search.memo import ANYWHERE, MemoisedValues
from symnet.search.narrowing import must_be_false, turning
from symnet.search.pieces import Piece, ends, refined
from symnet.search.unions import spread, union
from symnet.search.values import in_progression
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.intervals import Interval
from symnet.terms.node import Node
from symnet.terms.propositions import And, Eq, In, Le, Lt, Or, Proposition
from symnet.terms.term import Symbol

__all__ = ["PIECES", "Deciding", "decide", "numbered"]

#: A question that needs more progressions or more points than this is refused.
PIECES = 200_000

#: Before a split into at least so many progressions, interval arithmetic is tried.
LARGE = 64

#: After so many rounds of splits with so many waiting pieces, the cost of a split is extrapolated to later rounds.
ROUNDS, GROWN = 4, 1_000


def numbered(proposition: Proposition) -> Parts:
    """The conditions of a question with the numbers by which certificates refer to them."""
    return tuple(Part(part, number) for number, part in enumerate(parts_of(proposition)))


class _Split(NamedTuple):
    """A piece whose conditions cannot be decided before a split, and the split that is needed."""

    why: Stuck
    work: Work


class Deciding(MemoisedValues):
    """Decides propositions in one unknown. ``fixed`` maps every other symbol to a number; set it before each call. The
    step budget is shared by all calls. With ``careful`` every cut is proven separately.
    """

    def __init__(self, unknown: Symbol, *, careful: bool = False) -> None:
        super().__init__(unknown)
        self.careful = careful
        self.left = PIECES
        self.whole: dict[int, Part] = {}  # the conditions by number
        self.tree = CertificateTree()

    def decide(self, parts: Parts, low: int | None, high: int | None) -> tuple[IntegerSet, Certificate]:
        """The set of all values of the unknown from ``low`` to ``high`` (``None``: unbounded) for which all parts
        hold, and its certificate. Raises :class:`KernelError` if that needs too many pieces or steps.
        """
        self.left = PIECES
        self.forget()
        self.whole = {part.number: part for part in parts}
        self.tree = CertificateTree()
        everything = Piece(1, 0, low, high)
        root = self.tree.new()
        if low is None and high is None:
            below, above = self.tree.new(), self.tree.new()
            self.tree.nodes[root] = (At, -1, below, above)
            self._solve([Work(above, parts, Piece(1, 0, 0, None)), Work(below, parts, Piece(1, 0, None, -1))])
        else:
            self._solve([Work(root, parts, everything)])
        found = [piece for _, piece in self.tree.solved]
        if len(found) > 1:
            self.step(spread(found))
        members = union(found)
        return members, self.tree.agreeing(members.parts, self.step)

    def anywhere(self, part: Proposition) -> bool:
        """Whether a proposition without the unknown holds for the fixed numbers."""
        self.forget()
        return self.holds(part, ANYWHERE)

    # ---- solving

    def _solve(self, work: list[Work]) -> None:
        """Solves all pieces of work; each becomes a node of the tree."""
        splits: list[_Split] = []
        rounds = 0
        while work or splits:
            if not work:  # splits are made only when all that are needed at this stage are known
                rounds += 1
                grown = rounds > ROUNDS and len(splits) > GROWN
                if sum(map(_foreseen if grown else _price, splits)) > self.left:
                    raise KernelError(f"more than {PIECES:,} cases are out of reach")
                for split in reversed(splits):
                    self._split(split, work)
                splits = []
                continue
            self.step(1)
            self._look(work.pop(), work, splits)
            if len(self.tree.solved) + len(work) + len(splits) > PIECES:
                raise KernelError(f"more than {PIECES:,} progressions are out of reach")

    def _look(self, asked: Work, work: list[Work], splits: list[_Split]) -> None:
        """Narrows one piece by its conditions as far as possible without a split."""
        node, parts, piece = asked
        stuck: list[tuple[Stuck, Part]] = []
        cuts = Cuts(self, node, piece, work)
        waiting = list(reversed(parts))
        count = len(waiting)
        while waiting:
            part = waiting.pop()
            try:
                verdict = self._part(part, piece, waiting)
            except Stuck as why:
                stuck.append((why, part))
                continue
            except Narrowing as found:
                piece = cuts.cut(part, found)
                if piece.low is not None and piece.high is not None and piece.low > piece.high:
                    self.tree.nodes[cuts.flush()] = (No, part.number)  # nothing of the piece is left
                    return
                if found.modulus == 1:
                    waiting.insert(0, part)  # the condition is decided again on the narrowed piece
                continue
            if verdict is False:
                self.tree.nodes[cuts.flush()] = (No, part.number)
                return
        node = cuts.flush()
        if not stuck:
            self.tree.nodes[node] = (Yes,)
            self.tree.solved.append((node, piece))
            return
        left = Work(node, tuple([part for _, part in stuck]), piece)
        if len(stuck) < count or piece is not asked.piece:
            work.append(left)  # decide the waiting conditions again, on the piece that the others have narrowed
        elif not self._turned(stuck, left, work):
            splits.append(_Split(min((why for why, _ in stuck), key=lambda why: why.cost), left))

    def _part(self, part: Part, piece: Piece, waiting: list[Part]) -> bool:
        """True if the condition holds on the whole piece, False if nowhere. Raises :class:`Narrowing` if it holds on a
        part, :class:`Stuck` if the piece must be split first. The parts of a conjunction are put on ``waiting``.
        """
        proposition, number = part
        kind = type(proposition)
        if kind is And:
            waiting += [Part(one, number) for one in reversed(parts_of(proposition))]
            return True
        if kind is In:
            term, members = proposition.args
            return self._any([in_progression(term, one) for one in members.parts], part, piece, waiting)
        if kind is Or:
            return self._any(proposition.args, part, piece, waiting)
        if kind is Le or kind is Lt or kind is Eq:
            return self._compared(proposition, piece)
        try:
            return self.holds(proposition, piece)
        except Stuck as why:
            if why.residue is None or why.parts is None:
                raise
            raise Narrowing(None, None, why.parts, why.residue) from None

    def _any(
        self, alternatives: tuple[Proposition, ...] | list[Proposition], part: Part, piece: Piece, waiting: list[Part]
    ) -> bool:
        """The verdict on a disjunction. If all alternatives but one fail, the remaining one is put on ``waiting``."""
        open_: list[Proposition] = []
        best: Stuck | None = None
        for one in alternatives:
            self.step(1)
            try:
                if self.holds(one, piece):
                    return True
            except Stuck as why:
                open_.append(one)
                best = why if best is None or why.cost < best.cost else best
        if not open_ or best is None:
            return False
        if len(open_) == 1:
            waiting.append(Part(open_[0], part.number))
            return True
        raise best

    def _compared(self, proposition: Proposition, piece: Piece) -> bool:
        """The verdict on a comparison; raises :class:`Narrowing` if it holds on a single run of t."""
        kind = type(proposition)
        left, right = self.value(proposition.args[0], piece), self.value(proposition.args[1], piece)
        if left == right:
            return kind is not Lt
        p, m = subtracted(right, left)
        if kind is Lt:
            p = (p[0] - m, *p[1:])
        runs = self.runs(p, piece)
        if kind is Eq:
            other = (m - 1 - p[0], *(-a for a in p[1:]))
            runs = [run for low, high in runs for run in self.runs(other, piece._replace(low=low, high=high))]
        if not runs:
            return self.holds(proposition, piece)
        if len(runs) > 1:
            low, high = runs[0]
            raise Stuck(place=high if low == piece.low and high is not None else (low or 0) - 1)
        if runs[0] == piece[2:]:
            return self.holds(proposition, piece)
        raise Narrowing(*runs[0])

    def fails(self, part: Part, piece: Piece) -> bool:
        """Whether the kernel sees that a condition fails everywhere on a piece."""
        asked = self.whole[part.number].proposition
        box: dict[Node, Interval] = {node: (value.p[0], value.p[0]) for node, value in self.fixed.items()}
        box[self.unknown] = ends(piece)
        if must_be_false(asked, box):
            return True
        # a second evaluator, because the memo of the current pieces does not apply there
        beside = MemoisedValues(self.unknown)
        beside.fixed, beside.steps = self.fixed, self.steps
        try:
            return not beside.holds(asked, piece)
        except Stuck:
            return False
        finally:
            self.steps = beside.steps

    def nonnegative(self, p: Coefficients, piece: Piece) -> bool:
        """As in the kernel; if the sign changes, raises :class:`Stuck` with the t at which to split."""
        try:
            return super().nonnegative(p, piece)
        except Stuck:
            runs = self.runs(p, piece)
            low, high = piece.low, piece.high
            for first, last in runs:
                if last is not None and last != high:
                    raise Stuck(place=last) from None
                if first is not None and first != low:
                    raise Stuck(place=first - 1) from None
            raise Stuck(place=_middle(low, high)) from None

    # ---- splitting

    def _turned(self, stuck: list[tuple[Stuck, Part]], asked: Work, work: list[Work]) -> bool:
        """Avoids a large split: if interval arithmetic shows where a comparison changes from true to false, cuts there
        instead. Returns whether it did.
        """
        if any(why.parts is None or why.parts < LARGE for why, _ in stuck):
            return False
        piece = asked.piece
        box: dict[Node, Interval] = {node: (value.p[0], value.p[0]) for node, value in self.fixed.items()}
        box[self.unknown] = ends(piece)
        for _, part in stuck:
            runs = turning(part.proposition, box, self.unknown)
            if runs is None:
                continue
            rest = tuple(other for _, other in stuck if other is not part)
            node = asked.node
            if not runs:
                self.tree.nodes[node] = (No, part.number)
                return True
            [run] = runs
            for upper, end in ((False, run[0]), (True, run[1])):
                if end is None or end == ends(piece)[upper]:
                    continue
                place = (
                    (end - piece.residue) // piece.modulus if upper else -((piece.residue - end) // piece.modulus) - 1
                )
                beyond, kept = self.tree.new(), self.tree.new()
                self.tree.nodes[beyond] = (No, part.number)
                self.tree.nodes[node] = (At, place, kept, beyond) if upper else (At, place, beyond, kept)
                piece = piece._replace(high=place) if upper else piece._replace(low=place + 1)
                node = kept
            if piece.low is not None and piece.high is not None and piece.low > piece.high:
                self.tree.nodes[node] = (No, part.number)  # nothing of the piece is left
            else:
                work.append(Work(node, rest, piece))
            return True
        return False

    def _spend(self, amount: int) -> None:
        self.left -= amount
        if self.left < 0:
            raise KernelError(f"more than {PIECES:,} cases are out of reach")

    def _split(self, split: _Split, work: list[Work]) -> None:
        why, (node, parts, piece) = split
        if why.place is not None:
            self._spend(1)
            below, above = self.tree.new(), self.tree.new()
            self.tree.nodes[node] = (At, why.place, below, above)
            work.append(Work(above, parts, piece._replace(low=why.place + 1)))
            work.append(Work(below, parts, piece._replace(high=why.place)))
            return
        points = None if piece.low is None or piece.high is None else piece.high - piece.low + 1
        if points is not None and (why.parts is None or points <= why.parts):
            self._spend(points)
            self._tried(node, parts, piece)
            return
        if why.parts is None:
            raise KernelError(f"{self.unknown.name} stands in a divisor or a product of floors and has no bound")
        self._spend(why.parts)
        branches = [self.tree.new() for _ in range(why.parts)]
        self.tree.nodes[node] = (Mod, why.parts, branches)
        for j in range(why.parts - 1, -1, -1):
            smaller = refined(piece, why.parts, j)
            if smaller is None:
                self.tree.nodes[branches[j]] = (No, 0)
            else:
                work.append(Work(branches[j], parts, smaller))

    def _tried(self, node: int, parts: Parts, piece: Piece) -> None:
        """Decides every point of a finite piece by itself."""
        runs: list[list[int]] = []  # first and last t, and the number of the condition that fails, or −1 if all hold
        for t in range(piece.low or 0, (piece.high or 0) + 1):
            self.step(1)
            point = piece._replace(low=t, high=t)
            failing = next((part.number for part in parts if not self.holds(part.proposition, point)), -1)
            if runs and runs[-1][2] == failing:
                runs[-1][1] = t
            else:
                runs.append([t, t, failing])
        children = []
        for first, last, failing in runs:
            child = self.tree.new()
            children.append((first, last, child))
            self.tree.nodes[child] = (Yes,) if failing < 0 else (No, failing)
            if failing < 0:
                self.tree.solved.append((-1, piece._replace(low=first, high=last)))
        self.tree.nodes[node] = (Each, children)
        self.tree.tried.append((node, piece))


def _middle(low: int | None, high: int | None) -> int:
    """A t between the ends; if one end is open, a t farther from the other end each time."""
    if low is not None and high is not None:
        return (low + high) // 2
    return low + abs(low) + 8 if low is not None else -1 if high is None else high - abs(high) - 8


def _price(split: _Split) -> int:
    """The number of pieces that a split makes, as far as it is known."""
    why, piece = split.why, split.work.piece
    points = None if piece.low is None or piece.high is None else piece.high - piece.low + 1
    return 1 if why.place is not None else min((part for part in (points, why.parts) if part is not None), default=0)


def _foreseen(split: _Split) -> int:
    """Upper estimate of :func:`_price`, assuming that each waiting condition needs a split of the same size."""
    price, waiting = _price(split), min(len(split.work.parts), LARGE)
    return sum(price**index for index in range(1, waiting + 1)) if price == split.why.parts else price


def decide(
    proposition: Proposition,
    unknown: Symbol,
    values: Mapping[Symbol, int],
    low: int | None,
    high: int | None,
) -> IntegerSet:
    """All values of ``unknown`` from ``low`` to ``high`` for which the proposition holds, with these ``values`` for
    the other symbols.

    >>> W = Symbol("W")
    >>> print(decide(Eq((W - 5) // 4 + 1, W - W + 10), W, {}, 1, None))
    {41, 42, 43, 44}
    """
    if low is not None and high is not None and low > high:
        return IntegerSet(())
    deciding = Deciding(unknown)
    deciding.fixed.update((symbol, Floor((value,), 1)) for symbol, value in values.items())
    return deciding.decide(numbered(proposition), low, high)[0]
