"""What is written into a tensor, or into a part of it, is in it: the network's result depends on what was written."""

from __future__ import annotations

from typing import Any

import pytest

from symnet.errors import ModelError
from symnet.frontends.torch import from_torch

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]

#: Ways of writing ``y`` (batch, 8, H, W) into ``out`` (batch, 8, 2·H, W); the last line of the model gives ``out``.
WRITTEN = (
    "out[:, :, ::2] = y",
    "out[:, :, :h] = y",
    "out[..., h:, :].copy_(y)",
    "part = out[:, :, ::2]; part += y",
    "part = out.narrow(2, 0, h); part.mul_(y)",
    "out.view(out.shape[0], 8, 2, h, out.shape[3])[:, :, 1] = y",
    "out.copy_(y.repeat(1, 1, 2, 1))",
    "out[:, 3] = y.mean()",
)


def _writer(line: str) -> Any:
    import torch
    from torch import nn

    names: dict[str, Any] = {"torch": torch}
    exec(f"def run(y, out, h):\n    {line}\n    return out", names)  # our own lines

    class Writer(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = nn.Conv2d(3, 8, 3, padding=1)

        def forward(self, x: Any) -> Any:
            out = torch.zeros(x.shape[0], 8, 2 * x.shape[2], x.shape[3])
            return names["run"](self.conv(x), out, x.shape[2])

    return Writer()


@pytest.mark.parametrize("line", WRITTEN)
def test_what_is_written_is_there(line: str) -> None:
    network = from_torch(_writer(line), (3, "H", "W"))
    assert str(network.output) == "(8, 2*H, W)"
    assert network.compared
    reached = {network.graph.outputs()[0]}
    for place in reversed(network.placed):
        if place.index in reached:
            reached |= set(place.sources)
    names = {network.placed[index].name for index in reached}
    assert "conv" in names
    assert not any(place.layer is not None and place.layer.kind == "Unused" for place in network.placed)


@pytest.mark.parametrize("line", ["out[:, :, :3] = y", "out[:, :4] = y", "out.copy_(y)", "out[:, 0] = y"])
def test_what_does_not_fit_is_refused(line: str) -> None:
    with pytest.raises(ModelError):
        from_torch(_writer(line), (3, 16, 20))
