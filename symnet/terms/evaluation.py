"""Numbers for letters: the value of a term, and whether a proposition is true there. No theorem rests on this file: tests compare the
rules with it, and callers look up what theorems come to at a size.
"""

from __future__ import annotations

from collections.abc import Mapping

from symnet.errors import TermError
from symnet.terms.intervals import BITS
from symnet.terms.node import Node, children_first
from symnet.terms.propositions import And, Congruent, Divides, Eq, Iff, In, Le, Lt, Or, Proposition
from symnet.terms.term import Count, Power, Symbol, Term, ends_of

__all__ = ["evaluate", "holds"]


def evaluate(term: Term, values: Mapping[Term, int] | None = None) -> int:
    """The integer value of ``term``, with ``values`` for its symbols. Counts have no value here: their formulas are
    theorems. Raises :class:`TermError` for a division by zero, a missing value and numbers out of reach.

    >>> from symnet.terms.term import Symbol
    >>> evaluate((Symbol("W") - 5) // 2 + 1, {Symbol("W"): 28})
    12
    """
    if term.constant is not None:
        return term.constant
    numbers: dict[Node, int] = dict(values) if values else {}  # type: ignore[arg-type]
    for node in children_first(term, known=numbers):
        number = node.constant if isinstance(node, Term) else None
        if number is None:
            if isinstance(node, Symbol):
                raise TermError(f"{node.name} has no value")
            if isinstance(node, Count):
                raise TermError(f"{type(node).__name__} is a count: its value is for a theorem to say")
            low, high = ends_of(node, [(numbers[child], numbers[child]) for child in node.children])
            number = low if low == high else None
        if number is None:
            raise TermError("a power is out of reach" if type(node) is Power else "division by zero")
        if number.bit_length() > BITS:
            raise TermError(f"a number of {number.bit_length()} bits is out of reach (at most {BITS})")
        numbers[node] = number
    return numbers[term]


def _divides(divisor: int, number: int) -> bool:
    return number % divisor == 0 if divisor else number == 0


def holds(proposition: Proposition, values: Mapping[Term, int] | None = None) -> bool:
    """Whether ``proposition`` is true with ``values`` for its symbols (and counts). Raises :class:`TermError` if a
    value is missing or a divisor is 0.

    >>> from symnet.terms.term import Symbol
    >>> W = Symbol("W")
    >>> holds(Divides((W - W) + 4, W), {W: 12})
    True
    """
    kind = type(proposition)
    if kind is And:
        return all(holds(part, values) for part in proposition.args)
    if kind is Or:
        return any(holds(part, values) for part in proposition.args)
    if kind is Iff:
        return holds(proposition.args[0], values) == holds(proposition.args[1], values)
    if kind is In:
        return evaluate(proposition.args[0], values) in proposition.args[1]
    numbers = [evaluate(term, values) for term in proposition.args]
    if kind is Eq:
        return numbers[0] == numbers[1]
    if kind is Le:
        return numbers[0] <= numbers[1]
    if kind is Lt:
        return numbers[0] < numbers[1]
    if kind is Divides:
        return _divides(*numbers)
    if kind is Congruent:
        return _divides(numbers[2], numbers[0] - numbers[1])
    raise TermError(f"{kind.__name__} is not a proposition with a meaning")
