from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from symnet import Network
from symnet.files import read_source
from symnet.printing.letters import OWN
from symnet.render.document import Bullets, Code, Document, Heading, Paragraph
from symnet.render.latex import escaped, latex_blocks, latex_document
from tests.hostile import HOSTILE, named

PDFLATEX = shutil.which("pdflatex")
SYMBOLIC = "(D*H*W) -> Conv|K|F|S|P -> BN -> ReLU -> Maxpool|2 -> Deconv|8|4|2|1 -> FC|10"
COMMANDS = re.compile(r"\\([A-Za-z]+|.)")

#: All that a report may say to LaTeX; a command from a name would be another.
KNOWN = {
    "providecommand",
    "documentclass", "usepackage", "ifPDFTeX", "fi", "IfFileExists", "setlength", "raggedbottom",
    "raggedright", "begin", "end", "Large", "par", "texttt", "allowbreak", "textbackslash", "textasciicircum",
    "textasciitilde", "textless", "textgreater", "textbar", "textquotedbl", "textasciigrave",
    "textquotesingle", "ensuremath", "textbf", "section", "subsection", "subsubsection", "paragraph",
    "hypertarget", "hyperlink", "texorpdfstring", "item", "small", "toprule", "midrule", "bottomrule",
    "endhead", "arraybackslash", "linewidth", "parindent", "parskip", "emergencystretch", "itshape", "dots",
    "prod", "left", "right", "lfloor", "rfloor", "lceil", "rceil", "frac", "cdot", "times", "le", "lt", "ge",
    "equiv", "lvert", "rvert", "lbrace", "rbrace", "iff", "land", "lor", "mid", "in", "vdash", "max", "min",
    "definecolor", "color", "scalebox", "unitlength", "fboxsep", "sffamily", "bfseries", "fontsize", "selectfont",
    "makebox", "put", "rule", "framebox", "linethickness", "line", "qbezier", "circle", "centering", "quad",  # figures
    "mathrm", "to", "Sigma", "bmod", "pmod", "surd", "mapsto", "blacksquare",
}  # fmt: skip


def _balanced(text: str) -> bool:
    depth = 0
    for sign in re.sub(r"\\[{}\\]", "", text):
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    return depth == 0


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_never_commands(name: str) -> None:
    written = named(name).report("latex")
    assert _balanced(written)
    assert written.isprintable() or "\n" in written
    said = {command for command in COMMANDS.findall(written) if command.isalpha()}
    assert said <= KNOWN
    assert written.count("\\begin{document}") == written.count("\\end{document}") == 1
    assert len(re.findall(r"(?<!\\)\$", written)) % 2 == 0
    tables = [line for line in written.splitlines() if line.endswith(r" \\")]
    assert {len(re.findall(r"(?<!\\)&", line)) for line in tables} == {3}


def test_text_is_escaped() -> None:
    assert escaped("a_b^c~d") == r"a\_b\textasciicircum{}c\textasciitilde{}d"
    assert escaped("卷 \u202e") == r"[U+5377] \ensuremath{\blacksquare}"


def test_every_letter_that_symnet_writes_has_a_form_in_latex() -> None:
    written = escaped("".join(OWN))
    assert written.isascii()
    assert "[U+" not in written
    assert escaped("Ünïcödé łß Å") == r"\"{U}n\"{i}c\"{o}d\'{e} \l{}\ss{} \r{A}"


def test_blocks() -> None:
    blocks = (Heading(2, ("A ", Code("b_c")), "x"), Paragraph(("p ", Code("a--b"))), Bullets((("[1] one",),)))
    written = latex_blocks(blocks, {})
    assert r"\section*{\hypertarget{x}{}\texorpdfstring{A \texttt{b\_\allowbreak{}c}}{A b\_c}}" in written
    assert r"\texttt{a-{}-{}b}" in written
    assert r"\item {}[1] one" in written


@pytest.mark.slow
@pytest.mark.skipif(
    PDFLATEX is None, reason="pdflatex is not installed (texlive-latex-base, texlive-latex-recommended)"
)
@pytest.mark.parametrize("which", ["numbers", "symbols", "names"])
def test_the_document_compiles(which: str, tmp_path: Path) -> None:
    if which == "names":
        network = Network((1, 99, 99), [layer for name in HOSTILE for layer in _layers(name)])
    else:
        network = Network.parse(SYMBOLIC if which == "symbols" else "(1*28*28) -> Conv|32|5 -> Maxpool|2 -> FC|10")
    (tmp_path / "report.tex").write_text(network.report("latex"), encoding="utf-8")
    done = subprocess.run(
        [str(PDFLATEX), "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "report.tex"],
        cwd=tmp_path, capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    log = (tmp_path / "report.log").read_text(encoding="utf-8", errors="replace")
    assert done.returncode == 0, log[-2000:]
    assert (tmp_path / "report.pdf").stat().st_size > 10_000
    wide = [float(width) for width in re.findall(r"Overfull \\hbox \(([0-9.]+)pt", log)]
    assert not [width for width in wide if width > 40], "a line runs out of the page"


def _layers(name: str) -> list[object]:
    from symnet import Conv

    return [Conv(2, 3, 1, 1, name=name)]


@pytest.mark.slow
@pytest.mark.skipif(
    PDFLATEX is None, reason="pdflatex is not installed (texlive-latex-base, texlive-latex-recommended)"
)
def test_every_letter_and_every_name_compiles(tmp_path: Path) -> None:
    own = "".join(sorted(OWN))
    names = (*HOSTILE, own, "Ünïcödé łß 卷")
    blocks = (Heading(2, (own,), "a"), Paragraph((own,)), Bullets(tuple((Code(name), name) for name in names)))
    (tmp_path / "letters.tex").write_text(latex_document(Document((Code(own),), blocks)), encoding="utf-8")
    command = [str(PDFLATEX), "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "letters.tex"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stdout[-2000:]


@pytest.mark.parametrize(
    "name", ["mnist", "vit_b_16", *(pytest.param(name, marks=pytest.mark.slow) for name in ("unet", "resnet50"))]
)
def test_columns_of_a_table_are_as_wide_as_what_they_hold(name: str) -> None:
    """A column that is almost empty leaves its width to the sizes, and all of them fit into a line."""
    written = Network.parse(read_source(f"examples/{name}.net")).report("latex")
    columns = re.search(r"\\begin\{longtable\}\{(.*)\}", written)
    assert columns
    widths = [float(width) for width in re.findall(r"p\{([0-9.]+)\\linewidth\}", columns[1])]
    names, sizes = widths[0], widths[-2 if name in ("mnist", "vit_b_16") else -3]
    assert sizes >= names
    assert all(width >= 0.06 for width in widths)
    assert sum(widths) + 0.026 * len(widths) <= 0.97
    if len(widths) > 3:
        assert widths[1] < min(names, sizes)  # "from"
