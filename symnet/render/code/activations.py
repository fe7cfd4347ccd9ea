"""Statements of generated code for activations, looked up in the table ``ACTIVATIONS`` of their names per framework."""

from __future__ import annotations

from dataclasses import replace

from symnet.frameworks.calls import Call, Value, printed
from symnet.frameworks.convention import KERAS, TITLES, TORCH
from symnet.frameworks.tables.activations import ACTIVATIONS, Function
from symnet.layers.declaration.constructor import spelling
from symnet.render.code.statement import Cannot, Site, Statement

__all__ = ["activation"]


def activation(site: Site, framework: str, axis: int, channels: int) -> Statement:
    """Returns the statement of an activation. ``axis`` is the framework's index of the axis that a softmax sums along,
    ``channels`` the framework's index of the channel axis, both counted with the batch. Raises :class:`Cannot` where the
    framework has no such function.
    """
    layer, title = site.layer, TITLES[framework]
    word = spelling(layer.function)
    if word == "softmax2d":
        word, axis = "softmax", channels
    row = ACTIVATIONS.get(word, {})
    if word == "softmin" and framework == KERAS:
        return Statement(do=f"{{ops}}.softmax(-{{x0}}, axis={axis})")
    if word == "thresholdedrelu" and framework == TORCH:
        return Statement.of(Call("torch.nn.Threshold", (_coefficient(layer, row[KERAS], 1.0), 0.0)))
    function = row.get(framework)
    if function is None:
        raise Cannot(f"{title} has no activation of that name")
    named: dict[str, Value] = dict(function.named)
    if function.alpha:
        value = _coefficient(layer, function, _usual(word))
        named |= {} if value == function.usual else {function.alpha: value}
    elif layer.alpha is not None:
        raise Cannot(f"{title} has no coefficient in it")
    if function.axis and not (framework == KERAS and axis == -1 and function.module):
        named[function.axis] = axis
    call = Call(function.target, function.positional, tuple(named.items()))
    return Statement.of(call) if function.module else _applied(call)


def _usual(word: str) -> float:
    """Returns the coefficient used where neither the layer nor its framework gives one: PyTorch's default, or 1."""
    torch_function = ACTIVATIONS[word].get(TORCH)
    return 1.0 if torch_function is None or torch_function.usual is None else torch_function.usual


def _coefficient(layer: object, function: Function, usual: float) -> float:
    """Returns the layer's own coefficient, else the default of the layer's framework, else ``usual``."""
    alpha = getattr(layer, "alpha", None)
    if alpha is not None:
        return float(alpha)
    row = ACTIVATIONS[spelling(getattr(layer, "function", ""))]
    own_function = row.get(getattr(layer, "framework", None) or "")
    return usual if own_function is None or own_function.usual is None else own_function.usual


def _applied(call: Call) -> Statement:
    """Returns a statement that calls a function on the input instead of making a module."""
    target = call.target.replace("keras.ops", "{ops}")
    arguments = printed(replace(call, target=""), quote='"')[1:-1]
    return Statement(do=f"{target}({{x0}}{arguments and ', '}{arguments})")
