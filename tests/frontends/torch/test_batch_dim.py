"""Models whose inputs have their batch elsewhere than in front."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from symnet.errors import ModelError
from symnet.frontends.torch import from_torch

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]


def _tagger(nn: Any) -> Any:
    class Tagger(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.rnn, self.head = nn.GRU(8, 6), nn.Linear(6, 3)

        def forward(self, x: Any) -> Any:
            steps, batch, _ = x.shape
            made, _ = self.rnn(x)
            return self.head(made).view(steps, batch, 3).permute(1, 2, 0)

    return Tagger()


def _translator(nn: Any) -> Any:
    return nn.Transformer(8, 2, 1, 1, 16)


MODELS: dict[str, tuple[Callable[[Any], Any], Any, Any, tuple[Any, ...]]] = {
    "lstm": (lambda nn: nn.LSTM(8, 6), ("T", 8), 1, ("T", 6)),
    "encoder": (lambda nn: nn.TransformerEncoderLayer(8, 2, 16), ("T", 8), 1, ("T", 8)),
    "tagger": (_tagger, ("T", 8), 1, (3, "T")),
    "transformer": (_translator, (("T", 8), ("S", 8)), 1, ("S", 8)),
    "each": (lambda nn: nn.Bilinear(4, 5, 3), ((4,), (5,)), [0, 0], (3,)),
    "behind": (lambda nn: nn.ReLU(), (3, "H"), 2, (3, "H")),
}


@pytest.mark.parametrize("name", MODELS)
def test_the_batch_is_the_dimension_that_is_said(name: str) -> None:
    """The network has the sizes of one example, and PyTorch, run with the batch there, the same."""
    from torch import nn

    make, given, dim, output = MODELS[name]
    model = make(nn)
    network = from_torch(model, given, batch_dim=dim)
    assert tuple(map(str, network.output)) == tuple(map(str, output))
    assert network.compared
    assert network.parameters == sum(one.numel() for one in model.parameters())


def test_a_dimension_that_is_not_there_is_refused() -> None:
    from torch import nn

    for wrong in (3, -1, "1", True):
        with pytest.raises(ModelError, match="from 0 to 2 for 2 sizes without the batch, got"):
            from_torch(nn.LSTM(8, 6), (5, 8), batch_dim=wrong)  # type: ignore[arg-type]
    with pytest.raises(ModelError, match="says 2 dimensions for 1 inputs"):
        from_torch(nn.LSTM(8, 6), (5, 8), batch_dim=[1, 1])
    with pytest.raises(ModelError, match="was batch_first=True meant"):
        from_torch(nn.LSTM(8, 6), (5, 8))
