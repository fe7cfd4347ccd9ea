"""Writes a comparison of two networks as text, Markdown or JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from symnet.network.compare import Comparison, Row, compare
from symnet.network.domain import Domain
from symnet.network.network import Network
from symnet.network.ports import port_notes
from symnet.network.value import flattened_sums
from symnet.printing.names import group_digits, split_name
from symnet.printing.sets import membership
from symnet.render.document import Block, Inline, Line, Math, Paragraph, Table, line
from symnet.render.document import Row as TableRow
from symnet.render.json import condition, plain_value
from symnet.render.markdown import markdown_blocks
from symnet.render.names import size_names
from symnet.render.phrases import listed
from symnet.render.text import text_blocks
from symnet.solving.contradiction import refuse_if_never_fits
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.listed_sets import count_of
from symnet.terms.term import Symbol, Term, substitute, symbols_of
from symnet.terms.walks import has_more_parts

__all__ = ["comparison", "comparison_blocks"]

#: How many shifts are written out, and how many conditions.
SHIFTS, CONDITIONS = 6, 8

#: Terms of more parts are written with the names of sizes.
LONG = 200

#: What stands below a table in which a term was too long.
INDEXED = "W₁ and the like are the sizes after the layers of the one network or the other, as its table names them."


def comparison(left: Network, right: Network, format: str = "text") -> str:
    """The comparison as ``text``, ``markdown`` or ``json``. Raises :class:`symnet.LayerError` if one of the networks fits no sizes."""
    refuse_if_never_fits(left)
    refuse_if_never_fits(right)
    comparison_result = compare(left, right)
    if format == "json":
        return json.dumps(
            {
                **_data(left, right, comparison_result),
                "ports": [vars(note) for note in port_notes(left, right, comparison_result.windows)],
            },
            indent=1,
        )
    blocks = _blocks(left, right, comparison_result)
    return markdown_blocks(blocks, {}) if format == "markdown" else text_blocks(blocks, {})


def comparison_blocks(left: Network, right: Network) -> tuple[Block, ...]:
    """The comparison as blocks. Raises :class:`symnet.LayerError` if one of the networks fits no sizes."""
    refuse_if_never_fits(left)
    refuse_if_never_fits(right)
    return _blocks(left, right, compare(left, right))


def _blocks(left: Network, right: Network, comparison_result: Comparison) -> tuple[Block, ...]:
    head = (("",), ("first",), ("second",), ("verdict",))
    rows = tuple(
        TableRow(
            (
                (row.what,),
                (Math(flattened_sums(_short(row.left, left))),),
                (Math(flattened_sums(_short(row.right, right))),),
                _verdict(row, comparison_result),
            )
        )
        for row in comparison_result.rows
    )
    notes = [*_notes(comparison_result), *_ports(left, right, comparison_result)]
    sides = [
        (side, network) for row in comparison_result.rows for side, network in ((row.left, left), (row.right, right))
    ]
    if any(len(symbols_of(_short(side, network), side)) > len(symbols_of(side)) for side, network in sides):
        notes.insert(0, (INDEXED,))
    return Table(head, rows, "llll"), *map(Paragraph, notes)


def _short(term: Term, network: Network) -> Term:
    """The term; a long one in Horner form, or with a letter for each size that the network's table names: W₃ after layer 3."""
    if not has_more_parts(term, LONG):
        return term
    closed = dict(zip((axis.form.term for axis in network.last.axes), network.closed_terms.values(), strict=True))
    if term in closed:
        return closed[term]  # in Horner form
    named = size_names(network.proof)
    letters = {
        size: Symbol("_".join(filter(None, split_name(name))), 0) for size, name in named.items() if size.children
    }
    return substitute(term, dict(letters.items()))


def _ports(left: Network, right: Network, comparison_result: Comparison) -> list[Line]:
    """Notes for taking weights from one network into the other, one line for each kind of difference."""
    if comparison_result.nowhere:
        return []
    words = list(dict.fromkeys(note.words for note in port_notes(left, right, comparison_result.windows)))
    shown = [word[0].upper() + word[1:] if not word.partition(" ")[0][-1:].isdigit() else word for word in words]
    more = [(f"And so for {len(shown) - SHIFTS} more.",)] if len(shown) > SHIFTS else []
    return [*((f"{word}.",) for word in shown[:SHIFTS]), *more]


def _verdict(row: Row, comparison_result: Comparison) -> Line:
    if comparison_result.nowhere:
        return ("no input fits both",)
    if row.equal:
        if comparison_result.restrictions:
            return ("proven equal where they are compared",)
        everywhere = comparison_result.same_domain or not row.hypotheses
        return ("proven equal" if everywhere else "proven equal where both are defined",)
    if row.where is None:
        if row.condition is not None and has_more_parts(row.condition, LONG):
            return ("different: equal only where these two numbers agree",)
        if row.condition is not None:
            return line("equal exactly where ", Math(row.condition))
        return ("different" if row.theorem is None else "not decided",)
    if not row.where.parts:
        return ("equal for no size" if not row.assumptions else "equal for no size that both take",)
    if [count_of(part) for part in row.where.parts] == [1]:
        symbol = row.symbol or symbols_of(row.left, row.right)[0]
        return (f"equal exactly for {symbol.name} = {group_digits(next(iter(row.where)))}",)
    return (f"equal exactly for {_members(row, row.where)}",)


def _members(row: Row, members: IntegerSet) -> str:
    """The set in words; the row must depend on a single symbol."""
    symbol = row.symbol or symbols_of(row.left, row.right)[0]
    return membership(symbol.name, members)


def _notes(comparison_result: Comparison) -> list[Line]:
    """The lines below the table: renamed symbols, the inputs that are compared, where the networks are defined, shifted windows."""
    names = [
        line(Math(new), " is ", Math(old), " of the second; the first has another one.")
        for old, new in comparison_result.renamed
    ]
    return [*names, *_read(comparison_result), *_defined(comparison_result), *_windows(comparison_result)]


def _read(comparison_result: Comparison) -> list[Line]:
    """A line on which sizes are compared, if one of the networks is another network for other sizes."""
    if not comparison_result.restrictions:
        return []
    which = [
        name
        for name, conditions in zip(("first", "second"), comparison_result.case_conditions, strict=True)
        if conditions
    ]
    others = "networks are other ones" if len(which) > 1 else f"{which[0]} network is another one"
    why = "; ".join(comparison_result.otherwise)
    return [
        line("The comparison holds for ", *listed(comparison_result.restrictions), f"; elsewhere the {others}: {why}.")
    ]


def _aligned(comparison_result: Comparison) -> bool | None:
    """Returns whether equal sizes come from the same windows; ``None`` if that is unknown or the sizes differ."""
    same_sizes = all(row.equal for row in comparison_result.rows if row.what not in ("parameters", "multiply-adds"))
    return comparison_result.windows.aligned if same_sizes and not comparison_result.nowhere else None


def _windows(comparison_result: Comparison) -> list[Line]:
    """A line on equal sizes that come from other windows: how far apart they are, layer by layer."""
    if _aligned(comparison_result) is not False:
        return []
    shifts: dict[str, None] = {}
    for shift in comparison_result.windows.shifts:
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
        what = (
            f"what {both} {'spreads' if shift.first == shift.second else 'spread'} an entry over"
            if shift.transposed
            else f"the windows of {both}"
        )
        verb = start.replace("start", "starts", 1) if shift.transposed else start
        shifts[f"{what} {verb}{where}{extents}"] = None
    shown = [*shifts][:SHIFTS]
    more = f"; and so do those of {len(shifts) - SHIFTS} more" if len(shifts) > SHIFTS else ""
    return [(f"The sizes are equal, but not aligned: {'; '.join(shown)}{more}.",)]


def _defined(comparison_result: Comparison) -> list[Line]:
    """Lines on the inputs for which the networks are defined; none if both are defined for all."""
    first, second = comparison_result.first, comparison_result.second
    if not first.propositions and not second.propositions:
        return []
    if comparison_result.same_domain:
        return [line("Both are defined for ", *_conditions(first), ".")]
    lines = [line("The first is defined for ", *_conditions(first), ", the second for ", *_conditions(second), ".")]
    for symbol, *only in comparison_result.differences:
        for which, members in zip(("first", "second"), only, strict=True):
            if members is None or members.parts:
                sizes = "some sizes" if members is None else membership(symbol.name, members)
                lines.append((f"Only the {which} takes {sizes}.",))
    if comparison_result.same_domain is None:
        lines.append(("Whether these are the same inputs is not decided.",))
    return lines


def _conditions(domain: Domain) -> list[Inline]:
    more = len(domain.propositions) - CONDITIONS
    conditions = listed(domain.propositions[:CONDITIONS]) or ["every input"]
    return [*conditions, *([f" and {more} more like these"] if more > 0 else [])]


def _data(left: Network, right: Network, comparison_result: Comparison) -> dict[str, Any]:
    return {
        "equal": comparison_result.equal,
        "aligned": _aligned(comparison_result),
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
            for shift in comparison_result.windows.shifts
        ],
        "renamed": {old.name: new.name for old, new in comparison_result.renamed},
        "holds_for": [condition(proposition, {}) for proposition in comparison_result.restrictions],
        "defined": {
            "first": [condition(proposition, {}) for proposition in comparison_result.first.propositions],
            "second": [condition(proposition, {}) for proposition in comparison_result.second.propositions],
            "same": comparison_result.same_domain,
            "differences": [
                {
                    "symbol": symbol.name,
                    "only_first": None if first is None else membership(symbol.name, first),
                    "only_second": None if second is None else membership(symbol.name, second),
                }
                for symbol, first, second in comparison_result.differences
            ],
        },
        "compared": [
            _row(replace(row, left=_short(row.left, left), right=_short(row.right, right)), comparison_result)
            for row in comparison_result.rows
        ],
    }


def _row(row: Row, comparison_result: Comparison) -> dict[str, Any]:
    return {
        "what": row.what,
        "first": plain_value(row.left),
        "second": plain_value(row.right),
        "equal": row.equal and not comparison_result.nowhere,
        "equal_for": _members(row, row.where)
        if row.where is not None
        else condition(row.condition, {})
        if row.condition
        else None,
        "hypotheses": [condition(hypothesis, {}) for hypothesis in row.hypotheses],
    }
