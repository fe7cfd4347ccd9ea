"""What an entry of the rule tables says."""

from __future__ import annotations

from typing import Any, NamedTuple

from symnet.terms.propositions import Proposition

__all__ = ["Accepted", "Entry", "Refused"]


class Accepted(NamedTuple):
    """The rule given ``arguments`` proves ``conclusion`` under ``hypotheses``."""

    arguments: tuple[Any, ...]
    conclusion: Proposition
    hypotheses: tuple[Proposition, ...] = ()


class Refused(NamedTuple):
    """The rule given ``arguments`` refuses with exactly this ``message``."""

    arguments: tuple[Any, ...]
    message: str


class Entry(NamedTuple):
    """All cases of a rule."""

    accepted: tuple[Accepted, ...]
    refused: tuple[Refused, ...]
