"""Laws: how one axis changes its size. A law is a theorem with symbols, which a layer instantiates with its values.

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

#: The number of instances cached for each law.
MAPS_PER_LAW = 1024

#: ``S ∣ gap`` or ``entries ≤ reach``: holds if and only if nothing is dropped
#: (:func:`symnet.layers.laws.exactness.drops`).
Exactness: TypeAlias = Divides | Le

#: From the input size and the law's values: what would make a layer fit, in words ("" if nothing simple would).
Refusal = Callable[[Term, dict[Symbol, Term]], str]


@dataclass(frozen=True)
class Field:
    """The input entries that one output entry depends on: a window of ``size`` every ``stride`` entries, on an input
    with ``padding`` before the start and ``beyond`` after the end (``None``: as before).
    """

    size: Term
    stride: Term
    padding: Term
    beyond: Term | None = None
    #: the dilation: the distance from one tap of the window to the next
    apart: Term = integer(1)
    #: the number of output entries for ``stride`` input entries: more than 1 if entries were inserted (transposed,
    #: upsampled)
    per: Term = integer(1)
    #: padding before the start for every input size, if ``padding`` only holds for sizes that the strides divide (SAME
    #: on a symbol)
    exact: Term | None = None
    #: the hypotheses of ``padding``, if it only holds for some sizes and ``exact`` is unknown
    asks: tuple[Proposition, ...] = ()

    @property
    def shown_padding(self) -> Term:
        """Padding before the start: for every size if known, else for the sizes that ``asks`` describes."""
        return self.padding if self.exact is None else self.exact

    @property
    def after(self) -> Term:
        """Padding after the end."""
        return self.padding if self.beyond is None else self.beyond

    @property
    def around(self) -> Term:
        """Padding before and after together."""
        return times(integer(2), self.padding) if self.padding is self.after else plus(self.padding, self.after)


@dataclass(frozen=True)
class Spread:
    """The output entries that one input entry contributes to in a transposed layer: entry i to ``i·stride − padding +
    t·apart`` for 0 ≤ t < ``taps``.
    """

    taps: Term
    stride: Term
    padding: Term = integer(0)
    apart: Term = integer(1)


class Way(NamedTuple):
    """Another derivation of a law's size: the theorem, and its meaning for the layer in words."""

    theorem: Theorem
    meaning: str


@dataclass(frozen=True, eq=False)
class Law:
    """``theorem`` is conditions ⊢ size = formula, in ``symbols``, of which the first is the input size."""

    name: str
    symbols: tuple[Symbol, ...]
    theorem: Theorem
    source: str
    #: conditions ⊢ size = ⌊(W + a)/m⌋, if the law is floor-affine
    affine: Theorem | None = None
    #: conditions ⊢ size = s·W + b, if the law is affine
    scaling: Theorem | None = None
    #: holds if and only if no input entry is dropped; ``None`` if none ever is
    exact: Exactness | None = None
    field: Field | None = None
    #: padding before the start as a function of the input size, if it depends on it
    placing: Term | None = None
    remedy: Refusal | None = None
    #: why the formula is so, in a sentence or two with the law's own letters
    reason: str = ""
    #: makes the other derivations of the same size, proven only when they are shown
    ways: Callable[[], tuple[Way, ...]] | None = None

    def conditions(self) -> tuple[Proposition, ...]:
        """The hypotheses of the theorem, in an order that is the same in every run."""
        return in_order(self.theorem.hypotheses)

    @cached_property
    def plain(self) -> bool:
        """Whether a question about the size can be decided on its definition, before any formula: it counts windows in
        a length without floor, minimum or maximum, or the law is affine.
        """
        size, _ = _sides(self.theorem)
        simple = isinstance(size, Windows) and all(
            isinstance(node, Sum | Product | Symbol | Int) for node in children_first(*size.args)
        )
        return simple or self.scaling is not None

    def would_fit(self, size: Term, values: dict[Symbol, Term]) -> str:
        """What would make a layer fit that does not, in words; "" if nothing simple would."""
        return self.remedy(size, values) if self.remedy else ""

    def at(self, *values: Term, spread: Spread | None = None) -> AxisMap:
        """The law with values for all symbols but the input size. Memoised: equal values return the same
        :class:`AxisMap`, so its cached properties are shared.
        """
        map_ = self._maps.get((values, spread))
        if map_ is None:
            if len(self._maps) >= MAPS_PER_LAW:
                self._maps.clear()
            map_ = self._maps[values, spread] = AxisMap(self, values, spread)
        return map_

    @cached_property
    def _maps(self) -> dict[tuple[tuple[Term, ...], Spread | None], AxisMap]:
        return {}


@dataclass(frozen=True)
class AxisMap:
    """A law with a layer's values: a map from input size to output size. ``spread`` says which output entries an input
    entry contributes to, if the layer inserts entries.
    """

    law: Law
    values: tuple[Term, ...]
    spread: Spread | None = None

    def assignment(self, size: Term) -> dict[Symbol, Term]:
        """The value of each symbol, with ``size`` for the input size."""
        return dict(zip(self.law.symbols, (size, *self.values), strict=True))

    def _at(self, node: Q, size: Term) -> Q:
        return substitute(node, self.assignment(size))  # type: ignore[arg-type]

    def size(self, size: Term) -> Term:
        """The definition of the output size: a window count, before any formula."""
        return self._at(_sides(self.law.theorem)[0], size)

    def formula(self, size: Term) -> Term:
        """The formula with the values substituted and nothing evaluated."""
        return self._at(_sides(self.law.theorem)[1], size)

    def conditions(self, size: Term) -> tuple[Proposition, ...]:
        """The conditions under which the formula is the size."""
        return tuple(self._at(condition, size) for condition in self.law.conditions())

    def exact(self, size: Term) -> Exactness | None:
        """The condition that no input entry is dropped; ``None`` if the law never drops any."""
        return None if self.law.exact is None else self._at(self.law.exact, size)

    def prove(self, size: Term) -> Theorem:
        """conditions ⊢ size = formula."""
        return self._instance(self.law.theorem, size)

    def prove_affine(self, size: Term) -> Theorem:
        """conditions ⊢ size = ⌊(x + a)/m⌋. Only if :attr:`offset` is not ``None``."""
        if self.law.affine is not None:
            return self._instance(self.law.affine, size)
        scaled = self.prove_scaling(size)  # a shift by a constant, which is a floor with divisor 1
        whole = _sides(scaled)[1]
        return chain(scaled, polynomial_identity(whole, FloorDiv(Sum(size, whole.args[1]), integer(1))))

    def prove_scaling(self, size: Term) -> Theorem:
        """conditions ⊢ size = s·x + b. Raises ``ValueError`` if the law is not affine."""
        if self.law.scaling is None:
            raise ValueError(f"the law {self.law.name!r} is not a scaling")
        return self._instance(self.law.scaling, size)

    def _instance(self, theorem: Theorem, size: Term) -> Theorem:
        return instantiate(theorem, self.law.symbols, (size, *self.values))

    @cached_property
    def offset(self) -> tuple[Term, Term] | None:
        """(a, m) of ``x ↦ ⌊(x + a)/m⌋``, with numbers evaluated; ``None`` if the map has another form."""
        if self.law.affine is None:
            return (self.scaling[1], self.scaling[0]) if self.scaling and self.scaling[0].constant == 1 else None
        _, _, offset, divisor = affine_floor(self.law.affine, "offset")
        return self._number(offset), self._number(divisor)

    @cached_property
    def scaling(self) -> tuple[Term, Term] | None:
        """(s, b) of ``x ↦ s·x + b``, with numbers evaluated; ``None`` if the map has another form."""
        if self.law.scaling is None:
            return None
        _, (factor, shift) = scaling_parts(self.law.scaling)
        return self._number(factor), self._number(shift)

    @cached_property
    def least(self) -> int | None:
        """The least input size that satisfies the conditions; ``None`` if they are not all numeric lower bounds on it."""
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
        """:attr:`field` for an input of ``size``: if this is a number, with the numbers of entries that SAME adds
        before and after.
        """
        field, placing = self.field, self.law.placing
        if field is None or placing is None or size.constant is None:
            return field
        padding = self._at(placing, size)
        if padding.constant is None or field.around.constant is None:
            return field
        after = integer(field.around.constant - padding.constant)
        return replace(field, padding=integer(padding.constant), beyond=after)

    def _number(self, term: Term) -> Term:
        value = self._at(term, self.law.symbols[0])
        if value.constant is None and isinstance(value, Sum):  # drop summands that are 0, such as 2·0 without padding
            parts = [part for part in value.args if part.constant != 0]
            value = Sum(*parts) if len(parts) > 1 else parts[0]
        return value if value.constant is None else integer(value.constant)


def in_order(propositions: Iterable[Proposition]) -> tuple[Proposition, ...]:
    """Propositions sorted by length and text, so that their order is the same in every run."""
    listed = tuple(propositions)
    return listed if len(listed) < 2 else tuple(sorted(listed, key=lambda one: (len(text(one)), text(one))))


def scaling_parts(theorem: Theorem) -> tuple[Term, tuple[Term, Term]]:
    """(y, (s, b)) of a theorem ``y = s·W + b`` whose right side is a sum of exactly a product and b."""
    match theorem.conclusion:
        case Eq(args=(size, Sum(args=(Product(args=(factor, Symbol())), shift)))):
            return size, (factor, shift)
    raise ValueError(f"not of the form y = s*W + b: {theorem!r}")


def _sides(theorem: Theorem) -> tuple[Term, Term]:
    conclusion = theorem.conclusion
    if not isinstance(conclusion, Eq):
        raise ValueError(f"a law states an equality, not {conclusion!r}")
    return conclusion.args
