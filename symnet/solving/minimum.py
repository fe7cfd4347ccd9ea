"""Comparisons with the minimum of two numbers, rewritten without it:

    o ≤ min(x, y) ⇔ o ≤ x ∧ o ≤ y          min(x, y) ≤ o ⇔ x ≤ o ∨ (o < x ∧ y ≤ o)

Both follow from the case distinction x ≤ y or y < x.
"""

from __future__ import annotations

from symnet.errors import KernelError
from symnet.kernel.rules import (
    assume,
    both,
    calculate,
    chain,
    conjuncts,
    disjuncts,
    either,
    equal_both_ways,
    equivalence,
    flip,
    iff_chain,
    linear,
    min_first,
    modus_ponens,
    part,
    polynomial_identity,
    rewrite_iff,
)
from symnet.kernel.theorem import Theorem
from symnet.terms.propositions import And, Le, Lt, Proposition
from symnet.terms.term import Min, Term, integer

__all__ = ["at_least", "at_most"]

ZERO, ONE = integer(0), integer(1)
TRUE = Le(ZERO, ZERO)


def at_least(other: Term, smaller: Min) -> Theorem:
    """⊢ o ≤ min(x, y) ⇔ o ≤ x ∧ o ≤ y.

    >>> from symnet.terms.term import Symbol
    >>> at_least(Symbol("o"), Min(Symbol("x"), Symbol("y")))
    ⊢ o <= min(x, y) <=> o <= x and o <= y
    """
    claim = Le(other, smaller)
    sides = [Le(other, side) for side in smaller.args]
    assumption = assume(And(*sides))
    forward = both(tuple(_by_cases(smaller, side, [assume(claim)]) for side in sides))
    return equivalence(forward, _by_cases(smaller, claim, [part(assumption, 0), part(assumption, 1)]))


def at_most(smaller: Min, other: Term) -> Theorem:
    """⊢ min(x, y) ≤ o ⇔ x ≤ o ∨ (o < x ∧ y ≤ o).

    >>> from symnet.terms.term import Symbol
    >>> at_most(Min(Symbol("x"), Symbol("y")), Symbol("o"))
    ⊢ min(x, y) <= o <=> x <= o or o < x and y <= o
    """
    claim = Le(smaller, other)
    x, y = smaller.args
    first, second, beyond = Le(x, other), Le(y, other), Lt(other, x)
    one = conjuncts((_same(first), equivalence(calculate(TRUE), _by_cases(smaller, claim, [assume(first)]))))
    plain = equivalence(both((assume(first), calculate(TRUE))), part(assume(And(first, TRUE)), 0))
    forward = _by_cases(smaller, second, [assume(claim), assume(beyond)])
    two = conjuncts((_same(beyond), equivalence(forward, _by_cases(smaller, claim, [assume(second)]))))
    return iff_chain(either(claim, x, other), disjuncts((iff_chain(one, flip(plain)), two)))


def _same(proposition: Proposition) -> Theorem:
    return rewrite_iff((), proposition)


def _by_cases(smaller: Min, goal: Le, known: list[Theorem]) -> Theorem:
    """Γ ⊢ goal by cases: from ``known`` with x ≤ y and min(x, y) = x, and from ``known`` with y < x and min(x, y) = y."""
    x, y = smaller.args
    less, more = Le(x, y), Lt(y, x)
    second_is_less = min_first(linear(Le(y, x), (assume(more),), (ONE,)))
    second_value = chain(polynomial_identity(smaller, second_is_less.conclusion.args[0]), second_is_less)
    first = min_first(assume(less))
    one = _follows(goal, [*known, assume(less), first, flip(first)])
    two = _follows(goal, [*known, assume(more), second_value, flip(second_value)])
    steps = [
        conjuncts((_same(case), equivalence(proof, calculate(TRUE)))) for case, proof in ((less, one), (more, two))
    ]
    true = iff_chain(iff_chain(either(TRUE, x, y), disjuncts(tuple(steps))), flip(either(goal, x, y)))
    return modus_ponens(true, calculate(TRUE))


def _follows(goal: Le, known: list[Theorem]) -> Theorem:
    """Proves the goal as a sum of a subset of ``known`` (2ⁿ subsets tried), or from a contradiction among them."""
    for target in (goal, Le(ONE, ZERO)):
        for choice in range(1 << len(known)):
            premises = tuple(theorem for index, theorem in enumerate(known) if choice >> index & 1)
            try:
                theorem = linear(target, premises, (ONE,) * len(premises))
            except KernelError:
                continue
            return theorem if target is goal else _anything(goal, theorem)
    raise KernelError("nothing follows")


def _anything(goal: Le, absurd: Theorem) -> Theorem:
    """Any goal from 1 ≤ 0: it gives 0 = 1, and multiples of that equate any two numbers."""
    zero = modus_ponens(flip(equal_both_ways(ZERO, ONE)), both((calculate(Le(ZERO, ONE)), absurd)))
    return linear(goal, (zero,), (goal.args[1] - goal.args[0],))
