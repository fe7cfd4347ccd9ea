"""A law as a template: its size, conditions and exactness with a hole for the input size, filled in for every layer."""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any

from symnet.layers.laws.counting import HOLE
from symnet.layers.laws.law import AxisMap, in_order
from symnet.terms.node import Node, children_first
from symnet.terms.propositions import Divides, Proposition
from symnet.terms.term import Product, Term, rebuild

__all__ = ["LawTemplate", "Template", "law_template"]

#: The number of templates cached across questions.
CACHE_SIZE = 4096


class Template:
    """Terms with holes. Filling them rebuilds only the nodes on the way to a hole, each once.

    >>> from symnet.terms.term import integer
    >>> Template(HOLE + 2 * integer(3), HOLE - 1).fill(integer(28))
    [<Sum 28 + 2*3>, <Sum 28 - 1>]
    """

    def __init__(self, *patterns: Node) -> None:
        order = children_first(*patterns)
        holed: set[Node] = {HOLE}
        for node in order:
            if any(child in holed for child in node.children):
                holed.add(node)
        changing = [node for node in order if node in holed and node is not HOLE]
        needed = [*patterns, *[arg for node in changing for arg in node.args]]
        constants = dict.fromkeys(arg for arg in needed if arg not in holed)
        slot: dict[object, int] = {arg: index for index, arg in enumerate([HOLE, *constants, *changing])}
        self._kept: list[object] = list(constants)
        self._steps = [(_maker(node), _picker([slot[arg] for arg in node.args])) for node in changing]
        self._results = _picker([slot[pattern] for pattern in patterns])

    def fill(self, value: Term) -> list[Node]:
        """The patterns with ``value`` in their holes, unevaluated."""
        nodes: list[Any] = [value, *self._kept]
        for make, arguments in self._steps:
            nodes.append(make(*arguments(nodes)))
        return [*self._results(nodes)]


def _maker(node: Node) -> Callable[..., Node]:
    """A constructor for a node of this kind; only products need to look at their arguments."""
    return (lambda *arguments: rebuild(node, arguments)) if type(node) is Product else type(node)


def _picker(slots: list[int]) -> Callable[[list[Any]], tuple[Any, ...]]:
    """A function that picks the entries at these indices as a tuple (``itemgetter`` alone returns a single entry
    without one).
    """
    return itemgetter(*slots) if len(slots) > 1 else lambda nodes: tuple([nodes[slot] for slot in slots])


class LawTemplate:
    """The law of one axis of a layer, for any input size."""

    def __init__(self, map_: AxisMap) -> None:
        self.map = map_
        theorem = map_.prove(HOLE)
        size, formula = theorem.conclusion.args
        self.formula: Term = formula
        conditions = in_order(theorem.hypotheses)
        exact = map_.exact(HOLE)
        # every number is a multiple of 1
        always = exact is None or (isinstance(exact, Divides) and exact.args[0].constant == 1)
        drops = [] if exact is None or always else [exact]
        self._drops = bool(drops)
        self._conditions = Template(*conditions)
        self._whole = Template(size, *conditions, *drops)

    def filled(self, before: Term) -> tuple[Term, list[Proposition], Proposition | None]:
        """The size by definition, the conditions under which the formula is the size, and the condition that no entry
        is dropped (``None`` if none ever is).
        """
        size, *rest = self._whole.fill(before)
        drops = rest.pop() if self._drops else None
        return size, rest, drops  # type: ignore[return-value]

    def conditions(self, before: Term) -> list[Proposition]:
        """The conditions under which the formula is the size."""
        return self._conditions.fill(before)  # type: ignore[return-value]


#: Templates by the identity of their map, which they keep alive.
_templates: dict[int, LawTemplate] = {}


def law_template(map_: AxisMap) -> LawTemplate:
    """The template of a law with its values; layers that share a map share it."""
    template = _templates.get(id(map_))
    if template is None:
        if len(_templates) >= CACHE_SIZE:
            _templates.clear()
        template = _templates[id(map_)] = LawTemplate(map_)
    return template
