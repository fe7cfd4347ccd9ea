"""An answer of many cases as a table: a row for each, with the values of every unknown, and where no layer drops an entry."""

from __future__ import annotations

from symnet.printing.sets import membership
from symnet.render.document import Row, Table
from symnet.solving.chain import Listed
from symnet.solving.listing import boxes_in, cases_in, values
from symnet.solving.solutions import Solutions

__all__ = ["FEW", "cases_table", "many_cases"]

#: So many cases are told in a line, and of more than the second number the first ones are shown.
FEW, SHOWN = 5, 24
#: So many of a case's solutions that drop nothing are written out.
EXACT = 3


def many_cases(found: Solutions) -> int | None:
    """How many cases there are, if they make a table."""
    if not isinstance(found.answer.solution_set, Listed) or len(found.unknowns) < 2:
        return None
    count = len(cases_in(found))
    return count if count > FEW else None


def cases_table(found: Solutions) -> Table | None:
    """The cases, the most usual first; ``None`` where a line tells them."""
    if many_cases(found) is None:
        return None
    boxes, told = boxes_in(found), cases_in(found)
    if boxes is None or len(boxes.boxes) != len(told):
        rows = [Row(((words,),)) for words in told[:SHOWN]]
        return Table((("case",),), (*rows, *_more(len(told), 1)), "l")
    names = [symbol.name for symbol in boxes.symbols]
    exact = _exact(found)
    rows = []
    for box in boxes.boxes[:SHOWN]:
        cells = [
            (membership(name, members).removeprefix(f"{name} ∈ "),) for name, members in zip(names, box, strict=True)
        ]
        if exact is not None:
            inside = [
                one for one in exact if all(one[name] in members for name, members in zip(names, box, strict=True))
            ]
            cells.append((_points(inside),))
        rows.append(Row(tuple(cells)))
    head = [(name,) for name in names] + ([("nothing dropped",)] if exact is not None else [])
    return Table(tuple(head), (*rows, *_more(len(told), len(head))), "l" * len(head))


def _more(count: int, columns: int) -> list[Row]:
    if count <= SHOWN:
        return []
    return [Row(((f"… ({count:,} cases in all)",), *((("",),) * (columns - 1))))]


def _exact(found: Solutions) -> list[dict[str, int]] | None:
    """The solutions that drop nothing, where these are some of finitely many."""
    exactly = found.exactly
    if (
        found.problem.exact
        or not exactly.complete
        or not exactly.finite
        or not found.finite
        or exactly.count == found.count
    ):
        return None
    return list(exactly.numeric())


def _points(inside: list[dict[str, int]]) -> str:
    told = "; ".join(map(values, inside[:EXACT]))
    return f"{told}; … ({len(inside):,} in all)" if len(inside) > EXACT else told
