"""What was written of a proof, as nodes, sets and certificates: the parser of :mod:`symnet.kernel.replay`.

A node names earlier ones by their places. A certificate is a list of nodes, too, the whole tree last:

["yes"]   ["no", part]   ["at", place, below, above]   ["mod", k, [branch, …]]   ["only", k, j, part, inside]
["each", [[first, last, inside], …]]

Like the parser of expressions it makes no theorem. What is malformed raises :class:`~symnet.errors.SymnetError`, ``TypeError`` or
``ValueError``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from symnet.errors import ProofError
from symnet.kernel.certificate import At, Certificate, Each, Mod, No, Only, Run, Yes
from symnet.kernel.theorem import Theorem
from symnet.terms.integer_sets import IntegerSet, Progression
from symnet.terms.node import Node
from symnet.terms.propositions import PROPOSITIONS, In
from symnet.terms.term import TERMS, Int, Power, Symbol

__all__ = ["read_argument", "read_node", "read_place"]

T = TypeVar("T")

_KINDS: dict[str, type[Node]] = {kind.__name__: kind for kind in TERMS | PROPOSITIONS}


def read_node(entry: Any, nodes: Sequence[Node]) -> Node:
    """A node, whose children were read before."""
    match entry:
        case [str(name), *args] if name in _KINDS and all(type(arg) in (int, str, list, type(None)) for arg in args):
            kind = _KINDS[name]  # true and 1.0 would pass for 1
            first = 0 if kind in (Int, Symbol) else 1 if kind in (Power, In) else len(args)
            rest = map(_set, args[first:]) if kind is In else args[first:]
            return kind(
                *[read_place(nodes, place) for place in args[:first]], *rest
            )  # which sees to what it is made of
    raise ValueError


def read_argument(item: Any, nodes: Sequence[Node], made: Sequence[Theorem]) -> Any:
    """What a rule was given, with the theorems that were made again before."""
    match item:
        case ["theorem", place]:
            return read_place(made, place)
        case ["node", place]:
            return read_place(nodes, place)
        case ["set", parts]:
            return _set(parts)
        case ["certificate", [*entries]]:
            return _certificate(entries)
        case ["tuple", [*items]]:
            return tuple([read_argument(inner, nodes, made) for inner in items])
        case ["integer", value] if type(value) is int:
            return value
    raise ProofError(f"{item!r:.80} is not an argument")


def _set(parts: Any) -> IntegerSet:
    if type(parts) is not list:
        raise ProofError(f"{parts!r:.80} is not a list of progressions")
    return IntegerSet(tuple([Progression(*part) for part in parts]))


def _certificate(entries: list[Any]) -> Certificate:
    """The tree that was written; whether it shows anything is for the rule to say."""
    made: list[Certificate] = []
    for entry in entries:
        match entry:
            case ["yes"]:
                node: Certificate = Yes()
            case ["no", part]:
                node = No(part)
            case ["at", place, below, above]:
                node = At(place, read_place(made, below), read_place(made, above))
            case ["mod", modulus, [*branches]]:
                node = Mod(modulus, tuple([read_place(made, branch) for branch in branches]))
            case ["only", modulus, residue, part, inside]:
                node = Only(modulus, residue, part, read_place(made, inside))
            case ["each", [*runs]]:
                node = Each(tuple([Run(first, last, read_place(made, inside)) for first, last, inside in runs]))
            case _:
                raise ProofError(f"{entry!r:.80} is no node of a certificate")
        made.append(node)
    if not made:
        raise ProofError("a certificate has nodes")
    return made[-1]


def read_place(table: Sequence[T], place: Any) -> T:
    """What stands at a place of a table."""
    if type(place) is not int or not 0 <= place < len(table):
        raise ProofError(f"{place!r:.80} names nothing that came before")
    return table[place]
