"""The table of all kinds of layers: it says what the modules define, and loads no more of them than a question needs."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import symnet
from symnet.layers.declaration import registry
from symnet.layers.declaration.base import Layer
from symnet.layers.declaration.constructor import spelling
from symnet.layers.declaration.penalized import in_order
from symnet.layers.declaration.registry import HOMES, KINDS, lookup
from symnet.render.catalogue import explain

MODULES = sorted(
    path.stem for path in (Path(registry.__file__).parents[1] / "kinds").glob("*.py") if path.stem != "__init__"
)


def test_the_table_is_what_modules_define() -> None:
    defined = {
        name: module
        for module in MODULES
        for name, found in vars(import_module(f"symnet.layers.kinds.{module}")).items()
        if isinstance(found, type) and issubclass(found, Layer)
        if found.__module__ == f"symnet.layers.kinds.{module}" and vars(found).get("kind")
    }
    assert defined == HOMES
    assert [kind.__name__ for kind in KINDS] == list(HOMES)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_a_kind_is_found_without_a_search(kind: type[Layer]) -> None:
    assert registry._CLASS_OF[spelling(kind.kind)] == kind.__name__
    assert registry._CLASS_OF[spelling(kind.__name__)] == kind.__name__
    for name in (kind.kind, kind.__name__, *kind.aliases):
        assert spelling(name).isidentifier(), "lookup takes it for no name"
        assert lookup(name) == (kind, kind.aliases.get(name, {}))


def test_usual_names_are_names() -> None:
    for usual, name in registry._USUAL.items():
        found = lookup(usual)
        assert found is not None
        assert found[0].__name__ == name


def test_layers_are_public_names() -> None:
    for kind in KINDS:
        public = getattr(symnet, kind.__name__)
        assert public.kind == kind.kind
        assert public is kind or public is symnet.Input  # what layers are called on is a tensor
        assert kind.__name__ in dir(symnet)
    with pytest.raises(AttributeError, match="'Nonsense'"):
        _ = symnet.Nonsense
    with pytest.raises(AttributeError, match="'NONSENSE'"):
        _ = registry.NONSENSE


def test_a_question_loads_only_its_own_layers() -> None:
    code = (
        "import sys; from symnet.cli import main\n"
        "main(['table', '(3*32*32) -> Conv|8|3 -> BN -> ReLU -> FC|10', '--json'])\n"
        "print(*(name.rpartition('.')[2] for name in sys.modules if name.startswith('symnet.layers.')), file=sys.stderr)"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stderr.split()
    assert {"convolution", "normalization", "elementwise", "dense"} <= set(loaded)
    assert not {"recurrent", "attention", "reshaping", "reductions", "spatial", "pooling"} & set(loaded)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_a_reader_is_told_a_layers_own_fields_first(kind: type[Layer]) -> None:
    names = [spec.name for spec in in_order(kind)]
    assert sorted(names) == sorted(spec.name for spec in kind.specs())
    assert names[-8:] == ["name", "framework", "shares", "borrows", "frozen", "freezes", "penalties", "loss"]
    positional = [spec.name for spec in kind.specs() if spec.positional]
    if kind.kind in ("Conv", "Deconv", "FC", "LSTM", "Maxpool"):
        assert names[: len(positional)] == positional


def test_explaining_tells_them_in_that_order() -> None:
    lines = explain("Conv").split("meaning")[1].splitlines()[2:]
    assert [line.split()[0] for line in lines[:6]] == ["filters", "kernel", "stride", "padding", "dilation", "groups"]
    arguments = json.loads(explain("Conv", "json"))["arguments"]
    assert [argument["name"] for argument in arguments[:4]] == ["filters", "kernel", "stride", "padding"]
