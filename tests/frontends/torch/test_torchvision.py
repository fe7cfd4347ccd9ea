"""All models of torchvision against torch itself: each module's output at several sizes, its parameters, the least input."""

from __future__ import annotations

import os
from datetime import datetime, timezone
from math import prod
from typing import Any

import pytest

from symnet import solve
from symnet.errors import LayerError, SymnetError
from symnet.frontends.flow import BATCH
from symnet.frontends.torch import from_torch
from symnet.notation.parse import Question
from symnet.public import Network
from symnet.terms.evaluation import evaluate
from symnet.terms.term import Symbol
from tests.frontends.torch.asking import MODELS, built, first_kernel, said, watched, zoo

pytestmark = [pytest.mark.frameworks, pytest.mark.filterwarnings("ignore")]

#: RAFT compares two images: it puts both into one batch and turns the pairs of their pixels into another one. It is tested below.
RAFT = ("raft_large", "raft_small")
NAMES = [name for name in MODELS if name not in RAFT]
#: A run takes a third of the models, another one each day; SYMNET_TORCHVISION=all takes all of them.
TURN = datetime.now(timezone.utc).timetuple().tm_yday % 3
NAMES_OF_THE_DAY = NAMES if os.environ.get("SYMNET_TORCHVISION") == "all" else NAMES[TURN::3]

#: Inputs besides the usual one, of other sizes and odd ones.
SIZES = ((224, 224), (256, 320), (193, 225))
FRAMES = 16

#: The least square input where torchvision publishes another number: (proven and tried here, why).
OTHER_LEAST = {
    **dict.fromkeys(
        ("efficientnet_v2_s", "efficientnet_v2_m", "efficientnet_v2_l"), (1, "it works below the published 33")
    ),
    **dict.fromkeys(("swin_t", "swin_s", "swin_b"), (4, "windows are padded: one patch is enough")),
    **dict.fromkeys(("swin_v2_t", "swin_v2_s", "swin_v2_b"), (4, "windows are padded: one patch is enough")),
    **dict.fromkeys(("maxvit_t", "mvit_v1_b", "mvit_v2_s"), (221, "221 to 224 make the same grid of 56")),
    "s3d": (209, "its last pooling needs 7 entries, which 209 gives"),
    "vit_h_14": (224, "what is published is of the weights for 518 pixels"),
    "ssd300_vgg16": (268, "of the backbone; the detector scales its images to 300 first"),
}


def sized(net: Network, height: int, width: int) -> tuple[int, ...]:
    """The input's sizes with numbers."""
    numbers = {"H": height, "W": width}
    return tuple(
        numbers[size.name] if isinstance(size, Symbol) else int(size.constant or 0) for size in net.graph.input.dims
    )


def parameters_by_module(net: Network) -> dict[str, int]:
    """What the layers hold, by the module they came from; what is held and not used, by its own name."""
    found: dict[str, int] = {}
    for node, place in zip(net.graph.nodes, net.placed[1:], strict=True):
        path, _, rest = node.origin.partition(" (")
        name = rest.partition("), ")[2]
        if node.layer.kind in ("Held", "Parameter"):
            path = f"{path}.{name}" if path != "the model" else name
        count = sum(prod(evaluate(size) for size in weight.shape) for weight in place.applied.weights)
        found[path] = found.get(path, 0) + count
    return found


def accepted(model: Any, sizes: tuple[int, ...]) -> bool:
    """Whether PyTorch itself runs the model on such an input."""
    try:
        said(model, sizes)
    except Exception:  # noqa: BLE001  # whatever a model raises
        return False
    return True


def shapes(seen: list[Any], values: dict[Any, int]) -> list[tuple[int, ...]]:
    """What a call gave, with numbers for the symbols."""
    return [tuple(evaluate(size, values) for size in item[1]) if isinstance(item[0], str) else item for item in seen]


@pytest.mark.parametrize("name", NAMES_OF_THE_DAY)
def test_every_module_gives_what_torch_gives(name: str) -> None:
    model = built(name)
    rank = first_kernel(model)
    shape = (3, "H", "W") if rank == 2 else (3, FRAMES, "H", "W")
    fitting = {"H": 300, "W": 300} if name == "ssd300_vgg16" else None  # the usual sizes are too small for it
    with watched() as seen:
        net = from_torch(model, shape, usual=fitting)
    held = list(model.parameters())
    assert net.parameters == sum(one.numel() for one in held)
    assert net.trainable == sum(one.numel() for one in held if one.requires_grad)
    ours = parameters_by_module(net)
    for path, module in model.named_modules():
        within = sum(
            count for where, count in ours.items() if where == path or not path or where.startswith(f"{path}.")
        )
        whole = sum(one.numel() for one in module.parameters())
        assert within == whole or (within == 0 and not any(where.startswith(path) for where in ours)), path
    paths = {path for path, _ in seen}
    compared = []
    for height, width in SIZES if name != "ssd300_vgg16" else ((300, 300), (300, 332), (193, 225)):
        sizes = sized(net, height, width)
        try:
            calls = said(model, sizes)
        except Exception:  # noqa: BLE001
            with pytest.raises(LayerError):
                net.at(H=height, W=width)
            continue
        symbols = [size for size in net.graph.input.dims if isinstance(size, Symbol)]
        values = {BATCH: 2, **dict(zip(symbols, (height, width), strict=True))}
        theirs = [call for call in calls if call[0] in paths]
        assert [path for path, _ in seen] == [path for path, _ in theirs]
        for (path, given), (_, torchs) in zip(seen, theirs, strict=True):
            assert shapes(given, values) == torchs, path
        compared.append(values)
    values = compared[-1]
    there = net.at(**{symbol.name: number for symbol, number in values.items() if symbol is not BATCH})
    assert [place.name for place in there.placed] == [place.name for place in net.placed]
    for place, general in zip(there.placed, net.placed, strict=True):
        assert [evaluate(size) for size in place.output.dims] == [
            evaluate(size, values) for size in general.output.dims
        ]


def published(name: str) -> int:
    """The least input that torchvision publishes with the model's weights."""
    weights = list(zoo().get_model_weights(name))
    return int(weights[0].meta["min_size"][0])


@pytest.mark.parametrize("name", NAMES_OF_THE_DAY)
def test_the_least_input_is_derived(name: str) -> None:
    model = built(name)
    before = () if first_kernel(model) == 2 else (FRAMES,)
    net = from_torch(model, (3, *before, "W", "W"))
    found = solve(Question(net.graph, None, name), valid=True)
    least = next(iter(found))
    assert least == OTHER_LEAST.get(name, (published(name), ""))[0]
    assert (name in OTHER_LEAST) is (least != published(name))
    assert accepted(model, (3, *before, least, least))
    assert least == 1 or not accepted(model, (3, *before, least - 1, least - 1))


@pytest.mark.parametrize("name", RAFT)
def test_raft_puts_images_and_pixels_into_the_batch(name: str) -> None:
    model = built(name)
    net = from_torch(model, ((3, 128, 160), (3, 128, 160)))
    assert net.output == (2, 128, 160)
    assert len(net.graph.outputs()) == 12
    assert net.parameters == sum(held.numel() for held in model.parameters())
    assert [run.multiply_adds for run in net.compared] == [True, True]


def test_raft_takes_multiples_of_8() -> None:
    net = from_torch(built("raft_small"), ((3, "H", "W"), (3, "H", "W")), compare=False)
    assert net.at(H=136, W=200).output == (2, 136, 200)
    with pytest.raises(SymnetError):
        net.at(H=137, W=200)


@pytest.mark.parametrize("name", ["googlenet", "inception_v3"])
def test_auxiliary_heads_are_outputs_in_training_and_held_else(name: str) -> None:
    model = built(name)
    heads = [part for part in model.children() if type(part).__name__ == "InceptionAux"]
    net = from_torch(model)
    held = [place for place in net.placed if place.layer is not None and place.layer.kind == "Held"]
    assert sum(evaluate(place.applied.parameters) for place in held) == sum(
        one.numel() for part in heads for one in part.parameters()
    )
    training = from_torch(model.train(), (3, 299, 299))
    assert len(training.graph.outputs()) == 1 + len(heads)
    assert training.parameters == net.parameters
    assert training.output == (1000,)


def test_an_output_of_a_segmentation_model_comes_last() -> None:
    for name in ("fcn_resnet50", "deeplabv3_mobilenet_v3_large"):
        net = from_torch(built(name), (3, "H", "W"))
        assert [str(size) for size in net.output] == ["21", "H", "W"]


def test_no_model_of_torchvision_is_left_out() -> None:
    assert set(MODELS) == set(zoo().list_models())


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("swin_t", (3, 224, 224)),
        ("swin_v2_t", (3, 224, 224)),
        ("swin_v2_t", (3, 96, 160)),
        ("mvit_v1_b", (3, FRAMES, 224, 224)),
        ("mvit_v2_s", (3, FRAMES, 224, 224)),
        ("swin3d_t", (3, FRAMES, 224, 224)),
        ("swin3d_t", (3, 4, 64, 64)),  # windows are as large as their axes there
        ("maxvit_t", (3, 224, 224)),
    ],
)
def test_attention_costs_what_torch_counts(name: str, shape: tuple[int, ...]) -> None:
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    model = built(name)
    net = from_torch(model, shape, compare=False)
    counter = FlopCounterMode(display=False)
    with torch.no_grad(), counter:
        model.to("meta")(torch.zeros(1, *shape, device="meta"))
    assert net.multiply_adds == counter.get_total_flops() // 2
