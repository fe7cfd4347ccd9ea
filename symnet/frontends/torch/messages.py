"""Errors about the module of a model that is running: which one it is, at which line of the model's code, and what can be done."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from symnet.errors import ModelError, SymnetError
from symnet.frontends.checking import in_one_line, shortened
from symnet.frontends.torch.code_lines import code_line, own_words
from symnet.frontends.torch.names import class_name
from symnet.terms.term import Term

__all__ = ["Messages", "Reached"]

#: Messages longer than this are cut after a word.
LONG = 200


class Reached(BaseException):
    """The module as far as which a model is read gave ``result``. No code of a model catches it as an error of its own."""

    def __init__(self, result: Any) -> None:
        super().__init__()
        self.result = result


class Messages:
    """The modules that are running, the innermost last, and the errors about it."""

    def __init__(self, root: Any, *, opaque: bool) -> None:
        self.opaque = opaque
        self._stack: list[tuple[str, Any]] = [("", root)]
        self.calls: list[tuple[str, str, list[tuple[Term, ...]]]] = []  # path, class and sizes of each module's outputs

    def refusal(self, what: str) -> ModelError:
        """An error about the module that is running, to be raised."""
        return ModelError(self.where(what), layer=self._stack[-1][0] or None)

    def by_values(self, what: str) -> ModelError:
        """An error about sizes or code that depend on numbers in tensors, to be raised; it says how far the model can be read."""
        last = next((path for path, *_ in reversed(self.calls) if path), "")
        hint = f"; --upto {last} reads the model as far as that module" if last else ""
        return ModelError(self.where(what) + hint, layer=self._stack[-1][0] or None)

    def wrong(self, what: str, raised: TracebackType | None = None) -> str:
        """A message about the module that is running, with the line of the model's code."""
        path, module = self._stack[-1]
        line = code_line(raised)
        return f"PyTorch: {path or 'the model'} ({class_name(type(module))}): {what}{f', at {line}' if line else ''}"

    def where(self, what: str, raised: TracebackType | None = None) -> str:
        """:meth:`wrong` plus the hint that --opaque accepts the operation unproven."""
        return self.wrong(what, raised) + ("" if self.opaque else "; --opaque takes from PyTorch what it gives")

    def told(self, refused: Exception) -> ModelError:
        """Any exception as a :class:`ModelError` in one line that names the module."""
        if isinstance(refused, ModelError):
            return refused
        if isinstance(refused, SymnetError):
            return ModelError(self.where(in_one_line(refused, LONG), refused.__traceback__))
        words = own_words(refused)
        words = f": {shortened(words, LONG)}" if words else " at sizes alone"
        return ModelError(self.where(f"its code raises {type(refused).__name__}{words}", refused.__traceback__))
