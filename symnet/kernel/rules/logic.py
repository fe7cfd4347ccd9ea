"""Rules of logic: assume, cut, and, iff, instantiate. Each figure is premises above, conclusion below."""

from __future__ import annotations

from symnet.errors import KernelError
from symnet.kernel.theorem import Derived, Theorem, rule
from symnet.printing.text import text
from symnet.terms.propositions import And, Eq, Iff, Le, Proposition
from symnet.terms.term import Symbol, Term, integer, substitute

__all__ = ["assume", "both", "cut", "equivalence", "flip", "iff_chain", "instantiate", "modus_ponens", "part"]


@rule
def assume(proposition: Proposition) -> Derived:
    """Take a proposition as a hypothesis.

    ──────
    p ⊢ p
    """
    return Derived(proposition, frozenset((proposition,)))


@rule
def cut(proof: Theorem, theorem: Theorem) -> Derived:
    """Replace a hypothesis by its proof.

    Γ ⊢ p     Δ, p ⊢ q
    ──────────────────
    Γ, Δ ⊢ q
    """
    proven = proof.conclusion
    if proven not in theorem.hypotheses:
        raise KernelError(f"cut: {text(proven)} is not a hypothesis of {theorem!r}")
    return Derived(theorem.conclusion, (theorem.hypotheses - {proven}) | proof.hypotheses)


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
def flip(theorem: Theorem) -> Proposition:
    """Read an equality or an equivalence from the other side.

    Γ ⊢ a = b          Γ ⊢ p ⇔ q
    ─────────    or    ─────────
    Γ ⊢ b = a          Γ ⊢ q ⇔ p
    """
    proven = theorem.conclusion
    if not isinstance(proven, Eq | Iff):
        raise KernelError(f"flip: {text(proven)} is neither an equality nor an equivalence")
    left, right = proven.args
    return type(proven)(right, left)


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
def iff_chain(first: Theorem, second: Theorem) -> Proposition:
    """Equivalences chain.

    Γ ⊢ p ⇔ q     Δ ⊢ q ⇔ r
    ───────────────────────
    Γ, Δ ⊢ p ⇔ r
    """
    one, two = first.conclusion, second.conclusion
    if not (isinstance(one, Iff) and isinstance(two, Iff) and one.args[1] is two.args[0]):
        raise KernelError(f"iff_chain: the middles differ: {text(one)} and {text(two)}")
    return Iff(one.args[0], two.args[1])


@rule
def modus_ponens(equivalent: Theorem, theorem: Theorem) -> Proposition:
    """Use an equivalence from left to right.

    Γ ⊢ p ⇔ q     Δ ⊢ p
    ───────────────────
    Γ, Δ ⊢ q
    """
    statement = equivalent.conclusion
    if not (isinstance(statement, Iff) and statement.args[0] is theorem.conclusion):
        raise KernelError(f"modus_ponens: {text(theorem.conclusion)} is not the left side of {text(statement)}")
    return statement.args[1]  # type: ignore[no-any-return]


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
    hypotheses = {substitute(hypothesis, values) for hypothesis in ordered}
    for symbol, term in values.items():
        if symbol.least is not None and (term.least is None or term.least < symbol.least):
            hypotheses.add(Le(integer(symbol.least), term))
    return Derived(substitute(theorem.conclusion, values), frozenset(hypotheses))
