"""Layers that only rearrange the same numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from symnet.errors import LayerError
from symnet.layers.declaration.axes import ANY, index_of_axis, indices_of_axes, origins, quotient, same_axes
from symnet.layers.declaration.base import Applied, Condition, Example, Layer, layer, product
from symnet.layers.declaration.blocks import RepeatedBlock
from symnet.layers.declaration.fields import Sizes, choice, count, sizes
from symnet.layers.declaration.shape import CHANNELS_FIRST, CHANNELS_LAST, SEQUENCE, VECTOR, Shape
from symnet.terms.propositions import Divides, Eq, Le
from symnet.terms.term import Term, integer

__all__ = ["ChannelShuffle", "ExpandDims", "Flatten", "Layout", "Permute", "Repeat", "Reshape", "Squeeze"]

ONE, TWO, MINUS_ONE = integer(1), integer(2), integer(-1)


@layer
class Flatten(Layer):
    """All numbers in one row: (C, H, W) becomes (C·H·W,).

    With ``start_dim`` or ``end_dim`` (1 is the first size, −1 the last) only the sizes from the one to the other.

    >>> Flatten().notation
    'Flatten'
    """

    kind = "Flatten"
    prefix = "flatten"
    sources = ("Keras, keras.layers.Flatten", "PyTorch, torch.nn.Flatten")
    examples = (
        Example("Flatten", "HWC:5x5x64", "(1600)", 0, "the lecture notes' flappy-bird DQN"),
        Example("Flatten|start_dim=2", "(768*14*14)", "(768*196)", 0, "PyTorch, torch.flatten(x, 2)"),
    )

    start_dim: Term = count("", "the first size that is multiplied in", "axis", default=1, least=ANY, kw_only=True)
    end_dim: Term = count("", "the last size that is multiplied in", default=-1, least=ANY, kw_only=True)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        rank = len(shape.dims)
        if not rank:
            return Applied(shape.new((ONE,)))
        start, end = index_of_axis(self.start_dim, rank, "start_dim"), index_of_axis(self.end_dim, rank, "end_dim")
        if start > end:
            raise LayerError("start_dim stands after end_dim")
        output = shape.new((*shape.dims[:start], product(*shape.dims[start : end + 1]), *shape.dims[end + 1 :]))
        from_index = (*range(start), start if start == end else None, *range(end + 1, rank))
        return Applied(output, same_axes(output), origins=origins(shape, output, from_index))


@layer
class Reshape(Layer):
    """The same numbers in another shape, written in the network's data format; their number must be the same.

    One size may be −1: it is what the others leave, which must be a whole number.

    >>> Reshape((1, 1, 1024)).notation
    'Reshape|1*1*1024'
    """

    kind = "Reshape"
    prefix = "reshape"
    aliases = {"view": {}, "unflatten": {}}
    sources = ("Keras, keras.layers.Reshape", "PyTorch, torch.reshape")
    examples = (
        Example("Reshape|64*5*5", "1600", "(64*5*5)", 0, "the flatten of the flappy-bird DQN, undone"),
        Example(
            "Reshape|(-1)*2*2",
            "12",
            "(3*2*2)",
            0,
            "Keras, keras.layers.Reshape: (None, 12) to (-1, 2, 2), its own example",
        ),
    )

    target: Sizes = sizes("", "the new shape", "shape", "target_shape", least=-1, most=8)

    def __post_init__(self) -> None:
        super().__post_init__()
        numbers = [size.constant for size in self.target]
        if 0 in numbers:
            raise LayerError("Reshape: a size of the new shape is 0; it must be at least 1, or −1 for what is left")
        if numbers.count(-1) > 1:
            raise LayerError(f"Reshape: only one size may be −1, got {numbers.count(-1)}")

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        before = product(*shape.dims)
        fixed = [size for size in self.target if size is not MINUS_ONE]
        after = product(*fixed)
        dims = self.target
        if len(fixed) == len(self.target):
            conditions = [Condition(Eq(before, after), "a reshape keeps the number of entries")]
        else:
            left, whole = quotient(before, after)
            dims = tuple(left if size is MINUS_ONE else size for size in self.target)
            conditions = (
                [] if whole else [Condition(Divides(after, before), "the sizes given divide the number of entries")]
            )
        output = shape.new(dims)
        same = shape.layout == output.layout and len(dims) == len(shape.dims)
        kept = tuple(
            index if same and size is shape.dims[index] and dims == shape.dims else None
            for index, size in enumerate(dims)
        )
        return Applied(output, same_axes(output), conditions=tuple(conditions), origins=origins(shape, output, kept))


@layer
class Permute(Layer):
    """The sizes in another order, each by its number: ``Permute|2*3*1`` makes (C, H, W) to (H, W, C).

    The layers after it read the result in the network's data format, as they do in every framework, unless ``layout`` says
    where its channels stand.

    >>> Permute((2, 1)).notation
    'Permute|2*1'
    """

    kind = "Permute"
    prefix = "permute"
    aliases = {"transpose": {}}
    sources = (
        "Keras, keras.layers.Permute",
        "PyTorch, torch.permute (its numbers count the batch, so they are the same)",
    )
    examples = (Example("Permute|2*1", "(10, 64)", "(64, 10)", 0, "Keras, keras.layers.Permute: its own example"),)

    order: Sizes = sizes("", "the numbers of the sizes in their new order", "dims", "perm", least=ANY, most=8)
    layout: str | None = choice(
        "where the channels of the result stand", CHANNELS_FIRST, CHANNELS_LAST, SEQUENCE, default=None
    )

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        order = indices_of_axes(self.order, len(shape.dims), "size")
        if len(order) != len(shape.dims):
            raise LayerError(f"orders {len(order)} sizes of {len(shape.dims)}; every size is named once")
        output = shape.new(tuple(shape.dims[index] for index in order), self.layout)
        return Applied(output, same_axes(output), origins=origins(shape, output, order))


@layer
class Repeat(Layer):
    """A vector (D,) n times, (n, D); with ``axis`` that size is repeated n times over instead, (T, D) to (n·T, D).

    In a list of layers ``Repeat(3, [...])`` is a block instead that stands three times, ``3 * [...]`` in notation.

    >>> Repeat(3).notation
    'Repeat|3'
    >>> Repeat(2, [Repeat(3)])
    Repeat(2, [<Repeat|3>])
    """

    kind = "Repeat"
    prefix = "repeat"
    general = "features"
    aliases = {"repeatvector": {}}
    sources = ("Keras, keras.layers.RepeatVector", "PyTorch, torch.Tensor.repeat")
    examples = (Example("RepeatVector|3", "32", "(3, 32)", 0, "Keras, keras.layers.RepeatVector: its own example"),)

    times: Term = count("n", "how many times", "n", "repeats")
    axis: Term | None = count("", "which size is repeated", default=None, least=ANY)

    def __new__(cls, *positional: Any, **named: Any) -> Any:
        layers = [one for one in (*positional[1:2], named.get("layers")) if isinstance(one, tuple | list)]
        if layers:
            times = positional[0] if positional else named.get("times", named.get("n"))
            return RepeatedBlock(times, layers[0])
        return super().__new__(cls)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        if self.axis is None:
            if len(shape.dims) != 1:
                raise LayerError(
                    f"repeats a vector (D,), got {len(shape.dims)} sizes; name the axis, as in Repeat|2|axis=1"
                )
            output = shape.new((self.times, *shape.dims), SEQUENCE)
            return Applied(output, same_axes(output), origins=(None,))
        index = index_of_axis(self.axis, len(shape.dims))
        output = shape.new(
            (*shape.dims[:index], product(self.times, shape.dims[index]), *shape.dims[index + 1 :]), shape.layout
        )
        from_index = [None if position == index else position for position in range(len(shape.dims))]
        return Applied(output, same_axes(output), origins=origins(shape, output, from_index))


@layer
class ExpandDims(Layer):
    """A size 1 more, at place ``axis`` of the new shape (1 is the first, −1 the last): (2, 2) becomes (2, 2, 1).

    >>> ExpandDims(-1).notation
    'ExpandDims'
    """

    kind = "ExpandDims"
    prefix = "expand"
    aliases = {"unsqueeze": {}}
    sources = ("Keras, keras.ops.expand_dims", "PyTorch, torch.unsqueeze")
    examples = (Example("ExpandDims", "HWC:2x2", "(2, 2, 1)", 0, "the lecture notes: K.expand_dims(result, -1)"),)

    axis: Term = count("", "where the new size stands", "dim", default=-1, least=ANY)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        index = index_of_axis(self.axis, len(shape.dims) + 1)
        output = shape.new((*shape.dims[:index], ONE, *shape.dims[index:]))
        from_index = (*range(index), None, *range(index, len(shape.dims)))
        return Applied(output, same_axes(output), origins=origins(shape, output, from_index))


@layer
class Squeeze(Layer):
    """The sizes ``axis`` are taken away; they must be 1. Unless given, all that are 1.

    A symbol is then assumed to be at least 2.

    >>> Squeeze(2).notation
    'Squeeze|2'
    """

    kind = "Squeeze"
    prefix = "squeeze"
    sources = ("PyTorch, torch.squeeze", "Keras, keras.ops.squeeze")
    examples = (Example("Squeeze", "(512*1*1)", "(512)", 0, "the sizes after global average pooling, as a vector"),)

    axis: Sizes | None = sizes("", "which sizes", "axes", "dim", default=None, least=ANY, most=8)

    def removed_indices(self, shape: Shape) -> tuple[int, ...]:
        """The indices of the sizes that are removed."""
        if self.axis is None:
            return tuple(index for index, size in enumerate(shape.dims) if size.constant == 1)
        return indices_of_axes(self.axis, len(shape.dims))

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        gone = self.removed_indices(shape)
        kept = [index for index in range(len(shape.dims)) if index not in gone]
        output = shape.new(tuple(shape.dims[index] for index in kept))
        conditions = tuple(
            Condition(Eq(shape.dims[index], ONE), "only a size 1 can be taken away")
            for index in gone
            if shape.dims[index] is not ONE
        )
        if self.axis is None:
            conditions += tuple(
                Condition(
                    Le(TWO, shape.dims[index]),
                    "a size that may be 1 would be taken away where it is",
                    "a Squeeze takes away the sizes that are 1",
                )
                for index in kept
                if shape.dims[index].constant is None
            )
        return Applied(output, same_axes(output), conditions=conditions, origins=origins(shape, output, kept))


@layer
class Layout(Layer):
    """Nothing changes but how the sizes are read from here on: which of them are the channels.

    ``order`` is channels_first, (C, H, W), channels_last, (H, W, C), or sequence, (T, D).

    >>> Layout("channels_last").notation
    'Layout|channels_last'
    """

    kind = "Layout"
    prefix = "layout"
    sources = ("Keras: every layer has a data_format of its own",)
    examples = (
        Example("Permute|2*3*1 -> Layout|channels_last", "(3*10*12)", "HWC:10x12x3", 0, "Keras, keras.layers.Permute"),
    )

    order: str = choice("where the channels stand", CHANNELS_FIRST, CHANNELS_LAST, SEQUENCE, kw_only=False)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        if self.order == SEQUENCE and len(shape.dims) != 2:
            raise LayerError(f"a sequence has two sizes, (T, D), got {len(shape.dims)}")
        output = Shape(shape.dims, self.order if len(shape.dims) > 1 else VECTOR)
        if self.order == CHANNELS_LAST and len(shape.dims) == 1:
            output = replace(output, data_format=CHANNELS_LAST)
        return Applied(output, same_axes(output), origins=origins(shape, output, range(len(shape.dims))))


@layer
class ChannelShuffle(Layer):
    """The channels of g groups are dealt out in turn. Sizes do not change; g divides the channels.

    >>> ChannelShuffle(3).notation
    'ChannelShuffle|3'
    """

    kind = "ChannelShuffle"
    prefix = "shuffle"
    sources = ("Zhang et al. 2018, ShuffleNet", "PyTorch, torch.nn.ChannelShuffle")
    examples = (
        Example("ChannelShuffle|2", "(4*2*2)", "(4*2*2)", 0, "PyTorch, torch.nn.ChannelShuffle: its own example"),
    )

    groups: Term = count("g", "number of groups")

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        even = Condition(Divides(self.groups, shape.channels), "the groups share the channels evenly")
        return Applied(shape, same_axes(shape), conditions=(even,))
