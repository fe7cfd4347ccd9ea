"""Derivations of some length: convolution stacks, every step a theorem."""

from __future__ import annotations

from symnet.kernel import rules as R
from symnet.kernel.theorem import Theorem
from symnet.terms.propositions import Le
from symnet.terms.term import Symbol, Term, integer

__all__ = ["numeric_stack", "own_symbols_stack", "window_law"]

W, F, S, P = Symbol("W", None), Symbol("F"), Symbol("S"), Symbol("P", 0)
ONE = integer(1)


def window_law() -> Theorem:
    """``E ≤ W + 2P ⊢ Windows(W + 2P, F, 1, S) = ⌊(W + (2P − F + S))/S⌋``, by which layers nest."""
    count = R.window_count(W + 2 * P, F, ONE, S)
    formula = R.chain(count, R.polynomial_identity(count.conclusion.args[1], (W - F + 2 * P) // S + 1))
    shifted = R.chain(formula, R.floor_shift(W - F + 2 * P, S, ONE))
    affine = (W + (2 * P - F + S)) // S
    return R.chain(shifted, R.polynomial_identity(shifted.conclusion.args[1], affine))


def numeric_stack(layers: int, padding: int = 1) -> Theorem:
    """Convolutions 3, stride 1 on an input of at least 1000: each condition is shown and cut."""
    law, size = window_law(), Symbol("W")
    enough = R.assume(Le(integer(1000), size))
    whole: Theorem | None = None
    layer_input: Term = size
    for _ in range(layers):
        layer = R.instantiate(law, (W, F, S, P), (layer_input, integer(3), ONE, integer(padding)))
        bound = enough if whole is None else R.floor_monotone(whole, enough)
        (condition,) = layer.hypotheses
        layer = R.cut(R.linear(condition, (bound,), (ONE,)), layer)
        layer_input = layer.conclusion.args[0]
        whole = layer if whole is None else R.floor_nest(whole, layer)
    return whole or enough


def own_symbols_stack(layers: int) -> Theorem:
    """Convolutions with symbols of their own: each condition stays a hypothesis."""
    law = window_law()
    whole: Theorem | None = None
    layer_input: Term = Symbol("W")
    for number in range(1, layers + 1):
        own = (Symbol(f"F{number}"), Symbol(f"S{number}"), Symbol(f"P{number}", 0))
        layer = R.instantiate(law, (W, F, S, P), (layer_input, *own))
        layer_input = layer.conclusion.args[0]
        whole = layer if whole is None else R.floor_nest(whole, layer)
    return whole or law
