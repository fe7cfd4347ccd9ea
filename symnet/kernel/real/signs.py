"""Signs that follow from the structure of an expression: exponentials are positive, squares are not negative, …"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Any

from symnet.kernel.real.expressions import (
    FOLDS,
    Abs,
    Delta,
    Exp,
    Maximum,
    Minimum,
    Number,
    Plus,
    Power,
    Quotient,
    Real,
    Sqrt,
    Times,
    Total,
    Whole,
)  # fmt: skip

__all__ = ["Known", "Shown", "shown"]


class Shown(IntEnum):
    """What is shown about the sign of a number, the weakest first."""

    NOTHING = 0
    NOT_NEGATIVE = 1
    POSITIVE = 2


Known = Mapping[Real, Shown]


def shown(term: Real, known: Known) -> Shown:
    """What the structure of ``term`` shows of its sign.

    >>> from symnet.kernel.real.expressions import Variable
    >>> x = Variable("x")
    >>> shown(1 + x * x, {}), shown(x, {})
    (<Shown.POSITIVE: 2>, <Shown.NOTHING: 0>)
    """
    given = known.get(term, Shown.NOTHING)
    way = _WAYS.get(type(term))
    return max(given, way(term, known)) if way and given < Shown.POSITIVE else given


def _number(term: Real, known: Known) -> Shown:
    return _of(term.args[0])


def _whole(term: Real, known: Known) -> Shown:
    least = term.args[0].least
    return Shown.NOTHING if least is None else _of(least)


def _of(value: Any) -> Shown:
    return Shown.POSITIVE if value > 0 else Shown.NOT_NEGATIVE if value == 0 else Shown.NOTHING


def _plus(term: Real, known: Known) -> Shown:
    signs = [shown(part, known) for part in term.args]
    if not signs or min(signs) == Shown.NOTHING:
        return Shown.NOTHING if signs else Shown.NOT_NEGATIVE
    return max(signs)


def _times(term: Real, known: Known) -> Shown:
    factors: list[Real] = []
    for part in term.args:  # a·a is a square
        if part in factors:
            factors.remove(part)
        else:
            factors.append(part)
    pairs_only = [part for part in term.args if part not in factors]
    signs = [shown(part, known) for part in factors]
    signs += [max(shown(part, known), Shown.NOT_NEGATIVE) for part in pairs_only]
    return min(signs, default=Shown.POSITIVE)


def _quotient(term: Real, known: Known) -> Shown:
    above, below = (shown(part, known) for part in term.args)
    return above if below == Shown.POSITIVE else Shown.NOTHING


def _power(term: Real, known: Known) -> Shown:
    base, exponent = shown(term.args[0], known), term.args[1].constant
    if base == Shown.POSITIVE or exponent == 0:
        return Shown.POSITIVE
    even = exponent is not None and exponent % 2 == 0
    return Shown.NOT_NEGATIVE if even else base


def _total(term: Real, known: Known) -> Shown:
    _, bound, body = term.args
    sign = shown(body, _outside(term, known))
    return min(sign, Shown.POSITIVE if bound.least >= 1 else Shown.NOT_NEGATIVE)


def _extreme(term: Real, known: Known) -> Shown:
    return shown(term.args[2], _outside(term, known))


def _outside(term: Real, known: Known) -> Known:
    """The known signs inside a fold: those about a free symbol with the name of the index do not apply."""
    return {key: sign for key, sign in known.items() if term.args[0] not in key.free}


def _both(term: Real, known: Known) -> Shown:
    return min(shown(part, known) for part in term.args)


def _either(term: Real, known: Known) -> Shown:
    return max(shown(part, known) for part in term.args)


_WAYS: dict[type[Real], Callable[[Real, Known], Shown]] = {
    Number: _number,
    Whole: _whole,
    Plus: _plus,
    Times: _times,
    Quotient: _quotient,
    Power: _power,
    Total: _total,
    Minimum: _both,
    Maximum: _either,
    Exp: lambda term, known: Shown.POSITIVE,
    # the value of a root outside its domain is unspecified
    Sqrt: lambda term, known: shown(term.args[0], known),
    Abs: lambda term, known: Shown.NOT_NEGATIVE,
    Delta: lambda term, known: Shown.NOT_NEGATIVE,
    **dict.fromkeys(FOLDS - {Total}, _extreme),
}
