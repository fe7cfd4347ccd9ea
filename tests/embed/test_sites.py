"""The worked examples: the MkDocs site builds in strict mode, the notebook runs."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.render.pages import Page

ROOT = Path(__file__).parents[2]
SITE = ROOT / "examples" / "docs"


def _environment(folder: Path) -> dict[str, str]:
    """Entry points as pyproject.toml declares them, whether or not symnet is installed."""
    declared = re.search(
        r'\[project\.entry-points\."markdown\.extensions"\]\n(\w+) = "(.+)"', (ROOT / "pyproject.toml").read_text()
    )
    assert declared
    info = folder / "symnet-0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: symnet\nVersion: 0\n")
    (info / "entry_points.txt").write_text(f"[markdown.extensions]\n{declared[1]} = {declared[2]}\n")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(folder)]), "NO_MKDOCS_2_WARNING": "1"}


def _build(config: Path, target: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--config-file", str(config), "--site-dir", str(target)],
        cwd=config.parent, env=_environment(folder), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.slow
def test_the_manual_builds_in_strict_mode(tmp_path: Path) -> None:
    done = _build(SITE / "mkdocs.yml", tmp_path / "site", tmp_path)
    assert done.returncode == 0, done.stderr
    pages = {
        page.relative_to(tmp_path / "site").as_posix(): page.read_text("utf-8")
        for page in (tmp_path / "site").rglob("*.html")
    }
    assert not any('symnet-error"' in page for page in pages.values())
    assert "217,706" in pages["digits.html"]
    assert Page(pages["digits.html"]).names.count("svg") == 2
    assert Page(pages["arithmetic.html"]).names.count("svg") == 1
    assert Page(pages["gallery.html"]).names.count("svg") >= 5
    assert "3 and 4" in pages["upsampling.html"]
    assert "proven equal" in pages["explanation/counting.html"]
    assert "from_torch" in pages["api.html"]
    assert 'href="playground/index.html#n=' in pages["tutorial.html"]
    assert 'href="../playground/index.html#n=' in pages["howto/stride.html"]
    assert (tmp_path / "site" / "playground" / "symnet.zip").is_file()


def test_the_ten_lines_of_the_first_page_are_what_python_says() -> None:
    page = SITE / "docs" / "arithmetic.md"
    lines = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith(">>> ")]
    assert len(lines) <= 10
    assert doctest.testfile(str(page), module_relative=False, optionflags=doctest.REPORT_NDIFF).failed == 0


def test_a_wrong_block_fails_the_strict_build(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    page = "---\ntitle: A\n---\n\n# A\n\n```symnet tabel\n784 -> FC|10\n```\n\nIt is {symnet: W +}.\n"
    (tmp_path / "docs" / "deep").mkdir()
    (tmp_path / "docs" / "deep" / "a.md").write_text(page)
    config = tmp_path / "mkdocs.yml"
    config.write_text("site_name: A\ntheme: {name: mkdocs}\nmarkdown_extensions: [symnet]\n")
    done = _build(config, tmp_path / "site", tmp_path)
    assert done.returncode != 0
    assert "deep/a.md, line 7: symnet tabel: unknown kind 'tabel'; did you mean 'table'" in done.stderr
    assert "deep/a.md, line 11: {symnet: W +}: " in done.stderr


@pytest.mark.slow
def test_the_sympy_notebook_runs() -> None:
    nbformat = pytest.importorskip("nbformat")
    client = pytest.importorskip("nbclient")
    notebook = nbformat.read(ROOT / "examples" / "sympy_tour.ipynb", as_version=4)
    os.environ["PYTHONPATH"] = str(ROOT)
    client.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(output.output_type != "error" for cell in code for output in cell.outputs)
    assert "text/latex" in code[0].outputs[0].data  # the formula shows itself as one


@pytest.mark.slow
def test_the_notebook_runs() -> None:
    nbformat = pytest.importorskip("nbformat")
    client = pytest.importorskip("nbclient")
    notebook = nbformat.read(ROOT / "examples" / "tour.ipynb", as_version=4)
    stored = [set(cell.outputs[0].data) for cell in notebook.cells if cell.cell_type == "code"]
    os.environ["PYTHONPATH"] = str(ROOT)
    folder = {"metadata": {"path": str(ROOT / "examples")}}
    client.NotebookClient(notebook, timeout=120, kernel_name="python3", resources=folder).execute()
    shown = [set(cell.outputs[0].get("data", {})) for cell in notebook.cells if cell.cell_type == "code"]
    assert shown == stored
