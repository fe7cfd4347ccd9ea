"""Theorems about integers (:mod:`symnet.kernel.sealed` keeps them). The signature of the trusted part, in one screen:

Theorem                      hypotheses ⊢ conclusion, with the rule and the arguments that made it
rule(function)               turns a function that returns a conclusion into a maker of theorems
derived_rule(function)       names a way of using rules: its theorems are those that the rules made for it
RULES                        every rule by name; nothing else makes a theorem
"""

from __future__ import annotations

from symnet.kernel.certificate import At, Certificate, Each, Mod, No, Only, Yes
from symnet.kernel.sealed import Rules, Sealed, is_one_of
from symnet.printing.text import text
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.propositions import PROPOSITIONS, Proposition
from symnet.terms.term import TERMS, Symbol, Term

__all__ = ["RULES", "Theorem", "close", "derived_rule", "rule"]


class Theorem(Sealed[Proposition]):
    """``hypotheses ⊢ conclusion`` about integers. Only the rules make one.

    >>> Theorem()
    Traceback (most recent call last):
    symnet.errors.KernelError: a theorem is made by a rule, never constructed
    """

    __slots__ = ()

    def __repr__(self) -> str:
        assumed = ", ".join(sorted(text(hypothesis) for hypothesis in self.hypotheses))
        return f"{assumed} ⊢ {text(self.conclusion)}".strip()


_RULES = Rules(
    Theorem,
    "a theorem",
    {
        Term: (lambda value: is_one_of(TERMS, type(value)), "a term"),
        Proposition: (lambda value: is_one_of(PROPOSITIONS, type(value)), "a proposition"),
        IntegerSet: (lambda value: type(value) is IntegerSet, "a set of integers"),
        Symbol: (lambda value: type(value) is Symbol, "a symbol"),
        int: (lambda value: type(value) is int, "an integer"),
        Certificate: (lambda value: type(value) in (Yes, No, At, Mod, Only, Each), "a certificate"),
    },
)

#: Every rule by its name, for replay, for documentation, and for the list of Coq lemmas.
RULES = _RULES.by_name
rule, derived_rule, close = _RULES.rule, _RULES.derived_rule, _RULES.close
