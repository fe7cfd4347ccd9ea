"""Returns the framework's call for a layer, with the arguments that differ from the framework's defaults."""

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

#: The epsilon where neither the layer nor a framework gives one: PyTorch's and ONNX's default.
EPSILON = "1e-05"

#: The entries padded before and after each axis; terms where they have symbols.
Amounts = tuple[tuple[int | Term, int | Term], ...]

#: PyTorch's argument for the sizes of the normalized axes, which are the last ones.
LAST_SIZES = "normalized_shape"


def _around(amounts: Amounts) -> Value:
    """Returns the amounts in the shortest form: one number where all are equal."""
    if len({entry for pair in amounts for entry in pair}) == 1:
        return amounts[0][0]
    return amounts if len(amounts) > 1 else amounts[0]


def pad_call(framework: str, amounts: Amounts, shape: Shape, lowest: bool) -> Call:
    """Returns a padding with zeros, or with −∞ if ``lowest`` (before a max pool). ``amounts`` are the entries before and after
    each axis of ``shape``.
    """
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
    pads = [(0, 0), *amounts, (0, 0)] if shape.channel_index else [(0, 0), (0, 0), *amounts]
    value = (("constant_values", float("-inf")),) if lowest else ()
    target = "keras.ops.pad" if framework == KERAS else "tf.pad"
    return Call(target, (Name("x"), Square(tuple(Square(pair) for pair in pads))), value)


def calls_of(layer: Layer, framework: str, shape: Shape, applied: Applied) -> tuple[Call, ...]:
    """Returns the calls of a layer for an input of ``shape``; in ``tf.nn`` adding the bias is a second call."""
    call = _call(layer, framework, shape, applied)
    argument_names = CONVENTIONS[layer.kind][framework].arguments
    if argument_names.get("bias") == "tf.nn.bias_add" and getattr(layer, "bias", False):
        zeros = Call("tf.zeros", (Square((applied.output.channels,)),))
        return call, Call("tf.nn.bias_add", (Name("x"),), (("bias", zeros),))
    return (call,)


def _call(layer: Layer, framework: str, shape: Shape, applied: Applied) -> Call:
    """Returns the call with the arguments that differ from the framework's defaults."""
    convention = CONVENTIONS[layer.kind][framework].of(layer)
    rank = len(shape.axes) - convention.steps
    takes_input = convention.target.startswith("tf.") and not convention.target.startswith("tf.keras.")
    specs = {spec.name: spec for spec in layer.specs()}
    arguments: dict[str, Value] = {
        name: _value(applied.weights[array].shape[size]) for name, (array, size) in convention.from_weights.items()
    }
    wrapper: str = ""
    wrapper_arguments: dict[str, Value] = {}
    for name, argument in convention.arguments.items():
        if argument == LAST_SIZES:
            last = tuple(shape.dims[index] for index in sorted(indices_of_axes(getattr(layer, name), len(shape.dims))))
            arguments[argument] = last[0] if len(last) == 1 else last
            continue
        if name not in specs:  # the channels, which the layer takes from its input or output
            value: Any = applied.output.channels if name == "outputs" else shape.channels
        else:
            spec = specs[name]
            if spec.kind == "number":
                arguments |= _rate(layer, framework, spec, argument)
                continue
            value = getattr(layer, name)
            default_value = None if spec.required or spec.default is None else spec.coerce(spec.default)
            default_value = None if name in convention.always else default_value
            if value is None or argument in convention.from_weights or (not spec.required and value == default_value):
                continue
            shown_field = f"{name}={spec.show(value)}"
            if shown_field in convention.wrappers:
                wrapper = convention.wrappers[shown_field]
                continue
            if shown_field in convention.spelled:
                equivalent = convention.spelled[shown_field]
                arguments |= {} if equivalent is None else {equivalent[0]: equivalent[1]}
                continue
        if name == "kernel" and takes_input and applied.weights:
            arguments |= _kernels(layer, argument, applied, rank)
        elif name == "output" and takes_input:
            arguments[argument] = Square((Call("tf.shape", (Name("x"),), (), "[0]"), *value, applied.output.channels))
        elif isinstance(value, Padding):
            arguments |= _padding_argument(framework, argument, value, rank)
        elif argument.isidentifier():
            target = convention.target.format(rank=rank)
            arguments[_RENAMED.get((target, argument), argument)] = _listed(value, target, argument, framework, rank)
        elif wrapper and (outer := _OF_WRAPPER.fullmatch(argument)):
            wrapper_arguments[outer[1]] = _value(value)
    if convention.axes:
        arguments[convention.axes] = Square(tuple(range(1, rank + 1)))
    arguments |= convention.fixed
    positional = ((Name("x"),) if takes_input else ()) + convention.positional
    call = Call(convention.target.format(rank=max(rank, 1)), positional, tuple(arguments.items()))
    return Call(wrapper, (call,), tuple(wrapper_arguments.items())) if wrapper else call


#: Arguments whose names depend on the number of axes.
_RENAMED = {("tf.nn.conv1d", "strides"): "stride"}

#: Arguments with an entry for every axis of the input, batch and channels included.
_EVERY_SIZE = {
    "tf.nn.depthwise_conv2d": ("strides",),
    "tf.nn.separable_conv2d": ("strides",),
    "tf.nn.conv3d": ("strides", "dilations"),
    "tf.nn.conv3d_transpose": ("strides", "dilations"),
}


def _listed(value: Any, target: str, argument: str, framework: str, rank: int) -> Value:
    """Returns the values for the axes in the form of the framework: one number for all axes, or a list."""
    if not isinstance(value, tuple) or len(value) > rank:
        return _value(value)
    per_axis = value if len(value) == rank else value * rank
    if argument in _EVERY_SIZE.get(target, ()):
        return Square((1, *per_axis, 1))
    if framework == ONNX or (framework == TENSORFLOW and target in _EVERY_SIZE):
        return Square(per_axis)
    one = one_for_all(per_axis)
    return Square(per_axis) if framework == TENSORFLOW and isinstance(one, tuple) else one


#: An argument of the wrapper, written as ``Bidirectional(merge_mode)``.
_OF_WRAPPER = re.compile(r"\w+\((\w+)\)")


def _kernels(layer: Layer, argument: str, applied: Applied, rank: int) -> dict[str, Value]:
    """Returns the weight arrays that functions of ``tf.nn`` take as arguments, as calls of ``tf.zeros``."""
    weights = applied.weights[0].shape
    channel_sizes = weights[:-rank] if hasattr(layer, "multiplier") else tuple(reversed(weights[:-rank]))
    channel_sizes = (*channel_sizes, integer(1)) if len(channel_sizes) == 1 else channel_sizes  # one filter per channel
    arguments: dict[str, Value] = {argument: _zeros(*weights[-rank:], *channel_sizes)}
    if layer.kind == "SeparableConv":
        last, *inputs = applied.weights[1].shape
        arguments["pointwise_filter"] = _zeros(*[integer(1)] * rank, product(*inputs), last)
    return arguments


def _zeros(*sizes: Term) -> Call:
    return Call("tf.zeros", (Square(tuple(_value(size) for size in sizes)),))


def _rate(layer: Layer, framework: str, spec: FieldSpec, argument: str) -> dict[str, Value]:
    """Returns the argument for a rate, or none if it equals the framework's default.

    A missing rate has the default of the layer's own framework; a missing epsilon without framework is ``EPSILON``. PyTorch's
    momentum weighs the new batch statistic, everywhere else it weighs the running one: it is converted to 1 − momentum.
    """
    conventions = CONVENTIONS[layer.kind]
    own = conventions.get(layer.framework or "", Convention(""))
    value, default_value = getattr(layer, spec.name), conventions[framework].defaults.get(spec.name)
    value = own.defaults.get(spec.name) if value is None else value
    if value is None and spec.name == "epsilon":
        value = EPSILON
    if value is None:
        return {}
    number = float(value)
    if spec.name == "momentum" and layer.framework and (layer.framework == TORCH) != (framework == TORCH):
        number = round(1 - number, 12)
    if not isfinite(number) or (default_value is not None and number == float(default_value)):
        return {}
    return {argument: number}


def _padding_argument(framework: str, name: str, padding: Padding, rank: int) -> dict[str, Value]:
    pairs = [padding.amounts(axis) for axis in range(rank)]
    if framework == ONNX:
        if padding.mode == EXPLICIT:
            return {"pads": Square(tuple(pair[end] for end in (0, 1) for pair in pairs))}
        return {"auto_pad": "SAME_LOWER" if padding.mode == SAME_LOWER else "SAME_UPPER"}
    if padding.mode != EXPLICIT:
        return {name: padding.mode.upper() if framework == TENSORFLOW else padding.mode}
    if framework == KERAS:  # Keras has no amounts; where symbols stand for them, the conditions make them 0
        return {}
    if framework == TENSORFLOW:
        none: tuple[Value, Value] = (0, 0)
        return {name: Square(tuple(Square(pair) for pair in (none, *pairs, none)))}
    return {name: _value(tuple(before for before, _ in pairs))}


def _value(value: Any) -> Value:
    return one_for_all(value) if isinstance(value, tuple) else value
