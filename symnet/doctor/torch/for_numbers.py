"""Changes of another number in the file of the model, for failures that no argument of one module mends."""

from __future__ import annotations

from symnet.doctor.changes import Change
from symnet.doctor.other_numbers import numbers_in, other_numbers
from symnet.doctor.torch.causes import cause
from symnet.doctor.torch.patient import Examined, Patient
from symnet.doctor.torch.recording import Call

__all__ = ["for_numbers"]

#: How many calls before the one that breaks are considered.
BEFORE = 10


def for_numbers(patient: Patient, examined: Examined) -> list[Change]:
    """Changes of one integer of the file; empty if the model does not come from a file."""
    if patient.file is None:
        return []
    call, spot = examined.failed, examined.run.spot
    asked, others = [], {0, 1, 2}
    lines: dict[int, None] = {}
    if call is not None:
        found = cause(examined, call)
        asked = numbers_in(found.condition) or numbers_in(str(examined.run.error))
        for shape in [*call.shapes, *examined.shapes]:
            others |= {*shape[1:], *range(len(shape))}
        for one in (call, *_before(examined, call)):
            lines |= dict.fromkeys(_lines(patient, one))
    if spot is not None and spot.file == patient.file:
        lines[spot.line] = None
    changes = other_numbers(patient.file, list(lines), asked[:6], others)
    batch = str(examined.run.batch)  # a number that fits this batch only
    return [change for change in changes if change.source[0].text != batch]


def _lines(patient: Patient, call: Call) -> list[int]:
    """The lines of the file that made the call and its module, through all functions and classes."""
    path, found = patient.path(call), []
    if path:
        found = patient.makings.lines(patient.model, path, patient.file or "")
    return [*found, *([call.spot.line] if call.spot is not None and call.spot.file == patient.file else [])]


def _before(examined: Examined, call: Call) -> list[Call]:
    """The calls on which the inputs of a call depend, the nearest first."""
    found: dict[int, Call] = {}
    waiting = list(call.sources)
    while waiting and len(found) < BEFORE:
        one = examined.run.source(waiting.pop(0))
        if one is not None and one.number not in found:
            found[one.number] = one
            waiting += one.sources
    return list(found.values())
