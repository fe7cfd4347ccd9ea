"""Comparing a network that was read from a Keras model with Keras itself, at sizes chosen here.

Keras makes a copy of the model from its configuration for these sizes: every layer's output, the parameters and the
trained parameters must agree with the network. The user's model is not changed. Keras does not count multiply-adds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import process_time
from typing import Any, NamedTuple

from symnet.errors import ModelError
from symnet.frontends.building import Tensor
from symnet.frontends.checking import (
    SECONDS,
    Point,
    disagreement,
    inner_points,
    input_shapes,
    outer_point,
    same_parameters,
    shown_shapes,
)
from symnet.frontends.keras.copies import copy_of, foreign_class, inner_layers, quiet_keras, shapes_of, with_sizes
from symnet.frontends.keras.opaque import Live
from symnet.network.framework_runs import FrameworkRun, RunOutside
from symnet.public import Network
from symnet.terms.term import Term, symbols_of

__all__ = ["Calls", "compare_with_keras"]

#: Models with more calls of layers are not copied.
MOST_CALLS = 1500

Path = tuple[str, ...]
#: The sizes of a tensor; the first one is the number of rows per example, which Keras multiplies with the batch.
Dims = tuple[Term, ...]


class _LayerCall(NamedTuple):
    """The sizes that symnet derived for each used output of one call of a layer."""

    path: Path
    title: str
    outputs: Mapping[int, Dims]


class Calls:
    """The calls recorded while a model was read: inputs of the model and of inner models, and outputs of layers."""

    def __init__(self) -> None:
        self.inputs: dict[Path, list[list[Dims]]] = defaultdict(list)
        self.layers: list[_LayerCall] = []

    def enter(self, path: Path, inputs: Sequence[Tensor]) -> None:
        """Records a call of a model."""
        self.inputs[path].append([tensor.shape.dims for tensor in inputs])

    def add(self, path: Path, title: str, outputs: Sequence[Dims], used: frozenset[int]) -> None:
        """Records a call of a layer with the sizes of its outputs, of which those in ``used`` are compared."""
        given = {number: dims for number, dims in enumerate(outputs) if number in used}
        self.layers.append(_LayerCall(path, title, given))


@dataclass
class _Model:
    """Both sides of the comparison: the configuration of the model, and what symnet read from it."""

    config: Mapping[str, Any]
    live: Live | None
    calls: Calls
    outputs: Sequence[Dims]
    network: Network

    def at(self, point: Point) -> Any:
        """The copy that Keras makes of the model for these sizes."""
        sizes = {}
        for path, calls in self.calls.inputs.items():
            batch = None if path else point.batch
            shapes = [[(batch, *point.shape(dims)) for dims in inputs] for inputs in calls]
            sizes[path] = [_common(several) for several in zip(*shapes, strict=True)]
        return copy_of(
            with_sizes(self.config, sizes),
            {} if self.live is None else self.live.classes,
            trusted=self.live is not None,
        )


def _common(shapes: Sequence[Sequence[int | None]]) -> list[int | None]:
    """The sizes in which several shapes agree, ``None`` for the others."""
    return [sizes[0] if len(set(sizes)) == 1 else None for sizes in zip(*shapes, strict=False)]


def compare_with_keras(
    config: Mapping[str, Any],
    live: Live | None,
    calls: Calls,
    outputs: Sequence[Dims],
    network: Network,
    *,
    as_written: bool,
) -> None:
    """Compares the network with Keras and stores on it what was compared, or why nothing was.

    ``config`` is the model's configuration, ``live`` the model itself or ``None`` for a file, ``calls`` and
    ``outputs`` were recorded while it was read, ``as_written`` is true if its inputs have the sizes it was made with.
    Raises :class:`ModelError` if Keras has other sizes or parameters.
    """
    try:
        keras = quiet_keras()
    except ImportError:
        network.not_compared = "Keras is not installed"
        return
    foreign = foreign_class(config) if live is None else None
    symbols = symbols_of(*(size for dims in input_shapes(network) for size in dims))
    points = inner_points(network, symbols)
    if live is not None and as_written and points:
        same_parameters("Keras", network.title, network, points[0], *live.arrays)
    if foreign is not None:
        network.not_compared = f"the file names {foreign}, and only classes of Keras are made from a file"
        return
    if len(calls.layers) > MOST_CALLS:
        network.not_compared = f"the model has more than {MOST_CALLS:,} calls of layers"
        return
    model = _Model(config, live, calls, outputs, network)
    title = f"keras {keras.__version__} ({keras.backend.backend()})"
    end = process_time() + SECONDS
    if not points:
        network.not_compared = "no sizes were found for which all layers fit"
        return
    found: list[FrameworkRun] = []
    refusals: list[tuple[Point, Exception]] = []
    for point in points:
        if process_time() > end:
            break
        try:
            copy = model.at(point)
        except Exception as error:  # noqa: BLE001  # Keras, or a layer of the user's own, may raise anything
            refusals.append((point, error))
            continue
        found.append(_agreeing(model, copy, point, title))
    if refusals and found:
        point, refused = refusals[0]
        words = f"Keras refuses the model there ({type(refused).__name__}), and symnet does not"
        raise ModelError(f"Keras: at the input {_given(network, point)}: {words}: symnet read the model wrongly")
    if refusals:
        network.not_compared = (
            f"Keras does not make the model again from its configuration ({type(refusals[0][1]).__name__})"
        )
        return
    network.compared = tuple(found)
    beyond = outer_point(network, points[0]) if process_time() < end else None
    if beyond is not None:
        network.outside = _outside(model, beyond, title)


def _agreeing(model: _Model, copy: Any, point: Point, title: str) -> FrameworkRun:
    """The comparison with one copy. Raises :class:`ModelError` if they differ."""
    given = [point.shape(dims) for dims in input_shapes(model.network)]
    layers = _same_layers(model.calls, copy, point, given)
    ours = [_with_batch(point, dims) for dims in model.outputs]
    theirs = [tuple(output.shape) for output in copy.outputs]
    if len(ours) != len(theirs) or not all(map(_fits, theirs, ours)):
        raise disagreement("Keras", f"the output of {copy.name}", given, point.batch, theirs, ours)
    held = shapes_of(copy)
    alike = model.live is None or len(model.live.arrays[0]) in (
        0,
        len(held[0]),
    )  # otherwise Keras's copy shares layers in another way
    if alike:
        arrays, trained = held
        if model.live is not None and len(model.live.trained) == len(arrays):  # a copy does not always stay as frozen
            trained = [shape for shape, kept in zip(arrays, model.live.trained, strict=True) if kept]
        same_parameters("Keras", copy.name, model.network, point, arrays, trained)
    return FrameworkRun(title, tuple(given), point.batch, layers, multiply_adds=False, parameters=alike)


def _same_layers(calls: Calls, copy: Any, point: Point, given: Sequence[tuple[int, ...]]) -> int:
    """The number of calls of layers with equal outputs. Raises :class:`ModelError` for the first one with other sizes."""
    counted = 0
    inside: dict[int, Mapping[str, Any]] = {}
    for call in calls.layers:
        layer = _at(copy, call.path, inside)
        nodes = [node.outputs for node in getattr(layer, "_inbound_nodes", ())]
        if not nodes or not call.outputs:
            continue
        ours = {number: _with_batch(point, dims) for number, dims in call.outputs.items()}
        if not any(
            all(number < len(node) and _fits(node[number].shape, ours[number]) for number in ours) for node in nodes
        ):
            theirs = [tuple(node[number].shape) for node in nodes[:1] for number in ours if number < len(node)]
            raise disagreement("Keras", call.title, given, point.batch, theirs, list(ours.values()))
        counted += 1
    return counted


def _with_batch(point: Point, dims: Dims) -> tuple[int, ...]:
    """The sizes with the batch in front: rows per example times the batch."""
    rows, *rest = point.shape(dims)
    return (point.batch * rows, *rest)


def _at(model: Any, path: Path, inside: dict[int, Mapping[str, Any]]) -> Any:
    found = model
    for name in path:
        if id(found) not in inside:
            inside[id(found)] = inner_layers(found)
        found = inside[id(found)].get(name)
        if found is None:
            return None
    return found


def _fits(theirs: Sequence[int | None], ours: Sequence[int]) -> bool:
    """Whether sizes agree, as far as Keras states them."""
    return len(theirs) == len(ours) and all(one in (None, two) for one, two in zip(theirs, ours, strict=True))


def _given(network: Network, point: Point) -> str:
    return shown_shapes([point.shape(dims) for dims in input_shapes(network)])


def _outside(model: _Model, point: Point, title: str) -> RunOutside:
    """Keras's verdict at sizes for which the network is not defined."""
    given = tuple(point.shape(dims) for dims in input_shapes(model.network))
    try:
        copy = model.at(point)
    except Exception:  # noqa: BLE001
        return RunOutside(title, given, "refused")
    try:
        ours = [_with_batch(point, dims) for dims in model.outputs]
    except (ArithmeticError, TypeError):
        return RunOutside(title, given, "other sizes")
    same = all(_fits(output.shape, sizes) for output, sizes in zip(copy.outputs, ours, strict=False))
    return RunOutside(title, given, "the same sizes" if same else "other sizes")
