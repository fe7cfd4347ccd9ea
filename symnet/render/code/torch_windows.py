"""PyTorch statements of layers with windows, and of paddings that these layers have no argument for."""

from __future__ import annotations

from dataclasses import replace

from symnet.frameworks.calls import Call
from symnet.frameworks.convention import ONNX, TENSORFLOW, TORCH
from symnet.layers.declaration.shape import SEQUENCE
from symnet.layers.declaration.windows import windows
from symnet.layers.kinds.convolution import Conv, Depthwise
from symnet.layers.laws.padding import EXPLICIT, SAME, SAME_LOWER, Padding
from symnet.render.code.framework_calls import calls, pad_amounts, padded_size, with_fields
from symnet.render.code.layer_arguments import pad_call
from symnet.render.code.statement import Cannot, Handler, Site, Statement
from symnet.render.code.torch_layout import channels_first
from symnet.terms.polynomial import from_polynomial, normal_form
from symnet.terms.term import Term, integer
from symnet.terms.worked_out import times

__all__ = ["TORCH_WINDOWS", "few_axes"]


def few_axes(site: Site) -> None:
    """Raises :class:`Cannot` if there are more than the three axes that PyTorch has layers for."""
    if site.rank > 3:
        raise Cannot(f"PyTorch has it for one, two or three axes, not for {site.rank}")


def _window(site: Site) -> Statement:
    few_axes(site)
    return channels_first(_channels_first_window(site), site)


def _channels_first_window(site: Site) -> Statement:
    """Returns a window layer on a tensor with channels first; a padding that it cannot express becomes a module before it."""
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
    """Returns an average pool on three axes, whose padding is a module of its own: PyTorch wants each unpadded axis to be as
    long as the kernel.
    """
    layer, amounts = site.layer, pad_amounts(site.layer, site.shape)
    if amounts is None or layer.ceil_mode or not any(map(any, amounts)):
        return Statement.of(*calls(layer, TORCH, site.shape))
    padded = site.shape.resized(tuple(map(padded_size, site.shape.axes, amounts)))
    unpadded = with_fields(layer, padding=Padding(), stride=layer.steps)
    return Statement.of(pad_call(TORCH, amounts, site.shape, lowest=False), *calls(unpadded, TORCH, padded))


def _leaves_padding_out(site: Site) -> bool:
    """Returns whether an average pool leaves the padding out of its means: with "same" padding always, with explicit padding
    only in TensorFlow and ONNX.
    """
    mode = site.layer.padding.mode
    return mode in (SAME, SAME_LOWER) or (mode == EXPLICIT and site.layer.framework in (TENSORFLOW, ONNX))


def _mean_of_entries(site: Site) -> Statement:
    """Returns an average pool that leaves padding out of its means: pool of the input divided by pool of ones."""
    layer, amounts = site.layer, pad_amounts(site.layer, site.shape)
    if amounts is not None and not any(map(any, amounts)):
        return Statement.of(*calls(with_fields(layer, padding=Padding()), TORCH, site.shape))
    if layer.padding.mode == EXPLICIT:
        made = Statement.of(*calls(layer, TORCH, site.shape))
        if len(made.makes) > 1:
            raise Cannot("PyTorch leaves a padding out of the means only where it is the same before and after")
        return made.having(count_include_pad=False)
    pooled, ones = _padded_same(site, "{x0}"), _padded_same(site, "torch.ones_like({x0})")
    return replace(pooled, do=f"{pooled.do} / {ones.do}")


def _padded_same(site: Site, read: str) -> Statement:
    """Returns the layer without padding, applied to ``read`` after "same" padding that is computed when the model runs."""
    layer, rank = site.layer, site.rank
    unpadded = with_fields(layer, padding=Padding())
    if hasattr(layer, "steps"):
        unpadded = with_fields(unpadded, stride=layer.steps)
    amounts = pad_amounts(layer, site.shape) or ((0, 0),) * rank
    (call,) = calls(unpadded, TORCH, site.shape.resized(tuple(map(padded_size, site.shape.axes, amounts))))
    axes = windows(rank, layer.kernel, getattr(layer, "steps", layer.stride), Padding(), layer.dilation, None)
    sizes = [tuple(map(site.say, part)) for part in zip(*((w.kernel, w.stride, w.dilation) for w in axes), strict=True)]
    arguments = ", ".join(f"({', '.join(part)}{',' * (rank == 1)})" for part in sizes)
    lower = ", lower=True" if layer.padding.mode == SAME_LOWER else ""
    lowest = ', value=float("-inf")' if layer.kind == "Maxpool" else ""
    return Statement((("", call),), f"{{m0}}(pad_same({read}, {arguments}{lower}{lowest}))", helpers=("pad_same",))


def _transposed(site: Site) -> Statement:
    """Returns a transposed convolution. What "same" or uneven padding removes is sliced off the unpadded output."""
    few_axes(site)
    try:
        return channels_first(Statement.of(*calls(site.layer, TORCH, site.shape)), site)
    except Cannot as why:
        cuts = _cuts(site)
        if cuts is None:
            raise why from None
    added = tuple(integer(max(-after, 0)) for _, after in cuts)
    unpadded = with_fields(
        site.layer, padding=Padding(), output=None, output_padding=added if any(a.constant for a in added) else None
    )
    call, *_ = calls(unpadded, TORCH, site.shape)
    if not any(before or after > 0 for before, after in cuts):
        return channels_first(Statement.of(call), site)
    kept = ", ".join(f"{before or ''}:{-after if after > 0 else ''}" for before, after in cuts)
    return channels_first(Statement((("", call),), f"{{m0}}({{x0}})[:, :, {kept}]"), site)


def _cuts(site: Site) -> list[tuple[int, int]] | None:
    """Returns the entries to cut before and after each axis of the unpadded output (negative: to add after it); ``None`` where
    they depend on symbols.
    """
    layer, cuts = site.layer, []
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
        cuts.append((before, total - before))
    return cuts


def _constant(term: Term) -> int | None:
    """Returns the number that a term equals for all values of its symbols, ``None`` if there is none."""
    return from_polynomial(normal_form(term)).constant


def _separable(site: Site) -> Statement:
    """Returns a depthwise convolution followed by a 1×1 convolution."""
    few_axes(site)
    layer = site.layer
    depthwise = Depthwise(
        layer.kernel, layer.stride, layer.padding, multiplier=layer.multiplier, dilation=layer.dilation, bias=False,
        framework=layer.framework,
    )  # fmt: skip
    depthwise_statement = _channels_first_window(Site(replace(site.record, layer=depthwise), site.say))
    between = site.shape.with_axes(times(site.shape.channels, layer.multiplier), site.shape.axes)
    (last,) = calls(Conv(layer.filters, 1, bias=layer.bias), TORCH, between)
    *pads, (_, make) = depthwise_statement.makes
    expression = f"{{m{len(depthwise_statement.makes)}}}({depthwise_statement.do})"
    return channels_first(
        replace(depthwise_statement, makes=(*pads, ("_depthwise", make), ("", last)), do=expression), site
    )


def _global(function: str) -> Handler:
    def handler(site: Site) -> Statement:
        few_axes(site)
        pool = Call(f"torch.nn.Adaptive{function}Pool{site.rank}d", (1,))
        if len(site.output.dims) > 1:
            return channels_first(Statement.of(pool), site)
        made = Statement((("", pool), ("_flatten", Call("torch.nn.Flatten"))), "{m1}({m0}({x0}))")
        return made.wrapped("{}.movedim(-1, 1)" if site.shape.layout == SEQUENCE else "{}", "{}")

    return handler


#: The function that makes the statement of each kind of layer.
TORCH_WINDOWS: dict[str, Handler] = {
    **dict.fromkeys(
        ("Conv", "Depthwise", "Maxpool", "Avgpool", "LpPool", "AdaptiveAvgPool", "AdaptiveMaxPool"), _window
    ),
    "Deconv": _transposed,
    "SeparableConv": _separable,
    "GlobalAvgPool": _global("Avg"),
    "GlobalMaxPool": _global("Max"),
}
