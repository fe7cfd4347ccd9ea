"""Conditions on several symbols as a person leaves them: whole numbers stand outside of floors, common factors are divided
out, and what a symbol equals is put in its place elsewhere.
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
from symnet.solving.implied import flat
from symnet.solving.unfloor import gap_of, identity, linked, without_minus
from symnet.terms.node import children_first
from symnet.terms.polynomial import Polynomial, add, from_polynomial, normal_form
from symnet.terms.propositions import And, Eq, Le, Lt, Or, Proposition
from symnet.terms.term import FloorDiv, Symbol, Term, integer, substitute, symbols_of

__all__ = ["equated", "lowest", "put_outside", "whole_outside"]

#: Floors inside each other are entered so far, and so many symbols are put in the place of others.
DEPTH = 6


def whole_outside(proposition: Proposition) -> Theorem:
    """⊢ p ⇔ p with whole multiples outside of the floors by numbers, in conditions on several symbols.

    >>> W, P = Symbol("W"), Symbol("P", 0)
    >>> whole_outside(Eq((W + 2 * P - 3) // 2, W)).conclusion.args[1]
    <Eq P + (W - 3)//2 == W>
    """
    if isinstance(proposition, And | Or):
        join = conjuncts if isinstance(proposition, And) else disjuncts
        return join(tuple(map(whole_outside, proposition.args)))
    if not isinstance(proposition, Eq | Le | Lt) or len(symbols_of(proposition)) < 2:
        return identity(proposition)
    return _all_outside(proposition, numbers=False)


def put_outside(proposition: Proposition) -> Theorem:
    """⊢ p ⇔ p with whole multiples outside of the floors by numbers, numbers too: ⌊(2a − 4)/2⌋ is a − 2.

    >>> a = Symbol("a", None)
    >>> put_outside(Le(integer(3), (2 * a - 4) // 2)).conclusion.args[1]
    <Le 3 <= a - 2>
    """
    return _all_outside(proposition, numbers=True)


def _all_outside(proposition: Proposition, *, numbers: bool) -> Theorem:
    """From the innermost floor on; without ``numbers`` a number is left inside unless two floors by the same number stand there."""
    theorem = identity(proposition)
    for _ in range(DEPTH):
        now = theorem.conclusion.args[1]
        floors = [node for node in children_first(now) if isinstance(node, FloorDiv)]
        found: dict[Term, Theorem] = {}
        for floor in floors:
            if any(inner in found for inner in children_first(floor)):
                continue
            alike = any(other is not floor and other.args[1] is floor.args[1] for other in floors)
            outside = _outside(floor, numbers=numbers or alike)
            if outside is not None:
                found[floor] = outside
        if not found:
            break
        theorem = linked(theorem, rewrite_iff(tuple(found.values()), now))
    return theorem


def _outside(floor: FloorDiv, *, numbers: bool) -> Theorem | None:
    """⊢ ⌊(q·m + r)/m⌋ = ⌊r/m⌋ + q; a number is taken out with other things, or where ``numbers`` asks for it."""
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
    written = shift if left.constant == 0 else from_polynomial(add(normal_form(left), outside))
    equal = chain(polynomial_identity(floor, inside.conclusion.args[0]), inside)
    return chain(equal, polynomial_identity(inside.conclusion.args[1], written))


def lowest(proposition: Proposition) -> Theorem:
    """⊢ p ⇔ p with the common factor of each comparison divided out.

    >>> P, Q = Symbol("P", 0), Symbol("Q", 0)
    >>> lowest(Eq(2 * P, 2 * Q)).conclusion.args[1]
    <Eq P == Q>
    >>> lowest(Le(2 * P, 2 * Q + 3)).conclusion.args[1]
    <Le P <= Q + 1>
    """
    if isinstance(proposition, And | Or):
        join = conjuncts if isinstance(proposition, And) else disjuncts
        return join(tuple(map(lowest, proposition.args)))
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


def equated(proposition: Proposition) -> Theorem:
    """⊢ p ⇔ p with equations where two comparisons make one, and what a symbol equals in its place in the other conditions.

    >>> F, S, P = Symbol("F"), Symbol("S"), Symbol("P", 0)
    >>> question = And(Le(2 * P + 1, F), Le(F, 2 * P + 1), Le(F + 111 * S, 2 * P + 224), Le(2 * P + 225, F + 112 * S))
    >>> equated(question).conclusion.args[1]
    <And S == 2 and F == 2*P + 1>
    """
    theorem = identity(proposition)
    done: set[Proposition] = set()
    for _ in range(DEPTH):
        now = theorem.conclusion.args[1]
        found = _equation(now, done) if isinstance(now, And) else None
        if found is None:
            break
        done.add(found)
        theorem = linked(theorem, _put_in(now, found))
    return theorem


def _equation(conjunction: And, done: set[Proposition]) -> Eq | None:
    """A symbol that equals what does not speak of it: a number if there is one."""
    parts = flat(conjunction)
    found: list[Eq] = []
    for part in parts:
        if not isinstance(part, Eq | Le):
            continue
        for symbol, other in (part.args, part.args[::-1]):
            if not isinstance(symbol, Symbol) or symbol in symbols_of(other):
                continue
            if isinstance(part, Eq) or (Le(symbol, other) in parts and Le(other, symbol) in parts):
                found.append(Eq(symbol, other))
    fresh = [one for one in found if one not in done and any(_speaks(part, one) for part in parts)]
    return min(fresh, key=lambda one: (one.args[1].constant is None, found.index(one)), default=None)


def _speaks(part: Proposition, equation: Eq) -> bool:
    """Whether a condition, other than the equation itself, speaks of its symbol."""
    symbol, other = equation.args
    return part not in (equation, Eq(other, symbol)) and symbol in symbols_of(part)


def _expanded(proposition: Proposition) -> Theorem:
    """⊢ p ⇔ p with both sides of a comparison multiplied out."""
    if not isinstance(proposition, Eq | Le | Lt):
        return identity(proposition)
    sides = {side: from_polynomial(normal_form(side)) for side in proposition.args}
    found = [polynomial_identity(side, other) for side, other in sides.items() if side is not other]
    return rewrite_iff(tuple(found), proposition)


def _put_in(conjunction: And, equation: Eq) -> Theorem:
    """⊢ p ⇔ the equation first, then the other conditions with it put in."""
    symbol, other = equation.args
    parts = list(flat(conjunction))
    if equation in parts:
        first, used = identity(equation), [equation]
    elif Eq(other, symbol) in parts:
        first, used = rearrange(Eq(other, symbol), equation), [Eq(other, symbol)]
    else:
        first = flip(equal_both_ways(symbol, other))
        used = [*first.conclusion.args[0].args]
    rest = [part for part in parts if part not in used]
    start = And(first.conclusion.args[0], *rest)
    theorem = linked(regroup(conjunction, start), conjuncts((first, *map(identity, rest))))
    steps = [identity(equation)]
    for part in rest:
        if symbol in symbols_of(part):
            put = linked(rewrite_iff((assume(equation),), part), _expanded(substitute(part, {symbol: other})))
            steps.append(linked(put, lowest(put.conclusion.args[1])))
        else:
            steps.append(identity(part))
    inner = conjuncts(tuple(steps))
    theorem = linked(theorem, inner)
    return linked(theorem, regroup(theorem.conclusion.args[1], And(*flat(theorem.conclusion.args[1]))))
