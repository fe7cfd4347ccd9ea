"""A record of one making of a Keras model, call by call: the inputs and outputs of each layer, the line of the call,
and the changes applied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from warnings import catch_warnings, simplefilter

from symnet.doctor.remaking import Trained
from symnet.doctor.spots import Spot, spot_here, spot_of_error

__all__ = ["Call", "Making", "made_model", "plain_sizes", "sizes_of", "tensors_in", "untrained"]

Sizes = tuple[int | None, ...]


@dataclass(eq=False)
class Call:
    """One call of a layer or of an operation. ``sources`` are the indices of the calls that returned its inputs, −1
    for inputs of the model.
    """

    number: int
    layer: Any
    inputs: tuple[Any, ...]
    sources: tuple[int, ...]
    spot: Spot | None
    made: Spot | None
    outputs: tuple[Any, ...] = ()

    @property
    def name(self) -> str:
        """The name of the layer, or the class of the operation."""
        return str(self.layer.name) if hasattr(self.layer, "get_weights") else self.kind

    @property
    def kind(self) -> str:
        """The name of the class."""
        return type(self.layer).__name__

    @property
    def shapes(self) -> list[Sizes]:
        """The sizes of its inputs without the batch."""
        return [sizes_of(item) for item in self.inputs]


@dataclass
class Making:
    """All calls in order, and the model if it could be made."""

    calls: list[Call] = field(default_factory=list)
    inputs: list[Sizes] = field(default_factory=list)
    input_spots: list[Spot | None] = field(default_factory=list)
    model: Any = None
    result: Any = None
    error: Exception | None = None
    failed: Call | None = None
    spot: Spot | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing breaks."""
        return self.error is None

    @property
    def reached(self) -> int:
        """The number of calls that succeeded; one more if all did."""
        return len(self.calls) + 1 if self.ok else self.failed.number if self.failed else len(self.calls)

    @property
    def wrong(self) -> str:
        """The error message."""
        return str(self.error)

    @property
    def effect(self) -> object:
        """The inputs and the calls with their settings and sizes."""
        return self.inputs, [(call.kind, _settings(call.layer), call.shapes) for call in self.calls]


def _settings(layer: Any) -> str:
    """The arguments of a layer without its name; empty for an operation."""
    settings = layer.get_config() if hasattr(layer, "get_weights") else {}
    return str({name: value for name, value in settings.items() if name != "name"})


def sizes_of(tensor: Any) -> Sizes:
    """The sizes without the batch."""
    return tuple(tensor.shape)[1:]


def plain_sizes(sizes: Sequence[Any]) -> tuple[int | str, ...]:
    """The sizes for a table, with ``?`` for unknown ones."""
    return tuple("?" if size is None else int(size) for size in sizes)


def tensors_in(items: Any) -> Iterator[Any]:
    """The tensors in arguments or results."""
    import keras

    if isinstance(items, keras.KerasTensor) or (hasattr(items, "shape") and keras.ops.is_tensor(items)):
        yield items
    elif isinstance(items, Mapping):
        for item in items.values():
            yield from tensors_in(item)
    elif isinstance(items, list | tuple):
        for item in items:
            yield from tensors_in(item)


#: Changes by their target: ``(index, None)`` replaces the layer that is called, ``(index, k)`` inserts a layer before
#: input ``k`` of the call.
Changes = Mapping[tuple[int, int | None], Callable[[Any], Any]]


class _Recorder:
    def __init__(self, changes: Changes, shapes: Sequence[Sizes] | None) -> None:
        self.making = Making()
        self._changes, self._shapes = changes, shapes
        self._inside = 0
        self.inputs_known = False
        self._made: dict[int, int] = {}
        self._changed: dict[int, Any] = {}
        self._kept: list[Any] = []
        self._spots: dict[int, Spot] = {}

    def started(self, original: Any, layer: Any, args: Any, named: Any) -> None:
        """Record the line of the user's code at which a layer is made."""
        if id(layer) not in self._spots and self._inside == 0:
            spot = spot_here(3)
            if spot is not None:
                self._spots[id(layer)] = spot
                self._kept.append(layer)
        original(layer, *args, **named)

    def input_started(self, original: Any, layer: Any, args: Any, named: dict[str, Any]) -> None:
        """Make an input, with other sizes if these are requested."""
        place = len(self.making.inputs)
        given = args[0] if args else named.get("shape")
        if given is None and named.get("batch_shape") is not None:
            given = named["batch_shape"][1:]
        if self._inside == 0 and given is not None and not self.inputs_known:
            if self._shapes is not None and place < len(self._shapes):
                given = tuple(self._shapes[place])
                named = {key: value for key, value in named.items() if key not in ("batch_shape", "shape")}
                args = (given,)
            self.making.inputs.append(tuple(given))
            self.making.input_spots.append(spot_here(3))
        original(layer, *args, **named)

    def call(self, original: Any, layer: Any, args: Any, named: Any) -> Any:
        """Record the call of a layer or an operation, with its changes applied."""
        given = tuple(tensors_in((args, named)))
        if self._inside or not given or _holds_others(layer) or self.making.failed is not None:
            return original(layer, *args, **named)
        number = len(self.making.calls)
        self._inside += 1
        try:
            args = self._through(number, args)
            make = self._changes.get((number, None))
            if make is not None:
                self._changed[id(layer)] = make(layer)
                self._kept.append(layer)
            run = self._changed.get(id(layer), layer)  # a Sequential calls its layers anew for each one that is added
            given = tuple(tensors_in((args, named)))
            sources = tuple(self._made.get(id(item), -1) for item in given)
            call = Call(number, run, given, sources, spot_here(3), self._spots.get(id(layer)))
            self.making.calls.append(call)
            try:
                result = original(run, *args, **named) if run is layer else run(*args, **named)
            except Exception:
                self.making.failed = self.making.failed or call
                raise
        finally:
            self._inside -= 1
        call.outputs = tuple(tensors_in(result))
        self._kept += [*given, *call.outputs]
        for item in call.outputs:
            self._made.setdefault(id(item), number)
        return result

    def _through(self, number: int, args: Any) -> Any:
        """The arguments after the layers that are inserted before some of the tensors."""
        before = {place: make for (one, place), make in self._changes.items() if one == number and place is not None}
        if not before:
            return args
        first = args[0]
        if isinstance(first, list | tuple):
            items = [before[place](item)(item) if place in before else item for place, item in enumerate(first)]
            return ([*items], *args[1:])
        return tuple(before[place](item)(item) if place in before else item for place, item in enumerate(args))


def _holds_others(layer: Any) -> bool:
    """Whether this is a model or a layer of the user's own, whose parts are recorded instead."""
    import keras

    if isinstance(layer, keras.Model):
        return True
    own = type(layer).__module__
    return isinstance(layer, keras.Layer) and not own.startswith(("keras.", "keras_", "tensorflow")) and bool(
        layer._layers if hasattr(layer, "_layers") else ()
    )  # fmt: skip


@contextmanager
def _patched(recorder: _Recorder) -> Iterator[None]:
    import keras

    layer_kind, input_kind = keras.Layer, keras.layers.InputLayer
    operation = next(base for base in layer_kind.__mro__ if base.__name__ == "Operation")
    starts, calls = layer_kind.__init__, layer_kind.__call__
    inputs, operations = input_kind.__init__, operation.__call__
    filtered = keras.config.is_traceback_filtering_enabled()

    def start(layer: Any, *args: Any, **named: Any) -> None:
        recorder.started(starts, layer, args, named)

    def start_input(layer: Any, *args: Any, **named: Any) -> None:
        recorder.input_started(inputs, layer, args, named)

    def call(layer: Any, *args: Any, **named: Any) -> Any:
        return recorder.call(calls, layer, args, named)

    def operate(layer: Any, *args: Any, **named: Any) -> Any:
        if isinstance(layer, layer_kind):
            return operations(layer, *args, **named)
        return recorder.call(operations, layer, args, named)

    keras.config.disable_traceback_filtering()
    layer_kind.__init__, layer_kind.__call__ = start, call
    input_kind.__init__, operation.__call__ = start_input, operate
    try:
        yield
    finally:
        layer_kind.__init__, layer_kind.__call__ = starts, calls
        input_kind.__init__, operation.__call__ = inputs, operations
        if filtered:
            keras.config.enable_traceback_filtering()


def made_model(
    make: Callable[[], Any], given: Sequence[Sizes], changes: Changes, shapes: Sequence[Sizes] | None
) -> Making:
    """A model made by ``make`` and called on inputs of the shapes ``given`` if it has none yet; ``shapes`` replace the
    sizes of its inputs.
    """
    import keras

    recorder = _Recorder(changes, shapes)
    making = recorder.making
    try:
        with catch_warnings(), _own_names(), _patched(recorder), _without_numbers():
            simplefilter("ignore")
            making.model = make()
            inside = [sizes_of(item) for item in getattr(making.model, "inputs", None) or ()]
            if given and (inside == [] or making.inputs == [] or not _fit(inside, shapes or given)):
                making.calls.clear()
                making.inputs, recorder.inputs_known = list(shapes or given), True
                inputs = [keras.Input(tuple(sizes)) for sizes in making.inputs]
                making.result = _called(making.model, inputs)
                making.model = _functional(inputs, making.result) or making.model
    except Exception as error:  # noqa: BLE001  # somebody else's code, which may raise anything
        making.error = error
        failed = making.failed
        own = failed.spot or failed.made if failed else None
        making.spot = own or spot_of_error(error.__traceback__)
    return making


def _fit(own: Sequence[Sizes], given: Sequence[Sizes]) -> bool:
    """Whether the sizes that are given are those of the model's own inputs, where these say sizes."""
    return len(own) == len(given) and all(
        len(one) == len(other) and all(a in (None, b) for a, b in zip(one, other, strict=True))
        for one, other in zip(own, given, strict=True)
    )


def _called(model: Any, inputs: Sequence[Any]) -> Any:
    """The model on its inputs; of a Sequential one layer after the other, so that each stands in the graph as it is changed, and of a
    functional model the same, as its own input would refuse another size."""
    import keras

    if getattr(model, "_is_graph_network", False) or type(model).__name__ == "Functional":
        return model._run_through_graph(
            inputs if len(inputs) > 1 else inputs[0], operation_fn=lambda operation: operation
        )

    if isinstance(model, keras.Sequential) and len(inputs) == 1:
        result = inputs[0]
        for layer in model.layers:
            result = layer(result)
        return result
    return model(inputs[0] if len(inputs) == 1 else list(inputs))


@contextmanager
def _own_names() -> Iterator[None]:
    """While this is active, layers get the names of a new program; afterwards Keras continues its own numbering."""
    from keras.src.backend.common import global_state

    before = global_state.get_global_attribute("object_name_uids")
    global_state.set_global_attribute("object_name_uids", None)
    try:
        yield
    finally:
        global_state.set_global_attribute("object_name_uids", before)


@contextmanager
def _without_numbers() -> Iterator[None]:
    """While this is active, weights of new layers get no numbers, on which no size depends: making them takes most of the time."""
    import keras
    from keras.src.backend.common import global_state

    before = list(global_state.get_global_attribute("uninitialized_variables") or ())
    try:
        with keras.StatelessScope() as scope:
            scope.initialize_variables = False
            yield
    finally:
        global_state.set_global_attribute("uninitialized_variables", before)


@contextmanager
def untrained() -> Iterator[None]:
    """While this is active, a model that is compiled, trained or used raises :class:`Trained`."""
    import keras

    def raised(*_: Any, **__: Any) -> None:
        raise Trained

    before = {name: getattr(keras.Model, name) for name in ("compile", "fit", "evaluate", "predict")}
    try:
        for name in before:
            setattr(keras.Model, name, raised)
        yield
    finally:
        for name, function in before.items():
            setattr(keras.Model, name, function)


def _functional(inputs: Sequence[Any], result: Any) -> Any:
    import keras

    try:
        return keras.Model(inputs if len(inputs) > 1 else inputs[0], result)
    except Exception:  # noqa: BLE001  # not a graph of layers
        return None
