"""Formulas of sizes as the doctor shows them."""

from __future__ import annotations

import re

__all__ = ["short_formula"]


def short_formula(words: str) -> str:
    """A formula in numbers without what changes nothing: no padding, and steps of one entry; empty if only a number is left.

    >>> short_formula("⌊(28 − 2 + 2·0)/2⌋ + 1"), short_formula("⌊(28 − 3 + 2·1)/1⌋ + 1"), short_formula("⌈64/1⌉")
    ('⌊(28 − 2)/2⌋ + 1', '28 − 3 + 2·1 + 1', '')
    """
    words = words.replace(" + 2·0", "")
    words = re.sub(r"⌊\(([^()⌊⌋⌈⌉]*)\)/1⌋", r"\1", words)
    words = re.sub(r"⌈([^()⌊⌋⌈⌉/]*)/1⌉", r"\1", words)
    return "" if words.isdecimal() else words
