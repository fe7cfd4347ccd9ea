"""One network in both frameworks: generated code run with the same weights, so that the values can be compared."""

from __future__ import annotations

import random
from typing import Any

from symnet import Network, SymnetError
from symnet.layers.declaration.shape import CHANNELS_LAST
from symnet.network.propagate import Placed
from tests.generated import run

__all__ = ["both", "drawn", "remarked", "values_apart"]

Array = Any


# ---- random networks ------------------------------------------------------------------------------------------------


def drawn(draw: random.Random) -> str:
    """A network of a few layers, as notation; every layer has a name, so that its weights are found in both frameworks."""
    start = draw.choice(["image", "image", "image", "series", "volume", "vector", "sequence"])
    sizes = [draw.randint(6, 11) for _ in range({"image": 2, "series": 1, "volume": 3}.get(start, 0))]
    channels = draw.choice([2, 4, 6])
    if start == "vector":
        text = str(draw.choice([6, 8]))
    elif start == "sequence":
        text = f"({draw.randint(4, 7)}, {draw.choice([4, 6, 8])})"
    else:
        dims = [*sizes, channels] if draw.random() < 0.6 else [channels, *sizes]
        text = ("HWC:" if dims[-1] == channels and len(sizes) else "") + "x".join(map(str, dims))
    if start in ("image", "series", "volume"):
        choices = [_window, _window, _window, _pool, _pool, _norm, _elementwise, _spatial]
        layers = [draw.choice(choices)(draw, len(sizes)) for _ in range(draw.randint(1, 4))]
        ends = draw.choice([[], ["GlobalAvgPool"], ["GlobalMaxPool"], ["Flatten", "FC|5"], ["FC|4"], ["ArgMax|1"]])
        # which of two equal entries is the larger one is a matter of rounding
        layers += [] if ends == ["ArgMax|1"] and any("Upsample" in layer for layer in layers) else ends
    elif start == "sequence":
        layers = [draw.choice([_step, _step, _sequence_norm])(draw) for _ in range(draw.randint(1, 3))]
    else:
        layers = [draw.choice([_feature, _elementwise])(draw, 0) for _ in range(draw.randint(1, 4))]
    return " -> ".join([text, *(_named(layer, f"l{place}") for place, layer in enumerate(layers, 1))])


def _named(layer: str, name: str) -> str:
    return f'{layer}|name="{name}"'


def _padding(draw: random.Random, kinds: str = "vse1") -> str:
    return draw.choice({
        "v": ["valid"], "s": ["same"], "e": ["(0, 1)", "(1, 0)"], "1": ["1"], "l": ["same_lower"],
    }[draw.choice(kinds)])  # fmt: skip


def _window(draw: random.Random, rank: int) -> str:
    kernel, stride = draw.choice([1, 2, 3]), draw.choice([1, 1, 2])
    bias = draw.choice(["", "|bias=no", "|l2=0.01", '|activation="relu"', '|freezes="kernel"', "|frozen=yes"])
    kind = draw.choice(["Conv", "Conv", "Depthwise", "Deconv", "SeparableConv"])
    padding = _padding(draw, "vs1el" if kind == "Conv" else "vs" if kind == "Deconv" else "vs1")
    if kind == "SeparableConv":
        bias = bias if "freezes" not in bias else ""
    dilation = draw.choice(["", "", "|dilation=2"]) if stride == 1 and kind == "Conv" else ""
    filters = f"{draw.choice([2, 4, 6])}|" if kind != "Depthwise" else ""
    multiplier = draw.choice(["", "|multiplier=2"]) if kind in ("Depthwise", "SeparableConv") else ""
    return f"{kind}|{filters}{kernel}|{stride}|{padding}{dilation}{multiplier}{bias}"


def _pool(draw: random.Random, rank: int) -> str:
    kind = draw.choice(["Maxpool", "Avgpool"])
    kernel = draw.choice([2, 3])
    framework = draw.choice(["", "", "|framework=onnx", "|framework=keras", "|framework=torch"])
    padding = _padding(draw, "vs1e")
    if framework == "|framework=keras":
        padding = draw.choice(["valid", "same"])
    if framework == "|framework=torch":
        padding = draw.choice(["valid", "1"])
    return f"{kind}|{kernel}|{draw.choice([1, 2])}|{padding}{framework}"


def _norm(draw: random.Random, rank: int) -> str:
    return draw.choice([
        "BN", "BN|framework=keras", "BN|framework=torch|frozen=yes", "BN|scale=no|center=no", "GroupNorm|2", "GroupNorm|1|framework=keras",
        "InstanceNorm", "InstanceNorm|affine=yes", "LayerNorm", "LayerNorm|epsilon=0.1", "LayerNorm|1", "RMSNorm", "SE|2", "Scale",
        "LayerNorm|framework=keras", 'BN|freezes="beta"', "RMSNorm|framework=torch",
    ])  # fmt: skip


def _elementwise(draw: random.Random, rank: int) -> str:
    return draw.choice([
        "ReLU", "LeakyReLU", "LeakyReLU|0.2", "LeakyReLU|framework=keras", "ELU", "ELU|0.5", "SELU", "GELU", "SiLU", "Mish", "HardSwish",
        "HardSigmoid", "HardTanh", "Softplus", "Softsign", "CELU|0.5", "HardShrink", "SoftShrink", "TanhShrink", "LogSigmoid", "ReLU6",
        "Softmax", "Softmax|axis=1", "LogSoftmax", "LogSoftmax|axis=1", "Softmin", "Sigmoid", "Tanh", "ThresholdedReLU", "Dropout|0.3",
        "PReLU", "PReLU|1", "PReLU|shared_axes=1", "Rescaling|0.5|0.1", "GLU|1", "Exponential",
    ])  # fmt: skip


def _spatial(draw: random.Random, rank: int) -> str:
    return draw.choice([
        "ZeroPad|1", "ZeroPad|(0, 1)", "Cropping|1", "Upsample|2", "Upsample|2|mode=bilinear", "Resize|7|mode=nearest",
        "Resize|5|mode=bilinear", "PixelUnshuffle|1", "PixelShuffle|1", "ChannelShuffle|2", "AdaptiveAvgPool|3", "AdaptiveMaxPool|2",
        "Permute|2*1*3", "Mean|1", "Max|2|keepdims=yes", "Reshape|(-1)*2", "Slice|1|1", "ExpandDims|1", "Squeeze",
        "Resize|4|mode=nearest|framework=keras", "ZeroPad|1|mode=reflect", "Split|2", "Repeat|2|1",
    ])  # fmt: skip


def _step(draw: random.Random) -> str:
    kind = draw.choice(["LSTM", "GRU", "RNN"])
    more = draw.choice(["", "|bidirectional=yes", "|frozen=yes", "|bidirectional=yes|frozen=yes"])
    biases = draw.choice(["", "|biases=0"] + ["|biases=1"] * (kind != "GRU"))
    return f"{kind}|{draw.choice([3, 4])}|return_sequences={draw.choice(['yes', 'no'])}{biases}{more}"


def _sequence_norm(draw: random.Random) -> str:
    return draw.choice([
        "LayerNorm", "BN", "FC|4|axis=last", "MultiHeadAttention|2", "MultiHeadAttention|2|frozen=yes", "GELU", "Conv|4|3|1|same",
        "Conv|4|2|1|causal", "Maxpool|2", "PositionEmbedding", "ClassToken", "Permute|2*1", "Mean|1", "GroupNorm|2", "PReLU",
        "MultiHeadAttention|2|bias=no", "GlobalAvgPool", "Softmax",
    ])  # fmt: skip


def _feature(draw: random.Random, rank: int) -> str:
    return draw.choice([
        "FC|6", "FC|8|bias=no|l1=0.1", "FC|4|l2=0.1|bias_l2=0.2", "BN", "LayerNorm", "GroupNorm|2", "RMSNorm", "LRN|3", "SE|2", "Scale",
        'FC|4|freezes="bias"', "FC|6|frozen=yes", "Reshape|2*(-1)", "LSTM|3", "InstanceNorm", "ChannelShuffle|2", "GLU", "PReLU",
    ])  # fmt: skip


# ---- the same weights -----------------------------------------------------------------------------------------------


def both(net: Network, seed: int) -> tuple[list[Array], list[Array], Any, Any]:
    """The outputs of the two models on the same input with the same weights, those of Keras first; and the models."""
    import keras
    import numpy
    import torch

    keras.backend.clear_session()
    numbers = numpy.random.default_rng(seed)
    keras_space, keras_names = run(net, "keras")
    torch_space, torch_names = run(net, "torch")
    model, module = keras_space["model"](), torch_space["Model"]().eval()
    shape = [size.constant for size in net.placed[0].output.dims]
    entry = numbers.normal(size=(3, *shape)).astype("float32")
    model(entry)
    for variable in model.variables:
        if "seed" not in variable.path:
            drawn_ = numbers.normal(size=variable.shape).astype("float32") * 0.5
            variable.assign(abs(drawn_) + 0.5 if "variance" in variable.path else drawn_)
    for place in net.placed[1:]:
        if place.applied.weights and place.index in keras_names:
            layer = model.get_layer(keras_names[place.index])
            with torch.no_grad():
                _copied(place, layer, module, torch_names[place.index], model)
    first = torch.from_numpy(entry)
    if _turned(net.placed[0]):
        first = first.movedim(-1, 1)
    with torch.no_grad():
        there = module(first)
    ends = list(net.graph.outputs())
    theirs = [
        (out.movedim(1, -1) if _turned(net.placed[place]) else out).numpy()
        for place, out in zip(ends, there if isinstance(there, tuple) else (there,), strict=True)
    ]
    ours = model(entry, training=False)
    return [numpy.asarray(out) for out in (ours if isinstance(ours, list) else [ours])], theirs, model, module


def _turned(place: Placed) -> bool:
    """Whether PyTorch keeps the channels first of a tensor that has them last."""
    return place.output.layout == CHANNELS_LAST and len(place.output.dims) > 1


def _copied(place: Placed, layer: Any, module: Any, path: str, model: Any) -> None:
    """Keras's weights into PyTorch's module."""
    import torch

    def tensor(variable: Any) -> Any:
        return torch.from_numpy(variable.numpy().copy())

    kind, there = place.layer.kind, module.get_submodule(path)
    state = dict(there.named_parameters()) | dict(there.named_buffers())
    if kind in ("RNN", "GRU", "LSTM"):
        directions = [layer.forward_layer, layer.backward_layer] if hasattr(layer, "forward_layer") else [layer]
        for end, one in zip(("_l0", "_l0_reverse"), directions, strict=False):
            _recurrent(kind, one.cell, state, end, tensor)
        return
    if kind == "MultiHeadAttention":
        parts = [layer.query_dense, layer.key_dense, layer.value_dense]
        flat = [tensor(part.kernel).flatten(1).T for part in parts]
        state["in_proj_weight"].copy_(torch.cat(flat))
        state["out_proj.weight"].copy_(tensor(layer.output_dense.kernel).flatten(0, 1).T)
        if "in_proj_bias" in state:
            state["in_proj_bias"].copy_(torch.cat([tensor(part.bias).flatten() for part in parts]))
            state["out_proj.bias"].copy_(tensor(layer.output_dense.bias))
        return
    if kind == "SE":
        squeeze, excite = (model.get_layer(f"{layer.name}_{end}") for end in ("squeeze", "excite"))
        for name, part in (("squeeze", squeeze), ("excite", excite)):
            kernel = tensor(part.kernel)
            state[f"{name}.weight"].copy_(kernel.reshape(kernel.shape[-2:]).T)
            if f"{name}.bias" in state:
                state[f"{name}.bias"].copy_(tensor(part.bias))
        return
    if kind == "SeparableConv":
        first = module.get_submodule(path + "_depthwise") if not path.isdigit() else None
        first.weight.copy_(_depthwise(tensor(layer.depthwise_kernel)))
        there.weight.copy_(_turned_kernel(tensor(layer.pointwise_kernel)))
        if layer.bias is not None:
            there.bias.copy_(tensor(layer.bias))
        return
    for name, ours in (
        ("kernel", "weight"),
        ("gamma", "weight"),
        ("embeddings", "weight"),
        ("alpha", "weight"),
        ("scale", "weight"),
    ):
        variable = getattr(layer, name, None)
        if variable is None or isinstance(variable, bool) or ours not in state:
            continue
        value = tensor(variable)
        if name == "kernel":
            value = value.T if kind == "FC" else _depthwise(value) if kind == "Depthwise" else _turned_kernel(value)
        state[ours].copy_(value.reshape(state[ours].shape))
    for name, ours in (
        ("bias", "bias"),
        ("beta", "bias"),
        ("moving_mean", "running_mean"),
        ("moving_variance", "running_var"),
    ):
        variable = getattr(layer, name, None)
        if variable is not None and not isinstance(variable, bool) and ours in state:
            state[ours].copy_(tensor(variable).reshape(state[ours].shape))
    for name in ("gamma", "beta", "token"):
        if name in state:
            state[name].copy_(tensor(getattr(layer, name)).reshape(state[name].shape))
    if kind == "PositionEmbedding":
        state["embeddings"].copy_(tensor(layer.places))


def _turned_kernel(value: Any) -> Any:
    """(…, in, out) as (out, in, …); Keras and PyTorch both have a transposed convolution the other way round."""
    return value.movedim((-1, -2), (0, 1))


def _depthwise(value: Any) -> Any:
    """(…, channels, multiplier) as (channels · multiplier, 1, …)."""
    moved = value.movedim((-2, -1), (0, 1))
    return moved.reshape(moved.shape[0] * moved.shape[1], 1, *moved.shape[2:])


def _recurrent(kind: str, cell: Any, state: dict[str, Any], end: str, tensor: Any) -> None:
    """Gates in PyTorch's order: r, z, n where Keras has z, r, h."""
    import torch

    def ordered(value: Any) -> Any:
        if kind != "GRU":
            return value
        update, reset, new = value.chunk(3, dim=0)
        return torch.cat([reset, update, new])

    state["weight_ih" + end].copy_(ordered(tensor(cell.kernel).T))
    state["weight_hh" + end].copy_(ordered(tensor(cell.recurrent_kernel).T))
    if cell.bias is not None and "bias_ih" + end in state:
        bias = tensor(cell.bias)
        first, second = bias if bias.dim() == 2 else (bias, torch.zeros_like(bias))
        state["bias_ih" + end].copy_(ordered(first))
        state["bias_hh" + end].copy_(ordered(second))


# ---- the comparison -------------------------------------------------------------------------------------------------

#: What a comment says that differs.
SAID = ("bicubic", "nearest:", "no moving statistics", "adds this bias along the last size")


def remarked(net: Network) -> bool:
    """Whether a comment in one of the files says that values differ."""
    return any(words in net.code(framework) for framework in ("keras", "torch") for words in SAID)


def values_apart(text: str, seed: int) -> str | None:
    """What differs between the two models, ``""`` where nothing does; ``None`` where symnet refuses one of them."""
    import numpy

    try:
        net = Network.parse(text)
        net.code("keras"), net.code("torch")
    except SymnetError:
        return None
    ours, theirs, model, module = both(net, seed)
    held = sum(weight.numpy().size for weight in model.trainable_weights)
    if held != net.trainable:
        return f"Keras trains {held}, symnet {net.trainable}"
    held = sum(p.numel() for p in module.parameters() if p.requires_grad)
    if held != net.trainable:
        return f"PyTorch trains {held}, symnet {net.trainable}"
    for place, one, two in zip(net.graph.outputs(), ours, theirs, strict=True):
        sizes = tuple(size.constant for size in net.placed[place].output.dims)
        if one.shape[1:] != sizes or two.shape[1:] != sizes:
            return f"sizes {sizes}, Keras {one.shape[1:]}, PyTorch {two.shape[1:]}"
        if not remarked(net) and not numpy.allclose(one, two, rtol=1e-3, atol=1e-4):
            return f"values: {abs(one - two).max()}"
    return ""
