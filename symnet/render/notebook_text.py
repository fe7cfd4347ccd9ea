"""Text that notebooks display: Markdown is rendered, HTML is drawn, other text is shown unchanged."""

from __future__ import annotations

from typing import Any

__all__ = ["Shown"]


class Shown(str):
    """Text in one of :data:`symnet.render.formats.FORMATS`, which a notebook displays in that format; otherwise an ordinary ``str``.

    >>> Shown("| a |", "markdown")._repr_markdown_()
    '| a |'
    """

    __slots__ = ("format_name",)

    format_name: str

    def __new__(cls, text: str, format_name: str) -> Shown:
        made = super().__new__(cls, text)
        made.format_name = format_name
        return made

    def __reduce__(self) -> tuple[type[Shown], tuple[str, str]]:
        return Shown, (str(self), self.format_name)

    def _repr_markdown_(self) -> str | None:
        return str(self) if self.format_name == "markdown" else None

    def _repr_html_(self) -> str | None:
        return str(self) if self.format_name == "html" else None

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))
