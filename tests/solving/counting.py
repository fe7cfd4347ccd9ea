"""The other oracle: questions answered by trying every number and counting every window, with no formula of symnet.

A layer is ``("conv", F, S, P, D)``, ``("same", F, S)``, ``("causal", F, S)``, ``("pool", F, S)``, ``("ceil", F, S)`` (a pooling
layer that rounds up) or ``("deconv", F, S, P)`` with numbers or names of unknowns. What lies after the end of the last window
is dropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

__all__ = ["Spec", "brute", "notation", "run"]

Spec = tuple[object, ...]


def notation(layers: list[Spec]) -> str:
    """The layers as the notation writes them."""
    written = {
        "conv": "Conv|1|{}|{}|{}|dilation={}",
        "same": "Conv|1|{}|{}|padding=same",
        "causal": "Conv|1|{}|{}|padding=causal",
        "pool": "Maxpool|{}|{}",
        "ceil": "Maxpool|{}|{}|0|ceil_mode=yes",
        "deconv": "Deconv|1|{}|{}|{}",
    }
    return " -> ".join(written[str(kind)].format(*values) for kind, *values in layers)


def windows(length: int, kernel: int, stride: int, dilation: int = 1) -> int:
    """Slide the window until it leaves the input."""
    count = position = 0
    while position + (kernel - 1) * dilation < length:
        count += 1
        position += stride
    return count


def run(size: int, layers: list[Spec], values: Mapping[str, int]) -> tuple[int, bool] | None:
    """The output size and whether nothing is dropped; ``None`` where a layer does not fit."""
    exact = True
    for kind, *given in layers:
        numbers = [values[one] if isinstance(one, str) else one for one in given]
        if kind in ("conv", "pool", "causal"):
            kernel, stride, padding, dilation = numbers if kind == "conv" else (*numbers, 0, 1)
            length = size + kernel - 1 if kind == "causal" else size + 2 * padding
            count = windows(length, kernel, stride, dilation)
            if count == 0:
                return None
            exact = exact and (count - 1) * stride + (kernel - 1) * dilation + 1 == length
            size = count
        elif kind == "ceil":  # the last window may hang over the end, but must start inside
            kernel, stride = numbers
            count = min(windows(size + stride - 1, kernel, stride), windows(size, 1, stride))
            if count == 0:
                return None
            exact = exact and (count - 1) * stride + kernel >= size
            size = count
        elif kind == "same":  # as much padding as the last window reaches over
            kernel, stride = numbers
            starts = range(0, size, stride)
            exact = exact and starts[-1] + kernel >= size
            size = len(starts)
        else:
            kernel, stride, padding = numbers
            size = len(
                {stride * i + j for i in range(size) for j in range(kernel)} | set(range(stride * (size - 1) + kernel))
            )
            size -= 2 * padding
            if size < 1:
                return None
    return size, exact


def brute(
    size: int | str, layers: list[Spec], target: int | str | None, box: Mapping[str, tuple[int, int]], *, exact: bool
) -> Iterator[dict[str, int]]:
    """Every solution in the box."""
    for numbers in product(*(range(low, high + 1) for low, high in box.values())):
        values = dict(zip(box, numbers, strict=True))
        found = run(values[size] if isinstance(size, str) else size, layers, values)
        if found is None or (exact and not found[1]):
            continue
        wanted = values[size if target == "input" else target] if isinstance(target, str) else target
        if wanted is None or found[0] == wanted:
            yield values
