"""Every line that ``explain --framework`` prints runs in its framework, and gives the sizes that symnet gives."""

from __future__ import annotations

import os
from typing import Any

import pytest

from symnet.frameworks.convention import KERAS, ONNX, TENSORFLOW, TITLES, TORCH
from symnet.layers.declaration.registry import KINDS
from symnet.layers.declaration.shape import CHANNELS_LAST, Shape
from symnet.network.propagate import Placed
from symnet.render.code.definitions import KERAS_HELPERS, TORCH_HELPERS
from symnet.render.code.one_layer import Lines, lines_of
from symnet.render.frameworks import samples

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

#: Lines that need more than the inputs: the entries that are taken are not said.
WITHOUT = {"Take"}

#: How often attention is given its sequence: as queries, values and keys.
READS = {("MultiHeadAttention", TORCH): 3, ("MultiHeadAttention", KERAS): 2, ("MultiHeadAttention", TENSORFLOW): 2}

#: Kinds that read the last size in PyTorch, too.
FEATURES = {"FC", "LayerNorm", "RMSNorm"}


def dims(shape: Shape, framework: str, line: str, kind: str) -> list[int]:
    """The sizes of a tensor as the line reads it, the batch before them."""
    found = [size.constant or 1 for size in shape.dims]
    last = shape.layout == CHANNELS_LAST and len(found) > 1 and kind not in FEATURES
    if framework == TORCH:
        return [2, *([found[-1], *found[:-1]] if last else found)]
    first = not shape.channel_index and len(found) > 1
    told = "channels_first" in line or ("axis=" in line and "tf.reduce" not in line) or ".ops." in line
    if first and (told or not _spatial(line)):
        return [2, *found]
    return [2, *([*found[1:], found[0]] if first else found)]


def _spatial(line: str) -> bool:
    """Whether the line reads channels from the last size, as Keras does unless told otherwise."""
    words = ("Conv", "Pool", "tf.nn.", "tf.reduce", "Normalization", "Pad", "tf.pad")
    return any(word in line for word in words)


def space(framework: str, place: Placed, lines: Lines) -> dict[str, Any]:
    """What the lines may use: the framework, their inputs, and what symnet code defines."""
    line = " ".join(lines.lines)
    if framework == TORCH:
        import torch
        from torch import nn

        found: dict[str, Any] = {"torch": torch, "nn": nn}
        for helper in lines.helpers:
            exec(TORCH_HELPERS[helper], found)
        whole = place.layer.kind == "Embedding"
        tensors = [
            torch.ones(dims(shape, framework, line, place.layer.kind), dtype=torch.long if whole else None)
            for shape in place.inputs
        ]
    else:
        import keras
        import numpy
        import tensorflow as tf

        found = {"keras": keras, "tf": tf, "layers": keras.layers, "ops": keras.ops}
        for helper in lines.helpers:
            name, _, rank = helper.partition(":")
            exec(KERAS_HELPERS[name].replace("{rank}", rank), found)
        tensors = [
            tf.constant(numpy.ones(dims(shape, framework, line, place.layer.kind), "float32")) for shape in place.inputs
        ]
    return (
        {"x": tensors[0] if tensors else torch.ones(2, 3)} | found | dict(zip(("x", "y", "z"), tensors, strict=False))
    )


@pytest.mark.parametrize("framework", [TORCH, KERAS, TENSORFLOW])
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.kind not in WITHOUT], ids=lambda kind: kind.kind)
def test_lines_run(kind: Any, framework: str) -> None:
    for text, place in samples(kind):
        lines = lines_of(place, framework)
        names: dict[str, Any] = {}
        for line in lines.lines:
            if not names:
                names = space(framework, place, lines)
            value = eval(line, names)  # printed by symnet, for somebody to type
            if not hasattr(value, "shape") and not isinstance(value, tuple | list):
                value = value(*[names["x"]] * READS.get((place.layer.kind, framework), 1))
            value = value[0] if isinstance(value, tuple | list) else value
            names["x"] = value
        if not names:
            assert lines.why, text
            continue
        got = sorted(int(size) for size in names["x"].shape[1:] if size != 1)
        assert got == sorted(size.constant for size in place.output.dims if size.constant != 1) or _states(place), (
            text,
            lines.lines,
        )


def _states(place: Placed) -> bool:
    """What a recurrent module of PyTorch gives first are all states."""
    return place.layer.kind in ("RNN", "GRU", "LSTM")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_operators_and_attributes_of_onnx(kind: Any) -> None:
    import ast

    import onnx.defs

    for text, place in samples(kind):
        for line in lines_of(place, ONNX).lines:
            call = ast.parse(line, mode="eval").body
            assert isinstance(call, ast.Call)
            assert isinstance(call.func, ast.Name)
            schema = onnx.defs.get_schema(call.func.id)
            given = {keyword.arg for keyword in call.keywords}
            inputs = {entry.name for entry in schema.inputs}
            assert given <= {*schema.attributes, *inputs}, (text, line)


def test_every_kind_has_a_row_in_every_framework() -> None:
    from symnet.frameworks.tables import CONVENTIONS

    for kind in KINDS:
        for framework in TITLES:
            found = CONVENTIONS[kind.kind][framework]
            assert bool(found.target) != bool(found.instead), (kind.kind, framework)
            assert found.source or not found.target
