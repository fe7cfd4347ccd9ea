"""Laws of exp, log and √, each with the condition under which it holds."""

from __future__ import annotations

from symnet.kernel.real.expressions import Exp, Log, Number, Plus, Power, Quotient, Real, Sqrt, Times, number
from symnet.kernel.real.statements import AtMost, Equal, Less, Nonzero, Statement
from symnet.kernel.real.theorem import rule
from symnet.kernel.sealed import Derived
from symnet.terms.term import integer

__all__ = [
    "exp_log", "exp_sum", "exp_zero", "log_bound", "log_bound_strict", "log_exp", "log_quotient", "root_of_square",
]  # fmt: skip


def _positive(*terms: Real) -> frozenset[Statement]:
    """The conditions 0 < a; positive numbers need none."""
    return frozenset(Less(number(0), term) for term in terms if not (isinstance(term, Number) and term.value > 0))


@rule
def exp_sum(left: Real, right: Real) -> Statement:
    """The exponential of a sum.

    ──────────────────────────────
    ⊢ exp(a + b) = exp(a)·exp(b)
    """
    return Equal(Exp(Plus(left, right)), Times(Exp(left), Exp(right)))


@rule
def exp_zero() -> Statement:
    """The exponential of 0.

    ────────────
    ⊢ exp(0) = 1
    """
    return Equal(Exp(number(0)), number(1))


@rule
def log_exp(term: Real) -> Statement:
    """The logarithm undoes the exponential.

    ─────────────────
    ⊢ log(exp(a)) = a
    """
    return Equal(Log(Exp(term)), term)


@rule
def exp_log(term: Real) -> Derived:
    """The exponential undoes the logarithm.

    ───────────────────────
    0 < a ⊢ exp(log(a)) = a
    """
    return Derived(Equal(Exp(Log(term)), term), _positive(term))


@rule
def log_quotient(left: Real, right: Real) -> Derived:
    """The logarithm of a quotient.

    ───────────────────────────────────────────
    0 < a, 0 < b ⊢ log(a/b) = log(a) − log(b)
    """
    return Derived(Equal(Log(Quotient(left, right)), Log(left) - Log(right)), _positive(left, right))


@rule
def log_bound(term: Real) -> Derived:
    """The logarithm lies below its tangent at 1.

    ─────────────────────
    0 < a ⊢ log(a) ≤ a − 1
    """
    return Derived(AtMost(Log(term), term - 1), _positive(term))


@rule
def log_bound_strict(term: Real) -> Derived:
    """The logarithm meets its tangent at 1 only.

    ────────────────────────────────
    0 < a, a − 1 ≠ 0 ⊢ log(a) < a − 1
    """
    return Derived(Less(Log(term), term - 1), _positive(term) | {Nonzero(term - 1)})


@rule
def root_of_square(term: Real) -> Derived:
    """The root of a square.

    ──────────────────
    0 ≤ a ⊢ √(a²) = a
    """
    return Derived(Equal(Sqrt(Power(term, integer(2))), term), frozenset((AtMost(number(0), term),)))
