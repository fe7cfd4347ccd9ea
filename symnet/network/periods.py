"""What an entry sees where layers add entries (transposed convolution, upsampling): not every entry sees alike.

After a transposed layer with stride 2 every other entry sees fewer of its inputs. What entries see repeats itself: entry
j + m sees what entry j sees, n inputs further on. Here m, n and the first m windows are numbers, and each step finds them by
asking where the taps lie: of many taps only the outermost, as many on each side as there are different windows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from math import gcd, lcm

from symnet.layers.laws.law import Field, Spread
from symnet.terms.term import integer

__all__ = ["LONGEST", "Periods", "joined", "repeating", "through_spread", "through_window"]

#: Longer periods are out of reach, and so is more work than so many looks at a window.
LONGEST, LOOKS = 4096, 2**20

#: The first and the last input entry that an entry sees; ``None`` where it sees none.
Window = tuple[int, int] | None


@dataclass(frozen=True)
class Periods:
    """Entry j + m sees what entry j sees, ``advance`` inputs further on; m is the number of ``windows``."""

    windows: tuple[Window, ...]
    advance: int

    def window(self, entry: int) -> Window:
        """What an entry sees, padding and all.

        >>> Periods(((0, 1), (0, 1)), 2).window(5)
        (4, 5)
        """
        turns, phase = divmod(entry, len(self.windows))
        found = self.windows[phase]
        return found and (found[0] + turns * self.advance, found[1] + turns * self.advance)

    def around(self, entries: range) -> Window:
        """What entries see together that are evenly apart. After a period each window comes again, further on: so the first
        and the last of them, a period each, reach as far as all.

        >>> Periods(((0, 1), (0, 3)), 2).around(range(0, 10**12, 2))
        (0, 999999999999)
        """
        count = len(self.windows)
        return _around(self.window(entry) for entry in chain(entries[:count], entries[-count:]))

    def field(self) -> Field | None:
        """The largest of the windows; the stride on average; the padding that the first entry sees.

        >>> field = Periods(((0, 1), (0, 1)), 2).field()
        >>> field.size, field.stride, field.per
        (<Int 2>, <Int 1>, <Int 1>)
        """
        seen = [window for window in self.windows if window is not None]
        if not seen:
            return None
        common = gcd(self.advance, len(self.windows))
        numbers = (max(last - first + 1 for first, last in seen), self.advance // common, -seen[0][0])
        size, stride, padding = (integer(number) for number in numbers)
        return Field(size, stride, padding, per=integer(len(self.windows) // common))

    def _shortest(self) -> Periods:
        """The same without repetition: an even cut of the period, each as the one before."""
        count = len(self.windows)
        for part in range(1, count):
            if count % part or self.advance * part % count:
                continue
            shorter = Periods(self.windows[:part], self.advance * part // count)
            if all(shorter.window(entry) == self.windows[entry] for entry in range(count)):
                return shorter
        return self


def repeating(field: Field) -> Periods | None:
    """One window, if it is of numbers.

    >>> repeating(Field(integer(3), integer(2), integer(1)))
    Periods(windows=((-1, 1),), advance=2)
    """
    size, stride, padding = field.size.constant, field.stride.constant, field.padding.constant
    if size is None or stride is None or padding is None:
        return None
    return Periods(((-padding, size - padding - 1),), stride)


def _around(windows: Iterable[Window]) -> Window:
    seen = [window for window in windows if window is not None]
    return (min(first for first, _ in seen), max(last for _, last in seen)) if seen else None


def through_window(before: Periods, window: Field) -> Periods | None:
    """After a convolution or pooling layer.

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
    windows = tuple(before.around(range(start, start + size, apart)) for start in starts)
    return Periods(windows, before.advance * stride * count // len(before.windows))._shortest()


def through_spread(before: Periods, spread: Spread) -> Periods | None:
    """After a transposed layer: entry i of its input reaches ``i·stride − padding + t·apart``, 0 ≤ t < taps.

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
    every = stride // common  # one tap in so many meets an entry, where one does

    def seen(entry: int) -> Window:
        place, rest = divmod(entry + padding, common)
        if rest:
            return None
        first = place * pow(apart // common, -1, every) % every
        last = first + (taps - 1 - first) // every * every
        places = [(entry + padding - tap * apart) // stride for tap in (last, first)]
        return before.around(range(places[0], places[1] + 1, apart // common)) if last >= first else None

    return Periods(tuple(map(seen, range(count))), before.advance)._shortest()


def joined(branches: Sequence[Periods]) -> Periods | None:
    """Where branches meet an entry sees what all of them see; they must keep step.

    >>> joined([Periods(((0, 0),), 1), Periods(((-1, 1),), 1)])
    Periods(windows=((-1, 1),), advance=1)
    """
    first = branches[0]
    if any(first.advance * len(other.windows) != other.advance * len(first.windows) for other in branches):
        return None
    count = lcm(*(len(branch.windows) for branch in branches))
    if count > LONGEST:
        return None
    windows = tuple(_around(branch.window(entry) for branch in branches) for entry in range(count))
    return Periods(windows, first.advance * count // len(first.windows))._shortest()
