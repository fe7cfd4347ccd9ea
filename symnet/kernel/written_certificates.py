"""Certificates as data: a list of nodes in which each names earlier ones by their places, the whole tree last.

["yes"]   ["no", part]   ["at", place, below, above]   ["mod", k, [branch, …]]   ["only", k, j, part, inside]
["each", [[first, last, inside], …]]
"""

from __future__ import annotations

from typing import Any

from symnet.errors import ProofError
from symnet.kernel.certificate import At, Certificate, Each, Mod, No, Only, Run, Yes

__all__ = ["read_certificate"]


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
