"""Numbers that a person or a framework writes down, as rational numbers: bounded, and refused in words."""

from __future__ import annotations

import re
from fractions import Fraction

from symnet.errors import LayerError

__all__ = ["rational", "shortened"]

#: No honest rate has more digits, nor a larger power of ten.
DIGITS, EXPONENT = 400, 400

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE]([+-]?\d+))?|[+-]?\d+/\d+", re.ASCII)


def rational(value: str, what: str) -> Fraction:
    """A number as it was written. Raises :class:`LayerError` for what is none, and for one that is out of reach: at most 400
    digits and powers of ten from −400 to 400.

    >>> rational("0.001", "l2"), rational("1/3", "l2")
    (Fraction(1, 1000), Fraction(1, 3))
    """
    text = value.strip()
    matched = _NUMBER.fullmatch(text)
    if matched is None:
        finite = "finite " if text.lstrip("+-").lower() in ("nan", "inf", "infinity") else ""
        quoted = shortened(value) if finite else repr(shortened(value))
        raise LayerError(f"{what} must be a {finite}number, got {quoted}")
    exponent = matched[4]
    if len(text) > DIGITS or (exponent is not None and (len(exponent) > 5 or abs(int(exponent)) > EXPONENT)):
        raise LayerError(f"{what} is out of reach: at most {DIGITS} digits and 10^{EXPONENT}, got {shortened(value)}")
    try:
        return Fraction(text)
    except ZeroDivisionError:
        raise LayerError(f"{what} must be a finite number, got {shortened(value)}") from None


def shortened(value: str) -> str:
    """A text as messages quote it."""
    return value if len(value) <= 40 else f"{value[:20]}… ({len(value)} characters)"
