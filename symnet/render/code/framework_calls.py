"""Returns the framework calls that make a layer, with the framework's own argument names, or the reason why there are none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from symnet.errors import LayerError
from symnet.frameworks.calls import Call
from symnet.frameworks.convention import KERAS, ONNX, TENSORFLOW, TITLES, TORCH, Convention
from symnet.frameworks.refusals import default
from symnet.frameworks.tables import CONVENTIONS
from symnet.layers.declaration.axes import indices_of_axes
from symnet.layers.declaration.base import Applied, Layer, product
from symnet.layers.declaration.shape import SEQUENCE, VECTOR, Shape
from symnet.layers.declaration.windows import windows
from symnet.layers.kinds.dense import Dense
from symnet.layers.kinds.transposed import Deconv
from symnet.layers.laws.law import AxisMap
from symnet.layers.laws.padding import CAUSAL, EXPLICIT, SAME_LOWER, VALID, Padding
from symnet.printing.text import unicode_text
from symnet.render.code.layer_arguments import LAST_SIZES, Amounts, calls_of, pad_call
from symnet.render.code.statement import Cannot
from symnet.terms.evaluation import evaluate, holds
from symnet.terms.polynomial import add, from_polynomial, least, normal_form, subtract
from symnet.terms.propositions import Eq, Le, Proposition
from symnet.terms.term import Term, integer, symbols_of
from symnet.terms.worked_out import times

__all__ = [
    "LayerCalls",
    "calls",
    "calls_or_reason",
    "pad_amounts",
    "padded_size",
    "shown_by_signs",
    "with_fields",
    "with_one_step",
]


@dataclass(frozen=True)
class LayerCalls:
    """The framework calls that make one layer.

    ``calls`` are the calls in order, empty where the framework cannot express the layer; ``why`` is the reason for that, or
    for a second call; ``source`` is the URL of the framework's definition of the layer.
    """

    calls: tuple[Call, ...]
    why: str = ""
    source: str = ""


def calls_or_reason(layer: Layer, framework: str, shape: Shape) -> LayerCalls:
    """Returns the calls that make ``layer`` for an input of ``shape`` in ``framework``. A padding that the framework's layer
    cannot express becomes a padding layer before it, if its amounts do not depend on the size of the input.

    >>> from symnet.frameworks.calls import printed
    >>> from symnet.layers.kinds.convolution import Conv
    >>> image = Shape((integer(3), integer(224), integer(224)))
    >>> for call in calls_or_reason(Conv(64, 7, 2, "same"), "torch", image).calls:
    ...     print(printed(call))
    torch.nn.ZeroPad2d((2, 3, 2, 3))
    torch.nn.Conv2d(in_channels=3, out_channels=64, kernel_size=7, stride=2)
    >>> print(printed(*calls_or_reason(Conv(64, 7, 2, "same"), "keras", image).calls))
    keras.layers.Conv2D(filters=64, kernel_size=7, strides=2, padding='same')
    """
    convention = _convention(layer, framework)
    if not convention.target:
        return LayerCalls((), f"{TITLES[framework]} has no such layer")
    if layer.sequential and len(shape.dims) == 2:  # the features are on the last axis, whatever the layout
        shape = shape.new(shape.dims, SEQUENCE)
    if isinstance(layer, Dense) and len(shape.dims) > 1 and layer.flattens(shape):
        row = calls_or_reason(layer, framework, shape.new((product(*shape.dims),), VECTOR))
        return replace(row, calls=(_FLATTEN[framework], *row.calls)) if row.calls else row
    wanted = layer.apply((shape,))
    layer = _explicit(layer, shape)
    convention = convention.of(layer)
    sizes, reason = _sizes(wanted, shape), ""
    for equivalent in _equivalent_layers(layer, framework, sizes, shape):
        reason_against = _reason_against(equivalent, framework, shape, wanted, sizes)
        if not reason_against:
            return LayerCalls(calls_of(equivalent, framework, shape, wanted), source=convention.source)
        reason = reason or reason_against
    padded = _padded_before(layer, framework, shape, wanted, reason)
    if not padded.calls:  # then at least for some values of its symbols
        for equivalent in _equivalent_layers(layer, framework, sizes, shape):
            if not _reason_against(equivalent, framework, shape, wanted, sizes, some=True):
                return LayerCalls(calls_of(equivalent, framework, shape, wanted), reason, convention.source)
    return padded


def _padded_before(layer: Layer, framework: str, shape: Shape, wanted: Applied, reason: str) -> LayerCalls:
    """Returns the calls of a padding layer and of the layer without padding; ``reason`` is why the layer cannot pad itself."""
    convention, sizes = _convention(layer, framework).of(layer), _sizes(wanted, shape)
    padding = getattr(layer, "padding", None)
    if not isinstance(padding, Padding) or padding.mode == VALID or layer.kind == "Deconv":
        return LayerCalls((), reason, convention.source)
    amounts = pad_amounts(layer, shape)
    if amounts is None:
        return LayerCalls((), f"{reason}; how much it pads depends on the size of the input", convention.source)
    bare = next(_equivalent_layers(with_fields(layer, padding=Padding()), framework, sizes, shape))
    padded = shape.resized(tuple(map(padded_size, shape.axes, amounts)))
    reason_against = _reason_against(bare, framework, padded, wanted, sizes, amounts)
    if reason_against:
        return LayerCalls((), reason_against, convention.source)
    calls = calls_of(bare, framework, padded, wanted)
    if not any(map(any, amounts)):
        return LayerCalls(calls, f"{reason}; here it pads nothing", convention.source)
    caveat = "; the zeros then count in the mean" if layer.kind == "Avgpool" else ""
    lowest = layer.kind == "Maxpool"
    return LayerCalls((pad_call(framework, amounts, shape, lowest), *calls), reason + caveat, convention.source)


def _convention(layer: Layer, framework: str) -> Convention:
    return CONVENTIONS.get(layer.kind, {}).get(framework, Convention(""))


def _explicit(layer: Layer, shape: Shape) -> Layer:
    """Returns the layer with the defaults of its own framework made explicit."""
    if layer.framework is None:
        return layer
    explicit_values: dict[str, Any] = {}
    if hasattr(layer, "steps"):
        explicit_values["stride"] = layer.steps
    if getattr(layer, "keepdims", True) is None:
        explicit_values["keepdims"] = default(layer, "keepdims", False)
    for name in ("epsilon", "reset_after", "affine", "num_parameters", "biases"):
        if hasattr(layer, name) and getattr(layer, name) is None and getattr(layer, "shared_axes", None) is None:
            explicit_values[name] = default(layer, name)
    explicit: Layer = with_fields(layer, **explicit_values)
    return explicit


_FLATTEN = {
    TORCH: Call("torch.nn.Flatten"),
    KERAS: Call("keras.layers.Flatten"),
    TENSORFLOW: Call("tf.keras.layers.Flatten"),
    ONNX: Call("Flatten"),
}


def padded_size(size: Term, pair: tuple[int | Term, int | Term]) -> Term:
    """Returns ``size`` plus the two amounts of ``pair``, as a number if no symbols occur."""
    total = size + pair[0] + pair[1]
    return total if symbols_of(total) else integer(evaluate(total))


def _equivalent_layers(layer: Layer, framework: str, sizes: tuple[Term, ...], shape: Shape) -> Iterator[Layer]:
    """Yields layers equal to ``layer`` for this input, with defaults made explicit as the framework requires them: a pool's
    stride, a transposed convolution's output size.
    """
    convention = CONVENTIONS[layer.kind][framework]
    if "stride" in convention.defaults or ("stride" in convention.always and getattr(layer, "stride", None) is None):
        layer = with_fields(layer, stride=getattr(layer, "steps", None))
    padding = getattr(layer, "padding", None)
    if (
        isinstance(padding, Padding)
        and padding.mode == EXPLICIT
        and all(a.constant == 0 for a in chain(*padding.pairs))
    ):
        layer = with_fields(layer, padding=Padding())  # Keras has no number for it
    if not isinstance(layer, Deconv):
        yield layer
        return
    # in PyTorch the output size is an argument of the forward call; TensorFlow requires it always
    if framework != TENSORFLOW and (layer.output is None or framework != TORCH):
        yield layer
    if all(size.constant is not None for size in (*sizes, *shape.axes)):
        ends = [layer.possible(size, axis)[0] for axis, size in enumerate(shape.axes)]
        added = tuple(evaluate(size) - evaluate(end) for size, end in zip(sizes, ends, strict=True))
        if min(added) >= 0:
            yield with_fields(layer, output=None, output_padding=added)
        yield with_fields(layer, output=tuple(size.constant for size in sizes), output_padding=None)


def _sizes(applied: Applied, shape: Shape) -> tuple[Term, ...]:
    """Returns the output sizes of the axes, from the index maps where there are any."""
    axes = zip(applied.maps, shape.axes, applied.output.axes, strict=False)
    return tuple(size_out if map_ is None else map_.formula(size) for map_, size, size_out in axes)


def _reason_against(
    layer: Layer,
    framework: str,
    shape: Shape,
    wanted: Applied,
    ours: tuple[Term, ...],
    padded: Amounts = (),
    *,
    some: bool = False,
) -> str:
    """Returns why the framework's layer has other output sizes or another number of trained parameters, ``""`` if it agrees.

    ``wanted`` is our layer applied, ``ours`` its output sizes, ``padded`` the entries already added before and after each axis
    by a padding layer. With ``some`` it suffices to agree for the symbol values that the framework accepts.
    """
    title, ranks = TITLES[framework], CONVENTIONS[layer.kind][framework].of(layer).ranks
    if ranks and len(shape.axes) not in ranks:
        return f"{title} has it for {' or '.join(map(str, ranks))} axes, not for {len(shape.axes)}"
    try:
        applied = replace(layer, framework=framework).apply((shape,))
    except LayerError as refused:
        return str(refused)
    known_propositions = {condition.proposition for condition in wanted.conditions}
    for condition in applied.conditions:
        proposition = condition.proposition
        if not symbols_of(proposition) and not holds(proposition):
            return f"{condition.why}: {unicode_text(proposition)} does not hold"
        narrow = isinstance(proposition, Eq) or (
            isinstance(proposition, Le) and not some and not shown_by_signs(proposition)
        )
        # it would hold only for some values of a symbol
        if narrow and symbols_of(proposition) and proposition not in known_propositions:
            return condition.why
    if CONVENTIONS[layer.kind][framework].of(layer).arguments.get("axis") == LAST_SIZES:
        normalized = sorted(indices_of_axes(getattr(layer, "axis", ()), len(shape.dims)))
        if normalized[-1] - normalized[0] != len(normalized) - 1 or normalized[-1] != len(shape.dims) - 1:
            return f"{title} normalizes the last sizes, and no others"
    theirs = _sizes(applied, shape)
    if len(theirs) != len(ours):
        return f"{title} keeps every axis, of size 1"
    maps = zip((*wanted.maps, *[None] * len(ours)), (*applied.maps, *[None] * len(ours)), strict=False)
    for axis, (one, two, (our_map, their_map)) in enumerate(zip(ours, theirs, maps, strict=False)):
        extra = padded_size(integer(0), padded[axis]) if axis < len(padded) else integer(0)
        if not _equal(one, two) and not (our_map and their_map and _same_map(our_map, their_map, extra)):
            return f"{title} gives {unicode_text(two)}, not {unicode_text(one)}"
    trained, numbers = _trained(applied), _trained(wanted)
    if _equal(trained, numbers):
        return ""
    difference = f"{title} trains {unicode_text(trained)} numbers difference, not {unicode_text(numbers)}"
    return (
        f"{difference}; {choice} makes them the choice"
        if (choice := _agreeing_choice(layer, shape, trained))
        else difference
    )


def shown_by_signs(proposition: Proposition) -> bool:
    """Returns whether ``a ≤ b`` holds for all values of the symbols by a lower bound of ``b - a``, as F//2 ≤ F//2 does."""
    if not isinstance(proposition, Le):
        return False
    lower_bound = least(subtract(normal_form(proposition.args[1]), normal_form(proposition.args[0])))
    return lower_bound is not None and lower_bound >= 0


def _agreeing_choice(layer: Layer, shape: Shape, trained: Term) -> str:
    """Returns the ``choice`` option, with the framework removed, for which the layer has ``trained`` parameters, as text for
    the hint of the error; ``""`` if there is none.
    """
    without = f" without framework={layer.framework}" if layer.framework else ""
    for spec in layer.specs():
        for option in spec.options if spec.kind == "choice" and spec.name != "framework" else ():
            try:
                applied = with_fields(layer, framework=None, **{spec.name: option}).apply((shape,))
            except LayerError:
                continue
            if _equal(_trained(applied), trained):
                return f"{spec.name}={option}{without}"
    return ""


def _equal(one: Term, two: Term) -> bool:
    if one.constant is not None or two.constant is not None:
        return one.constant == two.constant
    return one is two or normal_form(one) == normal_form(two)


def _same_map(one: AxisMap, two: AxisMap, more: Term) -> bool:
    """Returns whether two index maps are equal for every size when the second one's input is ``more`` entries longer."""
    if one.offset is not None and two.offset is not None:
        return all(map(_equal, one.offset, (two.offset[0] + more, two.offset[1])))
    if one.scaling is not None and two.scaling is not None and more.constant == 0:
        return all(map(_equal, one.scaling, two.scaling))
    return False


def _trained(applied: Applied) -> Term:
    """Returns the number of trained parameters."""
    total: dict[Any, int] = {}
    for weight in applied.weights:
        if weight.trainable:
            total = add(total, normal_form(product(*weight.shape)))
    return from_polynomial(total)


def pad_amounts(layer: Any, shape: Shape) -> Amounts | None:
    """Returns the entries that a layer's padding adds before and after each axis, as integers where no symbols occur; ``None``
    where "same" padding depends on symbols.
    """
    padding, steps = layer.padding, getattr(layer, "steps", layer.stride)
    amounts: list[tuple[int | Term, int | Term]] = []
    for window, size in zip(
        windows(len(shape.axes), layer.kernel, steps, padding, layer.dilation, None), shape.axes, strict=True
    ):
        if padding.mode == EXPLICIT:
            amounts.append((_amount(window.before), _amount(window.after)))
            continue
        if padding.mode == CAUSAL:
            amounts.append((_amount(times(window.dilation, window.kernel - 1)), 0))
            continue
        if symbols_of(window.kernel, window.dilation, size, window.stride):
            return None
        reach = evaluate(window.dilation) * (evaluate(window.kernel) - 1)
        length, stride = evaluate(size), evaluate(window.stride)
        total = max((-(-length // stride) - 1) * stride + reach + 1 - length, 0)
        before = total - total // 2 if padding.mode == SAME_LOWER else total // 2
        amounts.append((before, total - before))
    return tuple(amounts)


def _amount(term: Term) -> int | Term:
    return term if symbols_of(term) else evaluate(term)


def calls(layer: Layer, framework: str, shape: Shape) -> tuple[Call, ...]:
    """Returns the calls of a layer in generated code. Raises :class:`Cannot` with the reason if the framework has none."""
    layer_calls = calls_or_reason(layer, framework, shape)
    if not layer_calls.calls:
        raise Cannot(layer_calls.why)
    return layer_calls.calls


def with_one_step(shape: Shape) -> Shape:
    """Returns the input shape of a recurrent layer: a vector becomes a sequence of one step."""
    return shape.new((integer(1), *shape.dims), SEQUENCE) if len(shape.dims) == 1 else shape


def with_fields(layer: Any, **values: Any) -> Any:
    """Returns a copy of the layer with other field values; typed for any kind of layer."""
    return replace(layer, **values)
