"""Another number in the user's file: for a model that is made again from the file's text, whatever class or function the number
goes through on its way to the layer that breaks."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache

from symnet.doctor.changes import Change
from symnet.doctor.spots import Edit, parsed

__all__ = ["numbers_in", "numbers_written", "other_numbers"]

#: So many numbers of a file are looked at.
NUMBERS = 120

#: A number that is no larger may be a window, a stride or a padding.
LARGEST_WINDOW = 11

#: A call is shown so long.
SHOWN = 48


def numbers_in(words: str | None) -> list[int]:
    """The numbers of a condition, such as ``3136 = 16·196``, each once.

    >>> numbers_in("3136 = 16·196")
    [3136, 16, 196]
    """
    return list(dict.fromkeys(map(int, re.findall(r"(?<![\w.])\d+(?![\w.])", words or ""))))


def other_numbers(file: str, lines: Sequence[int], asked: Sequence[int], others: Collection[int]) -> Iterator[Change]:
    """Changes of one number of the file, those in ``lines`` first, in their order. ``asked`` are the numbers that do not agree,
    each of which may be what another one should be; ``others`` are sizes near them."""
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
    """The whole numbers that stand in a file, each with the call or statement around it."""
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
    """What may stand in the place of a number, and what it costs: first what makes two numbers agree."""
    costs: dict[int, float] = {}

    def put(number: int, cost: float) -> None:
        if number >= 0 and number != value:
            costs[number] = min(cost, costs.get(number, cost))

    for one in asked:
        for other in asked:
            if one == other:
                continue
            put(value + one - other, 0.5)
            if other and value * one % other == 0:
                put(value * one // other, 0.1 if value == other else 0.4)
        put(one, 0.3 if one > 1 else 0.6)  # a size 1 stretches, where another one was meant
    if value <= LARGEST_WINDOW:
        for number in (2, 3, 1):  # the usual strides and windows, then those of no effect
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
    """The call or the statement as a person reads it, on one line."""
    words = ast.unparse(node).split("\n")[0]
    return words if len(words) <= SHOWN else words[: SHOWN - 1] + "…"
