"""A file with one number altered is refused, whatever the number; and by coqc alone, none is accepted that claims
something else.
"""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Iterator

import pytest

from symnet.coq.check import check, compiled_library, find_coqc
from symnet.coq.emit import HEADER, emit
from symnet.coq.statements import check_file, statements
from symnet.kernel.theorem import Theorem
from symnet.solving import solve
from symnet.terms.term import symbols_of
from tests.coq.derivations import QUESTIONS, more_cases, numeric_stack, own_symbols_stack

pytestmark = pytest.mark.coq

_NUMBER = re.compile(r"(?<![\w.'])\d+(?![\w'])")


def _alterable(body: str) -> Iterator[re.Match[str]]:
    """Numbers anywhere but in comments."""
    for line in re.finditer(r"^.*$", body, re.MULTILINE):
        if not line[0].startswith("(*"):
            yield from _NUMBER.finditer(body, *line.span())


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
    text = emit(numeric_stack(120), narrate=10)
    assert "stack_size network_1" in text
    body = text.split("\n\n", 1)[1]
    draw = random.Random(7)
    bodies = [body, *(_altered(body, draw) for _ in range(40)), body]
    _none_claims_more(bodies, {body})


def test_altered_questions() -> None:
    """One coqc for each: an altered number may make a decision by evaluation endless."""
    draw = random.Random(11)
    for question, options in QUESTIONS[1:4]:
        theorem = solve(question, **options).theorem
        assert theorem is not None
        source = emit(theorem)
        for altered in {_altered(source, draw) for _ in range(8)} - {source}:
            if check(altered, timeout=20).ok:
                assert statements(altered) == statements(source), altered


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
