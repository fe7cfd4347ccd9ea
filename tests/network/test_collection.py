"""A network as a collection of its layers, at arrays of sizes, and what it shows."""

from __future__ import annotations

import builtins
from typing import Any

import numpy
import pytest
import sympy

import symnet
from symnet import LayerError, Network, SymnetError
from symnet.render.formats import FORMATS
from symnet.render.json import table_data

MNIST = "(1*28*28) -> Conv|32|5*5|1 -> Maxpool|2*2 -> Conv|32|3*3|1 -> Maxpool|2*2 -> FC|256 -> FC|10"
NET = Network.parse(MNIST)


def test_rows_are_those_of_the_table() -> None:
    data = table_data(NET)
    assert len(NET) == len(list(NET)) == len(NET.rows) == len(data["layers"])
    for row, wanted in zip(NET, data["layers"], strict=True):
        assert {key: wanted[key] for key in ("index", "name", "kind", "parameters", "trainable", "multiply_adds")} == {
            key: value for key, value in row.data().items() if key != "output"
        }
        assert row.output == tuple(wanted["output"])
        assert NET[row.index] is NET[row.name] is NET[row.index - len(NET) - 1]
        assert row.name in NET
        assert row.layer in NET
        assert row in NET
    assert NET[0].output == (1, 28, 28)
    assert "conv3" not in NET
    assert sum(row.parameters for row in NET) == NET.parameters


def test_every_value_of_a_row_is_proven() -> None:
    net = Network.parse("(3*W*W) -> Conv|K|3|2|1 -> BN -> Maxpool|2 -> FC|10")
    for row in net:
        for value in (row.parameters, row.trainable, row.non_trainable, row.multiply_adds, *row.closed_form.values()):
            assert isinstance(value, sympy.Expr)
            assert value.theorem.conclusion.args[1] is value.term
        assert row.output.theorem is not None
    assert net["bn1"].non_trainable == 2 * sympy.Symbol("K", integer=True, positive=True)
    assert net["maxpool1"].closed_form == net[:"maxpool1"].closed_form
    assert net["maxpool1"].receptive_field == net[:"maxpool1"].receptive_field


@pytest.mark.parametrize("text", [MNIST, "(3*W*W) -> Conv|8|3|2 @a -> Conv|8|3|1|1 -> Add|a -> FC|3"])
def test_a_slice_is_a_network(text: str) -> None:
    net = Network.parse(text)
    assert net[:] == net
    for stop in range(2, len(net) + 2):
        part = net[:stop]
        assert part.output == net[stop - 1].output
        assert len(part) == stop - 1
    assert NET[2:4] == Network.parse("(32*24*24) -> Maxpool|2*2 -> Conv|32|3*3|1")
    assert NET["maxpool1":"conv2"] == NET[2:4]  # type: ignore[misc]
    assert NET[-2:].output == (10,)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("conv", "no layer is named 'conv'; did you mean 'conv.'"),
        (7, "layers 1 to 6, and no 7"),
        (-8, "layers 1 to 6, and no -8"),
        (1.5, "by its name or its number"),
        (True, "by its name or its number"),
        (slice(None, None, 2), "without a step"),
        (slice(3, 2), "no layer in this part"),
    ],
)
def test_what_is_no_layer_is_told(key: Any, words: str) -> None:
    with pytest.raises(LayerError, match=words):
        NET[key]


def test_a_join_from_outside_a_slice_is_told() -> None:
    net = Network.parse("(3*W*W) -> Conv|8|3 @a -> Conv|8|3|1|1 -> Add|a -> FC|3")
    with pytest.raises(LayerError, match=r"layer 3 \(add1, Add\) reads conv1, which is not in this part"):
        net[3:]
    with pytest.raises(KeyError):
        net["conv9"]
    with pytest.raises(IndexError):
        net[9]


def test_pandas_is_asked_for_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    genuine = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "pandas":
            raise ImportError(name)
        return genuine(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(SymnetError, match="to_pandas needs pandas"):
        NET.rows.to_pandas()


def test_rows_as_a_data_frame() -> None:
    pandas = pytest.importorskip("pandas")
    frame = NET.rows.to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert frame["parameters"].sum() == 217_706
    assert list(frame.columns) == ["name", "kind", "output", "parameters", "trainable", "multiply_adds"]


# ---- arrays ------------------------------------------------------------------------------------------------------------


def test_arrays_give_arrays() -> None:
    net = Network.parse("(3*W*W) -> Conv|8|7|2 -> Maxpool|2 -> FC|10")
    sizes = numpy.arange(1, 40)
    found = net.at(W=sizes)
    for index, size in enumerate(sizes):
        try:
            alone = net.at(W=size)
        except LayerError:
            assert not found.fits[index]
            assert found.parameters[index] is numpy.ma.masked
            continue
        assert found.fits[index]
        for name in ("parameters", "trainable", "non_trainable", "multiply_adds", "activations"):
            assert getattr(found, name)[index] == int(getattr(alone, name)), (name, size)
        assert found.output[0][index] == 10
        assert found.closed_form["W"][index] == alone.last.axes[-1].size.constant
    assert net.at(W=numpy.arange(32, 256)).parameters.dtype == numpy.int64
    assert not numpy.ma.isMaskedArray(net.at(W=numpy.arange(32, 256)).parameters)


def test_arrays_of_several_letters_are_broadcast() -> None:
    net = Network.parse("(3*H*W) -> Conv|K|7|2")
    found = net.at({"H": numpy.array([[9], [10]])}, W=[11, 12, 13], K=4)
    assert found.output[1].tolist() == [[2] * 3, [2] * 3]
    assert found.output[2].tolist() == [[3, 3, 4]] * 2
    assert Network.parse("(3*8*8) -> Conv|K|3").at(K=range(1, 4)).parameters.tolist() == [28, 56, 84]
    assert Network.parse("(3*8*8) -> Conv|K|3").at(K=[10**30]).parameters.tolist() == [28 * 10**30]


def test_sizes_of_which_a_hypothesis_says_nothing_are_tried() -> None:
    net = Network.parse("(3*W*W) -> Conv|3|3|2|1 @a -> Conv|3|3|1|1 -> Add|a -> Conv|4|2|2")
    found = net.at(W=range(1, 40))
    assert found.fits.tolist() == [_fits(net, size) for size in range(1, 40)]


def _fits(net: Network, size: int) -> bool:
    try:
        net.at(W=size)
    except LayerError:
        return False
    return True


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"W": [2.5]}, "W must be an array of integers"),
        ({"W": [True]}, "W must be an array of integers"),
        ({"V": [2]}, "no symbol 'V'"),
        ({"W": [8]}, "every other letter needs a number, too: K"),
        ({"W": [8, 9], "K": [1, 2, 3]}, "broadcast"),
    ],
)
def test_arrays_are_checked(values: dict[str, Any], words: str) -> None:
    with pytest.raises(SymnetError, match=words):
        Network.parse("(3*W*W) -> Conv|K|7|2").at(values)


# ---- shown -------------------------------------------------------------------------------------------------------------


def test_networks_show_themselves() -> None:
    assert str(NET).splitlines()[0].startswith("#  name")
    assert "\n" not in repr(NET)
    long = Network.parse("(3*W*W) -> 40 * [Conv|8|3|1|1 -> BN -> ReLU]")
    assert "\n" not in repr(long)
    table = NET.table()
    assert isinstance(table, str)
    assert table._repr_markdown_() == table == NET._repr_markdown_()
    assert NET.table("text")._repr_markdown_() is None
    for name in FORMATS:
        report = NET.report(name)
        assert (report._repr_markdown_() == report, report._repr_html_() == report) == (
            name == "markdown",
            name == "html",
        )
    assert symnet.Network((3,)) and not len(symnet.Network((3,)))  # noqa: PT018


def test_what_a_network_gives_stands_under_its_table() -> None:
    image = symnet.Input(3, "H", "W")
    inner = symnet.Conv(8, 3)(image)
    assert "Outputs: conv1 (8 × H₁ × W₁), maxpool1 (8 × " in str(Network(image, [inner, symnet.MaxPool(2)(inner)]))
    assert "Outputs: `conv1` (" in Network(image, [inner, symnet.MaxPool(2)(inner)]).table()
    assert "Outputs" not in str(Network(image, inner))
    assert "Outputs: dense1 (5), dense2 (7)." in str(Network.parse("784 -> FC|5 -> From|input -> FC|7"))
