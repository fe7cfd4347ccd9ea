"""The conditions of all layers of a network on its symbols, and values that satisfy all of them.

For most networks one of the first large sizes does. If none does, the conditions may contradict each other, which
:mod:`symnet.solving.contradiction` decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product
from typing import NamedTuple

from symnet.errors import SymnetError
from symnet.network.propagate import Placed
from symnet.terms.evaluation import evaluate, holds
from symnet.terms.propositions import Eq, Le, Proposition
from symnet.terms.term import Symbol, Term, integer, substitute, symbols_of

__all__ = ["Asked", "asked_together", "only_bounded_below", "witness"]

#: The sizes to try for a symbol; of several symbols, each tries its sizes while the others stay the same.
LARGE, SMALL = (4096, 240, 1000), (1, 2, 3, 4, 5, 8, 16, 31, 64)
#: How many sizes in a row to try from a large one on, for residue classes where branches meet.
ROW = 64
#: Sizes to try where many layers shrink a size.
HUGE = tuple(1 << bits for bits in (20, 32, 64, 128, 256, 512))
#: The largest number of choices of values to try.
TRIED = 400


class Asked(NamedTuple):
    """A condition in the network's own symbols, and the title of the layer that it comes from."""

    layer: str
    proposition: Proposition


def asked_together(placed: Sequence[Placed]) -> tuple[Asked, ...]:
    """Returns all conditions with symbols, on the input as given, with sizes as closed forms.

    >>> from symnet.network.network import Network
    >>> [asked.proposition for asked in asked_together(Network.parse("(1*W) -> Conv|1|F -> Conv|1|3").placed)]
    [<Le F <= W + 2*0>, <Le 3 <= W - F + 1 + 2*0>]
    """
    layer_of: dict[Proposition, str] = {}
    for node in placed:
        for map_, origin in zip(node.applied.maps, node.origins, strict=True):
            if map_ is None or origin is None:
                continue
            size = placed[node.sources[origin[0]]].axes[origin[1]].size
            for condition in map_.conditions(size):
                layer_of.setdefault(condition, node.title)
        for asked in node.applied.conditions:
            layer_of.setdefault(asked.proposition, node.title)
        positive = [node.output.channels] if node.output.dims else []
        positive += [size for size, map_ in zip(node.output.axes, node.applied.maps, strict=False) if map_ is None]
        for size in positive:
            if size.constant is None and (size.least is None or size.least < 1):
                layer_of.setdefault(Le(integer(1), size), node.title)
    return tuple(Asked(layer, proposition) for proposition, layer in layer_of.items() if symbols_of(proposition))


def only_bounded_below(node: Placed) -> bool:
    """Returns whether all that a layer asks is that sizes are large enough, where they grow with the input: large inputs fit.

    >>> from symnet.network.network import Network
    >>> [only_bounded_below(node) for node in Network.parse("(1*W) -> Conv|1|3 -> Conv|1|F").placed]
    [True, True, False]
    """
    if any(symbols_of(condition.proposition) for condition in node.applied.conditions):
        return False
    channels = node.output.channels if node.output.dims else integer(1)
    if channels.constant is None and (channels.least is None or channels.least < 1):
        return False
    for axis, map_ in zip(node.axes, node.applied.maps or (None,) * len(node.axes), strict=False):
        base = axis.form.base
        grows = axis.form.least_base(1) is not None and (base.constant is not None or isinstance(base, Symbol))
        if not grows or (map_ is not None and map_.least is None):
            return False
    return True


def witness(asked: Sequence[Asked]) -> dict[Symbol, int] | None:
    """Values for which all conditions hold; ``None`` if none of the values tried will do.

    >>> W, F = Symbol("W"), Symbol("F")
    >>> witness([Asked("", Eq(W % 16, integer(12)))])[W] % 16
    12
    """
    propositions = [one.proposition for one in asked]
    symbols = symbols_of(*propositions)
    if not symbols:
        return {}
    propositions.sort(key=lambda one: not isinstance(one, Eq))  # equations fail most often, so they come first
    for chosen in _choices(symbols, propositions):
        values = {symbol: number.constant or 0 for symbol, number in chosen.items() if isinstance(symbol, Symbol)}
        values_of_terms: dict[Term, int] = dict(values.items())
        if all(_true(proposition, values_of_terms) for proposition in propositions):
            return values
    return None


def _true(proposition: Proposition, values: dict[Term, int]) -> bool:
    """Returns whether a proposition holds. Adds the values of its sides, which occur in later sizes, to ``values``."""
    try:
        for side in proposition.args:
            if isinstance(side, Term):
                values[side] = evaluate(side, values)
        return holds(proposition, values)
    except SymnetError:  # it has no value: a divisor is 0, or a number is out of reach
        return False


def _choices(symbols: list[Symbol], propositions: list[Proposition]) -> Iterator[dict[Term, Term]]:
    """Values for all symbols; a symbol that an equation determines gets its value from the others."""
    determined: dict[Symbol, Term] = {}
    for proposition in propositions:
        if isinstance(proposition, Eq):
            for one, other in (proposition.args, proposition.args[::-1]):
                if isinstance(one, Symbol) and one not in determined and one not in symbols_of(other):
                    determined[one] = substitute(other, dict(determined.items()))
                    break
    free = [symbol for symbol in symbols if symbol not in determined]
    for numbers in islice(_numbers(len(free)), TRIED):
        values: dict[Term, Term] = {
            symbol: integer(max(number, symbol.least or 0)) for symbol, number in zip(free, numbers, strict=True)
        }
        for symbol, term in determined.items():
            number = substitute(term, values)
            if number.constant is not None and number.constant >= (symbol.least or 0):
                values[symbol] = integer(number.constant)
        if len(values) == len(symbols):
            yield values


def _numbers(free: int) -> Iterator[tuple[int, ...]]:
    """Numbers for ``free`` unknowns: combinations of large and small ones, then a run of large ones."""
    if free == 0:
        yield ()
        return
    if free <= 4:
        yield from product((LARGE[0], *SMALL[:3]), repeat=free)
    for large in LARGE:
        for small in SMALL:
            for which in range(min(free, 8)):
                yield tuple(large if position == which else small for position in range(free))
                yield tuple(small if position == which else large for position in range(free))
    for huge in HUGE:
        yield (huge,) * free
    for more in range(ROW):
        yield (LARGE[0] + more,) * free
