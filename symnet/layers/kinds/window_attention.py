"""Attention within windows, and on pooled tokens: the transformers that work on pixels and clips."""

from __future__ import annotations

from symnet.errors import LayerError
from symnet.layers.declaration.axes import quotient, same_axes
from symnet.layers.declaration.base import Applied, Condition, Example, Layer, Weight, layer, per_axis, product
from symnet.layers.declaration.expected import require_axis
from symnet.layers.declaration.fields import Sizes, choice, count, flag, sizes
from symnet.layers.declaration.shape import Shape
from symnet.layers.laws.spatial import covered_law
from symnet.terms.propositions import Divides, Eq
from symnet.terms.term import CeilDiv, FloorDiv, Min, Product, Sum, Term, integer

__all__ = ["PatchMerging", "PooledAttention", "WindowAttention"]

THREE = integer(3)


def _features(shape: Shape, axes: int, what: str) -> Term:
    """The features of a tensor (…, D) with ``axes`` sizes before them. Raises :class:`LayerError` for any other number
    of sizes.
    """
    if not shape.dims:
        raise LayerError(f"{what} reads axes and features last, got a single number")
    if len(shape.dims) != axes + 1:
        raise LayerError(f"{what} reads {axes} axes and features last, got {len(shape.dims)} sizes")
    return shape.dims[-1]


def _total(weights: list[Weight]) -> Term:
    """The number of entries of all arrays."""
    parts = [product(*weight.shape) for weight in weights]
    return parts[0] if len(parts) == 1 else Sum(*parts)


@layer
class WindowAttention(Layer):
    """Self-attention with h heads among the entries of each window, of an image (H, W, D) or a clip (T, H, W, D).

    An axis that the windows do not divide is padded for it, so sizes do not change. Queries, keys and values are one dense
    layer, D to 3·D, and a dense layer follows. ``positions`` says what a pair of entries adds to its weight: ``table``, a number
    a head for each of (2F − 1)·(2F − 1) ways apart (Swin); ``network``, two dense layers with ``hidden`` units on the way apart
    in each of two axes, and a trained scale a head (Swin V2); ``none``. ``clamped`` windows are no larger than their axis (Swin for
    clips), which then needs no padding.

    >>> WindowAttention(3, 7).notation
    'WindowAttention|3|7'
    """

    kind = "WindowAttention"
    prefix = "windows"
    general = "image, channels last"
    aliases = {"shiftedwindowattention": {}, "swinattention": {}}
    sources = (
        "Liu et al. 2021, Swin Transformer",
        "Liu et al. 2022, Swin Transformer V2",
        "torchvision.models.swin_transformer.ShiftedWindowAttention",
    )
    examples = (
        Example("WindowAttention|3|7", "HWC:56x56x96", "HWC:56x56x96", 37755, "torchvision, swin_t: features.1.0.attn"),
        Example(
            "WindowAttention|3|8|positions=network", "HWC:64x64x96", "HWC:64x64x96", 40323,
            "torchvision, swin_v2_t: features.1.0.attn",
        ),
    )  # fmt: skip

    heads: Term = count("h", "number of heads", "num_heads")
    window: Sizes = sizes("F", "extent of a window", "window_size")
    bias: bool = flag("biases of queries, keys and values", "qkv_bias", default=True)
    output_bias: bool = flag("a bias of the dense layer that follows", "proj_bias", default=True)
    positions: str = choice("what pairs of entries add to their weight", "table", "network", "none", default="table")
    hidden: Term = count("", "units of that network", default=512, kw_only=True)
    clamped: bool = flag("a window is no larger than its axis, which is not padded then", default=False)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        features, window = self._features_and_window(shape)
        weights = [Weight("query_key_value_kernel", (features, THREE, features))]
        if self.bias:
            weights.append(Weight("query_key_value_bias", (THREE, features)))
        weights.append(Weight("output_kernel", (features, features)))
        if self.output_bias:
            weights.append(Weight("output_bias", (features,)))
        if self.positions == "table":
            weights.append(Weight("table", (*(_twice(size) for size in window), self.heads)))
        elif self.positions == "network":
            weights += [
                Weight("scale", (self.heads,)),
                Weight("hidden_kernel", (integer(len(window)), self.hidden)),
                Weight("hidden_bias", (self.hidden,)),
                Weight("positions_kernel", (self.hidden, self.heads)),
            ]
        share, whole = quotient(features, self.heads)
        del share
        even = () if whole else (Condition(Divides(self.heads, features), "the heads share the features evenly"),)
        return Applied(shape, same_axes(shape), tuple(weights), _total(weights), even, mixes=True)

    def work(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[Term, ...], ...]:
        features, extents = self._features_and_window(inputs[0])
        window = tuple(
            _smaller(size, axis) if self.clamped else size for size, axis in zip(extents, inputs[0].dims, strict=False)
        )
        padded = [Product(size, CeilDiv(axis, size)) for axis, size in zip(inputs[0].dims, window, strict=False)]
        pairs = (*padded, *window, features)
        once: tuple[tuple[Term, ...], ...] = ()
        if self.positions == "network":  # the relative positions of each pair, which all windows share
            offsets = tuple(_twice(size) for size in extents)
            once = ((*offsets, integer(len(extents)), self.hidden), (*offsets, self.hidden, self.heads))
        return ((*padded, THREE, features, features), pairs, pairs, (*padded, features, features), *once)

    def _features_and_window(self, shape: Shape) -> tuple[Term, tuple[Term, ...]]:
        """The number of features, and the extent of the window on each axis."""
        axes = len(self.window) if len(self.window) > 1 else len(shape.dims) - 1
        return _features(shape, axes, "WindowAttention"), per_axis(self.window, axes, "window")


def _smaller(one: Term, two: Term) -> Term:
    minimum = Min(one, two)
    return minimum if minimum.constant is None else integer(minimum.constant)


def _twice(size: Term) -> Term:
    whole = 2 * size - 1
    return whole if whole.constant is None else integer(whole.constant)


@layer
class PatchMerging(Layer):
    """Blocks of an image become one entry each, with all their features: (H, W, D) to (⌈H/2⌉, ⌈W/2⌉, 4·D).

    An axis that the blocks do not divide is padded at its end.

    >>> PatchMerging(2).notation
    'PatchMerging|2'
    """

    kind = "PatchMerging"
    prefix = "merging"
    general = "image, channels last"
    sources = (
        "Liu et al. 2021, Swin Transformer",
        "torchvision.models.swin_transformer.PatchMerging (without its dense layer)",
    )
    examples = (
        Example("PatchMerging|2", "HWC:56x56x96", "HWC:28x28x384", 0, "torchvision, swin_t: features.2"),
        Example("PatchMerging|1*2*2", "HWC:8x7x7x96", "HWC:8x4x4x384", 0, "torchvision, swin3d_t: features.2"),
    )

    block: Sizes = sizes("S", "extent of a block", "factor")

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        require_axis(len(shape.dims) - 1)
        blocks = per_axis(self.block, len(shape.axes), "block")
        channels = product(*(size for size in blocks if size.constant != 1), shape.channels)
        channels = channels if channels.constant is None else integer(channels.constant)
        maps = tuple(covered_law().at(size) for size in blocks)
        return Applied(shape.with_axes(channels, shape.axes), maps)


@layer
class PooledAttention(Layer):
    """Self-attention with h heads on a class token and a grid of tokens, (1 + T·H·W, D), with queries, keys and values pooled.

    Each head's queries (and its keys, and its values) are laid out on the grid and go through a convolution a feature with
    extent F, stride S and padding ⌊F/2⌋ and a layer normalization, the same for all heads; an extent and stride of 1 leave them
    as they are. As many tokens come out as there are queries. ``relative`` (height and width, time) are trained numbers for so
    many ways apart, with which each query is multiplied for every place of a key along each axis.

    >>> PooledAttention(1, output_dim=96, grid=(8, 56, 56)).notation
    'PooledAttention|1|grid=8*56*56|output_dim=96'
    """

    kind = "PooledAttention"
    prefix = "pooled"
    sequential = True
    aliases = {"multiscaleattention": {}}
    sources = ("Fan et al. 2021, Multiscale Vision Transformers", "torchvision.models.video.mvit.MultiscaleAttention")
    examples = (
        Example(
            "PooledAttention|1|output_dim=96|grid=8*56*56|kernel_q=3|kernel_kv=3|stride_kv=1*8*8|relative=111*15", "(25089, 96)",
            "(25089, 96)", 68352, "torchvision, mvit_v2_s: blocks.0.attn",
        ),
    )  # fmt: skip

    heads: Term = count("h", "number of heads", "num_heads")
    grid: Sizes = sizes("", "the tokens' grid", "thw", kw_only=True)
    output_dim: Term = count("", "features that come out", kw_only=True)
    kernel_q: Sizes = sizes("", "extent of the queries' convolution", default=1, kw_only=True)
    stride_q: Sizes = sizes("", "its stride", default=1, kw_only=True)
    kernel_kv: Sizes = sizes("", "extent of the keys' and values' convolution", default=1, kw_only=True)
    stride_kv: Sizes = sizes("", "its stride", default=1, kw_only=True)
    relative: Sizes | None = sizes("", "ways apart: in height and width, in time", default=None, kw_only=True)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        features, out = _features(shape, 1, "PooledAttention"), self.output_dim
        head, whole = quotient(out, self.heads)
        weights = [
            Weight("query_key_value_kernel", (features, THREE, out)),
            Weight("query_key_value_bias", (THREE, out)),
            Weight("output_kernel", (out, out)),
            Weight("output_bias", (out,)),
        ]
        for name, kernel, stride in self._pools():
            weights += [Weight(f"{name}_kernel", (head, *kernel)), Weight(f"{name}_norm", (integer(2), head))]
            del stride
        if self.relative is not None:
            if len(self.relative) != 2:
                raise LayerError("relative has two sizes: ways apart in height and width, and in time")
            weights += [Weight("height", (self.relative[0], head)), Weight("width", (self.relative[0], head))]
            weights.append(Weight("time", (self.relative[1], head)))
        conditions = [
            Condition(Eq(shape.dims[0], _plus_one(self.grid)), "there are as many tokens as the grid has, and one")
        ]
        if conditions[0].proposition.args[0] is conditions[0].proposition.args[1]:
            conditions.clear()
        if not whole:
            conditions.append(Condition(Divides(self.heads, out), "the heads share the features evenly"))
        output = shape.new((_plus_one(self.pooled_grid(self.kernel_q, self.stride_q)), out), shape.layout)
        return Applied(
            output, same_axes(output), tuple(weights), _total(weights), tuple(conditions),
            origins=(None,) * len(output.axis_indices), mixes=True,
        )  # fmt: skip

    def pooled_grid(self, kernel: Sizes, stride: Sizes) -> tuple[Term, ...]:
        """The grid after a convolution with this kernel and stride and padding ⌊F/2⌋."""
        axes = len(self.grid)
        grid = []
        for size, extent, step in zip(
            self.grid, per_axis(kernel, axes, "kernel"), per_axis(stride, axes, "stride"), strict=True
        ):
            after = FloorDiv(size + 2 * FloorDiv(extent, integer(2)) - extent, step) + 1
            grid.append(after if after.constant is None else integer(after.constant))
        return tuple(grid)

    def _pools(self) -> list[tuple[str, Sizes, Sizes]]:
        """Name, kernel and stride of each convolution that does anything."""
        axes = len(self.grid)
        settings = {
            "q": (self.kernel_q, self.stride_q),
            "k": (self.kernel_kv, self.stride_kv),
            "v": (self.kernel_kv, self.stride_kv),
        }
        values = {
            name: (per_axis(one, axes, "kernel"), per_axis(two, axes, "stride"))
            for name, (one, two) in settings.items()
        }
        return [
            (name, *both) for name, both in values.items() if any(size.constant != 1 for part in both for size in part)
        ]

    def work(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[Term, ...], ...]:
        tokens, features = inputs[0].dims
        out = self.output_dim
        queries = output.dims[0]
        keys = _plus_one(self.pooled_grid(self.kernel_kv, self.stride_kv))
        grids = {"q": self.pooled_grid(self.kernel_q, self.stride_q), "k": (), "v": ()}
        grids["k"] = grids["v"] = self.pooled_grid(self.kernel_kv, self.stride_kv)
        pools = tuple((*grids[name], *kernel, out) for name, kernel, _ in self._pools())
        offsets = () if self.relative is None else tuple((*grids["q"], size, out) for size in grids["k"])
        return (
            (tokens, THREE, features, out), *pools, (queries, keys, out), (queries, keys, out), *offsets, (queries, out, out),
        )  # fmt: skip


def _plus_one(grid: tuple[Term, ...]) -> Term:
    tokens = product(*grid) + 1
    return tokens if tokens.constant is None else integer(tokens.constant)
