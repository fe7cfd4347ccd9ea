"""The sizes of usual operations on tensors without numbers. Torch writes these operations on the device ``meta`` in Python
and loads its compiler and SymPy for them, which takes two seconds; here each takes microseconds.

A rule answers only where all sizes fit. Where they do not, torch's own kernel for the CPU is asked, on tensors of one
number each: it refuses before it computes anything, with the message that its user knows (on ``meta`` a transposed
convolution takes any number of channels). For all other operations torch itself is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise, zip_longest
from typing import Any

__all__ = ["result_on_meta"]

Shape = tuple[int, ...]


class _DoesNotFit(Exception):
    """The operation does not take inputs of these sizes."""


class _Unknown(Exception):
    """No rule says what the operation gives."""


def result_on_meta(operation: Any, args: Sequence[Any], named: Any) -> Any:
    """The result of an operation of torch on tensors of the device ``meta``."""
    rule = _rules().get(operation)
    if rule is not None:
        try:
            return rule(*args, **named)
        except _DoesNotFit:
            operation(*_of_one_number(args), **{name: _of_one_number(item) for name, item in named.items()})
        except (_Unknown, TypeError):
            pass
    return operation(*args, **named)


def _of_one_number(item: Any) -> Any:
    """The arguments with tensors on the CPU that take no memory."""
    import torch

    if isinstance(item, torch.Tensor):
        return torch.zeros((), dtype=item.dtype, device="cpu").expand(item.shape)
    if isinstance(item, list | tuple):
        return type(item)(map(_of_one_number, item))
    return item


@cache
def _rules() -> dict[Any, Callable[..., Any]]:
    import torch

    aten = torch.ops.aten
    rules: dict[Any, Callable[..., Any]] = {
        aten.convolution.default: _convolution,
        aten.cat.default: _cat,
        aten.addmm.default: lambda more, one, two: _like(one, _product(one, two, more)),
        aten.mm.default: lambda one, two: _like(one, _product(one, two)),
        aten.bmm.default: lambda one, two: _like(one, _product(one, two)),
        aten.native_batch_norm.default: _batch_norm,
        aten.native_layer_norm.default: _layer_norm,
        aten.native_group_norm.default: lambda x, weight, bias, count, channels, size, groups, eps: (
            _like(x, x.shape), _like(x, (count, groups)), _like(x, (count, groups))
        ),
        aten.max_pool2d_with_indices.default: _max_pool,
        aten.max_pool3d_with_indices.default: _max_pool,
        aten.avg_pool2d.default: _average_pool,
        aten.avg_pool3d.default: _average_pool,
        aten.embedding.default: _embedding,
        aten._softmax.default: _softmax,
        aten._log_softmax.default: _softmax,
        aten._safe_softmax.default: _safe_softmax,
        aten._adaptive_avg_pool2d.default: _adaptive,
        aten._prelu_kernel.default: _binary,
        aten.mean.dim: _mean,
        aten.sum.dim_IntList: _mean,
        aten.stack.default: _stack,
        aten.masked_fill.Scalar: _masked,
        aten.empty_like.default: _unary,
        aten.bernoulli_.float: _in_place,
        aten.pow.Tensor_Scalar: _unary,
        aten.rsub.Scalar: _unary,
    }  # fmt: skip
    rules |= {getattr(aten, name).default: _unary for name in _UNARY}
    rules |= {getattr(aten, f"{name}_").default: _in_place for name in _UNARY if hasattr(aten, f"{name}_")}
    rules |= {getattr(aten, name).Tensor: _binary for name in _BINARY}
    rules |= {getattr(aten, f"{name}_").Tensor: _binary_in_place for name in _BINARY}
    rules |= {getattr(aten, name).Scalar: _unary for name in _BINARY}
    rules |= {getattr(aten, f"{name}_").Scalar: _in_place for name in _BINARY}
    rules |= {getattr(aten, name).Tensor: _comparison for name in _COMPARISONS}
    rules |= {getattr(aten, name).Scalar: _comparison for name in _COMPARISONS}
    rules |= {getattr(aten, f"upsample_{name}").default: _upsampled for name in _UPSAMPLINGS}
    return rules


#: Functions of one tensor of floating-point numbers, with numbers as further arguments.
_UNARY = ("relu", "gelu", "silu", "sigmoid", "tanh", "leaky_relu", "elu", "hardtanh", "hardswish", "hardsigmoid", "softplus", "mish",
          "exp", "log", "sqrt", "rsqrt", "neg", "abs", "sin", "cos", "erf", "reciprocal", "clamp", "clamp_min")  # fmt: skip
_BINARY = ("add", "sub", "mul", "div")
_COMPARISONS = ("eq", "ne", "lt", "le", "gt", "ge")
_UPSAMPLINGS = ("nearest1d", "nearest2d", "nearest3d", "linear1d", "bilinear2d", "trilinear3d", "bicubic2d")


def _like(x: Any, shape: Sequence[int]) -> Any:
    import torch

    return torch.empty(tuple(shape), dtype=x.dtype, device="meta")


def _floating(*tensors: Any) -> None:
    if not all(x.is_floating_point() and x.dtype == tensors[0].dtype for x in tensors):
        raise _Unknown


def _unary(x: Any, *numbers: Any, **named: Any) -> Any:
    _floating(x)
    _no_tensors(*numbers, *named.values())
    return _like(x, x.shape) if _in_order(x) else x.clone()


def _in_place(x: Any, *numbers: Any, **named: Any) -> Any:
    _floating(x)
    _no_tensors(*numbers, *named.values())
    return x


def _no_tensors(*items: Any) -> None:
    import torch

    if any(isinstance(item, torch.Tensor | torch.dtype) for item in items):
        raise _Unknown


def _binary(one: Any, two: Any, **named: Any) -> Any:
    import torch

    if not isinstance(one, torch.Tensor):
        raise _Unknown
    if not isinstance(two, torch.Tensor):
        return _unary(one, two, **named)
    _floating(one, two)
    shape = _stretched(one, two)
    if not _contiguous(shape, one, two):
        raise _Unknown
    return _like(one, shape)


def _binary_in_place(one: Any, two: Any, **named: Any) -> Any:
    import torch

    if isinstance(two, torch.Tensor):
        _floating(one, two)
        if not _contiguous(tuple(one.shape), one, two) or _stretched(one, two) != tuple(one.shape):
            raise _Unknown
        return one
    return _in_place(one, two, **named)


def _comparison(one: Any, two: Any) -> Any:
    import torch

    shape = tuple(one.shape)
    if isinstance(two, torch.Tensor):
        shape = _stretched(one, two)
    if not (_contiguous(shape, one, two) if isinstance(two, torch.Tensor) else _in_order(one)):
        raise _Unknown
    return torch.empty(shape, dtype=torch.bool, device="meta")


def _stretched(one: Any, two: Any) -> Shape:
    sizes = list(zip_longest(reversed(one.shape), reversed(two.shape), fillvalue=1))
    if any(1 not in pair and pair[0] != pair[1] for pair in sizes):
        raise _DoesNotFit
    return tuple(b if a == 1 else a for a, b in reversed(sizes))


def _contiguous(shape: Shape, one: Any, two: Any) -> bool:
    """Whether the result of these sizes is contiguous; torch orders its axes as those of the first tensor that has them all."""
    return _in_order(one) and (_in_order(two) or tuple(one.shape) == shape)


def _in_order(x: Any) -> bool:
    """Whether the axes follow one another in memory as in the shape, with gaps perhaps."""
    if x.is_contiguous():
        return True
    steps = [step for step, size in zip(x.stride(), x.shape, strict=True) if size > 1]
    return 0 not in steps and all(one > two for one, two in pairwise(steps))


def _masked(x: Any, mask: Any, number: Any) -> Any:
    _floating(x)
    _no_tensors(number)
    if not x.is_contiguous() or _stretched(x, mask) != tuple(x.shape):
        raise _Unknown
    return _like(x, x.shape)


def _mean(x: Any, dims: Sequence[int] | None, keep: bool = False, **named: Any) -> Any:
    _floating(x)
    _no_tensors(*named.values())
    if not dims:
        raise _Unknown
    if any(not -x.ndim <= dim < x.ndim for dim in dims):
        raise _DoesNotFit
    gone = {dim % x.ndim for dim in dims}
    if len(gone) < len(dims):
        raise _DoesNotFit
    return _like(x, [1 if place in gone else size for place, size in enumerate(x.shape) if keep or place not in gone])


def _upsampled(x: Any, sizes: Sequence[int], *more: Any) -> Any:
    if not x.is_floating_point() or x.ndim != len(sizes) + 2 or not all(size > 0 for size in (*x.shape, *sizes)):
        raise _Unknown
    return _like(x, (*x.shape[:2], *sizes))


def _adaptive(x: Any, sizes: Sequence[int]) -> Any:
    _floating(x)
    if x.ndim not in (3, 4) or not all(size > 0 for size in (*x.shape, *sizes)):
        raise _Unknown
    return _like(x, (*x.shape[:-2], *sizes))


def _stack(tensors: Sequence[Any], dim: int = 0) -> Any:
    first = tensors[0]
    _floating(*tensors)
    if any(x.shape != first.shape for x in tensors) or not -first.ndim - 1 <= dim <= first.ndim:
        raise _DoesNotFit
    dim %= first.ndim + 1
    return _like(first, (*first.shape[:dim], len(tensors), *first.shape[dim:]))


def _cat(tensors: Sequence[Any], dim: int = 0) -> Any:
    _floating(*tensors)
    first = tensors[0]
    if not all(x.numel() for x in tensors) or not any(x.is_contiguous() for x in tensors):
        raise _Unknown  # empty tensors are left out by torch, and channels may stay last
    if any(x.ndim != first.ndim for x in tensors) or not -first.ndim <= dim < first.ndim:
        raise _DoesNotFit
    dim %= first.ndim
    if any(
        a != b for x in tensors for place, (a, b) in enumerate(zip(x.shape, first.shape, strict=True)) if place != dim
    ):
        raise _DoesNotFit
    return _like(first, (*first.shape[:dim], sum(x.shape[dim] for x in tensors), *first.shape[dim + 1 :]))


def _product(one: Any, two: Any, more: Any = None) -> Shape:
    _floating(one, two)
    if one.ndim != two.ndim or one.shape[-1] != two.shape[-2] or one.shape[:-2] != two.shape[:-2]:
        raise _DoesNotFit
    shape = (*one.shape[:-1], two.shape[-1])
    if more is not None and tuple(more.shape) not in (shape, shape[1:], (1,)):
        raise _DoesNotFit
    return shape


def _softmax(x: Any, dim: int, half: bool) -> Any:
    if not x.is_contiguous() or not -x.ndim <= dim < x.ndim:
        raise _Unknown
    return _unary(x)


def _safe_softmax(x: Any, dim: int, dtype: Any = None) -> Any:
    _no_tensors(dtype)
    return _softmax(x, dim, False)


def _embedding(weight: Any, indices: Any, *more: Any) -> Any:
    if weight.ndim != 2 or indices.is_floating_point():
        raise _DoesNotFit
    return _like(weight, (*indices.shape, weight.shape[1]))


def _batch_norm(x: Any, weight: Any, bias: Any, mean: Any, variance: Any, training: bool, *numbers: float) -> Any:
    if not x.is_contiguous() or x.ndim < 2:
        raise _Unknown
    if any(held is not None and tuple(held.shape) != (x.shape[1],) for held in (weight, bias, mean, variance)):
        raise _DoesNotFit
    count = x.shape[1] if training else 0
    return _like(x, x.shape), _like(x, (count,)), _like(x, (count,))


def _layer_norm(x: Any, shape: Sequence[int], weight: Any, bias: Any, eps: float) -> Any:
    last = tuple(shape)
    if not last or tuple(x.shape[-len(last) :]) != last:
        raise _DoesNotFit
    if any(held is not None and tuple(held.shape) != last for held in (weight, bias)):
        raise _DoesNotFit
    rest = (*x.shape[: x.ndim - len(last)], *(1 for _ in last))
    return _like(x, x.shape), _like(x, rest), _like(x, rest)


def _each(numbers: Sequence[int], count: int) -> Sequence[int]:
    if len(numbers) not in (1, count):
        raise _Unknown
    return numbers if len(numbers) == count else [numbers[0]] * count


def _convolution(
    x: Any, weight: Any, bias: Any, stride: Sequence[int], padding: Sequence[int], dilation: Sequence[int],
    transposed: bool, output_padding: Sequence[int], groups: int,
) -> Any:  # fmt: skip
    _floating(x, weight)
    count = weight.ndim - 2
    if x.ndim != weight.ndim or not x.numel():
        raise _Unknown
    stride, padding, dilation = _each(stride, count), _each(padding, count), _each(dilation, count)
    more = _each(output_padding, count) if transposed else [0] * count
    if min(groups, *weight.shape, *stride, *dilation) < 1 or min(*padding, *more) < 0:
        raise _DoesNotFit
    taken, made = (
        (weight.shape[0], weight.shape[1] * groups) if transposed else (weight.shape[1] * groups, weight.shape[0])
    )
    if x.shape[1] != taken or weight.shape[0] % groups or (bias is not None and tuple(bias.shape) != (made,)):
        raise _DoesNotFit
    sizes = []
    for size, window, step, pad, spread, beyond in zip(
        x.shape[2:], weight.shape[2:], stride, padding, dilation, more, strict=True
    ):
        reach = spread * (window - 1) + 1
        if transposed:
            if beyond >= max(step, spread):
                raise _DoesNotFit
            sizes.append((size - 1) * step - 2 * pad + reach + beyond)
        else:
            sizes.append((size + 2 * pad - reach) // step + 1 if size + 2 * pad >= reach else 0)
        if sizes[-1] < 1:
            raise _DoesNotFit
    return _like(x, (x.shape[0], made, *sizes))


def _pooled(
    x: Any,
    kernel: Sequence[int],
    stride: Sequence[int],
    padding: Sequence[int],
    dilation: Sequence[int],
    ceil: bool,
    count: int,
) -> Any:
    if not x.is_floating_point() or not x.is_contiguous() or x.ndim not in (count + 1, count + 2):
        raise _Unknown
    kernel, padding, dilation = _each(kernel, count), _each(padding, count), _each(dilation, count)
    stride = _each(stride, count) if len(stride) else kernel
    if min(*kernel, *stride, *dilation) < 1 or min(padding) < 0:
        raise _DoesNotFit
    sizes = []
    for size, window, step, pad, spread in zip(x.shape[-count:], kernel, stride, padding, dilation, strict=True):
        room = size + 2 * pad - spread * (window - 1) - 1
        if room < 0 or 2 * pad > window:
            raise _DoesNotFit
        made = (-(-room // step) if ceil else room // step) + 1
        sizes.append(made - (ceil and (made - 1) * step >= size + pad))
    return _like(x, (*x.shape[: x.ndim - count], *sizes))


def _max_pool(
    x: Any, kernel: Sequence[int], stride: Sequence[int] = (), padding: Sequence[int] = (0,), dilation: Sequence[int] = (1,),
    ceil: bool = False,
) -> Any:  # fmt: skip
    import torch

    count = max(2, len(kernel)) if x.ndim < 5 else 3
    made = _pooled(x, kernel, stride, padding, dilation, ceil, count)
    return made, torch.empty(made.shape, dtype=torch.int64, device="meta")


def _average_pool(
    x: Any,
    kernel: Sequence[int],
    stride: Sequence[int] = (),
    padding: Sequence[int] = (0,),
    ceil: bool = False,
    *more: Any,
) -> Any:
    return _pooled(x, kernel, stride, padding, (1,), ceil, max(2, len(kernel)) if x.ndim < 5 else 3)
