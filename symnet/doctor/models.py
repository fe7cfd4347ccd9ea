"""The importers of frameworks as the user calls them: if sizes are wrong, the error names the layer and the line, and
carries changes that mend the whole model, each of them run. The importers themselves are in ``symnet.frontends``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec

from symnet.doctor.advising import advised
from symnet.doctor.diagnosis import Diagnosis
from symnet.errors import SymnetError
from symnet.frontends.keras import from_keras as _from_keras
from symnet.frontends.onnx import from_onnx as _from_onnx
from symnet.frontends.source import read as _read
from symnet.frontends.torch import from_torch as _from_torch
from symnet.public import Network

__all__ = ["from_keras", "from_onnx", "from_torch", "read"]

P = ParamSpec("P")


def _with_advice(
    reader: Callable[P, Network], examine: Callable[[Any, tuple[Any, ...]], Diagnosis]
) -> Callable[P, Network]:
    """The importer, with errors that end with the changes that mend the model."""

    @wraps(reader)
    def read(*args: P.args, **named: P.kwargs) -> Network:
        try:
            return reader(*args, **named)
        except SymnetError as refused:
            model = args[0] if args else next(iter(named.values()))
            given = named.get("input", args[1] if len(args) > 1 else None)
            error = advised(refused, lambda: examine(model, _shapes(given)))
            if error is refused:
                raise
            raise error from None

    return read


def _shapes(given: Any) -> tuple[Any, ...]:
    """The shapes of the inputs in order, as the doctor takes them."""
    if given is None:
        return ()
    shapes = list(given.values()) if isinstance(given, Mapping) else given
    several = all(isinstance(shape, tuple | list) for shape in shapes)
    return tuple(shapes) if several else (tuple(shapes),)


def _live(model: Any, shapes: tuple[Any, ...]) -> Diagnosis:
    from symnet.doctor.examining import doctor

    return doctor(model, *shapes)


def _file(model: Any, shapes: tuple[Any, ...]) -> Diagnosis:
    from symnet.doctor.examining import examined_file

    return examined_file(model, shapes)


from_torch = _with_advice(_from_torch, _live)
from_keras = _with_advice(_from_keras, _live)
from_onnx = _with_advice(_from_onnx, _file)
read = _with_advice(_read, _file)
