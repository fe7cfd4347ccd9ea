"""The architectures of torchvision, without weights."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from tests.zoo.models import Model, Sizes, Zoo

__all__ = ["TORCHVISION"]

#: Models with more parameters are left out.
MOST_PARAMETERS = 150_000_000

#: Models that take images of one size only, and which.
FIXED = {"vit": 224, "maxvit": 224, "swin_v2": 256}


def _torchvision() -> Any:
    """The package, which may be there without its compiled operators."""
    from symnet.frontends.torch import with_operators

    return with_operators(lambda: import_module("torchvision.models"))


def _names() -> Sequence[str]:
    return list(_torchvision().list_models())


def _family(name: str) -> str:
    """The file that the architecture is written in."""
    return str(_torchvision().get_model_builder(name).__module__.removeprefix("torchvision.models."))


def _build(name: str) -> Model:
    import torch

    models = _torchvision()
    named: dict[str, Any] = {"weights": None}
    if "weights_backbone" in models.get_model_builder(name).__annotations__:
        named["weights_backbone"] = None
    with torch.device("meta"):
        held = sum(one.numel() for one in models.get_model(name, **named).parameters())
    if held > MOST_PARAMETERS:
        raise OverflowError(f"{held:,} parameters")
    module = models.get_model(name, **named).eval()
    if ".video" in models.get_model_builder(name).__module__:
        video: Sizes = (3, 16, 224, 224)
        letters = None if name.startswith("mvit") else (3, "T", "H", "W")
        return Model(module, video, letters, {"T": 16, "H": 224, "W": 224})
    if name.startswith("raft"):
        pair: dict[str, Sizes] = {"image1": (3, 128, 160), "image2": (3, 128, 160)}
        return Model(module, pair)
    fixed = next((size for start, size in FIXED.items() if name.startswith(start)), None)
    side = fixed or (299 if name.startswith("inception") else 224)
    return Model(module, (3, side, side), None if fixed else (3, "H", "W"), {"H": side, "W": side})


TORCHVISION = Zoo("torchvision", "torchvision", _names, _family, _build)
