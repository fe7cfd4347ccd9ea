"""How a layer is written in a framework, in the framework's own argument names, or why it cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from symnet.errors import LayerError
from symnet.kernel.propositions import holds
from symnet.layers.base import Applied, Layer, product
from symnet.layers.dense import Dense
from symnet.layers.padding import CAUSAL, EXPLICIT, SAME_LOWER, VALID, Padding
from symnet.layers.profile import KERAS, ONNX, TENSORFLOW, TITLES, TORCH
from symnet.layers.profiles import PROFILES
from symnet.layers.shape import VECTOR, Shape
from symnet.layers.transposed import Deconv
from symnet.layers.window import windows
from symnet.printing.text import text, unicode_text
from symnet.terms.term import Term, evaluate, integer, symbols_of

__all__ = ["Written", "written"]

#: The amounts of padding before and after each axis.
Amounts = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Written:
    """``calls`` in order, none where the framework cannot say the layer; ``why`` says why not, or why there are two;
    ``source`` is where the framework defines the layer.
    """

    calls: tuple[str, ...]
    why: str = ""
    source: str = ""


def written(layer: Layer, framework: str, shape: Shape) -> Written:
    """``layer`` on ``shape`` as ``framework`` writes it. A padding that the framework cannot say goes before it, as a
    layer of its own, where its amounts are numbers.

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
    wanted = layer.apply((shape,))
    if isinstance(layer, Dense) and len(shape.dims) > 1 and layer.flattens(shape):
        row = written(layer, framework, shape.new((product(*shape.dims),), VECTOR))
        return replace(row, calls=(_FLATTEN[framework], *row.calls)) if row.calls else row
    sizes, reason = _sizes(wanted, shape), ""
    for same in _said_otherwise(layer, framework, sizes, shape):
        refused = _refused(same, framework, shape, sizes, _trained(wanted))
        if not refused:
            return Written(_calls(same, framework, shape, wanted), source=profile.source)
        reason = reason or refused
    padding = getattr(layer, "padding", None)
    if not isinstance(padding, Padding) or padding.mode == VALID or layer.kind == "Deconv":
        return Written((), reason, profile.source)
    amounts = _amounts(layer, padding, shape)
    if amounts is None:
        return Written((), f"{reason}; how much it pads depends on the size of the input", profile.source)
    bare = _with(layer, padding=Padding())
    around = tuple(integer(evaluate(size) + sum(pair)) for size, pair in zip(shape.axes, amounts, strict=True))
    padded = shape.with_axes(shape.channels, around)
    still = _refused(bare, framework, padded, sizes, _trained(wanted))
    if still:
        return Written((), still, profile.source)
    calls = _calls(bare, framework, padded, wanted)
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

#: Where zeros before a layer are not the same as padding in it.
_CAVEATS = {"Maxpool": "; pad with −∞ for a max pool", "Avgpool": "; the zeros then count in the mean"}


def _said_otherwise(layer: Layer, framework: str, sizes: tuple[Term, ...], shape: Shape) -> Iterator[Layer]:
    """The layer, and the same layer with what is usually left out: the stride of a pool, which size is the output."""
    profile = PROFILES[layer.kind][framework]
    if "stride" in profile.defaults or ("stride" in profile.always and getattr(layer, "stride", None) is None):
        layer = _with(layer, stride=getattr(layer, "steps", None))
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


def _refused(layer: Layer, framework: str, shape: Shape, wanted: tuple[Term, ...], numbers: int | None) -> str:
    """Why the framework has no layer that gives ``wanted`` and trains so many ``numbers``; nothing if it has."""
    try:
        applied = replace(layer, framework=framework).apply((shape,))
    except LayerError as refused:
        return str(refused)
    for condition in applied.conditions:
        if not symbols_of(condition.proposition) and not holds(condition.proposition):
            return f"{condition.why}: {unicode_text(condition.proposition)} does not hold"
    given = _sizes(applied, shape)
    if len(given) != len(wanted):
        return f"{TITLES[framework]} keeps every axis, of size 1"
    for ours, theirs in zip(wanted, given, strict=True):
        if ours.constant != theirs.constant:
            return f"{TITLES[framework]} gives {theirs.constant}, not {ours.constant}"
    trained = _trained(applied)
    return "" if trained == numbers else f"{TITLES[framework]} trains {trained} numbers there, not {numbers}"


def _trained(applied: Applied) -> int | None:
    """How many numbers are trained, where that is a number."""
    sizes = [product(*weight.shape).constant for weight in applied.weights if weight.trainable]
    return None if None in sizes else sum(size or 0 for size in sizes)


def _amounts(layer: Any, padding: Padding, shape: Shape) -> Amounts | None:
    """What a padding adds before and after each axis, where everything is a number."""
    steps = getattr(layer, "steps", layer.stride)
    found = []
    for window, size in zip(
        windows(len(shape.axes), layer.kernel, steps, padding, layer.dilation, None), shape.axes, strict=True
    ):
        terms = (size, window.kernel, window.stride, window.dilation, window.before, window.after)
        if any(term.constant is None for term in terms):
            return None
        length, kernel, stride, dilation, before, after = map(evaluate, terms)
        reach = dilation * (kernel - 1)
        total = max((-(-length // stride) - 1) * stride + reach + 1 - length, 0)
        if padding.mode == CAUSAL:
            before = reach
        elif padding.mode != EXPLICIT:
            before = total - total // 2 if padding.mode == SAME_LOWER else total // 2
            after = total - before
        found.append((before, after))
    return tuple(found)


# ---- as text ----------------------------------------------------------------------------------------------------


def _pad_call(framework: str, amounts: Amounts, shape: Shape) -> str:
    rank, before, after = len(amounts), [pair[0] for pair in amounts], [pair[1] for pair in amounts]
    if framework == TORCH:  # the last axis first
        return f"torch.nn.ZeroPad{rank}d({tuple(entry for pair in reversed(amounts) for entry in pair)})"
    if framework == ONNX:
        return f"Pad(pads={[0, 0, *before, 0, 0, *after]})"
    if framework == KERAS:
        return f"keras.layers.ZeroPadding{rank}D({amounts if rank > 1 else amounts[0]})"
    whole = [(0, 0), *amounts, (0, 0)] if shape.channel_index else [(0, 0), (0, 0), *amounts]
    return f"tf.pad(x, {[list(pair) for pair in whole]})"


def _calls(layer: Layer, framework: str, shape: Shape, applied: Applied) -> tuple[str, ...]:
    """The layer; in tf.nn a bias is a call of its own."""
    call = _call(layer, framework, shape, applied)
    if PROFILES[layer.kind][framework].arguments.get("bias") == "tf.nn.bias_add" and getattr(layer, "bias", False):
        return call, f"tf.nn.bias_add(bias=tf.zeros([{text(applied.output.channels)}]))"
    return (call,)


def _call(layer: Layer, framework: str, shape: Shape, applied: Applied) -> str:
    """The call with the arguments that are not the framework's defaults."""
    profile, rank = PROFILES[layer.kind][framework], len(shape.axes)
    shown = {spec.name: spec for spec in layer.specs()}
    given = [f"{name}={_value(applied.weights[array].shape[size])}" for name, (array, size) in profile.measured.items()]
    around: list[str] = []
    for name, theirs in profile.arguments.items():
        if name not in shown:  # of the input or output: the channels
            value: Any = applied.output.channels if name == "outputs" else shape.channels
        else:
            value, spec = getattr(layer, name), shown[name]
            usual = None if spec.required or spec.default is None else spec.coerce(spec.default)
            usual = None if name in profile.always else usual
            if value is None or theirs in profile.measured or (not spec.required and value == usual):
                continue
            said = profile.said.get(f"{name}={spec.show(value)}")
            if said is not None:
                (around if "{}" in said else given).append(said)
                continue
        if name == "kernel" and framework == TENSORFLOW and applied.weights:
            weights = applied.weights[0].shape
            ends = weights[:-rank] if hasattr(layer, "multiplier") else reversed(weights[:-rank])
            given.append(f"{theirs}=tf.zeros([{', '.join(map(text, (*weights[-rank:], *ends)))}])")
            if layer.kind == "SeparableConv":
                last, *seen = applied.weights[1].shape
                given.append(
                    f"pointwise_filter=tf.zeros([{', '.join(['1'] * rank)}, {_value(product(*seen))}, {text(last)}])"
                )
            continue
        if name == "output" and framework == TENSORFLOW:
            given.append(f"{theirs}=[n, {', '.join(map(text, value))}, {text(applied.output.channels)}]")
            continue
        if framework == ONNX and isinstance(value, tuple) and len(value) <= rank:
            value = list(value) if len(value) == rank else list(value) * rank
        if isinstance(value, Padding):
            given.append(_padding_argument(framework, theirs, value, rank))
        elif theirs.isidentifier():
            given.append(f"{theirs}={_value(value)}")
    call = profile.call.format(rank=rank)
    call = call if call.endswith(")") else f"{call}({', '.join(dict.fromkeys(filter(None, given)))})"
    for outer in around:
        call = outer.format(call)
    return call


def _padding_argument(framework: str, name: str, padding: Padding, rank: int) -> str:
    pairs = [padding.amounts(axis) for axis in range(rank)]
    if framework == ONNX:
        if padding.mode == EXPLICIT:
            return f"pads=[{', '.join(text(pair[end]) for end in (0, 1) for pair in pairs)}]"
        return f"auto_pad='{'SAME_LOWER' if padding.mode == SAME_LOWER else 'SAME_UPPER'}'"
    if padding.mode != EXPLICIT:
        return f"{name}={padding.mode.upper() if framework == TENSORFLOW else padding.mode!r}"
    if framework == TENSORFLOW:
        return f"{name}=[[0, 0], {', '.join(f'[{text(one)}, {text(two)}]' for one, two in pairs)}, [0, 0]]"
    return f"{name}={_value(tuple(before for before, _ in pairs))}"


def _value(value: Any) -> str:
    if isinstance(value, Term):
        return text(value) if value.constant is None else str(value.constant)
    if isinstance(value, list):
        return f"[{', '.join(map(text, value))}]"
    if isinstance(value, tuple):
        parts = [text(part) for part in value]
        return parts[0] if len(set(parts)) == 1 else f"({', '.join(parts)})"
    return repr(value)
