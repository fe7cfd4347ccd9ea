"""Which input sizes a whole network takes, and which of them are nearest to the ones there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from symnet.errors import SymnetError
from symnet.layers.shape import AXIS_NAMES
from symnet.network.joins import members
from symnet.network.network import Network
from symnet.printing.sets import membership
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.propositions import And, In
from symnet.terms.term import Symbol, symbols_of

__all__ = ["Taken", "sizes_taken"]

#: So far from the size that is there others are looked for.
FAR = 4096

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Taken:
    """For which sizes of some axes of an input, all the same size ``letter``, the network is well; and those nearest to ``now``."""

    letter: str
    axes: tuple[int, ...]
    now: int
    members: IntegerSet

    @property
    def words(self) -> str:
        """``H ≡ 0 (mod 32), H ≥ 32``."""
        return membership(self.letter, self.members)

    @property
    def nearest(self) -> tuple[int, ...]:
        """The next sizes below and above, as far as there are any; none where it is well now."""
        if self.now in self.members:
            return ()
        below = next((size for size in range(self.now - 1, max(0, self.now - FAR), -1) if size in self.members), None)
        above = next((size for size in range(self.now + 1, self.now + FAR) if size in self.members), None)
        found = [size for size in (below, above) if size is not None]
        return tuple(sorted(found, key=lambda size: (abs(size - self.now), -size)))


def sizes_taken(shape: Shape, network: Callable[[tuple[int | str, ...]], Network]) -> list[Taken]:
    """For which sizes of each axis of an input the network is well, the others as they are; where none is, for which sizes that all
    its axes have together. ``network`` works the network out for an input with letters; it may refuse."""
    names = _names(len(shape))
    first = len(shape) - len(names)
    together = None
    if len(names) > 1 and len(set(shape[first:])) == 1:
        together = _taken(shape, tuple(range(first, len(shape))), names[0], network)
        if together is not None and not _alone(shape, first, network):
            return [together]
    found = [_taken(shape, (first + place,), name, network) for place, name in enumerate(names)]
    apart = [one for one in found if one is not None]
    if together is not None and (not apart or len({one.members for one in apart} | {together.members}) == 1):
        return [together]
    return apart


def _alone(shape: Shape, first: int, network: Callable[[tuple[int | str, ...]], Network]) -> bool:
    """Whether the network is defined for any size of the first axis while the others stay as they are."""
    return _taken(shape, (first,), "H", network) is not None


def _names(count: int) -> tuple[str, ...]:
    if count == 1:
        return ("T",)
    return tuple(AXIS_NAMES[count - 1]) if count - 1 in (1, 2, 3) else ()


def _taken(
    shape: Shape, axes: tuple[int, ...], name: str, network: Callable[[tuple[int | str, ...]], Network]
) -> Taken | None:
    try:
        found = network(tuple(name if place in axes else size for place, size in enumerate(shape)))
    except SymnetError:
        return None
    sizes: IntegerSet = IntegerSet.interval(1, None)
    symbol = Symbol(name)
    for proposition in found.proof.stated:
        if not symbols_of(proposition):
            continue
        known = members(proposition) if symbols_of(proposition) == [symbol] else None
        both = None if known is None else members(And(In(symbol, sizes), In(symbol, known)))
        if both is None:
            return None
        sizes = both
    return Taken(name, axes, shape[axes[0]], sizes) if sizes.parts else None
