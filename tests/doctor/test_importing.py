"""Models that ``--import`` names run in a process of their own; errors of every command end with what mends the model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from symnet.cli import main
from symnet.doctor.importing import imported_apart
from symnet.doctor.process import run_apart
from symnet.errors import ModelError

READING = {"opaque": False, "usual": None, "compare": True, "limit": 60.0, "memory": 8.0}

HOSTILE = {
    "ends itself": ("import sys\nsys.exit(3)\n", "raised SystemExit: 3"),
    "ends its process": ("import os\nprint('so far')\nos._exit(3)\n", "ended its process with code 3: so far"),
    "is killed": ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n", "ended its process by SIGKILL"),
    "raises": ("raise ValueError('no')\n", "raised ValueError: no"),
    "asks": ("input('name? ')\n", "raised EOFError"),
    "takes memory": ("held = [bytearray(1 << 28) for _ in range(1 << 10)]\n", "raised MemoryError"),
    "recurs": ("def f():\n    return f()\nf()\n", "raised RecursionError"),
    "writes the answer": (
        "import sys\nopen(sys.argv[1] + '/reply.json', 'w').write('[')\nimport os\nos._exit(0)\n",
        "gave no answer that can be read",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", HOSTILE)
def test_whatever_a_file_does_is_told_in_a_line(what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, words = HOSTILE[what]
    file = tmp_path / "net.py"
    file.write_text(source)
    for command in ("table", "doctor"):
        arguments = [command, f"{file}:Net", "--memory-limit", "2", *(["--import"] if command == "table" else [])]
        assert main(arguments) == 2
        shown = capsys.readouterr()
        assert shown.out == ""
        assert words in shown.err
        assert "Traceback" not in shown.err
        assert all(line.startswith("symnet: ") for line in shown.err.splitlines())


@pytest.mark.slow
def test_a_process_that_it_starts_ends_with_it(tmp_path: Path) -> None:
    from time import sleep

    file, alive = tmp_path / "net.py", tmp_path / "alive"
    file.write_text(
        f"import os, time\nif os.fork() == 0:\n    for _ in range(200):\n        open({str(alive)!r}, 'a').write('x')\n"
        "        time.sleep(0.05)\n    os._exit(0)\nraise ValueError('no')\n"
    )
    with pytest.raises(ModelError, match="no"):
        run_apart({"do": "doctor", "model": f"{file}:Net", "inputs": []}, 60)
    before = alive.read_text() if alive.exists() else ""
    sleep(0.3)
    assert (alive.read_text() if alive.exists() else "") == before


@pytest.mark.slow
def test_what_is_printed_without_end_fills_nothing(tmp_path: Path) -> None:
    file = tmp_path / "net.py"
    file.write_text("while True:\n    print('x' * 10000)\n")
    with pytest.raises(ModelError, match="was stopped after 3 s"):
        run_apart({"do": "doctor", "model": str(file), "inputs": []}, 3)


BROKEN = """import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3)
        self.head = nn.Linear(100, 10)

    def forward(self, x):
        return self.head(self.conv(x).flatten(1))
"""


@pytest.mark.frameworks
@pytest.mark.parametrize(
    "command", [["table"], ["report"], ["coq"], ["code", "--framework", "torch"], ["figure"], ["solve"], ["compare", "1*28*28 -> FC|10"]]
)  # fmt: skip
def test_every_command_ends_with_what_mends_the_model(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "net.py"
    file.write_text(BROKEN)
    network = f"{file}:Net" + (" = (10)" if command == ["solve"] else "")
    assert main([command[0], network, *command[1:], "--import", "--input", "1*28*28", "--json"]) == 2
    shown = capsys.readouterr()
    assert shown.err.rstrip().endswith("head takes 100 (in_features) and gets 5408; head: in_features=5408 would fit")
    error = json.loads(shown.out)["error"]
    assert error["layer"] == "head"
    assert error["where"] == "net.py:12"
    assert error["condition"] == "5408 = 100"
    assert error["fixes"][0]["code"] == "self.head = nn.Linear(5408, 10)"
    assert error["fixes"][0]["proven"] is True


@pytest.mark.frameworks
def test_the_network_that_comes_back_is_the_one_that_is_read_here(tmp_path: Path) -> None:
    from symnet.frontends.source import load
    from tests.doctor.test_one_number import RIGHT

    for right in RIGHT[:3]:
        file = tmp_path / f"{right.name}.py"
        file.write_text(right.source)
        shapes = list(right.inputs)
        apart = imported_apart(f"{file}:Net", input=shapes, **READING)  # type: ignore[arg-type]
        here = load(f"{file}:Net", run=True, input=shapes)
        assert apart.report("json") == here.report("json")
        assert apart.report("markdown") == here.report("markdown")
        assert apart.compared == here.compared
