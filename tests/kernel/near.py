"""Answers and certificates that differ a little from right ones: a place is moved by one, a verdict turned, a branch exchanged."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from symnet.kernel.certificate import At, Certificate, Each, Mod, No, Only, Run, Yes
from symnet.kernel.walks import inner, inner_first
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.propositions import And, In, Or, Proposition

__all__ = ["near_answers", "near_certificates"]


def _changed(node: Certificate, kind: int, by: int) -> Certificate:
    """A node as it might be written by mistake."""
    match node:
        case At(place, below, above):
            return [At(place + by, below, above), At(place, above, below), below, above][kind]
        case Mod(modulus, branches):
            return [
                Mod(modulus, (*branches[1:], branches[0])),
                branches[0],
                Mod(modulus + 1, (*branches, branches[-1])),
                Mod(modulus, branches[:-1]),
            ][kind]
        case Only(modulus, residue, part, inside):
            return [
                Only(modulus, (residue + by) % modulus, part, inside),
                Only(modulus + by, residue, part, inside),
                Only(modulus, residue, part + by, inside),
                Only(2 * modulus, residue, part, inside),
            ][kind]
        case Each(runs):
            first, *rest = runs
            return [
                Each((Run(first.first + by, first.last, first.inside), *rest)),
                Each(tuple(rest)),
                Each((Run(first.first, first.last + by, first.inside), *rest)),
                Each((first, *runs)),
            ][kind]
        case No(part):
            return [Yes(), No(part + by), No(part - by), Yes()][kind]
    return No(max(by, 0))


def _replaced(root: Certificate, old: Certificate, new: Certificate) -> Certificate:
    made: dict[int, Certificate] = {}
    for node in inner_first(root):
        inside = [made[id(one)] for one in inner(node)]
        match node:
            case At(place):
                copy: Certificate = At(place, *inside)
            case Mod(modulus):
                copy = Mod(modulus, tuple(inside))
            case Only(modulus, residue, part):
                copy = Only(modulus, residue, part, *inside)
            case Each(runs):
                copy = Each(tuple(Run(run.first, run.last, one) for run, one in zip(runs, inside, strict=True)))
            case _:
                copy = node
        made[id(node)] = new if node is old else copy
    return made[id(root)]


@st.composite
def near_certificates(draw: Any, certificate: Certificate) -> Certificate:
    node = draw(st.sampled_from(inner_first(certificate)))
    return _replaced(certificate, node, _changed(node, draw(st.integers(0, 3)), draw(st.sampled_from([-1, 1]))))


@st.composite
def near_answers(draw: Any, answer: Proposition) -> Proposition:
    match answer:
        case In(args=(symbol, IntegerSet(parts))) if parts:
            place = draw(st.integers(0, len(parts) - 1))
            residue, modulus, low, high = parts[place]
            by, end = draw(st.sampled_from([-1, 1])), draw(st.integers(0, 2))
            low = low + by * modulus if low is not None and end == 0 else low
            high = high + by * modulus if high is not None and end == 1 else high
            other = IntegerSet.residue_class(residue + (by if end == 2 else 0), modulus, low, high)
            return In(symbol, IntegerSet((*parts[:place], *other.parts, *parts[place + 1 :])))
        case In(args=(symbol, _)):
            return In(symbol, IntegerSet.of(draw(st.integers(-3, 3))))
        case Or(args=rows) if rows:
            place = draw(st.integers(0, len(rows) - 1))
            *equations, last = rows[place].args
            other_row = draw(st.just([]) | near_answers(last).map(lambda near: [And(*equations, near)]))
            return Or(*rows[:place], *other_row, *rows[place + 1 :])
    return answer
