"""Rules of logic: assume, discharge, and, or, iff, instantiate. Each figure is premises above, conclusion below."""

from __future__ import annotations

from symnet.errors import KernelError
from symnet.kernel.sealed import Derived
from symnet.kernel.theorem import Theorem, rule
from symnet.printing.text import text
from symnet.terms.propositions import And, Eq, Iff, Le, Or, Proposition
from symnet.terms.term import Symbol, Term, integer, substitute, substitute_all

__all__ = [
    "assume", "both", "discharge", "disjuncts", "equivalence", "instantiate", "modus_ponens", "part", "rewrite_iff",
]  # fmt: skip


@rule
def assume(proposition: Proposition) -> Derived:
    """Take a proposition as a hypothesis.

    ──────
    p ⊢ p
    """
    return Derived(proposition, frozenset((proposition,)))


@rule
def discharge(proofs: tuple[Theorem, ...], theorem: Theorem) -> Derived:
    """Replace hypotheses by their proofs.

    Γ₁ ⊢ p₁  …  Γₙ ⊢ pₙ     Δ, p₁, …, pₙ ⊢ q
    ────────────────────────────────────────
    Γ₁, …, Γₙ, Δ ⊢ q
    """
    proven = {proof.conclusion for proof in proofs}
    hypotheses = theorem.hypotheses
    if not proven <= hypotheses:
        raise KernelError(f"discharge: not all that is proven is a hypothesis of {theorem!r}")
    return Derived(theorem.conclusion, (hypotheses - proven).union(*(proof.hypotheses for proof in proofs)))


@rule
def both(theorems: tuple[Theorem, ...]) -> Proposition:
    """Join theorems.

    Γ₁ ⊢ p₁  …  Γₙ ⊢ pₙ
    ────────────────────
    Γ₁, …, Γₙ ⊢ p₁ ∧ … ∧ pₙ
    """
    return And(*(theorem.conclusion for theorem in theorems))


@rule
def part(theorem: Theorem, index: int) -> Proposition:
    """Take one conjunct, counted from 0.

    Γ ⊢ p₀ ∧ … ∧ pₙ
    ────────────────
    Γ ⊢ pᵢ
    """
    conjunction = theorem.conclusion
    if not (isinstance(conjunction, And) and 0 <= index < len(conjunction.args)):
        raise KernelError(f"part: {text(conjunction)} has no conjunct number {index}")
    return conjunction.args[index]  # type: ignore[no-any-return]


@rule
def equivalence(forward: Theorem, backward: Theorem) -> Derived:
    """Two implications make an equivalence.

    Γ, p ⊢ q     Δ, q ⊢ p
    ─────────────────────
    Γ, Δ ⊢ p ⇔ q
    """
    p, q = backward.conclusion, forward.conclusion
    hypotheses = (forward.hypotheses - {p}) | (backward.hypotheses - {q})
    return Derived(Iff(p, q), hypotheses)


@rule
def modus_ponens(equivalent: Theorem, theorem: Theorem) -> Proposition:
    """Use an equivalence, from left to right or from right to left.

    Γ ⊢ p ⇔ q     Δ ⊢ p          Γ ⊢ p ⇔ q     Δ ⊢ q
    ───────────────────    or    ───────────────────
    Γ, Δ ⊢ q                     Γ, Δ ⊢ p
    """
    statement, known = equivalent.conclusion, theorem.conclusion
    if not (isinstance(statement, Iff) and known in statement.args):
        raise KernelError(f"modus_ponens: {text(known)} is not a side of {text(statement)}")
    left, right = statement.args
    return right if known is left else left  # type: ignore[no-any-return]


@rule
def instantiate(theorem: Theorem, symbols: tuple[Symbol, ...], terms: tuple[Term, ...]) -> Derived:
    """Put terms for symbols, everywhere at once. A term must be as large as its symbol promises (x ≥ l):
    where its structure does not show that, it becomes a hypothesis.

    Γ ⊢ p
    ──────────────────────────────
    Γ[x := t], l ≤ t ⊢ p[x := t]
    """
    if len(symbols) != len(terms) or len(set(symbols)) != len(symbols):
        raise KernelError(f"instantiate: {len(terms)} terms for {len(symbols)} symbols; each symbol needs one term")
    values: dict[Term, Term] = dict(zip(symbols, terms, strict=True))
    ordered = sorted(
        theorem.hypotheses, key=lambda hypothesis: hypothesis.serial
    )  # nodes are made in the same order in every run
    conclusion, *substituted = substitute_all((theorem.conclusion, *ordered), values)
    hypotheses = set(substituted)
    for symbol, term in values.items():
        if symbol.least is not None and (term.least is None or term.least < symbol.least):
            hypotheses.add(Le(integer(symbol.least), term))
    return Derived(conclusion, frozenset(hypotheses))


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
