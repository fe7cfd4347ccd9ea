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
    """A pattern with the nodes on the way to its hole; filling it makes only these anew.

    >>> from symnet.terms.term import integer
    >>> Template(HOLE + 2 * integer(3)).fill(integer(28))
    <Sum 28 + 2*3>
    """

    def __init__(self, pattern: Node) -> None:
        self._pattern = pattern
        place: dict[Node, int] = {HOLE: 0}
        self._steps: list[tuple[Node, tuple[tuple[bool, object], ...]]] = []
        for node in children_first(pattern):
            if node not in place and any(child in place for child in node.children):
                place[node] = len(place)
                arguments = tuple(
                    (arg in place, place[arg]) if isinstance(arg, Node) and arg in place else (False, arg)
                    for arg in node.args
                )
                self._steps.append((node, arguments))

    def fill(self, value: Term) -> Node:
        """The pattern with ``value`` in its hole, nothing evaluated."""
        if not self._steps:
            return value if self._pattern is HOLE else self._pattern
        made: list[object] = [value]
        for node, arguments in self._steps:
            made.append(rebuild(node, tuple([made[item] if inside else item for inside, item in arguments])))  # type: ignore[call-overload]
        return made[-1]  # type: ignore[return-value]


class LawTemplate:
    """One axis of a layer, for any input size."""

    def __init__(self, map_: AxisMap) -> None:
        self.map = map_
        theorem = map_.prove(HOLE)
        size, formula = theorem.conclusion.args
        self.formula: Term = formula
        self._size = Template(size)
        self._conditions = [Template(condition) for condition in in_order(theorem.hypotheses)]
        exact = map_.exact(HOLE)
        # every number is a multiple of 1
        self._exact = None if exact is None or exact.args[0].constant == 1 else Template(exact)

    def size(self, before: Term) -> Term:
        """The size by definition."""
        return self._size.fill(before)  # type: ignore[return-value]

    def conditions(self, before: Term) -> list[Proposition]:
        """What must hold for the formula to be the size."""
        return [template.fill(before) for template in self._conditions]  # type: ignore[misc]

    def exact(self, before: Term) -> Proposition | None:
        """Holds when no entry is dropped; ``None`` where none ever is."""
        return None if self._exact is None else self._exact.fill(before)  # type: ignore[return-value]


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
