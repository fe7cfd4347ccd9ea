"""For which inputs a network is defined: what its theorems assume, symbol by symbol as a set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from symnet.network.joins import members
from symnet.terms.integer_sets import IntegerSet, Progression
from symnet.terms.propositions import And, In, Le, Lt, Or, Proposition
from symnet.terms.term import Mod, Symbol, Term, integer, substitute, symbols_of

__all__ = ["Domain", "all_sizes", "domain", "outside"]


@dataclass(frozen=True)
class Domain:
    """What is assumed. ``sets`` has, for every symbol of which something is asked by itself, the sizes that are left;
    ``open`` is the rest: what ties several symbols together, or is out of reach."""

    hypotheses: tuple[Proposition, ...]
    sets: Mapping[Symbol, IntegerSet]
    open: tuple[Proposition, ...]
    #: what letters promise that a reader would take to be smaller: it is said though no size of the letter is left out
    promises: tuple[Proposition, ...] = ()

    def of(self, symbol: Symbol) -> IntegerSet:
        """The sizes of a symbol that are left, as far as they are known."""
        return self.sets.get(symbol, all_sizes(symbol))

    @property
    def propositions(self) -> tuple[Proposition, ...]:
        """The same in few words: one proposition a symbol, then the rest."""
        promised = set(symbols_of(*self.promises))
        said = (
            _said(symbol, found)
            for symbol, found in self.sets.items()
            if symbol in promised or found != all_sizes(symbol)
        )
        return (*said, *self.open)


def all_sizes(symbol: Symbol) -> IntegerSet:
    """Every integer that a symbol may be of which nothing is asked."""
    return IntegerSet.interval(None if symbol.least is None else min(symbol.least, 1), None)


def domain(
    hypotheses: Iterable[Proposition],
    renamed: Mapping[Term, Term] | None = None,
    promises: Iterable[Proposition] = (),
) -> Domain:
    """The inputs for which all hypotheses hold, with symbols in the place of others; those that are ``promises`` are always
    said.

    >>> W = Symbol("W")
    >>> domain([Le(integer(9), W), In(W, IntegerSet.residue_class(0, 2, 4))]).propositions
    (<In W in {… ≡ 0 (mod 2), ≥ 10}>,)
    """
    named = tuple(substitute(hypothesis, dict(renamed or {})) for hypothesis in hypotheses)
    alone: dict[Symbol, list[Proposition]] = {}
    left: list[Proposition] = []
    for hypothesis in named:
        symbols = symbols_of(hypothesis)
        if len(symbols) == 1:
            alone.setdefault(symbols[0], []).append(hypothesis)
        else:
            left.append(hypothesis)
    sets: dict[Symbol, IntegerSet] = {}
    for symbol, asked in alone.items():
        found = members(And(*asked))
        if found is None:
            left += asked
        else:
            sets[symbol] = found
    told = tuple(substitute(promise, dict(renamed or {})) for promise in promises)
    return Domain(named, sets, tuple(left), told)


def _said(symbol: Symbol, found: IntegerSet) -> Proposition:
    match found.parts:
        case (Progression(_, 1, int(first), None),):
            return Le(integer(first), symbol)
    return In(symbol, found)


def outside(symbol: Symbol, one: IntegerSet, other: IntegerSet) -> IntegerSet | None:
    """The members of ``one`` that ``other`` has not; ``None`` where that is out of reach.

    >>> print(outside(Symbol("W"), IntegerSet.interval(1, None), IntegerSet.residue_class(0, 2, 4, None)))
    2..2 ∪ {… ≡ 1 (mod 2), ≥ 1}
    """
    return members(And(In(symbol, one), *(_not_in(symbol, part) for part in other.parts)))


def _not_in(symbol: Symbol, part: Progression) -> Proposition:
    ways: list[Proposition] = []
    if part.minimum is not None:
        ways.append(Lt(symbol, integer(part.minimum)))
    if part.maximum is not None:
        ways.append(Lt(integer(part.maximum), symbol))
    if part.modulus > 1:
        ways.append(Le(integer(1), Mod(symbol - part.residue, integer(part.modulus))))
    return Or(*ways)
