"""Which input sizes a whole network takes, and which of them are nearest to the ones there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from symnet.errors import SymnetError
from symnet.layers.declaration.shape import AXIS_NAMES
from symnet.network.joins import members
from symnet.network.network import Network
from symnet.printing.sets import membership
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.propositions import And, In
from symnet.terms.term import Symbol, symbols_of

__all__ = ["Taken", "axes_of", "nearest_shapes", "sizes_taken", "words_of"]

#: So far from the size that is there others are looked for.
FAR = 4096

#: Works the network out for an input with letters; it may refuse.
Works = Callable[[tuple[int | str, ...]], Network]

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Taken:
    """For which sizes of some axes of an input, all of the same size, the network is well; and those nearest to ``now``."""

    letters: tuple[str, ...]
    axes: tuple[int, ...]
    now: int
    members: IntegerSet
    #: the other axes, which must stay as they are
    staying: str = ""

    @property
    def words(self) -> str:
        """``H ≡ 0 (mod 32), H ≥ 32``; of several axes ``H = W, H ∈ {32, 33}``."""
        known = membership(self.letters[0], self.members)
        known = f"{' = '.join(self.letters)}, {known}" if len(self.letters) > 1 else known
        return f"{known}, {self.staying}" if self.staying else known

    @property
    def fits(self) -> bool:
        """Whether the network is well now."""
        return self.now in self.members

    @cached_property
    def nearest(self) -> tuple[int, ...]:
        """The next sizes below and above, the nearer first, as far as there are any; none where it is well now."""
        if self.fits:
            return ()
        below = next((size for size in range(self.now - 1, max(0, self.now - FAR), -1) if size in self.members), None)
        above = next((size for size in range(self.now + 1, self.now + FAR) if size in self.members), None)
        found = [size for size in (below, above) if size is not None]
        return tuple(sorted(found, key=lambda size: (abs(size - self.now), -size)))


def axes_of(count: int) -> dict[int, str]:
    """The axes of an input of so many sizes, channels first, and their letters: of two the steps or the one axis, whichever is
    first or last is for the network to say.

    >>> axes_of(3)
    {1: 'H', 2: 'W'}
    """
    if count == 1:
        return {0: "T"}
    if count - 1 in (2, 3):
        return dict(enumerate(AXIS_NAMES[count - 1], 1))
    return {0: "T", 1: "L"} if count == 2 else {}


def sizes_taken(shape: Shape, axes: dict[int, str], works: Works) -> list[Taken]:
    """For which sizes of its axes an input fits the network: of each axis by itself, where what is asked says it so; else of all of
    them as one size; else of each while the others stay as they are."""
    apart = _each(shape, axes, works)
    if apart is not None:
        return apart
    if len(axes) > 1 and len({shape[place] for place in axes}) == 1:
        together = _one(shape, tuple(axes), tuple(axes.values()), works)
        if together is not None:
            return [together]
    found = []
    for place, name in axes.items():
        one = _one(shape, (place,), (name,), works)
        if one is not None:
            others = ", ".join(f"{other} = {shape[there]}" for there, other in axes.items() if there != place)
            found.append(replace(one, staying=others))
    return found


def words_of(taken: Sequence[Taken]) -> str:
    """All of them in words: what the axes ask by themselves holds together, else it is the one or the other."""
    return (" or " if any(one.staying for one in taken) else " and ").join(one.words for one in taken)


def nearest_shapes(shape: Shape, taken: Sequence[Taken]) -> list[tuple[Shape, str]]:
    """The input's shapes nearest to this one that the network takes, each with the class of all."""
    wrong = [one for one in taken if one.nearest]
    groups = [[one] for one in wrong] if any(one.staying for one in wrong) else [wrong] if wrong else []
    found: dict[Shape, str] = {}
    for rank in range(2):
        for group in groups:
            sizes = list(shape)
            for one in group:
                for axis in one.axes:
                    sizes[axis] = one.nearest[min(rank, len(one.nearest) - 1)]
            found.setdefault(tuple(sizes), f"all that fit: {words_of(group)}")
    return list(found.items())


def _each(shape: Shape, axes: dict[int, str], works: Works) -> list[Taken] | None:
    """The sizes of each axis, all axes letters; ``None`` where one asks for another."""
    sizes = _asked(shape, axes, works)
    if sizes is None:
        return None
    return [Taken((name,), (place,), shape[place], sizes[name]) for place, name in axes.items()]


def _one(shape: Shape, places: Sequence[int], names: tuple[str, ...], works: Works) -> Taken | None:
    """The sizes that some axes may have together."""
    sizes = _asked(shape, dict.fromkeys(places, names[0]), works)
    return None if sizes is None else Taken(names, tuple(places), shape[places[0]], sizes[names[0]])


def _asked(shape: Shape, axes: dict[int, str], works: Works) -> dict[str, IntegerSet] | None:
    try:
        network = works(tuple(axes.get(place, size) for place, size in enumerate(shape)))
        stated = network.proof.stated
    except SymnetError:
        return None
    found = dict.fromkeys(axes.values(), IntegerSet.interval(1, None))
    for proposition in stated:
        symbols = symbols_of(proposition)
        if not symbols:
            continue
        known = members(proposition) if len(symbols) == 1 and symbols[0].name in found else None
        if known is None:
            return None
        both = members(And(In(Symbol(symbols[0].name), found[symbols[0].name]), In(Symbol(symbols[0].name), known)))
        if both is None:
            return None
        found[symbols[0].name] = both
    return found if all(sizes.parts for sizes in found.values()) else None
