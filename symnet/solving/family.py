"""Answers with parameters: what bounds the unknown, and under which conditions."""

from __future__ import annotations

from itertools import product
from typing import Any

from symnet.kernel.propositions import And, Eq, Le, Lt, Or, Proposition
from symnet.printing.text import text, unicode_text
from symnet.solving.search import Family
from symnet.terms.polynomial import add, from_polynomial, normal_form
from symnet.terms.term import Symbol, Term, symbols_of

__all__ = ["Case", "conditions_on", "family_cases", "symbolic_classes"]


class Case:
    """One case: what the parameters must satisfy, and between which terms the unknown lies; ``others`` speak of it
    too.
    """

    def __init__(self) -> None:
        self.given: list[Proposition] = []
        self.lower: list[Term] = []
        self.upper: list[Term] = []
        self.others: list[Proposition] = []

    def take(self, part: Proposition, unknown: Symbol) -> None:
        """One more conjunct."""
        if unknown not in symbols_of(part):
            self.given.append(part)
        elif isinstance(part, Le | Lt) and unknown in part.args:
            left, right = part.args
            strict = isinstance(part, Lt)
            if left is unknown and unknown not in symbols_of(right):
                self.upper.append(_shifted(right, -1) if strict else right)
                return
            if right is unknown and unknown not in symbols_of(left):
                self.lower.append(_shifted(left, 1) if strict else left)
                return
            self.others.append(part)
        elif isinstance(part, Eq) and part.args[0] is unknown:
            self.lower.append(part.args[1])
            self.upper.append(part.args[1])
        else:
            self.others.append(part)


def _shifted(term: Term, by: int) -> Term:
    return from_polynomial(add(normal_form(term), {(): by}))


def family_cases(family: Family) -> list[Case]:
    """The conditions as cases: one for each way through the alternatives."""
    cases: list[Case] = []
    for way in _ways(family.conditions):
        case = Case()
        for part in way:
            case.take(part, family.unknown)
        cases.append(case)
    return cases


def _ways(proposition: Proposition) -> list[list[Proposition]]:
    """The alternatives without alternatives inside, each as the parts of a conjunction."""
    if isinstance(proposition, Or):
        return [way for part in proposition.args for way in _ways(part)]
    if isinstance(proposition, And):
        chosen = product(*(_ways(part) for part in proposition.args))
        return [[part for way in ways for part in way] for ways in chosen]
    return [[proposition]]


def conditions_on(family: Family) -> str:
    """For eyes: ``⌊…⌋ + 1 ≤ S ≤ ⌊…⌋, if …``, case by case."""
    return "; or ".join(_case_text(case, family.unknown) for case in family_cases(family))


def _case_text(case: Case, unknown: Symbol) -> str:
    between: list[str] = []
    if case.lower or case.upper:
        below = _extreme("max", case.lower)
        above = _extreme("min", case.upper)
        between = [f"{unknown.name} = {below}"] if below == above else [
            (f"{below} ≤ " if below else "") + unknown.name + (f" ≤ {above}" if above else "")
        ]  # fmt: skip
    between += [unicode_text(other) for other in case.others]
    given = ", ".join(unicode_text(part) for part in dict.fromkeys(case.given))
    shown = ", ".join(between) or f"any {unknown.name}"
    return f"{shown}, if {given}" if given else shown


def _extreme(function: str, terms: list[Term]) -> str:
    shown = list(dict.fromkeys(unicode_text(term) for term in terms))
    return shown[0] if len(shown) == 1 else f"{function}({', '.join(shown)})" if shown else ""


def symbolic_classes(family: Family) -> list[dict[str, Any]]:
    """Each case as an interval whose ends are expressions; ``conditions`` say when it applies."""
    return [
        {
            "symbol": family.unknown.name,
            "residue": 0,
            "modulus": 1,
            "minimum": _end("max", case.lower),
            "maximum": _end("min", case.upper),
            "conditions": [text(part) for part in dict.fromkeys([*case.given, *case.others])],
        }
        for case in family_cases(family)
    ]


def _end(function: str, terms: list[Term]) -> str | None:
    shown = list(dict.fromkeys(text(term) for term in terms))
    return None if not shown else shown[0] if len(shown) == 1 else f"{function}({', '.join(shown)})"
