"""The networks of examples/: published totals, the tables of Keras layer by layer, and what holds for every image size."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from symnet import Network
from symnet.frontends.source import load
from symnet.layers.declaration.registry import lookup
from symnet.notation.parse import parse_question
from symnet.printing.text import text as shown
from symnet.solving.api import solve
from symnet.terms.evaluation import evaluate
from symnet.terms.term import Symbol
from tests.counting_calls import work_at_most

ROOT = Path(__file__).parent.parent
EXAMPLES = {path.stem: path for path in sorted((ROOT / "examples").glob("*.net"))}
KERAS = json.loads((ROOT / "tests/fixtures/published/keras_layers.json").read_text(encoding="utf-8"))

#: name: (image size, output, parameters, multiply-adds or None), and where the numbers are from.
PUBLISHED = {
    "alexnet": (None, (1000,), 61_100_840, 714_188_480),  # torchvision: 61,100,840; 0.714 G
    "alexnet_v2": (224, (5, 5, 256), 3_207_104, None),  # counted by hand; TF-Slim's convolutions
    "dqn": (None, (2,), 898_722, None),  # the lecture notes' layers, counted by hand
    "googlenet": (None, (1000,), 13_004_888, None),  # torchvision's get_model("googlenet", weights=None)
    "lstm_language_model": (None, (35, 10_000), 19_775_200, None),  # Zaremba et al. 2014: 20 M
    "mnist": (None, (10,), 217_706, 1_589_760),  # the lecture notes
    "mobilenet_v1": (None, (1000,), 4_253_864, 568_740_352),  # Keras; Howard et al. 2017, table 4: 569 M
    "mobilenet_v2": (None, (1000,), 3_504_872, 300_774_272),  # torchvision: 3,504,872; 0.301 G
    "resnet18": (224, (1000,), 11_689_512, 1_814_073_344),  # torchvision: 11,689,512; 1.814 G
    "resnet50": (224, (2048, 7, 7), 25_557_032, 4_089_184_256),  # torchvision: 25,557,032; 4.089 G
    "resnet50_keras": (None, (1000,), 25_636_712, None),  # keras.applications.ResNet50
    "transformer_encoder": (None, None, 18_914_304, None),  # torch.nn.TransformerEncoder: six times 3,152,384
    "unet": (572, (2, 388, 388), 31_030_658, None),  # Ronneberger et al. 2015: 572 to 388
    "vae": (None, (64, 64, 3), 4_348_547, None),  # Ha & Schmidhuber 2018
    "vgg16": (224, (1000,), 138_357_544, 15_470_264_320),  # torchvision: 138,357,544; 15.47 G
    "vit_b_16": (None, (1000,), 86_567_656, 17_563_828_224),  # torchvision: 86,567,656; 17.564 G
}

#: Of each framework's two names for a layer, ours.
SAME_ROWS = ("Conv", "Depthwise", "FC", "BN", "Maxpool", "ZeroPad", "Add")


@cache
def network(name: str, **values: int) -> Network:
    """An example; one with a target is the network of its question."""
    found = Network.of(parse_question(source(name)).graph) if name in QUESTIONS else Network.parse(source(name))
    return found.at(**values) if values else found


def source(name: str) -> str:
    return EXAMPLES[name].read_text(encoding="utf-8")


def in_symbols(name: str) -> Network:
    """The example without its image size."""
    return Network.parse(re.sub(r"^let W = \d+.*$", "", source(name), flags=re.MULTILINE))


QUESTIONS = {"autoencoder"}


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_is_explained_and_runs(name: str) -> None:
    assert source(name).startswith("# ")
    assert all(len(line) <= 150 for line in source(name).splitlines())
    assert network(name).parameters.theorem.conclusion.args[1] is network(name).parameters.term
    assert name in {*PUBLISHED, "autoencoder", "mlp"}, "say in PUBLISHED what is known of it"


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_numbers(name: str) -> None:
    size, output, parameters, multiply_adds = PUBLISHED[name]
    net = network(name, **({"W": size} if size else {}))
    assert net.parameters == parameters
    if output is not None:
        assert tuple(map(int, net.output)) == output
    if multiply_adds is not None:
        assert net.multiply_adds == multiply_adds


def test_published_numbers_inside() -> None:
    counted = [layer.parameters[-1] for layer in network("mnist").proof.layers if layer.parameters]
    assert [theorem.conclusion.args[1].constant for theorem in counted] == [832, 9_248, 205_056, 2_570]
    assert sizes("dqn") == [20, 10, 5]
    assert sizes("vae") == [31, 14, 6, 2, 1, 5, 13, 30, 64]
    per_layer = Network.parse(source("transformer_encoder").replace("6 * [", "1 * ["))
    assert per_layer.parameters == 3_152_384
    large = Network.parse(source("lstm_language_model").replace("N = 650", "N = 1500"))
    assert large.parameters == 66_022_000  # Zaremba et al. 2014: 66 M
    without = source("googlenet")
    for auxiliary in re.findall(
        r"^@x4. -> AdaptiveAvgPool.*\n-> From\|(x4.) -> Identity$", without, flags=re.MULTILINE
    ):
        without = re.sub(
            rf"^@{auxiliary} -> Adaptive.*\n-> From\|{auxiliary} -> Identity$", "", without, flags=re.MULTILINE
        )
    assert Network.parse(without).parameters == 6_624_904  # torchvision's num_params counts no auxiliary classifiers


def sizes(name: str) -> list[int]:
    """The sizes of the last axis, each once as it changes."""
    found = [int(place.axes[-1].size.constant or 0) for place in network(name).placed[1:] if place.axes]
    return [
        size
        for size, before in zip(found, [network(name).graph.input.dims[0].constant, *found], strict=False)
        if size != before
    ]


# ---- Keras, layer by layer ---------------------------------------------------------------------------------------------


def rows(net: Network, statistics: bool) -> Counter[tuple[str, tuple[int, ...], int]]:
    """Kind, output (channels last) and parameters of the layers both have; with or without moving statistics."""
    found: Counter[tuple[str, tuple[int, ...], int]] = Counter()
    for layer in net.proof.layers[1:]:
        place = layer.placed
        if place.layer is None or place.layer.kind not in SAME_ROWS:
            continue
        shape = place.output
        dims = tuple(int(size.constant or 0) for size in (*shape.axes, shape.channels))
        counts = [theorem.conclusion.args[1].constant or 0 for theorem in layer.parameters]
        trained = [count for weight, count in zip(place.applied.weights, counts, strict=False) if weight.trainable]
        found[place.layer.kind, dims, (counts[-1] if statistics else sum(trained)) if counts else 0] += 1
    return found


def keras_rows(model: str, statistics: bool, without: set[str]) -> Counter[tuple[str, tuple[int, ...], int]]:
    found: Counter[tuple[str, tuple[int, ...], int]] = Counter()
    for _, kind, output, parameters, frozen in KERAS[model]["layers"]:
        known = lookup(kind)
        if known is not None and known[0].kind in SAME_ROWS and known[0].kind not in without:
            found[known[0].kind, tuple(output), parameters - (0 if statistics else frozen)] += 1
    return found


@pytest.mark.parametrize(
    ("name", "model", "without"),
    [
        ("mobilenet_v1", "MobileNet", set()),
        ("resnet50_keras", "ResNet50", set()),
        ("vgg16", "VGG16", set()),
        ("mobilenet_v2", "MobileNetV2", {"ZeroPad"}),  # torchvision pads in the convolutions
    ],
)
def test_the_tables_of_keras_row_by_row(name: str, model: str, without: set[str]) -> None:
    net = network(name, W=224) if name == "vgg16" else network(name)
    statistics = name in ("mobilenet_v1", "resnet50_keras")
    assert rows(net, statistics) == keras_rows(model, statistics, without)
    if statistics:
        assert net.parameters == KERAS[model]["total"]
        assert net.non_trainable == KERAS[model]["non_trainable"]
    else:
        assert net.parameters == KERAS[model]["total"] - KERAS[model]["non_trainable"]


# ---- for every W -------------------------------------------------------------------------------------------------------

CLOSED = {
    "alexnet_v2": ("(W - 35)//32", 67),
    "resnet18": ("(W + 31)//32", 1),
    "resnet50": ("(W + 31)//32", 1),
    "unet": ("16*((W - 124)//16) - 60", 188),
}


@pytest.mark.parametrize("name", CLOSED)
def test_closed_forms_hold_from_the_least_size_on(name: str) -> None:
    form, least = CLOSED[name]
    net = network(name)
    assert {shown(term) for term in net.closed_terms.values()} == {form}
    wanted = {f"{least} <= W"} if least > 1 else set()
    assert {shown(hypothesis) for hypothesis in net.proof.hypotheses} == wanted
    for size in (least, least + 1, least + 17, 300):
        at = net.at(W=size)
        term = net.closed_terms["W"]
        assert evaluate(term, {Symbol("W"): size}) == at.last.axes[-1].size.constant
    if least > 1:
        with pytest.raises(Exception, match=r"would fit|does not hold"):
            net.at(W=least - 1)


def test_the_smallest_images_are_torchvisions() -> None:
    """min_size of torchvision's models: alexnet 63, googlenet 15, vgg16 32, resnet and mobilenet_v2 1."""
    least = {"alexnet": 63, "googlenet": 15, "vgg16": 32, "resnet18": 1, "resnet50": 1, "mobilenet_v2": 1}
    for name, size in least.items():
        net = in_symbols(name)
        assert net.proof.least[Symbol("W")] == size, name


@pytest.mark.parametrize(("name", "joins"), [("resnet18", 8), ("resnet50", 16), ("mobilenet_v2", 10), ("googlenet", 9)])
def test_every_join_is_proven_equal_for_every_size(name: str, joins: int) -> None:
    net = network(name) if name.startswith("resnet") else in_symbols(name)
    found = 0
    for layer in net.proof.layers:
        sources = layer.placed.sources
        if len(sources) < 2:
            continue
        for position in range(2):
            sides = [net.proof.layers[source].axes[position] for source in sources]
            closed = [side.form.closed for side in sides if side is not None]
            assert len(closed) == len(sources)
            assert len({theorem.conclusion.args[1] for theorem in closed}) == 1
            assert all(shown(h) == "15 <= W" for theorem in closed for h in theorem.hypotheses)
        found += 1
    assert found == joins
    assert not net.proof.joins  # nothing is left to ask


def test_the_crops_of_the_unet_fit_for_every_size() -> None:
    joins = network("unet").proof.joins
    assert len(joins) == 4
    assert not any(theorem.hypotheses for _, theorem in joins)


@pytest.mark.parametrize(
    ("question", "options", "answer"),
    [
        ("unet", {"exact": True}, "W ≡ 12 (mod 16), W ≥ 188"),
        ("unet", {}, "W ≥ 188"),
        ("vgg16", {}, "W ≥ 32"),
        ("vgg16", {"exact": True}, "W ≡ 0 (mod 32), W ≥ 32"),
        ("autoencoder", {}, "W ≡ 0 (mod 8), W ≥ 8"),
        ("resnet50 = (_,7,7)", {}, "W ∈ 193..224"),
        ("mlp", {"for_": "K", "budget": "parameters<=1000000"}, "K ∈ 1..678"),
    ],
)
def test_questions_of_the_examples(question: str, options: dict[str, object], answer: str) -> None:
    name, _, target = question.partition(" = ")
    asked = source(name) + (f"= {target}" if target else "")
    assert repr(solve(asked, **options)) == answer  # type: ignore[arg-type]


@pytest.mark.slow
def test_symbolic_reports_are_quick() -> None:
    for name in ("resnet50", "unet"):
        with work_at_most(4_000_000):
            net = Network.parse(source(name))
            net.report()
            net.table()


def test_the_saved_keras_model_is_as_keras_summarises_it() -> None:
    """model.summary() of Keras 3.15.1: 338 parameters, 322 of them trainable; (None, 10) comes out."""
    net = load(str(ROOT / "examples" / "digits.keras"))
    assert (net.parameters, net.trainable, net.output) == (338, 322, (10,))
    assert [place.name for place in net.placed[1:3]] == ["stem", "stem_bn"]
