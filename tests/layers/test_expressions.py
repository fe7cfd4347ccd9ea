"""Layers by themselves as SymPy expressions: what they say at numbers is what a network of these numbers has."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import symnet
from symnet import Conv, Deconv, LayerError, MaxPool, Network, SymnetError
from symnet.graph import Graph, Node
from symnet.layers.declaration.base import Layer
from symnet.layers.declaration.registry import KINDS
from symnet.layers.declaration.shape import Shape
from symnet.notation.parse import parse_network
from symnet.terms.term import integer

W, F, S, P, K, D = symnet.symbols("W F S P K D")
x, k = sympy.symbols("x k")

#: Every layer of every example of every kind.
LAYERS = {
    f"{place} {node.layer.notation}": node.layer
    for kind in KINDS
    for example in kind.examples
    for place, node in enumerate(parse_network(f"{example.input} -> {example.notation}").nodes)
}


def _placed(layer: Layer, shape: Shape) -> Network:
    """The network of a layer that reads the same tensor as often as it asks for one."""
    readers = 2 if layer.reads == (2, None) else layer.reads[0]
    return Network.of(Graph(shape, (Node(layer, (0,) * readers),)))


@pytest.mark.parametrize("layer", LAYERS.values(), ids=LAYERS)
def test_expressions_are_the_network_at_numbers(layer: Layer) -> None:
    try:
        general = layer.general_shape
    except LayerError as refused:
        assert layer.kind in str(refused)
        return
    dice = random.Random(layer.notation)
    done = 0
    for _ in range(12):
        numbers = {size: integer(dice.choice((12, 16, 24, 48, 96))) for size in general.dims}
        at = {sympy.Symbol(size.name, integer=True, positive=True): numbers[size].constant for size in general.dims}  # type: ignore[attr-defined]
        shape = Shape(tuple(numbers[size] for size in general.dims), general.layout)
        fits = all(bool(condition.subs(at)) for condition in layer.conditions)
        try:
            net = _placed(layer, shape)
        except LayerError:
            continue
        done += 1
        assert fits or layer.kind == "PooledAttention"
        if not isinstance(layer.parameters, sympy.Expr):  # a field of that name
            continue
        assert layer.parameters.subs(at) == net.parameters
        assert layer.multiply_adds.subs(at) == net.multiply_adds
        axes = net.placed[-1].axes
        if not axes:
            with pytest.raises(LayerError, match="leaves no axis"):
                _ = layer.size
            continue
        sizes = layer.size if isinstance(layer.size, tuple) else (layer.size,) * len(axes)
        assert [size.subs(at) for size in sizes] == [axis.size.constant for axis in axes]
        for value in (*sizes, layer.parameters, layer.multiply_adds):
            assert value.theorem.conclusion.args[1] is value.term
    assert done or layer.conditions


def test_every_general_layer_has_its_formulas_or_says_why_not() -> None:
    for kind in KINDS:
        for name in ("size", "parameters", "multiply_adds", "conditions", "receptive_field"):
            try:
                found = getattr(kind, name)
            except SymnetError as refused:
                assert len(str(refused)) > 20
            else:
                assert found is not None


def test_the_formulas_of_the_lecture_notes() -> None:
    conv = Conv("K", "F", "S", "P")
    assert conv.size == symnet.FloorDiv(W - F + 2 * P, S) + 1 == Conv.size
    assert sympy.expand(conv.parameters - (F * F * D + 1) * K) == 0
    assert conv.parameters.subs({F: 5, D: 1, K: 32}) == 832
    assert conv.conditions == (F <= W + 2 * P,)
    assert conv.receptive_field == {"size": (F, F), "stride": (S, S), "padding": (P, P)}
    assert Deconv("K", "F", "S", "P").size == S * (W - 1) + F - 2 * P
    assert Conv(8, 3, "S", "same").size == symnet.CeilDiv(W, S)
    assert symnet.FC.parameters == (D + 1) * sympy.Symbol("N", integer=True, positive=True)
    b = sympy.Symbol("b", integer=True, positive=True)
    assert sympy.expand(symnet.LSTM("b").parameters - 4 * (D + b + 1) * b) == 0
    assert isinstance(conv.size, sympy.Expr)


def test_layers_compose_as_functions() -> None:
    conv, pool = Conv(32, 5), MaxPool(2)
    assert (conv(28), pool(conv(28)), conv.size(28)) == (24, 12, 24)
    assert conv(W) == W - 4
    assert conv(x).free_symbols == {x}
    nested = pool(conv(W))
    closed = symnet.compose(conv, pool)
    assert closed == symnet.FloorDiv(W - 4, 2)
    assert closed.theorem.conclusion.args[1] is closed.term
    for size in range(6, 40):
        assert nested.subs(W, size) == closed(size) == closed.subs(W, size) == pool(conv(size))
    assert symnet.compose(conv, pool)(x) == symnet.FloorDiv(x - 4, 2)
    assert symnet.compose([conv, pool]) == symnet.compose(conv, pool)
    assert conv("2*n") == 2 * symnet.symbols.n - 4
    assert conv(sympy.Integer(28)).theorem.conclusion.args[1].constant == 24


def test_windows_that_differ_have_a_size_an_axis() -> None:
    H = symnet.symbols.H
    conv = Conv(8, (3, 5), (1, 2))
    assert conv.size == (H - 2, symnet.FloorDiv(W - 5, 2) + 1)
    assert conv(28) == (26, 12)
    assert conv(28, 30) == (26, 13)
    assert symnet.compose(conv, MaxPool(2)) == (symnet.FloorDiv(H - 2, 2), symnet.FloorDiv(W - 3, 4))
    assert Conv(8, (3, 5, 7))(9, 9, 9) == (7, 5, 3)


def test_a_layer_speaks_in_the_symbols_that_it_was_given() -> None:
    assert Conv(k, x).parameters.free_symbols == {k, x, D}
    assert Conv("W", 3).size == sympy.Symbol("W_in", integer=True, positive=True) - 2


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: Conv(8, 5)(3), "5 ≤ 3.*would fit"),
        (lambda: MaxPool(2)(Conv(8, 5)(5)), "2 ≤ 1"),
        (lambda: Conv(8, 5)("a+"), "ends too early"),
        (lambda: Conv(8, 5)(0), "at least 1"),
        (lambda: Conv(8, 5)(), "symbolic tensors .* or on a size"),
        (lambda: Conv(8, 5)(9, 9, 9), "one size, or 2, one an axis; got 3"),
        (lambda: symnet.GlobalAvgPool().size, r"leaves no axis .* its output is \(D,\)"),
        (lambda: symnet.Flatten().size, r"its output is \(D\*W\*W,\)"),
        (lambda: Deconv(8, 3, 2).receptive_field, "adds entries between"),
        (symnet.compose, "compose takes layers"),
        (lambda: symnet.compose(Conv(8, 5), MaxPool(2))(5), "layer 2"),
        (lambda: symnet.compose(symnet.FC(3)), "leaves no axis"),
        (lambda: symnet.Einsum.size, "Einsum needs equation"),
    ],
)
def test_what_has_no_formula_says_so(wrong: Callable[[], Any], words: str) -> None:
    with pytest.raises(LayerError, match=words):
        wrong()


@settings(max_examples=30)
@given(
    st.integers(1, 7), st.integers(1, 4), st.integers(0, 3), st.integers(1, 2), st.integers(1, 60),
    st.sampled_from([Conv, Deconv, symnet.Depthwise]),
)  # fmt: skip
def test_sizes_of_random_layers(kernel: int, stride: int, padding: int, dilation: int, size: int, kind: Any) -> None:
    given = (kernel, stride, padding) if kind is symnet.Depthwise else (4, kernel, stride, padding)
    layer = kind(*given, dilation=dilation)
    try:
        net = Network((2, size, size), [layer])
    except LayerError:
        with pytest.raises(LayerError):
            layer(size)
        return
    assert layer(size) == layer.size.subs(W, size) == net.output[1]
    assert layer.multiply_adds.subs({W: size, D: 2}) == net.multiply_adds


def test_the_standard_letters() -> None:
    letters = symnet.symbols
    assert letters.W.is_positive
    assert letters.P.is_positive is None
    assert letters.P.is_nonnegative
    assert letters("W F") == (letters.W, letters["F"])
    assert letters.W_1.is_positive
    assert sympy.sympify(str(letters.W + letters.F), locals=letters) == letters.W + letters.F
    with pytest.raises(SymnetError, match="letters, digits"):
        letters["a b"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_sizes_go_in_by_their_names(kind: Any) -> None:
    """What is put in by name is what SymPy puts in for the symbols; what does not fit is refused."""
    try:
        sizes = kind.size if isinstance(kind.size, tuple) else (kind.size,)
    except LayerError:
        return
    dice = random.Random(kind.kind)
    for _ in range(10):
        for size in sizes:
            numbers = {symbol.name: dice.randint(1, 9) for symbol in size.free_symbols}
            hole = next((name for name in "WHT" if name in numbers), None)
            if hole is None:
                continue
            numbers[hole] = dice.randint(40, 60)
            try:
                found = size(**numbers)
            except (LayerError, SymnetError):
                continue
            assert found == size.subs(numbers)
            assert found.theorem.conclusion.args[1] is found.term


def test_letters_are_put_in_by_name_one_after_the_other() -> None:
    conv = Conv("K", "F", "S", "P")
    assert conv.size(W=5, F=3) == conv.size(F=3)(W=5) == conv(W=5, F=3) == conv.size.subs("W", 5).subs("F", 3)
    assert conv.size(W=28, F=5, S=1, P=0) == conv(28, F=5, S=1, P=0) == 24
    assert conv.size(F=x).free_symbols == {W, P, S, x}
    assert symnet.compose(conv, MaxPool(2))(W=28, F=5, S=1, P=0) == 12
    assert Conv(8, (3, "F"))(H=9, W=10, F=5) == (7, 6)
    for wrong, words in (
        (lambda: conv.size(Q=3), "'Q' is none of the letters here: W, K, F, S, P"),
        (lambda: conv.size(W=5, F=0), "F must be at least 1, got 0"),
        (lambda: conv.size(W=5, F=9, P=0), "9 ≤ 5"),
        (lambda: conv.size(5, W=5), "put in twice"),
        (lambda: conv.size(), r"a size is missing, as in size\(28\) or size\(W=28\)"),
    ):
        with pytest.raises(LayerError, match=words):
            wrong()
