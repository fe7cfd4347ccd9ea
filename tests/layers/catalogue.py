"""Every worked example and every variant of every kind of layer, as the tests of the catalogue run through them."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any

from symnet.errors import LayerError
from symnet.graph import Graph
from symnet.layers.declaration.base import Applied, Layer
from symnet.layers.declaration.registry import KINDS
from symnet.layers.declaration.shape import Shape
from symnet.network.propagate import Placed, propagate
from symnet.notation.parse import parse_network
from symnet.terms.term import Term, integer

__all__ = ["CASES", "Case", "numbers", "place", "small"]

#: Networks whose last layer has options that no worked example has.
VARIANTS = (
    "(5, 10) -> LSTM|20|biases=0",
    "(5, 10) -> LSTM|20|biases=2|layers=3|bidirectional=yes|return_sequences=yes",
    "(5, 10) -> LSTM|20|biases=2|layers=2|bidirectional=yes|proj_size=7",
    "(5, 10) -> LSTM|20|layers=2|bidirectional=yes|merge=sum",
    "(5, 10) -> GRU|20|layers=2|bidirectional=yes",
    "(5, 10) -> GRU|20|biases=0|reset_after=no",
    "(5, 10) -> RNN|20|bias=no|return_sequences=yes",
    "(T, D) -> LSTM|H|layers=L|bidirectional=yes",
    "(T, D) -> MHA|4|8|6|output_dim=10|bias=no",
    "(T, D) -> MHA|8|kv_heads=2",
    "HWC:4x4x8 -> MHA|2",
    "HWC:4x4x8 -> SE|4",
    "(T, D) -> SE|u",
    "8 -> SE|2",
    "(3*5*7) -> LayerNorm|1*(-1)|center=no",
    "(3*5*7) -> LayerNorm|scale=no|center=no",
    "(8*5*7) -> BN|scale=no|center=no|statistics=none",
    "(8*5*7) -> BN|axis=-1",
    "HWC:5x7x8 -> GroupNorm|4|center=no",
    "(T, D) -> RMSNorm|scale=no",
    "HWC:4x4x3 -> Normalization|known=yes",
    "(3*5*7) -> PReLU|shared_axes=2",
    "(C*H*W) -> PReLU",
    "(C*H*W) -> Scale|bias=yes",
    "(C*H*W) -> FC|N|bias=no",
    "(C*H*W) -> FC|N|axis=last",
    "(T, D) -> PositionEmbedding|N",
    "(6*5*7) -> GLU|1",
    "7 -> Repeat|3|1",
    "(10, 32) @a -> TimeDistributed|16 -> Dot|a|axes=1",
)


@dataclass(frozen=True)
class Case:
    """A network whose last layer is the one that is tested; ``output`` and ``parameters`` where a source gives them."""

    text: str
    kind: type[Layer]
    output: str | None = None
    parameters: int | None = None

    def __str__(self) -> str:
        return self.text


def _cases() -> tuple[Case, ...]:
    found = [
        Case(f"{example.input} -> {example.notation}", kind, example.output, example.parameters)
        for kind in KINDS
        for example in kind.examples
    ]
    return tuple(found + [Case(text, type(place(text).layer)) for text in VARIANTS])


@cache
def graph(text: str) -> Graph:
    """The parsed network."""
    return parse_network(text)


@cache
def place(text: str) -> Placed:
    """The last layer of a network, in its place."""
    return propagate(graph(text))[-1]


def numbers(shape: str) -> tuple[int, ...]:
    """The sizes of a shape as it is written."""
    return tuple(int(size) for size in re.findall(r"[0-9]+", shape))


def small(placed: Placed, most: int = 4) -> tuple[Layer, tuple[Shape, ...], Applied]:
    """The same layer on the same input, with all numbers at most ``most`` and every symbol 2, so that entries can be
    counted.
    """

    def less(value: Any) -> Any:
        if isinstance(value, Term):
            return integer(2 if value.constant is None else min(value.constant, most))
        if isinstance(value, tuple) and value and all(isinstance(item, Term) for item in value):
            return tuple(map(less, value))
        return value

    layer = placed.layer
    shapes = tuple(replace(shape, dims=less(shape.dims)) for shape in placed.inputs)
    changed = {item.name: less(getattr(layer, item.name)) for item in fields(layer)}
    try:
        layer = replace(layer, **changed)
        return layer, shapes, layer.apply(shapes)
    except LayerError:  # some values only go together as they are
        return placed.layer, placed.inputs, placed.applied


CASES = _cases()
