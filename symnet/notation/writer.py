"""Writes graphs as notation: with labels and From where the graph branches, as a person would write it."""

from __future__ import annotations

import re
from dataclasses import replace

from symnet.graph import Graph, input_layout
from symnet.layers.declaration.base import Layer
from symnet.layers.declaration.shape import CHANNELS_FIRST, CHANNELS_LAST, SEQUENCE, VECTOR, Shape
from symnet.notation.symbols import RESERVED
from symnet.printing.text import text
from symnet.terms.size_names import is_one_size
from symnet.terms.term import Term

__all__ = ["write_network", "write_shape"]

#: Lines are broken before an arrow beyond this width, in characters.
WIDTH = 100

_LABEL = re.compile(r"(?!_)[\w.]+")
_PREFIXES = {CHANNELS_LAST: "HWC:", SEQUENCE: "TD:"}


def write_network(graph: Graph) -> str:
    """Notation that parses back to an equal graph.

    Outputs that are read again but have no label get one that begins with ``_``.

    >>> from symnet.notation.parse import parse_network
    >>> print(write_network(parse_network("HWC:80x80x4 -> 2 * [Conv|32|8|4|same] -> From|input -> FC|2")))
    HWC:(80*80*4) -> Conv|32|8|4|same -> Conv|32|8|4|same -> From|input -> FC|2
    """
    shared = graph.framework
    labels = _labels(graph)

    def at(position: int) -> str:
        label = labels.get(position, RESERVED[0])
        return "" if label == RESERVED[0] else f" @{label}"

    input_text = write_shape(graph.input)
    readers = [node.layer for node in graph.nodes if 0 in node.sources]
    if graph.input.layout == CHANNELS_FIRST and input_layout(len(graph.input.dims), readers) != CHANNELS_FIRST:
        input_text = f"CHW:{input_text}"
    words = [input_text + at(0)]
    current = 0
    written: dict[Layer, str] = {}
    for position, node in enumerate(graph.nodes, 1):
        first, *joined = node.sources or (current,)
        if first != current:
            words.append(f"From|{labels[first]}")
        layer = written.get(node.layer)
        if layer is None:
            layer = (replace(node.layer, framework=None) if shared else node.layer).notation
            written[node.layer] = layer
        kind, bar, arguments = layer.partition("|")
        words.append("|".join([kind, *(labels[source] for source in joined)]) + bar + arguments + at(position))
        current = position
    if not graph.nodes:  # an item without a layer names the input
        words = [input_text, f"@{labels.get(0, '_0')}"]
    return (f"let framework = {shared};\n" if shared else "") + _wrapped(words)


def write_shape(shape: Shape) -> str:
    """A shape as an input in notation.

    >>> from symnet.terms.term import Symbol, integer
    >>> W = Symbol("W")
    >>> write_shape(Shape((integer(3), W, W))), write_shape(Shape((integer(784),), "vector"))
    ('(3*W*W)', '784')
    """
    sizes = [_size(size) for size in shape.dims]
    written = f"({'*'.join(sizes)})" if len(sizes) > 1 or sizes[0].startswith("(") else sizes[0]
    layout = shape.data_format if shape.layout == VECTOR else shape.layout
    return _PREFIXES.get(layout, "") + written


def _size(size: Term) -> str:
    plain = text(size)
    return plain if plain.isdigit() or is_one_size(plain) else f"({plain})"


def _labels(graph: Graph) -> dict[int, str]:
    """The graph's own labels, and one for every output that is read by another layer than the next one."""
    labels: dict[int, str] = {}
    taken: set[str] = set()
    for position, label in enumerate((graph.input_label, *(node.label for node in graph.nodes))):
        if label and _LABEL.fullmatch(label) and label not in RESERVED and label not in taken:
            labels[position] = label
            taken.add(label)
    current = 0
    for position, node in enumerate(graph.nodes, 1):
        first, *joined = node.sources or (current,)
        for source in joined if first == current else node.sources:
            labels.setdefault(source, f"_{source}" if source else RESERVED[0])
        current = position
    return labels


def _wrapped(words: list[str]) -> str:
    lines = [words[0]]
    for word in words[1:]:
        if len(lines[-1]) + len(word) + 4 > WIDTH:
            lines.append("  -> " + word)
        else:
            lines[-1] += " -> " + word
    return "\n".join(lines)
