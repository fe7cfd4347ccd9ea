"""Index sets counted, as theorems and as polynomials: weights and multiply-adds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import count

from symnet.kernel.rules import (
    add_equations,
    assume,
    chain,
    cut,
    entry_count,
    flip,
    instantiate,
    linear,
    polynomial_identity,
    replace,
    value,
)
from symnet.kernel.theorem import Theorem
from symnet.terms.node import Node
from symnet.terms.polynomial import Polynomial, from_polynomial, multiply, normal_form
from symnet.terms.propositions import Eq, Le
from symnet.terms.term import Symbol, Term, integer, substitute, symbols_of
from symnet.terms.walks import outermost

__all__ = ["HOLE", "collected", "count_set", "fresh", "rewritten", "right", "total", "total_of_sets", "worked_out"]

#: Where something stands in a term that is replaced.
HOLE = Symbol("x", None)

#: Sizes by their values: what a size is by definition, and what proves that it is this value; without a proof it stands
#: for itself (the closed form of a long symbolic stack is too large to multiply out).
SizeFacts = Mapping[Term, tuple[Term, Theorem | None]]

#: An array with more sizes that may be negative is refused.
UNSURE = 8

_NOTHING: SizeFacts = {}


def right(theorem: Theorem) -> Term:
    """The right side of an equality."""
    return theorem.conclusion.args[1]  # type: ignore[no-any-return]


def rewritten(theorem: Theorem, term: Term) -> Theorem:
    """The same left side with ``term`` on the right, which must be the same polynomial."""
    return theorem if right(theorem) is term else chain(theorem, polynomial_identity(right(theorem), term))


def collected(sets: Iterable[tuple[Term, ...]]) -> Term:
    """How many entries the sets have together, as one polynomial: a dict of sparse monomials, written once at the end."""
    totals: Polynomial = {}
    for shape in sets:
        numbers, letters = 1, []
        for size in shape:
            if size.constant is None:
                letters.append(size)
            else:
                numbers *= size.constant
        part: Polynomial = {(): numbers} if numbers else {}
        if len(letters) == 1 and type(letters[0]) is Symbol and numbers:
            part = {((letters[0], 1),): numbers}  # as most biases are
        else:
            for letter in letters:
                part = multiply(part, normal_form(letter))
        for monomial, coefficient in part.items():
            totals[monomial] = totals.get(monomial, 0) + coefficient
    return from_polynomial({monomial: coefficient for monomial, coefficient in totals.items() if coefficient})


def count_set(shape: tuple[Term, ...], facts: SizeFacts, within: SizeFacts = _NOTHING) -> Theorem:
    """⊢ Entries(shape) = product, where sizes that are counts themselves are replaced by their proven values.

    A size that is made of such sizes, as a flattened one, is a count of entries because they are: ``within`` has them.
    """
    known: dict[Term, tuple[Term, Theorem | None]] = {}
    for size in shape:
        if size.constant is None and size in facts:
            known[size] = facts[size]
        elif size.least is None or size.least < 0:
            parts = outermost([size], within.__contains__)
            known |= {part: within[part] for part in parts if isinstance(part, Term)}
    meaning = {size: defined for size, (defined, _) in known.items()}
    theorem = _entries(tuple(substitute(size, meaning) if meaning else size for size in shape))
    for defined, fact in known.values():
        if fact is not None:
            left, formula = theorem.conclusion.args
            theorem = replace(flip(fact), theorem, Eq(left, substitute(formula, {defined: HOLE})), HOLE)
    return theorem


def fresh(least: int, number: int, *nodes: Node) -> list[Symbol]:
    """So many symbols that stand in none of the nodes, for what is put in their places later."""
    symbols: list[Symbol] = []
    taken: set[str] | None = None
    mask = 0
    for node in nodes:
        mask |= node.mask
    for name in map("n_{}".format, count()):
        if len(symbols) == number:
            break
        symbol = Symbol(name, least)
        if symbol.mask & mask:  # perhaps it is below them
            taken = {each.name for each in symbols_of(*nodes)} if taken is None else taken
        if taken is None or name not in taken:
            symbols.append(symbol)
    return symbols


def _entries(shape: tuple[Term, ...]) -> Theorem:
    """⊢ Entries(shape) = product, under the hypotheses that those sizes are at least 1 of which signs do not show that they are
    not negative, as C − W."""
    unsure = [size for size in dict.fromkeys(shape) if size.least is None or size.least < 0]
    places: dict[Term, Symbol] = dict(zip(unsure, fresh(0, len(unsure), *shape), strict=True))
    if len(unsure) > UNSURE or any(size.constant is not None for size in unsure):
        return entry_count(shape)
    theorem = entry_count(tuple(places.get(size, size) for size in shape))
    if not unsure:
        return theorem
    theorem = instantiate(theorem, tuple(places.values()), tuple(places))
    for size in unsure:
        positive = assume(Le(integer(1), size))
        theorem = cut(linear(Le(integer(0), size), (positive,), (integer(1),)), theorem)
    return theorem


def total_of_sets(
    sets: tuple[tuple[Term, ...], ...],
    facts: SizeFacts,
    written: Term | None = None,
    within: SizeFacts = _NOTHING,
) -> tuple[Theorem, ...]:
    """Count some sets together: one theorem a set, then their sum as a person writes it, then the value."""
    if not sets:
        return ()
    counts = tuple(count_set(shape, facts, within) for shape in sets)
    together = counts[0] if len(counts) == 1 else add_equations(counts)
    if written is not None:
        together = rewritten(together, written)
    return (*counts, together, worked_out(together))


def worked_out(theorem: Theorem) -> Theorem:
    """The right side as a number, or as one polynomial."""
    term = right(theorem)
    if term.constant is not None:
        return theorem if term is integer(term.constant) else chain(theorem, value(term))
    return rewritten(theorem, from_polynomial(normal_form(term)))


def total(theorems: tuple[Theorem, ...]) -> Theorem:
    """The sum of all layers' counts, as a number or one polynomial."""
    if not theorems:
        return polynomial_identity(integer(0), integer(0))
    return worked_out(add_equations(theorems))
