"""Values and sizes of layers that are as large as they must be from some value of a letter on: it is printed, and true."""

from __future__ import annotations

import json
import re

import pytest

from symnet import Network, SymnetError
from symnet.layers.declaration.registry import KINDS
from symnet.render.formats import table

#: The network, the letter, its least value.
CASES = [
    ("(3,W,W) -> Conv|8|3|(S-1)", "S", 2),
    ("(3,W,W) -> Conv|8|3|(2*S-7)", "S", 4),
    ("(3,W,W) -> Conv|8|(F-2)", "F", 3),
    ("(C,W,W) -> Conv|(C-16)|3", "C", 17),
    ("(C,W,W) -> Slice|1|4 -> BN", "C", 5),
    ("(C,W,W) -> Slice|1|2|(-3) -> Conv|8|1", "C", 6),
    ("(T,8) -> Slice|1|2 -> LSTM|4", "T", 3),
    ("784 -> FC|(K-1) -> FC|10", "K", 2),
    ("784 -> FC|(K//4) -> FC|10", "K", 4),
    ("(C-2,W,W) -> Conv|8|3", "C", 3),
    ("(3,W,W) -> Maxpool|(F-1)", "F", 2),
    ("(3,W,W) -> Conv|8|3|1|1|dilation=(D-1)", "D", 2),
    ("(T,8) -> LSTM|4|layers=(L-1)", "L", 2),
    ("(3,W,W) -> Upsample|(S-1)", "S", 2),
    ("(3,W,W) -> ZeroPad|(A-3)", "A", 3),
    ("(C,W,W) -> SE|(r-1)", "r", 2),
    ("(1,W,W) -> Conv|8|3|1|P -> Conv|8|3|1|(P-1)", "P", 1),
    ("(1,W,W) -> Conv|8|3|1|(Q-1)", "Q", 1),
    ("(1,28,28) -> Conv|8|3|1|(2*P-1) -> FC|4", "P", 1),
    ("(1,W,W) -> Conv|8|(2*P+1)|1|P -> Maxpool|3|2|(P-1)", "P", 1),
    ("(1,W,W) -> Conv|8|(2*Q+1)|1|(Q-1)", "Q", 1),
    ("(1,W,W) -> Conv|8|3|1|P -> Conv|8|P", "P", 1),
    ("(1,W,W) -> ConvTranspose|8|3|2|(P-1)", "P", 1),
]


@pytest.mark.parametrize(("text", "letter", "least"), CASES)
def test_a_hypothesis_is_printed(text: str, letter: str, least: int) -> None:
    network = Network.parse(text)
    data = json.loads(network.report("json"))
    bounds = [re.fullmatch(rf"{letter} >= (\d+)", found) for found in data["hypotheses"]]
    assert max(int(bound[1]) for bound in bounds if bound) == least
    assert f"{letter} ≥ {least}" in network.report("text")
    assert f"{letter} ≥ {least}" in network.table("text")
    again = Network.parse(network.notation)
    assert again == network
    assert json.loads(again.report("json"))["hypotheses"] == data["hypotheses"]


@pytest.mark.parametrize(("text", "letter", "least"), CASES)
def test_the_hypothesis_is_the_weakest(text: str, letter: str, least: int) -> None:
    def works(number: int) -> bool:
        try:
            return bool(Network.parse(f"let {letter} = {number}\n{text}").output)
        except SymnetError:
            return False

    assert works(least)
    assert not works(least - 1)


@pytest.mark.parametrize(
    ("text", "hypotheses"),
    [
        ("(3,W,W) -> Conv|8|3|(10-S)", ("W >= 3", "S >= 1 and S <= 9")),
        ("(3,W,W) -> Conv|(K-C)|3", ("W >= 3", "K - C >= 1")),
        ("(3,n_0,n_0) -> Conv|8|3|(S-n_1)", ("n_0 >= 3", "S - n_1 >= 1")),
        ("(3,n_0,n_1) -> ZeroPad|n_2 -> Flatten -> FC|(n_3-n_4)", ("n_3 - n_4 >= 1",)),
        ("(3,W,W) -> Conv|(A-B)|3 -> BN", ("W >= 3", "A - B >= 1")),
        ("(C,W,W) -> Slice|1|A -> BN", ("C - A >= 1",)),
        ("(3,W,W) -> Conv|8|3|(S-T) -> Maxpool|(S-T)", ("W >= 3", "S - T >= 1", "S - T <= (W + S - T - 3)//(S - T)")),
    ],
)  # fmt: skip
def test_several_letters_have_their_hypothesis(text: str, hypotheses: tuple[str, ...]) -> None:
    network = Network.parse(text)
    assert set(network.hypotheses) == set(hypotheses)
    assert json.loads(network.report("json"))["hypotheses"] == list(network.hypotheses)


@pytest.mark.slow
def test_no_rule_of_the_kernel_speaks() -> None:
    """Every kind with a letter less one, and less another letter, in the place of each of its values."""
    starts = ("(C,W,W)", "(T,D)", "N", "(C,W,W) @a")
    tried = 0
    for kind in KINDS:
        for spec in kind.specs():
            if spec.kind not in ("count", "sizes", "padding") or not kind.examples or spec.name == "rank":
                continue
            example = kind.examples[0].notation.split(" -> ")[-1]
            layer = kind.examples[0].notation.split("|")[0]
            needed = [f"{other.name}=2" for other in kind.specs() if other.required and other.name != spec.name]
            for value in ("(K-1)", "(K-J)", "(5-K)"):
                for start in starts:
                    for text in (
                        f"{start} -> {'|'.join([layer, *needed])}|{spec.name}={value}",
                        f"{start} -> {example}|{spec.name}={value}",
                    ):
                        try:
                            Network.parse(text).table()
                        except SymnetError as refused:
                            assert not re.match(r"[a-z]+_[a-z_]+: ", str(refused)), text
                        tried += 1
    assert tried > 1000


def test_the_assumptions_of_one_letter_are_one() -> None:
    """Each of the slices asks for more entries than the one before it; the table, the data and ``assumed`` have the last one only."""
    network = Network.parse("(2*W) @x -> Slice|2|3 -> From|x -> Slice|2|6 -> From|x -> Slice|2|9")
    assert network.hypotheses == ("W >= 10",)
    assert "$W \\ge 10$" in table(network)
