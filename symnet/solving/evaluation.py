"""Evaluating constants: constant subterms become numbers, and the numbers of a sum become one number."""

from __future__ import annotations

from collections.abc import Collection

from symnet.kernel.rules import iff_chain, polynomial_identity, rewrite_iff, value
from symnet.kernel.theorem import Theorem
from symnet.terms.node import Node, children_first
from symnet.terms.propositions import Proposition
from symnet.terms.term import Int, Sum, Term, integer

__all__ = ["evaluated"]

#: Nested floors are evaluated to this depth.
DEPTH = 8


def evaluated(proposition: Proposition) -> Theorem:
    """⊢ p ⇔ p with every constant subterm evaluated.

    >>> from symnet.terms.propositions import Le
    >>> from symnet.terms.term import Symbol
    >>> evaluated(Le(integer(3), Symbol("W") - 2 + 2 * integer(0))).conclusion.args[1]
    <Le 3 <= W - 2>
    """
    theorem = rewrite_iff((), proposition)
    for _ in range(DEPTH):
        result = theorem.conclusion.args[1]
        replacements = _replacements(result)
        if not replacements:
            break
        step = rewrite_iff(tuple(replacements.values()), result)
        theorem = step if result is proposition else iff_chain(theorem, step)
    return theorem


def _replacements(proposition: Proposition) -> dict[Term, Theorem]:
    """Equations for the largest constant subterms, and for innermost sums with several numbers."""
    replacements: dict[Term, Theorem] = {}
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
                replacements[node] = value(node)
            continue
        if isinstance(node, Sum):
            terms = _terms(node)
            numbers = [term.constant for term in terms if term.constant is not None]
            if len(numbers) > 1 or 0 in numbers:
                sums[node] = None
            stack.extend(terms)
        else:
            stack.extend(node.children)
    outer = _nodes_around(proposition, sums)
    replacements.update((one, polynomial_identity(one, _folded(one))) for one in sums if one not in outer)
    return replacements


def _terms(sum_: Sum) -> list[Term]:
    """The terms of nested sums."""
    terms: list[Term] = []
    for term in sum_.args:
        terms.extend(_terms(term) if isinstance(term, Sum) else (term,))
    return terms


def _nodes_around(proposition: Proposition, sums: Collection[Node]) -> set[Node]:
    """The nodes that contain one of the sums."""
    outer: set[Node] = set()
    for node in children_first(proposition) if sums else ():
        if any(child in sums or child in outer for child in node.children):
            outer.add(node)
    return outer


def _folded(sum_: Sum) -> Term:
    """The sum with its numbers combined at the position of the first one; left out if they add up to 0."""
    every = _terms(sum_)
    total = sum(term.constant for term in every if term.constant is not None)
    index = next(index for index, term in enumerate(every) if term.constant is not None)
    terms = [term for term in every if term.constant is None]
    if total:
        terms.insert(index, integer(total))  # the terms before the first number keep their positions
    return terms[0] if len(terms) == 1 else Sum(*terms)
