"""The order in which the parts of a sum, the factors of a product and the arguments of a minimum are written. It is the same in every
process. Nothing is trusted here: a sum is the same number in whatever order its parts stand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from zlib import crc32

from symnet.terms.node import Node, setter
from symnet.terms.term import Symbol, Term

__all__ = ["by_letter", "digest", "reading_order"]

_set_digest = setter(Node, "digest")

_Monomial = tuple[tuple[Term, int], ...]

#: Letters in the order in which a textbook writes them: W₂ = (W₁ − F + 2P)/S + 1.
_LETTERS = "WHLTNFSP"


def digest(root: Node) -> int:
    """A hash of the structure, the same in every process, by which nodes can be ordered; kept on the node, because few need it."""
    stack: list[Node] = [] if hasattr(root, "digest") else [root]
    while stack:
        node = stack[-1]
        missing = [child for child in node.children if not hasattr(child, "digest")]
        if missing:
            stack.extend(missing)
        else:
            parts = [arg.digest if isinstance(arg, Node) else _number(arg) for arg in node.args]
            _set_digest(stack.pop(), hash((crc32(type(node).__name__.encode()), *parts)))
    return root.digest


def _number(value: object) -> int:
    """A hash of a plain argument that is the same in every process (that of a text is not) and differs for −1 and −2."""
    return (value if value >= 0 else value - 1) if type(value) is int else crc32(str(value).encode())


def _letter(atom: Term) -> tuple[int, str, int]:
    if isinstance(atom, Symbol):
        return _LETTERS.find(atom.name[0]) % 99, atom.name, 0
    return 100, "", digest(atom)


def by_letter(power: tuple[Term, int]) -> tuple[int, str, int]:
    """Where a power of a letter stands in a product."""
    return _letter(power[0])


def reading_order(polynomial: Mapping[_Monomial, int]) -> Callable[[tuple[_Monomial, int]], tuple[Any, ...]]:
    """Where a monomial with its coefficient stands in the sum: highest degree first, then in textbook order of letters, the
    numeral last; but a negative part never leads if there is a positive one.
    """
    places: dict[_Monomial, tuple[Any, ...]] = {}
    for monomial in polynomial:
        letters = sorted([_letter(atom) for atom, exponent in monomial for _ in range(exponent)])
        places[monomial] = -len(letters), letters
    positive = [monomial for monomial, coefficient in polynomial.items() if coefficient > 0]
    leading = min(positive, key=places.__getitem__, default=None)
    return lambda item: (item[0] != leading, places[item[0]])
