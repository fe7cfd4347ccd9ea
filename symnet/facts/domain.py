"""The conditions under which a statement is defined: no divisor is 0, no logarithm or root is of a negative number."""

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
    """The further conditions under which every part of a theorem's conclusion is defined. The theorem holds without them, since
    undefined parts may have any value, but a reader should know them.

    >>> from symnet.facts.batchnorm import batchnorm_folding
    >>> [type(condition).__name__ for condition in undefined_unless(batchnorm_folding().proven[0].theorem)]
    ['Less']
    """
    missing: dict[Statement, None] = {}
    wanted = _conditions(theorem.conclusion, ())
    # a root that is defined and not 0 is the root of a positive number
    roots = {Nonzero(Sqrt(one.args[1])) for _, one in wanted if isinstance(one, AtMost)}
    positive = {one.args[0].args[0] for _, one in wanted if one in roots}
    for indices, one in wanted:
        if one in roots:
            continue
        condition = Less(*one.args) if isinstance(one, AtMost) and one.args[1] in positive else one
        known = tuple(_known(theorem.hypotheses, indices))
        if not _evident(condition.args[-1]) and known_sign(condition, known) is None:
            missing[_for_all(indices, condition)] = None
    return tuple(missing)


def _known(hypotheses: Iterable[Statement], indices: tuple[Symbol, ...]) -> Iterator[RealTheorem]:
    """The theorem's conditions, with statements for all values applied to the indices, and what follows from their signs."""
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
    """The condition for all values of the indices that occur in it, since an index has no meaning outside its sum."""
    for index in reversed(indices):
        if index in condition.free:
            condition = ForAll(index, condition)
    return condition


def _evident(term: Real) -> bool:
    """Returns whether the term evaluates to a positive number."""
    try:
        worked_out = value(term)
    except TermError:
        return False
    return isinstance(worked_out, Number) and worked_out.value > 0


def _conditions(node: Node, indices: tuple[Symbol, ...]) -> list[tuple[tuple[Symbol, ...], Statement]]:
    """The conditions for each part to be defined, with the indices of the sums around that part."""
    own: list[Statement] = []
    if isinstance(node, Quotient):
        own.append(Nonzero(node.args[1]))
    if isinstance(node, Log):
        own.append(Less(ZERO, node.args[0]))
    if isinstance(node, Sqrt):
        own.append(AtMost(ZERO, node.args[0]))
    if isinstance(node, Fold | ForAll):
        indices = (*indices, node.args[0])
    inner = [condition for part in node.args if isinstance(part, Node) for condition in _conditions(part, indices)]
    return [*((indices, one) for one in own), *inner]
