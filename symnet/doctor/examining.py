"""The choice of the doctor for a model: that of its framework, or that of notation."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from os import fspath
from typing import Any

from symnet.doctor.diagnosis import Diagnosis
from symnet.errors import SymnetError
from symnet.frontends.framework_of import KERAS_FILES, framework_of
from symnet.frontends.source import is_factory
from symnet.limits import MEMORY_LIMIT, TIME_LIMIT
from symnet.network import network

__all__ = ["diagnosed", "doctor", "examined_file", "inputs_at", "shapes_given"]


def doctor(model: Any, *shapes: Any) -> Diagnosis:
    """Where a network breaks, why, and changes that are proven to mend it; or that nothing breaks, and for which sizes.

    ``model`` is a ``torch.nn.Module``, a model of Keras or a function that makes one (which may fail), notation, a network, or what
    names a model on the command line (``net.py:Class``, which is run in a process of its own), or an ``onnx.ModelProto``;
    ``shapes`` are the shapes of its inputs without the batch,
    each ``(3, 224, 224)`` or ``"3*224*224"``. The model itself is not touched. Raises :class:`symnet.SymnetError`
    where it cannot be read, or fails for another reason than sizes.

    >>> found = doctor("(1*28*28) -> Conv|8|5 -> Conv|8|30")
    >>> found.layer, found.fixes[0].change, found.fixes[0].code
    ('conv2', 'conv2: padding=3', 'Conv|8|30|padding=3')
    """
    given = tuple(_shape(shape) for shape in shapes)
    if isinstance(model, str):
        return diagnosed(model, tuple(map(_written, given)))
    if isinstance(model, network.Network):
        from symnet.doctor.notation import diagnose_graph

        return diagnose_graph(model.graph, model.title)
    framework = framework_of(model)
    if framework == "onnx":
        return examined_file(model, given)
    if framework == "torch":
        from symnet.doctor.torch.diagnosing import diagnose_torch

        return diagnose_torch(model, given, type(model).__name__)
    if framework == "keras" or ("keras" in sys.modules and callable(model)):
        from symnet.doctor.keras.diagnosing import diagnose_keras, fresh

        title = getattr(model, "name", None) or getattr(model, "__name__", type(model).__name__)
        return diagnose_keras(fresh(model) if framework == "keras" else model, given, str(title))
    raise SymnetError(f"doctor takes a model of PyTorch or Keras, or notation; got {model!r:.60}")


def examined_file(model: Any, shapes: Sequence[Any]) -> Diagnosis:
    """The diagnosis of an ONNX model or of a model in a file, for inputs of these shapes, or for its own."""
    given = [_shape(shape) for shape in shapes]
    if framework_of(model) == "onnx":
        from symnet.doctor.onnx.diagnosing import diagnose_onnx

        return diagnose_onnx(
            model, given[0] if len(given) == 1 else tuple(given) or None, model.graph.name or "an ONNX model"
        )
    if framework_of(model) == "keras":
        return doctor(model, *given)
    return diagnosed(fspath(model), [_written(shape) for shape in given])


def diagnosed(
    argument: str,
    inputs: Sequence[str] = (),
    limit: float = TIME_LIMIT,
    memory: float = MEMORY_LIMIT,
    at: Mapping[str, int] | None = None,
) -> Diagnosis:
    """The diagnosis of a model named on the command line: a Python file, a factory, a model file, or notation. ``at``
    maps letters of the input or the notation to numbers; ``limit`` is in seconds, ``memory`` in GiB.
    """
    if at and inputs:
        inputs = inputs_at(inputs, at)
    if is_factory(argument.strip()):
        from symnet.doctor.process import examined_apart

        _refuse_letters(inputs)
        return examined_apart(argument, inputs, limit, memory)
    from symnet.doctor.notation import diagnose_notation

    name = argument.strip()
    if name.endswith(".onnx"):
        from symnet.doctor.onnx.diagnosing import diagnose_onnx
        from symnet.frontends.source import input_sizes

        return diagnose_onnx(name, input_sizes(list(inputs)) if inputs else None, name)
    if name.endswith(KERAS_FILES):
        from symnet.doctor.keras.files import diagnose_keras_file

        return diagnose_keras_file(name, inputs)
    if inputs:
        raise SymnetError("--input is for models of a framework; notation says its input itself")
    return diagnose_notation(argument, at)


def _refuse_letters(inputs: Sequence[str]) -> None:
    """Raises :class:`symnet.SymnetError` for letters in the input of a model that is run."""
    from symnet.terms.term import Term, symbols_of

    shapes = [_shape(text) for text in inputs]
    letters = [
        letter.name for letter in symbols_of(*(one for shape in shapes for one in shape if isinstance(one, Term)))
    ]
    if letters:
        numbers = ",".join(f"{letter}=224" for letter in letters)
        raise SymnetError(
            f"doctor runs the model, on an input of numbers: {' '.join(inputs)} has {' and '.join(letters)}; "
            f"--at {numbers} says them, and the answer says for which other sizes it holds"
        )


def inputs_at(inputs: Sequence[str], at: Mapping[str, int]) -> list[str]:
    """Shapes with numbers substituted for letters. Raises :class:`symnet.TermError` for a letter that no shape has.

    >>> inputs_at(["3*H*(W + 2)", "int:T"], {"H": 32, "W": 30, "T": 7})
    ['3*32*32', 'int:7']
    """
    from symnet.network.at_numbers import refuse_unknown
    from symnet.terms.term import Term, integer, substitute, symbols_of

    shapes = [_shape(text) for text in inputs]
    letters = symbols_of(*(size for shape in shapes for size in shape if isinstance(size, Term)))
    refuse_unknown(at, letters)
    values: dict[Term, Term] = {letter: integer(at[letter.name]) for letter in letters if letter.name in at}
    return [
        _written(tuple(substitute(size, values) if isinstance(size, Term) else size for size in shape))
        for shape in shapes
    ]


def shapes_given(texts: Sequence[str]) -> tuple[tuple[Any, ...], ...]:
    """The shapes of options such as ``--input 3*224*224`` and ``--input int:16``."""
    return tuple(_shape(text) for text in texts)


def _written(shape: tuple[Any, ...]) -> str:
    """A shape as the text of the option ``--input``."""
    integers = shape[:1] == ("int",)
    sizes = shape[1:] if integers else shape
    return ("int:" if integers else "") + "*".join(map(_written_size, sizes))


def _written_size(size: Any) -> str:
    from symnet.printing.text import python_text
    from symnet.terms.term import Symbol, Term

    if not isinstance(size, Term):
        return str(size)
    if size.constant is not None:
        return str(size.constant)
    return python_text(size) if isinstance(size, Symbol) else f"({python_text(size)})"


def _shape(shape: Any) -> tuple[Any, ...]:
    if isinstance(shape, str):
        from symnet.frontends.source import input_sizes

        kind, _, rest = shape.rpartition(":")
        if kind == "int":
            return ("int", *input_sizes([rest]))
        return tuple(input_sizes([shape]))
    if not isinstance(shape, tuple | list):
        raise SymnetError(f"a shape is a tuple of sizes such as (3, 224, 224), got {shape!r:.60}")
    return tuple(shape)
