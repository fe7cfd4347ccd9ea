"""Layers for which symnet has no kind: their outputs are taken from Keras, or from the file as far as it records them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from symnet.frontends.building import Tensor
from symnet.frontends.keras.call_site import Site
from symnet.layers.kinds.inputs import Opaque

__all__ = ["Given", "Live", "Stored", "opaque_layer"]

#: The number of stored numbers for the layer with this path; ``None`` if it is not found.
Stored = Callable[[tuple[str, ...]], "int | None"]

#: A shape in Keras's form: the batch first, ``None`` for a size that may vary.
Sizes = Sequence[int | None]


class Given(NamedTuple):
    """Keras's answer about a layer: shapes of its outputs, number of parameters, number of trained parameters."""

    shapes: tuple[Sizes, ...]
    parameters: int
    trained: int


class Live(Protocol):
    """A live model, queried for what its configuration does not contain."""

    @property
    def classes(self) -> Mapping[str, Any]:
        """The user's own classes among its layers, by name."""

    @property
    def arrays(self) -> tuple[list[tuple[int, ...]], list[tuple[int, ...]]]:
        """The shapes of its arrays, and of those that are trained."""

    @property
    def trained(self) -> list[bool]:
        """For each of its arrays, whether it is trained."""

    def is_trained(self, path: tuple[str, ...]) -> bool | None:
        """Whether some array of the layer is trained; ``None`` for a layer without arrays."""

    def structure(self, path: tuple[str, ...]) -> Any:
        """The configuration of the graph of a layer that is a model of the user's own class; ``None`` for other
        layers.
        """

    def identity(self, path: tuple[str, ...]) -> int | None:
        """A number that identifies the layer object; ``None`` if there is no such layer."""

    def given(self, path: tuple[str, ...], args: list[Any], kwargs: dict[str, Any]) -> Given:
        """The outputs and parameters of a layer called on shapes."""


def opaque_layer(
    site: Site, path: tuple[str, ...], why: str, live: Live | None, allowed: bool, stored: Stored | None
) -> list[Tensor]:
    """The outputs of a layer that is not understood, for the reason ``why``, as an assumption. ``path`` names the
    layer, ``live`` is the model or ``None``, ``stored`` counts numbers in a file. Raises :class:`ModelError` unless
    this is ``allowed`` and everything needed is known.
    """
    if not allowed:
        raise site.refused(
            f"{why}; --opaque (opaque=True) takes its output and its parameters from {'Keras' if live else 'the file'}, as an assumption"
        )
    if site.steps is not None:
        raise site.refused(f"{why}, on every step of a sequence")
    given = live.given(path, site.args, site.kwargs) if live else _from_file(site, path, why, stored)
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


def _from_file(site: Site, path: tuple[str, ...], why: str, stored: Stored | None) -> Given:
    """The shapes of the used outputs that the file records, and the number of stored numbers. Raises
    :class:`ModelError` if one is missing.
    """
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
