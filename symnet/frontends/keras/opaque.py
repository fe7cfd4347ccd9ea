"""Layers that symnet has no kind for: what they give is taken from Keras, or from the file as far as it says so."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from symnet.frontends.building import Tensor
from symnet.frontends.keras.call_site import Site
from symnet.layers.kinds.inputs import Opaque

__all__ = ["Given", "Live", "Stored", "opaque_layer"]

#: How many numbers a file stores for the layer of this path; ``None`` where that is not to be found.
Stored = Callable[[tuple[str, ...]], "int | None"]

#: A shape as Keras has it: the batch first, ``None`` where any size will do.
Sizes = Sequence[int | None]


class Given(NamedTuple):
    """What Keras says of a layer: the shapes that it gives, how many parameters it has, how many of them are trained."""

    shapes: tuple[Sizes, ...]
    parameters: int
    trained: int


class Live(Protocol):
    """A live model, asked for what its configuration does not say."""

    @property
    def classes(self) -> Mapping[str, Any]:
        """The classes of its layers that are not Keras's own, by their names."""

    @property
    def arrays(self) -> tuple[list[tuple[int, ...]], list[tuple[int, ...]]]:
        """The sizes of its arrays, and of those that are trained."""

    def structure(self, path: tuple[str, ...]) -> Any:
        """The graph of a layer that is a model of a class of its own, as it is written down; ``None`` if it is none."""

    def identity(self, path: tuple[str, ...]) -> int | None:
        """A number for the object that a layer is; ``None`` where it is not found."""

    def given(self, path: tuple[str, ...], args: list[Any], kwargs: dict[str, Any]) -> Given:
        """What a layer gives that is called on shapes."""


def opaque_layer(
    site: Site, path: tuple[str, ...], why: str, live: Live | None, allowed: bool, stored: Stored | None
) -> list[Tensor]:
    """The outputs of a layer that is not understood, for the reason ``why``; of a file ``stored`` says how many numbers it has.
    Raises :class:`ModelError` unless that is ``allowed`` and everything is known that must be.
    """
    if not allowed:
        raise site.refused(
            f"{why}; --opaque (opaque=True) takes its output and its parameters from {'Keras' if live else 'the file'}, as an assumption"
        )
    if site.steps is not None:
        raise site.refused(f"{why}, on every step of a sequence")
    given = live.given(path, site.args, site.kwargs) if live else _written(site, path, why, stored)
    if not site.tensors:
        raise site.refused("reads no tensor")
    who = "Keras" if live else "the file"
    found = []
    for number, shape in enumerate(given.shapes):
        dims = tuple(size for size in shape[1:] if size is not None)
        if len(dims) != len(shape) - 1 or not dims or 0 in dims:
            raise site.refused(
                f"{who} gives {_shown(shape)}, which is no size to go on with; give numbers with --input (input=)"
            )
        counts = {"parameters": given.parameters, "trained": given.trained} if number == 0 else {}
        part = f"output{number + 1}" if number else ""
        found.append(site.put(Opaque, output=dims, according=who, to=site.tensors, part=part, **counts))
    return found


def _written(site: Site, path: tuple[str, ...], why: str, stored: Stored | None) -> Given:
    """What the file says: shapes of outputs that are read, and how many numbers are stored for the layer."""
    numbers = 0 if site.spec.is_operation else stored(path) if stored is not None else None
    if numbers is None:
        raise site.refused(
            f"{why}, and the file does not say how many parameters it has; load the model and use from_keras"
        )
    if not site.recorded or not site.used <= set(site.recorded):
        raise site.refused(
            f"{why}, and the file does not say what it gives for these sizes of the input; load the model and use from_keras"
        )
    trained = 0 if site.frozen else numbers
    shown = [site.recorded.get(number, site.recorded[min(site.recorded)]) for number in range(max(site.recorded) + 1)]
    return Given(tuple(shown), numbers, trained)


def _shown(shape: Sizes) -> str:
    return "(" + ", ".join("None" if size is None else str(size) for size in shape) + ")"
