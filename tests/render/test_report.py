"""Sentences of a report: what is assumed, what is left out where there is nothing to say, how sizes are called."""

from __future__ import annotations

import re

import pytest

from symnet import LayerError, Network

PADDED_UNET = (
    "(3,H,W) -> Conv|8|3|1|1 @a -> Maxpool|2 -> Conv|16|3|1|1 @b -> Maxpool|2 -> Conv|16|3|1|1 @c -> Maxpool|2"
    " -> Conv|32|3|1|1 -> Upsample|2 -> Concat|c -> Conv|16|3|1|1 -> Upsample|2 -> Concat|b -> Conv|16|3|1|1"
    " -> Upsample|2 -> Concat|a -> Conv|2|1"
)


def _fits(height: int, width: int) -> bool:
    try:
        Network.parse(PADDED_UNET.replace("(3,H,W)", f"(3,{height},{width})"))
    except LayerError:
        return False
    return True


@pytest.mark.slow
def test_what_branches_ask_is_assumed_once_a_symbol() -> None:
    said = re.search(r"^Assumed: (.*)\.$", Network.parse(PADDED_UNET).report("text"), re.MULTILINE)
    assert said is not None
    assert said[1] == "all symbols are integers, H ≡ 0 (mod 8), H ≥ 8, W ≡ 0 (mod 8), W ≥ 8"
    assert [size for size in range(1, 41) if _fits(size, 8)] == [8, 16, 24, 32, 40]
    assert [size for size in range(1, 41) if _fits(16, size)] == [8, 16, 24, 32, 40]


def test_the_result_says_for_which_sizes() -> None:
    report = " ".join(Network.parse(PADDED_UNET).report("text").split())
    assert "For every W ≡ 0 (mod 8), W ≥ 8, W (and likewise H) of the last feature map is 8·⌊W/8⌋ = W." in report
    assert all(8 * (size // 8) == size for size in range(8, 200, 8))
    assert "every layer fits" not in report.partition("Layer by layer")[0]
    letters = " ".join(Network.parse("(D*W*W) -> Conv|K|F|S|P").report("text").split())
    assert "Where every layer fits (F ≤ W + 2·P), W (and H) of the last feature map" in letters


@pytest.mark.parametrize(
    "text",
    [
        "(T,8) -> LSTM|16 -> FC|5",
        "(T,8) -> LSTM|16|return_sequences=yes -> FC|5",
        "(T,64) -> 2 * [ @x -> MultiHeadAttention|8 -> Add|x -> LayerNorm @y -> FC|256 -> GELU -> FC|64 -> Add|y -> LayerNorm ]",
    ],
)
def test_without_windows_nothing_is_said_of_them(text: str) -> None:
    report = Network.parse(text).report()
    assert "Write each layer as" not in report
    assert "The whole network" not in report
    assert "of the last feature map is" not in report
    assert "dropped" not in report


def test_windows_are_spoken_of() -> None:
    report = Network.parse("TD:(T*8) -> Conv|16|3 -> LSTM|4").report()
    assert "Write each layer as" in report


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("(3*W*H) -> Conv|8|3", ["W₁ = ⌊(W − 3 + 2·0)/1⌋ + 1", "H₁ = ⌊(H − 3 + 2·0)/1⌋ + 1"]),
        ("(3*H*W) -> Conv|8|3", ["H₁ = ⌊(H − 3 + 2·0)/1⌋ + 1", "W₁ = ⌊(W − 3 + 2·0)/1⌋ + 1"]),
        ("(2*T) -> Conv|4|3", ["T₁ = ⌊(T − 3 + 2·0)/1⌋ + 1"]),
        ("(3*H*H) -> Conv|8|3", ["H₁ = ⌊(H − 3 + 2·0)/1⌋ + 1"]),
        # one symbol, two sizes: by their places
        ("(3*H*H) -> Conv|8|3*5", ["H₁ = ⌊(H − 3 + 2·0)/1⌋ + 1", "W₁ = ⌊(H − 5 + 2·0)/1⌋ + 1"]),
    ],
)
def test_sizes_have_the_letters_of_the_input(text: str, names: list[str]) -> None:
    report = Network.parse(text).report("text")
    row = next(row for row in report.splitlines() if row.startswith("1  conv1"))
    found = row[len("1  conv1") :].partition(", so ")[0].strip().split(", ")
    assert found == names


def test_a_sentence_tells_the_axes_of_a_square_apart() -> None:
    assert "W (and H) of the last feature map" in Network.parse("(3*W*W) -> Conv|8|3").report()
    assert "H (and likewise W) of the last feature map" in Network.parse("(3*W*H) -> Conv|8|3").report()


def test_a_long_sum_is_broken_where_a_line_may_end() -> None:
    report = Network.parse("(T,512) -> MultiHeadAttention|8").report("html")
    row = re.search(r"attention1</a></td>.*?</tr>", report, re.DOTALL)
    assert row is not None
    assert row[0].count("</math> + <math") == 3


def test_what_is_dropped_may_be_padding_alone() -> None:
    padded, plain = (Network.parse(f"(3*W*W) -> Conv|64|7|2|{padding}").report() for padding in (3, 0))
    assert "No entry of a padded input is dropped exactly when W ≡ 1 (mod 2)" in padded
    assert "No input is dropped exactly when W ≡ 1 (mod 2)" in plain


def test_an_output_without_sizes_is_a_number() -> None:
    said = Network.parse("784 -> FC|10 -> Sum|1").report("text")
    assert "Output a single number." in said
