"""A long derivation at once: its counts and its goals as data, all goals checked by one evaluation (``Whole.v``).

One lemma a step costs a few milliseconds each. Where a derivation is too long for that and each goal speaks of one
letter at most, nothing is narrated: Coq counts the sizes and the weights itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from symnet.errors import KernelError
from symnet.kernel.deciding import decide
from symnet.kernel.propositions import And, Le, Proposition
from symnet.kernel.theorem import Theorem
from symnet.printing.coq import comment, coq_data
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.term import Count, Entries, Symbol, Term, children_first, integer, symbols_of

__all__ = ["definition_data", "whole_theorems"]

#: The most frequent shapes have names in ``Whole.v``: most of the time goes into reading the data.
_SHORT = [
    (
        re.compile(
            r"Counted \(Add \(At (\d+)\) \(Mul \(Num 2\) \(Num (\d+)\)\)\) \(Num (\d+)\) \(Num (\d+)\) \(Num (\d+)\)"
        ),
        r"padded \1 \2 \3 \4 \5",
    ),
    (re.compile(r"\(PEq \(At (\d+)\) \(Num (\d+)\)\)"), r"size_is \1 \2"),
]


def definition_data(node: Count, places: Mapping[Term, int]) -> str:
    """A count as data of ``Programs.v``."""
    parts = [coq_data(part, places) for part in node.children]
    return f"Indexed [{'; '.join(parts)}]" if isinstance(node, Entries) else f"Counted {' '.join(parts)}"


def whole_theorems(goals: Sequence[Theorem]) -> list[str] | None:
    """The file's sentences; ``None`` where some goal is not shown so.

    Goals with the same hypotheses are one theorem: whatever the letters are, as long as they keep what is given, and
    whatever is so defined, all the goals hold.
    """
    groups: dict[frozenset[Proposition], dict[Proposition, None]] = {}
    for goal in goals:
        groups.setdefault(goal.hypotheses, {})[goal.conclusion] = None
    if not all(_shown(hypotheses, list(stated)) for hypotheses, stated in groups.items()):
        return None
    nodes = children_first(*(goal.conclusion for goal in goals), *(h for group in groups for h in group))
    letters = [node for node in nodes if isinstance(node, Symbol)]
    places: dict[Term, int] = {letter: place for place, letter in enumerate(letters)}
    counts: list[str] = []
    for node in nodes:
        if isinstance(node, Count):
            counts.append(definition_data(node, places))
            places[node] = len(places)
    names = "; ".join(f"{place} is {letter.name}" for letter, place in zip(letters, range(len(letters)), strict=True))
    lines = [f"Definition letters : nat := {len(letters)}%nat.", _listed("counts", "definition", counts)]
    for number, (hypotheses, stated) in enumerate(groups.items(), 1):
        ordered = sorted(hypotheses, key=lambda hypothesis: hypothesis.serial)
        promised = [Le(integer(letter.least), letter) for letter in letters if letter.least is not None]
        given = "; ".join(coq_data(one, places) for one in [*promised, *ordered])
        used = "; ".join(f"{places[letter]}%nat" for letter in letters if letter in symbols_of(*stated))
        claim = f"letters [{given}] counts claims_{number}"
        lines.append(_listed(f"claims_{number}", "prop", [coq_data(one, places) for one in stated]))
        lines.append(f"Theorem goal_{number} : proven {claim}.")
        lines.append(f"Proof. apply whole_derivation with (used := [{used}]). vm_cast_no_check (eq_refl true). Qed.")
    return [comment(f"At n is the n-th letter ({names}), then come the counts in order."), *lines]


def _listed(name: str, kind: str, items: Sequence[str]) -> str:
    inner = re.sub(r"\(Var (\d+)\)", r"(At \1)", ";\n  ".join(items))
    for long, short in _SHORT:
        inner = long.sub(short, inner)
    inner = re.sub(
        r"Indexed (\[(?:\(Num \d+\)(?:; )?)+\])", lambda m: f"numbers {re.sub('[(]Num |[)]', '', m[1])}", inner
    )
    return f"Definition {name} : list {kind} :=\n  [{inner}]."


def _shown(hypotheses: frozenset[Proposition], stated: Sequence[Proposition]) -> bool:
    """Whether each goal speaks of one letter at most and is so decided for all that the letter can be."""
    lows: dict[Symbol, int] = {}
    for hypothesis in hypotheses:
        match hypothesis:
            case Le(args=(low, Symbol() as symbol)) if low.constant is not None:
                lows[symbol] = max(lows.get(symbol, low.constant), low.constant)
            case _:
                return False
    about: dict[Symbol, list[Proposition]] = {}
    for goal in stated:
        symbols = list(symbols_of(goal))
        if len(symbols) > 1:
            return False
        about.setdefault(symbols[0] if symbols else Symbol("t", 0), []).append(goal)
    for letter, found in about.items():
        ends = [low for low in (lows.get(letter), letter.least) if low is not None]
        try:
            if not ends or decide(And(*found), letter, {}, max(ends), None) != IntegerSet.interval(max(ends), None):
                return False
        except KernelError:
            return False
    return True
