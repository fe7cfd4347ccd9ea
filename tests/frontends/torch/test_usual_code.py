"""Modules as people write them: windows, tokens, masks, pyramids. What symnet reads is what PyTorch gives, at every size it allows."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from symnet.errors import SymnetError
from symnet.frontends.checking import Point, parameters_at
from symnet.frontends.torch import from_torch
from symnet.terms.term import Symbol
from tests.frontends.torch.test_models import held, model

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]

#: A shape, the module's forward, the layers and parameters it has, and the sizes at which PyTorch may run and symnet
#: says nothing: those at which a tensor has no entries.
Case = tuple[tuple[Any, ...], Callable[[Any, Any], Any], Callable[[], dict[str, Any]], tuple[int, ...]]

CASES: dict[str, Case] = {}

#: For each letter of the shape this number, or this one more for each letter.
SIZES = (1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 14, 21, 32, 33, 49, 64)


def case(name: str, shape: tuple[Any, ...], *left_out: int, **parts: Callable[[], Any]) -> Callable[[Any], Any]:
    def written(run: Callable[[Any, Any], Any]) -> Any:
        CASES[name] = (shape, run, lambda: {key: make() for key, make in parts.items()}, left_out)
        return run

    return written


def nn() -> Any:
    return __import__("torch").nn


def functional() -> Any:
    return nn().functional


def parameter(*sizes: int) -> Callable[[], Any]:
    return lambda: nn().Parameter(__import__("torch").zeros(*sizes))


@case("windows padded and shifted", ("H", "W", 8), qkv=lambda: nn().Linear(8, 24))
def windows(self: Any, x: Any) -> Any:
    batch, height, width, channels = x.shape
    down, right = (7 - height % 7) % 7, (7 - width % 7) % 7
    x = functional().pad(x, (0, 0, 0, right, 0, down)).roll((-3, -3), (1, 2))
    rows, columns = (height + down) // 7, (width + right) // 7
    x = x.view(batch, rows, 7, columns, 7, channels).permute(0, 1, 3, 2, 4, 5).reshape(-1, 49, channels)
    q, k, v = self.qkv(x).reshape(x.shape[0], 49, 3, 2, channels // 2).permute(2, 0, 3, 1, 4)
    x = ((q @ k.transpose(-2, -1)).softmax(-1) @ v).transpose(1, 2).reshape(x.shape)
    x = (
        x.view(batch, rows, columns, 7, 7, channels)
        .permute(0, 1, 3, 2, 4, 5)
        .reshape(batch, rows * 7, columns * 7, channels)
    )
    return x.roll((3, 3), (1, 2))[:, :height, :width].contiguous()


@case("patches merged, padded to even", ("H", "W", 6), reduce=lambda: nn().Linear(24, 12, bias=False))
def merged_patches(self: Any, x: Any) -> Any:
    height, width = x.shape[1:3]
    x = functional().pad(x, (0, 0, 0, width % 2, 0, height % 2))
    parts = [x[..., first::2, second::2, :] for second in (0, 1) for first in (0, 1)]
    return self.reduce(__import__("torch").cat(parts, -1))


@case("attention among parts of four", ("T", 8))
def local_attention(self: Any, x: Any) -> Any:
    batch, steps, width = x.shape
    x = functional().pad(x, (0, 0, 0, (-steps) % 4))
    parts = x.shape[1] // 4
    x = x.reshape(batch * parts, 4, width)
    return ((x @ x.mT).softmax(-1) @ x).reshape(batch, parts * 4, width)[:, :steps]


@case("pooled over the whole image", (3, "H", "W"))
def pooled(self: Any, x: Any) -> Any:
    return functional().avg_pool2d(x, x.shape[2:]).flatten(1), functional().max_pool2d(x, (x.size(2), x.size(3)))


@case(
    "words convolved, the largest of all",
    ("T", 6),
    1,
    2,
    convolutions=lambda: nn().ModuleList(nn().Conv2d(1, 4, (k, 6)) for k in (2, 3)),
)
def text(self: Any, x: Any) -> Any:
    found = [one(x.unsqueeze(1)).relu().squeeze(3) for one in self.convolutions]
    return __import__("torch").cat([functional().max_pool1d(one, one.size(2)).squeeze(2) for one in found], 1)


@case("the pyramid of pooled parts", (3, "H", "W"))
def pyramid(self: Any, x: Any) -> Any:
    parts = []
    for count in (1, 2, 4):
        size = [math.ceil(one / count) for one in x.shape[2:]]
        pad = [(one * count - real + 1) // 2 for one, real in zip(size, x.shape[2:], strict=True)]
        parts.append(functional().max_pool2d(x, size, size, pad).flatten(1))
    return __import__("torch").cat(parts, 1)


@case("the last step of each example", ("T", 6))
def last_step(self: Any, x: Any) -> Any:
    return x[__import__("torch").arange(x.shape[0]), -1]


@case("normalized over all but the batch", (3, "H", "W"))
def normalized(self: Any, x: Any) -> Any:
    return functional().layer_norm(x, x.shape[1:])


@case("two halves", ("T", 8), 1)
def halves(self: Any, x: Any) -> Any:
    return x.chunk(2, dim=1)


@case("cropped to what is convolved", (3, "H", "W"), 1, 2, 3, 4, conv=lambda: nn().Conv2d(3, 4, 5))
def cropped(self: Any, x: Any) -> Any:
    y = self.conv(x)
    top, left = ((one - two) // 2 for one, two in zip(x.shape[2:], y.shape[2:], strict=True))
    return __import__("torch").cat([x[:, :, top : top + y.shape[2], left : left + y.shape[3]], y], 1)


@case("weights of attention given, too", ("T", 8), attend=lambda: nn().MultiheadAttention(8, 2, batch_first=True))
def attention(self: Any, x: Any) -> Any:
    return self.attend(x, x, x)


@case(
    "an encoder with a causal mask",
    ("T", 8),
    layers=lambda: nn().TransformerEncoder(nn().TransformerEncoderLayer(8, 2, 16, batch_first=True), 2),
)
def causal(self: Any, x: Any) -> Any:
    return self.layers(x, mask=nn().Transformer.generate_square_subsequent_mask(x.size(1)))[:, -1]


@case("anchors on a grid", (3, "H", "W"))
def anchors(self: Any, x: Any) -> Any:
    import torch

    axes = [torch.arange(0, size * 8, step=8) for size in x.shape[:1:-1]]
    across, down = torch.meshgrid(*axes, indexing="xy")
    return torch.stack((across.reshape(-1), down.reshape(-1)), dim=1) + x.mean(axis=(1, 2, 3), keepdims=True)[..., 0]


@case("states returned", ("T", 8), lstm=lambda: nn().LSTM(8, 5, batch_first=True), fc=lambda: nn().Linear(5, 2))
def states(self: Any, x: Any) -> Any:
    return self.lstm(x)


@case("a table of positions in part", ("T", 4), *range(10, 100), table=parameter(1, 9, 4))
def positions(self: Any, x: Any) -> Any:
    return x + self.table[:, : x.size(1)]


@case(
    "tokens of patches, with a table of positions",
    (3, "H", "W"),
    *range(100),
    conv=lambda: nn().Conv2d(3, 16, 4, 4),
    table=parameter(1, 65, 16),
)
def tokens(self: Any, x: Any) -> Any:
    x = self.conv(x).flatten(2).transpose(1, 2)
    return (
        __import__("torch").cat([self.table[:, :1].expand(x.shape[0], -1, -1), x], 1) + self.table[:, : x.size(1) + 1]
    )


@pytest.mark.parametrize("name", CASES)
def test_usual_code(name: str) -> None:
    import torch

    shape, run, parts, left_out = CASES[name]
    module = model(run, **parts()).eval()
    net = from_torch(module, shape)
    letters = list(dict.fromkeys(size for size in shape if isinstance(size, str)))
    for number in SIZES:
        for sizes in (
            dict.fromkeys(letters, number),
            {letter: number + at for at, letter in enumerate(letters)},
        ):
            try:
                net.at(**sizes)
            except SymnetError:
                if number not in left_out:
                    with pytest.raises((RuntimeError, ValueError)):
                        module(torch.zeros(3, *(sizes.get(size, size) for size in shape)))
                continue
            point = Point({Symbol(letter): size for letter, size in sizes.items()}, 3)
            ours = [(3, *point.shape(net.placed[place].output.dims)) for place in net.graph.outputs()]
            given = torch.zeros(3, *(sizes.get(size, size) for size in shape))
            with torch.no_grad():
                found = module(given)
            flat = torch.utils._pytree.tree_leaves(found)
            theirs = [tuple(one.shape) for one in flat]
            if name == "states returned":  # (1, batch, 5)
                theirs = [theirs[0], (3, 1, 5), (3, 1, 5)]
            assert sorted(ours) == sorted(theirs), (sizes, str(net.output))
            assert parameters_at(net, point) == held(module)
