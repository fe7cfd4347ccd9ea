"""Where all parts of a statement are defined: no divisor is 0, no logarithm or root is taken of a negative number."""

from __future__ import annotations

from symnet.errors import TermError
from symnet.facts.tactics import known_sign
from symnet.kernel.real.expressions import Log, Node, Number, Quotient, Real, Sqrt, number
from symnet.kernel.real.normal_forms import value
from symnet.kernel.real.rules import assume, nonzero
from symnet.kernel.real.statements import AtMost, Less, Nonzero, Statement
from symnet.kernel.real.theorem import RealTheorem

__all__ = ["undefined_unless"]

ZERO = number(0)


def undefined_unless(theorem: RealTheorem) -> tuple[Statement, ...]:
    """What must hold besides the theorem's conditions for every part of its conclusion to be defined. The theorem is true
    without it, for what is undefined is left open; a reader wants to know.

    >>> from symnet.facts.batchnorm import batchnorm_folding
    >>> [type(condition).__name__ for condition in undefined_unless(batchnorm_folding().proven[0].theorem)]
    ['Less']
    """
    known = [assume(condition) for condition in theorem.hypotheses]
    known += [nonzero(sign) for sign in known if isinstance(sign.conclusion, Less) and sign.conclusion.args[0] is ZERO]
    found: dict[Statement, None] = {}
    wanted = _conditions(theorem.conclusion)
    # a root that is defined and not 0 is one of a positive number
    roots = {Nonzero(Sqrt(condition.args[1])) for condition in wanted if isinstance(condition, AtMost)}
    positive = {condition.args[0].args[0] for condition in wanted if condition in roots}
    wanted = [
        Less(*condition.args) if isinstance(condition, AtMost) and condition.args[1] in positive else condition
        for condition in wanted
        if condition not in roots
    ]
    for condition in wanted:
        if not _evident(condition.args[-1]) and known_sign(condition, tuple(known)) is None:
            found[condition] = None
    return tuple(found)


def _evident(term: Real) -> bool:
    """Whether it is a positive number, once it is worked out."""
    try:
        worked_out = value(term)
    except TermError:
        return False
    return isinstance(worked_out, Number) and worked_out.value > 0


def _conditions(node: Node) -> list[Statement]:
    own: list[Statement] = []
    if isinstance(node, Quotient):
        own.append(Nonzero(node.args[1]))
    if isinstance(node, Log):
        own.append(Less(ZERO, node.args[0]))
    if isinstance(node, Sqrt):
        own.append(AtMost(ZERO, node.args[0]))
    return own + [found for part in node.args if isinstance(part, Node) for found in _conditions(part)]
