"""What coqc takes for long derivations, beside an empty file that imports the library."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symnet import Network
from symnet.coq.check import check
from symnet.coq.emit import HEADER, emit
from tests.benchmarks.networks import notation, own_symbols, stack
from tests.benchmarks.timing import Row, Side, compare

__all__ = ["coq_closed_form", "coq_own_symbols", "coq_whole"]

EMPTY = f"{HEADER}\nPrint Assumptions I.\n"


def _accepted(source: str) -> None:
    result = check(source)
    if not result.ok:
        raise RuntimeError(result.output)


def _row(title: str, goals: Sequence[Any], limit: float) -> Row:
    source = emit(*goals)
    ours = Side("checked by coqc", _accepted, lambda: source)
    return compare(title, ours, Side("an empty file", _accepted, lambda: EMPTY), limit)


def coq_closed_form() -> Row:
    """The closed form of 500 layers, counted from the network as data."""
    network = Network.parse(notation(stack(500)))
    return _row("500 layers, closed form", [network.closed_form["W"].theorem], 3.0)


def coq_own_symbols() -> Row:
    """The closed form of 334 layers with 1003 distinct symbols."""
    network = Network.parse(own_symbols(334))
    return _row("1003 symbols, closed form", [network.closed_form["W"].theorem], 3.0)


def coq_whole() -> Row:
    """Every size, parameter count and multiply-add of 500 layers."""
    network = Network.parse("(1*1200*1200) -> 500 * [Conv|8|3|1] -> FC|10")
    return _row("500 layers, all their numbers", network.proof.goals, 3.5)
