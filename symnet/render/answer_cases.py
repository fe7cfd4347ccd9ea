"""The table of an answer with many cases: a row for each, with the values of every unknown and the solutions that drop nothing."""

from __future__ import annotations

from symnet.printing.sets import membership
from symnet.render.document import Row, Table
from symnet.solving.chain import Listed
from symnet.solving.listing import boxes_in, cases_in, values
from symnet.solving.solutions import Solutions

__all__ = ["FEW", "cases_table", "many_cases"]

#: Up to FEW cases are written in a line; a table shows the first SHOWN ones.
FEW, SHOWN = 5, 24
#: How many solutions that drop nothing are listed for a case.
EXACT = 3


def many_cases(solutions: Solutions) -> int | None:
    """The number of cases, if they make a table; else ``None``."""
    if not isinstance(solutions.answer.solution_set, Listed) or len(solutions.unknowns) < 2:
        return None
    count = len(cases_in(solutions))
    return count if count > FEW else None


def cases_table(solutions: Solutions) -> Table | None:
    """The cases, the most usual first; ``None`` if they are few enough for a line."""
    if many_cases(solutions) is None:
        return None
    boxes, case_texts = boxes_in(solutions), cases_in(solutions)
    if boxes is None or len(boxes.boxes) != len(case_texts):
        rows = [Row(((words,),)) for words in case_texts[:SHOWN]]
        return Table((("case",),), (*rows, *_more(len(case_texts), 1)), "l")
    names = [symbol.name for symbol in boxes.symbols]
    exact = _exact(solutions)
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
    return Table(tuple(head), (*rows, *_more(len(case_texts), len(head))), "l" * len(head))


def _more(count: int, columns: int) -> list[Row]:
    if count <= SHOWN:
        return []
    return [Row(((f"… ({count:,} cases in all)",), *((("",),) * (columns - 1))))]


def _exact(solutions: Solutions) -> list[dict[str, int]] | None:
    """The solutions that drop nothing, if they are some but not all of finitely many; else ``None``."""
    exactly = solutions.exactly
    if (
        solutions.problem.exact
        or not exactly.complete
        or not exactly.finite
        or not solutions.finite
        or exactly.count == solutions.count
    ):
        return None
    return list(exactly.numeric())


def _points(inside: list[dict[str, int]]) -> str:
    listed = "; ".join(map(values, inside[:EXACT]))
    return f"{listed}; … ({len(inside):,} in all)" if len(inside) > EXACT else listed
