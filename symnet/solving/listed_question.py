"""Questions about a list of layers in which a block is repeated an unknown number of times.

    solve(input=(3, 32, 32), layers=[Repeat(n, [Conv(3, 3)])], output=(3, 4, 4), where=[n <= 50])

In notation this is ``(3,32,32) -> n * [Conv|3|3] = (3,4,4)``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from symnet.errors import LayerError
from symnet.graph import Graph
from symnet.layers.declaration.base import Layer
from symnet.layers.declaration.blocks import From, Label, RepeatedBlock
from symnet.network.listed import listed_graph
from symnet.network.substitution import graph_symbols, put_in_graph
from symnet.notation.parse import Question
from symnet.notation.writer import write_shape
from symnet.printing.text import text
from symnet.terms.evaluation import evaluate
from symnet.terms.sympy_letters import Letters
from symnet.terms.term import Symbol, Term, integer, symbols_of

__all__ = ["ListedQuestion", "listed_question"]


@dataclass(frozen=True)
class ListedQuestion(Question):
    """A question whose network is an input and a list of layers; ``counts`` are the symbols of the unknown numbers of
    repetitions.
    """

    given_input: Any = None
    layers: tuple[Any, ...] = ()

    def repeated(self, counts: Mapping[str, int]) -> Question:
        """The question with numbers for its ``counts``."""
        graph, _ = _described(self.given_input, self.layers, counts)
        return Question(graph, self.target, self.source)


def listed_question(input: Any, layers: Any) -> tuple[Question, Letters]:
    """The question about this input and these layers, without a target, and the caller's own symbols."""
    if isinstance(layers, str) or not isinstance(layers, Iterable):
        raise LayerError(f"layers is a list of layers such as [symnet.Conv(8, 3)], got {layers!r:.60}")
    items = tuple(layers)
    counts = symbols_of(*_times(items))
    graph, letters = _described(input, items, dict.fromkeys((symbol.name for symbol in counts), 1))
    source = " -> ".join([write_shape(graph.input), *_notation_of(items)])
    if not counts:
        return Question(graph, None, source), letters
    return ListedQuestion(graph, None, source, tuple(counts), None, input, items), letters


def _described(input: Any, layers: tuple[Any, ...], counts: Mapping[str, int]) -> tuple[Graph, Letters]:
    """The graph with numbers for the counts, wherever these letters occur."""
    graph, letters = listed_graph(input, [_with_numbers(item, counts) for item in layers])
    chosen: dict[Term, Term] = {
        symbol: integer(counts[symbol.name]) for symbol in graph_symbols(graph) if symbol.name in counts
    }
    return put_in_graph(graph, chosen), letters


def _with_numbers(item: Any, counts: Mapping[str, int]) -> Any:
    if isinstance(item, RepeatedBlock):
        times = evaluate(item.times, {symbol: counts[symbol.name] for symbol in symbols_of(item.times)})
        block = RepeatedBlock(times, [_with_numbers(one, counts) for one in item.layers])
        block.letters = item.letters
        return block
    return [_with_numbers(one, counts) for one in item] if isinstance(item, tuple | list) else item


def _times(items: Sequence[Any]) -> list[Term]:
    counts: list[Term] = []
    for item in items:
        if isinstance(item, RepeatedBlock):
            counts += [item.times, *_times(item.layers)]
        elif isinstance(item, tuple | list):
            counts += _times(item)
    return counts


def _notation_of(items: Sequence[Any]) -> list[str]:
    """The items in notation."""
    words: list[str] = []
    for item in items:
        if isinstance(item, RepeatedBlock):
            words.append(f"{_factor(item.times)} * [{' -> '.join(_notation_of(item.layers))}]")
        elif isinstance(item, tuple | list):
            words += _notation_of(item)
        elif isinstance(item, Label):
            words.append(f"@{item.name}")
        elif isinstance(item, From):
            words.append(f"From|{item.name}")
        elif isinstance(item, Layer):
            kind, bar, arguments = item.notation.partition("|")
            words.append("|".join([kind, *map(str, item.labels)]) + bar + arguments)
    return words


def _factor(times: Term) -> str:
    return text(times) if isinstance(times, Symbol) or times.constant is not None else f"({text(times)})"
