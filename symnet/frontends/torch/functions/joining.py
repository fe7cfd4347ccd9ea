"""Functions of several tensors: sums, products, concatenation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from symnet.frontends.flow import tidy
from symnet.frontends.ops import joining
from symnet.frontends.torch.functions.calculating import calculated
from symnet.frontends.torch.placing import dimension
from symnet.frontends.torch.tensors import Value, is_value
from symnet.frontends.torch.trace import Handler, Trace
from symnet.layers.declaration.base import Layer, product
from symnet.layers.kinds.elementwise import Activation
from symnet.layers.kinds.merges import Add, Combine, Maximum, Minimum, Multiply, Subtract
from symnet.terms.term import integer

__all__ = ["FUNCTIONS", "joined"]


def _is_array(item: Any) -> bool:
    return is_value(item) or hasattr(item, "dtype")


def joined(trace: Trace, layer: Callable[[], Layer], name: str, *items: Any) -> Value:
    """Tensors (symbolic, parameters of the model, or constants) and plain numbers combined elementwise."""
    items = tuple(float(item) if type(item).__module__ == "numpy" and item.ndim == 0 else item for item in items)
    arrays = [
        item
        for item in items
        if _is_array(item) and not (not is_value(item) and item.dim() == 0 and not trace.is_parameter(item))
    ]
    if len(arrays) < 2:
        return trace.add(Activation(name), trace.constant(arrays[0]), name=name)
    rank = max(item.ndim for item in arrays)
    batch = next((item.batch + rank - item.ndim for item in arrays if is_value(item) and item.batch is not None), None)
    ready = [trace.constant(item, rank, batch) for item in arrays]
    first = next((item for item in ready if item.batch is not None), ready[0])
    return trace.like(first, joining.joined(trace, layer(), [item.flow for item in ready], name))


def _join(layer: Callable[[], Layer], name: str) -> Handler:
    def handler(trace: Trace, x: Any, other: Any, *_: Any, **named: Any) -> Value:
        return joined(trace, layer, name, x, other)

    return handler


def _combine(name: str) -> Handler:
    return _join(lambda: Combine(function=name), name)


def _cat(trace: Trace, tensors: Sequence[Any], dim: int = 0, *, axis: int | None = None, out: Any = None) -> Value:
    ready = [trace.constant(item) for item in tensors]
    place = dimension(ready[0], dim if axis is None else axis)
    return trace.like(ready[0], joining.concatenated(trace, [item.flow for item in ready], place))


def _stack(trace: Trace, tensors: Sequence[Any], dim: int = 0, *, out: Any = None) -> Value:
    ready = [trace.constant(item) for item in tensors]
    place = dimension(ready[0], dim, 1)
    return trace.like(ready[0], joining.stacked(trace, [item.flow for item in ready], place))


def _compared(trace: Trace, x: Any, other: Any, *_: Any, **named: Any) -> Value:
    import torch

    made = joined(trace, lambda: Combine(function="compare"), "compare", x, other)
    return trace.like(made, made.flow, torch.bool)


def _logical(name: str) -> Handler:
    def handler(trace: Trace, x: Any, other: Any, *_: Any, **named: Any) -> Value:
        import torch

        made = joined(trace, lambda: Combine(function=name), name, x, other)
        return trace.like(made, made.flow, torch.bool)

    return handler


#: Other functions of two or three numbers.
_PAIRS = (
    "bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_left_shift", "bitwise_right_shift", "lshift", "rshift", "rlshift", "rrshift",
    "copysign", "fmax", "fmin", "gcd", "lcm", "heaviside", "hypot", "igamma", "igammac", "ldexp", "logaddexp", "logaddexp2",
    "nextafter", "xlogy", "float_power", "special_xlog1py", "special_zeta", "special_chebyshev_polynomial_t",
    "special_chebyshev_polynomial_u", "special_chebyshev_polynomial_v", "special_chebyshev_polynomial_w",
    "special_hermite_polynomial_h", "special_hermite_polynomial_he", "special_laguerre_polynomial_l",
    "special_legendre_polynomial_p", "special_shifted_chebyshev_polynomial_t", "special_shifted_chebyshev_polynomial_u",
    "special_shifted_chebyshev_polynomial_v", "special_shifted_chebyshev_polynomial_w", "rmod", "rfloordiv",
)  # fmt: skip


def _beside(dim: int, least: int) -> Handler:
    """``hstack``, ``vstack``, ``dstack``: concatenation along ``dim`` of tensors with at least ``least`` dimensions."""

    def handler(trace: Trace, tensors: Sequence[Any], **_: Any) -> Value:
        ready = [_of_rank(trace, trace.constant(item), least) for item in tensors]
        return _cat(trace, ready, 0 if dim == 1 and ready[0].ndim == 1 else dim)

    return handler


def _of_rank(trace: Trace, x: Value, least: int) -> Value:
    """``atleast_2d`` and similar: the tensor with sizes 1 added where torch adds them."""
    if x.ndim >= least:
        return x
    before = {(0, 1): 1, (0, 2): 2, (1, 2): 1, (0, 3): 2, (1, 3): 1, (2, 3): 0}[x.ndim, least]
    sizes = [1] * before + [trace.size(size) for size in x.sizes]
    return trace.function("reshape", (x, *sizes, *[1] * (least - len(sizes))), {})


def _at_least(least: int) -> Handler:
    def handler(trace: Trace, *tensors: Any) -> Any:
        items = tensors[0] if len(tensors) == 1 and isinstance(tensors[0], tuple | list) else tensors
        ready = tuple(_of_rank(trace, trace.constant(item), least) for item in items)
        return ready if len(ready) > 1 or items is tensors[0] else ready[0]

    return handler


def _column_stack(trace: Trace, tensors: Sequence[Any], **_: Any) -> Value:
    ready = [trace.constant(item) for item in tensors]
    columns = [trace.function("reshape", (x, -1, 1), {}) if x.ndim < 2 else x for x in ready]
    return _cat(trace, columns, 1)


def _stretched_to_each_other(trace: Trace, *tensors: Any) -> tuple[Value, ...]:
    """``broadcast_tensors``: every tensor expanded to the common sizes."""
    items = tensors[0] if len(tensors) == 1 and isinstance(tensors[0], tuple | list) else tensors
    together = joined(trace, lambda: Combine(function="broadcast"), "broadcast", *items) if len(items) > 1 else items[0]
    return tuple(trace.like(trace.constant(item), together.flow) for item in items)


def _diagonal_blocks(trace: Trace, *tensors: Any) -> Value:
    """``block_diag``: matrices along the diagonal of one; a row is a matrix of one row."""
    items = tensors[0] if len(tensors) == 1 and isinstance(tensors[0], tuple | list) else tensors
    ready = [_of_rank(trace, trace.constant(item), 2) for item in items]
    sizes = [tidy(sum((item.sizes[at] for item in ready), integer(0))) for at in range(2)]
    return calculated(trace, "block_diag", sizes, *ready)


def _all_pairs(trace: Trace, *tensors: Any) -> Value:
    """``cartesian_prod``: a row for each choice of one entry of every tensor."""
    items = tensors[0] if len(tensors) == 1 and isinstance(tensors[0], tuple | list) else tensors
    ready = [trace.constant(item) for item in items]
    rows = tidy(product(*(item.sizes[0] for item in ready)))
    return ready[0] if len(ready) == 1 else calculated(trace, "cartesian_prod", [rows, integer(len(ready))], *ready)


def _kronecker(trace: Trace, x: Any, other: Any, **_: Any) -> Value:
    """Sizes multiply, counted from the last one."""
    one, two = trace.constant(x), trace.constant(other)
    rank = max(one.ndim, two.ndim)
    sizes = [[integer(1)] * (rank - item.ndim) + list(item.sizes) for item in (one, two)]
    return calculated(trace, "kron", [tidy(left * right) for left, right in zip(*sizes, strict=True)], one, two)


def _distance(trace: Trace, x: Any, other: Any, *_: Any, **named: Any) -> Value:
    return trace.function("norm", (trace.function("sub", (x, other), {}),), {})


def _where(trace: Trace, chosen: Any, x: Any = None, other: Any = None) -> Value:
    """Entries of one tensor or another; of a condition alone torch gives where it holds."""
    if x is None:
        raise trace.by_values("where gives as many entries as the values of a tensor say")
    return joined(trace, lambda: Combine(function="where"), "where", chosen, x, other)


FUNCTIONS: dict[str, Handler] = {
    "block_diag": _diagonal_blocks,
    "cartesian_prod": _all_pairs,
    "kron": _kronecker,
    "dist": _distance,
    "native_dropout_backward": lambda trace, x, mask, *_, **named: joined(
        trace, lambda: Combine(function="mask"), "mask", x, mask
    ),
    "_softmax_backward_data": lambda trace, x, output, *_, **named: joined(
        trace, lambda: Combine(function="softmax_backward"), "softmax_backward", x, output
    ),
    **{name: _combine(name) for name in _PAIRS},
    "addcdiv": lambda trace, x, one, two, value=1: joined(
        trace, lambda: Combine(function="addcdiv"), "addcdiv", x, one, two
    ),
    "hstack": _beside(1, 1),
    "vstack": _beside(0, 2),
    "row_stack": _beside(0, 2),
    "dstack": _beside(2, 3),
    "column_stack": _column_stack,
    "broadcast_tensors": _stretched_to_each_other,
    **{f"atleast_{rank}d": _at_least(rank) for rank in (1, 2, 3)},
    **{name: _join(Add, "add") for name in ("add", "radd", "iadd")},
    **{name: _join(Subtract, "sub") for name in ("sub", "rsub", "isub", "subtract")},
    **{name: _join(Multiply, "mul") for name in ("mul", "rmul", "imul", "multiply")},
    **{
        name: _combine("divide")
        for name in ("div", "truediv", "rtruediv", "rdiv", "divide", "true_divide", "floordiv", "itruediv")
    },
    **{name: _combine("power") for name in ("pow", "rpow", "ipow")},
    **{name: _combine("remainder") for name in ("remainder", "fmod", "mod", "floor_divide")},
    **{name: _combine("and") for name in ("and", "or", "xor", "rand", "ror", "rxor", "iand", "ior", "ixor")},
    **{name: _logical("and") for name in ("logical_and", "logical_or", "logical_xor")},
    "isclose": _compared,
    **dict.fromkeys(("eq", "ne", "lt", "le", "gt", "ge", "greater", "less", "greater_equal", "less_equal"), _compared),
    "atan2": _combine("atan2"),
    "lerp": lambda trace, x, end, weight: joined(trace, lambda: Combine(function="lerp"), "lerp", x, end, weight),
    "where": _where,
    "addcmul": lambda trace, x, one, two, value=1: joined(
        trace, lambda: Combine(function="addcmul"), "addcmul", x, one, two
    ),
    "maximum": _join(Maximum, "maximum"),
    "minimum": _join(Minimum, "minimum"),
    "cat": _cat,
    "concat": _cat,
    "concatenate": _cat,
    "stack": _stack,
}
