"""Which layer counts which array of the file, so that each counts once: by the array itself, not by name or use.

A layer counts its own arrays: a whole array, however transposed, or one of several parts that together make up the
whole. An array that an earlier layer counts is borrowed. What a layer computes from several arrays, or a part of an
array by itself, is not its own: such arrays become tensors of the network, which count as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from symnet.frontends.onnx.values import IRREGULAR, Array, Source
from symnet.layers.declaration.base import Layer
from symnet.terms.term import Term

__all__ = ["Weights"]

#: An array and a part of it, as in :class:`Source`.
Key = tuple[str, "tuple[int, int, int] | None"]


class Weights:
    """The arrays of a file by name, and the layers that count them. ``hold`` makes an array a tensor of the network
    and returns its name. ``in_parts`` are the arrays whose parts do not make up the whole, as found by
    :meth:`overlapping` in a first pass.
    """

    def __init__(self, hold: Callable[[str, Sequence[Term]], str], in_parts: frozenset[str]) -> None:
        self._hold, self._in_parts = hold, in_parts
        self.dims: dict[str, Sequence[Term]] = {}
        self._trained: set[str] = set()
        self._holders: dict[Key, str] = {}
        self._layers: dict[str, tuple[type[Layer], list[tuple[str, Key, Sequence[Term]]]]] = {}

    def add(self, name: str, dims: Sequence[Term], *, trained: bool) -> None:
        """Registers an array of the file."""
        self.dims[name] = dims
        if trained:
            self._trained.add(name)

    def counted(self, layer: Layer, name: str, weights: Mapping[str, Array]) -> Layer:
        """The layer with its borrowed weights marked. ``weights`` maps the names of its weights to arrays; two names
        separated by a space share one array.
        """
        borrowed = [
            weight for names, array in weights.items() if not self.claim(array, name) for weight in names.split()
        ]
        arrays: list[tuple[str, Key, Sequence[Term]]] = [
            (names, (source.name, source.part), array.dims)
            for names, array in weights.items()
            if (source := self._own(array)) is not None
        ]
        if len(arrays) == len(weights) and arrays:
            if not borrowed:
                self._layers[name] = (type(layer), arrays)
            elif len(borrowed) == sum(len(names.split()) for names in weights):
                other = self._holders.get(arrays[0][1])
                if other is not None and self._layers.get(other) == (type(layer), arrays):
                    return replace(layer, shares=other)
        return replace(layer, borrows=" ".join(borrowed)) if borrowed else layer

    def claim(self, array: Array, name: str) -> bool:
        """Whether the layer called ``name`` counts the array; otherwise another layer does."""
        if not array.sources:
            return True
        source = self._own(array)
        if source is None or (source.part is not None and source.name in self._in_parts):
            for one in array.sources:
                self._hold_whole(one.name)
            return False
        key = source.name, source.part
        if key in self._holders:
            return False
        self._holders[key] = name
        return True

    def forget(self, layers: set[str]) -> None:
        """Forgets these layers, which were removed."""
        self._holders = {key: name for key, name in self._holders.items() if name not in layers}

    def overlapping(self) -> frozenset[str]:
        """The arrays of which parts are counted that do not make up the whole."""
        parts: dict[str, list[tuple[int, int, int] | None]] = {}
        for name, part in self._holders:
            parts.setdefault(name, []).append(part)
        return frozenset(name for name, found in parts.items() if found != [None] and not self._cover(name, found))

    def _cover(self, name: str, parts: Sequence[tuple[int, int, int] | None]) -> bool:
        """Whether the parts are all entries along one dimension, each once."""
        ranges = sorted(part for part in parts if part is not None)
        axis = ranges[0][0]
        if len(ranges) != len(parts) or any(one[0] != axis for one in ranges):
            return False
        ends = [0, *(stop for _, _, stop in ranges)]
        return [start for _, start, _ in ranges] == ends[:-1] and self.dims[name][axis].constant == ends[-1]

    def _own(self, array: Array) -> Source | None:
        """The one array, or part of an array, with exactly these entries in any arrangement; ``None`` if there is
        none.
        """
        if len(array.sources) != 1 or array.sources[0].part == IRREGULAR:
            return None
        source = array.sources[0]
        dims = self.dims.get(source.name)
        total = 1
        for axis, size in enumerate(dims or ()):
            if source.part is not None and source.part[0] == axis:
                total *= source.part[2] - source.part[1]
            else:
                total *= size.constant or 0
        return source if dims is None or array.count == total else None

    def _hold_whole(self, name: str) -> None:
        if name in self._trained and (name, None) not in self._holders:
            self._holders[name, None] = self._hold(name, self.dims[name])
