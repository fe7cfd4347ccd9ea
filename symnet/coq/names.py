"""Decides which symbols are variables of the Coq file, which terms get a definition, and what all of them are called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from symnet.printing.coq import Identifiers, coq_text, numeral
from symnet.terms.node import Node, children_first
from symnet.terms.term import Count, Product, Sum, Symbol, Term

__all__ = ["Naming", "Variable"]

#: A term of more nodes gets a definition, so that no statement grows with the depth of a network.
SIZE = 30

#: A sum or product of more parts is defined as the one without its last part, and that part.
PARTS = 12

#: Above this number of symbols they become members of families of variables, so that a lemma has few arguments.
MANY = 12

_NONE: frozenset[Symbol] = frozenset()


class Variable(NamedTuple):
    """A variable of the file with its lower bound (``promise``): an integer, or a family of integers with the same bound.
    ``witness`` is a value for it, and ``bound_proof`` a proof that the value has the bound.
    """

    name: str
    kind: str
    promise: str | None
    witness: str
    bound_proof: str

    @property
    def sign(self) -> str:
        """The name of the hypothesis that states the lower bound."""
        return f"{self.name}_least"


def _single_variable(name: str, least: int | None) -> Variable:
    low = numeral(least or 0)
    return Variable(name, "Z", None if least is None else f"{low} <= {name}", low, f"(Z.le_refl {low})")


def _family_variable(name: str, least: int | None) -> Variable:
    low = numeral(least or 0)
    promise = None if least is None else f"forall i, {low} <= {name} i"
    return Variable(name, "Z -> Z", promise, f"(fun _ => {low})", f"(fun _ => Z.le_refl {low})")


class Naming:
    """The names of symbols and terms in the Section (``inside``), and after it, where its variables are arguments (``outside``).
    ``changed`` are the symbols that some step replaces; ``names`` are display names of terms.
    """

    def __init__(self, roots: Sequence[Node], changed: Iterable[Symbol], names: Mapping[Term, str]) -> None:
        self._fresh = Identifiers()
        self._changed = frozenset(changed)
        self._replaced_symbols: dict[Node, frozenset[Symbol]] = {}
        self._mask: dict[Node, int] = {}
        self.variable_of: dict[Symbol, int] = {}
        self.inside: dict[Term, str] = {}
        self.outside: dict[Term, str] = {}
        self._pending: dict[Node, Term] = {}
        self._display_names = names
        self._by_parts: dict[tuple[type[Node], tuple[Node, ...]], Node] = {}
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
        """Declares the variables of the file for the symbols that no step replaces, or families of them."""
        if len(symbols) <= MANY:
            for symbol in symbols:
                self.variable_of[symbol] = len(self.variables)
                self.variables.append(_single_variable(self.inside[symbol], symbol.least))
            return
        families: dict[int | None, tuple[int, list[Symbol]]] = {}
        for symbol in symbols:
            if symbol.least not in families:
                families[symbol.least] = len(self.variables), []
                self.variables.append(_family_variable(f"family_{len(families)}", symbol.least))
            index, members = families[symbol.least]
            members.append(symbol)
            self.variable_of[symbol] = index
            name, family = self.inside[symbol], self.variables[index]
            self.outside[symbol] = f"({family.name} {len(members)})"
            self.members.append(f"Definition {name} : Z := {family.name} {len(members)}.")
            if family.promise is not None:
                promise = f"Definition {self.sign(symbol)} : {self.promise(symbol)} := {family.sign} {len(members)}."
                self.members.append(promise)

    def _measure(self, node: Node, sizes: dict[Node, int], counts: set[Node]) -> None:
        shortened = self._shortened(node)
        size = 1 + sum(sizes[child] for child in shortened.children)
        nested = any(child in counts for child in shortened.children)
        if nested or isinstance(node, Count):
            counts.add(node)
        if isinstance(node, Symbol):
            changed = node in self._changed
            self._replaced_symbols[node] = frozenset((node,)) if changed else _NONE
            self._mask[node] = 0 if changed else 1 << self.variable_of[node]
        else:
            of_children = [self._replaced_symbols[child] for child in shortened.children]
            self._replaced_symbols[node] = _NONE.union(*of_children) if any(of_children) else _NONE
            mask = 0
            for child in shortened.children:
                mask |= self._mask[child]
            self._mask[node] = mask
        if isinstance(node, Term) and node.children:
            if isinstance(node, Sum | Product):
                self._by_parts[type(node), node.args] = node
            counted = isinstance(node, Count) and (nested or not self._replaced_symbols[node])
            if counted or size > SIZE or len(node.children) > PARTS or node in self._display_names:
                self._name(node, shortened)
                size = 1
        sizes[node] = size

    def _shortened(self, node: Node) -> Node:
        """Writes a long sum as a named shorter sum and one more part: the same text, in linear total length."""
        if isinstance(node, Sum | Product) and len(node.args) > PARTS:
            shorter = self._by_parts.get((type(node), node.args[:-1]))
            if shorter is not None:
                return type(node)(shorter, node.args[-1])
        return node

    def _name(self, node: Term, shortened: Node) -> None:
        display_name = self._display_names.get(node, "x_1" if isinstance(node, Count) else "c_1")
        preferred_name = re.sub(r"_\{(\w+)\}$", r"_\1", display_name)
        if node not in self._display_names:
            preferred_name = f"{preferred_name[0]}_{len(self._pending) + 1}"
        name = self._fresh(preferred_name)
        arguments = [self.inside[symbol] for symbol in self._parameters(node)]
        self.inside[node] = " ".join([name, *arguments])
        self.outside[node] = " ".join([name, *(shared.name for shared in self.used(self._mask[node])), *arguments])
        self._pending[node] = shortened  # type: ignore[assignment]

    def _parameters(self, node: Node) -> list[Symbol]:
        return sorted(self._replaced_symbols[node], key=lambda symbol: symbol.serial)

    def has_definition(self, node: Node) -> bool:
        """Returns whether ``node`` has a definition of its own."""
        return node in self._pending

    def written_term(self, node: Term) -> Term:
        """The term that the definition of ``node`` writes; ``node`` itself if it has none."""
        return self._pending.get(node, node)

    def replaced_symbols(self, node: Node) -> frozenset[Symbol]:
        """The symbols of ``node`` that some step replaces; they are arguments of every step."""
        if node not in self._replaced_symbols:
            self._visit(node)
        return self._replaced_symbols[node]

    def mask(self, node: Node) -> int:
        """The variables of the Section in ``node``, as a bit mask."""
        if node not in self._mask:
            self._visit(node)
        return self._mask[node]

    def _visit(self, node: Node) -> None:
        symbols = [inner for inner in children_first(node) if isinstance(inner, Symbol)]
        self._replaced_symbols[node] = frozenset(symbols) & self._changed
        mask = 0
        for symbol in symbols:
            mask |= 1 << self.variable_of[symbol] if symbol in self.variable_of else 0
        self._mask[node] = mask

    def used(self, mask: int) -> list[Variable]:
        """The Section's variables in ``mask``, in the order of declaration."""
        return [variable for index, variable in enumerate(self.variables) if mask >> index & 1]

    def sign(self, symbol: Symbol) -> str:
        """The name of the hypothesis, or proof, of the symbol's lower bound."""
        return f"{self.inside[symbol]}_least"

    def promise(self, symbol: Symbol) -> str:
        """The symbol's lower bound as Coq text: ``1 <= W``."""
        return f"{numeral(symbol.least or 0)} <= {self.inside[symbol]}"

    def define(self, *nodes: Node) -> list[str]:
        """The definitions that ``nodes`` need and that were not yet written."""
        lines: list[str] = []
        stack: list[tuple[Node, bool]] = [(node, False) for node in reversed(nodes)]
        while stack:
            node, entered = stack.pop()
            if entered:
                if node in self._pending:
                    lines.append(self._definition(self._pending[node], node))  # type: ignore[arg-type]
            elif node not in self._defined:
                self._defined.add(node)
                shortened = self._pending.get(node, node)
                stack.append((node, True))
                stack.extend((child, False) for child in reversed(shortened.children))
        return lines

    def _definition(self, shortened: Term, node: Term) -> str:
        name, *symbols = self.inside[node].split()
        parameters = "".join(f" ({symbol} : Z)" for symbol in symbols)
        return f"Definition {name}{parameters} : Z := {coq_text(shortened, self.inside, shortened)}."
