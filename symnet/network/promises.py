"""Letters that are larger than 1 wherever a network is one: S - 1 is a stride from S = 2 on. They promise it, which is printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symnet.graph import Graph
from symnet.layers.declaration.base import Layer
from symnet.network.joins import members
from symnet.network.propagate import Placed
from symnet.network.putting import put_in_graph
from symnet.terms.parse import default_symbol
from symnet.terms.propositions import Le, Proposition
from symnet.terms.term import Symbol, Term, integer, substitute, symbols_of

__all__ = ["promised", "promised_sizes", "promises"]

#: No letter is asked to be larger.
FAR = 1 << 40


def promises(sizes: Sequence[Term], layers: Sequence[Layer]) -> tuple[Proposition, ...]:
    """What the letters of an input's sizes and of layers promise beyond what everyone takes for granted: that a letter is at
    least 1, or at least 0 where it may be a padding. P - 1 as a padding promises P ≥ 1."""
    may_be_zero = _may_be_zero(sizes, layers)
    symbols = symbols_of(*sizes, *(symbol for layer in layers for symbol in layer.symbols))
    return tuple(
        Le(integer(symbol.least), symbol)
        for symbol in symbols
        if symbol.least is not None and symbol.least > (0 if symbol in may_be_zero else 1)
    )


def _may_be_zero(sizes: Sequence[Term], layers: Sequence[Layer]) -> set[Symbol]:
    """The letters that a reader takes for paddings: by their name, or since they stand where 0 may stand and are nowhere by
    themselves a size, a kernel or a stride."""
    positive = {size for size in sizes if isinstance(size, Symbol)}
    padding: set[Symbol] = set()
    for layer in layers:
        for spec in layer.specs() if layer.symbols else ():
            for term in spec.terms(getattr(layer, spec.name)):
                if spec.least <= 0:
                    padding.update(symbols_of(term))
                elif isinstance(term, Symbol):
                    positive.add(term)
    letters = {*symbols_of(*sizes), *(symbol for layer in layers for symbol in layer.symbols)}
    return padding - positive | {symbol for symbol in letters if default_symbol(symbol.name).least == 0}


def promised(graph: Graph) -> Graph:
    """The graph with letters so large that what a layer is given is as large as it must be, where one letter decides that.

    >>> from symnet.notation.parse import parse_network
    >>> graph = promised(parse_network("(3*W*W) -> Conv|8|3|(S - 1)"))
    >>> promises(graph.input.dims, [node.layer for node in graph.nodes])
    (<Le 2 <= S>,)
    """
    return _raised(graph, {symbol: least for term, least in _values(graph) for symbol, least in _asked(term, least)})


def promised_sizes(graph: Graph, placed: Sequence[Placed]) -> Graph:
    """The same for sizes that would be negative else, where a condition of a layer says so: Slice|1|4 asks for five channels."""
    sizes = [place.output.channels for place in placed if place.output.dims]
    sizes += [size for place in placed for weight in place.applied.weights for size in weight.shape]
    negative = {symbol for size in sizes if size.least is None or size.least < 0 for symbol in symbols_of(size)}
    if not negative:
        return graph
    found: dict[Symbol, int] = {}
    for place in placed:
        for condition in place.applied.conditions:
            symbols = symbols_of(condition.proposition)
            if len(symbols) == 1 and symbols[0] in negative:
                known = members(condition.proposition)
                first = None if known is None else next(iter(known), None)
                if first is not None:
                    found[symbols[0]] = max(first, found.get(symbols[0], first))
    return _raised(graph, found)


def _values(graph: Graph) -> Iterator[tuple[Term, int]]:
    """What must be at least so large: the sizes of the input, and what the layers are given."""
    yield from ((size, 1) for size in graph.input.dims)
    for layer in dict.fromkeys(node.layer for node in graph.nodes):
        if layer.symbols:
            for spec in layer.specs():
                yield from ((term, spec.least) for term in spec.terms(getattr(layer, spec.name)) if spec.least >= 0)


def _asked(term: Term, least: int) -> Iterator[tuple[Symbol, int]]:
    """How large the one symbol of ``term`` must be for it to be at least ``least``, as far as its structure tells."""
    if term.least is not None and term.least >= least:
        return
    symbols = symbols_of(term)
    if len(symbols) != 1 or symbols[0].least is None:
        return
    (symbol,) = symbols

    def enough(number: int) -> bool:
        there = substitute(term, {symbol: Symbol(symbol.name, number)})
        return there.least is not None and there.least >= least

    low, high = symbol.least or 0, 2
    while not enough(high):
        low, high = high, high * high
        if high > FAR:
            return
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    yield symbol, high


def _raised(graph: Graph, least: dict[Symbol, int]) -> Graph:
    chosen: dict[Term, Term] = {
        symbol: Symbol(symbol.name, number) for symbol, number in least.items() if number > (symbol.least or 0)
    }
    return put_in_graph(graph, chosen) if chosen else graph
