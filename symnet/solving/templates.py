"""A law as a template: its size, conditions and exactness with a hole for the input size, ready to be filled for
every layer.
"""

from __future__ import annotations

from symnet.kernel.propositions import Proposition
from symnet.layers.law import AxisMap, in_order
from symnet.network.proof import HOLE
from symnet.terms.term import Node, Term, children_first, rebuild

__all__ = ["LawTemplate", "Template", "law_template"]

#: So many templates are kept for other questions.
KEPT = 4096


class Template:
    """Patterns with the nodes on the way to their holes; filling them makes only these anew, each once.

    >>> from symnet.terms.term import integer
    >>> Template(HOLE + 2 * integer(3), HOLE - 1).fill(integer(28))
    [<Sum 28 + 2*3>, <Sum 28 - 1>]
    """

    def __init__(self, *patterns: Node) -> None:
        place: dict[Node, int] = {HOLE: 0}
        self._steps: list[tuple[Node, tuple[tuple[bool, object], ...]]] = []
        for node in children_first(*patterns):
            if node not in place and any(child in place for child in node.children):
                place[node] = len(place)
                arguments = tuple(
                    (arg in place, place[arg]) if isinstance(arg, Node) and arg in place else (False, arg)
                    for arg in node.args
                )
                self._steps.append((node, arguments))
        self._results = [(pattern, place.get(pattern)) for pattern in patterns]

    def fill(self, value: Term) -> list[Node]:
        """The patterns with ``value`` in their holes, nothing evaluated."""
        made: list[object] = [value]
        for node, arguments in self._steps:
            made.append(rebuild(node, tuple([made[item] if inside else item for inside, item in arguments])))  # type: ignore[call-overload]
        return [pattern if place is None else made[place] for pattern, place in self._results]  # type: ignore[misc]


class LawTemplate:
    """One axis of a layer, for any input size."""

    def __init__(self, map_: AxisMap) -> None:
        self.map = map_
        theorem = map_.prove(HOLE)
        size, formula = theorem.conclusion.args
        self.formula: Term = formula
        conditions = in_order(theorem.hypotheses)
        exact = map_.exact(HOLE)
        # every number is a multiple of 1
        drops = [] if exact is None or exact.args[0].constant == 1 else [exact]
        self._drops = bool(drops)
        self._conditions = Template(*conditions)
        self._whole = Template(size, *conditions, *drops)

    def filled(self, before: Term) -> tuple[Term, list[Proposition], Proposition | None]:
        """The size by definition, what must hold for the formula to be the size, and what holds when no entry is dropped
        (``None`` where none ever is).
        """
        size, *rest = self._whole.fill(before)
        drops = rest.pop() if self._drops else None
        return size, rest, drops  # type: ignore[return-value]

    def conditions(self, before: Term) -> list[Proposition]:
        """What must hold for the formula to be the size."""
        return self._conditions.fill(before)  # type: ignore[return-value]


#: Templates by the identity of their map, which they keep alive.
_templates: dict[int, LawTemplate] = {}


def law_template(map_: AxisMap) -> LawTemplate:
    """The template of a law with its values; layers that share a map share it."""
    found = _templates.get(id(map_))
    if found is None:
        if len(_templates) >= KEPT:
            _templates.clear()
        found = _templates[id(map_)] = LawTemplate(map_)
    return found
