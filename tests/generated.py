"""Generated code, run: the networks that it is tried on, and what the models that it makes have."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from symnet import Network, SymnetError
from symnet.layers.declaration.shape import CHANNELS_LAST
from symnet.network.propagate import Placed
from symnet.network.substitution import graph_symbols
from symnet.render.code import code_data
from symnet.terms.term import symbols_of
from tests.layers.catalogue import CASES
from tests.networks import KNOWN

__all__ = [
    "NETWORKS", "arguments", "at_two_sizes", "network", "outputs", "plain", "run", "skeleton", "symbols", "trained"
]  # fmt: skip

EXAMPLES = Path(__file__).parent.parent / "examples"

#: Beside the worked examples of all kinds: what they do not have.
OWN = {
    "several outputs": "(3*W*W) -> Conv|8|3 @a -> Conv|8|3 @b -> From|a -> GlobalAvgPool -> FC|5",
    "several inputs": "(3*16*16) -> Conv|8|3|1|1 @a -> Input|3*16*16 -> Conv|8|3|1|1 -> Add|a",
    "shared weights": '(8*9*9) -> Conv|8|3|1|1|name="one" -> ReLU -> Conv|8|3|1|1|shares="one" -> ReLU',
    "frozen": "(3*9*9) -> Conv|8|3|frozen=yes -> BN|frozen=yes -> FC|10",
    "named": '(3*9*9) -> Conv|8|3|name="stem.conv" -> ReLU|name="1" -> FC|10|name="class"',
    "symbols": "(3*W*W) -> Conv|K|3|S -> Conv|(2*K)|3|1|1 -> BN -> Reshape|(-1)*K -> Permute|2*1 -> FC|N",
    "symbols in statements": "K -> FC|(4*K) -> Reshape|4*K -> Slice|1|0|2 -> Reshape|(2*K) -> Flatten",
    "ceiling": "(3*W*W) -> Conv|K|3|2|same -> Flatten -> FC|10",
    "blocks": "(8*W*W) -> 3 * [@x -> Conv|8|3|1|1 -> BN -> ReLU -> Conv|8|3|1|1 -> BN -> Add|x -> ReLU]"
    " -> Conv|16|3|2|1 -> 4 * [@x -> Conv|16|3|1|1 -> BN -> ReLU -> Conv|16|3|1|1 -> BN -> Add|x -> ReLU] -> FC|10",
    "blocks one after another": "64 -> 9 * [FC|64 -> ReLU -> Dropout|0.1]",
    "the same output twice": "(4*9*9) @a -> Add|a -> Concat|a|a -> ReLU",
    "conventions": "(8*9*9) -> BN|framework=keras -> Conv|8|3|l2=0.001 -> BN|framework=torch|momentum=0.2",
    "padding": "(3*W*W) -> Conv|8|3|1|(1, 2) -> Maxpool|3|2|1 -> Avgpool|3|2|1",
    "no padding": "(3*32*32) -> Conv|8|3|padding=0 -> Maxpool|2|2|0 -> Deconv|4|3|2|0 -> Deconv|4|2|3|0 -> Avgpool|2|2|0*0"
    " -> Depthwise|3|1|(0, 0) -> Conv|8|3|2|0*0",
    "windows, then steps": "(2*T) -> Conv|32|8 -> Permute|2*1 -> LSTM|4|biases=2",
    "one step": "35 -> GRU|8 -> FC|3",
    "one axis": "(3, L) -> Conv|8|3|2|1 -> BN -> Maxpool|2 -> GlobalAvgPool -> FC|3",
    "three axes": "HWC:8x8x8x3 -> Conv|8|3|1|same -> BN -> Maxpool|2 -> Upsample|2 -> GlobalAvgPool",
    "sequences": "(T, 16) -> LSTM|8|biases=2|return_sequences=yes -> GRU|8 -> FC|3",
    "sequences in Keras": "(T, 16) -> BiLSTM|8|return_sequences=yes|merge=sum -> GRU|8 -> FC|3",
    "normalization": "HWC:8x8x6 -> LayerNorm|3 -> GroupNorm|2 -> InstanceNorm|affine=yes -> RMSNorm -> BN|center=no -> SE|2",
    "activations": '(3*9*9) -> Conv|8|3|activation="relu" -> FC|10|activation="softmax"',
    "products": "(10, 16) @a -> Permute|2*1 -> MatMul|a -> Require|16|equals|16 -> Divide|a",
    "channels last": "HWC:8x8x6 -> Conv|4|1 -> FC|6|axis=last -> GLU|3 -> Mean|1 -> Flatten",
}

NETWORKS: dict[str, str] = {
    **{f"examples/{path.name}": path.read_text(encoding="utf-8") for path in sorted(EXAMPLES.glob("*.net"))},
    **{f"known/{known.name}": known.text for known in KNOWN},
    **{f"case/{case.text}": case.text for case in CASES},
    **{f"own/{name}": text for name, text in OWN.items()},
}


@cache
def network(name: str) -> Network:
    """The network of that name; the target of a question is left out."""
    text = NETWORKS[name]
    if name.startswith("examples/"):
        from symnet.notation.parse import parse_question

        return Network.of(parse_question(text).graph)
    return Network.parse(text)


def symbols(net: Network) -> list[str]:
    """The names of its symbols."""
    sizes = [size for place in net.placed for shape in (*place.inputs, place.output) for size in shape.dims]
    sizes += [size for place in net.placed for weight in place.applied.weights for size in weight.shape]
    return [symbol.name for symbol in symbols_of(*sizes, *graph_symbols(net.graph))]


def at_two_sizes(net: Network) -> Iterator[tuple[dict[str, int], Network]]:
    """The network with numbers for its symbols, two times."""
    names = symbols(net)
    if not names:
        yield {}, net
        return
    found = 0
    for number in (8, 16, 24, 64, 96, 97, 128, 188, 204, 224, 2, 3, 4, 12):
        values = dict.fromkeys(names, number)
        values |= {name: 2 for name in names if name in ("S", "L") and len(names) > 1}
        try:
            chosen = net.at(**values)
        except SymnetError:
            continue
        yield values, chosen
        found += 1
        if found == 2:
            return
    assert found, f"no size fits {net.title}"


def run(net: Network, framework: str) -> tuple[dict[str, Any], dict[int, str]]:
    """What the generated file defines, and where each layer's module is."""
    data = code_data(net, framework)
    space: dict[str, Any] = {"__name__": "generated"}
    exec(compile(str(data["code"]), "<generated>", "exec"), space)
    modules = data["modules"]
    return space, {entry["index"]: entry["module"] for entry in modules}  # type: ignore[attr-defined]


def arguments(function: Any, values: dict[str, int]) -> dict[str, int]:
    """Those of the values that the function takes."""
    return {name: values[name] for name in inspect.signature(function).parameters if name != "self"}


def plain(place: Placed) -> tuple[int, ...]:
    """The output as numbers, channels first where PyTorch has them."""
    dims = [size.constant for size in place.output.dims]
    assert None not in dims
    if place.output.layout == CHANNELS_LAST and len(dims) > 1:
        dims = [dims[-1], *dims[:-1]]
    return tuple(dims)  # type: ignore[arg-type]


def trained(place: Placed) -> int:
    """How many numbers of a layer are trained."""
    total = 0
    for weight in place.applied.weights:
        entries = 1
        for size in weight.shape:
            entries *= size.constant or 0
        total += entries * weight.trainable
    return total


#: Layers that only arrange numbers: frameworks spell these in their own ways.
_ARRANGING = (
    "Flatten",
    "Reshape",
    "Permute",
    "Squeeze",
    "ExpandDims",
    "Slice",
    "Layout",
    "Require",
    "Unused",
    "Input",
    "ZeroPad",
)


#: Kinds that are the same layer: a depthwise convolution is one with as many groups as channels.
_SAME = {"Depthwise": "Conv"}


def skeleton(net: Network) -> list[tuple[str, tuple[int, ...], int]]:
    """Every layer that computes something: its kind, its output's sizes in any order, 1 left out, and what it trains; sorted,
    since branches may be written in any order.
    """
    found = []
    for place in net.placed[1:]:
        kind = place.layer.kind  # type: ignore[union-attr]
        if kind in _ARRANGING or (kind == "Activation" and place.layer.function in ("identity", "linear")):  # type: ignore[union-attr]
            continue
        sizes = sorted(size.constant or 0 for size in place.output.dims if size.constant != 1)
        kind = kind.replace("Adaptive", "Global") if _single(place) else _SAME.get(kind, kind)
        found.append((kind, tuple(sizes), trained(place)))
    return sorted(found)


def _single(place: Placed) -> bool:
    output = getattr(place.layer, "output", None)
    return output is not None and all(size.constant == 1 for size in output)


def outputs(net: Network) -> list[tuple[int, ...]]:
    """The sizes of the outputs, in any order."""
    return sorted(
        tuple(sorted(size.constant or 0 for size in net.placed[at].output.dims)) for at in net.graph.outputs()
    )
