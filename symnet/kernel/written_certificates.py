"""Certificates as data: a list of nodes in which each names earlier ones by their places, the whole tree last.

["yes"]   ["no", part]   ["at", place, below, above]   ["mod", k, [branch, …]]   ["only", k, j, part, inside]
["each", [[first, last, inside], …]]
"""

from __future__ import annotations

from typing import Any

from symnet.errors import ProofError
from symnet.kernel.certificate import At, Certificate, Each, Mod, No, Only, Run, Yes, inner, inner_first

__all__ = ["read_certificate", "write_certificate"]


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


def read_certificate(written: Any) -> Certificate:
    """The certificate that was written; whether it shows anything is for the rule to say."""
    if not isinstance(written, list) or not written:
        raise ProofError("a certificate is a list of nodes")
    made: list[Certificate] = []

    def at(place: Any) -> Certificate:
        if type(place) is not int or not 0 <= place < len(made):
            raise ProofError(f"{place!r:.80} names no node of the certificate that came before")
        return made[place]

    for number, entry in enumerate(written):
        match entry:
            case ["yes"]:
                made.append(Yes())
            case ["no", part]:
                made.append(No(part))
            case ["at", place, below, above]:
                made.append(At(place, at(below), at(above)))
            case ["mod", modulus, list(branches)]:
                made.append(Mod(modulus, tuple(map(at, branches))))
            case ["only", modulus, residue, part, inside]:
                made.append(Only(modulus, residue, part, at(inside)))
            case ["each", list(runs)] if all(isinstance(run, list) and len(run) == 3 for run in runs):
                made.append(Each(tuple([Run(first, last, at(inside)) for first, last, inside in runs])))
            case _:
                raise ProofError(f"node {number} of the certificate is none: {entry!r:.80}")
    return made[-1]
