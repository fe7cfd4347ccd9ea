"""Bounds of unknowns by interval arithmetic."""

from __future__ import annotations

from symnet.errors import KernelError
from symnet.kernel.sealed import Derived
from symnet.kernel.theorem import Theorem, rule
from symnet.kernel.verdicts import by_intervals
from symnet.printing.text import text
from symnet.terms.intervals import Interval, narrower
from symnet.terms.node import Node
from symnet.terms.propositions import Le, Proposition
from symnet.terms.term import Int, Symbol

__all__ = ["box_of", "interval_bound"]


def _bound(proposition: Proposition, rule_name: str) -> tuple[Symbol, Interval]:
    """(x, (l, None)) of ``l ≤ x`` and (x, (None, h)) of ``x ≤ h``, with a number at the other side."""
    match proposition:
        case Le(args=(Int(args=(low,)), Symbol() as symbol)):
            return symbol, (low, None)
        case Le(args=(Symbol() as symbol, Int(args=(high,)))):
            return symbol, (None, high)
    raise KernelError(f"{rule_name}: {text(proposition)} does not bound a symbol by a number")


def box_of(bounds: tuple[Theorem, ...], rule_name: str) -> dict[Node, Interval]:
    """The narrowest interval for each symbol that the bounds and the symbols' promises give."""
    box: dict[Node, Interval] = {}
    for theorem in bounds:
        symbol, ends = _bound(theorem.conclusion, rule_name)
        box[symbol] = narrower(box.get(symbol, (symbol.least, None)), ends)
    return box


@rule
def interval_bound(claim: Proposition, proposition: Proposition, known: tuple[Theorem, ...]) -> Derived:
    """A bound of an unknown, because beyond it the proposition fails by interval arithmetic.

    Γ₁ ⊢ l₁ ≤ x₁  …  Γₙ ⊢ xₙ ≤ hₙ
    ──────────────────────────────  where not c, and within the bounds, p is false by interval arithmetic
    Γ₁, …, Γₙ, p ⊢ c
    """
    symbol, (low, high) = _bound(claim, "interval_bound")
    box = box_of(known, "interval_bound")
    beyond: Interval = (None, low - 1) if low is not None else ((high or 0) + 1, None)
    box[symbol] = narrower(box.get(symbol, (symbol.least, None)), beyond)
    empty = any(low is not None and high is not None and low > high for low, high in box.values())
    if not empty and by_intervals(proposition, box) is not False:
        raise KernelError(f"interval_bound: beyond {text(claim)} intervals do not refute {text(proposition)}")
    inherited = frozenset[Proposition]().union(*(theorem.hypotheses for theorem in known))
    return Derived(claim, inherited | {proposition})
