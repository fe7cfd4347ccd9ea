"""The networks that are timed, as numbers for the peers and as notation for symnet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["Convolution", "notation", "own_filters", "own_symbols", "stack"]


class Convolution(NamedTuple):
    """One layer of a stack."""

    kernel: int
    stride: int
    padding: int


def stack(depth: int) -> list[Convolution]:
    """Kernels 3, 5 and 7 in turn; every tenth layer halves."""
    return [Convolution(3 + 2 * (place % 3), 2 if place % 10 == 9 else 1, place % 2) for place in range(depth)]


def notation(layers: Sequence[Convolution]) -> str:
    """A stack on an input of symbolic size."""
    written = (f"Conv|1|{layer.kernel}|{layer.stride}|{layer.padding}" for layer in layers)
    return " -> ".join(["(1*W*W)", *written])


def own_symbols(depth: int) -> str:
    """Each layer has a kernel, a stride and a padding of its own."""
    return " -> ".join(["(1*W*W)", *(f"Conv|1|F{place}|S{place}|P{place}" for place in range(1, depth + 1))])


def own_filters(depth: int) -> tuple[list[str], str]:
    """Each layer has its own number of filters: their names, and the network."""
    names = [f"K{place}" for place in range(1, depth + 1)]
    return names, " -> ".join(["(1*W*W)", *(f"Conv|{name}|3|1|1" for name in names)])
