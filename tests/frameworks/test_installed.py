"""The tables of frameworks against the frameworks installed: every target, argument name and default, and what is required."""

from __future__ import annotations

import inspect
import os
from typing import Any

import pytest

from symnet.frameworks.convention import KERAS, ONNX, TENSORFLOW, TORCH, Convention
from symnet.frameworks.tables import CONVENTIONS
from symnet.layers.declaration.registry import KINDS
from symnet.render.frameworks import framework_data

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

KIND = {kind.kind: kind for kind in KINDS}


def signature(convention: Convention, rank: int = 2) -> dict[str, inspect.Parameter]:
    """The arguments of what a convention calls."""
    import keras
    import tensorflow as tf
    import torch

    path = convention.target.format(rank=rank).split(".")
    found: Any = {"torch": torch, "keras": keras, "tf": tf}[path[0]]
    for part in path[1:]:
        found = getattr(found, part)
    if inspect.isclass(found) and issubclass(found, torch.nn.RNNBase):
        found = torch.nn.RNNBase
    if inspect.isclass(found):
        return dict(inspect.signature(found.__init__ if found is not torch.nn.Parameter else found.__new__).parameters)
    if inspect.isbuiltin(found) or path[:2] == ["torch", "Tensor"] or found is torch.einsum:
        return {}  # written in C++, without a signature: the lines that call it are run elsewhere
    return dict(inspect.signature(found).parameters)


#: Defaults that are the same thing in other words.
SAME = {
    ("0", "valid"),  # no padding
    ("None", ""), ("None", "kernel"),
    ("0", ""),  # no projection, no output padding
    ("True", "2"), ("True", ""),  # biases in PyTorch; unless the layer says otherwise
    ("None", "-1"), ("False", ""),
    ("True", "buffers"),  # track_running_stats
    ("None", "all sizes"), ("None", "1"), ("1", ""), ("None", "1.1920928955078125e-07"),
}  # fmt: skip


def shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    while isinstance(value, tuple) and len(set(value)) == 1:
        value = value[0]
    return repr(value) if isinstance(value, float) else str(value)


@pytest.mark.parametrize("framework", [TORCH, KERAS, TENSORFLOW])
@pytest.mark.parametrize("kind", CONVENTIONS)
def test_arguments_and_defaults(kind: str, framework: str) -> None:
    convention = CONVENTIONS[kind][framework]
    if not convention.target:
        return
    for one in (convention, *convention.variants.values()):
        known = signature(one)
        theirs = [*(name for name in one.arguments.values() if name.isidentifier()), *one.from_weights, *one.fixed]
        theirs += [spelling[0] for spelling in one.spelled.values() if spelling]
        for name in theirs:
            assert name in known or not known, f"{one.target} has no argument {name}"
    known = signature(convention)
    for argument in framework_data(KIND[kind], framework)["arguments"]:
        theirs, ours = argument["theirs"], argument["default"]
        if theirs not in known:
            continue
        usual = known[theirs].default
        required = usual is inspect.Parameter.empty
        assert (ours is None) == required, f"{convention.target}: {theirs} is {'' if required else 'not '}required"
        if not required:
            same = shown(usual) == ours or (shown(usual), ours) in SAME or (str(usual), ours) in SAME
            assert same, f"{convention.target}: {theirs} is {usual!r} there, {ours!r} here"


@pytest.mark.parametrize("kind", CONVENTIONS)
def test_onnx_attributes(kind: str) -> None:
    import onnx.defs

    convention = CONVENTIONS[kind][ONNX]
    if not convention.target:
        return
    known = onnx.defs.get_schema(convention.target).attributes
    for argument in framework_data(KIND[kind], ONNX)["arguments"]:
        theirs, ours = argument["theirs"], argument["default"]
        if not theirs.isidentifier():
            continue
        assert theirs in known, f"ONNX {convention.target} has no attribute {theirs}"
        assert (ours is None) == known[theirs].required, f"ONNX {convention.target}: {theirs} required"
        usual = known[theirs].default_value
        if usual.name and ours is not None:
            value = onnx.helper.get_attribute_value(usual)
            number = {"yes": "1", "no": "0", "": str(value)}.get(ours, ours)
            if isinstance(value, bytes):
                assert value.decode().lower() == number.lower(), f"{convention.target}: {theirs}"
            else:
                assert float(value) == pytest.approx(float(number), rel=1e-6), f"{convention.target}: {theirs}"
