"""Certificates of the kernel's rule ``tree`` (case distinctions that solve a question) as Coq data for ``Cases.v``."""

from __future__ import annotations

from symnet.errors import SymnetError
from symnet.kernel.certificate import At, Certificate, Each, Mod, Only, Run
from symnet.kernel.walks import inner, inner_first
from symnet.printing.coq import numeral
from symnet.terms.intervals import Interval
from symnet.terms.propositions import And, In, Or, Proposition

__all__ = ["coq_tree", "refuse_what_takes_too_long"]

#: The limit of leaves times alternatives: Coq compares each pair of them, which takes a minute or two for this many.
LOOKS = 1_000_000


def refuse_what_takes_too_long(answer: Proposition, certificate: Certificate) -> None:
    """Raise :class:`symnet.SymnetError` for a certificate that Coq would check for more than a few minutes."""
    alternatives = sum(len(one.args[1].parts) for one in _sets(answer))
    leaves: dict[int, int] = {}
    for node in inner_first(certificate):
        inside = [leaves[id(one)] for one in inner(node)]
        if isinstance(node, Only):
            leaves[id(node)] = inside[0] + node.modulus
        elif isinstance(node, Each):
            leaves[id(node)] = sum(one * (run.last - run.first + 1) for one, run in zip(inside, node.runs, strict=True))
        else:
            leaves[id(node)] = sum(inside) or 1
    if leaves[id(certificate)] * max(1, alternatives) > LOOKS:
        raise SymnetError(
            f"the answer has {alternatives:,} alternatives and {leaves[id(certificate)]:,} places to try them: more than Coq checks in a "
            'few minutes; narrow the question (--where "F<=100"), or take the kernel\'s proof (solve --json, then check)'
        )


def _sets(answer: Proposition) -> list[Proposition]:
    """The integer sets that an answer mentions."""
    if isinstance(answer, And | Or):
        return [one for part in answer.args for one in _sets(part)]
    return [answer] if isinstance(answer, In) else []


def coq_tree(certificate: Certificate, outer: int, ends: Interval) -> str:
    """A certificate as Coq data. ``outer`` is the number of unknowns before the last one, ``ends`` the bounds of the last one.

    >>> from symnet.kernel.certificate import No, Yes
    >>> coq_tree(At(4, No(0), Yes()), 0, (1, None))
    '(Cut_at 4 Leaf Leaf)'
    """
    if outer == 0:
        return _last(certificate, ends)
    deeper = outer - isinstance(certificate, Each)
    return _node(certificate, [coq_tree(one, deeper, ends) for one in inner(certificate)])


def _last(certificate: Certificate, ends: Interval) -> str:
    """The tree of the last unknown; without a lower end it is mirrored, since Coq goes through values upwards."""
    low, high = ends
    if low is not None:
        return _plain(certificate)
    if high is not None:
        return _plain(_mirrored(certificate, high))
    split, below, above = certificate if isinstance(certificate, At) else (-1, certificate, certificate)
    return f"(Sides {numeral(split)} {_plain(_mirrored(below, split))} {_plain(above)})"


def _plain(certificate: Certificate) -> str:
    texts: dict[int, str] = {}
    for node in inner_first(certificate):
        texts[id(node)] = _node(node, [texts[id(one)] for one in inner(node)])
    return texts[id(certificate)]


def _node(node: Certificate, inside: list[str]) -> str:
    """One node as Coq data; ``inside`` has the texts of the nodes below it."""
    match node:
        case At(split):
            return f"(Cut_at {numeral(split)} {' '.join(inside)})"
        case Mod(modulus):
            return f"(Split {modulus} [{'; '.join(inside)}])"
        case Only(modulus, residue):
            return f"(Kept {modulus} {residue} {inside[0]})"
        case Each(runs):
            return _runs([(run.first, run.last, one) for run, one in zip(runs, inside, strict=True)])
    return "Leaf"


def _mirrored(certificate: Certificate, top: int) -> Certificate:
    """The tree for the unknown u = top - t."""
    match certificate:
        case At(split, below, above):
            return At(top - split - 1, _mirrored(above, top), _mirrored(below, top))
        case Mod(modulus, branches):
            ordered = [(top - u) % modulus for u in range(modulus)]
            return Mod(modulus, tuple([_mirrored(branches[j], (top - j) // modulus) for j in ordered]))
        case Only(modulus, j, part, rest):
            return Only(modulus, (top - j) % modulus, part, _mirrored(rest, (top - j) // modulus))
        case Each(runs):
            return Each(tuple([Run(top - b, top - a, _mirrored(inside, top)) for a, b, inside in reversed(runs)]))
    return certificate


def _runs(runs: list[tuple[int, int, str]]) -> str:
    """Runs of values as Coq data; neighbours with the same tree become one run."""
    joined: list[tuple[int, int, str]] = []
    for first, last, inside in runs:
        if joined and joined[-1][2] == inside:
            first = joined.pop()[0]
        joined.append((first, last, inside))
    return "(Each [" + "; ".join(f"({numeral(a)}, {numeral(b)}, {inside})" for a, b, inside in joined) + "])"
