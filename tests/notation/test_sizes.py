"""How sizes are written: separated by x, in brackets, without a name, with a prefix that says what each is."""

from __future__ import annotations

import itertools

import pytest

from symnet import Network
from symnet.errors import NotationError, SymnetError
from symnet.notation.parse import parse_network, parse_question
from symnet.notation.writer import write_network


def dims(text: str) -> list[str]:
    """The sizes of the input."""
    return [str(size) for size in Network.parse(f"{text} -> Activation|relu").output]


def test_x_separates_sizes_as_commas_do() -> None:
    for names in itertools.product(("3", "W", "H", "C1", "K_2", "C_in", "12", "α"), repeat=3):
        expected = parse_network(f"({', '.join(names)}) -> ReLU").input.dims
        for text in ("x".join(names), " x ".join(names), "*".join(names)):
            assert parse_network(f"{text} -> ReLU").input.dims == expected, text


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("3xWxW", ["3", "W", "W"]),
        ("3xHxW", ["3", "H", "W"]),
        ("HWC:HxWx3", ["H", "W", "3"]),
        ("CHW:3xHHxWW", ["3", "HH", "WW"]),
        ("3x(2*K)xW", ["3", "2*K", "W"]),
        ("(3*x*x)", ["3", "x", "x"]),
        ("3*x1*xs", ["3", "x1", "xs"]),
        ("max_pool*box*axes", ["max_pool", "box", "axes"]),
        ("[1,28,28]", ["1", "28", "28"]),
        ("[3, H, W]", ["3", "H", "W"]),
        ("let K = 2\n[K, 8, 8]", ["2", "8", "8"]),
    ],
)
def test_input(text: str, sizes: list[str]) -> None:
    assert dims(text) == sizes


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Conv|4|FxF", "Conv|4|F*F"),
        ("Conv|4|3|1|Px1", "Conv|4|3|1|P*1"),
        ("Conv|4|kx3|sx1", "Conv|4|k*3|s*1"),
        ("Conv|8|3,3", "Conv|8|3*3"),
        ("Conv|8|3,5|1,2", "Conv|8|3*5|1*2"),
        ("Conv|8|[3,5]", "Conv|8|3*5"),
        ("Conv|8|3|1|1,1", "Conv|8|3|1|1*1"),
        ("Conv|8|3|1|[1,1]", "Conv|8|3|1|1*1"),
        ("Conv|8|3|1|padding=[1,1,1,1]", "Conv|8|3|1|1"),
        ("Conv|8|3|padding='same'", "Conv|8|3|padding=same"),
        ('Conv|8|3|1|"same"', "Conv|8|3|1|same"),
        ("Maxpool|2|None", "Maxpool|2"),
        ("Maxpool|2|stride=None", "Maxpool|2"),
        ("Conv|k=7|s=2|p=3|8", "Conv|8|7|2|3"),
        ("Conv|K=8|F=7|S=2|P=3", "Conv|8|7|2|3"),
        ("Conv|8|F=3|D=2|g=1", "Conv|8|3|dilation=2|groups=1"),
        ("Maxpool|k=3|s=2|p=1", "Maxpool|3|2|1"),
        ("Deconv|4|k=3|s=2|O=1", "Deconv|4|3|2|output_padding=1"),
        ("FC|N=10", "FC|10"),
    ],
)
def test_arguments(text: str, same: str) -> None:
    source = "(3*32*32) -> "
    assert parse_network(source + text) == parse_network(source + same)
    assert (
        parse_question(f"{source}{text} -> Activation|relu = (_, _, _)").graph.nodes[0]
        == parse_network(source + same).nodes[0]
    )


def test_the_letter_f_could_be_the_filters_too() -> None:
    with pytest.raises(NotationError, match="Conv has no 'f'"):
        parse_network("(3*8*8) -> Conv|8|f=3")


@pytest.mark.parametrize("value", ["1,2", "[1,2]", "[1, 1, 2]"])
def test_amounts_that_could_be_two_things_are_asked_for(value: str) -> None:
    with pytest.raises(NotationError, match=r"write padding=1\*"):
        parse_network(f"(3*8*8) -> Conv|8|3|1|{value}")


@pytest.mark.parametrize("hole", ["?", "None"])
def test_a_size_without_a_name_is_one_of_its_own(hole: str) -> None:
    first, second, third = parse_network(f"HWC:({hole},{hole},{hole}) -> FC|3").input.dims
    assert [size.name for size in (first, second, third)] == ["H", "W", "C"]  # type: ignore[attr-defined]
    graph = parse_network(f"(3*W*W) -> Conv|8|{hole} -> Conv|8|{hole} -> 2 * [Conv|8|{hole}] -> FC|F")
    kernels = [str(node.layer.kernel[0]) for node in graph.nodes[:-1]]  # type: ignore[attr-defined]
    assert kernels == ["<Symbol F1>", "<Symbol F2>", "<Symbol F3>", "<Symbol F3>"]
    assert parse_network(write_network(graph)) == graph
    assert len(graph.notes) == 1
    assert graph.notes[0].startswith(hole)


def test_an_unknown_of_a_question() -> None:
    question = parse_question("(3,224,224) -> Conv|64|7|?|3 = (64, ?, None)")
    assert question.target is not None
    assert question.target[1:] == (None, None)
    assert str(question.graph.nodes[0].layer.stride[0]) == "<Symbol S>"  # type: ignore[attr-defined]


ORDERS = {
    "CHW": ((3, 8, 9), "channels_first"), "HWC": ((8, 9, 3), "channels_last"), "CL": ((3, 8), "channels_first"),
    "LC": ((8, 3), "channels_last"), "WC": ((8, 3), "channels_last"), "CDHW": ((3, 7, 8, 9), "channels_first"),
    "DHWC": ((7, 8, 9, 3), "channels_last"), "TD": ((8, 3), "sequence"), "TC": ((8, 3), "sequence"),
}  # fmt: skip


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("batch", ["", "N", "B", "n"])
@pytest.mark.parametrize("given", [False, True])
def test_prefixes(order: str, batch: str, given: bool) -> None:
    sizes, layout = ORDERS[order]
    shown = [batch.upper(), *map(str, sizes)] if given and batch else list(map(str, sizes))
    graph = parse_network(f"{batch}{order}:({', '.join(shown)}) -> Activation|relu")
    assert [size.constant for size in graph.input.dims] == list(sizes)
    assert graph.input.layout == layout
    assert bool(graph.notes) == (given and bool(batch))
    assert parse_network(write_network(graph)) == graph


@pytest.mark.parametrize("text", ["NCHW:3x4", "NCHW:(1,2,3,4,5)", "XYZ:3x4x5", "HCW:3x4x5", "NN:3x4", ":3x4"])
def test_prefixes_that_are_none(text: str) -> None:
    with pytest.raises(SymnetError):
        parse_network(f"{text} -> FC|10")
