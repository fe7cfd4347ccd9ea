"""Theorems about sizes: one axis followed through the laws of its layers, numbers and closed forms.

Here the engine's results (:mod:`symnet.network.forms`) become theorems: whatever the forms say, each step is made by
kernel rules and must end at the same term.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
from symnet.network.forms import Form, constant_quotient, gathered
from symnet.network.propagate import compose
from symnet.terms.polynomial import least, normal_form, subtract
from symnet.terms.propositions import Eq, Le, Proposition
from symnet.terms.term import FloorDiv, Product, Sum, Term, integer, substitute
from symnet.terms.walks import outermost
from symnet.terms.worked_out import plus, times

__all__ = [
    "FormStep", "NumberStep", "assumed_least", "first_form", "form_step", "horner", "horner_term", "number_step",
    "plainly",
]  # fmt: skip

ONE = integer(1)


@dataclass(frozen=True)
class NumberStep:
    """A law with numbers put in: the formula as written, the conditions calculated, the value."""

    formula: Theorem
    conditions: tuple[Theorem, ...]
    value: Theorem
    #: ⊢ size = value where size is the definition on the layers before, not on their value
    theorem: Theorem

    @property
    def size(self) -> Term:
        """What the size is by definition."""
        return self.theorem.conclusion.args[0]  # type: ignore[no-any-return]


def number_step(map_: AxisMap, number: Term, before: Theorem | None) -> NumberStep:
    """The size after one more layer; ``before`` proves that the size before it is ``number``."""
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


@dataclass(frozen=True)
class FormStep:
    """The closed form after one more layer.

    ``law`` is the layer's law on the size before it, ``bounds`` discharge its conditions, ``theorem`` proves the closed form: in the
    shape of the floor rules (``form.affine``) where the scale is 1, else as ``form.term``.
    """

    form: Form
    theorem: Theorem
    law: Theorem | None = None
    bounds: tuple[Theorem, ...] = ()
    #: the map and the size before it, by definition
    map_: AxisMap | None = None
    source: Term | None = None

    @cached_property
    def formula(self) -> Theorem | None:
        """conditions ⊢ size = formula of the size before, as a textbook writes it; ``None`` for the input."""
        return None if self.map_ is None or self.source is None else plainly(self.map_.prove(self.source))

    def proven_formula(self) -> Theorem | None:
        """The same, without the conditions that the sizes before it show."""
        if self.map_ is None or self.source is None:
            return None
        theorem = self.map_.prove(self.source)
        for bound in self.bounds:
            if bound.conclusion in theorem.hypotheses:
                theorem = cut(bound, theorem)
        return plainly(theorem)

    @property
    def size(self) -> Term:
        """What the size is by definition."""
        return self.theorem.conclusion.args[0]  # type: ignore[no-any-return]

    @cached_property
    def closed(self) -> Theorem:
        """hypotheses ⊢ size = closed form, zeros and ones left out."""
        return rewritten(self.theorem, self.form.term)


def first_form(base: Term) -> FormStep:
    """The input itself: W = ⌊(W + 0)/1⌋."""
    form = Form(base)
    return FormStep(form, polynomial_identity(base, form.affine))


def form_step(map_: AxisMap, before: FormStep, at_least: Theorem | None, *, plain: bool = False) -> FormStep:
    """The closed form after ``map_``; ``at_least`` is l ≤ W, from which the conditions follow where they are numbers. ``plain``:
    under hypotheses as they are printed.
    """
    size, form = before.size, compose(before.form, map_)
    if map_.offset is not None:
        law = map_.prove_affine(size)
    elif map_.scaling is not None:
        law = map_.prove_scaling(size)
    else:
        law = map_.prove(size)
    proven, bounds = _discharged(law, before, at_least)
    if plain:
        proven = plainly(proven)
    if map_.offset is not None and before.form.scale is ONE:
        theorem = _nested(before.theorem, proven)
    else:
        hole = _with_hole(law.conclusion, size)
        proven = replace(flip(before.closed), proven, hole, HOLE)
        theorem = _floored(proven, before.form, form) if map_.offset is not None else proven
    theorem = _reduced(_settled(theorem, form), form) if form.scale is ONE else theorem
    target = form.affine if form.scale is ONE else form.term
    return FormStep(form, rewritten(theorem, target), law, bounds, map_, size)


def horner(laws: Sequence[Theorem]) -> Theorem:
    """The closed form of a stack of floor-affine laws, merged from the last layer to the first: offsets come out in Horner
    form, a₁ + S₁·(a₂ + S₂·(…)), which stays as long as the stack when the strides are letters.

    ``laws`` are the laws of the layers, each on the size before it.
    """
    merged = plainly(laws[-1])
    for law in reversed(laws[:-1]):
        merged = _nested(plainly(law), merged)
    return merged


def horner_term(base: Term, maps: Sequence[AxisMap]) -> Term | None:
    """The closed form that :func:`horner` proves, without parts of a short one that cancel; ``None`` where a map is not
    floor-affine."""
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
    """``y = formula(size)`` with the hole where the formula mentions ``size``; the left side is left alone."""
    left, formula = equation.args
    return Eq(left, substitute(formula, {size: HOLE}))


def _nested(inner: Theorem, outer: Theorem) -> Theorem:
    """``floor_nest``, under the hypothesis that a divisor is at least 1 where signs do not show it, as of S − T."""
    (y, lower), (z, upper) = inner.conclusion.args, outer.conclusion.args
    divisors = dict.fromkeys(floor.args[1] for floor in (lower, upper))
    unsure = [divisor for divisor in divisors if divisor.least is None or divisor.least < 1]
    if not unsure:
        return floor_nest(inner, outer)
    places = dict(zip(unsure, fresh(1, len(unsure), inner.conclusion, outer.conclusion), strict=True))
    equations = [
        Eq(whole, FloorDiv(floor.args[0], places.get(floor.args[1], floor.args[1])))
        for whole, floor in ((y, lower), (z, upper))
    ]
    nested = floor_nest(*map(assume, equations))
    nested = instantiate(nested, tuple(places.values()), tuple(places))
    nested = cut(outer, cut(inner, nested))
    x, a = lower.args[0].args
    b = upper.args[0].args[1]
    m, n = lower.args[1], upper.args[1]
    return rewritten(nested, FloorDiv(Sum(x, plus(a, times(b, m))), times(m, n)))


def _floored(proven: Theorem, before: Form, after: Form) -> Theorem:
    """From y = ⌊(s·z + b + a)/m⌋ take the common factor of s and m out, then nest if one floor is left inside another."""
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
    written = FloorDiv(Sum(Product(factor, inner), offset), Product(factor, rest))
    proven = rewritten(proven, written)
    proven = chain(proven, floor_common(inner, offset, factor, rest))
    if before.scale.constant == common:
        tidy = FloorDiv(Sum(inner, integer(offset.constant // common)), rest)  # type: ignore[operator]
        inside = polynomial_identity(inner, Form(before.base, before.factor, before.offset, before.divisor).affine)
        return _nested(inside, rewritten(proven, tidy))
    return proven


def _settled(theorem: Theorem, form: Form) -> Theorem:
    """From y = s·⌊x/m⌋ + d, where the floor is one number for all values of the letters and the closed form says so, y as a number."""
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


def _reduced(theorem: Theorem, form: Form) -> Theorem:
    """From y = ⌊(g·x + e)/(g·m)⌋ take g out, where the closed form has done so."""
    floor = right(theorem)
    before, after = floor.args[-1].constant if isinstance(floor, FloorDiv) else None, form.divisor.constant
    if before is None or after is None or before <= after:
        return theorem
    shared, inner = integer(before // after), form.inner
    offset = subtract(normal_form(floor.args[0]), normal_form(Product(shared, inner))).get((), 0)
    written = FloorDiv(Sum(Product(shared, inner), integer(offset)), Product(shared, form.divisor))
    return chain(rewritten(theorem, written), floor_common(inner, integer(offset), shared, form.divisor))


def _offset(numerator: Term, before: Form) -> Term | None:
    """What is added to s·⌊…⌋ in ``numerator``, when it is a number."""
    rest = subtract(normal_form(numerator), normal_form(Product(before.scale, before.floor)))
    return integer(rest.get((), 0)) if set(rest) <= {()} else None


def _discharged(law: Theorem, before: FormStep, at_least: Theorem | None) -> tuple[Theorem, tuple[Theorem, ...]]:
    """Prove the law's conditions: by calculation, from l ≤ W, or from a size that is a number; the rest stay hypotheses."""
    bounds: list[Theorem] = []
    known, sign = _known(before, at_least), -1 if before.form.base.constant is not None else 1
    for condition in sorted(law.hypotheses, key=lambda hypothesis: hypothesis.serial):
        try:
            if all(isinstance(side, Term) and side.constant is not None for side in condition.args):
                proof = calculate(condition)
            elif isinstance(condition, Le) and (shown := _shown_by_signs(condition)) is not None:
                proof = shown
            elif known is None:
                continue
            else:
                proof = linear(condition, (known,), (integer(sign * _slope(condition, before.size)),))
            law = cut(proof, law)
        except SymnetError:
            continue
        bounds.append(proof)
    return law, tuple(bounds)


def _shown_by_signs(condition: Le) -> Theorem | None:
    """⊢ condition, where the signs of its symbols show it: k ≤ k + 2·P."""
    bound = least(subtract(normal_form(condition.args[1]), normal_form(condition.args[0])))
    return None if bound is None or bound < 0 else sign(condition)


def plainly(theorem: Theorem) -> Theorem:
    """The same under hypotheses without what is 0 in them: ``W ≥ 3`` for ``W + 2·0 ≥ 3``; without ``W ≤ W``."""
    for hypothesis in sorted(theorem.hypotheses, key=lambda hypothesis: hypothesis.serial):
        if isinstance(hypothesis, Le):
            said = Le(*map(_without_zeros, hypothesis.args))
            if said.args[0] is said.args[1]:
                theorem = cut(sign(hypothesis), theorem)
            elif said is not hypothesis:
                theorem = cut(linear(hypothesis, (assume(said),), (ONE,)), theorem)
    return theorem


def _without_zeros(side: Term) -> Term:
    if not isinstance(side, Sum) or side.constant is not None:
        return side
    kept = [part for part in side.args if part.constant != 0]
    return side if len(kept) == len(side.args) else Sum(*kept) if len(kept) > 1 else kept[0]


def _known(before: FormStep, at_least: Theorem | None) -> Theorem | None:
    """What is known of the size: its value, or a lower bound."""
    if before.form.base.constant is not None:
        return before.closed
    if at_least is None or before.form.least_base(1) is None:
        return None  # nothing is known, or the closed form is a large polynomial: not worth multiplying out
    try:
        return _lower_bound(before, at_least)
    except KernelError:
        return None


def _slope(condition: Proposition, size: Term) -> int:
    """How fast an inequality gains as ``size`` grows, where that is a number; else 1."""
    if not isinstance(condition, Le):
        return 1
    gap = subtract(normal_form(condition.args[1]), normal_form(condition.args[0]))
    return max(gap.get(((size, 1),), 1), 1)


def _lower_bound(before: FormStep, at_least: Theorem) -> Theorem:
    """l' ≤ size from l ≤ W, because every closed form grows with W."""
    form = before.form
    known = at_least
    if form.factor is not ONE:
        scaled = Le(Product(form.factor, known.conclusion.args[0]), Product(form.factor, form.base))
        known = linear(scaled, (at_least,), (form.factor,))
    if form.scale is ONE:
        return floor_monotone(before.theorem, known)
    inside = polynomial_identity(form.floor, form.affine)
    bound = floor_monotone(inside, known)
    lowest = Sum(Product(form.scale, bound.conclusion.args[0]), form.shift)
    return linear(Le(lowest, before.size), (bound, before.theorem), (form.scale, integer(-1)))


def assumed_least(base: Term, least: int) -> Theorem:
    """l ≤ W: calculated for a number, shown by its promise or else taken as a hypothesis for a symbol."""
    if base.constant is not None:
        return calculate(Le(base, base))
    claim = Le(integer(least), base)
    return sign(claim) if base.least is not None and base.least >= least else assume(claim)
