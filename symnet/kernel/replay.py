"""Proofs as data: make a theorem again from what was written (:mod:`symnet.kernel.writing`), through the rules.

A proof has a table of nodes, the steps in order (rule, arguments, claimed conclusion), and the goals (a step and its hypotheses).
Nothing in it is believed: every step is made again by its rule and must give exactly what is claimed.
"""

from __future__ import annotations

from typing import Any

import symnet.kernel.rules  # noqa: F401  (fills RULES)
from symnet.errors import ProofError, SymnetError
from symnet.kernel.proof_format import require_intact
from symnet.kernel.reading import read_argument, read_node, read_place
from symnet.kernel.theorem import RULES, Theorem
from symnet.terms.node import Node

__all__ = ["check_proof"]


def check_proof(proof: Any) -> tuple[Theorem, ...]:
    """Make every step of ``proof`` again and return its goals; any change is refused with a :class:`ProofError`."""
    nodes: list[Node] = []
    made: list[Theorem] = []
    goals: list[Theorem] = []
    require_intact(proof)
    where, entry = "node", None
    try:
        for number, entry in enumerate(proof["nodes"]):
            where = f"node {number}"
            nodes.append(read_node(entry, nodes))
        for number, entry in enumerate(proof["steps"]):
            where = f"step {number}"
            made.append(_step(entry, nodes, made))
        for number, entry in enumerate(proof["goals"]):
            where = f"goal {number}"
            goals.append(_goal(entry, nodes, made))
    except SymnetError as error:
        raise ProofError(f"{where}: {error}") from None
    except (TypeError, ValueError):
        raise ProofError(f"{where}: {entry!r:.80} is not a {where.split()[0]}") from None
    except RecursionError:
        raise ProofError("the proof is nested too deeply") from None
    if not goals:
        raise ProofError("the proof has no goal")
    return tuple(goals)


def _step(entry: Any, nodes: list[Node], made: list[Theorem]) -> Theorem:
    match entry:
        case {"rule": str(rule), "arguments": [*arguments], "conclusion": claimed} if len(entry) == 3:
            if rule not in RULES:
                raise ProofError(f"there is no rule {rule!r:.80}")
            theorem = RULES[rule](*[read_argument(item, nodes, made) for item in arguments])
            if theorem.conclusion is not read_place(nodes, claimed):
                raise ProofError(f"the rule {rule} gives {theorem!r}, which is not what the step claims")
            return theorem
    raise ValueError


def _goal(entry: Any, nodes: list[Node], made: list[Theorem]) -> Theorem:
    match entry:
        case {"step": place, "hypotheses": [*claimed]} if len(entry) == 2:
            theorem = read_place(made, place)
            if theorem.hypotheses != {read_place(nodes, hypothesis) for hypothesis in claimed}:
                raise ProofError(f"it rests on other hypotheses than it claims: {theorem!r}")
            return theorem
    raise ValueError
