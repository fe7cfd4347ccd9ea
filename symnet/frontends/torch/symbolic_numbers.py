"""Numbers in a model's code that stand for terms: the common part of sizes and quotients."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

from symnet.frontends.torch.known import Known

__all__ = ["Method", "SymbolicNumber", "array_function", "is_symbolic", "pinned", "pinning"]

Method = Callable[..., Any]


class SymbolicNumber:
    """A number that keeps the term it stands for."""

    known: Known

    def fixed(self) -> Any:
        """Fixes the term to its usual number; returns it."""
        raise NotImplementedError


def is_symbolic(value: Any) -> bool:
    """Whether a value is a symbolic size or quotient."""
    return isinstance(value, SymbolicNumber)


def pinned(value: Any) -> Any:
    """The usual number of a symbolic size, at which it is fixed; any other value unchanged."""
    return value.fixed() if isinstance(value, SymbolicNumber) else value


def pinning(plain: Callable[..., Any]) -> Method:
    """A method that only works on numbers: it fixes all sizes among its arguments."""

    def method(self: Any, *others: Any) -> Any:
        if not all(isinstance(other, int | float) for other in others):
            return NotImplemented
        return plain(self.fixed(), *map(pinned, others))

    return method


def array_function(self: Any, ufunc: Any, method: str, *inputs: Any, **named: Any) -> Any:
    """A function of numpy: rounding and arithmetic of single numbers stay symbolic, others fix their sizes."""
    scalars = [item.item() if getattr(item, "shape", None) == () and hasattr(item, "item") else item for item in inputs]
    plain = _OF_NUMPY.get(ufunc.__name__)
    if plain is None or method != "__call__" or named or not all(isinstance(item, int | float) for item in scalars):
        return getattr(ufunc, method)(*map(pinned, inputs), **named)
    result = plain(*scalars)
    return result.quotient() if hasattr(result, "quotient") and ufunc.__name__ in _ROUNDING else result


_ROUNDING = ("ceil", "floor", "trunc", "rint")
_OF_NUMPY: dict[str, Callable[..., Any]] = {
    "ceil": math.ceil, "floor": math.floor, "trunc": math.trunc, "rint": round, "add": operator.add,
    "subtract": operator.sub, "multiply": operator.mul, "divide": operator.truediv, "true_divide": operator.truediv,
    "floor_divide": operator.floordiv, "remainder": operator.mod, "negative": operator.neg, "absolute": abs,
    "equal": operator.eq, "not_equal": operator.ne, "less": operator.lt, "less_equal": operator.le,
    "greater": operator.gt, "greater_equal": operator.ge,
}  # fmt: skip
