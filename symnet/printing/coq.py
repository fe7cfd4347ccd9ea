"""Terms and propositions as Coq text over Z, and as data for the lemmas that compute (``symnet/coq/Reflect.v``).

Laws of this file
-----------------
* The text has exactly the structure of the term: every sum is a chain of ``+``, every product a chain of ``*``. So
  putting a term for a symbol in the text gives the text of the substituted term, up to evaluation of numerals.
* ``a - b`` is the library's notation for ``a + -1 * b``.
* A term that has a name is written by its name and never entered.
* An identifier is made of ASCII letters, digits and ``_`` only, and is none that Coq or the library uses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import reduce

from symnet.errors import TermError
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.node import Node
from symnet.terms.propositions import And, Congruent, Divides, Eq, Iff, In, Le, Lt, Or, Proposition
from symnet.terms.term import CeilDiv, Entries, FloorDiv, Int, Max, Min, Mod, Power, Product, Sum, Term, Windows

__all__ = ["Identifiers", "comment", "coq_data", "coq_text", "identifier", "numeral", "set_text"]

#: The Coq identifier of each symbol, and of each term that has a name of its own.
Names = Mapping[Term, str]

_READABLE = re.compile(r"[A-Za-z](_?[0-9]+)?", re.ASCII)

#: Single letters that Coq or its libraries define.
_TAKEN = frozenset("SOIZNQR")


def identifier(name: str) -> str:
    """A Coq identifier for a user's name; two names may give the same one, which :class:`Identifiers` avoids.

    A letter with an index stays; everything else is prefixed, so it is no keyword and no name of the library.

    >>> identifier("W"), identifier("F_2"), identifier("S"), identifier("units"), identifier("forall")
    ('W', 'F_2', 'S_', 'v_units', 'v_forall')
    """
    if _READABLE.fullmatch(name):
        return f"{name}_" if name in _TAKEN else name
    return "v_" + re.sub(r"[^A-Za-z0-9_]", "_", name)[:40]


class Identifiers:
    """Gives each name an identifier that no other name has.

    >>> fresh = Identifiers()
    >>> fresh("W"), fresh("W"), fresh("x) Admitted. (*")
    ('W', 'W_a', 'v_x__Admitted____')
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def __call__(self, name: str) -> str:
        wanted = found = identifier(name)
        number = 0
        while found in self._taken:
            number += 1
            found = f"{wanted}_{_letters(number)}"
        self._taken.add(found)
        return found


def _letters(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number - 1, 26)
        text = chr(ord("a") + digit) + text
    return text


def comment(words: str) -> str:
    """A Coq comment that nothing can end early.

    >>> comment('a *) Axiom "x')
    '(* a . Axiom .x *)'
    """
    return "(* " + re.sub(r"\(\*+|\*+\)|[^ -~]|\"", ".", words) + " *)"


def numeral(value: int) -> str:
    """An integer as a Coq numeral."""
    return str(value) if value >= 0 else f"({value})"


# Precedence levels as in Coq: smaller ones bind tighter.
_ATOM, _POWER, _PRODUCT, _SUM, _RELATION, _LOOSE = 0, 30, 40, 50, 70, 99
_Piece = tuple[str, int]


def _within(piece: _Piece, level: int) -> str:
    """The text of a piece, in parentheses if it binds looser than ``level``."""
    return piece[0] if piece[1] <= level else f"({piece[0]})"


def _call(head: str, parts: Sequence[_Piece]) -> _Piece:
    return " ".join([head, *(_within(part, _ATOM) for part in parts)]), 10


def _subtracted(node: Node) -> Node | None:
    """x of a summand -1·x, else ``None``."""
    if type(node) is Product and len(node.args) == 2 and type(node.args[0]) is Int and node.args[0].value == -1:
        return node.args[1]  # type: ignore[no-any-return]
    return None


def _sum(node: Node, pieces: Mapping[Node, _Piece], names: Names) -> _Piece:
    if not node.args:
        return "0", _ATOM
    first, *others = node.args
    if not others:
        return pieces[first]
    text = _within(pieces[first], _SUM)
    for term in others:
        subtracted = _subtracted(term) if term not in names else None
        if type(term) is Int and term.value < 0:
            text += f" - {-term.value}"
        elif subtracted is not None:
            text += f" - {_within(pieces[subtracted], _PRODUCT)}"
        else:
            text += f" + {_within(pieces[term], _PRODUCT)}"
    return text, _SUM


def _product(node: Node, pieces: Mapping[Node, _Piece], names: Names) -> _Piece:
    if not node.args:
        return "1", _ATOM
    first, *others = node.args
    if not others:
        return pieces[first]
    return " * ".join([_within(pieces[first], _PRODUCT), *(_within(pieces[f], _POWER) for f in others)]), _PRODUCT


def _nested(head: str) -> Callable[[Sequence[_Piece]], _Piece]:
    def write(parts: Sequence[_Piece]) -> _Piece:
        if not parts:
            raise TermError(f"{head} of nothing")
        return reduce(lambda rest, part: _call(head, (part, rest)), reversed(parts[:-1]), parts[-1])

    return write


def _junction(sign: str, empty: str) -> Callable[[Sequence[_Piece]], _Piece]:
    def write(parts: Sequence[_Piece]) -> _Piece:
        if len(parts) < 2:
            return parts[0] if parts else (empty, _ATOM)
        return f" {sign} ".join(_within(part, _RELATION) for part in parts), _LOOSE

    return write


def _relation(sign: str) -> Callable[[Sequence[_Piece]], _Piece]:
    return lambda parts: (f"{_within(parts[0], _SUM)} {sign} {_within(parts[1], _SUM)}", _RELATION)


_FORMS: dict[type[Node], Callable[[Sequence[_Piece]], _Piece]] = {
    FloorDiv: lambda parts: (f"{_within(parts[0], _PRODUCT)} / {_within(parts[1], _POWER)}", _PRODUCT),
    Mod: lambda parts: (f"({_within(parts[0], _POWER)} mod {_within(parts[1], _POWER)})", _ATOM),
    CeilDiv: lambda parts: _call("cdiv", parts),
    Min: _nested("Z.min"),
    Max: _nested("Z.max"),
    Windows: lambda parts: _call("Windows", parts),
    Entries: lambda parts: (f"Entries [{'; '.join(text for text, _ in parts)}]", 10),
    Eq: _relation("="),
    Le: _relation("<="),
    Lt: _relation("<"),
    Divides: lambda parts: (f"({_within(parts[0], _SUM)} | {_within(parts[1], _SUM)})", _ATOM),
    Congruent: lambda parts: _call("Congruent", parts),
    Iff: lambda parts: (f"{_within(parts[0], _RELATION)} <-> {_within(parts[1], _RELATION)}", _LOOSE),
    And: _junction("/\\", "True"),
    Or: _junction("\\/", "False"),
}


def _piece(node: Node, pieces: Mapping[Node, _Piece], names: Names) -> _Piece:
    kind = type(node)
    if kind is Int:
        return numeral(node.args[0]), _ATOM
    if kind is Sum:
        return _sum(node, pieces, names)
    if kind is Product:
        return _product(node, pieces, names)
    if kind is Power:
        return f"{_within(pieces[node.args[0]], _ATOM)} ^ {node.args[1]}", _POWER
    if kind is In:
        return _call("Member", (pieces[node.args[0]], (set_text(node.args[1]), _ATOM)))
    if kind in _FORMS:
        return _FORMS[kind]([pieces[child] for child in node.children])
    raise TermError(f"{kind.__name__} {node.args!r:.60} has no name in Coq")


def coq_text(node: Node, names: Names, open_node: Node | None = None) -> str:
    """``node`` in Coq. ``names`` has the identifiers of all its symbols, and of the terms that are written by their names;
    ``open_node`` is written out although it has a name, as its definition needs.

    >>> from symnet.terms.term import Symbol
    >>> W, F = Symbol("W"), Symbol("F")
    >>> coq_text(Le((W - F) // 2 + 1, W * 3), {W: "W", F: "F"})
    '(W - F) / 2 + 1 <= W * 3'
    """
    pieces: dict[Node, _Piece] = {}
    for part in _parts_first(node, lambda inner: inner in names and inner is not open_node):
        name = names.get(part) if part is not open_node else None  # type: ignore[call-overload]
        pieces[part] = (name, 10 if " " in name else _ATOM) if name is not None else _piece(part, pieces, names)
    return pieces[node][0]


def _parts_first(root: Node, leaf: Callable[[Node], bool]) -> list[Node]:
    """Returns all parts of ``root``, each after its own parts; the parts of a leaf are left out."""
    order: list[Node] = []
    seen: set[Node] = set()
    stack: list[tuple[Node, bool]] = [(root, False)]
    while stack:
        node, entered = stack.pop()
        if entered:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            if not leaf(node):
                stack.extend((child, False) for child in reversed(node.children))
    return order


def set_text(members: IntegerSet) -> str:
    """A concrete set of integers as a Coq list of ``Part``s."""

    def end(value: int | None) -> str:
        return "None" if value is None else f"(Some {numeral(value)})"

    parts = (
        f"Part {numeral(residue)} {numeral(modulus)} {end(low)} {end(high)}"
        for residue, modulus, low, high in members.parts
    )
    return f"[{'; '.join(parts)}]"


# ---- terms as Coq data: constructors of Reflect.expr and Signs.prop ----

_DATA: dict[type[Node], str] = {
    FloorDiv: "Div", CeilDiv: "Ceil", Mod: "Mod", Min: "Min", Max: "Max",
    Eq: "PEq", Le: "PLe", Lt: "PLt", Divides: "PDivides", Congruent: "PCongruent", Iff: "PIff",
}  # fmt: skip


def _folded_left(head: str, empty: str, parts: Sequence[str]) -> str:
    return reduce(lambda done, part: f"({head} {done} {part})", parts) if parts else empty


def _folded_right(head: str, empty: str, parts: Sequence[str]) -> str:
    if not parts:
        return empty
    return reduce(lambda rest, part: f"({head} {part} {rest})", reversed(parts[:-1]), parts[-1])


def coq_data(node: Node, variables: Mapping[Term, int]) -> str:
    """``node`` as Coq data; ``places`` are the numbers of the variables that stand for symbols and counts.

    >>> from symnet.terms.term import Symbol
    >>> W = Symbol("W")
    >>> coq_data(Eq(W - 1, W), {W: 0})
    '(PEq (Add (Var 0) (Num (-1))) (Var 0))'
    """
    done: dict[Node, str] = {}
    for part in _parts_first(node, lambda inner: inner in variables):
        done[part] = f"(Var {variables[part]})" if part in variables else _datum(part, done)  # type: ignore[index]
    return done[node]


def _datum(node: Node, done: Mapping[Node, str]) -> str:
    kind = type(node)
    parts = [done[child] for child in node.children]
    if kind is Int:
        return f"(Num {numeral(node.args[0])})"
    if kind is Sum:
        return _folded_left("Add", "(Num 0)", parts)
    if kind is Product:
        return _folded_left("Mul", "(Num 1)", parts)
    if kind is Power:
        return f"(Pow {parts[0]} {node.args[1]})"
    if kind in (Min, Max):
        return _folded_right(_DATA[kind], "", parts)
    if kind is And:
        return _folded_right("PAnd", "PTrue", parts)
    if kind is Or:
        return _folded_right("POr", "PFalse", parts)
    if kind is In:
        return f"(PIn {parts[0]} {set_text(node.args[1])})"
    if kind in _DATA:
        return f"({_DATA[kind]} {' '.join(parts)})"
    if isinstance(node, Term | Proposition):
        raise TermError(f"{kind.__name__} {node.args!r:.60} has no place among the variables")
    raise TermError(f"{kind.__name__} is not data")
