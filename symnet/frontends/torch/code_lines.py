"""Which line of a model's own code is running, or raised an error."""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType, TracebackType

__all__ = ["code_line"]

#: Folders of code that is no model's own: symnet's; and packages: those of torch.
_OURS = Path(__file__).resolve().parents[2]
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


def _own(frame: FrameType) -> bool:
    name, package = frame.f_code.co_filename, str(frame.f_globals.get("__name__", "")).partition(".")[0]
    return not name.startswith("<") and package not in _PACKAGES and not Path(name).is_relative_to(_OURS)


def _written(frame: FrameType, line: int) -> str:
    return f"{Path(frame.f_code.co_filename).name}, line {line}"
