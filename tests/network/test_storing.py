"""What Python gives of layers, networks, comparisons and answers can be copied and stored; what holds proofs proves again."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
import sympy

import symnet
from symnet import Conv, LayerError, MaxPool, Network
from symnet.layers.declaration.registry import KINDS

k = sympy.Symbol("k")
NET = Network.parse("(3*W*W) -> Conv|8|3|S @a -> Conv|8|3|1|1 -> Add|a -> Maxpool|2")
CONV = Conv(k, 3)
ANSWER = symnet.solve("(1,W,W) -> Conv|8|3|2 = (8,10,10)")
COMPARED = symnet.compare("(3*W*W) -> Conv|8|3|2|1", "(3*W*W) -> Conv|8|1|2")
THINGS: dict[str, Any] = {
    "table": NET.table(),
    "report": NET.report("html"),
    "a row": NET["conv1"],
    "the input's row": NET[0],
    "the row of a network with own symbols": Network((3, k, k), [CONV])["conv1"],
    "rows": NET.rows,
    "sizes": NET.output,
    "closed form": NET.closed_form,
    "receptive field": NET.receptive_field,
    "a part": NET[1:3],
    "memory": NET.memory(),
    "memory in training": NET.memory(batch=k, train="adam", dtype="float16"),
    "an explanation": symnet.explain("Deconv", "torch"),
    "a layer": CONV,
    "parameters of a layer": Conv(8, 3).parameters,
    "parameters of a symbolic layer": CONV.parameters,
    "multiply-adds of a layer": CONV.multiply_adds,
    "conditions of a layer": CONV.conditions,
    "the size of a layer": CONV.size,
    "the sizes of a layer": Conv(8, (3, 5)).size,
    "a size": CONV.size(28),
    "a composition": symnet.compose(CONV, MaxPool(2)),
    "a repeat": symnet.Repeat(2, [CONV]),
    "a label": symnet.Label("a"),
    "a comparison": COMPARED,
    "solutions": ANSWER.solutions,
    "a set": ANSWER.set,
}


def _copies(thing: Any) -> list[Any]:
    stored = [pickle.loads(pickle.dumps(thing, protocol)) for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)]
    return [copy.copy(thing), copy.deepcopy(thing), *stored]


@pytest.mark.parametrize("name", THINGS)
def test_a_copy_is_equal_and_of_its_kind(name: str) -> None:
    for found in _copies(THINGS[name]):
        assert found == THINGS[name]
        assert repr(found) == repr(THINGS[name])
        assert type(found).__name__ == type(THINGS[name]).__name__
        assert getattr(found, "format_name", None) == getattr(THINGS[name], "format_name", None)


def test_what_was_proven_before_it_was_stored_is_proven_again() -> None:
    assert [row.multiply_adds.theorem for row in NET.rows]
    assert not COMPARED.facts.equal
    assert ANSWER.derivation
    again = pickle.loads(pickle.dumps(NET.rows))
    assert again[0].parameters.theorem.conclusion == NET["conv1"].parameters.theorem.conclusion
    assert pickle.loads(pickle.dumps(COMPARED)).facts.rows[0].what == COMPARED.facts.rows[0].what
    for answer in (ANSWER, ANSWER.exactly):
        found = pickle.loads(pickle.dumps(answer))
        assert (list(found), found.theorem.conclusion) == (list(answer), answer.theorem.conclusion)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_the_size_of_every_kind_of_layer_is_stored(kind: Any) -> None:
    try:
        size = kind.size
    except LayerError:  # no axis is left
        return
    for one in size if isinstance(size, tuple) else (size,):
        again = pickle.loads(pickle.dumps(one))
        assert again == one
        assert again(40) == one(40)
        assert again.theorem.conclusion == one.theorem.conclusion


def test_a_stored_number_of_parameters_has_its_theorem() -> None:
    stored = pickle.loads(pickle.dumps(CONV.parameters))
    assert stored.theorem.conclusion == CONV.parameters.theorem.conclusion
    assert stored.free_symbols == CONV.parameters.free_symbols
