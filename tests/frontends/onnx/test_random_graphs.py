"""Random graphs whose nodes use sizes, parts of arrays and tied weights, held against onnxruntime at sizes of many kinds."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symnet.errors import ModelError
from symnet.frontends.checking import Point, failing, parameters_at
from symnet.frontends.onnx.comparison import _computed
from symnet.frontends.onnx.probe import Probe
from tests.frontends.onnx.protos import model, node, read, weight

pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore::")]

#: Sizes (H, W) at which a graph is run.
SIZES = ((12, 17), (7, 7), (24, 9), (31, 40), (5, 6), (64, 33))


class Graph:
    """An image (batch, channels, H, W) on its way; ``counted`` are the arrays that the graph has read as parameters."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.nodes: list[Any] = []
        self.arrays: dict[str, Any] = {}
        self.counted: set[str] = set()
        self.now, self.channels = self.apply("Relu", "x"), 3

    def apply(self, operator: str, inputs: str, **attributes: Any) -> str:
        name = f"v{len(self.nodes)}"
        self.nodes.append(node(operator, inputs, name, **attributes))
        return name

    def numbers(self, numbers: Any) -> str:
        name = f"n{len(self.arrays)}"
        self.arrays[name] = weight(name, numbers=np.asarray(numbers))
        return name

    def array(self, *dims: int) -> str:
        """A new array of weights, or one of the same sizes that the graph has."""
        same = sorted(name for name in self.counted if list(self.arrays[name].dims) == list(dims))
        if same and self.draw(st.booleans()):
            return self.draw(st.sampled_from(same))
        name = f"w{len(self.arrays)}"
        self.arrays[name] = weight(name, *dims)
        self.counted.add(name)
        return name

    def part(self, *dims: int) -> str:
        """An array of these sizes: a whole one, one turned about, a part of a larger one, or another one that is worked out."""
        kind = self.draw(st.sampled_from(["whole", "turned", "part", "sum"]))
        if kind == "turned":
            return self.apply("Transpose", self.array(*dims[::-1]), perm=list(range(len(dims)))[::-1])
        if kind == "part":
            larger = self.array(dims[0] + self.draw(st.integers(1, 3)), *dims[1:])
            return self.apply("Slice", f"{larger} {self.numbers([0])} {self.numbers([dims[0]])} {self.numbers([0])}")
        if kind == "sum":
            return self.apply(self.draw(st.sampled_from(["Add", "Mul"])), f"{self.array(*dims)} {self.array(*dims)}")
        return self.array(*dims)

    def size(self, axis: int) -> str:
        """A size of the image, with some arithmetic on it, as an array of one number."""
        found = self.apply("Gather", f"{self.apply('Shape', self.now)} {self.numbers([axis])}", axis=0)
        for _ in range(self.draw(st.integers(0, 2))):
            operator = self.draw(st.sampled_from(["Add", "Sub", "Mul", "Div", "Mod", "Max", "Min"]))
            found = self.apply(operator, f"{found} {self.numbers([self.draw(st.integers(1, 4))])}")
        return found

    # ---- what may be done to the image ---------------------------------------------------------------------------

    def conv(self) -> None:
        filters, kernel = self.draw(st.integers(1, 4)), self.draw(st.sampled_from([1, 2, 3]))
        array = self.part(filters, self.channels, kernel, kernel)
        stride, pad = self.draw(st.integers(1, 2)), self.draw(st.integers(0, 1))
        more = {"kernel_shape": [kernel] * 2, "strides": [stride] * 2, "pads": [pad] * 4}
        self.now, self.channels = self.apply("Conv", f"{self.now} {array}", **more), filters

    def pool(self) -> None:
        more = {
            "kernel_shape": [2, 3],
            "strides": [self.draw(st.integers(1, 2)), 2],
            "ceil_mode": self.draw(st.integers(0, 1)),
        }
        self.now = self.apply("MaxPool", self.now, **more)

    def offset(self) -> None:
        operator = self.draw(st.sampled_from(["Add", "Mul", "Sub"]))
        self.now = self.apply(operator, f"{self.now} {self.part(self.channels, 1, 1)}")

    def constant(self) -> None:
        operator = self.draw(st.sampled_from(["Add", "Mul", "Div"]))
        self.now = self.apply(operator, f"{self.now} {self.numbers(np.float32(2))}")

    def resize_to(self) -> None:
        sizes = f"{self.numbers([1])} {self.numbers([self.channels])} {self.size(2)} {self.size(3)}"
        self.now = self.apply("Resize", f"{self.now} - - {self.apply('Concat', sizes, axis=0)}")

    def resize_by(self) -> None:
        scale = self.draw(st.sampled_from([0.5, 2, 0.75, 1.5, 0.7, 3]))
        self.now = self.apply("Resize", f"{self.now} - {self.numbers(np.array([1, 1, scale, 2], np.float32))}")

    def cut(self) -> None:
        axis = self.draw(st.integers(2, 3))
        ends = f"{self.numbers([self.draw(st.integers(0, 2))])} {self.size(axis)} {self.numbers([axis])}"
        self.now = self.apply("Slice", f"{self.now} {ends}")

    def joined(self) -> None:
        other = self.apply("Relu", self.now)
        self.now, self.channels = self.apply("Concat", f"{self.now} {other}", axis=1), 2 * self.channels

    def turned(self) -> None:
        self.now = self.apply("Transpose", self.now, perm=[0, 1, 3, 2])

    def flat_and_back(self) -> None:
        flat = self.apply("Reshape", f"{self.now} {self.numbers([0, self.channels, -1])}")
        both = self.size_only(2)
        dims = f"{self.numbers([0])} {self.numbers([self.channels])} {both} {self.numbers([-1])}"
        self.now = self.apply("Reshape", f"{flat} {self.apply('Concat', dims, axis=0)}")

    def size_only(self, axis: int) -> str:
        return self.apply("Gather", f"{self.apply('Shape', self.now)} {self.numbers([axis])}", axis=0)

    def padded(self) -> None:
        pads = np.array(
            [0, 0, *(self.draw(st.integers(0, 2)) for _ in range(2)), 0, 0, 1, self.draw(st.integers(-1, 1))]
        )
        self.now = self.apply("Pad", f"{self.now} {self.numbers(pads)}")

    def model(self) -> Any:
        self.nodes.append(node("Identity", self.now, "y"))
        return model(self.nodes, {"x": [1, 3, "H", "W"]}, list(self.arrays.values()), opset=18)


STEPS = (
    "conv", "pool", "offset", "constant", "resize_to", "resize_by", "cut", "joined", "turned", "flat_and_back", "padded",
)  # fmt: skip


@st.composite
def graphs(draw: Any) -> tuple[Any, int]:
    """A model, and how many parameters it has."""
    graph = Graph(draw)
    for step in draw(st.lists(st.sampled_from(STEPS), min_size=1, max_size=5)):
        getattr(graph, step)()
    return graph.model(), sum(prod(graph.arrays[name].dims) for name in graph.counted)


def held_against_the_runtime(proto: Any, parameters: int) -> bool:
    """Whether the importer reads the model; sizes and numbers must then be the runtime's wherever the network is defined."""
    try:
        importer, network = read(proto)
    except ModelError as refused:
        assert "\n" not in str(refused)
        return False
    probe = Probe(importer.state, network)
    for height, width in SIZES:
        point = Point({symbol: {"H": height, "W": width}[symbol.name] for symbol in probe.symbols}, 1)
        if failing(point, network) is not None:
            continue
        probe.agreeing(_computed(probe, point), point)
        assert parameters_at(network, point) == parameters
    return True


EXAMPLES = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
}


@settings(max_examples=150, **EXAMPLES)  # type: ignore[arg-type]
@given(graphs())
def test_random_graphs(made: tuple[Any, int]) -> None:
    held_against_the_runtime(*made)


@pytest.mark.long
@settings(max_examples=5000, **EXAMPLES)  # type: ignore[arg-type]
@given(graphs())
def test_many_random_graphs(made: tuple[Any, int]) -> None:
    held_against_the_runtime(*made)


def test_most_of_them_are_read() -> None:
    found: list[bool] = []

    @settings(max_examples=60, database=None, derandomize=True, **EXAMPLES)  # type: ignore[arg-type]
    @given(graphs())
    def run(made: tuple[Any, int]) -> None:
        found.append(held_against_the_runtime(*made))

    run()
    assert sum(found) > len(found) // 2
