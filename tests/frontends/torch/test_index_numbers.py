"""Tables that are read by numbers that a model's code works out of sizes: for the sizes only for which PyTorch finds the rows."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symnet import solve
from symnet.errors import SymnetError
from symnet.frontends.torch import from_torch
from symnet.notation.parse import Question
from tests.frontends.torch.test_models import model

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]


def arange(*ends: Any) -> Any:
    import torch

    return torch.arange(*ends)


#: Numbers of rows of a table of 9 that code works out of T, and the sizes for which those rows are there.
NUMBERS: dict[str, tuple[Any, str]] = {
    "positions": (lambda t: arange(t), "T ∈ 1..9"),
    "twice": (lambda t: arange(t) * 2, "T ∈ 1..5"),
    "from 1": (lambda t: arange(t) + 1, "T ∈ 1..8"),
    "counted from 1": (lambda t: arange(1, t + 1), "T ∈ 1..8"),
    "backwards": (lambda t: arange(t - 1, -1, -1), "T ∈ 1..9"),
    "turned": (lambda t: arange(t).flip(0), "T ∈ 1..9"),
    "distances": (lambda t: arange(t)[None] - arange(t)[:, None] + 4, "T ∈ 1..5"),
    "clamped": (lambda t: arange(t).clamp(max=8), "T ≥ 1"),
    "clamped distances": (lambda t: (arange(t)[None] - arange(t)[:, None]).clamp(-4, 4) + 4, "T ≥ 1"),
    "a running sum": (lambda t: (arange(t) * 0 + 1).cumsum(0), "T ∈ 1..8"),
    "halves": (lambda t: arange(t) // 2, "T ∈ 1..18"),
    "remainders": (lambda t: arange(t) % 9, "T ≥ 1"),
    "a part": (lambda t: arange(t)[1:], "T ∈ 2..9"),
    "a grid": (lambda t: (arange(t)[:, None] * 2 + arange(2)[None]).flatten(), "T ∈ 1..4"),
    "in place": (lambda t: arange(t).add_(3), "T ∈ 1..6"),
    "of both kinds": (lambda t: __import__("torch").cat([arange(t), arange(t) + 2]), "T ∈ 1..7"),
    "the size itself": (lambda t: __import__("torch").full((2,), t), "T ∈ 1..8"),
    "of the size": (lambda t: arange(3) * t, "T ∈ 1..4"),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_rows_by_numbers_that_are_worked_out(name: str) -> None:
    from torch import nn

    numbers, wanted = NUMBERS[name]
    for take in (
        lambda self, x: self.table(numbers(x.shape[1])),
        lambda self, x: self.table.weight[numbers(x.shape[1])],
        lambda self, x: self.table.weight.index_select(0, numbers(x.shape[1]).flatten()),
    ):
        net = from_torch(model(take, table=nn.Embedding(9, 4)), ("T", 4))
        assert str(solve(Question(net.graph, None, ""), valid=True)) == wanted
        assert not net.notes


def test_numbers_that_the_model_keeps() -> None:
    import torch
    from torch import nn

    kept = model(lambda self, x: self.table(self.places[:, : x.shape[1]]), table=nn.Embedding(9, 4))
    kept.register_buffer("places", torch.arange(20)[None])
    net = from_torch(kept, ("T", 4))
    assert str(solve(Question(net.graph, None, ""), valid=True)) == "T ∈ 1..9"
    for index, wanted in (([0, 5], "T ≥ 6"), ([0, -5], "T ≥ 5"), (torch.tensor([1, 7]), "T ≥ 8")):
        net = from_torch(model(lambda self, x, index=index: x[:, index]), ("T", 4))
        assert str(solve(Question(net.graph, None, ""), valid=True)) == wanted
    for wrong in ([4], [-5]):
        with pytest.raises(SymnetError, match=r"takes entry −?\d of 4"):
            from_torch(model(lambda self, x, index=wrong: x[:, index]), (4, 4))


def test_numbers_that_depend_on_the_data_are_assumed_aloud() -> None:
    from torch import nn

    module = model(lambda self, x: self.table((x[..., 0] * 3).long()), table=nn.Embedding(9, 4))
    (note,) = from_torch(module, ("T", 4)).notes
    assert "by numbers that are worked out: they are assumed to be in range" in note
    assert not from_torch(nn.Embedding(9, 4), ("T",)).notes


STEPS: tuple[Any, ...] = (
    lambda n, t: n + 1,
    lambda n, t: 2 * n,
    lambda n, t: n - 2,
    lambda n, t: t - n,
    lambda n, t: -n,
    lambda n, t: n.abs(),
    lambda n, t: n // 3,
    lambda n, t: n % 5,
    lambda n, t: n.clamp(0, 7),
    lambda n, t: n.clamp(min=2),
    lambda n, t: n.flip(0),
    lambda n, t: n[::2],
    lambda n, t: n[1:],
    lambda n, t: n[-3:],
    lambda n, t: n[None],
    lambda n, t: n[..., None] + n[..., None, :],
    lambda n, t: n[..., None] - n[..., None, :],
    lambda n, t: n.flatten(),
    lambda n, t: n.transpose(0, -1),
    lambda n, t: n.unsqueeze(-1).expand(*n.shape, 2),
    lambda n, t: n.repeat(*[2] * n.ndim),
    lambda n, t: n.cumsum(0),
    lambda n, t: n.roll(1, 0),
    lambda n, t: n.float().long(),
    lambda n, t: n + t,
    lambda n, t: n * t,
    lambda n, t: __import__("torch").cat([n, n + 3]),
    lambda n, t: __import__("torch").stack([n, n]),
    lambda n, t: __import__("torch").where(n < 4, n, 8),
    lambda n, t: __import__("torch").maximum(n, arange(1)),
    lambda n, t: n.clone().add_(1),
    lambda n, t: (n > 2).long(),
)


def agrees(steps: list[int], rows: int) -> None:
    """Where symnet gives a size, PyTorch runs; where it leaves a size out, PyTorch refuses it, unless it says an assumption."""
    import torch
    from torch import nn

    def forward(self: Any, x: Any) -> Any:
        numbers = arange(x.shape[1])
        for step in steps:
            numbers = STEPS[step](numbers, x.shape[1])
        return self.table(numbers)

    module = model(forward, table=nn.Embedding(rows, 2))
    try:
        net = from_torch(module, ("T", 4), usual={"T": 4}, compare=False)
    except SymnetError as refused:
        assert "\n" not in str(refused)
        return
    for size in range(1, 14):
        try:
            wanted = tuple(module(torch.zeros(2, size, 4)).shape)
        except (IndexError, RuntimeError, ValueError):
            wanted = None
        try:
            ours = tuple(net.at(T=size).output)
        except SymnetError:
            continue
        assert ours == wanted or (wanted is None and net.notes), (size, ours, wanted)


@given(st.lists(st.integers(0, len(STEPS) - 1), max_size=4), st.integers(5, 30))
@settings(max_examples=60)
def test_numbers_drawn_at_random(steps: list[int], rows: int) -> None:
    agrees(steps, rows)


@pytest.mark.long
@given(st.lists(st.integers(0, len(STEPS) - 1), max_size=6), st.integers(5, 40))
@settings(max_examples=5000)
def test_many_numbers_drawn_at_random(steps: list[int], rows: int) -> None:
    agrees(steps, rows)
