"""The operands with which ``sympify`` evaluates the text of a value, so that it returns the value itself.

    sympify(str(value), locals=symnet.symbols) == value

``sympify`` evaluates text as Python does, operator by operator. A plain expression would make ``floor((W + 1)/2)`` of
the text ``(W + 1)//2``, and ``(2*W + 2)*K`` of ``2*(W + 1)*K``, since it multiplies a number into a sum at once. An
:class:`EvaluatedText` divides as :class:`~symnet.sympy_functions.division.FloorDiv` does, remembers the factors of its
products, and knows the Python idiom for rounding up, ``-(-W//2)``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import sympy

from symnet.sympy_functions.division import CeilDiv, FloorDiv
from symnet.sympy_functions.named_letters import NamedLetters

__all__ = ["EvaluatedText", "applied", "evaluated_text"]


class EvaluatedText(NamedLetters):
    """A SymPy expression with the operators used in the printed text of values.

    >>> W, K = map(evaluated_text, sympy.symbols("W K", integer=True, positive=True))
    >>> [one.func.__name__ for one in ((W + 1) // 2, -(-W // 2), -((0 - W) // 2))]
    ['FloorDiv', 'CeilDiv', 'Mul']
    >>> 2 * (W + 1), evaluated_text(2) * (W + 1) * K
    (2*W + 2, 2*K*(W + 1))
    """

    __slots__ = ()
    own = (*NamedLetters.own, "_factors", "_negated")

    if TYPE_CHECKING:
        _factors: tuple[Any, ...]
        _negated: bool  # whether it has a minus sign in front, or is a quotient whose numerator has one

    def _speaking(self, result: Any, other: Any = None) -> Any:
        if isinstance(result, tuple | list) and type(result) in (tuple, list):
            return type(result)(map(self._speaking, result))
        return evaluated_text(result) if isinstance(result, sympy.Expr) else result

    def __mul__(self, other: Any) -> Any:
        return _product(self, other)

    def __rmul__(self, other: Any) -> Any:
        return _product(other, self)

    def __truediv__(self, other: Any) -> Any:
        return _product(self, sympy.Pow(_plain(other), -1))

    def __rtruediv__(self, other: Any) -> Any:
        return _product(other, sympy.Pow(self.expr, -1))

    def __neg__(self) -> Any:
        if self._negated and isinstance(self.expr, FloorDiv):
            return evaluated_text(_rounded_up(self.expr))
        return _product(sympy.S.NegativeOne, self, negated=True)

    def __sub__(self, other: Any) -> Any:
        return evaluated_text(sympy.Add(self.expr, _plain(-evaluated_text(other))))

    def __rsub__(self, other: Any) -> Any:
        return evaluated_text(other) - self

    def __floordiv__(self, other: Any) -> Any:
        return evaluated_text(FloorDiv(self.expr, _plain(other)), negated=self._negated)

    def __rfloordiv__(self, other: Any) -> Any:
        return evaluated_text(other) // self

    def __mod__(self, other: Any) -> Any:
        return evaluated_text(_remainder(self.expr, _plain(other)))

    def __rmod__(self, other: Any) -> Any:
        return evaluated_text(other) % self


def evaluated_text(expression: Any, factors: tuple[Any, ...] | None = None, negated: bool = False) -> Any:
    """An expression or a number with the operators of printed text; ``factors`` are its factors if it is a product."""
    if isinstance(expression, EvaluatedText):
        return expression
    plain = sympy.sympify(_plain(expression), strict=True)
    return EvaluatedText.make(plain, _letters=None, _known=(), _factors=factors or (plain,), _negated=negated)


def applied(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of expressions as a function of :class:`EvaluatedText`."""
    return lambda *arguments: evaluated_text(function(*map(_plain, arguments)))


def _plain(operand: Any) -> Any:
    return operand.expr if isinstance(operand, NamedLetters) else operand


def _product(left: Any, right: Any, negated: bool = False) -> Any:
    factors = (*evaluated_text(left)._factors, *evaluated_text(right)._factors)
    return evaluated_text(sympy.Mul(*factors), factors, negated)


def _rounded_up(quotient: Any) -> Any:
    """⌈x/y⌉ for −⌊−x/y⌋; other expressions are returned unchanged."""
    numerator, denominator = quotient.args
    return CeilDiv(-numerator, denominator)


def _remainder(number: Any, divisor: Any) -> Any:
    """The remainder as values have it: evaluated for numbers, else unevaluated."""
    return sympy.Mod(number, divisor, evaluate=bool(number.is_Integer and divisor.is_Integer))
