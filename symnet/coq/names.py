"""Which symbols belong to the whole file, which terms get a definition, and what all of them are called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from symnet.printing.coq import Identifiers, coq_text, numeral
from symnet.terms.node import Node, children_first
from symnet.terms.term import Count, Product, Sum, Symbol, Term

__all__ = ["Naming", "Variable"]

#: A term with more nodes than this gets a definition, so that no statement grows with the depth of a network.
SIZE = 30

#: A sum or product with more parts than this is defined through the one that lacks its last part.
PARTS = 12

#: More symbols than this become members of families, so that a lemma has a few arguments, not hundreds.
MANY = 12

_NONE: frozenset[Symbol] = frozenset()


class Variable(NamedTuple):
    """A variable of the file with its promise: an integer, or a family of integers that all promise the same."""

    name: str
    kind: str
    promise: str | None
    witness: str
    kept: str  # the witness keeps the promise

    @property
    def sign(self) -> str:
        """The name of the hypothesis that states the promise."""
        return f"{self.name}_least"


def _single(name: str, least: int | None) -> Variable:
    low = numeral(least or 0)
    return Variable(name, "Z", None if least is None else f"{low} <= {name}", low, f"(Z.le_refl {low})")


def _family(name: str, least: int | None) -> Variable:
    low = numeral(least or 0)
    promise = None if least is None else f"forall i, {low} <= {name} i"
    return Variable(name, "Z -> Z", promise, f"(fun _ => {low})", f"(fun _ => Z.le_refl {low})")


class Naming:
    """Names in the Section (``inside``) and after it, where its variables have become arguments (``outside``)."""

    def __init__(self, roots: Sequence[Node], changed: Iterable[Symbol], names: Mapping[Term, str]) -> None:
        self._fresh = Identifiers()
        self._changed = frozenset(changed)
        self._own: dict[Node, frozenset[Symbol]] = {}
        self._mask: dict[Node, int] = {}
        self.places: dict[Symbol, int] = {}
        self.inside: dict[Term, str] = {}
        self.outside: dict[Term, str] = {}
        self._pending: dict[Node, Term] = {}
        self._asked = names
        self._longer: dict[tuple[type[Node], tuple[Node, ...]], Node] = {}
        self.variables: list[Variable] = []
        self.members: list[str] = []
        order = children_first(*roots)
        for symbol in order:
            if isinstance(symbol, Symbol):
                self.inside[symbol] = self.outside[symbol] = self._fresh(symbol.name)
        self._declare([symbol for symbol in order if isinstance(symbol, Symbol) and symbol not in self._changed])
        sizes: dict[Node, int] = {}
        counts: set[Node] = set()
        for node in order:
            self._measure(node, sizes, counts)
        self._defined: set[Node] = set()

    def _declare(self, symbols: list[Symbol]) -> None:
        """The variables of the file: the symbols that no step replaces, or families of them."""
        if len(symbols) <= MANY:
            for symbol in symbols:
                self.places[symbol] = len(self.variables)
                self.variables.append(_single(self.inside[symbol], symbol.least))
            return
        families: dict[int | None, tuple[int, list[Symbol]]] = {}
        for symbol in symbols:
            if symbol.least not in families:
                families[symbol.least] = len(self.variables), []
                self.variables.append(_family(f"family_{len(families)}", symbol.least))
            place, members = families[symbol.least]
            members.append(symbol)
            self.places[symbol] = place
            name, family = self.inside[symbol], self.variables[place]
            self.outside[symbol] = f"({family.name} {len(members)})"
            self.members.append(f"Definition {name} : Z := {family.name} {len(members)}.")
            if family.promise is not None:
                promise = f"Definition {self.sign(symbol)} : {self.promise(symbol)} := {family.sign} {len(members)}."
                self.members.append(promise)

    def _measure(self, node: Node, sizes: dict[Node, int], counts: set[Node]) -> None:
        read = self._read(node)
        size = 1 + sum(sizes[child] for child in read.children)
        nested = any(child in counts for child in read.children)
        if nested or isinstance(node, Count):
            counts.add(node)
        if isinstance(node, Symbol):
            changed = node in self._changed
            self._own[node] = frozenset((node,)) if changed else _NONE
            self._mask[node] = 0 if changed else 1 << self.places[node]
        else:
            owns = [self._own[child] for child in read.children]
            self._own[node] = _NONE.union(*owns) if any(owns) else _NONE
            mask = 0
            for child in read.children:
                mask |= self._mask[child]
            self._mask[node] = mask
        if isinstance(node, Term) and node.children:
            if isinstance(node, Sum | Product):
                self._longer[type(node), node.args] = node
            counted = isinstance(node, Count) and (nested or not self._own[node])
            if counted or size > SIZE or len(node.children) > PARTS or node in self._asked:
                self._name(node, read)
                size = 1
        sizes[node] = size

    def _read(self, node: Node) -> Node:
        """A long sum reads as a named, shorter sum and one more part: the same text, and linear in all."""
        if isinstance(node, Sum | Product) and len(node.args) > PARTS:
            shorter = self._longer.get((type(node), node.args[:-1]))
            if shorter is not None:
                return type(node)(shorter, node.args[-1])
        return node

    def _name(self, node: Term, read: Node) -> None:
        asked = self._asked.get(node, "x_1" if isinstance(node, Count) else "c_1")
        wanted = re.sub(r"_\{(\w+)\}$", r"_\1", asked)
        if node not in self._asked:
            wanted = f"{wanted[0]}_{len(self._pending) + 1}"
        name = self._fresh(wanted)
        own = [self.inside[symbol] for symbol in self._parameters(node)]
        self.inside[node] = " ".join([name, *own])
        self.outside[node] = " ".join([name, *(shared.name for shared in self.used(self._mask[node])), *own])
        self._pending[node] = read  # type: ignore[assignment]

    def _parameters(self, node: Node) -> list[Symbol]:
        return sorted(self._own[node], key=lambda symbol: symbol.serial)

    def named(self, node: Node) -> bool:
        """Whether ``node`` has a definition."""
        return node in self._pending

    def read(self, node: Term) -> Term:
        """``node`` as its definition writes it."""
        return self._pending.get(node, node)

    def own(self, node: Node) -> frozenset[Symbol]:
        """The symbols of ``node`` that some step replaces: they are arguments of every step."""
        if node not in self._own:
            self._learn(node)
        return self._own[node]

    def mask(self, node: Node) -> int:
        """The variables of the Section in ``node``, as bits."""
        if node not in self._mask:
            self._learn(node)
        return self._mask[node]

    def _learn(self, node: Node) -> None:
        symbols = [inner for inner in children_first(node) if isinstance(inner, Symbol)]
        self._own[node] = frozenset(symbols) & self._changed
        mask = 0
        for symbol in symbols:
            mask |= 1 << self.places[symbol] if symbol in self.places else 0
        self._mask[node] = mask

    def used(self, mask: int) -> list[Variable]:
        """The Section's variables in ``mask``, in the order of their declaration."""
        return [variable for place, variable in enumerate(self.variables) if mask >> place & 1]

    def sign(self, symbol: Symbol) -> str:
        """The name of the promise that ``symbol`` makes."""
        return f"{self.inside[symbol]}_least"

    def promise(self, symbol: Symbol) -> str:
        """What the symbol promises: ``1 <= W``."""
        return f"{numeral(symbol.least or 0)} <= {self.inside[symbol]}"

    def define(self, *nodes: Node) -> list[str]:
        """The definitions that ``nodes`` need and that were not written before."""
        lines: list[str] = []
        stack: list[tuple[Node, bool]] = [(node, False) for node in reversed(nodes)]
        while stack:
            node, entered = stack.pop()
            if entered:
                if node in self._pending:
                    lines.append(self._definition(self._pending[node], node))  # type: ignore[arg-type]
            elif node not in self._defined:
                self._defined.add(node)
                read = self._pending.get(node, node)
                stack.append((node, True))
                stack.extend((child, False) for child in reversed(read.children))
        return lines

    def _definition(self, read: Term, node: Term) -> str:
        name, *own = self.inside[node].split()
        parameters = "".join(f" ({symbol} : Z)" for symbol in own)
        return f"Definition {name}{parameters} : Z := {coq_text(read, self.inside, read)}."
