"""How the conditions of a question narrow one piece, one after the other, as nodes of the certificate."""

from __future__ import annotations

from typing import Protocol

from symnet.kernel.certificate import At, No, Only
from symnet.kernel.pieces import Piece, refined
from symnet.search.growing import Growing, Part, Work

__all__ = ["Cuts", "Narrowing", "Verdicts"]


class Narrowing(Exception):  # it is no error either: it ends a look at a condition
    """A condition fails but on a part of the piece: between two places, or for one remainder."""

    def __init__(self, low: int | None, high: int | None, modulus: int = 1, residue: int = 0):
        super().__init__(low, high, modulus, residue)
        self.low, self.high, self.modulus, self.residue = low, high, modulus, residue


class Verdicts(Protocol):
    """What a search tells of its conditions, by number."""

    tree: Growing
    whole: dict[int, Part]
    careful: bool  # whether what a cut leaves out is looked at once more

    def fails(self, part: Part, piece: Piece) -> bool:
        """Whether the kernel sees that a condition fails everywhere on a piece."""


class Cuts:
    """The cuts of one piece. Where the last condition that cuts on a side says all that earlier ones said, they are left out."""

    def __init__(self, deciding: Verdicts, node: int, piece: Piece, work: list[Work]) -> None:
        self.deciding, self.node, self.work = deciding, node, work
        self.piece = self.outer = piece  # the outer one is that of the node
        self.below: list[tuple[Part, int]] = []  # what cuts, and the first place that it leaves
        self.above: list[tuple[Part, int]] = []  # the same from above: the last place

    def cut(self, part: Part, found: Narrowing) -> Piece:
        """The smaller piece."""
        if found.modulus > 1:
            node, piece = self.flush(), self.piece
            self.node = self.deciding.tree.new()
            self.deciding.tree.nodes[node] = (Only, found.modulus, found.residue, part.number, self.node)
            smaller = refined(piece, found.modulus, found.residue)
            self.piece = self.outer = smaller or Piece(piece.modulus * found.modulus, piece.residue, 0, -1)
            return self.piece
        if found.low is not None and found.low != self.piece.low:
            self.below.append((part, found.low))
            self.piece = self.piece._replace(low=found.low)
        if found.high is not None and found.high != self.piece.high:
            self.above.append((part, found.high))
            self.piece = self.piece._replace(high=found.high)
        return self.piece

    def flush(self) -> int:
        """Write what was cut; the node for what is left."""
        deciding = self.deciding
        if len(self.below) > 1 and deciding.fails(self.below[-1][0], self.outer._replace(high=self.below[-1][1] - 1)):
            del self.below[:-1]
        for part, low in self.below:
            self._write(low - 1, part, self.outer._replace(high=low - 1), upper=False)
            self.outer = self.outer._replace(low=low)
        if len(self.above) > 1 and deciding.fails(self.above[-1][0], self.outer._replace(low=self.above[-1][1] + 1)):
            del self.above[:-1]
        for part, high in self.above:
            self._write(high, part, self.outer._replace(low=high + 1), upper=True)
            self.outer = self.outer._replace(high=high)
        self.below, self.above = [], []
        return self.node

    def _write(self, place: int, part: Part, beyond: Piece, *, upper: bool) -> None:
        deciding = self.deciding
        other, kept = deciding.tree.new(), deciding.tree.new()
        deciding.tree.nodes[self.node] = (At, place, kept, other) if upper else (At, place, other, kept)
        self.node = kept
        if not deciding.careful or deciding.fails(part, beyond):
            deciding.tree.nodes[other] = (No, part.number)
        else:
            self.work.append(Work(other, (deciding.whole[part.number],), beyond))
