"""Handlers of keras.ops in a functional model, where every operation is a layer of a class of its own."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite, nan
from typing import Any

from symnet.frameworks.convention import KERAS
from symnet.frameworks.tables.activations import names_by_framework
from symnet.frontends.building import Tensor
from symnet.frontends.keras.arrangement import concatenated
from symnet.frontends.keras.call_site import Handler, Site, Unknown
from symnet.frontends.keras.features import activated
from symnet.frontends.keras.parts import PARTS
from symnet.frontends.keras.values import Constant
from symnet.frontends.ops.arranging import permuted, squeezed, unsqueezed
from symnet.frontends.ops.joining import joined, repeated, stacked
from symnet.frontends.ops.multiplying import einsum, multiplied
from symnet.frontends.ops.reducing import reduced
from symnet.layers.declaration.base import Layer
from symnet.layers.kinds.elementwise import Activation
from symnet.layers.kinds.merges import Add, Combine, Maximum, Minimum, Multiply, Subtract
from symnet.layers.kinds.reductions import Max, Mean, Min, Prod, Reduce, Sum
from symnet.layers.kinds.rescaling import Rescaling
from symnet.layers.kinds.spatial import Resize
from symnet.terms.propositions import Eq
from symnet.terms.term import integer

__all__ = ["OPERATIONS"]

# ---- elementwise operations ---------------------------------------------------------------------------------------

#: The factor and offset of an operation with a constant, from the number and whether it is the second operand.
_Scaled = Callable[[float, bool], tuple[float | None, float | None]]


def _combined(kind: type[Layer], scaled: _Scaled | None = None, **named: Any) -> Handler:
    """A handler for two tensors, or a tensor and a constant; ``scaled`` expresses the latter as a Rescaling."""

    def handler(site: Site) -> Tensor:
        tensors = site.tensors
        if len(tensors) == 2:
            if len({len(tensor.shape.dims) for tensor in tensors}) == 1 and not any(
                map(site.names.merged.has, tensors)
            ):
                return site.put(kind, to=tensors, **named)
            return site.given(joined(site, kind(**named), [site.flow(tensor) for tensor in tensors], site.word))
        others = [value for value in (*site.args, *site.kwargs.values()) if not isinstance(value, Tensor)]
        if len(tensors) != 1 or len(others) != 1 or not _keeps(others[0], tensors[0]):
            raise Unknown("combines a tensor with what may stretch it")
        if isinstance(others[0], int | float) and scaled is not None:
            values = scaled(others[0], isinstance(site.args[0] if site.args else None, Tensor))
            if all(value is None or isfinite(value) for value in values):
                return site.put(Rescaling, *values)
        return activated(site, site.spec.class_name)

    return handler


def _keeps(value: Any, tensor: Tensor) -> bool:
    """Whether combining a constant with a tensor keeps the tensor's shape."""
    if isinstance(value, int | float):
        return True
    if not isinstance(value, Constant) or len(value.shape) > len(tensor.shape.dims):
        return False
    dims = tensor.shape.dims[len(tensor.shape.dims) - len(value.shape) :]
    return all(size in (1, dim.constant) for size, dim in zip(value.shape, dims, strict=True))


def _divided(number: float, second: bool) -> tuple[float | None, float | None]:
    return (1 / number, None) if second and number else (nan, None)


def _function(site: Site) -> Tensor:
    return activated(site, site.spec.class_name, to=site.tensor)


def _softmax(site: Site) -> Tensor:
    axis = site.argument(1, "axis", -1)
    return activated(
        site, site.spec.class_name, to=site.tensor, axis=axis if isinstance(axis, int) and axis != -1 else None
    )


def _nothing(site: Site) -> Tensor:
    return activated(site, "identity", to=site.tensor)


# ---- sizes ------------------------------------------------------------------------------------------------------


def _axes(site: Site, otherwise: Any = None) -> tuple[int, ...]:
    """The axes of an operation. Raises :class:`Unknown` if they include the batch."""
    axis = site.argument(1, "axis", otherwise)
    if axis is None:
        raise Unknown("works on all axes, the batch, too")
    return site.config.integers(axis, "axis")


def _dim(dim: int, rank: int) -> int:
    if not -rank <= dim < rank:
        raise Unknown(f"speaks of axis {dim} of {rank}")
    return dim % rank


def _reduced(kind: type[Layer], **named: Any) -> Handler:
    def handler(site: Site) -> Tensor:
        axes = site.argument(1, "axis")
        x = site.flow()
        dims = range(x.ndim) if axes is None else site.config.integers(axes, "axis")

        def layer(numbers: tuple[int, ...], keep: bool) -> Layer:
            return kind(numbers, keepdims=keep, **named)

        keep = bool(site.config.get("keepdims", False))
        return site.given(reduced(site, layer, x, [_dim(dim, x.ndim) for dim in dims], keep, site.word))

    return handler


def _transpose(site: Site) -> Tensor:
    x = site.flow()
    axes = site.argument(1, "axes")
    order = site.config.integers(axes, "axes") if axes else tuple(reversed(range(x.ndim)))
    return site.given(permuted(site, x, [_dim(axis, x.ndim) for axis in order], site.word))


def _swap(site: Site) -> Tensor:
    x = site.flow()
    one, two = (_dim(site.config.number(name), x.ndim) for name in ("axis1", "axis2"))
    order = list(range(x.ndim))
    order[one], order[two] = order[two], order[one]
    return site.given(permuted(site, x, order, site.word))


def _concatenate(site: Site) -> Tensor:
    return concatenated(site, site.joined, _axes(site, -1)[0])


def _stack(site: Site) -> Tensor:
    flows = [site.flow(tensor) for tensor in site.joined]
    axis = _dim(_axes(site, 0)[0], flows[0].ndim + 1)
    return site.given(stacked(site, flows, axis, site.word))


def _expand(site: Site) -> Tensor:
    x, axes = site.flow(), _axes(site)
    for axis in sorted(_dim(axis, x.ndim + len(axes)) for axis in axes):
        x = unsqueezed(site, x, axis, site.word)
    return site.given(x)


def _squeeze(site: Site) -> Tensor:
    x = site.flow()
    axes = [_dim(axis, x.ndim) for axis in _axes(site)]
    for axis in axes:
        site.suppose(Eq(x.sizes[axis], integer(1)))
    return site.given(squeezed(site, x, axes, site.word, required=True))


def _matmul(site: Site) -> Tensor:
    one, two = map(site.flow, site.only(2))
    return site.given(multiplied(site, one, two, site.word))


def _einsum(site: Site) -> Tensor:
    flows = [site.flow(tensor) for tensor in site.joined]
    return site.given(einsum(site, site.config.word("subscripts"), flows, site.word))


def _tile(site: Site) -> Tensor:
    x = site.flow()
    repeats = site.config.integers(site.argument(1, "repeats"), "repeats")
    if min(repeats) < 1:
        raise Unknown("repeats an axis no time")
    times = (*(1,) * (x.ndim - len(repeats)), *repeats)
    tiled = repeated(site, x, [integer(count) for count in times], site.word)
    return site.given(tiled) if max(repeats) > 1 else site.put(Activation, "linear")


def _resize(site: Site) -> Tensor:
    size = site.config.integers(site.argument(1, "size"), "size")
    mode = site.config.word("interpolation", "bilinear")
    tensor = site.image(data_format=site.config.word("data_format") or None)
    return site.put(Resize, size[:1] if len(set(size)) == 1 else size, to=tensor, mode=mode)


#: Elementwise operations that no other framework has; the common ones are in the table of activations.
_FURTHER = (
    "Absolute", "Clip", "Elu", "Erfc", "Erfinv", "Exp2", "LeakyRelu", "Normalize", "OnesLike", "Relu", "Relu6", "SparsePlus",
    "SparseSigmoid", "Sparsemax", "Squareplus", "Threshold", "ZerosLike",
)  # fmt: skip


def _class_name(function: str) -> str:
    """The class of an operation: ``LogSigmoid`` of ``keras.ops.log_sigmoid``."""
    return "".join(part.capitalize() for part in function.split("_"))


_NOTHING = ("Cast", "Copy", "StopGradient", "SaturateCast", "ConvertToTensor")
_COMBINED = (
    "Arctan2", "Equal", "FloorDivide", "Greater", "GreaterEqual", "Heaviside", "Hypot", "Less", "LessEqual",
    "LogicalAnd", "LogicalOr", "LogicalXor", "Mod", "NotEqual", "Power",
)  # fmt: skip

OPERATIONS: dict[str, Handler] = {
    **{_class_name(name): _function for name in names_by_framework(KERAS) if name[0].islower()},
    **dict.fromkeys(_FURTHER, _function),
    **dict.fromkeys(_NOTHING, _nothing),
    **{name: _combined(Combine, function=name.lower()) for name in _COMBINED},
    "Softmax": _softmax,
    "LogSoftmax": _softmax,
    "Add": _combined(Add, lambda number, _: (1, number)),
    "Subtract": _combined(Subtract, lambda number, second: (1, -number) if second else (-1, number)),
    "Multiply": _combined(Multiply, lambda number, _: (number, None)),
    "Divide": _combined(Combine, _divided, function="divide"),
    "TrueDivide": _combined(Combine, _divided, function="divide"),
    "Maximum": _combined(Maximum),
    "Minimum": _combined(Minimum),
    "Mean": _reduced(Mean),
    "Sum": _reduced(Sum),
    "Max": _reduced(Max),
    "Amax": _reduced(Max),
    "Min": _reduced(Min),
    "Amin": _reduced(Min),
    "Prod": _reduced(Prod),
    **{name: _reduced(Reduce, function=name.lower()) for name in ("All", "Any", "Logsumexp", "Median", "Std", "Var")},
    **PARTS,
    "Transpose": _transpose,
    "Swapaxes": _swap,
    "Concatenate": _concatenate,
    "Stack": _stack,
    "ExpandDims": _expand,
    "Squeeze": _squeeze,
    "Matmul": _matmul,
    "Einsum": _einsum,
    "Tile": _tile,
    "Resize": _resize,
}
