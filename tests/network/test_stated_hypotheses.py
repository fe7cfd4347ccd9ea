"""What is said to be assumed speaks of letters that have a meaning, and never of what holds always."""

from __future__ import annotations

import itertools
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symnet import LayerError, Network, SymnetError
from symnet.errors import TermError
from symnet.terms.evaluation import holds
from symnet.terms.propositions import Proposition
from symnet.terms.term import Term, integer, substitute, symbols_of
from tests.parts import examples

#: Inputs of numbers, with letters in the layers.
OF_NUMBERS = [
    "(3*28*28) -> Conv|8|(H+1) -> Conv|W|1",
    "(3*28*28) -> Conv|8|(H+1)|S -> Maxpool|2",
    "(1*28*20) -> Conv|8|F -> Maxpool|W",
    "(C*28*28) -> Conv|8|3|1|(P-1) -> FC|(W-2)",
    "(1*12) -> Conv|8|(L+1)|1|P -> Conv|8|3",
    "(1*28*28) -> Conv|8|3|S -> Conv|4|F",
]


@pytest.mark.parametrize("text", OF_NUMBERS)
def test_no_letter_is_defined_nowhere(text: str) -> None:
    network = Network.parse(text)
    data = json.loads(network.report("json"))
    assert list(network.hypotheses) == data["hypotheses"] == json.loads(network.table("json"))["hypotheses"]
    assumed = next(line for line in network.report("markdown").split("\n") if line.startswith("**Assumed:**"))
    for shown in (*network.hypotheses, assumed, network.table("text")):
        assert not re.search("_in|mathrm{in}", shown)
    report = network.report("markdown")
    assert r"rbrace\rvert \ge" not in report
    assert r"lbrace k" not in next(line for line in report.split("\n") if line.startswith("**Result.**"))


@pytest.mark.parametrize("text", OF_NUMBERS)
def test_hypotheses_of_numbers_are_those_of_the_network(text: str) -> None:
    network = Network.parse(text)
    letters = sorted({name for name in re.findall(r"[A-Z]\w*", text) if name not in ("Conv", "Maxpool", "FC")})
    for values in itertools.product((0, 1, 2, 3, 27, 28, 29), repeat=len(letters)):
        chosen = dict(zip(letters, values, strict=True))
        if any(number < 1 for name, number in chosen.items() if name != "P"):
            continue
        stated = [substitute(each, network.proof.forms) for each in network.proof.stated]
        numbers: dict[Term, Term] = {each: integer(chosen.get(each.name, 1000)) for each in symbols_of(*stated)}
        said = all(holds(substitute(each, numbers)) for each in stated)
        try:
            taken = bool(network.at(chosen).output)
        except SymnetError:
            taken = False
        assert said == taken, (chosen, network.hypotheses)


def test_closed_forms_keep_their_own_conditions() -> None:
    assert Network.parse("(1*28*28) -> Conv|32|5 -> Maxpool|2").hypotheses == ("H >= 6", "W >= 6")
    assert Network.parse("(1*28*28) -> Conv|8|(F+1)").hypotheses == ("F >= 1 and F <= 27",)


@pytest.mark.parametrize(
    ("text", "parameters", "hypotheses"),
    [
        ("(C*W*W) -> Conv|K|3|groups=C -> GroupNorm|K", "12*K", ("W >= 3", "C divides K")),
        ("(C*W*W) -> Conv|C|3|groups=C", "10*C", ("W >= 3",)),
        ("(2*C*W*W) -> Conv|(4*C)|3|groups=(2*C)", "40*C", ("W >= 3",)),
        ("(4*C*W*W) -> GroupNorm|C", "8*C", ()),
    ],
)
def test_what_holds_always_is_not_said(text: str, parameters: str, hypotheses: tuple[str, ...]) -> None:
    text = text.replace("(2*C*W*W)", "((2*C)*W*W)").replace("(4*C*W*W)", "((4*C)*W*W)")
    network = Network.parse(text)
    assert str(network.parameters) == parameters
    assert network.hypotheses == hypotheses
    assert "C/C" not in network.table("text")


#: What is at least 1 for some values of its letters only.
UNSURE = ("A - B", "B - A", "A - 2", "3 - B", "2*A - B", "A - B - 1", "A*B - 3", "(A - B)//2", "A")
#: Layers with such a size in the place of @.
LAYERS = (
    "Conv|(@)|3", "Conv|4|(@)", "Conv|4|2|(@)", "Conv|4|2|1|(@)", "Conv|4|2|dilation=(@)", "Maxpool|(@)", "Maxpool|2|(@)",
    "Avgpool|2|1|(@)", "Conv|(@)|(@)|(@)", "Conv|4|(@)|2|same", "Conv|4|2|(@)|same", "Deconv|4|3|(@)", "Deconv|(@)|(@)|2",
    "Upsample|(@)", "ZeroPad|(@)", "Cropping|(@)", "FC|(@)", "Flatten -> FC|(@)", "Resize|(@)", "BN", "GlobalAvgPool -> FC|(@)",
)  # fmt: skip
INPUTS = ("(3*W*W)", "(2*9*9)", "(3*W*7)", "((A-B)*W*W)", "(3*(A-B)*8)", "(C*W)")


def _held(proposition: Proposition) -> bool:
    """Whether it holds; one that has no value, as by a stride of 0, does not."""
    try:
        return holds(proposition)
    except TermError:
        return False


@settings(max_examples=examples(30), deadline=None)
@given(st.data())
def test_a_hypothesis_where_one_will_do(data: st.DataObject) -> None:
    """Whatever is at least 1 for some values only: the network says so, and is what it says for these values."""
    layers = [
        data.draw(st.sampled_from(LAYERS)).replace("@", data.draw(st.sampled_from(UNSURE)))
        for _ in range(data.draw(st.integers(1, 2)))
    ]
    text = " -> ".join((data.draw(st.sampled_from(INPUTS)), *layers))
    try:
        network = Network.parse(text)
        stated = [substitute(each, network.proof.forms) for each in network.proof.stated]
    except LayerError as refused:
        assert "for every value of its letters" not in str(refused), text
        return
    axes = {str(each) for each in network.proof.named_as_axes}
    for values in data.draw(st.lists(st.tuples(*[st.integers(1, 9)] * 4), min_size=4, max_size=4)):
        chosen = {name: number for name, number in zip("ABCW", values, strict=True) if re.search(rf"\b{name}\b", text)}
        numbers: dict[Term, Term] = {
            each: integer(chosen.get(each.name, 9))
            for each in symbols_of(*stated)
            if each.name in chosen or each.name in axes
        }
        asked = [substitute(each, numbers) for each in stated]
        said = all(_held(each) for each in asked if not symbols_of(each))
        try:
            there = network.at(chosen)
            sizes, parameters = [int(size) for size in there.output], int(there.parameters)
        except SymnetError:
            assert not said, (text, chosen, network.hypotheses)
            continue
        assert said, (text, chosen, network.hypotheses)
        assert sizes == [int(size.subs(chosen)) if hasattr(size, "subs") else int(size) for size in network.output]
        assert parameters == int(network.parameters.subs(chosen))


@pytest.mark.parametrize(
    "notation",
    [
        "(3*W*H) -> Conv|(W-H)|1 -> Flatten -> FC|10",
        "(4*(W-H)) -> Flatten -> FC|3",
        "(3*W*H) -> Conv|8|3|1|1 -> Conv|(W-H)|1 -> Flatten",
    ],
)
def test_a_product_of_what_is_positive_is_not_said_to_be(notation: str) -> None:
    net = Network.parse(notation)
    assert net.hypotheses == ("W - H >= 1",)
    assert [str(one) for one in net.proof.hypotheses] != []


def test_parts_of_closed_forms_that_cancel_are_left_out() -> None:
    assert str(Network.parse("(3*H*W) -> Maxpool|1*H").closed_form["W"]) == "W//H"
    assert str(Network.parse("(3*W*W) -> Conv|8|1|S -> Conv|8|1|S").closed_form["W"]) == "(W + S**2 - 1)//(S*S)"
