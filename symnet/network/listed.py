"""Networks from a list in Python: an input and layers, with names of outputs, jumps, blocks and repeated blocks.

    [Conv(8, 3, 1, 1, name="a"), Conv(8, 3, 1, 1), Add("a"), Repeat(3, [Label("x"), Conv(8, 3, 1, 1), Add("x")])]

A join names the outputs that it joins with the current one: by labels, by names of layers (``"conv1"`` if it has no other), or
by the layers themselves. Whatever a list describes can be written in notation, and the other way round.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any, NamedTuple

from symnet.errors import LayerError, NotationError, TermError
from symnet.graph import Graph, Node, input_layout
from symnet.layers.declaration.base import Layer
from symnet.layers.declaration.blocks import From, Label, RepeatedBlock
from symnet.layers.declaration.fields import FieldSpec
from symnet.layers.declaration.shape import CHANNELS_LAST, LAYOUTS, VECTOR, Shape
from symnet.layers.declaration.signs import signs_of
from symnet.layers.kinds.inputs import Input
from symnet.network.propagate import layer_title
from symnet.network.substitution import put_in_graph
from symnet.notation.parse import parse_network
from symnet.notation.symbols import RESERVED
from symnet.printing.text import text
from symnet.terms.sympy_letters import Letters, letters_of, merged
from symnet.terms.term import Term

__all__ = ["Described", "input_shape", "listed_graph", "settled", "with_framework"]

#: A list of more layers is refused.
LAYERS = 20_000

_SIZE = FieldSpec("count", "a size of the input", name="input size")
_FRAMEWORK = next(spec for spec in Layer.specs() if spec.name == "framework")


class Described(NamedTuple):
    """A graph, and the user's own SymPy symbols for its letters."""

    graph: Graph
    letters: Letters


class _Step(NamedTuple):
    """An item of the list with its scope, in which its labels are searched; every repetition has its own scope."""

    item: Layer | Label | From
    scope: tuple[int, ...]


def listed_graph(
    input: Any, layers: Iterable[Any], framework: str | None = None, layout: str | None = None
) -> Described:
    """The graph of an input and a list of layers.

    ``framework`` holds for layers that name none, and ``layout`` is the layout of the input. Raises :class:`symnet.LayerError` for
    an item that is no layer, and for unknown names.
    """
    steps: list[_Step] = []
    letters: list[Letters] = [letters_of(*input) if isinstance(input, Sequence) else letters_of(input)]
    _flatten(_items(layers), (), steps, letters)
    stack = [step.item for step in steps if isinstance(step.item, Layer)]
    letters += [layer.letters for layer in stack]
    first = stack[:1] if not isinstance(next((step.item for step in steps), None), From) else []
    shape = input_shape(input, layout, first)
    graph = _Walk(stack).run(steps)
    graph = replace(graph, input=shape, nodes=tuple(map(_plain, graph.nodes)))
    return Described(settled(with_framework(graph, framework)), _merged(letters))


def _merged(letters: list[Letters]) -> Letters:
    try:
        return merged(letters)
    except TermError as refused:
        raise LayerError(str(refused)) from None


def settled(graph: Graph) -> Graph:
    """The graph in which each letter has the same lower bound everywhere."""
    signs = signs_of(graph.input.dims, (node.layer for node in graph.nodes))
    return put_in_graph(graph, signs) if signs else graph


def with_framework(graph: Graph, framework: str | None) -> Graph:
    """The graph with a framework for all layers that name none."""
    if framework is None:
        return graph
    chosen = _FRAMEWORK.coerce(framework)
    nodes = (
        node if node.layer.framework else replace(node, layer=replace(node.layer, framework=chosen))
        for node in graph.nodes
    )
    return replace(graph, nodes=tuple(nodes))


def _plain(node: Node) -> Node:
    """The node without the attributes that only building needs."""
    layer = node.layer
    return replace(node, layer=replace(layer) if layer.labels else layer)


# ---- the input ---------------------------------------------------------------------------------------------------------


def input_shape(input: Any, layout: str | None, readers: Sequence[Layer]) -> Shape:
    """The shape of an input: of sizes, or of a text in notation with its layout before it, ``"HWC:80x80x4"``."""
    if isinstance(input, str) and not (input.isdecimal() or input.isidentifier()):
        return _shape_in_notation(input, layout)
    one = isinstance(input, str) or not isinstance(input, Sequence)
    sizes: tuple[Term, ...] = tuple(map(_SIZE.coerce, (input,) if one else input))
    if not sizes:
        raise LayerError("the input has no size")
    chosen = _layout(layout)
    data_format = CHANNELS_LAST if chosen == CHANNELS_LAST else ""
    named = chosen if chosen and (len(sizes) > 1 or chosen == VECTOR) else None
    return Shape(sizes, named or input_layout(len(sizes), readers), data_format)


def _shape_in_notation(text: str, layout: str | None) -> Shape:
    error = LayerError(
        f"the input is a tuple of sizes, such as (3, 224, 224) or (3, 'H', 'W'), got {text!r:.60}; "
        "Network.parse reads notation"
    )
    prefix, colon, _ = text.partition(":")
    if not colon or prefix.strip().upper() not in LAYOUTS or layout is not None:
        raise error
    try:
        graph = parse_network(f"{text} -> Identity")
    except NotationError:
        raise error from None
    if len(graph.nodes) != 1 or graph.input_label:
        raise error
    return graph.input


def _layout(word: str | None) -> str | None:
    if word is None:
        return None
    names = {name.lower(): value for name, value in LAYOUTS.items()}
    chosen = names.get(str(word).lower(), str(word).lower())
    if chosen not in (*LAYOUTS.values(), VECTOR):
        raise LayerError(f"layout must be one of {', '.join((*LAYOUTS, *LAYOUTS.values(), VECTOR))}, got {word!r:.60}")
    return chosen


# ---- the list ----------------------------------------------------------------------------------------------------------


def _items(layers: Any) -> tuple[Any, ...]:
    if isinstance(layers, str) or not isinstance(layers, Iterable):
        raise LayerError(
            f"layers is a list of layers such as [symnet.Conv(8, 3)], got {layers!r:.60}; Network.parse reads notation"
        )
    return tuple(layers)


def _flatten(items: tuple[Any, ...], scope: tuple[int, ...], steps: list[_Step], letters: list[Letters]) -> None:
    """Adds the items to ``steps``, with repeats written out and blocks opened."""
    for position, item in enumerate(items):
        if len(steps) > LAYERS:
            raise LayerError(f"more than {LAYERS:,} layers and labels, repeats written out")
        if isinstance(item, RepeatedBlock):
            letters.append(item.letters)
            for turn in range(_times(item)):
                _flatten(item.layers, (*scope, position, turn), steps, letters)
        elif isinstance(item, tuple | list):
            _flatten(tuple(item), (*scope, position), steps, letters)
        elif isinstance(item, Layer | Label | From):
            steps.append(_Step(item, scope))
        elif isinstance(
            layer := getattr(item, "layer", None), Input
        ):  # a symbolic tensor that is an input like any other
            steps.append(_Step(layer, scope))
        else:
            raise _no_layer(item)


def _times(block: RepeatedBlock) -> int:
    number = block.times.constant
    if number is None:
        raise LayerError(
            f"a repeat needs a number, and {text(block.times)!r} has none; symnet.solve(input=…, layers=[…], where=…) asks which"
        )
    return number


def _no_layer(item: Any) -> LayerError:
    if isinstance(item, type) and issubclass(item, Layer):
        return LayerError(f"{item.__name__} is a kind of layer, and no layer yet: write {item.__name__}(...)")
    return LayerError(
        f"layers is a list of layers such as [symnet.Conv(8, 3)], got {item!r:.60}; Network.parse reads notation"
    )


class _Walk:
    """Builds a graph item by item: the current position, the names in sight, and the nodes so far."""

    def __init__(self, stack: list[Layer]) -> None:
        # the automatic names, which depend on the kinds and on the other names
        self._names = Graph(Shape(()), tuple(Node(layer, ()) for layer in stack)).names()
        self._labels: dict[tuple[int, ...], dict[str, int]] = {}
        self._labels_of_nodes: list[str | None] = [None]
        self._nodes: list[Node] = []
        self._current = 0
        self._jumped = False

    def run(self, steps: list[_Step]) -> Graph:
        """The graph of the steps, without its input's shape."""
        for item, scope in steps:
            if isinstance(item, Label):
                self._define(item.name, scope)
            elif isinstance(item, From):
                self._current, self._jumped = self._find(item.name, scope, "From"), True
            else:
                self._add(item, scope)
        if self._jumped:
            raise LayerError("no layer follows From")
        nodes = (replace(node, label=label) for node, label in zip(self._nodes, self._labels_of_nodes[1:], strict=True))
        return Graph(Shape(()), tuple(nodes), self._labels_of_nodes[0])

    def _add(self, layer: Layer, scope: tuple[int, ...]) -> None:
        position = len(self._nodes) + 1
        title = layer_title(position, self._names[position - 1], layer.notation)
        joined = [self._find(name, scope, title) for name in layer.labels]
        least, most = layer.reads
        if most is None and least - 1 > len(joined):
            raise LayerError(
                f"{title}: joins its input with named outputs: name them, as in {type(layer).__name__}('a')"
            )
        if most not in (None, 0, 1) and len(joined) != most - 1:
            names = f"{most - 1} name{'s' if most > 2 else ''}"
            raise LayerError(f"{title}: takes {names} of outputs, as in {type(layer).__name__}('a'), got {len(joined)}")
        self._nodes.append(Node(layer, () if layer.reads == (0, 0) else (self._current, *joined)))
        self._labels_of_nodes.append(None)
        self._current, self._jumped = position, False

    def _define(self, name: str, scope: tuple[int, ...]) -> None:
        if name in RESERVED:
            raise LayerError(f"{name!r} is a reserved word, no label")
        local = self._labels.setdefault(scope, {})
        if name in local:
            raise LayerError(
                f"the label {name!r} is used twice; in Repeat(n, [...]) every repetition has labels of its own"
            )
        labels = next((scope_labels for scope_labels in self._in_sight(scope) if name in scope_labels), local)
        labels[name] = self._current
        if not scope and not name.startswith("_") and self._labels_of_nodes[self._current] is None:
            self._labels_of_nodes[self._current] = name

    def _in_sight(self, scope: tuple[int, ...]) -> list[dict[str, int]]:
        """The labels of the scope and of those around it, innermost first."""
        outwards = (scope[:length] for length in range(len(scope), -1, -1))
        return [self._labels[one] for one in outwards if one in self._labels]

    def _find(self, name: Any, scope: tuple[int, ...], title: str) -> int:
        """The position of the output with this label or layer name, or of the layer itself."""
        before = range(len(self._nodes), 0, -1)
        if isinstance(name, Layer):
            found = next((place for place in before if self._nodes[place - 1].layer is name), None)
            if found is None:
                raise LayerError(f"{title}: {name!r} does not stand before it")
            return found
        if not isinstance(name, str):
            raise LayerError(f"{title}: an output is named by text or by its layer, got {name!r:.60}")
        labels = self._in_sight(scope)
        for known in labels:
            if name in known:
                return known[name]
        if name == RESERVED[0]:
            return 0
        found = next((place for place in before if self._names[place - 1] == name), None)
        if found is not None:
            return found
        every = [*(label for known in labels for label in known), *self._names[: len(self._nodes)]]
        near = get_close_matches(name, every, n=1, cutoff=0.4)
        raise LayerError(
            f"{title}: no output before it is named {name!r}" + (f"; did you mean {near[0]!r}?" if near else "")
        )
