"""A comparison of two networks as text or data."""

from __future__ import annotations

import json
from typing import Any

from symnet.network.compare import Comparison, Row, compare
from symnet.network.domain import Domain
from symnet.network.network import Network
from symnet.printing.sets import membership
from symnet.render.document import Block, Inline, Line, Math, Paragraph, Table, line
from symnet.render.document import Row as TableRow
from symnet.render.json import condition, plain_value
from symnet.render.markdown import markdown_blocks
from symnet.render.phrases import listed
from symnet.render.text import text_blocks
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.term import symbols_of

__all__ = ["comparison"]


def comparison(left: Network, right: Network, format: str = "text") -> str:
    """What two networks have in common, as ``text``, ``markdown`` or ``json``."""
    found = compare(left, right)
    shapes = len(left.placed[-1].output.dims), len(right.placed[-1].output.dims)
    if format == "json":
        return json.dumps(_data(found, shapes[0] == shapes[1]), indent=1)
    head = (("",), ("first",), ("second",), ("verdict",))
    rows = tuple(
        TableRow(((row.what,), (Math(row.left),), (Math(row.right),), _verdict(row, found))) for row in found.rows
    )
    blocks: tuple[Block, ...] = (Table(head, rows, "llll"), *map(Paragraph, _defined(found)))
    if shapes[0] != shapes[1]:
        blocks += (Paragraph((f"The outputs have {shapes[0]} and {shapes[1]} sizes.",)),)
    return markdown_blocks(blocks, {}) if format == "markdown" else text_blocks(blocks, {})


def _verdict(row: Row, found: Comparison) -> Line:
    if found.nowhere:
        return ("no input fits both",)
    if row.equal:
        everywhere = found.same_domain or not row.hypotheses
        return ("proven equal" if everywhere else "proven equal where both are defined",)
    if row.where is None:
        return ("different" if row.theorem is None else "not decided",)
    if not row.where.parts:
        return ("equal for no size" if not row.given else "equal for no size that both take",)
    return (f"equal exactly for {_members(row, row.where)}",)


def _members(row: Row, members: IntegerSet) -> str:
    """The set in words; a row that has one depends on one symbol."""
    return membership(symbols_of(row.left, row.right)[0].name, members)


def _defined(found: Comparison) -> list[Line]:
    """For which inputs the networks are defined; nothing where each is for all."""
    first, second = found.first, found.second
    if not first.propositions and not second.propositions:
        return []
    if found.same_domain:
        return [line("Both are defined for ", *listed(first.propositions), ".")]
    said = [line("The first is defined for ", *_said(first), ", the second for ", *_said(second), ".")]
    for symbol, *only in found.differences:
        for which, members in zip(("first", "second"), only, strict=True):
            if members is None or members.parts:
                sizes = "some sizes" if members is None else membership(symbol.name, members)
                said.append((f"Only the {which} takes {sizes}.",))
    if found.same_domain is None:
        said.append(("Whether these are the same inputs is not decided.",))
    return said


def _said(domain: Domain) -> list[Inline]:
    return listed(domain.propositions) or ["every input"]


def _data(found: Comparison, same_rank: bool) -> dict[str, Any]:
    return {
        "equal": same_rank and not found.nowhere and all(row.equal for row in found.rows),
        "defined": {
            "first": [condition(proposition, {}) for proposition in found.first.propositions],
            "second": [condition(proposition, {}) for proposition in found.second.propositions],
            "same": found.same_domain,
            "differences": [
                {
                    "symbol": symbol.name,
                    "only_first": None if first is None else membership(symbol.name, first),
                    "only_second": None if second is None else membership(symbol.name, second),
                }
                for symbol, first, second in found.differences
            ],
        },
        "compared": [_row(row, found) for row in found.rows],
    }


def _row(row: Row, found: Comparison) -> dict[str, Any]:
    return {
        "what": row.what,
        "first": plain_value(row.left),
        "second": plain_value(row.right),
        "equal": row.equal and not found.nowhere,
        "equal_for": None if row.where is None else _members(row, row.where),
        "hypotheses": [condition(hypothesis, {}) for hypothesis in row.hypotheses],
    }
