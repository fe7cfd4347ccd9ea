"""Derived rules of logic: cut, the other side, chains of equivalences, conjunctions part by part and regrouped."""

from __future__ import annotations

from functools import lru_cache

from symnet.errors import KernelError
from symnet.kernel.derived.lemmas import LETTERS, by_lemma
from symnet.kernel.primitive.arithmetic import linear
from symnet.kernel.primitive.logic import assume, both, discharge, equivalence, modus_ponens, part
from symnet.kernel.theorem import Theorem, derived_rule
from symnet.printing.text import text
from symnet.terms.node import Node
from symnet.terms.propositions import And, Eq, Iff, Proposition
from symnet.terms.term import integer

__all__ = ["conjuncts", "cut", "flip", "iff_chain", "regroup"]


@derived_rule
def cut(proof: Theorem, theorem: Theorem) -> Theorem:
    """Replace a hypothesis by its proof.

    Γ ⊢ p     Δ, p ⊢ q
    ──────────────────
    Γ, Δ ⊢ q
    """
    if proof.conclusion not in theorem.hypotheses:
        raise KernelError(f"cut: {text(proof.conclusion)} is not a hypothesis of {theorem!r}")
    return discharge((proof,), theorem)


@lru_cache(maxsize=1)
def _turned() -> Theorem:
    x, y = LETTERS[:2]
    return linear(Eq(y, x), (assume(Eq(x, y)),), (integer(-1),))


@derived_rule
def flip(theorem: Theorem) -> Theorem:
    """Read an equality or an equivalence from the other side.

    Γ ⊢ a = b          Γ ⊢ p ⇔ q
    ─────────    or    ─────────
    Γ ⊢ b = a          Γ ⊢ q ⇔ p
    """
    proven = theorem.conclusion
    if isinstance(proven, Eq):
        return by_lemma(_turned(), LETTERS[:2], proven.args, (theorem,))
    if not isinstance(proven, Iff):
        raise KernelError(f"flip: {text(proven)} is neither an equality nor an equivalence")
    left, right = [modus_ponens(theorem, assume(side)) for side in reversed(proven.args)]
    return equivalence(left, right)


@derived_rule
def iff_chain(first: Theorem, second: Theorem) -> Theorem:
    """Equivalences chain.

    Γ ⊢ p ⇔ q     Δ ⊢ q ⇔ r
    ───────────────────────
    Γ, Δ ⊢ p ⇔ r
    """
    one, two = first.conclusion, second.conclusion
    if not (isinstance(one, Iff) and isinstance(two, Iff) and one.args[1] is two.args[0]):
        raise KernelError(f"iff_chain: the middles differ: {text(one)} and {text(two)}")
    forward = modus_ponens(second, modus_ponens(first, assume(one.args[0])))
    backward = modus_ponens(first, modus_ponens(second, assume(two.args[1])))
    return equivalence(forward, backward)


@derived_rule
def conjuncts(equivalences: tuple[Theorem, ...]) -> Theorem:
    """Rewrite a conjunction part by part; the i-th step may assume the parts before it.

    Γ₁ ⊢ p₁ ⇔ q₁     Γ₂, p₁ ⊢ p₂ ⇔ q₂  …  Γₙ, p₁, …, pₙ₋₁ ⊢ pₙ ⇔ qₙ
    ──────────────────────────────────────────────────────────────────
    Γ₁, …, Γₙ ⊢ p₁ ∧ … ∧ pₙ ⇔ q₁ ∧ … ∧ qₙ
    """
    for equivalent in equivalences:
        if not isinstance(equivalent.conclusion, Iff):
            raise KernelError(f"conjuncts: {text(equivalent.conclusion)} is not an equivalence")
    lefts = assume(And(*(equivalent.conclusion.args[0] for equivalent in equivalences)))
    rights = assume(And(*(equivalent.conclusion.args[1] for equivalent in equivalences)))
    forward = _each(equivalences, [part(lefts, place) for place in range(len(equivalences))], lefts, start=True)
    backward = _each(equivalences, [part(rights, place) for place in range(len(equivalences))], rights, start=False)
    return equivalence(forward, backward)


def _each(equivalences: tuple[Theorem, ...], parts: list[Theorem], whole: Theorem, *, start: bool) -> Theorem:
    """All right sides from all left ones (``start``), or the other way."""
    lefts: dict[Proposition, Theorem] = {}
    results = []
    for equivalent, known in zip(equivalences, parts, strict=True):
        needed = tuple([lefts[hypothesis] for hypothesis in equivalent.hypotheses if hypothesis in lefts])
        here = discharge(needed, equivalent) if needed else equivalent
        result = modus_ponens(here, known)
        left = known if start else result
        lefts.setdefault(left.conclusion, left)
        results.append(result)
    return both(tuple(results))


@derived_rule
def regroup(left: Proposition, right: Proposition) -> Theorem:
    """Conjunctions of the same parts are equivalent, in any order and grouping.

    ──────────  p and q have the same parts
    ⊢ p ⇔ q
    """
    one, two = _leaves(assume(left)), _leaves(assume(right))
    if one.keys() != two.keys():
        odd = next(iter(one.keys() ^ two.keys()))
        raise KernelError(f"regroup: {text(odd)} stands on one side only")
    return equivalence(_assembled(right, one), _assembled(left, two))


def _leaves(theorem: Theorem) -> dict[Proposition, Theorem]:
    """What a conjunction of conjunctions says, each once."""
    found: dict[Proposition, Theorem] = {}
    stack = [theorem]
    while stack:
        known = stack.pop()
        if type(known.conclusion) is And:
            stack.extend([part(known, place) for place in reversed(range(len(known.conclusion.args)))])
        else:
            found.setdefault(known.conclusion, known)
    return found


def _assembled(proposition: Proposition, leaves: dict[Proposition, Theorem]) -> Theorem:
    made: dict[Node, Theorem] = dict(leaves)  # type: ignore[arg-type]
    stack: list[Node] = [proposition]
    while stack:
        node = stack[-1]
        waiting = [one for one in node.args if one not in made] if node not in made else []
        if waiting:
            stack.extend(waiting)
            continue
        stack.pop()
        if node not in made:
            made[node] = both(tuple([made[one] for one in node.args]))
    return made[proposition]
