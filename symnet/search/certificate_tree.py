"""The tree of a certificate while the search builds it, and the leaves where the question is solved."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from math import gcd, inf
from typing import NamedTuple

from symnet.kernel.certificate import At, Certificate, Each, Mod, No, Only, Run, Yes
from symnet.search.pieces import Piece, common, ends, inside, refined
from symnet.terms.integer_sets import Progression
from symnet.terms.listed_sets import has
from symnet.terms.propositions import Proposition

__all__ = ["CertificateTree", "Part", "Parts", "Work"]


class Part(NamedTuple):
    """A condition, or what is left of it, and its number in the question."""

    proposition: Proposition
    number: int


Parts = tuple[Part, ...]


class Work(NamedTuple):
    """A piece on which ``parts`` remain to be decided; ``node`` is the index of its node in the tree."""

    node: int
    parts: Parts
    piece: Piece


class CertificateTree:
    """The nodes of the tree, the root first; a node refers to its children by index."""

    def __init__(self) -> None:
        self.nodes: list[tuple[object, ...]] = []
        # pieces on which all conditions hold, with the index of their node, or −1 if it has none
        self.solved: list[tuple[int, Piece]] = []
        self.tried: list[tuple[int, Piece]] = []  # finite pieces whose points were decided one by one

    def new(self) -> int:
        self.nodes.append(())
        return len(self.nodes) - 1

    def _certificate(self) -> Certificate:
        """The nodes as nested certificate objects; children come after their parents in the list."""
        certificates: list[Certificate] = [Yes()] * len(self.nodes)
        for index in range(len(self.nodes) - 1, -1, -1):
            certificates[index] = _node(self.nodes[index], certificates)
        return certificates[0]

    def agreeing(self, members: tuple[Progression, ...], step: Callable[[int], None]) -> Certificate:
        """The certificate for the answer ``members``: solved pieces are split until each lies in one progression of
        the answer. ``step`` counts the work.
        """
        near = _Near(members)
        for node, piece in self.solved:
            if node >= 0:
                self._agree(node, piece, near.to(piece), step)
        for node, piece in self.tried:
            self._agree_on_points(node, piece, members)
        return self._certificate()

    def _agree(self, node: int, piece: Piece, members: tuple[Progression, ...], step: Callable[[int], None]) -> None:
        """Splits one solved piece until each part lies in one progression of the answer."""
        todo = [(node, piece, members)]
        while todo:
            node, piece, members = todo.pop()
            if any(inside(piece, *part) for part in members):
                self.nodes[node] = (Yes,)
                continue
            step(1)
            meeting = [(part, piece_of) for part in members if (piece_of := common(piece, part)) is not None]
            here = tuple(part for part, _ in meeting)
            _, shared = meeting[len(meeting) // 2]
            low, high = ends(shared)
            modulus, residue = piece.modulus, piece.residue
            place = None
            if low is not None and (piece.low is None or low > modulus * piece.low + residue):
                place = (low - residue) // modulus - 1
            elif high is not None and (piece.high is None or high < modulus * piece.high + residue):
                place = (high - residue) // modulus
            if place is not None:
                below, above = self.new(), self.new()
                self.nodes[node] = (At, place, below, above)
                todo += [(below, piece._replace(high=place), here), (above, piece._replace(low=place + 1), here)]
                continue
            k = shared.modulus // modulus
            branches, near = [self.new() for _ in range(k)], _Near(here)
            step(k)
            self.nodes[node] = (Mod, k, branches)
            for j, branch in enumerate(branches):
                smaller = refined(piece, k, j)
                if smaller is None:
                    self.nodes[branch] = (Yes,)
                else:
                    todo.append((branch, smaller, near.to(smaller)))

    def _agree_on_points(self, node: int, piece: Piece, members: tuple[Progression, ...]) -> None:
        """Splits the runs of single points at the ends of the answer's progressions."""
        met = [(part, found) for part in members if (found := common(piece, part)) is not None]
        single = {(ends(found)[0] or 0): found for _, found in met if found.low == found.high}
        longer = [(part, found) for part, found in met if found.low != found.high]
        runs: list[tuple[int, int, int]] = []
        for first, last, child in self.nodes[node][1]:  # type: ignore[attr-defined]
            while first < last and self.nodes[child] == (Yes,):
                x = piece.modulus * first + piece.residue
                found = single.get(x) or next(found for part, found in longer if has(part, x))
                alike = found.modulus == piece.modulus and found.high is not None
                until = min(last, found.high if alike and found.high is not None else first)
                runs.append((first, until, child))
                first = until + 1
            if first <= last:
                runs.append((first, last, child))
        self.nodes[node] = (Each, runs)


class _Near:
    """Finds the progressions of an answer that may meet a piece."""

    def __init__(self, members: tuple[Progression, ...]) -> None:
        self.classes: dict[int, dict[int, list[Progression]]] = {}
        self.intervals = sorted(
            (part for part in members if part.modulus == 1),
            key=lambda part: -inf if part.minimum is None else part.minimum,
        )
        self.ends = [inf if part.maximum is None else part.maximum for part in self.intervals]
        for part in members:
            if part.modulus > 1:
                self.classes.setdefault(part.modulus, {}).setdefault(part.residue, []).append(part)

    def to(self, piece: Piece) -> tuple[Progression, ...]:
        """The progressions that may meet a piece."""
        start, stop = ends(piece)
        near: list[Progression] = []
        for part in self.intervals[0 if start is None else bisect_left(self.ends, start) :]:
            if stop is not None and part.minimum is not None and part.minimum > stop:
                break
            near.append(part)
        for modulus, by_residue in self.classes.items():
            shared = gcd(modulus, piece.modulus)
            for residue in range(piece.residue % shared, modulus, shared):
                near += by_residue.get(residue, ())
        return tuple(near)


def _node(made_of: tuple[object, ...], made: list[Certificate]) -> Certificate:
    match made_of:
        case (kind, int(place), int(below), int(above)) if kind is At:
            return At(place, made[below], made[above])
        case (kind, int(part)) if kind is No:
            return No(part)
        case (kind, int(modulus), list(branches)) if kind is Mod:
            return Mod(modulus, tuple([made[branch] for branch in branches]))
        case (kind, int(modulus), int(residue), int(part), int(inner)) if kind is Only:
            return Only(modulus, residue, part, made[inner])
        case (kind, list(runs)) if kind is Each:
            return Each(tuple([Run(first, last, made[inner]) for first, last, inner in runs]))
    return Yes()
