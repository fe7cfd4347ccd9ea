"""Modules and functions of torch one by one: the output's sizes and the parameters that torch itself gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from symnet.errors import LayerError, ModelError
from symnet.frontends.torch import from_torch

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]

IMAGE, CLIP, SIGNAL, TOKENS, VECTOR = (8, 17, 20), (8, 9, 16, 18), (8, 40), (12, 32), (24,)

#: What is made from torch.nn, and what it reads; ``nn`` is torch.nn.
MODULES: list[tuple[str, tuple[Any, ...]]] = [
    *((f"Conv{rank}d(8, 16, 3, stride=2, padding=1, bias={bias})", shape) for rank, shape, bias in (
        (1, SIGNAL, True), (2, IMAGE, False), (3, CLIP, True))),
    ("Conv2d(8, 16, (3, 5), padding=(1, 2), dilation=(2, 1), groups=4)", IMAGE),
    ("Conv2d(8, 16, 4, padding='same')", IMAGE),
    ("Conv2d(8, 16, 3, padding='valid')", IMAGE),
    *((f"Conv2d(8, 16, 3, padding=2, padding_mode='{mode}')", IMAGE) for mode in ("reflect", "replicate", "circular")),
    ("ConvTranspose1d(8, 4, 4, stride=2, padding=1)", SIGNAL),
    ("ConvTranspose2d(8, 4, 3, stride=2, padding=1, output_padding=1, groups=2)", IMAGE),
    ("ConvTranspose2d(8, 4, 3, stride=3, dilation=2, bias=False)", IMAGE),
    ("ConvTranspose3d(8, 4, 3, stride=(1, 2, 2))", CLIP),
    ("MaxPool1d(3)", SIGNAL),
    ("MaxPool2d(3, 2, padding=1, ceil_mode=True)", IMAGE),
    ("MaxPool2d(2, dilation=2)", IMAGE),
    ("MaxPool3d((1, 2, 2))", CLIP),
    ("AvgPool1d(4, 3, 1)", SIGNAL),
    ("AvgPool2d(3, 2, ceil_mode=True, count_include_pad=False)", IMAGE),
    ("AvgPool3d(2)", CLIP),
    ("LPPool1d(2, 3)", SIGNAL),
    ("LPPool2d(2, 3, stride=2, ceil_mode=True)", IMAGE),
    ("AdaptiveAvgPool1d(5)", SIGNAL),
    ("AdaptiveAvgPool2d((None, 3))", IMAGE),
    ("AdaptiveAvgPool3d((1, 7, 7))", CLIP),
    ("AdaptiveMaxPool1d(5)", SIGNAL),
    ("AdaptiveMaxPool2d(6)", IMAGE),
    ("AdaptiveMaxPool3d(2)", CLIP),
    ("ZeroPad2d((1, 2, 3, 4))", IMAGE),
    ("ConstantPad1d((2, -1), 1.0)", SIGNAL),
    ("ConstantPad3d((1, 1, 0, 2, 3, 0, 1, 1), 0.0)", CLIP),
    ("ReflectionPad2d(3)", IMAGE),
    ("ReplicationPad3d(1)", CLIP),
    ("CircularPad1d((2, 3))", SIGNAL),
    ("Upsample(scale_factor=2)", IMAGE),
    ("Upsample(scale_factor=(1.5, 2.5), mode='bilinear')", IMAGE),
    ("Upsample(size=(9, 33), mode='bicubic')", IMAGE),
    ("UpsamplingNearest2d(scale_factor=3)", IMAGE),
    ("PixelShuffle(2)", IMAGE),
    ("PixelUnshuffle(2)", (8, 16, 20)),
    ("ChannelShuffle(4)", IMAGE),
    ("BatchNorm1d(8)", SIGNAL),
    ("BatchNorm1d(24)", VECTOR),
    ("BatchNorm2d(8, affine=False)", IMAGE),
    ("BatchNorm2d(8, track_running_stats=False)", IMAGE),
    ("BatchNorm3d(8)", CLIP),
    ("InstanceNorm2d(8)", IMAGE),
    ("InstanceNorm1d(8, affine=True)", SIGNAL),
    ("GroupNorm(4, 8)", IMAGE),
    ("LayerNorm(32)", TOKENS),
    ("LayerNorm((8, 17, 20), elementwise_affine=False)", IMAGE),
    ("LayerNorm((17, 20), bias=False)", IMAGE),
    ("RMSNorm(32)", TOKENS),
    ("LocalResponseNorm(3)", IMAGE),
    ("Linear(24, 5)", VECTOR),
    ("Linear(20, 7, bias=False)", IMAGE),
    ("Identity()", IMAGE),
    ("Flatten()", IMAGE),
    ("Flatten(2, 3)", IMAGE),
    ("Unflatten(1, (2, 4))", IMAGE),
    ("Unflatten(1, (-1, 2))", IMAGE),
    ("LSTM(32, 16, batch_first=True)", TOKENS),
    ("LSTM(32, 16, num_layers=3, bidirectional=True, batch_first=True)", TOKENS),
    ("LSTM(32, 16, proj_size=5, batch_first=True)", TOKENS),
    ("GRU(32, 16, num_layers=2, bias=False, batch_first=True)", TOKENS),
    ("RNN(32, 16, bidirectional=True, batch_first=True)", TOKENS),
    ("TransformerEncoderLayer(32, 4, 64, batch_first=True)", TOKENS),
    ("TransformerEncoderLayer(32, 4, 64, batch_first=True, norm_first=True, activation='gelu', bias=False)", TOKENS),
    ("TransformerEncoder(nn.TransformerEncoderLayer(32, 4, 64, batch_first=True), 3)", TOKENS),
    ("PReLU()", IMAGE),
    ("PReLU(8)", IMAGE),
    ("GLU(1)", IMAGE),
    *((f"{name}()", IMAGE) for name in (
        "ReLU", "ReLU6", "Sigmoid", "Tanh", "ELU", "CELU", "SELU", "GELU", "SiLU", "Mish", "Hardswish", "Hardsigmoid",
        "Hardtanh", "LeakyReLU", "LogSigmoid", "Softplus", "Softsign", "Hardshrink", "Softshrink", "Tanhshrink", "RReLU",
        "Softmax2d", "Dropout", "Dropout2d", "AlphaDropout", "FeatureAlphaDropout")),
    ("Threshold(0.1, 0.0)", IMAGE),
    ("Softmax(1)", IMAGE),
    ("LogSoftmax(-1)", IMAGE),
    ("Softmin(2)", IMAGE),
    ("Sequential(nn.Conv2d(8, 8, 3), nn.ReLU(inplace=True), nn.Flatten(), nn.LazyLinear(4))", IMAGE),
]  # fmt: skip


def torchs(module: Any, *shapes: tuple[int, ...], kind: Any = None) -> list[tuple[int, ...]]:
    """What torch gives for inputs of these shapes, the batch left out where it stands first."""
    import torch
    import torch.utils._pytree as tree

    with torch.no_grad():
        inputs = [torch.zeros((3, *shape), dtype=kind) for shape in shapes]
        return [tuple(item.shape) for item in tree.tree_leaves(module(*inputs)) if hasattr(item, "shape")]


def numbers(sizes: Any) -> tuple[int, ...]:
    return tuple(int(size) for size in sizes)


@pytest.mark.parametrize(("made", "shape"), MODULES, ids=[f"{made}-{index}" for index, (made, _) in enumerate(MODULES)])
def test_a_module_of_torch(made: str, shape: tuple[int, ...]) -> None:
    from torch import nn

    module = eval(f"nn.{made}", {"nn": nn}).eval()  # our own table
    first = torchs(module, shape)[0]
    net = from_torch(module, shape)
    assert numbers(net.output) == first[1:]
    assert net.parameters == sum(held.numel() for held in module.parameters())
    letters = tuple(f"A{place}" if place else size for place, size in enumerate(shape))
    if "LayerNorm((" in made or len(shape) == 1 or "Linear(20" in made or "(32" in made or "Lazy" in made:
        return
    symbolic = from_torch(module, letters)
    again = tuple(size + 6 * place for place, size in enumerate(shape))
    at = symbolic.at(**{letter: again[place] for place, letter in enumerate(letters) if place})
    assert numbers(at.output) == torchs(module, again)[0][1:]


def test_a_module_of_several_inputs() -> None:
    from torch import nn

    net = from_torch(nn.Bilinear(12, 7, 5), ((12,), (7,)))
    assert numbers(net.output) == (5,)
    assert net.parameters == 12 * 7 * 5 + 5
    cross = nn.MultiheadAttention(32, 4, batch_first=True, kdim=20, vdim=24)

    class Looking(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.attention = cross

        def forward(self, one: Any, two: Any, three: Any) -> Any:
            return self.attention(one, two, three, need_weights=False)[0]

    net = from_torch(Looking(), ((5, 32), (9, 20), (9, 24)))
    assert numbers(net.output) == (5, 32)
    assert net.parameters == sum(held.numel() for held in cross.parameters())
    decoder = nn.TransformerDecoderLayer(32, 4, 64, batch_first=True)
    net = from_torch(decoder.eval(), ((5, 32), (9, 32)))
    assert numbers(net.output) == (5, 32)
    assert net.parameters == sum(held.numel() for held in decoder.parameters())
    whole = nn.Transformer(32, 4, 2, 2, 64, batch_first=True).eval()
    net = from_torch(whole, ((9, 32), (5, 32)))
    assert numbers(net.output) == (5, 32)
    assert net.parameters == sum(held.numel() for held in whole.parameters())


@pytest.mark.parametrize(
    "reader", ["LSTM(33, 4, batch_first=True)", "GRU(33, 4, bidirectional=True, batch_first=True)"]
)
def test_what_is_recurrent_reads_the_last_size_after_a_convolution_too(reader: str) -> None:
    """(channels, length) are steps and features to torch, whatever was meant."""
    from torch import nn

    module = nn.Sequential(nn.Conv1d(8, 16, 8), eval(f"nn.{reader}", {"nn": nn}))  # our own table
    net = from_torch(module, SIGNAL)
    assert numbers(net.output) == torchs(module, SIGNAL)[0][1:]
    assert net.parameters == sum(held.numel() for held in module.parameters())
    assert type(net).parse(net.notation) == net


def test_an_embedding_reads_words_of_any_arrangement() -> None:
    from torch import nn

    table = nn.Embedding(100, 16)
    assert from_torch(table, (12,)).output == (12, 16)
    assert numbers(from_torch(table, (3, 4)).output) == (3, 4, 16)
    assert from_torch(table).parameters == 1600


#: Functions and methods, what they are given, and how torch would be asked.
FUNCTIONS: list[tuple[str, tuple[Any, ...]]] = [
    ("x + 1", IMAGE), ("2 * x - x / 3", IMAGE), ("x + x.mean((2, 3), keepdim=True)", IMAGE), ("-x ** 2", IMAGE),
    ("1 - x.sigmoid()", IMAGE), ("F.relu(x, inplace=True)", IMAGE), ("x.relu_().add_(1)", IMAGE), ("x.clamp(0, 1)", IMAGE),
    ("torch.cat([x, x], 1)", IMAGE), ("torch.cat((x, x[:, :3]), dim=1)", IMAGE), ("torch.stack([x, x, x], dim=2)", IMAGE),
    ("torch.stack([x, x], dim=-1)", VECTOR), ("x.flatten(1)", IMAGE), ("torch.flatten(x, 2)", IMAGE),
    ("x.view(x.size(0), -1)", IMAGE), ("x.view(-1, 8 * 17 * 20)", IMAGE), ("x.reshape(x.shape[0], 4, 2, 17, 20)", IMAGE),
    ("x.view(*x.shape[:2], -1).transpose(1, 2)", IMAGE), ("x.unflatten(1, (2, -1))", IMAGE), ("x.permute(0, 2, 3, 1)", IMAGE),
    ("x.permute(2, 0, 1)", TOKENS), ("x.transpose(0, 1).mean(0)", TOKENS), ("x.movedim(1, -1)", IMAGE), ("x.mT", IMAGE),
    ("x.unsqueeze(1).squeeze(1)", IMAGE), ("x.mean(1, keepdim=True).squeeze()", IMAGE), ("x[:, None, ..., -1]", IMAGE),
    ("x[:, :, ::2, 1:-1]", IMAGE), ("x[:, 0]", IMAGE), ("x[:, -1]", IMAGE), ("x[..., 3:5]", IMAGE), ("x[:, :, [0, 2, 4]]", IMAGE),
    ("x[:, torch.tensor([1, 3])]", IMAGE), ("x.chunk(2, 1)[1]", IMAGE), ("x.chunk(3, dim=2)[2]", IMAGE),
    ("x.split(3, 1)[2]", IMAGE), ("x.split([2, 6], dim=1)[1]", IMAGE), ("torch.tensor_split(x, (1, 4), dim=1)[1]", IMAGE),
    ("x.unbind(1)[3]", IMAGE), ("x.narrow(2, 1, 5)", IMAGE), ("x.expand(-1, -1, 17, 20)", (8, 1, 1)), ("x.repeat(1, 2, 1, 3)", IMAGE),
    ("x.repeat_interleave(3, dim=2)", IMAGE), ("x.mean(dim=(-2, -1))", IMAGE), ("x.sum(1)", IMAGE), ("x.amax((2, 3))", IMAGE),
    ("x.max(dim=1)[0]", IMAGE), ("torch.max(x, x + 1)", IMAGE), ("x.std(1)", IMAGE), ("x.norm(dim=1, keepdim=True)", IMAGE),
    ("x.argmax(1)", IMAGE), ("x.softmax(1)", IMAGE), ("F.log_softmax(x, dim=-1)", IMAGE), ("F.normalize(x, dim=1)", IMAGE),
    ("F.pad(x, (1, 2, 3, 4))", IMAGE), ("F.pad(x, (0, 0, 0, 0, 2, 3))", IMAGE), ("F.pad(x, (-1, 0, 2, -3))", IMAGE),
    ("F.pad(x, (1, 1), mode='circular')", SIGNAL), ("F.max_pool2d(x, 2)", IMAGE), ("F.avg_pool2d(x, 3, 2, 1)", IMAGE),
    ("F.lp_pool2d(x, 2, 3)", IMAGE), ("F.adaptive_avg_pool2d(x, 1)", IMAGE), ("F.adaptive_avg_pool2d(x, (None, 4))", IMAGE),
    ("F.max_pool2d(x, 3, 2, 1, 1, True)", IMAGE), ("F.interpolate(x, scale_factor=2)", IMAGE),
    ("F.interpolate(x, size=(5, 7), mode='bilinear')", IMAGE), ("F.interpolate(x, size=x.shape[2] // 2)", IMAGE),
    ("F.interpolate(x, scale_factor=0.5, mode='nearest')", IMAGE), ("F.pixel_shuffle(x, 2)", IMAGE),
    ("F.dropout(x, 0.5, False)", IMAGE), ("x @ x.transpose(-1, -2)", TOKENS), ("torch.bmm(x, x.mT)", TOKENS),
    ("torch.einsum('bij,bkj->bik', x, x)", TOKENS), ("F.scaled_dot_product_attention(x, x, x)", TOKENS),
    ("x.reshape(x.shape[0], 12, 4, 8).permute(2, 0, 1, 3)", TOKENS), ("x.roll(1, 1)", IMAGE), ("torch.where(x > 0, x, 0 * x)", IMAGE),
    ("x * torch.arange(20)", IMAGE), ("x + torch.ones(1, 8, 1, 1)", IMAGE), ("x + torch.zeros(x.shape[0], 8, 1, 1)", IMAGE),
    ("x * torch.linspace(0, 1, x.shape[-1])", IMAGE), ("torch.zeros_like(x) + x", IMAGE),
    ("x.to(torch.float32).contiguous().detach()", IMAGE),
    ("x[:, :, : x.shape[2] // 2]", IMAGE), ("F.pad(x, (0, x.shape[3] % 3))", IMAGE), ("x if x.shape[2] > 4 else x.mean()", IMAGE),
    ("F.glu(x, 1)", IMAGE), ("x.topk(3, dim=1)[0]", IMAGE),
    ("F.layer_norm(x, (32,))", TOKENS), ("F.batch_norm(x, None, None, training=True)", IMAGE), ("F.group_norm(x, 2)", IMAGE),
    ("F.instance_norm(x)", IMAGE), ("F.gelu(x)", IMAGE), ("F.hardtanh(x)", IMAGE), ("torch.sigmoid(x).exp().sqrt()", IMAGE),
]  # fmt: skip


@pytest.mark.parametrize(("code", "shape"), FUNCTIONS, ids=[code for code, _ in FUNCTIONS])
def test_a_function_of_torch(code: str, shape: tuple[int, ...]) -> None:
    module = _written(code)
    (wanted,) = torchs(module, shape)
    net = from_torch(module, shape)
    shown = numbers(net.output)
    assert shown == wanted[1:] or (3 in wanted and shown == tuple(size for size in wanted if size != 3))


def _written(code: str) -> Any:
    import torch
    from torch import nn
    from torch.nn import functional

    run: Callable[[Any], Any] = eval(f"lambda x: {code}", {"torch": torch, "F": functional})  # our own table

    class Written(nn.Module):
        def forward(self, x: Any) -> Any:
            return run(x)

    return Written()


@pytest.mark.parametrize(
    "code",
    [
        "x[0]",
        "x[:2]",
        "x.split(2)[0]",
        "x.chunk(2)[0]",
        "x.view(3, 4, -1, 5)",
        "x if x.sum() > 0 else -x",
        "torch.linalg.lstsq(x, x)[0]",
    ],
)
def test_what_is_not_understood_is_one_line(code: str) -> None:
    with pytest.raises(
        ModelError, match=r"^PyTorch: the model \([\w.<>]*Written\): [^\n]*--opaque takes from PyTorch what it gives$"
    ):
        from_torch(_written(code), IMAGE)


def test_relu6_keeps_its_name() -> None:
    """It has the ``forward`` of Hardtanh, and other bounds."""
    from torch import nn

    named = [from_torch(nn.Sequential(nn.Linear(3, 4), each()), (3,))[-1].layer for each in (nn.ReLU6, nn.Hardtanh)]
    assert [layer.notation.partition("|")[0] for layer in named if layer] == ["ReLU6", "HardTanh"]


#: Modules for 64 features, and the dimension in which they are; ``nn`` is torch.nn.
OF_64_FEATURES = {
    "Linear(64, 5)": 2, "LayerNorm(64)": 2, "LSTM(64, 5, batch_first=True)": 2, "GRU(64, 5, batch_first=True)": 2,
    "TransformerEncoderLayer(64, 4, 16, batch_first=True)": 2, "Conv1d(64, 5, 3, padding=1)": 1,
    "ConvTranspose1d(64, 5, 3)": 1, "BatchNorm1d(64)": 1, "GroupNorm(4, 64)": 1, "InstanceNorm1d(64, affine=True)": 1,
}  # fmt: skip


@pytest.mark.parametrize(("written", "dim"), OF_64_FEATURES.items())
def test_a_size_with_letters_is_the_number_of_features_that_a_module_is_for(written: str, dim: int) -> None:
    """16·⌊H/2⌋ features are 64 for H of 8 and 9, and the module runs for these only, whatever W is."""
    import torch
    from torch import nn

    class Model(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.pool, self.of_features = nn.MaxPool2d((2, 1)), eval(f"nn.{written}")

        def forward(self, x: Any) -> Any:
            y = self.pool(x).flatten(1, 2)
            y = self.of_features(y.transpose(1, 2) if dim == 2 else y)
            return y[0] if isinstance(y, tuple) else y

    model = Model()
    network = from_torch(model, (16, "H", "W"))
    assert network.parameters == sum(weights.numel() for weights in model.parameters())
    for height in range(2, 12):
        try:
            size = tuple(network.at(H=height, W=7).output)
        except LayerError:
            size = None
        try:
            there = tuple(model(torch.zeros(2, 16, height, 7)).shape)[1:]
        except (RuntimeError, ValueError, AssertionError):
            there = None
        assert size == there, height
    assert network.at(H=9, W=7).output is not None
