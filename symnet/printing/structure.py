"""The writer that all notations share: where parentheses and signs go, which factors need a dot, how deep to go.

A notation is a :class:`Notation`: a table with one :class:`Form` for each kind of node, and a few strings. A form joins the
written parts and declares two precedence levels, that of the result and the one each part needs:

    parentheses stand around a part  ⇔  its level < the level that the form needs there.

Laws of this file
-----------------
* Nothing recurses, and a shared part is written only once.
* A node that has a name is written by its name; its parts are not looked at.
* An ellipsis stands below ``DEPTH`` levels, and for parts of more than ``SIZE`` nodes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple

from symnet.errors import TermError
from symnet.printing.names import is_word
from symnet.terms.node import Node
from symnet.terms.propositions import And, Or
from symnet.terms.term import Int, Power, Product, Sum, Symbol, Term, integer

__all__ = ["DEPTH", "SIZE", "Form", "Level", "Names", "Notation", "call", "infix", "lower_bound", "template", "write"]

DEPTH, SIZE = 200, 100_000
#: A node whose parts have at most this many parts in all, each counted once, has fewer than ``SIZE`` nodes however they are shared.
FEW = 24
#: Display names of terms: ``{size after layer 3: "x_{3}"}``.
Names = Mapping[Term, str]


class Level(IntEnum):
    """Precedence of a written node, from loose to tight."""

    IFF = 0
    OR = 1
    AND = 2
    RELATION = 3
    REMAINDER = 4
    SUM = 5
    QUOTIENT = 6
    PRODUCT = 7
    POWER = 8
    ATOM = 9


def _children(node: Node) -> tuple[Node, ...]:
    return node.children


@dataclass(frozen=True)
class Form:
    """The form of one kind of node in a notation. ``parts`` are the nodes to write first, ``write`` joins their texts, ``level`` is the
    precedence of the result, and ``needs`` that of each part; its last entry holds for all further parts.
    """

    write: Callable[[Node, Sequence[str]], str]
    level: Level = Level.ATOM
    needs: tuple[Level, ...] = (Level.REMAINDER,)
    parts: Callable[[Node], tuple[Node, ...]] = _children


def template(pattern: str, level: Level = Level.ATOM, *needs: Level) -> Form:
    """A form with a fixed number of parts, one for each ``%s`` of the pattern."""
    return Form(lambda node, parts: pattern % tuple(parts), level, needs or (Level.REMAINDER,))


def lower_bound(below: str, above: str, level: Level) -> Form:
    """``a ≤ b``, but with a number at the left it is read from the other side: ``W ≥ 12``."""

    def text(node: Node, parts: Sequence[str]) -> str:
        left, right = node.args
        if type(left) is Int and right.constant is None:
            return above % (parts[1], parts[0])
        return below % (parts[0], parts[1])

    return Form(text, level, (Level.REMAINDER,))


def infix(between: str, level: Level, need: Level, *, empty: str = "") -> Form:
    """Parts with ``between`` between them; ``empty`` is written for no parts."""
    return Form(lambda node, parts: between.join(parts) or empty, level, (need,))


def call(opening: str, closing: str = ")", *, between: str = ", ", need: Level = Level.REMAINDER) -> Form:
    """Parts inside brackets: ``min(a, b)``."""
    return Form(lambda node, parts: opening + between.join(parts) + closing, Level.ATOM, (need,))


@dataclass(frozen=True)
class Notation:
    """One notation: the forms of nodes, how leaves are written, and the signs of sums and products."""

    forms: Mapping[type[Node], Form]
    numeral: Callable[[int], str]
    symbol: Callable[[str], str]
    name: Callable[[str], str]
    group: Callable[[str], str]
    plus: str = " + "
    minus: str = " - "
    negative: str = "-"
    dot: str = "*"
    beside: str = "*"  # between factors that need no dot
    elided: str = "…"


class _Piece(NamedTuple):
    text: str
    level: Level
    numeral: bool = False  # starts with a digit, so that 2·3 must not become 23


def write(root: Node, notation: Notation, names: Names | None = None) -> str:
    """``root`` in a notation, with the terms in ``names`` written by their names."""
    if names and root in names:
        return notation.name(names[root])  # type: ignore[index]
    return _Writer(notation, names or {}).write(root)


class _Writer:
    def __init__(self, notation: Notation, names: Names) -> None:
        self.notation, self.names = notation, names
        self.parts: dict[Node, tuple[Node, ...]] = {}
        self.pieces: dict[Node, _Piece] = {}

    def write(self, root: Node) -> str:
        for node in self._shown(root):
            self.pieces[node] = self._piece(node)
        return self.pieces[root].text

    def _shown(self, root: Node) -> list[Node]:
        """The nodes to write, each after its parts; an ellipsis for each node that is too deep or too large is put in ``pieces``."""
        shown = self._parts_first(root)
        if len(shown) > DEPTH:
            shown = self._not_too_deep(root, shown)
        if not self.pieces and sum([len(self.parts[node]) for node in shown]) <= FEW:
            return shown
        sizes: dict[Node, int] = {}
        for node in shown:
            size = 1
            if node not in self.pieces:
                for part in self.parts[node]:
                    size += sizes[part]
            sizes[node] = size
            if size > SIZE:
                self.pieces[node] = self._elided()
        return [node for node in shown if node not in self.pieces]

    def _not_too_deep(self, root: Node, ordered: list[Node]) -> list[Node]:
        depths = {root: 0}
        for node in reversed(ordered):  # wholes before parts, so that a node's depth is final when the loop reaches it
            depth = depths.get(node)
            if depth is None:
                continue
            if depth > DEPTH:
                self.pieces[node] = self._elided()
                continue
            for part in self.parts[node]:
                depths[part] = max(depth + 1, depths.get(part, 0))
        return [node for node in ordered if node in depths]

    def _elided(self) -> _Piece:
        return _Piece(self.notation.elided, Level.ATOM)

    def _parts_first(self, root: Node) -> list[Node]:
        ordered: list[Node] = []
        stack: list[tuple[Node, bool]] = [(root, False)]
        while stack:
            node, entered = stack.pop()
            if entered:
                ordered.append(node)
            elif node not in self.parts:
                parts = self.parts[node] = self._parts(node)
                stack.append((node, True))
                stack.extend((part, False) for part in reversed(parts))
        return ordered

    def _parts(self, node: Node) -> tuple[Node, ...]:
        kind = type(node)
        if kind is Symbol or node in self.names:
            return ()
        if kind is Sum:
            return tuple([_magnitude(term) if self._is_negative(term) else term for term in node.args])
        if kind is Int or kind is Product:
            if self._is_negative(node):
                return (_magnitude(node),)
            return node.children
        form = self.notation.forms.get(kind)
        if form is None:
            raise TermError(f"this notation has no form for {kind.__name__}")
        return form.parts(node)

    def _is_negative(self, node: Node) -> bool:
        """Returns whether a minus sign is written first, as in -5 and -x·y."""
        kind, first = type(node), node
        if kind is Product and node.args:
            first = node.args[0]
            kind = type(first)
        return kind is Int and first.args[0] < 0 and node not in self.names

    def _piece(self, node: Node) -> _Piece:
        kind, notation = type(node), self.notation
        parts = self.parts[node]
        if node in self.names:
            name = self.names[node]  # type: ignore[index]
            return _Piece(notation.name(name), Level.ATOM, name[:1].isdigit())
        if kind is Symbol:
            return _Piece(notation.symbol(node.args[0]), Level.ATOM)
        if (kind is Int or kind is Product) and self._is_negative(node):
            return _Piece(notation.negative + self._in(parts[0], Level.PRODUCT), Level.SUM)
        if kind is Int:
            return _Piece(notation.numeral(node.args[0]), Level.ATOM, numeral=True)
        # a sum of one term is written like that term
        if kind in (Sum, Product, And, Or) and len(parts) == 1 and parts == node.args:
            return self.pieces[parts[0]]
        if kind is Sum:
            return self._sum(node)
        if kind is Product:
            return self._product(node)
        form = notation.forms[kind]
        needs = form.needs + form.needs[-1:] * (len(parts) - len(form.needs))
        texts = [self._in(part, need) for part, need in zip(parts, needs, strict=False)]
        starts_with_digit = kind is Power and self.pieces[parts[0]] == (texts[0], Level.ATOM, True)
        return _Piece(form.write(node, texts), form.level if parts else Level.ATOM, starts_with_digit)

    def _in(self, part: Node, need: Level) -> str:
        piece = self.pieces[part]
        return piece.text if piece.level >= need else self.notation.group(piece.text)

    def _sum(self, node: Node) -> _Piece:
        if not node.args:
            return _Piece(self.notation.numeral(0), Level.ATOM, numeral=True)
        text = ""
        for index, (term, part) in enumerate(zip(node.args, self.parts[node], strict=True)):
            minus = part is not term  # it is the magnitude of a negative term
            if index == 0:  # a leading sum needs no parentheses; after a leading minus a quotient does: -(a//b)
                bare = type(part) is Sum and not minus
                need = Level.SUM if bare else Level.PRODUCT if minus else Level.QUOTIENT
                text = (self.notation.negative if minus else "") + self._in(part, need)
            else:
                text += (self.notation.minus if minus else self.notation.plus) + self._in(part, Level.QUOTIENT)
        return _Piece(text, Level.SUM)

    def _product(self, node: Node) -> _Piece:
        if not node.args:
            return _Piece(self.notation.numeral(1), Level.ATOM, numeral=True)
        first, *others = node.args
        leading = self.pieces[first]
        texts = [self._in(first, Level.PRODUCT if type(first) is Product else Level.POWER)]
        texts += [self._in(factor, Level.POWER) for factor in others]
        between = self.notation.dot if self._needs_dots(node.args) else self.notation.beside
        number = first.constant
        # a product that begins with a negative number is written like a negative number
        if number is not None and number < 0:
            magnitude = self.notation.numeral(-number)
            if leading.text == self.notation.negative + magnitude:
                texts = texts[1:] if number == -1 else [magnitude, *texts[1:]]
                return _Piece(self.notation.negative + between.join(texts), Level.SUM)
        return _Piece(between.join(texts), Level.PRODUCT, leading.numeral and leading.text == texts[0])

    def _needs_dots(self, factors: tuple[Term, ...]) -> bool:
        """Returns whether factors need a dot between them, as 5·5·D, F·F and units·K do; one such pair puts dots everywhere."""
        for left, right in pairwise(factors):
            piece = self.pieces[right]
            if left is right or (piece.numeral and piece.level >= Level.POWER):
                return True
        return any(type(factor) is Symbol and factor not in self.names and is_word(factor.name) for factor in factors)


def _magnitude(node: Node) -> Term:
    """The node without its leading minus sign."""
    if isinstance(node, Int):
        return integer(-node.value)
    first, *others = node.args
    if first.value != -1:
        return Product(integer(-first.value), *others)
    return others[0] if len(others) == 1 else Product(*others)
