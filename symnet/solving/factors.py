"""Sizes whose product is a number: they are its factorizations, 25 = 1·25 = 5·5 = 25·1.

A flattened map with 16 channels has 400 units if its height and width multiply to 25, so each of them is a divisor of
25. Every factorization is a case of its own, in which each size is solved for separately: which heights give 5, which
widths give 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from symnet.errors import KernelError
from symnet.kernel.rules import (
    assume,
    both,
    conjuncts,
    cut,
    disjuncts,
    equivalence,
    flip,
    instantiate,
    interval_bound,
    modus_ponens,
    part,
    regroup,
)
from symnet.kernel.theorem import Theorem
from symnet.printing.text import unicode_text
from symnet.search.cases import cases
from symnet.solving.bounds import find_bounds
from symnet.solving.boxes import Boxes
from symnet.solving.floors import Stop, identity, linked, unfloored
from symnet.solving.isolate import bounds_on
from symnet.solving.redundant import all_conjuncts, implied
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.propositions import And, Eq, Le, Or, Proposition
from symnet.terms.term import Product, Symbol, Term, integer, substitute, symbols_of

__all__ = ["Factored", "factored", "factorizations", "follows"]

ONE = integer(1)
#: A number with more factorizations than this is refused.
WAYS = 5_000
#: At most so many factorizations are shown.
SHOWN = 8


@dataclass(frozen=True)
class Factored:
    """An equation of a product with a number, solved. ``pairs`` is ⊢ p ⇔ the factorizations, ``apart`` is ⊢ these ⇔
    alternatives in which each symbol has its own set (``boxes``); both are ``None`` if a condition contains two
    symbols. ``numbers`` lists the factorizations.
    """

    number: int
    coefficient: int
    numbers: tuple[tuple[int, ...], ...]
    pairs: Theorem
    apart: Theorem | None
    boxes: Boxes | None


def factored(proposition: Proposition) -> Factored | None:
    """The first condition of p that equates a product of sizes with a number, as factorizations; ``None`` if there is
    none. Raises :class:`Stop` or :class:`symnet.errors.KernelError` if they are out of reach.

    >>> H, W = Symbol("H"), Symbol("W")
    >>> found = factored(And(Le(integer(3), H), Le(integer(3), W), Eq((H - 2) * (W - 2), integer(3))))
    >>> found.apart.conclusion.args[1]
    <Or H in {3} and W in {5} or H in {5} and W in {3}>
    """
    parts = list(all_conjuncts(proposition))
    equation, factors = _product(parts)
    if equation is None:
        return None
    start = _without_implied(proposition, equation)
    others = [one for one in all_conjuncts(start.conclusion.args[1]) if one is not equation]
    conditions_of = {factor: _conditions_about(factor, others) for factor in factors}
    letters = tuple(Symbol(f"factor_{index}") for index in range(len(factors)))
    pattern = substitute(equation, dict(zip(factors, letters, strict=True)))
    pairs, numbers = _pairs(pattern, letters)
    instantiated = instantiate(pairs, letters, tuple(factors))
    for factor in factors:
        needed = Le(ONE, factor)
        if needed in instantiated.hypotheses:
            instantiated = cut(follows(needed, conditions_of[factor], others), instantiated)
    if instantiated.conclusion.args[0] is not equation:
        raise Stop("the product is not that of its factors")
    by_symbol = _conditions_by_symbol(conditions_of, others)
    groups_of = [And(*conditions) for conditions in conditions_of.values() if conditions]
    groups: list[Proposition] = [one for one in groups_of if by_symbol is not None or one in instantiated.hypotheses]
    groups += [one for one in others if not any(one in group.args for group in groups)]
    theorem = conjuncts((*map(identity, groups), instantiated))
    theorem = linked(start, regroup(start.conclusion.args[1], theorem.conclusion.args[0]), theorem)
    number, coefficient = equation.args[1].constant, prod(_numbers(equation.args[0]))
    after = theorem.conclusion.args[1]
    pairs_theorem = linked(theorem, regroup(after, And(*all_conjuncts(after))))
    if by_symbol is None:
        return Factored(number, coefficient, numbers, pairs_theorem, None, None)
    apart, boxes = _boxes_of_pairs(by_symbol, groups, instantiated.conclusion.args[1])
    return Factored(
        number,
        coefficient,
        numbers,
        pairs_theorem,
        linked(regroup(pairs_theorem.conclusion.args[1], after), apart),
        boxes,
    )


def _without_implied(proposition: Proposition, equation: Eq) -> Theorem:
    """⊢ p ⇔ p without comparisons that follow from the equation, such as that a size is at least 1."""
    parts = list(all_conjuncts(proposition))
    follows = {one: proof for one in parts if one is not equation and (proof := _follows(one, equation)) is not None}
    kept = [identity(one) for one in parts if one not in follows and one is not equation]
    shorter = conjuncts((identity(equation), *(equivalence(both(()), proof) for proof in follows.values()), *kept))
    left, right = shorter.conclusion.args
    return linked(regroup(proposition, left), shorter, regroup(right, And(*all_conjuncts(right))))


def _follows(one: Proposition, equation: Eq) -> Theorem | None:
    same_symbols = isinstance(one, Le) and set(symbols_of(one)) == set(symbols_of(equation))
    return implied(one, [equation]) if same_symbols else None


def factorizations(found: Factored) -> str:
    """The factorizations in words, ``25 = 1·25 = 5·5 = 25·1``; only the first of many."""
    if found.number % found.coefficient:
        return f"{found.number:,} is no multiple of {found.coefficient:,}"
    ways = ["·".join(map(str, numbers)) for numbers in found.numbers[:SHOWN]]
    more = ["…"] if len(found.numbers) > SHOWN else []
    return " = ".join([f"{found.number // found.coefficient:,}", *ways, *more])


def _product(parts: list[Proposition]) -> tuple[Eq | None, list[Term]]:
    """The first condition ``c·a·b = n``, and its factors a, b that are not numbers."""
    for one in parts:
        if isinstance(one, Eq) and isinstance(one.args[0], Product) and (one.args[1].constant or 0) >= 1:
            factors = _factors(one.args[0])
            if len(factors) > 1:
                return one, list(dict.fromkeys(factors))
    return None, []


def _factors(term: Term) -> list[Term]:
    if term.constant is not None:
        return []
    return [factor for each in term.args for factor in _factors(each)] if isinstance(term, Product) else [term]


def _numbers(term: Term) -> list[int]:
    """The numeric factors of a product."""
    if isinstance(term, Product) and term.constant is None:
        return [number for each in term.args for number in _numbers(each)]
    return [] if term.constant is None else [term.constant]


def _conditions_about(factor: Term, others: list[Proposition]) -> list[Proposition]:
    """The conditions whose symbols all occur in the factor."""
    about = set(symbols_of(factor))
    return [one for one in others if symbols_of(one) and set(symbols_of(one)) <= about]


def _conditions_by_symbol(
    own: dict[Term, list[Proposition]], others: list[Proposition]
) -> dict[Symbol, list[Proposition]] | None:
    """The conditions on the single symbol of each factor; ``None`` if two factors share a symbol, or a condition
    contains two.
    """
    by_symbol: dict[Symbol, list[Proposition]] = {}
    if len(own) < 2:
        return None
    for factor, conditions in own.items():
        symbols = symbols_of(factor)
        if len(symbols) != 1 or symbols[0] in by_symbol:
            return None
        by_symbol[symbols[0]] = conditions
    return by_symbol if sum(map(len, by_symbol.values())) == len(others) else None


def _pairs(pattern: Eq, letters: tuple[Symbol, ...]) -> tuple[Theorem, tuple[tuple[int, ...], ...]]:
    """⊢ c·x·y = n ⇔ ⋁ (x = a ∧ y = b), for x, y ≥ 1."""
    bounds = find_bounds(pattern, letters)
    every = cases(pattern, letters, tuple(bounds.theorems))
    if len(letters) == 1:  # a single letter: n/c is a square or another power
        [alone] = letters
        members = every.conclusion.args[1].args[1]
        if members.size != 1:
            raise Stop("the number is no power")
        [root] = members
        return linked(every, flip(cases(Eq(alone, integer(root)), letters, ()))), ((root,),)
    rows = every.conclusion.args[1].args
    if len(rows) > WAYS:
        raise KernelError(f"{len(rows):,} ways to write a number as a product are out of reach (at most {WAYS:,})")
    steps: list[Theorem] = []
    numbers: list[tuple[int, ...]] = []
    for row in rows:
        *equations, member = row.args
        [last] = member.args[1]
        equation = Eq(letters[-1], integer(last))
        plain = flip(cases(equation, (letters[-1],), ()))
        steps.append(conjuncts((*map(identity, equations), plain)))
        numbers.append((*(one.args[1].value for one in equations), last))
    return linked(every, disjuncts(tuple(steps))), tuple(numbers)


def follows(goal: Proposition, own: list[Proposition], others: list[Proposition]) -> Theorem:
    """conditions ⊢ a comparison, such as that a factor is at least 1: from its ``own`` conditions, which contain only
    its symbols, or from one of the others. Raises :class:`Stop` if they do not imply it.
    """
    if len(symbols_of(goal)) == 1 and own:
        together = And(*own)
        [symbol] = symbols_of(goal)
        one, two = _solved(together, symbol), _solved(And(*own, goal), symbol)
        if one.conclusion.args[1] is two.conclusion.args[1]:
            return part(modus_ponens(linked(one, flip(two)), assume(together)), len(own))
    proof = implied(goal, others)
    if proof is not None:
        return proof
    for symbol in symbols_of(goal):
        try:
            opened = unfloored(goal, symbol)
            opened = linked(opened, bounds_on(opened.conclusion.args[1], symbol))
        except Stop:
            continue
        wanted = opened.conclusion.args[1]
        proofs = [implied(one, others) for one in all_conjuncts(wanted)]
        if all(proof is not None for proof in proofs) and not isinstance(wanted, And):
            return modus_ponens(flip(opened), proofs[0])  # type: ignore[arg-type]
    raise Stop(f"{unicode_text(goal)} does not follow from the other conditions")


def _solved(conditions: And, symbol: Symbol) -> Theorem:
    """⊢ conditions ⇔ the set of values of their one symbol."""
    try:
        return cases(conditions, (symbol,), ())
    except KernelError:
        return cases(conditions, (symbol,), tuple(find_bounds(conditions, (symbol,)).theorems))


def _boxes_of_pairs(
    alone: dict[Symbol, list[Proposition]], groups: list[Proposition], pairs: Or
) -> tuple[Theorem, Boxes]:
    """⊢ the conditions and the factorizations ⇔ for each factorization, the set of each symbol."""
    symbols = tuple(alone)
    own = {symbol: And(*conditions) for symbol, conditions in alone.items()}
    solved: dict[Proposition, Theorem] = {}
    boxes: list[tuple[IntegerSet, ...]] = []
    steps: list[Theorem] = []
    for pair in pairs.args:
        for symbol, equation in zip(symbols, pair.args, strict=True):
            if equation not in solved:
                solved[equation] = _members(equation, symbol, own[symbol])
        steps.append(conjuncts(tuple(solved[equation] for equation in pair.args)))
        boxes.append(tuple(solved[equation].conclusion.args[1].args[1] for equation in pair.args))
    theorem = conjuncts((*map(identity, groups), disjuncts(tuple(steps))))
    listed = theorem.conclusion.args[1].args[-1]
    needed = [_domain_dropped(symbol, group, listed) for symbol, group in own.items() if group.args]
    shorter = conjuncts((identity(listed), *needed))
    theorem = linked(theorem, regroup(theorem.conclusion.args[1], shorter.conclusion.args[0]), shorter)
    after = theorem.conclusion.args[1]
    left = tuple(all_conjuncts(after))
    theorem = linked(theorem, regroup(after, left[0] if len(left) == 1 else And(*left)))
    return theorem, Boxes(symbols, tuple(box for box in boxes if all(members.parts for members in box)))


def _members(equation: Eq, symbol: Symbol, own: Proposition) -> Theorem:
    """own ⊢ a size equals this number ⇔ its symbol is in a set."""
    conditions = own.args
    solved = _solved(And(*conditions, equation), symbol)
    inside = solved.conclusion.args[1]
    asked = both((*(part(assume(own), index) for index in range(len(conditions))), assume(equation)))
    return equivalence(modus_ponens(solved, asked), part(modus_ponens(flip(solved), assume(inside)), len(conditions)))


def _domain_dropped(symbol: Symbol, group: And, listed: Proposition) -> Theorem:
    """listed ⊢ the conditions on a symbol ⇔ true, if they only bound it; else ⊢ the conditions ⇔ their set."""
    solved = _solved(group, symbol)
    members = solved.conclusion.args[1].args[1]
    if len(members.parts) != 1 or members.parts[0].modulus != 1:
        return solved
    _, _, low, high = members.parts[0]
    ends: list[Le] = [Le(integer(low), symbol)] if low is not None else []
    ends += [Le(symbol, integer(high))] if high is not None else []
    try:
        inside = cases(And(*ends), (symbol,), ())
        proof = modus_ponens(inside, both(tuple(interval_bound(end, listed, ()) for end in ends)))
        return equivalence(both(()), modus_ponens(flip(solved), proof))
    except KernelError:
        return solved
