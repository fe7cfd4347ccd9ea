"""Operators that change the axes by amounts or factors: Resize, Upsample, Pad."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from symnet.errors import LayerError
from symnet.frontends.flow import Flow
from symnet.frontends.onnx.call import Call, Handler
from symnet.frontends.onnx.constants.numbers import as_entry, as_fraction, sign_of
from symnet.frontends.onnx.constants.real_arithmetic import calculate, to_integer
from symnet.frontends.onnx.sizes import divided
from symnet.frontends.onnx.values import Value
from symnet.frontends.ops.windows import every_axis, padded
from symnet.layers.kinds.spatial import Resize, Upsample
from symnet.terms.propositions import Le
from symnet.terms.term import Term, integer

__all__ = ["RESIZES"]

#: The precision of scales in significant bits (single precision).
_SINGLE = 24

_LINEAR = {1: "linear", 2: "bilinear", 3: "trilinear"}
_PADDED = {"constant": "zeros", "reflect": "reflect", "edge": "replicate", "wrap": "circular"}


def _scales(call: Call) -> list[Any] | None:
    """The scale factors: an attribute (opset 7), the second input (9, 10), or the third (from 11 on)."""
    if "scales" in call.given:
        return [as_entry(value) for value in call.given["scales"]]
    index = 1 if call.op == "Upsample" or call.opset < 11 else 2
    found = call.entries(index) if call.has(index) else []
    return found or None


def _resize(call: Call) -> Value:
    x, more = call.image()
    before = call.sizes(x)
    scales = _scales(call)
    sizes: list[Term] | None = call.terms(3) if scales is None and call.has(3) else None
    axes = [call.dimension(axis, x.ndim) for axis in call.attribute("axes", range(x.ndim))]
    given = scales or sizes
    if given is None or len(given) != len(axes):
        raise LayerError("needs a scale or a size for each dimension")
    after = list(before)
    policy = call.attribute("keep_aspect_ratio_policy", "stretch")
    if sizes is not None and policy != "stretch":
        sizes = _kept(before, axes, sizes, policy)
    for place, axis in enumerate(axes):
        after[axis] = sizes[place] if sizes is not None else _scaled(call, before[axis], given[place], place, axes)
    for axis in (0, 1):
        if sign_of(after[axis], before[axis]) != 0:
            raise LayerError(f"resizes dimension {axis}, which is the {'channels' if axis else 'batch'}")
    return _resized(call, x, more, before[2:], after[2:])


def _scaled(call: Call, size: Term, scale: Any, place: int, axes: Sequence[int]) -> Term:
    """⌊size · scale⌋ in single precision, as runtimes compute it; applied to the region of interest if there is one."""
    part: Any = size
    if call.attribute("coordinate_transformation_mode") == "tf_crop_and_resize" and call.has(1):
        region = call.entries(1)
        part = calculate("Mul", size, calculate("Sub", region[place + len(axes)], region[place], _SINGLE), _SINGLE)
    found = to_integer(calculate("Mul", part, scale, _SINGLE), "floor", call.state.assume_at_most)
    if not isinstance(found, Term):
        raise LayerError("has a scale that is not known before the model runs")
    return found


def _kept(before: Sequence[Term], axes: Sequence[int], sizes: Sequence[Term], policy: str) -> list[Term]:
    """Sizes with one scale for all axes: the least or the largest that the policy requests."""
    pairs = [(as_fraction(size), as_fraction(before[axis])) for size, axis in zip(sizes, axes, strict=True)]
    if any(one is None or two is None for one, two in pairs):
        raise LayerError("keeps the aspect ratio of an input whose size is a symbol")
    ratios = [one / two for one, two in pairs if one is not None and two is not None]
    scale = min(ratios) if policy == "not_larger" else max(ratios)
    return [integer(int(scale * size + Fraction(1, 2))) for _, size in pairs if size is not None]


def _resized(call: Call, x: Flow, more: int, before: Sequence[Term], after: Sequence[Term]) -> Value:
    factors = [divided(new, old) for new, old in zip(after, before, strict=True)]
    mode = call.attribute("mode", "nearest")
    mode = {"linear": _LINEAR.get(len(before), "linear"), "cubic": "bicubic"}.get(mode, mode)
    if all(whole and factor.constant is not None for factor, whole in factors):
        numbers = every_axis([factor for factor, _ in factors], more, integer(1))
        return x if all(number.constant == 1 for number in numbers) else call.on(x, Upsample(numbers, mode=mode))
    return call.on(x, Resize((*x.tensor.shape.axes[:more], *after), mode=mode))


def _pad(call: Call) -> Value:
    x = call.flow()
    pads = [integer(pad) for pad in call.given["pads"]] if "pads" in call.given else call.terms(1)
    axes = [call.dimension(axis, x.ndim) for axis in call.ints("axes", 3) or range(x.ndim)]
    if len(pads) != 2 * len(axes):
        raise LayerError(f"has {len(pads)} pads for {len(axes)} dimensions")
    mode = _PADDED.get(call.attribute("mode", "constant"))
    if mode is None:
        raise LayerError(f"has an unknown mode, {call.attribute('mode')}")
    pairs = {axis: (pads[place], pads[place + len(axes)]) for place, axis in enumerate(axes)}
    if mode != _PADDED["constant"]:  # what is repeated or mirrored is taken after the cut: an entry must be left
        for axis, ends in pairs.items():
            cut = sum(min(end.constant or 0, 0) for end in ends)
            if cut:
                call.suppose(Le(integer(1 - cut), x.share(axis)))
    return padded(call, x, pairs, mode, call.word)


RESIZES: dict[str, Handler] = {"Resize": _resize, "Upsample": _resize, "Pad": _pad}
