"""Random expressions with rounded quotients, and their values at numbers by Python's own integers."""

from __future__ import annotations

from random import Random

import sympy

from symnet.sympy_functions.division import CeilDiv, FloorDiv

__all__ = ["LENGTH", "LETTERS", "WIDTH", "exact", "expression", "point"]

WIDTH, LENGTH = sympy.symbols("W V", integer=True, positive=True)
LETTERS = (sympy.Symbol("n", integer=True), WIDTH, LENGTH)


def expression(chance: Random, depth: int = 3) -> sympy.Expr:
    """Sums, products and quotients of small numbers and letters."""
    if depth == 0:
        return chance.choice([*LETTERS, sympy.Integer(chance.randint(-9, 9))])
    one, two = expression(chance, depth - 1), expression(chance, depth - 1)
    divisor = chance.choice([sympy.Integer(chance.randint(1, 6)), LENGTH, WIDTH + 1])
    return chance.choice(
        [
            one + two,
            one - 2 * two,
            one * two,
            FloorDiv(one + chance.randint(-5, 5), divisor),
            FloorDiv(2 * one + two, divisor),
            CeilDiv(one - two, divisor),
        ]
    )


def point(chance: Random) -> dict[sympy.Symbol, int]:
    """Numbers for the letters."""
    return dict(zip(LETTERS, (chance.randint(-30, 30), chance.randint(1, 30), chance.randint(1, 9)), strict=True))


def exact(node: sympy.Expr, at: dict[sympy.Symbol, int]) -> int:
    """The value, worked out part by part, without SymPy's evaluation."""
    if node.is_Integer:
        return int(node)
    if node.is_Symbol:
        return at[node]
    parts = [exact(part, at) for part in node.args]
    if node.is_Add:
        return sum(parts)
    if node.is_Mul:
        total = 1
        for part in parts:
            total *= part
        return total
    if node.is_Pow:
        return int(parts[0] ** parts[1])
    top, below = parts
    return top // below if isinstance(node, FloorDiv) else -(-top // below)
