"""Text that others wrote, as it may stand in a page or a picture."""

from __future__ import annotations

from unicodedata import category

__all__ = ["shown"]


def shown(text: str) -> str:
    r"""Text on one line; characters that hide text, turn it around, or are not allowed in HTML and SVG become �.

    >>> shown("a\u202eb\n<c>")
    'a�b <c>'
    """
    joined = " ".join(text.split())
    return "".join("�" if category(letter) in ("Cc", "Cf", "Co", "Cs", "Cn") else letter for letter in joined)
