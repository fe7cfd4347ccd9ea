"""Where branches meet: what a layer asks of the sizes of its inputs, decided for all sizes of the network's input.

A condition on closed forms is true for every input, for none, or for a set such as a residue class; that set then is a
hypothesis of the network.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Protocol

from symnet.errors import LayerError, SymnetError
from symnet.kernel.rules import assume, both, chain, cut, flip, modus_ponens, polynomial_identity, replace, sign
from symnet.kernel.theorem import Theorem
from symnet.layers.declaration.axes import quotient
from symnet.layers.declaration.base import Applied, Condition, Layer
from symnet.layers.declaration.shape import Shape
from symnet.network.forms import Axis
from symnet.printing.sets import membership
from symnet.printing.text import unicode_text
from symnet.search.cases import cases
from symnet.search.equal_products import factor_by_factor
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.polynomial import Monomial, from_polynomial, normal_form, subtract
from symnet.terms.propositions import And, Divides, Eq, In, Le, Proposition
from symnet.terms.term import Product, Symbol, Term, integer, symbols_of

#: Stands in an equation where a side is replaced.
HOLE = Symbol("x", None)

__all__ = [
    "Tensor", "agreement", "asked", "decided", "holds_always", "in_general", "large_enough", "may_be_one", "members", "never", "settle",
    "without_common_factor",
]  # fmt: skip


class Tensor(Protocol):
    """What is needed of an input: its shape and the closed forms of its axes."""

    @property
    def output(self) -> Shape: ...

    @property
    def axes(self) -> tuple[Axis, ...]: ...


def in_general(layer: Layer, inputs: Sequence[Tensor], ones: bool = False) -> Applied | None:
    """The layer on the closed forms of its inputs; ``None`` where it can stand on these numbers only. With ``ones`` an input
    that is given with a size 1 has it for good.
    """
    try:
        return layer.apply(tuple(_closed(place, ones) for place in inputs))
    except LayerError:
        return None


def _closed(place: Tensor, ones: bool) -> Shape:
    """The shape with closed forms for sizes."""
    shape = place.output
    given = [ones and axis.form.term is axis.form.base and axis.size.constant == 1 for axis in place.axes]
    sizes = tuple(axis.size if one else axis.form.term for axis, one in zip(place.axes, given, strict=True))
    return shape.resized(sizes) if sizes else shape


def asked(layer: Layer, inputs: Sequence[Tensor]) -> tuple[Proposition, ...]:
    """What the layer asks of its inputs, with their closed forms for their sizes."""
    applied = in_general(layer, inputs)
    if applied is None:
        return ()
    conditions = (*applied.conditions, *large_enough(layer))
    propositions = (condition.proposition for condition in conditions)
    return tuple(dict.fromkeys(each for each in propositions if not holds_always(each)))


def holds_always(proposition: Proposition) -> bool:
    """Whether letters divide for every value: C ∣ 2·C·D."""
    if not isinstance(proposition, Divides):
        return False
    divisor, number = proposition.args
    return bool(symbols_of(number)) and (divisor.least or 0) >= 1 and quotient(number, divisor)[1]


def large_enough(layer: Layer) -> Iterator[Condition]:
    """What several letters must do together for the values of a layer to be as large as they must be."""
    if layer.symbols:
        for spec in layer.specs():
            for term in spec.terms(getattr(layer, spec.name)) if spec.least >= 0 else ():
                if term.least is None or term.least < spec.least:
                    yield Condition(Le(integer(spec.least), term), f"{spec.name} must be at least {spec.least}")


@lru_cache(maxsize=4096)  # a network asks the same of many layers
def decided(proposition: Proposition) -> Theorem | None:
    """⊢ proposition ⇔ its one symbol is in a set; ``None`` where that is out of reach."""
    symbols = symbols_of(proposition)
    if len(symbols) != 1:
        return None
    try:
        theorem = cases(proposition, (symbols[0],), ())
    except SymnetError:
        return None
    return theorem if isinstance(theorem.conclusion.args[1], In) else None


def members(proposition: Proposition) -> IntegerSet | None:
    """For which values of its one symbol the proposition holds; ``None`` where that is out of reach."""
    theorem = decided(proposition)
    return None if theorem is None else theorem.conclusion.args[1].args[1]


def may_be_one(size: Term, known: Sequence[Proposition]) -> bool:
    """Whether a size may be 1 for values of its letters for which the propositions hold; so it is if that is out of reach."""
    if size.least is not None and size.least > 1:
        return False
    own = [each for each in known if symbols_of(each) == symbols_of(size)]
    found = members(And(Eq(size, integer(1)), *own) if own else Eq(size, integer(1)))
    return found is None or bool(found.parts)


def never(proposition: Proposition) -> bool:
    """Whether it is known to hold for no size at all."""
    if isinstance(proposition, Eq):
        gap = subtract(normal_form(proposition.args[0]), normal_form(proposition.args[1]))
        if not gap:
            return False
        if set(gap) == {()}:
            return True
    found = members(proposition)
    return found is not None and not found.parts


def agreement(layer: Layer, inputs: Sequence[Tensor]) -> str:
    """In words: for which inputs of the network the layer's conditions hold."""
    words = []
    for proposition in asked(layer, inputs):
        symbols = symbols_of(proposition)
        if not symbols:
            continue
        found = members(proposition)
        if found is None or found == IntegerSet.interval(symbols[0].least, None):
            continue
        where = f"for no {symbols[0].name}" if not found.parts else f"exactly for {membership(symbols[0].name, found)}"
        words.append(f"{unicode_text(proposition)} holds {where}")
    return f"in general {' and '.join(words[:2])}" if words else ""


def settle(proposition: Proposition) -> Theorem:
    """hypotheses ⊢ proposition: with none where it holds for every size, else with the set of sizes for which it does, or
    itself where that is out of reach."""
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
    symbol, found = theorem.conclusion.args[1].args
    if symbol.least is not None and found == IntegerSet.interval(symbol.least, None):
        return modus_ponens(flip(theorem), _within(symbol))
    return modus_ponens(flip(theorem), assume(theorem.conclusion.args[1]))


def _by_factors(proposition: Proposition) -> Theorem | None:
    """A product that equals another one from the equations of their factors: 3·h·w = 3·⌊h/2⌋·2·w from h = ⌊h/2⌋·2."""
    apart = factor_by_factor(proposition)
    if apart is None:
        return None
    theorem = modus_ponens(flip(apart), both(tuple(map(settle, apart.conclusion.args[1].args))))
    for condition in sorted(apart.hypotheses, key=lambda each: each.serial):
        proof = settle(condition)
        theorem = theorem if proof.conclusion in proof.hypotheses else cut(proof, theorem)
    return theorem


def _by_common_factor(proposition: Proposition) -> Theorem | None:
    """An equation whose two sides have a positive factor in common, from the equation without it: 3·h·w = 3·⌊h/2⌋·2·w from
    h = ⌊h/2⌋·2, which may be settled."""
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
    """An equation divided by the positive symbols that are a factor of both sides; what is no such equation as it is.

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
    """The symbols and powers that every monomial has."""
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


def _within(symbol: Symbol) -> Theorem:
    """⊢ W ∈ {l, l + 1, …}, by what the symbol promises."""
    promise = Le(integer(symbol.least or 0), symbol)
    return modus_ponens(cases(promise, (symbol,), ()), sign(promise))
