"""Models whose code computes with sizes: each way to do so leaves an expression or a printed condition, right at every size."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from symnet import solve
from symnet.errors import ModelError, SymnetError
from symnet.frontends.torch import from_torch
from symnet.notation.parse import Question
from tests.frontends.torch.test_models import model

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]


def tried(module: Any, symbols: tuple[str, ...], shape: tuple[Any, ...], numbers: list[int], **usual: Any) -> str:
    """Hold the network of a model against the model itself at these numbers; for which it is defined."""
    import torch

    net = from_torch(module, shape, **usual)
    for number in numbers:
        sizes = dict.fromkeys(symbols, number)
        given = [sizes.get(size, size) for size in shape]
        try:
            found = net.at(**sizes).output
        except SymnetError:
            continue
        assert tuple(found) == tuple(module(torch.zeros(2, *given)).shape[1:]), (number, str(net.output))
    return str(solve(Question(net.graph, None, ""), valid=True))


def resized(size: Callable[[Any], Any]) -> Any:
    from torch.nn import functional

    return model(lambda self, x: functional.interpolate(x, size=(size(x.shape[2]), size(x.shape[3]))))


SIZES: dict[str, tuple[Callable[[Any], Any], bool]] = {
    "round(t / 2)": (lambda t: round(t / 2), True),
    "t >> 1": (lambda t: t >> 1, True),
    "t & ~7": (lambda t: (t & ~7) + 1, True),
    "ceil(t / 8 + 1)": (lambda t: math.ceil(t / 8 + 1), True),
    "floor((t + 1) / 3)": (lambda t: math.floor((t + 1) / 3) + 1, True),
    "divmod": (lambda t: sum(divmod(t, 4)) + 1, True),
    "abs": (lambda t: abs(t - 20) + 1, False),
    "t // -2": (lambda t: -(t // -2), True),
    "int(t / 2 + 1)": (lambda t: int(t / 2 + 1), False),
    "isqrt": (math.isqrt, False),
    "str": (lambda t: len(str(t)), False),
    "gcd": (lambda t: math.gcd(t, 12), False),
    "range": (lambda t: len(range(0, t, 3)), False),
    "hash": (lambda t: {64: 3}.get(t, 5), False),
    "t * 0.75": (lambda t: math.ceil(t * 0.75), True),
    "t / 49 * 49": (lambda t: math.ceil(t / 49 * 49), False),
    "224 / t": (lambda t: math.ceil(224 / t), True),
    "0.7": (lambda t: math.ceil(t * 0.7), False),
    "log2": (lambda t: 2 + int(math.log2(t)), False),
    "ternary": (lambda t: 3 if t & 1 else 4, False),
    "is_integer": (lambda t: 3 if (t / 4).is_integer() else 4, False),
    "quotients": (lambda t: 3 if t / 3 > 5 else 4, False),
}


@pytest.mark.parametrize("name", SIZES)
def test_sizes_that_code_computes(name: str) -> None:
    size, whole = SIZES[name]
    answer = tried(resized(size), ("W",), (3, "W", "W"), [*range(1, 40), 63, 64, 65, 100, 223, 224, 225])
    assert (answer in ("W ≥ 1", "W ≥ 2")) is whole, answer


def test_other_ways_are_tried_where_the_usual_size_leads_nowhere() -> None:
    import torch
    from torch import nn

    table = model(lambda self, x: x + self.w[:, : x.shape[1]], w=nn.Parameter(torch.zeros(1, 9, 4)))
    assert tried(table, ("T",), ("T", 4), [1, 5, 9]) == "T ∈ 1..9"
    both = model(
        lambda self, x: self.fc(x.flatten(1)) if x.shape[2] > 30 else self.conv(x),
        conv=nn.Conv2d(3, 3, 3),
        fc=nn.Linear(75, 2),
    )
    assert tried(both, ("W",), (3, "W", "W"), [2, 3, 30, 31]) == "W ∈ 3..30"
    never = model(lambda self, x: self.fc(x), fc=nn.Linear(75, 2))
    with pytest.raises(ModelError, match="is for 75 inputs"):
        from_torch(never, (3, 4))


def test_a_person_chooses_the_way() -> None:
    from torch import nn

    module = model(
        lambda self, x: self.one(x) if x.shape[2] > 300 else self.two(x), one=nn.Conv2d(3, 3, 3), two=nn.Conv2d(3, 3, 5)
    )
    assert tried(module, ("H",), (3, "H", 20), [4, 5, 300, 301]) == "H ∈ 5..300"
    assert tried(module, ("H",), (3, "H", 20), [4, 5, 300, 301], usual={"H": 480}) == "H ≥ 301"
    for wrong in ({"Q": 3}, {"H": 0}, {"H": "3"}, {"H": 2.5}):
        with pytest.raises(ModelError, match="usual size"):
            from_torch(module, (3, "H", 20), usual=wrong)  # type: ignore[arg-type]


def test_an_equation_of_two_inputs_is_one_in_closed_form() -> None:
    """A vocoder stretches its frames by 200, step by step and at once, and cuts them to the samples of the other input."""
    from torch import cat, nn

    def stretched(self: Any, wave: Any, frames: Any) -> Any:
        steps = self.body(frames).repeat_interleave(200, -1)
        rows = frames.repeat_interleave(5, -1).repeat_interleave(5, -1).repeat_interleave(8, -1)[:, :, 400:-400]
        return cat([wave.unsqueeze(1), steps, rows], 1)

    network = from_torch(model(stretched, body=nn.Conv1d(8, 6, 5)), (("L",), (8, "T")), compare=False)
    assert list(map(str, network.hypotheses)) == ["L == 200*T - 800"]


def test_a_loop_over_a_size_fixes_it() -> None:
    module = model(lambda self, x: sum(x[:, i] for i in range(x.shape[1])))
    net = from_torch(module, ("T", 4))
    assert net.at(T=16).output == (4,)
    with pytest.raises(SymnetError):
        net.at(T=17)


def test_the_batch_is_not_counted() -> None:
    for run in (
        lambda self, x: list(range(len(x))) and x,
        lambda self, x: x * float(x.shape[0]),
        lambda self, x: x.view(int(x.shape[0]), -1),
    ):
        with pytest.raises(ModelError, match="takes the size of the batch for a number, which symnet leaves open"):
            from_torch(model(run), ("T", 4))
