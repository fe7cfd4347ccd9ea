"""What layers cost and how much memory is held, in tables, reports and blocks alike, for the batch that is asked about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from symnet import Network
from symnet.embed.content import content
from symnet.embed.request import BLOCKS, OptionError, parse_request
from symnet.errors import ProofError
from symnet.render.checking import checked
from symnet.render.document import Paragraph, Table
from symnet.render.formats import FORMATS
from symnet.render.json import report_data
from tests.command_line import said

NET = "(1*W) -> Conv|8|3 -> FC|10"
ASKED = ["--batch", "N", "--dtype", "float16", "--train", "adam"]


@pytest.mark.parametrize("format", FORMATS)
def test_a_report_says_what_its_table_says(format: str, capsys: pytest.CaptureFixture[str]) -> None:
    plain = said(capsys, "report", NET, "--format", format)[0]
    with_memory = said(capsys, "report", NET, "--format", format, "--costs", *ASKED)[0]
    words = ["multiply_adds", '"train": "adam"'] if format == "json" else ["parameter bytes", "trained with adam", "16"]
    assert all(word in with_memory for word in words)
    assert "trained with adam" not in plain
    assert "parameter bytes" not in plain


def test_one_memory_in_table_report_and_python(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    of_table = json.loads(said(capsys, "table", NET, "--json", *ASKED)[0])["memory"]
    report = json.loads(said(capsys, "report", NET, "--json", *ASKED)[0])
    assert of_table == report["memory"]
    assert report["memory"]["activations"] == "16*W*N - 12*N"
    assert report["memory"]["optimizer"] == "320*W - 472"
    path = tmp_path / "report.json"
    path.write_text(json.dumps(report))
    assert "memory" in said(capsys, "check", str(path))[0]


@pytest.mark.parametrize("part", ["parameters", "activations", "total", "batch", "train", "dtype"])
def test_a_wrong_memory_is_refused(part: str) -> None:
    net = Network.parse(NET)
    data = json.loads(json.dumps(report_data(net, net.memory("N", "adam"))))
    assert checked(data).steps == data["steps"]
    other = {"batch": 2, "train": "sgd", "dtype": "int8"}.get(part, 5)
    data["memory"][part] = other
    with pytest.raises(ProofError):
        checked(data)


def test_without_memory_there_is_no_such_field() -> None:
    data = json.loads(json.dumps(report_data(Network.parse(NET))))
    data["memory"] = {"parameters": 1}
    with pytest.raises(ProofError, match="memory"):
        checked(data)


@pytest.mark.parametrize("kind", ["table", "report"])
def test_blocks_take_the_same_options(kind: str) -> None:
    blocks = content(parse_request(f"{kind} costs batch=N dtype=float16 train=adam", NET, BLOCKS, kind)).blocks
    tables = [block for block in blocks if isinstance(block, Table)]
    assert ("parameter bytes",) in tables[0].head
    assert [row.cells[0][0] for row in tables[1].rows] == [
        "parameters",
        "activations",
        "gradients",
        "optimizer",
        "total",
    ]
    alone = content(parse_request(kind, NET, BLOCKS, kind)).blocks
    assert len([block for block in alone if isinstance(block, Table)]) == len(tables) - 1


def test_a_block_that_asks_for_a_batch_needs_bytes_to_count() -> None:
    asked = parse_request('solve batch=N train=adam budget="memory<=8Gi"', "784 -> FC|10", BLOCKS, "solve")
    assert any(isinstance(block, Paragraph) and "N" in str(block) for block in content(asked).blocks)
    with pytest.raises(OptionError, match="batch says what bytes are counted for: add a budget"):
        content(parse_request("solve batch=N", "784 -> FC|K = (10)", BLOCKS, "solve"))
