"""Values of terms on pieces, kept from piece to piece while a search goes on, and how much work is left."""

from __future__ import annotations

from symnet.errors import KernelError
from symnet.kernel.floored import Floor, floored
from symnet.kernel.pieces import Ends, Piece, ends, inside
from symnet.kernel.polynomials import Coefficients, compose
from symnet.kernel.values import Values
from symnet.search.roots import nonnegative
from symnet.terms.node import Node
from symnet.terms.term import Symbol, Term

__all__ = ["ANYWHERE", "STEPS", "OutOfReach", "Remembering"]

#: A question with more values of terms to work out is out of reach: some seconds of work, about 7 µs each.
STEPS = 300_000

#: Where x does not matter.
ANYWHERE = Piece(1, 0, None, None)


class OutOfReach(KernelError):
    """All the work that is worth while has been done, without an answer."""


class Remembering(Values):
    """What terms are on a piece. ``fixed`` holds numbers only: the other letters, and terms of them that are worked out already."""

    def __init__(self, unknown: Symbol) -> None:
        self.unknown = unknown
        self.fixed: dict[Node, Floor] = {}
        self.steps = STEPS
        self._memory: dict[Node, tuple[Floor, Piece]] = {}

    def forget(self) -> None:
        """What was found depends on what is fixed: to be called where that changes."""
        self._memory = {}

    def step(self, amount: int) -> None:
        """Spend so many steps."""
        self.steps -= amount
        if self.steps < 0:
            raise OutOfReach(f"more than {STEPS:,} steps are out of reach")

    def number(self, term: Term) -> Floor:
        """What a term of the other letters comes to."""
        self.forget()
        return self.value(term, ANYWHERE)

    def value(self, term: Term, piece: Piece) -> Floor:
        """``term`` on ``piece``. What was found on a larger piece holds on it too, in the new t."""
        known = self.fixed.get(term) or self._recalled(term, piece)
        if known is not None:
            return known
        stack: list[Node] = [term]
        fixed = self.fixed
        while stack:
            node = stack[-1]
            values: list[Floor] = []
            for child in node.children:
                value = fixed.get(child) or self._recalled(child, piece)
                if value is None:
                    stack.append(child)
                else:
                    values.append(value)
            if stack[-1] is node:
                stack.pop()
                self.steps -= 1
                if self.steps < 0:
                    self.step(0)
                if type(node) is Symbol:
                    raise KernelError(f"{node.name} has no value here: every letter but one needs a number")
                known = self.node(node, values, piece)
                self._memory[node] = known, piece
        return known  # type: ignore[return-value]

    def _recalled(self, node: Node, piece: Piece) -> Floor | None:
        found = self._memory.get(node)
        if found is None:
            if node is self.unknown:
                modulus, residue, low, high = piece
                return Floor((modulus * low + residue,) if low is not None and low == high else (residue, modulus), 1)
            number = node.constant  # type: ignore[attr-defined]
            if number is None:
                return None
            value = self.fixed[node] = Floor((number,), 1)
            return value
        value, where = found
        if where is piece:
            return value
        start, stop = ends(where)
        if not inside(piece, where.residue, where.modulus, start, stop):
            return None
        if len(value.p) == 1:
            return value
        if piece.modulus % where.modulus:  # one point
            at = (piece.modulus * (piece.low or 0) + piece.residue - where.residue) // where.modulus
            inner: Coefficients = (at,)
        else:
            inner = ((piece.residue - where.residue) // where.modulus, piece.modulus // where.modulus)
            if piece.low is not None and piece.low == piece.high:
                inner = (inner[0] + inner[1] * piece.low,)
        value = floored(compose(value.p, inner), value.m)
        self._memory[node] = value, piece
        return value

    def runs(self, p: Coefficients, piece: Piece) -> list[Ends]:
        """Where ``p`` is at least 0 on the piece: more work for a higher degree."""
        if len(p) > 2:
            self.step(len(p) ** 2 // 2)
        return nonnegative(p, piece.low, piece.high)
