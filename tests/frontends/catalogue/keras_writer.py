"""What a model of the catalogue may call, in Keras: images are (axes, channels), sequences (steps, features)."""

from __future__ import annotations

from typing import Any

from tests.frontends.catalogue.activations import ACTIVATIONS

__all__ = ["KerasWriter"]


class KerasWriter:
    """Keras, with the functional API."""

    def __init__(self) -> None:
        self.shared: dict[str, Any] = {}

    def _layer(self, name: str, *args: Any, **more: Any) -> Any:
        import keras

        return getattr(keras.layers, name)(*args, **more)

    def _ops(self, name: str) -> Any:
        import keras

        return getattr(keras.ops, name)

    def _rank(self, x: Any) -> int:
        return len(x.shape) - 2

    def _padded(self, x: Any, padding: int) -> Any:
        return self._layer(f"ZeroPadding{self._rank(x)}D", padding)(x) if padding else x

    def conv(
        self, x: Any, filters: int, kernel: int, stride: int = 1, padding: int = 0, *, bias: bool = True, dilation: int = 1,
        groups: int = 1,
    ) -> Any:  # fmt: skip
        options = {"use_bias": bias, "dilation_rate": dilation, "groups": groups}
        return self._layer(f"Conv{self._rank(x)}D", filters, kernel, stride, **options)(self._padded(x, padding))

    def depthwise(self, x: Any, kernel: int, stride: int = 1, padding: int = 0) -> Any:
        return self._layer(f"DepthwiseConv{self._rank(x)}D", kernel, stride)(self._padded(x, padding))

    def deconv(self, x: Any, filters: int, kernel: int, stride: int = 1, bias: bool = True) -> Any:
        return self._layer(f"Conv{self._rank(x)}DTranspose", filters, kernel, stride, use_bias=bias)(x)

    def max_pool(self, x: Any, kernel: int, stride: int | None = None) -> Any:
        return self._layer(f"MaxPooling{self._rank(x)}D", kernel, stride)(x)

    def average_pool(self, x: Any, kernel: int, stride: int | None = None) -> Any:
        return self._layer(f"AveragePooling{self._rank(x)}D", kernel, stride)(x)

    def global_average(self, x: Any) -> Any:
        return self._layer(f"GlobalAveragePooling{self._rank(x)}D")(x)

    def global_max(self, x: Any) -> Any:
        return self._layer(f"GlobalMaxPooling{self._rank(x)}D")(x)

    def batch_norm(self, x: Any) -> Any:
        return self._layer("BatchNormalization")(x)

    def group_norm(self, x: Any, groups: int) -> Any:
        return self._layer("GroupNormalization", groups)(x)

    def layer_norm(self, x: Any) -> Any:
        return self._layer("LayerNormalization")(x)

    def dense(self, x: Any, units: int, bias: bool = True) -> Any:
        return self._layer("Dense", units, use_bias=bias)(x)

    def shared_dense(self, x: Any, units: int, name: str) -> Any:
        if name not in self.shared:
            self.shared[name] = self._layer("Dense", units)
        return self.shared[name](x)

    def flatten(self, x: Any) -> Any:
        return self._layer("Flatten")(x)

    def activation(self, x: Any, name: str) -> Any:
        return self._layer("Activation", ACTIVATIONS[name][1])(x)

    def softmax(self, x: Any) -> Any:
        return self._layer("Softmax")(x)

    def dropout(self, x: Any) -> Any:
        return self._layer("Dropout", 0.2)(x)

    def upsample(self, x: Any, factor: int) -> Any:
        return self._layer(f"UpSampling{self._rank(x)}D", factor)(x)

    def pad(self, x: Any, before: int, after: int) -> Any:
        pairs = ((before, after),) * self._rank(x)
        return self._layer(f"ZeroPadding{self._rank(x)}D", pairs[0] if len(pairs) == 1 else pairs)(x)

    def crop(self, x: Any, before: int, after: int) -> Any:
        pairs = ((before, after),) * self._rank(x)
        return self._layer(f"Cropping{self._rank(x)}D", pairs[0] if len(pairs) == 1 else pairs)(x)

    def add(self, *tensors: Any) -> Any:
        return self._layer("Add")(list(tensors))

    def multiply(self, one: Any, two: Any) -> Any:
        return self._layer("Multiply")([one, two])

    def subtract(self, one: Any, two: Any) -> Any:
        return self._layer("Subtract")([one, two])

    def maximum(self, one: Any, two: Any) -> Any:
        return self._layer("Maximum")([one, two])

    def concat(self, *tensors: Any) -> Any:
        return self._layer("Concatenate")(list(tensors))

    def concat_features(self, *tensors: Any) -> Any:
        return self._layer("Concatenate")(list(tensors))

    def weigh(self, x: Any, weights: Any) -> Any:
        return self._layer("Multiply")([x, self._layer("Reshape", (*[1] * self._rank(x), weights.shape[-1]))(weights)])

    def embedding(self, x: Any, entries: int, features: int) -> Any:
        return self._layer("Embedding", entries, features)(x)

    def recurrent(self, x: Any, kind: str, units: int, every: bool = True, both: bool = False) -> Any:
        layer = self._layer({"RNN": "SimpleRNN"}.get(kind, kind), units, return_sequences=every)
        return (self._layer("Bidirectional", layer) if both else layer)(x)

    def matmul(self, one: Any, two: Any, transposed: bool = False) -> Any:
        return self._ops("matmul")(one, self._layer("Permute", (2, 1))(two) if transposed else two)

    def transpose(self, x: Any) -> Any:
        return self._layer("Permute", (2, 1))(x)

    def reshape(self, x: Any, *sizes: int) -> Any:
        return self._layer("Reshape", sizes)(x)

    def mean(self, x: Any, axis: int) -> Any:
        return self._ops("mean")(x, axis)

    def largest(self, x: Any, axis: int) -> Any:
        return self._ops("max")(x, axis)

    def slice(self, x: Any, axis: int, start: int, stop: int | None, step: int = 1) -> Any:
        return x[(*[slice(None)] * axis, slice(start, stop, step))]
