"""The doctor of notation: the layer that breaks, where its numbers come from, and that every change mends the whole network."""

from __future__ import annotations

import json

import pytest

from symnet import LayerError, Network, SymnetError, TermError
from symnet.cli import main
from symnet.doctor.diagnosis import Diagnosis
from symnet.doctor.examining import doctor, inputs_at

#: Networks that break: the layer, and a change that mends each.
BROKEN = {
    "(1*28*28) -> Conv|8|5 -> Conv|8|30": ("conv2", "conv2: padding=3"),
    "(3*127*127) @a -> Conv|8|3|1|1 -> Maxpool|2 -> Deconv|8|2|2 -> Concat|a": ("concat1", "deconv1: output_padding=1"),
    "(1*64*64) -> Conv|4|3 @a -> Maxpool|2 -> Conv|8|3 -> Deconv|4|2|2 -> Concat|a": ("concat1", "cropped"),
    "(16*8*8) -> Conv|24|3|groups=5": ("conv1", "conv1: groups=4"),
    "(16*8*8) -> Conv|20|3|groups=8": ("conv1", "conv1: groups=4"),
    "(3*8*8) @a -> Conv|8|3 -> Add|a": ("add1", "conv1: filters=3 and conv1: padding=1"),
    "(8*8*8) @a -> Conv|8|3 -> Add|a": ("add1", "conv1: padding=1"),
    "(8*16*16) @a -> Conv|8|3|2|1 @b -> From|a -> Conv|8|1 -> Add|b": ("add1", "stride"),
    "(10*64) -> Attention|5": ("attention1", "attention1: heads=4"),
    "(4*6*6) -> Reshape|100": ("reshape1", "reshape1: target=144"),
    "(3*16*16) -> 5 * [Conv|8|3|1|1 -> Maxpool|2]": ("maxpool5", "an input of 3 × 32 × 32"),
    "(1*28*28) -> Conv|8|3|2|1 -> Deconv|1|3|2|1 = (1,28,28)": ("deconv1", "deconv1: output_padding=1"),
    "(3*32*32) -> Conv|8|3 = (8,32,32)": ("conv1", "conv1: padding=1"),
    "(3*32*32) -> Conv|8|3 = (16,30,30)": ("conv1", "conv1: filters=16"),
}


@pytest.mark.parametrize("text", BROKEN)
def test_where_it_breaks_and_what_mends_it(text: str) -> None:
    layer, change = BROKEN[text]
    found = doctor(text)
    assert not found.ok
    assert found.layer == layer
    assert any(change in fix.change for fix in found.fixes), [fix.change for fix in found.fixes]
    assert all(fix.proven for fix in found.fixes)


@pytest.mark.parametrize("text", BROKEN)
def test_an_input_that_is_offered_is_taken_by_the_whole_network(text: str) -> None:
    for fix in doctor(text).fixes:
        if fix.kind == "input":
            layers = text.partition(")")[2].partition(" = ")[0]
            assert Network.parse(f"({fix.code}){layers}").output


def test_a_network_that_is_well_says_for_which_sizes() -> None:
    found = doctor("(3*128*128) -> Conv|8|3 -> Maxpool|2 -> FC|10")
    assert found.ok
    assert found.fits == {"H": "H ≥ 4", "W": "W ≥ 4"}
    assert [row.name for row in found.rows] == ["conv1", "maxpool1", "dense1"]


def test_numbers_are_followed_back_to_the_input() -> None:
    found = doctor("(1*28*28) -> Conv|8|5 -> Maxpool|2 -> Conv|8|30")
    assert [str(link) for link in found.chain] == [
        "12 = ⌊(24 − 2)/2⌋ + 1 of maxpool1",
        "24 = 28 − 5 + 1 of conv1",
        "28 of the input",
    ]


def test_a_framework_is_not_offered_what_it_cannot_say() -> None:
    found = doctor("(1*5*5) -> Conv|32|9|framework=keras")
    assert found.fixes
    assert not any("padding=2" in fix.change for fix in found.fixes)


def test_a_diagnosis_is_data_and_back() -> None:
    for text in BROKEN:
        found = doctor(text)
        assert Diagnosis.from_json(found.to_json()).to_json() == found.to_json()


def test_what_is_no_network_is_refused() -> None:
    with pytest.raises(SymnetError):
        doctor("(3*8*8) -> Cov|3")
    with pytest.raises(SymnetError):
        doctor(17)


def test_errors_of_every_command_carry_what_mends_them(capsys: pytest.CaptureFixture[str]) -> None:
    for text, change in (
        ("(16*8*8) -> Conv|24|3|groups=5", "groups=4"),
        ("(3*8*8) @a -> Conv|3|3 -> Add|a", "conv1: padding=1"),
        ("(4*6*6) -> Reshape|100", "target=144"),
    ):
        assert main(["table", text, "--json"]) == 2
        captured = capsys.readouterr()
        assert captured.err.rstrip().endswith(f"{change} would fit")
        fixes = json.loads(captured.out)["error"]["fixes"]
        assert fixes[0]["change"].endswith(change)
        assert fixes[0]["proven"] is True
        with pytest.raises(LayerError) as refused:
            Network.parse(text)
        assert [fix["change"] for fix in refused.value.fixes] == [fix["change"] for fix in fixes]


def test_numbers_for_letters(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "(1*W*W) -> Conv|8|5 -> Conv|8|30", "--at", "W=28"]) == 1
    assert "24 = 28 − 5 + 1 of conv1" in capsys.readouterr().out
    assert main(["doctor", "(1*W*W) -> Conv|8|5", "--at", "V=28"]) == 2
    assert "no letter V in the network: there are W" in capsys.readouterr().err


def test_letters_of_an_input_stay_letters() -> None:
    """Shapes pass through text on their way to a process of its own."""
    assert inputs_at(["3*H*(W - 1)"], {"H": 8}) == ["3*8*(W - 1)"]
    with pytest.raises(TermError, match="no letter Q"):
        inputs_at(["3*H*W"], {"Q": 8})


@pytest.mark.parametrize("end", ["", " -> ReLU -> Conv|2|3"])
def test_letters_that_no_values_satisfy_break_at_the_layer_that_asks_too_much(end: str) -> None:
    found = doctor(f"(1*W) -> Conv|1|F -> Conv|1|(F+W){end}")
    assert not found.ok
    assert found.layer == "conv2"
    assert "never fits" in found.why
    assert [row.name for row in found.rows] == ["conv1"]


def test_no_count_of_windows_is_shown() -> None:
    said = str(doctor("(3*W*W) -> Conv|8|F|S -> Maxpool|2"))
    assert "#" not in said
    assert "It is so for ⌊(W − F + S)/S⌋ ≥ 2." in said
