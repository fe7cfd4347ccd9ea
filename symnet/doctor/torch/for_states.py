"""Candidate changes for first states that do not fit a recurrent layer, and for tables that have too few rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symnet.doctor.changes import Change
from symnet.doctor.torch.patient import Examined, Patient
from symnet.doctor.torch.recording import Call

__all__ = ["for_rows", "for_states", "rows_asked"]


def rows_asked(call: Call) -> int | None:
    """The number of rows that a table must have for the indices that it gets; ``None`` if these have no numbers."""
    indices = call.inputs[0] if call.inputs else None
    if indices is None or indices.is_meta or indices.is_floating_point() or not indices.numel():
        return None
    return int(indices.max()) + 1


def for_rows(patient: Patient, examined: Examined, call: Call) -> Iterator[Change | None]:
    """A table with as many rows as it is asked for."""
    rows = rows_asked(call)
    if rows is not None and rows > call.module.num_embeddings:
        yield patient.arguments(call, "argument", 1, num_embeddings=rows)


def for_states(patient: Patient, examined: Examined, call: Call) -> Iterator[Change | None]:
    """A recurrent layer, or the one that gives its first states, with other layers, directions or features."""
    module = call.module
    state = call.shapes[1] if len(call.shapes) > 1 else ()
    if len(state) != 3 or len(call.shapes[0]) != 3:
        return
    yield from _with_states(patient, call, state)
    source = examined.run.source(call.sources[1])
    if source is not None and hasattr(source.module, "bidirectional"):
        yield from _with_states(patient, source, (_count(module), state[1], module.hidden_size))


def _with_states(patient: Patient, call: Call, state: tuple[int, ...]) -> Iterator[Change | None]:
    """The recurrent layer with arguments for which its states have these sizes."""
    module = call.module
    directions = 2 if module.bidirectional else 1
    if state[2] != module.hidden_size:
        yield patient.arguments(call, "argument", 1, hidden_size=state[2])
        return
    if state[0] == 2 * module.num_layers and directions == 1:
        yield patient.arguments(call, "argument", 1.1, bidirectional=True)
    if state[0] == module.num_layers and directions == 2:
        yield patient.arguments(call, "argument", 1, bidirectional=False)
    if state[0] % directions == 0 and state[0] != _count(module):
        yield patient.arguments(call, "argument", 1.2, num_layers=state[0] // directions)


def _count(module: Any) -> int:
    """The number of states of one example: one for each layer and direction."""
    return int(module.num_layers) * (2 if module.bidirectional else 1)
