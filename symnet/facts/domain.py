"""Where all parts of a statement are defined: no divisor is 0, no logarithm or root is taken of a negative number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from symnet.errors import TermError
from symnet.facts.tactics import known_sign
from symnet.kernel.real.expressions import Fold, Log, Node, Number, Quotient, Real, Sqrt, number
from symnet.kernel.real.normal_forms import value
from symnet.kernel.real.rules import assume, for_every, nonzero
from symnet.kernel.real.statements import AtMost, ForAll, Less, Nonzero, Statement
from symnet.kernel.real.theorem import RealTheorem
from symnet.terms.term import Symbol

__all__ = ["undefined_unless"]

ZERO = number(0)


def undefined_unless(theorem: RealTheorem) -> tuple[Statement, ...]:
    """What must hold besides the theorem's conditions for every part of its conclusion to be defined. The theorem is true
    without it, for what is undefined is left open; a reader wants to know.

    >>> from symnet.facts.batchnorm import batchnorm_folding
    >>> [type(condition).__name__ for condition in undefined_unless(batchnorm_folding().proven[0].theorem)]
    ['Less']
    """
    found: dict[Statement, None] = {}
    wanted = _conditions(theorem.conclusion, ())
    # a root that is defined and not 0 is one of a positive number
    roots = {Nonzero(Sqrt(one.args[1])) for _, one in wanted if isinstance(one, AtMost)}
    positive = {one.args[0].args[0] for _, one in wanted if one in roots}
    for indices, one in wanted:
        if one in roots:
            continue
        condition = Less(*one.args) if isinstance(one, AtMost) and one.args[1] in positive else one
        known = tuple(_known(theorem.hypotheses, indices))
        if not _evident(condition.args[-1]) and known_sign(condition, known) is None:
            found[_for_all(indices, condition)] = None
    return tuple(found)


def _known(hypotheses: Iterable[Statement], indices: tuple[Symbol, ...]) -> Iterator[RealTheorem]:
    """The theorem's conditions, those for all values of a symbol at these indices, too; and what follows of signs."""
    for hypothesis in hypotheses:
        waiting = [assume(hypothesis)]
        while waiting:
            one = waiting.pop()
            yield one
            if isinstance(one.conclusion, Less) and one.conclusion.args[0] is ZERO:
                yield nonzero(one)
            if isinstance(one.conclusion, ForAll):
                waiting.extend(for_every(one, index) for index in indices)


def _for_all(indices: tuple[Symbol, ...], condition: Statement) -> Statement:
    """The condition for all values of the indices that are in it: outside their sum they mean nothing."""
    for index in reversed(indices):
        if index in condition.free:
            condition = ForAll(index, condition)
    return condition


def _evident(term: Real) -> bool:
    """Whether it is a positive number, once it is worked out."""
    try:
        worked_out = value(term)
    except TermError:
        return False
    return isinstance(worked_out, Number) and worked_out.value > 0


def _conditions(node: Node, indices: tuple[Symbol, ...]) -> list[tuple[tuple[Symbol, ...], Statement]]:
    """What must hold for a part to be defined, with the indices of the sums around it."""
    own: list[Statement] = []
    if isinstance(node, Quotient):
        own.append(Nonzero(node.args[1]))
    if isinstance(node, Log):
        own.append(Less(ZERO, node.args[0]))
    if isinstance(node, Sqrt):
        own.append(AtMost(ZERO, node.args[0]))
    if isinstance(node, Fold | ForAll):
        indices = (*indices, node.args[0])
    inner = [found for part in node.args if isinstance(part, Node) for found in _conditions(part, indices)]
    return [*((indices, one) for one in own), *inner]
