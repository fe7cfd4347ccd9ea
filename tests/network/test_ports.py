"""What weights that are ported must mind: windows, biases, gates, the order in which a Flatten reads."""

from __future__ import annotations

import json

import pytest

from symnet import Network, compare
from symnet.network.alignment import alignment
from symnet.network.ports import port_notes


def notes(one: str, two: str) -> dict[str, str]:
    left, right = Network.parse(one), Network.parse(two)
    return {note.what: note.words for note in port_notes(left, right, alignment(left, right))}


@pytest.mark.parametrize("kernel", [3, 5, 7])
@pytest.mark.parametrize("size", [31, 32, 224])
def test_the_zero_pad_is_named_where_the_windows_are_apart(kernel: int, size: int) -> None:
    """By hand: SAME pads max((⌈W/2⌉ − 1)·2 + F − W, 0) in all, the smaller half before; PyTorch pads (F − 1)/2 before."""
    total = max((-(-size // 2) - 1) * 2 + kernel - size, 0)
    found = notes(
        f"(3*{size}*{size}) -> Conv|8|{kernel}|2|same", f"(3*{size}*{size}) -> Conv|8|{kernel}|2|{kernel // 2}"
    )
    assert ("windows" in found) == (total // 2 != kernel // 2)
    if "windows" in found:
        assert f"a ZeroPad of {kernel // 2} before and {kernel // 2} after" in found["windows"]


def test_shifts_add_up_on_the_input() -> None:
    left = Network.parse("(3*224*224) -> Conv|64|7|2|same -> Maxpool|3|2|same")
    right = Network.parse("(3*224*224) -> Conv|64|7|2|3 -> Maxpool|3|2|1")
    words = [note.words for note in port_notes(left, right, alignment(left, right))]
    assert (
        words[0]
        == "in all, what one entry of the output sees starts 3 entries of the input earlier in the second (H and W)"
    )
    assert any("a max pool does not pad with 0" in word for word in words)


def test_gates_and_biases() -> None:
    assert "reorder" in notes("(10*8) -> GRU|16|framework=keras", "(10*8) -> GRU|16|framework=torch")["gates"]
    assert "biases" in notes("(10*8) -> LSTM|16|framework=keras", "(10*8) -> LSTM|16|framework=torch")
    assert "gates" not in notes("(10*8) -> LSTM|16|framework=keras", "(10*8) -> LSTM|16|framework=torch")
    assert "reset" in notes("(10*8) -> GRU|16|reset_after=no", "(10*8) -> GRU|16")
    assert "epsilon" in notes("(3*8*8) -> BN|framework=keras", "(3*8*8) -> BN|framework=torch")
    assert "epsilon" not in notes("(3*8*8) -> BN|framework=keras|epsilon=0.00001", "(3*8*8) -> BN|framework=torch")
    assert "bias" in notes("(3*8*8) -> Conv|8|3", "(3*8*8) -> Conv|8|3|bias=no")


def test_padding_that_one_pool_counts() -> None:
    same, zeros = "(3*9*9) -> Avgpool|3|2|same", "(3*9*9) -> ZeroPad|1 -> Maxpool|3|2"
    assert "count_include_pad=False in the second" in notes(same, "(3*9*9) -> Avgpool|3|2|1")["padding"]
    assert "padding" not in notes(same, same)
    assert "no entry is negative" in notes("(3*9*9) -> Maxpool|3|2|1", zeros)["padding"]
    assert "padding" not in notes("(3*9*9) -> Maxpool|3|2|1", "(3*9*9) -> Maxpool|3|2|same")


def test_a_flatten_reads_in_another_order() -> None:
    assert "4 × 6 × 6" in notes("HWC:6x6x4 -> Flatten -> FC|10", "(4*6*6) -> Flatten -> FC|10")["order"]
    assert "order" not in notes("HWC:6x6x1 -> Flatten -> FC|10", "(1*6*6) -> Flatten -> FC|10")
    assert "order" in notes("HWC:6x6x4 -> FC|10", "(4*6*6) -> FC|10")


@pytest.mark.parametrize(
    "text", ["(3*32*32) -> Conv|8|3|2|same -> BN -> Flatten -> FC|10", "(10*8) -> LSTM|16", "(3*W*W) -> Conv|8|3|2"]
)
def test_a_network_beside_itself_has_no_notes(text: str) -> None:
    assert notes(text, text) == {}


def test_they_stand_in_the_json() -> None:
    found = compare("(3*32*32) -> Conv|8|3|2|same", "(3*32*32) -> Conv|8|3|2|1").to_json()
    assert found["aligned"] is False
    assert [note["what"] for note in found["ports"]] == ["windows"]
    assert json.dumps(found)
