"""Generated Keras code, run: every layer's output and parameters are the network's."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from symnet import Network, SymnetError
from tests.generated import NETWORKS, arguments, at_two_sizes, network, outputs, run, skeleton, trained

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")


def refused(name: str) -> bool:
    """Whether a network has no code, which is said in words that name its layers."""
    try:
        network(name).code("keras")
    except SymnetError as why:
        assert re.search(r"layer \d+", str(why)), why
        return True
    return False


class Sized:
    """Keras, with inputs of the sizes given instead of None."""

    def __init__(self, keras: Any, shapes: list[tuple[int, ...]]) -> None:
        self._keras, self._shapes = keras, iter(shapes)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._keras, name)

    def Input(self, shape: tuple[int | None, ...], **more: Any) -> Any:  # noqa: N802
        wanted = next(self._shapes)
        assert all(size in (None, other) for size, other in zip(shape, wanted, strict=True))
        return self._keras.Input(wanted, **more)


@contextmanager
def recorded() -> Iterator[list[tuple[Any, tuple[int, ...]]]]:
    """What is called, with the sizes of its output; not what that calls in turn."""
    import keras

    calls: list[tuple[Any, tuple[int, ...]]] = []
    depth = 0
    kept = [(cls, name, getattr(cls, name)) for cls, name in (
        (keras.Operation, "__call__"), (keras.Operation, "symbolic_call"), (keras.layers.Layer, "__call__")
    )]  # fmt: skip

    def patched(original: Any) -> Any:
        def call(self: Any, *args: Any, **kwargs: Any) -> Any:
            nonlocal depth
            depth += 1
            try:
                out = original(self, *args, **kwargs)
            finally:
                depth -= 1
            tensors = (out if isinstance(out, list | tuple) else [out]) if depth == 0 else []
            calls.extend((self, tuple(tensor.shape[1:])) for tensor in tensors)
            return out

        return call

    for cls, name, original in kept:
        setattr(cls, name, patched(original))
    try:
        yield calls
    finally:
        for cls, name, original in kept:
            setattr(cls, name, original)


def sizes(place: Any) -> tuple[int, ...]:
    return tuple(size.constant for size in place.output.dims)


@pytest.mark.parametrize("name", NETWORKS)
def test_shapes_and_parameters(name: str) -> None:
    import keras

    if refused(name):
        return
    net = network(name)
    space, _ = run(net, "keras")
    for values, numbers in at_two_sizes(net):
        keras.backend.clear_session()
        entries = [place for place in numbers.placed if place.layer is None or place.layer.kind == "Input"]
        space["keras"] = Sized(keras, [sizes(place) for place in entries])
        with recorded() as calls:
            model = space["model"](**arguments(space["model"], values))
        wanted = [sizes(numbers.placed[place]) for place in numbers.graph.outputs()]
        assert [tuple(out.shape[1:]) for out in model.outputs] == wanted
        remaining = iter(calls)
        for place in numbers.placed[1:]:
            if place.layer is not None and place.layer.kind != "Input":
                assert any(out == sizes(place) for _, out in remaining), place.title
        assert sum(weight.numpy().size for weight in model.trainable_weights) == numbers.trainable
        own = [place for place in numbers.placed[1:] if place.layer.framework in (None, "keras")]
        if len(own) == len(numbers.placed) - 1:  # the others count moving statistics otherwise
            assert model.count_params() == numbers.parameters + undone(numbers)
        if all(place.layer.kind != "SE" for place in numbers.placed[1:]):
            layers = list({id(layer): layer for layer, _ in calls if getattr(layer, "weights", ())}.values())
            held = [sum(weight.numpy().size for weight in layer.trainable_weights) for layer in layers]
            assert [count for count in held if count] == [
                count for place in numbers.placed[1:] if (count := trained(place))
            ]


def undone(net: Network) -> int:
    """What a layer that says so keeps no count of, and Keras does: ``statistics`` other than weights."""
    kept = [place for place in net.placed[1:] if getattr(place.layer, "statistics", None) in ("buffers", "none")]
    return sum(2 * place.output.channels.constant for place in kept)


#: What Keras code defines for itself, which nobody can import, and operations that symnet does not import.
UNKNOWN = ("(layers.Layer):", "activations.glu(", "ops.argmax(")

#: Kinds that it spells out, so that they come back as several layers or another one.
SPELLED_OUT = {"SE", "Crop", "InstanceNorm", "Deconv", "PixelShuffle", "PixelUnshuffle", "ChannelShuffle"}


@pytest.mark.parametrize("name", NETWORKS)
def test_import_gives_the_network_back(name: str) -> None:
    import keras

    import symnet

    if refused(name):
        return
    net = network(name)
    space, _ = run(net, "keras")
    values, numbers = next(at_two_sizes(net))
    kinds = {place.layer.kind for place in numbers.placed[1:]}
    if any(words in net.code("keras") for words in UNKNOWN):
        return
    keras.backend.clear_session()
    entries = [place for place in numbers.placed if place.layer is None or place.layer.kind == "Input"]
    space["keras"] = Sized(keras, [sizes(place) for place in entries])
    back = symnet.from_keras(space["model"](**arguments(space["model"], values)))
    assert back.trainable == numbers.trainable
    assert outputs(back) == outputs(numbers)
    held = any(getattr(place.layer, "activation", None) for place in numbers.placed[1:])
    if not kinds & SPELLED_OUT and not held:
        assert skeleton(back) == skeleton(numbers)
