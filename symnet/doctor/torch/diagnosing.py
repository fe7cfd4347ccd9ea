"""The diagnosis of a PyTorch model, which is run to its end or to the call that breaks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from symnet.doctor.changes import Change, code_of, mending
from symnet.doctor.diagnosis import Diagnosis
from symnet.doctor.findings import Fix
from symnet.doctor.remaking import Remaking
from symnet.doctor.sizes import Taken, axes_of, drawn_shapes, fits_of, nearest_shapes, sizes_taken
from symnet.doctor.torch.causes import Cause, cause, without_batch
from symnet.doctor.torch.chains import chain
from symnet.doctor.torch.for_functions import for_function
from symnet.doctor.torch.for_joins import stretches
from symnet.doctor.torch.for_modules import for_module
from symnet.doctor.torch.for_numbers import for_numbers
from symnet.doctor.torch.known_results import memory_kept
from symnet.doctor.torch.making import Makings
from symnet.doctor.torch.patient import Examined, Patient, losing_batch
from symnet.doctor.torch.rebuilding import edited_functions, model_with
from symnet.doctor.torch.recording import Call, Shape
from symnet.doctor.torch.table import rows
from symnet.errors import ModelError, SymnetError, without_styles
from symnet.network.network import Network
from symnet.terms.term import Symbol

__all__ = ["diagnose_torch", "proven_network", "runs_well", "size_refused", "torch_shapes", "tried_with"]

#: Errors that wrong sizes can cause; all others are the model's own.
ABOUT_SIZES = (RuntimeError, ValueError, IndexError, AssertionError, TypeError)

#: The number of last rows for which formulas are derived.
FORMULAS = 14

#: The largest number of other integers of the file that are tried: in general, if a fix is known already, and after
#: the first one that works; and how many of these are shown.
NUMBERS, FEWER, LONGER, SHOWN = 80, 24, 30, 4


def torch_shapes(given: Sequence[Any]) -> tuple[tuple[Shape, ...], tuple[Any, ...]]:
    """Shapes as numbers, and the dtypes of their tensors: ``("int", 16)`` has integers."""
    import torch

    shapes, kinds = [], []
    for shape in given:
        sizes = tuple(shape)
        integers = sizes[:1] == ("int",)
        shapes.append(tuple(_number(size) for size in (sizes[1:] if integers else sizes)))
        kinds.append(torch.int64 if integers else torch.get_default_dtype())
    return tuple(shapes), tuple(kinds)


def _number(size: Any) -> int:
    number = getattr(size, "constant", size)
    if type(number) is not int or number < 1:
        raise ModelError(f"doctor runs the model, which takes an input of numbers, such as 3*224*224; got {size}")
    return number


def diagnose_torch(
    model: Any, given: Sequence[Any], title: str, makings: Makings | None = None, remaking: Remaking | None = None
) -> Diagnosis:
    """The diagnosis of a PyTorch model for inputs of the shapes ``given`` without the batch. ``remaking`` allows
    changes in the text of the file from which the model is made.
    """
    patient = _patient(model, given, makings)
    if remaking is not None:
        patient.file, patient.make_again = remaking.file, remaking.model
    with memory_kept():
        return _diagnosed(patient, title)


def _diagnosed(patient: Patient, title: str) -> Diagnosis:
    examined = patient.examined()
    if examined.ok:
        return _well(patient, examined, title)
    error = examined.run.error
    if error is not None and (not isinstance(error, ABOUT_SIZES) or _forward_arguments(error)):
        where = f" ({examined.run.spot})" if examined.run.spot else ""
        words = " ".join(str(error).split())
        raise ModelError(f"{title} raised {type(error).__name__}: {words}{where}, which sizes do not cause")
    return _broken(patient, examined, title)


def _patient(model: Any, given: Sequence[Any], makings: Makings | None) -> Patient:
    shapes, kinds = torch_shapes(given or _guessed(model))
    return Patient(model, shapes, kinds, makings or Makings())


def _forward_arguments(error: Exception) -> bool:
    return isinstance(error, TypeError) and "forward() missing" in str(error)


def _guessed(model: Any) -> tuple[tuple[Any, ...], ...]:
    """The shape of the input that the first layer requires, at usual sizes."""
    from symnet.frontends.torch.inputs import guessed_shapes, usual_sizes

    shapes = guessed_shapes(model)
    usual = usual_sizes(shapes, {})
    return tuple(
        tuple(usual[size] if isinstance(size, Symbol) else size.constant for size in shape.dims) for shape in shapes
    )


def _title_of(given: Sequence[Sequence[int]]) -> str:
    return " and ".join("×".join(map(str, shape)) for shape in given)


def _well(patient: Patient, examined: Examined, title: str) -> Diagnosis:
    each = [_taken(patient, examined, number, ()) for number in range(len(examined.shapes))]
    fits = {letter: words for taken in each for letter, words in fits_of(taken).items()}
    batch = examined.run.batch
    notes = []
    if not all(one.fits for taken in each for one in taken):
        notes.append(f"It runs because {_stretching(examined)} a size that happens to be 1.")
    first = examined.run.result[:1]
    if first:
        given = " × ".join(map(str, without_batch(tuple(map(int, first[0].shape)), batch))) or "one number"
        notes.append(f"It gives {given}.")
    return Diagnosis(
        title, True, inputs=examined.shapes, rows=rows(patient, examined, FORMULAS), fits=fits, notes=tuple(notes)
    )


def _stretching(examined: Examined) -> str:
    """The call that stretches sizes of 1, as the beginning of a sentence; torch, if there are several."""
    calls = [call for call in examined.run.calls if stretches(call)]
    if len(calls) != 1:
        return "torch stretches"
    return f"{calls[0].name}{f' ({calls[0].spot})' if calls[0].spot else ''} stretches"


def _broken(patient: Patient, examined: Examined, title: str) -> Diagnosis:
    call = examined.failed
    spot = examined.run.spot if call is None else call.spot
    notes: list[str] = []
    if call is None:
        error = examined.run.error
        found = Cause(f"{type(error).__name__}: {' '.join(without_styles(str(error)).split())}")
    else:
        examined.words = patient.error_without_batch(examined)
        found = cause(examined, call)
    before = losing_batch(examined.run)
    if before is not None and before is not call:
        there = f" ({before.spot})" if before.spot else ""
        notes.append(f"{before.name}{there} puts the batch and other sizes into one.")
    links = () if call is None else chain(patient, examined, call, found)
    layer = None if call is None else call.name
    taken = [one for number in range(len(examined.shapes)) for one in _taken(patient, examined, number, ())]
    if all(one.fits for one in taken):
        taken = []  # it breaks for another reason than these sizes
    fixes = _fixes(patient, examined, taken)
    if not fixes:
        notes.append("No single change that symnet tries mends it, nor do two or three together.")
    return Diagnosis(
        title, False, examined.shapes, layer, str(spot) if spot else None, spot.text if spot else "", found.why, found.condition,
        rows(patient, examined, FORMULAS), links, fixes, {one.letters[0]: one.words for one in taken}, tuple(notes),
    )  # fmt: skip


def _taken(patient: Patient, examined: Examined, number: int, changes: Sequence[Change]) -> list[Taken]:
    """The sizes of one input that the whole model accepts, as symnet proves it, if the model works on some that are drawn."""
    if not all(kind.is_floating_point for kind in examined.kinds):
        return []

    def network(shape: tuple[int | str, ...]) -> Network:
        shapes = [*examined.shapes[:number], shape, *examined.shapes[number + 1 :]]
        return _network(patient, changes, tuple(shapes), symbolic=True)

    shape = examined.shapes[number]
    taken = sizes_taken(shape, axes_of(len(shape)), network)
    for other in drawn_shapes(shape, taken):
        shapes = (*examined.shapes[:number], other, *examined.shapes[number + 1 :])
        outcome = patient.tried([*changes, patient.input(shapes, "", 0)]) if other != shape else None
        if other != shape and (outcome is None or not outcome.ok):
            return []  # it may run, and put the examples together
    return taken


def _network(patient: Patient, changes: Sequence[Change], shapes: Sequence[Any], symbolic: bool = False) -> Network:
    from symnet.frontends.torch import from_torch

    start = patient.based_on(changes)
    model = model_with(start, changes) if changes else start
    usual = {}
    if symbolic:
        names = {
            size: now
            for shape, old in zip(shapes, patient.shapes, strict=True)
            for size, now in zip(shape, old, strict=True)
        }
        usual = {name: now for name, now in names.items() if isinstance(name, str)}
    with edited_functions(changes):
        return from_torch(model, tuple(shapes) if len(shapes) > 1 else shapes[0], compare=False, usual=usual)


def _fixes(patient: Patient, examined: Examined, taken: list[Taken]) -> tuple[Fix, ...]:
    def propose(outcome: Examined, so_far: tuple[Change, ...]) -> Iterable[Change]:
        call = outcome.failed
        found: list[Change | None] = []
        if call is not None:
            found += list((for_function if call.module is None else for_module)(patient, outcome, call))
        before = losing_batch(outcome.run)
        if before is not None and before is not call and before.module is None:
            found += list(for_function(patient, outcome, before))
        if not so_far:
            found += _other_inputs(patient, outcome, taken)
        return [change for change in found if change is not None]

    mended = partial(_mended, patient, examined)
    ways = mending(examined, mended, propose)
    fixes = [fix for together in ways if (fix := _fix(patient, together)) is not None]
    if not any(fix.where and fix.kind not in ("layer", "input") and not fix.parts for fix in fixes):
        numbers = mending(
            examined,
            mended,
            lambda outcome, so_far: () if so_far else for_numbers(patient, outcome),
            FEWER if fixes else NUMBERS,
            LONGER,
            SHOWN,
        )
        more = [fix for together in numbers if (fix := _fix(patient, together)) is not None]
        fixes = [*more, *fixes]
    return tuple(fixes)


def _mended(patient: Patient, start: Examined, changes: Sequence[Change]) -> Examined | None:
    """The run with changes; ``None`` if they cannot be applied, or if a call of the first run joins its tensors only because the
    changes make a size 1, which is stretched.
    """
    outcome = patient.mended(changes)
    if outcome is not None and outcome.ok:
        known = {(call.name, str(call.spot)) for call in start.run.calls if _of_one_rank(call) and not stretches(call)}
        if any((call.name, str(call.spot)) in known and stretches(call) for call in outcome.run.calls):
            return None
    return outcome


def _of_one_rank(call: Call) -> bool:
    """Whether the inputs of a call have equally many sizes."""
    return len({len(shape) for shape in call.shapes}) == 1


def _other_inputs(patient: Patient, examined: Examined, taken: list[Taken]) -> list[Change | None]:
    return [
        patient.input(
            (shape, *examined.shapes[1:]), f"an input of {'×'.join(map(str, shape))}", 2.2 + 0.01 * rank, note, True
        )
        for rank, (shape, note) in enumerate(nearest_shapes(examined.shapes[0], taken))
    ]


def _fix(patient: Patient, changes: tuple[Change, ...]) -> Fix | None:
    """The changes as one fix; ``None`` if they cannot be written so that the file works."""
    code, where = code_of(changes)
    if not _works_as_written(patient, changes):
        code, where = code_of([replace(change, shown=()) for change in changes])
        if not code or not patient.confirmed(changes):
            return None
    shapes = next((change.shapes for change in reversed(changes) if change.shapes), patient.shapes)
    proven = all(change.proven for change in changes)
    if not proven:
        with suppress(SymnetError):
            _network(patient, changes, shapes)
            proven = True
    kinds = [change.kind for change in changes]
    return Fix(
        " and ".join(change.words for change in changes),
        kinds[0] if len(set(kinds)) == 1 else "layer" if "layer" in kinds else kinds[0],
        code,
        where,
        proven,
        _tried(patient),
        tuple(change.words for change in changes) if len(changes) > 1 else (),
        "; ".join(dict.fromkeys(change.note for change in changes if change.note)),
    )  # fmt: skip


def _works_as_written(patient: Patient, changes: tuple[Change, ...]) -> bool:
    """Whether the model made from the edited text of its file works. If the edits are outside of that file, whether
    their lines make no other part of the model.
    """
    edits = tuple(edit for change in changes for edit in change.shown)
    if not edits:
        return False
    if patient.make_again is None or any(edit.file != patient.file for edit in edits):
        return not any(change.shared for change in changes) and patient.confirmed(changes)
    shapes = next((change.shapes for change in reversed(changes) if change.shapes), None)
    return patient.confirmed([Change("as written", "argument", 0, source=edits, shapes=shapes)])


def _tried(patient: Patient) -> str:
    """The framework that ran the model, with ``on sizes`` if the tensors had no data."""
    return tried_with() if patient.device == "cpu" else f"{tried_with()} on sizes"


def tried_with() -> str:
    """The framework and its version."""
    import torch

    return "torch " + ".".join(torch.__version__.partition("+")[0].split(".")[:2])


def runs_well(model: Any, given: Sequence[Any]) -> bool:
    """Whether the model runs to its end."""
    return _patient(model, given, None).examined().ok


def size_refused(model: Any, given: Sequence[Any], kind: type) -> int | None:
    """The size that a module of this class gets and does not take; ``None`` if it fails for another reason, or not at all."""
    examined = _patient(model, given, None).examined()
    call = examined.failed
    if call is None or type(call.module) is not kind:
        return None
    found = cause(examined, call)
    return call.shapes[0][found.sizes[0][1]] if found.argument and found.sizes else None


def proven_network(model: Any, given: Sequence[Any]) -> bool:
    """Whether symnet can read and prove the whole model."""
    patient = _patient(model, given, None)
    try:
        _network(patient, (), patient.shapes)
    except SymnetError:
        return False
    return True
