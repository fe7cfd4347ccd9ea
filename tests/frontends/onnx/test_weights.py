"""What counts as a parameter, once; and files whose weights are elsewhere, or large, and are not looked at."""

from __future__ import annotations

import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from symnet import from_onnx
from symnet.errors import LayerError
from symnet.frontends.onnx import model_file
from tests.counting_calls import grows_linearly, work_at_most
from tests.frontends.onnx.protos import model, node, onnx, read, weight

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore::")]

IMAGE = {"x": ["batch", 3, "H", "W"]}


def test_a_shared_initializer_counts_once() -> None:
    nodes = [node("Conv", "x w b", "u"), node("Conv", "u w b", "v"), node("Conv", "v w c")]
    network = read(model(nodes, IMAGE, [weight("w", 3, 3, 1, 1), weight("b", 3), weight("c", 3)]))[1]
    assert network.parameters == 9 + 3 + 3
    assert [placed.layer.shares for placed in network.placed[1:]] == [None, "conv_u", None]  # type: ignore[union-attr]
    assert network.placed[3].layer.borrows == "kernel"  # type: ignore[union-attr]
    assert "conv_u" in network.report()


def test_a_row_of_an_embedding_and_its_transpose_are_one() -> None:
    nodes = [
        node("Gather", "e x", "u"),
        node("Transpose", "e", "t", perm=[1, 0]),
        node("MatMul", "u t"),
    ]
    proto = model(nodes, {"x": ["batch", "T"]}, [weight("e", 50, 8)], integers=["x"])
    network = read(proto)[1]
    assert network.parameters == 400
    assert str(network.output) == "(T, 50)"


def _length() -> list[Any]:
    """T, the second dimension of the input, as a number and as an array of one."""
    return [node("Shape", "x", "shape"), node("Gather", "shape one", "T", axis=0), node("Unsqueeze", "T zero1", "T1")]


_INDICES = [
    weight("zero", numbers=np.int64(0)),
    weight("one", numbers=np.int64(1)),
    weight("zero1", numbers=np.array([0])),
    weight("one1", numbers=np.array([1])),
]


@pytest.mark.parametrize(
    ("nodes", "table"),
    [
        ([node("Range", "zero T one", "r"), node("Gather", "table r", "p", axis=0)], (32, 16)),
        ([node("Slice", "ids zero1 T1 one1", "r"), node("Gather", "table r", "p", axis=0)], (32, 16)),
        ([node("Slice", "table zero1 T1 one1", "p")], (1, 32, 16)),
        ([node("Slice", "table zero1 T1 zero1", "p")], (32, 16)),
    ],
)
def test_a_table_of_positions_counts_whole_however_much_of_it_is_read(nodes: list[Any], table: tuple[int, ...]) -> None:
    weights = [*_INDICES, weight("table", *table), weight("ids", numbers=np.arange(32).reshape(1, 32))]
    network = read(model([*_length(), *nodes, node("Add", "x p")], {"x": ["batch", "T", 16]}, weights))[1]
    assert network.parameters == 512
    assert str(network.output) == "(T, 16)"
    assert network.at(T=32).parameters == 512
    with pytest.raises(LayerError, match="33 ≤ 32"):
        network.at(T=33)


def _cut(start: int, stop: int, name: str, axis: int = 0) -> tuple[Any, list[Any]]:
    numbers = {f"{name}s": start, f"{name}e": stop, f"{name}a": axis}
    made = node("Slice", f"w {' '.join(numbers)}", name)
    return made, [weight(key, numbers=np.array([value])) for key, value in numbers.items()]


@pytest.mark.parametrize(
    ("cuts", "extra"),
    [
        ([(0, 4), (4, 8)], 0),  # the two halves: each counts its own
        ([(0, 6), (2, 8)], 0),  # overlapping
        ([(0, 4), (0, 4)], 0),  # the same half twice: the other half counts as well
        ([(0, 3)], 0),  # only a part is read
    ],
)
def test_parts_of_an_array_count_it_once(cuts: list[tuple[int, int]], extra: int) -> None:
    rows = {stop - start for start, stop in cuts}.pop()
    pairs = [_cut(start, stop, f"p{index}") for index, (start, stop) in enumerate(cuts)]
    nodes, last = [made for made, _ in pairs], "x"
    for index in range(len(cuts)):
        nodes.append(node("Add", f"{last} p{index}", f"u{index}"))
        last = f"u{index}"
    weights = [weight("w", 8, 4), *(one for _, arrays in pairs for one in arrays)]
    network = read(model([*nodes, node("Relu", last)], {"x": ["batch", rows, 4]}, weights))[1]
    assert network.parameters == 32 + extra


@pytest.mark.parametrize(
    "nodes",
    [
        [node("Add", "a b", "w"), node("Add", "x w")],
        [node("Mul", "a b", "w"), node("Transpose", "w", "t", perm=[1, 0]), node("MatMul", "x t")],
        [node("Concat", "a b", "w", axis=0), node("Transpose", "w", "t", perm=[1, 0]), node("MatMul", "x t")],
        [node("Add", "x a", "u"), node("Add", "u b", "v"), node("Add", "v a")],
    ],
)
def test_weights_that_are_computed_together_count_each(nodes: list[Any]) -> None:
    network = read(model(nodes, {"x": ["batch", 6, 4]}, [weight("a", 6, 4), weight("b", 6, 4)]))[1]
    assert network.parameters == 48


def test_a_matrix_and_its_transpose_are_one() -> None:
    across = [node("Gemm", "x w", "u", transB=1), node("Gemm", "u w")]
    assert read(model(across, {"x": ["batch", 8]}, [weight("w", 5, 8)]))[1].parameters == 40
    turned = [node("Transpose", "w", "t", perm=[1, 0]), node("MatMul", "x w", "u"), node("MatMul", "u t")]
    assert read(model(turned, {"x": ["batch", 4]}, [weight("w", 4, 8)]))[1].parameters == 32


def test_a_weight_in_two_factors_counts_both() -> None:
    """Weight normalization: a direction and a length."""
    weights = [weight("v", 8, 3, 3, 3), weight("g", 8, 1, 1, 1)]
    network = read(model([node("Mul", "v g", "w"), node("Conv", "x w")], IMAGE, weights))[1]
    assert network.parameters == 216 + 8
    kinds = [placed.layer.kind for placed in network.placed[1:]]  # type: ignore[union-attr]
    assert kinds == ["Parameter", "Parameter", "Conv", "Unused"]  # the last one so that the arrays are no outputs


def test_batch_normalization_trains_two_of_four() -> None:
    weights = [weight(name, 3) for name in "smvb"]
    network = read(model([node("BatchNormalization", "x s b m v")], IMAGE, weights))[1]
    assert (network.parameters, network.trainable) == (12, 6)
    network = read(model([node("BatchNormalization", "x s b b s")], IMAGE, weights[:1] + weights[3:]))[1]
    assert (network.parameters, network.trainable) == (6, 6)  # exporters keep equal arrays once


def test_a_product_and_a_sum_are_one_dense_layer() -> None:
    nodes = [node("MatMul", "x w", "u"), node("Add", "b u")]
    weights = [weight("w", 8, 5), weight("b", 5)]
    network = read(model(nodes, {"x": ["batch", "T", 8]}, weights))[1]
    assert [placed.layer.kind for placed in network.placed[1:]] == ["FC"]  # type: ignore[union-attr]
    assert network.parameters == 45
    assert str(network.output) == "(T, 5)"
    network = read(model([*nodes, node("Relu", "u", "z")], {"x": ["batch", "T", 8]}, weights, outputs="y z"))[1]
    assert network.parameters == 45
    assert len(network.graph.nodes) == 4  # something else reads the product: the array is a tensor of its own


@pytest.mark.parametrize("across", [0, 1])
@pytest.mark.parametrize("bias", [None, (5,), (1, 5), (1,), ()])
def test_gemm(across: int, bias: tuple[int, ...] | None) -> None:
    weights = [weight("w", *((5, 8) if across else (8, 5)))]
    if bias is not None:
        weights.append(weight("b", numbers=np.zeros(bias, np.float32)))
    proto = model([node("Gemm", "x w" + " b" * (bias is not None), transB=across)], {"x": ["batch", 8]}, weights)
    network = read(proto)[1]
    assert network.parameters == 40 + {None: 0, (): 0, (1,): 1}.get(bias, 5)
    assert str(network.output) == "(5,)"


def test_arrays_that_are_operands() -> None:
    nodes = [
        node("Mul", "x g", "a"),
        node("Add", "a p", "b"),
        node("Mul", "b half", "c"),
        node("Where", "mask c c", "d"),
        node("Constant", "", "k", value=weight("", 1, 3, 1, 1)),
        node("Sub", "d k"),
    ]
    weights = [
        weight("g", 3, 1, 1),
        weight("p", 1, 3, 4, 5),
        weight("half", numbers=np.float32(0.5)),
        weight("mask", numbers=np.ones((1, 1, 4, 5), bool)),
    ]
    network = read(model(nodes, {"x": ["batch", 3, 4, 5]}, weights))[1]
    assert network.parameters == 3 + 60
    assert network.trainable == 63
    assert network.placed[1].layer.kind == "Scale"  # type: ignore[union-attr]


def test_weights_in_8_bits_count() -> None:
    quantized = onnx.numpy_helper.from_array(np.zeros((4, 3, 1, 1), np.int8), "q")
    nodes = [node("DequantizeLinear", "q s", "w"), node("Conv", "x w")]
    network = read(model(nodes, IMAGE, [quantized, weight("s", numbers=np.float32(1))]))[1]
    assert network.parameters == 12


def test_a_file_without_its_weights(tmp_path: Path) -> None:
    proto = model([node("Conv", "x w", "u"), node("Reshape", "u r")], IMAGE, [
        weight("w", 8, 3, 3, 3), weight("r", numbers=np.array([0, 8, -1])),
    ])  # fmt: skip
    path = tmp_path / "model.onnx"
    onnx.save_model(proto, path, save_as_external_data=True, location="weights.bin", size_threshold=256)
    (tmp_path / "weights.bin").unlink()
    network = from_onnx(path)
    assert network.parameters == 216
    assert len(network.output) == 2
    assert network.title == path.stem


def test_large_weights_are_never_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """200 MB in the file: read as bytes, and never made an array of."""
    tensor = onnx.TensorProto(name="w", data_type=onnx.TensorProto.FLOAT, dims=[10_000, 5_000])
    tensor.raw_data = bytes(200_000_000)
    proto = model([node("MatMul", "x w")], {"x": ["batch", 10_000]}, [tensor])
    path = tmp_path / "large.onnx"
    onnx.save(proto, path)
    del proto, tensor
    made: list[str] = []
    real = model_file.small_numbers

    def seen(array: Any) -> Any:
        found = real(array)
        if found is not None:
            made.append(array.name)
        return found

    monkeypatch.setattr("symnet.frontends.onnx.state.small_numbers", seen)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with work_at_most(1_000_000):
        network = from_onnx(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500_000  # the file's bytes, and the message's
    assert made == []
    assert network.parameters == 50_000_000


def chain(length: int) -> Any:
    names = ["x", *(f"t{index}" for index in range(length))]
    nodes = [
        node("Conv" if index % 2 else "Relu", f"{names[index]}{' w b' if index % 2 else ''}", names[index + 1])
        for index in range(length)
    ]
    return model(nodes, {"x": ["batch", 8, "H", "W"]}, [weight("w", 8, 8, 1, 1), weight("b", 8)], outputs=names[-1])


def test_a_thousand_nodes_in_linear_time() -> None:
    def work(length: int) -> Callable[[], object]:
        proto = chain(length)
        return lambda: read(proto)

    assert grows_linearly(work, 500)
