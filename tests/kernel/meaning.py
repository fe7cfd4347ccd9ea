"""What terms and propositions mean, written a second time: counts by counting, nothing by formula.

It shares no code with ``symnet.terms.term.evaluate`` or ``symnet.terms.propositions.holds``: it is the other oracle.
Where a term has no value (division by zero, a count of infinitely many), it gets an arbitrary one, on which no rule may
depend.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from math import prod

from symnet.kernel.theorem import Theorem
from symnet.terms import propositions as p
from symnet.terms import term as t

__all__ = ["LARGEST_COUNT", "TooLarge", "Values", "false_at", "is_true", "meaning"]

Values = Mapping[t.Symbol, int]

#: Counting further than this would take too long.
LARGEST_COUNT = 20_000


class TooLarge(Exception):
    """An instance that is not for counting."""


def _arbitrary(*numbers: int) -> int:
    """Some natural number: the value of what has none."""
    return sum((place + 3) * number for place, number in enumerate(numbers)) % 11


def _windows(length: int, kernel: int, dilation: int, stride: int) -> int:
    """#{k ≥ 0 : 0 ≤ k·stride + j·dilation < length for every tap j < kernel}, position by position."""
    if kernel < 1 or stride < 1:
        return _arbitrary(length, kernel, dilation, stride)
    if length * kernel > LARGEST_COUNT:
        raise TooLarge
    return sum(
        all(0 <= position * stride + tap * dilation < length for tap in range(kernel))
        for position in range(max(length, 0))  # tap 0 at position k lies at k·stride ≥ k
    )


def _entries(*shape: int) -> int:
    """#{(i₁, …, iₙ) : 0 ≤ iⱼ < shapeⱼ}, entry by entry."""
    if prod(max(size, 1) for size in shape) > LARGEST_COUNT:
        raise TooLarge
    return sum(1 for _ in product(*map(range, shape)))


def _floor(numerator: int, divisor: int) -> int:
    return numerator // divisor if divisor else _arbitrary(numerator) - 5


def _ceiling(numerator: int, divisor: int) -> int:
    return -(-numerator // divisor) if divisor else _arbitrary(numerator) - 4


def _remainder(numerator: int, divisor: int) -> int:
    return numerator % divisor if divisor else _arbitrary(numerator) - 3


_MEANINGS: dict[type[t.Term], Callable[..., int]] = {
    t.Sum: lambda *parts: sum(parts),
    t.Product: lambda *parts: prod(parts),
    t.FloorDiv: _floor,
    t.CeilDiv: _ceiling,
    t.Mod: _remainder,
    t.Min: lambda *parts: min(parts),
    t.Max: lambda *parts: max(parts),
    t.Windows: _windows,
    t.Entries: _entries,
}


def meaning(term: t.Term, values: Values) -> int:
    """The integer that ``term`` stands for when its symbols have these ``values``."""
    if isinstance(term, t.Int):
        return term.value
    if isinstance(term, t.Symbol):
        return values[term]
    if isinstance(term, t.Power):
        base, exponent = term.args
        return prod([meaning(base, values)] * exponent)
    return _MEANINGS[type(term)](*(meaning(part, values) for part in term.args))


def is_true(proposition: p.Proposition, values: Values) -> bool:
    """Whether ``proposition`` is true when its symbols have these ``values``."""
    if isinstance(proposition, p.And):
        return all(is_true(part, values) for part in proposition.args)
    if isinstance(proposition, p.Or):
        return any(is_true(part, values) for part in proposition.args)
    if isinstance(proposition, p.Iff):
        left, right = (is_true(side, values) for side in proposition.args)
        return left is right
    if isinstance(proposition, p.In):
        return _is_member(meaning(proposition.args[0], values), proposition)
    numbers = [meaning(side, values) for side in proposition.args]
    if isinstance(proposition, p.Eq):
        return numbers[0] == numbers[1]
    if isinstance(proposition, p.Le):
        return numbers[0] <= numbers[1]
    if isinstance(proposition, p.Lt):
        return numbers[0] < numbers[1]
    if isinstance(proposition, p.Divides):
        return _is_multiple(numbers[1], numbers[0])
    if isinstance(proposition, p.Congruent):
        return _is_multiple(numbers[0] - numbers[1], numbers[2])
    raise AssertionError(f"{type(proposition).__name__} has no meaning yet: give it one here")


def _is_multiple(number: int, divisor: int) -> bool:
    return any(divisor * factor == number for factor in (0, _floor(number, divisor)))


def _is_member(number: int, proposition: p.In) -> bool:
    for residue, modulus, minimum, maximum in proposition.args[1].parts:
        inside = (minimum is None or minimum <= number) and (maximum is None or number <= maximum)
        if inside and number % modulus == residue % modulus:
            return True
    return False


def false_at(theorem: Theorem, values: Values) -> bool | None:
    """Whether ``theorem`` is false here; ``None`` when a hypothesis fails, so that it says nothing here."""
    if not all(is_true(hypothesis, values) for hypothesis in theorem.hypotheses):
        return None
    return not is_true(theorem.conclusion, values)
