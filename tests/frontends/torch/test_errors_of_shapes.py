"""Shapes with a batch, and tensors instead of shapes, are refused with the shape to give; results speak in given symbols."""

from __future__ import annotations

import importlib
import itertools
import re
from typing import Any

import pytest
import sympy

from symnet import ModelError, SymnetError, from_torch

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


@pytest.mark.parametrize("kind", ["GRU", "LSTM", "RNN"])
@pytest.mark.parametrize(
    "more", [{}, {"bidirectional": True}, {"num_layers": 2}, {"num_layers": 2, "bidirectional": True}]
)
def test_first_states_are_of_torchs_sizes_or_refused(kind: str, more: dict[str, Any]) -> None:
    """Of all rows and widths, and with the batch or a batch of 3, those that torch takes are read, and no others."""
    nn = torch().nn

    class Model(nn.Module):  # type: ignore[misc,name-defined]
        def __init__(self, sizes: tuple[int, int, int]) -> None:
            super().__init__()
            self.module = getattr(nn, kind)(4, 5, batch_first=True, **more)
            self.sizes = sizes

        def forward(self, x: Any) -> Any:
            rows, batch, width = self.sizes
            state = x.new_zeros(rows, batch or x.shape[0], width)
            return self.module(x, (state, state) if kind == "LSTM" else state)[0]

    def taken(model: Any) -> bool:
        try:
            for batch in (2, 3):
                model(torch().zeros(batch, 6, 4))
        except RuntimeError:
            return False
        return True

    for sizes in itertools.product((1, 2, 4), (0, 3), (4, 5)):
        model = Model(sizes)
        if taken(model):
            assert from_torch(model, ("T", 4)).output[1] == 5 * (1 + more.get("bidirectional", False))
        else:
            with pytest.raises(ModelError, match="needs"):
                from_torch(model, ("T", 4), compare=False)


def test_masks_of_attention_are_of_its_steps() -> None:
    nn = torch().nn

    class Model(nn.Module):  # type: ignore[misc,name-defined]
        def __init__(self, **masks: Any) -> None:
            super().__init__()
            self.attention, self.masks = nn.MultiheadAttention(8, 2, batch_first=True), masks

        def forward(self, x: Any) -> Any:
            return self.attention(x, x, x, **self.masks)[0]

    network = from_torch(Model(attn_mask=torch().zeros(5, 5)), ("T", 8))
    assert network.at(T=5).output == (5, 8)
    with pytest.raises(SymnetError):
        network.at(T=6)
    for masks in (
        {"attn_mask": torch().zeros(5, 4)},
        {"attn_mask": torch().zeros(5)},
        {"key_padding_mask": torch().zeros(5)},
    ):
        with pytest.raises(ModelError, match="of sizes"):
            from_torch(Model(**masks), (5, 8))
