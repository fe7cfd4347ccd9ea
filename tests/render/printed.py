"""Printed formulas evaluated by what stands there: an evaluator that knows nothing of terms."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import Any

__all__ = ["Sheet", "grammar_value"]

_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def _python(formula: str) -> str:
    """A formula of a terminal as a Python expression; an index below the line is not the same name as one after ``_``."""
    formula = re.sub(r"(?<=\d),(?=\d{3})", "", formula)
    formula = re.sub("[₀-₉]+", lambda found: "__low" + found[0].translate(_SUBSCRIPTS), formula)
    formula = re.sub("[⁰¹²³⁴-⁹]+", lambda found: "**" + found[0].translate(_SUPERSCRIPTS), formula)
    formula = formula.replace("⌊", "floor(").replace("⌈", "ceil(").replace("⌋", ")").replace("⌉", ")")
    return re.sub(r"\bNone\b", "letter_None", formula.replace("·", "*").replace("−", "-").replace("mod", "%"))


def grammar_value(text: Any, values: dict[str, int]) -> Any:
    """The value of an expression or a condition in the grammar of the JSON."""
    if not isinstance(text, str):
        return text
    names = {("letter_None" if name == "None" else name): value for name, value in values.items()}
    space = {**names, "ceildiv": lambda a, b: -(-a // b), "min": min, "max": max}
    source = re.sub(r"(\S+) divides (\S+)", r"(\2) % (\1) == 0", re.sub(r"\bNone\b", "letter_None", text))
    return eval(source, {"__builtins__": {}}, space)


class Sheet:
    """What a reader with a pencil knows: the letters' values, and every size that was defined so far."""

    def __init__(self, values: dict[str, int]) -> None:
        """``values`` are those of the letters, as they are printed."""
        self.known: dict[str, Any] = {_python(name): Fraction(value) for name, value in values.items()}

    def value(self, formula: str) -> Fraction:
        """The value of a formula; a NameError for a name that nothing defines."""
        space = {**self.known, "floor": math.floor, "ceil": math.ceil, "min": min, "max": max}
        return Fraction(eval(_python(formula), {"__builtins__": {}}, space))

    def read(self, equation: str) -> None:
        """``name = formula`` defines a name that is new; any other equation must be true."""
        left, right = equation.split(" = ")
        name = _python(left)
        if name.isidentifier() and name not in self.known:
            self.known[name] = self.value(right)
        assert self.value(left) == self.value(right), f"{equation} is false for {self.known}"
