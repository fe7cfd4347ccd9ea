"""Networks written in Python, as lists and as functions: each is the network that its notation writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import symnet
from symnet import Conv, From, Input, Label, LayerError, Network, SymnetError, TermError
from symnet.layers.declaration.aliases import Alias, alias_names
from symnet.layers.declaration.constructor import spelling
from symnet.layers.declaration.registry import KINDS, lookup

x, k, p = sympy.symbols("x k p")
W, F, S, P = sympy.symbols("W F S P", integer=True, positive=True)

#: A network in Python, and in notation.
SAME: dict[str, tuple[Callable[[], Network], str]] = {
    "named and joined": (
        lambda: Network((3, 32, 32), [Conv(8, 3, 1, 1, name="a"), Conv(8, 3, 1, 1), symnet.Add("a")]),
        '(3*32*32) -> Conv|8|3|1|1|name="a" @_a -> Conv|8|3|1|1 -> Add|_a',
    ),
    "an automatic name": (
        lambda: Network((3, 32, 32), [Conv(8, 3, 1, 1), Conv(8, 3, 1, 1), symnet.Add("conv1")]),
        "(3*32*32) -> Conv|8|3|1|1 @_a -> Conv|8|3|1|1 -> Add|_a",
    ),
    "a label that is kept": (
        lambda: Network((3, 32, 32), [Label("a"), Conv(3, 3, 1, 1), symnet.Add("a")]),
        "(3*32*32) @a -> Conv|3|3|1|1 -> Add|a",
    ),
    "repeated with labels of its own": (
        lambda: Network((3, "W", "W"), [symnet.Repeat(3, [Label("a"), Conv(3, 3, 1, 1), symnet.Add("a")])]),
        "(3*W*W) -> 3 * [@a -> Conv|3|3|1|1 -> Add|a]",
    ),
    "a label that moves on": (
        lambda: Network((3, 8, 8), [Label("a"), symnet.Repeat(2, [Conv(3, 3, 1, 1), Label("a")]), symnet.Add("a")]),
        "(3*8*8) @a -> 2 * [Conv|3|3|1|1 @a] -> Add|a",
    ),
    "blocks within blocks": (
        lambda: Network((3, 8, 8), [[Conv(8, 3), [symnet.BN(), symnet.ReLU()]], [[symnet.FC(10)]]]),
        "(3*8*8) -> Conv|8|3 -> BN -> ReLU -> FC|10",
    ),
    "from the input": (
        lambda: Network((3, 8, 8), [Conv(3, 3, 1, 1), Label("b"), From("input"), Conv(3, 1), symnet.Concat("b")]),
        "(3*8*8) -> Conv|3|3|1|1 @b -> From|input -> Conv|3|1 -> Concat|b",
    ),
    "a framework for all": (
        lambda: Network((3, 8, 8), [Conv(8, 3), symnet.BN(), symnet.MaxPool(2, framework="keras")], framework="torch"),
        "let framework = torch\n(3*8*8) -> Conv|8|3 -> BN -> Maxpool|2|framework=keras",
    ),
    "channels last": (
        lambda: Network((80, 80, 4), [Conv(32, 8, 4, "same")], layout="HWC"),
        "HWC:80x80x4 -> Conv|32|8|4|same",
    ),
    "channels last as notation writes it": (
        lambda: Network("HWC:80x80x4", [Conv(32, 8, 4, "same")]),
        "HWC:80x80x4 -> Conv|32|8|4|same",
    ),
    "a sequence": (lambda: Network((16, 64), [symnet.LSTM(32)]), "(16, 64) -> LSTM|32"),
    "a padding that may be 0": (lambda: Network((3, x, x), [Conv(8, 3, 1, p)]), "(3*x*x) -> Conv|8|3|1|p"),
    "a padding as text": (lambda: Network((3, "W", "W"), [Conv(8, 3, 1, "p")]), "(3*W*W) -> Conv|8|3|1|p"),
    "a padding that is a kernel, too": (
        lambda: Network((3, x, x), [Conv(8, p, 1, p), Conv(8, 3, 1, p)]),
        "(3*x*x) -> Conv|8|p|1|p -> Conv|8|3|1|p",
    ),
    "symbols declared positive": (lambda: Network((3, W, W), [Conv(k, F, S, P)]), "(3*W*W) -> Conv|k|F|S|P"),
    "expressions": (
        lambda: Network((3, 2 * x, x // 2), [Conv(2 * k + 1, 3, padding=(k, sympy.floor(x / 2)))]),
        "(3*(2*x)*(x//2)) -> Conv|(2*k + 1)|3|padding=k*(x//2)",
    ),
    "Keras's names of arguments": (
        lambda: Network((32, 32, 3), [Conv(filters=8, kernel_size=3, strides=2, use_bias=False)], layout="HWC"),
        "HWC:32x32x3 -> Conv|8|3|2|bias=no",
    ),
    "other names of kinds": (
        lambda: Network(
            (3, 32, 32), [symnet.Conv2D(8, 3), symnet.LeakyReLU(), symnet.MaxPooling2D(2), symnet.Linear(10)]
        ),
        "(3*32*32) -> Conv2D|8|3 -> LeakyReLU -> MaxPooling2D|2 -> Linear|10",
    ),
    "a further input": (
        lambda: Network((3, 8, 8), [Conv(8, 3), Label("a"), Input(8, 6, 6), symnet.Add("a")]),
        "(3*8*8) -> Conv|8|3 @a -> Input|8*6*6 -> Add|a",
    ),
}


@pytest.mark.parametrize("name", SAME)
def test_a_list_is_its_notation(name: str) -> None:
    made, notation = SAME[name][0](), Network.parse(SAME[name][1])
    assert made == notation
    assert Network.parse(made.notation) == made
    assert [repr(size) for size in made.output] == [repr(size) for size in notation.output]


def _residual() -> Network:
    a = Input(3, "H", "W")
    y = Conv(64, 3, 1, 1)(a)
    return Network(a, symnet.Add()(y, Conv(64, 3, 1, 1)(y)))


def _shared() -> Network:
    a, b, both = Input(3, 8, 8), Input(3, 8, 8), Conv(4, 3)
    return Network([a, b], both(a) + both(b))


def _encoder_and_two_heads() -> Network:
    a = Input(16, 64)
    y = symnet.LSTM(32, return_sequences=True)(a)
    return Network(a, [symnet.FC(5)(y), symnet.FC(7)(y)])


def _channels_last() -> Network:
    a = Input(32, 32, 3, layout="HWC")
    return Network(a, symnet.FC(10)(symnet.Flatten()(Conv(8, 3)(a))), framework="keras")


CALLED = {
    "a residual block": (_residual, "(3*H*W) -> Conv|64|3|1|1 @_a -> Conv|64|3|1|1 @_b -> From|_a -> Add|_b"),
    "shared weights": (
        _shared,
        "(3*8*8) -> Input|3*8*8 @_b -> From|input -> Conv|4|3 @_1 -> From|_b -> Conv|4|3|shares=conv1 @_2"
        " -> From|_1 -> Add|_2",
    ),
    "two outputs": (
        _encoder_and_two_heads,
        "(16, 64) -> LSTM|32|return_sequences=yes @_y -> FC|5 -> From|_y -> FC|7",
    ),
    "channels last": (
        _channels_last,
        "let framework = keras\nHWC:32x32x3 -> Conv|8|3 -> Flatten -> FC|10",
    ),
}


@pytest.mark.parametrize("name", CALLED)
def test_functions_are_their_notation(name: str) -> None:
    made, notation = CALLED[name][0](), Network.parse(CALLED[name][1])
    assert made == notation
    assert Network.parse(made.notation) == made


def test_a_layer_called_twice_has_its_weights_once() -> None:
    assert _shared().parameters == 3 * 3 * 3 * 4 + 4
    a = Input(3, 8, 8)
    pool = symnet.MaxPool(2)  # it has none to share
    assert Network(a, pool(pool(a))).output == (3, 2, 2)


def test_a_tensor_has_a_shape() -> None:
    a = Input(3, x, x)
    assert Conv(k, 3)(a).shape == (k, x - 2, x - 2)


def test_the_last_output_stands_last() -> None:
    a = Input(8)
    one, two = symnet.FC(1)(a), symnet.FC(2)(a)
    net = Network(a, [two, one])
    assert net.output == (1,)
    assert net.graph.outputs() == (1, 2)


REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "a negative symbol": (lambda: Conv(sympy.Symbol("K", negative=True), 3), "Conv: .*declared negative"),
    "no integer": (lambda: Conv(sympy.Symbol("K", integer=False), 3), "declared no integer"),
    "not commutative": (lambda: Conv(sympy.Symbol("K", commutative=False), 3), "not commutative"),
    "zero": (lambda: Network((3, sympy.Symbol("W", zero=True), 4)), "declared zero"),
    "half": (lambda: Network((3, x / 2, x)), "x/2 is not an integer expression"),
    "two symbols of a name": (
        lambda: Network((3, x, x), [Conv(sympy.Symbol("x", even=True), 3)]),
        r"two different symbols are named x: Symbol\('x'\) and Symbol\('x', even=True\)",
    ),
    "two dummies": (lambda: Network((sympy.Dummy("n"), sympy.Dummy("n"))), "two different symbols are named n"),
    "no name of a letter": (lambda: Network((3, sympy.Symbol("x_{1}"), 8)), "no name of a letter"),
    "an unknown name": (
        lambda: Network((3, 8, 8), [Conv(8, 3, name="first"), Conv(8, 3, 1, 1), symnet.Add("frist")]),
        r"layer 3 \(add1, Add\): no output before it is named 'frist'; did you mean 'first'",
    ),
    "nothing to join": (lambda: Network((3, 8, 8), [symnet.Add()]), r"layer 1 \(add1, Add\): joins .* Add\('a'\)"),
    "too much to join": (
        lambda: Network((3, 8, 8), [symnet.Crop("input", "input")]),
        r"layer 1 \(crop1, Crop\): takes 1 name of outputs",
    ),
    "a class": (lambda: Network((3, 8, 8), [symnet.Flatten]), r"Flatten is a kind of layer.*write Flatten\(...\)"),
    "a label twice": (lambda: Network((3, 8, 8), [Label("a"), Label("a")]), r"used twice; in Repeat\(n"),
    "a jump at the end": (lambda: Network((3, 8, 8), [Conv(8, 3), From("input")]), "no layer follows From"),
    "an argument too many": (lambda: Conv(8, 3, 1, 1, 1), "only filters, kernel, stride, padding, got 5"),
    "an unknown argument": (lambda: Conv(8, kernal=3), "Conv has no 'kernal'; did you mean kernel"),
    "an argument twice": (lambda: Conv(8, 3, filters=3), "filters is given twice"),
    "an argument missing": (lambda: Conv(8), r"Conv needs kernel \(extent of a filter\)"),
    "an implied argument": (lambda: symnet.Conv2D(8, 3, rank=3), "rank is 2 by the layer's kind"),
    "another input": (lambda: Network(Input(3, 8, 8), Conv(3, 3)(Input(3, 8, 8))), "not among the inputs"),
    "a layer as an output": (lambda: Network(Input(3, 8, 8), Conv(3, 3)), "what layers give on symbolic tensors"),
    "one tensor for a join": (lambda: symnet.Add()(Input(3)), "Add is called on at least 2 tensors, got 1"),
    "two tensors for one": (lambda: Conv(3, 3)(Input(3, 8, 8), Input(3, 8, 8)), "called on 1 tensor, got 2"),
    "no input": (Network, "a network has an input"),
    "an unknown layout": (lambda: Network((3, 8, 8), layout="WHC"), "layout must be one of HWC"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_errors_say_what_is_wrong(name: str) -> None:
    wrong, words = REFUSED[name]
    with pytest.raises(SymnetError, match=words):
        wrong()


def test_other_names_make_what_notation_makes() -> None:
    names = alias_names()
    assert {spelling(name) for name in names} == {spelling(other) for kind in KINDS for other in kind.aliases}
    assert set(names) <= set(dir(symnet))
    for name in names:
        made = getattr(symnet, name)
        found = lookup(name)
        assert found is not None
        assert (made.kind, made.preset) == found if isinstance(made, Alias) else (made, {}) == found or made is Input
    with pytest.raises(AttributeError, match="did you mean Conv"):
        symnet.Covn  # noqa: B018


# ---- the person's own symbols ------------------------------------------------------------------------------------------


def test_results_speak_in_the_symbols_that_were_given() -> None:
    net = Network(input=(3, x, x), layers=[Conv(k, 3)])
    assert net.parameters.subs(k, 3) == 84
    assert net.closed_form["W"].has(x)
    assert net.output[1].free_symbols == {x}
    assert net.at({x: 64}).output == (k, 62, 62)
    assert net.at({x: 64, "k": sympy.Integer(3)}).output == (3, 62, 62)
    assert net.at(x=2 * p).output == (k, 2 * p - 2, 2 * p - 2)
    dummy = sympy.Dummy("n")
    assert Network(dummy, [symnet.FC(3)]).parameters == 3 * dummy + 3


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"y": 3}, "no symbol 'y'; it has k, x"),
        ({x: 0}, "at least 1"),
        ({x: 2.5}, "an integer"),
        ({x: "64 +"}, "x must be an integer"),
        ({sympy.Dummy("x"): 3}, "another symbol"),
        ({3: 3}, "named by text or by a SymPy symbol"),
        ({x: True}, "an integer"),
    ],
    ids=str,
)
def test_what_is_put_in_is_checked(values: dict[Any, Any], words: str) -> None:
    with pytest.raises(SymnetError, match=words):
        Network(input=(3, x, x), layers=[Conv(k, 3)]).at(values)


@settings(max_examples=25)
@given(st.integers(1, 9), st.integers(1, 4), st.integers(0, 4), st.integers(8, 40), st.sampled_from(["", "positive"]))
def test_symbols_and_numbers_agree(kernel: int, stride: int, padding: int, size: int, declared: str) -> None:
    """A network in symbols at some numbers is the network of these numbers."""
    facts = {declared: True, "integer": True} if declared else {}
    w, f, s, q = (sympy.Symbol(name, **facts) for name in "wfsq")
    net = Network((3, w, w), [Conv(f + 1, f, s, q), symnet.MaxPool(2, 1)])
    numbers = {w: size, f: kernel, s: stride, q: padding}
    if declared and padding == 0:
        with pytest.raises(TermError, match="q is declared positive"):
            net.at(numbers)
        return
    try:
        wanted = Network((3, size, size), [Conv(kernel + 1, kernel, stride, padding), symnet.MaxPool(2, 1)])
    except LayerError:
        with pytest.raises(LayerError):
            net.at(numbers)
        return
    assert net.at(numbers) == wanted
    assert [size.subs(numbers) for size in net.output] == list(wanted.output)
    assert net.parameters.subs(numbers) == wanted.parameters


def test_operators_of_tensors_are_joins() -> None:
    x = symnet.Input(3, "H", "W")
    y = symnet.Conv(8, 3, 1, 1)(x)
    for joined in (y + y, y - y, y * y, y / y, sum([y, y])):
        assert symnet.Network(x, joined).output == symnet.Network(x, y).output
    assert (symnet.Input(5, 7) @ symnet.Input(7, 2)).shape == (5, 2)


@pytest.mark.parametrize(
    ("write", "words"),
    [
        (lambda y: y + 1, "a number beside a symbolic tensor changes no size"),
        (lambda y: 2 * y, "a number beside a symbolic tensor changes no size"),
        (lambda y: y[:, 1:], "a part of a symbolic tensor is a layer: Slice"),
        (lambda y: list(y), "a symbolic tensor has no length: its sizes are y.shape"),
        (lambda y: y.reshape(3), "a symbolic tensor has no reshape: write a layer"),
    ],
)
def test_what_tensors_of_frameworks_can_is_a_layer_here(write: Callable[[Any], Any], words: str) -> None:
    with pytest.raises(symnet.SymnetError, match=words):
        write(symnet.Conv(8, 3)(symnet.Input(3, "H", "W")))
    assert not hasattr(symnet.Input(3), "reshape")
