"""The stable public names, and what the functions among them give."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import sympy

import symnet
from symnet import LayerError, ModelError, Network, NotationError, SymnetError

ROOT = Path(__file__).parent.parent

#: What is promised to stay; kinds of layers and their other names come on top.
STABLE = [
    "CeilDiv", "FloorDiv", "From", "Input", "KernelError", "Label", "LayerError", "ModelError", "Network", "NotationError",
    "ProofError", "Solutions", "SymnetError", "TermError", "Theorem", "compare", "compose", "doctor", "explain", "facts", "figure",
    "from_keras", "from_onnx", "from_torch", "memory", "read", "solve", "symbols",
]  # fmt: skip


def test_the_public_names_are_these() -> None:
    assert sorted(symnet.__all__) == sorted(STABLE)
    assert set(STABLE) <= set(dir(symnet))
    for name in STABLE:
        assert getattr(symnet, name).__doc__, name


def test_sympy_is_not_loaded_before_it_is_needed() -> None:
    code = (
        "import sys, symnet\n"
        "net = symnet.Network((3, 'W', 'W'), [symnet.Conv('K', 3), symnet.ReLU(), symnet.FC(10)])\n"
        "net.notation, net.table(), dir(symnet)\n"
        "assert 'sympy' not in sys.modules and 'numpy' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_explain_takes_names_kinds_and_layers() -> None:
    text = symnet.explain("conv")
    assert text == symnet.explain(symnet.Conv) == symnet.explain(symnet.Conv(8, 3)) == symnet.explain(symnet.Conv2D)
    assert text._repr_markdown_() == text
    assert "torch.nn" in symnet.explain("conv", "torch") or "Conv2d" in symnet.explain("conv", "torch")
    assert symnet.explain("l2-gradient").theorems == symnet.facts["l2-gradient"].theorems
    for kind in ("conv", "Deconv", "Maxpool", "LSTM", "SAME"):
        assert all("⊢" in repr(theorem) for theorem in symnet.explain(kind).theorems)
        assert symnet.explain(kind).theorems
    assert symnet.explain("Maxpool", "torch").theorems
    with pytest.raises(NotationError, match="did you mean"):
        symnet.explain("covn")
    with pytest.raises(SymnetError, match="unknown format"):
        symnet.explain("conv", format="html")
    with pytest.raises(SymnetError, match="name of a kind"):
        symnet.explain(3)


def test_compare_shows_itself() -> None:
    one, two = "(3*W*W) -> Conv|8|3|2|1", "(3*W*W) -> Conv|8|1|2"
    found = symnet.compare(one, Network.parse(two))
    assert not found.equal
    assert found.to_json()["equal"] is False
    assert str(found).splitlines()[0].split() == ["first", "second", "verdict"]
    assert found._repr_markdown_().startswith("|")
    assert symnet.compare(one, one).equal
    with pytest.raises(SymnetError, match="two networks"):
        symnet.compare(one, 3)  # type: ignore[arg-type]


def test_memory_and_figures_take_networks_and_notation() -> None:
    text = "(1*28*28) -> Conv|8|5 -> FC|10"
    net = Network.parse(text)
    assert symnet.memory(text, 32, "adam") == symnet.memory(net, 32, "adam") == net.memory(32, "adam")
    assert symnet.figure(text, "windows", "conv1") == net.figure("windows", 1)
    assert symnet.figure(net)._repr_svg_().startswith("<svg")
    for function in (symnet.memory, symnet.figure):
        with pytest.raises(SymnetError, match="takes a network or its notation, got 3"):
            function(3)  # type: ignore[operator]


def test_read_takes_files(tmp_path: Path) -> None:
    assert symnet.read(ROOT / "examples" / "mnist.net").parameters == 217_706
    assert symnet.read(str(ROOT / "examples" / "digits.keras")).parameters == 338
    x = sympy.Symbol("x")
    assert symnet.read(ROOT / "examples" / "digits.keras", input=(x, x, 1)).graph.input.dims[0] is not None
    other = tmp_path / "a.txt"
    other.write_text("784 -> FC|10")
    with pytest.raises(ModelError, match=r"no \.net, \.keras, \.h5, \.json or \.onnx"):
        symnet.read(other)
    with pytest.raises(ModelError, match="there is no such file"):
        symnet.read("missing.onnx")


def test_errors_are_one_family() -> None:
    assert issubclass(LayerError, SymnetError)
    for name in STABLE:
        if name.endswith("Error"):
            assert issubclass(getattr(symnet, name), SymnetError)


def test_facts_are_a_collection_that_shows_itself() -> None:
    assert "| `l2-gradient` |" in symnet.facts._repr_markdown_()
    assert symnet.facts() == symnet.facts._repr_markdown_()
    fact = symnet.facts["l2-gradient"]
    assert fact.theorems == tuple(one.theorem for one in fact.proven)
    assert {fact.name for fact in map(symnet.facts.__getitem__, symnet.facts)} == set(symnet.facts)
    with pytest.raises(NotationError, match="did you mean 'l2-gradient'"):
        symnet.facts["l2-gradiant"]
    with pytest.raises(SymnetError, match="unknown format"):
        symnet.facts("html")
    code = "import symnet; print(len(symnet.facts)); from symnet.facts.catalogue import FACTS; assert len(symnet.facts) == len(FACTS)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
