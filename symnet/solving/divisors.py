"""Divisors in a question, and whether they may be 0."""

from __future__ import annotations

from symnet.printing.text import text, unicode_text
from symnet.search.narrowing import must_be_true
from symnet.solving.bounds import find_bounds
from symnet.solving.redundant import all_conjuncts, implied
from symnet.terms.node import children_first
from symnet.terms.propositions import Congruent, Divides, Le, Proposition
from symnet.terms.term import CeilDiv, FloorDiv, Mod, Symbol, Windows, integer, symbols_of

__all__ = ["possible_zero_divisor", "symbols_in_divisors"]


def symbols_in_divisors(proposition: Proposition) -> set[Symbol]:
    """The symbols that occur in a divisor.

    >>> S, W = Symbol("S"), Symbol("W")
    >>> symbols_in_divisors(Le((W - 1) // S, W))
    {<Symbol S>}
    """
    found: set[Symbol] = set()
    for node in children_first(proposition):
        if isinstance(node, FloorDiv | CeilDiv | Mod):
            found.update(symbols_of(node.args[1]))
        elif isinstance(node, Divides):
            found.update(symbols_of(node.args[0]))
        elif isinstance(node, Windows):
            found.update(symbols_of(node.args[3]))
        elif isinstance(node, Congruent):
            found.update(symbols_of(node.args[2]))
    return found


def possible_zero_divisor(proposition: Proposition, symbols: tuple[Symbol, ...]) -> str | None:
    """A message that names a divisor which may be 0 within the known bounds, and the constraint to add; ``None`` if
    every divisor is at least 1.

    >>> possible_zero_divisor(Le(Symbol("W") // Symbol("P", 0), integer(3)), (Symbol("W"), Symbol("P", 0)))
    'P may be 0, and something is divided by it: add P>=1 with where'
    """
    divisors = {
        node.args[1]: None
        for node in children_first(proposition)
        if isinstance(node, FloorDiv | CeilDiv | Mod) and node.args[1].constant is None
    }
    ends = find_bounds(proposition, symbols).ends if divisors else {}
    for divisor in divisors:
        positive = Le(integer(1), divisor)
        if not must_be_true(positive, ends) and implied(positive, list(all_conjuncts(proposition))) is None:
            more = f"add {text(divisor)}>=1 with where"
            return f"{unicode_text(divisor)} may be 0, and something is divided by it: {more}"
    return None
