"""The input sizes for which no layer of a network drops an entry."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from symnet.errors import SymnetError
from symnet.graph import Graph
from symnet.network.network import Network
from symnet.notation.parse import Question
from symnet.solving.api import solve
from symnet.solving.solutions import Solutions
from symnet.terms.term import Symbol, symbols_of

__all__ = ["exact_sizes"]

#: Input sizes that are further apart than this are of no use, and each doubling is one more pass through all layers.
APART = 1 << 32

#: Answers by network, because a report and its figures ask the same question.
_ANSWERS: WeakKeyDictionary[Network, Solutions | None] = WeakKeyDictionary()


def exact_sizes(network: Network) -> Solutions | None:
    """The sizes of a square input for which no layer up to the last tensor with axes drops an entry; ``None`` if the
    input is not square, a layer has letters, the question is out of reach, or such sizes would be more than
    :data:`APART` entries apart.

    >>> exact_sizes(Network.parse("(1*28*28) -> Conv|32|5 -> Maxpool|2 -> Conv|32|3 -> Maxpool|2"))
    W ≡ 0 (mod 4), W ≥ 12
    """
    if network not in _ANSWERS:
        _ANSWERS[network] = _solved(network)
    return _ANSWERS[network]


def _solved(network: Network) -> Solutions | None:
    shape, last = network.graph.input, network.last
    sizes = set(shape.axes)
    if len(sizes) != 1 or not last.index:
        return None
    (size,) = sizes
    nodes = network.graph.nodes[: last.index]
    letters = {*symbols_of(shape.channels), *(letter for node in nodes for letter in node.layer.symbols)}
    if letters - {size} or not (isinstance(size, Symbol) or size.constant is not None):
        return None
    strides = (axis.form.divisor.constant for axis in network.last.axes)
    if any(stride is not None and stride > APART for stride in strides):
        return None
    symbol = size if isinstance(size, Symbol) else Symbol("W")
    graph = Graph(shape.resized(tuple(symbol for _ in shape.axes)), nodes, network.graph.input_label)
    try:
        solutions = solve(Question(graph, None, network.title), for_=symbol.name, exact=True)
    except SymnetError:
        return None
    return solutions if solutions.complete and len(solutions.unknowns) == 1 else None
