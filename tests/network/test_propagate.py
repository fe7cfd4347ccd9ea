"""Sizes and parameters through a network: published numbers, windows counted one by one, and networks that do not fit."""

from __future__ import annotations

from itertools import groupby

import pytest
from hypothesis import example, given

from symnet.errors import LayerError, NotationError, SymnetError
from symnet.network.network import Network
from symnet.terms.evaluation import evaluate
from symnet.terms.term import Term
from tests.network.stacks import Deconv, NoWindow, Upsample, Window, every_stack, notation, sizes
from tests.networks import KNOWN, Known


def numbers(shape: tuple[Term, ...]) -> tuple[int | None, ...]:
    return tuple(size.constant for size in shape)


@pytest.mark.parametrize("known", [known for known in KNOWN if known.sizes], ids=str)
def test_published_sizes(known: Known) -> None:
    network = Network.parse(known.text)
    outputs = [numbers(place.output.dims) for place in network.placed[1:]]
    assert [shape for shape, _ in groupby(outputs)] == list(known.sizes)


@pytest.mark.parametrize("known", KNOWN, ids=str)
def test_published_costs(known: Known) -> None:
    network = Network.parse(known.text)
    assert network.parameters == known.parameters
    assert network.non_trainable == known.non_trainable
    assert network.trainable == known.parameters - known.non_trainable
    if known.multiply_adds is not None:
        assert network.multiply_adds == known.multiply_adds


MNIST = [(0, 0), (832, 460_800), (0, 0), (9_248, 921_600), (0, 0), (205_056, 204_800), (2_570, 2_560)]


def test_the_lecture_notes_table_row_by_row() -> None:
    layers = Network.parse(KNOWN[0].text).proof.layers

    def number(theorems: tuple) -> int:
        return evaluate(theorems[-1].conclusion.args[1]) if theorems else 0

    assert [(number(layer.parameters), number(layer.work)) for layer in layers] == MNIST


def given_sizes(stack: list[Window | Deconv | Upsample], size: int) -> list[int | None] | None:
    """What symnet says, layer by layer; ``None`` if it refuses."""
    try:
        network = Network.parse(notation(stack, size))
    except LayerError:
        return None
    return [numbers(place.output.axes)[0] for place in network.placed[1:]]


@given(every_stack())
@example([Window(1, 3, mode="same"), Window(3, 2, 1, 1, ceil=True)])
@example([Window(2, 3, ceil=True)])  # the last window would start outside
@example([Deconv(1, 2, 0, 1), Upsample(3), Window(5, 3, dilation=2)])
def test_sizes_are_counts_of_windows(stack: list[Window | Deconv | Upsample]) -> None:
    fitting = 0
    for size in range(1, 33):
        try:
            counted: list[int] | None = sizes(stack, size)
        except NoWindow:
            counted = None
        assert given_sizes(stack, size) == counted, f"input {size}"
        fitting += counted is not None
    assert fitting or len(stack) > 1


REFUSED = [
    (
        "(1*5*5) -> Conv|32|9*9",
        "layer 1 (conv1, Conv|32|9*9): H and W: 9 ≤ 5 + 2·0 (= 5) does not hold; a kernel of at most 5 or padding of at least 2 or "
        "an input of at least 9 would fit",
    ),
    (
        "(1*28*28) -> Maxpool|2 -> Maxpool|2 -> Maxpool|2 -> Maxpool|2 -> Conv|8|3",
        "layer 5 (conv1, Conv|8|3): H and W: 3 ≤ 1 + 2·0 (= 1) does not hold; a kernel of at most 1 or padding of at least 1 or an "
        "input of at least 48 would fit",
    ),
    (
        "(1*28*3) -> ReLU -> Conv|8|(3, 5)",
        "layer 2 (conv1, Conv|8|3*5): W: 5 ≤ 3 + 2·0 (= 3) does not hold; a kernel of at most 3 or padding of at least 1 or "
        "an input with W ≥ 5 would fit",
    ),
    (
        "(3*8*8) @a -> Conv|4|3|1|1 -> Add|a",
        "layer 2 (add1, Add): Add needs equal channels: 4 = 3 does not hold; conv1: filters=3 would fit",
    ),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_what_does_not_fit_is_refused_with_its_numbers(text: str, message: str) -> None:
    with pytest.raises(LayerError) as refused:
        Network.parse(text)
    assert str(refused.value) == message


@pytest.mark.parametrize("kernel", [6, 9, 40])
def test_the_remedies_are_true(kernel: int) -> None:
    """Each way that the message names makes the layer fit, and no less does."""
    with pytest.raises(LayerError) as refused:
        Network.parse(f"(1*5*5) -> Conv|2|{kernel}")
    largest, padding, size = (int(word) for word in str(refused.value).split("; ")[1].split() if word.isdigit())
    template = "(1*{0}*{0}) -> Conv|2|{1}|1|{2}".format
    for fits, just_not in (
        ((5, largest, 0), (5, largest + 1, 0)),
        ((5, kernel, padding), (5, kernel, padding - 1)),
        ((size, kernel, 0), (size - 1, kernel, 0)),
    ):
        Network.parse(template(*fits))
        with pytest.raises(LayerError):
            Network.parse(template(*just_not))


@pytest.mark.parametrize(
    "text",
    [
        "(1*28*28) -> Conv|32|5|0",
        "(1*28*28) -> Conv|0|5",
        "(1*28*28) -> Conv|32|2.5",
        "(1*28*28) -> Cov|32|5",
        "(1*28*28) -> Conv|32|5|1|-1",
        "(1*0*28) -> Conv|32|5",
    ],
)
def test_what_is_no_layer_is_refused_at_its_place(text: str) -> None:
    with pytest.raises(NotationError) as refused:
        Network.parse(text)
    message, line, caret = str(refused.value).splitlines()
    assert line.strip() == text
    assert caret.strip() == "^"
    assert message


def test_a_symbol_that_fits_nowhere_is_refused() -> None:
    with pytest.raises(SymnetError, match="holds for no size"):
        Network.parse("(3*W*W) @a -> Conv|3|3 -> Add|a")
