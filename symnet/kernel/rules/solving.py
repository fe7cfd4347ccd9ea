"""Rules that solve: equals for equals inside a question, conjunct by conjunct, and division."""

from __future__ import annotations

from symnet.errors import KernelError
from symnet.kernel.theorem import Derived, Theorem, rule
from symnet.printing.text import text
from symnet.terms.polynomial import add, normal_form, subtract
from symnet.terms.propositions import And, Eq, Iff, Le, Lt, Or, Proposition
from symnet.terms.term import FloorDiv, Term, integer, substitute

__all__ = [
    "conjuncts", "disjuncts", "divide", "divide_strict", "either", "equal_both_ways", "rearrange", "regroup",
    "rewrite_iff",
]  # fmt: skip


@rule
def rewrite_iff(equations: tuple[Theorem, ...], proposition: Proposition) -> Proposition:
    """Put equals for equals everywhere in a proposition, all at once; what is replaced is not entered.

    Γ₁ ⊢ a₁ = b₁  …  Γₙ ⊢ aₙ = bₙ
    ──────────────────────────────
    Γ₁, …, Γₙ ⊢ p ⇔ p[aᵢ := bᵢ]
    """
    values: dict[Term, Term] = {}
    for equation in equations:
        equality = equation.conclusion
        if not isinstance(equality, Eq):
            raise KernelError(f"rewrite_iff: {text(equality)} is not an equality")
        values[equality.args[0]] = equality.args[1]
    return Iff(proposition, substitute(proposition, values))


@rule
def conjuncts(equivalences: tuple[Theorem, ...]) -> Derived:
    """Rewrite a conjunction part by part; the i-th step may assume the parts before it.

    Γ₁ ⊢ p₁ ⇔ q₁     Γ₂, p₁ ⊢ p₂ ⇔ q₂  …  Γₙ, p₁, …, pₙ₋₁ ⊢ pₙ ⇔ qₙ
    ──────────────────────────────────────────────────────────────────
    Γ₁, …, Γₙ ⊢ p₁ ∧ … ∧ pₙ ⇔ q₁ ∧ … ∧ qₙ
    """
    lefts: list[Proposition] = []
    rights: list[Proposition] = []
    known: set[Proposition] = set()
    open_hypotheses: set[Proposition] = set()
    for equivalence in equivalences:
        statement = equivalence.conclusion
        if not isinstance(statement, Iff):
            raise KernelError(f"conjuncts: {text(statement)} is not an equivalence")
        open_hypotheses |= equivalence.hypotheses - known
        left, right = statement.args
        known.add(left)
        lefts.append(left)
        rights.append(right)
    return Derived(Iff(And(*lefts), And(*rights)), frozenset(open_hypotheses))


def _flat(proposition: Proposition) -> dict[Proposition, None]:
    """What a conjunction of conjunctions asks, each once."""
    found: dict[Proposition, None] = {}
    stack = [proposition]
    while stack:
        part = stack.pop()
        if type(part) is And:
            stack.extend(reversed(part.args))
        else:
            found[part] = None
    return found


@rule
def disjuncts(equivalences: tuple[Theorem, ...]) -> Proposition:
    """Rewrite a disjunction part by part.

    Γ₁ ⊢ p₁ ⇔ q₁  …  Γₙ ⊢ pₙ ⇔ qₙ
    ─────────────────────────────────────────────
    Γ₁, …, Γₙ ⊢ p₁ ∨ … ∨ pₙ ⇔ q₁ ∨ … ∨ qₙ
    """
    statements = [equivalence.conclusion for equivalence in equivalences]
    for statement in statements:
        if not isinstance(statement, Iff):
            raise KernelError(f"disjuncts: {text(statement)} is not an equivalence")
    return Iff(
        Or(*(statement.args[0] for statement in statements)), Or(*(statement.args[1] for statement in statements))
    )


@rule
def regroup(left: Proposition, right: Proposition) -> Proposition:
    """Conjunctions of the same parts are equivalent, in any order and grouping.

    ──────────  p and q have the same parts
    ⊢ p ⇔ q
    """
    one, two = _flat(left), _flat(right)
    if one.keys() != two.keys():
        odd = next(iter(one.keys() ^ two.keys()))
        raise KernelError(f"regroup: {text(odd)} stands on one side only")
    return Iff(left, right)


@rule
def rearrange(left: Proposition, right: Proposition) -> Proposition:
    """Move parts of an inequality or an equality across: the difference of its sides is the same polynomial, up to
    a factor.

    ──────────────────────  k·(b − a) = m·(d − c), numbers k, m ≥ 1
    ⊢ a ≤ b ⇔ c ≤ d

    For an equality k or m may be negative; between < and ≤, a < b counts as a + 1 ≤ b with k = m = 1.
    """
    kinds = {type(left), type(right)}
    if not (kinds == {Eq} or kinds <= {Le, Lt}):
        raise KernelError(f"rearrange: {text(left)} and {text(right)} do not compare alike")
    one, two = (subtract(normal_form(p.args[1]), normal_form(p.args[0])) for p in (left, right))
    if kinds == {Le, Lt}:
        one, two = (add(gap, {(): -1}) if type(p) is Lt else gap for p, gap in ((left, one), (right, two)))
    same = one == two
    if not same and len(kinds) == 1 and one.keys() == two.keys() and one:
        leading = next(iter(one))
        k, m = two[leading], one[leading]
        same = (k * m > 0 or kinds == {Eq}) and all(k * one[part] == m * two[part] for part in one)
    if not same:
        raise KernelError(f"rearrange: {text(left)} and {text(right)} differ")
    return Iff(left, right)


def _assuming_positive(divisor: Term, conclusion: Proposition) -> Derived:
    shown = divisor.least is not None and divisor.least >= 1
    return Derived(conclusion, frozenset() if shown else frozenset((Le(integer(1), divisor),)))


@rule
def divide(quotient: Term, divisor: Term, numerator: Term) -> Derived:
    """Divide an inequality by a positive number, rounding down.

    ──────────────────────────────────
    1 ≤ m ⊢ q·m ≤ x ⇔ q ≤ ⌊x/m⌋
    """
    return _assuming_positive(
        divisor, Iff(Le(quotient * divisor, numerator), Le(quotient, FloorDiv(numerator, divisor)))
    )


@rule
def divide_strict(numerator: Term, quotient: Term, divisor: Term) -> Derived:
    """Divide a strict inequality by a positive number, rounding down.

    ──────────────────────────────────
    1 ≤ m ⊢ x < q·m ⇔ ⌊x/m⌋ < q
    """
    return _assuming_positive(
        divisor, Iff(Lt(numerator, quotient * divisor), Lt(FloorDiv(numerator, divisor), quotient))
    )


@rule
def equal_both_ways(left: Term, right: Term) -> Proposition:
    """Equal means neither is greater.

    ───────────────────────────
    ⊢ a = b ⇔ a ≤ b ∧ b ≤ a
    """
    return Iff(Eq(left, right), And(Le(left, right), Le(right, left)))


@rule
def either(proposition: Proposition, left: Term, right: Term) -> Proposition:
    """Two numbers compare one way or the other.

    ───────────────────────────────────────────
    ⊢ p ⇔ (a ≤ b ∧ p) ∨ (b < a ∧ p)
    """
    return Iff(proposition, Or(And(Le(left, right), proposition), And(Lt(right, left), proposition)))
