"""A comparison of two networks as text or data."""

from __future__ import annotations

import json
from typing import Any

from symnet.network.compare import Comparison, compare
from symnet.network.network import Network
from symnet.printing.text import text
from symnet.render.document import Inline, Math, Row, Table, line
from symnet.render.json import plain_value
from symnet.render.markdown import markdown_blocks
from symnet.render.text import text_blocks

__all__ = ["comparison"]


def comparison(left: Network, right: Network, format: str = "text") -> str:
    """What two networks have in common, as ``text``, ``markdown`` or ``json``."""
    rows = compare(left, right)
    shapes = len(left.placed[-1].output.dims), len(right.placed[-1].output.dims)
    if format == "json":
        equal = all(row.equal for row in rows) and shapes[0] == shapes[1]
        return json.dumps({"equal": equal, "compared": [_data(row) for row in rows]}, indent=1)
    head = (("",), ("first",), ("second",), ("verdict",))
    table = Table(
        head, tuple(Row(((row.what,), (Math(row.left),), (Math(row.right),), _verdict(row))) for row in rows), "llll"
    )
    written = markdown_blocks((table,), {}) if format == "markdown" else text_blocks((table,), {})
    if shapes[0] != shapes[1]:
        written += f"\n\nThe outputs have {shapes[0]} and {shapes[1]} sizes."
    return written


def _verdict(row: Comparison) -> tuple[Inline, ...]:
    if row.equal:
        return ("proven equal",)
    if row.where is None:
        return ("different" if row.theorem is None else "not decided",)
    return line("equal for no size" if not row.where.parts else f"equal exactly for sizes in {row.where}")


def _data(row: Comparison) -> dict[str, Any]:
    return {
        "what": row.what,
        "first": plain_value(row.left),
        "second": plain_value(row.right),
        "equal": row.equal,
        "equal_for": None if row.where is None else str(row.where),
        "hypotheses": [text(hypothesis) for hypothesis in row.theorem.hypotheses] if row.theorem else [],
    }
