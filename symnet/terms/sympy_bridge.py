"""Terms as SymPy expressions; :mod:`symnet.sympy_functions.reading` converts back.

``⌊x/y⌋`` becomes :class:`~symnet.sympy_functions.division.FloorDiv`, which keeps numerator and denominator.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

import sympy

from symnet.sympy_functions.counts import Entries, Windows
from symnet.sympy_functions.direct import SHORT, direct_polynomial, direct_product, direct_sum
from symnet.sympy_functions.division import CeilDiv, FloorDiv
from symnet.sympy_functions.reading import from_sympy  # noqa: F401  # both ways over the border are asked for here
from symnet.terms import term as t
from symnet.terms.node import Node, children_first
from symnet.terms.polynomial import Polynomial, from_polynomial

__all__ = ["as_written", "polynomial_to_sympy", "to_sympy"]


@lru_cache(maxsize=4096)
def _symbol(name: str, least: int | None) -> Any:
    """A SymPy symbol, cached because SymPy's own cache holds only a thousand and making one is slow."""
    """SymPy's own cache forgets after a thousand symbols, and it takes longer to make one than to multiply with it."""
    if least is not None and least >= 0:
        return sympy.Symbol(name, integer=True, **{"positive" if least else "nonnegative": True})
    return sympy.Symbol(name, integer=True)


def as_written(function: Any) -> Callable[..., Any]:
    """A SymPy function without its simplifications: it is evaluated on numbers and otherwise left alone, since SymPy's
    checks of Mod and Min are slow.
    """
    """SymPy's function without its simplifications: numbers are worked out; anything else stays as written, since SymPy's
    checks of Mod and Min are slow."""

    def build(*args: Any) -> Any:
        if len(args) == 1:
            return args[0]
        return function(*args, evaluate=all(arg.is_Integer for arg in args))

    return build


_BUILD: dict[type[t.Term], Callable[..., Any]] = {
    t.Sum: direct_sum,
    t.Product: direct_product,
    t.FloorDiv: FloorDiv,
    t.CeilDiv: CeilDiv,
    t.Mod: as_written(sympy.Mod),
    t.Min: as_written(sympy.Min),
    t.Max: as_written(sympy.Max),
    t.Windows: Windows,
    t.Entries: Entries,
}


def to_sympy(term: t.Term, letters: Mapping[str, Any] | None = None) -> Any:
    """The SymPy expression of a term. Each sum is built at once and nothing is simplified; shared parts are built
    once. ``letters`` are the SymPy symbols for names.
    """
    """The SymPy expression for a term: each sum in one go, nothing simplified; a shared part is built once. ``letters`` are
    the SymPy symbols that stand for letters of these names.

    >>> W, F, P = t.Symbol("W"), t.Symbol("F"), t.Symbol("P", 0)
    >>> to_sympy((W - F + 2 * P) // 2 + 1)
    (W - F + 2*P)//2 + 1
    """
    expressions: dict[Node, Any] = {}
    nodes = children_first(term)
    inner = _inner(term, nodes)
    for node in nodes:
        if isinstance(node, t.Int):
            expressions[node] = sympy.Integer(node.value)
        elif isinstance(node, t.Symbol):
            own = letters.get(node.name) if letters else None
            expressions[node] = _symbol(*node.args) if own is None else own
        elif isinstance(node, t.Power):
            expressions[node] = sympy.Pow(expressions[node.args[0]], node.args[1])
        elif node not in inner:
            expressions[node] = _BUILD[type(node)](*map(expressions.__getitem__, _flattened_parts(node, inner)))  # type: ignore[index]
    return expressions[term]


def polynomial_to_sympy(polynomial: Polynomial, letters: Mapping[str, Any] | None = None) -> Any:
    """Sums that occur once, inside a sum, and products that occur once, inside a product. SymPy would copy them into
    the outer one at every level of nesting; parts with several occurrences are built separately.
    """
    """The SymPy expression for a polynomial, the same as for the term that writes it; of long ones in letters no term is made.

    >>> K, N = t.Symbol("K"), t.Symbol("N")
    >>> polynomial_to_sympy({((K, 1), (N, 1)): 9, ((K, 1),): 1})
    9*K*N + K
    """
    atoms = {atom for monomial in polynomial for atom, _ in monomial} if len(polynomial) > SHORT else ()
    own = letters or {}
    symbols = {atom: own.get(atom.name) or _symbol(*atom.args) for atom in atoms if type(atom) is t.Symbol}
    if not symbols or len(symbols) < len(atoms) or not _are_different_letters(symbols.values()):
        return to_sympy(from_polynomial(polynomial), letters)
    return direct_polynomial(polynomial, symbols)


def _are_different_letters(symbols: Collection[Any]) -> bool:
    plain = all(type(symbol) is sympy.Symbol and symbol.is_commutative for symbol in symbols)
    return plain and len(set(symbols)) == len(symbols)


def _inner(term: t.Term, nodes: Sequence[Node]) -> set[Node]:
    """Sums that stand once, in a sum, and products that stand once, in a product: SymPy would copy them into the outer one,
    and a long nested sum would be copied at each of its levels. What stands in several places is built once, on its own."""
    outside: set[Node] = {term}
    inside: set[Node] = set()
    kinds = (t.Sum, t.Product)
    for node in nodes:
        for child in node.children:
            (outside if child in inside or type(child) is not type(node) else inside).add(child)
    return {node for node in nodes if type(node) in kinds and node not in outside}


def _flattened_parts(node: Node, inner: set[Node]) -> Sequence[Node]:
    """The parts of a node, with its ``inner`` parts replaced by their own parts."""
    if inner.isdisjoint(node.children) or not isinstance(node, t.Sum | t.Product):
        return node.children
    parts: list[Node] = []
    stack = list(reversed(node.children))
    while stack:
        part = stack.pop()
        if part in inner:
            stack.extend(reversed(part.children))
        else:
            parts.append(part)
    return parts
