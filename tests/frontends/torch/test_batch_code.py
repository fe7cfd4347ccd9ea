"""Models whose code merges the batch with other sizes and takes it apart again: as PyTorch does it at every size, or refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symnet.errors import SymnetError
from symnet.frontends.flow import BATCH
from symnet.frontends.torch import from_torch
from symnet.terms.evaluation import evaluate
from symnet.terms.term import Symbol
from tests.frontends.torch.asking import watched
from tests.frontends.torch.test_models import model

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]


def torch() -> Any:
    return __import__("torch")


def functional() -> Any:
    return torch().nn.functional


#: Steps of a model's code: of the model, the tensor so far, and the size of the batch that came in.
STEPS: tuple[Any, ...] = (
    lambda self, x, b: x.reshape(-1, x.shape[-1]),
    lambda self, x, b: x.reshape(-1, *x.shape[2:]),
    lambda self, x, b: x.reshape(b, -1, x.shape[-1]),
    lambda self, x, b: x.reshape(b, -1),
    lambda self, x, b: x.reshape(-1, b),
    lambda self, x, b: x.reshape(x.shape[1], x.shape[0], *x.shape[2:]),
    lambda self, x, b: x.flatten(0, 1),
    lambda self, x, b: x.flatten(1),
    lambda self, x, b: x.unflatten(0, (b, -1)),
    lambda self, x, b: x.unflatten(0, (-1, b)),
    lambda self, x, b: x.transpose(0, 1),
    lambda self, x, b: x.transpose(1, -1),
    lambda self, x, b: x.permute(*range(x.ndim - 1, -1, -1)),
    lambda self, x, b: x.reshape(b, x.numel() // b),
    lambda self, x, b: x.unsqueeze(0),
    lambda self, x, b: x.unsqueeze(1),
    lambda self, x, b: x.squeeze(0),
    lambda self, x, b: x.squeeze(1),
    lambda self, x, b: torch().cat([x, x], 0),
    lambda self, x, b: torch().cat([x, x], 1),
    lambda self, x, b: torch().cat([x, x[:, :1]], 1),
    lambda self, x, b: torch().stack([x, x], 0),
    lambda self, x, b: torch().stack([x, x], 1),
    lambda self, x, b: x.chunk(2, 0)[0],
    lambda self, x, b: x.split(b)[0],
    lambda self, x, b: x[:b],
    lambda self, x, b: x[b:],
    lambda self, x, b: x.repeat(2, *[1] * (x.ndim - 1)),
    lambda self, x, b: x.repeat(b, *[1] * (x.ndim - 1)),
    lambda self, x, b: x.repeat_interleave(2, 0),
    lambda self, x, b: x + x.mean(0),
    lambda self, x, b: x.mean(0, keepdim=True),
    lambda self, x, b: x.sum(0),
    lambda self, x, b: x.sum((0, -1), keepdim=True) + x,
    lambda self, x, b: x.amax(-1),
    lambda self, x, b: x @ x.transpose(-1, -2),
    lambda self, x, b: x.transpose(0, 1) @ x,
    lambda self, x, b: torch().einsum("...ij,...kj->...ik", x, x),
    lambda self, x, b: torch().einsum("b...,bj->...j", x, x.flatten(1)),
    lambda self, x, b: self.lin(x),
    lambda self, x, b: x @ self.square,
    lambda self, x, b: self.square @ x,
    lambda self, x, b: x @ self.square[0],
    lambda self, x, b: x.reshape(*x.shape[:-1], 2, x.shape[-1] // 2).transpose(1, -2).flatten(0, 1),
    lambda self, x, b: x.reshape(x.shape[0], x.shape[1] // 2, 2, *x.shape[2:]),
    lambda self, x, b: x.reshape(x.shape[0] * x.shape[1], *x.shape[2:]),
    lambda self, x, b: x.reshape(x.shape[0] // b, b, *x.shape[1:]),
    lambda self, x, b: x.reshape(b, x.shape[0] // b, *x.shape[1:]),
    lambda self, x, b: x.reshape(int(x.shape[0] / b), b, *x.shape[1:]),
    lambda self, x, b: x[None].expand(3, *x.shape),
    lambda self, x, b: x[:1].expand(b, *x.shape[1:]),
    lambda self, x, b: x.mean(0, keepdim=True).expand(b, *x.shape[1:]),
    lambda self, x, b: self.row.expand(b, -1, -1) + x,
    lambda self, x, b: self.row.repeat(b, 1, 1),
    lambda self, x, b: torch().zeros(b, 1, 4) + x,
    lambda self, x, b: x + x.new_zeros(x.shape),
    lambda self, x, b: torch().cat([self.row.expand(x.shape[0], -1, -1), x], 1),
    lambda self, x, b: x.softmax(-1),
    lambda self, x, b: x.cumsum(0),
    lambda self, x, b: x.unfold(1, 2, 1),
    lambda self, x, b: x.roll((1, 1), (0, 1)),
    lambda self, x, b: functional().pad(x, (1, -1, -1, 0)),
    lambda self, x, b: functional().pad(x, (0, 0, 1, 1)),
    lambda self, x, b: functional().layer_norm(x, (x.shape[-1],)),
    lambda self, x, b: functional().linear(x, self.square),
    lambda self, x, b: x.topk(2, -1)[0],
    lambda self, x, b: x.gather(-1, x.argsort(-1)),
    lambda self, x, b: self.conv(x),
    lambda self, x, b: self.pool(x),
    lambda self, x, b: self.norm(x),
    lambda self, x, b: x.reshape(-1),
    lambda self, x, b: x.reshape(-1, 4),
    lambda self, x, b: x.reshape(-1, 2, 2),
    lambda self, x, b: x.reshape(x.shape[0], 2, -1),
    lambda self, x, b: x * x.shape[0],
    lambda self, x, b: x[..., 0],
    lambda self, x, b: x[:, None] * x[:, :, None] if x.ndim == 2 else x,
    lambda self, x, b: x.reshape(2, -1, *x.shape[1:]),
    lambda self, x, b: x.movedim(0, -1),
    lambda self, x, b: x.T if x.ndim == 2 else x.mT,
    lambda self, x, b: x.masked_fill(torch().ones(x.shape[-1]) == 0, 0.0),
    lambda self, x, b: torch().where(x > 0, x, x.mean()),
    lambda self, x, b: torch().maximum(x, self.row),
    lambda self, x, b: x.std(0, keepdim=True),
    lambda self, x, b: x.max(0)[0],
)

#: Inputs: with letters and without.
SHAPES: tuple[tuple[Any, ...], ...] = (("T", 4), (6, 4), (4,), ("T", "T", 4), (2, 4, 4), (4, "T", "T"), ("T",), (4, 1))


def made(steps: list[int]) -> Any:
    from torch import nn

    def forward(self: Any, x: Any) -> Any:
        batch = x.shape[0]
        for step in steps:
            x = STEPS[step](self, x, batch)
        return x

    module = model(
        forward,
        lin=nn.Linear(4, 6),
        row=nn.Parameter(torch().zeros(1, 1, 4)),
        conv=nn.Conv2d(4, 3, 3, padding=1),
        pool=nn.AvgPool2d(2),
        norm=nn.BatchNorm2d(4),
    )
    module.register_buffer("square", torch().zeros(4, 4))
    return module.eval()


def agrees(steps: list[int], shape: tuple[Any, ...], taken: int) -> bool:
    """Whether symnet reads it. What it reads is what PyTorch gives, at every size that it allows."""
    module = made(steps)
    try:
        with watched() as seen:
            net = from_torch(module, shape, usual={"T": taken} if "T" in shape else None, compare=False)
    except SymnetError as refused:
        assert "\n" not in str(refused)
        return False
    ((_, sizes),) = seen[-1][1]
    module.to("meta")
    for size in (1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 16) if "T" in shape else (1,):
        numbers = [size if one == "T" else one for one in shape]
        try:
            if "T" in shape:
                net.at(T=size)
        except SymnetError:
            continue
        for batch in (2, 3, 5):
            ours = tuple(evaluate(one, {BATCH: batch, Symbol("T"): size}) for one in sizes)
            try:
                with torch().device("meta"):  # no numbers, which may be more than fit into memory
                    theirs = tuple(module(torch().zeros(batch, *numbers)).shape)
            except RuntimeError as refused:
                assert "overflow" in str(refused)  # so many entries that torch cannot number them
                continue
            assert theirs == ours, (size, batch, str(net.output))
    return True


def drawn(most: int) -> Any:
    return st.lists(st.integers(0, len(STEPS) - 1), min_size=1, max_size=most)


@given(drawn(5), st.sampled_from(SHAPES), st.sampled_from([4, 6, 9, 16]))
@settings(max_examples=60)
def test_code_that_merges_the_batch(steps: list[int], shape: tuple[Any, ...], taken: int) -> None:
    agrees(steps, shape, taken)


@pytest.mark.long
@given(drawn(7), st.sampled_from(SHAPES), st.integers(1, 24))
@settings(max_examples=5000)
def test_much_code_that_merges_the_batch(steps: list[int], shape: tuple[Any, ...], taken: int) -> None:
    agrees(steps, shape, taken)


def test_a_size_may_be_called_batch() -> None:
    """A person's letter is never taken for the batch."""
    import torch

    class Rows(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x.reshape(x.shape[0] * x.shape[1], x.shape[2]).reshape(x.shape).sum(1)

    for name in ("batch", "batch__", "N"):
        assert str(from_torch(Rows(), (name, 3)).output) == "(3,)"
    with pytest.raises(SymnetError, match="a size of the input"):
        from_torch(Rows(), (BATCH.name, 3))


def test_a_batch_that_is_merged_into_a_size_is_noted_once() -> None:
    import torch

    class Windows(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            b, c, h, w = x.shape
            x = x.view(b, c, h // 4, 4, w // 4, 4).permute(0, 2, 4, 3, 5, 1).reshape(-1, 16, c)
            return x.view(b, -1, c).view(-1, 8, c)

    class Alone(torch.nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x.view(x.shape[0], -1).unsqueeze(1).squeeze(1)

    [note] = from_torch(Windows(), (3, 32, 32)).notes
    assert "whose tensor is 64·batch × 16 × 3; here it is one example's part, 64 × 16 × 3" in note
    assert "Note: in the model the batch is merged" in from_torch(Windows(), (3, 32, 32)).report()
    assert from_torch(Alone(), (3, 32, 32)).notes == ()
