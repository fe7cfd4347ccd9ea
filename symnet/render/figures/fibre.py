"""The figure of the fibre of a transposed convolution: all sizes from which its convolution makes the input size."""

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

#: How many sizes are drawn.
SIZES = 22
CELL, GAP, TOP = 34.0, 8.0, 74.0


def fibre(network: Network, layer: int | str | None = None) -> Drawing:
    """Draws sizes above and their convolved sizes below; those that give the layer's own size are highlighted."""
    node = chosen(network, layer, ("Deconv", *WINDOWED), "a convolution")
    is_transposed = node.layer is not None and node.layer.kind == "Deconv"
    before = number(network.placed[node.sources[0]].axes[-1].size, "the input size")
    after = number(node.axes[-1].size, "the output size")
    small, own = (before, after) if is_transposed else (after, before)
    window = _Window(node)
    members = _members(window, small, own)
    low, high = members[0], members[-1]
    around = max(2, min(window.stride, (SIZES - len(members)) // 2))
    sizes = [size for size in range(max(1, low - around), high + around + 1) if window.count(size) >= 1]
    if len(sizes) > SIZES:
        sizes = [size for size in sizes if abs(size - own) <= SIZES // 2]
    return _drawn(node, window, small, own, sizes, members, is_transposed)


class _Window:
    """The number of windows along the last axis, for any input size."""

    def __init__(self, node: Placed) -> None:
        layer = node.layer
        mode = getattr(getattr(layer, "padding", None), "mode", "")
        self.same = mode in (SAME, SAME_LOWER)
        self.kernel, self.stride, self.dilation = (self._last(layer, name) for name in ("kernel", "stride", "dilation"))
        padding = getattr(layer, "padding", None)
        pair = padding.amounts(len(node.axes) - 1) if padding is not None and not self.same and mode != "causal" else ()
        self.padded = sum(number(term, "the padding") for term in pair)
        if mode == "causal":
            self.padded = self.dilation * (self.kernel - 1)

    @staticmethod
    def _last(layer: object, name: str) -> int:
        value = getattr(layer, name, None)
        if value is None and name == "stride":  # a pooling window steps by its own size
            value = getattr(layer, "kernel", None)
        term = value[-1] if isinstance(value, tuple) and value else value
        return number(term, f"the {name}") if isinstance(term, Term) else 1

    def count(self, size: int) -> int:
        """The number of windows over ``size`` entries."""
        if self.same:
            return -(-size // self.stride)
        return (size + self.padded - self.dilation * (self.kernel - 1) - 1) // self.stride + 1


def _members(window: _Window, small: int, own: int) -> list[int]:
    """The sizes from which the convolution makes ``small``: ``stride`` consecutive ones."""
    reach = window.dilation * (window.kernel - 1) + 1
    low = window.stride * (small - 1) + (1 if window.same else reach - window.padded)
    members = [size for size in range(max(1, low), low + window.stride) if window.count(size) == small]
    if own not in members:
        raise FigureError(f"the size {own} is not among those that go to {small}: this layer rounds in another way")
    return members


def _drawn(
    node: Placed, window: _Window, small: int, own: int, sizes: list[int], members: list[int], is_transposed: bool
) -> Drawing:
    canvas = Canvas()
    title = f"{node.name}: {node.layer.notation if node.layer else ''}"
    canvas.text(14, 26, title, "strong", width=720)
    listed = _listed(members)
    summary = f"Sizes that the convolution takes to {small}: {listed}."
    chose = f"The layer gives {own}." if is_transposed else f"The input is {own}."
    canvas.text(14, 46, f"{summary} {chose}", "soft", size=SMALL)
    step = CELL + GAP
    left = 14.0
    middles = {size: left + index * step + CELL / 2 for index, size in enumerate(sizes)}
    below: dict[int, list[float]] = {}
    for size, middle in middles.items():
        below.setdefault(window.count(size), []).append(middle)
    centres = {count: sum(xs) / len(xs) for count, xs in below.items()}
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
        if size == own:  # a second frame marks the layer's own size
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
    return canvas.finish(f"The sizes that go to {small}", f"{summary} {chose}")


def _listed(members: list[int]) -> str:
    if not members:
        raise SymnetError("no size goes there")
    if len(members) == 1:
        return str(members[0])
    if len(members) > 4:
        return f"{members[0]} to {members[-1]}"
    return ", ".join(map(str, members[:-1])) + f" and {members[-1]}"
