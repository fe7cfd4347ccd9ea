"""Layers on every step of a sequence (TimeDistributed), or on rows that are merged with the batch: the same layer with
one more axis, along which it does nothing. Handlers see tensors without that axis; layers are placed with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from symnet.errors import LayerError
from symnet.frontends.building import Tensor
from symnet.layers.declaration.base import Layer, per_axis
from symnet.layers.declaration.shape import CHANNELS_FIRST, CHANNELS_LAST, VECTOR, Shape
from symnet.layers.kinds.convolution import Conv, Depthwise, SeparableConv
from symnet.layers.kinds.dense import Dense
from symnet.layers.kinds.elementwise import Activation, Dropout
from symnet.layers.kinds.joins import Concat
from symnet.layers.kinds.merges import Elementwise
from symnet.layers.kinds.normalization import BatchNorm, LayerNorm
from symnet.layers.kinds.pooling import AvgPool, GlobalAvgPool, GlobalMaxPool, MaxPool
from symnet.layers.kinds.reductions import Max, Mean
from symnet.layers.kinds.rescaling import Rescaling
from symnet.layers.kinds.reshaping import Flatten, Reshape
from symnet.layers.kinds.spatial import Cropping, Upsample, ZeroPad
from symnet.layers.laws.padding import EXPLICIT, Padding
from symnet.terms.term import Term, integer

__all__ = ["Steps"]

ONE = integer(1)


class Steps:
    """Tensors with and without the axis of steps. Raises :class:`LayerError` for a layer that has no form with that
    axis.
    """

    def __init__(self) -> None:
        self._whole: dict[int, Shape] = {}

    def inside(self, tensor: Tensor) -> Tensor:
        """One step of ``tensor``."""
        shape = tensor.shape
        if len(shape.dims) < 2 or shape.layout == CHANNELS_FIRST:
            raise LayerError(
                "works on every step of a sequence: its sizes are the steps, then the others, channels last"
            )
        self._whole[tensor.place] = shape
        layout = VECTOR if len(shape.dims) == 2 else CHANNELS_LAST
        return Tensor(tensor.place, Shape(shape.dims[1:], layout, CHANNELS_LAST))

    def has(self, tensor: Tensor) -> bool:
        """Whether a tensor is one step of a tensor of the network."""
        whole = self._whole.get(tensor.place)
        return whole is not None and len(tensor.shape.dims) == len(whole.dims) - 1

    def sizes(self, tensor: Tensor) -> tuple[Term, ...]:
        """The number of steps (1 for a tensor that is not a step), followed by the sizes of one step."""
        return (self._whole[tensor.place].dims[0] if self.has(tensor) else ONE, *tensor.shape.dims)

    def outside(self, tensor: Tensor) -> Tensor:
        """The tensor of the network of which ``tensor`` is one step."""
        return Tensor(tensor.place, self._whole[tensor.place])

    def layer(self, layer: Layer, inputs: Sequence[Tensor]) -> Layer:
        """The form of ``layer`` for all steps, where it was made for one step of ``inputs``."""
        for kinds, form in _FORMS:
            if isinstance(layer, kinds):
                whole: Layer = form(layer, inputs[0].shape, self._whole[inputs[0].place].dims[0])
                return whole
        raise LayerError(f"{layer.kind} on every step has no form in symnet")


_Form = Callable[[Any, Shape, Term], Any]


def _window(layer: Any, shape: Shape, _: Term) -> Any:
    axes = len(shape.axes)
    stride = getattr(layer, "steps", layer.stride)
    given = {"kernel": layer.kernel, "stride": stride, "dilation": layer.dilation}
    longer = {name: (ONE, *per_axis(sizes, axes, name)) for name, sizes in given.items()}
    return replace(layer, **longer)


def _factor(layer: Any, shape: Shape, _: Term) -> Any:
    return replace(layer, factor=(ONE, *per_axis(layer.factor, len(shape.axes), "factor")))


def _amounts(field: str) -> _Form:
    def form(layer: Any, shape: Shape, _: Term) -> Any:
        given: Padding = getattr(layer, field)
        pairs = tuple(given.amounts(axis) for axis in range(len(shape.axes)))
        nothing = (integer(0), integer(0))
        return replace(layer, **{field: Padding(EXPLICIT, (nothing, *pairs))})

    return form


def _pooled(kind: Callable[..., Layer]) -> _Form:
    def form(layer: Any, shape: Shape, _: Term) -> Any:
        axes = tuple(range(2, len(shape.axes) + 2))
        return kind(axes, keepdims=bool(layer.keepdims), name=layer.name, framework=layer.framework)

    return form


def _axis(layer: Any, _: Shape, __: Term) -> Any:
    """The layer with its axis numbers shifted by one if they are positive."""
    axes = layer.axis if isinstance(layer.axis, tuple) else (layer.axis,)
    if axes == (None,):
        return layer
    later = tuple(integer(axis.constant + (axis.constant > 0)) for axis in axes)
    return replace(layer, axis=later if isinstance(layer.axis, tuple) else later[0])


def _same(layer: Layer, _: Shape, __: Term) -> Any:
    return layer


def _flatten(layer: Any, _: Shape, __: Term) -> Any:
    return Flatten(start_dim=2, name=layer.name, framework=layer.framework)


def _reshape(layer: Any, _: Shape, steps: Term) -> Any:
    return Reshape((steps, *layer.target), name=layer.name, framework=layer.framework)


_FORMS: tuple[tuple[tuple[type[Layer], ...], _Form], ...] = (
    ((Conv, Depthwise, SeparableConv, MaxPool, AvgPool), _window),
    ((GlobalAvgPool,), _pooled(Mean)),
    ((GlobalMaxPool,), _pooled(Max)),
    ((Upsample,), _factor),
    ((ZeroPad,), _amounts("padding")),
    ((Cropping,), _amounts("cropping")),
    ((Activation, BatchNorm, LayerNorm, Concat), _axis),
    ((Flatten,), _flatten),
    ((Reshape,), _reshape),
    ((Dense, Dropout, Rescaling, Elementwise), _same),
)
