"""The same bytes in every run: sets of hypotheses have an order that does not depend on where nodes lie in memory."""

from __future__ import annotations

import subprocess
import sys

import pytest

from symnet.coq.check import check
from symnet.coq.emit import emit
from symnet.solving import solve

COMMANDS = (
    ("coq", "(1*2*2) -> Deconv|1|3|2|same|output=3"),
    ("report", "--format", "json", "(1*W*W) -> Maxpool|3|2|ceil_mode=yes -> Maxpool|2|2|1|ceil_mode=yes"),
    ("report", "--format", "json", "(3*H*W) @a -> Maxpool|2 -> Upsample|2 -> Add|a -> Conv|K|F|S|P"),
    ("compare", "--json", "(3*H*W) -> Conv|8|3|2|same", "(3*H*W) -> Conv|K|3|2|1"),
)


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_run_prints_the_same(command: tuple[str, ...]) -> None:
    run = [sys.executable, "-m", "symnet", *command]
    printed = {subprocess.run(run, capture_output=True, check=True).stdout for _ in range(6)}
    assert len(printed) == 1


@pytest.mark.coq
@pytest.mark.parametrize(
    "question",
    [
        "(1,W) -> Conv|1|2|3|P -> Maxpool|2|2|same -> Maxpool|2|1|1 = (_,_)",  # a lower bound of 1·⌊x⌋ with x < 0
        "(1,W) -> Conv|1|3|2|P -> Maxpool|3|2|same -> Maxpool|2|1|1 = (_,_)",
        "(1,W) -> Conv|1|2|5|P -> Conv|1|3|2|same -> Maxpool|2|1|1",
    ],
)
def test_coq_accepts_what_signs_show(question: str) -> None:
    assert check(emit(solve(question).theorem)).ok
