"""Random theorems of each rule, with a point at which (where possible) their hypotheses hold.

Adding a rule? Add its strategy to ``INSTANCES``: it draws the rule's arguments. Premises are assumptions that are true
at the point, so that conclusions are tested where they say something.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

from symnet.errors import SymnetError
from symnet.kernel import rules as R
from symnet.kernel.theorem import RULES, Theorem
from symnet.terms.polynomial import from_polynomial, normal_form
from symnet.terms.propositions import And, Congruent, Divides, Eq, Iff, In, Le, Lt, Or, Proposition
from symnet.terms.term import CeilDiv, FloorDiv, Max, Min, Mod, Sum, Symbol, Term, integer
from tests.kernel.meaning import TooLarge, Values, is_true, meaning
from tests.kernel.rule_table import TABLE
from tests.kernel.solving_instances import SOLVING_INSTANCES
from tests.strategies import SYMBOLS, counts, integer_sets, terms

__all__ = ["INSTANCES", "Draw", "instances", "points"]

Draw = Callable[[st.SearchStrategy[Any]], Any]
Arguments = tuple[Any, ...]

ANY = Symbol("t", None)  # of either sign, for the hole of a pattern and as an unknown
UNKNOWNS = (*SYMBOLS, ANY, *(Symbol(name, None) for name in "xyz"), *map(Symbol, "DK"))
POINT = {symbol: st.integers(-25 if symbol.least is None else symbol.least, 25) for symbol in UNKNOWNS}

SMALL = terms(max_leaves=4) | st.sampled_from(UNKNOWNS) | counts()
_ONES = st.integers(1, 6).map(integer) | st.sampled_from([symbol for symbol in UNKNOWNS if symbol.least == 1])
#: At least 1, and at least 0, by structure.
POSITIVE = _ONES | st.builds(Sum, _ONES, _ONES) | st.builds(Max, SMALL, _ONES)
NATURAL = POSITIVE | st.builds(Mod, SMALL, _ONES) | st.builds(Max, st.just(integer(0)), SMALL) | counts()
SMALL_POSITIVE = _ONES | st.builds(Max, st.sampled_from(UNKNOWNS), _ONES)


def points() -> st.SearchStrategy[dict[Symbol, int]]:
    """Integers for all symbols that instances speak of, within their signs."""
    return st.fixed_dictionaries(POINT)


def _moved(term: Term, by: int) -> Term:
    return term if by == 0 else term + by


def _equal(draw: Draw, term: Term, point: Values) -> Term:
    """Another term that has the same value at the point."""
    other = draw(SMALL)
    return _moved(other, meaning(term, point) - meaning(other, point))


def _equation(draw: Draw, point: Values) -> Theorem:
    left = draw(SMALL)
    return R.assume(Eq(left, _equal(draw, left, point)))


def _inequality(draw: Draw, point: Values, right: Term | None = None) -> Theorem:
    left = draw(SMALL)
    right = draw(SMALL) if right is None else right
    slack = meaning(right, point) - meaning(left, point)
    kind = draw(st.sampled_from([Le, Lt]))
    return R.assume(kind(_moved(left, min(slack, 0) - (1 if kind is Lt and slack <= 0 else 0)), right))


def _claim(draw: Draw) -> Proposition:
    """A proposition of some shape, true or false."""
    kind = draw(st.sampled_from([Le, Lt, Eq, Divides]))
    left, right = draw(SMALL), draw(SMALL)
    inside = In(left, draw(integer_sets()))
    return draw(  # type: ignore[no-any-return]
        st.sampled_from(
            [kind(left, right), inside, And(kind(right, left), inside), Congruent(left, right, draw(SMALL))]
        )
    )


def _truth(draw: Draw, point: Values) -> Proposition:
    """A proposition that is true at the point."""
    drawn = _claim(draw)
    truths = [drawn] if is_true(drawn, point) else []
    return draw(  # type: ignore[no-any-return]
        st.sampled_from([*truths, Or(_equation(draw, point).conclusion, drawn), _inequality(draw, point).conclusion])
    )


def _like(draw: Draw, proposition: Proposition, point: Values) -> Proposition:
    """A proposition that is as true at the point as the given one."""
    true = _truth(draw, point)
    return true if is_true(proposition, point) else And(true, Lt(integer(0), integer(0)))


def _affine(draw: Draw, point: Values, whole: Term | None = None, inner: Term | None = None) -> Theorem:
    """``y = ⌊(x + a)/m⌋``, true at the point (``whole`` or ``inner`` may be given)."""
    inner = draw(SMALL) if inner is None else inner
    floor = FloorDiv(Sum(inner, draw(SMALL)), draw(POSITIVE))
    return R.assume(Eq(_equal(draw, floor, point) if whole is None else whole, floor))


def _identity(draw: Draw, point: Values) -> Arguments:
    if draw(st.booleans()):
        left = draw(SMALL)
        return left, draw(
            st.sampled_from([from_polynomial(normal_form(left)), (left + 1) ** 2 - left * left - left - 1])
        )
    left = draw(SMALL)
    other = draw(SMALL)
    kind = draw(st.sampled_from([FloorDiv, CeilDiv, Mod, Min, Max]))
    return kind(left, other), kind(from_polynomial(normal_form(left)), Sum(other, left, -left))


def _chain(draw: Draw, point: Values) -> Arguments:
    first = _equation(draw, point)
    middle = first.conclusion.args[1]
    return first, R.assume(Eq(middle, _equal(draw, middle, point)))


def _replace(draw: Draw, point: Values) -> Arguments:
    equation = _equation(draw, point)
    hole = draw(st.sampled_from([ANY, SYMBOLS[0], SYMBOLS[3]]))
    old = equation.conclusion.args[1]
    left, right = _holed(draw, hole), draw(SMALL)
    kind, excess = draw(st.sampled_from([(Eq, 0), (Le, 0), (Lt, 1)]))
    sides = _filled(Eq(left, right), hole, old).args
    pattern = kind(left, _moved(right, meaning(sides[0], point) - meaning(sides[1], point) + excess))
    return equation, R.assume(_filled(pattern, hole, old)), pattern, hole


def _holed(draw: Draw, hole: Symbol) -> Term:
    part = draw(SMALL)
    return draw(  # type: ignore[no-any-return]
        st.sampled_from(
            [Sum(part, hole), hole * part - hole, FloorDiv(hole, draw(POSITIVE)), Min(hole, part), Max(part, -hole)]
        )
    )


def _filled(pattern: Proposition, hole: Symbol, term: Term) -> Proposition:
    return R.instantiate(R.assume(pattern), (hole,), (term,)).conclusion


def _sign(draw: Draw, point: Values) -> Arguments:
    smaller = draw(SMALL)
    return (draw(st.sampled_from([Le, Lt]))(smaller, Sum(draw(POSITIVE | NATURAL), smaller, draw(NATURAL))),)


def _linear(draw: Draw, point: Values) -> Arguments:
    premises, multipliers = [], []
    left, right = draw(SMALL), draw(NATURAL)
    kind = draw(st.sampled_from([Le, Le, Lt, Eq]))
    right = left + right if kind is not Eq or draw(st.booleans()) else left
    for _ in range(draw(st.integers(0, 2))):
        if kind is Eq or draw(st.booleans()):
            premise, multiplier = _equation(draw, point), draw(SMALL)
        else:
            premise, multiplier = _inequality(draw, point), draw(NATURAL)
        premises.append(premise)
        multipliers.append(multiplier)
        left = left + multiplier * premise.conclusion.args[0]
        right = right + multiplier * premise.conclusion.args[1]
    return kind(left, right), tuple(premises), tuple(multipliers)


def _instantiate(draw: Draw, point: Values) -> Arguments:
    rule, case = draw(st.sampled_from([(rule, case) for rule in TABLE for case in TABLE[rule].accepted]))
    replaced = draw(st.lists(st.sampled_from(UNKNOWNS), max_size=4, unique=True))
    return RULES[rule](*case.arguments), tuple(replaced), tuple(draw(SMALL | POSITIVE) for _ in replaced)


def _cut(draw: Draw, point: Values) -> Arguments:
    law = R.window_count(*_window(draw, point))
    (condition,) = law.hypotheses
    known = draw(st.sampled_from(["itself", "sharper"]))
    if known == "itself":
        return R.assume(condition), law
    left, right = condition.args
    return R.linear(condition, (R.assume(Lt(left, right)),), (integer(1),)), law


def _discharge(draw: Draw, point: Values) -> Arguments:
    proof, law = _cut(draw, point)
    known = R.assume(_truth(draw, point))
    return (proof, known), R.both((law, known))


def _equivalence(draw: Draw, point: Values) -> Arguments:
    bound = _inequality(draw, point).conclusion
    left, right = bound.args
    other = type(bound)(Sum(left, -right), integer(0))
    one = (integer(1),)
    forward, backward = R.linear(other, (R.assume(bound),), one), R.linear(bound, (R.assume(other),), one)
    return draw(  # type: ignore[no-any-return]
        st.sampled_from(
            [(forward, backward), (R.assume(other), backward), (R.assume(_truth(draw, point)), R.assume(bound))]
        )
    )


def _iff(draw: Draw, point: Values, left: Proposition) -> Theorem:
    return R.assume(Iff(left, _like(draw, left, point)))


def _iff_chain(draw: Draw, point: Values) -> Arguments:
    first = _iff(draw, point, _claim(draw))
    return first, _iff(draw, point, first.conclusion.args[1])


def _modus_ponens(draw: Draw, point: Values) -> Arguments:
    known = _truth(draw, point)
    return _iff(draw, point, known), R.assume(known)


def _closed(draw: Draw) -> Term:
    numbers: dict[Symbol, Term] = {symbol: integer(draw(st.integers(1, 9))) for symbol in SYMBOLS}
    equation = R.assume(Eq(draw(terms(max_leaves=6)), integer(0)))
    return R.instantiate(equation, tuple(numbers), tuple(numbers.values())).conclusion.args[0]  # type: ignore[no-any-return]


def _calculate(draw: Draw, point: Values) -> Arguments:
    left, right = _closed(draw), _closed(draw)
    kind = draw(st.sampled_from([Le, Lt, Eq, Divides]))
    claim = draw(st.sampled_from([kind(left, right), Or(kind(left, right), kind(right, left)), Eq(left, left)]))
    return (claim,)


def _part(draw: Draw, point: Values) -> Arguments:
    parts = [_truth(draw, point) for _ in range(draw(st.integers(1, 3)))]
    return R.assume(And(*parts)), draw(st.integers(0, len(parts) - 1))


def _flip(draw: Draw, point: Values) -> Arguments:
    return (_equation(draw, point) if draw(st.booleans()) else _iff(draw, point, _truth(draw, point)),)


def _nest(draw: Draw, point: Values) -> Arguments:
    inner = _affine(draw, point)
    return inner, _affine(draw, point, inner=inner.conclusion.args[0])


def _monotone(draw: Draw, point: Values) -> Arguments:
    equation = _affine(draw, point)
    inner = equation.conclusion.args[1].args[0].args[0]
    bound = _inequality(draw, point, right=inner)
    return equation, R.linear(Le(*bound.conclusion.args), (bound,), (integer(1),))


def _window(draw: Draw, point: Values) -> Arguments:
    """Length, kernel, dilation and stride; the kernel fits at the point three times out of four."""
    length, kernel, dilation, stride = draw(SMALL), draw(SMALL_POSITIVE), draw(SMALL_POSITIVE), draw(SMALL_POSITIVE)
    spare = draw(st.integers(-8, 24)) + (meaning(kernel, point) - 1) * meaning(dilation, point)
    return _moved(length, spare - meaning(length, point)), kernel, dilation, stride


def _window_value(draw: Draw, point: Values) -> Arguments:
    window = _window(draw, point)
    number = max(1, meaning(R.window_fits(*window).conclusion.args[0].args[1], point))
    return *window, draw(SMALL | POSITIVE | st.just(integer(number)))


def _floor_value(draw: Draw, point: Values) -> Arguments:
    numerator, divisor = draw(SMALL), draw(POSITIVE)
    return numerator, divisor, draw(SMALL | st.just(integer(meaning(numerator, point) // meaning(divisor, point))))


INSTANCES: Mapping[str, Callable[[Draw, Values], Arguments]] = {
    "add_equations": lambda draw, point: (tuple(_equation(draw, point) for _ in range(draw(st.integers(0, 3)))),),
    "assume": lambda draw, point: (_truth(draw, point),),
    "both": lambda draw, point: (tuple(R.assume(_truth(draw, point)) for _ in range(draw(st.integers(0, 3)))),),
    "calculate": _calculate,
    "ceil_as_floor": lambda draw, point: (draw(SMALL), draw(POSITIVE)),
    "chain": _chain,
    "cut": _cut,
    "discharge": _discharge,
    "entry_count": lambda draw, point: (tuple(draw(st.lists(NATURAL, max_size=3))),),
    "equivalence": _equivalence,
    "flip": _flip,
    "floor_bound": lambda draw, point: (draw(SMALL), draw(SMALL), draw(POSITIVE)),
    "floor_common": lambda draw, point: (draw(SMALL), draw(SMALL), draw(POSITIVE), draw(POSITIVE)),
    "floor_monotone": _monotone,
    "floor_nest": _nest,
    "floor_shift": lambda draw, point: (draw(SMALL), draw(POSITIVE), draw(SMALL)),
    "floor_value": _floor_value,
    "iff_chain": _iff_chain,
    "instantiate": _instantiate,
    "linear": _linear,
    "max_bound": lambda draw, point: (tuple(draw(st.lists(SMALL, max_size=3))), draw(SMALL)),
    "min_bound": lambda draw, point: (draw(SMALL), tuple(draw(st.lists(SMALL, max_size=3)))),
    "min_first": lambda draw, point: (_inequality(draw, point),),
    "modus_ponens": _modus_ponens,
    "part": _part,
    "polynomial_identity": _identity,
    "replace": _replace,
    "same_windows": _window,
    "sign": _sign,
    "value": lambda draw, point: (_closed(draw),),
    "window_count": _window,
    "window_fits": _window,
    "window_value": _window_value,
    **SOLVING_INSTANCES,
}


@st.composite
def instances(draw: Draw, name: str) -> tuple[Theorem, dict[Symbol, int]] | None:
    """A theorem of the rule and a point; ``None`` where the rule refused or a count is too large to be counted."""
    point = draw(points())
    try:
        return RULES[name](*INSTANCES[name](draw, point)), point
    except (SymnetError, TooLarge):
        return None
