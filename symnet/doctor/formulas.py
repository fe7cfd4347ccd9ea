"""Formulas of sizes as the doctor shows them."""

from __future__ import annotations

import re

from symnet.printing.text import unicode_text
from symnet.terms.propositions import Eq, Proposition
from symnet.terms.term import Count

__all__ = ["formula_of_size", "short_formula"]


def short_formula(words: str) -> str:
    """A formula in numbers without what changes nothing: no padding, and steps of one entry; empty if only a number is left.

    >>> short_formula("⌊(28 − 2 + 2·0)/2⌋ + 1"), short_formula("⌊(28 − 3 + 2·1)/1⌋ + 1"), short_formula("⌈64/1⌉")
    ('⌊(28 − 2)/2⌋ + 1', '28 − 3 + 2·1 + 1', '')
    """
    words = words.replace(" + 2·0", "")
    words = re.sub(r"⌊\(([^()⌊⌋⌈⌉]*)\)/1⌋", r"\1", words)
    words = re.sub(r"⌈([^()⌊⌋⌈⌉/]*)/1⌉", r"\1", words)
    return "" if words.isdecimal() else words


def formula_of_size(equation: Proposition) -> str:
    """The left side of the equation of a size; empty for a number of windows with letters, whose closed form is the size itself.

    >>> from symnet.terms.term import Symbol, Windows, integer
    >>> W, three, one = Symbol("W"), integer(3), integer(1)
    >>> formula_of_size(Eq(Windows(W, three, one, one), W - 2)), formula_of_size(Eq((W - 3) // 2 + 1, (W - 1) // 2))
    ('', '⌊(W − 3)/2⌋ + 1')
    """
    left = equation.args[0]
    shown = isinstance(equation, Eq) and not isinstance(left, Count)
    return short_formula(unicode_text(left)) if shown else ""
