"""Changes of one number in the user's file, for a model that is made again from the text of the file. The number may
pass through any class or function on its way to the layer that breaks.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache

from symnet.doctor.changes import Change
from symnet.doctor.spots import Edit, parsed

__all__ = ["numbers_in", "numbers_written", "other_numbers"]

#: The largest number of integers of a file that are considered.
NUMBERS = 120

#: An integer up to this one may be a window, a stride or a padding.
LARGEST_WINDOW = 11

#: The largest number of characters of a call that are shown.
SHOWN = 48


def numbers_in(words: str | None) -> list[int]:
    """The integers in a condition such as ``3136 = 16·196``, each once.

    >>> numbers_in("3136 = 16·196")
    [3136, 16, 196]
    """
    return list(dict.fromkeys(map(int, re.findall(r"(?<![\w.])\d+(?![\w.])", words or ""))))


def other_numbers(file: str, lines: Sequence[int], asked: Sequence[int], others: Collection[int]) -> Iterator[Change]:
    """Changes of one integer of the file, those in ``lines`` first, in their order. ``asked`` are the numbers that
    disagree, each of which may be the value that another one should have; ``others`` are sizes near them.
    """
    near = {line: rank for rank, line in reversed(list(enumerate(lines)))}
    ranked = sorted(numbers_written(file), key=lambda one: near.get(one[0].lineno, len(lines)))
    for node, whole in ranked[:NUMBERS]:
        rank = min(near.get(node.lineno, len(lines) + 2), 12)
        before = int(ast.literal_eval(node))
        for value, cost in _values(before, asked, others):
            edit = Edit.of(file, node, str(value))
            words = f"{_shown(whole)}: {value} for {before}"
            yield Change(words, "argument", 1 + 0.05 * rank + cost, shown=(edit,), source=(edit,))


def numbers_written(file: str) -> tuple[tuple[ast.Constant, ast.AST], ...]:
    """The integers in a file, each with the call or statement around it."""
    return _numbers_written(file, parsed(file))


@cache
def _numbers_written(file: str, tree: ast.Module | None) -> tuple[tuple[ast.Constant, ast.AST], ...]:
    found: list[tuple[ast.Constant, ast.AST]] = []

    def look(node: ast.AST, around: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Constant) and type(child.value) is int:
                found.append((child, around))
            look(child, child if isinstance(child, ast.Call | ast.stmt) else around)

    if tree is not None:
        look(tree, tree)
    return tuple(found)


def _values(value: int, asked: Sequence[int], others: Collection[int]) -> Iterator[tuple[int, float]]:
    """The candidate replacements of an integer, each with its cost: the cheapest make two numbers agree."""
    costs: dict[int, float] = {}

    def put(number: int, cost: float) -> None:
        least = 0 if value <= LARGEST_WINDOW else 1  # a padding may be left out, a number of features may not
        if number >= least and number != value:
            costs[number] = min(cost, costs.get(number, cost))

    for one in asked:
        for other in asked:
            if one == other:
                continue
            put(value + one - other, 0.5)
            if other and value * one % other == 0:
                put(value * one // other, 0.1 if value == other else 0.4)
        put(one, 0.3 if one > 1 else 0.6)  # a size 1 broadcasts where another one was meant
    if value <= LARGEST_WINDOW:
        for number in (2, 3, 1):  # the usual strides and windows, then those without effect
            put(number, 0.25 if number > 1 else 0.4)
    for number in others:
        put(number, 0.9)
    for number in (value + 1, value - 1):
        put(number, 0.8)
    if value % 2 == 0:
        put(value // 2, 1)
    put(value * 2, 1)
    yield from costs.items()


def _shown(node: ast.AST) -> str:
    """The call or the statement on one line, shortened to :data:`SHOWN` characters."""
    words = ast.unparse(node).split("\n")[0].rstrip(":")
    return words if len(words) <= SHOWN else words[: SHOWN - 1] + "…"
