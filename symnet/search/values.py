"""The values of terms and propositions on a piece ``x = modulus·t + residue`` of one integer x; all other symbols are
fixed numbers.

A term becomes ⌊p(t)/m⌋ with an integer polynomial p and an integer m ≥ 1 (:mod:`symnet.search.floored`), and
comparisons reduce to ``⌊p/m⌋ ≥ 0 ⇔ p ≥ 0``. Counts have these formulas:

    Windows(L, F, D, S) = ⌊(L − E)/S⌋ + 1 where E ≤ L, else 0, with E = D·(F − 1) + 1 and F, D, S ≥ 1, S a number
    Entries(d₁, …, dₙ)  = d₁·…·dₙ where every dᵢ ≥ 0, else 0

Whatever has no such form on the piece raises :class:`Stuck`, which proposes a split. This file does not search. The kernel's
checker works all of this out once more for itself (:mod:`symnet.kernel.primitive.tree`), because it believes nothing of what is said
here: what has no form there is refused, and nothing is proposed.
"""

from __future__ import annotations

from math import gcd

from symnet.errors import KernelError
from symnet.kernel.polynomials import Coefficients, add, scale, shown_nonnegative
from symnet.search.floored import (
    ONE,
    ZERO,
    Floor,
    Stuck,
    constant_of,
    divided,
    multiplied,
    negated,
    remainder,
    shifted,
    subtracted,
    summed,
    whole,
)
from symnet.search.pieces import Piece
from symnet.terms.integer_sets import Progression
from symnet.terms.intervals import BITS
from symnet.terms.node import Node
from symnet.terms.propositions import And, Congruent, Divides, Eq, In, Le, Lt, Or, Proposition
from symnet.terms.term import (
    CeilDiv,
    Entries,
    FloorDiv,
    Max,
    Min,
    Mod,
    Power,
    Product,
    Sum,
    Term,
    Windows,
    integer,
)

__all__ = ["Values", "in_progression"]


class Values:
    """Evaluates terms and propositions on a piece. Subclasses define the values of symbols, and may memoise."""

    def value(self, term: Term, piece: Piece) -> Floor:
        """The value of ``term`` on ``piece``; raises :class:`Stuck` if it has none."""
        raise NotImplementedError

    def node(self, node: Node, values: list[Floor], piece: Piece) -> Floor:
        """The value of a node other than a symbol from the values of its children."""
        kind = type(node)
        if kind is Sum:
            return summed(values)
        if kind is Product:
            return multiplied(values)
        if kind is FloorDiv:
            return divided(*values)
        if kind is Entries:
            return multiplied(values) if all(self.at_most(ZERO, value, piece) for value in values) else ZERO
        if kind is Windows:
            return self._windows(values, piece)
        if kind is Power:
            if max(map(int.bit_length, values[0].p)) * node.args[1] > BITS:
                raise KernelError(f"a power of more than {BITS:,} bits is out of reach")
            return multiplied(values * node.args[1])
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
        raise Stuck

    def _windows(self, values: list[Floor], piece: Piece) -> Floor:
        """⌊(L − D·(F − 1) − 1)/S⌋ + 1 windows if the kernel fits, else none."""
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
        """Whether ``left ≤ right`` everywhere on the piece; false means nowhere. Raises :class:`Stuck` if only on a
        part of it.
        """
        if len(left.p) == len(right.p) == 1:
            return left.p[0] <= right.p[0]
        return self.nonnegative((right if left is ZERO else subtracted(right, left)).p, piece)

    def nonnegative(self, p: Coefficients, piece: Piece) -> bool:
        """Whether ``p(t) ≥ 0`` everywhere on the piece; false means nowhere. Raises :class:`Stuck` if only on a part
        of it.
        """
        shown = shown_nonnegative(p, piece.low, piece.high)
        if shown is None:
            raise Stuck(sign=p)
        return shown

    def holds(self, proposition: Proposition, piece: Piece) -> bool:
        """Whether a proposition holds everywhere on the piece; false means nowhere. Raises :class:`Stuck` if only on a
        part of it.
        """
        kind = type(proposition)
        if kind is And or kind is Or:
            return self._joined(proposition.args, kind is Or, piece)
        if kind is In:
            term, members = proposition.args
            return self._joined(tuple([in_progression(term, part) for part in members.parts]), True, piece)
        if kind is Le or kind is Lt or kind is Eq:
            left, right = self.value(proposition.args[0], piece), self.value(proposition.args[1], piece)
            if left == right:
                return kind is not Lt
            p, m = subtracted(right, left)
            if kind is Le:
                return self.nonnegative(p, piece)
            if kind is Lt:
                return self.nonnegative(add(p, (-m,)), piece)
            return self._both(p, add(scale(p, -1), (m - 1,)), piece)
        if kind is Divides or kind is Congruent:
            divisor, p = self.divided(proposition, piece)
            if divisor == 0:
                return self._both(p, scale(p, -1), piece)
            period, j = _period(divisor, p)
            if period > 1:
                raise Stuck(period, residue=j)
            return j == 0
        raise KernelError(f"{kind.__name__} is not decided here")

    def divided(self, proposition: Proposition, piece: Piece) -> tuple[int, Coefficients]:
        """The divisor and the dividend of a condition of divisibility or congruence."""
        values = [self.value(term, piece) for term in proposition.args]
        if type(proposition) is Congruent:
            values = [values[2], subtracted(values[0], values[1])]
        return abs(constant_of(values[0])), whole(values[1])

    def _both(self, one: Coefficients, two: Coefficients, piece: Piece) -> bool:
        """Whether both polynomials are at least 0 everywhere; false if one of them is negative everywhere."""
        try:
            first = self.nonnegative(one, piece)
        except Stuck:
            if not self.nonnegative(two, piece):
                return False
            raise
        return first and self.nonnegative(two, piece)

    def _joined(self, parts: tuple[Proposition, ...], settles: bool, piece: Piece) -> bool:
        """The value of a conjunction (``settles`` is false) or a disjunction (``settles`` is true): one part with the
        value ``settles`` decides it.
        """
        stuck: Stuck | None = None
        for part in parts:
            try:
                if self.holds(part, piece) is settles:
                    return settles
            except Stuck as why:
                stuck = why if stuck is None or why.cost < stuck.cost else stuck
        if stuck is not None:
            raise stuck
        return not settles

    def only(self, proposition: Proposition, piece: Piece, modulus: int, j: int) -> bool:
        """Whether the proposition fails at every t of the piece outside of t = modulus·t' + j."""
        kind = type(proposition)
        if kind is And:
            return any(self._only_or_false(part, piece, modulus, j) for part in proposition.args)
        if kind is Or:
            return all(self._only_or_false(part, piece, modulus, j) for part in proposition.args)
        if kind is In:
            term, members = proposition.args
            return all(self._only_or_false(in_progression(term, part), piece, modulus, j) for part in members.parts)
        if kind is Divides or kind is Congruent:
            divisor, p = self.divided(proposition, piece)
            if divisor == 0:
                return False
            period, residue = _period(divisor, p)
            return period % modulus == 0 and (residue - j) % modulus == 0
        return False

    def _only_or_false(self, proposition: Proposition, piece: Piece, modulus: int, j: int) -> bool:
        try:
            if not self.holds(proposition, piece):
                return True
        except Stuck:
            pass
        try:
            return self.only(proposition, piece, modulus, j)
        except Stuck:
            return False


def _period(divisor: int, p: Coefficients) -> tuple[int, int]:
    """``(k, j)``: the divisor divides the linear p(t) exactly for t = k·t' + j; ``(1, 0)`` means everywhere, ``(1,
    1)`` nowhere.
    """
    if any(a % divisor for a in p[2:]):
        raise Stuck(divisor // gcd(divisor, *p[1:]))
    constant, slope = p[0], (p[1] if len(p) > 1 else 0)
    shared = gcd(slope, divisor)
    if constant % shared:
        return 1, 1
    period = divisor // shared
    return period, -(constant // shared) * pow(slope // shared, -1, period) % period


def in_progression(term: Term, part: Progression) -> Proposition:
    """The proposition that a term lies in a progression."""
    residue, modulus, minimum, maximum = part
    parts: list[Proposition] = []
    if minimum is not None:
        parts.append(Le(integer(minimum), term))
    if maximum is not None:
        parts.append(Le(term, integer(maximum)))
    if modulus > 1:
        parts.append(Congruent(term, integer(residue), integer(modulus)))
    return parts[0] if len(parts) == 1 else And(*parts)
