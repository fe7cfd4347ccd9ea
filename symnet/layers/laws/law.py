"""Laws: how one axis changes its size. A law is a theorem with symbols; a layer puts its values in.

A convention (explicit padding, SAME, causal, …) is one law, stated once, proven once by kernel rules, and instantiated
by every layer that follows it. Propagation, closed forms, receptive fields and solving only ever see laws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple, TypeAlias, TypeVar

from symnet.kernel.derived.floors import affine_floor
from symnet.kernel.rules import chain, instantiate, polynomial_identity
from symnet.kernel.theorem import Theorem
from symnet.printing.text import text
from symnet.terms.node import Node, children_first
from symnet.terms.polynomial import normal_form, subtract
from symnet.terms.propositions import Divides, Eq, Le, Proposition
from symnet.terms.term import FloorDiv, Int, Product, Sum, Symbol, Term, Windows, integer, substitute
from symnet.terms.worked_out import plus, times

__all__ = ["AxisMap", "Exactness", "Field", "Law", "Refusal", "Spread", "Way", "in_order", "scaling_parts"]

Q = TypeVar("Q", bound=Node)

#: So many choices of values are kept of a law.
KEPT = 1024

#: ``S ∣ gap`` or ``entries ≤ reach``: holds when nothing is dropped (see :func:`symnet.layers.laws.exactness.drops`).
Exactness: TypeAlias = Divides | Le

#: Says in words what would make a layer fit: given the input size and the law's values, or None.
Refusal = Callable[[Term, dict[Symbol, Term]], str]


@dataclass(frozen=True)
class Field:
    """What one output entry sees of its input: a window of ``size``, ``stride`` apart, over an input that is padded with
    ``padding`` before the start and ``beyond`` after the end (the same unless given).
    """

    size: Term
    stride: Term
    padding: Term
    beyond: Term | None = None
    #: from one tap of the window to the next; 1 unless given
    apart: Term = integer(1)
    #: ``stride`` input entries for so many output entries: more than 1 where entries were added (transposed, upsampled)
    per: Term = integer(1)
    #: where ``padding`` is that of sizes which the strides divide (SAME on a symbol): the padding before the start of any size
    exact: Term | None = None
    #: what ``padding`` rests on, where it is that of such sizes only and ``exact`` is not known
    asks: tuple[Proposition, ...] = ()

    @property
    def shown_padding(self) -> Term:
        """Padding before the start, of any size where that is known."""
        return self.padding if self.exact is None else self.exact

    @property
    def after(self) -> Term:
        """Padding after the end; as before the start unless given."""
        return self.padding if self.beyond is None else self.beyond

    @property
    def around(self) -> Term:
        """Padding before and after together."""
        return times(integer(2), self.padding) if self.padding is self.after else plus(self.padding, self.after)


@dataclass(frozen=True)
class Spread:
    """Where one input entry goes in a transposed layer: entry i to ``i·stride − padding + t·apart``, 0 ≤ t < ``taps``."""

    taps: Term
    stride: Term
    padding: Term = integer(0)
    apart: Term = integer(1)


class Way(NamedTuple):
    """Another derivation of a law: what is proven, and what that says of the layer."""

    theorem: Theorem
    meaning: str


@dataclass(frozen=True)
class Law:
    """``theorem``: conditions ⊢ size = formula, in ``symbols``, of which the first is the input size."""

    name: str
    symbols: tuple[Symbol, ...]
    theorem: Theorem
    source: str
    #: conditions ⊢ size = ⌊(W + a)/m⌋, where the law is floor-affine
    affine: Theorem | None = None
    #: conditions ⊢ size = s·W + b, where it is that
    scaling: Theorem | None = None
    #: holds when no input entry is dropped; ``None`` where none ever is
    exact: Exactness | None = None
    field: Field | None = None
    #: padding before the start of an input of just this size, where it depends on the size
    placing: Term | None = None
    remedy: Refusal | None = None
    #: why the formula is so, in a sentence or two in the law's own letters
    reason: str = ""
    #: other derivations of the same size, proven when they are told
    ways: Callable[[], tuple[Way, ...]] | None = None

    def conditions(self) -> tuple[Proposition, ...]:
        """What the law asks of its values, in a fixed order."""
        return in_order(self.theorem.hypotheses)

    @cached_property
    def plain(self) -> bool:
        """Whether the size by definition is a count of windows in a length without floor, minimum or maximum, or a scaling:
        a question about it can be decided before any formula.
        """
        size, _ = _sides(self.theorem)
        simple = isinstance(size, Windows) and all(
            isinstance(node, Sum | Product | Symbol | Int) for node in children_first(*size.args)
        )
        return simple or self.scaling is not None

    def would_fit(self, size: Term, values: dict[Symbol, Term]) -> str:
        """In words, what would make a layer fit that does not."""
        return self.remedy(size, values) if self.remedy else ""

    def at(self, *values: Term, spread: Spread | None = None) -> AxisMap:
        """The law with values for all symbols but the input size. Layers with the same values share it, and what is worked
        out on it."""
        found = self._maps.get((values, spread))
        if found is None:
            if len(self._maps) >= KEPT:
                self._maps.clear()
            found = self._maps[values, spread] = AxisMap(self, values, spread)
        return found

    @cached_property
    def _maps(self) -> dict[tuple[tuple[Term, ...], Spread | None], AxisMap]:
        return {}


@dataclass(frozen=True)
class AxisMap:
    """A law with a layer's values: a map from input size to output size. ``spread`` says which output entries an input
    entry goes to, where the layer adds entries between.
    """

    law: Law
    values: tuple[Term, ...]
    spread: Spread | None = None

    def assignment(self, size: Term) -> dict[Symbol, Term]:
        """Symbol by symbol, with ``size`` for the input."""
        return dict(zip(self.law.symbols, (size, *self.values), strict=True))

    def _at(self, node: Q, size: Term) -> Q:
        return substitute(node, self.assignment(size))  # type: ignore[arg-type]

    def size(self, size: Term) -> Term:
        """What the output size is by definition: a count, before any formula."""
        return self._at(_sides(self.law.theorem)[0], size)

    def formula(self, size: Term) -> Term:
        """The formula with the values in place, nothing evaluated."""
        return self._at(_sides(self.law.theorem)[1], size)

    def conditions(self, size: Term) -> tuple[Proposition, ...]:
        """What must hold for the formula to be the size."""
        return tuple(self._at(condition, size) for condition in self.law.conditions())

    def exact(self, size: Term) -> Exactness | None:
        """Holds when no input entry is dropped; ``None`` where the law never drops any."""
        return None if self.law.exact is None else self._at(self.law.exact, size)

    def prove(self, size: Term) -> Theorem:
        """conditions ⊢ size = formula."""
        return self._instance(self.law.theorem, size)

    def prove_affine(self, size: Term) -> Theorem:
        """conditions ⊢ size = ⌊(x + a)/m⌋; only where :attr:`offset` is not ``None``."""
        if self.law.affine is not None:
            return self._instance(self.law.affine, size)
        scaled = self.prove_scaling(size)  # by 1: a shift
        whole = _sides(scaled)[1]
        return chain(scaled, polynomial_identity(whole, FloorDiv(Sum(size, whole.args[1]), integer(1))))

    def prove_scaling(self, size: Term) -> Theorem:
        """conditions ⊢ size = s·x + b; only where the law is that."""
        if self.law.scaling is None:
            raise ValueError(f"the law {self.law.name!r} is not a scaling")
        return self._instance(self.law.scaling, size)

    def _instance(self, theorem: Theorem, size: Term) -> Theorem:
        return instantiate(theorem, self.law.symbols, (size, *self.values))

    @cached_property
    def offset(self) -> tuple[Term, Term] | None:
        """(a, m) of ``x ↦ ⌊(x + a)/m⌋``, numbers worked out; ``None`` where the map is not of this form."""
        if self.law.affine is None:
            return (self.scaling[1], self.scaling[0]) if self.scaling and self.scaling[0].constant == 1 else None
        _, _, offset, divisor = affine_floor(self.law.affine, "offset")
        return self._number(offset), self._number(divisor)

    @cached_property
    def scaling(self) -> tuple[Term, Term] | None:
        """(s, b) of ``x ↦ s·x + b``, numbers worked out; ``None`` where the map is not of this form."""
        if self.law.scaling is None:
            return None
        _, (factor, shift) = scaling_parts(self.law.scaling)
        return self._number(factor), self._number(shift)

    @cached_property
    def least(self) -> int | None:
        """The least input size that satisfies the conditions, where they are lower bounds by numbers; else ``None``."""
        hole = self.law.symbols[0]
        bounds = [1]
        for condition in self.conditions(hole):
            if not isinstance(condition, Le):
                return None
            gap = subtract(normal_form(condition.args[1]), normal_form(condition.args[0]))
            needed, slope = -gap.pop((), 0), gap.pop(((hole, 1),), 0)
            if gap or slope < 0 or (slope == 0 and needed > 0):
                return None
            if slope:
                bounds.append(-(-needed // slope))
        return max(bounds)

    @cached_property
    def field(self) -> Field | None:
        """Size, stride and padding of the window, with the layer's values."""
        field = self.law.field
        if field is None:
            return None
        size, stride, padding = map(self._number, (field.size, field.stride, field.padding))
        return Field(size, stride, padding, self._number(field.after), self._number(field.apart))

    def field_on(self, size: Term) -> Field | None:
        """The same on an input of ``size``: where that is a number, it says how SAME divides its padding."""
        field, placing = self.field, self.law.placing
        if field is None or placing is None or size.constant is None:
            return field
        padding = self._at(placing, size)
        if padding.constant is None or field.around.constant is None:
            return field
        after = integer(field.around.constant - padding.constant)
        return replace(field, padding=integer(padding.constant), beyond=after)

    def _number(self, term: Term) -> Term:
        put = self._at(term, self.law.symbols[0])
        if put.constant is None and isinstance(put, Sum):  # no padding: 2·0 is left out
            parts = [part for part in put.args if part.constant != 0]
            put = Sum(*parts) if len(parts) > 1 else parts[0]
        return put if put.constant is None else integer(put.constant)


def in_order(propositions: Iterable[Proposition]) -> tuple[Proposition, ...]:
    """Propositions, short ones first: an order that is the same in every run."""
    found = tuple(propositions)
    return found if len(found) < 2 else tuple(sorted(found, key=lambda one: (len(text(one)), text(one))))


def scaling_parts(theorem: Theorem) -> tuple[Term, tuple[Term, Term]]:
    """(y, (s, b)) of a theorem ``y = s·W + b`` with ``s·W + b`` a sum of exactly two parts, the first a product."""
    match theorem.conclusion:
        case Eq(args=(size, Sum(args=(Product(args=(factor, Symbol())), shift)))):
            return size, (factor, shift)
    raise ValueError(f"not of the form y = s*W + b: {theorem!r}")


def _sides(theorem: Theorem) -> tuple[Term, Term]:
    conclusion = theorem.conclusion
    if not isinstance(conclusion, Eq):
        raise ValueError(f"a law states an equality, not {conclusion!r}")
    return conclusion.args
