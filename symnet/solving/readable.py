"""Readable conditions on several symbols: integer multiples are taken out of floors, common factors are divided out,
and equal terms are substituted.
"""

from __future__ import annotations

from math import gcd

from symnet.kernel.rules import (
    assume,
    chain,
    conjuncts,
    disjuncts,
    divide,
    equal_both_ways,
    flip,
    floor_shift,
    polynomial_identity,
    rearrange,
    regroup,
    rewrite_iff,
    value,
)
from symnet.kernel.theorem import Theorem
from symnet.solving.floors import gap_of, identity, linked, without_minus
from symnet.solving.redundant import all_conjuncts
from symnet.terms.node import children_first
from symnet.terms.polynomial import Polynomial, add, from_polynomial, normal_form
from symnet.terms.propositions import And, Eq, Le, Lt, Or, Proposition
from symnet.terms.term import FloorDiv, Symbol, Term, integer, substitute, symbols_of

__all__ = [
    "divide_common_factors",
    "multiples_out_of_floors",
    "numbers_out_of_floors",
    "solve_equations",
    "substitute_equalities",
]

#: Nested floors are rewritten to this depth, and at most so many symbols are substituted.
DEPTH = 6


def multiples_out_of_floors(proposition: Proposition) -> Theorem:
    """⊢ p ⇔ p with integer multiples of the divisor taken out of floors, in conditions on several symbols.

    >>> W, P = Symbol("W"), Symbol("P", 0)
    >>> multiples_out_of_floors(Eq((W + 2 * P - 3) // 2, W)).conclusion.args[1]
    <Eq P + (W - 3)//2 == W>
    """
    if isinstance(proposition, And | Or):
        join = conjuncts if isinstance(proposition, And) else disjuncts
        return join(tuple(map(multiples_out_of_floors, proposition.args)))
    if not isinstance(proposition, Eq | Le | Lt) or len(symbols_of(proposition)) < 2:
        return identity(proposition)
    return _all_outside(proposition, numbers=False)


def numbers_out_of_floors(proposition: Proposition) -> Theorem:
    """⊢ p ⇔ p with integer multiples of the divisor taken out of floors, numbers as well: ⌊(2a − 4)/2⌋ is a − 2.

    >>> a = Symbol("a", None)
    >>> numbers_out_of_floors(Le(integer(3), (2 * a - 4) // 2)).conclusion.args[1]
    <Le 3 <= a - 2>
    """
    return _all_outside(proposition, numbers=True)


def _all_outside(proposition: Proposition, *, numbers: bool) -> Theorem:
    """Rewrites from the innermost floor outwards; without ``numbers`` a number is only taken out if two floors have
    the same divisor.
    """
    theorem = identity(proposition)
    for _ in range(DEPTH):
        current = theorem.conclusion.args[1]
        floors = [node for node in children_first(current) if isinstance(node, FloorDiv)]
        rewritten: dict[Term, Theorem] = {}
        for floor in floors:
            if any(inner in rewritten for inner in children_first(floor)):
                continue
            alike = any(other is not floor and other.args[1] is floor.args[1] for other in floors)
            outside = _outside(floor, numbers=numbers or alike)
            if outside is not None:
                rewritten[floor] = outside
        if not rewritten:
            break
        theorem = linked(theorem, rewrite_iff(tuple(rewritten.values()), current))
    return theorem


def _outside(floor: FloorDiv, *, numbers: bool) -> Theorem | None:
    """⊢ ⌊(q·m + r)/m⌋ = ⌊r/m⌋ + q. A number is only taken out together with other terms, or with ``numbers``. ``None``
    if there is nothing to take out.
    """
    numerator, divisor = floor.args
    number = divisor.constant
    if number is None or number < 1 or not symbols_of(numerator):
        return None
    gap = normal_form(numerator)
    outside: Polynomial = {key: held // number for key, held in gap.items() if key and held % number == 0}
    constant = gap.get((), 0)
    alone = len(outside) == len(gap.keys() - {()})
    if ((outside and alone) or numbers) and constant // number:
        outside = add(outside, {(): constant // number})
    if not outside:
        return None
    rest = add(gap, outside, -number)
    shift = from_polynomial(outside)
    inside = flip(floor_shift(from_polynomial(rest), divisor, shift))
    left = FloorDiv(from_polynomial(rest), divisor)
    quotient = shift if left.constant == 0 else from_polynomial(add(normal_form(left), outside))
    equal = chain(polynomial_identity(floor, inside.conclusion.args[0]), inside)
    return chain(equal, polynomial_identity(inside.conclusion.args[1], quotient))


def divide_common_factors(proposition: Proposition) -> Theorem:
    """⊢ p ⇔ p with the common factor of each comparison divided out.

    >>> P, Q = Symbol("P", 0), Symbol("Q", 0)
    >>> divide_common_factors(Eq(2 * P, 2 * Q)).conclusion.args[1]
    <Eq P == Q>
    >>> divide_common_factors(Le(2 * P, 2 * Q + 3)).conclusion.args[1]
    <Le P <= Q + 1>
    """
    if isinstance(proposition, And | Or):
        join = conjuncts if isinstance(proposition, And) else disjuncts
        return join(tuple(map(divide_common_factors, proposition.args)))
    if not isinstance(proposition, Eq | Le | Lt):
        return identity(proposition)
    gap = gap_of(proposition)
    if isinstance(proposition, Lt):
        gap = add(gap, {(): -1})
    number = gap.get((), 0)
    common = gcd(*(coefficient for monomial, coefficient in gap.items() if monomial))
    if common < 2:
        return identity(proposition)
    divided = {monomial: coefficient // common for monomial, coefficient in gap.items()}
    if number % common == 0:
        kind = Eq if isinstance(proposition, Eq) else Le
        plain = without_minus(kind, gap)
        return linked(rearrange(proposition, plain), rearrange(plain, without_minus(kind, divided)))
    if isinstance(proposition, Eq):
        return identity(proposition)
    smaller = from_polynomial({monomial: -held for monomial, held in divided.items() if monomial})
    apart = rearrange(proposition, Le(smaller * integer(common), integer(number)))
    down = divide(smaller, integer(common), integer(number))
    rounded = rewrite_iff((value(down.conclusion.args[1].args[1]),), down.conclusion.args[1])
    shown = rearrange(rounded.conclusion.args[1], without_minus(Le, {**divided, (): number // common}))
    return linked(apart, down, rounded, shown)


def substitute_equalities(proposition: Proposition, *, linear: bool = False) -> Theorem:
    """⊢ p ⇔ p with pairs of opposite comparisons as equations, and a symbol that equals a term (with ``linear``: a linear one)
    replaced by it in the other conditions.

    >>> F, S, P = Symbol("F"), Symbol("S"), Symbol("P", 0)
    >>> question = And(Le(2 * P + 1, F), Le(F, 2 * P + 1), Le(F + 111 * S, 2 * P + 224), Le(2 * P + 225, F + 112 * S))
    >>> substitute_equalities(question).conclusion.args[1]
    <And S == 2 and F == 2*P + 1>
    """
    theorem = identity(proposition)
    done: set[Proposition] = set()
    for _ in range(DEPTH):
        current = theorem.conclusion.args[1]
        equation = _equation(current, done, linear) if isinstance(current, And) else None
        if equation is None:
            break
        done.add(equation)
        theorem = linked(theorem, _put_in(current, equation))
    return theorem


def solve_equations(proposition: Proposition) -> Theorem:
    """⊢ p ⇔ p with each linear equation of several symbols solved for one that stands once in it, where that needs no minus sign.

    >>> F, P = Symbol("F"), Symbol("P", 0)
    >>> solve_equations(And(Eq(F + 1, 2 * P), Le(F, integer(9)))).conclusion.args[1]
    <And F == 2*P - 1 and F <= 9>
    """
    if isinstance(proposition, And):
        return conjuncts(tuple(map(solve_equations, proposition.args)))
    if not isinstance(proposition, Eq) or len(symbols_of(proposition)) < 2 or isinstance(proposition.args[0], Symbol):
        return identity(proposition)
    gap = gap_of(proposition)
    for symbol in symbols_of(proposition) if _is_linear(gap) else ():
        own = ((symbol, 1),)
        other = {monomial: -number * gap.get(own, 0) for monomial, number in gap.items() if monomial != own}
        if gap.get(own) in (1, -1) and all(number > 0 for monomial, number in other.items() if monomial):
            return rearrange(proposition, Eq(symbol, from_polynomial(other)))
    return identity(proposition)


def _is_linear(polynomial: Polynomial) -> bool:
    """Whether it is a sum of numbers of symbols."""
    return all(sum(power for _, power in key) == 1 and type(key[0][0]) is Symbol for key in polynomial if key)


def _equation(conjunction: And, done: set[Proposition], linear: bool) -> Eq | None:
    """An equation symbol = term without that symbol, which would change another condition; preferably with a number."""
    parts = all_conjuncts(conjunction)
    candidates: list[Eq] = []
    for part in parts:
        if not isinstance(part, Eq | Le):
            continue
        for symbol, other in (part.args, part.args[::-1]):
            if (
                not isinstance(symbol, Symbol)
                or symbol in symbols_of(other)
                or (linear and not _is_linear(normal_form(other)))
            ):
                continue
            if isinstance(part, Eq) or (Le(symbol, other) in parts and Le(other, symbol) in parts):
                candidates.append(Eq(symbol, other))
    usable = [one for one in candidates if one not in done and any(_contains_symbol(part, one) for part in parts)]
    return min(usable, key=lambda one: (one.args[1].constant is None, candidates.index(one)), default=None)


def _contains_symbol(part: Proposition, equation: Eq) -> bool:
    """Whether a condition other than the equation itself contains its symbol."""
    symbol, other = equation.args
    return part not in (equation, Eq(other, symbol)) and symbol in symbols_of(part)


def _expanded(proposition: Proposition) -> Theorem:
    """⊢ p ⇔ p with both sides of a comparison multiplied out."""
    if not isinstance(proposition, Eq | Le | Lt):
        return identity(proposition)
    sides = {side: from_polynomial(normal_form(side)) for side in proposition.args}
    equations = [polynomial_identity(side, other) for side, other in sides.items() if side is not other]
    return rewrite_iff(tuple(equations), proposition)


def _put_in(conjunction: And, equation: Eq) -> Theorem:
    """⊢ p ⇔ the equation, and the other conditions with its symbol replaced."""
    symbol, other = equation.args
    parts = list(all_conjuncts(conjunction))
    if equation in parts:
        first, used_parts = identity(equation), [equation]
    elif Eq(other, symbol) in parts:
        first, used_parts = rearrange(Eq(other, symbol), equation), [Eq(other, symbol)]
    else:
        first = flip(equal_both_ways(symbol, other))
        used_parts = [*first.conclusion.args[0].args]
    rest = [part for part in parts if part not in used_parts]
    start = And(first.conclusion.args[0], *rest)
    theorem = linked(regroup(conjunction, start), conjuncts((first, *map(identity, rest))))
    steps = [identity(equation)]
    for part in rest:
        if symbol in symbols_of(part):
            put = linked(rewrite_iff((assume(equation),), part), _expanded(substitute(part, {symbol: other})))
            steps.append(linked(put, divide_common_factors(put.conclusion.args[1])))
        else:
            steps.append(identity(part))
    inner = conjuncts(tuple(steps))
    theorem = linked(theorem, inner)
    return linked(theorem, regroup(theorem.conclusion.args[1], And(*all_conjuncts(theorem.conclusion.args[1]))))
