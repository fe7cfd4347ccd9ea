"""Changes to a model, and which of them together mend it: the cheapest first, each run to the model's end."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Generic, Protocol, TypeVar

from symnet.doctor.spots import Edit, edited_line, short_name

__all__ = ["Change", "Outcome", "code_of", "mending"]

#: So many runs at most, so many changes together, so many ways that are shown.
RUNS, TOGETHER, SHOWN = 90, 3, 6


@dataclass(frozen=True)
class Change:
    """One change: in words (``f: in_features=3136``), its kind, what it costs a person, and how it is put in.

    ``modules`` maps the paths of modules to what makes the new module of the old one, ``tensors`` those of parameters; ``edits`` are
    edits of the code that runs; ``source`` are edits of the file from which the whole model is made again; ``shapes`` are other
    inputs. ``code`` says it where no line of a file does.
    """

    words: str
    kind: str
    cost: float
    modules: tuple[tuple[str, Callable[[Any], Any]], ...] = field(default=(), compare=False)
    tensors: tuple[tuple[str, Callable[[Any], Any]], ...] = field(default=(), compare=False)
    edits: tuple[Edit, ...] = ()
    source: tuple[Edit, ...] = ()
    #: the change as edits of the user's file, where it can be shown so
    shown: tuple[Edit, ...] = field(default=(), compare=False)
    shapes: tuple[tuple[int, ...], ...] | None = None
    #: in notation, the whole network with this change and those before it
    graph: object = field(default=None, compare=False)
    code: str = field(default="", compare=False)
    note: str = field(default="", compare=False)
    #: what it changes, where two changes of one thing are the later one
    of: str = field(default="", compare=False)
    #: whether other parts of the model are made by the lines that it changes
    shared: bool = field(default=False, compare=False)
    #: whether the whole model was proven with it already: an input out of the set of all that fit
    proven: bool = field(default=False, compare=False)


def code_of(changes: Iterable[Change]) -> tuple[str, str]:
    """The changes as code, and where it stands: each line that they change once, with all of them in it."""
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
    """How a run ended: whether all went well, and else how far it came and what was wrong there."""

    @property
    def ok(self) -> bool: ...

    @property
    def reached(self) -> int: ...

    @property
    def wrong(self) -> str: ...


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
    """The changes that mend, cheapest first; several together only where no single one does. ``run`` puts changes in and runs the
    model, at most ``runs`` times and ``longer`` times after the first way that works; ``propose`` says what might help where a run
    ended. At most ``shown`` ways are found."""
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
    while waiting and search.left and len(found) < shown:
        _, _, together, before = heapq.heappop(waiting)
        if found and len(together) > len(found[0]) and len(found) >= 2:
            continue
        search.left -= 1
        outcome = run(together)
        if outcome is None:
            continue
        if outcome.ok:
            search.left = search.left if found else min(search.left, longer)
            found.append(together)
        elif len(together) < TOGETHER and _further(outcome, before):
            put(outcome, together)
    single = any(len(one) == 1 and one[0].kind != "input" for one in found)
    return [one for one in found if len(one) == 1 or (not single and _needed(one, found))]


def _further(outcome: Outcome, before: Outcome) -> bool:
    """Whether a change helped: the model came further, or something else is wrong there now."""
    return outcome.reached > before.reached or (outcome.reached == before.reached and outcome.wrong != before.wrong)


def _needed(together: tuple[Change, ...], found: list[tuple[Change, ...]]) -> bool:
    """Whether no part of it mends by itself."""
    words = {one.words for one in together}
    return not any(len(other) < len(together) and {one.words for one in other} <= words for other in found)
