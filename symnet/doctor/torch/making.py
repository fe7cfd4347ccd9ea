"""The calls in the user's code that made the modules of a model, and these calls with other arguments."""

from __future__ import annotations

import ast
import linecache
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from inspect import signature
from threading import get_ident
from typing import Any

from symnet.doctor.spots import (
    Edit,
    Spot,
    calls_named,
    parsed,
    short_name,
    spot_at,
    spot_here,
    user_frames,
)

__all__ = ["Makings", "with_argument", "with_other_name"]


class Makings:
    """The calls that made modules, recorded while the model was made (``by_id``), else searched in the ``__init__`` of
    the classes.
    """

    def __init__(self) -> None:
        self.by_id: dict[int, Spot] = {}
        self._lines: dict[int, tuple[tuple[str, int], ...]] = {}
        self._shared: dict[int, bool] = {}

    @contextmanager
    def noted(self) -> Iterator[None]:
        """While this is active, the calls that make modules are recorded."""
        import torch

        original, thread = torch.nn.Module.__init__, get_ident()

        def start(module: Any, *args: Any, **named: Any) -> None:
            if get_ident() == thread:
                frames = user_frames(sys._getframe(1))
                self._lines.setdefault(id(module), tuple((one.f_code.co_filename, one.f_lineno) for one in frames))
                spot = spot_here(2)
                if spot is not None and spot.function == "__init__" and _own_init(module, spot):
                    spot = _outside(module)  # what super().__init__() of the user's own class calls
                if spot is not None:
                    self.by_id[id(module)] = spot
            original(module, *args, **named)

        torch.nn.Module.__init__ = start
        try:
            yield
        finally:
            torch.nn.Module.__init__ = original

    def call(self, model: Any, path: str) -> tuple[str, ast.Call] | None:
        """The file and the call that made the module or the parameter at ``path``; ``None`` if they are unknown."""
        module = _at(model, path)
        spot = self.by_id.get(id(module))
        if spot is not None:
            node = spot.node
            found = self._of_class(node, spot, module)
            if found is not None:
                return spot.file, found
        return self._searched(model, path)

    def lines(self, model: Any, path: str, file: str) -> list[int]:
        """The lines of a file that were running when the module was made, the innermost first."""
        return [line for name, line in self._lines.get(id(_at(model, path)), ()) if name == file]

    def shared(self, model: Any, path: str) -> bool:
        """Whether the call that made a module also made others, which a changed argument would change as well."""
        key = id(_at(model, path))
        if key not in self._shared:
            self._shared[key] = self._makes_others(model, path)
        return self._shared[key]

    def _makes_others(self, model: Any, path: str) -> bool:
        import torch

        module, others = _at(model, path), list(model.modules())
        spot = self.by_id.get(id(module))
        if spot is not None:
            return any(other is not module and self.by_id.get(id(other)) == spot for other in others)
        parent_path = path.rpartition(".")[0]
        parent = _at(model, parent_path)
        if type(parent) in (torch.nn.Sequential, torch.nn.ModuleList) and parent_path:
            return self._makes_others(model, parent_path)
        return any(type(other) is type(parent) and other is not parent for other in others)

    def _of_class(self, node: ast.expr | None, spot: Spot, module: Any) -> ast.Call | None:
        name = type(module).__name__
        if isinstance(node, ast.Call):
            return node if next(calls_named(node, name), None) is node else None
        tree = parsed(spot.file)
        there = [call for call in calls_named(tree, name) if call.lineno == spot.line] if tree else []
        return there[0] if len(there) == 1 else None

    def _searched(self, model: Any, path: str) -> tuple[str, ast.Call] | None:
        parent_path, _, name = path.rpartition(".")
        parent = _at(model, parent_path)
        if not path or parent is None:
            return None
        if name.isdecimal():  # an item of a Sequential
            holder = self.call(model, parent_path)
            if holder is None or any(isinstance(item, ast.Starred) for item in holder[1].args):
                return None
            items = holder[1].args
            if len(items) == 1 and isinstance(items[0], ast.List):
                items = items[0].elts
            item = items[int(name)] if int(name) < len(items) else None
            return (holder[0], item) if isinstance(item, ast.Call) else None
        for base in type(parent).__mro__:
            made = _assigned(base, name)
            if made is not None:
                return made
        return None

    def where(self, model: Any, path: str) -> str:
        """The file and the line of that call; empty if unknown."""
        found = self.call(model, path)
        return "" if found is None else f"{short_name(found[0])}:{found[1].lineno}"


def _own_init(module: Any, spot: Spot) -> bool:
    """Whether the line is in the ``__init__`` of the module's own class or of a base class."""
    for base in type(module).__mro__:
        own = vars(base).get("__init__")
        code = getattr(own, "__code__", None)
        if code is not None and code.co_filename == spot.file:
            lines = [line for _, _, line in code.co_lines() if line]
            if lines and min(lines) <= spot.line <= max(lines):
                return True
    return False


def _outside(module: Any) -> Spot | None:
    """The user's call that made a module of a class of their own."""
    for frame in user_frames(sys._getframe(2)):
        if frame.f_locals.get("self") is not module:
            return spot_at(frame.f_code, frame.f_lasti, frame.f_lineno)
    return None


def _at(model: Any, path: str) -> Any:
    found = model
    for part in path.split(".") if path else ():
        found = getattr(found, part, None) if not part.isdecimal() else found._modules.get(part)
    return found


def _assigned(kind: type, name: str) -> tuple[str, ast.Call] | None:
    """The file and the call in ``self.name = nn.Linear(…)`` of a class."""
    start = vars(kind).get("__init__")
    code = getattr(start, "__code__", None)
    if code is None:
        return None
    made = _assignments(code.co_filename, code.co_firstlineno, code.co_varnames[0] if code.co_varnames else "self")
    return (code.co_filename, made[name]) if name in made else None


@cache
def _assignments(file: str, line: int, own: str) -> dict[str, ast.Call]:
    """The calls that an ``__init__`` assigns to attributes of its object, whose name there is ``own``."""
    found: dict[str, ast.Call] = {}
    for node in ast.walk(parsed(file) or ast.Module([], [])):
        if isinstance(node, ast.FunctionDef) and node.name == "__init__" and _starts(node) == line:
            for step in ast.walk(node):
                if isinstance(step, ast.Assign) and isinstance(step.value, ast.Call):
                    for target in step.targets:
                        if isinstance(target, ast.Attribute) and ast.unparse(target.value) == own:
                            found[target.attr] = step.value
    return found


def _starts(node: ast.FunctionDef) -> int:
    return min([node.lineno, *(each.lineno for each in node.decorator_list)])


def with_argument(file: str, call: ast.Call, kind: Any, changed: Mapping[str, Any]) -> tuple[Edit, ...] | None:
    """The call with other arguments, as edits; ``None`` if the call passes on its own arguments."""
    names = list(signature(kind).parameters)
    if names[:1] == ["args"] or not names:
        names = ["input_size", "hidden_size", "num_layers"]
    edits: list[Edit] = []
    more = ""
    for name, value in changed.items():
        written = next((word.value for word in call.keywords if word.arg == name), None)
        place = names.index(name) if name in names else len(call.args)
        if written is None and place < len(call.args):
            if any(isinstance(item, ast.Starred) for item in call.args[: place + 1]):
                return None
            written = call.args[place]
        if written is None:
            if any(word.arg is None for word in call.keywords):
                return None
            more += f", {name}={value!r}"
        else:
            edits.append(Edit.of(file, written, repr(value)))
    if more:
        edits.append(_before_the_end(file, call, more))
    return tuple(edits)


def _before_the_end(file: str, call: ast.Call, text: str) -> Edit:
    line = linecache.getline(file, call.end_lineno or 0).encode()
    column = (call.end_col_offset or 1) - 1
    before = line[:column].rstrip()
    if before.endswith((b",", b"(")):
        text = text.removeprefix(",").removeprefix(" ") if before.endswith(b"(") else text.removeprefix(",")
    elif not before and not (call.args or call.keywords):
        text = text.removeprefix(", ")
    return Edit.at(file, call.end_lineno or 0, column, text)


def with_other_name(file: str, call: ast.Call, name: str) -> Edit:
    """The edit that calls another class of the same module: ``nn.BatchNorm2d`` for ``nn.BatchNorm1d``."""
    called = call.func
    if isinstance(called, ast.Attribute):
        return Edit.of(file, called, f"{ast.unparse(called.value)}.{name}")
    return Edit.of(file, called, name)
