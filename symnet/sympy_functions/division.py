"""FloorDiv and CeilDiv: a quotient rounded down or up, with numerator and denominator kept.

SymPy's own ``floor`` writes ``floor((W + 3)/2)`` as ``floor(W/2 + 3/2)`` and does not merge nested floors; these keep
what is divided by what. They are functions as SymPy's are: numbers are worked out, ``rewrite(floor)`` gives plain SymPy, and
derivatives, limits and series are those of ``floor``.
"""

from __future__ import annotations

from typing import Any

import sympy
from sympy.core.logic import fuzzy_and, fuzzy_not
from sympy.printing.precedence import PRECEDENCE, PRECEDENCE_TRADITIONAL

from symnet.errors import TermError
from symnet.printing.latex import latex
from symnet.printing.text import python_text
from symnet.sympy_functions.printed import PrintedQuotient, as_operand
from symnet.sympy_functions.quotient import is_mostly_negative, is_natural, is_whole, rounded_number, simpler
from symnet.sympy_functions.reading import term_of
from symnet.sympy_functions.rounding import ExactCeiling, ExactFloor
from symnet.terms import term as t

__all__ = ["CeilDiv", "FloorDiv"]


class _Division(PrintedQuotient, sympy.Function):  # type: ignore[misc]  # SymPy has no types
    """The common base class of rounding down and rounding up."""

    nargs = (2,)
    precedence = PRECEDENCE["Add"]  # printed as (W - 8)//4, so that -((W - 8)//4) and 2*((W - 8)//4) need parentheses

    whole: bool  # whether it is certainly an integer, judging by its parts

    def __new__(cls, *arguments: Any, **options: Any) -> Any:
        for argument in arguments:
            other = isinstance(argument, bool | tuple | list | dict | set | sympy.Basic | None)
            if (other and not isinstance(argument, sympy.Expr)) or getattr(argument, "is_Matrix", False):
                raise TypeError(f"{cls.__name__} divides numbers and expressions, got {argument!r:.60}")
        made = super().__new__(cls, *arguments, **options)
        if isinstance(made, cls):
            numerator, denominator = made.args
            made.whole = is_whole(numerator) and is_natural(denominator)
        return made

    @classmethod
    def eval(cls, numerator: Any, denominator: Any) -> Any:
        """Evaluate numbers, cancel common factors, and merge quotients of quotients; ``None`` leaves the call as it
        is.
        """
        number = rounded_number(numerator, denominator, cls.direction)
        if number is not None:
            return number
        top, below = simpler(numerator, denominator, cls.direction)
        if below is sympy.S.One and is_whole(top):
            return top
        merged = cls._merged(top, below)
        if merged is not None:
            return cls(*merged)
        return cls(top, below) if (top, below) != (numerator, denominator) else None

    @classmethod
    def _merged(cls, top: Any, below: Any) -> tuple[Any, Any] | None:
        """The merged quotient: ⌊(⌊x/y⌋ + k)/z⌋ is ⌊(x + k·y)/(y·z)⌋ for an integer k and a positive integer z;
        likewise rounded up.
        """
        constant, inner = top.as_coeff_Add()
        sign, quotient = inner.as_coeff_Mul()
        kind = cls if sign is sympy.S.One else (CeilDiv if cls.direction < 0 else FloorDiv)
        if sign in (1, -1) and isinstance(quotient, kind) and constant.is_Integer and is_natural(below):
            numerator, denominator = quotient.args
            return sign * numerator + constant * denominator, denominator * below
        return None

    def fraction(self) -> tuple[Any, Any]:
        """The numerator and the denominator."""
        return self.args[0], self.args[1]

    # ---- properties of the value ----

    def _eval_is_real(self) -> bool | None:
        if self.whole:
            return True
        numerator, denominator = self.args
        known = fuzzy_and((numerator.is_real, denominator.is_real, fuzzy_not(denominator.is_zero)))
        return True if known else None

    def _eval_is_integer(self) -> bool | None:
        return self._eval_is_real()

    def _eval_is_finite(self) -> bool | None:
        numerator, denominator = self.args
        if self.whole:
            return True
        if numerator.is_infinite and denominator.is_finite:
            return False
        return True if fuzzy_and((numerator.is_finite, fuzzy_not(denominator.is_zero))) else None

    def _upright(self) -> tuple[Any, Any] | None:
        """The numerator and a positive denominator; ``None`` if the sign of the denominator is unknown."""
        numerator, denominator = self.args
        if denominator.is_positive:
            return numerator, denominator
        return (-numerator, -denominator) if denominator.is_negative else None

    # ---- plain SymPy ----

    def _is_misread(self) -> bool:
        """Whether SymPy may wrongly take the quotient for an integer, as a/6 of an even a, whose floor it would reduce
        to a/6.
        """
        numerator, denominator = self.args
        if denominator == 2 and numerator.is_even:
            return False
        return bool((numerator / denominator).is_integer)

    def _eval_rewrite_as_floor(self, numerator: Any, denominator: Any, **hints: Any) -> Any:
        if self._is_misread():
            return None
        return ExactFloor(numerator / denominator) if self.direction < 0 else -ExactFloor(-numerator / denominator)

    def _eval_rewrite_as_ceiling(self, numerator: Any, denominator: Any, **hints: Any) -> Any:
        if self._is_misread():
            return None
        return ExactCeiling(numerator / denominator) if self.direction > 0 else -ExactCeiling(-numerator / denominator)

    def _eval_rewrite_as_frac(self, numerator: Any, denominator: Any, **hints: Any) -> Any:
        if self._is_misread():
            return None
        sign = -self.direction
        return numerator / denominator - sign * sympy.frac(sign * numerator / denominator)

    def _eval_rewrite_as_Mod(self, numerator: Any, denominator: Any, **hints: Any) -> Any:  # noqa: N802  # SymPy's names
        sign = -self.direction
        return (numerator - sign * sympy.Mod(sign * numerator, denominator, evaluate=False)) / denominator

    def _eval_rewrite_as_FloorDiv(self, numerator: Any, denominator: Any, **hints: Any) -> Any:  # noqa: N802
        return self if self.direction < 0 else -FloorDiv(-numerator, denominator)

    def _eval_rewrite_as_CeilDiv(self, numerator: Any, denominator: Any, **hints: Any) -> Any:  # noqa: N802
        return self if self.direction > 0 else -CeilDiv(-numerator, denominator)

    def _as_plain(self) -> Any:
        """SymPy's own floor or ceiling for calculus, with common factors cancelled, which are not 0 near a point."""
        quotient = self.args[0] / self.args[1]
        quotient = sympy.cancel(quotient) if self.args[1].free_symbols else quotient
        return (sympy.floor if self.direction < 0 else sympy.ceiling)(quotient)

    # ---- calculus, as for floor and ceiling ----

    def _eval_evalf(self, prec: int) -> Any:
        return self._as_plain()._eval_evalf(prec)

    def _eval_derivative(self, symbol: Any) -> Any:
        return self._as_plain().diff(symbol)

    def _near(self, x: Any) -> tuple[Any, Any]:
        """SymPy's own floor or ceiling in a variable that tends to 0, and that variable: assumptions that x is an
        integer do not hold for it.
        """
        near = sympy.Dummy("x", positive=x.is_positive)
        return self.xreplace({x: near})._as_plain(), near

    def _eval_as_leading_term(self, x: Any, logx: Any = None, cdir: Any = 0) -> Any:
        plain, near = self._near(x)
        return plain.as_leading_term(near, logx=logx, cdir=cdir).xreplace({near: x})

    def _eval_nseries(self, x: Any, n: int, logx: Any, cdir: Any = 0) -> Any:
        plain, near = self._near(x)
        return plain._eval_nseries(near, n=n, logx=logx, cdir=cdir).xreplace({near: x})

    def series(self, x: Any = None, x0: Any = 0, n: int = 6, dir: str = "+", logx: Any = None, cdir: Any = 0) -> Any:
        """SymPy's series; the quotient itself if SymPy finds none, as at infinity."""
        try:
            return super().series(x, x0, n, dir, logx, cdir)
        except ValueError:
            return self

    def normal(self) -> Any:
        """The SymPy floor or ceiling with which ``simplify`` calculates; finally ``doit`` turns it back into a
        quotient.
        """
        if self._is_misread():
            return self
        return (_SimplifiedFloor if self.direction < 0 else _SimplifiedCeiling)(self.args[0] / self.args[1])

    def doit(self, **hints: Any) -> Any:
        """The quotient with a minus sign taken out: ⌊−W/2⌋ becomes −⌈W/2⌉, so that the two cancel when an expression
        is simplified.
        """
        top, below = (part.doit(**hints) for part in self.args) if hints.get("deep", True) else self.args
        if is_mostly_negative(top):
            return -(CeilDiv if self.direction < 0 else FloorDiv)(-top, below)
        return self.func(top, below)

    # ---- text, with sums in textbook order if the quotient is one of sizes ----

    def _sympystr(self, printer: Any) -> str:
        try:
            top, whole = (python_text(term_of(part)) for part in (self.args[0], self))
        except TermError:  # a quotient of other numbers
            top = printer._print(self.args[0])
            numerator, denominator = self.args
            if self.direction < 0 and not numerator.is_Add and top.startswith("-"):
                return f"(0 - {top.removeprefix('-')})//{as_operand(printer, denominator)}"
            return self._divided(printer)
        # a sum takes out a leading minus sign that is not the quotient's
        return f"({top}){whole.removeprefix(top)}" if self.direction < 0 and whole.startswith("-") else whole

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        try:
            written = latex(term_of(self))
        except TermError:
            side = "floor" if self.direction < 0 else "ceil"
            top, below = map(printer._print, self.args)
            written = rf"\left\l{side}\frac{{{top}}}{{{below}}}\right\r{side}"
        return written if exp is None else f"{written}^{{{exp}}}"


class FloorDiv(_Division):
    """``⌊numerator/denominator⌋`` with both parts kept.

    >>> W = sympy.Symbol("W", integer=True, positive=True)
    >>> FloorDiv(W + 3, 2), FloorDiv(W + 3, 2).subs(W, 28), FloorDiv(W + 3, 2).rewrite(sympy.floor)
    ((W + 3)//2, 15, floor(W/2 + 3/2))
    >>> FloorDiv(FloorDiv(W, 2), 2), FloorDiv(4 * W + 3, 4), sympy.limit(FloorDiv(W - 7, 4) / W, W, sympy.oo)
    (W//4, W, 1/4)
    """

    direction = -1
    term_kind = t.FloorDiv

    def _eval_is_nonnegative(self) -> bool | None:
        upright = self._upright()
        return None if upright is None else upright[0].is_nonnegative

    def _eval_is_negative(self) -> bool | None:
        upright = self._upright()
        return None if upright is None else upright[0].is_negative

    def _eval_is_positive(self) -> bool | None:
        upright = self._upright()
        return None if upright is None else (upright[0] - upright[1]).is_nonnegative

    def _eval_is_zero(self) -> bool | None:
        upright = self._upright()
        if upright is None:
            return None
        return fuzzy_and((upright[0].is_nonnegative, (upright[1] - upright[0]).is_positive))  # type: ignore[no-any-return]


class CeilDiv(_Division):
    """``⌈numerator/denominator⌉`` with both parts kept.

    >>> W = sympy.Symbol("W", integer=True, positive=True)
    >>> CeilDiv(W, 2), CeilDiv(W, 2).subs(W, 7), CeilDiv(W, 2).is_positive
    (-(-W//2), 4, True)
    """

    direction = 1
    term_kind = t.CeilDiv

    def _eval_is_nonpositive(self) -> bool | None:
        upright = self._upright()
        return None if upright is None else upright[0].is_nonpositive

    def _eval_is_positive(self) -> bool | None:
        upright = self._upright()
        return None if upright is None else upright[0].is_positive

    def _eval_is_negative(self) -> bool | None:
        upright = self._upright()
        return None if upright is None else (upright[0] + upright[1]).is_nonpositive

    def _eval_is_zero(self) -> bool | None:
        upright = self._upright()
        if upright is None:
            return None
        return fuzzy_and((upright[0].is_nonpositive, (upright[0] + upright[1]).is_positive))  # type: ignore[no-any-return]


class _SimplifiedFloor(ExactFloor):
    def doit(self, **hints: Any) -> Any:
        return FloorDiv(*self.fraction()).doit(**hints)


class _SimplifiedCeiling(ExactCeiling):
    def doit(self, **hints: Any) -> Any:
        return CeilDiv(*self.fraction()).doit(**hints)


for _exact in (ExactFloor, _SimplifiedFloor):
    _exact.__name__ = "floor"
for _exact in (ExactCeiling, _SimplifiedCeiling):
    _exact.__name__ = "ceiling"

#: How closely things bind where SymPy writes mathematics, by the names of their classes: ⌊ and ⌋ are brackets by themselves.
PRECEDENCE_TRADITIONAL.update(dict.fromkeys((FloorDiv.__name__, CeilDiv.__name__), PRECEDENCE["Atom"]))
