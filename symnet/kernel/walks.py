"""Walks through proofs and certificates: what a theorem rests on, what stands inside a node. No rule needs them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from symnet.kernel.certificate import At, Certificate, Each, Mod, Only
from symnet.kernel.sealed import Sealed
from symnet.terms.node import Node

__all__ = ["inner", "inner_first", "nodes_in", "steps"]

T = TypeVar("T", bound="Sealed[Any]")


def steps(*theorems: T) -> list[T]:
    """Every theorem that the given ones rest on, premises first, each once."""
    order: list[T] = []
    seen: set[T] = set()
    stack: list[tuple[T, bool]] = [(theorem, False) for theorem in reversed(theorems)]
    while stack:
        theorem, expanded = stack.pop()
        if expanded:
            order.append(theorem)
        elif theorem not in seen:
            seen.add(theorem)
            stack.append((theorem, True))
            stack.extend((premise, False) for premise in reversed(theorem.premises))
    return order


def nodes_in(values: Sequence[object]) -> list[Node]:
    """The nodes among the arguments of a rule, also those inside of tuples, in order."""
    found: list[Node] = []
    for value in values:
        if isinstance(value, Node):
            found.append(value)
        elif type(value) is tuple:
            found.extend(nodes_in(value))
    return found


def inner(node: Certificate) -> tuple[Certificate, ...]:
    """What stands inside a node.

    >>> from symnet.kernel.certificate import No, Yes
    >>> inner(At(187, No(3), Yes()))
    (No(part=3), Yes())
    """
    if isinstance(node, At):
        return node.below, node.above
    if isinstance(node, Mod):
        return node.branches
    if isinstance(node, Only):
        return (node.inside,)
    return tuple([run.inside for run in node.runs]) if isinstance(node, Each) else ()


def inner_first(root: Certificate) -> list[Certificate]:
    """Every node of a certificate once, those inside before those around them, without recursion."""
    order: list[Certificate] = []
    seen: set[int] = set()
    stack = [(root, False)]
    while stack:
        node, entered = stack.pop()
        if entered:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack.extend([(one, False) for one in reversed(inner(node))])
    return order
