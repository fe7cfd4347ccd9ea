"""Follows a constant that is added to a layer's output through a network in training, whatever the data are.

The constant may differ between entries of a tensor but not between examples, as a bias is one number for each channel. It is
described by the axes along which it varies. A normalization removes it if it is the same along all axes that the mean is taken
over; a linear layer turns it into another constant; where the result depends on the data, it changes the output (``SEEN``).

>>> from symnet.facts.constants import SEEN, TAKEN_AWAY
>>> SEEN, TAKEN_AWAY
(<Fate.SEEN: 'seen'>, <Fate.TAKEN_AWAY: 'taken away'>)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from symnet.layers.declaration.axes import index_of_axis, index_or_channels, indices_of_axes
from symnet.layers.declaration.base import Layer
from symnet.layers.declaration.fields import Sizes
from symnet.layers.declaration.rationals import rational
from symnet.layers.declaration.shape import Shape
from symnet.layers.kinds.convolution import Conv, Depthwise, SeparableConv
from symnet.layers.kinds.dense import Dense
from symnet.layers.kinds.elementwise import Activation, Dropout, Scale
from symnet.layers.kinds.joins import Concat, Crop
from symnet.layers.kinds.merges import Add, Average, Subtract
from symnet.layers.kinds.normalization import BatchNorm, GroupNorm, InstanceNorm, LayerNorm
from symnet.layers.kinds.pooling import (
    AdaptiveAvgPool,
    AdaptiveMaxPool,
    AvgPool,
    GlobalAvgPool,
    GlobalMaxPool,
    MaxPool,
)
from symnet.layers.kinds.reductions import Max, Mean, Min, Reduction, Sum
from symnet.layers.kinds.rescaling import Normalization, Rescaling
from symnet.layers.kinds.reshaping import ExpandDims, Flatten, Layout, Permute, Repeat, Reshape, Squeeze
from symnet.layers.kinds.slicing import Slice, Split, Take
from symnet.layers.kinds.spatial import Cropping, Resize, Upsample, ZeroPad
from symnet.layers.kinds.transposed import Deconv
from symnet.layers.laws.padding import VALID, Padding

__all__ = ["SEEN", "TAKEN_AWAY", "Constant", "Fate", "after", "bias_of"]


class Fate(Enum):
    """The fate of an added constant in a layer: it changes the output, or a normalization removed it."""

    SEEN = "seen"
    TAKEN_AWAY = "taken away"


SEEN, TAKEN_AWAY = Fate.SEEN, Fate.TAKEN_AWAY

#: The indices of the axes along which a constant varies, or its fate if it is no longer a constant.
Constant = frozenset[int] | Fate


def bias_of(layer: Layer, output: Shape) -> Constant:
    """The bias of a layer as a constant on its output; ``SEEN`` for a layer whose bias is not simply added to it."""
    if getattr(layer, "activation", None) or not output.dims:
        return SEEN
    if isinstance(layer, Dense):
        return _plain({len(output.dims) - 1}, output)
    if isinstance(layer, Conv | Depthwise | SeparableConv | Deconv):
        return _plain({output.channel_index}, output)
    return SEEN


def after(layer: Layer, inputs: tuple[Shape, ...], output: Shape, added: Mapping[int, frozenset[int]]) -> Constant:
    """Returns what a layer makes of constants on its inputs. ``added`` maps the number of an input to its constant."""
    if any(token.startswith("output:") for token in (layer.penalties or "").split()):
        return SEEN  # a penalty on the output depends on the constant
    handler = _HANDLERS.get(type(layer))
    if isinstance(layer, Crop) and 0 not in added:
        return TAKEN_AWAY  # only the sizes of the second input matter
    if handler is None or (len(inputs) > 1 and not isinstance(layer, _JOINS)):
        return SEEN
    joins = isinstance(layer, _JOINS)  # only they read their inputs at the output's axes
    axes = frozenset[int]().union(
        *(_aligned(one, inputs[number], output) if joins else one for number, one in added.items())
    )
    result = handler(layer, inputs[0], output, axes)
    if getattr(layer, "activation", None) and isinstance(result, frozenset):
        return SEEN
    return _plain(result, output) if isinstance(result, frozenset) else result


def _plain(axes: set[int] | frozenset[int], shape: Shape) -> frozenset[int]:
    """The axes without those of size 1, along which nothing varies."""
    return frozenset(axis for axis in axes if shape.dims[axis].constant != 1)


def _aligned(axes: frozenset[int], shape: Shape, output: Shape) -> frozenset[int]:
    """The axes as axes of the output: a tensor with fewer axes is aligned at the last ones, as in broadcasting."""
    missing = max(len(output.dims) - len(shape.dims), 0)
    return axes if not missing or shape.dims == output.dims else frozenset(axis + missing for axis in axes)


# ---- normalization ------------------------------------------------------------------------------------------------------


def _centred(changes: bool) -> Constant:
    """The fate of a constant when a mean is subtracted: it is removed unless it varies (``changes``) along the mean's axes."""
    return SEEN if changes else TAKEN_AWAY


def _batch_norm(layer: BatchNorm, before: Shape, after: Shape, axes: frozenset[int]) -> Constant:
    axis = index_or_channels(layer.axis, before)
    if layer.fixed or layer.framework == "onnx" or (layer.frozen and layer.framework != "torch"):
        return axes | {axis}  # the statistics are not the batch's: the layer is a factor and an offset for each channel
    return _centred(bool(axes - {axis}))


def _layer_norm(layer: LayerNorm, before: Shape, after: Shape, axes: frozenset[int]) -> Constant:
    return _centred(bool(axes & set(indices_of_axes(layer.axis, len(before.dims)))))


def _group_norm(layer: GroupNorm, before: Shape, after: Shape, axes: frozenset[int]) -> Constant:
    alone = layer.groups.constant is not None and layer.groups.constant == before.channels.constant
    return _centred(bool(axes - ({before.channel_index} if alone else set())))


def _instance_norm(layer: InstanceNorm, before: Shape, after: Shape, axes: frozenset[int]) -> Constant:
    return _centred(bool(axes - {before.channel_index}) or len(before.dims) < 2)


def _activation(layer: Activation, before: Shape, after: Shape, axes: frozenset[int]) -> Constant:
    if layer.function in ("identity", "linear"):
        return axes
    if layer.function in ("softmax", "logsoftmax", "log_softmax", "softmin") and before.dims:
        axis = index_or_channels(layer.axis, before)
        last = len(before.dims) - 1
        # without an axis softmax takes the channels or the last axis: both must do
        return _centred(bool(axes & ({axis} if layer.axis is not None else {axis, last})))
    return SEEN


# ---- linear layers ------------------------------------------------------------------------------------------------------


def _same(layer: Layer, before: Shape, after: Shape, axes: frozenset[int]) -> Constant:
    return axes


def _dropout(layer: Dropout, before: Shape, after: Shape, axes: frozenset[int]) -> Constant:
    return axes if layer.rate is not None and rational(layer.rate, "rate") == 0 else SEEN


def _padded(padding: Padding, shape: Shape, kernel: Sizes = ()) -> frozenset[int]:
    """The axes that get padded. A kernel of size 1 needs no SAME or causal padding."""
    if padding.mode != VALID and not padding.pairs:
        ones = kernel and all(size.constant == 1 for size in kernel)
        return frozenset() if ones else frozenset(shape.axis_indices)
    return frozenset(
        axis
        for number, axis in enumerate(shape.axis_indices)
        if any(amount.constant != 0 for amount in padding.amounts(number))
    )


def _convolution(layer: Any, before: Shape, after: Shape, axes: frozenset[int]) -> Constant:
    """At the edge a window covers zeros in place of the constant, so the result varies along padded axes."""
    ones = all(size.constant == 1 for size in (*layer.kernel, *layer.stride))
    if isinstance(layer, Deconv) and not ones:
        return axes | {after.channel_index} | set(after.axis_indices)
    return axes | {after.channel_index} | _padded(layer.padding, before, layer.kernel)


def _dense(layer: Dense, before: Shape, after: Shape, axes: frozenset[int]) -> Constant:
    return frozenset((0,)) if len(after.dims) == 1 else axes | {len(after.dims) - 1}


def _scale(layer: Scale, before: Shape, after: Shape, axes: frozenset[int]) -> Constant:
    return axes | {before.channel_index}


def _known_statistics(layer: Normalization, before: Shape, after: Shape, axes: frozenset[int]) -> Constant:
    return axes | set(indices_of_axes(layer.axis, len(before.dims)))


# ---- pooling and reductions ---------------------------------------------------------------------------------------------


def _max_pool(layer: Any, before: Shape, after: Shape, axes: frozenset[int]) -> Constant:
    """Adding a constant commutes with the maximum if it is the same in the whole window."""
    return SEEN if axes - {before.channel_index} else axes


def _average_pool(layer: AvgPool, before: Shape, after: Shape, axes: frozenset[int]) -> Constant:
    """Padding zeros count in PyTorch, but not in Keras with SAME; a window past the end averages what it covers in PyTorch."""
    padded = _padded(layer.padding, before, layer.kernel)
    if layer.framework in ("keras", "tensorflow") and not layer.padding.pairs:
        padded = frozenset()
    beyond = layer.ceil_mode and layer.framework != "torch"
    return axes | padded | (set(before.axis_indices) if beyond else set())


def _global_pool(layer: GlobalAvgPool | GlobalMaxPool, before: Shape, after: Shape, axes: frozenset[int]) -> Constant:
    if isinstance(layer, GlobalMaxPool) and axes - {before.channel_index}:
        return SEEN
    return frozenset((after.channel_index,)) if before.channel_index in axes else frozenset()


def _reduction(layer: Reduction, before: Shape, after: Shape, axes: frozenset[int]) -> Constant:
    gone = layer.removed_indices(before)
    if isinstance(layer, Max | Min) and axes & set(gone):
        return SEEN
    if layer.keepdims:
        return axes - set(gone)
    kept = [axis for axis in range(len(before.dims)) if axis not in gone]
    return frozenset(kept.index(axis) for axis in axes if axis not in gone)


# ---- moving numbers -----------------------------------------------------------------------------------------------------


def _reshape(layer: Layer, before: Shape, after: Shape, axes: frozenset[int]) -> Constant:
    """Axes are grouped so that each group has the same product before and after; within a group the constant may vary."""
    if not axes:
        return axes
    changes: set[int] = set()
    left, right = list(range(len(before.dims))), list(range(len(after.dims)))
    while left or right:
        one, two = [left.pop(0)] if left else [], [right.pop(0)] if right else []
        while (left or right) and not _same_number(before, one, after, two):
            if right and (not left or _smaller(after, two, before, one)):
                two.append(right.pop(0))
            elif left:
                one.append(left.pop(0))
        if axes & set(one):
            changes |= set(two)
    return frozenset(changes)


def _same_number(before: Shape, one: list[int], after: Shape, two: list[int]) -> bool:
    first, second = _entries(before, one), _entries(after, two)
    if first is None or second is None:
        return len(one) == len(two) == 1 and before.dims[one[0]] is after.dims[two[0]]
    return first == second


def _smaller(one: Shape, ones: list[int], two: Shape, twos: list[int]) -> bool:
    first, second = _entries(one, ones), _entries(two, twos)
    return first is None or second is None or first < second


def _entries(shape: Shape, axes: list[int]) -> int | None:
    entries = 1
    for axis in axes:
        size = shape.dims[axis].constant
        if size is None:
            return None
        entries *= size
    return entries


def _permute(layer: Permute, before: Shape, after: Shape, axes: frozenset[int]) -> Constant:
    order = indices_of_axes(layer.order, len(before.dims))
    return frozenset(position for position, axis in enumerate(order) if axis in axes)


def _layout(layer: Layout, before: Shape, after: Shape, axes: frozenset[int]) -> Constant:
    """Returns the constant with the channels at their new position."""
    moved = {before.channel_index: after.channel_index}
    moved.update(zip(before.axis_indices, after.axis_indices, strict=True))
    return frozenset(moved[axis] for axis in axes)


def _expand(layer: ExpandDims, before: Shape, after: Shape, axes: frozenset[int]) -> Constant:
    new = index_of_axis(layer.axis, len(after.dims))
    return frozenset(axis + (axis >= new) for axis in axes)


def _squeeze(layer: Squeeze, before: Shape, after: Shape, axes: frozenset[int]) -> Constant:
    if layer.axis is None:
        gone = [axis for axis, size in enumerate(before.dims) if size.constant == 1]
    else:
        gone = list(indices_of_axes(layer.axis, len(before.dims)))
    kept = [axis for axis in range(len(before.dims)) if axis not in gone]
    return frozenset(kept.index(axis) for axis in axes if axis in kept) if len(kept) == len(after.dims) else SEEN


def _repeat(layer: Repeat, before: Shape, after: Shape, axes: frozenset[int]) -> Constant:
    return axes if len(before.dims) == len(after.dims) else frozenset(axis + 1 for axis in axes)


def _zero_pad(layer: ZeroPad, before: Shape, after: Shape, axes: frozenset[int]) -> Constant:
    """Padding with zeros or a number has no bias in it; padding with copies of entries has."""
    return axes | _padded(layer.padding, before) if layer.mode in ("zeros", "constant") else axes


def _concat(layer: Concat, before: Shape, after: Shape, axes: frozenset[int]) -> Constant:
    return axes | {index_or_channels(layer.axis, before)}


#: What each kind of layer makes of a constant; a kind whose result depends on the data is missing.
_HANDLERS: dict[type[Layer], Callable[[Any, Shape, Shape, frozenset[int]], Constant]] = {
    BatchNorm: _batch_norm, LayerNorm: _layer_norm, GroupNorm: _group_norm, InstanceNorm: _instance_norm,
    Activation: _activation, Dropout: _dropout, Conv: _convolution, Depthwise: _convolution,
    SeparableConv: _convolution, Deconv: _convolution, Dense: _dense, Scale: _scale, Rescaling: _same,
    Normalization: _known_statistics, MaxPool: _max_pool, AvgPool: _average_pool, GlobalAvgPool: _global_pool,
    GlobalMaxPool: _global_pool, AdaptiveAvgPool: _same, AdaptiveMaxPool: _max_pool, Mean: _reduction, Sum: _reduction,
    Max: _reduction, Min: _reduction, Flatten: _reshape, Reshape: _reshape, Permute: _permute, Layout: _layout,
    ExpandDims: _expand, Squeeze: _squeeze, Repeat: _repeat, Slice: _same, Split: _same, Take: _same,
    Cropping: _same, ZeroPad: _zero_pad, Upsample: _same, Resize: _same, Add: _same, Subtract: _same, Average: _same,
    Concat: _concat, Crop: _same,
}  # fmt: skip

#: The layers with several inputs that turn constants into constants.
_JOINS = (Add, Subtract, Average, Concat, Crop)
