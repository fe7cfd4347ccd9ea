"""Propositions as SymPy relations, and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symnet.errors import TermError
from symnet.terms.propositions import And, Congruent, Divides, Eq, In, Le, Lt, Or, Proposition
from symnet.terms.sympy_letters import Letters, read_expression
from symnet.terms.term import Term, integer

__all__ = ["from_relation", "is_relation", "to_relation"]


def to_relation(proposition: Proposition, letters: Letters | None = None) -> Any:
    """The SymPy relation of a proposition; ``letters`` are the SymPy symbols for names. Raises :class:`TermError` for
    a kind that SymPy does not have.

    >>> from symnet.terms.term import Symbol
    >>> to_relation(Le(Symbol("F"), Symbol("W") + 2))
    F <= W + 2
    """
    import sympy

    from symnet.terms.sympy_bridge import to_sympy

    if isinstance(proposition, And | Or):
        join = sympy.And if isinstance(proposition, And) else sympy.Or
        return join(*(to_relation(part, letters) for part in proposition.args))
    if isinstance(proposition, In):
        size, members = proposition.args
        return sympy.Or(*(_within(to_sympy(size, letters), part) for part in members.parts))
    sides = [to_sympy(term, letters) for term in proposition.args]
    if isinstance(proposition, Divides):
        return sympy.Eq(sympy.Mod(sides[1], sides[0]), 0)
    if isinstance(proposition, Congruent):
        return sympy.Eq(sympy.Mod(sides[0] - sides[1], sides[2]), 0)
    kinds = {Eq: sympy.Eq, Le: sympy.Le, Lt: sympy.Lt}
    if type(proposition) not in kinds:
        raise TermError(f"{proposition!r:.200} is no relation of SymPy's")
    return kinds[type(proposition)](*sides)


def _within(size: Any, part: Any) -> Any:
    import sympy

    relations = [sympy.Eq(sympy.Mod(size, part.modulus), part.residue)] if part.modulus > 1 else []
    relations += [sympy.Ge(size, part.minimum)] if part.minimum is not None else []
    relations += [sympy.Le(size, part.maximum)] if part.maximum is not None else []
    return sympy.And(*relations)


def is_relation(value: Any) -> bool:
    """Whether a value is a SymPy relation, or several joined by and, or, not."""
    return hasattr(value, "is_Boolean") and (value.is_Boolean or value.is_Relational)


def from_relation(relation: Any, read: Callable[[Any], Term] = read_expression) -> Proposition:
    """The proposition of a SymPy relation; ``read`` converts its sides. Raises :class:`TermError` for anything but a
    relation between integers.

    >>> import sympy
    >>> x = sympy.Symbol("x")
    >>> from_relation((x < 5) & sympy.Ne(x, 2))
    <And x <= 4 and (x < 2 or 2 < x)>
    """
    import sympy

    if relation in (True, sympy.true):
        return And()
    if relation in (False, sympy.false):
        return Or()
    if isinstance(relation, sympy.Not):
        return from_relation(_negated(relation.args[0]), read)
    if isinstance(relation, sympy.And | sympy.Or):
        parts = [from_relation(part, read) for part in sorted(relation.args, key=sympy.default_sort_key)]
        return (And if isinstance(relation, sympy.And) else Or)(*parts)
    if not getattr(relation, "is_Relational", False):
        raise TermError(f"{relation!r:.200} is no relation between sizes, such as W <= 5 or Eq(W, 2*F)")
    left, right = read(relation.lhs), read(relation.rhs)
    match relation:
        case sympy.Eq():
            return Eq(left, right)
        case sympy.Ne():
            return Or(Lt(left, right), Lt(right, left))
        case sympy.Ge() | sympy.Gt():
            left, right = right, left
    if relation.func in (sympy.Le, sympy.Ge):
        return Le(left, right)
    return Le(left, integer(right.constant - 1)) if right.constant is not None else Lt(left, right)


def _negated(relation: Any) -> Any:
    import sympy

    if isinstance(relation, sympy.And):
        return sympy.Or(*map(_negated, relation.args))
    if isinstance(relation, sympy.Or):
        return sympy.And(*map(_negated, relation.args))
    if isinstance(relation, sympy.Not):
        return relation.args[0]
    if not getattr(relation, "is_Relational", False):
        raise TermError(f"{relation!r:.200} is no relation between sizes, such as W <= 5 or Eq(W, 2*F)")
    return relation.negated
