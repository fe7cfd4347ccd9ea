"""Layers that work on each number by itself: sizes pass through unchanged (and GLU, which halves one)."""

from __future__ import annotations

from functools import cached_property

from symnet.errors import LayerError
from symnet.frameworks.refusals import default, require_expressible
from symnet.layers.declaration.axes import ANY, index_of_axis, indices_of_axes, origins, quotient, same_axes
from symnet.layers.declaration.base import Applied, Condition, Example, Layer, Weight, layer, product
from symnet.layers.declaration.expected import expected_axes, require_axes
from symnet.layers.declaration.fields import REQUIRED, Sizes, count, flag, number, sizes, words
from symnet.layers.declaration.shape import Shape
from symnet.terms.propositions import Divides, Eq
from symnet.terms.term import Term, as_term, integer

__all__ = ["GLU", "Activation", "Dropout", "PReLU", "Scale"]

ONE = integer(1)

#: Activations that are layer kinds by themselves, spelled as in notation: ``ReLU`` is ``Activation|relu``.
FUNCTIONS = (
    "ReLU", "ReLU6", "Sigmoid", "Tanh", "Softmax", "LogSoftmax", "Softplus", "Softsign", "ELU", "SELU", "GELU", "SiLU",
    "Swish", "Mish", "HardSwish", "HardSigmoid", "HardTanh", "LeakyReLU", "Identity", "Exponential", "CELU", "RReLU",
    "HardShrink", "LogSigmoid", "Softmin", "SoftShrink", "Softmax2d", "TanhShrink", "Threshold", "ThresholdedReLU",
)  # fmt: skip
_FUNCTION_NAMES = {name.lower(): name for name in FUNCTIONS}


@layer
class Activation(Layer):
    """An activation without parameters: ReLU, sigmoid, tanh, softmax, …

    >>> Activation("relu").notation
    'ReLU'
    """

    kind = "Activation"
    prefix = "activation"
    aliases = {name.lower(): {"function": name.lower()} for name in FUNCTIONS}
    sources = ("Keras, keras.activations", "PyTorch, torch.nn, Non-linear Activations")
    examples = (Example("ReLU", "(32*24*24)", "(32*24*24)", 0, "elementwise"),)

    function: str = words("which one", kw_only=False, default=REQUIRED)
    alpha: str | None = number("its coefficient, where it has one", "negative_slope", "slope", kw_only=False)
    axis: Term | None = count(
        "", "the size that sums to 1 after a softmax", "dim", default=None, least=ANY, kw_only=True
    )

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        if self.axis is not None:
            index_of_axis(self.axis, len(shape.dims))
        return Applied(shape, same_axes(shape))

    @cached_property
    def notation(self) -> str:
        """The layer in notation, named after its function if that is a kind by itself."""
        plain = f'{self.kind}|"{self.function}"'
        return super().notation.replace(plain, _FUNCTION_NAMES.get(self.function, plain), 1)


@layer
class Dropout(Layer):
    """Dropout: some numbers are set to 0 in training. Neither sizes nor parameters change.

    >>> Dropout(0.5).notation
    'Dropout|0.5'
    """

    kind = "Dropout"
    prefix = "dropout"
    aliases = {
        **{
            name: {}
            for name in (
                "spatialdropout", "alphadropout", "gaussiandropout", "gaussiannoise", "droppath", "stochasticdepth",
            )
        },
        **{f"{stem}{rank}d": {"rank": rank} for stem in ("dropout", "spatialdropout") for rank in (1, 2, 3)},
    }  # fmt: skip
    sources = ("Srivastava et al. 2014, Dropout",)
    examples = (Example("Dropout|0.5", "(256)", "(256)", 0, "elementwise"),)

    rate: str | None = number("the share that is dropped", "p", default=None, kw_only=False, within=(0, 1))
    rank: Term | None = expected_axes()

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        require_axes(self.rank, len(inputs[0].dims) - 1)
        return Applied(inputs[0], same_axes(inputs[0]))


@layer
class PReLU(Layer):
    """A ReLU with trained slopes, one for every entry unless some are shared.

    Slopes are the same along ``shared_axes`` (numbered from 1, as Keras has it); ``num_parameters`` (PyTorch) gives
    one for all, or one a channel. Sizes do not change.

    >>> PReLU(shared_axes=(2, 3)).notation
    'PReLU|shared_axes=2*3'
    """

    kind = "PReLU"
    prefix = "prelu"
    sources = ("He et al. 2015, Delving Deep into Rectifiers", "Keras, keras.layers.PReLU", "PyTorch, torch.nn.PReLU")
    examples = (
        Example("PReLU", "HWC:8x8x16", "HWC:8x8x16", 1024, "Keras, keras.layers.PReLU: a slope an entry"),
        Example(
            "PReLU|shared_axes=1*2", "HWC:8x8x16", "HWC:8x8x16", 16, "Keras, keras.layers.PReLU(shared_axes=[1, 2])"
        ),
        Example("PReLU|1", "(16*8*8)", "(16*8*8)", 1, "PyTorch, torch.nn.PReLU()"),
        Example("PReLU|16", "(16*8*8)", "(16*8*8)", 16, "PyTorch, torch.nn.PReLU(16)"),
    )

    num_parameters: Term | None = count("", "number of slopes: 1, or one a channel", default=None)
    shared_axes: Sizes | None = sizes(
        "", "sizes along which slopes are the same", default=None, least=ANY, most=8, kw_only=True
    )

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        require_expressible(self)
        if self.num_parameters is not None and self.shared_axes is not None:
            raise LayerError("num_parameters and shared_axes both say which slopes are the same; give one of them")
        slopes: tuple[Term, ...] = shape.dims
        conditions: list[Condition] = []
        number = self.num_parameters or default(self, "num_parameters")
        if number is not None:
            slopes = (as_term(number),)
            if slopes[0].constant != 1:
                conditions = [Condition(Eq(slopes[0], shape.channels), "there is one slope, or one a channel")]
        elif self.shared_axes is not None:
            shared = indices_of_axes(self.shared_axes, len(shape.dims), "shared axis")
            slopes = tuple(ONE if index in shared else size for index, size in enumerate(shape.dims))
        own = [size for size in slopes if size.constant != 1]
        return Applied(shape, same_axes(shape), (Weight("alpha", slopes),), product(*own), tuple(conditions))


@layer
class Scale(Layer):
    """A trained factor a channel, and with ``bias`` a trained offset; the layer scale of ConvNeXt and CaiT.

    >>> Scale().notation
    'Scale'
    """

    kind = "Scale"
    prefix = "scale"
    aliases = {"layerscale": {}}
    sources = ("Touvron et al. 2021, Going Deeper with Image Transformers", "keras.applications.convnext, LayerScale")
    examples = (
        Example("LayerScale", "HWC:56x56x96", "HWC:56x56x96", 96, "keras.applications.ConvNeXtTiny's first LayerScale"),
    )

    bias: bool = flag("an offset a channel", default=False)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        if not shape.dims:
            raise LayerError("needs channels, got a single number")
        weights = tuple(Weight(name, (shape.channels,)) for name in ("gamma", "beta")[: 1 + self.bias])
        return Applied(
            shape, same_axes(shape), weights, product(integer(2), shape.channels) if self.bias else shape.channels
        )


@layer
class GLU(Layer):
    """Gated linear unit: one half of a size is the gate of the other half, so the size is halved.

    It is the last size unless ``axis`` says which, and must be even.

    >>> GLU().notation
    'GLU'
    """

    kind = "GLU"
    prefix = "glu"
    sources = ("Dauphin et al. 2017, Language Modeling with Gated Convolutional Networks", "PyTorch, torch.nn.GLU")
    examples = (Example("GLU", "(4, 2)", "(4, 1)", 0, "PyTorch, torch.nn.GLU: (4, 2) gives (4, 1), its own example"),)

    axis: Term = count("", "which size is halved", "dim", default=-1, least=ANY)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        index = index_of_axis(self.axis, len(shape.dims))
        half, whole = quotient(shape.dims[index], integer(2))
        output = shape.new((*shape.dims[:index], half, *shape.dims[index + 1 :]), shape.layout)
        from_index = [None if position == index else position for position in range(len(shape.dims))]
        conditions = (
            () if whole else (Condition(Divides(integer(2), shape.dims[index]), "both halves are of one size"),)
        )
        return Applied(output, same_axes(output), conditions=conditions, origins=origins(shape, output, from_index))
