"""Detecting conditions of a network's layers that contradict each other, so that no sizes fit."""

from __future__ import annotations

from symnet.errors import LayerError, SymnetError
from symnet.network.conditions import Asked, asked_together, only_bounded_below, witness
from symnet.network.implied_hypotheses import contradict_each_other
from symnet.network.network import Network
from symnet.printing.text import unicode_text
from symnet.solving.api import solve
from symnet.terms.polynomial import from_polynomial, normal_form
from symnet.terms.propositions import Eq, Le, Lt, Proposition
from symnet.terms.term import substitute

__all__ = ["refuse_if_never_fits"]

#: At most so many conditions are quoted in the message, if they are short.
QUOTED, SHORT = 4, 80


def refuse_if_never_fits(network: Network) -> None:
    """Raises :class:`symnet.LayerError` if no sizes satisfy the conditions of all layers. A search for fitting sizes
    comes first, because it is quick; whether the conditions contradict each other is asked only if it finds none.

    >>> refuse_if_never_fits(Network.parse("W -> FC|3 -> Require|W|equals|5 -> Require|W|equals|4"))
    Traceback (most recent call last):
    symnet.errors.LayerError: never fits: ...
    """
    if all(map(only_bounded_below, network.placed)):
        return
    conditions = asked_together(network.placed)
    if not conditions or witness(conditions) is not None:
        return
    if _have_none(network):
        raise LayerError(f"never fits: {_listed(conditions)}; no sizes satisfy this together")


def _have_none(network: Network) -> bool:
    """Whether the hypotheses are seen to contradict each other, or the question for which sizes the network fits has no solution."""
    hypotheses = [substitute(each, network.proof.forms) for each in network.proof.hypotheses]
    if contradict_each_other(hypotheses):
        return True
    try:
        solutions = solve(network)
    except SymnetError:
        return False
    return bool(solutions.complete and solutions.count == 0)


def _put_together(proposition: Proposition) -> Proposition:
    """A comparison with both sides as polynomials: ``W ≤ W − F`` for ``W ≤ W + (−F + 0)``."""
    if not isinstance(proposition, Eq | Le | Lt):
        return proposition
    return type(proposition)(*(from_polynomial(normal_form(side)) for side in proposition.args))


def _listed(conditions: tuple[Asked, ...]) -> str:
    """The last conditions, as in ``layer 1 (conv1, Conv|1|F) asks F ≤ W``; earlier ones are counted."""
    words = [(one.layer, unicode_text(_put_together(one.proposition))) for one in conditions[-QUOTED:]]
    quoted = [
        f"{layer} asks {condition if len(condition) <= SHORT else 'more than is left'}" for layer, condition in words
    ]
    more = len(conditions) - QUOTED
    before = [f"{more} condition{'s' * (more != 1)} of layers before together with"] if more > 0 else []
    return " ".join([*before, ", ".join(quoted)])
