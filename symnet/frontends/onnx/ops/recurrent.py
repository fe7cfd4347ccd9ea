"""Recurrent operators: LSTM, GRU, RNN. Tensors are (steps, batch, features), or with ``layout=1`` the batch is first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from symnet.errors import LayerError
from symnet.frontends.building import Tensor
from symnet.frontends.flow import Flow
from symnet.frontends.onnx.call import Call, Handler
from symnet.frontends.onnx.values import Array, Value
from symnet.frontends.ops.arranging import whole
from symnet.frontends.ops.products import shown
from symnet.layers.declaration.base import Layer
from symnet.layers.kinds.inputs import Held
from symnet.layers.kinds.recurrent import GRU, LSTM, Recurrent, SimpleRNN
from symnet.layers.kinds.reshaping import Reshape
from symnet.layers.kinds.slicing import Slice
from symnet.terms.term import integer

__all__ = ["RECURRENT"]

_KINDS: dict[str, type[Recurrent]] = {"LSTM": LSTM, "GRU": GRU, "RNN": SimpleRNN}
_GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}
TWO = integer(2)


def _recurrent(call: Call) -> Sequence[Value | None]:
    flow, first = call.flow(), bool(call.attribute("layout", 0))
    if flow.ndim != 3 or flow.batch != (0 if first else 1):
        where = "(batch, steps, features)" if first else "(steps, batch, features)"
        raise LayerError(f"reads {where}, and the batch of its input stands elsewhere")
    if not flow.batch_alone:
        raise LayerError(
            f"runs along the steps of {shown([flow.sizes[flow.batch]])} sequences, which symnet has for N only"
        )
    flow = whole(call, flow, "")
    weights = {"kernel": call.array(1), "recurrent_kernel": call.array(2)}
    if call.has(3):
        weights["bias_input bias_hidden"] = call.array(3)
    units = weights["recurrent_kernel"].dims[2]
    both = call.attribute("direction", "forward") == "bidirectional"
    more = {"reset_after": bool(call.attribute("linear_before_reset", 0))} if call.op == "GRU" else {}
    layer = _KINDS[call.op](
        units, return_sequences=call.wants(0), biases="2" if call.has(3) else "0", bidirectional=both, **more
    )
    features = weights["kernel"].dims[2]
    if flow.dims[1].constant != features.constant:
        raise LayerError(f"has weights for {features.constant} features, and its input has other ones")
    _fitting(weights, units.constant, features.constant, gates=_GATES[call.op], ways=1 + both)
    tensor = call.layer(layer, flow.tensor, weights=weights)
    tensor = _held(call, tensor)
    states = tensor if call.wants(0) else None
    last = _last(call, layer, flow, tensor, weights) if call.wants(1) or call.wants(2) else None
    return (
        None if states is None else _all(call, states, both=both, first=first),
        *([None if last is None else _final(call, last, both=both, first=first)] * 2),
    )


def _fitting(weights: dict[str, Array], units: int | None, features: int | None, *, gates: int, ways: int) -> None:
    """The arrays have the sizes that the operator's text says."""
    rows = gates * (units or 0)
    wanted = {
        "kernel": (ways, rows, features),
        "recurrent_kernel": (ways, rows, units),
        "bias_input bias_hidden": (ways, 2 * rows),
    }
    for name, array in weights.items():
        found = tuple(size.constant for size in array.dims)
        if None not in found and found != wanted[name]:
            said, right = ("×".join(map(str, sizes)) for sizes in (found, wanted[name]))
            raise LayerError(f"has weights of sizes {said} where {right} are wanted for {units} units")


def _held(call: Call, tensor: Tensor) -> Tensor:
    """Adds weights that change no size: peepholes and initial states."""
    for index, name in ((5, "state"), (6, "cell"), (7, "peepholes")):
        array = call.inputs[index] if call.has(index) else None
        if isinstance(array, Array) and array.trained and array.count:
            tensor = call.layer(Held(array.count), tensor, weights={"numbers": array}, name=name)
    return tensor


def _last(call: Call, layer: Layer, flow: Flow, tensor: Tensor, weights: dict[str, Array]) -> Tensor:
    """The last state, sliced from all states if those are computed."""
    if not call.wants(0):
        return tensor
    if not layer.bidirectional:  # type: ignore[attr-defined]
        step = call.layer(Slice(1, -1), tensor, name="last")
        return call.layer(Reshape(tensor.shape.dims[1:]), step, name="state")
    again: Layer = replace(layer, return_sequences=False)  # type: ignore[call-arg]
    return call.layer(again, flow.tensor, weights=weights, name="state")


def _all(call: Call, tensor: Tensor, *, both: bool, first: bool) -> Flow:
    """All states as (steps, directions, batch, units), or with the batch first."""
    if both:
        steps, width = tensor.shape.dims
        units = width // 2 if width.constant is None else integer(width.constant // 2)
        tensor = call.layer(Reshape((steps, TWO, units)), tensor, name="directions")
        return Flow(tensor, (None, 0, 1, 2) if first else (0, 1, None, 2), 0 if first else 2)
    return Flow(tensor, (None, 0, None, 1) if first else (0, None, None, 1), 0 if first else 2)


def _final(call: Call, tensor: Tensor, *, both: bool, first: bool) -> Flow:
    """The last state as (directions, batch, units), or with the batch first."""
    if both:
        (width,) = tensor.shape.dims
        units = width // 2 if width.constant is None else integer(width.constant // 2)
        tensor = call.layer(Reshape((TWO, units)), tensor, name="both")
        return Flow(tensor, (None, 0, 1) if first else (0, None, 1), 0 if first else 1)
    return Flow(tensor, (None, None, 0), 0 if first else 1)


RECURRENT: dict[str, Handler] = dict.fromkeys(_KINDS, _recurrent)
