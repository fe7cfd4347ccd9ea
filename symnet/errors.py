"""The errors that symnet raises on purpose. Each is a :class:`SymnetError` whose message says what would be right."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

__all__ = [
    "BatchInShape", "KernelError", "LayerError", "MissingLayer", "ModelError", "NotationError", "ProofError", "SymnetError",
    "TermError", "refusal", "without_styles",
]  # fmt: skip


def without_styles(message: str) -> str:
    r"""A message without the sequences that make a terminal print bold or in colours, which Keras writes.

    >>> without_styles("\x1b[1mThe size\x1b[0m is 3")
    'The size is 3'
    """
    return re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", message)


class SymnetError(Exception):
    """Base of every error that symnet raises on purpose.

    >>> issubclass(LayerError, SymnetError)
    True
    """


class TermError(SymnetError):
    """A term that cannot be built or is too large to hold."""


class KernelError(SymnetError):
    """A kernel rule does not apply: the message names the rule and shows what did not match."""


class ProofError(SymnetError):
    """A stored proof does not replay."""


class NotationError(SymnetError):
    """Text that is not valid notation: ``text`` is all of it, ``position`` the index of the first wrong character.

    >>> print(NotationError("unknown layer kind 'Cov'", "784 -> Cov|3", 7, "Conv"))
    unknown layer kind 'Cov'; did you mean 'Conv'?
      784 -> Cov|3
             ^
    """

    def __init__(self, message: str, text: str = "", position: int | None = None, suggestion: str | None = None):
        self.message, self.text, self.position, self.suggestion = message, text, position, suggestion
        super().__init__(message, text, position, suggestion)

    def __str__(self) -> str:
        message = self.message
        if self.suggestion:
            message += f"; did you mean {self.suggestion!r}?"
        if self.position is None:
            return message
        start = self.text.rfind("\n", 0, self.position) + 1
        end = self.text.find("\n", start)
        line = self.text[start:] if end < 0 else self.text[start:end]
        column = self.position - start
        if column > 60:  # keep the spot on the screen
            line, column = "…" + line[column - 40 :], 41
        line = line[:78] + "…" if len(line) > 79 else line
        return f"{message}\n  {line}\n  {' ' * column}^"


class _Located(SymnetError):
    """The common base of errors of layers and of models. ``layer`` names the layer, ``condition`` is the condition that fails with its
    numbers, ``fits`` what would fit, and ``where`` a line of the source.
    """

    def __init__(
        self,
        message: str = "",
        *,
        layer: str | None = None,
        condition: str | None = None,
        fits: str | None = None,
        fixes: Sequence[Mapping[str, object]] = (),
        where: str | None = None,
    ):
        super().__init__(without_styles(message))
        self.layer, self.condition, self.fits, self.where = layer, condition, fits, where
        #: changes that make the whole network or model work, the smallest first, each as in the doctor's JSON
        self.fixes = tuple(fixes)


class LayerError(_Located):
    """A layer that does not fit its input: which layer, which condition fails with its numbers, and what would fit.

    >>> LayerError("layer 1 (conv1): 9 ≤ 5 does not hold", layer="conv1", condition="9 ≤ 5").layer
    'conv1'
    """


class MissingLayer(LayerError, KeyError, IndexError):
    """A name or a number that no layer of the network has."""

    __str__ = Exception.__str__


class ModelError(_Located):
    """A framework's model that cannot be imported: which layer, its class, and what to do about it.

    >>> ModelError("Keras: pool: 9 ≤ 5 does not hold", layer="pool", condition="9 ≤ 5").condition
    '9 ≤ 5'
    """


class BatchInShape(ModelError):
    """The shape of an input has the batch in it, which is left out; the message has the shape to give."""


def refusal(error: SymnetError) -> dict[str, object]:
    """An error as JSON data with the keys ``message``, ``layer``, ``where`` (a place in the text or the model's file),
    ``condition`` (the one that fails, with its numbers), ``fits`` and ``fixes``; what is unknown is ``None`` or empty.

    >>> refusal(NotationError("unknown layer kind 'Cov'", "784 -> Cov|3", 7, "Conv"))["where"], refusal(ModelError("no"))["where"]
    ('line 1, column 8', None)
    """
    message, where = " ".join(str(error).split()), getattr(error, "where", None)
    if isinstance(error, NotationError):
        message = error.message + (f"; did you mean {error.suggestion!r}?" if error.suggestion else "")
        if error.position is not None:
            before = error.text[: error.position]
            where = f"line {before.count(chr(10)) + 1}, column {len(before) - before.rfind(chr(10))}"
    layer, condition, fits = (getattr(error, name, None) for name in ("layer", "condition", "fits"))
    fixes = [dict(fix) for fix in getattr(error, "fixes", ())]
    return {"message": message, "layer": layer, "where": where, "condition": condition, "fits": fits, "fixes": fixes}
