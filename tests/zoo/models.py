"""What a zoo is: names of models, and for each name how it is built and what its inputs are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Model", "Zoo"]

#: The sizes of one input without the batch, numbers and letters.
Sizes = tuple[int | str, ...]


@dataclass(frozen=True)
class Model:
    """A model, and the sizes of what it reads: of one input, or of several by their names. ``letters`` are the sizes with letters
    where the model takes several, else nothing; ``integers`` are the inputs that are numbers of words."""

    module: Any
    input: Sizes | Mapping[str, Sizes]
    letters: Sizes | Mapping[str, Sizes] | None = None
    usual: Mapping[str, int] | None = None
    integers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Zoo:
    """A collection. ``names`` are all its models, ``family`` says which are variants of one, ``build`` makes one."""

    name: str
    package: str
    names: Callable[[], Sequence[str]]
    family: Callable[[str], str]
    build: Callable[[str], Model]
