"""The formats of reports and tables: theorems become a document, and the document is written in one of :data:`FORMATS`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from symnet.errors import SymnetError

if TYPE_CHECKING:
    from symnet.network.memory import Memory
    from symnet.network.network import Network

__all__ = ["FORMATS", "report", "table"]


def _markdown(network: Network) -> str:
    from symnet.render.markdown import markdown
    from symnet.render.report import report_document

    return markdown(report_document(network))


def _html(network: Network) -> str:
    from symnet.render.figures.kinds import report_figures
    from symnet.render.html import html
    from symnet.render.report import report_document

    return html(report_document(network), report_figures(network))


def _latex(network: Network) -> str:
    from symnet.render.figures.kinds import printed_drawings
    from symnet.render.latex import latex_document
    from symnet.render.report import report_document

    return latex_document(report_document(network), printed_drawings(network))


def _text(network: Network) -> str:
    from symnet.render.report import report_document
    from symnet.render.text import plain

    return plain(report_document(network))


def _data(network: Network) -> str:
    from symnet.render.json import json_text, report_data

    return json_text(report_data(network))


#: The writer of a report in each format; its module is imported when it is used.
_WRITERS: dict[str, Callable[[Network], str]] = {
    "markdown": _markdown,
    "html": _html,
    "latex": _latex,
    "text": _text,
    "json": _data,
}

FORMATS = tuple(_WRITERS)


def report(network: Network, format: str = "markdown") -> str:
    """The derivation report of a network in one of :data:`FORMATS`; raises :class:`symnet.SymnetError` for another format."""
    if format not in _WRITERS:
        raise SymnetError(f"unknown format {format!r}: use {', '.join(FORMATS)}")
    return _WRITERS[format](network)


def table(
    network: Network,
    format: str = "markdown",
    in_letters: Network | None = None,
    memory: Memory | None = None,
    costs: bool = False,
) -> str:
    """Sizes and parameters with a row for each layer; ``in_letters``, the network before its letters became numbers, adds its closed
    forms. ``costs`` adds columns for parameter bytes, activations and multiply-adds of one example; ``memory`` is written below.
    """
    if format == "json":
        from symnet.render.json import json_text, table_data

        return json_text(table_data(network, memory))
    from symnet.byte_counts import BYTES
    from symnet.render.markdown import markdown_blocks
    from symnet.render.memory import memory_blocks
    from symnet.render.names import size_names
    from symnet.render.table import table_blocks
    from symnet.render.text import text_blocks

    blocks = markdown_blocks if format == "markdown" else text_blocks
    width = BYTES[memory.dtype if memory else "float32"] if costs else None
    below = memory_blocks(memory) if memory else ()
    return blocks((*table_blocks(network, in_letters, width), *below), size_names(network.proof)) + "\n"
