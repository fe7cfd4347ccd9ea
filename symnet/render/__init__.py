"""Reports and tables: theorems become a neutral document, the document becomes Markdown, text or JSON."""

from __future__ import annotations

import json as _json
from typing import TYPE_CHECKING

from symnet.errors import SymnetError

if TYPE_CHECKING:
    from symnet.network.network import Network

__all__ = ["FORMATS", "report", "table"]

FORMATS = ("markdown", "text", "json")


def report(network: Network, format: str = "markdown") -> str:
    """The derivation report of a network in one of :data:`FORMATS`."""
    if format == "json":
        from symnet.render.json import report_data

        return _json.dumps(report_data(network), indent=1) + "\n"
    from symnet.render.report import report_document

    return _written(report_document(network), format)


def table(network: Network, format: str = "markdown") -> str:
    """Sizes and parameters, a row a layer."""
    if format == "json":
        from symnet.render.json import table_data

        return _json.dumps(table_data(network), indent=1) + "\n"
    from symnet.render.markdown import markdown_blocks
    from symnet.render.names import size_names
    from symnet.render.table import table_block
    from symnet.render.text import text_blocks

    blocks = markdown_blocks if format == "markdown" else text_blocks
    return blocks((table_block(network),), size_names(network.proof)) + "\n"


def _written(document: object, format: str) -> str:
    from symnet.render.document import Document
    from symnet.render.markdown import markdown
    from symnet.render.text import plain

    writers = {"markdown": markdown, "text": plain}
    if format not in writers or not isinstance(document, Document):
        raise SymnetError(f"unknown format {format!r}: use {', '.join(FORMATS)}")
    return writers[format](document)
