"""Counting index sets (weights, multiply-adds), as theorems and as polynomials."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import count
from operator import attrgetter

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
from symnet.terms.term import Product, Sum, Symbol, Term, integer, substitute, symbols_of
from symnet.terms.walks import outermost

__all__ = [
    "HOLE",
    "collected",
    "count_set",
    "entries_together",
    "fresh",
    "rewritten",
    "right",
    "total",
    "total_of_sets",
    "worked_out",
]

#: The symbol that marks the position of a replacement in a term.
HOLE = Symbol("x", None)

ONE = integer(1)

#: For a size: its definition, and the theorem definition = size; ``None`` instead of a theorem if the size stands for
#: itself (the closed form of a long symbolic stack is too large to multiply out).
SizeFacts = Mapping[Term, tuple[Term, Theorem | None]]

#: The largest number of possibly negative sizes of one array; more are left to the kernel's rule, which refuses them.
UNSURE = 8


def right(theorem: Theorem) -> Term:
    """The right side of an equality."""
    return theorem.conclusion.args[1]  # type: ignore[no-any-return]


def rewritten(theorem: Theorem, term: Term) -> Theorem:
    """Rewrites the right side of an equality as ``term``, which must be the same polynomial."""
    left, before = theorem.conclusion.args
    return theorem if before is term else linear(Eq(left, term), (theorem,), (ONE,))


def collected(sets: Iterable[tuple[Term, ...]]) -> Term:
    """The number of entries of all sets together, as one polynomial."""
    return from_polynomial(entries_together(sets))


def entries_together(sets: Iterable[tuple[Term, ...]]) -> Polynomial:
    """The number of entries of all sets together, as a dict of sparse monomials."""
    totals: Polynomial = {}
    for shape in sets:
        factor, letters = 1, []
        for size in shape:
            if size.constant is None:
                letters.append(size)
            else:
                factor *= size.constant
        if not factor:
            continue
        if all(type(letter) is Symbol for letter in letters) and len(set(letters)) == len(letters):  # the frequent case
            letters.sort(key=_serial)
            monomial = tuple([(letter, 1) for letter in letters])
            totals[monomial] = totals.get(monomial, 0) + factor
            continue
        part: Polynomial = {(): factor}
        for letter in letters:
            part = multiply(part, normal_form(letter))
        for monomial, coefficient in part.items():
            totals[monomial] = totals.get(monomial, 0) + coefficient
    return {monomial: coefficient for monomial, coefficient in totals.items() if coefficient}


_serial = attrgetter("serial")


def count_set(shape: tuple[Term, ...], facts: SizeFacts, within: Callable[[], SizeFacts] = dict) -> Theorem:
    """⊢ Entries(shape) = product, where sizes with a definition in ``facts`` are replaced by their proven values.
    ``within`` gives the definitions of sizes that occur within another size (a flattened C·H·W).
    """
    values: dict[Term, tuple[Term, Theorem | None]] = {}
    for size in shape:
        if size.constant is None and size in facts:
            values[size] = facts[size]
        elif size.least is None or size.least < 0:
            everywhere = within()
            parts = outermost([size], everywhere.__contains__)
            values |= {part: everywhere[part] for part in parts if isinstance(part, Term)}
    definitions = {size: defined for size, (defined, _) in values.items()}
    theorem = _entries(tuple(substitute(size, definitions) if definitions else size for size in shape))
    equations = tuple([fact for _, fact in values.values() if fact is not None])
    return _with_values(theorem, equations) if equations else theorem


def _with_values(theorem: Theorem, equations: tuple[Theorem, ...]) -> Theorem:
    """⊢ a = p(v₁, …, vₙ) from ⊢ a = p(s₁, …, sₙ) and ⊢ sᵢ = vᵢ, for a product p of sizes.

    One size after the other is replaced: sᵏ·r − vᵏ·r is (s − v)·r times the sum of sⁱ·vʲ with i + j = k − 1. A size inside
    another factor is replaced by equals for equals.
    """
    left, formula = theorem.conclusion.args
    proofs: list[Theorem] = [theorem]
    multipliers: list[Term] = [ONE]
    for equation in equations:
        size, number = equation.conclusion.args
        factors = formula.args if type(formula) is Product else (formula,)
        others = [factor for factor in factors if factor is not size]
        times = len(factors) - len(others)
        replaced = substitute(formula, {size: number})
        if replaced is not _product([number if factor is size else factor for factor in factors]):
            return _with_equals(theorem, equations)  # the size occurs inside a factor
        if times:
            powers = [_product([*[size] * one, *[number] * (times - 1 - one), *others]) for one in range(times)]
            proofs.append(equation)
            multipliers.append(powers[0] if times == 1 else Sum(*powers))
            formula = replaced
    return linear(Eq(left, formula), tuple(proofs), tuple(multipliers))


def _product(factors: list[Term]) -> Term:
    return factors[0] if len(factors) == 1 else Product(*factors)


def _with_equals(theorem: Theorem, equations: tuple[Theorem, ...]) -> Theorem:
    """The theorem with the right side of each equation for its left side, also inside of other terms."""
    for equation in equations:
        left, formula = theorem.conclusion.args
        hole = substitute(formula, {equation.conclusion.args[0]: HOLE})
        theorem = replace(flip(equation), theorem, Eq(left, hole), HOLE)
    return theorem


def fresh(least: int, number: int, *nodes: Node) -> list[Symbol]:
    """``number`` symbols with this lower bound that occur in none of the nodes."""
    symbols: list[Symbol] = []
    taken: set[str] | None = None
    mask = 0
    for node in nodes:
        mask |= node.mask
    for name in map("n_{}".format, count()):
        if len(symbols) == number:
            break
        symbol = Symbol(name, least)
        if symbol.mask & mask:  # the bit mask says that the symbol may occur in them
            taken = {each.name for each in symbols_of(*nodes)} if taken is None else taken
        if taken is None or name not in taken:
            symbols.append(symbol)
    return symbols


def _entries(shape: tuple[Term, ...]) -> Theorem:
    """⊢ Entries(shape) = product. A size that may be negative (C − W) adds the hypothesis that it is at least 1."""
    maybe_negative = [size for size in dict.fromkeys(shape) if size.least is None or size.least < 0]
    stand_ins: dict[Term, Symbol] = dict(zip(maybe_negative, fresh(0, len(maybe_negative), *shape), strict=True))
    if len(maybe_negative) > UNSURE or any(size.constant is not None for size in maybe_negative):
        return entry_count(shape)
    theorem = entry_count(tuple(stand_ins.get(size, size) for size in shape))
    if not maybe_negative:
        return theorem
    theorem = instantiate(theorem, tuple(stand_ins.values()), tuple(stand_ins))
    for size in maybe_negative:
        positive = assume(Le(integer(1), size))
        theorem = cut(linear(Le(integer(0), size), (positive,), (integer(1),)), theorem)
    return theorem


def total_of_sets(
    sets: tuple[tuple[Term, ...], ...],
    facts: SizeFacts,
    textbook: Term | None = None,
    within: Callable[[], SizeFacts] = dict,
) -> tuple[Theorem, ...]:
    """Counts several sets together. Returns one theorem per set, then their sum (in the form ``textbook`` if given),
    then its value as a number or one polynomial; nothing without sets.
    """
    if not sets:
        return ()
    counts = tuple(count_set(shape, facts, within) for shape in sets)
    sum_of_counts = counts[0] if len(counts) == 1 else add_equations(counts)
    if textbook is not None:
        sum_of_counts = rewritten(sum_of_counts, textbook)
    return (*counts, sum_of_counts, worked_out(sum_of_counts))


def worked_out(theorem: Theorem) -> Theorem:
    """Rewrites the right side of an equality as a number, or as one polynomial."""
    term = right(theorem)
    if term.constant is not None:
        return theorem if term is integer(term.constant) else chain(theorem, value(term))
    return rewritten(theorem, from_polynomial(normal_form(term)))


def total(theorems: tuple[Theorem, ...]) -> Theorem:
    """⊢ the sum of the counts = a number or one polynomial; ⊢ 0 = 0 without counts."""
    if not theorems:
        return polynomial_identity(integer(0), integer(0))
    return worked_out(add_equations(theorems))
