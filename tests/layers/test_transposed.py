"""Transposed convolution: its fibre, what is chosen in it, and what is refused."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from symnet.layers.kinds.transposed import Deconv
from symnet.layers.laws.law import Law
from symnet.layers.laws.transposed import (
    FIBRE,
    OUTPUT,
    SAME_FIBRE,
    centred_law,
    chosen_law,
    cropped_law,
    explicit_fibre,
    natural_law,
    same_fibre,
    stretched_law,
    times_stride_law,
)
from symnet.terms.evaluation import evaluate, holds
from symnet.terms.term import Symbol, Windows, integer
from tests.kernel.meaning import is_true, meaning
from tests.layers.asking import output, parameters, refusal, sizes, work

LAWS: dict[str, Law] = {
    f"natural {padding} {'dilated ' * dilated}{'added' * added}": natural_law(padding, dilated, added)
    for padding, dilated, added in product(("none", "even", "uneven"), (False, True), (False, True))
}
LAWS |= {"stretched": stretched_law(False), "stretched dilated": stretched_law(True), "same": times_stride_law()}
LAWS |= {"centred": centred_law(False), "centred dilated": centred_law(True)}
LAWS |= {
    f"cropped {'dilated ' * dilated}{'added' * added}": cropped_law(dilated, added)
    for dilated, added in product((False, True), repeat=2)
}
SMALL = {"W": range(1, 5), "F": range(1, 5), "S": range(1, 4), "D": (1, 2), "P": (0, 1), "P1": (0, 2), "P2": (0, 1)}
SMALL |= {"O": (0, 1), "o": range(1, 16)}


def points(symbols: tuple[Symbol, ...]) -> list[dict[Symbol, int]]:
    box = [SMALL[symbol.name] for symbol in symbols]
    return [dict(zip(symbols, values, strict=True)) for values in product(*box)]


@pytest.mark.parametrize("name", LAWS)
def test_a_law_counts(name: str) -> None:
    law = LAWS[name]
    met = 0
    for point in points(law.symbols):
        for theorem in (law.theorem, law.scaling):
            assert theorem is not None
            if all(holds(hypothesis, point) for hypothesis in theorem.hypotheses):
                size, formula = theorem.conclusion.args
                assert meaning(size, point) == evaluate(formula, point) >= 1
                met += 1
    assert met >= 24


def covered(size: int, kernel: int, stride: int, dilation: int) -> int:
    """How far the windows of a transposed convolution reach, entry by entry."""
    return 1 + max(position * stride + tap * dilation for position in range(size) for tap in range(kernel))


def test_without_padding_the_windows_are_covered() -> None:
    for size, kernel, stride, dilation in product(range(1, 6), range(1, 5), range(1, 4), range(1, 4)):
        layer = Deconv(1, kernel, stride, dilation=dilation)
        assert sizes(f"(1*{size}) -> {layer.notation}") == (1, covered(size, kernel, stride, dilation))


@pytest.mark.parametrize(
    ("theorem", "symbols"), [(explicit_fibre(), FIBRE), (same_fibre(), SAME_FIBRE)], ids=["explicit", "same"]
)
def test_the_fibre_counts(theorem: Any, symbols: tuple[Symbol, ...]) -> None:
    """Counting the windows of every output size finds exactly the interval."""
    for point in points(symbols):
        if all(holds(hypothesis, point) for hypothesis in theorem.hypotheses):
            assert is_true(theorem.conclusion, point)


@pytest.mark.parametrize(
    "law",
    [natural_law("none", False, False), natural_law("even", False, False), natural_law("uneven", True, False)],
    ids=["none", "even", "uneven"],
)
def test_what_is_chosen_is_in_the_fibre(law: Law) -> None:
    fibre = explicit_fibre()
    for point in points(law.symbols):
        chosen = evaluate(law.theorem.conclusion.args[1], point)
        both = {symbol: point.get(symbol, 1 if symbol.name == "D" else 0) for symbol in FIBRE}
        for end in ("P1", "P2"):
            both[Symbol(end, 0)] = point.get(Symbol(end, 0), point.get(Symbol("P", 0), 0))
        both[OUTPUT] = chosen
        if chosen >= 1:
            assert is_true(fibre.conclusion.args[0], both)


def test_stretched_and_cropped_and_the_multiple_are_in_the_fibre() -> None:
    for size, kernel, stride, dilation in product(range(1, 5), range(1, 5), range(1, 4), range(1, 3)):
        layer = Deconv(1, kernel, stride, dilation=dilation)
        least, most = map(evaluate, layer.possible(integer(size)))
        reach = dilation * (kernel - 1) + 1
        assert least <= stride * (size - 1) + max(reach, stride) <= most
        least, most = map(evaluate, Deconv(1, kernel, stride, "same", dilation=dilation).possible(integer(size)))
        assert least <= stride * size <= most
        assert list(range(least, most + 1)) == [o for o in range(1, 20) if -(-o // stride) == size]


def test_the_fibre_of_an_axis() -> None:
    layer = Deconv(1, (3, 5), (2, 3), [(0, 1), (2, 2)])
    for axis, expected in ((0, [6, 7]), (1, [7, 8, 9])):
        theorem = layer.fibre(integer(3), axis)
        found = [o for o in range(1, 30) if holds(theorem.conclusion.args[1], {OUTPUT: o})]
        assert found == expected
        assert all(is_true(theorem.conclusion, {OUTPUT: o}) for o in range(1, 30))


# ---- the lecture notes and the frameworks --------------------------------------------------------------------


def test_the_notes_example() -> None:
    assert sizes("(1*2*2) -> Deconv|1|3|2|same") == (1, 4, 4)
    assert sizes("(1*2*2) -> Deconv|1|3|2|same|output=3") == (1, 3, 3)
    assert refusal("(1*2*2) -> Deconv|1|3|2|same|output=5").endswith(
        "5 is not a possible output: a stride-2 convolution takes 3 or 4 to 2"
    )


VAE = "HWC:1x1x1024 -> Deconv|128|5|2 -> Deconv|64|5|2 -> Deconv|32|6|2 -> Deconv|3|6|2"


def test_the_decoder_of_world_models() -> None:
    assert sizes(VAE) == (64, 64, 3)
    encoder = "HWC:64x64x3 -> Conv|32|4|2 -> Conv|64|4|2 -> Conv|128|4|2 -> Conv|256|4|2"
    assert sizes(encoder) == (2, 2, 256)
    heads = 2 * parameters("1024 -> FC|32") + parameters("32 -> FC|1024")
    assert parameters(encoder) + heads + parameters(VAE) == 4348547


@pytest.mark.parametrize(
    ("network", "expected"),
    [
        ("(1*5) -> Deconv|1|2|3", 14),  # 3·4 + 2
        ("(1*5) -> Deconv|1|2|3|framework=keras", 15),  # 3·4 + max(2, 3)
        ("(1*5) -> Deconv|1|2|3|framework=tensorflow", 15),
        ("(1*5) -> Deconv|1|2|3|framework=torch", 14),
        ("(1*5) -> Deconv|1|2|3|framework=onnx", 14),
        ("(1*5) -> Deconv|1|4|2|same|framework=keras|output_padding=1", 9),  # 2·4 + 4 − 4 + 1
        ("(1*5) -> Deconv|1|3|2|same|output_padding=1", 10),
        ("(1*5) -> Deconv|1|3|2|same|output_padding=0", 9),
        ("(1*5) -> Deconv|1|3|2|same|framework=onnx", 10),
        ("(1*5) -> Deconv|1|1|2|same|framework=onnx", 9),  # nothing can be cropped
        ("(1*5) -> Deconv|1|3|2|1|output_padding=1", 10),
        ("(1*5) -> Deconv|1|3|1|dilation=2|output_padding=1|framework=torch", 10),
        ("(1*3) -> Deconv|1|3|2|output=7|framework=onnx", 7),
        ("(1*3) -> Deconv|1|3|2|output=6|framework=onnx", 6),  # padding derived: 1
        ("(1*3) -> Deconv|1|3|2|output=8|framework=torch", 8),
        ("(1*3) -> Deconv|1|3|2|(0, 1)", 6),
    ],
)
def test_conventions(network: str, expected: int) -> None:
    assert sizes(network) == (1, expected)


def test_onnx_node_test_convtranspose_output_shape() -> None:
    assert sizes("(1*3*3) -> Deconv|2|3|3*2|output=10*8|framework=onnx") == (2, 10, 8)
    assert sizes("(1*3*3) -> Deconv|2|3|3*2|output_padding=1*1|framework=onnx") == (2, 10, 8)


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        ("Deconv|1|3|2|output=7", "7 is not a possible output: a stride-2 convolution takes 5 or 6 to 2"),
        ("Deconv|1|3|1|output=7", "7 is not a possible output: a stride-1 convolution takes 4 to 2"),
        ("Deconv|1|3|5|output=7", "7 is not a possible output: a stride-5 convolution takes 8 to 12 to 2"),
        ("Deconv|1|3|2|output_padding=2", "7 is not a possible output: a stride-2 convolution takes 5 or 6 to 2"),
        (
            "Deconv|1|3|1|1|dilation=2|output_padding=1",
            "5 is not a possible output: a stride-1 convolution takes 4 to 2; PyTorch allows it, as its rule is "
            "output_padding < max(stride, dilation): framework=torch",
        ),
        (
            "Deconv|1|3|2|same|dilation=3|output_padding=2",
            "5 is not a possible output: a stride-2 convolution takes 3 or 4 to 2; ONNX allows it",
        ),
        ("Deconv|1|2|2|same|output_padding=0", "2 is not a possible output: a stride-2 convolution takes 3 or 4 to 2"),
        (
            "Deconv|1|3|2|output=5|output_padding=0",
            "output and output_padding both say which size is meant; give one of them",
        ),
        (
            "Deconv|1|1|1|1",
            "1 ≤ 1·(2 − 1) + 1 − 2·1 (= 0) does not hold; padding of at most 1 on both sides together would fit",
        ),
        (
            "Deconv|1|3|2|output_padding=2|framework=torch",
            "less than the stride or the dilation: 2 < max(2, 1) (= 2) does not hold",
        ),
        (
            "Deconv|1|3|2|output_padding=2|framework=keras",
            "output_padding must be less than the stride: 2 < 2 does not hold",
        ),
        ("Deconv|1|3|2|output=6|framework=keras", "Keras has no output size; output_padding gives it"),
        ("Deconv|1|3|2|output=7|framework=torch", "takes 5 or 6 to 2"),
        ("Deconv|1|3|2|framework=tensorflow|output_padding=1", "give output="),
        ("Deconv|1|3|2|same|framework=torch", "PyTorch has no padding='same'; write Cropping after it"),
        ("Deconv|1|3|2|(0, 1)|framework=torch", "PyTorch has the same padding before and after only"),
        ("Deconv|1|3|2|1|framework=keras", "Keras has no amounts of padding; write Cropping after it"),
        ("Deconv|1|3|2|dilation=2|framework=keras", "Keras takes a stride or a dilation above 1, not both"),
        ("Deconv|1|3|2|output=1|framework=onnx", "does not hold"),
        ("Deconv|2|3|groups=3", "3 groups cannot share 1 input channels evenly"),
    ],
)
def test_refusals(layer: str, words: str) -> None:
    assert words in refusal(f"(1*2) -> {layer}")


def test_symbols() -> None:
    assert output("(3*W*W) -> Deconv|K|4|2|1") == ("K", "2*W", "2*W")
    assert output("(3*W*W) -> Deconv|K|F|S|P -> Conv|3|3|1|1")[1] == "S*W + F - 2*P - S"
    assert output("(3*W*W) -> Conv|8|4|2|1 -> Deconv|3|4|2|1") == ("3", "2*(W//2)", "2*(W//2)")
    assert output("(3*W*W) -> Deconv|3|4|2|1 -> Conv|8|4|2|1") == ("8", "W", "W")  # the way back


def test_work_counts_input_positions() -> None:
    assert work("(8*5*5) -> Deconv|4|3|2") == 8 * 5 * 5 * 3 * 3 * 4
    assert work("(8*5*5) -> Deconv|4|3|2|groups=2") == 8 * 5 * 5 * 3 * 3 * 2


@pytest.mark.parametrize(
    ("network", "expected"),
    [
        ("(8*5*5) -> Deconv|4|3|2", 3 * 3 * 8 * 4 + 4),
        ("(8*5*5) -> Deconv|4|3|2|bias=no", 3 * 3 * 8 * 4),
        ("(8*5*5) -> Deconv|4|3*2|2|groups=2", 8 * 2 * 3 * 2 + 4),
        ("(8*5) -> Conv1DTranspose|4|3", 3 * 8 * 4 + 4),
        ("(8*5*5*5) -> ConvTranspose3d|4|3", 27 * 8 * 4 + 4),
    ],
)
def test_parameters(network: str, expected: int) -> None:
    assert parameters(network) == expected


def test_the_chosen_size_is_the_size() -> None:
    one = integer(1)
    for mode in ("explicit", "same", "pads"):
        assert chosen_law(mode).theorem.conclusion.args == (Windows(OUTPUT, one, one, one), OUTPUT)
