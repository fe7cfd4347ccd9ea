"""Joins that change sizes: one tensor after another, one cropped to another, sums of products."""

from __future__ import annotations

from symnet.errors import LayerError
from symnet.layers.declaration.axes import ANY, index_or_channels, indices_of_axes, origins, same_axes
from symnet.layers.declaration.base import Applied, Condition, Example, Layer, layer
from symnet.layers.declaration.expected import without_axes
from symnet.layers.declaration.fields import Sizes, count, sizes
from symnet.layers.declaration.shape import Shape
from symnet.terms.propositions import Eq, Le
from symnet.terms.term import Sum, Term, integer

__all__ = ["Concat", "Crop", "Dot", "joined", "size_name"]


def size_name(shape: Shape, index: int) -> str:
    """The name of one size of a shape in messages."""
    if index == shape.channel_index:
        return "channels" if len(shape.dims) > 1 else "size"
    return shape.axis_names[shape.axis_indices.index(index)]


def joined(inputs: tuple[Shape, ...], kind: str) -> tuple[Shape, ...]:
    """The inputs of a join. Raises :class:`LayerError` unless there are at least two, all with the same number of
    sizes.
    """
    if len(inputs) < 2:
        raise LayerError("joins at least two outputs; name the others by their labels")
    first = inputs[0]
    for other in inputs[1:]:
        if len(other.dims) != len(first.dims):
            raise LayerError(
                f"{kind} of {len(first.dims)} sizes and {len(other.dims)} sizes; reshape one of them before"
            )
    return inputs


@layer
class Concat(Layer):
    """Tensors one after another along one size, the channels unless ``axis`` says which.

    All other sizes must be the same.

    >>> Concat(axis=1).notation
    'Concat|axis=1'
    """

    kind = "Concat"
    prefix = "concat"
    reads = (2, None)
    aliases = {"concatenate": {}, "cat": {}}
    sources = (
        "Szegedy et al. 2015, Going Deeper with Convolutions",
        "Keras, keras.layers.Concatenate",
        "PyTorch, torch.cat",
    )
    examples = (
        Example("ReLU -> Concat|a", "(64*56*56) @a", "(128*56*56)", 0, "Keras, keras.layers.Concatenate"),
        Example(
            "Concat|a|axis=3",
            "HWC:2x2x1 @a",
            "HWC:2x2x2",
            0,
            "the lecture notes' clipping: (2, 2, 1) twice, along the last axis",
        ),
    )

    axis: Term | None = count(
        "", "which size: 1 is the first, −1 the last", "dim", default=None, least=ANY, kw_only=True
    )

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        first, *others = joined(inputs, self.kind)
        rank = len(first.dims)
        if not rank:
            raise LayerError("needs at least one size, got single numbers")
        index = index_or_channels(self.axis, first)
        conditions = [
            Condition(
                Eq(first.dims[position], other.dims[position]), f"Concat needs equal {size_name(first, position)}"
            )
            for other in others
            for position in range(rank)
            if position != index and other.dims[position] is not first.dims[position]
        ]
        total = Sum(*(shape.dims[index] for shape in inputs))
        output = first.new((*first.dims[:index], total, *first.dims[index + 1 :]), first.layout)
        from_index = [None if position == index else position for position in range(rank)]
        return Applied(
            output, same_axes(output), conditions=tuple(conditions), origins=origins(first, output, from_index)
        )


@layer
class Crop(Layer):
    """The middle of a tensor, as large as the labelled one; the channels stay its own.

    >>> Crop().notation
    'Crop'
    """

    kind = "Crop"
    prefix = "crop"
    reads = (2, 2)
    sources = ("Ronneberger et al. 2015, U-Net: copy and crop",)
    examples = (
        Example(
            "Cropping|88 @b -> From|a -> Crop|b",
            "(64*568*568) @a",
            "(64*392*392)",
            0,
            "Ronneberger et al. 2015, figure 1: the topmost copy and crop",
        ),
    )

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        first, other = joined(inputs, self.kind)
        if not first.axes:
            raise LayerError(f"needs at least one axis, got {without_axes(len(first.dims) - 1)}")
        conditions = tuple(
            Condition(Le(small, large), f"a crop is no larger in {name}")
            for small, large, name in zip(other.axes, first.axes, first.axis_names, strict=True)
            if small is not large
        )
        output = first.resized(other.axes)
        return Applied(
            output,
            same_axes(output),
            conditions=conditions,
            origins=tuple((1, axis) for axis in range(len(other.axes))),
        )


@layer
class Dot(Layer):
    """Sums of products along one size of each of two tensors: (T, D) and (U, D) along 2 and 2 become (T, U).

    >>> Dot(axes=(2, 2)).notation
    'Dot|axes=2*2'
    """

    kind = "Dot"
    prefix = "dot"
    reads = (2, 2)
    sources = ("Keras, keras.layers.Dot",)
    examples = (Example("Dot|a|axes=2*2", "(10, 32) @a", "(10, 10)", 0, "Keras, keras.layers.Dot: all pairs of steps"),)

    axes: Sizes = sizes("", "the size of each that is summed over", "axis", least=ANY, most=2, kw_only=True)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        one, two = inputs
        i, j = self._summed_indices(inputs)
        kept = [index for index in range(len(one.dims)) if index != i]
        output = one.new((*(one.dims[index] for index in kept), *two.dims[:j], *two.dims[j + 1 :]))
        same = (
            ()
            if one.dims[i] is two.dims[j]
            else (Condition(Eq(one.dims[i], two.dims[j]), "Dot sums over equal sizes"),)
        )
        from_index = (*kept, *(None for _ in range(len(two.dims) - 1)))
        return Applied(output, same_axes(output), conditions=same, origins=origins(one, output, from_index), mixes=True)

    def work(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[Term, ...], ...]:
        i, _ = self._summed_indices(inputs)
        return ((*output.dims, inputs[0].dims[i]) if output.dims else (inputs[0].dims[i], integer(1)),)

    def _summed_indices(self, inputs: tuple[Shape, ...]) -> tuple[int, int]:
        both = self.axes if len(self.axes) == 2 else self.axes * 2
        (i,), (j,) = (indices_of_axes((axis,), len(shape.dims)) for axis, shape in zip(both, inputs, strict=True))
        return i, j
