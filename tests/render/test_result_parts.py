"""The first sentence of a report: what the network gives, and totals in the sizes of its table."""

from __future__ import annotations

import re

import pytest

from symnet.network.network import Network
from symnet.render.formats import report, table
from symnet.terms.evaluation import evaluate
from symnet.terms.term import Symbol

#: Layers whose multiply-adds are a long sum of floors, and which numbers for H and W to try.
NETWORKS = [
    "(3,H,W) -> Conv|64|3|1|1 -> Maxpool|2 -> Conv|128|3|1|1 -> Maxpool|2 -> Conv|256|3 -> Flatten -> Dense|10",
    "(3,H,W) -> Conv|64|7|2|3 -> Maxpool|3|2|1 -> 2 * [@a -> Conv|64|3|1|1 -> Add|a] -> Conv|128|3|2|1 -> GAP -> Dense|10",
]
SUMMAND = re.compile(r"([\d,]+)((?:·[HW][₀-₉]*²?)*)")
FACTOR = re.compile(r"([HW])([₀-₉]*)(²?)")


def windows(size: int, kernel: int, stride: int, padding: int) -> int:
    """Window positions, counted."""
    return len([start for start in range(-padding, size + padding, stride) if start + kernel <= size + padding])


def worked(sizes: dict[str, int], text: str) -> int:
    """A sum as a reader works it out with the sizes of the table."""
    total = 0
    for sign, summand in re.findall(r"(^|[+−] )([\d,]+(?:·[HW][₀-₉]*²?)*)", text):
        number, factors = SUMMAND.fullmatch(summand).groups()  # type: ignore[union-attr]
        value = int(number.replace(",", ""))
        for letter, index, square in FACTOR.findall(factors):
            value *= sizes[letter + index] ** (2 if square else 1)
        total += -value if sign.startswith("−") else value
    return total


@pytest.mark.parametrize("text", NETWORKS)
def test_a_long_total_is_in_the_sizes_of_the_table(text: str) -> None:
    net = Network.parse(text)
    said = " ".join(report(net, "text").split())
    found = re.search(r"([\d,][^.]*) multiply-adds \(sizes as in the table\)", said)
    assert found is not None
    assert "⌊" not in found[1]
    indices = [
        int(word.translate(str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789"))) for word in re.findall(r"W([₀-₉]+)", found[1])
    ]
    assert indices == sorted(indices) != []
    for height, width in ((33, 40), (64, 51)):
        sizes = {"H": height, "W": width}
        multiply_adds, current, channels = 0, [height, width], 3
        for place in net.placed[1:]:  # each convolution's windows are slid, each weight used once a position
            layer = place.layer
            assert layer is not None
            if layer.kind in ("Conv", "Maxpool"):
                kernel, stride, padding = {
                    "Conv|64|3|padding=1": (3, 1, 1),
                    "Conv|128|3|padding=1": (3, 1, 1),
                    "Conv|128|3|2|1": (3, 2, 1),
                    "Conv|256|3": (3, 1, 0),
                    "Conv|64|7|2|3": (7, 2, 3),
                    "Maxpool|2": (2, 2, 0),
                    "Maxpool|3|2|1": (3, 2, 1),
                }[layer.notation]
                current = [windows(size, kernel, stride, padding) for size in current]
                if layer.kind == "Conv":
                    filters = int(layer.notation.split("|")[1])
                    multiply_adds += current[0] * current[1] * filters * channels * kernel**2
                    channels = filters
            elif layer.kind == "GlobalAvgPool":
                current = [1, 1]
            elif layer.kind == "FC":
                multiply_adds += channels * current[0] * current[1] * 10
            name = str(place.index).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
            sizes |= {f"H{name}": current[0], f"W{name}": current[1]}
        assert worked(sizes, found[1]) == multiply_adds
        assert evaluate(net.multiply_adds.term, {Symbol("H"): height, Symbol("W"): width}) == multiply_adds


def test_short_totals_and_numbers_stay_as_they_are() -> None:
    assert "216·W·H − 432·W − 432·H + 864 multiply-adds." in report(
        Network.parse("(3,H,W) -> Conv|8|3 -> Maxpool|2"), "text"
    ).replace("\n", " ")
    assert "1,589,760 multiply-adds." in report(
        Network.parse("(1*28*28) -> Conv|32|5 -> Maxpool|2 -> Conv|32|3 -> Maxpool|2 -> FC|256 -> FC|10"), "text"
    )


def test_all_outputs_are_named() -> None:
    net = Network.parse("(3*8*8) -> Conv|4|3 @a -> Flatten -> FC|2 -> From|a -> ReLU")
    for form, said in (("text", "Outputs dense1 2, activation1 4 × 6 × 6."), ("markdown", "Outputs `dense1` 2, ")):
        assert said in " ".join(report(net, form).split())
    many = Network.parse("8 @a -> FC|2" + " -> From|a -> FC|3" * 10)
    assert "dense8 3 and 3 more." in " ".join(report(many, "text").split())


def test_a_total_says_which_layers_it_leaves_out() -> None:
    net = Network.parse("8 -> FC|4 -> Opaque|name=odd|output=4|parameters=7")
    assert "32 multiply-adds without the opaque layers: odd." in " ".join(report(net, "text").split())
    assert "unknown" in table(net, "text", costs=True)
