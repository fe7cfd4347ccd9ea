"""Shapes with a batch, and tensors instead of shapes, are refused with the shape to give; results speak in given symbols."""

from __future__ import annotations

from typing import Any

import pytest
import sympy

from symnet import ModelError, from_torch

torch: Any = pytest.importorskip("torch")
pytestmark = pytest.mark.frameworks


@pytest.mark.parametrize(
    "given",
    [
        lambda: torch.zeros(1, 3, 32, 32),
        lambda: (1, 3, 32, 32),
        lambda: [torch.zeros(2, 3, 32, 32)],
        lambda: torch.Size((4, 3, 32, 32)),
        lambda: {"input": torch.zeros(1, 3, 32, 32)},
    ],
)
def test_a_batch_is_refused_with_the_shape_to_give(given: Any) -> None:
    with pytest.raises(ModelError, match=r"give \(3, 32, 32\)"):
        from_torch(torch.nn.Conv2d(3, 8, 3), given())


def test_a_model_speaks_in_the_symbols_that_were_given() -> None:
    x = sympy.Symbol("x")
    net = from_torch(torch.nn.Conv2d(3, 8, 3), (3, x, x))
    assert net.output == (8, x - 2, x - 2)
    assert net.at({x: 32}).output == (8, 30, 30)
    assert net.compared
