"""Derived rules of arithmetic: calculation, values, identities, equals for equals, signs, the smaller of two."""

from __future__ import annotations

from functools import lru_cache

from symnet.errors import KernelError
from symnet.kernel.certificate import Yes
from symnet.kernel.derived.lemmas import LETTERS, ONE, added, by_lemma, combined, holds_by_signs, parts_of_two
from symnet.kernel.primitive.arithmetic import floor_value, linear, min_bound
from symnet.kernel.primitive.logic import (
    assume,
    both,
    discharge,
    equivalence,
    instantiate,
    modus_ponens,
    part,
    rewrite_iff,
)
from symnet.kernel.primitive.tree import tree
from symnet.kernel.theorem import Theorem, derived_rule
from symnet.printing.text import text
from symnet.terms.evaluation import evaluate
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.propositions import And, Eq, In, Le, Lt, Proposition
from symnet.terms.term import Min, Sum, Symbol, Term, integer, substitute
from symnet.terms.walks import outermost

__all__ = [
    "add_equations", "calculate", "chain", "equal_both_ways", "min_first", "polynomial_identity", "replace", "sign", "value",
]  # fmt: skip

x, y, z = LETTERS[:3]
#: What stands at the holes of a pattern.
_HOLE = Symbol("symnet_hole", None)


@lru_cache(maxsize=1)
def _anywhere() -> Theorem:
    return modus_ponens(tree(And(), (x,), (), _ANYWHERE, Yes()), both(()))


_ANYWHERE = In(x, IntegerSet.interval(None, None))


@derived_rule
def calculate(proposition: Proposition) -> Theorem:
    """A proposition without symbols is true by calculation.

    ─────  p is about numbers alone, and true
    ⊢ p
    """
    if any(term.constant is None for term in outermost((proposition,), lambda node: isinstance(node, Term))):  # type: ignore[attr-defined]
        raise KernelError(f"calculate: {text(proposition)} is not about numbers alone")
    try:
        if isinstance(proposition, Eq | Le | Lt):
            return linear(proposition, (), ())
        return modus_ponens(tree(proposition, (x,), (), _ANYWHERE, Yes()), _anywhere())  # p ⇔ x is any integer
    except KernelError:
        raise KernelError(f"calculate: {text(proposition)} is false") from None


@derived_rule
def value(term: Term) -> Theorem:
    """Work out a term without symbols.

    ──────────  n is the value of t
    ⊢ t = n
    """
    return linear(Eq(term, integer(evaluate(term))), (), ())


@derived_rule
def polynomial_identity(left: Term, right: Term) -> Theorem:
    """Equal polynomials are equal. Floors, ceilings, remainders, minima and maxima count as letters.

    ──────────  nf(a) = nf(b)
    ⊢ a = b
    """
    try:
        return linear(Eq(left, right), (), ())
    except KernelError:
        raise KernelError(f"polynomial_identity: {text(left)} and {text(right)} differ") from None


@lru_cache(maxsize=1)
def _chained() -> Theorem:
    return linear(Eq(x, z), (assume(Eq(x, y)), assume(Eq(y, z))), (ONE, ONE))


@derived_rule
def chain(first: Theorem, second: Theorem) -> Theorem:
    """Equalities chain.

    Γ ⊢ a = b     Δ ⊢ b = c
    ───────────────────────
    Γ, Δ ⊢ a = c
    """
    one, two = first.conclusion, second.conclusion
    if not (isinstance(one, Eq) and isinstance(two, Eq) and one.args[1] is two.args[0]):
        raise KernelError(f"chain: the middles differ: {text(one)} and {text(two)}")
    return by_lemma(_chained(), (x, y, z), (*one.args, two.args[1]), (first, second))


@derived_rule
def replace(equation: Theorem, theorem: Theorem, pattern: Proposition, hole: Symbol) -> Theorem:
    """Put equals for equals at the holes of a pattern.

    Γ ⊢ a = b     Δ ⊢ p[x := b]
    ───────────────────────────
    Γ, Δ ⊢ p[x := a]
    """
    equality = equation.conclusion
    if not isinstance(equality, Eq):
        raise KernelError(f"replace: {text(equality)} is not an equality")
    new, old = equality.args
    if substitute(pattern, {hole: old}) is not theorem.conclusion:
        raise KernelError(
            f"replace: {text(pattern)} with {text(old)} for {hole.name} is not {text(theorem.conclusion)}"
        )
    rewritten = rewrite_iff((assume(Eq(_HOLE, old)),), substitute(pattern, {hole: _HOLE}))
    return modus_ponens(discharge((equation,), instantiate(rewritten, (_HOLE,), (new,))), theorem)


@derived_rule
def add_equations(equations: tuple[Theorem, ...]) -> Theorem:
    """Add equalities side by side.

    Γ₁ ⊢ a₁ = b₁  …  Γₙ ⊢ aₙ = bₙ
    ──────────────────────────────────
    Γ₁, …, Γₙ ⊢ a₁ + … + aₙ = b₁ + … + bₙ
    """
    sides = [equation.conclusion for equation in equations]
    for side in sides:
        if not isinstance(side, Eq):
            raise KernelError(f"add_equations: {text(side)} is not an equality")
    letters = tuple([Symbol(f"letter_{place}", None) for place in range(2 * len(sides))])
    lefts, rights = letters[: len(sides)], letters[len(sides) :]
    known = tuple([assume(Eq(one, other)) for one, other in zip(lefts, rights, strict=True)])
    lemma = linear(Eq(Sum(*lefts), Sum(*rights)), known, (ONE,) * len(known))
    return by_lemma(lemma, letters, tuple([side.args[place] for place in (0, 1) for side in sides]), equations)


@derived_rule
def sign(proposition: Proposition) -> Theorem:
    """An inequality that the signs of the symbols show: in right − left every coefficient is positive.

    ──────────  least(b − a) ≥ 0
    ⊢ a ≤ b
    """
    if not isinstance(proposition, Le | Lt):
        raise KernelError(f"sign: {text(proposition)} is not an inequality")
    try:
        return holds_by_signs(proposition)
    except KernelError:
        raise KernelError(f"sign: the signs alone do not show {text(proposition)}") from None


@lru_cache(maxsize=1)
def _both_ways() -> Theorem:
    equal = assume(Eq(x, y))
    low, high = parts_of_two(assume(And(Le(x, y), Le(y, x))))
    floor = floor_value(y, ONE, x)  # ⌊y/1⌋ = x, and ⌊y/1⌋ is y
    at_most, below = floor.conclusion.args[1].args
    is_x = modus_ponens(floor, both((added(at_most, low), added(below, high))))
    return equivalence(both((added(Le(x, y), equal), combined(Le(y, x), (equal, -1)))), combined(Eq(x, y), (is_x, -1)))


@derived_rule
def equal_both_ways(left: Term, right: Term) -> Theorem:
    """Equal means neither is greater.

    ───────────────────────────
    ⊢ a = b ⇔ a ≤ b ∧ b ≤ a
    """
    return by_lemma(_both_ways(), (x, y), (left, right))


@lru_cache(maxsize=1)
def _smaller() -> Theorem:
    smaller = Min(x, y)
    at_most = part(modus_ponens(min_bound(smaller, (x, y)), holds_by_signs(Le(smaller, smaller))), 0)
    at_least = modus_ponens(min_bound(x, (x, y)), both((holds_by_signs(Le(x, x)), assume(Le(x, y)))))
    return modus_ponens(equal_both_ways(smaller, x), both((at_most, at_least)))


@derived_rule
def min_first(bound: Theorem) -> Theorem:
    """The smaller of two is the first when it is not larger.

    Γ ⊢ a ≤ b
    ─────────────────
    Γ ⊢ min(a, b) = a
    """
    known = bound.conclusion
    if not isinstance(known, Le):
        raise KernelError(f"min_first: {text(known)} is not of the form a <= b")
    return by_lemma(_smaller(), (x, y), known.args, (bound,))
