"""Conditions of a network's layers that contradict each other: the network fits no sizes at all."""

from __future__ import annotations

from symnet.errors import LayerError, SymnetError
from symnet.network.conditions import Asked, asked_together, witness
from symnet.network.network import Network
from symnet.printing.text import unicode_text
from symnet.solving.api import solve
from symnet.terms.polynomial import from_polynomial, normal_form
from symnet.terms.propositions import Eq, Le, Lt, Proposition

__all__ = ["refuse_if_never_fits"]

#: So many conditions are written out in the message, if they are short.
WRITTEN, SHORT = 4, 80


def refuse_if_never_fits(network: Network) -> None:
    """Raises :class:`symnet.LayerError` where the conditions of the layers hold for no sizes together, as solving shows.

    Sizes that fit are tried first, which is quick; only where none is found the question is solved.

    >>> refuse_if_never_fits(Network.parse("W -> FC|3 -> Require|W|equals|5 -> Require|W|equals|4"))
    Traceback (most recent call last):
    symnet.errors.LayerError: never fits: ...
    """
    asked = asked_together(network.placed)
    if not asked or witness(asked) is not None:
        return
    try:
        found = solve(network)
    except SymnetError:
        return
    if found.complete and found.count == 0:
        raise LayerError(f"never fits: {_listed(asked)}; no sizes satisfy this together")


def _put_together(proposition: Proposition) -> Proposition:
    """The two sides as polynomials: ``W ≤ W − F`` for ``W ≤ W + (−F + 0)``."""
    if not isinstance(proposition, Eq | Le | Lt):
        return proposition
    return type(proposition)(*(from_polynomial(normal_form(side)) for side in proposition.args))


def _listed(asked: tuple[Asked, ...]) -> str:
    """``layer 1 (conv1, Conv|1|F) asks F ≤ W``, for the last conditions; the first ones are counted."""
    words = [(one.layer, unicode_text(_put_together(one.proposition))) for one in asked[-WRITTEN:]]
    said = [
        f"{layer} asks {condition if len(condition) <= SHORT else 'more than is left'}" for layer, condition in words
    ]
    more = len(asked) - WRITTEN
    before = [f"{more} condition{'s' * (more != 1)} of layers before together with"] if more > 0 else []
    return " ".join([*before, ", ".join(said)])
