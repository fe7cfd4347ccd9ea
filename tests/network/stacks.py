"""Random stacks of layers on one axis, and what they do to it, tap by tap: a second opinion that knows no formula."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, takewhile

from hypothesis import strategies as st

__all__ = ["Deconv", "NoWindow", "Upsample", "Window", "every_stack", "notation", "seen", "sizes", "window_stack"]

#: For each output entry, the places of the input that it reads. Places outside the input are padding.
Reads = list[set[int]]


class NoWindow(Exception):
    """The input is so small that not one window fits."""


@dataclass(frozen=True)
class Window:
    """A convolution or pooling layer."""

    kernel: int
    stride: int = 1
    before: int = 0
    after: int = 0
    dilation: int = 1
    mode: str = "explicit"
    ceil: bool = False

    def __str__(self) -> str:
        mode = f"({self.before}, {self.after})" if self.mode == "explicit" else self.mode
        kind = "Maxpool" if self.ceil else "Conv|1"
        end = "|ceil_mode=yes" if self.ceil else ""
        return f"{kind}|{self.kernel}|{self.stride}|{mode}|dilation={self.dilation}{end}"

    def reads(self, size: int) -> Reads:
        before, after = self._padding(size)
        found = [
            {start + tap * self.dilation - before for tap in range(self.kernel)}
            for start in self._starts(size, before, after)
        ]
        if not found:
            raise NoWindow
        return found

    def _padding(self, size: int) -> tuple[int, int]:
        reach = (self.kernel - 1) * self.dilation
        if self.mode == "explicit":
            return self.before, self.after
        if self.mode == "causal":
            return reach, 0
        # SAME: as many windows as there are multiples of the stride in the input, and what these need is added
        last = max(start for start in range(0, size, self.stride))
        total = max(last + reach + 1 - size, 0)
        less = total // 2
        return (less, total - less) if self.mode == "same" else (total - less, less)

    def _starts(self, size: int, before: int, after: int) -> Iterator[int]:
        reach, end = (self.kernel - 1) * self.dilation, before + size + after
        places = count(0, self.stride)
        if not self.ceil:
            return takewhile(lambda start: start + reach < end, places)
        # one window may reach past the end by less than a stride, if it starts before the padding after
        return takewhile(lambda start: start + reach < end + self.stride - 1 and start < before + size, places)


@dataclass(frozen=True)
class Deconv:
    """A transposed convolution: what the convolution with the same values reads, the other way round."""

    kernel: int
    stride: int
    padding: int
    extra: int

    def __str__(self) -> str:
        return f"Deconv|1|{self.kernel}|{self.stride}|{self.padding}|output_padding={self.extra}"

    def reads(self, size: int) -> Reads:
        written = {place * self.stride + tap for place in range(size) for tap in range(self.kernel)}
        whole = range(max(written) + 1 + self.extra)
        kept = whole[self.padding : len(whole) - self.padding]
        if not kept:
            raise NoWindow
        return [
            {place for place in range(size) if 0 <= end - place * self.stride < self.kernel} for end in kept
        ]  # fmt: skip


@dataclass(frozen=True)
class Upsample:
    """Every entry several times."""

    factor: int

    def __str__(self) -> str:
        return f"Upsample|{self.factor}"

    def reads(self, size: int) -> Reads:
        return [{place} for place in range(size) for _ in range(self.factor)]


Stack = Sequence[Window | Deconv | Upsample]


def notation(stack: Stack, size: int | str) -> str:
    """The stack as a network on one axis."""
    return " -> ".join([f"(1*{size})", *map(str, stack)])


def sizes(stack: Stack, size: int) -> list[int]:
    """The size after each layer, entries counted."""
    found = []
    for layer in stack:
        size = len(layer.reads(size))
        found.append(size)
    return found


def seen(stack: Stack, size: int) -> Reads:
    """For each entry at the end, the entries of the input that can change it."""
    reached: Reads = [{place} for place in range(size)]
    for layer in stack:
        reached = [
            set().union(*(reached[place] for place in places if 0 <= place < len(reached)))
            for places in layer.reads(len(reached))
        ]
    return reached


def _amounts(mode: str) -> st.SearchStrategy[int]:
    return st.integers(0, 2) if mode == "explicit" else st.just(0)


@st.composite
def _windows(draw: st.DrawFn, modes: Sequence[str]) -> Window:
    mode = draw(st.sampled_from(modes))
    kernel, stride, dilation = draw(st.integers(1, 5)), draw(st.integers(1, 3)), draw(st.integers(1, 2))
    return Window(kernel, stride, draw(_amounts(mode)), draw(_amounts(mode)), dilation, mode)


@st.composite
def _rounded_up(draw: st.DrawFn) -> Window:
    kernel, stride = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    half = draw(st.integers(0, kernel // 2))  # PyTorch takes no more
    return Window(kernel, stride, half, half, ceil=True)


@st.composite
def _transposed(draw: st.DrawFn) -> Deconv:
    kernel, stride = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    return Deconv(kernel, stride, draw(st.integers(0, kernel // 2)), draw(st.integers(0, stride - 1)))


def window_stack(*modes: str) -> st.SearchStrategy[list[Window]]:
    """Up to five convolutions with these paddings: explicit, same, same_lower, causal."""
    return st.lists(_windows(modes), min_size=1, max_size=5)


def every_stack() -> st.SearchStrategy[list[Window | Deconv | Upsample]]:
    """Layers of all kinds."""
    windows = _windows(("explicit", "same", "same_lower", "causal"))
    factors = st.integers(1, 3).map(Upsample)
    return st.lists(windows | _rounded_up() | _transposed() | factors, min_size=1, max_size=4)
