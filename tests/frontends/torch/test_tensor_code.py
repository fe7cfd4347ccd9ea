"""Models whose code multiplies, stretches, takes apart and merges tensors: as PyTorch does it, or refused; never another answer."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symnet.errors import SymnetError
from symnet.frontends.flow import BATCH
from symnet.frontends.torch import from_torch
from symnet.terms.evaluation import evaluate
from symnet.terms.term import Symbol, integer
from tests.frontends.torch.asking import watched
from tests.frontends.torch.test_models import model

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]


def parts() -> dict[str, Any]:
    """Layers and arrays that the models below use."""
    import torch
    from torch import nn

    return {
        "basis": torch.zeros(4, 10),
        "wide": torch.zeros(1, 6, 7),
        "square": torch.zeros(4, 4),
        "mask": torch.zeros(1, 9, 9),
        "table": nn.Parameter(torch.zeros(1, 9, 4)),
        "grid": nn.Parameter(torch.zeros(1, 8, 7, 7)),
        "row": nn.Parameter(torch.zeros(4, 5)),
        "lstm": nn.LSTM(8, 16, batch_first=True),
        "gru": nn.GRU(8, 16, num_layers=2, bidirectional=True, batch_first=True),
        "fc": nn.Linear(16, 3),
        "lin": nn.Linear(4, 4),
        "words": nn.Embedding(9, 4),
        "attend": nn.MultiheadAttention(8, 2, batch_first=True),
        "projected": nn.LSTM(8, 16, proj_size=5, batch_first=True),
    }


def made(run: Any) -> Any:
    import torch

    held = parts()
    module = model(run, **{name: part for name, part in held.items() if type(part) is not torch.Tensor})
    for name, part in held.items():
        if type(part) is torch.Tensor:
            module.register_buffer(name, part)
    return module


def functional() -> Any:
    from torch.nn import functional as f

    return f


def zeros(*sizes: int) -> Any:
    import torch

    return torch.zeros(*sizes)


#: What forward does, the input, and what comes out; ``None`` where PyTorch or symnet refuses it.
CASES: dict[str, tuple[Any, tuple[Any, ...], tuple[Any, ...] | None]] = {
    "basis @ x": (lambda self, x: self.basis @ x, (10, 4), (4, 4)),
    "x @ wide": (lambda self, x: x @ self.wide, (10, 6), (10, 7)),
    "graph convolution": (lambda self, x: self.square @ self.lin(x), (4, 4), (4, 4)),
    "clamp min": (lambda self, x: x.clamp(min=zeros(4, 5)), (4, 1), (4, 5)),
    "clip": (lambda self, x: x.clip(zeros(4, 5)), (4, 1), (4, 5)),
    "clamp max": (lambda self, x: x.clamp_max(zeros(1, 4, 5)), (4, 1), (4, 5)),
    "clamp": (lambda self, x: x.clamp(0, 1), (4, 1), (4, 1)),
    "masked_fill": (lambda self, x: x.masked_fill(self.mask == 0, -1.0), (1, 9), (9, 9)),
    "std unbiased": (lambda self, x: x.std(1, True), (4, 3), (3,)),
    "var_mean": (lambda self, x: x.var(1, False, True), (4, 3), (1, 3)),
    "std of all": (lambda self, x: x.std(True), (4, 3), ()),
    "state": (lambda self, x: self.fc(self.lstm(x)[1][0][-1]), (5, 8), (3,)),
    "cell": (lambda self, x: self.fc(self.lstm(x)[1][1][-1]), (5, 8), (3,)),
    "states of two layers": (lambda self, x: self.gru(x)[1].permute(1, 0, 2), (5, 8), (4, 16)),
    "projected cells": (lambda self, x: self.projected(x)[1][1].permute(1, 0, 2), (5, 8), (1, 16)),
    "attention's weights": (lambda self, x: self.attend(x, x, x)[1], (5, 8), (5, 5)),
    "values": (lambda self, x: x.max(1).values, (4, 3), (3,)),
    "places": (lambda self, x: x.topk(2, 1).indices, (4, 3), (2, 3)),
    "position embeddings": (
        lambda self, x: functional().interpolate(self.grid, scale_factor=2) + x,
        (8, 14, 14),
        (8, 14, 14),
    ),
    "rows": (lambda self, x: self.words(__import__("torch").arange(x.shape[1])) + x, (9, 4), (9, 4)),
    "two activations": (lambda self, x: functional().linear(x, x), (8,), None),
    "rms_norm": (lambda self, x: functional().rms_norm(x, (5,)), (6, 7), None),
    "split": (lambda self, x: x.split([1, 2], 1)[0], (4, 3), None),
    "narrow": (lambda self, x: x.narrow(1, 2, 5), (4, 3), None),
    "topk": (lambda self, x: x.topk(9, 1)[0], (4, 3), None),
    "permute": (lambda self, x: x.permute(0, 1, 1), (4, 3), None),
    "mm": (lambda self, x: __import__("torch").mm(x, x), (4, 4), None),
    "grows in place": (lambda self, x: x.add_(self.row), (4, 1), None),
    "expand": (lambda self, x: x.expand(2, 4, 5), (4, 5), None),
    "split the batch": (lambda self, x: x.split(2)[0], (4, 5), None),
    "chunk the batch": (lambda self, x: x.chunk(2)[0], (4, 5), None),
    "sum of the batch and more": (lambda self, x: x.sum((0, -1), keepdim=True), (4, 5), (1, 4, 1)),
    "sum of the batch": (lambda self, x: x.sum(0), (4, 5), (4, 5)),
    "view without the batch": (lambda self, x: x.view(4, 5), (4, 5), None),
    "all pairs of the batch": (lambda self, x: x @ x.T, (4,), None),
    "merged": (lambda self, x: x.reshape(-1, 8).view(x.shape[0], x.shape[1], 4, 2), (5, 8), (5, 4, 2)),
}


@pytest.mark.parametrize("name", CASES)
def test_what_code_does_with_tensors(name: str) -> None:
    run, shape, wanted = CASES[name]
    if wanted is None:
        with pytest.raises(SymnetError) as raised:
            from_torch(made(run), shape)
        assert "\n" not in str(raised.value)
        return
    module = made(run)
    net = from_torch(module, shape)
    assert net.not_compared is None
    assert len(net.compared) == 2
    assert tuple(net.output) == wanted
    assert net.parameters == sum(held.numel() for held in module.parameters())


def test_recurrent_work_counts_once() -> None:
    net = from_torch(made(CASES["state"][0]), (5, 8))
    assert net.multiply_adds == 5 * 4 * 16 * (8 + 16) + 16 * 3


def test_letters_that_meet_fixed_sizes_are_those() -> None:
    from torch import nn

    for module, shape, wanted in (
        (nn.LayerNorm(5, elementwise_affine=False), ("A",), "A ∈ {5}"),
        (nn.BatchNorm2d(5, affine=False), ("A", 8, 8), "A ∈ {5}"),
        (nn.RMSNorm(5, elementwise_affine=False), ("A",), "A ∈ {5}"),
        (made(CASES["rows"][0]), ("A", 4), "A ∈ 1..9"),
        (
            made(lambda self, x: x.masked_fill(self.mask[:, : x.shape[1], : x.shape[1]] == 0, -1.0)),
            ("A", "A"),
            "A ∈ 1..9",
        ),
        (made(lambda self, x: x + self.table[:, : x.shape[1]]), ("A", 4), "A ∈ 1..9"),
        (made(lambda self, x: x.split([1, 2], 1)[1]), ("A", 4), "A ∈ {3}"),
        (made(lambda self, x: x.narrow(1, 1, 4)), ("A", 4), "A ≥ 5"),
    ):
        from symnet import solve
        from symnet.notation.parse import Question

        assert str(solve(Question(from_torch(module, shape).graph, None, ""), valid=True)) == wanted


#: Steps of a model's code, on (batch, T, 4) and what came before.
STEPS: tuple[Any, ...] = (
    lambda self, x: x.transpose(1, 2),
    lambda self, x: x.reshape(x.shape[0], -1),
    lambda self, x: x.flatten(1),
    lambda self, x: x.unsqueeze(1),
    lambda self, x: x.mean(1),
    lambda self, x: x.mean(-1, keepdim=True),
    lambda self, x: x[:, : x.shape[1] // 2],
    lambda self, x: x[:, -1],
    lambda self, x: x.reshape(x.shape[0], x.shape[1] // 2, 2, *x.shape[2:]),
    lambda self, x: x.reshape(-1, x.shape[-1]),
    lambda self, x: x.permute(0, *range(x.ndim - 1, 0, -1)),
    lambda self, x: x.chunk(2, 1)[0],
    lambda self, x: x.repeat(1, *([2] * (x.ndim - 1))),
    lambda self, x: x + x.mean(1, keepdim=True),
    lambda self, x: self.lin(x),
    lambda self, x: x @ self.square,
    lambda self, x: self.square @ x,
    lambda self, x: x.squeeze(1),
    lambda self, x: x * x.shape[1],
    lambda self, x: x.std(1, True),
    lambda self, x: x.expand(-1, *x.shape[1:]),
    lambda self, x: x.flip(1),
    lambda self, x: x.max(1)[0],
    lambda self, x: x.reshape(x.shape[0], *x.shape[2:], x.shape[1]),
    lambda self, x: functional().pad(x, (1, x.shape[1] % 3)),
    lambda self, x: x.reshape(x.shape[0], -1, 2),
    lambda self, x: x.clamp(min=zeros(4)),
    lambda self, x: x[:, ::2],
    lambda self, x: x if x.shape[1] > 7 else x.mean(1),
    lambda self, x: x.unfold(1, 2, 1),
    lambda self, x: x.split(3, 1)[-1],
    lambda self, x: x.roll(1, 1),
    lambda self, x: x.sum() + x,
    lambda self, x: x.reshape(round(x.shape[0]), -1, x.shape[-1]),
    lambda self, x: x.narrow(1, 0, x.shape[1] - 1),
    lambda self, x: x.cumsum(1),
)


def agrees(steps: list[int], taken: int) -> None:
    """What symnet reads is what PyTorch gives, at every size that it allows; or it is refused."""
    import torch

    def forward(self: Any, x: Any) -> Any:
        for step in steps:
            x = STEPS[step](self, x)
        return x

    module = made(forward)
    try:
        with watched() as seen:
            net = from_torch(module, ("T", 4), usual={"T": taken}, compare=False)
    except SymnetError as refused:
        assert "\n" not in str(refused)
        return
    for size in (1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 16):
        try:
            net.at(T=size)
        except SymnetError:
            continue
        ((_, sizes),) = seen[-1][1]
        for batch in (2, 3):
            ours = tuple(evaluate(one, {BATCH: batch, Symbol("T"): size}) for one in sizes)
            assert tuple(module(torch.zeros(batch, size, 4)).shape) == ours, (size, batch, str(net.output))


@given(st.lists(st.integers(0, len(STEPS) - 1), min_size=1, max_size=4), st.sampled_from([4, 6, 9, 16]))
@settings(max_examples=40)
def test_models_drawn_at_random(steps: list[int], taken: int) -> None:
    agrees(steps, taken)


@pytest.mark.long
@given(st.lists(st.integers(0, len(STEPS) - 1), min_size=1, max_size=6), st.integers(1, 24))
@settings(max_examples=5000)
def test_many_models_drawn_at_random(steps: list[int], taken: int) -> None:
    agrees(steps, taken)


def test_what_is_computed_and_not_returned_is_no_output() -> None:
    import json

    from torch import nn

    from symnet.render.checking import checked
    from symnet.render.code import code
    from symnet.render.json import report_data

    module = model(lambda self, x: (self.one(x), self.two(x))[1], one=nn.Linear(8, 3), two=nn.Linear(8, 4))
    net = from_torch(module, (8,))
    assert net.parameters == 63
    assert net.multiply_adds == 8 * 3 + 8 * 4
    assert [str(net.graph.nodes[place - 1].layer.kind) for place in net.graph.ends()] == ["Unused"]
    checked(json.loads(json.dumps(report_data(net))))
    assert "return self.unused" in code(net, "torch")


def windowed(self: Any, x: Any) -> Any:
    """A block of windows, as Swin has them: the batch is merged with the windows, and taken apart again."""
    batch, high, wide, features = x.shape
    parts = x.view(batch, high // 7, 7, wide // 7, 7, features).permute(0, 1, 3, 2, 4, 5).reshape(-1, 49, features)
    parts = (parts @ parts.transpose(1, 2)).softmax(-1) @ self.lin(parts)
    parts = parts.view(-1, high // 7, wide // 7, 7, 7, features).permute(0, 1, 3, 2, 4, 5)
    return parts.reshape(batch, high, wide, -1)


def test_windows_ask_for_multiples_and_all_of_them_work() -> None:
    net = from_torch(made(windowed), (14, 28, 4))
    pixels = 14 * 28
    assert net.output == (14, 28, 4)
    assert net.multiply_adds == pixels * (49 * 4 + 4 * 4 + 49 * 4)
    assert [run.multiply_adds for run in net.compared] == [True, True]
    letters = from_torch(made(windowed), ("H", "W", 4))
    assert [str(size) for size in letters.output] == ["H", "W", "4"]
    assert letters.at(H=21, W=7).multiply_adds == 21 * 7 * (49 * 4 + 4 * 4 + 49 * 4)
    for sizes in ({"H": 20, "W": 7}, {"H": 21, "W": 8}):
        with pytest.raises(SymnetError):
            letters.at(**sizes)
    plain = from_torch(made(lambda self, x: x.reshape(-1, 7, 7, 3)), ("N", "N", 3))
    assert plain.at(N=14).output == (4, 7, 7, 3)


def test_frames_stand_beside_the_batch() -> None:
    from torch import nn

    def forward(self: Any, x: Any) -> Any:
        batch, frames, *image = x.shape
        y = self.pool(self.norm(self.conv(x.reshape(batch * frames, *image))).relu())
        return y.view(batch, frames, *y.shape[1:]).mean(1)

    module = model(forward, conv=nn.Conv2d(3, 8, 3), norm=nn.BatchNorm2d(8), pool=nn.MaxPool2d(2))
    net = from_torch(module, ("T", 3, "H", "W"))
    assert net.at(T=5, H=12, W=14).output == (8, 5, 6)
    assert net.at(T=5, H=12, W=14).multiply_adds == 5 * 10 * 12 * 8 * 27
    assert net.parameters == sum(held.numel() for held in module.parameters())


def test_errors_name_the_line_of_the_code() -> None:
    with pytest.raises(
        SymnetError, match=r"reshape to .*there are batch·4·5 entries.*, at test_tensor_code\.py, line \d+"
    ):
        from_torch(made(CASES["view without the batch"][0]), (4, 5))
    with pytest.raises(SymnetError, match=r"at test_tensor_code\.py, line \d+"):
        from_torch(made(lambda self, x: self.lin(x).split("a")), (4, 4))


def test_attention_of_windows_costs_all_windows() -> None:
    from torch import nn

    def forward(self: Any, x: Any) -> Any:
        rows = x.reshape(-1, 9, 8)
        return self.attend(rows, rows, rows)[0].view(x.shape[0], -1, 9, 8)

    module = model(forward, attend=nn.MultiheadAttention(8, 2, batch_first=True))
    net = from_torch(module, (5, 9, 8))
    assert net.output == (5, 9, 8)
    assert net.parameters == sum(held.numel() for held in module.parameters())
    assert net.multiply_adds == 5 * (9 * 8 * 24 + 2 * 9 * 9 * 8 + 9 * 8 * 8)


def test_named_arguments_are_those_at_their_positions() -> None:
    import torch

    def run(self: Any, x: Any) -> Any:
        steps = torch.arange(0, x.shape[1] * 8, step=8)
        ends = torch.arange(start=2, end=x.shape[1])
        return (
            steps + x.mean(axis=-1, keepdims=True)[:, 0],
            torch.sum(input=x, dim=1),
            x[:, :1].expand(size=(-1, 3, -1)),
            x[:, ends],
            torch.add(input=x, other=x, out=torch.empty_like(x)),
        )

    net = from_torch(model(run), ("T", 4))
    shapes = [net.placed[place].output.dims for place in net.graph.outputs()]
    times, four = Symbol("T"), integer(4)
    assert {str(dims) for dims in shapes} == {
        str(dims) for dims in ((times,), (four,), (integer(3), four), (times - 2, four), (times, four))
    }
