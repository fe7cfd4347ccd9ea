"""Arrays that a network holds and uses as tensors: what other layers then add, multiply or look into."""

from __future__ import annotations

from symnet.layers.declaration.axes import same_axes
from symnet.layers.declaration.base import ZERO, Applied, Example, Layer, Weight, layer, product
from symnet.layers.declaration.fields import Sizes, choice, flag, sizes
from symnet.layers.declaration.shape import CHANNELS_FIRST, CHANNELS_LAST, SEQUENCE, VECTOR, Shape

__all__ = ["Parameter"]


@layer
class Parameter(Layer):
    """An array of trained numbers as a tensor of its own, the same for the whole batch.

    A join brings it together with the rest. ``fixed=yes`` (or ``Constant``) is an array that is given: its numbers are no parameters.

    >>> Parameter((1, 768)).notation
    'Parameter|1*768'
    """

    kind = "Parameter"
    prefix = "parameter"
    reads = (0, 0)
    gathers = "shape"
    aliases = {"constant": {"fixed": True}, "buffer": {"fixed": True}}
    sources = ("PyTorch, torch.nn.Parameter", "ONNX, an initializer that is an operand", "Keras, Layer.add_weight")
    examples = (
        Example("Parameter|1*768", "(196*768)", "(1*768)", 768, "torchvision, vit_b_16: class_token"),
        Example("Constant|96*1*1", "(96*7*7)", "(96*1*1)", 0, "given numbers are no parameters"),
    )

    shape: Sizes = sizes("", "its sizes, the batch left out", most=8)
    fixed: bool = flag("its numbers are given, and are no parameters", default=False)
    layout: str | None = choice(
        "where the channels stand", CHANNELS_FIRST, CHANNELS_LAST, SEQUENCE, VECTOR, default=None
    )

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        shape = Shape(self.shape, self.layout or (VECTOR if len(self.shape) == 1 else CHANNELS_FIRST))
        origins = (None,) * len(shape.axis_indices)
        if self.fixed:
            return Applied(shape, same_axes(shape), (), ZERO, origins=origins)
        return Applied(shape, same_axes(shape), (Weight("array", self.shape),), product(*self.shape), origins=origins)
