"""Recurrent layers: the same gates at every step of a sequence, fed with the step and the state before it."""

from __future__ import annotations

from typing import ClassVar

from symnet.errors import LayerError
from symnet.frameworks.convention import TITLES
from symnet.frameworks.refusals import default, require_expressible
from symnet.layers.declaration.axes import origins, require_steps, same_axes
from symnet.layers.declaration.base import Applied, Condition, Example, Layer, Weight, layer, product
from symnet.layers.declaration.expected import expected_channels, require_channels
from symnet.layers.declaration.fields import choice, count, flag
from symnet.layers.declaration.shape import CHANNELS_LAST, SEQUENCE, Shape
from symnet.printing.text import text
from symnet.terms.propositions import Lt
from symnet.terms.term import Term, integer
from symnet.terms.worked_out import plus, times

__all__ = ["GRU", "LSTM", "Recurrent", "SimpleRNN", "sequence"]

ONE, TWO = integer(1), integer(2)


def sequence(shape: Shape) -> tuple[Term, Term]:
    """(steps, features) of a recurrent layer's input; a vector is a sequence of one step."""
    if len(shape.dims) == 1:
        return ONE, shape.dims[0]
    if len(shape.dims) != 2:
        raise LayerError(f"needs a sequence (T, D), got {len(shape.dims)} sizes; flatten or reshape before it")
    require_steps(shape)
    return shape.dims[0], shape.dims[1]


def _size_text(size: Term) -> str:
    plain = text(size)
    return plain if plain.isalnum() else f"({plain})"


@layer
class Recurrent(Layer):
    """The base of recurrent layers: g gates, each with b rows of weights for the a features of a step, for the state
    before it, and for the biases: (a + b + 1)·b·g numbers per direction and layer.

    (T, a) becomes the last state (b,), or with ``return_sequences`` every state (T, b). ``bidirectional`` runs a
    second set of weights from the end and merges the two; with ``layers`` each layer reads all states of the one
    before it.
    """

    sequential: ClassVar[bool] = True
    gates: ClassVar[int] = 1

    units: Term = count("b", "number of units", "hidden_size")
    return_sequences: bool = flag("give every state, not just the last", "sequences", default=False)
    biases: str | None = choice(
        "bias vectors a gate: 1 in Keras, 2 in PyTorch",
        "0",
        "1",
        "2",
        default=None,
        aliases=("bias", "use_bias"),
        same=(("no", "0"), ("false", "0")),
    )
    layers: Term = count("L", "layers on top of each other", "num_layers", default=1, kw_only=True)
    bidirectional: bool = flag("also from the end, with weights of its own", default=False)
    merge: str = choice(
        "how the two directions become one", "concat", "sum", "mul", "ave", default="concat", aliases=("merge_mode",)
    )
    in_channels: Term | None = expected_channels("input_size")

    @property
    def bias_vectors(self) -> int:
        """The number of bias vectors per gate."""
        return int(self.biases or default(self, "biases", "1"))

    @property
    def state(self) -> Term:
        """The size of a direction's state: its output at each step, and its input at the next."""
        return self.units

    @property
    def directions(self) -> tuple[Term, ...]:
        """A factor 2 if there are two directions, else no factor."""
        return (TWO,) if self.bidirectional else ()

    @property
    def width(self) -> Term:
        """The number of features that a layer puts out."""
        return times(TWO, self.state) if self.bidirectional and self.merge == "concat" else self.state

    @property
    def above(self) -> Term | None:
        """The number of layers above the first one; ``None`` for a single layer."""
        return None if self.layers.constant == 1 else plus(self.layers, integer(-1))

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        require_expressible(self)
        # one size in a channels-last network is a sequence that has lost its steps
        is_single_state = len(shape.dims) == 1 and shape.data_format == CHANNELS_LAST
        if is_single_state and self.framework is not None:
            raise LayerError(
                f"{TITLES[self.framework]} needs a sequence (T, D), got one size; write return_sequences=yes on the recurrent "
                f"layer before it, or Reshape|1*{_size_text(shape.dims[0])} for one step"
            )
        steps, features = sequence(shape)
        dims = (steps, self.width) if self.return_sequences else (self.width,)
        output = shape.new(dims, SEQUENCE if self.return_sequences else None)
        from_index = (0 if len(shape.dims) == 2 else None, None)
        weights = self._weights("", self.directions, features)
        parameters = product(self._numbers(features), *self.directions)
        if self.above is not None:
            weights += self._weights("upper_", (self.above, *self.directions), self.width)
            parameters = parameters + product(self.above, self._numbers(self.width), *self.directions)
        return Applied(
            output,
            same_axes(output),
            tuple(weights),
            parameters,
            require_channels(self.in_channels, features) + self._conditions(),
            origins=origins(shape, output, from_index),
            mixes=True,
        )

    def work(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[Term, ...], ...]:
        steps, features = sequence(inputs[0])
        sets = [(*self.directions, steps, *row) for row in self._rows(features)]
        if self.above is not None:
            sets += [(self.above, *self.directions, steps, *row) for row in self._rows(self.width)]
        return tuple(sets)

    def _rows(self, features: Term) -> list[tuple[Term, ...]]:
        """The shapes of the matrices of one direction of one layer, which are multiplied at every step."""
        gates = integer(self.gates)
        return [(gates, self.units, features), (gates, self.units, self.state)]

    def _weights(self, prefix: str, copies: tuple[Term, ...], features: Term) -> list[Weight]:
        names = ("kernel", "recurrent_kernel", "projection")
        rows = zip(names, self._rows(features), strict=False)
        biases = ("bias",) if self.bias_vectors == 1 else ("bias_input", "bias_hidden")[: self.bias_vectors]
        shapes = [*rows, *((name, (integer(self.gates), self.units)) for name in biases)]
        return [Weight(prefix + name, (*copies, *shape)) for name, shape in shapes]

    def _numbers(self, features: Term) -> Term:
        """(a + b + 1)·b·g."""
        seen = features + self.state
        if self.bias_vectors:
            seen = seen + self.bias_vectors
        return product(seen, self.units, *((integer(self.gates),) if self.gates > 1 else ()))

    def _conditions(self) -> tuple[Condition, ...]:
        return ()


@layer
class SimpleRNN(Recurrent):
    """A plain recurrent layer with b units on a sequence (T, a): (a + b + 1)·b numbers.

    PyTorch has two biases, (a + b + 2)·b. The output is the last state (b,), or with ``return_sequences`` all of
    them, (T, b).

    >>> SimpleRNN(20, biases=2).notation
    'RNN|20|biases=2'
    """

    kind = "RNN"
    parameter_reason = (
        "A unit has a weight for each of the a numbers that come in, one for each of the b numbers of the state before, and one bias: "
        "a + b + 1. There are b units."
    )
    prefix = "rnn"
    aliases = {"simplernn": {}, "birnn": {"bidirectional": True}}
    sources = ("Keras, keras.layers.SimpleRNN", "PyTorch, torch.nn.RNN (two biases)")
    examples = (
        Example("RNN|20", "(5, 10)", "(20)", 620, "Keras, keras.layers.SimpleRNN: (10 + 20 + 1)·20"),
        Example(
            "RNN|20|biases=2|layers=2", "(5, 10)", "(20)", 1480, "PyTorch, torch.nn.RNN(10, 20, 2), its own example"
        ),
    )


@layer
class GRU(Recurrent):
    """A gated recurrent unit with b units on a sequence (T, a): three gates.

    With ``reset_after`` (PyTorch, and Keras unless told otherwise) the reset gate acts after the recurrent matrix,
    which then has a bias of its own: (a + b + 2)·b·3. Without it (Cho et al. 2014) there is one bias: (a + b + 1)·b·3.

    >>> GRU(20, reset_after=False).notation
    'GRU|20|reset_after=no'
    """

    kind = "GRU"
    parameter_reason = (
        "A unit of a gate has a weight for each of the a numbers that come in, one for each of the b numbers of the state before, and "
        "two biases, one for either: a + b + 2. A gate has b units, and there are three: reset, update, and the candidate for the "
        "new state."
    )
    prefix = "gru"
    gates = 3
    aliases = {"bigru": {"bidirectional": True}}
    sources = ("Cho et al. 2014", "Keras, keras.layers.GRU (reset_after)", "PyTorch, torch.nn.GRU (two biases)")
    examples = (
        Example("GRU|20", "(5, 10)", "(20)", 1920, "Keras by default, and PyTorch, torch.nn.GRU(10, 20)"),
        Example("GRU|20|reset_after=no", "(5, 10)", "(20)", 1860, "Keras, reset_after=False"),
    )

    reset_after: bool | None = flag(
        "the reset gate acts after the recurrent matrix; yes unless the framework says no",
        "linear_before_reset",
        default=None,
    )

    @property
    def bias_vectors(self) -> int:
        """Two with ``reset_after``, one without, unless ``biases`` is set."""
        after = default(self, "reset_after", True) if self.reset_after is None else self.reset_after
        return int(self.biases or default(self, "biases", "2" if after else "1"))


@layer
class LSTM(Recurrent):
    """Long short-term memory with b units on a sequence (T, a): four gates, each (a + b + 1)·b numbers.

    The output is the last state (b,), or with ``return_sequences`` every state (T, b). ``biases`` is 1 (Keras), 2
    (PyTorch) or 0. ``proj_size`` p (PyTorch) gives p numbers instead of b at every step, by p·b more weights: (a + p +
    1)·b·4 + p·b.

    >>> LSTM(256).notation
    'LSTM|256'
    """

    kind = "LSTM"
    parameter_reason = (
        "A unit of a gate has a weight for each of the a numbers that come in, one for each of the b numbers of the state before, and "
        "one bias: a + b + 1. A gate has b units, and there are four: input, forget, output, and the candidate for the new cell."
    )
    prefix = "lstm"
    gates = 4
    aliases = {"bilstm": {"bidirectional": True}}
    sources = (
        "the lecture notes: (a + b + 1)·b·4",
        "Keras, keras.layers.LSTM and keras.layers.Bidirectional",
        "PyTorch, torch.nn.LSTM (two biases, proj_size)",
    )
    examples = (
        Example("LSTM|256", "(16, 4096)", "(256)", 4457472, "the lecture notes: 4,457,472"),
        Example("LSTM|20|biases=2", "(5, 10)", "(20)", 2560, "PyTorch, torch.nn.LSTM(10, 20)"),
        Example(
            "LSTM|256",
            "35",
            "(256)",
            299008,
            "Ha & Schmidhuber 2018, World Models: MDN-RNN 422,368 with its dense layer",
        ),
        Example(
            "BiLSTM|64",
            "(200, 128)",
            "(128)",
            98816,
            "Keras's example bidirectional_lstm_imdb: first of its two layers",
        ),
        Example(
            "LSTM|20|biases=2|layers=2", "(5, 10)", "(20)", 5920, "PyTorch, torch.nn.LSTM(10, 20, 2), its own example"
        ),
        Example("LSTM|20|biases=2|proj_size=7", "(5, 10)", "(7)", 1660, "PyTorch, torch.nn.LSTM(10, 20, proj_size=7)"),
    )

    proj_size: Term | None = count("p", "features of a state after a projection", default=None, kw_only=True)

    @property
    def state(self) -> Term:
        """The projected size, or the number of units without a projection."""
        return self.units if self.proj_size is None else self.proj_size

    def _rows(self, features: Term) -> list[tuple[Term, ...]]:
        rows = super()._rows(features)
        return rows if self.proj_size is None else [*rows, (self.proj_size, self.units)]

    def _numbers(self, features: Term) -> Term:
        gates = super()._numbers(features)
        return gates if self.proj_size is None else gates + product(self.proj_size, self.units)

    def _conditions(self) -> tuple[Condition, ...]:
        if self.proj_size is None:
            return ()
        return (Condition(Lt(self.proj_size, self.units), "a projection gives fewer features than there are units"),)
