"""Tables of models: what Keras says of each of its layers, and what symnet says."""

from __future__ import annotations

from math import prod
from typing import Any

from symnet.network.network import Network
from symnet.terms.evaluation import evaluate

__all__ = ["differences", "keras_table", "rows"]

#: shape, parameters, trainable, non-trainable
Row = tuple[list[int | None], int, int, int]


def rows(network: Network) -> dict[str, Row]:
    """A row for every layer of Keras: what a layer became several of, and all layers of a model within, in one row."""
    found: dict[str, Row] = {}
    for place in network.placed[1:]:
        counts = {
            trained: sum(prod(map(evaluate, w.shape)) for w in place.applied.weights if w.trainable is trained)
            for trained in (True, False)
        }
        name = place.name.partition("/")[0]
        before = found.get(name, ([], 0, 0, 0))
        shape = [size.constant for size in place.output.dims]
        found[name] = (shape, before[1] + sum(counts.values()), before[2] + counts[True], before[3] + counts[False])
    return found


def differences(network: Network, table: dict[str, Any], shapes: list[list[Any]] | None = None) -> list[Any]:
    """Where the network and Keras's table say different things; ``shapes`` stand for those in the table."""
    ours, other = rows(network), dict(map(tuple, shapes or []))  # type: ignore[arg-type]
    found = []
    for name, kind, shape, *counts in table["layers"]:
        if kind != "InputLayer":
            row = ours.get(name)
            wanted = list(other.get(name, shape))
            several = wanted and isinstance(wanted[0], list)
            if row is None or row[1:] != tuple(counts) or (row[0] not in wanted if several else row[0] != wanted):
                found.append((name, kind, wanted, counts, row))
    totals = tuple(value.term.constant for value in (network.parameters, network.trainable, network.non_trainable))
    wanted_totals = (table["total"], table["trainable"], table["non_trainable"])
    return found if totals == wanted_totals else [*found, ("totals", wanted_totals, totals)]


def keras_table(model: Any) -> dict[str, Any]:
    """What Keras says of a live model."""
    import keras

    def shape(tensors: Any) -> list[Any]:
        found = [list(tensor.shape[1:]) for tensor in keras.tree.flatten(tensors)]
        return found[0] if len(found) == 1 else found

    def count(weights: Any) -> int:
        return sum(prod(weight.shape) for weight in weights)

    return {
        "layers": [
            [
                layer.name,
                type(layer).__name__,
                shape(layer.output),
                *map(count, (layer.weights, layer.trainable_weights, layer.non_trainable_weights)),
            ]
            for layer in model.layers
        ],
        "total": model.count_params(),
        "trainable": count(model.trainable_weights),
        "non_trainable": count(model.non_trainable_weights),
    }
