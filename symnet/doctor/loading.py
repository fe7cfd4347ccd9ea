"""Loading the model named ``net.py:Class`` or ``module:factory``, with a record of the lines at which its parts are
made.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from inspect import Parameter, signature
from pathlib import Path
from typing import Any

from symnet.doctor.diagnosis import Diagnosis
from symnet.doctor.examining import shapes_given
from symnet.doctor.remaking import Remaking
from symnet.errors import ModelError, SymnetError
from symnet.frontends.framework_of import framework_of
from symnet.frontends.python_file import loaded_file, model_in, named_in_file, source_text

__all__ = ["annotated_lines", "diagnosed"]


def diagnosed(name: str, inputs: Sequence[str]) -> Diagnosis:
    """The diagnosis of the model of that name. This runs its code."""
    shapes = shapes_given(inputs)
    if not any(_uses(name, package) for package in ("torch", "keras", "tensorflow")):
        _named(name)  # a package that it imports may use one of them
        if "torch" not in sys.modules and "keras" not in sys.modules:
            raise ModelError(f"{name} is no model of PyTorch or Keras")
    if _uses(name, "torch") or not (_uses(name, "keras") or _uses(name, "tensorflow")):
        return _of_torch(name, shapes)
    from symnet.doctor.keras.diagnosing import diagnose_keras, fresh
    from symnet.doctor.keras.executed_files import diagnose_keras_file_executed

    remaking = _remaking(name)
    try:
        found, make = _named(name)
    except ModelError as refused:
        by_file = refused.__context__ is not None  # the file itself raised an error
        diagnosis = diagnose_keras_file_executed(remaking, shapes, name) if by_file and remaking is not None else None
        if diagnosis is None:
            raise
        return diagnosis
    return diagnose_keras(fresh(found) if framework_of(found) == "keras" else make, shapes, name, remaking)


def _of_torch(name: str, shapes: tuple[tuple[Any, ...], ...]) -> Diagnosis:
    from symnet.doctor.torch.diagnosing import diagnose_torch
    from symnet.doctor.torch.making import Makings

    makings = Makings()
    with makings.noted():
        _, make = _named(name)
        try:
            model = make()
        except SymnetError:
            raise
        except Exception as error:  # noqa: BLE001  # the user's own code
            from symnet.doctor.torch.unmade import diagnose_unmade

            return diagnose_unmade(error, name, shapes)
    if framework_of(model) == "keras":
        from symnet.doctor.keras.diagnosing import diagnose_keras

        return diagnose_keras(make, shapes, name, _remaking(name))
    if framework_of(model) != "torch":
        raise ModelError(f"{name} is a {type(model).__name__}, which is no model of PyTorch or Keras")
    return diagnose_torch(model, shapes, name, makings, _remaking(name))


def _remaking(name: str) -> Remaking | None:
    """The means to make the model of this name again from its file; ``None`` if it does not come from a file."""
    there = named_in_file(name)
    return None if there is None else Remaking(str(Path(there[0]).resolve()), there[1])


def annotated_lines(name: str, inputs: Sequence[str]) -> dict[str, Any]:
    """The annotations of the file of the model of that name, as data. This runs its code."""
    shapes = shapes_given(inputs)
    from dataclasses import asdict

    model = _named(name)[1]()
    if framework_of(model) != "torch":
        raise ModelError(f"{name} is a {type(model).__name__}: annotate follows the code of models of PyTorch")
    from symnet.doctor.torch.annotating import annotated

    return asdict(annotated(model, shapes))


def _uses(name: str, package: str) -> bool:
    """Whether the file imports ``package``; for a module in a package, the first file of the package counts."""
    text = source_text(name)
    return re.search(rf"^\s*(?:import|from)\s.*\b{package}\b", text, re.MULTILINE) is not None


def _named(name: str) -> tuple[Any, Callable[[], Any]]:
    """The object of that name, and a function that makes a model from it."""
    there = named_in_file(name)
    if there is None:
        from symnet.frontends.source import model_named

        model = model_named(name)
        return model, lambda: model
    file, inside = there
    found = model_in(loaded_file(file), inside)
    if not callable(found) or framework_of(found) in ("torch", "keras"):
        return found, lambda: found
    needed = _needed(found)
    if needed:
        raise ModelError(
            f"{name} takes {', '.join(needed)}: name a function of the file that makes the model without arguments"
        )
    return found, found


def _needed(found: Any) -> list[str]:
    """The names of the arguments without defaults."""
    kinds = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
    try:
        parameters = signature(found).parameters.values()
    except (TypeError, ValueError):
        return []
    return [one.name for one in parameters if one.default is one.empty and one.kind not in kinds]
