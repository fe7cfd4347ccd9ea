"""What cannot be imported is one line that names the node, its operator and what to do; and --opaque goes on."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from symnet import from_onnx, solve
from symnet.cli import main
from symnet.errors import ModelError, SymnetError
from symnet.notation.parse import Question
from tests.frontends.onnx.protos import model, node, onnx, read, weight

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore::")]

IMAGE = {"x": ["batch", 3, "H", "W"]}
FIXED = {"x": ["batch", 3, 8, 8]}


def strange() -> Any:
    """A model with an operator that symnet does not know, between two that it does."""
    labels = node("LabelEncoder", "u", "v", keys_floats=[0.0], values_floats=[1.0])
    labels.domain = "ai.onnx.ml"
    proto = model([node("Relu", "x", "u"), labels, node("Conv", "v w")], FIXED, [weight("w", 4, 3, 1, 1)])
    proto.opset_import.append(onnx.helper.make_opsetid("ai.onnx.ml", 4))
    return proto


def test_an_unknown_operator_is_one_line() -> None:
    with pytest.raises(ModelError) as refused:
        read(strange())
    words = str(refused.value)
    assert "\n" not in words
    for part in ("labelencoder_v", "LabelEncoder", "ai.onnx.ml", "opset 4", "output v", "--opaque"):
        assert part in words


def test_opaque_takes_its_shape_from_shape_inference() -> None:
    network = read(strange(), opaque=True)[1]
    assert str(network.output) == "(4, 8, 8)"
    assert network.parameters == 12
    assert network.assumed[0][0] == "labelencoder_v"
    assert "as the ONNX file says" in network.report()


def test_opaque_takes_a_shape_that_the_file_says() -> None:
    made = onnx.helper.make_node("Fancy", ["x", "w"], ["v"], name="fancy", domain="my.domain")
    proto = model([made, node("Relu", "v")], IMAGE, [weight("w", 7, 3)])
    proto.opset_import.append(onnx.helper.make_opsetid("my.domain", 3))
    with pytest.raises(ModelError, match=r"fancy \(Fancy\).*domain my.domain, opset 3; output v"):
        read(proto)
    with pytest.raises(ModelError, match="does not say the shape of v"):
        read(proto, opaque=True)
    value = onnx.helper.make_tensor_value_info("v", onnx.TensorProto.FLOAT, ["batch", 7, "H", "W"])
    proto.graph.value_info.append(value)
    network = read(proto, opaque=True)[1]
    assert str(network.output) == "(7, H, W)"
    assert network.parameters == 21


@pytest.mark.parametrize(
    ("nodes", "weights", "words"),
    [
        ([node("Conv", "x w")], [weight("w", 4, 5, 3, 3)], "weights are for 5 channels, and its input has 3"),
        ([node("Conv", "x w")], [weight("w", 4, 3, 3)], "weights for 1 axes"),
        ([node("Conv", "x w", pads=[1, 1])], [weight("w", 4, 3, 3, 3)], "2 pads for 2 axes"),
        ([node("Conv", "x w", auto_pad="MAYBE")], [weight("w", 4, 3, 3, 3)], "auto_pad=MAYBE"),
        ([node("Conv", "x")], [], "input 1 is missing"),
        ([node("Conv", "x z")], [], "reads z, which nothing before it gives"),
        ([node("Reshape", "x x")], [], "depends on the model's input"),
        ([node("Reshape", "x r")], [weight("r", numbers=np.array([7, 5]))], "not as many for every batch"),
        ([node("Transpose", "x", perm=[0, 1, 9, 2])], [], "no dimension 9"),
        ([node("Concat", "x w", axis=1)], [weight("w", 4)], "equally many dimensions"),
        ([node("Resize", "x - s")], [weight("s", numbers=np.array([1, 2, 2, 2], np.float32))], "channels"),
        ([node("NonZero", "x")], [], "depends on their values"),
        ([node("Softmax", "x", axis="one")], [], "not as its operator asks"),
    ],
)
def test_refusals(nodes: list[Any], weights: list[Any], words: str) -> None:
    with pytest.raises(ModelError) as refused:
        read(model(nodes, IMAGE, weights))
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)
    assert nodes[0].name in str(refused.value)


def test_inputs() -> None:
    proto = model([node("Relu", "x")], IMAGE)
    assert str(read(proto)[1].output) == "(3, H, W)"
    assert str(read(proto, (3, 224, "V"))[1].output) == "(3, 224, V)"
    assert str(read(proto, {"x": (3, 4, 5)})[1].output) == "(3, 4, 5)"
    for sizes, words in (
        ((3, 4), "3 sizes"),
        ({"z": (1, 2, 3)}, "no input z"),
        ((3, 0, 4), "at least 1"),
        ((3, "-", 1), "ONNX"),
    ):
        with pytest.raises(ModelError, match=words):
            read(proto, sizes)
    with pytest.raises(ModelError, match="different batches"):
        read(model([node("Add", "x z")], {"x": [2, 3], "z": [4, 3]}))
    assert str(read(model([node("Relu", "x")], {"x": [None, 3, None, None]}))[1].output) == "(3, H, W)"
    assert str(read(model([node("Relu", "x")], {"x": ["n", 3, "2*h", "img.width"]}))[1].output) == "(3, 2*h, img_width)"


def test_models_from_before_broadcasting() -> None:
    with pytest.raises(ModelError, match="opset 6"):
        read(model([node("Add", "x w", broadcast=1, axis=1)], IMAGE, [weight("w", 3)], opset=6))


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    for data in (b"", b"no model", b"\x08\x08", bytes(range(256))):
        path.write_bytes(data)
        with pytest.raises(ModelError, match="is no ONNX model"):
            from_onnx(path)
    with pytest.raises(ModelError, match="cannot read"):
        from_onnx(tmp_path / "missing.onnx")
    with pytest.raises(ModelError, match="cannot read"):
        from_onnx(tmp_path)
    with pytest.raises(ModelError, match="takes a path"):
        from_onnx(7)


def test_broken_files_never_give_a_traceback(tmp_path: Path) -> None:
    """Bytes of a model changed at random: it is imported all the same, or refused in a line."""
    nodes = [
        node("Conv", "x w", "a", pads=[1, 1, 1, 1]),
        node("MaxPool", "a", "b", kernel_shape=[2, 2], strides=[2, 2]),
        node("Shape", "b", "s"),
        node("Gather", "s i", "d"),
        node("Concat", "d m", "r", axis=0),
        node("Reshape", "b r", "e"),
        node("MatMul", "e f", "g"),
        node("Softmax", "g"),
    ]
    weights = [
        weight("w", 4, 3, 3, 3), weight("i", numbers=np.array([0])), weight("m", numbers=np.array([-1])), weight("f", 64, 5),
    ]  # fmt: skip
    data = model(nodes, FIXED, weights).SerializeToString()
    read(onnx.ModelProto.FromString(data))
    chance = random.Random(8)
    imported = 0
    for _ in range(400):
        changed = bytearray(data)
        for _ in range(chance.choice((1, 1, 2, 5))):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        path = tmp_path / "model.onnx"
        path.write_bytes(bytes(changed))
        try:
            from_onnx(path)
            imported += 1
        except SymnetError as refused:
            assert "\n" not in str(refused)
    assert imported > 20


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "model.onnx"
    onnx.save(strange(), path)
    assert main(["table", str(path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert main(["table", str(path), "--opaque"]) == 0
    assert "labelencoder_v" in capsys.readouterr().out
    onnx.save(model([node("Conv", "x w")], IMAGE, [weight("w", 4, 3, 3, 3)]), path)
    assert main(["table", str(path), "--json", "--input", "3*20*W"]) == 0
    out = capsys.readouterr().out
    assert '"origin": "conv_y (Conv)"' in out


def test_several_inputs_take_a_shape_each_and_outputs_may_be_read() -> None:
    nodes = [node("Relu", "a", "r"), node("GlobalAveragePool", "b", "p"), node("Add", "r p", "y")]
    proto = model(nodes, {"a": ["N", 3, "H", "W"], "b": ["N", 3, "V", "V"]}, outputs="y r")
    for given in [((3, 8, 9), (3, 4, 4)), {"b": (3, 4, 4), "a": (3, 8, 9)}]:
        network = read(proto, given)[1]
        outputs = [network.placed[place] for place in network.graph.outputs()]
        assert [tuple(size.constant for size in place.output.dims) for place in outputs] == [(3, 8, 9), (3, 8, 9)]
        assert [place.name.partition("_")[0] for place in outputs] == ["add", "relu"]
    with pytest.raises(ModelError, match=r"ONNX: the model has 2 inputs \(a, b\): give a shape for each$"):
        read(proto, ((3, 8, 9), (3, 4, 4), (1,)))


def _branches(then: list[Any], otherwise: list[Any], given: str) -> Any:
    """An If whose condition is known and whose branches give ``given``; u = Tanh(x) stands outside of it."""
    value = onnx.helper.make_tensor("", onnx.TensorProto.BOOL, [], [True])
    graphs = [
        onnx.helper.make_graph(nodes, "branch", [], [onnx.helper.make_empty_tensor_value_info(given)])
        for nodes in (then, otherwise)
    ]
    made = onnx.helper.make_node("If", ["c"], ["y"], then_branch=graphs[0], else_branch=graphs[1])
    return model([node("Tanh", "x", "u"), node("Constant", "", "c", value=value), made], {"x": ["batch", 3, 4]})


def test_a_branch_may_read_or_give_what_stands_outside() -> None:
    for then, given in (
        ([node("Relu", "x", "o")], "o"),
        ([node("Relu", "u", "o")], "o"),
        ([], "u"),
    ):
        network = read(_branches(then, [node("Sigmoid", "x", "o")], given))[1]
        assert str(network.output) == "(3, 4)"


def test_a_model_without_an_output() -> None:
    proto = model([node("Relu", "x")], IMAGE)
    del proto.graph.output[:]
    with pytest.raises(ModelError, match="the model has no output"):
        from_onnx(proto)


def test_an_output_whose_declared_size_contradicts_its_operator() -> None:
    proto = model([node("Relu", "x")], FIXED)
    del proto.graph.output[:]
    proto.graph.output.append(onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, ["batch", 3, 8, 9]))
    with pytest.raises(ModelError, match="its output y is batch × 3 × 8 × 9, and its operators give N × 3 × 8 × 8"):
        from_onnx(proto)


@pytest.mark.parametrize(
    ("names", "output"),
    [
        (("seq-len", 4), "(seq_len, 4)"),
        (("a-b", "a b"), "(a_b, a_b_2)"),
        (("?", "?"), "(T, D)"),
        (("", None), "(T, D)"),
        (("n", "n"), "(n, n)"),
        (("past + 1", "H//2"), "(past + 1, H//2)"),
        (("1", "2x"), "(n_1, n_2x)"),
    ],
)
def test_names_of_dimensions(names: tuple[Any, ...], output: str) -> None:
    assert str(from_onnx(model([node("Relu", "x")], {"x": ["batch", *names]})).output) == output


def _doubled(operator: str, first: str, levels: int) -> tuple[list[Any], str]:
    """Nodes that apply an operator of two inputs to its own result again and again."""
    nodes, last = [], first
    more = {"axis": 0} if operator == "Concat" else {}
    for level in range(levels):
        nodes.append(node(operator, f"{last} {last}", f"c{level}", **more))
        last = f"c{level}"
    return nodes, last


def test_arrays_that_double_are_not_worked_out() -> None:
    """A file of 2 KB whose array would take 4 TiB, and a Range to 2^40."""
    nodes, last = _doubled("Concat", "k", 40)
    proto = model([*nodes, node("Relu", "x")], FIXED, [weight("k", numbers=np.arange(4))], outputs=f"y {last}")
    assert read(proto)[0].state.values[last].dims[0].constant == 4 * 2**40  # type: ignore[union-attr]
    ends = [weight(name, numbers=np.int64(value)) for name, value in (("a", 0), ("b", 2**40), ("c", 1))]
    assert (
        from_onnx(model([node("Range", "a b c", "r"), node("Relu", "x")], FIXED, ends, outputs="y r")).parameters == 0
    )


@pytest.mark.parametrize("start", ["H", "sum", "number"])
def test_products_of_sizes_that_square_are_refused(start: str) -> None:
    nodes, last = _doubled("Mul", start, 30)
    begin = [node("Shape", "x", "s"), node("Gather", "s i", "H", axis=0), node("Add", "H number", "sum")]
    weights = [weight("i", numbers=np.int64(2)), weight("number", numbers=np.int64(3))]
    with pytest.raises(ModelError, match="past all bounds"):
        from_onnx(model([*begin, *nodes, node("Relu", "x")], IMAGE, weights, outputs=f"y {last}"))


@pytest.mark.parametrize(
    ("nodes", "weights", "words"),
    [
        ([node("Conv", "x w", kernel_shape=[5, 5])], [weight("w", 4, 3, 3, 3)], r"has kernel_shape=\[5, 5\], and its weights are 3 × 3"),
        ([node("Conv", "x w b")], [weight("w", 4, 3, 3, 3), weight("b", 5)], "its bias has 5 numbers, and there are 4 filters"),
        ([node("ConvTranspose", "x w b")], [weight("w", 3, 4, 3, 3), weight("b", 5)], "its bias has 5 numbers, and there are 4 filters"),
        (
            [node("Gather", "t i", "p", axis=0), node("Add", "x p")],
            [weight("t", 8, 4), weight("i", numbers=np.array([3, 9]))],
            "takes entry 9 of 8",
        ),
        ([node("Gather", "x i", axis=1)], [weight("i", numbers=np.array([0, -4]))], "takes entry -4 of 3"),
    ],
)  # fmt: skip
def test_arrays_that_contradict_their_operator(nodes: list[Any], weights: list[Any], words: str) -> None:
    with pytest.raises(ModelError, match=words):
        read(model(nodes, {"x": ["batch", 3, 8, 4]}, weights))


@pytest.mark.parametrize("sizes", [(1, 24, 4), (1, 20, 5), (2, 20, 4)])
def test_recurrent_weights_of_wrong_sizes(sizes: tuple[int, ...]) -> None:
    made = node("LSTM", "x w r", hidden_size=5)
    with pytest.raises(ModelError, match="has weights"):
        read(model([made], {"x": ["T", "batch", 4]}, [weight("w", *sizes), weight("r", 1, 20, 5)]))


def test_entries_by_their_numbers_ask_for_so_many() -> None:
    chosen = weight("i", numbers=np.array([0, 5]))
    _, network = read(model([node("Gather", "x i", axis=1)], {"x": ["batch", "T", 4]}, [chosen]))
    assert str(solve(Question(network.graph, None, ""), valid=True)) == "T ≥ 6"


def test_a_model_that_the_runtime_refuses_to_run_is_none(tmp_path: Path) -> None:
    """Positions that are summed up go from 1 to T: the table has no row 32."""
    nodes = [
        node("Shape", "x", "shape"),
        node("Gather", "shape one", "T", axis=0),
        node("Unsqueeze", "T zero1", "T1"),
        node("ConstantOfShape", "T1", "ones", value=weight("", numbers=np.array([1]))),
        node("CumSum", "ones zero", "r"),
        node("Gather", "table r", "p", axis=0),
        node("Add", "x p"),
    ]
    numbers = {"one": np.int64(1), "zero": np.int64(0), "zero1": np.array([0])}
    weights = [*(weight(name, numbers=value) for name, value in numbers.items()), weight("table", 8, 16)]
    path = tmp_path / "positions.onnx"
    path.write_bytes(model(nodes, {"x": ["batch", "T", 16]}, weights).SerializeToString())
    with pytest.raises(
        ModelError, match=r"refuses to run the model at the input \d+×16 at gather_p \(Gather\)"
    ) as raised:
        from_onnx(path)
    assert "Error" not in str(raised.value)
