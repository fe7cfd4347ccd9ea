"""What holds of every kind of layer, derived from its declaration."""

from __future__ import annotations

import inspect
from itertools import product as indices

import pytest

from symnet.errors import LayerError, NotationError, SymnetError
from symnet.layers.declaration.base import Layer
from symnet.layers.declaration.registry import KINDS, lookup
from symnet.network.conditions import asked_together, only_bounded_below, witness
from symnet.network.propagate import propagate
from symnet.notation.parse import parse_network
from symnet.notation.writer import write_network
from symnet.public import Network
from symnet.terms.evaluation import evaluate
from symnet.terms.polynomial import add, multiply, normal_form
from symnet.terms.term import Term, integer
from tests.layers.catalogue import CASES, Case, graph, numbers, place, small

WORKED = [case for case in CASES if case.output is not None]


@pytest.mark.parametrize("case", WORKED, ids=str)
def test_worked_examples_come_out_as_their_source_says(case: Case) -> None:
    last = place(case.text)
    assert type(last.layer) is case.kind
    assert tuple(size.constant for size in last.output.dims) == numbers(case.output or "")
    assert sum(evaluate(placed.applied.parameters) for placed in propagate(graph(case.text))) == case.parameters


@pytest.mark.parametrize("start", ["8 -> Sum", "8", "(3,4) -> Mean|1"])
def test_every_layer_is_placed_on_a_tensor_without_axes_or_refused_in_words(start: str) -> None:
    for layer in {layer for case in CASES for layer in case.text.partition(" = ")[0].split(" -> ")[1:]}:
        try:
            Network.parse(f"{start} -> {layer}")
        except SymnetError as refused:
            assert str(refused)


@pytest.mark.slow
@pytest.mark.parametrize("start", ["(3*H*W)", "(3*(9-W)*W)", "((C-W)*8*8)", "(3*W*(2*W+1))", "W"])
def test_what_only_asks_for_large_sizes_fits_some(start: str) -> None:
    layers = sorted({layer for case in CASES for layer in case.text.partition(" = ")[0].split(" -> ")[1:]})
    for first, second in zip(layers, [*layers[40:], *layers[:40]], strict=True):
        try:
            placed = Network.parse(f"{start} -> {first} -> {second}").placed
        except SymnetError:
            continue
        if all(map(only_bounded_below, placed)):
            assert witness(asked_together(placed)) is not None


def counted(shape: tuple[Term, ...]) -> int:
    """Entries of an array, one by one."""
    return sum(1 for _ in indices(*(range(evaluate(size)) for size in shape)))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_formula_is_the_number_of_weights(case: Case) -> None:
    applied = place(case.text).applied
    total: dict = {}
    for weight in applied.weights:
        entries = {(): 1}
        for size in weight.shape:
            entries = multiply(entries, normal_form(size))
        total = add(total, entries)
    assert normal_form(applied.parameters) == total


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_formula_counts_the_weights_one_by_one(case: Case) -> None:
    _, _, applied = small(place(case.text))
    assert evaluate(applied.parameters) == sum(counted(weight.shape) for weight in applied.weights)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_multiply_adds_are_index_sets(case: Case) -> None:
    placed = place(case.text)
    layer, inputs, applied = small(placed)
    for shape in layer.work(inputs, applied.output):
        product = 1
        for size in shape:
            product *= evaluate(size)
        assert counted(shape) == product
    for shape in placed.layer.work(placed.inputs, placed.output):  # type: ignore[union-attr]
        assert all(size.least is not None and size.least >= 0 for size in shape)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_sizes_of_weights_are_never_negative(case: Case) -> None:
    """Else the kernel could not count their entries."""
    for weight in (*place(case.text).applied.weights, *place(case.text).applied.buffers):
        assert all(size.least is not None and size.least >= 0 for size in weight.shape), weight


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_axis_has_a_map_and_an_origin(case: Case) -> None:
    placed = place(case.text)
    applied = placed.applied
    assert len(applied.maps) == len(applied.output.axis_indices) == len(placed.axes)
    assert applied.origins is None or len(applied.origins) == len(applied.maps)
    for axis, size in zip(placed.axes, placed.output.axes, strict=True):
        assert axis.size is size


@pytest.mark.parametrize("case", CASES, ids=str)
def test_notation_comes_back(case: Case) -> None:
    whole = graph(case.text)
    assert parse_network(write_network(whole)) == whole
    layer = whole.nodes[-1].layer
    if layer.reads == (1, 1):
        again = parse_network(f"8 -> {layer.notation}").nodes[-1].layer
        assert again == layer
        assert again.notation == layer.notation


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_every_kind_is_documented(kind: type[Layer]) -> None:
    assert kind.sources
    assert kind.examples
    assert kind.prefix
    assert kind.kind
    first, *rest = inspect.cleandoc(kind.__doc__ or "").splitlines()
    assert first.rstrip(")").endswith((".", "…"))
    assert rest[0] == "", "the first line is the summary that lists show"
    assert any(">>> " in line for line in rest)
    for spec in kind.specs():
        assert spec.doc, f"{kind.kind}.{spec.name} has no words"
    for example in kind.examples:
        assert example.source


def test_no_two_kinds_share_a_name() -> None:
    names = [name.lower() for kind in KINDS for name in {kind.kind.lower(), *kind.aliases}]
    assert len(names) == len(set(names)), sorted(name for name in names if names.count(name) > 1)
    for kind in KINDS:
        for name in (kind.kind, *kind.aliases):
            found = lookup(name)
            assert found is not None
            assert found[0] is kind


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_fields_have_one_name_each(kind: type[Layer]) -> None:
    names = [
        name for spec in kind.specs() for name in (spec.name, *(alias for alias in spec.aliases if alias != spec.name))
    ]
    assert len(names) == len(set(names)), sorted(names)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_layers_are_values(kind: type[Layer]) -> None:
    layer = graph(next(case.text for case in CASES if case.kind is kind)).nodes[-1].layer
    assert layer == layer.with_name("a").with_name("a") or layer.name is None
    assert hash(layer) == hash(type(layer)(**{spec.name: getattr(layer, spec.name) for spec in kind.specs()}))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.reads == (1, 1)], ids=lambda kind: kind.kind)
@pytest.mark.parametrize("bad", ["nonsense=3", "framework", "name"])
def test_arguments_that_do_not_exist_are_refused_with_the_place(kind: type[Layer], bad: str) -> None:
    with pytest.raises((NotationError, LayerError)) as refused:
        propagate(parse_network(f"(3*8*8) -> {kind.kind}|" + "|".join(["1"] * 9 + [bad])))
    assert len(str(refused.value).splitlines()) in (1, 3)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_least_values_are_kept(kind: type[Layer]) -> None:
    values = {spec.name: integer(1) for spec in kind.specs() if spec.required and spec.kind == "count"}
    values |= {spec.name: (integer(1),) for spec in kind.specs() if spec.required and spec.kind == "sizes"}
    values |= {spec.name: 1 for spec in kind.specs() if spec.required and spec.kind == "padding"}
    for spec in kind.specs():
        if spec.kind not in ("count", "sizes") or spec.least < 0:
            continue
        for wrong in (spec.least - 1, 1.5, True, "W +"):
            with pytest.raises((LayerError, NotationError)) as refused:
                kind(**{**values, spec.name: wrong})
            assert spec.name in str(refused.value) or "expression" in str(refused.value)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_a_single_number_is_not_called_a_vector(kind: type[Layer]) -> None:
    """Every layer of the worked examples on the sum of a vector: it works, or says what it got."""
    for example in kind.examples:
        layer = example.notation.split(" -> ")[0]
        try:
            propagate(parse_network(f"8 -> Sum -> {layer}"))
        except (LayerError, NotationError) as refused:
            assert "got a vector" not in str(refused)
            assert "got one size" not in str(refused)


@pytest.mark.parametrize(
    "layer", ["Maxpool|2", "Upsample|2", "AdaptiveAvgPool|1", "GlobalAvgPool", "ZeroPad|1", "Cropping|1"]
)
def test_what_needs_an_axis_says_what_it_got(layer: str) -> None:
    needed = "needs channels and at least one axis, got"
    with pytest.raises(LayerError, match=f"{needed} a single number"):
        propagate(parse_network(f"8 -> Sum -> {layer}"))
    with pytest.raises(LayerError, match=f"{needed} a vector; reshape it before"):
        propagate(parse_network(f"8 -> {layer}"))
