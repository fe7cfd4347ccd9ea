"""The conditions of layers on the sizes of their inputs, as where branches meet, decided for all sizes of the network's input.

A condition on closed forms holds for every input, for none, or for a set such as a residue class, which then is a hypothesis of
the network.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import Protocol

from symnet.errors import LayerError, SymnetError
from symnet.kernel.rules import assume, both, chain, cut, flip, modus_ponens, polynomial_identity, replace, sign
from symnet.kernel.theorem import Theorem
from symnet.layers.declaration.axes import quotient
from symnet.layers.declaration.base import Applied, Condition, Layer
from symnet.layers.declaration.shape import Shape
from symnet.layers.kinds.merges import Elementwise
from symnet.layers.kinds.products import MatMul
from symnet.network.closed_forms import Axis
from symnet.printing.sets import membership
from symnet.printing.text import unicode_text
from symnet.search.cases import cases
from symnet.search.equal_products import factor_by_factor
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.polynomial import Monomial, from_polynomial, normal_form, subtract
from symnet.terms.propositions import And, Divides, Eq, In, Le, Proposition
from symnet.terms.term import Product, Symbol, Term, integer, symbols_of

#: Stands in an equation for the side to replace.
HOLE = Symbol("x", None)

__all__ = [
    "Tensor", "agreement", "conditions_on_closed_forms", "decided", "holds_always", "in_general", "large_enough",
    "may_be_one", "members", "never", "settle", "without_common_factor",
]  # fmt: skip


class Tensor(Protocol):
    """The parts of an input that are needed here: its shape and the closed forms of its axes."""

    @property
    def output(self) -> Shape: ...

    @property
    def axes(self) -> tuple[Axis, ...]: ...


def in_general(layer: Layer, inputs: Sequence[Tensor]) -> Applied | None:
    """The layer applied to the closed forms of its inputs; ``None`` if it works on the given numbers only. In a join with ``stretch``,
    a size that is 1 for the given numbers and stretches to another stays 1, under the condition that its closed form is 1; so does a
    size of the input that is given as 1.
    """
    ones = _stretching(layer, inputs)
    try:
        applied = layer.apply(tuple(_closed(tensor, ones.get(number, ())) for number, tensor in enumerate(inputs)))
    except LayerError:
        return None
    conditions = (
        Condition(Eq(_closed(inputs[number]).dims[index], integer(1)), f"{layer.kind} stretches a size that is 1")
        for number, indices in ones.items()
        for index in indices
    )
    return applied._replace(conditions=(*applied.conditions, *conditions))


def _stretching(layer: Layer, inputs: Sequence[Tensor]) -> dict[int, list[int]]:
    """The sizes that are 1 for the given numbers alone, and stretch to another: their indices, by the number of the input. Without
    ``stretch`` they are sizes of the network's input that are given as 1.
    """
    if not isinstance(layer, Elementwise | MatMul):
        return {}
    ones: dict[int, list[int]] = {}
    shapes = [tensor.output for tensor in inputs]
    lead = min(len(shape.dims) for shape in shapes) - (2 if isinstance(layer, MatMul) else 0)
    for index in range(lead):
        if all(shape.dims[index].constant == 1 for shape in shapes):
            continue
        for number, tensor in enumerate(inputs):
            closed = _closed(tensor).dims[index]
            given = any(closed is axis.form.base for axis in tensor.axes)
            anywhere = isinstance(layer, Elementwise) and layer.stretch
            if tensor.output.dims[index].constant == 1 and closed.constant != 1 and (given or anywhere):
                ones.setdefault(number, []).append(index)
    return ones


def _closed(tensor: Tensor, ones: Collection[int] = ()) -> Shape:
    """The shape of a tensor with closed forms for its sizes, but for those at the indices ``ones``."""
    shape = tensor.output
    if not tensor.axes:
        return shape
    indices = zip(shape.axis_indices, tensor.axes, strict=True)
    return shape.resized(tuple(axis.size if index in ones else axis.form.term for index, axis in indices))


def conditions_on_closed_forms(layer: Layer, inputs: Sequence[Tensor]) -> tuple[Proposition, ...]:
    """Returns the conditions of the layer on its inputs, in closed forms, without those that always hold."""
    applied = in_general(layer, inputs)
    if applied is None:
        return ()
    conditions = (*applied.conditions, *large_enough(layer))
    propositions = (condition.proposition for condition in conditions)
    return tuple(dict.fromkeys(each for each in propositions if not holds_always(each)))


def holds_always(proposition: Proposition) -> bool:
    """Returns whether a divisibility holds for all values of its letters: C ∣ 2·C·D."""
    if not isinstance(proposition, Divides):
        return False
    divisor, number = proposition.args
    return bool(symbols_of(number)) and (divisor.least or 0) >= 1 and quotient(number, divisor)[1]


def large_enough(layer: Layer) -> Iterator[Condition]:
    """Yields the conditions on several letters under which the values of a layer are as large as they must be."""
    if layer.symbols:
        for spec in layer.specs():
            for term in spec.terms(getattr(layer, spec.name)) if spec.least >= 0 else ():
                if term.least is None or term.least < spec.least:
                    yield Condition(Le(integer(spec.least), term), f"{spec.name} must be at least {spec.least}")


@lru_cache(maxsize=4096)  # many layers of a network have the same conditions
def decided(proposition: Proposition) -> Theorem | None:
    """⊢ proposition ⇔ its only symbol is in a set; ``None`` if it has several, or cannot be decided."""
    symbols = symbols_of(proposition)
    if len(symbols) != 1:
        return None
    try:
        theorem = cases(proposition, (symbols[0],), ())
    except SymnetError:
        return None
    return theorem if isinstance(theorem.conclusion.args[1], In) else None


def members(proposition: Proposition) -> IntegerSet | None:
    """The values of its only symbol for which the proposition holds; ``None`` if that cannot be decided."""
    theorem = decided(proposition)
    return None if theorem is None else theorem.conclusion.args[1].args[1]


def may_be_one(size: Term, known: Sequence[Proposition]) -> bool:
    """Returns whether a size may be 1 for values of its letters for which ``known`` propositions hold; true if undecided."""
    if size.least is not None and size.least > 1:
        return False
    conditions = [each for each in known if symbols_of(each) == symbols_of(size)]
    values = members(And(Eq(size, integer(1)), *conditions) if conditions else Eq(size, integer(1)))
    return values is None or bool(values.parts)


def never(proposition: Proposition) -> bool:
    """Returns whether a proposition is known to hold for no size at all."""
    if isinstance(proposition, Eq):
        gap = subtract(normal_form(proposition.args[0]), normal_form(proposition.args[1]))
        if not gap:
            return False
        if set(gap) == {()}:
            return True
    values = members(proposition)
    return values is not None and not values.parts


def agreement(layer: Layer, inputs: Sequence[Tensor]) -> str:
    """A sentence on the inputs of the network for which the layer's conditions hold; '' if nothing is known."""
    words = []
    for proposition in conditions_on_closed_forms(layer, inputs):
        symbols = symbols_of(proposition)
        if not symbols:
            continue
        values = members(proposition)
        if values is None or values == IntegerSet.interval(symbols[0].least, None):
            continue
        where = (
            f"for no {symbols[0].name}" if not values.parts else f"exactly for {membership(symbols[0].name, values)}"
        )
        words.append(f"{unicode_text(proposition)} holds {where}")
    return f"in general {' and '.join(words[:2])}" if words else ""


def settle(proposition: Proposition) -> Theorem:
    """hypotheses ⊢ proposition, under the weakest hypothesis that is found: none, a set of sizes, or the proposition itself."""
    if isinstance(proposition, Eq):
        gap = subtract(normal_form(proposition.args[0]), normal_form(proposition.args[1]))
        if not gap:
            return polynomial_identity(*proposition.args)
    if isinstance(proposition, Le):
        try:
            return sign(proposition)
        except SymnetError:
            pass
    theorem = decided(proposition)
    if theorem is None:
        return _by_factors(proposition) or _by_common_factor(proposition) or assume(proposition)
    symbol, values = theorem.conclusion.args[1].args
    if symbol.least is not None and values == IntegerSet.interval(symbol.least, None):
        return modus_ponens(flip(theorem), _membership(symbol))
    return modus_ponens(flip(theorem), assume(theorem.conclusion.args[1]))


def _by_factors(proposition: Proposition) -> Theorem | None:
    """Proves an equation of products from equations of their factors: 3·h·w = 3·⌊h/2⌋·2·w from h = ⌊h/2⌋·2."""
    apart = factor_by_factor(proposition)
    if apart is None:
        return None
    theorem = modus_ponens(flip(apart), both(tuple(map(settle, apart.conclusion.args[1].args))))
    for condition in sorted(apart.hypotheses, key=lambda each: each.serial):
        proof = settle(condition)
        theorem = theorem if proof.conclusion in proof.hypotheses else cut(proof, theorem)
    return theorem


def _by_common_factor(proposition: Proposition) -> Theorem | None:
    """Proves an equation whose sides share a positive factor from the equation without it, which may be easier: 3·h·w = 3·⌊h/2⌋·2·w
    from h = ⌊h/2⌋·2.
    """
    smaller_equation = without_common_factor(proposition)
    if smaller_equation is proposition:
        return None
    shared = _shared_factor([monomial for side in proposition.args for monomial in normal_form(side)])
    factor, (left, right) = from_polynomial({shared: 1}), smaller_equation.args
    smaller = settle(smaller_equation)
    if smaller.conclusion in smaller.hypotheses and symbols_of(left, right) == symbols_of(proposition):
        return None
    try:
        same = polynomial_identity(Product(factor, right), Product(factor, right))
        product = replace(smaller, same, Eq(Product(factor, HOLE), Product(factor, right)), HOLE)
        left_side = polynomial_identity(proposition.args[0], Product(factor, left))
        right_side = polynomial_identity(Product(factor, right), proposition.args[1])
        return chain(left_side, chain(product, right_side))
    except SymnetError:
        return None


def without_common_factor(proposition: Proposition) -> Proposition:
    """An equation divided by the positive symbols that both sides have as factors; any other proposition unchanged.

    >>> W, H = Symbol("W"), Symbol("H")
    >>> without_common_factor(Eq(12 * W * H, 3 * W * W * H))
    <Eq 12 == 3*W>
    """
    if not isinstance(proposition, Eq):
        return proposition
    sides = [normal_form(side) for side in proposition.args]
    shared = _shared_factor([monomial for side in sides for monomial in side])
    if not shared:
        return proposition
    return Eq(*(from_polynomial({_without(monomial, shared): n for monomial, n in side.items()}) for side in sides))


def _shared_factor(monomials: Sequence[Monomial]) -> Monomial:
    """The symbols, with powers, that every monomial has as factors."""
    if not monomials:
        return ()
    powers = [dict(monomial) for monomial in monomials]
    common: dict[Term, int] = {
        atom: min(power.get(atom, 0) for power in powers)
        for atom in powers[0]
        if isinstance(atom, Symbol) and (atom.least or 0) >= 1
    }
    return tuple((atom, power) for atom, power in monomials[0] if common.get(atom, 0) for power in (common[atom],))


def _without(monomial: Monomial, factor: Monomial) -> Monomial:
    taken = dict(factor)
    return tuple((atom, power - taken.get(atom, 0)) for atom, power in monomial if power > taken.get(atom, 0))


def _membership(symbol: Symbol) -> Theorem:
    """⊢ W ∈ {l, l + 1, …}, by the lower bound l of the symbol."""
    promise = Le(integer(symbol.least or 0), symbol)
    return modus_ponens(cases(promise, (symbol,), ()), sign(promise))
