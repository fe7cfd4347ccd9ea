"""What of a placed layer is counted: its parameters and its multiply-adds."""

from __future__ import annotations

from symnet.network.propagate import Placed
from symnet.terms.term import Term

__all__ = ["parameter_sets", "work_sets"]


def parameter_sets(placed: Placed, trainable: bool | None = None) -> tuple[tuple[Term, ...], ...]:
    """The shapes of a layer's weight arrays; only those trained, or not, if asked."""
    return tuple(
        weight.shape for weight in placed.applied.weights if trainable is None or weight.trainable is trainable
    )


def work_sets(placed: Placed) -> tuple[tuple[Term, ...], ...]:
    """Index sets with one entry a multiply-add."""
    return placed.layer.work(placed.inputs, placed.output) if placed.layer else ()
