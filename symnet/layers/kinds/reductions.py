"""Reductions: one number for all entries along some sizes."""

from __future__ import annotations

from symnet.layers.declaration.axes import ANY, indices_of_axes, origins, same_axes
from symnet.layers.declaration.base import Applied, Example, Layer, layer
from symnet.layers.declaration.fields import REQUIRED, Sizes, flag, sizes, words
from symnet.layers.declaration.shape import Shape
from symnet.terms.term import integer

__all__ = ["Max", "Mean", "Min", "Prod", "Reduce", "Reduction", "Sum"]


@layer
class Reduction(Layer):
    """The base of reductions: the sizes ``axis`` (all if not set) are removed, or become 1 with ``keepdims``."""

    axis: Sizes | None = sizes(
        "", "which sizes: 1 is the first, −1 the last", "axes", "dim", default=None, least=ANY, most=8
    )
    keepdims: bool = flag("a size that is reduced stays, as 1", "keepdim", default=False)

    def removed_indices(self, shape: Shape) -> tuple[int, ...]:
        """The indices of the sizes that are reduced."""
        return tuple(range(len(shape.dims))) if self.axis is None else indices_of_axes(self.axis, len(shape.dims))

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        rank, removed = range(len(shape.dims)), self.removed_indices(shape)
        if self.keepdims:
            dims = tuple(integer(1) if index in removed else size for index, size in enumerate(shape.dims))
            output, from_index = shape.new(dims, shape.layout), [None if index in removed else index for index in rank]
        else:
            from_index = [index for index in rank if index not in removed]
            output = shape.new(tuple(size for index, size in enumerate(shape.dims) if index not in removed))
        return Applied(output, same_axes(output), origins=origins(shape, output, from_index))


@layer
class Mean(Reduction):
    """The mean along some sizes: (C, H, W) with ``axis=2*3`` becomes (C,).

    >>> Mean((2, 3)).notation
    'Mean|2*3'
    """

    kind = "Mean"
    prefix = "mean"
    aliases = {"reducemean": {}}
    sources = ("Keras, keras.ops.mean", "PyTorch, torch.mean", "ONNX, ReduceMean")
    examples = (
        Example("Mean|2*3", "(1280*7*7)", "(1280)", 0, "torchvision, MobileNetV2 as first published: x.mean([2, 3])"),
        Example("Mean|2*3|keepdims=yes", "(1280*7*7)", "(1280*1*1)", 0, "PyTorch, torch.mean with keepdim=True"),
    )


@layer
class Sum(Reduction):
    """The sum along some sizes. Sizes as :class:`Mean`.

    >>> Sum(-1).notation
    'Sum|(-1)'
    """

    kind = "Sum"
    prefix = "sum"
    aliases = {"reducesum": {}}
    sources = ("Keras, keras.ops.sum", "PyTorch, torch.sum", "ONNX, ReduceSum")
    examples = (Example("Sum|1", "(16, 256)", "(256)", 0, "the sum over all steps of a sequence"),)


@layer
class Max(Reduction):
    """The largest number along some sizes. Sizes as :class:`Mean`.

    >>> Max(1).notation
    'Max|1'
    """

    kind = "Max"
    prefix = "max"
    aliases = {"reducemax": {}, "amax": {}}
    sources = ("Keras, keras.ops.max", "PyTorch, torch.amax", "ONNX, ReduceMax")
    examples = (Example("Max|1", "(16, 256)", "(256)", 0, "the largest over all steps of a sequence"),)


@layer
class Min(Reduction):
    """The smallest number along some sizes. Sizes as :class:`Mean`.

    >>> Min(-1).notation
    'Min|(-1)'
    """

    kind = "Min"
    prefix = "min"
    aliases = {"reducemin": {}, "amin": {}}
    sources = ("Keras, keras.ops.min", "PyTorch, torch.amin", "ONNX, ReduceMin")
    examples = (
        Example(
            "Min|(-1)", "HWC:2x2x2", "HWC:2x2", 0, "the lecture notes' clipping: K.min(result, -1), (2, 2, 2) to (2, 2)"
        ),
    )


@layer
class Prod(Reduction):
    """The product along some sizes. Sizes as :class:`Mean`.

    >>> Prod(1).notation
    'Prod|1'
    """

    kind = "Prod"
    prefix = "prod"
    aliases = {"reduceprod": {}}
    sources = ("Keras, keras.ops.prod", "PyTorch, torch.prod", "ONNX, ReduceProd")
    examples = (Example("Prod|1", "(16, 256)", "(256)", 0, "the product over all steps of a sequence"),)


@layer
class Reduce(Reduction):
    """Any other number for all entries along some sizes: argmax, l2, logsumexp, … Sizes as :class:`Mean`.

    >>> Reduce((2, 3), function="l2").notation
    'Reduce|2*3|function="l2"'
    """

    kind = "Reduce"
    prefix = "reduce"
    aliases = {name: {"function": name} for name in ("argmax", "argmin", "logsumexp")}
    sources = ("ONNX, ReduceL2, ReduceLogSumExp, ArgMax", "PyTorch, torch.linalg.vector_norm, torch.argmax")
    examples = (Example("ArgMax|1", "(21*520*520)", "(520*520)", 0, "the class of each pixel"),)

    function: str = words("which one", default=REQUIRED)
