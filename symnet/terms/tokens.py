"""The tokens of the expression grammar: numerals, names and signs, with a hint for characters that are none of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from symnet.errors import NotationError

__all__ = ["DIGITS", "LENGTH", "Token", "tokens"]

#: Limits on the length of a text and of a number; a text beyond them is refused.
LENGTH, DIGITS = 10_000, 1_000

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+)|(?P<name>[^\W\d]\w*)|(?P<sign>\*\*|//|[<>=!]=|[-+*%(),<>=·−≤≥≠∈])|(?P<bad>.))", re.DOTALL
)
#: Numbers as in budgets: 1M, 4e9, 1_000_000; and the brackets of a set.
_QUANTITY = re.compile(
    r"\s*(?:(?P<quantity>[0-9][0-9_]*(?:\.[0-9]+)?(?:[eE]\+?[0-9]+)?(?:[KMGT]i?)?B?(?![\w.]))|(?P<brace>[]{}[]))",
    re.ASCII,
)
_PARTS = re.compile(r"([0-9_]+)(?:\.([0-9]+))?(?:[eE]\+?([0-9]+))?([KMGT]i?)?(B?)")
_UNITS = {unit + i: (1024 if i else 1000) ** power for power, unit in enumerate("KMGT", 1) for i in ("", "i")}
_SPELLINGS = {"·": "*", "−": "-", "≤": "<=", "≥": ">=", "≠": "!=", "=": "=="}
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_HINTS = {
    "/": "use // for division rounded down, ceildiv(a, b) for division rounded up",
    "÷": "use // for division rounded down, ceildiv(a, b) for division rounded up",
    "^": "use ** for a power",
    "²": "use ** for a power",
    "³": "use ** for a power",
    "×": "use * for a product",
    "[": "use ( and )",
    "{": "use ( and )",
    ".": "all numbers here are integers",
    ";": "use , between sizes",
    "⌊": "use a//b for ⌊a/b⌋",
    "⌈": "use ceildiv(a, b) for ⌈a/b⌉",
}


class Token(NamedTuple):
    """A token and the position at which it starts; the last token of a text is an ``end``."""

    kind: str  # "number", "name", "sign" or "end"
    text: str
    position: int
    unit: str = ""  # the unit of a number (K, Mi, …), which ``text`` already includes
    in_bytes: bool = False  # whether a B follows the unit


def tokens(text: str, error: Callable[[str, int], NotationError], *, quantities: bool = False) -> list[Token]:
    """The tokens of ``text``; ``error`` makes the exception for a message and a position. With ``quantities`` numbers
    may be written as 1M and 4e9, and sets in braces.

    >>> [token.text for token in tokens("2·W<=7", NotationError)]
    ['2', '*', 'W', '<=', '7', '']
    >>> [token.text for token in tokens("1.5M, 4e3, 2Ki", NotationError, quantities=True)]
    ['1500000', ',', '4000', ',', '2048', '']
    """
    if len(text) > LENGTH:
        raise error(f"an expression of {len(text)} characters is out of reach (at most {LENGTH})", 0)
    result: list[Token] = []
    length = len(text.rstrip())
    position = 0
    while position < length:
        special = _QUANTITY.match(text, position) if quantities else None
        if special is not None:
            position = special.end()
            if special["brace"]:
                result.append(Token("sign", special["brace"], special.start("brace")))
            else:
                result.append(_quantity(special["quantity"], special.start("quantity"), error))
            continue
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise error("unexpected text", position)  # unreachable: the last alternative matches any character
        kind, word, start = match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)
        if kind == "bad":
            expected = "an expression has integers, symbols, + - * // % **, parentheses, min, max, ceildiv"
            raise error(f"unexpected {word!r}: {_HINTS.get(word, expected)}", start)
        if kind == "name" and not word.isidentifier():  # \w also matches x² and x½
            strange = next(i for i in range(len(word)) if not word[: i + 1].isidentifier())
            plain = word.translate(_SUBSCRIPTS)
            of_symbols = f"write {plain}" if plain != word else "a symbol has letters, digits and _"
            hint = _HINTS.get(word[strange], of_symbols)
            raise error(f"unexpected {word[strange]!r}: {hint}", start + strange)
        if kind == "number" and len(word) > DIGITS:
            raise error(f"a number of {len(word)} digits is out of reach (at most {DIGITS})", start)
        result.append(Token(kind, _SPELLINGS.get(word, word), start))
        position = match.end()
    return [*result, Token("end", "", length)]


def _quantity(word: str, start: int, error: Callable[[str, int], NotationError]) -> Token:
    """A number with its unit multiplied out."""
    whole, part, power, unit, byte = _PARTS.fullmatch(word).groups(default="")  # type: ignore[union-attr]
    if len(whole) > DIGITS or len(power) > 4 or int(power or 0) > DIGITS:
        raise error(f"a number of more than {DIGITS} digits is out of reach", start)
    digits = int(whole.replace("_", "") + part) * 10 ** int(power or 0) * _UNITS.get(unit, 1)
    number, rest = divmod(digits, 10 ** len(part))
    if rest:
        raise error(f"all numbers here are integers, and {word} is none", start)
    return Token("number", str(number), start, unit, bool(byte))
