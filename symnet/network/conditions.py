"""What the layers of a network ask of its symbols together, and values that satisfy all of it.

Most networks are satisfied by the first large sizes that are tried. Where nothing that is tried will do, the conditions
may contradict each other: :mod:`symnet.solving.contradiction` decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product
from typing import NamedTuple

from symnet.errors import SymnetError
from symnet.network.propagate import Placed
from symnet.terms.propositions import Eq, Le, Proposition, holds
from symnet.terms.term import Symbol, Term, evaluate, integer, substitute, symbols_of

__all__ = ["Asked", "asked_together", "witness"]

#: Sizes that are tried for one symbol; for several, each tries its own sizes while the others stay.
LARGE, SMALL = (4096, 240, 1000), (1, 2, 3, 4, 5, 8, 16, 31, 64)
#: From a large size on, so many in a row: residue classes of branches that meet.
ROW = 64
#: Where many layers make less of a size, only a far larger one fits.
HUGE = tuple(1 << bits for bits in (20, 32, 64, 128, 256, 512))
#: So many choices of values are tried.
TRIED = 400


class Asked(NamedTuple):
    """A condition in the network's own symbols, and the layer that asks it."""

    layer: str
    proposition: Proposition


def asked_together(placed: Sequence[Placed]) -> tuple[Asked, ...]:
    """Every condition with symbols, on the input as it is given; sizes are closed forms.

    >>> from symnet.network.network import Network
    >>> [asked.proposition for asked in asked_together(Network.parse("(1*W) -> Conv|1|F -> Conv|1|3").placed)]
    [<Le F <= W + 2*0>, <Le 3 <= W + (-F + 1) + 2*0>]
    """
    found: dict[Proposition, str] = {}
    for place in placed:
        for map_, origin in zip(place.applied.maps, place.origins, strict=True):
            if map_ is None or origin is None:
                continue
            size = placed[place.sources[origin[0]]].axes[origin[1]].size
            for condition in map_.conditions(size):
                found.setdefault(condition, place.title)
        for asked in place.applied.conditions:
            found.setdefault(asked.proposition, place.title)
        given = [place.output.channels] if place.output.dims else []
        given += [size for size, map_ in zip(place.output.axes, place.applied.maps, strict=False) if map_ is None]
        for size in given:
            if size.constant is None and (size.least is None or size.least < 1):
                found.setdefault(Le(integer(1), size), place.title)
    return tuple(Asked(layer, proposition) for proposition, layer in found.items() if symbols_of(proposition))


def witness(asked: Sequence[Asked]) -> dict[Symbol, int] | None:
    """Values for which all conditions hold; ``None`` where none of those tried will do.

    >>> W, F = Symbol("W"), Symbol("F")
    >>> witness([Asked("", Eq(W % 16, integer(12)))])[W] % 16
    12
    """
    propositions = [one.proposition for one in asked]
    symbols = symbols_of(*propositions)
    if not symbols:
        return {}
    propositions.sort(key=lambda one: not isinstance(one, Eq))  # what fails most often is asked first
    for chosen in _choices(symbols, propositions):
        values = {symbol: number.constant or 0 for symbol, number in chosen.items() if isinstance(symbol, Symbol)}
        known: dict[Term, int] = dict(values.items())
        if all(_true(proposition, known) for proposition in propositions):
            return values
    return None


def _true(proposition: Proposition, known: dict[Term, int]) -> bool:
    """Whether it holds; the sizes in it are kept in ``known``, since those of the next layer are made of them."""
    try:
        for side in proposition.args:
            if isinstance(side, Term):
                known[side] = evaluate(side, known)
        return holds(proposition, known)
    except SymnetError:  # no value: a divisor is 0, a number out of reach
        return False


def _choices(symbols: list[Symbol], propositions: list[Proposition]) -> Iterator[dict[Term, Term]]:
    """Values for all symbols. A symbol that is told by an equation gets its value from the others."""
    told: dict[Symbol, Term] = {}
    for proposition in propositions:
        if isinstance(proposition, Eq):
            for one, other in (proposition.args, proposition.args[::-1]):
                if isinstance(one, Symbol) and one not in told and one not in symbols_of(other):
                    told[one] = substitute(other, dict(told.items()))
                    break
    free = [symbol for symbol in symbols if symbol not in told]
    for numbers in islice(_numbers(len(free)), TRIED):
        values: dict[Term, Term] = {
            symbol: integer(max(number, symbol.least or 0)) for symbol, number in zip(free, numbers, strict=True)
        }
        for symbol, term in told.items():
            number = substitute(term, values)
            if number.constant is not None and number.constant >= (symbol.least or 0):
                values[symbol] = integer(number.constant)
        if len(values) == len(symbols):
            yield values


def _numbers(free: int) -> Iterator[tuple[int, ...]]:
    """For each unknown a number: large ones and small ones in all ways, then a row of large ones."""
    if free == 0:
        yield ()
        return
    if free <= 4:
        yield from product((LARGE[0], *SMALL[:3]), repeat=free)
    for large in LARGE:
        for small in SMALL:
            for which in range(min(free, 8)):
                yield tuple(large if place == which else small for place in range(free))
                yield tuple(small if place == which else large for place in range(free))
    for huge in HUGE:
        yield (huge,) * free
    for more in range(ROW):
        yield (LARGE[0] + more,) * free
