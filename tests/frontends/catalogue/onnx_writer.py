"""What a model of the catalogue may call, as nodes of ONNX: images are (channels, axes), sequences (steps, features).

``features`` are the sizes of the inputs of the layers with weights, in the order of their calls, as the PyTorch writer has seen them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tests.frontends.catalogue.activations import ACTIVATIONS

__all__ = ["OnnxWriter"]


class OnnxWriter:
    """Nodes and initializers of ONNX. A tensor is its name and its rank."""

    def __init__(self, features: Sequence[int]) -> None:
        self.features = list(features)
        self.nodes: list[Any] = []
        self.weights: list[Any] = []
        self.shared: dict[str, tuple[str, str]] = {}
        self.calls = 0

    def _input(self) -> int:
        """The size of the input of the next layer that has one in PyTorch."""
        self.calls += 1
        return self.features[self.calls - 1]

    def _array(self, *dims: int) -> str:
        return self._numbers(np.full(dims, 0.5, np.float32))

    def _numbers(self, numbers: Any) -> str:
        import onnx

        name = f"w{len(self.weights)}"
        self.weights.append(onnx.numpy_helper.from_array(np.asarray(numbers), name))
        return name

    def _node(
        self, kind: str, inputs: Sequence[str], rank: int, outputs: int = 1, **attributes: Any
    ) -> tuple[str, int]:
        import onnx

        name = f"{kind.lower()}{len(self.nodes)}"
        names = [name, *(f"{name}_{number}" for number in range(1, outputs))]
        self.nodes.append(onnx.helper.make_node(kind, list(inputs), names, name=name, **attributes))
        return name, rank

    def conv(
        self, x: Any, filters: int, kernel: int, stride: int = 1, padding: int = 0, *, bias: bool = True, dilation: int = 1,
        groups: int = 1,
    ) -> Any:  # fmt: skip
        axes = x[1] - 2
        inputs = [x[0], self._array(filters, self._input() // groups, *[kernel] * axes)]
        inputs += [self._array(filters)] if bias else []
        return self._node(
            "Conv",
            inputs,
            x[1],
            strides=[stride] * axes,
            pads=[padding] * 2 * axes,
            dilations=[dilation] * axes,
            group=groups,
        )

    def depthwise(self, x: Any, kernel: int, stride: int = 1, padding: int = 0) -> Any:
        axes, channels = x[1] - 2, self._input()
        inputs = [x[0], self._array(channels, 1, *[kernel] * axes), self._array(channels)]
        return self._node("Conv", inputs, x[1], strides=[stride] * axes, pads=[padding] * 2 * axes, group=channels)

    def deconv(self, x: Any, filters: int, kernel: int, stride: int = 1, bias: bool = True) -> Any:
        axes = x[1] - 2
        inputs = [x[0], self._array(self._input(), filters, *[kernel] * axes)]
        inputs += [self._array(filters)] if bias else []
        return self._node("ConvTranspose", inputs, x[1], strides=[stride] * axes)

    def _pool(self, kind: str, x: Any, kernel: int, stride: int | None) -> Any:
        self._input()
        axes = x[1] - 2
        return self._node(kind, [x[0]], x[1], kernel_shape=[kernel] * axes, strides=[stride or kernel] * axes)

    def max_pool(self, x: Any, kernel: int, stride: int | None = None) -> Any:
        return self._pool("MaxPool", x, kernel, stride)

    def average_pool(self, x: Any, kernel: int, stride: int | None = None) -> Any:
        return self._pool("AveragePool", x, kernel, stride)

    def global_average(self, x: Any) -> Any:
        return self._node("Flatten", [self._node("GlobalAveragePool", [x[0]], x[1])[0]], 2)

    def global_max(self, x: Any) -> Any:
        return self._node("Flatten", [self._node("GlobalMaxPool", [x[0]], x[1])[0]], 2)

    def batch_norm(self, x: Any) -> Any:
        channels = self._input()
        return self._node("BatchNormalization", [x[0], *(self._array(channels) for _ in range(4))], x[1])

    def group_norm(self, x: Any, groups: int) -> Any:
        channels = self._input()
        arrays = [self._array(channels) for _ in range(2)]
        return self._node("GroupNormalization", [x[0], *arrays], x[1], num_groups=groups)

    def layer_norm(self, x: Any) -> Any:
        size = self._input()
        return self._node("LayerNormalization", [x[0], self._array(size), self._array(size)], x[1])

    def _affine(self, x: Any, kernel: str, bias: str | None) -> Any:
        if x[1] == 2:
            return self._node("Gemm", [x[0], kernel, *([bias] if bias else [])], 2)
        found = self._node("MatMul", [x[0], kernel], x[1])
        return self._node("Add", [found[0], bias], x[1]) if bias else found

    def dense(self, x: Any, units: int, bias: bool = True) -> Any:
        return self._affine(x, self._array(self._input(), units), self._array(units) if bias else None)

    def shared_dense(self, x: Any, units: int, name: str) -> Any:
        if name not in self.shared:
            self.shared[name] = self._array(self._input(), units), self._array(units)
        return self._affine(x, *self.shared[name])

    def flatten(self, x: Any) -> Any:
        return self._node("Flatten", [x[0]], 2)

    def activation(self, x: Any, name: str) -> Any:
        self._input()
        for kind, attributes in ACTIVATIONS[name][2]:
            if kind == "Clip":
                ends = [self._numbers(np.float32(attributes[end])) for end in ("min", "max")]
                x = self._node(kind, [x[0], *ends], x[1])
            else:
                x = self._node(kind, [x[0]], x[1], **attributes)
        return x

    def softmax(self, x: Any) -> Any:
        return self._node("Softmax", [x[0]], x[1])

    def dropout(self, x: Any) -> Any:
        self._input()
        return self._node("Dropout", [x[0]], x[1])

    def upsample(self, x: Any, factor: int) -> Any:
        self._input()
        scales = np.array([1, 1, *[factor] * (x[1] - 2)], np.float32)
        return self._node("Resize", [x[0], "", self._numbers(scales)], x[1], mode="nearest")

    def pad(self, x: Any, before: int, after: int) -> Any:
        axes = x[1] - 2
        pads = np.array([0, 0, *[before] * axes, 0, 0, *[after] * axes], np.int64)
        return self._node("Pad", [x[0], self._numbers(pads)], x[1])

    def crop(self, x: Any, before: int, after: int) -> Any:
        axes = np.arange(2, x[1])
        ends = np.full(len(axes), -after if after else 2**31 - 1)
        return self._node("Slice", [x[0], *map(self._numbers, (np.full(len(axes), before), ends, axes))], x[1])

    def add(self, *tensors: Any) -> Any:
        found = tensors[0]
        for tensor in tensors[1:]:
            found = self._node("Add", [found[0], tensor[0]], found[1])
        return found

    def multiply(self, one: Any, two: Any) -> Any:
        return self._node("Mul", [one[0], two[0]], one[1])

    def subtract(self, one: Any, two: Any) -> Any:
        return self._node("Sub", [one[0], two[0]], one[1])

    def maximum(self, one: Any, two: Any) -> Any:
        return self._node("Max", [one[0], two[0]], one[1])

    def concat(self, *tensors: Any) -> Any:
        return self._node("Concat", [tensor[0] for tensor in tensors], tensors[0][1], axis=1)

    def concat_features(self, *tensors: Any) -> Any:
        return self._node("Concat", [tensor[0] for tensor in tensors], tensors[0][1], axis=-1)

    def weigh(self, x: Any, weights: Any) -> Any:
        axes = self._numbers(np.arange(2, x[1]))
        return self._node("Mul", [x[0], self._node("Unsqueeze", [weights[0], axes], x[1])[0]], x[1])

    def embedding(self, x: Any, entries: int, features: int) -> Any:
        self._input()
        return self._node("Gather", [self._array(entries, features), x[0]], x[1] + 1)

    def recurrent(self, x: Any, kind: str, units: int, every: bool = True, both: bool = False) -> Any:
        gates, directions, inputs = {"LSTM": 4, "GRU": 3, "RNN": 1}[kind], 1 + both, self._input()
        steps = self._node("Transpose", [x[0]], 3, perm=[1, 0, 2])
        arrays = [
            self._array(directions, gates * units, inputs), self._array(directions, gates * units, units),
            self._array(directions, 2 * gates * units),
        ]  # fmt: skip
        direction = "bidirectional" if both else "forward"
        more = {"linear_before_reset": 1} if kind == "GRU" else {}
        found = self._node(kind, [steps[0], *arrays], 4, hidden_size=units, direction=direction, **more)
        if both:
            moved = self._node("Transpose", [found[0]], 4, perm=[2, 0, 1, 3])
            found = self._node("Reshape", [moved[0], self._numbers(np.array([0, 0, -1]))], 3)
        else:
            flat = self._node("Squeeze", [found[0], self._numbers(np.array([1]))], 3)
            found = self._node("Transpose", [flat[0]], 3, perm=[1, 0, 2])
        if every:
            return found
        last = self._numbers(np.int64(-1))
        return self._node("Gather", [found[0], last], 2, axis=1)

    def matmul(self, one: Any, two: Any, transposed: bool = False) -> Any:
        return self._node("MatMul", [one[0], (self.transpose(two) if transposed else two)[0]], one[1])

    def transpose(self, x: Any) -> Any:
        return self._node("Transpose", [x[0]], x[1], perm=[0, 2, 1])

    def reshape(self, x: Any, *sizes: int) -> Any:
        return self._node("Reshape", [x[0], self._numbers(np.array([-1, *sizes]))], len(sizes) + 1)

    def mean(self, x: Any, axis: int) -> Any:
        return self._node("ReduceMean", [x[0], self._numbers(np.array([axis]))], x[1] - 1, keepdims=0)

    def largest(self, x: Any, axis: int) -> Any:
        return self._node("ReduceMax", [x[0], self._numbers(np.array([axis]))], x[1] - 1, keepdims=0)

    def slice(self, x: Any, axis: int, start: int, stop: int | None, step: int = 1) -> Any:
        numbers = (start, 2**31 - 1 if stop is None else stop, axis, step)
        return self._node("Slice", [x[0], *(self._numbers(np.array([one])) for one in numbers)], x[1])
