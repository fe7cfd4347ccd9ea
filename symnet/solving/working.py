"""Working out: what is a number becomes one, and the numbers of a sum become one number."""

from __future__ import annotations

from collections.abc import Collection

from symnet.kernel.rules import iff_chain, polynomial_identity, rewrite_iff, value
from symnet.kernel.theorem import Theorem
from symnet.terms.node import Node, children_first
from symnet.terms.propositions import Proposition
from symnet.terms.term import Int, Sum, Term, integer

__all__ = ["worked_out"]

#: Floors inside each other are entered so far.
DEPTH = 8


def worked_out(proposition: Proposition) -> Theorem:
    """⊢ p ⇔ p with every part that is a number worked out.

    >>> from symnet.terms.propositions import Le
    >>> from symnet.terms.term import Symbol
    >>> worked_out(Le(integer(3), Symbol("W") - 2 + 2 * integer(0))).conclusion.args[1]
    <Le 3 <= W - 2>
    """
    theorem = rewrite_iff((), proposition)
    for _ in range(DEPTH):
        result = theorem.conclusion.args[1]
        found = _found(result)
        if not found:
            break
        step = rewrite_iff(tuple(found.values()), result)
        theorem = step if result is proposition else iff_chain(theorem, step)
    return theorem


def _found(proposition: Proposition) -> dict[Term, Theorem]:
    """What to put for the largest numbers, and for sums of several numbers; from the innermost sum on."""
    found: dict[Term, Theorem] = {}
    sums: dict[Sum, None] = {}
    stack: list[Node] = [proposition]
    seen: set[Node] = set()
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        if isinstance(node, Term) and node.constant is not None:
            if not isinstance(node, Int):
                found[node] = value(node)
            continue
        if isinstance(node, Sum):
            terms = _terms(node)
            numbers = [term.constant for term in terms if term.constant is not None]
            if len(numbers) > 1 or 0 in numbers:
                sums[node] = None
            stack.extend(terms)
        else:
            stack.extend(node.children)
    outer = _around(proposition, sums)
    found.update((one, polynomial_identity(one, _folded(one))) for one in sums if one not in outer)
    return found


def _terms(sum_: Sum) -> list[Term]:
    """The terms of a sum of sums."""
    found: list[Term] = []
    for term in sum_.args:
        found.extend(_terms(term) if isinstance(term, Sum) else (term,))
    return found


def _around(proposition: Proposition, sums: Collection[Node]) -> set[Node]:
    """The nodes with one of the sums inside them."""
    outer: set[Node] = set()
    for node in children_first(proposition) if sums else ():
        if any(child in sums or child in outer for child in node.children):
            outer.add(node)
    return outer


def _folded(sum_: Sum) -> Term:
    """One number, where the first one stood; none if it is 0."""
    every = _terms(sum_)
    total = sum(term.constant for term in every if term.constant is not None)
    place = next(index for index, term in enumerate(every) if term.constant is not None)
    terms = [term for term in every if term.constant is None]
    if total:
        terms.insert(place, integer(total))  # all that stand before the first number are kept
    return terms[0] if len(terms) == 1 else Sum(*terms)
