"""The network of a command before ``--at`` replaces its letters by numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symnet.errors import SymnetError

if TYPE_CHECKING:
    import argparse

    from symnet.network.network import Network

__all__ = ["symbolic_network"]


def symbolic_network(options: argparse.Namespace, network: Network) -> Network | None:
    """The network without the numbers of ``--at``; ``None`` if there are none, or if it then has other layers or an error."""
    from symnet.frontends.source import load

    if not options.at or options.network == "-":
        return None
    try:
        reading = {name: getattr(options, name) for name in ("input", "opaque", "usual", "upto")}
        symbolic = load(options.network, run=False, **reading)
    except SymnetError:
        return None
    return symbolic if len(symbolic.placed) == len(network.placed) else None
