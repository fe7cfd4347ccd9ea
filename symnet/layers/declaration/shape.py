"""Shapes: the sizes of a tensor without the batch, in the network's data format."""

from __future__ import annotations

from dataclasses import dataclass, field

from symnet.errors import LayerError
from symnet.terms.term import Term

__all__ = ["AXIS_NAMES", "CHANNELS_FIRST", "CHANNELS_LAST", "LAYOUTS", "SEQUENCE", "VECTOR", "Shape"]

CHANNELS_FIRST, CHANNELS_LAST, SEQUENCE, VECTOR = "channels_first", "channels_last", "sequence", "vector"

#: Layouts by the prefix they have in notation: HWC:80x80x4.
LAYOUTS = {"HWC": CHANNELS_LAST, "CHW": CHANNELS_FIRST, "TD": SEQUENCE}

#: The names of the spatial axes, by their number.
AXIS_NAMES = {1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W")}


@dataclass(frozen=True)
class Shape:
    """The sizes of a tensor, and which of them are channels.

    ``channels_first`` is (C, H, W), ``channels_last`` is (H, W, C), ``sequence`` is (T, D) and ``vector`` is (N,). A
    vector keeps the network's ``data_format``, so that a reshape knows which size is the channels again. ``spatial``
    is set once windows have moved along the axes: none of them can then be read as features.
    """

    dims: tuple[Term, ...]
    layout: str = CHANNELS_FIRST
    data_format: str = field(default="", compare=False)
    spatial: bool = field(default=False, compare=False)

    def __post_init__(self) -> None:
        if not self.data_format:
            last = self.layout in (CHANNELS_LAST, SEQUENCE)
            object.__setattr__(self, "data_format", CHANNELS_LAST if last else CHANNELS_FIRST)

    @property
    def channel_index(self) -> int:
        """The index of the channels (or features) in ``dims``."""
        return 0 if self.layout == CHANNELS_FIRST else len(self.dims) - 1

    @property
    def channels(self) -> Term:
        """The number of channels (or features). Raises :class:`LayerError` for a single number, which has none."""
        if not self.dims:
            raise LayerError("needs channels, got a single number")
        return self.dims[self.channel_index]

    @property
    def axes(self) -> tuple[Term, ...]:
        """The sizes of all axes but the channels, in order."""
        return self.dims[1:] if self.layout == CHANNELS_FIRST else self.dims[:-1]

    @property
    def axis_names(self) -> tuple[str, ...]:
        """The names of the axes: H and W of an image, T of a sequence, …"""
        count = len(self.dims) - 1
        if self.layout == SEQUENCE and count == 1:
            return ("T",)
        return AXIS_NAMES.get(count, tuple(f"A{index + 1}" for index in range(count)))

    def resized(self, axes: tuple[Term, ...]) -> Shape:
        """The same shape with other sizes of its axes and the same channels."""
        dims = (*self.dims[:1], *axes) if self.layout == CHANNELS_FIRST else (*axes, *self.dims[-1:])
        return Shape(dims, self.layout, self.data_format, self.spatial)

    def with_axes(self, channels: Term, axes: tuple[Term, ...]) -> Shape:
        """The same shape with other channels and axes and the same layout."""
        dims = (channels, *axes) if self.layout == CHANNELS_FIRST else (*axes, channels)
        return Shape(dims, self.layout, self.data_format, self.spatial)

    def windowed(self, channels: Term | None = None) -> Shape:
        """The output shape of a layer whose windows move along the axes: marked ``spatial``, with other ``channels``
        if given. The axes keep their sizes here; the layer's laws replace them.
        """
        if channels is None:
            return Shape(self.dims, self.layout, self.data_format, spatial=True)
        dims = (channels, *self.dims[1:]) if self.layout == CHANNELS_FIRST else (*self.dims[:-1], channels)
        return Shape(dims, self.layout, self.data_format, spatial=True)

    @property
    def axis_indices(self) -> tuple[int, ...]:
        """The indices of the axes in ``dims``."""
        return tuple(place for place in range(len(self.dims)) if place != self.channel_index)

    def new(self, dims: tuple[Term, ...], layout: str | None = None) -> Shape:
        """Another shape in the same network. Without ``layout`` it is a vector if it has at most one size, a sequence
        if this is one and there are two sizes, else in the network's data format. ``spatial`` is kept only if
        ``layout`` is passed and equals this shape's.
        """
        spatial = self.spatial and layout == self.layout
        if layout is None:
            layout = (
                VECTOR
                if len(dims) <= 1
                else SEQUENCE
                if self.layout == SEQUENCE and len(dims) == 2
                else self.data_format
            )
        return Shape(dims, layout, self.data_format, spatial)
