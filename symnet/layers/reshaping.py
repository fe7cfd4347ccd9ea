"""Layers that only arrange the same numbers anew."""

from __future__ import annotations

from dataclasses import dataclass

from symnet.errors import LayerError
from symnet.kernel.propositions import Eq
from symnet.layers.base import Applied, Condition, Example, Layer, product
from symnet.layers.fields import Sizes, sizes
from symnet.layers.shape import CHANNELS_FIRST, CHANNELS_LAST, SEQUENCE, VECTOR, Shape

__all__ = ["Flatten", "Reshape"]


@dataclass(frozen=True)
class Flatten(Layer):
    """All numbers in one row: (C, H, W) becomes (C·H·W,).

    >>> Flatten().notation
    'Flatten'
    """

    kind = "Flatten"
    prefix = "flatten"
    sources = ("Keras, keras.layers.Flatten",)
    examples = (Example("Flatten", "HWC:5x5x64", "(1600)", 0, "the lecture notes' flappy-bird DQN"),)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        return Applied(Shape((product(*inputs[0].dims),), VECTOR))


@dataclass(frozen=True)
class Reshape(Layer):
    """The same numbers in another shape, written in the network's data format; their number must be the same.

    >>> Reshape((1, 1, 1024)).notation
    'Reshape|1*1*1024'
    """

    kind = "Reshape"
    prefix = "reshape"
    sources = ("Keras, keras.layers.Reshape",)
    examples = (Example("Reshape|64*5*5", "1600", "(64*5*5)", 0, "the flatten of the flappy-bird DQN, undone"),)

    target: Sizes = sizes("", "the new shape", "shape", "target_shape")

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        layout = VECTOR if len(self.target) == 1 else CHANNELS_FIRST if shape.layout == VECTOR else shape.layout
        if layout == SEQUENCE and len(self.target) != 2:
            layout = CHANNELS_LAST
        if not self.target:
            raise LayerError("the new shape is empty")
        before, after = product(*shape.dims), product(*self.target)
        same = Condition(Eq(before, after), "a reshape keeps the number of entries")
        return Applied(Shape(self.target, layout), (None,) * (len(self.target) - 1), conditions=(same,))
