"""Hypothesis strategies for terms, propositions, integer sets and environments, shared by all tests."""

from __future__ import annotations

from hypothesis import strategies as st

from symnet.terms.integer_sets import IntegerSet
from symnet.terms.parse import default_symbol
from symnet.terms.propositions import And, Congruent, Divides, Eq, Iff, In, Le, Lt, Or, Proposition
from symnet.terms.term import (
    CeilDiv,
    Entries,
    FloorDiv,
    Max,
    Min,
    Mod,
    Power,
    Product,
    Sum,
    Symbol,
    Term,
    Windows,
    integer,
)

__all__ = ["SYMBOLS", "counts", "environments", "integer_sets", "integers", "propositions", "symbols", "terms"]

#: The symbols that drawn terms speak of; a bare name parses back to the same symbol.
SYMBOLS: tuple[Symbol, ...] = tuple(map(default_symbol, ("W", "F", "S", "P", "K1", "D_2", "output_padding", "units")))


def symbols() -> st.SearchStrategy[Symbol]:
    """One of ``SYMBOLS``."""
    return st.sampled_from(SYMBOLS)


def integers(limit: int = 12) -> st.SearchStrategy[Term]:
    """Small numerals of both signs."""
    return st.integers(-limit, limit).map(integer)


def environments() -> st.SearchStrategy[dict[Term, int]]:
    """Integers for all of ``SYMBOLS``, within their signs."""
    return st.fixed_dictionaries({symbol: st.integers(symbol.least or 0, 40) for symbol in SYMBOLS})


def _wholes(parts: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    several = st.lists(parts, max_size=4)
    # positive by their shape, so that no environment divides by zero
    divisors = st.integers(1, 9).map(integer) | symbols().filter(lambda symbol: symbol.least == 1)
    return st.one_of(
        several.map(lambda args: Sum(*args)),
        several.map(lambda args: Product(*args)),
        parts.map(lambda part: -part),
        st.tuples(parts, parts).map(lambda pair: pair[0] - pair[1]),
        st.builds(Power, parts, st.integers(0, 3)),
        st.builds(FloorDiv, parts, divisors),
        st.builds(CeilDiv, parts, divisors),
        st.builds(Mod, parts, divisors),
        st.lists(parts, min_size=1, max_size=3).map(lambda args: Min(*args)),
        st.lists(parts, min_size=1, max_size=3).map(lambda args: Max(*args)),
    )


def terms(*, max_leaves: int = 12) -> st.SearchStrategy[Term]:
    """Terms of every kind but counts, empty sums and products among them."""
    return st.recursive(symbols() | integers(), _wholes, max_leaves=max_leaves)


def counts() -> st.SearchStrategy[Term]:
    """Window and entry counts over small terms."""
    part = terms(max_leaves=3)
    return st.builds(Windows, part, part, integers() | symbols(), part) | st.lists(part, max_size=3).map(
        lambda shape: Entries(*shape)
    )


def integer_sets() -> st.SearchStrategy[IntegerSet]:
    """Finite sets, intervals, half-lines and residue classes."""
    end = st.none() | st.integers(-60, 60)
    return st.one_of(
        st.lists(st.integers(-60, 60), max_size=12).map(lambda members: IntegerSet.of(*members)),
        st.builds(IntegerSet.interval, end, end),
        st.builds(IntegerSet.residue_class, st.integers(-30, 30), st.integers(1, 20), end, end),
    )


def propositions(*, max_leaves: int = 6) -> st.SearchStrategy[Proposition]:
    """Propositions over terms without counts."""
    part = terms(max_leaves=4)
    atoms = st.one_of(
        *(st.builds(kind, part, part) for kind in (Eq, Le, Lt, Divides)),
        st.builds(Congruent, part, part, part),
        st.builds(In, part, integer_sets()),
    )

    def wholes(parts: st.SearchStrategy[Proposition]) -> st.SearchStrategy[Proposition]:
        several = st.lists(parts, max_size=3)
        return st.one_of(
            several.map(lambda args: And(*args)), several.map(lambda args: Or(*args)), st.builds(Iff, parts, parts)
        )

    return st.recursive(atoms, wholes, max_leaves=max_leaves)
