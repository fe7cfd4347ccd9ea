"""Lower bounds that letters must have: S - 1 is a stride only for S ≥ 2. Such bounds are called promises, and are reported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symnet.graph import Graph
from symnet.layers.declaration.base import Layer
from symnet.network.joins import members
from symnet.network.propagate import Placed
from symnet.network.substitution import put_in_graph
from symnet.terms.parse import default_symbol
from symnet.terms.propositions import Le, Proposition
from symnet.terms.term import Symbol, Term, integer, substitute, symbols_of

__all__ = ["promised", "promised_sizes", "promises"]

#: The search for a lower bound ends here.
FAR = 1 << 40


def promises(sizes: Sequence[Term], layers: Sequence[Layer]) -> tuple[Proposition, ...]:
    """The lower bounds of letters that are larger than a reader expects: 1, or 0 for a letter that may be a padding. With P - 1 as a
    padding it is P ≥ 1.
    """
    may_be_zero = _may_be_zero(sizes, layers)
    symbols = symbols_of(*sizes, *(symbol for layer in layers for symbol in layer.symbols))
    return tuple(
        Le(integer(symbol.least), symbol)
        for symbol in symbols
        if symbol.least is not None and symbol.least > (0 if symbol in may_be_zero else 1)
    )


def _may_be_zero(sizes: Sequence[Term], layers: Sequence[Layer]) -> set[Symbol]:
    """The letters that a reader takes for paddings: by their names, or since they occur only where 0 is allowed, and never alone as a
    size, a kernel or a stride.
    """
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
    """The graph with the lower bounds of letters raised until the values of layers are large enough, if one letter decides that.

    >>> from symnet.notation.parse import parse_network
    >>> graph = promised(parse_network("(3*W*W) -> Conv|8|3|(S - 1)"))
    >>> promises(graph.input.dims, [node.layer for node in graph.nodes])
    (<Le 2 <= S>,)
    """
    return _raised(graph, {symbol: least for term, least in _values(graph) for symbol, least in _asked(term, least)})


def promised_sizes(graph: Graph, placed: Sequence[Placed]) -> Graph:
    """The graph with the lower bounds of letters raised by conditions of layers, for sizes that would else be negative: Slice|1|4
    needs five channels.
    """
    sizes = [node.output.channels for node in placed if node.output.dims]
    sizes += [size for node in placed for weight in node.applied.weights for size in weight.shape]
    negative = {symbol for size in sizes if size.least is None or size.least < 0 for symbol in symbols_of(size)}
    if not negative:
        return graph
    bounds: dict[Symbol, int] = {}
    for node in placed:
        for condition in node.applied.conditions:
            symbols = symbols_of(condition.proposition)
            if len(symbols) == 1 and symbols[0] in negative:
                allowed = members(condition.proposition)
                first = None if allowed is None else next(iter(allowed), None)
                if first is not None:
                    bounds[symbols[0]] = max(first, bounds.get(symbols[0], first))
    return _raised(graph, bounds)


def _values(graph: Graph) -> Iterator[tuple[Term, int]]:
    """The sizes of the input and the values of layers, each with its lower bound."""
    yield from ((size, 1) for size in graph.input.dims)
    for layer in dict.fromkeys(node.layer for node in graph.nodes):
        if layer.symbols:
            for spec in layer.specs():
                yield from ((term, spec.least) for term in spec.terms(getattr(layer, spec.name)) if spec.least >= 0)


def _asked(term: Term, least: int) -> Iterator[tuple[Symbol, int]]:
    """Yields the only symbol of ``term`` with the least value for which ``term`` is at least ``least``, by its form."""
    if term.least is not None and term.least >= least:
        return
    symbols = symbols_of(term)
    if len(symbols) != 1 or symbols[0].least is None:
        return
    (symbol,) = symbols

    def enough(number: int) -> bool:
        raised_term = substitute(term, {symbol: Symbol(symbol.name, number)})
        return raised_term.least is not None and raised_term.least >= least

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
