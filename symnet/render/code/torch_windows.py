"""Layers with windows as PyTorch says them, and the paddings that its layers cannot say."""

from __future__ import annotations

from dataclasses import replace

from symnet.frameworks.calls import Call
from symnet.frameworks.convention import ONNX, TENSORFLOW, TORCH
from symnet.layers.declaration.shape import SEQUENCE
from symnet.layers.declaration.windows import windows
from symnet.layers.kinds.convolution import Conv, Depthwise
from symnet.layers.laws.padding import EXPLICIT, SAME, SAME_LOWER, Padding
from symnet.render.code.framework_calls import calls, longer, pad_amounts, with_fields
from symnet.render.code.layer_arguments import pad_call
from symnet.render.code.statement import Cannot, Handler, Site, Statement
from symnet.render.code.torch_layout import channels_first
from symnet.terms.polynomial import from_polynomial, normal_form
from symnet.terms.term import Term, integer
from symnet.terms.worked_out import times

__all__ = ["TORCH_WINDOWS", "few_axes"]


def few_axes(site: Site) -> None:
    """Raises :class:`Cannot` where there are more axes than PyTorch has layers for."""
    if site.rank > 3:
        raise Cannot(f"PyTorch has it for one, two or three axes, not for {site.rank}")


def _window(site: Site) -> Statement:
    few_axes(site)
    return channels_first(_unturned(site), site)


def _unturned(site: Site) -> Statement:
    """The window layer on a tensor with channels first; a padding that it cannot say is added before it."""
    if site.layer.kind == "Avgpool" and _leaves_padding_out(site):
        return _mean_of_entries(site)
    if site.layer.kind == "Avgpool" and site.rank == 3 and site.layer.padding.mode == EXPLICIT:
        return _padded_before(site)
    try:
        return Statement.of(*calls(site.layer, TORCH, site.shape))
    except Cannot:
        padding = getattr(site.layer, "padding", Padding())
        if padding.mode not in (SAME, SAME_LOWER) or site.layer.kind == "LpPool":
            raise
    return _padded_same(site, "{x0}")


def _padded_before(site: Site) -> Statement:
    """An average pool on three axes: PyTorch wants each to be as long as the kernel before it is padded."""
    layer, found = site.layer, pad_amounts(site.layer, site.shape)
    if found is None or layer.ceil_mode or not any(map(any, found)):
        return Statement.of(*calls(layer, TORCH, site.shape))
    around = site.shape.resized(tuple(map(longer, site.shape.axes, found)))
    bare = with_fields(layer, padding=Padding(), stride=layer.steps)
    return Statement.of(pad_call(TORCH, found, site.shape, lowest=False), *calls(bare, TORCH, around))


def _leaves_padding_out(site: Site) -> bool:
    """Whether the mean of a window at the border is of the entries of the input alone: with SAME padding everywhere, with
    amounts of padding where the layer's framework has it so.
    """
    mode = site.layer.padding.mode
    return mode in (SAME, SAME_LOWER) or (mode == EXPLICIT and site.layer.framework in (TENSORFLOW, ONNX))


def _mean_of_entries(site: Site) -> Statement:
    """An average pool that leaves the padding out of its means: its output over its output on ones."""
    layer, found = site.layer, pad_amounts(site.layer, site.shape)
    if found is not None and not any(map(any, found)):
        return Statement.of(*calls(with_fields(layer, padding=Padding()), TORCH, site.shape))
    if layer.padding.mode == EXPLICIT:
        made = Statement.of(*calls(layer, TORCH, site.shape))
        if len(made.makes) > 1:
            raise Cannot("PyTorch leaves a padding out of the means only where it is the same before and after")
        return made.having(count_include_pad=False)
    one, ones = _padded_same(site, "{x0}"), _padded_same(site, "torch.ones_like({x0})")
    return replace(one, do=f"{one.do} / {ones.do}")


def _padded_same(site: Site, read: str) -> Statement:
    """The layer without padding on ``read``, with SAME padding around it that is worked out as the model runs."""
    layer, rank = site.layer, site.rank
    bare = with_fields(layer, padding=Padding())
    if hasattr(layer, "steps"):
        bare = with_fields(bare, stride=layer.steps)
    around = pad_amounts(layer, site.shape) or ((0, 0),) * rank
    (call,) = calls(bare, TORCH, site.shape.resized(tuple(map(longer, site.shape.axes, around))))
    axes = windows(rank, layer.kernel, getattr(layer, "steps", layer.stride), Padding(), layer.dilation, None)
    sizes = [tuple(map(site.say, part)) for part in zip(*((w.kernel, w.stride, w.dilation) for w in axes), strict=True)]
    given = ", ".join(f"({', '.join(part)}{',' * (rank == 1)})" for part in sizes)
    lower = ", lower=True" if layer.padding.mode == SAME_LOWER else ""
    lowest = ', value=float("-inf")' if layer.kind == "Maxpool" else ""
    return Statement((("", call),), f"{{m0}}(pad_same({read}, {given}{lower}{lowest}))", helpers=("pad_same",))


def _transposed(site: Site) -> Statement:
    """A transposed convolution. What SAME or uneven padding takes away is cut off what comes out without padding."""
    few_axes(site)
    try:
        return channels_first(Statement.of(*calls(site.layer, TORCH, site.shape)), site)
    except Cannot as why:
        found = _cuts(site)
        if found is None:
            raise why from None
    added = tuple(integer(max(-after, 0)) for _, after in found)
    plain = with_fields(
        site.layer, padding=Padding(), output=None, output_padding=added if any(a.constant for a in added) else None
    )
    call, *_ = calls(plain, TORCH, site.shape)
    if not any(before or after > 0 for before, after in found):
        return channels_first(Statement.of(call), site)
    kept = ", ".join(f"{before or ''}:{-after if after > 0 else ''}" for before, after in found)
    return channels_first(Statement((("", call),), f"{{m0}}({{x0}})[:, :, {kept}]"), site)


def _cuts(site: Site) -> list[tuple[int, int]] | None:
    """What is cut off before and after each axis (added after it, where negative), so that the output has its size; ``None``
    where that depends on symbols.
    """
    layer, found = site.layer, []
    mode = layer.padding.mode
    axes = windows(site.rank, layer.kernel, layer.stride, layer.padding, layer.dilation, None)
    for window, size, wanted in zip(axes, site.shape.axes, site.output.axes, strict=True):
        reach = window.dilation * (window.kernel - 1) + 1
        total = _constant(window.stride * (size - 1) + reach - wanted)
        if total is None:
            return None
        before = window.before.constant if mode == EXPLICIT else (max(total, 0) + (mode == SAME_LOWER)) // 2
        if before is None or (before > 0 and total < 0):
            return None
        found.append((before, total - before))
    return found


def _constant(term: Term) -> int | None:
    """The number that a term is for all values of its symbols."""
    return from_polynomial(normal_form(term)).constant


def _separable(site: Site) -> Statement:
    """A depthwise convolution, then one of 1 by 1."""
    few_axes(site)
    layer = site.layer
    depthwise = Depthwise(
        layer.kernel, layer.stride, layer.padding, multiplier=layer.multiplier, dilation=layer.dilation, bias=False,
        framework=layer.framework,
    )  # fmt: skip
    first = _unturned(Site(replace(site.place, layer=depthwise), site.say))
    between = site.shape.with_axes(times(site.shape.channels, layer.multiplier), site.shape.axes)
    (last,) = calls(Conv(layer.filters, 1, bias=layer.bias), TORCH, between)
    *pads, (_, make) = first.makes
    done = f"{{m{len(first.makes)}}}({first.do})"
    return channels_first(replace(first, makes=(*pads, ("_depthwise", make), ("", last)), do=done), site)


def _global(function: str) -> Handler:
    def handler(site: Site) -> Statement:
        few_axes(site)
        pool = Call(f"torch.nn.Adaptive{function}Pool{site.rank}d", (1,))
        if len(site.output.dims) > 1:
            return channels_first(Statement.of(pool), site)
        made = Statement((("", pool), ("_flatten", Call("torch.nn.Flatten"))), "{m1}({m0}({x0}))")
        return made.wrapped("{}.movedim(-1, 1)" if site.shape.layout == SEQUENCE else "{}", "{}")

    return handler


#: By kind of layer.
TORCH_WINDOWS: dict[str, Handler] = {
    **dict.fromkeys(
        ("Conv", "Depthwise", "Maxpool", "Avgpool", "LpPool", "AdaptiveAvgPool", "AdaptiveMaxPool"), _window
    ),
    "Deconv": _transposed,
    "SeparableConv": _separable,
    "GlobalAvgPool": _global("Avg"),
    "GlobalMaxPool": _global("Max"),
}
