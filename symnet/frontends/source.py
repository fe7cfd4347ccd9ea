"""What a command is given as NET: notation, a file of notation, a model's file, or module:factory."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Any
from warnings import catch_warnings, simplefilter

from symnet.errors import ModelError, NotationError
from symnet.files import read_source
from symnet.network.notation import parse_network
from symnet.public import Network

__all__ = ["input_sizes", "load", "source"]

_FACTORY = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")


def load(argument: str, *, run: bool = False, input: str | None = None, opaque: bool = False) -> Network:
    """The network that ``argument`` names. ``run`` allows a factory's module to be imported, which runs its code; ``input``
    is the shape of a model's input, ``3*224*224``; ``opaque`` takes what layers of unknown classes give from the framework.

    >>> load("(3*W*W) -> Conv|64|7|2|3").output
    (64, (W + 1)//2, (W + 1)//2)
    """
    name = argument.strip()
    sizes = None if input is None else input_sizes(input)
    if name.endswith(".keras"):
        from symnet.frontends.keras import read_keras

        return read_keras(name, input=sizes, opaque=opaque)
    if name.endswith(".onnx"):
        from symnet.frontends.onnx import from_onnx

        return from_onnx(name, input=sizes, opaque=opaque)
    if _FACTORY.fullmatch(name):
        if not run:
            raise ModelError(f"{name} is Python code: add --import to have it imported, which runs it")
        return _model(name, _made(name), sizes, opaque)
    network = Network.parse(source(argument, input=input, opaque=opaque))
    if name.endswith(".net") and network.title.startswith("a network"):
        network.title = name
    return network


def source(argument: str, *, run: bool = False, input: str | None = None, opaque: bool = False) -> str:
    """The notation of what ``argument`` names; the other arguments are those of :func:`load`."""
    name = argument.strip()
    if name.endswith((".keras", ".onnx")) or _FACTORY.fullmatch(name):
        return load(name, run=run, input=input, opaque=opaque).notation
    if input is not None or opaque:
        raise ModelError("--input and --opaque are for models of a framework; notation says its input itself")
    return read_source(name)


def input_sizes(text: str) -> tuple[Any, ...]:
    """``3*H*W`` or ``(3, 224, 224)`` as sizes.

    >>> input_sizes("3*H*224")
    (<Int 3>, <Symbol H>, <Int 224>)
    """
    try:
        return parse_network(f"{text} -> Identity").input.dims
    except NotationError as refused:
        raise ModelError(f"--input {text}: {refused.message}; write it as in --input 3*224*224") from None


def _made(name: str) -> Any:
    """What the factory makes, or the object itself if it is no factory."""
    module, _, path = name.partition(":")
    try:
        found: Any = _imported(module)
    except Exception as refused:  # noqa: BLE001  # somebody else's code, as below
        raise ModelError(f"cannot import {module}: {type(refused).__name__}: {refused}") from None
    for part in path.split("."):
        if not hasattr(found, part):
            raise ModelError(f"{module} has no {path}")
        found = getattr(found, part)
    if _is_model(found):
        return found
    if not callable(found):
        raise ModelError(f"{name} is no model and makes none: it is a {type(found).__name__}")
    try:
        return _called(module, partial(found, **_WITHOUT_WEIGHTS) if _takes_weights(found) else found)
    except Exception as refused:  # noqa: BLE001  # somebody else's code: whatever it raises is told in a line
        raise ModelError(f"{name}() raised {type(refused).__name__}: {refused}") from None


def _called(module: str, factory: Callable[[], Any]) -> Any:
    """What the factory makes; torchvision's models without numbers for their weights, where that can be."""
    if module.partition(".")[0] == "torchvision":
        from symnet.frontends.torch import weightless

        with suppress(Exception), catch_warnings(), weightless():
            simplefilter("ignore")  # they are about initialization
            return factory()
    return factory()


def _imported(module: str) -> Any:
    """The module, from where the user stands, too; torchvision's where its compiled operators are missing, as well."""
    here = str(Path.cwd())
    if here not in sys.path and "" not in sys.path:  # python -m symnet begins there; the program symnet does not
        sys.path.append(here)
    if module.partition(".")[0] != "torchvision":
        return import_module(module)
    from symnet.frontends.torch import with_operators

    return with_operators(lambda: import_module(module))


#: keras.applications download weights unless told not to; nothing that is derived depends on them.
_WITHOUT_WEIGHTS: dict[str, Any] = {"weights": None}


def _takes_weights(factory: Any) -> bool:
    try:
        return not _WITHOUT_WEIGHTS.keys().isdisjoint(signature(factory).parameters)
    except (TypeError, ValueError):
        return False


def _is_model(value: Any) -> bool:
    return not isinstance(value, type) and any(_class_in(value, *base) for base in _BASES)


_BASES = (("torch.nn", "Module"), ("keras", "Layer"), ("onnx", "ModelProto"))


def _class_in(value: Any, module: str, name: str) -> bool:
    """Whether ``value`` is of a class of a framework; a framework that is not loaded made nothing."""
    loaded = sys.modules.get(module)
    return loaded is not None and isinstance(value, getattr(loaded, name))


def _model(name: str, model: Any, sizes: Sequence[Any] | None, opaque: bool) -> Network:
    if _class_in(model, "torch.nn", "Module"):
        from symnet.frontends.torch import from_torch

        network = from_torch(model, sizes, opaque=opaque)
    elif _class_in(model, "keras", "Layer"):
        from symnet.frontends.keras import from_keras

        network = from_keras(model, input=sizes, opaque=opaque)
    elif _class_in(model, "onnx", "ModelProto"):
        from symnet.frontends.onnx import from_onnx

        network = from_onnx(model, input=sizes, opaque=opaque)
    else:
        raise ModelError(f"{name} made a {type(model).__name__}, which is no model of Keras, PyTorch or ONNX")
    network.title = name
    return network
