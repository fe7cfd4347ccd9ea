"""The doctor of ONNX files: which node breaks, and the shape of its weights, or the input, with which onnxruntime runs the file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from symnet.doctor.examining import diagnosed
from tests.doctor.onnx_models import put

pytestmark = pytest.mark.frameworks


def model(features: int) -> Any:
    """A convolution, a pool and a product whose weights are for ``features`` numbers."""
    import numpy
    from onnx import TensorProto, helper, numpy_helper

    nodes = [
        helper.make_node("Conv", ["x", "w", "b"], ["c"], name="conv", pads=[1, 1, 1, 1], kernel_shape=[3, 3]),
        helper.make_node("MaxPool", ["c"], ["p"], name="pool", kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Flatten", ["p"], ["f"], name="flat"),
        helper.make_node("Gemm", ["f", "fw", "fb"], ["y"], name="fc", transB=1),
    ]
    shapes = {"w": (4, 1, 3, 3), "b": (4,), "fw": (10, features), "fb": (10,)}
    held = [numpy_helper.from_array(numpy.zeros(shape, numpy.float32), name) for name, shape in shapes.items()]
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 1, "H", "W"])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["N", 10])
    made = helper.make_model(helper.make_graph(nodes, "g", [x], [y], held), opset_imports=[helper.make_opsetid("", 17)])
    made.ir_version = 8
    return made


def run(made: Any, height: int, width: int) -> tuple[int, ...]:
    """The shape that onnxruntime gives."""
    import numpy
    import onnxruntime

    session = onnxruntime.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])
    return tuple(session.run(None, {"x": numpy.zeros((2, 1, height, width), numpy.float32)})[0].shape)


@pytest.mark.parametrize(("features", "size"), [(100, 12), (196, 14), (784, 30), (144, 17)])
def test_the_node_is_named_and_what_mends_it_runs(features: int, size: int, tmp_path: Path) -> None:
    import onnx

    file = tmp_path / "net.onnx"
    onnx.save(model(features), file)
    found = diagnosed(str(file), (f"1*{size}*{size}",))
    wanted = 4 * (size // 2) ** 2
    assert found.ok == (wanted == features)
    if found.ok:
        assert run(model(features), size, size) == (2, 10)
        return
    assert found.layer == "fc"
    assert found.fixes[0].change == f"fc: fw of 10 × {wanted} for 10 × {features}"
    assert run(model(wanted), size, size) == (2, 10)
    for fix in found.fixes[1:]:
        if fix.kind == "input":
            _, height, width = map(int, re.findall(r"\d+", fix.code))
            assert run(model(features), height, width) == (2, 10)
        else:
            assert run(put(model(features), fix.code, "fc"), size, size) == (2, 10)


def test_every_command_ends_with_what_mends_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import onnx

    from symnet.cli import main

    file = tmp_path / "net.onnx"
    onnx.save(model(100), file)
    assert main(["table", str(file), "--input", "1*12*12"]) == 2
    assert capsys.readouterr().err.rstrip().endswith("fc: fw of 10 × 144 for 10 × 100 would fit")
