"""Normalization with constant numbers, or with statistics taken from the data before training."""

from __future__ import annotations

from symnet.layers.declaration.axes import ANY, indices_of_axes, same_axes
from symnet.layers.declaration.base import Applied, Example, Layer, Weight, layer, product
from symnet.layers.declaration.fields import Sizes, count, flag, number, sizes
from symnet.layers.declaration.shape import Shape
from symnet.terms.term import Term, integer

__all__ = ["LocalResponseNorm", "Normalization", "Rescaling"]


@layer
class Rescaling(Layer):
    """Every number times ``scale`` plus ``offset``, both given: no parameters.

    >>> Rescaling("0.5").notation
    'Rescaling|0.5'
    """

    kind = "Rescaling"
    prefix = "rescaling"
    sources = ("Keras, keras.layers.Rescaling",)
    examples = (
        Example(
            "Rescaling|0.0039", "HWC:224x224x3", "HWC:224x224x3", 0, "keras.applications.EfficientNetB0's first layer"
        ),
    )

    scale: str | None = number("the factor", kw_only=False)
    offset: str | None = number("what is added", kw_only=False)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        return Applied(inputs[0], same_axes(inputs[0]))


@layer
class LocalResponseNorm(Layer):
    """Each number is divided by a mean over ``channels`` neighbouring channels. Neither sizes nor parameters change.

    >>> LocalResponseNorm(7).notation
    'LRN|7'
    """

    kind = "LRN"
    prefix = "lrn"
    aliases = {"localresponsenorm": {}, "localresponsenormalization": {}}
    sources = ("Krizhevsky et al. 2012, section 3.3", "PyTorch, torch.nn.LocalResponseNorm")
    examples = (Example("LRN|5", "(96*55*55)", "(96*55*55)", 0, "Krizhevsky et al. 2012: n = 5"),)

    channels: Term = count("n", "how many channels", "n", "size", default=5)
    alpha: str | None = number("the factor of the mean square")
    beta: str | None = number("the exponent")
    bias: str | None = number("what is added", "k")

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        return Applied(shape, same_axes(shape))


@layer
class Normalization(Layer):
    """The input's own mean and variance, taken from the data before training.

    2 numbers for each entry of the sizes ``axis``, and how many were seen; none of them is trained. Sizes do not
    change.

    >>> Normalization().notation
    'Normalization'
    """

    kind = "Normalization"
    prefix = "normalization"
    sources = ("Keras, keras.layers.Normalization",)
    examples = (
        Example(
            "Normalization", "HWC:224x224x3", "HWC:224x224x3", 7, "keras.applications.EfficientNetB0's second layer"
        ),
    )

    axis: Sizes = sizes("", "which sizes have statistics", "axes", default=-1, least=ANY, most=8)
    known: bool = flag("mean and variance are given, and are no weights", default=False)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        over = tuple(shape.dims[index] for index in sorted(indices_of_axes(self.axis, len(shape.dims))))
        if self.known:
            return Applied(shape, same_axes(shape))
        weights = tuple(Weight(name, over, trainable=False) for name in ("mean", "variance"))
        parameters = product(integer(2), *over) + 1
        return Applied(shape, same_axes(shape), (*weights, Weight("count", (), trainable=False)), parameters)
