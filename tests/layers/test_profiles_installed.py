"""The tables of frameworks against the frameworks installed: every class, argument name and default."""

from __future__ import annotations

import inspect
import os
from typing import Any

import pytest

from symnet.layers.profile import KERAS, ONNX, TORCH, Profile
from symnet.layers.profiles import PROFILES
from symnet.layers.registry import KINDS
from symnet.render.frameworks import framework_data

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

KIND = {kind.kind: kind for kind in KINDS}


def signature(profile: Profile) -> dict[str, inspect.Parameter]:
    """The arguments of the class that a profile calls, of two axes."""
    import keras
    import torch

    place: Any = {"torch": torch, "keras": keras}
    path = profile.call.format(rank=2).partition("(")[0].split(".")
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
@pytest.mark.parametrize("kind", PROFILES)
def test_arguments_and_defaults(kind: str, framework: str) -> None:
    profile = PROFILES[kind].get(framework)
    if profile is None:
        return
    for one in (profile, *profile.variants.values()):
        known = signature(one)
        theirs = [*one.arguments.values(), *one.measured, *one.fixed]
        theirs += [said.partition("=")[0] for said in one.said.values() if "{" not in said and said]
        for name in theirs:
            assert name in known or name in WORDS, f"{one.call} has no argument {name}"
    for argument in framework_data(KIND[kind], framework)["arguments"]:
        if argument["theirs"] not in (known := signature(profile)):
            continue
        usual, ours = known[argument["theirs"]].default, argument["default"]
        if usual is inspect.Parameter.empty:
            assert ours is None or ours == "", f"{profile.call}: {argument['theirs']} must be given, not {ours}"
        elif ours is not None:  # what we ask for may have a default there
            same = shown(usual) == ours or (str(usual), ours) in SAME
            assert same, f"{profile.call}: {argument['theirs']} is {usual!r} there, {ours!r} here"


@pytest.mark.parametrize("kind", [kind for kind, frameworks in PROFILES.items() if ONNX in frameworks])
def test_onnx_attributes(kind: str) -> None:
    import onnx.defs

    profile = PROFILES[kind][ONNX]
    known = onnx.defs.get_schema(profile.call).attributes
    for name, theirs in profile.arguments.items():
        if not theirs.isidentifier():
            continue
        assert theirs in known, f"ONNX {profile.call} has no attribute {theirs}"
        usual = known[theirs].default_value
        if usual.name and name in profile.defaults:
            value = onnx.helper.get_attribute_value(usual)
            assert float(value) == pytest.approx(float(profile.defaults[name]), rel=1e-6), f"{profile.call}: {theirs}"
