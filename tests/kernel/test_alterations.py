"""A corpus of altered proofs: each is refused, or proves something else that is true."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symnet.errors import ProofError
from symnet.kernel import reading
from symnet.kernel.replay import check_proof
from symnet.kernel.theorem import RULES
from symnet.terms.term import symbols_of
from tests.kernel.meaning import TooLarge, false_at
from tests.kernel.proofs import PROOFS, SAMPLES, Proof, sealed
from tests.parts import examples

# Alterations. Each leaf and each list of a proof in turn; the digest is made to fit again.

Path = tuple[Any, ...]


def _leaves(value: Any, path: Path = ()) -> Iterator[Path]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from _leaves(item, (*path, key))
    if path:
        yield path


def _edit(value: Any, path: Path, change: Callable[[Any], Any]) -> Any:
    """A copy of ``value`` with what stands at ``path`` changed; the rest is shared."""
    if not path:
        return change(value)
    altered = copy.copy(value)
    altered[path[0]] = _edit(value[path[0]], path[1:], change)
    return altered


def _changes(value: Any, chance: random.Random) -> Iterator[Callable[[Any], Any]]:
    """Ways to alter one value: each field kind has its own."""
    if isinstance(value, list):
        yield lambda items: items[1:]
        yield lambda items: [*items, items[-1]] if items else [0]
        yield lambda items: items[::-1]
        yield lambda items: chance.sample(items, len(items))
    elif type(value) is int:
        yield lambda number: number + 1
        yield lambda number: number - 1
        yield lambda number: -number
        yield lambda number: chance.randrange(40)
    elif isinstance(value, str):
        yield lambda text: chance.choice([*RULES, *reading._KINDS])
        yield lambda text: text + "x"
    yield lambda anything: None
    yield lambda anything: True
    yield lambda anything: 1.0
    yield lambda anything: "1"
    yield lambda anything: {}
    yield lambda anything: []
    yield lambda anything: [anything]


def _is_refused(altered: Proof) -> bool:
    """Whether the altered proof was refused; if not, all that it proves must be true wherever it says something."""
    try:
        goals = check_proof(altered)
    except ProofError as error:
        assert str(error)
        return True
    chance = random.Random(0)
    for goal in goals:
        symbols = symbols_of(goal.conclusion, *goal.hypotheses)
        for _ in range(25):
            low = [-9 if symbol.least is None else symbol.least for symbol in symbols]
            point = {
                symbol: least + chance.choice([0, 1, 2, 5, 30, 1100])
                for symbol, least in zip(symbols, low, strict=True)
            }
            try:
                assert not false_at(goal, point), goal
            except TooLarge:
                continue
    return False


#: The longest three take seconds.
BY_LENGTH = [
    pytest.param(sample, marks=pytest.mark.slow if sample in {"rules", "numbers", "symbols"} else ())
    for sample in SAMPLES
]


@pytest.mark.parametrize("sample", BY_LENGTH)
def test_alterations_without_a_new_digest_are_refused(sample: str) -> None:
    proof = PROOFS[sample]
    chance = random.Random(1)
    for path in chance.sample(list(_leaves(proof)), 150):
        for change in _changes(_at(proof, path), chance):
            altered = _edit(proof, path, change)
            if _differ(altered, proof):
                with pytest.raises(ProofError):
                    check_proof(altered)


def _at(proof: Proof, path: Path) -> Any:
    value: Any = proof
    for key in path:
        value = value[key]
    return value


def _differ(one: Any, two: Any) -> bool:
    return json.dumps(one, sort_keys=True) != json.dumps(two, sort_keys=True)  # 1, 1.0 and true are different


@pytest.mark.parametrize("sample", BY_LENGTH)
def test_alterations_with_a_new_digest_prove_nothing_false(sample: str) -> None:
    proof = PROOFS[sample]
    chance = random.Random(2)
    paths = [path for path in _leaves(proof) if path != ("digest",)]
    refused = tried = 0
    for path in chance.sample(paths, min(len(paths), 150)):
        for change in _changes(_at(proof, path), chance):
            altered = _edit(proof, path, change)
            if _differ(altered, proof):
                tried += 1
                refused += _is_refused(sealed(altered))
    assert refused > 0.8 * tried, f"{tried - refused} of {tried} alterations were accepted"


@given(st.data())
@settings(max_examples=examples(100))
def test_several_alterations_at_once_prove_nothing_false(data: st.DataObject) -> None:
    sample = data.draw(st.sampled_from(sorted(SAMPLES)))
    altered = PROOFS[sample]
    chance = random.Random(data.draw(st.integers(0, 2**32)))
    for _ in range(data.draw(st.integers(2, 4))):
        path = chance.choice([path for path in _leaves(altered) if path != ("digest",)])
        altered = _edit(altered, path, chance.choice(list(_changes(_at(altered, path), chance))))
    _is_refused(sealed(altered))


def _step(rule: str) -> int:
    return next(number for number, step in enumerate(PROOFS["numbers"]["steps"]) if step["rule"] == rule)


def _without_hypotheses(proof: Proof) -> None:
    proof["goals"][0]["hypotheses"] = []


def _another_hypothesis(proof: Proof) -> None:
    proof["goals"][0]["hypotheses"].append(proof["steps"][-1]["conclusion"])


def _another_conclusion(proof: Proof) -> None:
    proof["steps"][-1]["conclusion"] = proof["steps"][0]["conclusion"]


def _another_rule(proof: Proof) -> None:
    proof["steps"][_step("floor_nest")]["rule"] = "chain"


def _no_such_rule(proof: Proof) -> None:
    proof["steps"][3]["rule"] = "trust_me"


def _later_premise(proof: Proof) -> None:
    proof["steps"][_step("chain")]["arguments"][0][1] = len(proof["steps"]) - 1


def _later_node(proof: Proof) -> None:
    kinds = [entry[0] for entry in proof["nodes"]]
    proof["nodes"][kinds.index("Sum")][1] = len(kinds) - 1


def _missing_argument(proof: Proof) -> None:
    proof["steps"][_step("floor_nest")]["arguments"].pop()


def _proposition_in_a_sum(proof: Proof) -> None:
    kinds = [entry[0] for entry in proof["nodes"]]
    place = kinds.index("Le")
    proof["nodes"].insert(place + 1, ["Sum", place])


def _unknown_node(proof: Proof) -> None:
    proof["nodes"][0] = ["Theorem", 1]


def _no_goal(proof: Proof) -> None:
    proof["goals"] = []


def _another_format(proof: Proof) -> None:
    proof["format"] = "symnet proof 1"


def _another_key(proof: Proof) -> None:
    proof["trusted"] = True


@pytest.mark.parametrize(
    ("alter", "message"),
    [
        (_without_hypotheses, "rests on other hypotheses than it claims"),
        (_another_hypothesis, "rests on other hypotheses than it claims"),
        (_another_conclusion, "which is not what the step claims"),
        (_another_rule, "step 23: chain: the middles differ"),
        (_no_such_rule, "step 3: there is no rule 'trust_me'"),
        (_later_premise, "names nothing that came before"),
        (_later_node, "names nothing that came before"),
        (_missing_argument, "floor_nest: takes inner, outer, by position"),
        (_proposition_in_a_sum, "Sum is not made of Le"),
        (_unknown_node, r"node 0: \['Theorem', 1\] is not a node"),
        (_no_goal, "the proof has no goal"),
        (_another_format, "this is a reader of 'symnet proof 2'"),
        (_another_key, "a proof has exactly the keys digest, format, goals, nodes, steps"),
    ],
)
def test_refusals_say_why(alter: Callable[[Proof], None], message: str) -> None:
    altered = copy.deepcopy(PROOFS["numbers"])
    alter(altered)
    with pytest.raises(ProofError, match=message.replace("23", r"\d+")) as refusal:
        check_proof(sealed(altered))
    assert "\n" not in str(refusal.value)
