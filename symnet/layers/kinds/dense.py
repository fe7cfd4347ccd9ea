"""Dense layers: every input is connected to every unit."""

from __future__ import annotations

from symnet.errors import LayerError
from symnet.frameworks.refusals import default
from symnet.layers.declaration.axes import origins, same_axes
from symnet.layers.declaration.base import Applied, Condition, Example, Weight, layer, product
from symnet.layers.declaration.fields import choice, count, flag
from symnet.layers.declaration.penalized import Penalized
from symnet.layers.declaration.shape import SEQUENCE, VECTOR, Shape
from symnet.terms.propositions import Eq
from symnet.terms.term import Term

__all__ = ["Dense"]


@layer
class Dense(Penalized):
    """A dense (fully connected) layer: N units, each with a weight for every input and a bias, (a + 1)·b in all.

    A vector (a,) becomes (b,). An image is flattened first, as the lecture notes do; ``axis=last`` (and any sequence)
    keeps the other axes and connects the last one: (T, a) becomes (T, b), with the same weights at every step. So it is
    in Keras and PyTorch.

    >>> Dense(10).notation
    'FC|10'
    """

    kind = "FC"
    prefix = "dense"
    parameter_reason = (
        "A unit has a weight for each of the a numbers that come in, and one bias: a + 1. There are N units."
    )
    general = "features"
    aliases = {"dense": {}, "linear": {}, "fullyconnected": {}, "gemm": {}, "timedistributed": {"axis": "last"}}
    sources = ("the lecture notes: (a + 1)·b", "Keras, keras.layers.Dense", "PyTorch, torch.nn.Linear")
    examples = (
        Example("FC|256", "(32*5*5)", "(256)", 205056, "the lecture notes' MNIST network"),
        Example("FC|10", "256", "(10)", 2570, "the lecture notes' MNIST network"),
        Example("FC|1024|axis=last", "HWC:1x1x32", "HWC:1x1x1024", 33792, "Keras: a dense layer sees the last axis"),
        Example("TimeDistributed|10", "(16, 256)", "(16, 10)", 2570, "Keras: the same weights at every step"),
    )

    units: Term = count("N", "number of units", "out_features", "filters")
    bias: bool = flag("one bias a unit", "use_bias", default=True)
    inputs: Term | None = count(
        "", "how many inputs its weights are for, where that is fixed", "in_features", default=None, kw_only=True
    )
    axis: str | None = choice("last: keep the axes before the last one", "last", "all", default=None)

    def flattens(self, shape: Shape) -> bool:
        """Whether the layer flattens its input before the units are applied."""
        axis = self.axis or default(self, "axis")
        if axis is not None:
            return bool(axis == "all")
        return shape.layout not in (SEQUENCE, VECTOR)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        if not shape.dims:
            raise LayerError("needs at least one size, got a single number")
        units, last = self.units, len(shape.dims) - 1
        flat = self.flattens(shape) or last == 0
        output = shape.new((units,)) if flat else shape.new((*shape.dims[:-1], units), shape.layout)
        seen = product(*shape.dims) if flat else shape.dims[-1]
        conditions: tuple[Condition, ...] = ()
        kernel = (units, *(shape.dims if flat else shape.dims[-1:]))
        if self.inputs is not None:
            if seen is not self.inputs:
                conditions = (Condition(Eq(seen, self.inputs), "its weights are for so many inputs"),)
            seen, kernel = self.inputs, (units, self.inputs)
        weights = [Weight("kernel", kernel)]
        if self.bias:
            weights.append(Weight("bias", (units,)))
        return Applied(
            output,
            same_axes(output),
            tuple(weights),
            product(seen + 1 if self.bias else seen, units),
            conditions,
            origins=() if flat else origins(shape, output, (*range(last), None)),
        )

    def work(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[Term, ...], ...]:
        (shape,) = inputs
        if self.flattens(shape):
            return ((self.units, *shape.dims),)
        return ((*output.dims, shape.dims[-1]),)
