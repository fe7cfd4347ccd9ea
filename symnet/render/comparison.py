"""A comparison of two networks as text or data."""

from __future__ import annotations

import json
from typing import Any

from symnet.network.compare import Comparison, Row, compare
from symnet.network.domain import Domain
from symnet.network.network import Network
from symnet.network.ports import port_notes
from symnet.printing.sets import membership
from symnet.render.document import Block, Inline, Line, Math, Paragraph, Table, line
from symnet.render.document import Row as TableRow
from symnet.render.json import condition, plain_value
from symnet.render.markdown import markdown_blocks
from symnet.render.phrases import listed
from symnet.render.text import text_blocks
from symnet.solving.contradiction import refuse_if_never_fits
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.term import symbols_of

__all__ = ["comparison", "comparison_blocks"]

#: So many shifts are written out.
SHIFTS = 6


def comparison(left: Network, right: Network, format: str = "text") -> str:
    """What two networks have in common, as ``text``, ``markdown`` or ``json``."""
    refuse_if_never_fits(left)
    refuse_if_never_fits(right)
    found = compare(left, right)
    if format == "json":
        return json.dumps(
            {**_data(found), "ports": [vars(note) for note in port_notes(left, right, found.windows)]}, indent=1
        )
    blocks = _blocks(left, right, found)
    return markdown_blocks(blocks, {}) if format == "markdown" else text_blocks(blocks, {})


def comparison_blocks(left: Network, right: Network) -> tuple[Block, ...]:
    """The comparison as blocks. Raises :class:`symnet.LayerError` where the layers of one of them fit no sizes together."""
    refuse_if_never_fits(left)
    refuse_if_never_fits(right)
    return _blocks(left, right, compare(left, right))


def _blocks(left: Network, right: Network, found: Comparison) -> tuple[Block, ...]:
    head = (("",), ("first",), ("second",), ("verdict",))
    rows = tuple(
        TableRow(((row.what,), (Math(row.left),), (Math(row.right),), _verdict(row, found))) for row in found.rows
    )
    return Table(head, rows, "llll"), *map(Paragraph, [*_notes(found), *_ports(left, right, found)])


def _ports(left: Network, right: Network, found: Comparison) -> list[Line]:
    """What weights that are taken from the one into the other must mind, a line a kind of difference."""
    if found.nowhere:
        return []
    words = list(dict.fromkeys(note.words for note in port_notes(left, right, found.windows)))
    shown = [word[0].upper() + word[1:] if not word.partition(" ")[0][-1:].isdigit() else word for word in words]
    more = [(f"And so for {len(shown) - SHIFTS} more.",)] if len(shown) > SHIFTS else []
    return [*((f"{word}.",) for word in shown[:SHIFTS]), *more]


def _verdict(row: Row, found: Comparison) -> Line:
    if found.nowhere:
        return ("no input fits both",)
    if row.equal:
        if found.read:
            return ("proven equal where they are compared",)
        everywhere = found.same_domain or not row.hypotheses
        return ("proven equal" if everywhere else "proven equal where both are defined",)
    if row.where is None:
        if row.condition is not None:
            return line("equal exactly where ", Math(row.condition))
        return ("different" if row.theorem is None else "not decided",)
    if not row.where.parts:
        return ("equal for no size" if not row.given else "equal for no size that both take",)
    return (f"equal exactly for {_members(row, row.where)}",)


def _members(row: Row, members: IntegerSet) -> str:
    """The set in words; a row that has one depends on one symbol."""
    symbol = row.symbol or symbols_of(row.left, row.right)[0]
    return membership(symbol.name, members)


def _notes(found: Comparison) -> list[Line]:
    """What stands under the table: other names, where the networks are defined, whether windows are the same."""
    names = [
        line(Math(new), " is ", Math(old), " of the second; the first has another one.") for old, new in found.renamed
    ]
    return [*names, *_read(found), *_defined(found), *_windows(found)]


def _read(found: Comparison) -> list[Line]:
    """Where a network is another one for some sizes that it takes: which are compared."""
    if not found.read:
        return []
    which = [name for name, asked in zip(("first", "second"), found.read_for, strict=True) if asked]
    others = "networks are other ones" if len(which) > 1 else f"{which[0]} network is another one"
    why = "; ".join(found.otherwise)
    return [line("The comparison holds for ", *listed(found.read), f"; elsewhere the {others}: {why}.")]


def _aligned(found: Comparison) -> bool | None:
    """Whether equal sizes come from the same windows; not known, or not asked, where the sizes are not equal."""
    same_sizes = all(row.equal for row in found.rows if row.what not in ("parameters", "multiply-adds"))
    return found.windows.aligned if same_sizes and not found.nowhere else None


def _windows(found: Comparison) -> list[Line]:
    """Where equal sizes come from other windows: by how much these are apart, layer by layer."""
    if _aligned(found) is not False:
        return []
    said: dict[str, None] = {}
    for shift in found.windows.shifts:
        where = (
            ""
            if shift.members is None or shift.symbol is None
            else f" for {membership(shift.symbol.name, shift.members)}"
        )
        both = shift.first if shift.first == shift.second else f"{shift.first} and {shift.second}"
        extents = f", and span {shift.windows[0]} and {shift.windows[1]} entries" if shift.windows else ""
        entries = "entry" if abs(shift.shift) == 1 else "entries"
        late = "later" if shift.shift > 0 else "earlier"
        start = f"start {abs(shift.shift)} {entries} {late} in the second" if shift.shift else "start together"
        said[f"the windows of {both} {start}{where}{extents}"] = None
    shown = [*said][:SHIFTS]
    more = f"; and so do those of {len(said) - SHIFTS} more" if len(said) > SHIFTS else ""
    return [(f"The sizes are equal, but not aligned: {'; '.join(shown)}{more}.",)]


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


def _data(found: Comparison) -> dict[str, Any]:
    return {
        "equal": found.equal,
        "aligned": _aligned(found),
        "shifts": [
            {
                "first": shift.first,
                "second": shift.second,
                "axis": shift.axis,
                "shift": shift.shift,
                "for": None
                if shift.members is None or shift.symbol is None
                else membership(shift.symbol.name, shift.members),
                **({"windows": list(shift.windows)} if shift.windows else {}),
            }
            for shift in found.windows.shifts
        ],
        "renamed": {old.name: new.name for old, new in found.renamed},
        "holds_for": [condition(proposition, {}) for proposition in found.read],
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
        "equal_for": _members(row, row.where)
        if row.where is not None
        else condition(row.condition, {})
        if row.condition
        else None,
        "hypotheses": [condition(hypothesis, {}) for hypothesis in row.hypotheses],
    }
