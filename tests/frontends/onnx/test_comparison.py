"""Every imported model is computed by a runtime at sizes that nobody chose, and every tensor must have the same sizes."""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np
import pytest

from symnet import from_onnx
from symnet.errors import ModelError
from symnet.frontends.onnx import comparison, probe
from symnet.frontends.onnx.ops.table import OPERATORS
from tests.frontends.onnx.protos import model, node, onnx, weight

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]


def image(batch: Any = "N") -> Any:
    nodes = [
        node("Conv", "x w", "a"),
        node("MaxPool", "a", "b", kernel_shape=[2, 2], strides=[2, 2]),
        node("Relu", "b"),
    ]
    return model(nodes, {"x": [batch, 3, "H", "W"]}, [weight("w", 8, 3, 5, 5)])


def test_two_runs_at_sizes_and_batches_that_differ_and_one_outside() -> None:
    import onnxruntime

    net = from_onnx(image())
    first, second = net.compared
    assert net.not_compared is None
    assert first.framework == f"onnxruntime {onnxruntime.__version__}"
    assert first.input != second.input
    assert first.batch != second.batch
    assert first.layers == second.layers == 3
    assert not first.parameters  # a runtime counts none
    assert net.outside is not None
    assert net.outside.result == "other sizes"  # onnxruntime pools one row by a window of two
    data = json.loads(net.report("json"))
    assert data["compared"][0]["with"].startswith("onnxruntime")
    assert "not_compared" not in data
    assert "the parameters" not in next(line for line in net.report().splitlines() if "**Compared**" in line)


def test_the_batch_that_the_file_fixes_and_the_sizes_that_a_person_gives() -> None:
    assert [run.batch for run in from_onnx(image(4)).compared] == [4, 4]
    assert from_onnx(image(), input=(3, 40, 50)).compared[0].input == ((3, 40, 50),)


def test_without_onnxruntime_the_reference_evaluator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    assert from_onnx(image(), input=(3, 12, 15)).compared[0].framework.startswith("the reference evaluator of onnx")
    monkeypatch.setattr(comparison, "SMALL_WORK", 10)
    net = from_onnx(image(), input=(3, 12, 15))
    assert net.compared == ()
    assert "onnxruntime is not installed" in str(net.not_compared)


def test_it_can_be_left_out_and_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert from_onnx(image(), compare=False).not_compared == "it was not asked for"
    for name, words in (("WORK", "multiply-adds"), ("BYTES", "MB"), ("SECONDS", "takes longer")):
        with monkeypatch.context() as patch:
            patch.setattr(comparison if name == "SECONDS" else probe, name, 1e-9 if name == "SECONDS" else 1)
            net = from_onnx(image(1))
            assert name == "SECONDS" or net.compared == ()
            assert name == "SECONDS" or words in str(net.not_compared)


def test_large_weights_are_zeros_and_small_ones_themselves() -> None:
    """The table that is looked up has more entries than are kept; the axis that is reduced must be the file's own."""
    nodes = [node("Gather", "table x", "a"), node("ReduceSum", "a axes", keepdims=0)]
    proto = model(
        nodes, {"x": ["N", "T"]}, [weight("table", 9000, 16), weight("axes", numbers=np.array([2]))], integers=["x"]
    )
    net = from_onnx(proto)
    assert len(net.compared) == 2
    assert net.parameters == 9000 * 16


def test_numbers_that_are_worked_out_of_sizes_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = [
        node("Relu", "x"), node("Shape", "x", "s"), node("Gather", "s two", "h"), node("Div", "h two", "half"),
        node("Mul", "half two", "even"),
    ]  # fmt: skip
    proto = model(nodes, {"x": ["N", 3, "H", "W"]}, [weight("two", numbers=np.int64(2))], outputs="y even")
    proto.graph.output[1].CopyFrom(onnx.helper.make_tensor_value_info("even", onnx.TensorProto.INT64, []))
    assert len(from_onnx(proto).compared) == 2
    from symnet.frontends.onnx.constants.table import FOLDS

    monkeypatch.setattr("symnet.frontends.onnx.importer.FOLDS", {**FOLDS, "Mul": lambda call: call.array(0)})
    with pytest.raises(ModelError, match=r"^ONNX: mul_even \(Mul\): even: .* gives \(74\) and symnet \(37\)"):
        from_onnx(proto)


def test_a_disagreement_is_an_error_that_shows_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(OPERATORS, "MaxPool", OPERATORS["Relu"])
    words = r"^ONNX: maxpool_b \(MaxPool\): b: at the input 3×75×61, batch \d+, ONNX gives .* and symnet"
    with pytest.raises(ModelError, match=words) as raised:
        from_onnx(image())
    assert "\n" not in str(raised.value)


def test_more_parameters_than_the_file_has_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    from symnet.frontends.onnx.weights import Weights

    nodes = [node("MatMul", "x w", "a"), node("MatMul", "a w")]
    proto = model(nodes, {"x": ["N", 6]}, [weight("w", 6, 6)])
    assert from_onnx(proto).parameters == 36
    monkeypatch.setattr(Weights, "counted", lambda self, layer, name, weights: layer)
    with pytest.raises(ModelError, match="the file has 36 real numbers, and symnet counts 72 parameters"):
        from_onnx(proto)
