"""Rules of differentiation. ``∂f = g`` stands for ∂f/∂x = g at every point where the conditions hold."""

from __future__ import annotations

from symnet.errors import KernelError
from symnet.kernel.real.expressions import (
    Abs,
    Delta,
    Entry,
    Exp,
    Fold,
    Log,
    Node,
    Number,
    Plus,
    Power,
    Real,
    Sign,
    Sqrt,
    Times,
    Total,
    Variable,
    Whole,
    is_node,
    number,
)  # fmt: skip
from symnet.kernel.real.printing import unicode_text as text
from symnet.kernel.real.rules.equality import derivative_parts, equation_sides
from symnet.kernel.real.rules.folds import _not_in
from symnet.kernel.real.statements import Below, Derivative, Less, Nonzero, Statement, substitute
from symnet.kernel.real.theorem import RealTheorem, rule
from symnet.kernel.sealed import Derived
from symnet.terms.term import Term, integer, symbols_of

__all__ = [
    "derivative_abs", "derivative_constant", "derivative_entry", "derivative_exp", "derivative_log",
    "derivative_of_equal", "derivative_own_entry", "derivative_power", "derivative_product", "derivative_quotient", "derivative_result",
    "derivative_sqrt", "derivative_sum", "derivative_total", "derivative_variable",
]  # fmt: skip


def _depends(node: Node, at: Real) -> bool:
    """Whether the value of ``node`` may change with ``at``, since it contains the variable, or the array of the entry."""
    return (at.args[0] if isinstance(at, Entry) else at) in node.free


@rule
def derivative_constant(term: Real, at: Real) -> Statement:
    """What does not depend on x does not change with it.

    ──────────────  x does not occur in c
    ⊢ ∂c/∂x = 0
    """
    if _depends(term, at):
        raise KernelError(f"derivative_constant: {text(term)} may depend on {text(at)}")
    return Derivative(term, at, number(0))


@rule
def derivative_variable(at: Variable) -> Statement:
    """The variable itself.

    ────────────
    ⊢ ∂x/∂x = 1
    """
    return Derivative(at, at, number(1))


@rule
def derivative_entry(term: Real, at: Real) -> Statement:
    """Entries of one array: only the entry itself changes.

    ─────────────────────
    ⊢ ∂z_j/∂z_k = δ_{j,k}
    """
    alike = isinstance(term, Entry) and isinstance(at, Entry) and term.args[0] == at.args[0]
    if not (alike and len(term.args) == len(at.args) == 2):
        raise KernelError(f"derivative_entry: {text(term)} and {text(at)} are not entries of one array with one index")
    return Derivative(term, at, Delta(term.args[1], at.args[1]))


def _parts(theorems: tuple[RealTheorem, ...], rule_name: str) -> tuple[tuple[Real, ...], Real, tuple[Real, ...]]:
    parts = [derivative_parts(theorem, rule_name) for theorem in theorems]
    if not parts or any(at is not parts[0][1] for _, at, _ in parts):
        raise KernelError(f"{rule_name}: the derivatives are not all by one variable")
    return tuple(part[0] for part in parts), parts[0][1], tuple(part[2] for part in parts)


@rule
def derivative_sum(parts: tuple[RealTheorem, ...]) -> Statement:
    """The derivative of a sum.

    Γ ⊢ ∂u = a     Δ ⊢ ∂v = b
    ─────────────────────────
    Γ, Δ ⊢ ∂(u + v) = a + b
    """
    functions, at, results = _parts(parts, "derivative_sum")
    return Derivative(Plus(*functions), at, Plus(*results))


@rule
def derivative_product(parts: tuple[RealTheorem, ...]) -> Statement:
    """The derivative of a product: one factor at a time.

    Γ ⊢ ∂u = a     Δ ⊢ ∂v = b
    ─────────────────────────────
    Γ, Δ ⊢ ∂(u·v) = a·v + u·b
    """
    functions, at, results = _parts(parts, "derivative_product")
    terms = []
    for place, result in enumerate(results):
        if result is not number(0):  # 0·v adds nothing
            terms.append(Times(*functions[:place], result, *functions[place + 1 :]))
    return Derivative(Times(*functions), at, (Plus(*terms) if len(terms) > 1 else terms[0]) if terms else number(0))


@rule
def derivative_quotient(above: RealTheorem, below: RealTheorem) -> Derived:
    """The derivative of a quotient.

    Γ ⊢ ∂u = a     Δ ⊢ ∂v = b
    ──────────────────────────────────────
    Γ, Δ, v ≠ 0 ⊢ ∂(u/v) = (a·v − u·b)/v²
    """
    (u, v), at, (a, b) = _parts((above, below), "derivative_quotient")
    result = (a * v - u * b) / v**2
    return Derived(Derivative(u / v, at, result), above.hypotheses | below.hypotheses | {Nonzero(v)})


@rule
def derivative_power(inner: RealTheorem, exponent: Term) -> Statement:
    """The derivative of a power, by the chain rule.

    Γ ⊢ ∂u = a
    ────────────────────────  n is a number, n ≥ 1
    Γ ⊢ ∂(uⁿ) = n·uⁿ⁻¹·a
    """
    u, at, a = derivative_parts(inner, "derivative_power")
    n = exponent.constant
    if n is None or n < 1:
        raise KernelError("derivative_power: the exponent must be a number that is at least 1")
    return Derivative(Power(u, exponent), at, Times(number(n), *((u,) if n == 2 else (Power(u, integer(n - 1)),)), a))


@rule
def derivative_exp(inner: RealTheorem) -> Statement:
    """The derivative of the exponential, by the chain rule.

    Γ ⊢ ∂u = a
    ───────────────────────────
    Γ ⊢ ∂exp(u) = exp(u)·a
    """
    u, at, a = derivative_parts(inner, "derivative_exp")
    return Derivative(Exp(u), at, Times(Exp(u), a))


@rule
def derivative_log(inner: RealTheorem) -> Derived:
    """The derivative of the logarithm, by the chain rule.

    Γ ⊢ ∂u = a
    ──────────────────────────
    Γ, 0 < u ⊢ ∂log(u) = a/u
    """
    u, at, a = derivative_parts(inner, "derivative_log")
    return Derived(Derivative(Log(u), at, a / u), inner.hypotheses | {Less(number(0), u)})


@rule
def derivative_sqrt(inner: RealTheorem) -> Derived:
    """The derivative of the root, by the chain rule.

    Γ ⊢ ∂u = a
    ────────────────────────────
    Γ, 0 < u ⊢ ∂√u = a/(2·√u)
    """
    u, at, a = derivative_parts(inner, "derivative_sqrt")
    return Derived(Derivative(Sqrt(u), at, a / (2 * Sqrt(u))), inner.hypotheses | {Less(number(0), u)})


@rule
def derivative_abs(inner: RealTheorem) -> Derived:
    """The derivative of the absolute value, by the chain rule; at 0 there is none.

    Γ ⊢ ∂u = a
    ───────────────────────────────
    Γ, u ≠ 0 ⊢ ∂|u| = sign(u)·a
    """
    u, at, a = derivative_parts(inner, "derivative_abs")
    return Derived(Derivative(Abs(u), at, Times(Sign(u), a)), inner.hypotheses | {Nonzero(u)})


@rule
def derivative_total(inner: RealTheorem, pattern: Fold) -> Statement:
    """The derivative of a sum over an index; the sum is written with the function.

    Γ ⊢ ∂a = b
    ─────────────────────────────────  j does not occur in Γ nor in x
    Γ ⊢ ∂(Σ_{j<N} a) = Σ_{j<N} b
    """
    a, at, b = derivative_parts(inner, "derivative_total")
    index, bound, body = pattern.args
    if not (isinstance(pattern, Total) and body is a):
        raise KernelError(f"derivative_total: {text(pattern)} is not a sum of {text(a)}")
    if index in at.free:
        raise KernelError(f"derivative_total: {text(at)} is another variable for every {index.name}")
    _not_in(index, inner, "derivative_total")
    return Derivative(pattern, at, Total(index, bound, b))


@rule
def derivative_own_entry(inner: RealTheorem, pattern: Fold) -> Derived:
    """The derivative of a sum in which each part depends on its own entry of an array only; the sum is written with the function.

    Γ ⊢ ∂a[j := k]/∂z_k = b
    ────────────────────────────────  z is in a only as z_j; k is never negative
    Γ, k < N ⊢ ∂(Σ_{j<N} a)/∂z_k = b
    """
    a, at, b = derivative_parts(inner, "derivative_own_entry")
    index, bound, body = pattern.args
    if not (isinstance(pattern, Total) and isinstance(at, Entry) and len(at.args) == 2):
        raise KernelError(f"derivative_own_entry: {text(pattern)} by {text(at)} is no sum by an entry with one index")
    name, place = at.args
    if place.least is None or place.least < 0 or index in symbols_of(place):
        raise KernelError(f"derivative_own_entry: {text(at)} must be one entry, numbered from 0")
    if not _only_as(Entry(name, index), name, body):
        raise KernelError(f"derivative_own_entry: {text(body)} depends on other entries of {name}, too")
    if substitute(body, {index: place}) is not a:
        raise KernelError(f"derivative_own_entry: {text(a)} is not that part of {text(pattern)}")
    return Derived(Derivative(pattern, at, b), inner.hypotheses | {Below(place, bound)})


def _only_as(entry: Entry, name: str, node: Node) -> bool:
    """Whether ``node`` contains the array of that name only as this one entry, and no fold inside binds its index
    again.
    """
    if isinstance(node, Entry) and node.args[0] == name:
        return node is entry
    if isinstance(node, Fold) and name in node.free and node.args[0] is entry.args[1]:
        return False
    return all(_only_as(entry, name, part) for part in node.args if is_node(part))


@rule
def derivative_result(derivative: RealTheorem, equation: RealTheorem) -> Statement:
    """Write the derivative otherwise.

    Γ ⊢ ∂f = a     Δ ⊢ a = b
    ────────────────────────
    Γ, Δ ⊢ ∂f = b
    """
    f, at, a = derivative_parts(derivative, "derivative_result")
    left, right = equation_sides(equation, "derivative_result")
    if a is not left:
        raise KernelError(f"derivative_result: {text(a)} is not {text(left)}")
    return Derivative(f, at, right)


@rule
def derivative_of_equal(equation: RealTheorem, derivative: RealTheorem) -> Statement:
    """Functions that are equal around a point have one derivative there.

    A condition is open if it is a ≠ 0 or a < b between continuous functions: it holds around every point where it holds.

    Γ ⊢ f = g     Δ ⊢ ∂g = a
    ────────────────────────  x occurs in Γ in open conditions only
    Γ, Δ ⊢ ∂f = a
    """
    f, g = equation_sides(equation, "derivative_of_equal")
    function, at, result = derivative_parts(derivative, "derivative_of_equal")
    if function is not g:
        raise KernelError(f"derivative_of_equal: {text(function)} is not {text(g)}")
    for condition in equation.hypotheses:
        if _depends(condition, at) and not _open(condition):
            raise KernelError(f"derivative_of_equal: {text(condition)} may hold at one point and not around it")
    return Derivative(f, at, result)


_CONTINUOUS = (Number, Variable, Entry, Whole, Plus, Times, Exp, Abs)


def _open(condition: Statement) -> bool:
    return isinstance(condition, Nonzero | Less) and all(map(_continuous, condition.args))


def _continuous(term: Real) -> bool:
    if isinstance(term, Total):
        return _continuous(term.args[2])
    if isinstance(term, Power):
        return _continuous(term.args[0])
    if isinstance(term, Number | Variable | Entry | Whole | Delta):
        return True
    return isinstance(term, _CONTINUOUS) and all(map(_continuous, term.args))
