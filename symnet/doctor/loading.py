"""The model that ``net.py:Class`` or ``module:factory`` names, made while it is noted where each of its parts is made."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from inspect import Parameter, signature
from pathlib import Path
from typing import Any

from symnet.doctor.diagnosis import Diagnosis
from symnet.doctor.examining import shapes_given
from symnet.errors import ModelError, SymnetError
from symnet.frontends.python_file import loaded_file, model_in, named_in_file

__all__ = ["diagnosed", "made"]


def diagnosed(name: str, inputs: Sequence[str]) -> Diagnosis:
    """What ails the model of that name. Its code is run here."""
    shapes = shapes_given(inputs)
    if _uses(name, "torch"):
        from symnet.doctor.torch.diagnosing import diagnose_torch
        from symnet.doctor.torch.making import Makings

        makings = Makings()
        with makings.noted():
            found, make = _named(name)
            if _is_of(found, "keras", "Layer"):
                return _of_keras(found, make, shapes, name)
            try:
                model = make()
            except SymnetError:
                raise
            except Exception as error:  # noqa: BLE001  # the user's own code
                from symnet.doctor.torch.unmade import diagnose_unmade

                return diagnose_unmade(error, name, shapes)
        if not _is_instance(model, "torch.nn", "Module"):
            if _is_instance(model, "keras", "Layer"):
                return _of_keras(found, lambda: model, shapes, name)
            raise ModelError(f"{name} is a {type(model).__name__}, which is no model of PyTorch or Keras")
        return diagnose_torch(model, shapes, name, makings)
    found, make = _named(name)
    return _of_keras(found, make, shapes, name)


def made(name: str) -> tuple[Any, Any]:
    """The model of PyTorch of that name, and where its parts were made."""
    from symnet.doctor.torch.making import Makings

    makings = Makings()
    with makings.noted():
        return _named(name)[1](), makings


def _of_keras(found: Any, make: Callable[[], Any], shapes: Sequence[Any], name: str) -> Diagnosis:
    if "keras" not in sys.modules:
        raise ModelError(f"{name} is no model of PyTorch or Keras")
    from symnet.doctor.keras.diagnosing import diagnose_making

    return diagnose_making(make, shapes, name)


def _uses(name: str, package: str) -> bool:
    """Whether the file names the package; a module is imported to see it."""
    there = named_in_file(name)
    if there is None:
        spec = find_spec(name.partition(":")[0].partition(".")[0])
        file = None if spec is None else spec.origin
        return bool(file) and package in (Path(str(file)).read_text(encoding="utf-8", errors="replace"))
    try:
        text = Path(there[0]).read_text(encoding="utf-8", errors="replace")
    except OSError as refused:
        raise ModelError(f"cannot read {there[0]}: {refused.strerror}") from None
    return re.search(rf"^\s*(?:import|from)\s.*\b{package}\b", text, re.MULTILINE) is not None


def _named(name: str) -> tuple[Any, Callable[[], Any]]:
    """What the name stands for, and what makes a model of it."""
    there = named_in_file(name)
    if there is None:
        from symnet.frontends.source import model_named

        model = model_named(name)
        return model, lambda: model
    file, inside = there
    found = model_in(loaded_file(file), inside)
    if not callable(found) or any(_is_instance(found, *base) for base in (("torch.nn", "Module"), ("keras", "Layer"))):
        return found, lambda: found
    needed = _needed(found)
    if needed:
        raise ModelError(
            f"{name} takes {', '.join(needed)}: name a function of the file that makes the model without arguments"
        )
    return found, found


def _needed(found: Any) -> list[str]:
    """The arguments without defaults."""
    kinds = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
    try:
        parameters = signature(found).parameters.values()
    except (TypeError, ValueError):
        return []
    return [one.name for one in parameters if one.default is one.empty and one.kind not in kinds]


def _is_instance(value: Any, module: str, name: str) -> bool:
    loaded = sys.modules.get(module)
    return loaded is not None and hasattr(loaded, name) and isinstance(value, getattr(loaded, name))


def _is_of(value: Any, module: str, name: str) -> bool:
    loaded = sys.modules.get(module)
    if loaded is None or not hasattr(loaded, name):
        return False
    return isinstance(value, type) and issubclass(value, getattr(loaded, name))
