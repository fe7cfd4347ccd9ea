"""A model is read as far as one of its modules."""

from __future__ import annotations

from typing import Any

import pytest

from symnet.errors import ModelError
from symnet.frontends.torch import from_torch

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]


def test_a_model_is_read_as_far_as_a_module() -> None:
    """The output of the module is the network's, with the parameters of what ran until there and no others."""
    from torch import nn

    class Branches(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.aside, self.body = nn.Linear(6, 7), nn.Sequential(nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 4))
            self.head, self.never = nn.Linear(4, 2), nn.Linear(2, 2)

        def forward(self, x: Any) -> Any:
            beside = self.aside(x)
            made = self.head(self.body(x))
            return made[made.sum(1) > 0], beside

    class Spare(Branches):
        def forward(self, x: Any) -> Any:
            return self.body(x)

    model = Branches()
    for upto, output, parameters in (("aside", 7, 49), ("body.0", 5, 84), ("body", 4, 108), ("head", 2, 118)):
        network = from_torch(model, (6,), upto=upto)
        assert network.output == (output,)
        assert network.parameters == parameters
        assert network.compared
    with pytest.raises(ModelError, match=r"mask says.*upto='head' reads the model as far as that module"):
        from_torch(model, (6,))
    with pytest.raises(ModelError, match="upto='hed' is no module of the model; the nearest name is head"):
        from_torch(model, (6,), upto="hed")
    with pytest.raises(ModelError, match="upto='never': the model's forward does not call that module"):
        from_torch(Spare(), (6,), upto="never")
