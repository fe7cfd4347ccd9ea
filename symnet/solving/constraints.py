"""Parsed constraints as propositions."""

from __future__ import annotations

from symnet.terms.parse import Constraint, Membership
from symnet.terms.propositions import Eq, Le, Lt, Or, Proposition
from symnet.terms.term import integer

__all__ = ["proposition"]


def proposition(constraint: Constraint | Membership) -> Proposition:
    """A parsed constraint as a proposition."""
    if isinstance(constraint, Membership):
        equal = [Eq(constraint.left, member) for member in constraint.members]
        return Or(*equal) if len(equal) > 1 else equal[0]
    operator, left, right = constraint
    if operator == "==":
        return Eq(left, right)
    if operator == "!=":
        return Or(Lt(left, right), Lt(right, left))
    if operator in (">", ">="):
        left, right, operator = right, left, {">": "<", ">=": "<="}[operator]
    if operator == "<" and right.constant is not None:
        return Le(left, integer(right.constant - 1))
    return Le(left, right) if operator == "<=" else Lt(left, right)
