"""Which line of a model's own code is running, or raised an error."""

from __future__ import annotations

import dis
import sys
import sysconfig
from pathlib import Path
from types import FrameType, TracebackType

__all__ = ["code_line", "own_words"]

#: Folders of code that is no model's own: symnet's, and Python's library without what is installed beside it; and packages: those
#: of torch.
_OURS = Path(__file__).resolve().parents[2]
_LIBRARY, _INSTALLED = Path(sysconfig.get_path("stdlib")), ("site-packages", "dist-packages")
_PACKAGES = ("torch", "torchvision", "functorch")

#: The function of symnet that runs a model: what called it is no model's code.
_RUNS = "_traced"


def code_line(raised: TracebackType | None = None) -> str:
    """``net.py, line 42``: the innermost line that is running, or that ``raised`` went through, and is neither symnet's nor torch's;
    empty where there is none, as in a model that is put together from torch's own modules.
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
    """What an error says where the model's own code has raised it by a statement of its own; empty for what Python, torch or
    another library says."""
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
