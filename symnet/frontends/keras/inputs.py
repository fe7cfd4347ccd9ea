"""The inputs of a model: sizes from its configuration or from the caller, symbols for the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from symnet.errors import ModelError, NotationError, SymnetError
from symnet.frontends.building import Builder, Tensor
from symnet.frontends.keras.config import Spec, spec_of
from symnet.frontends.keras.values import leaves, reference
from symnet.layers.declaration.fields import FieldSpec
from symnet.layers.declaration.shape import CHANNELS_FIRST, CHANNELS_LAST, SEQUENCE, VECTOR, Shape
from symnet.layers.kinds.inputs import Input
from symnet.terms.term import Symbol, Term

__all__ = ["place_inputs"]

_SIZE = FieldSpec("count", "a size of the input", name="input size")

#: Layers whose input begins with the steps of a sequence.
_STEPS = ("TimeDistributed", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")

#: Sizes of an input without the batch; ``None`` where any size is accepted.
Sizes = tuple[Any, ...]


def place_inputs(builder: Builder, spec: Spec, asked: Any) -> list[Tensor]:
    """Places the inputs of a model in order, with the sizes ``asked`` by the caller if there are any; returns their
    tensors.
    """
    written = dict(_configured_sizes(spec))
    sizes = _asked_sizes(asked, written) if asked is not None else written
    data_format = next(_data_formats(spec.config), CHANNELS_LAST)
    timed = any(True for kind in _kinds(spec.config) if kind in _STEPS)
    embedded = "Embedding" in _kinds(spec.config)
    taken: set[str] = set()
    placed: list[Tensor] = []
    for name, wanted in sizes.items():
        if wanted is None:
            raise ModelError(f"Keras: {name}: the model has no input shape yet; give one with --input (input=)")
        layout = VECTOR if len(wanted) == 1 else SEQUENCE if len(wanted) == 2 else CHANNELS_LAST
        if data_format == CHANNELS_FIRST and len(wanted) > 1:
            layout = CHANNELS_FIRST
        letters = _letters(len(wanted), layout, timed, embedded)
        dims = tuple(_size(name, size, letter, taken) for size, letter in zip(wanted, letters, strict=True))
        shape = Shape(dims, layout, data_format)
        if not placed:
            placed.append(builder.input(shape, name))
        else:
            further = Input(dims, layout=layout, framework="keras")
            placed.append(builder.add(further, name=name, origin=f"{name} (keras.Input)"))
    return placed


def _configured_sizes(spec: Spec) -> Iterator[tuple[str, Sizes | None]]:
    """The name of every input with its sizes in the configuration, if they are there."""
    layers = [spec_of(layer, f"{spec.name}: layer {number}") for number, layer in enumerate(spec.config["layers"], 1)]
    if "output_layers" not in spec.config:
        first = layers[0].config if layers else {}
        written = first.get("batch_shape") or first.get("batch_input_shape") or spec.config.get("build_input_shape")
        yield (layers[0].name if layers and layers[0].class_name == "InputLayer" else "input"), _sizes(written)
        return
    by_name = {layer.name: layer for layer in layers}
    for leaf in leaves(spec.config.get("input_layers")):
        ref = reference(leaf)
        if ref is None or ref.layer not in by_name:
            raise ModelError(f"Keras: {spec.name}: its input {leaf!r} is none of its layers")
        config = by_name[ref.layer].config
        yield ref.layer, _sizes(config.get("batch_shape") or config.get("batch_input_shape"))


def _sizes(shape: Any) -> Sizes | None:
    return tuple(shape[1:]) if isinstance(shape, list | tuple) and len(shape) > 1 else None


def _asked_sizes(requested: Any, written: Mapping[str, Sizes | None]) -> dict[str, Sizes | None]:
    """The sizes asked by the caller, for each input by name. Raises :class:`ModelError` for unknown inputs or another
    number of them.
    """
    if isinstance(requested, Mapping):
        unknown = next((name for name in requested if name not in written), None)
        if unknown is not None:
            raise ModelError(f"Keras: the model has no input {unknown!r}; it has {', '.join(written)}")
        asked = {name: tuple(requested[name]) if name in requested else sizes for name, sizes in written.items()}
    else:
        several = isinstance(requested, Sequence) and requested and all(_is_shape(item) for item in requested)
        shapes = (
            [tuple(shape) for shape in requested]
            if several
            else [tuple(requested) if _is_shape(requested) else (requested,)]
        )
        if len(shapes) != len(written):
            count = f"{len(written)} input{'s' * (len(written) != 1)}"
            raise ModelError(f"Keras: the model has {count} ({', '.join(written)}): give a shape for each")
        asked = dict(zip(written, shapes, strict=True))
    for name, shape in asked.items():
        known = written[name]
        if shape is not None and known is not None and len(shape) != len(known):
            raise ModelError(f"Keras: {name}: the input has {len(known)} sizes, the batch left out, got {len(shape)}")
    return asked


def _is_shape(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _letters(count: int, layout: str, timed: bool, embedded: bool) -> tuple[str, ...]:
    """The letters for sizes of an input that are not numbers."""
    if count == 1:
        return ("T",) if embedded else ("N",)
    if layout == SEQUENCE:
        return ("T", "C")
    axes: tuple[str, ...] = {1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W")}.get(count - 1, ())
    if timed:
        axes = ("T", *{1: ("L",), 2: ("H", "W"), 3: ("D", "H", "W")}.get(count - 2, ()))
    axes += tuple(f"A{number}" for number in range(len(axes) + 1, count))
    return ("C", *axes) if layout == CHANNELS_FIRST else (*axes, "C")


def _size(name: str, size: Any, letter: str, used_names: set[str]) -> Term:
    """A size as a term; ``None`` becomes a symbol with a new name."""
    if size is None:
        found, number = letter, 1
        while found in used_names:
            number += 1
            found = f"{letter}{number}"
        used_names.add(found)
        return Symbol(found)
    if isinstance(size, Mapping | list | tuple):
        raise ModelError(f"Keras: {name}: a size of the input must be an integer or a symbol, got {str(size)[:40]}")
    try:
        term: Term = _SIZE.coerce(size)
    except SymnetError as refused:
        words = refused.message if isinstance(refused, NotationError) else str(refused)
        raise ModelError(f"Keras: {name}: {words}") from None
    return term


def _layers(config: Any) -> Iterator[Mapping[str, Any]]:
    """All layers in a configuration, outer ones first."""
    stack = [config]
    while stack:
        value = stack.pop()
        if isinstance(value, Mapping):
            inner = [item for name, item in value.items() if name in ("layers", "layer", "config")]
            if isinstance(value.get("class_name"), str):
                yield value
            stack += reversed(inner)
        elif isinstance(value, list):
            stack += reversed(value)


def _data_formats(config: Any) -> Iterator[str]:
    for layer in _layers(config):
        inner = layer.get("config")
        found = inner.get("data_format") if isinstance(inner, Mapping) else None
        if found in (CHANNELS_FIRST, CHANNELS_LAST):
            yield found


def _kinds(config: Any) -> set[str]:
    return {layer["class_name"] for layer in _layers(config)}
