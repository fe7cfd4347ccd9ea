"""The Sphinx extension: the example project in every format, errors with their lines, documents written anew in parts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile import HOSTILE
from tests.render.pages import Page

pytestmark = pytest.mark.sphinx

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "sphinx"


def _build(source: Path, target: Path, builder: str = "html", *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sphinx", "-b", builder, "-d", str(target.parent / "doctrees"), *options, str(source), str(target)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


def _project(folder: Path, **documents: str) -> Path:
    source = folder / "source"
    source.mkdir()
    (source / "conf.py").write_text('project = "p"\nextensions = ["myst_parser", "symnet.embed.sphinx"]\n')
    for name, text in documents.items():
        (source / name.replace("_", ".")).write_bytes(text.encode("utf-8", "replace"))
    return source


def test_the_example_in_html_in_parallel(tmp_path: Path) -> None:
    done = _build(EXAMPLE, tmp_path / "site", "html", "-W", "--keep-going", "-j", "2")
    assert done.returncode == 0, done.stderr
    assert "parallel" not in done.stderr
    index, strides = (Page((tmp_path / "site" / f"{name}.html").read_text("utf-8")) for name in ("index", "strides"))
    assert "217,706" in index.text
    assert index.names.count("svg") == 2
    assert index.names.count("math") > 20
    assert len(index.ids) == len(set(index.ids))
    assert "the windows of conv1 start" in " ".join(strides.text.split()).lower()
    assert "torch.nn.MaxPool2d" in strides.text


def test_the_example_in_latex_is_set(tmp_path: Path) -> None:
    done = _build(EXAMPLE, tmp_path / "tex", "latex", "-W")
    assert done.returncode == 0, done.stderr
    assert shutil.which("pdflatex"), "pdflatex is missing: apt-get install texlive-latex-extra"
    for _ in range(2):
        made = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "twonetworks.tex"],
            cwd=tmp_path / "tex", capture_output=True, text=True, errors="replace", timeout=120, check=False,
        )  # fmt: skip
    assert made.returncode == 0, made.stdout[-2000:]
    assert "multiply defined" not in made.stdout
    assert "undefined references" not in made.stdout


def test_other_builders_take_the_same_blocks(tmp_path: Path) -> None:
    for builder in ("text", "man", "epub"):  # from the same documents, which are read once
        done = _build(EXAMPLE, tmp_path / builder, builder)
        assert done.returncode == 0, done.stderr
    text = (tmp_path / "text" / "index.txt").read_text("utf-8")
    assert "217,706 parameters, takes 1,589,760 multiply-adds" in text


def test_errors_name_document_and_line(tmp_path: Path) -> None:
    source = _project(
        tmp_path,
        index_rst="A\n=\n\n.. symnet:: table\n\n   (1*9*9)\n   -> Conv|8|3\n   -> FD|10\n\nIt is :symnet:`W +` and\n"
        ":symnet:`parameters: 784 -> FD|1`.\n\n.. symnet:: tabel\n\n   784\n\n.. toctree::\n\n   b\n",
        b_md="# B\n\ntext\n{symnet}`W -` and\n"
        "{symnet}`nosuch: 784 -> FC|10`, {symnet}`CHW: 3*9*9 -> Conv|8|3`\n\n```{symnet} figure kind=windwos\n784 -> FC|1\n```\n",
    )
    done = _build(source, tmp_path / "site")
    for line in (
        "index.rst:8: WARNING: symnet table: unknown layer kind 'FD'",
        "index.rst:10: WARNING: symnet W +: ",
        "index.rst:11: WARNING: symnet parameters: 784 -> FD|1: unknown layer kind 'FD'",
        "index.rst:13: WARNING: symnet tabel: unknown kind 'tabel'; did you mean 'table'?",
        "b.md:4: WARNING: symnet W -: ",
        "b.md:5: WARNING: symnet nosuch: 784 -> FC|10: unknown kind 'nosuch'. There are formula",
        "b.md:7: WARNING: symnet figure kind=windwos: kind is one of network",
    ):
        assert line in done.stderr
    page = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert "did you mean &#39;table&#39;" in page or "did you mean 'table'" in page
    assert _build(source, tmp_path / "strict", "html", "-E", "-W").returncode != 0


def test_a_changed_network_has_its_documents_written_anew(tmp_path: Path) -> None:
    source = _project(
        tmp_path,
        index_rst="A\n=\n\n:symnet:`parameters: deep/a.net`\n\n.. toctree::\n\n   b\n",
        b_rst="B\n=\n\n.. symnet:: formula\n\n   W//2\n",
    )
    (source / "deep").mkdir()
    net = source / "deep" / "a.net"
    net.write_text("784 -> FC|10\n")
    page = tmp_path / "site" / "index.html"
    _build(source, tmp_path / "site")
    assert "7,850" in page.read_text("utf-8")
    assert "0 changed" in _build(source, tmp_path / "site").stdout
    net.write_text("784 -> FC|11\n")
    later = net.stat().st_mtime + 5
    os.utime(net, (later, later))
    again = _build(source, tmp_path / "site")
    assert "1 changed" in again.stdout
    assert "8,635" in page.read_text("utf-8")


def test_files_are_found_in_the_base_path(tmp_path: Path) -> None:
    source = _project(tmp_path, index_rst="A\n=\n\n:symnet:`parameters: a.net`\n")
    (tmp_path / "nets").mkdir()
    (tmp_path / "nets" / "a.net").write_text("784 -> FC|10\n")
    done = _build(source, tmp_path / "site", "html", "-W", "-D", "symnet_base_path=../nets")
    assert done.returncode == 0, done.stderr
    assert "7,850" in (tmp_path / "site" / "index.html").read_text("utf-8")


def test_style_stands_where_a_block_is(tmp_path: Path) -> None:
    source = _project(tmp_path, index_rst="A\n=\n\n:symnet:`W//2`\n\n.. toctree::\n\n   b\n", b_rst="B\n=\n\ntext\n")
    assert _build(source, tmp_path / "site", "html", "-W").returncode == 0
    assert ".symnet" in (tmp_path / "site" / "index.html").read_text("utf-8")
    assert ".symnet" not in (tmp_path / "site" / "b.html").read_text("utf-8")


def test_names_are_never_markup(tmp_path: Path) -> None:
    blocks = []
    for name in HOSTILE:
        quoted = name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
        blocks.append(f'.. symnet:: table\n\n   (1*9*9) -> Conv|8|3|name="{quoted}"\n')
    source = _project(tmp_path, index_rst="A\n=\n\n" + "\n".join(blocks))
    _build(source, tmp_path / "site", "html", "-D", "html_theme=basic")
    body = (tmp_path / "site" / "index.html").read_text("utf-8").partition('role="main"')[2]
    assert body.count("symnet-table") > 20  # some names break the line of the source
    assert "&lt;script&gt;alert" in body
    for markup in ("<script>alert", "<img src", "<iframe", "<b>"):
        assert markup not in body
