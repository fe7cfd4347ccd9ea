"""A layer that a framework has, as its calls: arguments by the framework's names, those that are not its defaults."""

from __future__ import annotations

import re
from math import isfinite
from typing import Any

from symnet.frameworks.calls import Call, Name, Square, Value, one_for_all
from symnet.frameworks.convention import KERAS, ONNX, TENSORFLOW, TORCH, Convention
from symnet.frameworks.tables import CONVENTIONS
from symnet.layers.declaration.axes import indices_of_axes
from symnet.layers.declaration.base import Applied, Layer, product
from symnet.layers.declaration.fields import FieldSpec
from symnet.layers.declaration.shape import Shape
from symnet.layers.laws.padding import EXPLICIT, SAME_LOWER, Padding
from symnet.terms.term import Term, integer

__all__ = ["EPSILON", "LAST_SIZES", "Amounts", "calls_of", "pad_call"]

#: What is added to a variance where neither the layer nor a framework says how much: PyTorch's and ONNX's number.
EPSILON = "1e-05"

#: The amounts of padding before and after each axis; terms where they have letters.
Amounts = tuple[tuple[int | Term, int | Term], ...]

#: What PyTorch calls the axes of a normalization: it wants their sizes, and they are the last.
LAST_SIZES = "normalized_shape"


def _around(amounts: Amounts) -> Value:
    """One number where it is the same everywhere."""
    if len({entry for pair in amounts for entry in pair}) == 1:
        return amounts[0][0]
    return amounts if len(amounts) > 1 else amounts[0]


def pad_call(framework: str, amounts: Amounts, shape: Shape, lowest: bool) -> Call:
    """A padding with zeros, or with −∞ before a max pool."""
    rank, before, after = len(amounts), [pair[0] for pair in amounts], [pair[1] for pair in amounts]
    if framework == TORCH:  # the last axis first
        entries = tuple(entry for pair in reversed(amounts) for entry in pair)
        if lowest:
            return Call(f"torch.nn.ConstantPad{rank}d", (entries, float("-inf")))
        return Call(f"torch.nn.ZeroPad{rank}d", (entries,))
    if framework == ONNX:
        value: tuple[tuple[str, Value], ...] = (("constant_value", Name("-inf")),) if lowest else ()
        return Call("Pad", (), (("pads", Square((0, 0, *before, 0, 0, *after))), *value))
    if framework == KERAS and not lowest:
        return Call(f"keras.layers.ZeroPadding{rank}D", (_around(amounts),))
    whole = [(0, 0), *amounts, (0, 0)] if shape.channel_index else [(0, 0), (0, 0), *amounts]
    value = (("constant_values", float("-inf")),) if lowest else ()
    target = "keras.ops.pad" if framework == KERAS else "tf.pad"
    return Call(target, (Name("x"), Square(tuple(Square(pair) for pair in whole))), value)


def calls_of(layer: Layer, framework: str, shape: Shape, applied: Applied) -> tuple[Call, ...]:
    """The layer; in tf.nn a bias is a call of its own."""
    call = _call(layer, framework, shape, applied)
    theirs = CONVENTIONS[layer.kind][framework].arguments
    if theirs.get("bias") == "tf.nn.bias_add" and getattr(layer, "bias", False):
        zeros = Call("tf.zeros", (Square((applied.output.channels,)),))
        return call, Call("tf.nn.bias_add", (Name("x"),), (("bias", zeros),))
    return (call,)


def _call(layer: Layer, framework: str, shape: Shape, applied: Applied) -> Call:
    """The call with the arguments that are not the framework's defaults."""
    convention = CONVENTIONS[layer.kind][framework].of(layer)
    rank = len(shape.axes) - convention.steps
    reads = convention.target.startswith("tf.") and not convention.target.startswith("tf.keras.")
    shown = {spec.name: spec for spec in layer.specs()}
    given: dict[str, Value] = {
        name: _value(applied.weights[array].shape[size]) for name, (array, size) in convention.from_weights.items()
    }
    around: str = ""
    outside: dict[str, Value] = {}
    for name, theirs in convention.arguments.items():
        if theirs == LAST_SIZES:
            last = tuple(shape.dims[index] for index in sorted(indices_of_axes(getattr(layer, name), len(shape.dims))))
            given[theirs] = last[0] if len(last) == 1 else last
            continue
        if name not in shown:  # of the input or output: the channels
            value: Any = applied.output.channels if name == "outputs" else shape.channels
        else:
            spec = shown[name]
            if spec.kind == "number":
                given |= _rate(layer, framework, spec, theirs)
                continue
            value = getattr(layer, name)
            usual = None if spec.required or spec.default is None else spec.coerce(spec.default)
            usual = None if name in convention.always else usual
            if value is None or theirs in convention.from_weights or (not spec.required and value == usual):
                continue
            shows = f"{name}={spec.show(value)}"
            if shows in convention.wrappers:
                around = convention.wrappers[shows]
                continue
            if shows in convention.spelled:
                said = convention.spelled[shows]
                given |= {} if said is None else {said[0]: said[1]}
                continue
        if name == "kernel" and reads and applied.weights:
            given |= _kernels(layer, theirs, applied, rank)
        elif name == "output" and reads:
            given[theirs] = Square((Call("tf.shape", (Name("x"),), (), "[0]"), *value, applied.output.channels))
        elif isinstance(value, Padding):
            given |= _padding_argument(framework, theirs, value, rank)
        elif theirs.isidentifier():
            target = convention.target.format(rank=rank)
            given[_RENAMED.get((target, theirs), theirs)] = _listed(value, target, theirs, framework, rank)
        elif around and (outer := _OF_WRAPPER.fullmatch(theirs)):
            outside[outer[1]] = _value(value)
    if convention.axes:
        given[convention.axes] = Square(tuple(range(1, rank + 1)))
    given |= convention.fixed
    positional = ((Name("x"),) if reads else ()) + convention.positional
    call = Call(convention.target.format(rank=max(rank, 1)), positional, tuple(given.items()))
    return Call(around, (call,), tuple(outside.items())) if around else call


#: Arguments whose names depend on the number of axes.
_RENAMED = {("tf.nn.conv1d", "strides"): "stride"}

#: Arguments that have an entry for every size of the input, the batch and the channels too.
_EVERY_SIZE = {
    "tf.nn.depthwise_conv2d": ("strides",),
    "tf.nn.separable_conv2d": ("strides",),
    "tf.nn.conv3d": ("strides", "dilations"),
    "tf.nn.conv3d_transpose": ("strides", "dilations"),
}


def _listed(value: Any, target: str, theirs: str, framework: str, rank: int) -> Value:
    """Sizes in the form that the framework wants: one for all, or a list."""
    if not isinstance(value, tuple) or len(value) > rank:
        return _value(value)
    each = value if len(value) == rank else value * rank
    if theirs in _EVERY_SIZE.get(target, ()):
        return Square((1, *each, 1))
    if framework == ONNX or (framework == TENSORFLOW and target in _EVERY_SIZE):
        return Square(each)
    one = one_for_all(each)
    return Square(each) if framework == TENSORFLOW and isinstance(one, tuple) else one


#: ``Bidirectional(merge_mode)``: an argument of what stands around the call.
_OF_WRAPPER = re.compile(r"\w+\((\w+)\)")


def _kernels(layer: Layer, theirs: str, applied: Applied, rank: int) -> dict[str, Value]:
    """The arrays of weights that tf.nn is handed."""
    weights = applied.weights[0].shape
    ends = weights[:-rank] if hasattr(layer, "multiplier") else tuple(reversed(weights[:-rank]))
    ends = (*ends, integer(1)) if len(ends) == 1 else ends  # one filter a channel
    found: dict[str, Value] = {theirs: _zeros(*weights[-rank:], *ends)}
    if layer.kind == "SeparableConv":
        last, *seen = applied.weights[1].shape
        found["pointwise_filter"] = _zeros(*[integer(1)] * rank, product(*seen), last)
    return found


def _zeros(*sizes: Term) -> Call:
    return Call("tf.zeros", (Square(tuple(_value(size) for size in sizes)),))


def _rate(layer: Layer, framework: str, spec: FieldSpec, theirs: str) -> dict[str, Value]:
    """A rate, unless it is what the framework takes for granted. Where a layer leaves it out, its own framework's holds, and
    of an epsilon without a framework what most take. PyTorch's momentum weighs the new batch statistic; everywhere else it
    weighs the running one, so it is converted to 1 − momentum.
    """
    conventions = CONVENTIONS[layer.kind]
    own = conventions.get(layer.framework or "", Convention(""))
    value, usual = getattr(layer, spec.name), conventions[framework].defaults.get(spec.name)
    value = own.defaults.get(spec.name) if value is None else value
    if value is None and spec.name == "epsilon":
        value = EPSILON
    if value is None:
        return {}
    number = float(value)
    if spec.name == "momentum" and layer.framework and (layer.framework == TORCH) != (framework == TORCH):
        number = round(1 - number, 12)
    if not isfinite(number) or (usual is not None and number == float(usual)):
        return {}
    return {theirs: number}


def _padding_argument(framework: str, name: str, padding: Padding, rank: int) -> dict[str, Value]:
    pairs = [padding.amounts(axis) for axis in range(rank)]
    if framework == ONNX:
        if padding.mode == EXPLICIT:
            return {"pads": Square(tuple(pair[end] for end in (0, 1) for pair in pairs))}
        return {"auto_pad": "SAME_LOWER" if padding.mode == SAME_LOWER else "SAME_UPPER"}
    if padding.mode != EXPLICIT:
        return {name: padding.mode.upper() if framework == TENSORFLOW else padding.mode}
    if framework == KERAS:  # it has no amounts: where letters stand for them, they are 0
        return {}
    if framework == TENSORFLOW:
        none: tuple[Value, Value] = (0, 0)
        return {name: Square(tuple(Square(pair) for pair in (none, *pairs, none)))}
    return {name: _value(tuple(before for before, _ in pairs))}


def _value(value: Any) -> Value:
    return one_for_all(value) if isinstance(value, tuple) else value
