# ruff: noqa: T201  # models that print
"""A model that shows its sizes is read with the sizes open; a text of a size that may be used fixes it to the number."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest

import symnet

pytestmark = pytest.mark.frameworks


def read(forward: Callable[[Any], Any]) -> Any:
    import torch

    class Model(torch.nn.Module):  # type: ignore[misc]
        def forward(self, x: Any) -> Any:
            return forward(x)

    return symnet.from_torch(Model(), (2, "W"))


def shape(x: Any) -> Any:
    print(x.shape)
    return x


def words(x: Any) -> Any:
    print("now", x.shape[0], list(x.shape), x.numel(), x)
    return x


def formatted(x: Any) -> Any:
    print(f"now {x.shape} and {x.size(-1):>5}")
    return x


def by_percent(x: Any) -> Any:
    print("now %s" % (x.shape,))  # noqa: UP031
    return x


def logged(x: Any) -> Any:
    logging.getLogger("model").warning("now %s", x.shape)
    return x


@pytest.mark.parametrize("forward", [shape, words, formatted, by_percent, logged])
def test_what_is_only_shown_stays_open(forward: Callable[[Any], Any]) -> None:
    assert read(forward).assumed == ()


TABLE = {"224": 1}


def looked_up(x: Any) -> Any:
    TABLE[f"{x.shape[-1]}"]
    return x


def held(x: Any) -> Any:
    text = f"{x.shape[-1]}"
    print(text)
    TABLE[text]
    return x


def looked_up_and_shown(x: Any) -> Any:
    TABLE[str(x.shape[-1])]
    print(f"{x.shape[-1]}")
    return x


def read_again(x: Any) -> Any:
    return x.repeat(1, int(str(x.shape[-1])), 1)


@pytest.mark.parametrize("forward", [looked_up, held, looked_up_and_shown, read_again])
def test_what_may_be_used_is_fixed(forward: Callable[[Any], Any]) -> None:
    assert [str(assumption[1]) for assumption in read(forward).assumed] == ["W == 224"]
