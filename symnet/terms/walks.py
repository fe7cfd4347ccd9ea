"""Traversals of nodes outside the trusted code."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from symnet.terms.node import Node
from symnet.terms.term import Symbol

__all__ = ["has_more_parts", "has_symbol", "outermost"]


def has_more_parts(root: Node, most: int) -> bool:
    """Whether a node has more than ``most`` parts, with shared parts counted at each occurrence: then it is too long
    to be multiplied out.
    """
    stack = [root]
    for _ in range(most):
        if not stack:
            return False
        stack.extend(stack.pop().children)
    return bool(stack)


def outermost(roots: Iterable[Node], wanted: Callable[[Node], bool]) -> list[Node]:
    """The nodes under ``roots`` that ``wanted`` accepts, each once and in order; accepted nodes are not searched
    further.
    """
    result: dict[Node, None] = {}
    seen: set[Node] = set()
    stack = [*roots][::-1]
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        if wanted(node):
            result[node] = None
        else:
            stack.extend(node.children[::-1])
    return list(result)


def has_symbol(name: str, *roots: Node) -> bool:
    """Whether a symbol of this name occurs under ``roots``, whatever its lower bound.

    >>> W = Symbol("W", 0)
    >>> has_symbol("W", W + 1), has_symbol("F", W + 1)
    (True, False)
    """
    mask = Symbol(name).mask | Symbol(name, None).mask
    seen: set[Node] = set()
    stack = [*roots]
    while stack:
        node = stack.pop()
        if node.mask & mask and node not in seen:  # the mask says whether the symbol may occur below
            seen.add(node)
            if type(node) is Symbol and node.name == name:
                return True
            stack.extend(node.children)
    return False
