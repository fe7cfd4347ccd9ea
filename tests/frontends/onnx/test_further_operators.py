"""Operators beyond those of plain networks, each imported once and compared at several sizes with a runtime."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from symnet.errors import ModelError
from tests.frontends.onnx.protos import model, node, onnx, read, weight
from tests.frontends.onnx.several_sizes import BACK, IMAGE, STEPS, TWO, agree_on, graph, one, ours, table, whole

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore::")]

LOOP = graph(
    [node("MatMul", "h w", "m"), node("Add", "m b", "n"), node("Identity", "go", "on"), node("Identity", "n", "r")],
    ["it", "go", "h"],
    ["on", "n", "r"],
)
COUNT = graph([node("Less", "it limit", "on"), node("Relu", "h", "n")], ["it", "go", "h"], ["on", "n"])
SCAN = graph([node("Add", "h e", "n"), node("Relu", "n", "r")], ["h", "e"], ["n", "r"])
MAPPED = graph([node("Relu", "e", "r")], ["e"], ["r"])


def _times_range(ends: str) -> list[Any]:
    """The input z times a range from, to and in steps of ``ends``, of which n is the second size of the input x."""
    return [
        node("Shape", "x", "l", start=1, end=2),
        node("Squeeze", "l", "n"),
        node("Range", ends, "r"),
        node("Cast", "r", "f", to=1),
        node("Unsqueeze", "f u", "g"),
        node("MatMul", "z g"),
    ]


#: The name of the case, and the arguments of :func:`agree`.
CASES: dict[str, tuple[Any, ...] | tuple[tuple[Any, ...], dict[str, Any]]] = {
    "grid_sample": ([node("GridSample", "x g")], {**IMAGE, "g": ["batch", 5, "T", 2]}),
    "affine_grid": (
        [node("Shape", "z", "a", start=0, end=1), node("Concat", "a b", "c", axis=0), node("AffineGrid", "x c")],
        {"x": ["batch", 2, 3], "z": ["batch", 4]},
        [whole("b", 3, 5, 7)],
    ),
    "roi_align": (
        ([node("RoiAlign", "x r b", output_height=3, output_width=4)], {**IMAGE, "r": ["batch", 4], "b": ["batch"]}),
        {"integers": ["b"], "opset": 16},
    ),
    "max_roi_pool": ([node("MaxRoiPool", "x r", pooled_shape=[2, 3])], {**IMAGE, "r": ["batch", 5]}),
    "deform_conv": (
        (
            [node("DeformConv", "x w o b", pads=[1, 1, 1, 1])],
            {**IMAGE, "o": ["batch", 18, "H", "W"]},
            [weight("w", 4, 3, 3, 3), weight("b", 4)],
        ),
        {"opset": 19, "parameters": 112},
    ),
    "col2im": (
        [node("Col2Im", "x i b", pads=[0, 1, 0, 1], strides=[1, 2], dilations=[1, 2])],
        {"x": ["batch", 12, 12]},
        [whole("i", 5, 6), whole("b", 2, 2)],
    ),
    "max_unpool": ([node("MaxPool", "x", "p i", **BACK), node("MaxUnpool", "p i", **BACK)], IMAGE),
    "center_crop_pad": ([node("CenterCropPad", "x s", axes=[2, 3])], IMAGE, [whole("s", 10, 11)]),
    "dft_17": (([node("DFT", "x", axis=1, onesided=1)], {"x": ["batch", "T", 1]}), {"opset": 17}),
    "dft_20": ([node("DFT", "x n a", onesided=1)], {"x": ["batch", "T", 1]}, [one("n", 6), one("a", 1)]),
    "dft_back": (
        ([node("DFT", "x", axis=1, onesided=1, inverse=1)], {"x": ["batch", "T", 2]}),
        {"opset": 17},
    ),
    "stft": (
        [node("STFT", "x s w")],
        {"x": ["batch", "T", 1]},
        [one("s", 2), onnx.numpy_helper.from_array(np.ones(6, np.float32), "w")],
    ),
    "stft_without_window": (
        [node("STFT", "x s - f", onesided=0)],
        {"x": ["batch", "T", 1]},
        [one("s", 3), one("f", 5)],
    ),
    "gather_nd": (
        ([node("GatherND", "x i", batch_dims=1)], {"x": ["batch", 5, "H"], "i": ["batch", 4, 1]}),
        {"integers": ["i"]},
    ),
    "gather_nd_of_a_table": (
        ([node("GatherND", "w i")], {"i": ["batch", "T", 2]}, [weight("w", 5, 6, 7)]),
        {"integers": ["i"], "parameters": 210},
    ),
    "top_k_as_many_as_a_size": (
        (
            [node("Shape", "z", "k", start=1, end=2), node("TopK", "x k", "y v")],
            {"x": ["batch", 20], "z": ["batch", "H"]},
        ),
        {"outputs": "y v"},
    ),
    "split_to_sequence": (
        [node("SplitToSequence", "x n", "q", axis=1), node("SequenceAt", "q i")],
        {"x": ["batch", 7, "T"]},
        [one("n", 3), one("i", 2)],
    ),
    "split_to_lengths": (
        [node("SplitToSequence", "x n", "q", axis=1), node("SequenceAt", "q i")],
        {"x": ["batch", 7, "T"]},
        [whole("n", 3, 4), one("i", -1)],
    ),
    "split_to_single_entries": (
        [node("SplitToSequence", "x", "q", axis=1, keepdims=0), node("ConcatFromSequence", "q", axis=2, new_axis=1)],
        {"x": ["batch", 4, "T"]},
    ),
    "sequences": (
        [
            node("SequenceConstruct", "x x", "q"),
            node("SequenceInsert", "q x", "r"),
            node("SequenceErase", "r", "t"),
            node("ConcatFromSequence", "t", axis=2),
        ],
        {"x": ["batch", 4, "T"]},
    ),
    "sequence_map": (
        [
            node("SequenceConstruct", "x x", "q"),
            node("SequenceMap", "q", "m", body=MAPPED),
            node("ConcatFromSequence", "m", axis=1),
        ],
        STEPS,
    ),
    "loop": (
        (
            [node("Loop", "times c x", "y z", body=LOOP)],
            {"x": ["batch", "T", 5]},
            [one("times", 3), one("c", True, bool), weight("w", 5, 5), weight("b", 5)],
        ),
        {"outputs": "y z", "parameters": 30},
    ),
    "loop_until": (
        [node("Loop", "- c x", "y", body=COUNT)],
        STEPS,
        [one("c", True, bool), one("limit", 4)],
    ),
    "scan": (
        (
            [node("Scan", "s x", "y z", body=SCAN, num_scan_inputs=1, scan_input_axes=[1], scan_output_axes=[1])],
            {"x": ["batch", 4, 5], "s": ["batch", 5]},
        ),
        {"outputs": "y z"},
    ),
    "nll_loss": (
        ([node("NegativeLogLikelihoodLoss", "x t", reduction="none")], {"x": ["batch", 3, "H"], "t": ["batch", "H"]}),
        {"integers": ["t"]},
    ),
    "cross_entropy": (
        ([node("SoftmaxCrossEntropyLoss", "x t", "y l")], {"x": ["batch", 3, "H"], "t": ["batch", "H"]}),
        {"integers": ["t"], "outputs": "y l"},
    ),
    "det": ([node("Det", "x")], {"x": ["batch", 3, 4, 4]}),
    "eye_like": ([node("EyeLike", "x")], {"x": ["batch", 4]}),
    "range_in_steps": (
        _times_range("a n c"),
        {"x": ["batch", "T"], "z": ["batch", "H", 1]},
        [one("a", 1), one("c", 2), whole("u", 0)],
    ),
    "range_backwards": (
        _times_range("n a c"),
        {"x": ["batch", "T"], "z": ["batch", "H", 1]},
        [one("a", 1), one("c", -3), whole("u", 0)],
    ),
    "window": ([node("HannWindow", "n", "w"), node("Mul", "x w")], STEPS, [one("n", 8)]),
    "random_normal": ([node("RandomNormal", "", "w", shape=[1, 8]), node("Mul", "x w")], STEPS),
    "mel_weights": (
        [node("MelWeightMatrix", "a b c d e", "m"), node("MatMul", "x m")],
        {"x": ["batch", "T", 9]},
        [one("a", 4), one("b", 16), one("c", 8000), one("d", 0, np.float32), one("e", 4000, np.float32)],
    ),
    "optional": (([node("Optional", "x", "o"), node("OptionalGetElement", "o")], STEPS), {"opset": 18}),
    "has_element": (
        ([node("OptionalHasElement", "x", "o"), node("Cast", "o", "f", to=1), node("Add", "x f")], STEPS),
        {"opset": 18},
    ),
    "multinomial": ([node("Multinomial", "x", sample_size=3)], {"x": ["batch", 8]}),
    "swiglu": (([node("SwiGLU", "x z")], TWO), {"opset": 28}),
}


@pytest.mark.parametrize("name", CASES)
def test_an_operator_has_the_sizes_of_the_runtime(name: str) -> None:
    agree_on(CASES[name])


REFUSED = {
    "points for 1 images, and there are batch": ([node("GridSample", "x g")], IMAGE, [weight("g", 1, 4, 5, 2)]),
    "takes examples out of the batch": ([node("GatherND", "x i")], STEPS, [table("i", 3, 2)]),
    "takes entry 5 of 5": ([node("GatherND", "w i")], STEPS, [weight("w", 5, 7), whole("i", 5)]),
    "runs T times; say that size as a number with --input": (
        [node("Scan", "s x", "y z", body=SCAN, num_scan_inputs=1, scan_input_axes=[1])],
        {"x": ["batch", "T", 5], "s": ["batch", 5]},
    ),
    "no sequence whose length is known": ([node("SequenceAt", "x i")], STEPS, [one("i", 0)]),
    "asks for position 2 of 2": (
        [node("SequenceConstruct", "x x", "q"), node("SequenceAt", "q i")],
        STEPS,
        [one("i", 2)],
    ),
    "whether it runs at all depends on the values": (
        [
            node("ReduceMax", "x", "m", keepdims=0),
            node("Cast", "m", "c", to=9),
            node("Loop", "times c x", "y", body=COUNT),
        ],
        STEPS,
        [one("times", 3), one("limit", 4)],
    ),
    "has a left window of -2 steps": (
        [node("Attention", "x x x", q_num_heads=2, kv_num_heads=2, left_window_size=-2)],
        STEPS,
    ),
    "no layer is known for Nothing .domain com.microsoft": ([ours("Nothing", "x")], STEPS),
}


@pytest.mark.parametrize("words", REFUSED)
def test_what_depends_on_values_is_refused_in_words(words: str) -> None:
    nodes, inputs, *weights = REFUSED[words]
    with pytest.raises(ModelError, match=words):
        read(model(nodes, inputs, *weights))


def test_the_turns_of_a_loop_share_their_weights_and_each_counts_its_work() -> None:
    """Three turns of a dense layer of 5 units have its 30 parameters, and three times its multiply-adds."""
    nodes = [node("Loop", "times c x", "y z", body=LOOP)]
    weights = [one("times", 3), one("c", True, bool), weight("w", 5, 5), weight("b", 5)]
    network = read(model(nodes, {"x": ["batch", 4, 5]}, weights, outputs="y z"))[1]
    assert network.parameters == 30
    assert network.multiply_adds == 3 * 4 * 25
