"""The characters that may appear in output: foreign text is cleaned of control characters, and all text can be put in ASCII."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from symnet.printing.names import GREEK

__all__ = ["LOWERED", "OWN", "RAISED", "ascii_text", "encodable", "one_line", "visible"]


def one_line(text: str) -> str:
    r"""Foreign text on one line; control characters, and characters that hide or reverse text or are not allowed in files,
    become �.

    >>> one_line("a\u202eb\n<c>")
    'a�b <c>'
    >>> one_line("red\x1b[31m\r\u2028line\ud800")
    'red�[31m line�'
    """
    return visible(" ".join(text.split()))


def visible(text: str) -> str:
    """The text of :func:`one_line`, with all its spaces."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else " " if letter.isspace() else "�" for letter in text)


#: The signs symnet writes besides ASCII, and the ASCII text for each.
_SIGNS: Final = {
    "⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")", "≤": "<=", "≥": ">=", "≠": "!=", "≡": "==", "·": "*", "÷": "/",
    "−": "-", "∣": "divides", "∈": "in", "∉": "not in", "∪": "union", "∅": "{}", "∧": "and", "∨": "or", "⋁": "or", "⇔": "<=>",
    "→": "->", "←": "<-", "↦": "|->", "⊢": "|-", "Σ": "sum", "∑": "sum", "∏": "prod", "∂": "d", "∞": "infinity", "ℤ": "Z",
    "…": "...", "⋮": ":", "—": "--", "–": "-", "•": "*", "′": "'", "’": "'", "‘": "'", "“": '"', "”": '"', "─": "-",
    "═": "=", "Γ": "Gamma", "Δ": "Delta", "ĩ": "i~", "√": "sqrt ", "×": " x ", "\N{NO-BREAK SPACE}": " ", "⟨": "<", "⟩": ">",
}  # fmt: skip

#: Superscript and subscript characters, with the characters that they raise and lower.
RAISED: Final = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿᵀ", "0123456789-+nT", strict=True))
LOWERED: Final = dict(zip("₀₁₂₃₄₅₆₇₈₉₋₊ᵢⱼₙₖₘ", "0123456789-+ijnkm", strict=True))
_GREEK = {sign: name for name, sign in GREEK.items()}

#: Every character besides ASCII that symnet itself writes.
OWN: Final = frozenset((*_SIGNS, *RAISED, *LOWERED, *_GREEK, "�"))

_RUNS = re.compile(
    f"(?P<raised>[{''.join(RAISED)}]+)|(?P<lowered>[{''.join(LOWERED)}]+)|(?P<times>[ ]?×[ ]?)"
    f"|√(?P<root>\\w+)|√(?=\\()|(?P<greek>[{''.join(_GREEK)}])(?=[A-Za-z0-9])"
)


def ascii_text(text: str, escape: Callable[[str], str] = str) -> str:
    r"""The text in ASCII: mathematics as signs and functions, other characters as their code points. ``escape`` is applied
    to whatever replaces a character.

    >>> ascii_text("W₁ = ⌊(W − 8)/4⌋·2 ≤ F², 3 × W, W ≡ 2 (mod 4)")
    'W_1 = floor((W - 8)/4)*2 <= F**2, 3 x W, W == 2 (mod 4)'
    >>> ascii_text("ünï → 卷")
    '\\xfcn\\xef -> \\u5377'
    """
    if text.isascii():
        return text
    runs = _RUNS.sub(lambda match: escape(_run(match)), text)
    return "".join(letter if letter.isascii() else escape(_letter(letter)) for letter in runs)


def _run(match: re.Match[str]) -> str:
    if match["raised"]:
        inner = "".join(RAISED[letter] for letter in match["raised"])
        return "^T" if inner == "T" else f"**{inner}" if inner.isalnum() else f"**({inner})"
    if match["lowered"]:
        inner = "".join(LOWERED[letter] for letter in match["lowered"])
        return f"_{inner}" if inner.isalnum() else f"_({inner})"
    if match["times"]:
        return " x "
    if match["greek"]:
        return _GREEK[match["greek"]] + " "
    return f"sqrt({match['root']})" if match["root"] else "sqrt"


def _letter(letter: str) -> str:
    return _SIGNS.get(letter) or _GREEK.get(letter) or letter.encode("ascii", "backslashreplace").decode("ascii")


def encodable(encoding: str) -> bool:
    """Returns whether an encoding has every character that symnet itself writes.

    >>> encodable("utf-8"), encodable("cp1252"), encodable("gbk")
    (True, False, False)
    """
    try:
        "".join(OWN).encode(encoding)
    except (UnicodeError, LookupError):
        return False
    return True
