"""Checking what was printed as JSON: the proof is replayed, and every other field must be what its theorems give.

A report names its network, an answer what was asked: from that the data are made anew, and compared field by field. Of a
proof by itself there is nothing to compare.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from symnet.errors import ProofError, SymnetError
from symnet.kernel.replay import check_proof
from symnet.kernel.theorem import Theorem
from symnet.kernel.walks import steps
from symnet.network.at_numbers import numbers, question_at
from symnet.network.network import Network
from symnet.notation.parse import parse_question
from symnet.printing.text import unicode_text
from symnet.render.json import report_data
from symnet.solving import solve
from symnet.solving.solutions import Solutions
from symnet.terms.propositions import Le
from symnet.terms.term import integer, symbols_of

__all__ = ["Checked", "answer_data", "checked", "written_out"]

#: What may be asked besides the question.
OPTIONS = ("for", "where", "at", "exact", "valid", "budget", "every", "all")

#: Goals printed of a proof by itself, and how much of each.
GOALS, LONG = 40, 400

#: Where an imported layer came from: it stands in no notation. Neither does which layers a model gives the outputs of.
ORIGIN = "origin"
OUTPUTS = "outputs"

#: Remarks on how a text was read, which the network written anew may not need.
NOTES = "notes"

#: What the framework of an imported model gave when it was run: only a run can say it again.
RUNS = ("compared", "not_compared", "outside")


class Checked(NamedTuple):
    """What held: the theorems that were made again, and the fields that are what they say."""

    goals: tuple[Theorem, ...]
    fields: tuple[str, ...]
    not_looked_at: tuple[str, ...]

    @property
    def steps(self) -> int:
        """Kernel steps that were made again."""
        return len(steps(*self.goals))

    def __str__(self) -> str:
        count = (
            f"{len(self.goals):,} theorem{'s' * (len(self.goals) != 1)}, {self.steps:,} step{'s' * (self.steps != 1)}"
        )
        if self.fields:
            left = f"; not looked at: {', '.join(self.not_looked_at)}" if self.not_looked_at else ""
            return f"checked: {count}, and every field against them: {', '.join(self.fields)}{left}"
        shown = [f"  {_written(goal)}" for goal in self.goals[:GOALS]]
        more = [f"  … and {len(self.goals) - GOALS:,} more"] if len(self.goals) > GOALS else []
        rest = f" ({', '.join(self.not_looked_at)})" if self.not_looked_at else ""
        return "\n".join([f"checked: {count}; nothing else was looked at{rest}", *shown, *more])


def _written(goal: Theorem) -> str:
    promises = [
        Le(integer(one.least), one) for one in symbols_of(goal.conclusion, *goal.hypotheses) if one.least is not None
    ]
    under = ", ".join([*map(unicode_text, promises), *sorted(map(unicode_text, goal.hypotheses))])
    said = f"{under} ⊢ {unicode_text(goal.conclusion)}".strip()
    return said if len(said) <= LONG else f"{said[:LONG]}…"


def written_out(question: str, load: Callable[[str], str]) -> str:
    """A question with the content of its network's file in the place of the name.

    >>> written_out("net.net = (8, _)", lambda name: "(1*W) -> Conv|8|3\\n")
    '(1*W) -> Conv|8|3\\n= (8, _)'
    """
    contents: list[str] = []

    def read(name: str) -> str:
        contents.append(load(name))
        return contents[-1]

    parse_question(question, load=read)
    if not contents:
        return question
    _, equals, target = question.partition("=")
    return f"{contents[0].rstrip()}\n= {target.strip()}" if equals else contents[0]


def answer_data(found: Solutions, question: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """An answer as JSON data, with what was asked: the question and the options of ``symnet solve`` that were given."""
    given = {name: options[name] for name in OPTIONS if options.get(name)}
    return {"asked": {"question": question, **given}, **found.to_json(numeric=bool(options.get("all")))}


def checked(data: Any) -> Checked:
    """Check a report, an answer or a proof. Raises :class:`symnet.errors.ProofError` naming the field that is wrong."""
    if not isinstance(data, dict) or "proof" not in data:
        if isinstance(data, dict) and "nodes" not in data and ("layers" in data or "solutions" in data):
            raise ProofError("there is none in it: symnet report --json and symnet solve --json write one")
        return Checked(_of_one_kind(check_proof(data)), (), ())
    goals = _of_one_kind(check_proof(data["proof"]))
    others = tuple(name for name in data if name != "proof")
    fresh = _anew(data)
    if fresh is None and others:
        raise ProofError(
            f'{", ".join(others[:5])}{", …" if len(others) > 5 else ""}: no "network" and no "asked" says what these are of, so '
            "nothing can be compared; a proof without them can be checked by itself"
        )
    if fresh is None:
        return Checked(goals, (), ())
    unread: list[str] = []
    for name in dict.fromkeys(("proof", *fresh, *others)):
        if name in RUNS:
            unread.append(name)
            continue
        if name not in fresh or name not in data:
            raise ProofError(f"{name}: {'there is no such field' if name in data else 'the field is missing'}")
        if name == "proof":
            _same_goals(goals, check_proof(fresh["proof"]))
        elif name == NOTES and fresh[name] != data[name]:
            unread.append(name)
        else:
            _same(len(steps(*goals)) if name == "steps" else fresh[name], data[name], name)
    imported = any(ORIGIN in layer for layer in data.get("layers", ()))
    taken = ["outputs[…].index"] if OUTPUTS in data else []
    looked_at = tuple(name for name in others if name not in unread)
    return Checked(goals, looked_at, (*["layers[…].origin"] * imported, *taken, *unread))


def _of_one_kind(goals: tuple[Theorem, ...]) -> tuple[Theorem, ...]:
    """The goals, unless they speak of two symbols of one name that promise different things: no reader could tell."""
    promised: dict[str, int | None] = {}
    for symbol in symbols_of(*(node for goal in goals for node in (goal.conclusion, *goal.hypotheses))):
        if promised.setdefault(symbol.name, symbol.least) != symbol.least:
            each = " and ".join(
                "any integer" if one is None else f"at least {one}" for one in (promised[symbol.name], symbol.least)
            )
            raise ProofError(f"{symbol.name} stands for two symbols: {each}")
    return goals


def _anew(data: dict[str, Any]) -> dict[str, Any] | None:
    """The data made from what they say they are about; ``None`` where they do not say."""
    try:
        if isinstance(data.get("network"), str):
            return report_data(_giving(Network.parse(data["network"]), data.get(OUTPUTS)))
        asked = data.get("asked")
        if isinstance(asked, dict) and isinstance(asked.get("question"), str):
            return answer_data(_solved(asked), asked["question"], asked)
    except SymnetError as error:
        raise ProofError(f"what it is about cannot be read: {error}") from None
    return None


def _giving(network: Network, outputs: Any) -> Network:
    """The network with the outputs that the data name; what they say of each is compared later."""
    if outputs is None:
        return network
    named = outputs if isinstance(outputs, list) else []
    places = [output["index"] for output in named if isinstance(output, dict) and type(output.get("index")) is int]
    if not places or not all(0 <= place < len(network.placed) for place in places):
        raise ProofError("outputs: they do not say which layers they are of")
    return Network.of(replace(network.graph, declared=tuple(places)), network.placed)


def _solved(asked: dict[str, Any]) -> Solutions:
    unknown = set(asked) - {"question", *OPTIONS}
    texts = [asked.get(name) for name in ("for", "where", "budget", "at", "every")]
    if unknown or not all(text is None or isinstance(text, str) for text in texts):
        raise ProofError("asked: there are no such options")
    found: Solutions = solve(
        question_at(parse_question(asked["question"]), numbers([texts[3]] if texts[3] else [])),
        for_=texts[0],
        where=texts[1],
        exact=asked.get("exact") is True,
        valid=asked.get("valid") is True,
        budget=texts[2],
        every=texts[4],
    )
    return found


def _same_goals(goals: tuple[Theorem, ...], ours: tuple[Theorem, ...]) -> None:
    if [(goal.conclusion, goal.hypotheses) for goal in goals] != [(goal.conclusion, goal.hypotheses) for goal in ours]:
        raise ProofError("proof: it proves other theorems than those of what it says it is about")


def _same(ours: Any, theirs: Any, where: str) -> None:
    """Raise where two JSON values differ, naming the place; 1, 1.0 and true are different."""
    if type(ours) is not type(theirs):
        raise ProofError(f"{where} is {theirs!r:.80}, the theorems give {ours!r:.80}")
    if isinstance(ours, dict):
        for name in dict.fromkeys((*ours, *theirs)):
            if name == ORIGIN:
                continue
            if name not in ours or name not in theirs:
                raise ProofError(
                    f"{where}.{name}: {'there is no such field' if name in theirs else 'the field is missing'}"
                )
            _same(ours[name], theirs[name], f"{where}.{name}")
    elif isinstance(ours, list):
        if len(ours) != len(theirs):
            raise ProofError(f"{where} has {len(theirs):,} entries, the theorems give {len(ours):,}")
        for place, (own, other) in enumerate(zip(ours, theirs, strict=True)):
            _same(own, other, f"{where}[{place}]")
    elif ours != theirs:
        raise ProofError(f"{where} is {theirs!r:.80}, the theorems give {ours!r:.80}")
