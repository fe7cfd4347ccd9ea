"""Rules that count: window positions and index sets. Here the meaning of a layer becomes its formula.

``Windows(length, kernel, dilation, stride)`` is the number of positions k ≥ 0 at which every tap k·S + j·D, 0 ≤ j < F, lies in
[0, length). A window reaches over ``extent = D·(F − 1) + 1`` entries.
"""

from __future__ import annotations

from functools import reduce
from operator import mul

from symnet.errors import KernelError
from symnet.kernel.sealed import Derived
from symnet.kernel.theorem import rule
from symnet.printing.text import text
from symnet.terms.propositions import And, Eq, Iff, Le, Lt, Proposition
from symnet.terms.term import Entries, Term, Windows, integer

__all__ = ["entry_count", "extent", "require_positive", "window_value"]


def extent(kernel: Term, dilation: Term) -> Term:
    """How far a window reaches: ``D·(F − 1) + 1``."""
    return dilation * (kernel - 1) + 1


def require_positive(rule_name: str, **terms: Term) -> None:
    """Refuse a term that its structure does not show to be at least 1."""
    for name, term in terms.items():
        if term.least is None or term.least < 1:
            raise KernelError(f"{rule_name}: the {name} {text(term)} may be less than 1")


def _assuming(conclusion: Proposition, condition: Le) -> Derived:
    """Add a condition unless the signs show it."""
    left, right = (side.least for side in condition.args)
    shown = left is not None and right is not None and condition.args[0] is integer(left) and left <= right
    return Derived(conclusion, frozenset() if shown else frozenset((condition,)))


@rule
def window_value(length: Term, kernel: Term, dilation: Term, stride: Term, number: Term) -> Derived:
    """Which lengths have exactly n ≥ 1 windows: the fibre of a convolution.

    ──────────────────────────────────────────────────────────────────────────────  F, D, S ≥ 1
    1 ≤ n ⊢ Windows(L, F, D, S) = n ⇔ (n − 1)·S + E ≤ L ∧ L < n·S + E
    """
    require_positive("window_value", kernel=kernel, dilation=dilation, stride=stride)
    reach = extent(kernel, dilation)
    between = And(Le((number - 1) * stride + reach, length), Lt(length, number * stride + reach))
    return _assuming(Iff(Eq(Windows(length, kernel, dilation, stride), number), between), Le(integer(1), number))


@rule
def entry_count(shape: tuple[Term, ...]) -> Proposition:
    """An array of shape d₁ × … × dₙ has d₁·…·dₙ entries.

    ──────────────────────────────────────  dᵢ ≥ 0
    ⊢ Entries(d₁, …, dₙ) = d₁·…·dₙ
    """
    for size in shape:
        if size.least is None or size.least < 0:
            raise KernelError(f"entry_count: the size {text(size)} may be negative")
    return Eq(Entries(*shape), reduce(mul, shape) if shape else integer(1))
