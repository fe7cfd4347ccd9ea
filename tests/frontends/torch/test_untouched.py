"""Importing a model changes nothing of it: no attribute, cache, counter, buffer, hook or random number."""

from __future__ import annotations

import random
import threading
from typing import Any

import pytest

from symnet.errors import ModelError
from symnet.frontends.torch import from_torch

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]


def state(module: Any) -> dict[str, Any]:
    """Every attribute of every part, tensors with their numbers."""
    import torch

    def plain(item: Any) -> Any:
        if isinstance(item, torch.Tensor):
            return type(item).__name__, str(item.dtype), item.requires_grad, item.tolist()
        if isinstance(item, dict):
            return {repr(key): plain(one) for key, one in item.items()}
        if isinstance(item, list | tuple | set):
            return [plain(one) for one in item]
        return id(item) if isinstance(item, torch.nn.Module) or callable(item) else repr(item)

    return {path: plain(vars(part)) for path, part in module.named_modules()}


def storing() -> Any:
    """A model that keeps all kinds of things on itself while it runs."""
    import torch
    from torch import nn

    class Storing(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv, self.norm = nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8)
            self.drop, self.calls, self.cache, self.seen = nn.Dropout(), 0, {}, []
            self.pe: Any = None
            self.register_buffer("mean", torch.zeros(8))
            self.register_buffer("positions", torch.arange(8.0), persistent=False)
            self.derived = (nn.Parameter(torch.ones(3)) * 2).sum()

        def forward(self, x: Any) -> Any:
            self.calls += 1
            self.norm.eval()
            x = self.drop(self.norm(self.conv(x)))
            if self.pe is None or self.pe.shape[-1] != x.shape[-1]:
                self.pe = torch.arange(x.shape[-1]) + torch.rand(1)
            self.cache[x.shape[-1]] = x
            self.seen.append(x.mean())
            self.mean = self.mean + 1
            self.positions.add_(1)
            self.last = x
            random.random()
            return x + self.pe + self.positions[:, None, None]

    return Storing()


@pytest.mark.parametrize("shape", [(3, "H", "W"), (3, 20, 20)])
@pytest.mark.parametrize("training", [True, False])
def test_a_model_that_stores_things_is_as_before(shape: Any, training: bool) -> None:
    import torch

    module = storing().train(training)
    module.conv.weight.requires_grad_(False)
    before, numbers, plain = state(module), torch.get_rng_state(), random.getstate()
    net = from_torch(module, shape)
    assert net.parameters == 8 * 27 + 8 + 16
    assert state(module) == before
    assert torch.equal(torch.get_rng_state(), numbers)
    assert random.getstate() == plain
    assert module(torch.zeros(2, 3, 9, 9)).shape == (2, 8, 7, 7)
    assert module.calls == 1


def test_hooks_stay_and_what_they_write_into_is_not_written() -> None:
    from torch import nn

    found: list[Any] = []
    module = nn.Sequential(nn.Sequential(nn.Conv2d(3, 8, 3)), nn.ReLU())
    module[0].register_forward_hook(lambda part, given, result: found.append(result))
    module[0].register_forward_pre_hook(lambda part, given: found.append(given))
    before = state(module)
    from_torch(module)
    assert found == []
    assert state(module) == before
    assert len(module[0]._forward_hooks) == len(module[0]._forward_pre_hooks) == 1


def test_what_cannot_be_copied_is_shared() -> None:
    from torch import nn

    module = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())
    module[0].lock = threading.Lock()
    before = state(module)
    net = from_torch(module, (3, 9, 9))
    assert net.output == (8, 7, 7)
    assert state(module) == before


def test_a_model_is_as_before_when_it_is_refused_too() -> None:
    from torch import nn

    class Refused(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.calls, self.fc = 0, nn.Linear(4, 4)

        def forward(self, x: Any) -> Any:
            self.calls += 1
            self.last = self.fc(x)
            return self.last if self.last.sum() > 0 else x

    module = Refused()
    before = state(module)
    with pytest.raises(ModelError):
        from_torch(module, (4,))
    assert from_torch(module, (4,), opaque=True).output == (4,)
    assert state(module) == before


def test_weights_made_of_others_stay() -> None:
    from torch import nn
    from torch.nn.utils import spectral_norm, weight_norm
    from torch.nn.utils.parametrizations import spectral_norm as new_spectral_norm
    from torch.nn.utils.parametrizations import weight_norm as new_weight_norm

    for norm in (weight_norm, spectral_norm, new_weight_norm, new_spectral_norm):
        module = norm(nn.Conv2d(3, 8, 3)).train()
        before = state(module)
        net = from_torch(module, (3, 9, 9))
        assert net.parameters == sum(held.numel() for held in module.parameters())
        assert state(module) == before
