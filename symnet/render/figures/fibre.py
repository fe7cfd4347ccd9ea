"""The fibre of a transposed convolution: all sizes that its convolution takes back to the size that comes in."""

from __future__ import annotations

from symnet.errors import SymnetError
from symnet.layers.laws.padding import SAME, SAME_LOWER
from symnet.network.network import Network
from symnet.network.propagate import Placed
from symnet.render.figures.axis import FigureError, chosen, number
from symnet.render.figures.canvas import SMALL, Canvas, Drawing
from symnet.render.figures.windows import WINDOWED
from symnet.terms.term import Term

__all__ = ["fibre"]

#: At most this many sizes are drawn.
SIZES = 22
CELL, GAP, TOP = 34.0, 8.0, 74.0


def fibre(network: Network, layer: int | str | None = None) -> Drawing:
    """Sizes above, what the convolution makes of them below; those that give the layer's own size stand out."""
    place = chosen(network, layer, ("Deconv", *WINDOWED), "a convolution")
    is_transposed = place.layer is not None and place.layer.kind == "Deconv"
    before = number(network.placed[place.sources[0]].axes[-1].size, "the input size")
    after = number(place.axes[-1].size, "the output size")
    small, given = (before, after) if is_transposed else (after, before)
    window = _Window(place)
    members = _members(window, small, given)
    low, high = members[0], members[-1]
    around = max(2, min(window.stride, (SIZES - len(members)) // 2))
    sizes = [size for size in range(max(1, low - around), high + around + 1) if window.count(size) >= 1]
    if len(sizes) > SIZES:
        sizes = [size for size in sizes if abs(size - given) <= SIZES // 2]
    return _drawn(place, window, small, given, sizes, members, is_transposed)


class _Window:
    """How many windows fit along the last axis, for any size."""

    def __init__(self, place: Placed) -> None:
        layer = place.layer
        mode = getattr(getattr(layer, "padding", None), "mode", "")
        self.same = mode in (SAME, SAME_LOWER)
        self.kernel, self.stride, self.dilation = (self._last(layer, name) for name in ("kernel", "stride", "dilation"))
        padding = getattr(layer, "padding", None)
        pair = (
            padding.amounts(len(place.axes) - 1) if padding is not None and not self.same and mode != "causal" else ()
        )
        self.padded = sum(number(term, "the padding") for term in pair)
        if mode == "causal":
            self.padded = self.dilation * (self.kernel - 1)

    @staticmethod
    def _last(layer: object, name: str) -> int:
        value = getattr(layer, name, None)
        if value is None and name == "stride":  # a pooling window steps by itself
            value = getattr(layer, "kernel", None)
        term = value[-1] if isinstance(value, tuple) and value else value
        return number(term, f"the {name}") if isinstance(term, Term) else 1

    def count(self, size: int) -> int:
        """Windows over ``size`` entries."""
        if self.same:
            return -(-size // self.stride)
        return (size + self.padded - self.dilation * (self.kernel - 1) - 1) // self.stride + 1


def _members(window: _Window, small: int, given: int) -> list[int]:
    """The sizes that go to ``small``: ``stride`` in a row."""
    reach = window.dilation * (window.kernel - 1) + 1
    low = window.stride * (small - 1) + (1 if window.same else reach - window.padded)
    members = [size for size in range(max(1, low), low + window.stride) if window.count(size) == small]
    if given not in members:
        raise FigureError(f"the size {given} is not among those that go to {small}: this layer rounds in another way")
    return members


def _drawn(
    place: Placed, window: _Window, small: int, given: int, sizes: list[int], members: list[int], is_transposed: bool
) -> Drawing:
    canvas = Canvas()
    title = f"{place.name}: {place.layer.notation if place.layer else ''}"
    canvas.text(14, 26, title, "strong", width=720)
    listed = _listed(members)
    said = f"Sizes that the convolution takes to {small}: {listed}."
    chose = f"The layer gives {given}." if is_transposed else f"The input is {given}."
    canvas.text(14, 46, f"{said} {chose}", "soft", size=SMALL)
    step = CELL + GAP
    left = 14.0
    middles = {size: left + index * step + CELL / 2 for index, size in enumerate(sizes)}
    below: dict[int, list[float]] = {}
    for size, middle in middles.items():
        below.setdefault(window.count(size), []).append(middle)
    centres = {count: sum(found) / len(found) for count, found in below.items()}
    bottom = TOP + 104
    for size, middle in middles.items():
        count = window.count(size)
        hit = count == small
        canvas.arrow(
            (middle, TOP + 27),
            (centres[count], bottom - 3),
            "blue-line" if hit else "faint",
            "head" if hit else "grey",
            2 if hit else 1,
        )
    for size, middle in middles.items():
        hit = size in members
        if size == given:  # a second frame marks the one that is
            canvas.box(middle - CELL / 2 - 3, TOP - 3, CELL + 6, 30, "paper blue-line", rounded=4)
        canvas.box(middle - CELL / 2, TOP, CELL, 24, "blue edge" if hit else "paper line", rounded=2)
        canvas.text(middle, TOP + 16, str(size), "on-colour strong" if hit else "soft", size=SMALL, anchor="middle")
    for count, middle in centres.items():
        hit = count == small
        canvas.box(middle - CELL / 2, bottom, CELL, 24, "orange edge" if hit else "paper line", rounded=2)
        canvas.text(middle, bottom + 16, str(count), "on-colour strong" if hit else "soft", size=SMALL, anchor="middle")
    right = left + len(sizes) * step + 4
    canvas.text(right, TOP + 16, "possible outputs" if is_transposed else "input sizes", "soft", size=SMALL)
    canvas.text(right, bottom + 16, "after the convolution", "soft", size=SMALL)
    return canvas.finish(f"The sizes that go to {small}", f"{said} {chose}")


def _listed(members: list[int]) -> str:
    if not members:
        raise SymnetError("no size goes there")
    if len(members) == 1:
        return str(members[0])
    if len(members) > 4:
        return f"{members[0]} to {members[-1]}"
    return ", ".join(map(str, members[:-1])) + f" and {members[-1]}"
