"""Sizes that are equal to earlier ones: a layer that keeps a size, or a branch with the same size, defines no new size.

Two sizes are equal if their closed forms are. The later one then has the name of the first, and the table states the equation
``formula = first size``, which is proven here through the closed form of both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from symnet.errors import SymnetError
from symnet.kernel.rules import chain, flip, polynomial_identity, replace
from symnet.kernel.theorem import Theorem
from symnet.layers.laws.counting import HOLE, rewritten
from symnet.network.axes import AxisProof
from symnet.network.closed_forms import ClosedForm
from symnet.network.proof import FormStep
from symnet.terms.polynomial import from_polynomial, normal_form
from symnet.terms.propositions import Eq
from symnet.terms.term import Symbol, Term, substitute, symbols_of

__all__ = ["RepeatedSizes", "repeated_sizes"]

#: In networks of more layers, closed forms with letters are compared as they are, not multiplied out.
EXPANDED_LAYERS = 64


@dataclass(frozen=True)
class RepeatedSizes:
    """``first`` has for every size the size whose name it has: itself, an earlier one, or one of the input; or the number that it is
    for all values of its letters. ``equations`` has ⊢ formula = first size, for a size that is not the first.
    """

    first: dict[Term, Term]
    equations: dict[Term, Theorem]


def repeated_sizes(axes: Sequence[Sequence[AxisProof | None]]) -> RepeatedSizes:
    """The repeated sizes among those of all layers, in order, for the input as given."""
    first: dict[Term, Term] = {}
    equations: dict[Term, Theorem] = {}
    first_step: dict[tuple[Term, ...], FormStep] = {}
    for step in _shown(axes):
        if step.size in first:
            continue
        if step.formula is None and not isinstance(step.size, Symbol):  # an expression in the input has no name
            first[step.size] = step.size
            continue
        if step.form.term.constant is not None and (equation := _number(step)) is not None:
            first[step.size], equations[step.size] = step.form.term, equation
            continue
        earlier = first_step.setdefault(_key(step.form, len(axes) <= EXPANDED_LAYERS), step)
        equation = None if earlier is step else _equation(step, earlier, first)
        first[step.size] = step.size if equation is None else earlier.size
        if equation is not None:
            equations[step.size] = equation
    return RepeatedSizes(first, equations)


def _shown(axes: Sequence[Sequence[AxisProof | None]]) -> Iterator[FormStep]:
    for layer in axes:
        for axis in layer:
            if axis is not None and axis.number is None:
                yield axis.shown


def _key(form: ClosedForm, expanded: bool) -> tuple[Term, ...]:
    """A key that is equal for equal closed forms: their parts, as polynomials with sorted terms."""
    parts = (form.base, form.factor, form.offset, form.divisor, form.scale, form.shift)
    if not expanded or not symbols_of(*parts[1:]):
        return parts
    polynomials = (form.term,) if form.divisor.constant == 1 else (form.numerator, *parts[3:])
    return tuple(from_polynomial(normal_form(part)) for part in polynomials)


def _number(step: FormStep) -> Theorem | None:
    """⊢ formula = number, of a size that is one number for all values of the letters."""
    formula = step.proven_formula()
    return None if formula is None else chain(flip(formula), step.closed)


def _equation(step: FormStep, earlier: FormStep, first: Mapping[Term, Term]) -> Theorem | None:
    """⊢ formula = earlier size: as polynomials, with the size before the layer renamed; or else because both equal their closed form."""
    if step.map_ is None or step.source is None:
        return None
    try:
        return polynomial_identity(step.map_.formula(first.get(step.source, step.source)), earlier.size)
    except SymnetError:
        pass
    formula = step.proven_formula()
    if formula is None:
        return None
    form, same = step.form, earlier.form
    try:
        closed = step.closed
        if form.divisor.constant != 1 and form.floor is not same.floor:
            numerator, wanted = (one.numerator for one in (form, same))
            template = Eq(step.size, substitute(form.term, {numerator: HOLE}))
            closed = replace(polynomial_identity(wanted, numerator), closed, template, HOLE)
        closed = rewritten(closed, same.term)
        return chain(flip(formula), chain(closed, flip(earlier.closed)))
    except SymnetError:
        return None
