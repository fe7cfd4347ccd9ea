"""The functions of torch on the samples of PyTorch's own tests: none is read wrongly, and nearly all that have a handler are read."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timezone

import pytest

from tests.zoo.functions import BY_NUMBERS, OTHERWISE_REFUSED, asked, functions, named_otherwise, refused_by_torch

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]

#: A run takes one function of so many, others each day.
PARTS = 40

#: Functions of people's models, whose samples are read in every run: what is left are samples that torch's batch rules out.
USUAL = (
    "cat", "stack", "add", "matmul", "einsum", "reshape", "permute", "where", "gather", "scatter", "index_select", "masked_fill", "topk",
    "sort", "max", "cumsum", "softmax", "pow", "sum", "mean", "var", "norm", "view_as_complex", "nn.functional.pad",
    "nn.functional.mse_loss",
    "nn.functional.cross_entropy", "nn.functional.linear", "nn.functional.layer_norm", "nn.functional.avg_pool2d",
)  # fmt: skip


def test_no_function_is_read_wrongly() -> None:
    every = [function for function in functions() if function.name not in BY_NUMBERS]
    day = datetime.now(timezone.utc).timetuple().tm_yday % PARTS
    found = [one for function in every[day::PARTS] for one in asked(function)]
    assert [one for one in found if one.result in ("wrong", "crashed")] == []
    counts = Counter(one.result for one in found)
    assert counts["read"] >= 0.8 * (counts["read"] + counts["refused"])  # of all parts together 0.98


def test_arguments_by_name_and_by_position_are_the_same_call() -> None:
    every = [function for function in functions() if function.name not in BY_NUMBERS]
    day = datetime.now(timezone.utc).timetuple().tm_yday % PARTS
    found = [one for function in every[day::PARTS] for one in named_otherwise(function, 4)]
    assert [one for one in found if one.result in ("wrong", "crashed")] == []
    counts = Counter(one.result for one in found)
    assert counts["read"] >= 0.8 * (counts["read"] + counts["refused"])


def test_what_torch_refuses_is_refused() -> None:
    every = [function for function in functions() if function.name not in OTHERWISE_REFUSED]
    day = datetime.now(timezone.utc).timetuple().tm_yday % PARTS
    found = [one for function in every[day::PARTS] for one in refused_by_torch(function)]
    assert [one for one in found if one.result in ("accepted", "crashed")] == []


def test_the_usual_functions_are_read() -> None:
    chosen = [function for function in functions() if function.name in USUAL]
    assert {function.name for function in chosen} == set(USUAL)
    found = [one for function in chosen for one in asked(function, 6)]
    counts = Counter(one.result for one in found)
    assert counts["wrong"] + counts["crashed"] == 0
    assert counts["read"] >= 0.95 * (counts["read"] + counts["refused"]), [
        one for one in found if one.result == "refused"
    ]
