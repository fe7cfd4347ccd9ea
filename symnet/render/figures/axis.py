"""One axis of one layer in numbers, as figures draw it: input size, padding, window, step, output size."""

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
    """A figure that cannot be drawn of this network, and why."""


class LettersLeft(FigureError):
    """A figure that is drawn of numbers, and there are letters."""


@dataclass(frozen=True)
class WindowAxis:
    """``before + size + after`` entries; ``count`` windows of ``taps`` entries, ``dilation`` apart, by ``stride``."""

    letter: str
    size: int
    before: int
    after: int
    taps: int
    dilation: int
    stride: int
    count: int
    #: sizes are rounded up: that padding after the end is left over does not matter
    rounded: bool = False

    @property
    def length(self) -> int:
        """The padded input; where sizes are rounded up, as far as the last window reaches."""
        return max(self.before + self.size + self.after, self.reached)

    @property
    def extent(self) -> int:
        """What one window spans."""
        return self.dilation * (self.taps - 1) + 1

    @property
    def dropped(self) -> int:
        """Entries at the end that no window reaches."""
        return max(0, (self.before + self.size if self.rounded else self.length) - self.reached)

    @property
    def reached(self) -> int:
        """Where the last window ends."""
        return self.stride * (self.count - 1) + self.extent


def number(term: Term, what: str) -> int:
    """The number that ``term`` is. Raises :class:`LettersLeft` for a symbol."""
    if term.constant is None:
        raise LettersLeft(f"{what} is {text(term)}: a figure needs numbers, so give the symbols values")
    return term.constant


def chosen(network: Network, layer: int | str | None, kinds: tuple[str, ...], what: str) -> Placed:
    """The layer asked for by its number or its name, or the first of the kinds. Raises :class:`FigureError` where there is
    none."""
    if isinstance(layer, str):
        layer = numbered(network, layer)
    if layer is not None:
        if not 1 <= layer < len(network.placed):
            raise FigureError(f"there is no layer {layer}: the network has layers 1 to {len(network.placed) - 1}")
        place = network.placed[layer]
        if place.layer is None or place.layer.kind not in kinds:
            raise FigureError(f"{place.title} is not {what}")
        return place
    for place in network.placed[1:]:
        if place.layer is not None and place.layer.kind in kinds:
            return place
    raise FigureError(f"the network has no layer that is {what}")


def numbered(network: Network, layer: str) -> int:
    """The number of the layer that has this name, or is written so. Raises :class:`FigureError` where there is none."""
    if layer.strip().isdecimal():
        return int(layer)
    names = network.graph.names()
    if layer not in names:
        near = get_close_matches(layer, names, 1)
        meant = f"; did you mean {near[0]}?" if near else f": it has {', '.join(names[:6])}{', …' * (len(names) > 6)}"
        raise FigureError(f"the network has no layer called {layer}{meant}")
    return names.index(layer) + 1


def window_axis(network: Network, place: Placed, position: int = -1) -> WindowAxis:
    """An axis of a layer with windows, the last unless given."""
    map_ = place.applied.maps[position] if place.applied.maps else None
    if map_ is None:
        raise FigureError(f"{place.title} has no windows")
    before = network.placed[place.sources[0]].axes[position].size
    values = {
        symbol.name: number(term, f"{symbol.name} of {place.name}") for symbol, term in map_.assignment(before).items()
    }
    count = number(place.axes[position].size, f"the output of {place.name}")
    taps, stride, dilation = values.get("F", 1), values.get("S", 1), values.get("D", 1)
    first, last = (values.get(name, values.get("P", 0)) for name in ("P1", "P2"))
    mode = getattr(getattr(place.layer, "padding", None), "mode", "")
    if mode in (SAME, SAME_LOWER):
        around = max(0, stride * (count - 1) + dilation * (taps - 1) + 1 - values["W"])
        first = (around + 1) // 2 if mode == SAME_LOWER else around // 2
        last = around - first
    elif mode == "causal":
        first, last = dilation * (taps - 1), 0
    rounded = getattr(place.layer, "ceil_mode", False)
    return WindowAxis(
        place.output.axis_names[position], values["W"], first, last, taps, dilation, stride, count, rounded
    )
