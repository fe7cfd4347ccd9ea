"""Names of a single size, and names in which an ``x`` separates several sizes: HxW."""

from __future__ import annotations

import re

__all__ = ["is_one_size", "sizes_in"]

#: A size between ``x``: a number, a letter with an index, capitals, None, or the placeholder of a target.
_SIZE = re.compile(r"[0-9]+|[^\W\d_][0-9]*|[^\W\d_]_[^\W_]+|[A-Z][A-Z0-9_]*|None|_")


def sizes_in(name: str) -> list[str]:
    """The sizes that ``x`` separates in a name; the name itself if it is a single one.

    >>> sizes_in("HxW"), sizes_in("C1xK_2"), sizes_in("max"), sizes_in("x")
    (['H', 'W'], ['C1', 'K_2'], ['max'], ['x'])
    """
    if "x" not in name[1:-1]:
        return [name]
    parts = name.split("x")
    return parts if all(map(_SIZE.fullmatch, parts)) else [name]


def is_one_size(name: str) -> bool:
    """Whether a text is the name of one symbol without parentheses around it. ``None`` is not: it means a size without
    a name.

    >>> [is_one_size(name) for name in ("max", "x", "HxW", "None", "2*K")]
    [True, True, False, False, False]
    """
    return name.isidentifier() and name != "None" and len(sizes_in(name)) == 1
