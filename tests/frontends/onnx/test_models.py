"""Whole models: those that ONNX ships, and what torch.onnx makes of torch modules, by shape inference and by torch itself."""

from __future__ import annotations

import io
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from symnet import from_onnx
from symnet.frontends.onnx.importer import Importer
from symnet.frontends.onnx.values import Array
from symnet.terms.evaluation import evaluate
from symnet.terms.term import Symbol
from tests.frontends.onnx.protos import differences, model, node, onnx, read, weight

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore::")]

LIGHT = Path(onnx.__file__).parent / "backend" / "test" / "data" / "light"


def used(proto: Any, importer: Importer) -> int:
    """The entries of all initializers of real numbers that a node reads."""
    names = {name for made in importer.state.nodes for name in made.input}
    return sum(
        math.prod(tensor.dims)
        for tensor in proto.graph.initializer
        if tensor.name in names and tensor.data_type in (1, 10, 11) and tensor.dims
    )


#: Parameters as published or as their Caffe models have them, moving statistics of batch normalization included.
PUBLISHED = {"bvlc_alexnet": 60_965_224, "inception_v1": 6_998_552, "squeezenet": 1_235_496, "vgg19": 143_667_240}


@pytest.mark.parametrize("path", sorted(LIGHT.glob("*.onnx")), ids=lambda path: path.stem.removeprefix("light_"))
def test_models_that_onnx_ships(path: Path) -> None:
    proto = onnx.load(path)
    (name,) = {value.name for value in proto.graph.input} - {tensor.name for tensor in proto.graph.initializer}
    (value,) = [value for value in proto.graph.input if value.name == name]
    sizes = [size.dim_value for size in value.type.tensor_type.shape.dim]
    assert differences(proto, {name: sizes}) == []
    importer, network = read(proto)
    made = [known for known in importer.state.values.values() if isinstance(known, Array) and known.real]
    assert network.parameters <= sum(known.count or 0 for known in made)
    stem = path.stem.removeprefix("light_")
    assert PUBLISHED.get(stem, network.parameters) == network.parameters


torch = pytest.importorskip("torch")


class Sequence(torch.nn.Module):  # type: ignore[misc]
    """Words, a recurrent layer, a dense layer."""

    def __init__(self, kind: str = "LSTM", **more: Any) -> None:
        super().__init__()
        self.words = torch.nn.Embedding(50, 8)
        self.recurrent = getattr(torch.nn, kind)(8, 6, batch_first=True, **more)
        self.dense = torch.nn.Linear(12 if more.get("bidirectional") else 6, 4)

    def forward(self, x: Any) -> Any:
        return self.dense(self.recurrent(self.words(x))[0])


class Encoder(torch.nn.Module):  # type: ignore[misc]
    """Patches, a class token, places, and a transformer."""

    def __init__(self) -> None:
        super().__init__()
        self.patches = torch.nn.Conv2d(3, 16, 4, 4)
        self.token = torch.nn.Parameter(torch.zeros(1, 1, 16))
        self.places = torch.nn.Parameter(torch.zeros(1, 13, 16))
        layer = torch.nn.TransformerEncoderLayer(16, 2, 32, batch_first=True)
        self.encoder = torch.nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = torch.nn.Linear(16, 5)

    def forward(self, x: Any) -> Any:
        x = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(x.shape[0], -1, -1), x], 1) + self.places
        return self.head(self.encoder(x)[:, 0])


class Decoder(torch.nn.Module):  # type: ignore[misc]
    """Down and up again, with a tensor that goes around, and interpolation to its size."""

    def __init__(self) -> None:
        super().__init__()
        self.down = torch.nn.Conv2d(3, 8, 3, 2, 1)
        self.up = torch.nn.ConvTranspose2d(8, 8, 4, 2, 1, output_padding=1)
        self.last = torch.nn.Sequential(
            torch.nn.PReLU(8), torch.nn.GroupNorm(2, 8), torch.nn.Conv2d(8, 4, 1), torch.nn.PixelShuffle(2)
        )

    def forward(self, x: Any) -> Any:
        low = self.down(x)
        up = torch.nn.functional.interpolate(self.up(low), size=x.shape[2:], mode="bilinear")
        out = torch.cat([up.view(up.shape[0], 2, 4, *up.shape[2:]).mean(1), x[:, :1, :, :]], 1)
        return self.last(torch.nn.functional.pad(out, (1, 1, 1, 1, 0, 3), mode="constant")[:, :, 1:-1, 1:-1])


def exported(module: Any, example: Any, axes: dict[int, str], opset: int = 17) -> Any:
    """The model that torch.onnx makes, without folding batch normalization away."""
    buffer = io.BytesIO()
    torch.onnx.export(
        module, (example,), buffer, input_names=["x"], output_names=["y"], dynamic_axes={"x": axes}, opset_version=opset,
        dynamo=False, do_constant_folding=True, training=torch.onnx.TrainingMode.PRESERVE,
    )  # fmt: skip
    return onnx.load_from_string(buffer.getvalue())


IMAGES = ({"H": 16, "W": 12}, {"H": 19, "W": 12}, {"H": 40, "W": 33})
WORDS = ({"T": 5}, {"T": 9})

#: A module, the shape of its example, what is a symbol, the sizes to compare at, and whether its numbers are words.
MODULES = {
    "lstm": (lambda: Sequence(), (2, 7), {0: "N", 1: "T"}, WORDS, True),
    "bidirectional gru": (lambda: Sequence("GRU", bidirectional=True), (2, 7), {0: "N", 1: "T"}, WORDS, True),
    "two lstm layers": (lambda: Sequence(num_layers=2, bidirectional=True), (2, 7), {0: "N", 1: "T"}, WORDS, True),
    "encoder": (Encoder, (2, 3, 16, 12), {0: "N"}, ({},), False),
    "decoder": (Decoder, (2, 3, 16, 12), {0: "N", 2: "H", 3: "W"}, IMAGES, False),
}


#: torch exports attention from opset 14 on.
EXPORTED = [(name, opset) for name in MODULES for opset in (11, 13, 17) if name != "encoder" or opset >= 14]


@pytest.mark.parametrize(("name", "opset"), EXPORTED)
def test_modules_exported_by_torch(name: str, opset: int) -> None:
    make, shape, axes, sizes, words = MODULES[name]
    torch.manual_seed(0)
    module = make().eval()
    for parameter in module.parameters():
        torch.nn.init.normal_(parameter)  # equal arrays would be exported once
    example = torch.zeros(shape, dtype=torch.int64) if words else torch.zeros(shape)
    proto = exported(module, example, axes, opset)
    importer, network = read(proto)
    groups = (
        4 if name == "decoder" else 0
    )  # torch writes GroupNorm(2) as InstanceNormalization with two ones and two zeros
    assert (
        network.parameters == sum(parameter.numel() for parameter in module.parameters()) + groups == network.trainable
    )
    for values in sizes:
        dims = [values.get(axes.get(axis, ""), size) for axis, size in enumerate(shape)]
        assert differences(proto, {"x": dims}) == []
        with torch.no_grad():
            wanted = list(module(torch.zeros(dims, dtype=example.dtype)).shape)
        terms = {Symbol(letter): number for letter, number in values.items()} | {importer.state.batch: 2}
        found = importer.state.sizes(importer.state.values["y"])  # type: ignore[arg-type]
        assert [evaluate(size, terms) for size in found] == wanted


@pytest.mark.parametrize("name", ["resnet18", "shufflenet_v2_x0_5", "mobilenet_v3_small"])
def test_torchvision_models(name: str) -> None:
    library = torch.library.Library("torchvision", "FRAGMENT")
    for schema in ("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",) * (
        not hasattr(torch.ops.torchvision, "nms")
    ):
        library.define(schema)
        library.define(schema.replace("nms", "qnms", 1))
    models = pytest.importorskip("torchvision.models")
    module = models.get_model(name, weights=None).eval()
    for value in (*module.parameters(), *module.buffers()):
        if value.is_floating_point():
            value.data = torch.rand_like(value) + 1
    proto = exported(module, torch.zeros(2, 3, 64, 64), {0: "N", 2: "H", 3: "W"})
    importer, network = read(proto)
    numbers = [*module.parameters(), *(buffer for buffer in module.buffers() if buffer.is_floating_point())]
    assert network.parameters == sum(value.numel() for value in numbers) == used(proto, importer)
    assert network.trainable == sum(parameter.numel() for parameter in module.parameters())
    for height, width in ((64, 64), (224, 160), (97, 131)):
        assert differences(proto, {"x": [2, 3, height, width]}) == []


def test_shape_arithmetic_with_symbols() -> None:
    """Shape, Gather, Cast, Mul, Floor, Concat, Resize, as exporters write a scale; and a Reshape to what is left."""
    nodes = [
        node("Shape", "x", "s"),
        node("Slice", "s two four", "hw"),
        node("Cast", "hw", "real", to=1),
        node("Mul", "real scale", "scaled"),
        node("Floor", "scaled", "floored"),
        node("Cast", "floored", "size", to=7),
        node("Slice", "s zero two", "nc"),
        node("Concat", "nc size", "all", axis=0),
        node("Resize", "x - - all", "r", mode="nearest"),
        node("Gather", "s index", "n"),
        node("Unsqueeze", "n zero", "m"),
        node("Where", "no m m", "same"),
        node("Concat", "same minus", "flat", axis=0),
        node("Reshape", "r flat"),
    ]
    weights = [
        *(
            weight(name, numbers=np.array([number]))
            for name, number in (("zero", 0), ("two", 2), ("four", 4), ("minus", -1))
        ),
        weight("scale", numbers=np.array([2.0, 1.5], np.float32)),
        weight("index", numbers=np.array(0)),
        weight("no", numbers=np.array([False])),
    ]
    proto = model(nodes, {"x": ["N", 3, "H", "W"]}, weights, opset=17)
    network = read(proto)[1]
    assert str(network.output) == "(6*H*(3*W//2),)"
    for height, width in ((8, 8), (9, 7)):
        wanted = {"y": [2, 3 * 2 * height * (width * 3 // 2)], "r": [2, 3, 2 * height, width * 3 // 2]}
        assert differences(proto, {"x": [2, 3, height, width]}, wanted) == []


@pytest.mark.parametrize("rank", [1, 2])
def test_a_branch_that_is_known_before_the_model_runs(rank: int) -> None:
    then = onnx.helper.make_graph([node("Relu", "x", "t")], "then", [], [onnx.helper.make_empty_tensor_value_info("t")])
    conv = onnx.helper.make_graph(
        [node("Conv", "x k", "c"), node("Relu", "c", "e")], "else", [], [onnx.helper.make_empty_tensor_value_info("e")],
        [weight("k", 4, 3, 3, 3)],
    )  # fmt: skip
    nodes = [
        node("Shape", "x", "s"),
        node("Gather", "s i", "d"),
        node("Equal", "d n", "q"),
        node("If", "q", "y", then_branch=then, else_branch=conv),
    ]
    weights = [weight("i", numbers=np.array(1)), weight("n", numbers=np.array(rank + 1))]
    network = read(model(nodes, {"x": ["N", 3, "H", "W"]}, weights))[1]
    assert str(network.output) == ("(3, H, W)" if rank == 2 else "(4, H - 2, W - 2)")
    assert network.parameters == (0 if rank == 2 else 108)


def test_functions_of_a_model_are_written_out() -> None:
    body = [node("Conv", "a b", "c"), node("Relu", "c", "d")]
    block = onnx.helper.make_function("my", "Block", ["a", "b"], ["d"], body, [onnx.helper.make_opsetid("", 21)])
    nodes = [
        onnx.helper.make_node("Block", ["x", "w"], ["u"], domain="my"),
        onnx.helper.make_node("Block", ["u", "v"], ["y"], domain="my"),
    ]
    proto = model(nodes, {"x": ["N", 3, "H", "W"]}, [weight("w", 4, 3, 3, 3), weight("v", 5, 4, 1, 1)])
    proto.opset_import.append(onnx.helper.make_opsetid("my", 1))
    proto.functions.append(block)
    network = from_onnx(proto)
    assert str(network.output) == "(5, H - 2, W - 2)"
    assert network.parameters == 128


@pytest.mark.parametrize("name", ["encoder", "decoder", "lstm"])
def test_modules_exported_by_the_newer_exporter(name: str, tmp_path: Path) -> None:
    pytest.importorskip("onnxscript")
    make, shape, axes, sizes, words = MODULES[name]
    module = make().eval()
    for parameter in module.parameters():
        torch.nn.init.normal_(parameter)
    example = torch.zeros(shape, dtype=torch.int64) if words else torch.zeros(shape)
    dims = {axis: "N" if letter == "N" else torch.export.Dim.AUTO for axis, letter in axes.items()}
    torch.onnx.export(
        module, (example,), tmp_path / "model.onnx", input_names=["x"], output_names=["y"], dynamic_shapes=({**dims},),
        dynamo=True, verbose=False, external_data=False,
    )  # fmt: skip
    proto = onnx.load(tmp_path / "model.onnx")
    importer, network = read(proto)
    assert network.parameters == used(proto, importer)
    for values in sizes:
        known = [values.get(axes.get(axis, ""), size) for axis, size in enumerate(shape)]
        with torch.no_grad():
            wanted = list(module(torch.zeros(known, dtype=example.dtype)).shape)
        assert differences(proto, {"x": known}, {"y": wanted}) == []
