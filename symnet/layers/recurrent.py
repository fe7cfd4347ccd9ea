"""Recurrent layers: gates that see the input and the state before."""

from __future__ import annotations

from dataclasses import dataclass

from symnet.errors import LayerError
from symnet.layers.base import Applied, Example, Layer, Weight, product
from symnet.layers.fields import choice, count, flag
from symnet.layers.shape import SEQUENCE, VECTOR, Shape
from symnet.terms.term import Term, integer

__all__ = ["LSTM"]

FOUR = integer(4)


def sequence(shape: Shape) -> tuple[Term, Term]:
    """(steps, features) of a recurrent layer's input."""
    if len(shape.dims) == 1:
        return integer(1), shape.dims[0]
    if len(shape.dims) != 2:
        raise LayerError(f"needs a sequence (T, D), got {len(shape.dims)} sizes; flatten or reshape before it")
    return shape.dims[0], shape.dims[1]


@dataclass(frozen=True)
class LSTM(Layer):
    """Long short-term memory with b units on a sequence (T, a): four gates, each (a + b + 1)·b numbers.

    The output is the last state (b,), or with ``return_sequences`` every state (T, b). ``biases`` is 1 (Keras), 2 (PyTorch) or 0.

    >>> LSTM(256).notation
    'LSTM|256'
    """

    kind = "LSTM"
    prefix = "lstm"
    sources = ("the lecture notes: (a + b + 1)·b·4", "Keras, keras.layers.LSTM", "PyTorch, torch.nn.LSTM (two biases)")
    examples = (
        Example("LSTM|256", "(16, 4096)", "(256)", 4457472, "the lecture notes: 4,457,472"),
        Example("LSTM|20|biases=2", "(5, 10)", "(20)", 2560, "PyTorch, torch.nn.LSTM(10, 20)"),
    )

    units: Term = count("b", "number of units", "hidden_size")
    return_sequences: bool = flag("give every state, not just the last", "sequences", default=False)
    biases: str = choice("bias vectors a gate: 1 in Keras, 2 in PyTorch", "0", "1", "2", default="1", aliases=("bias",))

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        steps, features = sequence(shape)
        units = self.units
        output = Shape((steps, units), SEQUENCE) if self.return_sequences else Shape((units,), VECTOR)
        weights = [Weight("kernel", (FOUR, units, features)), Weight("recurrent_kernel", (FOUR, units, units))]
        names = ("bias",) if self.biases == "1" else ("bias_input", "bias_hidden")[: int(self.biases)]
        weights += [Weight(name, (FOUR, units)) for name in names]
        seen = features + units
        for _ in names:
            seen = seen + 1
        maps = (None,) * (len(output.dims) - 1)
        return Applied(output, maps, tuple(weights), product(seen, units, FOUR))

    def work(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[Term, ...], ...]:
        steps, features = sequence(inputs[0])
        return ((steps, FOUR, self.units, features), (steps, FOUR, self.units, self.units))
