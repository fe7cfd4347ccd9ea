"""The architectures of timm, without weights."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from tests.zoo.models import Model, Zoo

__all__ = ["TIMM"]

#: Models with more parameters are left out.
MOST_PARAMETERS = 150_000_000


def _timm() -> Any:
    """The package, which imports torchvision; that may be there without its compiled operators."""
    from symnet.frontends.torch import with_operators

    with_operators(lambda: import_module("torchvision"))
    return import_module("timm")


def _names() -> Sequence[str]:
    return list(_timm().list_models())


def _family(name: str) -> str:
    """The file that the architecture is written in, which has all its variants."""
    return str(_timm().models.model_entrypoint(name).__module__.rpartition(".")[2])


def _build(name: str) -> Model:
    import torch

    timm = _timm()
    with torch.device("meta"):
        try:
            made: Any = timm.create_model(name, pretrained=False)
        except Exception:  # noqa: BLE001  # code that calculates with numbers while it builds
            made = None
    if made is not None:
        _not_too_large(made)
    module = timm.create_model(name, pretrained=False).eval()
    _not_too_large(module)
    settings = module.default_cfg
    sizes = settings.get("test_input_size") if settings.get("fixed_input_size") else None
    channels, height, width = sizes or settings["input_size"]
    letters = None if settings.get("fixed_input_size") else (channels, "H", "W")
    return Model(module, (channels, height, width), letters, {"H": height, "W": width})


def _not_too_large(module: Any) -> None:
    held = sum(one.numel() for one in module.parameters())
    if held > MOST_PARAMETERS:
        raise OverflowError(f"{held:,} parameters")


TIMM = Zoo("timm", "timm", _names, _family, _build)
