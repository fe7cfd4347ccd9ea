"""Receptive fields where layers add entries (transposed convolution, upsampling): not all entries have the same field.

After a transposed layer with stride 2 every other entry has fewer inputs in its field. The fields repeat: that of entry j + m is that
of entry j, n inputs further on. Here m, n and the first m fields are numbers. Each step finds them from the positions of the taps:
of many taps only the outermost, as many on each side as there are different fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from math import gcd, lcm

from symnet.layers.laws.law import Field, Spread
from symnet.terms.term import integer

__all__ = ["LONGEST", "Periods", "joined", "repeating", "through_spread", "through_window"]

#: The longest period, in entries, and the largest number of windows that one step looks at.
LONGEST, LOOKS = 4096, 2**20

#: The first and the last input entry in a receptive field; ``None`` for an empty field.
Window = tuple[int, int] | None


@dataclass(frozen=True)
class Periods:
    """The field of entry j + m is that of entry j, ``advance`` inputs further on; m is the number of ``windows``."""

    windows: tuple[Window, ...]
    advance: int

    def window(self, entry: int) -> Window:
        """The field of an entry; it may reach into the padding.

        >>> Periods(((0, 1), (0, 1)), 2).window(5)
        (4, 5)
        """
        turns, phase = divmod(entry, len(self.windows))
        window = self.windows[phase]
        return window and (window[0] + turns * self.advance, window[1] + turns * self.advance)

    def hull(self, entries: range) -> Window:
        """The smallest window with the fields of equidistant entries. After a period each field repeats further on, so the first and the
        last period of the entries reach as far as all of them.

        >>> Periods(((0, 1), (0, 3)), 2).hull(range(0, 10**12, 2))
        (0, 999999999999)
        """
        count = len(self.windows)
        return _hull(self.window(entry) for entry in chain(entries[:count], entries[-count:]))

    def field(self) -> Field | None:
        """The pattern as one field: the largest window, the average stride, and the padding of the first entry; ``None`` if empty.

        >>> field = Periods(((0, 1), (0, 1)), 2).field()
        >>> field.size, field.stride, field.per
        (<Int 2>, <Int 1>, <Int 1>)
        """
        nonempty = [window for window in self.windows if window is not None]
        if not nonempty:
            return None
        common = gcd(self.advance, len(self.windows))
        numbers = (max(last - first + 1 for first, last in nonempty), self.advance // common, -nonempty[0][0])
        size, stride, padding = (integer(number) for number in numbers)
        return Field(size, stride, padding, per=integer(len(self.windows) // common))

    def _shortest(self) -> Periods:
        """Returns the same pattern with the shortest period that divides this one."""
        count = len(self.windows)
        for part in range(1, count):
            if count % part or self.advance * part % count:
                continue
            shorter = Periods(self.windows[:part], self.advance * part // count)
            if all(shorter.window(entry) == self.windows[entry] for entry in range(count)):
                return shorter
        return self


def repeating(field: Field) -> Periods | None:
    """A window as a pattern of period 1; ``None`` unless it is given in numbers.

    >>> repeating(Field(integer(3), integer(2), integer(1)))
    Periods(windows=((-1, 1),), advance=2)
    """
    size, stride, padding = field.size.constant, field.stride.constant, field.padding.constant
    if size is None or stride is None or padding is None:
        return None
    return Periods(((-padding, size - padding - 1),), stride)


def _hull(windows: Iterable[Window]) -> Window:
    seen = [window for window in windows if window is not None]
    return (min(first for first, _ in seen), max(last for _, last in seen)) if seen else None


def through_window(before: Periods, window: Field) -> Periods | None:
    """The pattern after a convolution or pooling layer; ``None`` if it is out of reach.

    >>> through_window(Periods(((0, 1), (0, 1)), 2), Field(integer(3), integer(1), integer(1)))
    Periods(windows=((-2, 1), (0, 3)), advance=2)
    """
    parts = (window.size, window.stride, window.padding, window.apart)
    size, stride, padding, apart = (part.constant for part in parts)
    if size is None or stride is None or padding is None or apart is None:
        return None
    count = len(before.windows) // gcd(len(before.windows), stride)
    if count * min(-(-size // apart), 2 * len(before.windows)) > LOOKS:
        return None
    starts = (entry * stride - padding for entry in range(count))
    windows = tuple(before.hull(range(start, start + size, apart)) for start in starts)
    return Periods(windows, before.advance * stride * count // len(before.windows))._shortest()


def through_spread(before: Periods, spread: Spread) -> Periods | None:
    """The pattern after a transposed layer, whose input entry i reaches ``i·stride − padding + t·apart`` for 0 ≤ t < taps.

    >>> through_spread(Periods(((0, 0),), 1), Spread(integer(3), integer(2), integer(1)))
    Periods(windows=((0, 0), (0, 1)), advance=1)
    """
    numbers = [part.constant for part in (spread.taps, spread.stride, spread.padding, spread.apart)]
    if None in numbers:
        return None
    taps, stride, padding, apart = (number or 0 for number in numbers)
    count = len(before.windows) * stride
    if count > LONGEST or count * min(taps, 2 * len(before.windows)) > LOOKS:
        return None
    common = gcd(apart, stride)
    every = stride // common  # an entry that has taps has one in this many

    def window_of(entry: int) -> Window:
        quotient, rest = divmod(entry + padding, common)
        if rest:
            return None
        first = quotient * pow(apart // common, -1, every) % every
        last = first + (taps - 1 - first) // every * every
        ends = [(entry + padding - tap * apart) // stride for tap in (last, first)]
        return before.hull(range(ends[0], ends[1] + 1, apart // common)) if last >= first else None

    return Periods(tuple(map(window_of, range(count))), before.advance)._shortest()


def joined(branches: Sequence[Periods]) -> Periods | None:
    """The pattern where branches meet: an entry sees what it sees in any branch. ``None`` if their strides differ.

    >>> joined([Periods(((0, 0),), 1), Periods(((-1, 1),), 1)])
    Periods(windows=((-1, 1),), advance=1)
    """
    first = branches[0]
    if any(first.advance * len(other.windows) != other.advance * len(first.windows) for other in branches):
        return None
    count = lcm(*(len(branch.windows) for branch in branches))
    if count > LONGEST:
        return None
    windows = tuple(_hull(branch.window(entry) for branch in branches) for entry in range(count))
    return Periods(windows, first.advance * count // len(first.windows))._shortest()
