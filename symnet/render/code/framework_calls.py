"""How a layer is written in a framework, as calls with its own argument names, or why it cannot be."""

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
from symnet.terms.polynomial import add, from_polynomial, least, normal_form, subtract
from symnet.terms.propositions import Eq, Le, Proposition, holds
from symnet.terms.term import Term, evaluate, integer, symbols_of
from symnet.terms.worked_out import times

__all__ = ["Written", "calls", "longer", "pad_amounts", "shown_by_signs", "stepped", "with_fields", "written"]


@dataclass(frozen=True)
class Written:
    """``calls`` in order, none where the framework cannot say the layer; ``why`` says why not, or why there are two;
    ``source`` is where the framework defines the layer.
    """

    calls: tuple[Call, ...]
    why: str = ""
    source: str = ""


def written(layer: Layer, framework: str, shape: Shape) -> Written:
    """``layer`` on ``shape`` as ``framework`` writes it. A padding that the framework cannot say goes before it, as a layer of
    its own, where its amounts do not depend on the size of the input.

    >>> from symnet.frameworks.calls import printed
    >>> from symnet.layers.kinds.convolution import Conv
    >>> image = Shape((integer(3), integer(224), integer(224)))
    >>> for call in written(Conv(64, 7, 2, "same"), "torch", image).calls:
    ...     print(printed(call))
    torch.nn.ZeroPad2d((2, 3, 2, 3))
    torch.nn.Conv2d(in_channels=3, out_channels=64, kernel_size=7, stride=2)
    >>> print(printed(*written(Conv(64, 7, 2, "same"), "keras", image).calls))
    keras.layers.Conv2D(filters=64, kernel_size=7, strides=2, padding='same')
    """
    convention = _convention(layer, framework)
    if not convention.target:
        return Written((), f"{TITLES[framework]} has no such layer")
    if layer.sequential and len(shape.dims) == 2:  # its features stand last, wherever the channels are
        shape = shape.new(shape.dims, SEQUENCE)
    if isinstance(layer, Dense) and len(shape.dims) > 1 and layer.flattens(shape):
        row = written(layer, framework, shape.new((product(*shape.dims),), VECTOR))
        return replace(row, calls=(_FLATTEN[framework], *row.calls)) if row.calls else row
    wanted = layer.apply((shape,))
    layer = _explicit(layer, shape)
    convention = convention.of(layer)
    sizes, reason = _sizes(wanted, shape), ""
    for same in _said_otherwise(layer, framework, sizes, shape):
        refused = _refused(same, framework, shape, wanted, sizes)
        if not refused:
            return Written(calls_of(same, framework, shape, wanted), source=convention.source)
        reason = reason or refused
    before = _padded_before(layer, framework, shape, wanted, reason)
    if not before.calls:  # for some values of its letters at least
        for same in _said_otherwise(layer, framework, sizes, shape):
            if not _refused(same, framework, shape, wanted, sizes, some=True):
                return Written(calls_of(same, framework, shape, wanted), reason, convention.source)
    return before


def _padded_before(layer: Layer, framework: str, shape: Shape, wanted: Applied, reason: str) -> Written:
    """The layer without padding after a layer that pads; ``reason`` says why it cannot pad itself."""
    convention, sizes = _convention(layer, framework).of(layer), _sizes(wanted, shape)
    padding = getattr(layer, "padding", None)
    if not isinstance(padding, Padding) or padding.mode == VALID or layer.kind == "Deconv":
        return Written((), reason, convention.source)
    amounts = pad_amounts(layer, shape)
    if amounts is None:
        return Written((), f"{reason}; how much it pads depends on the size of the input", convention.source)
    bare = next(_said_otherwise(with_fields(layer, padding=Padding()), framework, sizes, shape))
    padded = shape.resized(tuple(map(longer, shape.axes, amounts)))
    still = _refused(bare, framework, padded, wanted, sizes, amounts)
    if still:
        return Written((), still, convention.source)
    calls = calls_of(bare, framework, padded, wanted)
    if not any(map(any, amounts)):
        return Written(calls, f"{reason}; here it pads nothing", convention.source)
    caveat = "; the zeros then count in the mean" if layer.kind == "Avgpool" else ""
    lowest = layer.kind == "Maxpool"
    return Written((pad_call(framework, amounts, shape, lowest), *calls), reason + caveat, convention.source)


def _convention(layer: Layer, framework: str) -> Convention:
    return CONVENTIONS.get(layer.kind, {}).get(framework, Convention(""))


def _explicit(layer: Layer, shape: Shape) -> Layer:
    """The layer with what its framework takes for granted given."""
    if layer.framework is None:
        return layer
    given: dict[str, Any] = {}
    if hasattr(layer, "steps"):
        given["stride"] = layer.steps
    if getattr(layer, "keepdims", True) is None:
        given["keepdims"] = default(layer, "keepdims", False)
    for name in ("epsilon", "reset_after", "affine", "num_parameters", "biases"):
        if hasattr(layer, name) and getattr(layer, name) is None and getattr(layer, "shared_axes", None) is None:
            given[name] = default(layer, name)
    same: Layer = with_fields(layer, **given)
    return same


_FLATTEN = {
    TORCH: Call("torch.nn.Flatten"),
    KERAS: Call("keras.layers.Flatten"),
    TENSORFLOW: Call("tf.keras.layers.Flatten"),
    ONNX: Call("Flatten"),
}


def longer(size: Term, pair: tuple[int | Term, int | Term]) -> Term:
    """A size with so many entries more before and after."""
    total = size + pair[0] + pair[1]
    return total if symbols_of(total) else integer(evaluate(total))


def _said_otherwise(layer: Layer, framework: str, sizes: tuple[Term, ...], shape: Shape) -> Iterator[Layer]:
    """The layer, and the same layer with what is usually left out: the stride of a pool, which size is the output."""
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
    # in PyTorch the output size is an argument of the call on the input; in TensorFlow it must always be given
    if framework != TENSORFLOW and (layer.output is None or framework != TORCH):
        yield layer
    if all(size.constant is not None for size in (*sizes, *shape.axes)):
        ends = [layer.possible(size, axis)[0] for axis, size in enumerate(shape.axes)]
        added = tuple(evaluate(size) - evaluate(end) for size, end in zip(sizes, ends, strict=True))
        if min(added) >= 0:
            yield with_fields(layer, output=None, output_padding=added)
        yield with_fields(layer, output=tuple(size.constant for size in sizes), output_padding=None)


def _sizes(applied: Applied, shape: Shape) -> tuple[Term, ...]:
    """The axes that come out."""
    axes = zip(applied.maps, shape.axes, applied.output.axes, strict=False)
    return tuple(given if map_ is None else map_.formula(size) for map_, size, given in axes)


def _refused(
    layer: Layer,
    framework: str,
    shape: Shape,
    wanted: Applied,
    ours: tuple[Term, ...],
    padded: Amounts = (),
    *,
    some: bool = False,
) -> str:
    """Why the framework's layer differs in output sizes or in numbers that are trained; nothing if it agrees. With
    ``padded``, so many entries were added before and after each axis by a layer before it. With ``some`` it is enough that it
    agrees where the framework takes the values of its letters.
    """
    title, ranks = TITLES[framework], CONVENTIONS[layer.kind][framework].of(layer).ranks
    if ranks and len(shape.axes) not in ranks:
        return f"{title} has it for {' or '.join(map(str, ranks))} axes, not for {len(shape.axes)}"
    try:
        applied = replace(layer, framework=framework).apply((shape,))
    except LayerError as refused:
        return str(refused)
    known = {condition.proposition for condition in wanted.conditions}
    for condition in applied.conditions:
        asked = condition.proposition
        if not symbols_of(asked) and not holds(asked):
            return f"{condition.why}: {unicode_text(asked)} does not hold"
        narrow = isinstance(asked, Eq) or (isinstance(asked, Le) and not some and not shown_by_signs(asked))
        if narrow and symbols_of(asked) and asked not in known:  # it would be for some values of a letter only
            return condition.why
    if CONVENTIONS[layer.kind][framework].of(layer).arguments.get("axis") == LAST_SIZES:
        over = sorted(indices_of_axes(getattr(layer, "axis", ()), len(shape.dims)))
        if over[-1] - over[0] != len(over) - 1 or over[-1] != len(shape.dims) - 1:
            return f"{title} normalizes the last sizes, and no others"
    theirs = _sizes(applied, shape)
    if len(theirs) != len(ours):
        return f"{title} keeps every axis, of size 1"
    maps = zip((*wanted.maps, *[None] * len(ours)), (*applied.maps, *[None] * len(ours)), strict=False)
    for axis, (one, two, (our, their)) in enumerate(zip(ours, theirs, maps, strict=False)):
        more = longer(integer(0), padded[axis]) if axis < len(padded) else integer(0)
        if not _equal(one, two) and not (our and their and _same_map(our, their, more)):
            return f"{title} gives {unicode_text(two)}, not {unicode_text(one)}"
    trained, numbers = _trained(applied), _trained(wanted)
    if _equal(trained, numbers):
        return ""
    there = f"{title} trains {unicode_text(trained)} numbers there, not {unicode_text(numbers)}"
    return f"{there}; {same} makes them the same" if (same := _agreeing(layer, shape, trained)) else there


def shown_by_signs(proposition: Proposition) -> bool:
    """Whether signs show it for all values: F//2 ≤ F//2."""
    if not isinstance(proposition, Le):
        return False
    bound = least(subtract(normal_form(proposition.args[1]), normal_form(proposition.args[0])))
    return bound is not None and bound >= 0


def _agreeing(layer: Layer, shape: Shape, trained: Term) -> str:
    """The choice with which the layer trains so many numbers, if one does: without its framework, which has it as it is."""
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
    """Whether two laws are the same map for every size, the second on a size of ``more`` entries more."""
    if one.offset is not None and two.offset is not None:
        return all(map(_equal, one.offset, (two.offset[0] + more, two.offset[1])))
    if one.scaling is not None and two.scaling is not None and more.constant == 0:
        return all(map(_equal, one.scaling, two.scaling))
    return False


def _trained(applied: Applied) -> Term:
    """How many numbers are trained."""
    found: dict[Any, int] = {}
    for weight in applied.weights:
        if weight.trainable:
            found = add(found, normal_form(product(*weight.shape)))
    return from_polynomial(found)


def pad_amounts(layer: Any, shape: Shape) -> Amounts | None:
    """What a layer's padding adds before and after each axis, numbers as numbers; ``None`` where SAME has letters to divide."""
    padding, steps = layer.padding, getattr(layer, "steps", layer.stride)
    found: list[tuple[int | Term, int | Term]] = []
    for window, size in zip(
        windows(len(shape.axes), layer.kernel, steps, padding, layer.dilation, None), shape.axes, strict=True
    ):
        if padding.mode == EXPLICIT:
            found.append((_amount(window.before), _amount(window.after)))
            continue
        if padding.mode == CAUSAL:
            found.append((_amount(times(window.dilation, window.kernel - 1)), 0))
            continue
        if symbols_of(window.kernel, window.dilation, size, window.stride):
            return None
        reach = evaluate(window.dilation) * (evaluate(window.kernel) - 1)
        length, stride = evaluate(size), evaluate(window.stride)
        total = max((-(-length // stride) - 1) * stride + reach + 1 - length, 0)
        before = total - total // 2 if padding.mode == SAME_LOWER else total // 2
        found.append((before, total - before))
    return tuple(found)


def _amount(term: Term) -> int | Term:
    return term if symbols_of(term) else evaluate(term)


def calls(layer: Layer, framework: str, shape: Shape) -> tuple[Call, ...]:
    """The calls of a layer in generated code. Raises :class:`Cannot` with the reason why there are none."""
    found = written(layer, framework, shape)
    if not found.calls:
        raise Cannot(found.why)
    return found.calls


def stepped(shape: Shape) -> Shape:
    """What a recurrent layer is given for it: of a vector, one step."""
    return shape.new((integer(1), *shape.dims), SEQUENCE) if len(shape.dims) == 1 else shape


def with_fields(layer: Any, **values: Any) -> Any:
    """The layer with other values, whatever its kind."""
    return replace(layer, **values)
