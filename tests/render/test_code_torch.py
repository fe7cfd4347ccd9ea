"""Generated PyTorch code, run: every layer's output and parameters are the network's."""

from __future__ import annotations

import re
from typing import Any

import pytest

from symnet import Network, SymnetError
from tests.generated import NETWORKS, arguments, at_two_sizes, network, outputs, plain, run, skeleton, trained

pytestmark = pytest.mark.frameworks


def refused(name: str) -> bool:
    """Whether a network has no code, which is said in words that name its layers."""
    try:
        network(name).code("torch")
    except SymnetError as why:
        assert re.search(r"layer \d+", str(why)), why
        return True
    return False


def apart(sizes: Any) -> list[int]:
    """Sizes in any order, those of 1 left out: what modules see while tensors are turned round."""
    return sorted(size for size in sizes if size != 1)


@pytest.mark.parametrize("name", NETWORKS)
def test_shapes_and_parameters(name: str) -> None:
    import torch

    if refused(name):
        return
    net = network(name)
    space, modules = run(net, "torch")
    for values, numbers in at_two_sizes(net):
        with torch.device("meta"):
            model = space["Model"](**arguments(space["Model"].__init__, values)).eval()
        assert sum(p.numel() for p in model.parameters() if p.requires_grad) == numbers.trainable
        seen: dict[int, Any] = {}
        for place, path in modules.items():
            module = (
                model.get_submodule(path) if not isinstance(getattr(model, path, None), torch.nn.Parameter) else None
            )
            if module is not None:
                module.register_forward_hook(lambda _, __, out, place=place, seen=seen: seen.setdefault(place, out))
        outputs = model(*inputs(numbers))
        outputs = outputs if isinstance(outputs, tuple) else (outputs,)
        wanted = [numbers.placed[place] for place in numbers.graph.outputs()]
        assert [tuple(out.shape[1:]) for out in outputs] == [plain(place) for place in wanted]
        for place in numbers.placed[1:]:
            if place.index not in seen or place.layer.shares:
                continue
            module = model.get_submodule(modules[place.index])
            kind = place.layer.kind
            if kind not in ("RNN", "GRU", "LSTM", "Deconv"):  # what is cut off is cut off after it
                out = seen[place.index]
                out = out[0] if isinstance(out, tuple) else out
                assert apart(out.shape[1:]) == apart(plain(place)), place.title
            held = sum(p.numel() for p in module.parameters() if p.requires_grad)
            assert kind == "SeparableConv" or held == trained(place), place.title


def inputs(net: Network) -> list[Any]:
    """Zeros, on no device."""
    import torch

    found = []
    for place in net.placed:
        if place.layer is not None and place.layer.kind != "Input":
            continue
        readers = [node.layer.kind for node in net.graph.nodes if place.index in node.sources]
        words = bool(readers) and set(readers) == {"Embedding"}
        found.append(torch.zeros(2, *plain(place), device="meta", dtype=torch.long if words else torch.float32))
    return found


#: Kinds that PyTorch code spells out, so that they come back as several layers.
SPELLED_OUT = {
    "SE", "Scale", "ClassToken", "PositionEmbedding", "SeparableConv", "Average", "Dot", "Crop", "Cropping", "Rescaling",
    "Parameter", "PReLU", "Deconv",
}  # fmt: skip

#: What comes back with an output more: all states of a recurrent layer, of which only the last is used.
MORE_OUTPUTS = ("bidirectional=yes|proj_size=7", "GRU|20|layers=2|bidirectional=yes", "Parameter|1*768")


@pytest.mark.parametrize("name", NETWORKS)
def test_import_gives_the_network_back(name: str) -> None:
    import torch

    import symnet

    if refused(name):
        return
    net = network(name)
    space, _ = run(net, "torch")
    values, numbers = next(at_two_sizes(net))
    with torch.device("meta"):
        model = space["Model"](**arguments(space["Model"].__init__, values))
    shapes = tuple(plain(place) for place in numbers.placed if place.layer is None or place.layer.kind == "Input")
    back = symnet.from_torch(model, shapes[0] if len(shapes) == 1 else shapes)
    assert back.trainable == numbers.trainable
    if not any(words in name for words in MORE_OUTPUTS):
        assert outputs(back) == outputs(numbers)
    kinds = {place.layer.kind for place in numbers.placed[1:]}
    last = any(
        place.layer.sequential and not getattr(place.layer, "return_sequences", True) for place in numbers.placed[1:]
    )
    held = any(getattr(place.layer, "activation", None) for place in numbers.placed[1:])
    if not kinds & SPELLED_OUT and not last and not held:
        assert skeleton(back) == skeleton(numbers)
