"""The one entry point: a question in, all solutions out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from symnet.errors import NotationError
from symnet.notation.parse import Question
from symnet.solving.repeats import answered, posed
from symnet.solving.solutions import Solutions

if TYPE_CHECKING:
    from symnet.network.network import Network

__all__ = ["joined", "solve"]


def solve(
    question: str | Question | Network,
    *,
    for_: str | Iterable[str] | None = None,
    where: str | Iterable[str] | None = None,
    exact: bool = False,
    valid: bool = False,
    budget: str | Iterable[str] | None = None,
) -> Solutions:
    """All values of the unknowns for which every layer is valid, every join agrees, and the output is the target.

    The question is text, or a network, which is asked for which sizes it is defined. ``for_`` names the unknowns (the other
    symbols become parameters of the answer), ``where`` narrows them,
    ``exact`` asks that no layer drops an entry, ``valid`` leaves a target aside, ``budget`` bounds parameters,
    trainable, multiply_adds, activations. Each of the three may be several texts, which add up.

    >>> solve("(3,224,224) -> Conv|64|7*7|S|3 = (64,112,112)")
    S ∈ {2}
    >>> solve("(1,W,W) -> Conv|8|3 -> Maxpool|2 -> Conv|8|3 -> Maxpool|2", exact=True)
    W ≡ 2 (mod 4), W ≥ 10
    >>> solve("(1,W,W) -> Conv|1|3", where=["W<=5", "W>=4"])
    W ∈ {4, 5}
    """
    if not isinstance(question, str) and not hasattr(question, "graph"):
        raise NotationError(
            f"solve takes a question such as '(3,224,224) -> Conv|64|7|S|3 = (64,112,112)' or a network, got {question!r:.60}"
        )
    unknowns = for_ if for_ is None else [name.strip() for text in _texts(for_) for name in str(text).split(",")]
    problem = posed(question, unknowns, joined(where), exact=exact, valid=valid, budget=joined(budget))
    return Solutions(problem, answered(problem))


def _texts(value: str | Iterable[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def joined(value: str | Iterable[str] | None) -> str | None:
    """Comparisons that add up, in one text.

    >>> joined(["W<=5", "W>=4, K<9"])
    'W<=5, W>=4, K<9'
    """
    return None if value is None else ", ".join(text for text in _texts(value) if text.strip()) or None
