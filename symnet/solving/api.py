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

__all__ = ["solve"]


def solve(
    question: str | Question | Network,
    *,
    for_: str | Iterable[str] | None = None,
    where: str | None = None,
    exact: bool = False,
    valid: bool = False,
    budget: str | None = None,
) -> Solutions:
    """All values of the unknowns for which every layer is valid, every join agrees, and the output is the target.

    The question is text, or a network, which is asked for which sizes it is defined. ``for_`` names the unknowns (the other
    symbols become parameters of the answer), ``where`` narrows them,
    ``exact`` asks that no layer drops an entry, ``valid`` leaves a target aside, ``budget`` bounds parameters,
    trainable, multiply_adds, activations.

    >>> solve("(3,224,224) -> Conv|64|7*7|S|3 = (64,112,112)")
    S ∈ {2}
    >>> solve("(1,W,W) -> Conv|8|3 -> Maxpool|2 -> Conv|8|3 -> Maxpool|2", exact=True)
    W ≡ 2 (mod 4), W ≥ 10
    """
    if not isinstance(question, str) and not hasattr(question, "graph"):
        raise NotationError(
            f"solve takes a question such as '(3,224,224) -> Conv|64|7|S|3 = (64,112,112)' or a network, got {question!r:.60}"
        )
    problem = posed(question, for_, where, exact=exact, valid=valid, budget=budget)
    return Solutions(problem, answered(problem))
