"""Models of PyTorch as networks, by running their ``forward`` with tensors that have symbolic sizes and no numbers."""

from __future__ import annotations

from symnet.frontends.torch.importing import from_torch
from symnet.frontends.torch.schemas import with_operators
from symnet.frontends.torch.weightless import weightless

__all__ = ["from_torch", "weightless", "with_operators"]
