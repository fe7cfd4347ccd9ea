"""Cells of recurrent networks: one step, from an input and a state to the next state."""

from __future__ import annotations

from typing import Any

from symnet.frontends.torch.making import dense
from symnet.frontends.torch.placing import same_features
from symnet.frontends.torch.tensors import Value
from symnet.frontends.torch.trace import Handler, Trace

__all__ = ["FUNCTIONS"]


def _both(trace: Trace, x: Any, state: Any, kernel: Any, recurrent: Any, bias: Any, hidden: Any) -> tuple[Value, Value]:
    """What a cell calculates of the input, and of the state."""
    x, state = trace.constant(x), trace.constant(state)
    same_features(trace, state, -1, recurrent.shape[1], "units")
    return dense(trace, x, kernel, bias, "input"), dense(trace, state, recurrent, hidden, "state")


def _gates(trace: Trace, x: Value, count: int) -> list[Value]:
    return list(trace.function("chunk", (x, count, -1), {}))


def _call(trace: Trace, name: str, *tensors: Any) -> Any:
    return trace.function(name, tensors, {})


def _plain(name: str) -> Handler:
    """h' = f(W x + b + R h + c)."""

    def handler(
        trace: Trace, x: Any, state: Any, kernel: Any, recurrent: Any, bias: Any = None, hidden: Any = None
    ) -> Value:
        one, two = _both(trace, x, state, kernel, recurrent, bias, hidden)
        made: Value = _call(trace, name, _call(trace, "add", one, two))
        return made

    return handler


def _lstm(
    trace: Trace, x: Any, states: Any, kernel: Any, recurrent: Any, bias: Any = None, hidden: Any = None
) -> tuple[Value, Value]:
    """c' = σ(f)·c + σ(i)·tanh(g), h' = σ(o)·tanh(c')."""
    state, cell = states
    gates = _call(trace, "add", *_both(trace, x, state, kernel, recurrent, bias, hidden))
    enter, forget, new, out = _gates(trace, gates, 4)
    kept = _call(trace, "mul", _call(trace, "sigmoid", forget), trace.constant(cell))
    cell = _call(trace, "add", kept, _call(trace, "mul", _call(trace, "sigmoid", enter), _call(trace, "tanh", new)))
    return _call(trace, "mul", _call(trace, "sigmoid", out), _call(trace, "tanh", cell)), cell


def _gru(trace: Trace, x: Any, state: Any, kernel: Any, recurrent: Any, bias: Any = None, hidden: Any = None) -> Value:
    """r and z of both, n = tanh(x's part + r·h's part), h' = n + z·(h − n)."""
    ours, theirs = (_gates(trace, one, 3) for one in _both(trace, x, state, kernel, recurrent, bias, hidden))
    reset, update = (_call(trace, "sigmoid", _call(trace, "add", ours[at], theirs[at])) for at in range(2))
    new = _call(trace, "tanh", _call(trace, "add", ours[2], _call(trace, "mul", reset, theirs[2])))
    gap = _call(trace, "sub", trace.constant(state), new)
    made: Value = _call(trace, "add", new, _call(trace, "mul", update, gap))
    return made


FUNCTIONS: dict[str, Handler] = {
    "rnn_tanh_cell": _plain("tanh"),
    "rnn_relu_cell": _plain("relu"),
    "lstm_cell": _lstm,
    "gru_cell": _gru,
}
