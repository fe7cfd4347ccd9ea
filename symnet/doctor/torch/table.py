"""The calls of a run as rows of a table."""

from __future__ import annotations

from symnet.doctor.findings import Row
from symnet.doctor.torch.causes import without_batch
from symnet.doctor.torch.chains import formula
from symnet.doctor.torch.patient import Examined, Patient
from symnet.doctor.torch.recording import Call

__all__ = ["rows"]


def rows(patient: Patient, examined: Examined, shown: int) -> tuple[Row, ...]:
    """The rows of the calls that succeeded: modules, and functions that change sizes; with formulas for the last
    ``shown`` of them.
    """
    batch = examined.run.batch
    failed = examined.failed
    calls = [
        call
        for call in examined.run.calls
        if call.outputs and call is not failed and (failed is None or call.number < failed.number)
        and (call.module is not None or call.results[0] not in call.shapes or len(call.shapes) > 1) and _depends(examined, call)
    ]  # fmt: skip
    found = []
    for number, call in enumerate(calls):
        sizes = tuple(without_batch(shape, batch) for shape in call.results[:1])
        words: list[str] = []
        if number >= len(calls) - shown and hasattr(call.module, "kernel_size"):
            words = list(dict.fromkeys(filter(None, (formula(call, dim) for dim in range(2, len(call.results[0]))))))
        path = patient.path(call)
        made = patient.makings.where(patient.model, path) if path else ""
        where, line = (str(call.spot), call.spot.text) if call.spot else ("", "")
        found.append(Row(call.name, call.kind, sizes, ", ".join(words), where, line, made))
    return tuple(found)


def _depends(examined: Examined, call: Call) -> bool:
    """Whether the call depends on the input of the model."""
    return any(source is not None for source in call.sources)
