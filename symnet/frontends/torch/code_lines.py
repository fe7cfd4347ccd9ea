"""The line of a model's own code that is running, or that raised an error."""

from __future__ import annotations

import dis
import sys
import sysconfig
from pathlib import Path
from types import FrameType, TracebackType

__all__ = ["code_line", "own_words"]

#: Folders of code that is not the model's own (symnet, and Python's library without installed packages), and the
#: packages of torch.
_OURS = Path(__file__).resolve().parents[2]
_LIBRARY, _INSTALLED = Path(sysconfig.get_path("stdlib")), ("site-packages", "dist-packages")
_PACKAGES = ("torch", "torchvision", "functorch")

#: The function of symnet that runs a model; its callers are not the model's code.
_RUNS = "_traced"


def code_line(raised: TracebackType | None = None) -> str:
    """``net.py, line 42``: the innermost line outside symnet and torch that is running, or that ``raised`` passed
    through; empty if there is none, as in a model made of torch's own modules.
    """
    if raised is not None:
        found = ""
        while raised is not None:
            if _own(raised.tb_frame):
                found = _written(raised.tb_frame, raised.tb_lineno)
            raised = raised.tb_next
        return found
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_name != _RUNS:
        if _own(frame):
            return _written(frame, frame.f_lineno)
        frame = frame.f_back
    return ""


def own_words(raised: BaseException) -> str:
    """The message of an error raised by a ``raise`` statement in the model's own code; empty for errors of Python,
    torch or other libraries.
    """
    last = raised.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if last is None or not _own(last.tb_frame):
        return ""
    by_statement = any(
        step.offset == last.tb_lasti and step.opname == "RAISE_VARARGS"
        for step in dis.get_instructions(last.tb_frame.f_code)
    )
    return " ".join(str(raised).split()) if by_statement else ""


def _own(frame: FrameType) -> bool:
    name, package = frame.f_code.co_filename, str(frame.f_globals.get("__name__", "")).partition(".")[0]
    file = Path(name)
    library = file.is_relative_to(_LIBRARY) and not any(part in _INSTALLED for part in file.parts)
    return not name.startswith("<") and package not in _PACKAGES and not library and not file.is_relative_to(_OURS)


def _written(frame: FrameType, line: int) -> str:
    return f"{Path(frame.f_code.co_filename).name}, line {line}"
