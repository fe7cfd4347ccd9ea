"""SymPy's floor and ceiling with exact code: it divides integers where SymPy's own multiplies by 0.333….

They equal SymPy's floor and ceiling of the same argument, so that the two cancel.
"""

from __future__ import annotations

from typing import Any

import sympy

from symnet.sympy_functions.printed import PrintedQuotient

__all__ = ["ExactCeiling", "ExactFloor"]


class _Exact(PrintedQuotient):
    """The common base class of floor and ceiling."""

    __slots__ = ()
    args: tuple[Any, ...]
    _like: Any  # SymPy's function

    def fraction(self) -> tuple[Any, Any]:
        """The numerator and the denominator of the rounded quotient."""
        top, below = sympy.fraction(sympy.together(self.args[0]))
        return top, below

    def __eq__(self, other: object) -> bool:
        if isinstance(other, self._like):
            return bool(self.args == other.args)
        return self._like.__eq__(self, other)  # type: ignore[no-any-return]  # maybe NotImplemented

    def __hash__(self) -> int:
        return hash((self._like.__name__, *self.args))  # as SymPy hashes it

    def _plain_sympy(self) -> Any:
        return self._like(*self.args, evaluate=False)

    def _pythoncode(self, printer: Any) -> str:
        return f"({self._divided(printer)})"  # in parentheses, as SymPy takes it for a call

    _numpycode = _jaxcode = _cupycode = _cmathcode = _lambdacode = _torchcode = _tensorflowcode = _pythoncode


class ExactFloor(_Exact, sympy.floor):  # type: ignore[misc]  # SymPy has no types
    """SymPy's floor, printed as code that divides integers.

    >>> W = sympy.Symbol("W", integer=True)
    >>> ExactFloor((W + 1) / 3) == sympy.floor((W + 1) / 3), sympy.pycode(ExactFloor((W + 1) / 3))
    (True, '((W + 1)//3)')
    """

    direction = -1
    _like = sympy.floor


class ExactCeiling(_Exact, sympy.ceiling):  # type: ignore[misc]
    """SymPy's ceiling, printed as code that divides integers."""

    direction = 1
    _like = sympy.ceiling
