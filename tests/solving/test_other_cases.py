"""Joins and Squeezes of letters are read in one way; an answer, a table and their data say that other inputs are another network."""

from __future__ import annotations

import json
from itertools import product

import pytest

from symnet import Network, SymnetError, solve
from symnet.render.answers import headline
from symnet.render.checking import answer_data, checked
from symnet.render.json import report_data
from symnet.solving.other_cases import other_cases

WORDS = "Elsewhere it is another network: "

#: Networks of letters, and whether other inputs than those that are answered about fit, too.
CASES = {
    "(3*W*V) @a -> Permute|1*3*2 -> Add|a": True,
    "(3*W*V) @a -> Permute|1*3*2 -> Concat|a": False,
    "(3*W*W) @a -> Conv|K|3|1|1 -> Add|a": True,
    "(3*W*W) @a -> Conv|(K+1)|3|1|1 -> Maximum|a": False,
    "(3*W*W) @a -> Conv|3|3|2|1 -> Upsample|2 -> Add|a": True,
    "(3*W*W) @a -> Maxpool|2 -> Upsample|2 -> Add|a": False,
    "(3*W*W) @a -> Conv|3|3|1|1 -> Add|a": False,
    "(8*W*W) @a -> Mean|2*3|keepdims=yes -> Conv|C|1 -> Multiply|a": True,
    "(B*5*4) @a -> Permute|1*3*2 @b -> Input|C*5*4 -> MatMul|b": True,
    "(3*W) -> Squeeze -> FC|4": True,
    "V @a -> FC|K -> Subtract|a": True,
}


@pytest.mark.parametrize(("text", "others"), CASES.items())
def test_what_is_left_out_is_said_and_nothing_else(text: str, others: bool) -> None:
    net = Network.parse(text)
    answer = solve(text, valid=True)
    said = [net.table("text"), net.report("markdown"), headline(answer)]
    for shown in said:
        assert (WORDS in " ".join(shown.split())) == others, shown
    assert bool(other_cases(answer.problem)) == ("elsewhere" in answer.to_json()) == others
    data = json.loads(json.dumps(report_data(net)))
    assert ("elsewhere" in data) == others
    assert checked(data).steps
    assert checked(json.loads(json.dumps(answer_data(answer, text, {"valid": True})))).steps
    assert _left_out(net, [each.name for each in net._known_letters()]) == others


def _left_out(net: Network, letters: list[str]) -> bool:
    """Whether small sizes fit for which the answer has none."""
    answer = solve(net.notation, for_=letters, where=", ".join(f"{letter} <= 4" for letter in letters), valid=True)
    found = {tuple(one[letter] for letter in letters) for one in answer.numeric()}
    for numbers in product(range(1, 5), repeat=len(letters)):
        try:
            Network.parse(str(net.notation)).at(**dict(zip(letters, numbers, strict=True)))
        except SymnetError:
            assert numbers not in found
            continue
        if numbers not in found:
            return True
    return False


def test_a_question_that_leaves_the_other_inputs_out_needs_no_such_words() -> None:
    question = "(3*W*V) @a -> Permute|1*3*2 -> Add|a = (3,5,5)"
    assert headline(solve(question)).endswith("Add stretches a size that is 1 and refuses others that differ.")
    assert WORDS not in headline(solve(question, where="W>=2, V>=2"))
