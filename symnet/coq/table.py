"""Writes rows as a table: rows that differ only in numbers are one kind, and a line of the table gives a kind its numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["table"]

#: The numbers in rows, with their signs; the number of a claim's pass is not one, since it belongs to the kind.
_NUMBER = re.compile(r"(?<!Claim )(?<!\w)(\(-\d+\)|\d+)(?!\w)")

#: What makes two rows alike; the growth of sums is ignored.
_HEAD = re.compile(r"Let \((?:Counted|Indexed)|Claim \d+|Layer|Explicit|Same")

#: Coq reads the table in groups of this many characters.
GROUP = 8


def table(goals: Sequence[Sequence[str]], type_: str = "row", wrong: str = "wrong", end: str = "") -> list[str]:
    r"""The Coq definitions of the kinds of rows and of the table. ``type_`` is the type of a row, ``wrong`` the row for a line
    of the wrong length, and ``end`` the ending of the definitions' names.

    >>> print(*table([["Let (Indexed [(Num 8)])"], ["Let (Indexed [(Num (-5))])"]]), sep="\n")
    Definition kinds : list (list Z -> list row) :=
      [(* 0 *) fun n => match n with [n1] => [
         Let (Indexed [(Num n1)])] | _ => wrong end].
    Definition table : text := "0: 8
    -5 ".
    """
    numbers: dict[tuple[str, ...], list[list[str]]] = {}
    order: list[tuple[tuple[str, ...], int]] = []
    for block in _blocks(goals):
        rows = [row.replace("(Var ", "(At ") for row in block]
        kind = tuple(_NUMBER.sub("#", row) for row in rows)
        numbers.setdefault(kind, []).append([number for row in rows for number in _NUMBER.findall(row)])
        order.append((kind, len(numbers[kind]) - 1))
    kinds = {kind: place for place, kind in enumerate(numbers)}
    texts, lines = [], {}
    for kind, place in kinds.items():
        pattern, lines[kind] = _parameters(numbers[kind])
        written = iter(pattern)
        body = ";\n     ".join(re.sub("#", lambda _: next(written), row) for row in kind)  # noqa: B023
        names = "; ".join(f"n{index + 1}" for index in range(len(lines[kind][0])))
        texts.append(f"(* {place} *) fun n => match n with [{names}] => [\n     {body}] | _ => {wrong} end")
    before = [None, *(kind for kind, _ in order)]
    text = "\n".join(
        " ".join([*([] if kind == last else [f"{kinds[kind]}:"]), *lines[kind][index]])
        for last, (kind, index) in zip(before, order, strict=False)
    )
    text += " " * (-len(text) % GROUP)
    return [
        f"Definition kinds{end} : list (list Z -> list {type_}) :=\n  [" + ";\n   ".join(texts) + "].",
        f'Definition table{end} : text := "{text}".',
    ]


def _blocks(goals: Sequence[Sequence[str]]) -> list[list[str]]:
    """Groups the rows of goals into blocks: a block begins with a count like one in it, or like one that began another block."""
    blocks: list[list[str]] = []
    begun: set[tuple[str, ...]] = set()
    inside: set[tuple[str, ...]] = set()
    for rows in goals:
        heads = tuple(_HEAD.findall(" ".join(rows)))
        if not blocks or (heads and not heads[0].startswith("Claim") and (heads in begun or heads in inside)):
            blocks.append([])
            begun.add(heads)
            inside = set()
        inside.add(heads)
        blocks[-1] += rows
    return blocks


def _parameters(lines: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """The pattern of a kind's numbers, and the numbers of each line. A number that is the same in all lines stands in the
    pattern itself, and columns that are always equal share one parameter.
    """
    columns: dict[tuple[str, ...], str] = {}
    pattern = []
    for column in zip(*lines, strict=True):
        if len(set(column)) > 1:
            pattern.append(columns.setdefault(column, f"n{len(columns) + 1}"))
        else:
            pattern.append(column[0])
    return pattern, [[column[line].strip("()") for column in columns] for line in range(len(lines))]
