"""A bias that is called redundant is redundant: random models in PyTorch, in training, run with two biases."""

from __future__ import annotations

import random
from typing import Any

import pytest

from symnet import from_torch
from symnet.errors import ModelError
from symnet.facts.lints import lints

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore::")]


def _image_layer(draw: random.Random, channels: int) -> tuple[Any, int]:
    """A layer on (channels, H, W), and how many channels it gives; 0 where it gives a vector."""
    from torch import nn

    out = draw.choice([1, 2, 4, 6])
    groups = draw.choice([1, 1, channels])
    kernel = draw.choice([1, 3])
    padding = draw.choice([0, kernel // 2])
    frozen = nn.BatchNorm2d(channels)
    frozen.eval()
    choices: list[tuple[Any, int]] = [
        (nn.Conv2d(channels, out, kernel, padding=padding, bias=draw.random() < 0.8), out),
        (nn.Conv2d(channels, channels * 2, kernel, padding=padding, groups=groups), channels * 2),
        (nn.ConvTranspose2d(channels, out, draw.choice([1, 2])), out),
        (nn.BatchNorm2d(channels), channels),
        (nn.BatchNorm2d(channels), channels),
        (nn.BatchNorm2d(channels), channels),
        (frozen, channels),
        (nn.BatchNorm2d(channels, track_running_stats=False), channels),
        (nn.GroupNorm(draw.choice([1, channels]), channels), channels),
        (nn.InstanceNorm2d(channels), channels),
        (nn.ReLU(), channels),
        (nn.Identity(), channels),
        (nn.Softmax(draw.choice([1, 2, 3])), channels),
        (nn.Dropout(draw.choice([0.0, 0.5])), channels),
        (nn.MaxPool2d(3, 1, padding=draw.choice([0, 1])), channels),
        (nn.AvgPool2d(3, 1, padding=draw.choice([0, 1])), channels),
        (nn.ZeroPad2d(1), channels),
        (nn.ReflectionPad2d(1), channels),
        (nn.Upsample(scale_factor=2), channels),
        (nn.AdaptiveAvgPool2d(2), channels),
        (nn.Flatten(), 0),
        (_Permuted(draw.choice([(0, 2, 3, 1), (0, 1, 3, 2)])), -1),
    ]
    return draw.choice(choices)


def _vector_layer(draw: random.Random, features: int) -> Any:
    from torch import nn

    return draw.choice([
        nn.Linear(features, draw.choice([1, 3, 4]), bias=draw.random() < 0.8), nn.BatchNorm1d(features),
        nn.BatchNorm1d(features), nn.LayerNorm(features), nn.ReLU(), nn.Softmax(1), nn.Identity(),
    ])  # fmt: skip


def _Permuted(order: tuple[int, ...]) -> Any:  # noqa: N802
    from torch import nn

    class Permuted(nn.Module):
        def forward(self, x: Any) -> Any:
            return x.permute(*order)

    return Permuted()


def _random_model(seed: int) -> Any:
    """Layers one after another, some with a branch beside them that is added, concatenated, multiplied or given out."""
    import torch
    from torch import nn

    draw = random.Random(seed)
    torch.manual_seed(seed)
    shape = (4, draw.choice([1, 2, 4]), 6, 6)
    x = torch.zeros(shape)
    layers, joins = [], []
    for _ in range(draw.randint(3, 7)):
        layer = _image_layer(draw, x.shape[1])[0] if x.dim() == 4 else _vector_layer(draw, x.shape[1])
        try:
            with torch.no_grad():
                made = layer(x)
        except (RuntimeError, ValueError):
            continue
        if made.dim() not in (2, 4) or 0 in made.shape:
            continue
        join = draw.choice(["add", "concat", "multiply"]) if draw.random() < 0.15 and made.shape == x.shape else ""
        layers.append(layer)
        joins.append(join)
        x = torch.cat((made, x), 1) if join == "concat" else made
    given = draw.randrange(len(layers)) if draw.random() < 0.15 else -1

    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layers = nn.ModuleList(layers)

        def forward(self, x: Any) -> Any:
            also = []
            for number, (layer, join) in enumerate(zip(self.layers, joins, strict=True)):
                made = layer(x)
                if number == given:
                    also.append(made)
                x = (
                    made + x if join == "add" else torch.cat((made, x), 1) if join == "concat"
                    else made * x if join == "multiply" else made
                )  # fmt: skip
            return (x, *also)

    model = Model()
    model.train()
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d) and module.track_running_stats and draw.random() < 0.2:
            module.eval()
    for weight in model.parameters():
        nn.init.uniform_(weight, 0.2, 1.5)
        weight.data *= torch.where(torch.rand_like(weight) < 0.5, -1.0, 1.0)
    return model, shape


def _seen(model: Any, shape: tuple[int, ...], module: Any) -> bool:
    """Whether another bias gives another output, at any of a few inputs."""
    import torch

    model = model.double()
    before = module.bias.data.clone()
    for trial in range(3):
        torch.manual_seed(trial)
        x = torch.randn(shape, dtype=torch.float64)
        results = []
        for bias in (before, before + torch.randn_like(before) * 3):
            module.bias.data.copy_(bias)
            torch.manual_seed(trial)  # the same numbers are dropped
            with torch.no_grad():
                results.append(model(x))
        module.bias.data.copy_(before)
        if any((one - two).abs().max() > 1e-6 * (1 + one.abs().max()) for one, two in zip(*results, strict=True)):
            return True
    return False


def _compare(seeds: range) -> tuple[int, int]:
    from torch import nn

    found, compared = 0, 0
    for seed in seeds:
        model, shape = _random_model(seed)
        try:
            network = from_torch(model, shape[1:])
        except ModelError:  # as a reflection along the channels, which is refused
            continue
        named = {lint.name for lint in lints(network.placed, network.graph.outputs()) if "redundant" in lint.says}
        for name, module in model.named_modules():
            if isinstance(module, nn.Conv2d | nn.ConvTranspose2d | nn.Linear) and module.bias is not None:
                assert (name in named) != _seen(model, shape, module), (seed, name, model)
                compared += 1
                found += name in named
    return found, compared


def test_a_few_models() -> None:
    _compare(range(2000, 2020))


@pytest.mark.long
def test_300_models() -> None:
    found, compared = _compare(range(300))
    assert found > 40
    assert compared - found > 40
