"""Operators with symbolic sizes, imported once and compared at several sizes with what ONNX's reference computes."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from symnet.errors import ModelError
from symnet.frontends.flow import BATCH
from symnet.terms.evaluation import evaluate
from symnet.terms.term import Symbol
from tests.frontends.onnx.protos import differences, inferred, model, node, onnx, read, reference, weight

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore::")]

SIZES = ((9, 12), (10, 7), (16, 15))
IMAGE = {"x": ["batch", 3, "H", "W"]}


def agree(nodes: list[Any], weights: list[Any] = [], *, opset: int = 21, inputs: Any = IMAGE) -> None:  # noqa: B006
    """The outputs are the reference's at all sizes."""
    proto = model(nodes, inputs, weights, opset=opset)
    compared = 0
    for height, width in SIZES:
        numbers = {"batch": 2, "H": height, "W": width, "T": height, "N": width}
        sizes = {name: [numbers.get(size, size) for size in dims] for name, dims in inputs.items()}
        try:
            wanted = reference(proto, sizes)
        except Exception:  # noqa: BLE001  # the reference has no such window
            continue
        if all(min(dims, default=1) > 0 for dims in wanted.values()):
            compared += 1
            assert differences(proto, sizes, wanted) == [], sizes
    assert compared, "the reference refused every size"


PADS = (
    {},
    {"pads": [1, 1, 1, 1]},
    {"pads": [0, 1, 2, 0]},
    *({"auto_pad": mode} for mode in ("VALID", "SAME_UPPER", "SAME_LOWER")),
)


#: Without those where the reference pads SAME as if the kernel were not dilated.
CONVOLUTIONS = [
    case
    for case in product(PADS, ([1, 1], [2, 3]), (1, 2), (1, 3))
    if case[2] == 1 or "SAME" not in case[0].get("auto_pad", "")
]


@pytest.mark.parametrize(("pads", "strides", "dilation", "group"), CONVOLUTIONS)
def test_convolution(pads: dict[str, Any], strides: list[int], dilation: int, group: int) -> None:
    more = {"strides": strides, "dilations": [dilation] * 2, "group": group, **pads}
    agree([node("Conv", "x w b", **more)], [weight("w", 6, 3 // group, 3, 2), weight("b", 6)])


#: output_padding is less than the stride.
TRANSPOSED = [case for case in product(PADS, ([1, 1], [2, 3]), ([0, 0], [0, 1])) if max(case[2]) < max(case[1])]


@pytest.mark.parametrize(("pads", "strides", "added"), TRANSPOSED)
def test_transposed_convolution(pads: dict[str, Any], strides: list[int], added: list[int]) -> None:
    """By the reference, and by shape inference except for output_padding next to SAME: there it alone adds it to input · stride,
    which neither the operator's text, nor the reference, nor onnxruntime does."""
    made, weights = (
        node("ConvTranspose", "x w", strides=strides, output_padding=added, **pads),
        [weight("w", 3, 4, 3, 3)],
    )
    same = "SAME" in pads.get("auto_pad", "")
    if not (same and any(added)):
        for height, width in SIZES:
            assert differences(model([made], IMAGE, weights), {"x": [2, 3, height, width]}) == []
    if same or "auto_pad" not in pads or not any(added):
        agree([made], weights)


def test_a_transposed_kernel_shorter_than_its_stride_has_no_agreed_size_with_auto_pad() -> None:
    made = node("ConvTranspose", "x w", strides=[3, 3], auto_pad="SAME_UPPER")
    with pytest.raises(ModelError, match="kernel that reaches over 2 entries, less than its stride 3"):
        read(model([made], IMAGE, [weight("w", 3, 4, 2, 2)]))


@pytest.mark.parametrize("group", [1, 3])
def test_transposed_convolution_with_a_size(group: int) -> None:
    proto = model(
        [node("ConvTranspose", "x w", strides=[3, 2], output_shape=[10, 8], group=group)],
        {"x": ["batch", 3, 3, 3]},
        [weight("w", 3, 2, 3, 3)],
    )
    sizes = {"x": [1, 3, 3, 3]}
    assert differences(proto, sizes) == []
    assert differences(proto, sizes, {"y": [1, 2 * group, 10, 8]}) == []
    assert read(proto)[1].parameters == 3 * 2 * 9


@pytest.mark.parametrize(
    ("op", "pads", "strides", "ceil"),
    list(product(("MaxPool", "AveragePool"), PADS, ([1, 1], [2, 3]), (0, 1))),
)
def test_pools(op: str, pads: dict[str, Any], strides: list[int], ceil: int) -> None:
    """By shape inference, and for means by the reference where it has such windows. Before opset 22 shape inference counts a
    last window that begins in the padding; the reference, PyTorch and the newer operators do not."""
    more: dict[str, Any] = {"count_include_pad": 1} if op == "AveragePool" else {}
    proto = model(
        [node(op, "x", kernel_shape=[3, 2], strides=strides, ceil_mode=ceil, **pads, **more)], IMAGE, opset=22
    )
    for height, width in SIZES:
        sizes = {"x": [2, 3, height, width]}
        assert differences(proto, sizes) == []
        try:
            wanted = reference(proto, sizes if op == "AveragePool" else {})
        except Exception:  # noqa: BLE001  # auto_pad with ceil_mode, and padding that is not the same on all sides
            continue
        assert differences(proto, sizes, wanted) == []


@pytest.mark.parametrize("mode", ["nearest", "linear", "cubic"])
@pytest.mark.parametrize("scale", [2.0, 1.0, 0.5, 1.5, 2 / 3, 3.25, 0.6, 1 / 7])
def test_resize_by_scales(mode: str, scale: float) -> None:
    """⌊size · scale⌋; test_size_arithmetic has the scales at which single precision decides."""
    scales = weight("s", numbers=np.array([1, 1, scale, scale], np.float32))
    for opset, inputs in ((13, "x - s"), (10, "x s")):
        if opset == 13 or mode != "cubic":
            proto = model([node("Resize", inputs, mode=mode)], IMAGE, [scales], opset=opset)
            for height, width in ((9, 12), (10, 7), (16, 15), (30, 224)):
                assert differences(proto, {"x": [2, 3, height, width]}) == []


def test_resize_by_sizes() -> None:
    agree([node("Resize", "x - - s")], [weight("s", numbers=np.array([2, 3, 20, 30]))], inputs={"x": [2, 3, "H", "W"]})
    agree([node("Resize", "x - - s", axes=[2, 3])], [weight("s", numbers=np.array([20, 30]))])


INTS = np.int64
#: The same operator with attributes, as it was, and with inputs, as it became.
FORMS = (
    ([node("Squeeze", "u", axes=[2])], [], 11),
    ([node("Squeeze", "u a")], [weight("a", numbers=np.array([2]))], 13),
    ([node("Unsqueeze", "x", axes=[1, 5])], [], 11),
    ([node("Unsqueeze", "x a")], [weight("a", numbers=np.array([1, -1]))], 13),
    ([node("Slice", "x", starts=[1, 0], ends=[3, -1], axes=[1, 2])], [], 9),
    (
        [node("Slice", "x s e a t")],
        [
            weight(name, numbers=np.array(numbers))
            for name, numbers in (("s", [1, 1]), ("e", [-1, 2**62]), ("a", [2, 3]), ("t", [2, 3]))
        ],
        13,
    ),
    ([node("Pad", "x", pads=[0, 0, 1, 2, 0, 0, 3, 4])], [], 10),
    ([node("Pad", "x k")], [weight("k", numbers=np.array([0, 1, 1, 2, 0, 2, 3, -4]))], 13),
    (
        [node("Pad", "x k - a", mode="reflect")],
        [weight("k", numbers=np.array([1, 2])), weight("a", numbers=np.array([-1]))],
        18,
    ),
    ([node("Clip", "x", min=0.0, max=6.0)], [], 10),
    ([node("Clip", "x l h")], [weight("l", numbers=np.float32(0)), weight("h", numbers=np.float32(6))], 13),
    ([node("Dropout", "x", ratio=0.3)], [], 10),
    ([node("Dropout", "x r")], [weight("r", numbers=np.float32(0.3))], 13),
    ([node("ReduceSum", "x", axes=[2, 3], keepdims=0)], [], 11),
    ([node("ReduceSum", "x a", keepdims=0)], [weight("a", numbers=np.array([1]))], 13),
    ([node("ReduceMean", "x", axes=[-1])], [], 13),
    ([node("ReduceMean", "x a")], [weight("a", numbers=np.array([2, 3]))], 18),
    ([node("ReduceL2", "x", axes=[2], keepdims=0)], [], 13),
    ([node("Split", "x", "y z", axis=1, split=[1, 2])], [], 11),
    ([node("Split", "x s", "y z", axis=1)], [weight("s", numbers=np.array([2, 1]))], 13),
    ([node("Split", "x", "y z", axis=1, num_outputs=2)], [], 18),
    ([node("Upsample", "x s")], [weight("s", numbers=np.array([1, 1, 2, 3], np.float32))], 9),
    ([node("Flatten", "x")], [], 9),
    ([node("Flatten", "x", axis=-1)], [], 13),
    ([node("Transpose", "x", perm=[0, 2, 3, 1])], [], 9),
    ([node("Transpose", "x", perm=[2, 0, 3, 1])], [], 9),
    ([node("DepthToSpace", "p", blocksize=2)], [], 13),
    ([node("SpaceToDepth", "q", blocksize=2)], [], 13),
    ([node("Tile", "x t")], [weight("t", numbers=np.array([1, 2, 1, 3]))], 13),
    ([node("Expand", "u t")], [weight("t", numbers=np.array([1, 3, 4, 1]))], 13),
    ([node("Gather", "x i", axis=1)], [weight("i", numbers=np.array(1))], 13),
    ([node("Gather", "x i", axis=2)], [weight("i", numbers=np.array([[0, 1], [2, 3]]))], 13),
    ([node("TopK", "x k", "y z", axis=2)], [weight("k", numbers=np.array([4]))], 13),
    ([node("ArgMax", "x", axis=1, keepdims=0)], [], 13),
    ([node("Concat", "x x c", axis=1)], [weight("c", 1, 1, 1, 1)], 13),
    ([node("Softmax", "x", axis=1)], [], 13),
    ([node("PRelu", "x s")], [weight("s", 3, 1, 1)], 13),
    ([node("LRN", "x", size=3)], [], 13),
    ([node("GlobalAveragePool", "x")], [], 13),
    ([node("Einsum", "x x", equation="nchw,ndhw->ncd")], [], 13),
    ([node("Trilu", "x")], [], 14),
    ([node("Where", "x c x")], [weight("c", 1, 3, 1, 1)], 13),
)


@pytest.mark.parametrize(
    "number", range(len(FORMS)), ids=lambda number: f"{FORMS[number][0][0].op_type}-{FORMS[number][2]}-{number}"
)
def test_forms_of_an_operator(number: int) -> None:
    """Attributes and inputs; by shape inference, since not every version has a reference."""
    nodes, weights, opset = FORMS[number]
    shapes = {
        "x": ["batch", 3, "H", "W"],
        "u": ["batch", 3, 1, "W"],
        "p": ["batch", 8, "H", "W"],
        "q": ["batch", 3, 4, 6],
    }
    read_ = {name: shapes[name] for name in nodes[0].input if name in shapes}
    if nodes[0].op_type in ("Concat", "Where"):
        read_, weights = {"x": shapes["x"]}, [weight("c", 2, 3, 9, 12)] if nodes[0].op_type == "Concat" else weights
        if nodes[0].op_type == "Concat":
            nodes, weights = [node("Concat", "x x", axis=1)], []
        else:
            weights = [onnx.numpy_helper.from_array(np.ones((1, 3, 1, 1), bool), "c")]
    outputs = " ".join(nodes[0].output)
    proto = model(nodes, read_, weights, opset=opset, outputs=outputs)
    for height, width in SIZES:
        numbers = {"batch": 2, "H": height, "W": width}
        sizes = {name: [numbers.get(size, size) for size in dims] for name, dims in read_.items()}
        assert differences(proto, sizes, inferred(proto, sizes) or reference(proto, sizes)) == []


@pytest.mark.parametrize(("op", "gates"), [("LSTM", 4), ("GRU", 3), ("RNN", 1)])
@pytest.mark.parametrize("direction", ["forward", "reverse", "bidirectional"])
@pytest.mark.parametrize("layout", [0, 1])
@pytest.mark.parametrize("bias", [False, True])
def test_recurrent(op: str, gates: int, direction: str, layout: int, bias: bool) -> None:
    ways = 2 if direction == "bidirectional" else 1
    weights = [
        weight("w", ways, gates * 5, 4),
        weight("r", ways, gates * 5, 5),
        *[weight("b", ways, 2 * gates * 5)] * bias,
    ]
    dims = ["batch", "T", 4] if layout else ["T", "batch", 4]
    outputs = "y h c" if op == "LSTM" else "y h"
    made = node(op, f"x w r {'b' if bias else ''}", outputs, hidden_size=5, direction=direction, layout=layout)
    proto = model([made], {"x": dims}, weights, outputs=outputs)
    importer, network = read(proto)
    assert network.parameters == ways * gates * 5 * (4 + 5 + 2 * bias)
    steps, samples = 7, 3
    one = [samples, ways, 5] if layout else [ways, samples, 5]
    wanted = {"y": [samples, steps, ways, 5] if layout else [steps, ways, samples, 5], "h": one, "c": one}
    values = {Symbol("T"): steps, importer.state.batch: samples}
    for name in outputs.split():
        assert [evaluate(size, values) for size in importer.state.sizes(importer.state.values[name])] == wanted[name], (
            name
        )  # type: ignore[arg-type]


def test_layout_of_a_sequence_before_a_convolution() -> None:
    """An LSTM's states, transposed, are (channels, steps) to a convolution."""
    nodes = [
        node("LSTM", "x w r", "s", hidden_size=5),
        node("Squeeze", "s a", "q"),
        node("Transpose", "q", "t", perm=[1, 2, 0]),
        node("Conv", "t k", "y"),
    ]
    weights = [weight("w", 1, 20, 4), weight("r", 1, 20, 5), weight("k", 6, 5, 3), weight("a", numbers=np.array([1]))]
    proto = model(nodes, {"x": ["T", "batch", 4]}, weights)
    network = read(proto)[1]
    assert str(network.output) == "(6, T - 2)"
    assert network.parameters == 20 * 9 + 6 * 5 * 3


def test_a_batch_that_is_mixed_is_refused_in_words() -> None:
    for made, words in (
        (node("Concat", "x w", axis=0), "only some of them have the batch"),
        (node("Gather", "x i", axis=0), "holds the batch"),
        (node("Reshape", "x r"), "not as many for every batch"),
        (node("Softmax", "x", axis=0), "holds the batch"),
    ):
        weights = [weight("i", numbers=np.array([0])), weight("r", numbers=np.array([5, 7])), weight("w", 1, 3, 2, 2)]
        with pytest.raises(ModelError, match=words) as refused:
            read(model([made], IMAGE, weights, opset=13))
        assert "\n" not in str(refused.value)
        assert made.name in str(refused.value)


def test_the_batch_is_a_size_like_others() -> None:
    """It is merged with sizes and taken apart from them, reduced, and doubled."""
    whole = {"x": ["batch", 6, 8]}
    for nodes, weights, wanted in (
        ([node("Concat", "x x", "y", axis=0)], [], [4, 6, 8]),
        ([node("ReduceMean", "x", "y", axes=[0], keepdims=0)], [], [6, 8]),
        ([node("ReduceSum", "x", "y", keepdims=1)], [], [1, 1, 1]),
        ([node("Reshape", "x r", "y")], [weight("r", numbers=np.array([-1, 8]))], [12, 8]),
        ([node("Reshape", "x r", "y")], [weight("r", numbers=np.array([-1, 3, 2, 8]))], [2, 3, 2, 8]),
        ([node("Reshape", "x r", "y")], [weight("r", numbers=np.array([3, 2, -1]))], [3, 2, 16]),
        ([node("Tile", "x r", "y")], [weight("r", numbers=np.array([3, 1, 2]))], [6, 6, 16]),
        ([node("Einsum", "x x", "y", equation="nij,njk->ik")], [], None),
        ([node("Einsum", "x x", "y", equation="...ij,...kj->...ik")], [], [2, 6, 6]),
        ([node("Einsum", "x x", "y", equation="nij,nkj->nik")], [], [2, 6, 6]),
        ([node("Einsum", "x x", "y", equation="nij,nij->ij")], [], [6, 8]),
        (
            [node("Reshape", "x r", "rows"), node("MatMul", "rows w", "z"), node("Reshape", "z s", "y")],
            [weight("r", numbers=np.array([-1, 8])), weight("w", 8, 5), weight("s", numbers=np.array([-1, 6, 5]))],
            [2, 6, 5],
        ),
        (
            [node("Reshape", "x r", "images"), node("Conv", "images w", "z"), node("GlobalAveragePool", "z", "y")],
            [weight("r", numbers=np.array([-1, 1, 4, 4])), weight("w", 5, 1, 3, 3)],
            [6, 5, 1, 1],
        ),
        (
            [node("Reshape", "x r", "images"), node("Conv", "images w", "y", pads=[1, 1, 1, 1])],
            [weight("r", numbers=np.array([-1, 2, 2, 4])), weight("w", 5, 2, 3, 3)],
            [6, 5, 2, 4],
        ),
    ):
        proto = model(nodes, whole, weights, opset=13)
        if wanted is None:
            with pytest.raises(ModelError):
                read(proto)
        else:
            importer, _ = read(proto)
            found = [evaluate(size, {BATCH: 2}) for size in importer.state.sizes(importer.state.values["y"])]  # type: ignore[arg-type]
            assert found == wanted, nodes


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_a_batch_that_the_file_fixes(batch: int) -> None:
    """Windows, heads and rows of a number of samples that stands in the file as a number."""
    for names, shapes in (
        ("windows", ([batch, 2, 4, 2, 4, 5], [batch * 2, 2 * 16, 5], [batch * 4, 16, 5], [batch, 8, 8, 5])),
        ("rows", ([batch * 64, 5], [batch, 64, 5], [batch, 320], [batch, 1, 320], [batch * 320, 1])),
    ):
        nodes = [node("Reshape", f"x{number} r{number}", f"x{number + 1}") for number in range(len(shapes))]
        weights = [weight(f"r{number}", numbers=np.array(shape)) for number, shape in enumerate(shapes)]
        importer, _ = read(model(nodes, {"x0": [batch, 8, 8, 5]}, weights, outputs=f"x{len(shapes)}"))
        for number, shape in enumerate(shapes):
            sizes = importer.state.sizes(importer.state.values[f"x{number + 1}"])  # type: ignore[arg-type]
            assert [size.constant for size in sizes] == shape, names
