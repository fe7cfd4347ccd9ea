"""The counted parts of a layer: its parameters and its multiply-adds, as sets of entries."""

from __future__ import annotations

from symnet.network.propagate import Placed
from symnet.terms.term import Term

__all__ = ["parameter_sets", "work_sets"]


def parameter_sets(placed: Placed, trainable: bool | None = None) -> tuple[tuple[Term, ...], ...]:
    """The shapes of a layer's weight arrays: all of them, or only the trainable or only the other ones."""
    return tuple(
        weight.shape for weight in placed.applied.weights if trainable is None or weight.trainable is trainable
    )


def work_sets(placed: Placed) -> tuple[tuple[Term, ...], ...]:
    """Index sets that together have one element for each multiply-add of the layer."""
    return placed.layer.work(placed.inputs, placed.output) if placed.layer else ()
