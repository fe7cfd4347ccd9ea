"""The network of a command as it is before ``--at`` puts numbers for its letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symnet.errors import SymnetError

if TYPE_CHECKING:
    import argparse

    from symnet.network.network import Network

__all__ = ["in_letters"]


def in_letters(options: argparse.Namespace, network: Network) -> Network | None:
    """The network as it is without ``--at``, where that is the same layers on sizes with letters."""
    from symnet.frontends.source import load

    if not options.at or options.network == "-":
        return None
    try:
        found = load(options.network, run=False, input=options.input, opaque=options.opaque, usual=options.usual)
    except SymnetError:
        return None
    return found if len(found.placed) == len(network.placed) else None
