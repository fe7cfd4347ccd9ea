"""The source of a PyTorch model with the sizes of each line: its forward is run line by line on symbolic sizes."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from inspect import CO_GENERATOR, CO_VARARGS, CO_VARKEYWORDS, unwrap
from types import CodeType, FrameType
from typing import Any

from symnet.doctor.spots import is_users, parsed
from symnet.errors import ModelError, SymnetError
from symnet.frontends.flow import BATCH
from symnet.network.closed_forms import gathered
from symnet.network.domain import domain
from symnet.printing.text import unicode_text
from symnet.terms.term import Symbol, Term, substitute, symbols_of

__all__ = ["Annotated", "annotated"]

#: The largest number of different sizes shown for a line that runs repeatedly.
SEVERAL = 3


@dataclass
class Annotated:
    """The functions of ``file`` that ran, in the order of the file, with their first and last lines; the sizes known for the
    lines; the shapes of inputs and outputs; the hypotheses on the letters; and the error that ended the run early, if
    any.
    """

    file: str
    name: str
    #: the file of the class, which may inherit the forward from another file
    class_file: str = ""
    functions: list[tuple[int, int]] = field(default_factory=list)
    lines: dict[int, list[str]] = field(default_factory=dict)
    inputs: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    hypotheses: list[str] = field(default_factory=list)
    refused: str | None = None


class _Follower:
    """Records the sizes of what each statement of the user's file assigns."""

    def __init__(self, file: str, root: CodeType) -> None:
        self.file, self.root = file, root
        self.lines: dict[int, list[str]] = {}
        self.codes: dict[CodeType, None] = {}
        self.inputs: list[str] = []
        self.outputs: list[str] = []
        self.longest: tuple[dict[int, list[str]], dict[CodeType, None], list[str]] = ({}, {}, [])
        self._last: dict[FrameType, int] = {}
        self._statements = dict(_statements(file))
        self._depth = 0
        self._begun: set[FrameType] = set()

    def called(self, frame: FrameType, event: str, argument: Any) -> Any:
        """Called by Python at each function call; starts the record of functions of the file."""
        if event != "call" or frame.f_code.co_filename != self.file:
            return None
        if (
            frame.f_code is self.root and self._depth == 0
        ):  # another run of the model, which replaces the record of the last one
            self.keep_the_longest()
            self.lines, self.codes, self.outputs = {}, {}, []
            self.inputs = [self._written(item) for _, argument in self._named(frame) for item in _tensors(argument)]
        self._depth += frame.f_code is self.root
        self.codes[frame.f_code] = None
        if frame in self._begun:  # a generator that goes on
            return self.stepped
        if frame.f_code.co_flags & CO_GENERATOR:
            self._begun.add(frame)
        named = [(name, self._several(item)) for name, item in self._named(frame)]
        told = [f"{name}: {shown}" for name, shown in named if shown]
        if told and not frame.f_code.co_name.startswith("<"):
            self._note((_definition(frame.f_code) or (frame.f_code.co_firstlineno,))[0], told)
        return self.stepped

    def keep_the_longest(self) -> None:
        """Keep the record of the run that came furthest."""
        if len(self.lines) > len(self.longest[0]):
            self.longest = (self.lines, self.codes, self.inputs)

    def stepped(self, frame: FrameType, event: str, argument: Any) -> Any:
        """Called by Python at each new line, and at the end of a function."""
        if event in ("line", "return", "exception"):
            self._after(frame, self._last.pop(frame, None), event)
        if event == "line":
            self._last[frame] = frame.f_lineno
        if event == "return":
            shown = self._several(argument)
            if shown and not frame.f_code.co_name.startswith("<"):
                self._note(frame.f_lineno, [f"→ {shown}"])
            if frame.f_code is self.root:
                self._depth -= 1
                self.outputs = [self._written(item) for item in _tensors(argument)]
        return self.stepped

    def _after(self, frame: FrameType, line: int | None, event: str) -> None:
        if line is None or event == "exception":
            return
        told = []
        for target in self._statements.get(line, ()):
            owner, _, attribute = target.rpartition(".")
            held = frame.f_locals.get(owner or attribute)
            shown = self._several(getattr(held, "__dict__", {}).get(attribute) if owner else held)
            if shown:
                told.append(f"{target}: {shown}")
        self._note(line, told)

    def _note(self, line: int, told: Sequence[str]) -> None:
        there = self.lines.setdefault(line, [])
        there += [words for words in told if words not in there]

    def _named(self, frame: FrameType) -> Iterator[tuple[str, Any]]:
        code = frame.f_code
        starred = bool(code.co_flags & CO_VARARGS) + bool(code.co_flags & CO_VARKEYWORDS)
        for name in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount + starred]:
            yield name, frame.f_locals.get(name)

    def _several(self, item: Any) -> str:
        found = [self._written(one) for one in _tensors(item)]
        if len(found) > SEVERAL and len(set(found)) == 1:
            return f"{len(found)} of {found[0]}"
        return ", ".join(found[:6]) + (", …" if len(found) > 6 else "")

    def _written(self, item: Any) -> str:
        return _sizes(item.sizes)


def _sizes(sizes: Sequence[Term]) -> str:
    """The sizes as text, with N for the batch."""
    words = [unicode_text(gathered(substitute(size, {BATCH: Symbol("N")}))) for size in sizes]
    return " × ".join(f"({word})" if " " in word and not word.startswith(("⌊", "⌈")) else word for word in words)


def _is_tensor(item: Any) -> bool:
    return hasattr(item, "sizes") and hasattr(item, "trace") and isinstance(item.sizes, tuple)


def _tensors(item: Any) -> Iterator[Any]:
    if _is_tensor(item):
        yield item
    elif type(item) in (tuple, list):
        for part in item:
            yield from _tensors(part)
    elif type(item) is dict:
        for part in item.values():
            yield from _tensors(part)


def _definition(code: CodeType) -> tuple[int, int] | None:
    """The first and the last line of the ``def`` of a function, without its decorators."""
    tree = parsed(code.co_filename)
    for node in ast.walk(tree) if tree else ():
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or node.name != code.co_name:
            continue
        if min([node.lineno, *(each.lineno for each in node.decorator_list)]) == code.co_firstlineno:
            return node.lineno, node.end_lineno or node.lineno
    return None


def _assigned(target: ast.expr) -> Iterator[tuple[tuple[int, int], str]]:
    """The names and attributes such as ``self.last`` that a target assigns, with their places."""
    for one in ast.walk(target):
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
            yield (one.lineno, one.col_offset), one.id
        elif isinstance(one, ast.Attribute) and isinstance(one.ctx, ast.Store) and isinstance(one.value, ast.Name):
            yield (one.lineno, one.col_offset), f"{one.value.id}.{one.attr}"


def _inside(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether a function stands inside of another one."""
    return one != other and other[0] <= one[0] and one[1] <= other[1]


def _statements(file: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The names that each statement assigns, by the lines that Python may report for it."""
    tree = parsed(file)
    found: dict[int, list[str]] = {}
    for node in ast.walk(tree) if tree else ():
        targets: list[ast.expr] = []
        first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign | ast.NamedExpr):
            targets = [node.target]
        elif isinstance(node, ast.For):
            targets, last = [node.target], node.lineno
        elif isinstance(node, ast.With):
            targets, last = [item.optional_vars for item in node.items if item.optional_vars], node.lineno
        assigned = [name for _, name in sorted(one for target in targets for one in _assigned(target))]
        for line in range(first, last + 1) if assigned else ():
            found.setdefault(line, []).extend(name for name in assigned if name not in found.get(line, []))
    for line, names in found.items():
        yield line, tuple(names)


def annotated(model: Any, given: Sequence[Any]) -> Annotated:
    """The lines of the model's own file with their sizes, for inputs of the shapes ``given``, which may contain
    letters.
    """
    from symnet.frontends.torch import from_torch

    forward = unwrap(type(model).forward)
    code = getattr(forward, "__code__", None)
    if code is None or not is_users(code.co_filename):
        raise ModelError(f"the forward of {type(model).__name__} stands in no file of yours")
    follower = _Follower(code.co_filename, code)
    before = sys.gettrace()
    network, refused = None, None
    sys.settrace(follower.called)
    try:
        shapes = None if not given else tuple(given) if len(given) > 1 else given[0]
        network = from_torch(model, shapes, compare=False)
    except SymnetError as error:
        refused = str(error)
    finally:
        sys.settrace(before)
    if network is None:  # show what is known up to the failure
        follower.keep_the_longest()
        follower.lines, follower.codes, follower.inputs = follower.longest
    found = Annotated(code.co_filename, type(model).__name__, lines=follower.lines, refused=refused)
    functions = sorted({lines for one in follower.codes if (lines := _definition(one)) is not None})
    found.functions = [one for one in functions if not any(_inside(one, other) for other in functions)]
    found.class_file = getattr(sys.modules.get(type(model).__module__), "__file__", None) or code.co_filename
    found.inputs, found.outputs = follower.inputs, follower.outputs
    if network is not None:
        known = set(symbols_of(*network.graph.input.dims))
        asked = [each for each in network.proof.stated if set(symbols_of(each)) <= known]
        stated = domain(asked, promises=network.proof.promises).propositions
        found.hypotheses = [unicode_text(each) for each in stated if symbols_of(each)]
    return found
