"""Values of terms on pieces, memoised from piece to piece during a search, and the step budget of the search."""

from __future__ import annotations

from symnet.errors import KernelError
from symnet.kernel.polynomials import Coefficients, compose
from symnet.search.floored import Floor, floored
from symnet.search.pieces import Ends, Piece, ends, inside
from symnet.search.roots import nonnegative
from symnet.search.values import Values
from symnet.terms.node import Node
from symnet.terms.term import Symbol, Term

__all__ = ["ANYWHERE", "STEPS", "MemoisedValues", "OutOfReach"]

#: A question that needs more evaluations of terms than this is refused: some seconds of work, about 7 µs each.
STEPS = 300_000

#: The piece for terms that do not contain the unknown.
ANYWHERE = Piece(1, 0, None, None)


class OutOfReach(KernelError):
    """The step budget is used up without an answer."""


class MemoisedValues(Values):
    """Evaluates terms on pieces with a memo. ``fixed`` holds the numbers of the other symbols, and of terms of them
    that are evaluated already.
    """

    def __init__(self, unknown: Symbol) -> None:
        self.unknown = unknown
        self.fixed: dict[Node, Floor] = {}
        self.steps = STEPS
        self._memory: dict[Node, tuple[Floor, Piece]] = {}

    def forget(self) -> None:
        """Clears the memo; call after changing ``fixed``."""
        self._memory = {}

    def step(self, amount: int) -> None:
        """Takes ``amount`` steps from the budget; raises :class:`OutOfReach` if it is used up."""
        self.steps -= amount
        if self.steps < 0:
            raise OutOfReach(f"more than {STEPS:,} steps are out of reach")

    def number(self, term: Term) -> Floor:
        """The value of a term in which all symbols are fixed."""
        self.forget()
        return self.value(term, ANYWHERE)

    def value(self, term: Term, piece: Piece) -> Floor:
        """``term`` as a floor ⌊p(t)/m⌋ on ``piece``. A memoised value on a larger piece is re-expressed in the new t."""
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
        if piece.modulus % where.modulus:  # the piece is a single point
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
        """The runs of t on which ``p`` is at least 0; costs more steps for a higher degree."""
        if len(p) > 2:
            self.step(len(p) ** 2 // 2)
        return nonnegative(p, piece.low, piece.high)
