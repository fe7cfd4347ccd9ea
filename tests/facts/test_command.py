"""The command line, the reports, and how formulas are written."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from symnet import Network
from symnet.cli import main
from symnet.facts.catalogue import fact_names, get_fact
from symnet.facts.domain import undefined_unless
from symnet.facts.fact import is_real
from symnet.kernel.real import expressions as r
from symnet.kernel.real.printing import latex, unicode_text
from symnet.kernel.real.statements import Derivative, Equal, ForAll, Nonzero
from symnet.render.document import Document, Formula, Paragraph
from symnet.render.html import html
from symnet.render.latex import latex_document
from symnet.terms.term import Symbol, integer

x, y = r.Variable("x"), r.Variable("y")
i, N = Symbol("i", 0), Symbol("N")


def _run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    out, err = capsys.readouterr()
    return code, out, err


def test_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, "explain", "--facts")
    assert code == 0
    assert all(name in out for name in fact_names())
    code, out, _ = _run(capsys, "explain", "--facts", "--json")
    data = json.loads(out)
    assert [entry["name"] for entry in data] == list(fact_names())
    assert all(entry["checked"] and entry["theorems"] for entry in data)


@pytest.mark.parametrize("name", fact_names())
def test_one_fact(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, "explain", name)
    assert code == 0
    assert get_fact(name).title in out.replace("\n", " ")
    code, out, _ = _run(capsys, "explain", name, "--format", "markdown")
    assert out.startswith("# ")
    assert out.count("$") % 2 == 0
    code, out, _ = _run(capsys, "explain", name, "--json")
    assert json.loads(out)["name"] == name


def test_a_rule_is_explained_by_its_figure(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _run(capsys, "explain", "log-bound")
    assert code == 0
    assert "0 < a ⊢ log(a) ≤ a − 1" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("batchnorm-bais",), "did you mean 'batchnorm-bias'"),
        (("Cov",), "did you mean"),
        ((), "name a kind of layer or a fact"),
        (("conv", "--facts"), "--facts lists all facts"),
    ],
)
def test_mistakes(arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = _run(capsys, "explain", *arguments)
    assert code == 2
    assert words in err


def test_a_report_names_what_is_redundant(capsys: pytest.CaptureFixture[str]) -> None:
    network = "784 -> FC|64|l2=0.01 -> BN -> ReLU -> FC|10 -> Softmax|loss=categorical_crossentropy"
    code, out, _ = _run(capsys, "report", network)
    assert code == 0
    assert "this bias is redundant: 64 parameters" in out
    assert "`categorical_crossentropy`" in out
    assert r"\frac{\partial P}{\partial w_{1,k}} = \frac{1}{50}\,w_{1,k}" in out
    for written in ("html", "latex", "text", "json"):
        assert Network.parse(network).report(written)


def test_a_report_without_training_says_nothing_of_it() -> None:
    assert "Training" not in Network.parse("784 -> FC|64 -> ReLU").report()


def test_formulas_in_every_format() -> None:
    document = Document(("t",), (Paragraph(("see ", Formula(r"a \lt b", "a < b"))),))
    assert "a &lt; b" in html(document)
    assert r"$a \lt b$" in latex_document(document)


# ---- how formulas are written -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("node", "text", "tex"),
    [
        (x - y, "x − y", "x-y"),
        (x - (y + 1), "x − (y + 1)", "x-(y+1)"),
        (-(x + y), "−(x + y)", "-(x+y)"),
        (-x, "−x", "-x"),
        (x * (y + 1), "x·(y + 1)", r"x\,(y+1)"),
        (2 * x, "2·x", r"2\,x"),
        (x * 2, "x·2", r"x\cdot 2"),
        (x / (y * 2), "x/(y·2)", r"\frac{x}{y\cdot 2}"),
        ((x + 1) / y, "(x + 1)/y", r"\frac{x+1}{y}"),
        ((-x) ** 2, "(−x)^2", "(-x)^{2}"),
        ((x / y) ** 2, "(x/y)^2", r"\left(\frac{x}{y}\right)^{2}"),
        (r.Exp(-x) * 3, "exp(−x)·3", r"e^{-x}\cdot 3"),
        (r.Total(i, N, r.Entry("w", i)) * x, "(Σ_{i<N} w_i)·x", r"\left(\sum_{i \lt N} w_{i}\right)\,x"),
        (x * r.Total(i, N, r.Entry("w", i) + 1), "x·Σ_{i<N} (w_i + 1)", r"x\,\sum_{i \lt N} (w_{i}+1)"),
        (r.Entry("w_3", i), "w_{3,i}", "w_{3,i}"),
        (r.Number(Fraction(-1, 2)), "−1/2", r"-\frac{1}{2}"),
        (r.Whole(N - 1), "N − 1", "N-1"),
        (r.Abs(r.Variable("gamma")), "|γ|", r"\lvert \gamma\rvert"),
        (Equal(r.Sqrt(x), y), "√x = y", r"\sqrt{x} = y"),
        (Derivative(x, x, r.number(1)), "∂x/∂x = 1", r"\frac{\partial x}{\partial x} = 1"),
        (ForAll(i, Nonzero(r.Entry("w", i))), "w_i ≠ 0 for all i", r"w_{i} \ne 0\text{ for all }i"),
        (r.Plus(), "0", "0"),
        (r.Times(), "1", "1"),
        (r.Variable("x") ** integer(2), "x^2", "x^{2}"),
    ],
)
def test_written(node: r.Node, text: str, tex: str) -> None:
    assert unicode_text(node) == text
    assert latex(node) == tex


def test_where_a_fact_is_defined() -> None:
    wanted = {}
    for name in fact_names():
        for proven in get_fact(name).proven:
            if is_real(proven.theorem):
                wanted[name] = [unicode_text(found) for found in undefined_unless(proven.theorem)]
    assert wanted["batchnorm-folding"] == ["0 < v + ε"]
    assert wanted["binary-crossentropy-minimum"] == []
    assert wanted["dropout-expectation"] == []
