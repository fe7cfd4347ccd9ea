"""One catalogue of small models, written in PyTorch, Keras and ONNX: the three importers give the same sizes, parameters and work."""

from __future__ import annotations

from typing import Any

import pytest

from symnet import Network, from_keras, from_onnx, from_torch
from symnet.frontends.checking import Point, failing, inner_points, input_shapes, parameters_at, work_at
from symnet.terms.term import Symbol, symbols_of
from tests.frontends.catalogue.keras_writer import KerasWriter
from tests.frontends.catalogue.models import MODELS, CatalogueModel
from tests.frontends.catalogue.onnx_writer import OnnxWriter
from tests.frontends.catalogue.torch_writer import TorchWriter

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]

#: The numbers that stand for letters where a framework makes its layers.
NUMBERS = {"H": 24, "W": 28, "L": 23, "D": 20, "T": 9}


def in_torch(model: CatalogueModel) -> tuple[Any, list[int]]:
    """The module, and the sizes of the inputs of its layers in the order of their calls."""
    import torch

    class Written(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.writer = TorchWriter()
            self.layers = self.writer.layers

        def forward(self, *inputs: Any) -> Any:
            self.writer.calls = 0
            return model.write(self.writer, *inputs)

    made = Written()
    kind = torch.int64 if model.integers else torch.float32
    made(*(torch.zeros((2, *(NUMBERS.get(size, size) for size in sizes)), dtype=kind) for sizes in model.inputs))
    return made, made.writer.features


def in_keras(model: CatalogueModel) -> Any:
    import keras

    kind = "int32" if model.integers else "float32"
    shapes = [[None if isinstance(size, str) else size for size in _last(sizes)] for sizes in model.inputs]
    inputs = [keras.Input(shape, dtype=kind) for shape in shapes]
    return keras.Model(inputs, model.write(KerasWriter(), *inputs))


def _last(sizes: tuple[Any, ...]) -> tuple[Any, ...]:
    """The sizes of an image with its channels last; those of a sequence as they are."""
    return (*sizes[1:], sizes[0]) if _is_image(sizes) else sizes


def _is_image(sizes: tuple[Any, ...]) -> bool:
    return len(sizes) > 2 or (len(sizes) == 2 and sizes[1] == "L")


def in_onnx(model: CatalogueModel, features: list[int]) -> Any:
    import onnx

    writer = OnnxWriter(features)
    kind = onnx.TensorProto.INT64 if model.integers else onnx.TensorProto.FLOAT
    names = [f"x{number}" for number in range(len(model.inputs))]
    found = model.write(writer, *((name, len(sizes) + 1) for name, sizes in zip(names, model.inputs, strict=True)))
    outputs = [found] if isinstance(found[0], str) else list(found)
    graph = onnx.helper.make_graph(
        writer.nodes,
        "model",
        [
            onnx.helper.make_tensor_value_info(name, kind, ["N", *sizes])
            for name, sizes in zip(names, model.inputs, strict=True)
        ],
        [onnx.helper.make_empty_tensor_value_info(name) for name, _ in outputs],
        writer.weights,
    )
    return onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 22)], ir_version=10)


def networks(model: CatalogueModel) -> dict[str, Network]:
    module, features = in_torch(model)
    shapes = model.inputs[0] if len(model.inputs) == 1 else model.inputs
    given = [_last(sizes) for sizes in model.inputs]
    return {
        "torch": from_torch(module, shapes),
        "keras": from_keras(in_keras(model), input=given[0] if len(given) == 1 else tuple(given)),
        "onnx": from_onnx(in_onnx(model, features)),
    }


def at(network: Network, point: Point) -> dict[str, Any]:
    """What the frameworks must agree about, at some sizes."""
    sizes = [sorted(point.shape(network.placed[place].output.dims)) for place in network.graph.outputs()]
    return {
        "outputs": sizes,
        "parameters": parameters_at(network, point),
        "trainable": parameters_at(network, point, True),
        "multiply_adds": work_at(network, point),
    }


def _letters(network: Network) -> list[Symbol]:
    return symbols_of(*(size for dims in input_shapes(network) for size in dims))


@pytest.mark.parametrize("name", MODELS)
def test_the_three_importers_say_the_same(name: str) -> None:
    model = MODELS[name]
    found = networks(model)
    for framework, network in found.items():
        assert network.not_compared is None, framework
        assert network.compared, framework
    letters = [sorted(symbol.name for symbol in _letters(network)) for network in found.values()]
    assert letters[0] == letters[1] == letters[2]
    points = inner_points(found["torch"], _letters(found["torch"]))
    assert points
    for point in points:
        numbers = {symbol.name: number for symbol, number in point.sizes.items()}
        ours = {
            framework: at(network, Point({symbol: numbers[symbol.name] for symbol in _letters(network)}, point.batch))
            for framework, network in found.items()
        }
        for what in ours["torch"]:
            values = [ours[framework][what] for framework in ours]
            if what in model.differs:
                assert values[0] != values[1], f"{what}: {model.differs[what]}"
            else:
                assert values[0] == values[1] == values[2], (what, values)


@pytest.mark.parametrize("name", [name for name, model in MODELS.items() if isinstance(model.inputs[0][-1], str)])
def test_they_are_defined_for_the_same_sizes(name: str) -> None:
    found = networks(MODELS[name])
    for number in range(1, 14):
        defined = [
            failing(Point(dict.fromkeys(_letters(network), number), 3), network) is None for network in found.values()
        ]
        assert len(set(defined)) == 1, (number, dict(zip(found, defined, strict=True)))


def test_the_catalogue_is_large() -> None:
    assert len(MODELS) >= 100
    assert {name for model in MODELS.values() for name in model.differs} <= {"parameters", "trainable"}
