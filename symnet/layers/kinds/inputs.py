"""Layers whose sizes are declared and not derived: further inputs, opaque layers, parameters and outputs that are
never used.
"""

from __future__ import annotations

from symnet.errors import LayerError
from symnet.layers.declaration.axes import same_axes
from symnet.layers.declaration.base import ZERO, Applied, Example, Layer, Weight, layer
from symnet.layers.declaration.fields import Sizes, choice, count, sizes, words
from symnet.layers.declaration.shape import CHANNELS_FIRST, CHANNELS_LAST, LAYOUTS, SEQUENCE, VECTOR, Shape
from symnet.printing.text import text
from symnet.terms.term import Term, integer

__all__ = ["Held", "Input", "Opaque", "Unused"]

_LAYOUTS = (CHANNELS_FIRST, CHANNELS_LAST, SEQUENCE, VECTOR)


def _shaped(sizes: Sizes, layout: str | None) -> Shape:
    return Shape(sizes, layout or (VECTOR if len(sizes) == 1 else CHANNELS_FIRST))


def _weights(parameters: Term, trained: Term | None) -> tuple[Weight, ...]:
    """One array for the trained parameters and one for the others; empty arrays are left out."""
    trained_count = parameters if trained is None else trained
    frozen_count = ZERO if trained is None else parameters - trained
    if frozen_count.constant is not None:
        frozen_count = integer(frozen_count.constant)
    if frozen_count.constant is not None and frozen_count.constant < 0:
        raise LayerError("more parameters are trained than there are")
    arrays = (Weight("numbers", (trained_count,)), Weight("numbers", (frozen_count,), trainable=False))
    return tuple(weight for weight in arrays if weight.shape[0].constant != 0)


@layer
class Input(Layer):
    """A further input of the network: what follows goes on from it, and a join brings it together with the rest.

    >>> Input((3, 32, 32)).notation
    'Input|3*32*32'
    """

    kind = "Input"
    prefix = "input"
    reads = (0, 0)
    gathers = "shape"
    aliases = {"inputlayer": {}}
    sources = ("Keras, keras.Input", "ONNX, the inputs of a graph")
    examples = (Example("ReLU -> Input|3*32*32", "16", "(3*32*32)", 0, "as given"),)

    shape: Sizes = sizes("", "its sizes, the batch left out", "batch_shape", most=8)
    layout: str | None = choice(
        "where the channels stand",
        *_LAYOUTS,
        default=None,
        aliases=("data_format",),
        same=tuple((name.lower(), layout) for name, layout in LAYOUTS.items()),
    )

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        shape = _shaped(self.shape, self.layout)
        return Applied(shape, same_axes(shape), origins=(None,) * len(shape.axis_indices))


@layer
class Opaque(Layer):
    """A layer that is not understood: what it gives and how many numbers it holds is said by somebody, and not proven.

    Every report shows it among what is assumed.

    >>> Opaque(output=(8, 7, 7), parameters=100, according="Keras").notation
    'Opaque|output=8*7*7|parameters=100|according="Keras"'
    """

    kind = "Opaque"
    prefix = "opaque"
    reads = (1, None)
    sources = ("symnet: an imported layer of an unknown class",)
    examples = (
        Example(
            "Opaque|output=8*7*7|parameters=100", "(3*28*28)", "(8*7*7)", 100, "as given, which is all that is known"
        ),
    )

    output: Sizes = sizes("", "the sizes that come out", most=8, kw_only=True)
    parameters: Term = count("", "how many numbers it holds", default=0, least=0, kw_only=True)
    trained: Term | None = count(
        "", "how many of them are trained; all unless given", default=None, least=0, kw_only=True
    )
    layout: str | None = choice("where the channels of the output stand", *_LAYOUTS, default=None)
    according: str | None = words("who says so")

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        if not inputs:
            raise LayerError("reads at least one output")
        first = inputs[0]
        output = first.new(self.output, self.layout)
        sizes_text = "×".join(map(text, self.output))
        who = f", as {self.according} says" if self.according else ""
        return Applied(
            output,
            same_axes(output),
            _weights(self.parameters, self.trained),
            self.parameters,
            origins=(None,) * len(output.axis_indices),
            mixes=True,
            assumed=(
                f"gives {sizes_text} and holds {text(self.parameters)} parameters{who}; its multiply-adds are not counted",
            ),
        )


@layer
class Held(Layer):
    """Parameters that a model holds and does not use where it stands; they count all the same. The tensor passes through.

    >>> Held(1000, trained=0).notation
    'Held|1000|trained=0'
    """

    kind = "Held"
    prefix = "held"
    sources = ("PyTorch, torch.nn.Module.parameters: those of modules that forward does not call are among them",)
    examples = (Example("Held|3544", "(8*7*7)", "(8*7*7)", 3544, "as given"),)

    parameters: Term = count("", "how many numbers there are")
    trained: Term | None = count(
        "", "how many of them are trained; all unless given", default=None, least=0, kw_only=True
    )

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        return Applied(shape, same_axes(shape), _weights(self.parameters, self.trained), self.parameters)


@layer
class Unused(Layer):
    """Outputs that a model computes and does not use; they count all the same. The tensor passes through.

    >>> Unused().notation
    'Unused'
    """

    kind = "Unused"
    prefix = "unused"
    reads = (2, None)
    sources = ("Python: a value that a function computes and does not return",)
    examples = (Example("FC|3 @a -> From|input -> FC|4 -> Unused|a", "8", "(4)", 63, "as given: 27 and 36"),)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        return Applied(inputs[0], same_axes(inputs[0]))
