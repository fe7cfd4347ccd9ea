"""Narrowing of one piece by the conditions of a question, recorded as nodes of the certificate."""

from __future__ import annotations

from typing import Protocol

from symnet.kernel.certificate import At, No, Only
from symnet.search.certificate_tree import CertificateTree, Part, Work
from symnet.search.pieces import Piece, refined

__all__ = ["Cuts", "Narrowing", "Verdicts"]


class Narrowing(Exception):  # not an error: it ends the evaluation of a condition
    """The condition fails outside a part of the piece: outside t = low..high, or outside one residue class of t."""

    def __init__(self, low: int | None, high: int | None, modulus: int = 1, residue: int = 0):
        super().__init__(low, high, modulus, residue)
        self.low, self.high, self.modulus, self.residue = low, high, modulus, residue


class Verdicts(Protocol):
    """What the cuts need of the search: its certificate tree and its conditions by number."""

    tree: CertificateTree
    whole: dict[int, Part]
    careful: bool  # whether the part that a cut leaves out is decided again

    def fails(self, part: Part, piece: Piece) -> bool:
        """Whether the kernel's interval arithmetic shows that a condition fails everywhere on a piece."""


class Cuts:
    """The cuts of one piece. If the last condition that cuts on a side also rules out what earlier cuts on that side
    did, the earlier ones are dropped.
    """

    def __init__(self, deciding: Verdicts, node: int, piece: Piece, work: list[Work]) -> None:
        self.deciding, self.node, self.work = deciding, node, work
        self.piece = self.outer = piece  # ``outer`` is the piece that belongs to the current node
        self.below: list[tuple[Part, int]] = []  # conditions that cut from below, and the first t they leave
        self.above: list[tuple[Part, int]] = []  # conditions that cut from above, and the last t they leave

    def cut(self, part: Part, found: Narrowing) -> Piece:
        """The piece after a cut by the condition ``part``."""
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
        """Writes the pending cuts as nodes; returns the node for the piece that is left."""
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
