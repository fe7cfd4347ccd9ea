"""Arithmetic on sizes inside a graph: random expressions, compared with what onnxruntime computes at many sizes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symnet.errors import ModelError
from symnet.frontends.onnx.constants.real_arithmetic import Disagrees
from symnet.terms.evaluation import evaluate, holds
from symnet.terms.term import Symbol, Term, symbols_of
from tests.frontends.onnx.protos import model, node, onnx, read, weight

onnxruntime = pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore::")]

SIZES = ((1, 2), (2, 1), (3, 7), (5, 5), (6, 4), (7, 9), (10, 13), (33, 17), (64, 50), (90, 101), (224, 131))
H, W = Symbol("H"), Symbol("W")


class Graph:
    """Nodes that work out one number from the two sizes of an image."""

    def __init__(self) -> None:
        self.nodes: list[Any] = [node("Relu", "x", "y"), node("Shape", "x", "shape")]
        self.weights: list[Any] = []
        for axis, name in ((2, "H"), (3, "W")):
            self.nodes.append(node("Gather", f"shape {self.number(np.int64(axis))}", name, axis=0))

    def number(self, value: Any) -> str:
        name = f"n{len(self.weights)}"
        self.weights.append(weight(name, numbers=np.array(value)))
        return name

    def apply(self, operator: str, inputs: str, **attributes: Any) -> str:
        name = f"v{len(self.nodes)}"
        self.nodes.append(node(operator, inputs, name, **attributes))
        return name

    def model(self, result: str) -> Any:
        self.nodes.append(node("Identity", result, "e"))
        found = model(self.nodes, {"x": ["batch", 1, "H", "W"]}, self.weights, outputs="y", opset=17)
        kind = onnx.TensorProto.INT64
        found.graph.output.append(onnx.helper.make_tensor_value_info("e", kind, []))
        return found


@st.composite
def integers(draw: Any, graph: Graph, depth: int) -> str:
    """The name of an integer that is made of sizes."""
    if depth == 0:
        return draw(st.sampled_from(["H", "W"]))
    kind = draw(st.sampled_from(["binary", "number", "negative", "real"]))
    one = draw(integers(graph, depth - 1))
    if kind == "negative":
        return graph.apply(draw(st.sampled_from(["Neg", "Abs"])), one)
    if kind == "binary":
        operator = draw(st.sampled_from(["Add", "Sub", "Mul", "Min", "Max"]))
        return graph.apply(operator, f"{one} {draw(integers(graph, depth - 1))}")
    if kind == "number":
        operator = draw(st.sampled_from(["Add", "Sub", "Mul", "Div", "Div", "Mod", "Mod"]))
        number = draw(st.integers(1, 9).flatmap(lambda n: st.sampled_from([n, -n])))
        more = {"fmod": draw(st.integers(0, 1))} if operator == "Mod" else {}
        return graph.apply(operator, f"{one} {graph.number(np.int64(number))}", **more)
    real = graph.apply("Cast", one, to=draw(st.sampled_from([1, 11])))
    kind = np.float32 if graph.nodes[-1].attribute[0].i == 1 else np.float64
    for _ in range(draw(st.integers(1, 2))):
        number = kind(draw(st.sampled_from([0.5, 0.7, 2.0, 1.3, 0.25, 1 / 3, 3.0, -0.5, -1.5, 0.1, 2.1, 8.0, 1e-3])))
        operator = draw(st.sampled_from(["Mul", "Div", "Add", "Sub"]))
        pair = (
            f"{real} {graph.number(number)}"
            if draw(st.booleans()) or operator == "Div"
            else f"{graph.number(number)} {real}"
        )
        real = graph.apply(operator, pair)
    rounding = draw(st.sampled_from(["Floor", "Ceil", "Round", "none"]))
    return graph.apply("Cast", real if rounding == "none" else graph.apply(rounding, real), to=7)


@st.composite
def graphs(draw: Any) -> Any:
    graph = Graph()
    return graph.model(draw(integers(graph, draw(st.integers(1, 3)))))


def computed(proto: Any) -> dict[tuple[int, int], int]:
    """What the runtime gives at each size."""
    session = onnxruntime.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
    return {
        (height, width): int(session.run(["e"], {"x": np.zeros((1, 1, height, width), np.float32)})[0])
        for height, width in SIZES
    }


def agrees(proto: Any) -> bool:
    """Whether the importer knows the number; it must then be the runtime's at every size."""
    try:
        importer, _ = read(proto)
        entries = importer.state.values["e"].entries
    except (Disagrees, ModelError) as refused:
        assert "no formula follows" in str(refused)
        return False
    entry = None if entries is None else entries.reshape(-1)[0]
    if entry is None:
        return False
    assert isinstance(entry, Term), entry
    for (height, width), wanted in computed(proto).items():
        if not all(holds(one.proposition, {H: height, W: width}) for one in importer.state.requirements):
            continue
        assert evaluate(entry, {H: height, W: width}) == wanted, (entry, height, width)
    return True


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(graphs())
def test_random_arithmetic(proto: Any) -> None:
    agrees(proto)


@pytest.mark.long
@settings(max_examples=5000, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(graphs())
def test_much_random_arithmetic(proto: Any) -> None:
    agrees(proto)


def _cast_and_back(graph: Graph, one: str, *steps: tuple[str, float]) -> str:
    real = graph.apply("Cast", one, to=1)
    for operator, number in steps:
        real = graph.apply(operator, real if number is None else f"{real} {graph.number(np.float32(number))}")
    return graph.apply("Cast", real, to=7)


@pytest.mark.parametrize("divisor", [2, 3, -2, 7])
@pytest.mark.parametrize("negative", [False, True])
def test_division_and_casts_truncate(divisor: int, negative: bool) -> None:
    """−((−w)//2) at 9 is 4."""
    graph = Graph()
    one = graph.apply("Neg", "W") if negative else graph.apply("Sub", "W H")
    result = graph.apply("Neg", graph.apply("Div", f"{one} {graph.number(np.int64(divisor))}"))
    assert agrees(graph.model(result))
    graph = Graph()
    one = graph.apply("Neg", "W") if negative else graph.apply("Sub", "W H")
    assert agrees(graph.model(_cast_and_back(graph, one, ("Div", divisor))))


@pytest.mark.parametrize("fmod", [0, 1])
@pytest.mark.parametrize("divisor", [3, -3])
def test_remainders_have_the_sign_of_their_operator(fmod: int, divisor: int) -> None:
    graph = Graph()
    one = graph.apply("Sub", "W H")
    assert agrees(graph.model(graph.apply("Mod", f"{one} {graph.number(np.int64(divisor))}", fmod=fmod)))


@pytest.mark.parametrize("operator", ["Round", "Floor", "Ceil"])
@pytest.mark.parametrize("divisor", [2, 4, 3, -2])
def test_rounding_is_half_to_even(operator: str, divisor: int) -> None:
    """Round(w/2) at 7 is 4, and at 5 it is 2."""
    graph = Graph()
    assert agrees(graph.model(_cast_and_back(graph, "W", ("Div", divisor), (operator, None))))


@pytest.mark.parametrize("tenths", range(1, 31))
def test_a_resize_by_a_scale_is_worked_out_in_single_precision(tenths: int) -> None:
    """10 · 0.7 is 7; where the rounding follows no formula it is refused with symbols, and right with numbers."""
    scale = np.float32(tenths / 10)
    scales = weight("s", numbers=np.array([1, 1, scale, scale], np.float32))
    made = [node("Resize", "x - s")]
    session = onnxruntime.InferenceSession(
        model(made, {"x": ["batch", 1, "H", "W"]}, [scales], opset=13).SerializeToString()
    )
    symbolic = None
    try:
        importer, network = read(model(made, {"x": ["batch", 1, "H", "W"]}, [scales], opset=13))
        requirements = importer.state.requirements
        symbolic = network.placed[-1].output.dims
    except Exception as refused:  # noqa: BLE001  # the importer tells it as an error of the model
        assert "give numbers for the sizes" in str(refused)
    for size in range(10, 101, 3):
        wanted = session.run(None, {"x": np.zeros((1, 1, size, size), np.float32)})[0].shape[2]
        _, network = read(model(made, {"x": ["batch", 1, size, size]}, [scales], opset=13))
        assert [term.constant for term in network.placed[-1].output.dims] == [1, wanted, wanted]
        if symbolic is not None and all(holds(one.proposition, {H: size, W: size}) for one in requirements):
            assert evaluate(symbolic[1], dict.fromkeys(symbols_of(symbolic[1]), size)) == wanted
