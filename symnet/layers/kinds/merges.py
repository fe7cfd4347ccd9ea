"""Joins number by number: sums, products, means, the larger, the smaller."""

from __future__ import annotations

from typing import ClassVar

from symnet.layers.declaration.axes import same_axes
from symnet.layers.declaration.base import Applied, Condition, Example, Layer, Origin, layer
from symnet.layers.declaration.fields import REQUIRED, flag, words
from symnet.layers.declaration.shape import Shape
from symnet.layers.kinds.joins import joined, size_name
from symnet.terms.propositions import Eq
from symnet.terms.term import Term

__all__ = ["Add", "Average", "Combine", "Elementwise", "Maximum", "Minimum", "Multiply", "Subtract"]


@layer
class Elementwise(Layer):
    """The base of joins entry by entry: all sizes must be equal, and a size 1 is broadcast to the others'.

    Only a 1 that is there for every input of the network is broadcast: channels, sums with ``keepdims``, global and
    adaptive pooling. A size that depends on the input and happens to be 1 for this input is broadcast with ``stretch``
    alone; the closed forms then hold for the inputs for which it is 1. Else :class:`symnet.LayerError` is raised, although
    PyTorch and ONNX would broadcast it (:func:`symnet.network.propagate.place_layer` knows which sizes depend on the input).
    A network in letters whose sizes are 1 for all of them has ``stretch`` at numbers.
    """

    reads: ClassVar[tuple[int, int | None]] = (2, None)

    stretch: bool = flag("a size that is 1 for this input alone stretches, too", default=False, kw_only=True)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        first = joined(inputs, self.kind)[0]
        dims: list[Term] = []
        axis_origins: list[Origin] = []
        conditions: list[Condition] = []
        for index, candidates in enumerate(zip(*(shape.dims for shape in inputs), strict=True)):
            chosen = next((number for number, size in enumerate(candidates) if size.constant != 1), 0)
            size = candidates[chosen]
            dims.append(size)
            if index != first.channel_index:
                indices = inputs[chosen].axis_indices
                axis_origins.append((chosen, indices.index(index)) if index in indices else None)
            why = f"{self.kind} needs equal {size_name(first, index)}"
            differ = [other for other in dict.fromkeys(candidates) if other is not size and other.constant != 1]
            stretches = f"{self.kind} stretches a size that is 1 and refuses others that differ"
            conditions += [Condition(Eq(size, other), why, stretches) for other in differ]
        output = first.new(tuple(dims), first.layout)
        return Applied(output, same_axes(output), conditions=tuple(conditions), origins=tuple(axis_origins))


@layer
class Add(Elementwise):
    """The sum, number by number, of tensors of the same sizes: the join of a residual network.

    >>> Add().notation
    'Add'
    """

    kind = "Add"
    prefix = "add"
    sources = ("He et al. 2016, Deep Residual Learning", "Keras, keras.layers.Add", "ONNX, Add (a size 1 stretches)")
    examples = (Example("ReLU -> Add|a", "(64*56*56) @a", "(64*56*56)", 0, "Keras, keras.layers.Add"),)


@layer
class Subtract(Elementwise):
    """The difference of two tensors of the same sizes, number by number.

    >>> Subtract().notation
    'Subtract'
    """

    kind = "Subtract"
    prefix = "subtract"
    reads = (2, 2)
    aliases = {"sub": {}}
    sources = ("Keras, keras.layers.Subtract",)
    examples = (Example("ReLU -> Subtract|a", "16 @a", "(16)", 0, "Keras, keras.layers.Subtract"),)


@layer
class Multiply(Elementwise):
    """The product, number by number, of tensors of the same sizes; (C, 1, 1) scales the channels of (C, H, W).

    >>> Multiply().notation
    'Multiply'
    """

    kind = "Multiply"
    prefix = "multiply"
    aliases = {"mul": {}}
    sources = (
        "Keras, keras.layers.Multiply",
        "Hu et al. 2018, Squeeze-and-Excitation Networks: the scale of every channel",
    )
    examples = (
        Example(
            "Mean|2*3|keepdims=yes -> Multiply|a", "(16*8*8) @a", "(16*8*8)", 0, "Hu et al. 2018: a factor a channel"
        ),
    )


@layer
class Average(Elementwise):
    """The mean of tensors of the same sizes, number by number.

    >>> Average().notation
    'Average'
    """

    kind = "Average"
    prefix = "average"
    sources = ("Keras, keras.layers.Average",)
    examples = (Example("ReLU -> Average|a", "16 @a", "(16)", 0, "Keras, keras.layers.Average"),)


@layer
class Maximum(Elementwise):
    """The larger number at each place of tensors of the same sizes.

    >>> Maximum().notation
    'Maximum'
    """

    kind = "Maximum"
    prefix = "maximum"
    sources = ("Keras, keras.layers.Maximum",)
    examples = (Example("ReLU -> Maximum|a", "16 @a", "(16)", 0, "Keras, keras.layers.Maximum"),)


@layer
class Minimum(Elementwise):
    """The smaller number at each place of tensors of the same sizes.

    >>> Minimum().notation
    'Minimum'
    """

    kind = "Minimum"
    prefix = "minimum"
    sources = ("Keras, keras.layers.Minimum",)
    examples = (
        Example(
            "ReLU -> Minimum|a", "(2, 2) @a", "(2, 2)", 0, "the lecture notes' clipping: K.minimum(result, max_value)"
        ),
    )


@layer
class Combine(Elementwise):
    """Any other function of several tensors of the same sizes, number by number: divide, power, where, greater, …

    >>> Combine(function="power").notation
    'Combine|function="power"'
    """

    kind = "Combine"
    prefix = "combine"
    aliases = {
        **{name: {"function": name} for name in ("divide", "power", "where")},
        "div": {"function": "divide"},
        "pow": {"function": "power"},
    }
    sources = (
        "ONNX, Div, Pow, Where, Greater, …",
        "PyTorch, torch.div, torch.pow, torch.where",
        "Keras, keras.ops.divide",
    )
    examples = (Example("Sigmoid -> Divide|a", "(64*7*7) @a", "(64*7*7)", 0, "PyTorch, torch.div: elementwise"),)

    function: str = words("which one", default=REQUIRED)
