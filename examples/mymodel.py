"""A PyTorch model as you may have one: symnet table examples/mymodel.py:Net --import --input 3*32*32"""

from __future__ import annotations

from typing import Any

from torch import nn


class Net(nn.Module):
    """Three convolutions and a classifier."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 32, 5, stride=2, padding=2)
        self.body = nn.Conv2d(32, 64, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.head = nn.Linear(64 * 8 * 8, 10)

    def forward(self, x: Any) -> Any:
        """Scores of ten classes."""
        x = self.stem(x).relu()
        x = self.pool(self.body(x).relu())
        return self.head(x.flatten(1))
