"""Rules for Σ, min and max over an index."""

from __future__ import annotations

from functools import reduce

from symnet.errors import KernelError
from symnet.kernel.real.expressions import Delta, Fold, Largest, Maximum, Minimum, Plus, Real, Smallest, Times, Total
from symnet.kernel.real.printing import unicode_text as text
from symnet.kernel.real.rules.equality import _identity, equation_sides
from symnet.kernel.real.statements import AtMost, Below, Equal, Statement, substitute
from symnet.kernel.real.theorem import RealTheorem, rule
from symnet.kernel.sealed import Derived
from symnet.terms.polynomial import normal_form
from symnet.terms.term import Symbol, Term, integer, symbols_of

__all__ = ["delta_sum", "regroup", "split_first", "total_identity", "total_order", "under_fold", "unroll"]

#: Sums with more entries are not expanded.
UNROLLED = 64


@rule
def total_identity(left: Real, right: Real) -> Derived:
    """A field identity in which sums are taken apart: Σ (c·a + b) = c·Σ a + Σ b where c is without the index, Σ_{i<N} 1 = N.

    ─────────────────────  left·d₁·…·dₙ and right·d₁·…·dₙ have one normal form
    d₁ ≠ 0, …, dₙ ≠ 0 ⊢ left = right
    """
    return _identity("total_identity", left, right)


@rule
def under_fold(equation: RealTheorem, pattern: Fold) -> Statement:
    """Equal entries have equal sums, minima and maxima; the fold is written with the left side.

    Γ ⊢ a = b
    ─────────────────────────────  i does not occur in Γ
    Γ ⊢ Σ_{i<N} a = Σ_{i<N} b
    """
    left, right = equation_sides(equation, "under_fold")
    index, bound, body = pattern.args
    if body is not left:
        raise KernelError(f"under_fold: {text(body)} is not {text(left)}")
    _not_in(index, equation, "under_fold")
    return Equal(pattern, type(pattern)(index, bound, right))


def _not_in(index: Symbol, theorem: RealTheorem, rule_name: str) -> None:
    for condition in theorem.hypotheses:
        if index in condition.free:
            raise KernelError(f"{rule_name}: the condition {text(condition)} speaks of {index.name}")


@rule
def total_order(theorem: RealTheorem, index: Symbol, bound: Term) -> Statement:
    """Sums are ordered as their entries are.

    Γ ⊢ a ≤ b
    ─────────────────────────────  i does not occur in Γ
    Γ ⊢ Σ_{i<N} a ≤ Σ_{i<N} b
    """
    proven = theorem.conclusion
    if not isinstance(proven, AtMost):
        raise KernelError(f"total_order: {text(proven)} is not of the form a ≤ b")
    _not_in(index, theorem, "total_order")
    return AtMost(*(Total(index, bound, side) for side in proven.args))


@rule
def unroll(fold: Fold) -> Statement:
    """A sum, minimum or maximum over a number of entries, written out.

    ──────────────────────────────────────────  n is a number
    ⊢ Σ_{i<n} a = a[i := 0] + … + a[i := n − 1]
    """
    index, bound, body = fold.args
    if bound.constant is None or bound.constant > UNROLLED:
        raise KernelError(f"unroll: {text(fold)} does not have at most {UNROLLED} entries")
    entries: list[Real] = [substitute(body, {index: integer(place)}) for place in range(bound.constant)]
    if isinstance(fold, Total):
        return Equal(fold, Plus(*entries))
    return Equal(fold, reduce(Minimum if isinstance(fold, Smallest) else Maximum, entries))


@rule
def split_first(fold: Fold) -> Statement:
    """The first entry of a sum by itself.

    ────────────────────────────────────────────────────
    ⊢ Σ_{i<n+1} a = a[i := 0] + Σ_{i<n} a[i := i + 1]
    """
    index, bound, body = fold.args
    if not isinstance(fold, Total) or bound.least < 1:
        raise KernelError(f"split_first: {text(fold)} is not a sum with a first entry")
    rest = _less_one(bound)
    first = substitute(body, {index: integer(0)})
    return Equal(fold, Plus(first, Total(index, rest, substitute(body, {index: index + 1}))))


def _less_one(bound: Term) -> Term:
    if len(bound.args) == 2 and bound.args[1] is integer(1) and normal_form(bound) == normal_form(bound.args[0] + 1):
        return bound.args[0]  # type: ignore[no-any-return]  # n + 1, as induction writes it
    return bound - 1


@rule
def delta_sum(fold: Fold) -> Derived:
    """δ picks one entry of a sum.

    ─────────────────────────────────────────  i does not occur in k
    k < N ⊢ Σ_{i<N} a·δ_{i,k} = a[i := k]
    """
    index, bound, body = fold.args
    if not (isinstance(fold, Total) and isinstance(body, Times) and body.args and isinstance(body.args[-1], Delta)):
        raise KernelError(f"delta_sum: {text(fold)} is not a sum of multiples of δ")
    one, place = body.args[-1].args
    if one is not index or index in symbols_of(place):
        raise KernelError(f"delta_sum: {text(body.args[-1])} does not compare {index.name} with a place that is fixed")
    if place.least is None or place.least < 0:
        raise KernelError(f"delta_sum: the place {text(body.args[-1])} points at may be negative")
    factors = body.args[:-1]
    factor = factors[0] if len(factors) == 1 else Times(*factors)
    return Derived(Equal(fold, substitute(factor, {index: place})), frozenset((Below(place, bound),)))


@rule
def regroup(fold: Fold, rows: Term, columns: Term, row: Symbol, column: Symbol) -> Statement:
    """Entries in one line, row by row: the k-th is in row i, column j with k = i·n + j.

    ──────────────────────────────────────────────────────────────  m·n entries; i, j do not occur in a
    ⊢ max_{k<m·n} a = max_{i<m} max_{j<n} a[k := i·n + j]
    """
    index, bound, body = fold.args
    if normal_form(bound) != normal_form(rows * columns):
        raise KernelError(f"regroup: {text(fold)} does not have as many entries as the rows and columns")
    if row is column or {row, column} & (set(body.free) | set(symbols_of(rows, columns))):
        raise KernelError(f"regroup: {row.name} and {column.name} must be two symbols that do not occur yet")
    if not isinstance(fold, Total | Smallest | Largest):
        raise KernelError(f"regroup: {text(fold)} is of no known kind")
    kind = type(fold)
    inner = kind(column, columns, substitute(body, {index: row * columns + column}))
    return Equal(fold, kind(row, rows, inner))
