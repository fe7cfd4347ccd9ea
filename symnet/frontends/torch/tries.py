"""Which sizes are taken for the symbols while a model's code runs: usual ones, then others where those lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from symnet.errors import ModelError, SymnetError
from symnet.frontends.checking import failing
from symnet.frontends.torch.known import Known
from symnet.layers.kinds.guards import negated
from symnet.network.joins import members
from symnet.printing.text import unicode_text
from symnet.public import Network
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.propositions import Proposition
from symnet.terms.term import Symbol, symbols_of

__all__ = ["Tries"]

#: How many sizes are tried at most.
MOST = 12

#: Up to which size those that fit are looked for.
SEARCHED = 320


class Tries:
    """Sizes to try, the usual ones first. What a try asked and did not get is what the next ones are made of."""

    def __init__(self, sizes: dict[Symbol, int]) -> None:
        self._next = [dict(sizes)]
        self._seen: list[dict[Symbol, int]] = []
        self._refusals: list[ModelError] = []
        self.without_branches: Network | None = (
            None  # a network that holds at other sizes than were tried, whatever they are
        )

    def __iter__(self) -> Iterator[Known]:
        while self._next and len(self._seen) < MOST:
            sizes = self._next.pop(0)
            self._seen.append(sizes)
            yield Known(sizes)

    def failed(self, known: Known, refused: ModelError) -> None:
        """The model's code does not run at these sizes."""
        self._refusals.append(refused)
        self._other_ways(known, list(known.asked))

    def contradicted(self, known: Known, network: Network) -> bool:
        """Whether the network does not hold at the very sizes at which the model's code was run."""
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
        """Why the usual sizes were not followed."""
        return self._refusals[0]

    def _other_ways(self, known: Known, asked: list[Proposition]) -> None:
        """Sizes for which a comparison would have come out otherwise."""
        for proposition in asked:
            self._put(known, negated(proposition))

    def _search(self, known: Known, network: Network) -> None:
        """Have the first sizes be tried for which the network holds, all symbols the same."""
        for size in range(1, SEARCHED):
            sizes = dict.fromkeys(known.sizes, size)
            if failing(Known(sizes), network) is None and _fits(sizes, network):
                if sizes not in self._seen:
                    self._next.insert(0, sizes)
                return

    def _put(self, known: Known, proposition: Proposition) -> None:
        symbols = symbols_of(proposition)
        if len(symbols) != 1:
            return
        try:
            found = members(proposition)
        except SymnetError:
            return
        size = None if found is None else _nearest(found, known.value(symbols[0]))
        if size is not None:
            sizes = {symbol: size if symbol.name == symbols[0].name else known.sizes[symbol] for symbol in known.sizes}
            if sizes not in self._seen and sizes not in self._next:
                self._next.append(sizes)


def _nearest(found: IntegerSet, size: int) -> int | None:
    """The positive member that is nearest to a size."""
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


def _fits(sizes: dict[Symbol, int], network: Network) -> bool:
    """Whether every layer stands on what comes in at these sizes, windows on axes among them."""
    try:
        network.at(**{symbol.name: number for symbol, number in sizes.items()})
    except SymnetError:
        return False
    return True
