"""The keys and types of the data that each command prints with ``--json``: programs read them, so they stay as they are."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.command_line import said

CONV = "(3*W*W) -> Conv|8|3|2"


def printed(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> Any:
    return json.loads(said(capsys, *arguments, "--json", code=code)[0])


#: Commands with the keys that they promise; others may stand beside them.
KEYS = {
    ("table", CONV): (
        "input", "layers", "output", "parameters", "trainable", "non_trainable", "multiply_adds", "closed_form", "receptive_field",
        "hypotheses", "steps", "checked",
    ),
    ("report", CONV): ("network", "layers", "output", "hypotheses", "proof"),
    ("solve", CONV): (
        "unknowns", "finite", "solutions", "set", "classes", "count", "complete", "exact", "steps", "checked", "reason", "proof",
    ),
    ("doctor", CONV): ("ok", "layer", "where", "why", "condition", "rows", "chain", "fixes", "fits"),
    ("compare", CONV, CONV): ("equal", "aligned", "compared", "shifts"),
    ("coq", CONV): ("text", "goals"),
    ("code", CONV, "--framework", "torch"): ("framework", "code"),
    ("figure", CONV): ("title", "svg"),
    ("explain", "Conv"): ("kind", "aliases", "summary", "arguments", "sources", "examples"),
    ("completion", "bash"): ("shell", "script"),
}  # fmt: skip


@pytest.mark.parametrize("command", KEYS)
def test_what_is_promised_is_there(command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert set(KEYS[command]) <= set(printed(capsys, *command))


def test_a_row_of_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    data = printed(capsys, "table", "(1*28*28) -> Conv|32|5*5|1 -> FC|10")
    assert data["layers"][0].items() >= {
        "index": 1, "name": "conv1", "kind": "Conv", "output": [32, 24, 24], "parameters": 832, "trainable": 832, "multiply_adds": 460800,
    }.items()  # fmt: skip
    assert data["receptive_field"].items() >= {"size": [5, 5], "stride": [1, 1], "padding": [0, 0]}.items()
    assert [entry["index"] for entry in data["layers"]] == [1, 2]  # inputs excepted
    assert (data["checked"], data["non_trainable"]) == (True, 0)


def test_an_answer_lists_finite_sets_and_describes_others(capsys: pytest.CaptureFixture[str]) -> None:
    data = printed(capsys, "solve", "(3,224,224) -> Conv|64|7*7|S|3 = (64,112,112)")
    assert (data["finite"], data["solutions"], data["count"], data["set"], data["exact"]) == (
        True,
        [{"S": 2}],
        1,
        "S ∈ {2}",
        [False],
    )
    data = printed(capsys, "solve", "(3,W,W) -> Maxpool|4", "--exact")
    assert (data["finite"], data["solutions"], data["count"]) == (False, [], None)
    assert data["classes"] == [{"symbol": "W", "residue": 0, "modulus": 4, "minimum": 4, "maximum": None}]
    data = printed(capsys, "solve", "(3,W,W) -> Conv|8|3")
    assert data["classes"] == [{"symbol": "W", "residue": 0, "modulus": 1, "minimum": 3, "maximum": None}]
    assert printed(capsys, "solve", "(3,8,8) -> Conv|8|3|S = (8,7,7)")["count"] == 0


def test_ports_say_whether_windows_stand_alike(capsys: pytest.CaptureFixture[str]) -> None:
    other = "(3*W*W) -> Conv|8|3|2|{}"
    assert printed(capsys, "compare", other.format("same"), other.format("1"))["aligned"] is False
    assert printed(capsys, "compare", other.format("1"), other.format("1"))["aligned"] is True
    assert printed(capsys, "compare", other.format("1"), "(3*W*W) -> Conv|8|5|2")["aligned"] is None


def test_errors_are_data(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = printed(capsys, "table", "(3*5*5) -> Conv|8|9", code=2)["error"]
    assert set(wrong) >= {"message", "layer", "where", "condition", "fits", "fixes"}
    assert (wrong["layer"], wrong["condition"]) == ("conv1", "9 ≤ 5 + 2·0 (= 5)")
    assert {"change", "kind", "code", "proven", "tried"} <= set(wrong["fixes"][0])
    broken = printed(capsys, "doctor", "(3*20*20) @a -> Conv|8|3|2 -> Conv|3|1 -> Add|a", code=1)
    assert broken["ok"] is False
    assert {"size", "of", "why", "where"} <= set(broken["chain"][0])
    assert {"change", "kind", "code", "proven", "tried"} <= set(broken["fixes"][0])
