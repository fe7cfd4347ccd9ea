"""What coqc takes for long derivations, beside an empty file that imports the library."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symnet import Network
from symnet.coq.check import check
from symnet.coq.emit import HEADER, emit
from tests.benchmarks.networks import notation, own_symbols, stack
from tests.benchmarks.timing import Row, Side, compare

__all__ = ["MEASUREMENTS"]

EMPTY = f"{HEADER}\nPrint Assumptions I.\n"


def _accepted(source: str) -> None:
    result = check(source)
    if not result.ok:
        raise RuntimeError(result.output)


def _row(title: str, goals: Sequence[Any], limit: float) -> Row:
    source = emit(*goals)
    ours = Side("checked by coqc", _accepted, lambda: source)
    return compare(title, ours, Side("an empty file", _accepted, lambda: EMPTY), limit, runs=3)


def _twice(title: str, long: str, short: str, limit: float) -> Row:
    """Twice the layers beside half of them."""
    return compare(
        title, Side("checked by coqc", _accepted, lambda: long), Side("half", _accepted, lambda: short), limit
    )


def _closed_form(text: str) -> Any:
    return Network.parse(text).closed_form["W"].theorem


def _whole(layers: int) -> Sequence[Any]:
    return Network.parse(f"(1*2400*2400) -> {layers} * [Conv|8|3|1] -> FC|10").proof.goals


def coq_closed_form() -> Row:
    """The closed form of 500 layers, counted from the network as data."""
    return _row("500 layers, closed form", [_closed_form(notation(stack(500)))], 3.0)


def coq_own_symbols() -> Row:
    """The closed form of 334 layers with 1003 distinct symbols."""
    return _row("1003 symbols, closed form", [_closed_form(own_symbols(334))], 3.0)


def coq_own_symbols_depth() -> Row:
    """Twice the symbols, at most twice the time."""
    long, short = (emit(_closed_form(own_symbols(layers)), narrate=10) for layers in (668, 334))
    return _twice("2005 symbols, closed form", long, short, 2.0)


def coq_whole() -> Row:
    """Every size, parameter count and multiply-add of 500 layers."""
    return _row("500 layers, all their numbers", _whole(500), 3.5)


def coq_whole_depth() -> Row:
    """Twice the layers, at most twice the time."""
    return _twice("1000 layers, all their numbers", emit(*_whole(1000)), emit(*_whole(500)), 2.0)


def coq_narrated_depth() -> Row:
    """Twice the layers when every step is written out."""
    long, short = (emit(_closed_form(notation(stack(layers))), narrate=10**9) for layers in (120, 60))
    return _twice("120 layers, narrated", long, short, 4.0)


MEASUREMENTS = (
    coq_closed_form, coq_own_symbols, coq_own_symbols_depth, coq_whole, coq_whole_depth, coq_narrated_depth,
)  # fmt: skip
