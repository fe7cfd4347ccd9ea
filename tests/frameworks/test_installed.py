"""The tables of frameworks against the frameworks installed: every class, argument name and default."""

from __future__ import annotations

import inspect
import os
from typing import Any

import pytest

from symnet.frameworks.convention import KERAS, ONNX, TORCH, Convention
from symnet.frameworks.tables import CONVENTIONS
from symnet.layers.registry import KINDS
from symnet.render.frameworks import framework_data

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

KIND = {kind.kind: kind for kind in KINDS}


def signature(convention: Convention) -> dict[str, inspect.Parameter]:
    """The arguments of the class that a convention calls, of two axes."""
    import keras
    import torch

    place: Any = {"torch": torch, "keras": keras}
    path = convention.target.format(rank=2).partition("(")[0].split(".")
    found: Any = place[path[0]]
    for part in path[1:]:
        found = getattr(found, part)
    if issubclass(found, torch.nn.RNNBase):
        found = torch.nn.RNNBase
    return dict(inspect.signature(found.__init__).parameters)


#: What stands for an argument in the table and is none.
WORDS = (
    "forward(output_size)",
    "output (all states) or h_n (the last)",
    "keras.layers.Bidirectional",
    "Bidirectional(merge_mode)",
)

#: Defaults that are the same thing in other words.
SAME = {
    ("0", "valid"),  # no padding
    ("None", ""), ("None", "kernel"),
    ("0", ""),  # no projection, no output padding
    ("True", "2"), ("True", ""),  # biases in PyTorch; unless the layer says otherwise
    ("None", "-1"), ("False", ""),
    ("True", "buffers"),  # track_running_stats
}  # fmt: skip


def shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple) and len(set(value)) == 1:
        return shown(value[0])
    return repr(value) if isinstance(value, float) else str(value)


@pytest.mark.parametrize("framework", [TORCH, KERAS])
@pytest.mark.parametrize("kind", CONVENTIONS)
def test_arguments_and_defaults(kind: str, framework: str) -> None:
    convention = CONVENTIONS[kind].get(framework)
    if convention is None or not convention.target:
        return
    for one in (convention, *convention.variants.values()):
        known = signature(one)
        theirs = [*one.arguments.values(), *one.measured, *one.fixed]
        theirs += [said[0] for said in one.said.values() if said]
        for name in theirs:
            assert name in known or name in WORDS, f"{one.target} has no argument {name}"
    for argument in framework_data(KIND[kind], framework)["arguments"]:
        if argument["theirs"] not in (known := signature(convention)):
            continue
        usual, ours = known[argument["theirs"]].default, argument["default"]
        if usual is inspect.Parameter.empty:
            assert ours is None or ours == "", f"{convention.target}: {argument['theirs']} must be given, not {ours}"
        elif ours is not None:  # what we ask for may have a default there
            same = shown(usual) == ours or (str(usual), ours) in SAME
            assert same, f"{convention.target}: {argument['theirs']} is {usual!r} there, {ours!r} here"


@pytest.mark.parametrize("kind", [kind for kind, frameworks in CONVENTIONS.items() if ONNX in frameworks])
def test_onnx_attributes(kind: str) -> None:
    import onnx.defs

    convention = CONVENTIONS[kind][ONNX]
    known = onnx.defs.get_schema(convention.target).attributes
    for name, theirs in convention.arguments.items():
        if not theirs.isidentifier():
            continue
        assert theirs in known, f"ONNX {convention.target} has no attribute {theirs}"
        usual = known[theirs].default_value
        if usual.name and name in convention.defaults:
            value = onnx.helper.get_attribute_value(usual)
            assert float(value) == pytest.approx(float(convention.defaults[name]), rel=1e-6), (
                f"{convention.target}: {theirs}"
            )
