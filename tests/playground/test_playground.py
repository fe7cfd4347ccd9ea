"""The playground without a browser: what it answers, what is written, how it is served."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any
from urllib.request import urlopen
from zipfile import ZipFile

import pytest

from symnet.cli import main
from symnet.embed.request import BLOCKS
from symnet.layers.declaration.registry import KINDS, lookup
from symnet.playground import build
from symnet.playground.answers import EXAMPLES, LARGEST, answered, kinds, network_in_file
from symnet.playground.server import server
from tests.hostile import HOSTILE

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "symnet" / "playground" / "page"


def _asked(text: str, show: str = "table", **at: int) -> dict[str, Any]:
    return json.loads(answered(json.dumps({"text": text, "show": show, "at": at})))  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_have_answers(name: str) -> None:
    found = _asked(EXAMPLES[name])
    assert found["kind"] == ("question" if name.endswith("?") else "network")
    assert found["html"].startswith('<div class="symnet')
    assert found["notes"] == []


@pytest.mark.parametrize("show", ["table", "derivation", "report", "network", "parameters", "keras", "torch"])
def test_every_part_is_shown(show: str) -> None:
    assert "error" not in _asked("(3*W*W) -> Conv|8|3 -> Maxpool|2", show, W=12)


def test_letters_have_numbers() -> None:
    free = _asked("(3*W*W) -> Conv|K|3")
    assert free["letters"] == ["W", "K"]
    assert "8 × 10 × 10" in _asked("(3*W*W) -> Conv|K|3", W=12, K=8)["html"]
    assert "error" not in _asked("(3*W*W) -> Conv|K|3", Q=12)  # a letter that was there before


def test_errors_say_where_and_what_would_be_right() -> None:
    error = _asked("(1*5*5) -> Conv|32|9*9")["error"]
    assert error["layer"] == "conv1"
    assert "a kernel of at most 5" in error["text"]
    assert "did you mean 'Conv'" in _asked("(1*5*5) -> Cnov|32|9*9")["error"]["text"]
    assert "characters" in _asked("x" * (LARGEST + 1))["error"]["message"]
    assert "error" in _asked("(" * 3000)


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_never_markup(name: str) -> None:
    quoted = name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    html = _asked(f'(1*9*9) -> Conv|8|3|name="{quoted}"').get("html", "")
    assert not {"<script", "<img", "<b>", "<iframe"} & {html[at : at + 7] for at in range(len(html)) if html[at] == "<"}
    assert "<script" not in html


def test_every_kind_can_be_completed() -> None:
    data = json.loads(kinds())
    names = {kind["name"] for kind in data["kinds"]}
    assert {kind.kind for kind in KINDS} <= names
    assert all(lookup(name) for name in names)
    assert all(kind["does"] for kind in data["kinds"])


def test_files_are_read(tmp_path: Path) -> None:
    found = json.loads(network_in_file(str(ROOT / "examples" / "digits.keras")))
    assert found["name"] == "digits"
    assert "338" in _asked(found["notation"])["html"]
    assert "pip install" in json.loads(network_in_file("/tmp/model.onnx"))["error"]["message"]
    assert "no .keras or .net file" in json.loads(network_in_file("/tmp/model.pt"))["error"]["message"]
    (tmp_path / "broken.keras").write_bytes(b"PK")
    assert "broken" in json.loads(network_in_file(str(tmp_path / "broken.keras")))["error"]["message"]


def test_the_tabs_are_kinds_of_blocks_and_figures() -> None:
    script = (PAGE / "page.js").read_text(encoding="utf-8")
    shown = {
        part.split('"')[1]
        for part in script.partition("const TABS = [")[2].partition("];")[0].split("[")
        if '"' in part
    }
    assert shown <= {*BLOCKS, *json.loads(kinds())["figures"], "torch", "keras"}
    for never in ("eval(", "document.write", "outerHTML", "insertAdjacentHTML"):
        assert never not in script
    assert script.count("innerHTML") == 1


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page as it is written without a folder of Pyodide."""
    folder = tmp_path_factory.mktemp("site")
    assert build.write_playground(str(folder)) == str(folder / "index.html")
    return folder


@pytest.mark.slow
def test_the_page_names_what_it_loads(site: Path) -> None:
    page = (site / "index.html").read_text(encoding="utf-8")
    assert f"script-src 'self' {build.PYODIDE};" in page
    assert json.loads((site / "settings.json").read_text()) == {"pyodide": build.PYODIDE}
    names = ZipFile(site / "symnet.zip").namelist()
    assert "symnet/playground/answers.py" in names
    assert "markdown/__init__.py" in names
    assert not any("tests" in name.split("/") or "__pycache__" in name for name in names)


@pytest.mark.slow
def test_the_public_pyodide_is_the_version_that_is_tested() -> None:
    """The address of a release, which the policy of the page can name; the browser's tests run the npm package of this version."""
    version = re.fullmatch(r"https://cdn\.jsdelivr\.net/pyodide/v([0-9]+\.[0-9]+\.[0-9]+)/full/", build.PYODIDE)
    assert version
    assert f"pyodide@{version[1]}" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_archive_is_all_that_an_answer_needs(site: Path) -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(site / 'symnet.zip')!r})\n"
        "from symnet.playground.answers import answered, EXAMPLES\nimport json\n"
        "for text in EXAMPLES.values():\n"
        "    for show in ('table', 'report', 'network', 'torch'):\n"
        "        print(sorted(json.loads(answered(json.dumps({'text': text, 'show': show})))))\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False, timeout=100
    )
    assert done.returncode == 0, done.stderr
    assert "error" not in done.stdout


@pytest.mark.slow
def test_the_same_bytes_in_every_run(site: Path, tmp_path: Path) -> None:
    build.write_playground(str(tmp_path))
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {
        file.name: file.read_bytes() for file in site.iterdir()
    }


def test_it_is_served_on_this_machine_alone(tmp_path: Path) -> None:
    for name in ("a.mjs", "b.wasm", "c.html"):
        (tmp_path / name).write_text(name)
    with server(tmp_path) as running:
        assert running.server_address[0] == "127.0.0.1"
        threading.Thread(target=running.serve_forever, daemon=True).start()
        found = {}
        for name in ("a.mjs", "b.wasm", "c.html"):
            with urlopen(f"http://127.0.0.1:{running.server_port}/{name}", timeout=20) as reply:
                found[name] = reply.headers["Content-Type"]
        running.shutdown()
    assert found == {"a.mjs": "text/javascript", "b.wasm": "application/wasm", "c.html": "text/html"}


def test_a_folder_without_pyodide_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["playground", "-o", str(tmp_path / "site"), "--pyodide", str(tmp_path)]) == 2
    assert "no folder of Pyodide: it has no pyodide.mjs" in capsys.readouterr().err
    assert not (tmp_path / "site").exists()
    assert main(["playground", "--port", "99999"]) == 2
    assert "cannot listen on port 99999" in capsys.readouterr().err
