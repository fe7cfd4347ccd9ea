"""The formats of reports and tables: theorems become a document, and the document is written in one of :data:`FORMATS`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from symnet.errors import SymnetError

if TYPE_CHECKING:
    from symnet.network.memory import Memory
    from symnet.network.network import Network

__all__ = ["FORMATS", "report", "table"]


def _markdown(network: Network, memory: Memory | None, costs: bool) -> str:
    from symnet.render.markdown import markdown
    from symnet.render.report import report_document

    return markdown(report_document(network, memory, costs))


def _html(network: Network, memory: Memory | None, costs: bool) -> str:
    from symnet.render.figures.kinds import report_figures
    from symnet.render.html import html
    from symnet.render.report import report_document

    return html(report_document(network, memory, costs), report_figures(network))


def _latex(network: Network, memory: Memory | None, costs: bool) -> str:
    from symnet.render.figures.kinds import printed_drawings
    from symnet.render.latex import latex_document
    from symnet.render.report import report_document

    return latex_document(report_document(network, memory, costs), printed_drawings(network))


def _text(network: Network, memory: Memory | None, costs: bool) -> str:
    from symnet.render.report import report_document
    from symnet.render.text import plain

    return plain(report_document(network, memory, costs))


def _data(network: Network, memory: Memory | None, costs: bool) -> str:
    from symnet.render.json import json_text, report_data

    return json_text(report_data(network, memory))


#: The writer of a report in each format; its module is imported when it is used.
_WRITERS: dict[str, Callable[[Network, Memory | None, bool], str]] = {
    "markdown": _markdown,
    "html": _html,
    "latex": _latex,
    "text": _text,
    "json": _data,
}

FORMATS = tuple(_WRITERS)


def report(network: Network, format: str = "markdown", memory: Memory | None = None, costs: bool = False) -> str:
    """The derivation report of a network in one of :data:`FORMATS`; raises :class:`symnet.SymnetError` for another format. ``memory``
    and ``costs`` add what they add to a :func:`table`; JSON has the costs of layers in any case.
    """
    if format not in _WRITERS:
        raise SymnetError(f"unknown format {format!r}: use {', '.join(FORMATS)}")
    return _WRITERS[format](network, memory, costs)


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
    from symnet.render.markdown import markdown_blocks
    from symnet.render.memory import memory_blocks, width_of_numbers
    from symnet.render.names import size_names
    from symnet.render.table import table_blocks
    from symnet.render.text import text_blocks

    blocks = markdown_blocks if format == "markdown" else text_blocks
    written = (*table_blocks(network, in_letters, width_of_numbers(memory, costs)), *memory_blocks(memory))
    return blocks(written, size_names(network.proof)) + "\n"
