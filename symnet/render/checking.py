"""Checks printed JSON: its proof is replayed, and every other field is compared with what the theorems give.

A report names its network, an answer its question: from these the data are made again and compared field by field. A proof alone
has nothing to compare.
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
from symnet.network.memory import Memory
from symnet.network.network import Network
from symnet.notation.parse import parse_question
from symnet.printing.text import unicode_text
from symnet.render.json import first_output, report_data
from symnet.solving import solve
from symnet.solving.budgets import Budget
from symnet.solving.solutions import Solutions
from symnet.terms.propositions import Le
from symnet.terms.term import integer, symbols_of

__all__ = ["Checked", "answer_data", "checked", "written_out"]

#: The options of a question that an answer records.
OPTIONS = ("for", "where", "at", "exact", "valid", "budget", "every", "all", "batch", "dtype", "train")

#: How many goals of a proof are printed, and how many characters of each.
GOALS, LONG = 40, 400

#: The fields that notation does not record: the origin of an imported layer, and the layers that are outputs of a model.
ORIGIN = "origin"
OUTPUTS = "outputs"

#: Remarks on how a text was read, which the written-out network may not need.
NOTES = "notes"

#: The results of running an imported model in its framework, which only another run can confirm.
RUNS = ("compared", "not_compared", "outside")


class Checked(NamedTuple):
    """What was checked: the replayed theorems, the fields that agree with them, and the fields that could not be compared."""

    goals: tuple[Theorem, ...]
    fields: tuple[str, ...]
    not_looked_at: tuple[str, ...]

    @property
    def steps(self) -> int:
        """The number of kernel steps that were replayed."""
        return len(steps(*self.goals))

    def __str__(self) -> str:
        count = (
            f"{len(self.goals):,} theorem{'s' * (len(self.goals) != 1)}, {self.steps:,} step{'s' * (self.steps != 1)}"
        )
        if self.fields:
            left = f"; not looked at: {', '.join(self.not_looked_at)}" if self.not_looked_at else ""
            return f"checked: {count}, and every field against them: {', '.join(self.fields)}{left}"
        shown = [f"  {_goal_text(goal)}" for goal in self.goals[:GOALS]]
        more = [f"  … and {len(self.goals) - GOALS:,} more"] if len(self.goals) > GOALS else []
        rest = f" ({', '.join(self.not_looked_at)})" if self.not_looked_at else ""
        return "\n".join([f"checked: {count}; nothing else was looked at{rest}", *shown, *more])


def _goal_text(goal: Theorem) -> str:
    promises = [
        Le(integer(one.least), one) for one in symbols_of(goal.conclusion, *goal.hypotheses) if one.least is not None
    ]
    under = ", ".join([*map(unicode_text, promises), *sorted(map(unicode_text, goal.hypotheses))])
    text = f"{under} ⊢ {unicode_text(goal.conclusion)}".strip()
    return text if len(text) <= LONG else f"{text[:LONG]}…"


def written_out(question: str, load: Callable[[str], str]) -> str:
    """A question with the content of its network's file in place of the file's name. ``load`` reads a file.

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


def answer_data(solutions: Solutions, question: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """An answer as JSON data with its question, and with the options of ``symnet solve`` that were set."""
    used = {name: options[name] for name in OPTIONS if options.get(name)}
    return {"asked": {"question": question, **used}, **solutions.to_json(numeric=bool(options.get("all")))}


def checked(data: Any) -> Checked:
    """Check a report, an answer or a proof. Raises :class:`symnet.errors.ProofError`, which names the wrong field."""
    if not isinstance(data, dict) or "proof" not in data:
        if isinstance(data, dict) and "nodes" not in data and ("layers" in data or "solutions" in data):
            raise ProofError("there is none in it: symnet report --json and symnet solve --json write one")
        return Checked(_with_distinct_symbols(check_proof(data)), (), ())
    goals = _with_distinct_symbols(check_proof(data["proof"]))
    others = tuple(name for name in data if name != "proof")
    fresh = _recomputed(data)
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


def _with_distinct_symbols(goals: tuple[Theorem, ...]) -> tuple[Theorem, ...]:
    """The goals. Raises ProofError if they have two symbols of one name with different lower bounds, which readers cannot tell apart."""
    promised: dict[str, int | None] = {}
    for symbol in symbols_of(*(node for goal in goals for node in (goal.conclusion, *goal.hypotheses))):
        if promised.setdefault(symbol.name, symbol.least) != symbol.least:
            each = " and ".join(
                "any integer" if one is None else f"at least {one}" for one in (promised[symbol.name], symbol.least)
            )
            raise ProofError(f"{symbol.name} stands for two symbols: {each}")
    return goals


def _recomputed(data: dict[str, Any]) -> dict[str, Any] | None:
    """The data made again from the network or the question that they name; ``None`` if they name neither."""
    try:
        if isinstance(data.get("network"), str):
            network = _with_outputs(Network.parse(data["network"]), data)
            return report_data(network, _memory(network, data.get("memory")))
        asked = data.get("asked")
        if isinstance(asked, dict) and isinstance(asked.get("question"), str):
            return answer_data(_solved(asked), asked["question"], asked)
    except SymnetError as error:
        raise ProofError(f"what it is about cannot be read: {error}") from None
    return None


def _memory(network: Network, stated: Any) -> Memory | None:
    """The memory for what a report says that its bytes are counted for; ``None`` if it counts none."""
    if stated is None:
        return None
    counted_for = [stated.get(name) for name in ("batch", "train", "dtype")] if isinstance(stated, dict) else [None]
    if type(counted_for[0]) not in (int, str):
        raise ProofError("memory: it does not say what bytes are counted for")
    return Memory(network, *counted_for)


def _with_outputs(network: Network, data: Mapping[str, Any]) -> Network:
    """The network with the outputs that the data name; the rest of these fields is compared later. The first output of a model is
    the first one that it names, that of notation its last layer.
    """
    if OUTPUTS not in data:
        return network
    named = data[OUTPUTS] if isinstance(data[OUTPUTS], list) else []
    positions = [output["index"] for output in named if isinstance(output, dict) and type(output.get("index")) is int]
    if not positions or not all(0 <= position < len(network.placed) for position in positions):
        raise ProofError("outputs: they do not say which layers they are of")
    if tuple(positions) == network.graph.outputs() and data.get("output") == first_output(network):
        return network
    return Network.of(replace(network.graph, declared=tuple(positions)), network.placed)


def _solved(asked: dict[str, Any]) -> Solutions:
    unknown = set(asked) - {"question", *OPTIONS}
    texts = [asked.get(name) for name in ("for", "where", "budget", "at", "every", "batch", "dtype", "train")]
    if unknown or not all(text is None or isinstance(text, str) for text in texts):
        raise ProofError("asked: there are no such options")
    solutions: Solutions = solve(
        question_at(parse_question(asked["question"]), numbers([texts[3]] if texts[3] else [])),
        for_=texts[0],
        where=texts[1],
        exact=asked.get("exact") is True,
        valid=asked.get("valid") is True,
        budget=texts[2] and Budget(texts[2], texts[5] or "1", texts[6] or "float32", texts[7]),
        every=texts[4],
    )
    return solutions


def _same_goals(goals: tuple[Theorem, ...], expected: tuple[Theorem, ...]) -> None:
    if [(goal.conclusion, goal.hypotheses) for goal in goals] != [
        (goal.conclusion, goal.hypotheses) for goal in expected
    ]:
        raise ProofError("proof: it proves other theorems than those of what it says it is about")


def _same(expected: Any, stated: Any, where: str) -> None:
    """Raise ProofError if two JSON values differ, with the position of the difference; 1, 1.0 and true are different."""
    if type(expected) is not type(stated):
        raise ProofError(f"{where} is {stated!r:.80}, the theorems give {expected!r:.80}")
    if isinstance(expected, dict):
        for name in dict.fromkeys((*expected, *stated)):
            if name == ORIGIN:
                continue
            if name not in expected or name not in stated:
                raise ProofError(
                    f"{where}.{name}: {'there is no such field' if name in stated else 'the field is missing'}"
                )
            _same(expected[name], stated[name], f"{where}.{name}")
    elif isinstance(expected, list):
        if len(expected) != len(stated):
            raise ProofError(f"{where} has {len(stated):,} entries, the theorems give {len(expected):,}")
        for index, (own, other) in enumerate(zip(expected, stated, strict=True)):
            _same(own, other, f"{where}[{index}]")
    elif expected != stated:
        raise ProofError(f"{where} is {stated!r:.80}, the theorems give {expected!r:.80}")
