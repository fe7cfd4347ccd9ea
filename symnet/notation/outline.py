"""The outline of notation: the positions of lets, input, layers, labels, repeats and target in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from symnet.errors import NotationError

__all__ = [
    "UNNAMED",
    "Item",
    "Label",
    "LayerText",
    "Let",
    "Outline",
    "Repeat",
    "Source",
    "Span",
    "normalized",
    "quoted",
]

#: A longer text is refused, in characters.
LENGTH = 1_000_000

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")

#: A number that messages cut off.
_LONG_NUMBER = re.compile(r"([0-9]{20})[0-9]{20,}")

#: A size without a name: every occurrence is a size of its own.
UNNAMED = re.compile(r"\?|\bNone\b")

#: Start and end of a piece of text, without the spaces around it.
Span = tuple[int, int]


@dataclass(slots=True)
class Let:
    """``let name = value``."""

    name: str
    at: int
    value: Span


@dataclass(slots=True)
class Label:
    """``@name``: a name for the last output."""

    name: str
    at: int


@dataclass(slots=True)
class LayerText:
    """A layer in the text: the spans of its kind and of its arguments, which stand between bars or, in a ``call``, between commas."""

    at: int
    source: str
    parts: list[Span]
    call: bool = False

    @property
    def key(self) -> str | tuple[str, int]:
        """Layers with equal keys are equal; a size without a name makes every occurrence different."""
        return (self.source, self.at) if UNNAMED.search(self.source) else self.source


@dataclass(slots=True)
class Repeat:
    """``count * [ items ]``."""

    at: int
    count: Span
    items: list[Item]


Item = LayerText | Label | Repeat


@dataclass(frozen=True, slots=True)
class Source:
    """The text, for messages, and the code that is read, with the same positions. In the code, comments are blank, a list of sizes
    ``[3, 8]`` is ``(3, 8)``, and quotes are double.
    """

    text: str
    code: str

    def error(self, message: str, position: int, suggestion: str | None = None) -> NotationError:
        """An error at ``position`` of the text."""
        line = " ".join(_LONG_NUMBER.sub(r"\1…", message).split())
        return NotationError(line, self.text, position, suggestion)


@dataclass(slots=True)
class Outline:
    """A whole network, and the target of a question."""

    source: Source
    lets: list[Let]
    input: Span
    input_labels: list[Label]
    items: list[Item]
    target: Span | None


def normalized(text: str) -> str:
    r"""``text`` with plain line ends and spaces. Raises :class:`symnet.NotationError` if it is too long or has control characters.

    >>> normalized("784\t-> FC|10\r\n")
    '784 -> FC|10\n'
    """
    if len(text) > LENGTH:
        raise NotationError(f"a text of {len(text):,} characters is out of reach (at most {LENGTH:,})")
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    if bad := _CONTROL.search(text):
        code = f"U+{ord(bad[0]):04X}"
        raise NotationError(f"the text holds the control character {code}", _CONTROL.sub("�", text), bad.start())
    return text


def quoted(word: str) -> str:
    """A word of the text for a message, cut off if it is long."""
    word = " ".join(word.split())
    return repr(word if len(word) <= 40 else word[:39] + "…")
