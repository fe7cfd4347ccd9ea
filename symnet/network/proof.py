"""Theorems about the sizes of one axis: the laws of its layers applied one after the other, in numbers and as closed forms.

The results of the engine (:mod:`symnet.network.closed_forms`) become theorems here: each step is made by kernel rules, and must end at
the term that the engine says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from symnet.errors import KernelError, SymnetError
from symnet.kernel.rules import (
    assume,
    both,
    calculate,
    chain,
    cut,
    flip,
    floor_common,
    floor_monotone,
    floor_nest,
    floor_value,
    instantiate,
    linear,
    modus_ponens,
    polynomial_identity,
    replace,
    sign,
    value,
)
from symnet.kernel.theorem import Theorem
from symnet.layers.laws.counting import HOLE, fresh, rewritten, right
from symnet.layers.laws.law import AxisMap
from symnet.network.closed_forms import ClosedForm, constant_quotient, gathered
from symnet.network.composed_laws import closed_form_after, formula_of, plainly
from symnet.network.propagate import compose
from symnet.terms.polynomial import least, normal_form, subtract
from symnet.terms.propositions import Eq, Le, Proposition
from symnet.terms.term import FloorDiv, Product, Sum, Term, integer, substitute
from symnet.terms.walks import outermost
from symnet.terms.worked_out import plus, times

__all__ = [
    "FormStep", "NumberStep", "assumed_least", "first_form", "form_step", "horner", "horner_term", "number_step",
]  # fmt: skip

ONE = integer(1)


@dataclass(frozen=True)
class NumberStep:
    """A layer's law on numbers: its formula, the calculated conditions, and the value."""

    formula: Theorem
    conditions: tuple[Theorem, ...]
    value: Theorem
    #: ⊢ size = value, where the size is defined on the layers before instead of their values
    theorem: Theorem

    @property
    def size(self) -> Term:
        """The definition of the size."""
        return self.theorem.conclusion.args[0]  # type: ignore[no-any-return]


def number_step(map_: AxisMap, number: Term, before: Theorem | None) -> NumberStep:
    """The step to the size after one more layer; ``before`` proves that the size before it is ``number``."""
    formula = map_.prove(number)
    conditions = tuple(calculate(condition) for condition in map_.conditions(number) if condition in formula.hypotheses)
    proven = formula
    for condition in conditions:
        proven = cut(condition, proven)
    worked = value(right(formula))
    theorem = chain(proven, worked)
    if before is not None:
        theorem = replace(before, theorem, Eq(map_.size(HOLE), right(worked)), HOLE)
    return NumberStep(formula, conditions, worked, theorem)


@dataclass(frozen=True, eq=False)
class FormStep:
    """The step to the closed form after one more layer.

    ``theorem`` proves the closed form: as ``form.affine``, which the floor rules need, if the scale is 1, else as ``form.term``.
    """

    form: ClosedForm
    theorem: Theorem
    #: the layer's map, the definition of the size before it, and the step to that size with the theorem l ≤ W
    map_: AxisMap | None = None
    source: Term | None = None
    before: tuple[FormStep, Theorem | None] | None = field(default=None, repr=False)

    @cached_property
    def formula(self) -> Theorem | None:
        """conditions ⊢ size = the layer's formula on the size before it; ``None`` for the input."""
        return None if self.map_ is None or self.source is None else formula_of(self.map_, self.source)

    @cached_property
    def law(self) -> Theorem | None:
        """conditions ⊢ the layer's law on the size before it, in the form that its closed form needs; ``None`` for the input."""
        return None if self.map_ is None or self.source is None else _law(self.map_, self.source)

    def proven_formula(self) -> Theorem | None:
        """The same theorem as :attr:`formula` without the conditions that can be proven."""
        if self.map_ is None or self.source is None or self.before is None or self.law is None:
            return None
        theorem = self.map_.prove(self.source)
        _, bounds = _discharged(self.law, *self.before)
        for bound in bounds:
            if bound.conclusion in theorem.hypotheses:
                theorem = cut(bound, theorem)
        return plainly(theorem)

    @cached_property
    def size(self) -> Term:
        """The definition of the size."""
        return self.theorem.conclusion.args[0]  # type: ignore[no-any-return]

    @cached_property
    def closed(self) -> Theorem:
        """hypotheses ⊢ size = closed form, without zeros and ones."""
        return rewritten(self.theorem, self.form.term)


def first_form(base: Term) -> FormStep:
    """The step for the input itself: W = ⌊(W + 0)/1⌋."""
    form = ClosedForm(base)
    return FormStep(form, polynomial_identity(base, form.affine))


def form_step(
    map_: AxisMap, before: FormStep, at_least: Theorem | None, form: ClosedForm | None = None, *, plain: bool = False
) -> FormStep:
    """The step to the closed form ``form`` after ``map_``. ``at_least`` is l ≤ W, which implies the conditions if they are numbers. With
    ``plain`` the hypotheses are those that are printed.
    """
    size = before.size
    form = compose(before.form, map_) if form is None else form
    theorem = _in_one_step(map_, before, at_least) if plain else None
    if theorem is None:
        theorem = _step_by_step(map_, before, at_least, form, plain)
    target = form.affine if form.scale is ONE else form.term
    return FormStep(form, rewritten(theorem, target), map_, size, (before, at_least))


def _in_one_step(map_: AxisMap, before: FormStep, at_least: Theorem | None) -> Theorem | None:
    """The closed form from what holds for all layers with this map; ``None`` unless all is in numbers and W is a letter."""
    form = before.form
    if at_least is None or form.scale is not ONE or form.factor is not ONE or form.base.constant is not None:
        return None
    return closed_form_after(map_, before.theorem, at_least)


def _step_by_step(map_: AxisMap, before: FormStep, at_least: Theorem | None, form: ClosedForm, plain: bool) -> Theorem:
    size, law = before.size, _law(map_, before.size)
    proven, _ = _discharged(law, before, at_least)
    if plain:
        proven = plainly(proven)
    if map_.offset is not None and before.form.scale is ONE:
        theorem = _nested(before.theorem, proven)
    else:
        hole = _with_hole(law.conclusion, size)
        proven = replace(flip(before.closed), proven, hole, HOLE)
        theorem = _floored(proven, before.form, form) if map_.offset is not None else proven
    return _reduced(_settled(theorem, form), form) if form.scale is ONE else theorem


def _law(map_: AxisMap, size: Term) -> Theorem:
    """The layer's law on ``size``: as ⌊(x + a)/m⌋ or s·x + b, if it has such a form."""
    if map_.offset is not None:
        return map_.prove_affine(size)
    return map_.prove(size) if map_.scaling is None else map_.prove_scaling(size)


def horner(laws: Sequence[Theorem]) -> Theorem:
    """The closed form of a stack of floor-affine laws, merged from the last layer to the first. Its offset is in Horner form,
    a₁ + S₁·(a₂ + S₂·(…)), which is linear in the depth of the stack even if strides are letters.

    ``laws`` are the laws of the layers, each on the size before it.
    """
    merged = plainly(laws[-1])
    for law in reversed(laws[:-1]):
        merged = _nested(plainly(law), merged)
    return merged


def horner_term(base: Term, maps: Sequence[AxisMap]) -> Term | None:
    """The closed form that :func:`horner` proves; in a short one, parts that cancel are removed. ``None`` if a map is not floor-affine."""
    offset: Term = integer(0)
    divisor: Term = integer(1)
    first = True
    for map_ in reversed(maps):
        if map_.offset is None:
            return None
        a, m = map_.offset
        offset, divisor = (a, m) if first else (plus(a, times(offset, m)), times(m, divisor))
        first = False
    if first:
        return base
    short = gathered(offset)
    return FloorDiv(Sum(base, offset) if short is offset else plus(base, short), divisor)


def _with_hole(equation: Proposition, size: Term) -> Eq:
    """``y = formula(size)`` with the hole in place of ``size`` in the formula; the left side is unchanged."""
    left, formula = equation.args
    return Eq(left, substitute(formula, {size: HOLE}))


def _nested(inner: Theorem, outer: Theorem) -> Theorem:
    """``floor_nest``, under the hypothesis that a divisor is at least 1 if signs do not show it, as for S − T."""
    (y, lower), (z, upper) = inner.conclusion.args, outer.conclusion.args
    divisors = dict.fromkeys(floor.args[1] for floor in (lower, upper))
    unsure = [divisor for divisor in divisors if divisor.least is None or divisor.least < 1]
    if not unsure:
        return floor_nest(inner, outer)
    symbol_of = dict(zip(unsure, fresh(1, len(unsure), inner.conclusion, outer.conclusion), strict=True))
    equations = [
        Eq(size, FloorDiv(floor.args[0], symbol_of.get(floor.args[1], floor.args[1])))
        for size, floor in ((y, lower), (z, upper))
    ]
    nested = floor_nest(*map(assume, equations))
    nested = instantiate(nested, tuple(symbol_of.values()), tuple(symbol_of))
    nested = cut(outer, cut(inner, nested))
    x, a = lower.args[0].args
    b = upper.args[0].args[1]
    m, n = lower.args[1], upper.args[1]
    return rewritten(nested, FloorDiv(Sum(x, plus(a, times(b, m))), times(m, n)))


def _floored(proven: Theorem, before: ClosedForm, after: ClosedForm) -> Theorem:
    """Take the common factor of s and m out of y = ⌊(s·z + b + a)/m⌋, then nest if one floor is left inside another."""
    divisor = right(proven).args[1]
    number = divisor.constant
    common = before.common(integer(number)) if number is not None else None
    if common is None or before.scale.constant is None or number is None:
        return proven
    factor, rest = integer(common), integer(number // common)
    inner = times(integer(before.scale.constant // common), before.floor)
    offset = _offset(right(proven).args[0], before)
    if offset is None:
        return proven
    with_factor = FloorDiv(Sum(Product(factor, inner), offset), Product(factor, rest))
    proven = rewritten(proven, with_factor)
    proven = chain(proven, floor_common(inner, offset, factor, rest))
    if before.scale.constant == common:
        divided = FloorDiv(Sum(inner, integer(offset.constant // common)), rest)  # type: ignore[operator]
        inside = polynomial_identity(
            inner, ClosedForm(before.base, before.factor, before.offset, before.divisor).affine
        )
        return _nested(inside, rewritten(proven, divided))
    return proven


def _settled(theorem: Theorem, form: ClosedForm) -> Theorem:
    """From y = s·⌊x/m⌋ + d derives y = number, if the closed form is a number since the floor is one for all values of the letters."""
    number = form.term.constant
    if number is None or right(theorem).constant is not None:
        return theorem
    floors = [
        node
        for node in outermost([right(theorem)], lambda node: isinstance(node, FloorDiv))
        if isinstance(node, FloorDiv)
    ]
    if len(floors) != 1:
        return theorem
    numerator, divisor = floors[0].args
    quotient = constant_quotient(numerator, divisor)
    if quotient is None:
        return theorem
    meaning = floor_value(numerator, divisor, integer(quotient))
    is_number = modus_ponens(flip(meaning), both(tuple(map(sign, meaning.conclusion.args[1].args))))
    left, formula = theorem.conclusion.args
    return replace(flip(is_number), theorem, Eq(left, substitute(formula, {floors[0]: HOLE})), HOLE)


def _reduced(theorem: Theorem, form: ClosedForm) -> Theorem:
    """Take g out of y = ⌊(g·x + e)/(g·m)⌋, as the closed form has done; a size that is told and rounded itself stays as it is."""
    floor = right(theorem)
    if floor is form.term:
        return theorem
    before, after = floor.args[-1].constant if isinstance(floor, FloorDiv) else None, form.divisor.constant
    if before is None or after is None or before <= after:
        return theorem
    shared, inner = integer(before // after), form.inner
    offset = subtract(normal_form(floor.args[0]), normal_form(Product(shared, inner))).get((), 0)
    with_factor = FloorDiv(Sum(Product(shared, inner), integer(offset)), Product(shared, form.divisor))
    return chain(rewritten(theorem, with_factor), floor_common(inner, integer(offset), shared, form.divisor))


def _offset(numerator: Term, before: ClosedForm) -> Term | None:
    """The term that is added to s·⌊…⌋ in ``numerator``, if it is a number; else ``None``."""
    rest = subtract(normal_form(numerator), normal_form(Product(before.scale, before.floor)))
    return integer(rest.get((), 0)) if set(rest) <= {()} else None


def _discharged(law: Theorem, before: FormStep, at_least: Theorem | None) -> tuple[Theorem, tuple[Theorem, ...]]:
    """The law without the conditions that can be proven, and these proofs: by calculation, by signs, from l ≤ W or from the size."""
    bounds: list[Theorem] = []
    bound_on_size, sign = _bound_on_size(before, at_least), -1 if before.form.base.constant is not None else 1
    for condition in sorted(law.hypotheses, key=lambda hypothesis: hypothesis.serial):
        try:
            if all(isinstance(side, Term) and side.constant is not None for side in condition.args):
                proof = calculate(condition)
            elif isinstance(condition, Le) and (shown := _shown_by_signs(condition)) is not None:
                proof = shown
            elif bound_on_size is None:
                continue
            else:
                proof = linear(condition, (bound_on_size,), (integer(sign * _slope(condition, before.size)),))
            law = cut(proof, law)
        except SymnetError:
            continue
        bounds.append(proof)
    return law, tuple(bounds)


def _shown_by_signs(condition: Le) -> Theorem | None:
    """⊢ condition, if the signs of its symbols show it, as k ≤ k + 2·P; else ``None``."""
    bound = least(subtract(normal_form(condition.args[1]), normal_form(condition.args[0])))
    return None if bound is None or bound < 0 else sign(condition)


def _bound_on_size(before: FormStep, at_least: Theorem | None) -> Theorem | None:
    """The theorem about the value of the size, or about its lower bound; ``None`` if nothing is known."""
    if before.form.base.constant is not None:
        return before.closed
    if at_least is None or before.form.least_base(1) is None:
        return None  # nothing is known, or the closed form is too large to multiply out
    try:
        return _lower_bound(before, at_least)
    except KernelError:
        return None


def _slope(condition: Proposition, size: Term) -> int:
    """The coefficient of ``size`` in an inequality, if it is a number; else 1."""
    if not isinstance(condition, Le):
        return 1
    gap = subtract(normal_form(condition.args[1]), normal_form(condition.args[0]))
    return max(gap.get(((size, 1),), 1), 1)


def _lower_bound(before: FormStep, at_least: Theorem) -> Theorem:
    """l' ≤ size from l ≤ W, since every closed form grows with W."""
    form = before.form
    bound_on_size = at_least
    if form.factor is not ONE:
        scaled = Le(Product(form.factor, bound_on_size.conclusion.args[0]), Product(form.factor, form.base))
        bound_on_size = linear(scaled, (at_least,), (form.factor,))
    if form.scale is ONE:
        return floor_monotone(before.theorem, bound_on_size)
    inside = polynomial_identity(form.floor, form.affine)
    bound = floor_monotone(inside, bound_on_size)
    lowest = Sum(Product(form.scale, bound.conclusion.args[0]), form.shift)
    return linear(Le(lowest, before.size), (bound, before.theorem), (form.scale, integer(-1)))


def assumed_least(base: Term, least: int) -> Theorem:
    """l ≤ W: calculated for a number; for a symbol by its own lower bound, or else as a hypothesis."""
    if base.constant is not None:
        return calculate(Le(base, base))
    claim = Le(integer(least), base)
    return sign(claim) if base.least is not None and base.least >= least else assume(claim)
