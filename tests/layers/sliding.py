"""Windows slid over an input by hand, by the conventions' own words; no formula of symnet."""

from __future__ import annotations

__all__ = ["MODES", "left_over", "written"]

MODES = ("explicit", "same", "same_lower", "causal", "ceil")


def written(mode: str, kernel: object, stride: object, padding: object = 0, dilation: object = 1) -> str:
    """The layer in notation, one channel in and out; only explicit padding and rounding up have amounts."""
    if mode == "ceil":
        return f"Maxpool|{kernel}|{stride}|{padding}|dilation={dilation}|ceil_mode=yes"
    return f"Conv|1|{kernel}|{stride}|{padding if mode == 'explicit' else mode}|dilation={dilation}"


def left_over(
    mode: str, size: int, kernel: int, stride: int, padding: int = 0, dilation: int = 1
) -> tuple[int, int] | None:
    """How many windows there are, and how many entries lie after the end of the last one; ``None`` where none fits. Of
    explicit padding the entries after the end count too: they are asked for.
    """
    reach = dilation * (kernel - 1) + 1
    before, after = {"explicit": (padding, padding), "causal": (reach - 1, 0)}.get(mode, (padding, 0))
    starts = []
    if mode in ("explicit", "causal"):
        starts = [at for at in range(0, before + size + after, stride) if at + reach <= before + size + after]
    elif mode == "ceil":  # one more while something is left over and it starts inside the input or the padding before
        if reach > size + 2 * padding + stride - 1:
            return None
        while (not starts or starts[-1] + reach < size + 2 * padding) and len(starts) * stride < size + padding:
            starts.append(len(starts) * stride)
    else:  # one window for every S entries of the input, and padding for what the last one reaches over
        starts = list(range(0, size, stride))
        padded = max(starts[-1] + reach - size, 0)
        before = padded // 2 if mode == "same" else padded - padded // 2
        starts = [at - before for at in starts]
        before = 0
    return (len(starts), max(before + size + after - starts[-1] - reach, 0)) if starts else None
