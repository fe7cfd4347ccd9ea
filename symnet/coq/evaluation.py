"""Checks a long derivation by one evaluation: its quantities and claims are rows of a table (``Whole.v``).

One lemma for each step takes coqc a few milliseconds each. For a longer derivation whose goals are each about at most one
letter, no steps are written: Coq counts the sizes and the weights itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from symnet.coq.rows import Rows
from symnet.coq.table import table
from symnet.errors import KernelError
from symnet.kernel.theorem import Theorem
from symnet.printing.coq import comment, coq_data
from symnet.search.deciding import decide
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.node import Node, children_first
from symnet.terms.propositions import And, Eq, Le, Proposition
from symnet.terms.term import Symbol, Term, integer

__all__ = ["evaluated_theorem"]

#: What claims are checked under together: their hypotheses, and the letter they are about.
_Pass = tuple[frozenset[Proposition], Symbol | None]


def evaluated_theorem(goals: Sequence[Theorem]) -> list[str] | None:
    """The sentences of the file, with one theorem of all goals; ``None`` if some goal cannot be checked in this way."""
    passes = _passes(goals)
    if passes is None:
        return None
    each = (sorted(hypotheses, key=lambda hypothesis: hypothesis.serial) for hypotheses, _ in passes)
    given = dict.fromkeys(hypothesis for hypotheses in each for hypothesis in hypotheses)
    nodes = children_first(*(goal.conclusion for goal in goals), *given)
    letters = [node for node in nodes if isinstance(node, Symbol)]
    places: dict[Term, int] = {letter: index for index, letter in enumerate(letters)}
    rows = Rows(letters, nodes)
    numbers = {goal: number for number, claimed in enumerate(passes.values()) for goal in claimed}
    for goal in goals:
        if goal in numbers:
            rows.claim(goal, numbers[goal])
    promised = [Le(integer(letter.least), letter) for letter in letters if letter.least is not None]
    listed = []
    for hypotheses, _ in passes:
        ordered = sorted(hypotheses, key=lambda hypothesis: hypothesis.serial)
        listed.append(f"[{'; '.join(coq_data(one, places) for one in [*promised, *ordered])}]")
    followed = "; ".join(str(len(letters) if letter is None else places[letter]) for _, letter in passes)
    names = "; ".join(
        f"At {index} is {letter.name}" for letter, index in zip(letters, range(len(letters)), strict=True)
    )
    last = len(letters)
    lasts = f"At {last} is the last quantity defined, At {last + 1} the one before it, and so on"
    return [
        comment(f"{names}{'; ' if names else ''}{lasts}."),
        "Definition given : list (list prop) :=\n  [" + ";\n  ".join(listed) + "].",
        *table(rows.written),
        f"Theorem goal_1 : proven {last} given (rows_of kinds table).",
        f"Proof. apply whole_derivation with (followed := [{followed}]%nat). vm_cast_no_check (eq_refl true). Qed.",
    ]


def _passes(goals: Sequence[Theorem]) -> dict[_Pass, list[Theorem]] | None:
    """The goals, grouped by hypotheses and letter; a goal without letters joins any group of its hypotheses, and x = x is no
    claim. ``None`` if a goal has more than one letter or is not decided.
    """
    about: dict[Node, Symbol | None] = {}  # the only letter in a node
    for node in children_first(*(goal.conclusion for goal in goals)):
        letters = {node} if isinstance(node, Symbol) else {about[child] for child in node.children} - {None}
        if len(letters) > 1:
            return None
        about[node] = next(iter(letters), None)
    found: dict[_Pass, list[Theorem]] = {}
    closed: list[Theorem] = []
    for goal in goals:
        match goal.conclusion:
            case Eq(args=(left, right)) if left is right:
                continue
        letter = about[goal.conclusion]
        if letter is None:
            closed.append(goal)
        else:
            found.setdefault((goal.hypotheses, letter), []).append(goal)
    places = {hypotheses: (hypotheses, letter) for hypotheses, letter in found}
    for goal in closed:
        found.setdefault(places.get(goal.hypotheses, (goal.hypotheses, None)), []).append(goal)
    return found if all(_decided(*key, claimed) for key, claimed in found.items()) else None


def _decided(hypotheses: frozenset[Proposition], letter: Symbol | None, claimed: Sequence[Theorem]) -> bool:
    """Returns whether the kernel decides the claims for all values of the letter."""
    about = Symbol("t", 0) if letter is None else letter
    ends = [] if about.least is None else [about.least]
    for hypothesis in hypotheses:
        match hypothesis:
            case Le(args=(low, Symbol() as symbol)) if low.constant is not None:
                ends += [low.constant] if symbol is about else []
            case _:
                return False
    try:
        wanted = And(*dict.fromkeys(goal.conclusion for goal in claimed))
        return bool(ends) and decide(wanted, about, {}, max(ends), None) == IntegerSet.interval(max(ends), None)
    except KernelError:
        return False
