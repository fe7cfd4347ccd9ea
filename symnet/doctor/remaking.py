"""Making the model of ``net.py:Class`` again from the text of its file with edits."""

from __future__ import annotations

from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from linecache import getlines
from typing import Any

from symnet.doctor.spots import Edit, edited
from symnet.frontends.edited_code import edited_module
from symnet.frontends.python_file import model_in

__all__ = ["Remaking", "Trained"]


class Trained(Exception):  # no error
    """A file begins to train or to use a model, which is whole then."""


@dataclass(frozen=True)
class Remaking:
    """The ``file``, and the name in it of the model or of what makes it."""

    file: str
    name: str | None

    def found(self, edits: tuple[Edit, ...]) -> Any:
        """The object of that name in the edited file. The file is executed with its output discarded, as far as to the first
        :class:`Trained`; raises what the file raises.
        """
        lines = edited(edits) if edits else [line.rstrip("\n") for line in getlines(self.file)]
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            return model_in(edited_module("\n".join(lines) + "\n", self.file, (Trained,)), self.name)

    def model(self, edits: tuple[Edit, ...]) -> Any:
        """The model made from the edited file."""
        found = self.found(edits)
        return found() if isinstance(found, type) or not hasattr(found, "forward") else found
