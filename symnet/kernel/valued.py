"""Values of terms where one integer x runs through a progression ``x = modulus·t + residue`` and every other letter is a number.

Every term is ⌊p(t)/m⌋ for an integer polynomial p and a number m ≥ 1 (:mod:`symnet.kernel.floored`), or the progression is
to be split. Counts have their formulas there:

    Windows(L, F, D, S) = ⌊(L − E)/S⌋ + 1 where E ≤ L, else 0, with E = D·(F − 1) + 1 and F, D, S ≥ 1, S a number
    Entries(d₁, …, dₙ)  = d₁·…·dₙ where every dᵢ ≥ 0, else 0
"""

from __future__ import annotations

from symnet.errors import KernelError
from symnet.kernel.floored import (
    ONE,
    ZERO,
    Floor,
    Stuck,
    divided,
    floored,
    multiplied,
    negated,
    remainder,
    shifted,
    subtracted,
    summed,
)
from symnet.kernel.pieces import Ends, Piece, inside
from symnet.kernel.polynomials import Coefficients, compose, nonnegative
from symnet.terms.node import Node
from symnet.terms.term import (
    BITS,
    CeilDiv,
    Entries,
    FloorDiv,
    Max,
    Min,
    Mod,
    Power,
    Product,
    Sum,
    Symbol,
    Term,
    Windows,
)

__all__ = ["ANYWHERE", "STEPS", "OutOfReach", "Values"]

#: A question with more values of terms to work out is out of reach: some seconds of work, about 7 µs each.
STEPS = 300_000

#: Where x does not matter.
ANYWHERE = Piece(1, 0, None, None)


class OutOfReach(KernelError):
    """All the work that is worth while has been done, without an answer."""


class Values:
    """What terms are on a piece, and how much work is left. ``fixed`` holds numbers only: the other letters, and terms of
    them that are worked out already.
    """

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
                known = self._node(node, values, piece)
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
        if where is piece or (len(value.p) == 1 and inside(piece, where)):
            return value
        if not inside(piece, where):
            return None
        inner: Coefficients = ((piece.residue - where.residue) // where.modulus, piece.modulus // where.modulus)
        if piece.low is not None and piece.low == piece.high:
            inner = (inner[0] + inner[1] * piece.low,)
        value = floored(compose(value.p, inner), value.m)
        self._memory[node] = value, piece
        return value

    def _node(self, node: Node, values: list[Floor], piece: Piece) -> Floor:
        kind = type(node)
        if kind is Sum:
            return summed(values)
        if kind is Product:
            return multiplied(values)
        if kind is Entries:
            return multiplied(values) if all(self.at_most(ZERO, value, piece) for value in values) else ZERO
        if kind is Windows:
            return self._windows(values, piece)
        if kind is Power:
            if max(map(int.bit_length, values[0].p)) * node.args[1] > BITS:
                raise KernelError(f"a power of more than {BITS:,} bits is out of reach")
            return multiplied(values * node.args[1])
        if kind is FloorDiv:
            return divided(*values)
        if kind is CeilDiv:
            return negated(divided(negated(values[0]), values[1]))
        if kind is Mod:
            return remainder(*values)
        if kind is Min or kind is Max:
            best = values[0]
            for value in values[1:]:
                if self.at_most(best, value, piece) is (kind is Max):
                    best = value
            return best
        raise KernelError(f"{node!r} has no value here: every letter but one needs a number, and a count its formula")

    def _windows(self, values: list[Floor], piece: Piece) -> Floor:
        """⌊(L − D·(F − 1) − 1)/S⌋ + 1 windows where the kernel fits, none where it does not."""
        length, kernel, dilation, stride = values
        for value in (kernel, dilation, stride):
            if not (value.p[0] >= 1 if len(value.p) == 1 else self.at_most(ONE, value, piece)):
                raise KernelError("a kernel, a dilation or a stride is less than 1 at some value")
        reach = kernel if dilation == ONE else shifted(multiplied([dilation, shifted(kernel, -1)]), 1)
        spare = subtracted(length, reach)
        if not self.at_most(ZERO, spare, piece):
            return ZERO
        return shifted(divided(spare, stride), 1)

    def at_most(self, left: Floor, right: Floor, piece: Piece) -> bool:
        """Whether ``left ≤ right`` on the whole piece, or nowhere; else the piece is split."""
        if len(left.p) == len(right.p) == 1:
            return left.p[0] <= right.p[0]
        runs = self.runs((right if left is ZERO else subtracted(right, left)).p, piece[2:])
        if not runs:
            return False
        first, last = runs[0]
        if (first, last) == piece[2:]:
            return True
        if last is not None and last != piece.high:
            raise Stuck(place=last)
        raise Stuck(place=first - 1 if first is not None else None)

    def runs(self, p: Coefficients, ends: Ends) -> list[Ends]:
        """Where ``p`` is at least 0: more work for a higher degree."""
        if len(p) > 2:
            self.step(len(p) ** 2 // 2)
        return nonnegative(p, *ends)
