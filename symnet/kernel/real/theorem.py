"""Theorems about real numbers, by the mechanism of :mod:`symnet.kernel.sealed`, with rules of their own.

    RealTheorem                  hypotheses ⊢ conclusion, with the rule and the arguments that made it
    rule(function)               turns a function that returns a conclusion into a maker of theorems
    RULES                        every rule by name; nothing else makes a theorem

The two kernels share no theorem: one speaks of integers, the other of real numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec

from symnet.kernel.real.expressions import FOLDS, Fold, Real, Variable, is_real, is_term
from symnet.kernel.real.printing import unicode_text
from symnet.kernel.real.statements import Statement, is_statement
from symnet.kernel.sealed import Derived, Rules, Sealed, is_one_of
from symnet.terms.term import Symbol, Term

__all__ = ["RULES", "RealTheorem", "close", "rule"]


class RealTheorem(Sealed[Statement]):
    """``hypotheses ⊢ conclusion`` about real numbers. Only the rules make one.

    >>> RealTheorem()
    Traceback (most recent call last):
    symnet.errors.KernelError: a theorem is made by a rule, never constructed
    """

    __slots__ = ()

    def __repr__(self) -> str:
        assumed = ", ".join(sorted(unicode_text(hypothesis) for hypothesis in self.hypotheses))
        return f"{assumed} ⊢ {unicode_text(self.conclusion)}".strip()


# Tests the type itself, as ``isinstance`` trusts the object's ``__class__``.
_RULES = Rules(
    RealTheorem,
    "a theorem about real numbers",
    {
        Real: (is_real, "a real expression"),
        Fold: (lambda value: is_one_of(FOLDS, type(value)), "a sum, minimum or maximum over an index"),
        Variable: (lambda value: type(value) is Variable, "a variable"),
        Statement: (is_statement, "a statement"),
        Symbol: (lambda value: type(value) is Symbol, "a symbol"),
        Term: (is_term, "an integer term"),
    },
)
P = ParamSpec("P")

#: Every rule by its name.
RULES = _RULES.by_name


def rule(function: Callable[P, Statement | Derived]) -> Callable[P, RealTheorem]:
    """Make ``function`` a rule: it receives arguments of its declared types, and returns the conclusion or raises an
    error.
    """
    return _RULES.rule(function)


def close() -> None:
    """Close the list of rules, after all of them are registered."""
    _RULES.close()
