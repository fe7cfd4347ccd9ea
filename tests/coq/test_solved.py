"""Solved questions and the networks of the reports: Coq checks what symnet says of them."""

from __future__ import annotations

from typing import Any

import pytest

from symnet.cli import main
from tests.coq.derivations import QUESTIONS

NETWORKS = [
    "(1*28*28) -> Conv|32|5*5|1 -> Maxpool|2*2 -> Conv|32|3*3|1 -> Maxpool|2*2 -> FC|256 -> FC|10",
    "HWC:80x80x4 -> Conv|32|8*8|4|same -> Maxpool|2*2|2|same -> Conv|64|4*4|2|same -> Flatten -> FC|512 -> FC|2",
    "(D*W*W) -> Conv|K|F|S|P -> Maxpool|2 -> FC|N",
    "(1*W*W) -> Conv|K1|F1|S1|P1 -> Conv|K2|F2|S2|P2",
    "(3*W*W) -> Maxpool|3|2|1|ceil_mode=yes",
    "(16, 4096) -> LSTM|256",
    "HWC:28x28x1 -> Conv|64|3*3|bias=no -> BN -> ReLU",
    "examples/vae.net",
    "examples/autoencoder.net",
    "examples/resnet18.net",
]


@pytest.mark.coq
@pytest.mark.parametrize("network", NETWORKS)
def test_networks(network: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coq", network, "--check"]) == 0
    assert "no axioms" in capsys.readouterr().out


@pytest.mark.coq
@pytest.mark.parametrize(("question", "options"), QUESTIONS)
def test_questions(question: str, options: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    words = {"for_": "--for", "where": "--where", "exact": "--exact", "budget": "--budget"}
    given = [
        part for name, value in options.items() for part in ([words[name]] if value is True else [words[name], value])
    ]
    assert main(["coq", question, *given, "--check"]) == 0
    assert "no axioms" in capsys.readouterr().out


def test_too_many_places_to_try_are_refused_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    question = "(3,224,224) -> Conv|64|F|S|P = (64,112,112)"
    assert main(["coq", question, "--where", "F<=400, S<=400, P<=400"]) == 2
    refusal = capsys.readouterr().err
    assert "1,332 alternatives and 3,978 places" in refusal
    assert "narrow the question" in refusal
    assert "Traceback" not in refusal
    assert main(["coq", question, "--where", "F<=127, S<=127, P<=127"]) == 0
