"""Calls of torch's functions: tensors as their arguments, flags at a position, and what torch refuses, which is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from symnet.errors import ModelError, SymnetError
from symnet.frontends.torch import from_torch
from tests.frontends.torch.test_models import model

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]

Run = Callable[[Any], Any]


def torch() -> Any:
    return __import__("torch")


def zeros(*sizes: int) -> Any:
    return torch().zeros(*sizes)


def functional() -> Any:
    return torch().nn.functional


#: Read on (4, 1), or on (4, 5) where the name says so.
READ: dict[str, Run] = {
    "clamp": lambda x: x.clamp(min=zeros(4, 5)),
    "clip": lambda x: x.clip(zeros(4, 5), zeros(4, 5)),
    "clamp_max": lambda x: x.clamp_max(zeros(4, 5)),
    "masked_fill": lambda x: x.masked_fill(zeros(4, 5) > 0, 0.0),
    "normal": lambda x: torch().normal(x, zeros(4, 5)),
    "lerp": lambda x: torch().lerp(x, x, zeros(4, 5)),
    "addcmul": lambda x: torch().addcmul(x, zeros(4, 5), x),
    "where": lambda x: torch().where(zeros(4, 5) > 0, x, 0.0),
    "atan2": lambda x: torch().atan2(x, zeros(4, 5)),
    "a dimension more": lambda x: torch().clamp_min(x, zeros(2, 1, 1, 1)),
    "4×5: std, unbiased": lambda x: x.std(True),
    "4×5: std along, unbiased": lambda x: x.std(1, False),
    "4×5: std along, unbiased, kept": lambda x: x.std(-1, False, True),
    "4×5: var and mean, unbiased": lambda x: torch().var_mean(x, True),
    "4×5: var and mean along": lambda x: torch().var_mean(x, 1, True),
    "4×5: std and mean": lambda x: torch().std_mean(x, (1, 2), unbiased=False, keepdim=True),
}


@pytest.mark.parametrize("name", READ)
def test_what_is_read(name: str) -> None:
    shape = (4, 5) if name.startswith("4×5") else (4, 1)
    module = model(lambda self, x: READ[name](x))
    net = from_torch(module, shape, compare=False)
    ours = {tuple(size.constant for size in net.placed[place].output.dims) for place in net.graph.outputs()}
    theirs = [one.shape for one in torch().utils._pytree.tree_leaves(module(zeros(3, *shape)))]
    assert {tuple(size for size in sizes if size != 3) for sizes in theirs} == ours


#: Calls that torch refuses for the sizes of what they get, with the shape of the input.
REFUSED: dict[str, tuple[Run, tuple[int, ...]]] = {
    "rms_norm": (lambda x: functional().rms_norm(x, (5,)), (6, 7)),
    "layer_norm": (lambda x: functional().layer_norm(x, (6,), zeros(5)), (4, 6)),
    "batch_norm": (lambda x: functional().batch_norm(x, zeros(5), zeros(5)), (4, 6)),
    "group_norm": (lambda x: functional().group_norm(x, 4), (6, 4)),
    "linear": (lambda x: functional().linear(x, zeros(3, 5)), (4, 6)),
    "conv1d": (lambda x: functional().conv1d(x, zeros(3, 5, 1)), (4, 6)),
    "bilinear": (lambda x: functional().bilinear(x, x[:, :3], zeros(2, 4, 4)), (6, 4)),
    "prelu": (lambda x: functional().prelu(x, zeros(5)), (6, 4)),
    "split": (lambda x: x.split([1, 2], 1), (4, 2)),
    "narrow": (lambda x: x.narrow(1, 2, 3), (4, 2)),
    "topk": (lambda x: x.topk(5, 1), (4, 2)),
    "kthvalue": (lambda x: x.kthvalue(9, 1), (6, 4)),
    "permute": (lambda x: x.permute(0, 1, 1), (4, 2)),
    "movedim": (lambda x: x.movedim((0, 0), (1, 2)), (6, 4)),
    "flip": (lambda x: x.flip(1, 1), (6, 4)),
    "roll": (lambda x: x.roll(1, 5), (6, 4)),
    "diagonal": (lambda x: x.diagonal(dim1=1, dim2=1), (6, 4)),
    "mm": (lambda x: torch().mm(x, x), (4, 4)),
    "bmm": (lambda x: torch().bmm(x, zeros(3, 5, 2)), (4, 6)),
    "outer": (lambda x: torch().outer(x, x), (6,)),
    "mv": (lambda x: torch().mv(x, x), (6,)),
    "addmm": (lambda x: torch().addmm(zeros(5), x, zeros(6, 4)), (6,)),
    "einsum": (lambda x: torch().einsum("bij->bik", x), (6, 4)),
    "cross": (lambda x: torch().cross(x, x, 1), (6, 4)),
    "linalg.cross": (lambda x: torch().linalg.cross(x, x), (3, 4)),
    "cdist": (lambda x: torch().cdist(x, zeros(3, 5)), (6, 4)),
    "add in place": (lambda x: x.add_(zeros(4, 5)), (4, 1)),
    "sub in place": (lambda x: x[:, :1].sub_(x), (6, 4)),
    "mul in place": (lambda x: x.mul_(x.transpose(1, 2)), (6, 4)),
    "index": (lambda x: x[:, 7], (4, 6)),
    "select": (lambda x: x.select(1, 6), (6, 4)),
    "index_select": (lambda x: x.index_select(1, torch().tensor([7])), (6, 4)),
    "cat": (lambda x: torch().cat([x, x[:, :, :3]], 1), (4, 6)),
    "stack": (lambda x: torch().stack([x, x[:, :, :3]], 1), (4, 6)),
    "view": (lambda x: x.view(-1, 5), (4, 6)),
    "unflatten": (lambda x: x.unflatten(1, (4, 2)), (6, 4)),
    "expand": (lambda x: x.expand(-1, 4, 7), (4, 6)),
    "repeat": (lambda x: x.repeat(2), (4, 6)),
    "unfold": (lambda x: x.unfold(1, 9, 1), (4, 6)),
    "glu": (lambda x: functional().glu(x, 1), (5, 4)),
    "pixel_shuffle": (lambda x: functional().pixel_shuffle(x, 2), (6, 4, 4)),
    "avg_pool2d": (lambda x: functional().avg_pool2d(x, 9), (6, 4, 4)),
    "max_pool2d": (lambda x: functional().max_pool2d(x, 2, padding=2), (6, 4, 4)),
    "interpolate": (lambda x: functional().interpolate(x, 3, mode="bilinear"), (6, 4)),
    "pad reflecting": (lambda x: functional().pad(x, (4, 0), "reflect"), (6, 4)),
    "pad in a circle": (lambda x: functional().pad(x, (5, 0), "circular"), (6, 4)),
    "pad cropping": (lambda x: functional().pad(x, (-3, -2)), (6, 4)),
    "fold": (lambda x: functional().fold(x, (4, 4), 2), (6, 4)),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_torch_refuses(name: str) -> None:
    run, shape = REFUSED[name]
    module = model(lambda self, x: run(x))
    with pytest.raises((RuntimeError, IndexError, ValueError)):
        module(zeros(3, *shape))
    with pytest.raises(ModelError) as refused:
        from_torch(module, shape, compare=False)
    assert "\n" not in str(refused.value)
    assert "its code raises" not in str(refused.value)


def test_the_rules_for_numbers_are_hypotheses_for_letters() -> None:
    """The same calls on letters: what symnet reads has no size at which torch refuses it."""
    for name in (
        "rms_norm",
        "layer_norm",
        "group_norm",
        "linear",
        "split",
        "narrow",
        "topk",
        "cross",
        "glu",
        "index",
        "add in place",
    ):
        run, shape = REFUSED[name]
        module = model(lambda self, x, run=run: run(x))
        try:
            net = from_torch(module, ("A", *shape[1:]), compare=False, usual={"A": 6})
        except SymnetError:
            continue
        for size in range(1, 13):
            try:
                net.at(A=size)
            except SymnetError:
                continue
            module(zeros(3, size, *shape[1:]))
