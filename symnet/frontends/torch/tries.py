"""Choosing the sizes taken for symbols while a model's code runs: usual ones, then others if those fail."""

from __future__ import annotations

from collections.abc import Iterator

from symnet.errors import ModelError, SymnetError
from symnet.frontends.checking import Point, failing
from symnet.frontends.flow import BATCH
from symnet.frontends.torch.known import Known
from symnet.layers.kinds.guards import negated
from symnet.network.joins import members
from symnet.printing.text import unicode_text
from symnet.public import Network
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.propositions import Proposition
from symnet.terms.term import Symbol, symbols_of

__all__ = ["Tries"]

#: The largest number of choices that are tried.
MOST = 12

#: Fitting sizes are searched for up to this number.
SEARCHED = 320


class Tries:
    """Choices of sizes, the usual ones first. Conditions that a run met but did not satisfy determine the next
    choices.
    """

    def __init__(self, sizes: dict[Symbol, int]) -> None:
        self._next = [dict(sizes)]
        self._seen: list[dict[Symbol, int]] = []
        self._refusals: list[ModelError] = []
        self.without_branches: Network | None = (
            None  # the network of a run that compared no sizes, which holds at other sizes
        )

    def __iter__(self) -> Iterator[Known]:
        while self._next and len(self._seen) < MOST:
            sizes = self._next.pop(0)
            self._seen.append(sizes)
            yield Known(sizes)

    def failed(self, known: Known, refused: ModelError) -> None:
        """Records that the model's code does not run at these sizes."""
        self._refusals.append(refused)
        self._other_ways(known, list(known.asked))

    def contradicted(self, known: Known, network: Network) -> bool:
        """Whether the network does not hold at the sizes of its own run; then other choices are added."""
        condition = failing(known, network)
        if condition is None:
            return False
        if not known.asked:
            self.without_branches = self.without_branches or network
            self._search(known, network)
        sizes = ", ".join(f"{symbol.name} = {number}" for symbol, number in known.sizes.items())
        self._refusals.append(
            ModelError(
                f"PyTorch: at {sizes}, where the model's code was followed, {unicode_text(condition)} does not hold; "
                "say other sizes to follow it at: usual={'H': 480} (--usual H=480)"
            )
        )
        self._other_ways(known, list(known.asked))
        self._put(known, condition)
        return True

    @property
    def refusal(self) -> ModelError:
        """The error of the first choice, the usual sizes."""
        return self._refusals[0]

    def _other_ways(self, known: Known, asked: list[Proposition]) -> None:
        """Adds choices for which one of the comparisons has the other outcome."""
        for proposition in asked:
            self._put(known, negated(proposition))

    def _search(self, known: Known, network: Network) -> None:
        """Adds the smallest equal sizes for which the network holds."""
        for size in range(1, SEARCHED):
            sizes = dict.fromkeys(known.sizes, size)
            if failing(Known(sizes), network) is None and _fits(sizes, network):
                if sizes not in self._seen:
                    self._next.insert(0, sizes)
                return

    def _put(self, known: Known, proposition: Proposition) -> None:
        symbols = symbols_of(proposition)
        if BATCH in symbols or not symbols:
            return
        names = {symbol.name for symbol in symbols}
        try:
            found = members(proposition) if len(symbols) == 1 else None
        except SymnetError:
            return
        if len(symbols) > 1:
            size = _nearest_together(proposition, known, names)
        else:
            size = None if found is None else _nearest(found, known.value(symbols[0]))
        if size is not None:
            sizes = {symbol: size if symbol.name in names else known.sizes[symbol] for symbol in known.sizes}
            if sizes not in self._seen and sizes not in self._next:
                self._next.append(sizes)


def _nearest(found: IntegerSet, size: int) -> int | None:
    """The positive member nearest to a size; ``None`` if there is none."""
    candidates = []
    for part in found.parts:
        low = max(part.minimum if part.minimum is not None else 1, 1)
        high = part.maximum if part.maximum is not None else max(low, size) + part.modulus
        first = low + (part.residue - low) % part.modulus
        last = high - (high - part.residue) % part.modulus
        if first <= last:
            below = size - (size - part.residue) % part.modulus
            candidates += [min(max(one, first), last) for one in (below, below + part.modulus)]
    return min(candidates, key=lambda one: (abs(one - size), one), default=None)


def _nearest_together(proposition: Proposition, known: Known, names: set[str]) -> int | None:
    """The size nearest to the usual one that, taken for each of these letters, satisfies a proposition on several of them."""
    usual = next(number for symbol, number in known.sizes.items() if symbol.name in names)
    for size in sorted(range(1, SEARCHED), key=lambda one: abs(one - usual)):
        point = Point(
            {symbol: size if symbol.name in names else known.sizes[symbol] for symbol in known.sizes}, known.batch
        )
        try:
            if point.holds(proposition):
                return size
        except (SymnetError, ArithmeticError):
            continue
    return None


def _fits(sizes: dict[Symbol, int], network: Network) -> bool:
    """Whether every layer accepts its input at these sizes."""
    try:
        network.at(**{symbol.name: number for symbol, number in sizes.items()})
    except SymnetError:
        return False
    return True
