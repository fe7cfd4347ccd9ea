"""Inputs for which a network of letters is another network: a Squeeze takes away a size that is 1, and a join stretches it.

An answer is about the network as it is in letters. What its layers do with other inputs is said with it, unless the question leaves
these out.
"""

from __future__ import annotations

from collections.abc import Iterator

from symnet.layers.declaration.base import Condition
from symnet.network.joins import may_be_one
from symnet.solving.question import Problem
from symnet.solving.statement import FITS, JOINS, WHERE, Statement, Tensor
from symnet.terms.polynomial import normal_form
from symnet.terms.propositions import Eq, Proposition
from symnet.terms.term import Term, symbols_of

__all__ = ["other_cases"]


def other_cases(problem: Problem) -> tuple[str, ...]:
    """Sentences on what layers do with inputs that are not answered about.

    >>> from symnet.notation.parse import parse_question
    >>> from symnet.solving import solve
    >>> other_cases(solve("(3*W) -> Squeeze -> FC|4 = (4)").problem)
    ('a Squeeze takes away the sizes that are 1',)
    """
    statements = (problem.statement, *(case.problem.statement for case in problem.cases))
    return tuple(
        dict.fromkeys(
            condition.otherwise
            for statement in statements
            for tensor in statement.tensors
            for condition in _open_cases(statement, tensor)
        )
    )


def _open_cases(statement: Statement, tensor: Tensor) -> Iterator[Condition]:
    """Yields the conditions under which a layer was read as it is, where what is known before does not imply them."""
    for condition in tensor.applied.conditions:
        proposition = condition.proposition
        if not condition.otherwise or _always(statement.with_formulas(proposition)):
            continue
        known = [
            part.proposition
            for part in statement.parts.values()
            if part.why == WHERE or (part.why in (FITS, JOINS) and part.layer < tensor.index)
        ]
        if not isinstance(proposition, Eq) or any(_stretches(statement, side, known) for side in proposition.args):
            yield condition


def _always(proposition: Proposition) -> bool:
    """Whether a condition holds for all sizes, as where a layer keeps the size that it is joined with."""
    if isinstance(proposition, Eq):
        return normal_form(proposition.args[0]) == normal_form(proposition.args[1])
    return not symbols_of(proposition)


def _stretches(statement: Statement, size: Term, known: list[Proposition]) -> bool:
    """Whether a size may be 1 because its letters are: one that windows make is so by chance, and does not stretch."""
    made = statement.formulas.sizes.get(size)
    return (made is None or made.law is None) and may_be_one(size, known)
