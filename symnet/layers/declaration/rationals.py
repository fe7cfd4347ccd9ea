"""Reading decimal numbers and fractions as exact rational numbers, with bounds on their length."""

from __future__ import annotations

import re
from fractions import Fraction

from symnet.errors import LayerError

__all__ = ["rational", "shortened"]

#: A number may have at most so many digits, and an exponent of at most this absolute value.
DIGITS, EXPONENT = 400, 400

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE]([+-]?\d+))?|[+-]?\d+/\d+", re.ASCII)


def rational(value: str, what: str) -> Fraction:
    """The text as an exact rational number. Raises :class:`LayerError` for a text that is not a finite number, and for
    one with more than 400 digits or a power of ten beyond ±400; ``what`` names it in the message.

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
    """A text as messages quote it: at most 20 of its characters if it is long."""
    return value if len(value) <= 40 else f"{value[:20]}… ({len(value)} characters)"
