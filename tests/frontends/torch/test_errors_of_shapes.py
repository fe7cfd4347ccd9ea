"""Shapes with a batch, and tensors instead of shapes, are refused with the shape to give; results speak in given symbols."""

from __future__ import annotations

import importlib
import re
from typing import Any

import pytest
import sympy

from symnet import ModelError, from_torch

pytestmark = pytest.mark.frameworks


def torch() -> Any:
    """PyTorch, imported when a test runs: tests are collected also where it is not installed."""
    return importlib.import_module("torch")


@pytest.mark.parametrize(
    "given",
    [
        lambda: torch().zeros(1, 3, 32, 32),
        lambda: (1, 3, 32, 32),
        lambda: [torch().zeros(2, 3, 32, 32)],
        lambda: torch().Size((4, 3, 32, 32)),
        lambda: {"input": torch().zeros(1, 3, 32, 32)},
    ],
)
def test_a_batch_is_refused_with_the_shape_to_give(given: Any) -> None:
    with pytest.raises(ModelError, match=r"give \(3, 32, 32\)"):
        from_torch(torch().nn.Conv2d(3, 8, 3), given())


def test_a_model_speaks_in_the_symbols_that_were_given() -> None:
    x = sympy.Symbol("x")
    net = from_torch(torch().nn.Conv2d(3, 8, 3), (3, x, x))
    assert net.output == (8, x - 2, x - 2)
    assert net.at({x: 32}).output == (8, 30, 30)
    assert net.compared


@pytest.mark.parametrize(
    ("module", "sizes", "advised"),
    [
        (lambda: torch().nn.Conv2d(3, 4, 3), (3, 8, 8), ["(3, 8, 8)"]),
        (lambda: torch().nn.Conv1d(3, 4, 3), (2, 3, 8), ["(3, 8)"]),
        (lambda: torch().nn.Linear(8, 2), (8,), ["(8,)"]),
        (lambda: torch().nn.Linear(8, 2), (4, 8), ["(8,)", "(4, 8)"]),
        (lambda: torch().nn.LSTM(8, 2, batch_first=True), (5, 8), ["(5, 8)"]),
        (lambda: torch().nn.LSTM(8, 2, batch_first=True), (4, 5, 8), ["(5, 8)"]),
        (lambda: torch().nn.ReLU(), (4, 5), ["(5,)", "(4, 5)"]),
    ],
)
def test_the_shape_that_is_advised_for_a_tensor_is_taken(module: Any, sizes: Any, advised: list[str]) -> None:
    with pytest.raises(ModelError) as refused:
        from_torch(module(), torch().zeros(sizes))
    assert re.findall(r"\([0-9, ]+\)", str(refused.value)) == advised
    for shape in advised:
        assert from_torch(module(), tuple(map(int, re.findall(r"\d+", shape)))).output
