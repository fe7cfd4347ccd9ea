"""Spots in the user's own code: which line is being executed, which call of it, and what stands there."""

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

#: Packages whose lines are not the user's: frameworks, and what runs them.
FRAMEWORKS = ("torch", "keras", "tensorflow", "numpy", "optree", "_pytest", "pluggy", "IPython", "ipykernel")


#: The functions of the doctor that run a model: what called them is no part of it.
RUNNING = ("run_model", "made_model")


@dataclass(frozen=True)
class Spot:
    """A call in a file: its lines and columns where Python tells them (columns in bytes, −1 where it does not)."""

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
        """The line as it stands there, without its indentation."""
        return linecache.getline(self.file, self.line).strip()

    @property
    def node(self) -> ast.expr | None:
        """The expression that is evaluated there."""
        return _expressions(self.file).get((self.line, self.column, self.end_line, self.end_column))


@dataclass(frozen=True)
class Edit:
    """Other text in the place of an expression of a file (lines from 1, columns in bytes from 0)."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    text: str

    @classmethod
    def of(cls, file: str, node: ast.expr, text: str) -> Edit:
        """``text`` in the place of ``node``."""
        return cls(file, node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0, text)

    @classmethod
    def at(cls, file: str, line: int, column: int, text: str) -> Edit:
        """``text`` put in before a column."""
        return cls(file, line, column, line, column, text)


def short_name(file: str) -> str:
    """The file as a person names it: from where they stand if it is below, else its last part; a cell of a notebook."""
    if file.startswith("<") or "ipykernel_" in file:
        return "cell"
    return Path(file).name


@cache
def parsed(file: str) -> ast.Module | None:
    """The file's syntax; ``None`` where its text is not there."""
    text = "".join(linecache.getlines(file))
    try:
        return ast.parse(text) if text else None
    except SyntaxError:
        return None


@cache
def _expressions(file: str) -> dict[tuple[int, int, int | None, int | None], ast.expr]:
    """Every expression of a file by where it begins and ends."""
    found: dict[tuple[int, int, int | None, int | None], ast.expr] = {}
    for node in ast.walk(parsed(file) or ast.Module([], [])):
        if isinstance(node, ast.expr):
            found.setdefault((node.lineno, node.col_offset, node.end_lineno, node.end_col_offset), node)
    return found


@cache
def is_users(file: str) -> bool:
    """Whether the user wrote the file, or a library of models did: neither Python, a framework nor symnet."""
    if file.startswith(("<frozen", _PACKAGE)) or file == "<string>":
        return False
    parts = Path(file).parts
    if "site-packages" in parts:
        top = parts[len(parts) - parts[::-1].index("site-packages")]
        return top.partition(".")[0] not in FRAMEWORKS
    return not file.startswith(_STANDARD)


def is_installed(file: str) -> bool:
    """Whether the file belongs to an installed package, whose lines are nobody's to change."""
    return "site-packages" in Path(file).parts or "dist-packages" in Path(file).parts


def user_frames(frame: FrameType | None) -> Iterator[FrameType]:
    """The frames of the user's code, the innermost first, as far as the doctor runs them."""
    while frame is not None and frame.f_code.co_name not in RUNNING:
        if is_users(frame.f_code.co_filename):
            yield frame
        frame = frame.f_back


def spot_here(depth: int = 1) -> Spot | None:
    """The innermost call in the user's code from where this is asked."""
    frame = next(user_frames(sys._getframe(depth)), None)
    return None if frame is None else spot_at(frame.f_code, frame.f_lasti, frame.f_lineno)


def spot_at(code: CodeType, instruction: int, line: int) -> Spot:
    """Where an instruction stands."""
    positions = getattr(code, "co_positions", None)  # Python 3.10 tells lines only
    if positions is not None:
        for number, found in enumerate(positions()):
            if number == instruction // 2:
                first, last, column, end = found
                if None not in found:
                    return Spot(code.co_filename, first, last, column, end, code.co_name)
    return Spot(code.co_filename, line, function=code.co_name)


def spot_of_error(traceback: TracebackType | None) -> Spot | None:
    """The innermost line of the user's code that an error came through."""
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
    """The line as it stands after the edits, all of which are in one line; of a longer expression its first lines."""
    if not edits:
        return ""
    first = min(edit.line for edit in edits)
    return edited(edits)[first - 1].strip()


def edited(edits: tuple[Edit, ...]) -> list[str]:
    """The lines of the file after the edits; every line keeps its number, as what takes several lines is put into one."""
    file = edits[0].file
    lines = [line.rstrip("\n").encode() for line in linecache.getlines(file)]
    for edit in sorted(dict.fromkeys(edits), key=lambda one: (one.line, one.column), reverse=True):
        before, after = lines[edit.line - 1][: edit.column], lines[edit.end_line - 1][edit.end_column :]
        lines[edit.line - 1] = before + edit.text.encode() + after
        for number in range(edit.line, edit.end_line):
            lines[number] = b""
    return [line.decode() for line in lines]
