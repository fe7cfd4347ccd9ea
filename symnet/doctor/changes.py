"""Changes to a model, and the search for the cheapest set of changes that mends it; each is run to the end of the
model.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Generic, Protocol, TypeVar

from symnet.doctor.spots import Edit, edited_line, short_name

__all__ = ["Change", "Outcome", "code_of", "mending"]

#: The largest number of runs, of changes combined, and of results shown.
RUNS, TOGETHER, SHOWN = 90, 3, 6


@dataclass(frozen=True)
class Change:
    """One change of a model.

    ``words`` describe it (``f: in_features=3136``), ``cost`` ranks it. ``modules`` maps paths of modules to functions
    from the old module to the new one, and ``tensors`` does so for parameters; ``edits`` are edits of the code that
    runs; ``source`` are edits of the file from which the whole model is made again; ``shapes`` are other inputs.
    ``code`` is shown if no line of a file is edited.
    """

    words: str
    kind: str
    cost: float
    modules: tuple[tuple[str, Callable[[Any], Any]], ...] = field(default=(), compare=False)
    tensors: tuple[tuple[str, Callable[[Any], Any]], ...] = field(default=(), compare=False)
    edits: tuple[Edit, ...] = ()
    source: tuple[Edit, ...] = ()
    #: the change as edits of the user's file, if it can be shown as such
    shown: tuple[Edit, ...] = field(default=(), compare=False)
    shapes: tuple[tuple[int, ...], ...] | None = None
    #: the network in notation with this change and all earlier ones
    graph: object = field(default=None, compare=False)
    code: str = field(default="", compare=False)
    note: str = field(default="", compare=False)
    #: what it changes; of two changes with the same target the later one applies
    of: str = field(default="", compare=False)
    #: whether the lines that it changes make other parts of the model, too
    shared: bool = field(default=False, compare=False)
    #: whether the whole model was proven with it already, as for an input from a set of sizes that is proven to fit
    proven: bool = field(default=False, compare=False)


def code_of(changes: Iterable[Change]) -> tuple[str, str]:
    """The changes as code, and the place of the code: each changed line once, with all changes in it."""
    lines: dict[tuple[str, int], list[Edit]] = {}
    alone: dict[str, None] = {}
    for change in changes:
        for edit in change.shown:
            lines.setdefault((edit.file, edit.line), []).append(edit)
        if not change.shown and change.code:
            alone[change.code] = None
    code = [edited_line(tuple(edits)) for edits in lines.values()]
    where = [f"{short_name(file)}:{line}" for file, line in lines]
    return "\n".join([*code, *alone]), ", ".join(where)


class Outcome(Protocol):
    """The end of a run: whether it succeeded, and else how far it came and what failed there. ``effect`` is equal for changes of
    which each makes the same model as the others; ``None`` if that is unknown.
    """

    @property
    def ok(self) -> bool: ...

    @property
    def reached(self) -> int: ...

    @property
    def wrong(self) -> str: ...

    @property
    def effect(self) -> object: ...


O = TypeVar("O", bound=Outcome)  # noqa: E741


@dataclass
class _Search(Generic[O]):
    run: Callable[[tuple[Change, ...]], O | None]
    propose: Callable[[O, tuple[Change, ...]], Iterable[Change]]
    left: int


def mending(
    start: O,
    run: Callable[[tuple[Change, ...]], O | None],
    propose: Callable[[O, tuple[Change, ...]], Iterable[Change]],
    runs: int = RUNS,
    longer: int = RUNS,
    shown: int = SHOWN,
) -> list[tuple[Change, ...]]:
    """The sets of changes that mend the model, the cheapest first; several changes are combined only if no single one
    suffices.

    ``run`` applies changes and runs the model, at most ``runs`` times in total and ``longer`` times after the first
    success; ``propose`` gives the changes to try at the end of a run. At most ``shown`` sets are returned.
    """
    search = _Search(run, propose, runs)
    waiting: list[tuple[float, int, tuple[Change, ...], O]] = []
    number = count()
    seen: set[frozenset[tuple[str, tuple[Edit, ...]]]] = set()

    def put(outcome: O, so_far: tuple[Change, ...]) -> None:
        for change in propose(outcome, so_far):
            together = (*so_far, change)
            key = frozenset((one.words, one.source) for one in together)  # two numbers of a line may read alike
            if len(key) == len(together) and key not in seen:
                seen.add(key)
                heapq.heappush(waiting, (sum(one.cost for one in together), next(number), together, outcome))

    put(start, ())
    found: list[tuple[Change, ...]] = []
    effects: list[object] = []
    while waiting and search.left and len(found) < shown:
        _, _, together, before = heapq.heappop(waiting)
        if found and len(together) > len(found[0]) and len(found) >= 2:
            continue
        search.left -= 1
        outcome = run(together)
        if outcome is None:
            continue
        if outcome.ok and outcome.effect is not None and outcome.effect in effects:
            continue
        if outcome.ok:
            effects.append(outcome.effect)
            search.left = search.left if found else min(search.left, longer)
            found.append(together)
        elif len(together) < TOGETHER and _further(outcome, before):
            put(outcome, together)
    single = any(len(one) == 1 and one[0].kind != "input" for one in found)
    return _few([one for one in found if len(one) == 1 or (not single and _needed(one, found))])


def _few(found: list[tuple[Change, ...]]) -> list[tuple[Change, ...]]:
    """Of ways that differ in numbers alone the first ones: two single changes, or one of several together."""
    seen: Counter[str] = Counter()
    kept = []
    for together in found:
        form = re.sub(r"\d+", "#", " and ".join(one.words for one in together))
        seen[form] += 1
        if seen[form] <= (2 if len(together) == 1 else 1):
            kept.append(together)
    return kept


def _further(outcome: Outcome, before: Outcome) -> bool:
    """Whether a change helped: the model came further, or fails there for another reason."""
    return outcome.reached > before.reached or (outcome.reached == before.reached and outcome.wrong != before.wrong)


def _needed(together: tuple[Change, ...], found: list[tuple[Change, ...]]) -> bool:
    """Whether no proper subset of these changes mends the model by itself."""
    words = {one.words for one in together}
    return not any(len(other) < len(together) and {one.words for one in other} <= words for other in found)
