"""The input sizes that a whole network accepts, and the nearest of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from symnet.errors import SymnetError
from symnet.layers.declaration.shape import AXIS_NAMES
from symnet.network.joins import members
from symnet.network.network import Network
from symnet.printing.names import group_digits
from symnet.printing.sets import membership
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.listed_sets import count_of
from symnet.terms.propositions import And, In
from symnet.terms.term import Symbol, symbols_of

__all__ = ["Taken", "axes_of", "drawn_shapes", "fits_of", "nearest_shapes", "sizes_taken", "words_of"]

#: The largest distance at which other sizes are searched.
FAR = 4096

#: Propagates the network for an input with letters; may raise an error of symnet.
Works = Callable[[tuple[int | str, ...]], Network]

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Taken:
    """The sizes of some axes of an input, all equal, that the network accepts. ``now`` is their present size."""

    letters: tuple[str, ...]
    axes: tuple[int, ...]
    now: int
    members: IntegerSet
    #: the other axes, which must keep their sizes
    staying: str = ""

    @property
    def words(self) -> str:
        """``H ≡ 0 (mod 32), H ≥ 32``, or ``H = 8``; for several axes ``H = W, H ∈ {32, 33}`` or ``H = W = 8``."""
        equal = " = ".join(self.letters)
        if self.only is not None:
            known = f"{equal} = {group_digits(self.only)}"
        else:
            known = _residues(self.letters[0], self.members) or membership(self.letters[0], self.members)
            known = f"{equal}, {known}" if len(self.letters) > 1 else known
        return f"{known}, {self.staying}" if self.staying else known

    @property
    def only(self) -> int | None:
        """The one size that the network accepts; ``None`` if there are several."""
        return self.least if [count_of(part) for part in self.members.parts] == [1] else None

    @cached_property
    def least(self) -> int:
        """The least size that the network accepts; the present one if there is none near."""
        return next((size for size in range(1, FAR) if size in self.members), self.now)

    @property
    def fits(self) -> bool:
        """Whether the network accepts the present size."""
        return self.now in self.members

    @cached_property
    def nearest(self) -> tuple[int, ...]:
        """The next accepted sizes below and above, the nearer first, as far as they exist; empty if the present size
        is accepted.
        """
        if self.fits:
            return ()
        below = next((size for size in range(self.now - 1, max(0, self.now - FAR), -1) if size in self.members), None)
        above = next((size for size in range(self.now + 1, self.now + FAR) if size in self.members), None)
        found = [size for size in (below, above) if size is not None]
        return tuple(sorted(found, key=lambda size: (abs(size - self.now), -size)))


def _residues(letter: str, members: IntegerSet) -> str:
    """Several residue classes of one modulus from one size on, as ``H mod 8 ∈ 0..3, H ≥ 8``; empty for other sets.

    >>> from symnet.terms.integer_sets import IntegerSet, Progression
    >>> _residues("H", IntegerSet((Progression(0, 8, 8, None), Progression(1, 8, 9, None))))
    'H mod 8 ∈ {0, 1}, H ≥ 8'
    """
    classes = {part.residue: part.minimum or 0 for part in members.parts if part.maximum is None}
    moduli, start = {part.modulus for part in members.parts}, min(classes.values(), default=0)
    modulus = max(moduli)
    if len(moduli) > 1 or not 1 < len(classes) == len(members.parts):
        return ""
    if any(least != start + (residue - start) % modulus for residue, least in classes.items()):
        return ""
    first, *_, last = residues = sorted(classes)
    run = last - first == len(residues) - 1 and len(residues) > 2
    listed = f"{first}..{last}" if run else f"{{{', '.join(map(str, residues))}}}"
    return f"{letter} mod {modulus} ∈ {listed}, {letter} ≥ {group_digits(start)}"


def drawn_shapes(shape: Shape, taken: Sequence[Taken]) -> list[Shape]:
    """Some of the input shapes with the sizes ``taken``: the least ones, and the next above and below the present ones."""
    found: dict[Shape, None] = {}
    groups = [[one] for one in taken] if any(one.staying for one in taken) else [list(taken)]
    for group in groups:
        for draw in (lambda one: one.least, _above, _below):
            sizes = list(shape)
            for one in group:
                chosen = draw(one)
                for axis in one.axes:
                    sizes[axis] = chosen
            found[tuple(sizes)] = None
    return list(found)


def _above(one: Taken) -> int:
    return next((size for size in range(one.now + 1, one.now + FAR) if size in one.members), one.least)


def _below(one: Taken) -> int:
    return next((size for size in range(one.now - 1, max(0, one.now - FAR), -1) if size in one.members), one.least)


def axes_of(count: int) -> dict[int, str]:
    """The axes of an input with ``count`` sizes, channels first, and their letters. Of two axes both may vary, as the
    steps can be first or last.

    >>> axes_of(3)
    {1: 'H', 2: 'W'}
    """
    if count == 1:
        return {0: "T"}
    if count - 1 in (2, 3):
        return dict(enumerate(AXIS_NAMES[count - 1], 1))
    return {0: "T", 1: "L"} if count == 2 else {}


def sizes_taken(shape: Shape, axes: dict[int, str], works: Works) -> list[Taken]:
    """The sizes of its axes for which an input fits the network: of each axis by itself, if the condition separates;
    else of all of them as one size; else of each while the others keep their sizes.
    """
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
    """All of them as text: conditions of separate axes are joined by "and", alternatives by "or"."""
    return (" or " if any(one.staying for one in taken) else " and ").join(one.words for one in taken)


def fits_of(taken: Sequence[Taken]) -> dict[str, str]:
    """The accepted sizes in words, by their letters, for a model that works on the present sizes; empty if these are not among them:
    the model works on those because a framework stretches a size that happens to be 1, of which nothing is proven.

    >>> [fits_of([Taken(("H",), (1,), size, IntegerSet.interval(3, None))]) for size in (3, 2)]
    [{'H': 'H ≥ 3'}, {}]
    """
    return {one.letters[0]: one.words for one in taken} if all(one.fits for one in taken) else {}


def nearest_shapes(shape: Shape, taken: Sequence[Taken]) -> list[tuple[Shape, str]]:
    """The nearest input shapes that the network accepts, with a description of all accepted sizes, each once."""
    wrong = [one for one in taken if one.nearest]
    groups = [[one] for one in wrong] if any(one.staying for one in wrong) else [wrong] if wrong else []
    found: dict[Shape, str] = {}
    for rank in range(2):
        for group in groups:
            sizes = list(shape)
            for one in group:
                for axis in one.axes:
                    sizes[axis] = one.nearest[min(rank, len(one.nearest) - 1)]
            alone = all(one.only is not None for one in group)
            note = "no other size fits" if alone else f"so are all with {words_of(group)}"
            found.setdefault(tuple(sizes), "" if note in found.values() else note)
    return list(found.items())


def _each(shape: Shape, axes: dict[int, str], works: Works) -> list[Taken] | None:
    """The accepted sizes of each axis, with letters for all axes; ``None`` if the condition relates two axes."""
    sizes = _asked(shape, axes, works)
    if sizes is None:
        return None
    return [Taken((name,), (place,), shape[place], sizes[name]) for place, name in axes.items()]


def _one(shape: Shape, places: Sequence[int], names: tuple[str, ...], works: Works) -> Taken | None:
    """The sizes that some axes may have together; ``None`` if they cannot be described."""
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
