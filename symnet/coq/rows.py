"""The rows of a long derivation: each quantity is defined just before the claims about it (``row`` in ``Whole.v``).

Similar layers give similar rows, because a variable's number counts back from the last quantity. To keep them similar, weights
are counted again for each claim, and a long sum grows part by part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from symnet.kernel.theorem import Theorem
from symnet.printing.coq import coq_data
from symnet.terms.node import Node
from symnet.terms.term import Count, Entries, Sum, Symbol, Term

__all__ = ["Rows", "definition_data"]

#: A sum with more parts is written part by part.
PARTS = 12


def definition_data(node: Count, variables: Mapping[Term, int]) -> str:
    """A count as Coq data for ``Programs.v``."""
    parts = [coq_data(part, variables) for part in node.children]
    return f"Indexed [{'; '.join(parts)}]" if isinstance(node, Entries) else f"Counted {' '.join(parts)}"


class _VariableNumbers(Mapping[Term, int]):
    """The numbers of variables: first the letters, then the quantities from the last one back."""

    def __init__(self, letters: Sequence[Symbol]) -> None:
        self.letters: dict[Term, int] = {letter: index for index, letter in enumerate(letters)}
        self.defined: dict[Term, int] = {}
        self.count = 0

    def define(self, node: Term) -> None:
        self.defined[node] = self.count
        self.count += 1

    def __getitem__(self, node: Term) -> int:
        if node in self.letters:
            return self.letters[node]
        return len(self.letters) + self.count - 1 - self.defined[node]

    def __contains__(self, node: object) -> bool:
        return node in self.letters or node in self.defined

    def __iter__(self) -> Iterator[Term]:
        yield from (*self.letters, *self.defined)

    def __len__(self) -> int:
        return len(self.letters) + len(self.defined)


class _Part(NamedTuple):
    """A part of a long sum. It is added once each of its counts was defined as many times as ``counts`` says."""

    term: Term
    counts: tuple[tuple[Count, int], ...]


class _Growing:
    """A long sum, and how many of its parts are written (``done``)."""

    def __init__(self, total: Sum, number: int) -> None:
        self.total, self.done = total, 0
        self.partial_sum: Term = Symbol(f"symnet_sum_{number}", None)
        seen: Counter[Count] = Counter()
        self.parts: list[_Part] = []
        for part in total.args:
            counts = _outer_counts(part)
            seen.update(counts)
            self.parts.append(_Part(part, tuple((count, seen[count]) for count in counts)))


def _outer_counts(root: Node) -> list[Count]:
    """The counts in a term that are not inside other counts."""
    counts: dict[Count, None] = {}
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, Count):
            counts[node] = None
        else:
            stack.extend(reversed(node.children))
    return list(counts)


class Rows:
    """Collects the rows of all goals, in ``written`` by goal."""

    def __init__(self, letters: Sequence[Symbol], nodes: Sequence[Node]) -> None:
        self.variables = _VariableNumbers(letters)
        self.written: list[list[str]] = []
        self.times_defined: Counter[Count] = Counter()
        sums = (node for node in nodes if isinstance(node, Sum) and len(node.args) > PARTS and _outer_counts(node))
        self.growing = {total: _Growing(total, number) for number, total in enumerate(sums)}

    def claim(self, goal: Theorem, number: int) -> None:
        """Adds the rows of a goal in pass ``number``, and the parts of long sums that can be added then."""
        self.written.append([])
        self._define(goal.conclusion)
        self.written[-1].append(f"Claim {number} {coq_data(goal.conclusion, self.variables)}")
        # a goal about many layers: split, since each row may be like an earlier one
        if len(self.written[-1]) > 2 * PARTS:
            self.written[-1:] = [[row] for row in self.written[-1]]
        for growing in self.growing.values():
            end = growing.done
            while end < len(growing.parts) and all(
                self.times_defined[each] >= times for each, times in growing.parts[end].counts
            ):
                end += 1
            self._grow(growing, end)

    def _define(self, root: Node) -> None:
        """Defines what ``root`` mentions, inner parts first: sizes once, weights for each claim."""
        seen: set[Node] = set()
        stack: list[tuple[Node, bool]] = [(root, False)]
        while stack:
            node, entered = stack.pop()
            if entered:
                self._let(node, definition_data(node, self.variables))  # type: ignore[arg-type]
                self.times_defined[node] += 1  # type: ignore[index]
            elif node not in seen and (isinstance(node, Entries) or node not in self.variables):
                seen.add(node)
                if node in self.growing:
                    growing = self.growing[node]
                    for part in growing.parts[growing.done :]:
                        self._define(part.term)
                    self._grow(growing, len(growing.parts))
                    continue
                if isinstance(node, Count):
                    stack.append((node, True))
                stack.extend((child, False) for child in reversed(node.children))

    def _grow(self, growing: _Growing, end: int) -> None:
        if growing.done == end:
            return
        texts = [coq_data(growing.partial_sum, self.variables)] if growing.done else []
        texts += [coq_data(part.term, self.variables) for part in growing.parts[growing.done : end]]
        text = texts[0]
        for part in texts[1:]:
            text = f"(Add {text} {part})"
        growing.done = end
        self._let(growing.total if end == len(growing.parts) else growing.partial_sum, f"Written {text}")

    def _let(self, node: Term, data: str) -> None:
        self.written[-1].append(f"Let ({data})")
        self.variables.define(node)
