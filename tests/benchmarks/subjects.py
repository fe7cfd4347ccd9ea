"""symnet as it is timed: every call of its API stands here, once."""

from __future__ import annotations

from typing import Any

__all__ = ["built", "closed_form", "closed_term", "parameters", "parsed", "polynomial", "proven"]


def parsed(text: str) -> Any:
    """The graph that the text writes; not timed. A new object each time, so that nothing is kept from the last run."""
    from symnet.notation.parse import parse_network

    return parse_network(text)


def _network(graph: Any) -> Any:
    import symnet

    return symnet.Network.of(graph)  # this passes the sizes through the layers, so it belongs to what is timed


def closed_form(graph: Any) -> Any:
    """The closed form of the whole network, as SymPy, no derivation asked for."""
    return {axis: value.expr for axis, value in _network(graph).closed_form.items()}


def proven(graph: Any) -> Any:
    """The closed form of every axis, every step a theorem."""
    return [value.theorem for value in _network(graph).closed_form.values()]


def closed_term(graph: Any) -> Any:
    """The closed form as symnet holds it: SymPy cannot hold thousands of nested sums."""
    return _network(graph).closed_terms


def built(text: str) -> Any:
    """The network, its sizes passed through; not timed where only its costs are asked for."""
    return _network(parsed(text))


def polynomial(network: Any) -> Any:
    """The number of parameters as one polynomial, as symnet holds it."""
    return network.counted()


def parameters(network: Any) -> Any:
    """The number of parameters as one SymPy expression."""
    return network.parameters.expr
