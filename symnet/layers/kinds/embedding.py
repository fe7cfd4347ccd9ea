"""Embeddings: numbers looked up for words and places."""

from __future__ import annotations

from symnet.errors import LayerError
from symnet.layers.declaration.axes import origins, same_axes
from symnet.layers.declaration.base import Applied, Condition, Example, Layer, Weight, layer, product
from symnet.layers.declaration.fields import count
from symnet.layers.declaration.shape import SEQUENCE, Shape
from symnet.layers.kinds.attention import token_shape
from symnet.terms.propositions import Le
from symnet.terms.term import Term

__all__ = ["ClassToken", "Embedding", "PositionEmbedding"]


@layer
class Embedding(Layer):
    """D numbers for each of V words: T words (T,) become (T, D). Looking up takes no multiply-adds.

    >>> Embedding(10000, 128).notation
    'Embedding|10000|128'
    """

    kind = "Embedding"
    prefix = "embedding"
    parameter_reason = "Each of the V words has a vector of D numbers."
    general = "words"
    sources = ("Keras, keras.layers.Embedding", "PyTorch, torch.nn.Embedding")
    examples = (
        Example("Embedding|20000|128", "200", "(200, 128)", 2560000, "Keras's example bidirectional_lstm_imdb"),
        Example("Embedding|10000|650", "35", "(35, 650)", 6500000, "Zaremba et al. 2014, medium LSTM language model"),
    )

    vocabulary: Term = count("V", "number of words", "input_dim", "num_embeddings", "vocab", "vocab_size")
    dim: Term = count("D", "numbers a word", "output_dim", "embedding_dim")

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        if len(shape.dims) != 1:
            raise LayerError(f"needs a row of words (T,), got {len(shape.dims)} sizes")
        output = shape.new((*shape.dims, self.dim), SEQUENCE)
        weights = (Weight("embeddings", (self.vocabulary, self.dim)),)
        return Applied(output, same_axes(output), weights, product(self.vocabulary, self.dim), origins=(None,))


@layer
class PositionEmbedding(Layer):
    """D trained numbers for each of N places, added to a sequence (T, D) of at most N steps; N is T unless given.

    >>> PositionEmbedding().notation
    'PositionEmbedding'
    """

    kind = "PositionEmbedding"
    prefix = "position"
    sequential = True
    aliases = {"positionalembedding": {}}
    sources = ("Dosovitskiy et al. 2021, An Image Is Worth 16x16 Words", "KerasHub, keras_hub.layers.PositionEmbedding")
    examples = (
        Example(
            "PositionEmbedding",
            "(197, 768)",
            "(197, 768)",
            151296,
            "torchvision, vit_b_16: encoder.pos_embedding (1, 197, 768)",
        ),
    )

    length: Term | None = count("N", "number of places", "sequence_length", default=None)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        output = token_shape(inputs[0])
        if len(output.dims) != 2:
            raise LayerError(f"needs a sequence (T, D), got {len(output.dims)} sizes")
        steps, features = output.dims
        length = steps if self.length is None else self.length
        conditions = () if self.length is None else (Condition(Le(steps, length), "every step has a place"),)
        return Applied(
            output,
            same_axes(output),
            (Weight("embeddings", (length, features)),),
            product(length, features),
            conditions,
            origins=origins(inputs[0], output, (0, 1)),
        )


@layer
class ClassToken(Layer):
    """One trained step of D numbers before a sequence: (T, D) becomes (T + 1, D).

    >>> ClassToken().notation
    'ClassToken'
    """

    kind = "ClassToken"
    prefix = "token"
    sequential = True
    sources = ("Dosovitskiy et al. 2021, An Image Is Worth 16x16 Words",)
    examples = (
        Example("ClassToken", "(196, 768)", "(197, 768)", 768, "torchvision, vit_b_16: class_token (1, 1, 768)"),
    )

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        shape = token_shape(inputs[0])
        if len(shape.dims) != 2:
            raise LayerError(f"needs a sequence (T, D), got {len(shape.dims)} sizes")
        steps, features = shape.dims
        output = shape.new((steps + 1, features), SEQUENCE)
        return Applied(output, (None,), (Weight("token", (features,)),), features, origins=(None,))
