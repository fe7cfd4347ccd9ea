"""A network with a mistake in it: symnet doctor examples/broken.py --input 1*28*28."""

import torch
from torch import nn


class Net(nn.Module):
    """Convolution, pooling, and a head with a wrong number."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 16, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.head = nn.Linear(16 * 16 * 16, 10)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv(x)))
        return self.head(x.flatten(1))
