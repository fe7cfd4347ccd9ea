"""What a derivation proves is true: its theorems at random integers, its proofs as data, its hypotheses, its joins."""

from __future__ import annotations

import json
from random import Random

import pytest
from hypothesis import given, settings

from symnet.errors import ProofError
from symnet.kernel.replay import check_proof
from symnet.kernel.theorem import Theorem
from symnet.kernel.writing import write_proof
from symnet.network.network import Network
from symnet.printing.text import text
from symnet.terms.propositions import Eq, In
from symnet.terms.term import Symbol, symbols_of
from tests.kernel.meaning import TooLarge, false_at, is_true
from tests.network.stacks import Deconv, Upsample, Window, every_stack, notation
from tests.networks import KNOWN, Known
from tests.parts import examples

SYMBOLIC = (
    "(D*W*W) -> Conv|K|F|S|P -> Maxpool|2 -> FC|N",
    "(1*W*W) -> Conv|K1|F1|S1|P1 -> Conv|K2|F2|S2|P2 -> Conv|K3|F3|S3|P3",
    "(C*L) -> Conv|K|F|S|same|dilation=D -> Maxpool|F|S|P|ceil_mode=yes -> Deconv|K|F|S|P -> Upsample|2",
    "(C*H*W) @a -> Conv|C|3|1|1 -> BN -> Add|a -> GlobalAvgPool -> FC|N",
    "(T, D) -> LSTM|H|return_sequences=yes -> FC|N",
    "(8*W*W) @a -> Maxpool|2 -> Upsample|2 -> Concat|a",
)


def false_somewhere(theorem: Theorem, random: Random, tries: int) -> tuple[dict[Symbol, int] | None, int]:
    """A point at which the theorem is false, and at how many it said anything."""
    telling = 0
    symbols = symbols_of(theorem.conclusion, *theorem.hypotheses)
    for turn in range(tries):
        most = 3 if turn % 3 else 14
        point = {symbol: random.randint(symbol.least if symbol.least is not None else -3, most) for symbol in symbols}
        if any(symbol.name in "WHLT" for symbol in symbols):
            point |= {symbol: random.randint(1, 25) for symbol in symbols if symbol.name in "WHLT"}
        try:
            verdict = false_at(theorem, point)
        except TooLarge:
            continue
        if verdict:
            return point, telling
        telling += verdict is False
    return None, telling


@pytest.mark.parametrize("text", SYMBOLIC)
def test_every_goal_is_true_wherever_its_hypotheses_are(text: str) -> None:
    random = Random(text)
    telling = 0
    for goal in Network.parse(text).proof.goals:
        point, said = false_somewhere(goal, random, 60)
        assert point is None, f"{goal} is false at {point}"
        telling += said > 0
    assert telling >= 0.7 * len(Network.parse(text).proof.goals)


@settings(max_examples=examples(40))
@given(every_stack())
def test_every_step_about_a_random_stack_is_true(stack: list[Window | Deconv | Upsample]) -> None:
    for theorem in Network.parse(notation(stack, "W")).proof.steps:
        point, _ = false_somewhere(theorem, Random(0), 12)
        assert point is None, f"{theorem} is false at {point}"


TEXTS = [*(known.text for known in KNOWN), *SYMBOLIC]


@pytest.mark.parametrize("text", TEXTS)
def test_a_derivation_replays_from_what_is_written(text: str) -> None:
    goals = Network.parse(text).proof.goals
    again = check_proof(json.loads(json.dumps(write_proof(*goals))))
    assert [goal.conclusion for goal in again] == [goal.conclusion for goal in goals]
    assert [goal.hypotheses for goal in again] == [goal.hypotheses for goal in goals]


def test_a_changed_number_does_not_replay() -> None:
    proof = write_proof(*Network.parse(KNOWN[0].text).proof.goals)
    place = proof["nodes"].index(["Int", 217_706])
    proof["nodes"][place] = ["Int", 217_707]
    with pytest.raises(ProofError):
        check_proof(proof)


@pytest.mark.parametrize("known", KNOWN, ids=str)
def test_what_is_printed_is_proven(known: Known) -> None:
    """Every number the table shows is the right side of a goal."""
    network = Network.parse(known.text)
    proven = {goal.conclusion.args[1] for goal in network.proof.goals if isinstance(goal.conclusion, Eq)}
    assert network.parameters.term in proven
    assert network.multiply_adds.term in proven
    for place in network.placed[1:]:
        assert {size for size, map_ in zip(place.output.axes, place.applied.maps, strict=False) if map_} <= proven
    assert set(network.closed_terms.values()) - {Symbol(name) for name in "HWLT"} <= proven


HYPOTHESES = [
    (KNOWN[0].text, ["12 <= H", "12 <= W"]),
    ("(3*W*W) -> Conv|64|7|2|3", []),
    ("(3*W*W) -> Conv|8|5 -> Maxpool|3|2", ["7 <= W"]),
    ("(3*H*W) -> Conv|8|5*3", ["5 <= H", "3 <= W"]),
    ("784 -> FC|10", []),
    ("(1*W) -> Conv|1|F", ["F <= W"]),
    ("(3*W*W) @a -> Conv|3|3|1|1 -> Add|a", []),
    ("(3*W*W) @a -> Maxpool|2 -> Upsample|2 -> Add|a", ["2 <= W", "W in {… ≡ 0 (mod 2), ≥ 2}"]),
]


@pytest.mark.parametrize(("written", "hypotheses"), HYPOTHESES)
def test_the_hypotheses_are_these_and_no_more(written: str, hypotheses: list[str]) -> None:
    assert sorted(text(found) for found in Network.parse(written).proof.hypotheses) == sorted(hypotheses)


@pytest.mark.parametrize("layers", range(1, 4))
def test_a_join_holds_for_the_residue_class_it_assumes(layers: int) -> None:
    """Down by pooling and up again gives the input's size back exactly for multiples of 2 to the number of levels."""
    down, up = " -> ".join(["Maxpool|2"] * layers), " -> ".join(["Upsample|2"] * layers)
    network = Network.parse(f"(3*W*W) @a -> {down} -> {up} -> Add|a")
    (hypothesis,) = [found for found in network.proof.hypotheses if isinstance(found, In)]
    W = Symbol("W")
    for size in range(1, 60):
        assert is_true(hypothesis, {W: size}) == (size % 2**layers == 0)


def test_a_join_of_numbers_is_decided() -> None:
    joined = Network.parse("(3*64*64) @a -> Maxpool|2 -> Upsample|2 -> Add|a")
    assert joined.output == (3, 64, 64)
    concatenated = Network.parse("(3*32*32) @a -> Conv|5|3|1|1 -> Concat|a")
    assert concatenated.output == (8, 32, 32)


def test_steps_grow_linearly_with_depth() -> None:
    def steps(depth: int) -> int:
        return len(Network.parse(" -> ".join(["(1*W*W)", *["Conv|1|3 -> Maxpool|2|1"] * depth])).proof.steps)

    assert steps(80) < 2.1 * steps(40)
