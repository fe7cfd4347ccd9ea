"""Proofs written down as data, for :mod:`symnet.kernel.replay` to make them again."""

from __future__ import annotations

from typing import Any

from symnet.kernel.certificate import At, Certificate, Mod, No, Only, Yes
from symnet.kernel.proof_format import FORMAT, digest
from symnet.kernel.theorem import Theorem
from symnet.kernel.walks import inner, inner_first, nodes_in, steps
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.node import Node, children_first

__all__ = ["write_certificate", "write_proof"]


def write_proof(*goals: Theorem) -> dict[str, Any]:
    """The proof of ``goals`` as JSON data, linear in the number of steps and nodes.

    >>> from symnet.kernel.replay import check_proof
    >>> from symnet.kernel.rules import value
    >>> from symnet.terms.term import integer
    >>> proof = write_proof(value(integer(28) - 5))
    >>> [theorem] = check_proof(proof)
    >>> theorem
    ⊢ 28 - 5 == 23
    """
    order = steps(*goals)
    number = {theorem: index for index, theorem in enumerate(order)}
    roots: list[Node] = []
    for theorem in order:
        roots.append(theorem.conclusion)
        roots.extend(nodes_in(theorem.arguments))
    for goal in goals:
        roots.extend(sorted(goal.hypotheses, key=_serial))  # the same proof is the same text in every run
    nodes = children_first(*roots)
    place = {node: index for index, node in enumerate(nodes)}

    def encode(value: Any) -> list[Any]:
        if type(value) is Theorem:
            return ["theorem", number[value]]
        if isinstance(value, Node):
            return ["node", place[value]]
        if isinstance(value, IntegerSet):
            return ["set", [list(part) for part in value.parts]]
        if isinstance(value, Certificate):
            return ["certificate", write_certificate(value)]
        if isinstance(value, tuple):
            return ["tuple", [encode(item) for item in value]]
        return ["integer", value]

    proof: dict[str, Any] = {
        "format": FORMAT,
        "nodes": [
            [type(node).__name__, *(place[arg] if isinstance(arg, Node) else _plain(arg) for arg in node.args)]
            for node in nodes
        ],
        "steps": [
            {
                "rule": theorem.rule,
                "arguments": [encode(argument) for argument in theorem.arguments],
                "conclusion": place[theorem.conclusion],
            }
            for theorem in order
        ],
        "goals": [
            {"step": number[goal], "hypotheses": sorted(place[hypothesis] for hypothesis in goal.hypotheses)}
            for goal in goals
        ],
    }
    return {**proof, "digest": digest(proof)}


def _serial(node: Node) -> int:
    return node.serial


def _plain(value: Any) -> Any:
    return [list(part) for part in value.parts] if isinstance(value, IntegerSet) else value


def write_certificate(certificate: Certificate) -> list[list[Any]]:
    """The nodes, each once.

    >>> write_certificate(At(4, No(0), At(9, Yes(), No(0))))
    [['no', 0], ['yes'], ['at', 9, 1, 0], ['at', 4, 0, 2]]
    """
    written: list[list[Any]] = []
    place: dict[int, int] = {}
    leaves: dict[Certificate, int] = {}
    for node in inner_first(certificate):
        if isinstance(node, Yes | No) and node in leaves:
            place[id(node)] = leaves[node]
            continue
        inside = [place[id(one)] for one in inner(node)]
        place[id(node)] = len(written)
        if isinstance(node, Yes | No):
            leaves[node] = len(written)
            written.append(["yes"] if isinstance(node, Yes) else ["no", node.part])
        elif isinstance(node, At):
            written.append(["at", node.place, *inside])
        elif isinstance(node, Mod):
            written.append(["mod", node.modulus, inside])
        elif isinstance(node, Only):
            written.append(["only", node.modulus, node.residue, node.part, *inside])
        else:
            written.append(["each", [[run.first, run.last, at] for run, at in zip(node.runs, inside, strict=True)]])
    return written
