"""A network as a collection of its layers, which are reached by name, by number and in slices."""

from __future__ import annotations

import operator
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from symnet.errors import LayerError, MissingLayer
from symnet.graph import Graph
from symnet.network.rows import Row, Rows

__all__ = ["LayerCollection"]


class LayerCollection:
    """The layers of a network, numbered from 1 as in its table; 0 is the input."""

    graph: Graph

    @property
    def rows(self) -> Rows:
        """The layers as rows of the table."""
        raise NotImplementedError

    def row(self, index: int) -> Row:
        """The row with this number; 0 is the input's."""
        raise NotImplementedError

    def part(self, first: int, last: int) -> Any:
        """The layers ``first`` to ``last`` as a network of their own."""
        raise NotImplementedError

    def __len__(self) -> int:
        return len(self.graph.nodes)

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __contains__(self, item: object) -> bool:
        """Whether a layer has this name, or equals this layer."""
        if isinstance(item, str):
            return item in self.graph.names()
        return any(item in (node.layer, node.layer.unnamed) for node in self.graph.nodes) or item in self.rows

    def __getitem__(self, key: Any) -> Any:
        """``net["conv1"]`` and ``net[1]`` are rows of the table, ``net[0]`` is the input's; ``net[1:3]`` is the network of layers 1
        and 2, ``net["conv1":"conv2"]`` that of conv1 to conv2. Raises :class:`symnet.errors.MissingLayer` for an unknown layer.
        """
        if isinstance(key, slice):
            first, last = self._between(key)
            return self.part(first, last)
        return self.row(self._number(key))

    def _between(self, part: slice) -> tuple[int, int]:
        if part.step not in (None, 1):
            raise LayerError(
                f"a part of a network is layers that follow one another, without a step: got {part.step!r}"
            )
        first = 1 if part.start is None else self._bound(part.start)
        if part.stop is None:
            return max(first, 1), len(self)
        last = self._bound(part.stop)
        return max(first, 1), last if isinstance(part.stop, str) else last - 1

    def _bound(self, key: Any) -> int:
        """An end of a slice as a number, cut off at the ends of the network."""
        if not isinstance(key, str) and hasattr(key, "__index__"):
            number = operator.index(key)
            return min(max(number + len(self) + 1 if number < 0 else number, 0), len(self) + 1)
        return self._number(key)

    def _number(self, key: Any) -> int:
        names = ("input", *self.graph.names())
        if isinstance(key, str):
            numbers = [number for number, name in enumerate(names) if name == key]
            if len(numbers) == 1:
                return numbers[0]
            near = get_close_matches(key, names, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise MissingLayer(
                f"{len(numbers)} layers are named {key!r}: take one by its number" if numbers
                else f"no layer is named {key!r}{hint}"
            )  # fmt: skip
        if isinstance(key, bool) or not hasattr(key, "__index__"):
            raise MissingLayer(f"a layer is asked for by its name or its number, got {key!r:.60}")
        number = operator.index(key)
        if not -len(names) <= number < len(names):
            raise MissingLayer(f"the network has layers 1 to {len(self)}, and no {number}")
        return number % len(names)
