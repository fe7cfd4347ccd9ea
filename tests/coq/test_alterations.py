"""A file with one number altered is refused, whatever the number; and by coqc alone, none is accepted that claims
something else.
"""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from symnet import Network
from symnet.cli import main
from symnet.coq.check import CoqUnanswered, check, compiled_library, find_coqc
from symnet.coq.emit import HEADER, emit
from symnet.coq.statements import check_file, difference, statements
from symnet.kernel.theorem import Theorem
from symnet.solving import solve
from symnet.terms.term import symbols_of
from tests.coq.derivations import QUESTIONS, more_cases, numeric_stack, own_symbols_stack

pytestmark = pytest.mark.coq

_NUMBER = re.compile(r"\(\*.*?\*\)|(?<![\w.'])(\d+)(?![\w'])")


def _alterable(body: str) -> Iterator[re.Match[str]]:
    """Numbers anywhere but in comments."""
    return (found for found in _NUMBER.finditer(body) if found[1])


def _each_altered(body: str) -> list[str]:
    """For each number the text with its last digit altered."""
    ends = [place.end() for place in _alterable(body)]
    return [f"{body[: end - 1]}{(int(body[end - 1]) + 1) % 10}{body[end:]}" for end in ends]


def _altered(body: str, draw: random.Random) -> str:
    place = draw.choice(list(_alterable(body)))
    number = int(place[0]) + draw.choice([1, 2, 7, 10])
    return f"{body[: place.start()]}{number}{body[place.end() :]}"


def accepted(bodies: list[str]) -> list[bool]:
    """For each body whether its goal comes out; one Coq session for all. An error in it leaves the goal undefined."""
    coqc = find_coqc()
    lines = [HEADER, "Set Default Timeout 10."]  # a wrong equality may be refuted at length
    for index, body in enumerate(bodies):
        sentences = body.replace("Print Assumptions goal_1.", "")
        # a proof or a section that an error left open is closed, so that the next body starts anew
        lines += [f"Module M{index}.", sentences, "Abort All.", "End derivation.", "Abort All.", f"End M{index}."]
        lines += [f"Check (conj M{index}.goal_1 I).", f"Eval compute in {index + 1000000}."]
    done = subprocess.run(
        [coqc.replace("coqc", "coqtop"), "-q", "-R", str(compiled_library(coqc)), "Symnet"],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    parts = re.split(r"= 1\d{6}\b", done.stdout)
    assert len(parts) == len(bodies) + 1
    return ["conj" in part for part in parts[:-1]]


def _none_claims_more(bodies: list[str], originals: set[str]) -> None:
    """The unaltered bodies are accepted, and no other one unless it claims the same: a number in a certificate, such as
    a multiplier of ``linear``, may be altered and still prove what is claimed.
    """
    claimed = [statements(body) for body in originals]
    wrong = [
        body
        for body, verdict in zip(bodies, accepted(bodies), strict=True)
        if (body in originals and not verdict) or (verdict and statements(body) not in claimed)
    ]
    known = {line for body in originals for line in body.splitlines()}
    others = [line for body in wrong for line in body.splitlines() if line not in known]
    assert not wrong, f"{len(wrong)} wrong verdicts; there stands {others}"


def body_of(goal: Theorem) -> str:
    return emit(goal).split("\n\n", 1)[1]


def _mutants(goal: Theorem, amount: int, seed: int) -> list[str]:
    body = body_of(goal)
    assert body.startswith("Section")
    draw = random.Random(seed)
    return [body, *(_altered(body, draw) for _ in range(amount)), body]


@pytest.mark.parametrize("seed", range(2))
def test_altered_derivations(seed: int) -> None:
    for goal in (numeric_stack(3), own_symbols_stack(2)):
        bodies = _mutants(goal, 40, seed)
        _none_claims_more(bodies, {body_of(goal)})


def test_altered_rules() -> None:
    """Closed statements are left out: Coq works them out, so another one that is true too is proven as well."""
    bodies: list[str] = []
    goals = [goal for goal in more_cases() if symbols_of(goal.conclusion) and any(_alterable(body_of(goal)))]
    for index, goal in enumerate(goals):
        bodies += _mutants(goal, 2, index)
    _none_claims_more(bodies, set(map(body_of, goals)))


def test_altered_networks() -> None:
    """Every number of the network and of its closed form; a stronger premise would be shown as well."""
    text = emit(numeric_stack(120), narrate=10)
    assert "stack_size network_1" in text
    body = text.split("\n\n", 1)[1]
    premises = next(line for line in body.splitlines() if line.startswith("Theorem goal_1"))
    before, after = body.split(premises)
    bodies = [f"{each}{premises}{after}" for each in _each_altered(before)]
    bodies += [f"{before}{premises}{each}" for each in _each_altered(after)]
    assert len(bodies) > 8
    _none_claims_more([body, *bodies], {body})


def test_altered_questions() -> None:
    """One coqc for each: an altered number may make a decision by evaluation endless."""
    draw = random.Random(11)
    for question, options in QUESTIONS[1:4]:
        theorem = solve(question, **options).theorem
        assert theorem is not None
        source = emit(theorem)
        for altered in {_altered(source, draw) for _ in range(8)} - {source}:
            try:
                accepted = check(altered, timeout=20).ok
            except CoqUnanswered:
                continue  # it is not accepted
            if accepted:
                assert statements(altered) == statements(source), altered


def _whole(monkeypatch: pytest.MonkeyPatch, times: int) -> list[Theorem]:
    """Goals of a network that is taken as long."""
    monkeypatch.setattr("symnet.coq.emit.EVALUATED", 0)
    block = "Conv|8|3|1 -> BN -> Conv|16|5|1|2 -> BN -> Maxpool|3|1"
    return list(Network.parse(f"(3*70*60) -> {times} * [{block}] -> FC|10").proof.goals)


def test_altered_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """By coqc alone, every number of the table and of what stands in each line of a kind."""
    source = emit(*_whole(monkeypatch, 4), narrate=100)
    before, table = source.split("Definition table")
    assert len(list(_alterable(table))) > 60
    body = before.split("\n\n", 1)[1]
    bodies = [f"{body}Definition table{each}" for each in [table, *_each_altered(table.split("Theorem")[0])]]
    rest = "Theorem" + table.split("Theorem", 1)[1]
    _none_claims_more([bodies[0], *(f"{each}{rest}" for each in bodies[1:])], {bodies[0]})


def test_altered_letters() -> None:
    """A table of letters may state another stack, but what a window needs and what a layer adds are checked."""
    network = Network.parse("(1*W*W) -> Conv|1|F|S|P -> Conv|1|A|B|C -> Maxpool|A|S|P")
    goal = network.closed_form["W"].theorem
    source = emit(goal, narrate=1)
    assert "Layer (At n1) (Num 1) (At n2) (Mul (Num 2) (At n3)) (At n1)" in source
    assert check(source).ok
    for altered in ("(Num 1) (At n2) (Mul", "(Num (-1)) (At n1)", "(Mul (Num 2) (At n3)) (At n1) (Add"):
        assert altered in source
        assert not check(source.replace(altered, altered.replace("At n", "Num ").replace("Num 1)", "Num 3)"))).ok
    assert "kind" not in emit(goal)  # a short one is narrated
    assert all(difference(each, source) for each in _each_altered(source))


@pytest.mark.parametrize("kind", ["a network", "a question", "a long derivation"])
def test_each_number_altered_is_refused(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them, one at a time, also where the altered file would prove something as well."""
    if kind == "a question":
        question, options = QUESTIONS[2]
        goals = [solve(question, **options).theorem]
    elif kind == "a network":
        goals = list(Network.parse("(1*28*28) -> Conv|32|5*5|1 -> Maxpool|2*2 -> FC|10").proof.goals)
    else:
        goals = _whole(monkeypatch, 5)
    source = emit(*goals)
    assert ("rows_of" in source) is (kind == "a long derivation")
    altered = _each_altered(source)
    assert len(altered) > 100
    assert all(difference(each, source) for each in altered)
    for each in random.Random(2).sample(altered, 5):
        refused = check_file(each, *goals)
        assert not refused.ok
        assert "not the one emitted" in refused.output
    assert check_file(source, *goals).ok


def test_an_altered_file_is_refused_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    network, file = "(1*W*W) -> Conv|8|5 -> Maxpool|2", tmp_path / "network.v"
    assert main(["coq", network, "-o", str(file)]) == 0
    source = file.read_text(encoding="utf-8")
    assert main(["coq", network, "--against", str(file)]) == 0
    assert "no axioms" in capsys.readouterr().out
    for altered in random.Random(3).sample(_each_altered(source), 12):
        file.write_text(altered, encoding="utf-8")
        assert main(["coq", network, "--against", str(file)]) == 1
        assert "not the one emitted" in capsys.readouterr().err
    assert main(["coq", "(1*W*W) -> Conv|8|5 -> Maxpool|3", "--against", str(file)]) == 1


def test_every_altered_file_is_refused_with_a_reason() -> None:
    goal = numeric_stack(3)
    source = emit(goal)
    assert check_file(source, goal).ok
    draw = random.Random(1)
    for altered in {_altered(source, draw) for _ in range(60)} - {source}:
        refused = check_file(altered, goal)
        assert not refused.ok
        assert "not the one emitted" in refused.output
    for altered in (source + "\n", source.replace("(* 1.", "(* 2."), "", source.replace("\n", "\r\n")):
        assert not check_file(altered, goal).ok
    assert "claims something else" in check_file(source.replace("1000 <= W", "1 <= W"), goal).output
