"""Places in the user's code: which line runs, which call of it, and its text."""

from __future__ import annotations

import ast
import linecache
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import CodeType, FrameType, TracebackType

__all__ = [
    "Edit", "Spot", "calls_named", "edited", "edited_line", "is_installed", "is_users", "parsed", "short_name", "spot_at",
    "spot_here", "spot_of_error", "user_frames",
]  # fmt: skip

_STANDARD = sysconfig.get_paths()["stdlib"]
_PACKAGE = str(Path(__file__).parent.parent)

#: Packages whose lines are not the user's: frameworks, and programs that run them.
FRAMEWORKS = ("torch", "keras", "tensorflow", "numpy", "optree", "_pytest", "pluggy", "IPython", "ipykernel")


#: The functions of the doctor that run a model; frames further out do not belong to the model.
RUNNING = ("run_model", "made_model")


@dataclass(frozen=True)
class Spot:
    """A call in a file: its lines and columns as far as Python reports them (columns in bytes, −1 if unknown)."""

    file: str
    line: int
    end_line: int = -1
    column: int = -1
    end_column: int = -1
    function: str = ""

    def __str__(self) -> str:
        return f"{short_name(self.file)}:{self.line}"

    @property
    def text(self) -> str:
        """The line in the file, without its indentation."""
        return linecache.getline(self.file, self.line).strip()

    @property
    def node(self) -> ast.expr | None:
        """The expression that is evaluated there; ``None`` if it is unknown."""
        return _expressions(self.file).get((self.line, self.column, self.end_line, self.end_column))


@dataclass(frozen=True)
class Edit:
    """A replacement for an expression of a file (lines from 1, columns in bytes from 0)."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    text: str

    @classmethod
    def of(cls, file: str, node: ast.expr, text: str) -> Edit:
        """The edit that replaces ``node`` by ``text``."""
        return cls(file, node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0, text)

    @classmethod
    def at(cls, file: str, line: int, column: int, text: str) -> Edit:
        """The edit that inserts ``text`` before a column."""
        return cls(file, line, column, line, column, text)


def short_name(file: str) -> str:
    """The name of the file as it is shown: the last part of its path, or ``cell`` for a cell of a notebook."""
    if file.startswith("<") or "ipykernel_" in file:
        return "cell"
    return Path(file).name


@cache
def parsed(file: str) -> ast.Module | None:
    """The syntax tree of the file; ``None`` if its text is not available or not valid."""
    text = "".join(linecache.getlines(file))
    try:
        return ast.parse(text) if text else None
    except SyntaxError:
        return None


@cache
def _expressions(file: str) -> dict[tuple[int, int, int | None, int | None], ast.expr]:
    """Every expression of a file by its first and last position."""
    found: dict[tuple[int, int, int | None, int | None], ast.expr] = {}
    for node in ast.walk(parsed(file) or ast.Module([], [])):
        if isinstance(node, ast.expr):
            found.setdefault((node.lineno, node.col_offset, node.end_lineno, node.end_col_offset), node)
    return found


@cache
def is_users(file: str) -> bool:
    """Whether the file belongs to the user or to a library of models: not to Python, a framework or symnet."""
    if file.startswith(("<frozen", _PACKAGE)) or file == "<string>":
        return False
    parts = Path(file).parts
    if "site-packages" in parts:
        top = parts[len(parts) - parts[::-1].index("site-packages")]
        return top.partition(".")[0] not in FRAMEWORKS
    return not file.startswith(_STANDARD)


def is_installed(file: str) -> bool:
    """Whether the file belongs to an installed package, which nobody should edit."""
    return "site-packages" in Path(file).parts or "dist-packages" in Path(file).parts


def user_frames(frame: FrameType | None) -> Iterator[FrameType]:
    """The frames of the user's code, the innermost first, up to the function of the doctor that runs the model."""
    while frame is not None and frame.f_code.co_name not in RUNNING:
        if is_users(frame.f_code.co_filename):
            yield frame
        frame = frame.f_back


def spot_here(depth: int = 1) -> Spot | None:
    """The innermost call in the user's code at this moment."""
    frame = next(user_frames(sys._getframe(depth)), None)
    return None if frame is None else spot_at(frame.f_code, frame.f_lasti, frame.f_lineno)


def spot_at(code: CodeType, instruction: int, line: int) -> Spot:
    """The position of an instruction in its file."""
    positions = getattr(code, "co_positions", None)  # Python 3.10 reports lines only
    if positions is not None:
        for number, found in enumerate(positions()):
            if number == instruction // 2:
                first, last, column, end = found
                if None not in found:
                    return Spot(code.co_filename, first, last, column, end, code.co_name)
    return Spot(code.co_filename, line, function=code.co_name)


def spot_of_error(traceback: TracebackType | None) -> Spot | None:
    """The innermost line of the user's code that an error passed through."""
    found = None
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if is_users(code.co_filename):
            found = spot_at(code, traceback.tb_lasti, traceback.tb_lineno)
        traceback = traceback.tb_next
    return found


def calls_named(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    """The calls of something whose last name is ``name``: ``nn.Linear(…)``, ``Linear(…)``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            last = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", None)
            if last == name:
                yield node


def edited_line(edits: tuple[Edit, ...]) -> str:
    """The line after the edits, all of which are in one line; of a longer expression its first line."""
    if not edits:
        return ""
    first = min(edit.line for edit in edits)
    return edited(edits)[first - 1].strip()


def edited(edits: tuple[Edit, ...]) -> list[str]:
    """The lines of the file after the edits. Every line keeps its number, as an expression over several lines is
    joined into one.
    """
    file = edits[0].file
    lines = [line.rstrip("\n").encode() for line in linecache.getlines(file)]
    for edit in sorted(dict.fromkeys(edits), key=lambda one: (one.line, one.column), reverse=True):
        before, after = lines[edit.line - 1][: edit.column], lines[edit.end_line - 1][edit.end_column :]
        lines[edit.line - 1] = before + edit.text.encode() + after
        for number in range(edit.line, edit.end_line):
            lines[number] = b""
    return [line.decode() for line in lines]
