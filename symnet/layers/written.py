"""How a layer is written in a framework, in the framework's own argument names, or why it cannot be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from math import isfinite
from typing import Any

from symnet.errors import LayerError
from symnet.layers.axes import places
from symnet.layers.base import Applied, Layer, product
from symnet.layers.dense import Dense
from symnet.layers.fields import FieldSpec
from symnet.layers.law import AxisMap
from symnet.layers.padding import CAUSAL, EXPLICIT, SAME_LOWER, VALID, Padding
from symnet.layers.profile import KERAS, ONNX, TENSORFLOW, TITLES, TORCH, Profile
from symnet.layers.profiles import PROFILES
from symnet.layers.shape import SEQUENCE, VECTOR, Shape
from symnet.layers.transposed import Deconv
from symnet.layers.window import windows
from symnet.printing.text import text, unicode_text
from symnet.terms.polynomial import add, from_polynomial, normal_form
from symnet.terms.propositions import holds
from symnet.terms.term import Term, evaluate, integer, symbols_of

__all__ = ["Written", "written"]

#: The amounts of padding before and after each axis.
Amounts = tuple[tuple[int, int], ...]

#: How a size is printed that is no number.
Say = Callable[[Term], str]


@dataclass(frozen=True)
class Written:
    """``calls`` in order, none where the framework cannot say the layer; ``why`` says why not, or why there are two;
    ``source`` is where the framework defines the layer.
    """

    calls: tuple[str, ...]
    why: str = ""
    source: str = ""


def written(layer: Layer, framework: str, shape: Shape, say: Say = text) -> Written:
    """``layer`` on ``shape`` as ``framework`` writes it, sizes as ``say`` prints them. A padding that the framework cannot
    say goes before it, as a layer of its own, where its amounts are numbers.

    >>> from symnet.layers.convolution import Conv
    >>> image = Shape((integer(3), integer(224), integer(224)))
    >>> for call in written(Conv(64, 7, 2, "same"), "torch", image).calls:
    ...     print(call)
    torch.nn.ZeroPad2d((2, 3, 2, 3))
    torch.nn.Conv2d(in_channels=3, out_channels=64, kernel_size=7, stride=2)
    >>> written(Conv(64, 7, 2, "same"), "keras", image).calls
    ("keras.layers.Conv2D(filters=64, kernel_size=7, strides=2, padding='same')",)
    """
    profile = PROFILES.get(layer.kind, {}).get(framework)
    if profile is None:
        return Written((), f"{TITLES[framework]} has no such layer")
    if layer.sequential and len(shape.dims) == 2:  # its features stand last, wherever the channels are
        shape = shape.new(shape.dims, SEQUENCE)
    wanted = layer.apply((shape,))
    if isinstance(layer, Dense) and len(shape.dims) > 1 and layer.flattens(shape):
        row = written(layer, framework, shape.new((product(*shape.dims),), VECTOR), say)
        return replace(row, calls=(_FLATTEN[framework], *row.calls)) if row.calls else row
    profile = profile.of(layer)
    sizes, reason = _sizes(wanted, shape), ""
    for same in _said_otherwise(layer, framework, sizes, shape):
        refused = _refused(same, framework, shape, wanted, sizes)
        if not refused:
            return Written(_calls(same, framework, shape, wanted, say), source=profile.source)
        reason = reason or refused
    padding = getattr(layer, "padding", None)
    if not isinstance(padding, Padding) or padding.mode == VALID or layer.kind == "Deconv":
        return Written((), reason, profile.source)
    amounts = _amounts(layer, padding, shape)
    if amounts is None:
        return Written((), f"{reason}; how much it pads depends on the size of the input", profile.source)
    bare = _with(layer, padding=Padding())
    around = tuple(_plus(size, sum(pair)) for size, pair in zip(shape.axes, amounts, strict=True))
    padded = shape.resized(around)
    still = _refused(bare, framework, padded, wanted, sizes, padded=True)
    if still:
        return Written((), still, profile.source)
    calls = _calls(bare, framework, padded, wanted, say)
    if not any(map(any, amounts)):
        return Written(calls, f"{reason}; here it pads nothing", profile.source)
    return Written(
        (_pad_call(framework, amounts, shape), *calls), reason + _CAVEATS.get(layer.kind, ""), profile.source
    )


_FLATTEN = {
    TORCH: "torch.nn.Flatten()",
    KERAS: "keras.layers.Flatten()",
    TENSORFLOW: "tf.keras.layers.Flatten()",
    ONNX: "Flatten()",
}


def _plus(size: Term, more: int) -> Term:
    return size + more if size.constant is None else integer(size.constant + more)


#: Where zeros before a layer are not the same as padding in it.
_CAVEATS = {"Maxpool": "; pad with −∞ for a max pool", "Avgpool": "; the zeros then count in the mean"}


def _said_otherwise(layer: Layer, framework: str, sizes: tuple[Term, ...], shape: Shape) -> Iterator[Layer]:
    """The layer, and the same layer with what is usually left out: the stride of a pool, which size is the output."""
    profile = PROFILES[layer.kind][framework]
    if "stride" in profile.defaults or ("stride" in profile.always and getattr(layer, "stride", None) is None):
        layer = _with(layer, stride=getattr(layer, "steps", None))
    padding = getattr(layer, "padding", None)
    if (
        isinstance(padding, Padding)
        and padding.mode == EXPLICIT
        and all(a.constant == 0 for a in chain(*padding.pairs))
    ):
        layer = _with(layer, padding=Padding())  # Keras has no number for it
    if not isinstance(layer, Deconv):
        yield layer
        return
    # in PyTorch the output size is an argument of the call on the input; in TensorFlow it must always be given
    if framework != TENSORFLOW and (layer.output is None or framework != TORCH):
        yield layer
    if all(size.constant is not None for size in (*sizes, *shape.axes)):
        ends = [layer.possible(size, axis)[0] for axis, size in enumerate(shape.axes)]
        added = tuple(evaluate(size) - evaluate(end) for size, end in zip(sizes, ends, strict=True))
        if min(added) >= 0:
            yield _with(layer, output=None, output_padding=added)
        yield _with(layer, output=tuple(size.constant for size in sizes), output_padding=None)


def _with(layer: Layer, **values: Any) -> Layer:
    """The layer with other values, whatever its kind."""
    return replace(layer, **values)


def _sizes(applied: Applied, shape: Shape) -> tuple[Term, ...]:
    """The axes that come out."""
    axes = zip(applied.maps, shape.axes, applied.output.axes, strict=False)
    return tuple(given if map_ is None else map_.formula(size) for map_, size, given in axes)


def _refused(
    layer: Layer, framework: str, shape: Shape, wanted: Applied, ours: tuple[Term, ...], padded: bool = False
) -> str:
    """Why the framework has no layer that gives the sizes ``ours`` and trains as many numbers; nothing if it has. What is
    ``padded`` before has these sizes by the definition of padding, where they are symbols.
    """
    title = TITLES[framework]
    try:
        applied = replace(layer, framework=framework).apply((shape,))
    except LayerError as refused:
        return str(refused)
    for condition in applied.conditions:
        if not symbols_of(condition.proposition) and not holds(condition.proposition):
            return f"{condition.why}: {unicode_text(condition.proposition)} does not hold"
    if PROFILES[layer.kind][framework].of(layer).arguments.get("axis") == _LAST_SIZES:
        over = sorted(places(getattr(layer, "axis", ()), len(shape.dims)))
        if over[-1] - over[0] != len(over) - 1 or over[-1] != len(shape.dims) - 1:
            return f"{title} normalizes the last sizes, and no others"
    theirs = _sizes(applied, shape)
    if len(theirs) != len(ours):
        return f"{title} keeps every axis, of size 1"
    maps = zip((*wanted.maps, *[None] * len(ours)), (*applied.maps, *[None] * len(ours)), strict=False)
    for one, two, (our, their) in zip(ours, theirs, maps, strict=False):
        if padded and one.constant is None and two.constant is None:
            continue
        if not _equal(one, two) and not (our and their and _same_map(our, their)):
            return f"{title} gives {unicode_text(two)}, not {unicode_text(one)}"
    trained, numbers = _trained(applied), _trained(wanted)
    if _equal(trained, numbers):
        return ""
    there = f"{title} trains {unicode_text(trained)} numbers there, not {unicode_text(numbers)}"
    return f"{there}; {same} makes them the same" if (same := _agreeing(layer, shape, trained)) else there


def _agreeing(layer: Layer, shape: Shape, trained: Term) -> str:
    """The choice with which the layer trains so many numbers, if one does: without its framework, which has it as it is."""
    without = f" without framework={layer.framework}" if layer.framework else ""
    for spec in layer.specs():
        for option in spec.options if spec.kind == "choice" and spec.name != "framework" else ():
            try:
                applied = _with(layer, framework=None, **{spec.name: option}).apply((shape,))
            except LayerError:
                continue
            if _equal(_trained(applied), trained):
                return f"{spec.name}={option}{without}"
    return ""


#: What PyTorch calls the axes of a normalization: it wants their sizes, and they are the last.
_LAST_SIZES = "normalized_shape"


def _equal(one: Term, two: Term) -> bool:
    if one.constant is not None or two.constant is not None:
        return one.constant == two.constant
    return one is two or normal_form(one) == normal_form(two)


def _same_map(one: AxisMap, two: AxisMap) -> bool:
    """Whether two laws are the same map for every size."""
    if one.offset is not None and two.offset is not None:
        return all(map(_equal, one.offset, two.offset))
    if one.scaling is not None and two.scaling is not None:
        return all(map(_equal, one.scaling, two.scaling))
    return False


def _trained(applied: Applied) -> Term:
    """How many numbers are trained."""
    found: dict[Any, int] = {}
    for weight in applied.weights:
        if weight.trainable:
            found = add(found, normal_form(product(*weight.shape)))
    return from_polynomial(found)


def _amounts(layer: Any, padding: Padding, shape: Shape) -> Amounts | None:
    """What a padding adds before and after each axis, where everything is a number."""
    steps = getattr(layer, "steps", layer.stride)
    found = []
    for window, size in zip(
        windows(len(shape.axes), layer.kernel, steps, padding, layer.dilation, None), shape.axes, strict=True
    ):
        needed = [window.kernel, window.dilation, window.before, window.after]
        if padding.mode not in (EXPLICIT, CAUSAL):
            needed += [size, window.stride]
        if any(term.constant is None for term in needed):
            return None
        before, after = evaluate(window.before), evaluate(window.after)
        reach = evaluate(window.dilation) * (evaluate(window.kernel) - 1)
        if padding.mode == CAUSAL:
            before = reach
        elif padding.mode != EXPLICIT:
            length, stride = evaluate(size), evaluate(window.stride)
            total = max((-(-length // stride) - 1) * stride + reach + 1 - length, 0)
            before = total - total // 2 if padding.mode == SAME_LOWER else total // 2
            after = total - before
        found.append((before, after))
    return tuple(found)


# ---- as text ----------------------------------------------------------------------------------------------------


def _around(amounts: Amounts) -> object:
    """One number where it is the same everywhere."""
    if len({entry for pair in amounts for entry in pair}) == 1:
        return amounts[0][0]
    return amounts if len(amounts) > 1 else amounts[0]


def _pad_call(framework: str, amounts: Amounts, shape: Shape) -> str:
    rank, before, after = len(amounts), [pair[0] for pair in amounts], [pair[1] for pair in amounts]
    if framework == TORCH:  # the last axis first
        return f"torch.nn.ZeroPad{rank}d({tuple(entry for pair in reversed(amounts) for entry in pair)})"
    if framework == ONNX:
        return f"Pad(pads={[0, 0, *before, 0, 0, *after]})"
    if framework == KERAS:
        return f"keras.layers.ZeroPadding{rank}D({_around(amounts)})"
    whole = [(0, 0), *amounts, (0, 0)] if shape.channel_index else [(0, 0), (0, 0), *amounts]
    return f"tf.pad(x, {[list(pair) for pair in whole]})"


def _calls(layer: Layer, framework: str, shape: Shape, applied: Applied, say: Say) -> tuple[str, ...]:
    """The layer; in tf.nn a bias is a call of its own."""
    call = _call(layer, framework, shape, applied, say)
    if PROFILES[layer.kind][framework].arguments.get("bias") == "tf.nn.bias_add" and getattr(layer, "bias", False):
        return call, f"tf.nn.bias_add(bias=tf.zeros([{say(applied.output.channels)}]))"
    return (call,)


def _call(layer: Layer, framework: str, shape: Shape, applied: Applied, say: Say) -> str:
    """The call with the arguments that are not the framework's defaults."""
    profile, rank = PROFILES[layer.kind][framework].of(layer), len(shape.axes)
    shown = {spec.name: spec for spec in layer.specs()}
    given = [
        f"{name}={_value(applied.weights[array].shape[size], say)}" for name, (array, size) in profile.measured.items()
    ]
    around: list[str] = []
    wrapper: list[str] = []
    for name, theirs in profile.arguments.items():
        if theirs == _LAST_SIZES:
            last = [say(shape.dims[index]) for index in sorted(places(getattr(layer, name), len(shape.dims)))]
            given.append(f"{theirs}={last[0]}" if len(last) == 1 else f"{theirs}=({', '.join(last)})")
            continue
        if name not in shown:  # of the input or output: the channels
            value: Any = applied.output.channels if name == "outputs" else shape.channels
        else:
            spec = shown[name]
            if spec.kind == "number":
                given.append(_rate(layer, framework, spec, theirs))
                continue
            value = getattr(layer, name)
            usual = None if spec.required or spec.default is None else spec.coerce(spec.default)
            usual = None if name in profile.always else usual
            if value is None or theirs in profile.measured or (not spec.required and value == usual):
                continue
            said = profile.said.get(f"{name}={spec.show(value)}")
            if said is not None:
                (around if "{}" in said else given).append(said)
                continue
        if name == "kernel" and framework == TENSORFLOW and applied.weights:
            given += _kernels(layer, theirs, applied, rank, say)
            continue
        if name == "output" and framework == TENSORFLOW:
            given.append(f"{theirs}=[n, {', '.join(map(say, value))}, {say(applied.output.channels)}]")
            continue
        if framework == ONNX and isinstance(value, tuple) and len(value) <= rank:
            value = list(value) if len(value) == rank else list(value) * rank
        if isinstance(value, Padding):
            given.append(_padding_argument(framework, theirs, value, rank, say))
        elif theirs.isidentifier():
            given.append(f"{theirs}={_value(value, say)}")
        elif around and (outer := _OF_WRAPPER.fullmatch(theirs)):
            wrapper.append(f", {outer[1]}={_value(value, say)}")
    given += [f"{name}={value}" for name, value in profile.fixed.items()]
    call = profile.call.format(rank=max(rank, 1))
    call = call if call.endswith(")") else f"{call}({', '.join(dict.fromkeys(filter(None, given)))})"
    for outside in around:
        call = outside.format(call + "".join(wrapper))
    return call


#: ``Bidirectional(merge_mode)``: an argument of what stands around the call.
_OF_WRAPPER = re.compile(r"\w+\((\w+)\)")


def _kernels(layer: Layer, theirs: str, applied: Applied, rank: int, say: Say) -> list[str]:
    """The arrays of weights that tf.nn is handed."""
    weights = applied.weights[0].shape
    ends = weights[:-rank] if hasattr(layer, "multiplier") else reversed(weights[:-rank])
    found = [f"{theirs}=tf.zeros([{', '.join(map(say, (*weights[-rank:], *ends)))}])"]
    if layer.kind == "SeparableConv":
        last, *seen = applied.weights[1].shape
        sizes = [*["1"] * rank, _value(product(*seen), say), say(last)]
        found.append(f"pointwise_filter=tf.zeros([{', '.join(sizes)}])")
    return found


def _rate(layer: Layer, framework: str, spec: FieldSpec, theirs: str) -> str:
    """A rate, unless it is what the framework takes for granted. Where a layer leaves it out, its own framework's holds;
    PyTorch's momentum is the weight of what is new, all others' of what was there.
    """
    profiles = PROFILES[layer.kind]
    own = profiles.get(layer.framework or "", _NO_PROFILE)
    value, usual = getattr(layer, spec.name), profiles[framework].defaults.get(spec.name)
    value = own.defaults.get(spec.name) if value is None else value
    if value is None:
        return ""
    number = float(value)
    if spec.name == "momentum" and layer.framework and (layer.framework == TORCH) != (framework == TORCH):
        number = round(1 - number, 12)
    if not isfinite(number) or (usual is not None and number == float(usual)):
        return ""
    return f"{theirs}={number!r}"


_NO_PROFILE = Profile("", "", {})


def _padding_argument(framework: str, name: str, padding: Padding, rank: int, say: Say) -> str:
    pairs = [padding.amounts(axis) for axis in range(rank)]
    if framework == ONNX:
        if padding.mode == EXPLICIT:
            return f"pads=[{', '.join(say(pair[end]) for end in (0, 1) for pair in pairs)}]"
        return f"auto_pad='{'SAME_LOWER' if padding.mode == SAME_LOWER else 'SAME_UPPER'}'"
    if padding.mode != EXPLICIT:
        return f"{name}={padding.mode.upper() if framework == TENSORFLOW else padding.mode!r}"
    if framework == TENSORFLOW:
        return f"{name}=[[0, 0], {', '.join(f'[{say(one)}, {say(two)}]' for one, two in pairs)}, [0, 0]]"
    return f"{name}={_value(tuple(before for before, _ in pairs), say)}"


def _value(value: Any, say: Say) -> str:
    if isinstance(value, Term):
        return say(value) if value.constant is None else str(value.constant)
    if isinstance(value, list):
        return f"[{', '.join(map(say, value))}]"
    if isinstance(value, tuple):
        parts = [say(part) for part in value]
        return parts[0] if len(set(parts)) == 1 else f"({', '.join(parts)})"
    return repr(value)
