"""Whole models of a few layers: what is shared, frozen or unused; code that asks for sizes; what is taken from PyTorch as it is."""

from __future__ import annotations

from typing import Any

import pytest

from symnet import solve
from symnet.errors import LayerError, ModelError
from symnet.frontends.torch import from_torch
from symnet.notation.parse import Question

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]


def model(run: Any, **parts: Any) -> Any:
    """A module with these parts and parameters whose forward is ``run(self, …)``."""
    from torch import nn

    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            for name, part in parts.items():
                setattr(self, name, part)

        def forward(self, *args: Any) -> Any:
            return run(self, *args)

    return Model()


def held(module: Any, *, trained: bool = False) -> int:
    return sum(one.numel() for one in module.parameters() if one.requires_grad or not trained)


def counted(net: Any, module: Any) -> bool:
    return bool(net.parameters == held(module) and net.trainable == held(module, trained=True))


def test_a_size_that_only_fits_once_is_found() -> None:
    from torch import nn

    lenet = nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.Linear(120, 10),
    )  # fmt: skip
    assert counted(from_torch(lenet, (1, 32, 32)), lenet)
    net = from_torch(lenet, (1, "W", "W"))
    assert str(solve(Question(net.graph, None, ""), valid=True)) == "W ∈ 32..35"
    with pytest.raises(ModelError, match=r"^PyTorch: 7 \(torch.nn.Linear\): is for 400 inputs, and gets 256$"):
        from_torch(lenet, (1, 28, 28))


def test_view_with_a_number_of_features_asks_for_the_size() -> None:
    from torch import nn

    module = model(lambda self, x: self.fc(self.conv(x).view(-1, 64)), conv=nn.Conv2d(1, 4, 5, 2), fc=nn.Linear(64, 2))
    net = from_torch(module, (1, "W", "W"))
    assert str(solve(Question(net.graph, None, ""), valid=True)) == "W ∈ {11, 12}"


def test_a_module_called_twice_counts_once() -> None:
    from torch import nn

    module = model(lambda self, x: self.conv(self.conv(x).relu()), conv=nn.Conv2d(8, 8, 3))
    net = from_torch(module)
    assert counted(net, module)
    assert [place.name for place in net.placed[1:]] == ["conv", "relu", "conv_2"]


def test_tied_weights_count_once() -> None:
    from torch import nn

    def tied(bias: bool) -> Any:
        made = nn.Sequential(nn.Embedding(50, 16), nn.LSTM(16, 16, batch_first=True))
        module = model(
            lambda self, x: self.out(self.lstm(self.words(x))[0]),
            words=made[0],
            lstm=made[1],
            out=nn.Linear(16, 50, bias=bias),
        )
        module.out.weight = module.words.weight
        return module

    for bias in (False, True):
        module = tied(bias)
        net = from_torch(module, (12,))
        assert counted(net, module)
        assert net.output == (12, 50)


def test_frozen_parameters_are_not_trained() -> None:
    from torch import nn

    module = nn.Sequential(
        nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.Conv2d(8, 4, 1), nn.MultiheadAttention(4, 2).out_proj
    )
    module[0].requires_grad_(False)
    module[1].bias.requires_grad_(False)
    module[2].weight.requires_grad_(False)
    assert counted(from_torch(module, (3, 9, 6)), module)
    lstm = nn.LSTM(5, 7, num_layers=2, bidirectional=True, batch_first=True)
    for name, one in lstm.named_parameters():
        one.requires_grad_("_l1" not in name)
    assert counted(from_torch(lstm), lstm)


def test_parameters_of_the_model_itself_are_tensors() -> None:
    import torch
    from torch import nn

    def forward(self: Any, x: Any) -> Any:
        x = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], dim=1)
        return (x + self.places) * self.scale

    module = model(
        forward, patches=nn.Conv2d(3, 16, 8, 8), token=nn.Parameter(torch.zeros(1, 1, 16)),
        places=nn.Parameter(torch.zeros(1, 17, 16)), scale=nn.Parameter(torch.ones(16)),
    )  # fmt: skip
    net = from_torch(module, (3, 32, 32))
    assert net.output == (17, 16)
    assert counted(net, module)


def test_weights_in_functions_count() -> None:
    import torch
    from torch import nn
    from torch.nn import functional

    def forward(self: Any, x: Any) -> Any:
        x = functional.conv2d(x, self.kernel, self.bias, padding=1)
        x = functional.batch_norm(x, self.mean, self.mean + 1, self.gain, self.shift)
        return functional.linear(x.mean((2, 3)), self.matrix)

    sizes = {"kernel": (8, 3, 3, 3), "bias": (8,), "gain": (8,), "shift": (8,), "matrix": (5, 8)}
    module = model(forward, **{name: nn.Parameter(torch.zeros(shape)) for name, shape in sizes.items()})
    module.register_buffer("mean", torch.zeros(8))
    net = from_torch(module, (3, "H", "W"))
    assert net.output == (5,)
    assert counted(net, module)


def test_weights_made_of_others_count_as_those() -> None:
    from torch import nn
    from torch.nn.utils.parametrizations import spectral_norm, weight_norm

    for norm in (weight_norm, spectral_norm):
        module = nn.Sequential(norm(nn.Conv2d(3, 8, 3)), norm(nn.Conv2d(8, 8, 3)))
        net = from_torch(module)
        assert counted(net, module)
        assert str(net.output[1]) == "H - 4"


def test_what_forward_does_not_use_is_held() -> None:
    from torch import nn

    module = model(
        lambda self, x: self.used(x), used=nn.Linear(4, 4), unused=nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 2))
    )
    net = from_torch(module)
    assert counted(net, module)
    assert [place.name for place in net.placed[1:]] == ["used", "unused"]


def test_outputs_in_dicts_and_tuples() -> None:
    from torch import nn

    def forward(self: Any, x: Any) -> Any:
        deep = self.two(self.one(x))
        return {"out": self.head(deep), "more": (self.other(x), None)}

    module = model(forward, **{name: nn.Conv2d(3, 3, 3) for name in ("one", "two", "head", "other")})
    net = from_torch(module, (3, 20, 20))
    assert net.output == (3, 14, 14)
    assert len(net.graph.outputs()) == 2


def test_an_output_that_a_layer_reads_too_is_an_output() -> None:
    from torch import nn

    class Two(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv, self.dense = nn.Conv2d(3, 8, 3), nn.Linear(5, 8)

        def forward(self, image: Any, extra: Any, mask: Any = None) -> Any:
            deep = self.conv(image)
            return {"deep": deep, "sum": deep.mean((2, 3)) + self.dense(extra)}

    for given in [((3, 20, 22), (5,)), {"extra": (5,), "image": (3, 20, 22)}]:
        net = from_torch(Two(), given)
        found = [tuple(size.constant for size in net.placed[place].output.dims) for place in net.graph.outputs()]
        assert found == [
            (8, 18, 20),
            (8,),
        ]
    assert [place.name for place in net.placed if not place.sources] == ["input", "extra"]
    with pytest.raises(ModelError, match=r"the model's forward takes no 'imag'; it takes image, extra, mask$"):
        from_torch(Two(), {"imag": (3, 20, 22)})


def test_code_that_asks_for_sizes_leaves_a_hypothesis() -> None:
    import math

    from torch import nn
    from torch.nn import functional

    def forward(self: Any, x: Any) -> Any:
        height, width = x.shape[-2:]
        if height % 4:
            x = functional.pad(x, (0, 0, 0, 4 - height % 4))
        x = functional.interpolate(x, size=(math.ceil(height / 2), round(width // 2)))
        return self.conv(x)

    module = model(forward, conv=nn.Conv2d(3, 3, 3))
    net = from_torch(module, (3, "H", 40))
    assert net.at(H=64).output == (3, 30, 18)
    assert str(solve(Question(net.graph, None, ""), valid=True)) == "H ≡ 0 (mod 4), H ≥ 8"


def test_a_sequence_first_model_keeps_its_batch_apart() -> None:
    from torch import nn

    run = model(lambda self, x: self.lstm(x.transpose(0, 1))[0].transpose(0, 1), lstm=nn.LSTM(8, 6))
    assert from_torch(run, ("T", 8)).output[1] == 6
    with pytest.raises(ModelError, match="would run along the batch, where dimension 0 is; was batch_first=True meant"):
        from_torch(nn.LSTM(8, 6), ("T", 8))


def unsure() -> Any:
    """A model with a part whose way depends on the data."""
    from torch import nn

    part = model(lambda self, x: self.conv(x) if x.sum() > 0 else self.conv(-x), conv=nn.Conv2d(8, 8, 3, padding=1))
    return nn.Sequential(nn.Conv2d(3, 8, 3), part, nn.Conv2d(8, 4, 3))


def test_what_depends_on_the_data_is_refused_in_a_line() -> None:
    words = (
        r"^PyTorch: 1 \([\w.<>]*Model\): depends on the values of a tensor, at test_models\.py, line \d+; "
        r"--opaque takes from PyTorch what it gives; --upto 0 reads the model as far as that module$"
    )
    with pytest.raises(ModelError, match=words):
        from_torch(unsure())
    before = from_torch(unsure(), upto="0")
    assert before.compared
    assert before.output == from_torch(unsure()[:1]).output
    assert before.parameters == sum(held.numel() for held in unsure()[0].parameters())


def test_an_opaque_part_is_assumed() -> None:
    import torch

    class Odd(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = torch.nn.Parameter(torch.zeros(8, 8))

        def forward(self, x: Any) -> Any:
            return torch.fake_quantize_per_tensor_affine(x, 0.1, 0, 0, 255) + self.weight.sum()

    module = torch.nn.Sequential(torch.nn.Conv2d(3, 8, 3), Odd(), torch.nn.Conv2d(8, 4, 3))
    with pytest.raises(ModelError, match=r"^PyTorch: 1 \([\w.<>]*Odd\): "):
        from_torch(module)
    for shape in ((3, 20, 20), (3, "H", "W")):
        net = from_torch(module, shape, opaque=True)
        assert counted(net, module)
        assert net.placed[2].layer.kind == "Opaque"
        assert net.placed[2].output == net.placed[1].output
        assert "as PyTorch says" in net.report()
    assert from_torch(module, (3, 20, 20), opaque=True).output == (4, 16, 16)
    assert counted(from_torch(unsure(), (3, 20, 20), opaque=True), unsure())


def test_graph_modules_and_exported_programs() -> None:
    import torch

    module = torch.nn.Sequential(
        torch.nn.Conv2d(3, 8, 3, bias=False), torch.nn.BatchNorm2d(8), torch.nn.ReLU(), torch.nn.Flatten()
    )
    traced = torch.fx.symbolic_trace(module.eval())
    assert counted(from_torch(traced, (3, 10, 10)), module)
    exported = torch.export.export(module, (torch.zeros(2, 3, 10, 10),))
    net = from_torch(exported, (3, 10, 10))
    assert net.output == (512,)
    assert net.parameters == held(module)


def test_the_input_is_asked_for_where_it_cannot_be_guessed() -> None:
    from torch import nn

    assert from_torch(nn.Linear(7, 3)).input == (7,)
    with pytest.raises(ModelError, match="say it: --input"):
        from_torch(nn.ReLU())
    for wrong in ((), "3", ((3, 0),), (3, None), (("",),), (1.5,)):
        with pytest.raises(ModelError):
            from_torch(nn.ReLU(), wrong)
    with pytest.raises(ModelError, match=r"takes a torch\.nn\.Module"):
        from_torch(3)


def test_a_function_that_is_not_known_is_opaque_alone() -> None:
    import torch
    from torch import nn

    module = model(
        lambda self, x: self.two(torch.fake_quantize_per_tensor_affine(self.one(x), 0.1, 0, 0, 255)),
        one=nn.Conv2d(3, 4, 3),
        two=nn.Conv2d(4, 4, 3),
    )
    with pytest.raises(
        ModelError,
        match=r"calls fake_quantize_per_tensor_affine, which symnet does not know, at test_models.py, line [0-9]+; --opaque",
    ):
        from_torch(module)
    net = from_torch(module, opaque=True)
    assert [place.name for place in net.placed[1:]] == ["one", "fake_quantize_per_tensor_affine", "two"]
    assert counted(net, module)
    assert net.at(H=20, W=30).output == (4, 16, 26)


def test_attention_written_by_hand_has_symbolic_steps() -> None:
    import torch
    from torch import nn

    def attend(self: Any, words: Any) -> Any:
        batch, steps = words.shape
        x = self.words(words) + self.places(torch.arange(steps, device=words.device))
        features = x.shape[-1]
        q, k, v = self.qkv(x).reshape(batch, steps, 3, 4, features // 4).permute(2, 0, 3, 1, 4)
        seen = (q @ k.transpose(-2, -1)) * (features // 4) ** -0.5 + self.mask[:steps, :steps]
        x = (seen.softmax(dim=-1) @ v).transpose(1, 2).reshape(batch, steps, features)
        return self.head(self.norm(x))

    module = model(
        attend, words=nn.Embedding(50, 32), places=nn.Embedding(64, 32), qkv=nn.Linear(32, 96), norm=nn.LayerNorm(32),
        head=nn.Linear(32, 50, bias=False),
    )  # fmt: skip
    module.head.weight = module.words.weight
    module.register_buffer("mask", torch.zeros(64, 64))
    for shape in (("T",), (16,)):
        net = from_torch(module, shape)
        assert counted(net, module)
        assert [str(size) for size in net.output] == [str(shape[0]), "50"]
    assert from_torch(module, ("T",)).at(T=64).output == (64, 50)
    with pytest.raises(LayerError, match="65 ≤ 64 does not hold"):
        from_torch(module, ("T",)).at(T=65)


def test_a_u_net_pads_what_pooling_dropped() -> None:
    import torch
    from torch import nn
    from torch.nn import functional

    def forward(self: Any, x: Any) -> Any:
        down = self.down(x)
        up = self.up(functional.max_pool2d(down, 2))
        rows, columns = (down.shape[dim] - up.shape[dim] for dim in (2, 3))
        up = functional.pad(up, [columns // 2, columns - columns // 2, rows // 2, rows - rows // 2])
        return self.out(torch.cat([down, up], dim=1))

    module = model(
        forward, down=nn.Conv2d(3, 8, 3, padding=1), up=nn.ConvTranspose2d(8, 8, 2, 2), out=nn.Conv2d(16, 2, 1)
    )
    net = from_torch(module)
    assert [str(size) for size in net.output] == ["2", "H", "W"]
    assert net.at(H=33, W=40).output == (2, 33, 40)


def test_a_network_of_a_model_comes_back_from_notation() -> None:
    from symnet import Network

    net = from_torch(unsure(), (3, 20, 20), opaque=True)
    again = Network.parse(net.notation)
    assert again.graph == net.graph
    assert again.parameters == net.parameters
