"""The model of ``net.py:Class`` made again of the file's text with edits."""

from __future__ import annotations

from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from typing import Any

from symnet.doctor.spots import Edit, edited
from symnet.frontends.edited_code import edited_module
from symnet.frontends.python_file import model_in

__all__ = ["Remaking"]


@dataclass(frozen=True)
class Remaking:
    """``file`` and the name in it of what makes the model, or is it."""

    file: str
    name: str | None

    def found(self, edits: tuple[Edit, ...]) -> Any:
        """What the name stands for in the file with the edits. The file is executed, and what it prints left out; it raises what the
        file raises."""
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            return model_in(edited_module("\n".join(edited(edits)) + "\n", self.file), self.name)

    def model(self, edits: tuple[Edit, ...]) -> Any:
        """The model."""
        found = self.found(edits)
        return found() if isinstance(found, type) or not hasattr(found, "forward") else found
