"""Whether a proposition must be true or false, by intervals: between which ends its terms lie."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from symnet.terms.intervals import Interval
from symnet.terms.node import Node, children_first
from symnet.terms.propositions import And, Congruent, Divides, Eq, Iff, In, Le, Lt, Or, Proposition
from symnet.terms.term import Term, ends_of, integer

__all__ = ["by_intervals", "compared", "unfolded", "verdict"]


def _within(term: Term, known: dict[Node, Interval]) -> Interval:
    """Ends for a term, where those of the symbols that are known are given and others are as large as they promise; what is found is
    kept, because the parts of a proposition share most of their terms.
    """
    if term not in known:
        for node in _children_first(term):
            if node not in known:
                known[node] = ends_of(node, [known[child] for child in node.children])
    return known[term]


#: The nodes of a term, which is asked for often.
_children_first = lru_cache(maxsize=1024)(children_first)


def verdict(proposition: Proposition, compared: Callable[[Proposition], bool | None]) -> bool | None:
    """Whether a proposition is true or false, from what is known of the comparisons and divisibilities that it is made of; ``None``
    where that does not settle it.
    """
    kind = type(proposition)
    if kind is And or kind is Or:
        settles, open_ = kind is Or, False
        for part in proposition.args:
            shown = verdict(part, compared)
            if shown is settles:
                return settles
            open_ = open_ or shown is None
        return None if open_ else not settles
    if kind is Iff:
        left, right = [verdict(part, compared) for part in proposition.args]
        return None if left is None or right is None else left is right
    return compared(proposition)


@lru_cache(maxsize=1024)
def unfolded(proposition: Proposition) -> Proposition:
    """The same in words of comparisons and divisibilities: what it means that a term is in a set, and that it is congruent."""
    kind, args = type(proposition), proposition.args
    if kind is And or kind is Or or kind is Iff:
        return kind(*map(unfolded, args))
    if kind is Congruent:
        return Divides(args[2], args[0] - args[1])
    if kind is not In:
        return proposition
    parts = []
    for residue, modulus, minimum, maximum in args[1].parts:
        above = () if minimum is None else (Le(integer(minimum), args[0]),)
        below = () if maximum is None else (Le(args[0], integer(maximum)),)
        alike = () if modulus == 1 else (Divides(integer(modulus), args[0] - residue),)
        parts.append(And(*above, *below, *alike))
    return Or(*parts)


def by_intervals(proposition: Proposition, box: Mapping[Node, Interval]) -> bool | None:
    """Whether interval arithmetic shows that the proposition holds everywhere in the box (true), or fails everywhere (false)."""
    known = dict(box)
    return verdict(unfolded(proposition), lambda one: compared(one, [_within(term, known) for term in one.args]))


def compared(proposition: Proposition, ends: list[Interval]) -> bool | None:
    """The same of one comparison or divisibility, from the ends of its terms."""
    kind = type(proposition)
    (a, b), (c, d) = ends
    if kind is Divides:
        if a is not None and a == b and c is not None and c == d:
            return c % a == 0 if a else c == 0
        return False if a is not None and d is not None and c is not None and 1 <= c <= d < a else None
    strict = kind is Lt
    over = a is not None and d is not None and a + strict > d  # the left side is always too large
    under = b is not None and c is not None and b + strict <= c
    if kind is Eq:
        return False if over or (under and b != c) else True if under and a is not None and a == d else None
    return False if over else True if under else None
