"""Attention: every step looks at every step; and squeeze-excitation, where a channel looks at all channels."""

from __future__ import annotations

from typing import ClassVar

from symnet.errors import LayerError
from symnet.frameworks.refusals import require_expressible
from symnet.layers.declaration.axes import origins, quotient, require_steps, same_axes
from symnet.layers.declaration.base import Applied, Condition, Example, Layer, Weight, layer, product
from symnet.layers.declaration.fields import count, flag
from symnet.layers.declaration.shape import CHANNELS_FIRST, SEQUENCE, Shape
from symnet.terms.propositions import Divides, Eq, Le
from symnet.terms.term import Term, integer

__all__ = ["CrossAttention", "MultiHeadAttention", "SqueezeExcitation", "token_shape"]


def token_shape(shape: Shape) -> Shape:
    """The shape of a layer that reads features from the last size; two sizes are then a sequence."""
    if len(shape.dims) < 2:
        seen = "one size; reshape or embed before it" if shape.dims else "a single number"
        raise LayerError(f"needs a sequence (T, D), got {seen}")
    if shape.layout == CHANNELS_FIRST and len(shape.dims) > 2:
        raise LayerError(
            "reads features from the last size, where a channels-first image has its width; make it (T, D) before"
        )
    require_steps(shape)
    return shape.new(shape.dims, SEQUENCE if len(shape.dims) == 2 else None)


@layer
class MultiHeadAttention(Layer):
    """Self-attention with h heads on a sequence (T, D), or on all pixels of an image (H, W, D).

    Each head has a query and a key of k numbers and a value of v numbers a step (k = D/h and v = k unless given); the
    heads' values become D features again, or ``output_dim``. ``kv_heads`` heads of keys and values are shared by all
    queries. The multiply-adds are the four projections and two products of T·T pairs, QKᵀ and its weights times V.

    >>> MultiHeadAttention(8, 64).notation
    'MultiHeadAttention|8|64'
    """

    kind = "MultiHeadAttention"
    prefix = "attention"
    sequential = True
    aliases = {"mha": {}, "attention": {}, "selfattention": {}, "groupqueryattention": {}}
    sources: ClassVar[tuple[str, ...]] = (
        "Vaswani et al. 2017, Attention Is All You Need",
        "Keras, keras.layers.MultiHeadAttention",
        "PyTorch, torch.nn.MultiheadAttention (in_proj, out_proj)",
        "Keras, keras.layers.GroupQueryAttention (kv_heads)",
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            "MultiHeadAttention|12",
            "(197, 768)",
            "(197, 768)",
            2362368,
            "PyTorch, torch.nn.MultiheadAttention(768, 12), as in ViT-B/16: 4·768·768 + 4·768",
        ),
        Example(
            "MultiHeadAttention|2|32",
            "(40, 32)",
            "(40, 32)",
            8416,
            "Keras's example text_classification_with_transformer",
        ),
    )

    heads: Term = count("h", "number of heads", "num_heads", "num_query_heads")
    key_dim: Term | None = count("k", "numbers of a query and a key, a head", "head_dim", default=None)
    value_dim: Term | None = count("v", "numbers of a value, a head", default=None)
    output_dim: Term | None = count(
        "", "features that come out; as many as come in unless given", default=None, kw_only=True
    )
    kv_heads: Term | None = count(
        "",
        "heads of keys and values, shared by the heads of queries",
        "num_key_value_heads",
        default=None,
        kw_only=True,
    )
    bias: bool = flag("biases in all four projections", "use_bias", default=True)

    def tokens(self, inputs: tuple[Shape, ...]) -> tuple[Shape, Shape, Shape]:
        """The shapes that queries, keys and values are projected from."""
        shape = token_shape(inputs[0])
        return shape, shape, shape

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        require_expressible(self)
        shape, key_shape, value_shape = self.tokens(inputs)
        features, (key, conditions) = shape.dims[-1], self._key(shape)
        key_features, value_features = key_shape.dims[-1], value_shape.dims[-1]
        conditions += tuple(
            Condition(Eq(one, two), "there is a value for every key")
            for one, two in zip(key_shape.dims[:-1], value_shape.dims[:-1], strict=True)
            if one is not two
        )
        heads, value, out = self.heads, self.value_dim or key, self.output_dim or features
        shared = self.kv_heads or heads
        if self.kv_heads is not None:
            conditions += (Condition(Divides(shared, heads), "heads of queries share those of keys evenly"),)
        arrays = {
            "query": ((features, heads, key), (heads, key)),
            "key": ((key_features, shared, key), (shared, key)),
            "value": ((value_features, shared, value), (shared, value)),
            "output": ((heads, value, out), (out,)),
        }
        weights: list[Weight] = []
        for name, (kernel, bias) in arrays.items():
            weights.append(Weight(f"{name}_kernel", kernel))
            if self.bias:
                weights.append(Weight(f"{name}_bias", bias))
        joined = product(heads, value) + 1 if self.bias else product(heads, value)
        projections = [
            product(seen + 1 if self.bias else seen, number, size)
            for seen, number, size in (
                (features, heads, key),
                (key_features, shared, key),
                (value_features, shared, value),
            )
        ]
        parameters = projections[0] + projections[1] + projections[2] + product(joined, out)
        output = shape.new((*shape.dims[:-1], out), shape.layout)
        from_index = (*range(len(shape.dims) - 1), None)
        return Applied(
            output,
            same_axes(output),
            tuple(weights),
            parameters,
            conditions,
            origins=origins(inputs[0], output, from_index),
            mixes=True,
        )

    def work(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[Term, ...], ...]:
        shapes = self.tokens(inputs)
        steps, keys, (key, _) = shapes[0].dims[:-1], shapes[1].dims[:-1], self._key(shapes[0])
        heads, value, shared = self.heads, self.value_dim or key, self.kv_heads or self.heads
        projected = zip(shapes, ((heads, key), (shared, key), (shared, value)), strict=True)
        return (
            *((*shape.dims, number, size) for shape, (number, size) in projected),
            (heads, *steps, *keys, key),
            (heads, *steps, *keys, value),
            (*steps, heads, value, output.dims[-1]),
        )

    def _key(self, shape: Shape) -> tuple[Term, tuple[Condition, ...]]:
        if self.key_dim is not None:
            return self.key_dim, ()
        share, whole = quotient(shape.dims[-1], self.heads)
        if whole:
            return share, ()
        return share, (Condition(Divides(self.heads, shape.dims[-1]), "the heads share the features evenly"),)


@layer
class CrossAttention(MultiHeadAttention):
    """Multi-head attention where a sequence looks at another one: queries of the first, keys and values of the second.

    With a third, the values are of that one. Everything else is as in :class:`MultiHeadAttention`.

    >>> CrossAttention(heads=8, key_dim=64).notation
    'CrossAttention|heads=8|key_dim=64'
    """

    kind = "CrossAttention"
    prefix = "attention"
    reads = (2, None)
    aliases = {}
    sources = (
        "Vaswani et al. 2017, Attention Is All You Need: the decoder looks at the encoder",
        "Keras, keras.layers.MultiHeadAttention(query, value, key)",
    )
    examples = (
        Example(
            "Slice|1|0|8 -> CrossAttention|a|heads=2|key_dim=2",
            "(16, 16) @a",
            "(8, 16)",
            284,
            "Keras, keras.layers.MultiHeadAttention: target (8, 16) and source, 3·(16 + 1)·4 + (4 + 1)·16",
        ),
    )

    heads: Term = count("h", "number of heads", "num_heads", "num_query_heads", kw_only=True)
    key_dim: Term | None = count("k", "numbers of a query and a key, a head", "head_dim", default=None, kw_only=True)
    value_dim: Term | None = count("v", "numbers of a value, a head", default=None, kw_only=True)

    def tokens(self, inputs: tuple[Shape, ...]) -> tuple[Shape, Shape, Shape]:
        """The shapes that queries, keys and values are projected from."""
        if len(inputs) > 3:
            raise LayerError(f"reads queries, keys and values, got {len(inputs)} outputs")
        query, key, value = map(token_shape, (*inputs, inputs[-1])[:3])
        if len(key.dims) != len(value.dims):
            raise LayerError("needs a value for every key")
        return query, key, value


@layer
class SqueezeExcitation(Layer):
    """Squeeze-excitation: the means of all C channels give each channel a factor.

    They go through u = ⌊C/r⌋ units (or ``units``) and back to C: two dense layers, (C + 1)·u + (u + 1)·C numbers with
    biases. Sizes do not change.

    >>> SqueezeExcitation(4).notation
    'SE|4'
    """

    kind = "SE"
    prefix = "se"
    aliases = {"squeezeexcitation": {}, "squeezeexcite": {}, "seblock": {}}
    sources = ("Hu et al. 2018, Squeeze-and-Excitation Networks", "torchvision.ops.SqueezeExcitation")
    examples = (
        Example(
            "SE|units=8",
            "(16*56*56)",
            "(16*56*56)",
            280,
            "torchvision, mobilenet_v3_small's first: 16 channels, 8 units",
        ),
        Example("SE|16|bias=no", "HWC:56x56x256", "HWC:56x56x256", 8192, "Hu et al. 2018: 2·C²/r numbers a block"),
    )

    ratio: Term = count("r", "channels for each unit", "reduction", default=16)
    units: Term | None = count(
        "u", "number of units, instead of the ratio", "squeeze_channels", default=None, kw_only=True
    )
    bias: bool = flag("biases of the two dense layers", "use_bias", default=True)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        if not shape.dims:
            raise LayerError("needs channels, got a single number")
        channels, units = shape.channels, self._units(shape)
        weights = [Weight("squeeze_kernel", (units, channels)), Weight("excite_kernel", (channels, units))]
        if self.bias:
            weights[1:1] = [Weight("squeeze_bias", (units,))]
            weights.append(Weight("excite_bias", (channels,)))
        more = 1 if self.bias else 0
        ways = [product(one + more if more else one, two) for one, two in ((channels, units), (units, channels))]
        conditions: tuple[Condition, ...] = ()
        if self.units is None:
            conditions = (Condition(Le(self.ratio, channels), "there is at least one unit"),)
        return Applied(shape, same_axes(shape), tuple(weights), ways[0] + ways[1], conditions, mixes=True)

    def work(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[Term, ...], ...]:
        channels, units = inputs[0].channels, self._units(inputs[0])
        return ((units, channels), (channels, units))

    def _units(self, shape: Shape) -> Term:
        if self.units is not None:
            return self.units
        share, _ = quotient(shape.channels, self.ratio)
        return share if share.constant is None else integer(share.constant)
