"""Recurrent modules: all states of the last layer, and the last states of every layer and direction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symnet.errors import ModelError
from symnet.frontends.flow import Flow
from symnet.frontends.ops.arranging import whole
from symnet.frontends.ops.products import shown
from symnet.frontends.torch.functions.packing import exchanged, packed, padded
from symnet.frontends.torch.placing import same_sizes, with_features
from symnet.frontends.torch.tensors import Value
from symnet.frontends.torch.trace import Handler, Trace
from symnet.layers.kinds.arrays import Parameter
from symnet.layers.kinds.recurrent import GRU, LSTM, Recurrent, SimpleRNN
from symnet.layers.kinds.reshaping import Repeat, Reshape
from symnet.layers.kinds.slicing import Slice
from symnet.terms.term import Term, integer

__all__ = ["MODULES"]

#: The weights of symnet's first layer, and of the layers above, by torch's names.
_NAMES = {
    "weight_ih": "kernel", "weight_hh": "recurrent_kernel", "weight_hr": "projection", "bias_ih": "bias_input",
    "bias_hh": "bias_hidden",
}  # fmt: skip


def _recurrent(kind: type[Recurrent]) -> Handler:
    def handler(trace: Trace, module: Any, x: Any, states: Any = None) -> Any:
        if type(x).__name__ == "PackedSequence":
            return _of_packed(trace, module, handler, x, states)
        wanted = 0 if module.batch_first else 1
        if x.ndim != 3 or x.batch != wanted:
            first = "batch_first=True" if wanted else "batch_first=False"
            raise ModelError(
                trace.wrong(f"would run along the batch, where dimension {x.batch} is; was {first} meant?")
            )
        if not x.flow.batch_alone:
            merged = shown([x.sizes[wanted]])
            raise ModelError(trace.where(f"runs along the steps of {merged} sequences, which symnet has for N only"))
        x = trace.like(x, whole(trace, x.flow, ""))
        x = with_features(trace, x, 2, module.input_size, "inputs")
        _require_states(trace, module, x.sizes[wanted], states)
        more: dict[str, Any] = {"proj_size": module.proj_size} if module.proj_size else {}
        layer: Any = kind(
            module.hidden_size, return_sequences=True, biases="2" if module.bias else "0", layers=module.num_layers,
            bidirectional=module.bidirectional, **more,
        )  # fmt: skip
        made = trace.add(layer, x, holds=_weights(module))
        last = _last_states(trace, module, made)
        if kind is not LSTM:
            return made, last
        return made, (last, _last_states(trace, module, made, cells=True))

    return handler


def _of_packed(trace: Trace, module: Any, handler: Handler, x: Any, states: Any) -> Any:
    """The outputs for packed sequences, which are packed again, and the last states."""
    sequences = exchanged(trace, padded(trace, x.data, x.batch_sizes), module.batch_first)
    outputs, last = handler(trace, module, sequences, states)
    return type(x)(packed(trace, exchanged(trace, outputs, module.batch_first)), *x[1:]), last


def _require_states(trace: Trace, module: Any, batch: Term, states: Any) -> None:
    """The first states, where they are given, are (layers · directions, batch, units); the cells of an LSTM are not projected."""
    rows = integer(module.num_layers * (2 if module.bidirectional else 1))
    units = integer(module.hidden_size)
    if module.mode != "LSTM":
        states = (states,)
    names = ("first states", "first cells")
    for state, name, size in zip(
        states or (), names, (integer(module.proj_size or module.hidden_size), units), strict=False
    ):
        if state is not None:
            same_sizes(trace, state, (rows, batch, size), name)


def _weights(module: Any) -> Mapping[str, Any]:
    """The module's parameters by the names of symnet's weights; those of upper layers and of both directions share a
    name.
    """
    parts: dict[str, list[Any]] = {}
    for name, held in module.named_parameters():
        plain, _, rest = name.partition("_l")
        upper = "upper_" if rest.split("_")[0] != "0" else ""
        parts.setdefault(upper + _NAMES[plain], []).append(held)
    return parts


def _last_states(trace: Trace, module: Any, outputs: Value, cells: bool = False) -> Value:
    """The last states (layers · directions, batch, units), taken from the last step of the outputs. States of lower
    layers and the cells of an LSTM have the same sizes; cells are not projected, so they have as many numbers as there
    are units.
    """
    directions, size = (2 if module.bidirectional else 1), module.proj_size or module.hidden_size
    name = "c_n" if cells else "h_n"
    if cells and module.proj_size:
        tensor = trace.layer(Parameter((directions * module.num_layers, module.hidden_size), fixed=True), name=name)
    else:
        tensor = trace.layer(Slice(1, -1), outputs.tensor, name=name)
        tensor = trace.layer(Reshape((directions, size)), tensor, name=f"{name}.sizes")
        if module.num_layers > 1:
            tensor = trace.layer(Repeat(module.num_layers, axis=1), tensor, name=f"{name}.layers")
    made = trace.like(outputs, Flow.of(tensor, batch=1))
    made.aside = True
    return made


_RNN = "torch.nn.modules.rnn."

MODULES: dict[str, Handler] = {
    f"{_RNN}LSTM": _recurrent(LSTM),
    f"{_RNN}GRU": _recurrent(GRU),
    f"{_RNN}RNN": _recurrent(SimpleRNN),
}
