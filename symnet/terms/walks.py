"""Walks through nodes that what is trusted does not need."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from symnet.terms.node import Node

__all__ = ["has_more_parts", "outermost"]


def has_more_parts(root: Node, most: int) -> bool:
    """Whether it has more parts than ``most``, those that stand in it often counted as often: too long to be multiplied out."""
    waiting = [root]
    for _ in range(most):
        if not waiting:
            return False
        waiting.extend(waiting.pop().children)
    return bool(waiting)


def outermost(roots: Iterable[Node], wanted: Callable[[Node], bool]) -> list[Node]:
    """The nodes under ``roots`` that are wanted, each once and in order; none is looked for inside another."""
    found: dict[Node, None] = {}
    seen: set[Node] = set()
    stack = [*roots][::-1]
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        if wanted(node):
            found[node] = None
        else:
            stack.extend(node.children[::-1])
    return list(found)
