"""Proofs as data: what is written replays, and what is no proof is refused in words."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symnet.errors import ProofError
from symnet.kernel import reading
from symnet.kernel.proof_format import FORMAT
from symnet.kernel.replay import check_proof
from symnet.kernel.theorem import RULES, Theorem
from symnet.kernel.walks import steps
from symnet.kernel.writing import write_proof
from tests.kernel.proofs import PROOFS, SAMPLES, sealed
from tests.kernel.stacks import numeric_stack, own_symbols_stack
from tests.parts import examples


@pytest.mark.parametrize("sample", SAMPLES)
def test_round_trip(sample: str) -> None:
    goals = check_proof(PROOFS[sample])
    for goal, original in zip(goals, SAMPLES[sample], strict=True):
        assert goal is not original
        assert goal.conclusion is original.conclusion
        assert goal.hypotheses == original.hypotheses
        assert goal.rule == original.rule
    assert len(steps(*goals)) == len(PROOFS[sample]["steps"])
    assert len(write_proof(*goals)["nodes"]) == len(PROOFS[sample]["nodes"])


def test_the_same_derivation_is_the_same_text_in_every_process() -> None:
    """Reports are kept under version control: no addresses, no hash seeds."""
    program = (
        "import json; from tests.kernel.stacks import own_symbols_stack; from symnet.kernel.writing import write_proof;"
        "print(json.dumps(write_proof(own_symbols_stack(30))))"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(texts) == 1


def test_a_change_is_seen_by_its_digest() -> None:
    altered = copy.deepcopy(PROOFS["numbers"])
    altered["goals"].append(altered["goals"][0])
    with pytest.raises(ProofError, match="changed after it was written"):
        check_proof(altered)


@pytest.mark.parametrize(
    "node",
    [
        ["Int", True], ["Int", 1.0], ["Int", "1"], ["Int"], ["Int", 1, 2], ["Int", [1]], ["Int", {}],
        ["Int", 1 << 5000],
        ["Symbol", "W", True], ["Symbol", "W", 1.0], ["Symbol", "2W", 1], ["Symbol", ["W"], 1], ["Symbol", 1],
        ["Symbol"],
        ["Node"], ["Term", 0], ["Count"], ["Proposition", 0], ["Theorem"], ["object"], [["Int"], 1], [], 0, None, "Int",
        {},
        ["Power", 0], ["Power", 0, -1], ["Power", 0, 65], ["Power", 0, True], ["Power", 0, 1, 1], ["Power", "W", 2],
        ["FloorDiv", 0], ["FloorDiv", 0, 0, 0], ["Windows", 0, 0], ["Min"], ["Max"], ["Sum", -1], ["Sum", 1],
        ["Sum", "0"],
        ["Sum", True], ["Sum", 0.0], ["Eq", 0], ["Eq", 0, 0, 0], ["And", 0], ["Iff", 0, 0], ["Or", None],
        ["In", 0], ["In", 0, 0], ["In", 0, [[0, 0, 1, 2]]], ["In", 0, [[0, 1, 1.0, 2]]],
        ["In", 0, [[5, 3, None, None]]],
        ["In", 0, [[0, 2, 1, 5]]], ["In", 0, [[0, 1, 3, 2]]], ["In", 0, [[0, 1, 0]]], ["In", 0, [[True, 1, 0, 1]]],
    ],
    ids=repr,
)  # fmt: skip
def test_malformed_nodes(node: Any) -> None:
    claim = {"rule": "assume", "arguments": [["node", 2]], "conclusion": 2}
    proof = {
        "format": FORMAT,
        "nodes": [["Symbol", "W", 1], node, ["Le", 0, 0]],
        "steps": [claim],
        "goals": [{"step": 0, "hypotheses": [2]}],
    }
    with pytest.raises(ProofError, match="node 1: "):
        check_proof(sealed(proof))


def _deep(depth: int) -> Any:
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "place",
    [
        "steps",
        "arguments",
        "argument",
        *(
            pytest.param(place, marks=pytest.mark.slow)
            for place in ("format", "nodes", "goals", "digest", "rule", "whole")
        ),
    ],
)
def test_malformed_json_is_refused_in_words(place: str) -> None:
    strangers: list[Any] = [
        None,
        True,
        0,
        -1,
        1.5,
        1e400,
        "",
        "\ud800",
        [],
        {},
        [[]],
        [{}],
        [None],
        [0],
        {"rule": 1},
        {"a": {}},
    ]
    strangers += [
        _deep(100),
        _deep(5_000),
        _deep(100_000),
        10**3000,
        ["tuple", _deep(5_000)],
        ["node", [1]],
        ["set", [[]]],
    ]
    strangers += [
        ["integer", True],
        ["integer", 1.0],
        ["theorem", 0],
        ["node", 0, 0],
        ["set", [[0, 1, 2, 1]]],
        ["tuple", 1],
    ]
    for stranger in strangers:
        proof: Any = copy.deepcopy(PROOFS["numbers"])
        if place == "whole":
            proof = stranger
        elif place in ("rule", "arguments"):
            proof["steps"][0][place] = stranger
        elif place == "argument":
            proof["steps"][0]["arguments"][0] = stranger
        else:
            proof[place] = stranger
        for seal in (False, True):
            try:
                proof = sealed(proof) if seal and place not in ("whole", "digest") else proof
            except (ProofError, RecursionError):
                continue
            with pytest.raises(ProofError):
                check_proof(proof)


def test_what_is_not_json_is_refused() -> None:
    for stranger in ({1}, b"", object(), {1: 2, "a": 3}, 10**5000):
        with pytest.raises(ProofError):
            check_proof({**PROOFS["numbers"], "goals": stranger})
    cycle: list[Any] = []
    cycle.append(cycle)
    with pytest.raises(ProofError):
        check_proof({**PROOFS["numbers"], "goals": cycle})


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 30)
    | st.floats()
    | st.sampled_from([*RULES, *reading._KINDS, "node", "theorem"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["rule", "step", "arguments"]), inner),
    max_leaves=12,
)


@given(st.lists(json_values, max_size=4), st.lists(json_values, max_size=3), st.lists(json_values, max_size=2))
@settings(max_examples=examples(150))
def test_random_json_is_no_proof(nodes: list[Any], made: list[Any], goals: list[Any]) -> None:
    with pytest.raises(ProofError):
        check_proof(sealed({"format": FORMAT, "nodes": nodes, "steps": made, "goals": goals}))


@given(st.lists(st.tuples(st.sampled_from(sorted(reading._KINDS)), st.lists(json_values, max_size=4)), max_size=5))
@settings(max_examples=examples(150))
def test_random_nodes_are_read_or_refused(entries: list[tuple[str, list[Any]]]) -> None:
    nodes = [["Int", 3], ["Symbol", "W", 1], *([kind, *args] for kind, args in entries)]
    claim = {"rule": "assume", "arguments": [["node", len(nodes) - 1]], "conclusion": len(nodes) - 1}
    proof = {
        "format": FORMAT,
        "nodes": nodes,
        "steps": [claim],
        "goals": [{"step": 0, "hypotheses": [len(nodes) - 1]}],
    }
    with suppress(ProofError):
        check_proof(sealed(proof))


@pytest.mark.parametrize("stack", [numeric_stack, pytest.param(own_symbols_stack, marks=pytest.mark.slow)])
def test_proofs_grow_linearly(stack: Callable[[int], Theorem]) -> None:
    small, large = (len(json.dumps(write_proof(stack(layers)))) for layers in (200, 800))
    assert large < 4.5 * small, f"{small} and {large} characters"
