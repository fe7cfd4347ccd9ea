"""The words of the expression grammar: numerals, names and signs, with a hint where a character is none of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from symnet.errors import NotationError

__all__ = ["DIGITS", "LENGTH", "Token", "tokens"]

#: Bounds that no honest expression meets; past them the text is refused in words.
LENGTH, DIGITS = 10_000, 1_000

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+)|(?P<name>[^\W\d]\w*)|(?P<sign>\*\*|//|[<>=!]=|[-+*%(),<>=·−≤≥≠])|(?P<bad>.))", re.DOTALL
)
_SPELLINGS = {"·": "*", "−": "-", "≤": "<=", "≥": ">=", "≠": "!=", "=": "=="}
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
    "⌊": "use a//b for ⌊a/b⌋",
    "⌈": "use ceildiv(a, b) for ⌈a/b⌉",
}


class Token(NamedTuple):
    """A word and where it starts; the last token of a text is an ``end``."""

    kind: str  # "number", "name", "sign" or "end"
    text: str
    position: int


def tokens(text: str, error: Callable[[str, int], NotationError]) -> list[Token]:
    """The tokens of ``text``; ``error`` makes the exception for a message and a position.

    >>> [token.text for token in tokens("2·W<=7", NotationError)]
    ['2', '*', 'W', '<=', '7', '']
    """
    if len(text) > LENGTH:
        raise error(f"an expression of {len(text)} characters is out of reach (at most {LENGTH})", 0)
    found: list[Token] = []
    length = len(text.rstrip())
    position = 0
    while position < length:
        match = _TOKEN.match(text, position)
        if match is None or match.lastgroup is None:
            raise error("unexpected text", position)  # cannot be: the last alternative takes any character
        kind, word, start = match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)
        if kind == "bad":
            expected = "an expression has integers, symbols, + - * // % **, parentheses, min, max, ceildiv"
            raise error(f"unexpected {word!r}: {_HINTS.get(word, expected)}", start)
        if kind == "name" and not word.isidentifier():  # \w also takes x² and x½
            strange = next(i for i in range(len(word)) if not word[: i + 1].isidentifier())
            hint = _HINTS.get(word[strange], "a symbol has letters, digits and _")
            raise error(f"unexpected {word[strange]!r}: {hint}", start + strange)
        if kind == "number" and len(word) > DIGITS:
            raise error(f"a number of {len(word)} digits is out of reach (at most {DIGITS})", start)
        found.append(Token(kind, _SPELLINGS.get(word, word), start))
        position = match.end()
    return [*found, Token("end", "", length)]
