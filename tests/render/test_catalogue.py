"""Explanations in a terminal: plain words, lines that fit."""

from __future__ import annotations

import json
from math import prod

import pytest

from symnet.errors import LayerError
from symnet.layers.declaration.registry import KINDS
from symnet.render.catalogue import explain, layers
from symnet.terms.evaluation import evaluate
from symnet.terms.term import symbols_of


@pytest.mark.parametrize("kind", [kind.kind for kind in KINDS])
def test_no_marks_of_docstrings(kind: str) -> None:
    assert "`" not in explain(kind)
    assert "``" not in explain(kind, "markdown")
    assert "`" not in json.loads(explain(kind, "json"))["summary"]


@pytest.mark.parametrize(("columns", "widest"), [("", 80), ("75", 75), ("100", 100)])
def test_the_list_fits_the_terminal(columns: str, widest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    lines = layers().splitlines()
    assert max(map(len, lines)) <= widest
    assert sum(line.split(" ")[0] in {kind.kind for kind in KINDS} for line in lines) == len(KINDS)


def test_arguments_fit_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    table = explain("conv").partition("Size of an axis")[0]
    assert max(map(len, table.splitlines())) <= 80
    assert "borrows" in table


@pytest.mark.parametrize(
    ("kind", "shown", "reason"),
    [
        ("LSTM", "(a + b + 1)·b·4 = 4·b·a + 4·b·b + 4·b", "and there are four"),
        ("GRU", "(a + b + 2)·b·3 = 3·b·a + 3·b·b + 3·b + 3·b", "and there are three"),
        ("Conv", "(F·F·D + 1)·K = K·D·F·F + K", "There are K filters."),
        ("FC", "(a + 1)·N = N·a + N", "There are N units."),
        ("PReLU", "D·W·W", "the entries of"),
    ],
)
def test_parameters_are_derived_from_the_arrays(kind: str, shown: str, reason: str) -> None:
    page = " ".join(explain(kind).partition("Number of parameters")[2].partition("Examples")[0].split())
    assert shown in page
    assert reason in page


def test_every_textbook_form_of_parameters_is_the_number_of_entries() -> None:
    asked = 0
    for kind in KINDS:
        try:
            weights, theorem = kind.in_letters().weight_count
        except LayerError:
            continue
        asked += bool(weights)
        numbers = {symbol: 7 * place + 60 for place, symbol in enumerate(symbols_of(theorem.conclusion))}
        entries = sum(prod(evaluate(size, numbers) for size in weight.shape) for weight in weights)
        assert evaluate(theorem.conclusion.args[0], numbers) == entries, kind
    assert asked > 20


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("padding", "= ⌊(W − F + 2·P)/S⌋ + 1"),
        ("same", "= ⌈W/S⌉ if W ≥ 1"),
        ("valid", "In the law P is 0."),
        ("output-padding", "S·(W − 1) + F − 2·P + O"),
        ("Receptive Field", "adds (F − 1)·j to its size"),
        ("FLOPs", "One is 2 FLOPs"),
        ("gates", "s' = f·s + i·g"),
    ],
)
def test_words_of_the_field(word: str, shown: str) -> None:
    assert shown in " ".join(explain(word).split())
    data = json.loads(explain(word, "json"))
    assert data["meaning"]
    assert explain(word, "markdown").startswith("# ")
