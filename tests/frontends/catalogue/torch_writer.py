"""What a model of the catalogue may call, in PyTorch. A model is a function ``model(b, x, …)`` of a writer and its inputs; images
are (channels, axes), sequences (steps, features).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.frontends.catalogue.activations import ACTIVATIONS

__all__ = ["TorchWriter"]


class TorchWriter:
    """PyTorch. The first run makes the layers, later ones call them in the same order."""

    def __init__(self) -> None:
        from torch import nn

        self.layers = nn.ModuleList()
        self.features: list[int] = []
        self.calls = 0
        self.shared: dict[str, Any] = {}

    def _layer(self, make: Callable[[], Any], x: Any, features: int | None = None) -> Any:
        if self.calls == len(self.layers):
            self.layers.append(make())
            self.features.append(features or 0)
        self.calls += 1
        return self.layers[self.calls - 1](x)

    def _nn(self, name: str) -> Any:
        from torch import nn

        return getattr(nn, name)

    def conv(self, x: Any, filters: int, kernel: int, stride: int = 1, padding: int = 0, **more: Any) -> Any:
        inputs, kind = x.shape[1], self._nn(f"Conv{x.ndim - 2}d")
        return self._layer(lambda: kind(inputs, filters, kernel, stride, padding, **more), x, inputs)

    def depthwise(self, x: Any, kernel: int, stride: int = 1, padding: int = 0) -> Any:
        inputs, kind = x.shape[1], self._nn(f"Conv{x.ndim - 2}d")
        return self._layer(lambda: kind(inputs, inputs, kernel, stride, padding, groups=inputs), x, inputs)

    def deconv(self, x: Any, filters: int, kernel: int, stride: int = 1, **more: Any) -> Any:
        inputs, kind = x.shape[1], self._nn(f"ConvTranspose{x.ndim - 2}d")
        return self._layer(lambda: kind(inputs, filters, kernel, stride, **more), x, inputs)

    def max_pool(self, x: Any, kernel: int, stride: int | None = None) -> Any:
        return self._layer(lambda: self._nn(f"MaxPool{x.ndim - 2}d")(kernel, stride), x)

    def average_pool(self, x: Any, kernel: int, stride: int | None = None) -> Any:
        return self._layer(lambda: self._nn(f"AvgPool{x.ndim - 2}d")(kernel, stride), x)

    def global_average(self, x: Any) -> Any:
        return x.mean(tuple(range(2, x.ndim)))

    def global_max(self, x: Any) -> Any:
        return x.amax(tuple(range(2, x.ndim)))

    def batch_norm(self, x: Any) -> Any:
        inputs = x.shape[1]
        return self._layer(lambda: self._nn(f"BatchNorm{max(x.ndim - 2, 1)}d")(inputs), x, inputs)

    def group_norm(self, x: Any, groups: int) -> Any:
        inputs = x.shape[1]
        return self._layer(lambda: self._nn("GroupNorm")(groups, inputs), x, inputs)

    def layer_norm(self, x: Any) -> Any:
        inputs = x.shape[-1]
        return self._layer(lambda: self._nn("LayerNorm")(inputs), x, inputs)

    def dense(self, x: Any, units: int, bias: bool = True) -> Any:
        inputs = x.shape[-1]
        return self._layer(lambda: self._nn("Linear")(inputs, units, bias=bias), x, inputs)

    def shared_dense(self, x: Any, units: int, name: str) -> Any:
        inputs = x.shape[-1]
        if name not in self.shared:
            self.shared[name] = self._nn("Linear")(inputs, units)
            self.layers.append(self.shared[name])
            self.features.append(inputs)
            self.calls += 1
        elif self.calls < len(self.layers) and self.layers[self.calls] is self.shared[name]:
            self.calls += 1
        return self.shared[name](x)

    def flatten(self, x: Any) -> Any:
        return x.flatten(1)

    def activation(self, x: Any, name: str) -> Any:
        return self._layer(lambda: self._nn(ACTIVATIONS[name][0])(), x)

    def softmax(self, x: Any) -> Any:
        return x.softmax(-1)

    def dropout(self, x: Any) -> Any:
        return self._layer(lambda: self._nn("Dropout")(0.2), x)

    def upsample(self, x: Any, factor: int) -> Any:
        return self._layer(lambda: self._nn("Upsample")(scale_factor=factor), x)

    def pad(self, x: Any, before: int, after: int) -> Any:
        from torch.nn import functional

        return functional.pad(x, (before, after) * (x.ndim - 2))

    def crop(self, x: Any, before: int, after: int) -> Any:
        axes = (slice(before, -after if after else None),) * (x.ndim - 2)
        return x[(slice(None), slice(None), *axes)]

    def add(self, *tensors: Any) -> Any:
        return sum(tensors[1:], tensors[0])

    def multiply(self, one: Any, two: Any) -> Any:
        return one * two

    def subtract(self, one: Any, two: Any) -> Any:
        return one - two

    def maximum(self, one: Any, two: Any) -> Any:
        import torch

        return torch.maximum(one, two)

    def concat(self, *tensors: Any) -> Any:
        import torch

        return torch.cat(tensors, 1)

    def concat_features(self, *tensors: Any) -> Any:
        import torch

        return torch.cat(tensors, -1)

    def weigh(self, x: Any, weights: Any) -> Any:
        """Every channel of an image times a number."""
        return x * weights[(..., *[None] * (x.ndim - 2))]

    def embedding(self, x: Any, entries: int, features: int) -> Any:
        return self._layer(lambda: self._nn("Embedding")(entries, features), x)

    def recurrent(self, x: Any, kind: str, units: int, every: bool = True, both: bool = False) -> Any:
        inputs = x.shape[-1]
        made = lambda: self._nn(kind)(inputs, units, batch_first=True, bidirectional=both)  # noqa: E731
        found = self._layer(made, x, inputs)[0]
        return found if every else found[:, -1]

    def matmul(self, one: Any, two: Any, transposed: bool = False) -> Any:
        return one @ (two.transpose(-1, -2) if transposed else two)

    def transpose(self, x: Any) -> Any:
        return x.transpose(1, 2)

    def reshape(self, x: Any, *sizes: int) -> Any:
        return x.reshape(-1, *sizes)

    def mean(self, x: Any, axis: int) -> Any:
        return x.mean(axis)

    def largest(self, x: Any, axis: int) -> Any:
        return x.amax(axis)

    def slice(self, x: Any, axis: int, start: int, stop: int | None, step: int = 1) -> Any:
        return x[(*[slice(None)] * axis, slice(start, stop, step))]
