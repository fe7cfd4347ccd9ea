"""Proofs as data: make a theorem again from what was written (:mod:`symnet.kernel.writing`), through the rules.

A proof is ``{"format", "nodes", "steps", "goals", "digest"}``: a table of nodes (each names earlier ones), the
steps in order (rule, arguments, claimed conclusion), the goals (a step and its hypotheses), and a digest of the rest.
Nothing in it is believed: every step is made again by its rule and must give exactly what is claimed.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import symnet.kernel.rules  # noqa: F401  (fills RULES)
from symnet.errors import ProofError, SymnetError
from symnet.kernel.theorem import RULES, Theorem
from symnet.kernel.written_certificates import read_certificate
from symnet.terms import propositions
from symnet.terms import term as terms
from symnet.terms.integer_sets import IntegerSet, Progression
from symnet.terms.node import Node
from symnet.terms.propositions import Proposition
from symnet.terms.term import Term

__all__ = ["FORMAT", "check_proof", "digest"]

FORMAT = "symnet proof 2"

_KINDS: dict[str, type[Node]] = {
    name: kind
    for module in (terms, propositions)
    for name in module.__all__
    if isinstance(kind := getattr(module, name), type)
    and issubclass(kind, Node)
    and kind not in (Node, Term, terms.Count, Proposition)
}


def digest(proof: dict[str, Any]) -> str:
    """Of all but the digest itself."""
    content = {key: item for key, item in proof.items() if key != "digest"}
    try:
        return sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    except (TypeError, ValueError) as error:
        raise ProofError(f"a proof is JSON: {error}") from None


def check_proof(proof: Any) -> tuple[Theorem, ...]:
    """Make every step of ``proof`` again and return its goals; any change is refused with a :class:`ProofError`."""
    keys = {"format", "nodes", "steps", "goals", "digest"}
    if not isinstance(proof, dict) or set(proof) != keys:
        raise ProofError(f"a proof has exactly the keys {', '.join(sorted(keys))}")
    try:
        if proof["format"] != FORMAT:
            raise ProofError(f"the format is {proof['format']!r:.80}, this is a reader of {FORMAT!r}")
        if digest(proof) != proof["digest"]:
            raise ProofError("the proof was changed after it was written: its digest does not match")
        nodes = _read_nodes(_list(proof["nodes"], "nodes"))
        made: list[Theorem] = []
        for index, step in enumerate(_list(proof["steps"], "steps")):
            made.append(_replay(step, index, nodes, made))
        goals = tuple(_goal(goal, nodes, made) for goal in _list(proof["goals"], "goals"))
    except RecursionError:
        raise ProofError("the proof is nested too deeply") from None
    if not goals:
        raise ProofError("the proof has no goal")
    return goals


def _replay(step: Any, index: int, nodes: list[Node], made: list[Theorem]) -> Theorem:
    where = f"step {index}"
    if not isinstance(step, dict) or set(step) != {"rule", "arguments", "conclusion"}:
        raise ProofError(f"{where}: a step has a rule, arguments and a conclusion")
    if not isinstance(step["rule"], str) or step["rule"] not in RULES:
        raise ProofError(f"{where}: there is no rule {step['rule']!r}")
    arguments = [_argument(item, nodes, made, where) for item in _list(step["arguments"], where)]
    try:
        theorem = RULES[step["rule"]](*arguments)
    except SymnetError as error:
        raise ProofError(f"{where}: {error}") from None
    claimed = nodes[_index(step["conclusion"], len(nodes), where)]
    if theorem.conclusion is not claimed:
        raise ProofError(f"{where}: the rule {step['rule']} gives {theorem!r}, which is not what the step claims")
    return theorem


def _goal(goal: Any, nodes: list[Node], made: list[Theorem]) -> Theorem:
    if not isinstance(goal, dict) or set(goal) != {"step", "hypotheses"}:
        raise ProofError("a goal has a step and hypotheses")
    theorem = made[_index(goal["step"], len(made), "a goal")]
    claimed = {nodes[_index(item, len(nodes), "a goal")] for item in _list(goal["hypotheses"], "a goal")}
    if theorem.hypotheses != claimed:
        raise ProofError(f"the goal at step {goal['step']} rests on other hypotheses than it claims: {theorem!r}")
    return theorem


def _argument(item: Any, nodes: list[Node], made: list[Theorem], where: str) -> Any:
    match item:
        case ["theorem", index]:
            return made[_index(index, len(made), where)]
        case ["node", index]:
            return nodes[_index(index, len(nodes), where)]
        case ["set", parts]:
            return _set(parts, where)
        case ["certificate", nodes_of_tree]:
            try:
                return read_certificate(nodes_of_tree)
            except ProofError as error:
                raise ProofError(f"{where}: {error}") from None
        case ["tuple", list() as items]:
            return tuple(_argument(inner, nodes, made, where) for inner in items)
        case ["integer", int() as value] if type(value) is int:
            return value
    raise ProofError(f"{where}: {item!r:.80} is not an argument")


def _read_nodes(table: list[Any]) -> list[Node]:
    nodes: list[Node] = []
    for index, entry in enumerate(table):
        where = f"node {index}"
        if not (isinstance(entry, list) and entry and isinstance(entry[0], str) and entry[0] in _KINDS):
            raise ProofError(f"{where}: {entry!r:.80} is not a node")
        kind, args = _KINDS[entry[0]], entry[1:]
        try:
            nodes.append(_read_node(kind, args, nodes, where))
        except (SymnetError, TypeError, ValueError) as error:
            raise ProofError(f"{where}: {error}") from None
    return nodes


def _read_node(kind: type[Node], args: list[Any], nodes: list[Node], where: str) -> Node:
    plain = 0 if kind in (terms.Int, terms.Symbol) else 1 if kind in (terms.Power, propositions.In) else len(args)
    if any(type(arg) not in (int, str, list, type(None)) for arg in args):  # true and 1.0 are not 1
        raise ProofError(f"{where}: {args!r:.80} does not make a {kind.__name__}")
    children = [nodes[_index(place, len(nodes), where)] for place in args[:plain]]
    rest = [_set(arg, where) if kind is propositions.In else arg for arg in args[plain:]]
    return kind(*children, *rest)  # which sees to it that they are what it is made of


def _set(parts: Any, where: str) -> IntegerSet:
    if not isinstance(parts, list):
        raise ProofError(f"{where}: a set is a list of progressions")
    built: list[Progression] = []
    for part in parts:
        ok = isinstance(part, list) and len(part) == 4 and type(part[0]) is int and type(part[1]) is int
        if not (ok and part[1] >= 1 and all(end is None or type(end) is int for end in part[2:])):
            raise ProofError(f"{where}: {part!r:.80} is not a progression")
        progression = Progression(*part)
        if IntegerSet.residue_class(*progression).parts != (progression,):
            raise ProofError(f"{where}: the progression {part!r:.80} is not in its canonical form")
        built.append(progression)
    return IntegerSet(tuple(built))


def _list(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise ProofError(f"{where}: expected a list, got {type(value).__name__}")
    return value


def _index(value: Any, bound: int, where: str) -> int:
    if type(value) is not int or not 0 <= value < bound:
        raise ProofError(f"{where}: {value!r:.80} names nothing that came before")
    return value
