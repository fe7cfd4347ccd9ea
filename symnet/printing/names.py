"""Takes names and numerals apart for display: ``W1`` is W with index 1, 217706 is 217,706."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["GREEK", "group_digits", "is_word", "look", "look_alikes", "named_parts", "split_name"]

#: Names of Greek letters, as LaTeX writes them.
GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "eta": "η", "theta": "θ", "kappa": "κ",
    "lambda": "λ", "mu": "μ", "nu": "ν", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "omega": "ω",
}  # fmt: skip

_INDEXED = re.compile(rf"(?P<head>[^\W\d_]|{'|'.join(GREEK)})(?:_?(?P<number>[0-9]+)|_(?P<word>\w+))")


def group_digits(value: int, separator: str = ",") -> str:
    """An integer with its digits in groups of three.

    >>> group_digits(217706), group_digits(832), group_digits(-1000)
    ('217,706', '832', '-1,000')
    """
    return f"{value:,}".replace(",", separator)


def split_name(name: str) -> tuple[str, str]:
    """A name's letter and its index ('' if it has none); a display name such as ``x_{3}`` is split in the same way.

    >>> split_name("W1"), split_name("W_2"), split_name("P_top"), split_name("x_{3}")
    (('W', '1'), ('W', '2'), ('P', 'top'), ('x', '3'))
    >>> split_name("units"), split_name("output_padding"), split_name("gamma")
    (('units', ''), ('output_padding', ''), ('gamma', ''))
    """
    match = _INDEXED.fullmatch(re.sub(r"_\{(\w+)\}$", r"_\1", name))
    return (match["head"], match["number"] or match["word"]) if match else (name, "")


def named_parts(name: str) -> tuple[str, str] | None:
    """Letter and index of a display name such as ``W_{3}``, or ``None`` for a name without braces, which is shown unchanged.

    >>> named_parts("W_{3}"), named_parts("W_{out1}"), named_parts("W_1")
    (('W', '3'), ('W', 'out1'), None)
    """
    match = re.fullmatch(r"(?P<head>\w+)_\{(?P<index>\w+)\}", name)
    return (match["head"], match["index"]) if match else None


def look(name: str) -> tuple[str, str]:
    """A key that is equal for names that are printed alike in every notation: W1 and W_1 are both W with index 1.

    >>> look("W_1") == look("W1") == look("W_{1}"), look("alpha") == look("α"), look("W") == look("w")
    (True, True, False)
    """
    head, index = split_name(name)
    return GREEK.get(head, head), index


def look_alikes(names: Iterable[str]) -> list[str]:
    """The names that are printed like another one; of each such group, all but the shortest.

    >>> look_alikes(["W_1", "W", "W1"])
    ['W_1']
    """
    first: dict[tuple[str, str], str] = {}
    ordered = sorted(set(names), key=lambda name: (len(name), name))
    return [name for name in ordered if first.setdefault(look(name), name) != name]


def is_word(name: str) -> bool:
    """Returns whether a name is written upright as a word: ``units``, but not ``W1`` or ``gamma``."""
    head, _ = split_name(name)
    return len(head) > 1 and head not in GREEK
