"""Items of a list of layers that are not layers: labels of outputs, jumps to them, repeated blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from symnet.errors import LayerError
from symnet.layers.declaration.fields import FieldSpec
from symnet.printing.text import text
from symnet.terms.sympy_letters import letters_of
from symnet.terms.term import Term

__all__ = ["From", "Label", "RepeatedBlock"]

_NAME = re.compile(r"[\w.]+")
_TIMES = FieldSpec("count", "how many times", name="the number of repetitions")


@dataclass(frozen=True)
class Label:
    """Names the current output: ``@a`` in notation. In a repeated block each repetition has a label of its own.

    >>> Label("a")
    Label(name='a')
    """

    name: str

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not _NAME.fullmatch(self.name):
            raise LayerError(f"a label is a name of letters, digits, _ and ., as in Label('a'), got {self.name!r:.60}")


@dataclass(frozen=True)
class From:
    """The layers after it continue from the output with this name: ``From|a`` in notation. ``"input"`` is the
    network's input.

    >>> From("a")
    From(name='a')
    """

    name: Any


class RepeatedBlock:
    """Layers that are repeated ``times`` times, each repetition with its own weights: ``3 * [...]`` in notation."""

    def __init__(self, times: Any, layers: Iterable[Any]) -> None:
        self.times: Term = _TIMES.coerce(times)
        if isinstance(layers, str) or not isinstance(layers, Iterable):
            raise LayerError(f"Repeat takes how often and a list of layers, as in Repeat(3, [...]), got {layers!r:.60}")
        self.layers = tuple(layers)
        if not self.layers:
            raise LayerError(f"a repeat has at least one layer, as in Repeat({text(self.times)}, [symnet.Conv(8, 3)])")
        self.letters = letters_of(times)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RepeatedBlock):
            return NotImplemented
        return (self.times, self.layers) == (other.times, other.layers)

    def __hash__(self) -> int:
        return hash((self.times, self.layers))

    def __repr__(self) -> str:
        return f"Repeat({text(self.times)}, {list(self.layers)!r})"
