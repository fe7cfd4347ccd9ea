"""The counts of layers without a closed formula, as SymPy functions."""

from __future__ import annotations

import sympy

from symnet.terms import term as t

__all__ = ["Entries", "Windows"]


class Windows(sympy.Function):  # type: ignore[misc]  # SymPy has no types
    """The number of window positions that fit, for length, kernel, dilation and stride.

    >>> W = sympy.Symbol("W", integer=True, positive=True)
    >>> Windows(W, 3, 1, 2).is_nonnegative
    True
    """

    nargs = (4,)
    is_integer = True
    is_nonnegative = True
    term_kind = t.Windows


class Entries(sympy.Function):  # type: ignore[misc]
    """The number of entries of an array of this shape.

    >>> Entries(3, 5, 5).is_integer
    True
    """

    is_integer = True
    is_nonnegative = True
    term_kind = t.Entries
