"""Elementwise operators on known arrays: sums, comparisons, casts; and operators that create arrays."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from symnet.errors import LayerError
from symnet.frontends.onnx.call import Call
from symnet.frontends.onnx.constants.arrays import (
    boxed,
    broadcast,
    counted,
    from_numbers,
    known,
    made_of,
    numbers_of,
    whole,
)
from symnet.frontends.onnx.constants.numbers import as_entry, as_fraction
from symnet.frontends.onnx.constants.operators import BINARY, UNARY, binary, unary
from symnet.frontends.onnx.constants.real_arithmetic import rounded_size, rounded_to, to_integer
from symnet.frontends.onnx.model_file import SMALL, significant_bits, small_numbers
from symnet.frontends.onnx.sizes import tidy
from symnet.frontends.onnx.values import Array, Numbers, Source, along
from symnet.terms.term import CeilDiv, Max, Term, integer

__all__ = ["ARITHMETIC"]

#: onnx.TensorProto.BOOL.
_TRUTH = 9

_TRUTHS = frozenset(("Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", "And", "Or", "Xor"))


def _binary(call: Call) -> Array | None:
    arrays = call.arrays
    bits = max(array.bits for array in arrays)
    work = binary(call.op, bits, of_dividend=bool(call.attribute("fmod", 0)))
    dims = broadcast(*(array.dims for array in arrays))
    numbers = numbers_of(*arrays)
    if numbers is None or counted(dims) > SMALL:
        return made_of(dims, arrays)
    found = numbers[0]
    if call.op in _TRUTHS and arrays[0].positive:
        found = boxed(np.frompyfunc(_at_least_one, 1, 1)(found), found.shape)
    for other in numbers[1:]:
        found = boxed(np.frompyfunc(work, 2, 1)(found, other))
    return known(found, bits=0 if call.op in _TRUTHS else bits, like=arrays)


def _at_least_one(entry: Any) -> Any:
    """A size of a tensor, with a lower bound of 1 if its structure does not show one."""
    return Max(entry, integer(1)) if isinstance(entry, Term) and (entry.least is None or entry.least < 1) else entry


def _unary(call: Call) -> Array | None:
    array = call.array(0)
    work = unary(call.op, array.bits, call.state.assume_at_most)
    return array.like(array.dims, lambda: _mapped(array, work))


def _mapped(array: Array, work: Callable[[Any], Any]) -> Numbers | None:
    entries = array.entries
    return None if entries is None else boxed(np.frompyfunc(work, 1, 1)(entries), entries.shape)


def _cast(call: Call) -> Array:
    """Conversion to another type: real numbers are rounded to its precision, or truncated toward zero for integers."""
    array = call.array(0)
    like = call.array(1) if call.op == "CastLike" else None
    to = call.attribute("to", 1)
    bits = like.bits if like else significant_bits(to)
    truth = like is None and to == _TRUTH

    def one(entry: Any) -> Any:
        if isinstance(entry, bool):
            return entry if truth else integer(int(entry))
        number = as_fraction(entry)
        if truth:
            return None if number is None else number != 0
        if not bits:
            return to_integer(entry, "truncate", call.state.assume_at_most)
        if number is not None:
            return rounded_to(number, bits)
        if isinstance(entry, Term):
            return rounded_size(entry, bits)
        return entry if bits == array.bits else None

    sources = array.sources
    return Array(
        array.dims, lambda: _mapped(array, one), sources=sources, trained=array.trained and bits > 0, bits=bits
    )


def _dequantized(call: Call) -> Array:
    """Weights stored in 8 bits, as real numbers."""
    array = call.array(0)
    return Array(array.dims, sources=array.sources, trained=True, bits=24)


def _where(call: Call) -> Array | None:
    arrays = call.arrays
    numbers = numbers_of(*arrays)
    dims = broadcast(*(array.dims for array in arrays))
    if numbers is None:
        return made_of(dims, arrays)

    def choose(truth: Any, one: Any, two: Any) -> Any:
        return one if truth is True or one is two else two if truth is False else None

    return known(boxed(np.frompyfunc(choose, 3, 1)(*numbers)), bits=arrays[1].bits, like=arrays)


def _constant(call: Call) -> Array:
    name = call.node.output[0]
    for attribute, value in call.given.items():
        if attribute == "value":
            dims = [integer(size) for size in value.dims]
            bits = significant_bits(value.data_type)
            call.state.weights.add(name, dims, trained=False)

            def read(value: Any = value) -> Numbers | None:
                numbers = small_numbers(value)
                return None if numbers is None else from_numbers(numbers)

            return Array(dims, read, sources=(Source(name),) if bits else (), bits=bits)
        if attribute in ("value_int", "value_ints", "value_float", "value_floats"):
            bits = 24 if "float" in attribute else 0
            found = known(from_numbers(np.array(value)), bits=bits)
            return Array(found.dims, found.numbers, sources=(Source(name),) if bits else (), bits=bits)
    raise LayerError("is a constant of another kind than numbers")


def _filled(call: Call) -> Array | None:
    """ConstantOfShape."""
    dims = call.terms(0)
    fill, bits = call.given.get("value"), 24
    entry: Any = integer(0)
    if fill is not None:
        bits, numbers = significant_bits(fill.data_type), small_numbers(fill)
        entry = None if numbers is None else as_entry(numbers.reshape(-1)[0])
    if any(size.constant is None for size in dims) or counted(dims) > SMALL:
        return Array(dims, bits=bits)
    return known(boxed(entry, whole(dims)), bits=bits)


def _range(call: Call) -> Array | None:
    start, stop, step = (call.entries(index)[0] for index in range(3))
    bits = max(array.bits for array in call.arrays)
    ends = [as_fraction(entry) for entry in (start, stop, step)]
    first, last, gap = ends
    if first is not None and last is not None and gap:
        length = max(0, -((first - last) // gap))
        if length > SMALL:
            return Array((integer(length),), bits=bits)
        numbers = [as_entry(first + place * gap) for place in range(length)]
        return known(boxed(numbers, (length,)), bits=bits)
    if isinstance(start, Term) and isinstance(stop, Term) and isinstance(gap, Fraction) and gap.denominator == 1:
        way, each = (stop - start if gap > 0 else start - stop), abs(int(gap))
        size = tidy(way if each == 1 else CeilDiv(way, integer(each)))
        return Array((size,), bits=bits, counts=start.constant == 0 and gap == 1)
    return None


def _reduced(call: Call) -> Array | None:
    array = call.array(0)
    entries, axes = array.entries, call.ints("axes", 1)
    if entries is None or (not axes and call.attribute("noop_with_empty_axes", 0)):
        return array if entries is not None else None
    work = binary(
        {"ReduceProd": "Mul", "ReduceSum": "Add", "ReduceMax": "Max", "ReduceMin": "Min"}[call.op], array.bits
    )
    over = tuple(along(axis, array.rank) for axis in axes) if axes else tuple(range(array.rank))
    found = entries
    for axis in sorted(over, reverse=True):
        if not found.shape[axis]:
            return None
        found = boxed(np.frompyfunc(work, 2, 1).reduce(found, axis=axis, keepdims=bool(call.attribute("keepdims", 1))))
    return known(found, bits=array.bits, like=[array])


def _nonzero(call: Call) -> Array | None:
    array = call.array(0)
    entries = array.entries
    truths = None if entries is None else [_is_nonzero(entry) for entry in entries.reshape(-1)]
    if entries is None or truths is None or None in truths:
        return None
    return known(
        from_numbers(np.array(np.nonzero(np.array(truths, dtype=bool).reshape(entries.shape)), dtype=np.int64))
    )


def _is_nonzero(entry: Any) -> bool | None:
    number = as_fraction(entry)
    return entry if isinstance(entry, bool) else None if number is None else number != 0


#: Handlers by operator.
ARITHMETIC = {
    **dict.fromkeys(BINARY, _binary),
    **dict.fromkeys(UNARY, _unary),
    **dict.fromkeys(("ReduceProd", "ReduceSum", "ReduceMax", "ReduceMin"), _reduced),
    **dict.fromkeys(("Cast", "CastLike"), _cast),
    "DequantizeLinear": _dequantized,
    "Where": _where,
    "Constant": _constant,
    "ConstantOfShape": _filled,
    "Range": _range,
    "NonZero": _nonzero,
}
