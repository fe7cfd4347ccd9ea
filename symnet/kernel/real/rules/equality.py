"""Rules of logic and of equality. Each figure is premises above, conclusion below; what is beside the line is checked."""

from __future__ import annotations

from symnet.errors import KernelError
from symnet.kernel.real.expressions import Real, Variable
from symnet.kernel.real.normal_forms import nonzero_where_equal
from symnet.kernel.real.printing import unicode_text as text
from symnet.kernel.real.statements import Derivative, Equal, ForAll, Nonzero, Statement, derivatives_in, substitute
from symnet.kernel.real.theorem import RealTheorem, rule
from symnet.kernel.sealed import Derived
from symnet.terms.term import Symbol, Term, integer

__all__ = [
    "assume", "chain", "cut", "derivative_parts", "equation_sides", "field_identity", "flip", "for_every", "induction",
    "inside", "instantiate", "replace",
]  # fmt: skip


@rule
def assume(statement: Statement) -> Derived:
    """Take a statement as a condition.

    ──────
    p ⊢ p
    """
    return Derived(statement, frozenset((statement,)))


@rule
def cut(proof: RealTheorem, theorem: RealTheorem) -> Derived:
    """Replace a condition by its proof.

    Γ ⊢ p     Δ, p ⊢ q
    ──────────────────
    Γ, Δ ⊢ q
    """
    proven = proof.conclusion
    if proven not in theorem.hypotheses:
        raise KernelError(f"cut: {text(proven)} is not a condition of {theorem!r}")
    return Derived(theorem.conclusion, (theorem.hypotheses - {proven}) | proof.hypotheses)


@rule
def field_identity(left: Real, right: Real) -> Derived:
    """Equal rational functions are equal where their divisors d are not 0. Other functions count as letters.

    ─────────────────────  left·d₁·…·dₙ and right·d₁·…·dₙ have one normal form
    d₁ ≠ 0, …, dₙ ≠ 0 ⊢ left = right
    """
    return _identity("field_identity", left, right)


def _identity(name: str, left: Real, right: Real) -> Derived:
    conditions = nonzero_where_equal(left, right, linear=name == "total_identity")
    if conditions is None:
        raise KernelError(f"{name}: {text(left)} and {text(right)} differ")
    return Derived(Equal(left, right), frozenset(map(Nonzero, conditions)))


@rule
def chain(first: RealTheorem, second: RealTheorem) -> Statement:
    """Equalities chain.

    Γ ⊢ a = b     Δ ⊢ b = c
    ───────────────────────
    Γ, Δ ⊢ a = c
    """
    one, two = first.conclusion, second.conclusion
    if not (isinstance(one, Equal) and isinstance(two, Equal) and one.args[1] is two.args[0]):
        raise KernelError(f"chain: the middles differ: {text(one)} and {text(two)}")
    return Equal(one.args[0], two.args[1])


@rule
def flip(theorem: RealTheorem) -> Statement:
    """Read an equality from the other side.

    Γ ⊢ a = b
    ─────────
    Γ ⊢ b = a
    """
    proven = theorem.conclusion
    if not isinstance(proven, Equal):
        raise KernelError(f"flip: {text(proven)} is not an equality")
    return Equal(proven.args[1], proven.args[0])


@rule
def inside(equation: RealTheorem, pattern: Real, hole: Variable) -> Statement:
    """Put equals for equals inside an expression.

    Γ ⊢ a = b
    ───────────────────────
    Γ ⊢ t[x := a] = t[x := b]
    """
    left, right = equation_sides(equation, "inside")
    return Equal(substitute(pattern, {hole: left}), substitute(pattern, {hole: right}))


@rule
def replace(equation: RealTheorem, theorem: RealTheorem, pattern: Statement, hole: Variable) -> Statement:
    """Put equals for equals at the holes of a pattern.

    Under ∂ that would need more than one point: see derivative_of_equal.

    Γ ⊢ a = b     Δ ⊢ p[x := b]
    ───────────────────────────  p does not speak of a derivative
    Γ, Δ ⊢ p[x := a]
    """
    equality = equation.conclusion
    if not isinstance(equality, Equal):
        raise KernelError(f"replace: {text(equality)} is not an equality")
    if derivatives_in(pattern):
        raise KernelError(f"replace: {text(pattern)} speaks of more than one point")
    new, old = equality.args
    if substitute(pattern, {hole: old}) is not theorem.conclusion:
        raise KernelError(
            f"replace: {text(pattern)} with {text(old)} for {text(hole)} is not {text(theorem.conclusion)}"
        )
    return substitute(pattern, {hole: new})  # type: ignore[no-any-return]


@rule
def instantiate(theorem: RealTheorem, variables: tuple[Variable, ...], terms: tuple[Real, ...]) -> Derived:
    """Put expressions for variables, everywhere at once.

    Γ ⊢ p
    ──────────────────────  p does not speak of a derivative
    Γ[x := t] ⊢ p[x := t]
    """
    if len(variables) != len(terms) or len(set(variables)) != len(variables):
        raise KernelError(f"instantiate: {len(terms)} expressions for {len(variables)} variables; each needs one")
    for statement in (theorem.conclusion, *theorem.hypotheses):
        if derivatives_in(statement):
            raise KernelError(f"instantiate: {text(statement)} speaks of more than one point")
    values = dict(zip(variables, terms, strict=True))
    conditions = frozenset(substitute(hypothesis, values) for hypothesis in theorem.hypotheses)
    return Derived(substitute(theorem.conclusion, values), conditions)


@rule
def for_every(theorem: RealTheorem, term: Term) -> Statement:
    """What holds for all values of a symbol holds for one.

    Γ ⊢ p for all k
    ───────────────  the structure of t shows that it is as large as k promises
    Γ ⊢ p[k := t]
    """
    general = theorem.conclusion
    if not isinstance(general, ForAll):
        raise KernelError(f"for_every: {text(general)} is not said of all values of a symbol")
    index, inner = general.args
    if index.least is not None and (term.least is None or term.least < index.least):
        raise KernelError(f"for_every: a value of {index.name} must be at least {index.least}")
    return substitute(inner, {index: term})  # type: ignore[no-any-return]


@rule
def induction(base: RealTheorem, step: RealTheorem, claim: Statement, index: Symbol) -> Derived:
    """What holds for 0, and for n + 1 whenever it holds for n, holds for every n.

    Γ ⊢ p[n := 0]     Δ, p ⊢ p[n := n + 1]
    ──────────────────────────────────────  n counts from 0 and occurs neither in Γ nor in Δ
    Γ, Δ ⊢ p
    """
    if index.least != 0:
        raise KernelError(f"induction: {index.name} must count from 0")
    if substitute(claim, {index: integer(0)}) is not base.conclusion:
        raise KernelError(f"induction: {text(base.conclusion)} is not the claim for 0")
    if substitute(claim, {index: index + 1}) is not step.conclusion:
        raise KernelError(f"induction: {text(step.conclusion)} is not the claim for {index.name} + 1")
    conditions = base.hypotheses | (step.hypotheses - {claim})
    for condition in conditions:
        if index in condition.free:
            raise KernelError(f"induction: the condition {text(condition)} speaks of {index.name}")
    return Derived(claim, conditions)


def equation_sides(theorem: RealTheorem, rule_name: str) -> tuple[Real, Real]:
    """The two sides of a proven equality."""
    proven = theorem.conclusion
    if not isinstance(proven, Equal):
        raise KernelError(f"{rule_name}: {text(proven)} is not an equality")
    return proven.args


def derivative_parts(theorem: RealTheorem, rule_name: str) -> tuple[Real, Real, Real]:
    """The function, the variable and the result of a proven derivative."""
    proven = theorem.conclusion
    if not isinstance(proven, Derivative):
        raise KernelError(f"{rule_name}: {text(proven)} is not a derivative")
    return proven.args
