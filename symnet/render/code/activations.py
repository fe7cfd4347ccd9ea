"""Activations as a framework says them, from the table of their names."""

from __future__ import annotations

from dataclasses import replace

from symnet.frameworks.calls import Call, Value, printed
from symnet.frameworks.convention import KERAS, TITLES, TORCH
from symnet.frameworks.tables.activations import ACTIVATIONS, Function
from symnet.layers.declaration.constructor import spelling
from symnet.render.code.statement import Cannot, Site, Statement

__all__ = ["activation"]


def activation(site: Site, framework: str, axis: int, channels: int) -> Statement:
    """An activation; ``axis`` is what a softmax sums along in the framework's numbers, ``channels`` where the channels are."""
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
    """The coefficient where neither the layer nor its framework gives one: PyTorch's, or 1."""
    found = ACTIVATIONS[word].get(TORCH)
    return 1.0 if found is None or found.usual is None else found.usual


def _coefficient(layer: object, function: Function, usual: float) -> float:
    """The layer's, its framework's, or the usual one."""
    given = getattr(layer, "alpha", None)
    if given is not None:
        return float(given)
    row = ACTIVATIONS[spelling(getattr(layer, "function", ""))]
    own = row.get(getattr(layer, "framework", None) or "")
    return usual if own is None or own.usual is None else own.usual


def _applied(call: Call) -> Statement:
    """A function on the input, which is no module."""
    target = call.target.replace("keras.ops", "{ops}")
    inside = printed(replace(call, target=""), quote='"')[1:-1]
    return Statement(do=f"{target}({{x0}}{inside and ', '}{inside})")
