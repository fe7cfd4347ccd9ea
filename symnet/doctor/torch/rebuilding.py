"""Copies of modules with other arguments, and models with such changes applied."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from inspect import signature
from types import FunctionType, MethodType
from typing import Any

from symnet.doctor.changes import Change
from symnet.doctor.spots import Edit, edited
from symnet.frontends.edited_code import code_objects
from symnet.frontends.torch.copies import model_copy
from symnet.frontends.torch.weightless import weightless

__all__ = ["arguments_of", "class_of", "edited_functions", "model_with", "rebuilt", "without_initialization"]

_ELSEWHERE = {"device", "dtype", "_weight", "_freeze"}


def class_of(module: Any) -> type:
    """The class of torch that a module is: its own, or the one that the user's class inherits."""
    found: type = next(
        (base for base in type(module).__mro__ if base.__module__.startswith("torch.nn.modules.")), type(module)
    )
    return found


def arguments_of(module: Any) -> dict[str, Any]:
    """The arguments of the module's class that make an equal module."""
    found: dict[str, Any] = {}
    for name, parameter in signature(class_of(module)).parameters.items():
        if name in _ELSEWHERE or parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        value = getattr(module, name, parameter.default)
        if name == "bias" and not isinstance(value, bool):
            value = value is not None or getattr(module, "in_proj_bias", None) is not None
        if value is not parameter.empty:
            found[name] = value
    for name in ("kdim", "vdim"):
        if name in found and found[name] == found.get("embed_dim"):
            found[name] = None
    if not found and hasattr(module, "input_size"):  # recurrent modules accept any arguments
        names = ("input_size", "hidden_size", "num_layers", "bias", "batch_first", "dropout", "bidirectional")
        found = {name: getattr(module, name) for name in names}
    return found


def rebuilt(module: Any, **changed: Any) -> Any:
    """A module like this one with other arguments and arbitrary weights. Raises what its class raises."""
    with without_initialization():
        made = class_of(module)(**{**arguments_of(module), **changed})
    return made.train(module.training)


@contextmanager
def without_initialization() -> Iterator[None]:
    """While this is active, the weights of new modules are arbitrary: no size depends on them, and on ``meta`` torch
    would load its compiler to initialize them.
    """
    import torch

    names = [name for name in vars(torch.nn.init) if name.endswith("_") and not name.startswith("_")]
    before = {name: getattr(torch.nn.init, name) for name in names}
    try:
        for name in names:
            setattr(torch.nn.init, name, lambda tensor, *_, **__: tensor)
        with weightless():
            yield
    finally:
        for name, function in before.items():
            setattr(torch.nn.init, name, function)


def model_with(model: Any, changes: Sequence[Change]) -> Any:
    """A copy of the model with changes of modules, parameters and code applied."""
    copy = model_copy(model)
    for change in changes:
        for path, make in change.modules:
            old, parents = (copy.get_submodule(path) if path else copy), list(copy.modules())
            new = make(old)
            if not path:
                copy = new
                continue
            for parent in parents:  # a module in several places is the same object
                for name, child in parent._modules.items():
                    if child is old:
                        parent._modules[name] = new
        for path, make in change.tensors:
            parent_path, _, name = path.rpartition(".")
            parent = copy.get_submodule(parent_path)
            held = parent._parameters if name in parent._parameters else parent._buffers
            held[name] = make(held[name])
    for code in _codes(changes):
        for part in copy.modules():
            _bind(part, code)
    return copy


def _codes(changes: Sequence[Change]) -> Iterator[tuple[str, Mapping[tuple[str, int], Any]]]:
    edits: dict[str, list[Edit]] = {}
    for change in changes:
        for edit in change.edits:
            edits.setdefault(edit.file, []).append(edit)
    for file, there in edits.items():
        yield file, code_objects("\n".join(edited(tuple(there))), file)


def _bind(part: Any, code: tuple[str, Mapping[tuple[str, int], Any]]) -> None:
    """Make a module run the edited code of its methods."""
    file, codes = code
    for base in reversed(type(part).__mro__):
        for name, function in vars(base).items():
            made = _edited(function, file, codes)
            if made is not None and name != "__init__":
                part.__dict__[name] = MethodType(made, part)


def _edited(function: Any, file: str, codes: Mapping[tuple[str, int], Any]) -> Any:
    if not isinstance(function, FunctionType) or function.__code__.co_filename != file:
        return None
    code = codes.get((function.__code__.co_name, function.__code__.co_firstlineno))
    if code is None or code == function.__code__ or code.co_freevars != function.__code__.co_freevars:
        return None
    made = FunctionType(code, function.__globals__, function.__name__, function.__defaults__, function.__closure__)
    made.__kwdefaults__ = function.__kwdefaults__
    return made


@contextmanager
def edited_functions(changes: Sequence[Change]) -> Iterator[None]:
    """While this is active, functions outside of classes in the edited files run the edited code."""
    before: list[tuple[FunctionType, Any]] = []
    for file, codes in _codes(changes):
        modules = [module for module in list(sys.modules.values()) if getattr(module, "__file__", None) == file]
        for function in [item for module in modules for item in vars(module).values()]:
            made = _edited(function, file, codes)
            if made is not None:
                before.append((function, function.__code__))
                function.__code__ = made.__code__
    try:
        yield
    finally:
        for function, code in before:
            function.__code__ = code
