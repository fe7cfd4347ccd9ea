"""Text that others wrote, as it may stand in a page or a picture."""

from __future__ import annotations

from unicodedata import category

__all__ = ["shown"]


def shown(text: str) -> str:
    """Text on one line, without the characters that turn other text around, hide it, or are not allowed in HTML and SVG.

    >>> shown("a\\u202eb\\n<c>")
    'a�b <c>'
    """
    joined = " ".join(text.split())
    return "".join("�" if category(letter) in ("Cc", "Cf", "Co", "Cs", "Cn") else letter for letter in joined)
