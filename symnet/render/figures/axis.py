"""One axis of a layer in numbers, as figures draw it: input size, padding, window, stride, output size."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from symnet.errors import SymnetError
from symnet.layers.laws.padding import SAME, SAME_LOWER
from symnet.network.network import Network
from symnet.network.propagate import Placed
from symnet.printing.text import text
from symnet.terms.term import Term

__all__ = ["FigureError", "LettersLeft", "WindowAxis", "chosen", "number", "numbered", "window_axis"]


class FigureError(SymnetError):
    """A figure that cannot be drawn of this network; the message says why."""


class LettersLeft(FigureError):
    """The figure needs numbers, and the network has letters."""


@dataclass(frozen=True)
class WindowAxis:
    """``count`` windows of ``taps`` entries that are ``dilation`` apart, at steps of ``stride``, on ``before + size + after`` entries."""

    letter: str
    size: int
    before: int
    after: int
    taps: int
    dilation: int
    stride: int
    count: int
    #: sizes are rounded up, so that unused padding after the end is not dropped input
    rounded: bool = False

    @property
    def length(self) -> int:
        """The length of the padded input, or up to the end of the last window if sizes are rounded up."""
        return max(self.before + self.size + self.after, self.reached)

    @property
    def extent(self) -> int:
        """The number of entries from the first to the last tap of a window."""
        return self.dilation * (self.taps - 1) + 1

    @property
    def dropped(self) -> int:
        """The number of entries at the end that no window reaches."""
        return max(0, (self.before + self.size if self.rounded else self.length) - self.reached)

    @property
    def reached(self) -> int:
        """The position where the last window ends."""
        return self.stride * (self.count - 1) + self.extent


def number(term: Term, what: str) -> int:
    """The value of ``term``. Raises :class:`LettersLeft` if it has symbols; ``what`` names it in the message."""
    if term.constant is None:
        raise LettersLeft(f"{what} is {text(term)}: a figure needs numbers, so give the symbols values")
    return term.constant


def chosen(network: Network, layer: int | str | None, kinds: tuple[str, ...], what: str) -> Placed:
    """The layer with this number or name, or the first one of the kinds. Raises :class:`FigureError` if there is none; ``what`` describes
    the kinds in the message.
    """
    if isinstance(layer, str):
        layer = numbered(network, layer)
    if layer is not None:
        if not 1 <= layer < len(network.placed):
            raise FigureError(f"there is no layer {layer}: the network has layers 1 to {len(network.placed) - 1}")
        node = network.placed[layer]
        if node.layer is None or node.layer.kind not in kinds:
            raise FigureError(f"{node.title} is not {what}")
        return node
    for node in network.placed[1:]:
        if node.layer is not None and node.layer.kind in kinds:
            return node
    raise FigureError(f"the network has no layer that is {what}")


def numbered(network: Network, layer: str) -> int:
    """The number of the layer with this name, or in this text. Raises :class:`FigureError` if there is none."""
    if layer.strip().isdecimal():
        return int(layer)
    names = network.graph.names()
    if layer not in names:
        near = get_close_matches(layer, names, 1)
        meant = f"; did you mean {near[0]}?" if near else f": it has {', '.join(names[:6])}{', …' * (len(names) > 6)}"
        raise FigureError(f"the network has no layer called {layer}{meant}")
    return names.index(layer) + 1


def window_axis(network: Network, node: Placed, position: int = -1) -> WindowAxis:
    """An axis of a layer with windows, by default the last one. Raises :class:`FigureError` if the layer has none."""
    map_ = node.applied.maps[position] if node.applied.maps else None
    if map_ is None:
        raise FigureError(f"{node.title} has no windows")
    before = network.placed[node.sources[0]].axes[position].size
    values = {
        symbol.name: number(term, f"{symbol.name} of {node.name}") for symbol, term in map_.assignment(before).items()
    }
    count = number(node.axes[position].size, f"the output of {node.name}")
    taps, stride, dilation = values.get("F", 1), values.get("S", 1), values.get("D", 1)
    first, last = (values.get(name, values.get("P", 0)) for name in ("P1", "P2"))
    mode = getattr(getattr(node.layer, "padding", None), "mode", "")
    if mode in (SAME, SAME_LOWER):
        around = max(0, stride * (count - 1) + dilation * (taps - 1) + 1 - values["W"])
        first = (around + 1) // 2 if mode == SAME_LOWER else around // 2
        last = around - first
    elif mode == "causal":
        first, last = dilation * (taps - 1), 0
    rounded = getattr(node.layer, "ceil_mode", False)
    return WindowAxis(
        node.output.axis_names[position], values["W"], first, last, taps, dilation, stride, count, rounded
    )
