"""Entries by arrays of their numbers, tensors without entries, scans, complex numbers: what PyTorch gives, at numbers and with letters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from symnet import ModelError, from_torch

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]

SIZES = {"T": 11, "D": 6, "E": 4}


def module(run: Callable[..., Any]) -> Any:
    import torch

    class Run(torch.nn.Module):
        def forward(self, x: Any) -> Any:
            return run(torch, x)

    return Run()


#: What a model's code does with x of sizes (N, T, D, E).
RUNS: dict[str, Callable[..., Any]] = {
    "an array": lambda torch, x: x[:, :, torch.tensor([0, 2, 5])],
    "a list": lambda torch, x: x[:, [0, -1]],
    "two arrays beside each other": lambda torch, x: x[:, :, torch.arange(4), torch.arange(4)],
    "two arrays that stretch": lambda torch, x: x[:, :, torch.arange(6)[:, None], torch.arange(4)],
    "two arrays apart": lambda torch, x: x[:, torch.tensor([1, 2, 3]), :, torch.tensor([0, 1, 2])],
    "an array and a number apart": lambda torch, x: x[:, 0, :, torch.tensor([0, 1])],
    "an array and a new size": lambda torch, x: x[:, None, torch.tensor([[0, 1], [1, 2]])],
    "an array of the example's own": lambda torch, x: torch.rand(50, 8)[x[:, :, 0, 0].long()],
    "the batch and numbers of its own": lambda torch, x: x[torch.arange(x.shape[0]), x.sum((2, 3)).argmax(1)],
    "the batch and steps": lambda torch, x: x[torch.arange(x.shape[0])[:, None], torch.arange(x.shape[1])[None, :]],
    "rows of the whole batch": lambda torch, x: x.flatten(0, 1)[x.flatten(0, 1).sum((1, 2)).argsort()].view_as(x),
    "index_select": lambda torch, x: torch.rand(50, 8).index_select(0, x[..., 0, 0].long().view(-1)).view(x.shape[0], -1, 8),
    "a mask with numbers": lambda torch, x: x[:, :, torch.tensor([True, False, True, True, False, False])],
    "the last so many": lambda torch, x: x[:, -x.shape[1] :],
    "the last half": lambda torch, x: x[:, -(x.shape[1] // 2) :],
    "padding that cuts off": lambda torch, x: torch.nn.functional.pad(x, (0, 0, 0, 0, 4 - x.shape[1], 0)),
    "a cache that is empty": lambda torch, x: torch.cat([torch.tensor([]), x], dim=-2),
    "no entries and x": lambda torch, x: torch.cat([x[:, :0] * 2, x], dim=1),
    "zeros of no entries": lambda torch, x: torch.cat([x.new_zeros(x.shape[0], 0, 6, 4), x], dim=1),
    "complex numbers": lambda torch, x: torch.view_as_real(torch.view_as_complex(x.unflatten(-1, (2, 2)))).flatten(-2),
    "polar": lambda torch, x: torch.polar(x, x).real,
    "fft": lambda torch, x: torch.fft.fft2(x).real,
    "rfft": lambda torch, x: torch.fft.irfft(torch.fft.rfft(x, dim=1), dim=1),
    "rfft of so many": lambda torch, x: torch.fft.rfft(x, n=9, dim=2).abs(),
}  # fmt: skip


#: What PyTorch itself does with numbers only, even where they are the model's own.
LOOKS_AT_NUMBERS = ("a mask with numbers",)


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("letters", [False, True])
def test_torch_gives_the_same(name: str, letters: bool) -> None:
    import torch

    shape = tuple("T" if letters and size == "T" else SIZES[size] for size in SIZES)
    network = from_torch(module(RUNS[name]), shape, usual={"T": 11} if letters else None)
    assert network.compared or name in LOOKS_AT_NUMBERS
    there = network.at(T=11) if letters else network
    given = RUNS[name](torch, torch.rand(3, *SIZES.values()))
    assert sorted(size for size in (3, *map(int, there.output)) if size != 1) == sorted(
        size for size in given.shape if size != 1
    )


@pytest.mark.parametrize("run", [
    lambda torch, x: x[x > 0],
    lambda torch, x: x[:, x[0, :, 0, 0] > 0],
    lambda torch, x: 0 in x,
])  # fmt: skip
def test_values_are_refused_with_the_line_of_the_code(run: Callable[..., Any]) -> None:
    with pytest.raises(ModelError, match=r"(mask|values|batch).*at test_entries.py, line \d+"):
        from_torch(module(run), (11, 6, 4))
