"""Models of PyTorch: how long it takes to import one and prove its sizes, beside what PyTorch's own tools take for less."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from tests.benchmarks.timing import Row, Side, compare

__all__ = ["MEASUREMENTS", "Missing"]


class Missing(Exception):
    """What a measurement needs is not installed."""


def _need(*packages: str) -> None:
    missing = [name for name in packages if find_spec(name) is None]
    if missing:
        raise Missing(f"needs {', '.join(missing)}: pip install {' '.join(missing)}")


def _resnet() -> Any:
    from symnet.frontends.torch import with_operators

    return with_operators(lambda: import_module("torchvision.models")).resnet50(weights=None).eval()


def _proven(model: Any) -> None:
    """Import it with symbolic height and width; every size of every layer is a theorem then, and so are the closed forms."""
    from symnet import from_torch

    network = from_torch(model, (3, "H", "W"))
    for value in network.closed_form.values():
        _ = value.theorem
    _ = network.sizes


def _imported(model: Any) -> None:
    """The same without the proofs, whose time is measured on notation."""
    from symnet import from_torch

    _ = from_torch(model, (3, "H", "W")).closed_terms


def beside_summary() -> Row:
    """ResNet-50 beside torchinfo's table for one size."""
    _need("torch", "torchvision", "torchinfo")
    torchinfo = import_module("torchinfo")
    model = _resnet()
    return compare(
        "ResNet-50 of torchvision",
        Side("imported, every size proven", _proven, lambda: model),
        Side(
            "torchinfo.summary, 224 × 224",
            lambda found: torchinfo.summary(found, (1, 3, 224, 224), verbose=0),
            lambda: model,
        ),
        3.0,
    )


def beside_export() -> Row:
    """ResNet-50 beside torch.export with dynamic height and width."""
    _need("torch", "torchvision")
    torch = import_module("torch")
    model = _resnet()
    sizes = {"x": {2: torch.export.Dim("H", min=64, max=4096), 3: torch.export.Dim("W", min=64, max=4096)}}

    def exported(found: Any) -> None:
        torch.export.export(found, (torch.zeros(1, 3, 224, 224),), dynamic_shapes=sizes)

    return compare(
        "ResNet-50 of torchvision",
        Side("imported, every size proven", _proven, lambda: model),
        Side("torch.export, dynamic H and W", exported, lambda: model),
        1.0,
        runs=3,
    )


def deep() -> Row:
    """Twice the layers, twice the time."""
    _need("torch")
    nn = import_module("torch").nn

    def stack(layers: int) -> Callable[[], Any]:
        made = nn.Sequential(*(nn.Conv2d(4, 4, 3, padding=1) for _ in range(layers - 1)), nn.Conv2d(4, 4, 3))
        made[0] = nn.Conv2d(3, 4, 3)
        return lambda: made

    return compare(
        "2000 layers of torch.nn",
        Side("imported, with closed forms", _imported, stack(2000)),
        Side("1000 layers", _imported, stack(1000)),
        2.3,
    )


MEASUREMENTS: tuple[Callable[[], Row], ...] = (beside_summary, beside_export, deep)
