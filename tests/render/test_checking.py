"""``symnet check``: every field that was printed is held against the theorems."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from symnet import Conv
from symnet.cli import main
from symnet.errors import ProofError
from symnet.kernel.rules import sign
from symnet.kernel.writing import write_proof
from symnet.network.network import Network
from symnet.render.checking import answer_data, checked, written_out
from symnet.render.json import report_data
from symnet.solving import solve
from symnet.terms.propositions import Le
from symnet.terms.term import Symbol, integer

REPORTS = ["(1*28*28) -> Conv|8|5 -> Maxpool|2 -> FC|10", "(3*W*W) @a -> Maxpool|2 -> Upsample|2 -> Add|a"]
ANSWERS: list[tuple[str, dict[str, Any]]] = [
    ("(1*W) -> Conv|8|3 -> Maxpool|2 = (8, 12)", {}),
    ("(1*W) -> Conv|8|3 -> Maxpool|2", {"where": "W <= 30", "exact": True, "all": True}),
    ("(1*30) -> Conv|8|F|S = (8, 9)", {"for": "F,S"}),
]


def report(text: str) -> Any:
    return json.loads(json.dumps(report_data(Network.parse(text))))


def answer(question: str, options: dict[str, Any]) -> Any:
    given = {("for_" if name == "for" else name): value for name, value in options.items() if name != "all"}
    return json.loads(json.dumps(answer_data(solve(question, **given), question, options)))


#: A short report first: reports of convolutions have so many fields that to alter each takes seconds.
DATA = [*map(report, REPORTS), report("784 -> FC|10"), *(answer(*asked) for asked in ANSWERS)]


@pytest.mark.parametrize("data", DATA, ids=range(len(DATA)))
def test_what_was_printed_holds(data: Any) -> None:
    found = checked(data)
    assert found.fields == tuple(name for name in data if name != "proof")
    assert found.not_looked_at == ()
    assert found.steps == data["steps"]


@pytest.mark.parametrize("end", ["From|a -> Identity", "Input|4 -> FC|3", "From|a -> GlobalMaxPool"])
def test_the_first_output_of_notation_is_its_last_layer(end: str) -> None:
    data = report(f"(1*W) -> Conv|2|3 @a -> FC|5 -> {end}")
    assert len(data["outputs"]) == 2
    assert checked(data).fields == tuple(name for name in data if name != "proof")
    with pytest.raises(ProofError, match="output"):
        checked({**data, "output": [7]})


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where numbers, words and nothing stand."""
    if isinstance(value, dict | list):
        for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(inner, (*path, name))
    else:
        yield path


def altered(data: Any, path: tuple[Any, ...]) -> Any:
    changed = json.loads(json.dumps(data))
    inside = changed
    for name in path[:-1]:
        inside = inside[name]
    old = inside[path[-1]]
    inside[path[-1]] = 1 if old is True else old + 1 if isinstance(old, int) else f"{old}1"
    return changed


@pytest.mark.parametrize(
    "data",
    [pytest.param(data, marks=pytest.mark.slow if index < len(REPORTS) else ()) for index, data in enumerate(DATA)],
    ids=range(len(DATA)),
)
def test_no_field_can_be_altered(data: Any) -> None:
    """Each number and each word by itself; the error names the field."""
    fields = {name: item for name, item in data.items() if name not in ("proof", "network", "asked")}
    for path in places(fields):
        with pytest.raises(ProofError) as refused:
            checked(altered(data, path))
        assert str(refused.value).startswith(str(path[0])), path


@pytest.mark.parametrize("data", DATA, ids=range(len(DATA)))
def test_fields_cannot_be_taken_away_or_added(data: Any) -> None:
    for name in data:
        if name not in ("proof", "network", "asked"):
            with pytest.raises(ProofError, match=f"{name}: the field is missing"):
                checked({key: item for key, item in data.items() if key != name})
    with pytest.raises(ProofError, match="price: there is no such field"):
        checked({**data, "price": 1})


def test_another_network_or_question_needs_another_proof() -> None:
    with pytest.raises(ProofError):
        checked({**DATA[0], "network": DATA[1]["network"]})
    with pytest.raises(ProofError, match="proof: it proves other theorems"):
        checked({**report("784 -> FC|10"), "proof": DATA[0]["proof"]})
    with pytest.raises(ProofError):
        checked({**DATA[2], "asked": DATA[3]["asked"]})
    for asked in ({"question": "(1*W) ->"}, {"question": ANSWERS[0][0], "where": 3}, {"question": "x", "why": ""}):
        with pytest.raises(ProofError):
            checked({**DATA[2], "asked": asked})


def test_remarks_on_a_text_that_was_not_there_are_not_looked_at() -> None:
    """A list of layers says that its words are letters; its notation may not be meant so."""
    data = json.loads(json.dumps(report_data(Network((3, 8, 8), [Conv("wide", 3)]))))
    assert data["notes"] == []
    assert "notes" in checked(data).not_looked_at


def test_of_a_proof_by_itself_nothing_else_is_looked_at() -> None:
    found = checked(DATA[3]["proof"])
    assert str(found).startswith("checked: 1 theorem, 63 steps; nothing else was looked at\n  W ≥ 1 ⊢ W + 2·0 ≥ 3 ∧ ")
    one = write_proof(Network.parse("(1*W) -> Conv|1|9").closed_form["L"].theorem)
    assert "  W ≥ 1, W ≥ 9 ⊢ " in str(checked(one))


@pytest.mark.parametrize("number", range(len(DATA)))
def test_results_without_their_question_are_not_checked(
    number: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file cannot say that nothing of it is to be compared."""
    data = {**DATA[number], "parameters": 5}
    for cut in ({}, {"network": 3}, {"network": None}, {"asked": "x"}, {"asked": {}}):
        rest = {name: item for name, item in data.items() if name not in ("asked", "network")}
        path = tmp_path / "report.json"
        path.write_text(json.dumps({**rest, **cut}))
        assert main(["check", str(path)]) == 1
        assert "so nothing can be compared" in capsys.readouterr().err


def test_what_the_symbols_promise_is_said() -> None:
    W = Symbol("W", 10)
    assert "  W ≥ 10 ⊢ W ≥ 10" in str(checked(write_proof(sign(Le(integer(10), W)))))


def test_two_symbols_of_one_name_are_refused() -> None:
    two = (sign(Le(integer(least), Symbol("W", least))) for least in (10, 1))
    with pytest.raises(ProofError, match="W stands for two symbols: at least 10 and at least 1"):
        checked(write_proof(*two))


def test_a_question_is_kept_with_its_network(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert written_out("(1*W) -> Conv|1|3", lambda name: "") == "(1*W) -> Conv|1|3"
    net = tmp_path / "a.net"
    net.write_text("(1*W)\n-> Conv|8|3 # nine\n", encoding="utf-8")
    assert main(["solve", f"{net} = (8, 12)", "--json", "--where", "W < 99"]) == 0
    kept = tmp_path / "a.json"
    kept.write_text(capsys.readouterr().out, encoding="utf-8")
    net.unlink()
    assert main(["check", str(kept)]) == 0
    assert capsys.readouterr().out.startswith("checked: 1 theorem, ")
    data = json.loads(kept.read_text(encoding="utf-8"))
    kept.write_text(json.dumps({**data, "set": "W ∈ {15}"}), encoding="utf-8")
    assert main(["check", str(kept)]) == 1
    assert "set is 'W ∈ {15}', the theorems give 'W ∈ {14}'" in capsys.readouterr().err


def test_outputs_that_are_read_too_are_held_against_their_layers() -> None:
    net = Network.parse("(3*8*8) -> Conv|4|3 -> Flatten -> FC|2")
    net = Network.of(replace(net.graph, declared=(3, 1)))
    data = json.loads(json.dumps(report_data(net)))
    assert data["outputs"] == [
        {"index": 3, "name": "dense1", "output": [2]},
        {"index": 1, "name": "conv1", "output": [4, 6, 6]},
    ]
    assert checked(data).not_looked_at == ("outputs[…].index",)
    data["outputs"][1]["output"] = [4, 5, 5]
    with pytest.raises(ProofError, match=r"outputs\[1\].output\[1\] is 5, the theorems give 6"):
        checked(data)
    for wrong in ([], [{"index": 9}], [{"index": True}], "conv1", [3]):
        with pytest.raises(ProofError, match="outputs: they do not say which layers they are of"):
            checked({**data, "outputs": wrong})


def test_a_table_has_no_proof(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["table", "784 -> FC|10", "--json"])
    (tmp_path / "t.json").write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["check", str(tmp_path / "t.json")]) == 1
    assert "there is none in it: symnet report --json" in capsys.readouterr().err
