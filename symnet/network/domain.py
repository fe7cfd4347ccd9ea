"""The inputs for which a network is defined: the hypotheses of its theorems, as a set of sizes for each symbol."""

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
    """The assumptions of a network. ``sets`` has the allowed sizes of every symbol that is the only one of some
    hypothesis; ``open`` are the other hypotheses: about several symbols, or undecided.
    """

    hypotheses: tuple[Proposition, ...]
    sets: Mapping[Symbol, IntegerSet]
    open: tuple[Proposition, ...]
    #: lower bounds of letters that a reader would not expect, which are always reported
    promises: tuple[Proposition, ...] = ()

    def of(self, symbol: Symbol) -> IntegerSet:
        """The allowed sizes of a symbol, as far as they are known."""
        return self.sets.get(symbol, all_sizes(symbol))

    @property
    def propositions(self) -> tuple[Proposition, ...]:
        """The assumptions as few propositions: one for each symbol, then the open ones."""
        promised = set(symbols_of(*self.promises))
        stated = (
            _membership(symbol, sizes)
            for symbol, sizes in self.sets.items()
            if symbol in promised or sizes != all_sizes(symbol)
        )
        return (*stated, *self.open)


def all_sizes(symbol: Symbol) -> IntegerSet:
    """The sizes that a symbol may have without hypotheses."""
    return IntegerSet.interval(None if symbol.least is None else min(symbol.least, 1), None)


def domain(
    hypotheses: Iterable[Proposition],
    renamed: Mapping[Term, Term] | None = None,
    promises: Iterable[Proposition] = (),
) -> Domain:
    """The inputs for which all hypotheses hold. ``renamed`` has terms to substitute for symbols; ``promises`` are always reported.

    >>> W = Symbol("W")
    >>> domain([Le(integer(9), W), In(W, IntegerSet.residue_class(0, 2, 4))]).propositions
    (<In W in {… ≡ 0 (mod 2), ≥ 10}>,)
    """
    named = tuple(dict.fromkeys(substitute(hypothesis, dict(renamed or {})) for hypothesis in hypotheses))
    of_one_symbol: dict[Symbol, list[Proposition]] = {}
    left: list[Proposition] = []
    for hypothesis in named:
        symbols = symbols_of(hypothesis)
        if len(symbols) == 1:
            of_one_symbol.setdefault(symbols[0], []).append(hypothesis)
        else:
            left.append(hypothesis)
    sets: dict[Symbol, IntegerSet] = {}
    for symbol, conditions in of_one_symbol.items():
        sizes = members(And(*conditions))
        if sizes is None:
            left += conditions
        else:
            sets[symbol] = sizes
    lower_bounds = tuple(substitute(promise, dict(renamed or {})) for promise in promises)
    return Domain(named, sets, tuple(left), lower_bounds)


def _membership(symbol: Symbol, sizes: IntegerSet) -> Proposition:
    match sizes.parts:
        case (Progression(_, 1, int(first), None),):
            return Le(integer(first), symbol)
    return In(symbol, sizes)


def outside(symbol: Symbol, one: IntegerSet, other: IntegerSet) -> IntegerSet | None:
    """The members of ``one`` that are not in ``other``; ``None`` if that cannot be decided.

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
