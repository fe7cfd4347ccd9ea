"""The search for changes that mend a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from symnet.doctor.changes import Change, mending


@dataclass
class End:
    """The end of a run that is told."""

    ok: bool
    effect: object = None
    reached: int = 0
    wrong: str = ""


def changes_shown(effects: dict[str, object]) -> list[str]:
    """The words of the changes that are shown, if each makes a model that works, with these effects."""

    def run(changes: Sequence[Change]) -> End:
        return End(True, effects[changes[-1].words])

    ways = mending(
        End(False), run, lambda _, so_far: [] if so_far else [Change(words, "argument", 1) for words in effects]
    )
    return [together[0].words for together in ways]


def test_of_changes_that_make_the_same_model_one_is_shown() -> None:
    shown = changes_shown(
        {"if i < a": ["Conv 3"], "if i < b": ["Conv 3"], "padding c": ["Conv 5"], "no d": None, "no e": None}
    )
    assert shown == ["if i < a", "padding c", "no d", "no e"]
