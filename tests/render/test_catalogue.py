"""Explanations in a terminal: plain words, lines that fit."""

from __future__ import annotations

import json

import pytest

from symnet.layers.declaration.registry import KINDS
from symnet.render.catalogue import explain, layers


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
