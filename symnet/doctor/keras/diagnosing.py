"""The diagnosis of a Keras model, which is made to its end or to the call that breaks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from functools import partial
from typing import Any

from symnet.doctor.changes import Change, code_of, mending
from symnet.doctor.diagnosis import Diagnosis
from symnet.doctor.findings import Fix, Link, Row
from symnet.doctor.formulas import formula_of_size
from symnet.doctor.keras.candidates import for_call, rank_of
from symnet.doctor.keras.changing import input_change
from symnet.doctor.keras.recording import Call, Making, Sizes, made_model, plain_sizes, sizes_of, untrained
from symnet.doctor.other_numbers import numbers_in, other_numbers
from symnet.doctor.remaking import Remaking
from symnet.doctor.sizes import Taken, drawn_shapes, fits_of, nearest_shapes, sizes_taken
from symnet.doctor.spots import Edit
from symnet.errors import ModelError, SymnetError, without_styles
from symnet.frontends.framework_of import framework_of
from symnet.layers.declaration.shape import AXIS_NAMES
from symnet.network.network import Network

__all__ = ["diagnose_keras", "fresh"]

#: Errors that wrong sizes can cause; all others are the model's own.
ABOUT_SIZES = (ValueError, TypeError, IndexError, AssertionError, RuntimeError)

#: The largest number of steps in a chain, and the number of last rows for which formulas are derived.
LINKS, FORMULAS = 8, 12

#: So many other numbers of the file are tried at most, fewer where something mends it already, so many after the first one that works,
#: and so many of those are shown.
NUMBERS, FEWER, LONGER, SHOWN = 60, 16, 16, 3


def fresh(model: Any) -> Callable[[], Any]:
    """A function that returns the model for each run: itself if it is built, else a fresh copy."""
    import keras

    if getattr(model, "built", False) or not isinstance(model, keras.Model):
        return lambda: model
    if isinstance(model, keras.Sequential):
        return lambda: keras.Sequential([type(one).from_config(one.get_config()) for one in model.layers])
    return lambda: deepcopy(model)


class _Patient:
    """The function that makes the model, and the shapes of its inputs if it declares none."""

    def __init__(
        self, make: Callable[[], Any], given: Sequence[Sizes], title: str, remaking: Remaking | None = None
    ) -> None:
        self.make, self.given, self.title, self.remaking = make, given, title, remaking

    def made(self, changes: Sequence[Change], shapes: Sequence[Sizes] | None = None) -> Making:
        """The record of making the model with changes, to its end or to the call that breaks."""
        put: dict[tuple[int, int | None], Callable[[Any], Any]] = {}
        for change in changes:
            for path, how in change.modules:
                number, _, place = path.partition("<")
                key = (int(number), int(place) if place else None)
                put[key] = _both(put[key], how) if key in put else how
            shapes = change.shapes if change.shapes is not None else shapes
        edits = tuple(edit for change in changes for edit in change.source)
        make = self.make if not edits or self.remaking is None else partial(_made_again, self.remaking, edits)
        return made_model(make, self.given, put, shapes)

    def works_as_written(self, changes: Sequence[Change]) -> bool:
        """Whether the model made from the edited text of its file works, if the changes are in the file that it comes
        from.
        """
        edits = tuple(edit for change in changes for edit in change.shown)
        if self.remaking is None or any(edit.file != self.remaking.file for edit in edits):
            return True
        with suppress(Exception):  # the edited file may do anything
            return made_model(partial(_made_again, self.remaking, edits), self.given, {}, None).ok
        return False

    def tried(self, changes: Sequence[Change]) -> Making | None:
        """The record with changes; ``None`` if they cannot be applied."""
        try:
            return self.made(changes)
        except Exception:  # noqa: BLE001  # a layer of Keras that refuses its arguments
            return None


def _made_again(remaking: Remaking, edits: tuple[Edit, ...]) -> Any:
    """The model made from the edited file, which is not trained."""
    with untrained():
        found = remaking.found(edits)
    return found if framework_of(found) == "keras" or not callable(found) else found()


def _both(first: Callable[[Any], Any], second: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda layer: second(first(layer))


def diagnose_keras(
    make: Callable[[], Any], given: Sequence[Any], title: str, remaking: Remaking | None = None
) -> Diagnosis:
    """The diagnosis of the model returned by ``make``, called on inputs of the shapes ``given`` without the batch, if
    these are given.
    """
    shapes = [tuple(getattr(size, "constant", size) for size in shape if size != "int") for shape in given]
    patient = _Patient(make, shapes, title, remaking)
    making = patient.made(())
    if making.ok:
        if not making.calls and not getattr(making.model, "inputs", None):
            raise ModelError(f"{title} is not built: say its input, --input 224*224*3")
        return _well(patient, making)
    if making.error is not None and not isinstance(making.error, ABOUT_SIZES):
        where = f" ({making.spot})" if making.spot else ""
        words = " ".join(str(making.error).split())
        raise ModelError(f"{title} raised {type(making.error).__name__}: {words}{where}, which sizes do not cause")
    return _broken(patient, making)


def _inputs(making: Making) -> list[Sizes]:
    if making.inputs:
        return making.inputs
    return [sizes_of(item) for item in getattr(making.model, "inputs", None) or ()]


def _well(patient: _Patient, making: Making) -> Diagnosis:
    inputs = _inputs(making)
    taken = _taken(patient, making, ())
    outputs = getattr(making.model, "outputs", None) or []
    notes = [f"It gives {' × '.join(map(str, plain_sizes(sizes_of(outputs[0])))) or 'one number'}."] if outputs else []
    if not all(one.fits for one in taken):
        notes.append("It runs because Keras stretches a size that happens to be 1.")
    return Diagnosis(
        patient.title,
        True,
        tuple(map(plain_sizes, inputs)),
        rows=_rows(making),
        fits=fits_of(taken),
        notes=tuple(notes),
    )


def _broken(patient: _Patient, making: Making) -> Diagnosis:
    call, spot = making.failed, making.spot
    taken = _taken(patient, making, ())
    fixes = _fixes(patient, making, taken)
    why, condition = _why(making)
    notes = () if fixes else ("No change that symnet tries mends it, nor do two or three together.",)
    return Diagnosis(
        patient.title, False, tuple(map(plain_sizes, _inputs(making))), call.name if call else None, str(spot) if spot else None,
        spot.text if spot else "", why, condition, _rows(making), _chain(making), fixes,
        {one.letters[0]: one.words for one in taken}, notes,
    )  # fmt: skip


def _why(making: Making) -> tuple[str, str | None]:
    call = making.failed
    words = " ".join(without_styles(str(making.error)).split())
    if call is None:
        said = words.rpartition("Error encountered: ")[2].strip("'. ")
        pair = re.search(r"Dimensions must be equal, but are (\d+) and (\d+)", said)
        return said.partition(" for '{{node")[0], f"{pair[1]} = {pair[2]}" if pair else None
    shapes = [" × ".join(map(str, plain_sizes(shape))) or "1" for shape in call.shapes]
    if len(shapes) > 1:
        one, two = call.shapes[0], next((shape for shape in call.shapes if shape != call.shapes[0]), call.shapes[0])
        if len(one) != len(two):
            return f"{call.name} joins {' and '.join(shapes)}, which have {len(one)} and {len(two)} sizes", None
        pairs = [f"{a} = {b}" for a, b in zip(one, two, strict=False) if a != b and None not in (a, b)]
        names = _axis_names(len(one))
        skipped = len(one) - 1 if call.kind == "Concatenate" else -1
        wrong = [place for place, (a, b) in enumerate(zip(one, two, strict=False)) if a != b and place != skipped]
        axes = " and ".join(names[place] for place in wrong if place < len(names))
        differing = f", which differ in {axes}" if axes else ""
        return f"{call.name} joins {' and '.join(shapes)}{differing}", ", ".join(dict.fromkeys(pairs)) or None
    rank = rank_of(call.layer)
    if rank is not None and len(shapes) == 1 and len(call.shapes[0]) != rank:
        return f"{call.name} takes {rank} sizes besides the batch and gets {len(call.shapes[0])}: {shapes[0]}", None
    kernel = getattr(call.layer, "kernel_size", getattr(call.layer, "pool_size", None))
    if (kernel is not None and "zero or negative" in words) or "negative" in words.lower():
        sizes = call.shapes[0][:-1]
        kernels = tuple(kernel or ())
        dilation = getattr(call.layer, "dilation_rate", 1)
        apart = tuple(dilation) if isinstance(dilation, tuple | list) else (dilation,) * len(kernels)
        reach = [d * (k - 1) + 1 for d, k in zip(apart, kernels, strict=True)]
        names = _axis_names(len(call.shapes[0]))
        wrong = [place for place, (r, n) in enumerate(zip(reach, sizes, strict=False)) if n is not None and r > n]
        if wrong:
            axes = " and ".join(names[place] for place in wrong)
            window, size = reach[wrong[0]], sizes[wrong[0]]
            return f"{call.name} has windows of {window} and gets {size} ({axes})", f"{window} ≤ {size}"
    said = words.partition("Arguments received")[0].strip().rstrip(".")
    said = said.removeprefix(f"Exception encountered when calling {call.kind}.call(). ")
    return f"{call.name} gets {' and '.join(shapes)}: {said}", None


def _axis_names(count: int) -> tuple[str, ...]:
    names = tuple(AXIS_NAMES[count - 1]) if count - 1 in (1, 2, 3) else ()
    return (*names, "channels") if names else ("the features",) * count


def _rows(making: Making) -> tuple[Row, ...]:
    calls = [call for call in making.calls if call.outputs and call is not making.failed]
    calls = list({(call.name, str(call.spot)): call for call in calls}.values())  # Keras may run call() more than once
    found = []
    for number, call in enumerate(calls):
        formula = _formula(call) if number >= len(calls) - FORMULAS else ""
        where, line = (str(call.spot), call.spot.text) if call.spot else ("", "")
        if not where and call.made:
            where, line = str(call.made), call.made.text
        found.append(
            Row(
                call.name,
                call.kind,
                (plain_sizes(sizes_of(call.outputs[0])),),
                formula,
                where,
                line,
                str(call.made or ""),
            )
        )
    return tuple(found)


def _formula(call: Call) -> str:
    """The formula of the output sizes of a layer with windows, with numbers, as symnet proves it; empty if there is
    none.
    """
    from symnet.render.table import size_equation

    if len(call.inputs) != 1 or not (hasattr(call.layer, "kernel_size") or hasattr(call.layer, "pool_size")):
        return ""
    with suppress(Exception):  # layers that symnet does not know have no formula
        import keras

        from symnet.frontends.keras import from_keras

        start = keras.Input(call.shapes[0])
        layer = type(call.layer).from_config(call.layer.get_config())
        proof = from_keras(keras.Model(start, layer(start)), compare=False).proof
        words = []
        for axis in proof.layers[-1].axes:
            equation = size_equation(axis, proof.repeated) if axis is not None else None
            if equation is not None:
                words.append(formula_of_size(equation.conclusion))
        return ", ".join(dict.fromkeys(filter(None, words)))
    return ""


def _chain(making: Making) -> tuple[Link, ...]:
    call = making.failed
    found: dict[Link, None] = {}
    if call is None:
        return ()
    last = [shape[-1] if shape else None for shape in call.shapes]
    alike = call.kind == "Concatenate" or (len(last) > 1 and len(set(last)) == 1)
    for number, source in enumerate(call.sources):
        found.update(dict.fromkeys(_links(making, source, call.shapes[number], None if alike else last[number])))
    return tuple(found)[:LINKS]


def _links(making: Making, source: int, shape: Sizes, features: int | None) -> Iterator[Link]:
    """The steps to the sizes of a tensor; with ``features`` the first of them is the argument that determines these."""
    while source >= 0:
        call = making.calls[source]
        before, after = call.shapes[0] if call.shapes else (), sizes_of(call.outputs[0]) if call.outputs else ()
        where = str(call.made or call.spot or "")
        argument = next(
            (name for name in ("filters", "units", "output_dim") if getattr(call.layer, name, None) == features), ""
        )
        if features is not None and argument and after[-1:] == (features,):
            yield Link(str(features), call.name, argument, where)
            features = None
        if before != after:
            shown = " × ".join(map(str, plain_sizes(after[:-1] if len(after) > 1 else after)))
            words = _formula(call)
            if len(after) == len(before) and after[:-1] != before[:-1]:
                yield Link(shown, call.name, words, where)
            elif call.kind in ("Flatten", "Reshape"):
                yield Link(
                    " × ".join(map(str, plain_sizes(after))), call.name, "·".join(map(str, plain_sizes(before))), where
                )
        source, shape = (call.sources[0], call.shapes[0]) if call.sources else (-1, shape)
    if shape:
        yield Link(" × ".join(map(str, plain_sizes(shape))), "the input", "")


def _network(patient: _Patient, changes: Sequence[Change], shape: Sequence[int | str] | None) -> Network:
    """The whole model as read by symnet; ``shape`` is its first input with letters."""
    import keras

    from symnet.frontends.keras import from_keras

    open_ = None if shape is None else [tuple(None if isinstance(size, str) else size for size in shape)]
    making = patient.made(changes, open_) if open_ is not None else patient.made(changes)
    if not making.ok:
        raise ModelError(str(making.error))
    model = making.model
    # A Sequential keeps the layers that were replaced when it was called.
    if changes and isinstance(model, keras.Sequential) and model.built:
        model = keras.Model(model.inputs, model.outputs, name=model.name)
    return from_keras(model, input=None if shape is None else tuple(shape), compare=False)


def _taken(patient: _Patient, making: Making, changes: Sequence[Change]) -> list[Taken]:
    """The sizes of the first input that the whole model accepts."""
    inputs = _inputs(making)
    if len(inputs) != 1 or None in inputs[0] or len(inputs[0]) not in (3, 4):
        return []
    shape = tuple(size or 0 for size in inputs[0])
    axes = dict(enumerate(AXIS_NAMES[len(shape) - 1]))
    with suppress(Exception):
        taken = sizes_taken(shape, axes, lambda sizes: _network(patient, changes, sizes))
        if all(patient.made(changes, [other]).ok for other in drawn_shapes(shape, taken) if other != shape):
            return taken
    return []


def _fixes(patient: _Patient, making: Making, taken: Sequence[Taken]) -> tuple[Fix, ...]:
    def propose(outcome: Making, so_far: tuple[Change, ...]) -> Iterable[Change]:
        found = list(for_call(outcome, outcome.failed))
        inputs = _inputs(outcome)
        if not so_far and inputs and None not in inputs[0]:
            shape = tuple(size or 0 for size in inputs[0])
            found += [
                input_change(outcome, 0, other, 2.2 + 0.01 * rank, note)
                for rank, (other, note) in enumerate(nearest_shapes(shape, taken))
            ]
        return [change for change in found if change is not None]

    fixes = [_fix(patient, together) for together in mending(making, patient.tried, propose)]
    if patient.remaking is not None and not any(
        fix.where and fix.kind not in ("layer", "input") and not fix.parts for fix in fixes
    ):
        tries = FEWER if fixes else NUMBERS
        numbers = mending(
            making,
            patient.tried,
            lambda outcome, so_far: () if so_far else _numbers(patient, outcome),
            tries,
            LONGER,
            SHOWN,
        )
        fixes = [*(_fix(patient, together) for together in numbers), *fixes]
    return tuple(fix for fix in fixes if fix.code)


def _numbers(patient: _Patient, making: Making) -> list[Change]:
    """Changes of other numbers of the file: first those in the lines that made the earlier layers, the nearest layer
    first.
    """
    if patient.remaking is None:
        return []
    call = making.failed
    lines: dict[int, None] = {}
    asked, others = numbers_in(str(making.error).partition("Arguments received")[0]), {0, 1, 2}
    before = [] if call is None else [call]
    waiting = list(call.sources) if call is not None else [one.number for one in reversed(making.calls)]
    while waiting and len(before) < 10:
        number = waiting.pop(0)
        if number >= 0 and making.calls[number] not in before:
            before.append(making.calls[number])
            waiting += making.calls[number].sources
    if call is not None:
        asked = numbers_in(_why(making)[1]) or asked
        others |= {size for shape in call.shapes for size in shape if size is not None}
    for spot in [making.spot, *(spot for one in before for spot in (one.made, one.spot)), *making.input_spots]:
        if spot is not None and spot.file == patient.remaking.file:
            lines[spot.line] = None
    return list(other_numbers(patient.remaking.file, list(lines), asked[:6], others))


def _fix(patient: _Patient, changes: tuple[Change, ...]) -> Fix:
    import keras

    code, where = code_of(changes)
    if where and not all(change.source for change in changes) and not patient.works_as_written(changes):
        code, where = code_of([replace(change, shown=()) for change in changes])
    try:
        _network(patient, changes, None)
        proven = True
    except SymnetError:
        proven = False
    kinds = [change.kind for change in changes]
    version = ".".join(keras.__version__.split(".")[:2])
    return Fix(
        " and ".join(change.words for change in changes),
        kinds[0] if len(set(kinds)) == 1 else "layer" if "layer" in kinds else kinds[0],
        code,
        where,
        proven,
        f"keras {version}",
        tuple(change.words for change in changes) if len(changes) > 1 else (),
        "; ".join(dict.fromkeys(change.note for change in changes if change.note)),
    )
