"""In which order unknowns are isolated, and in which they are enumerated."""

from __future__ import annotations

from math import prod

from symnet.errors import KernelError
from symnet.solving.bounds import Bounds, count_cases
from symnet.solving.divisors import symbols_in_divisors
from symnet.solving.floors import gap_of
from symnet.solving.isolate import in_remainder
from symnet.solving.redundant import all_conjuncts
from symnet.terms.propositions import Eq, Proposition
from symnet.terms.term import Symbol, symbols_of

__all__ = ["CASES", "easiest_first", "enumeration_order", "is_solved"]

#: At most so many values of all unknowns but one are enumerated; the kernel stops earlier if each of them is much
#: work.
CASES = 50_000
#: With at most so many cases no better order of the unknowns is searched for.
FEW = 200


def easiest_first(unknowns: tuple[Symbol, ...], conditions: Proposition) -> list[Symbol]:
    """Unknowns that others depend on, that are not inside a remainder and that no other symbol multiplies in an equation come first."""
    parts = all_conjuncts(conditions)
    related = {symbol for part in parts if len(symbols_of(part)) > 1 for symbol in symbols_of(part)}
    products = [key for part in parts if isinstance(part, Eq) for key in gap_of(part) if len(key) > 1]
    multiplied = {atom for key in products for atom, _ in key}
    return sorted(
        unknowns,
        key=lambda one: (bool(related) and one not in related, in_remainder(conditions, one), one in multiplied),
    )


def is_solved(unknown: Symbol, conditions: Proposition) -> bool:
    """Whether an equation says what the unknown is, or what it is together with others, and nothing else speaks of it."""
    about = [part for part in all_conjuncts(conditions) if unknown in symbols_of(part)]
    if len(about) != 1 or not isinstance(about[0], Eq):
        return False
    gap = gap_of(about[0])
    linear = all(sum(power for _, power in key) == 1 and type(key[0][0]) is Symbol for key in gap if key)
    numbers = [number for key, number in gap.items() if key]
    together = gap.get(((unknown, 1),)) in (1, -1) and len(numbers) > 1 and (min(numbers) > 0 or max(numbers) < 0)
    return linear and (about[0].args[0] is unknown or together)


def enumeration_order(proposition: Proposition, bounds: Bounds, unknowns: tuple[Symbol, ...]) -> tuple[Symbol, ...]:
    """The order in which the unknowns are enumerated. The last one, whose set is decided at once, is the one that
    leaves the fewest cases of the others, and no divisor if possible; unknowns with a single value come first.
    """
    divisors = symbols_in_divisors(proposition)
    spans = {unknown: bounds.span(unknown) for unknown in unknowns}

    def weight(unknown: Symbol) -> tuple[bool, int]:
        span = spans[unknown]
        return unknown not in divisors, 1 << 80 if span is None else span

    first, *others = sorted(unknowns, key=weight, reverse=True)
    outer = others[::-1]
    for unknown in outer:
        if spans[unknown] is None:
            raise KernelError(f"{unknown.name} has no bound: add one with where, or ask for one unknown at a time")
    outer.sort(key=lambda unknown: (spans[unknown] != 1, unknown not in divisors, spans[unknown]))
    amount = prod(spans[unknown] or 0 for unknown in outer)
    if amount <= FEW:
        return (*outer, first)
    best, fewest = (*outer, first), count_cases(bounds, outer, CASES)
    for last in outer:
        if last in divisors or spans[first] is None:
            continue
        order = [unknown for unknown in (*outer, first) if unknown is not last]
        fewer = count_cases(bounds, order, (fewest or CASES) - 1)
        if fewer is not None:
            best, fewest = (*order, last), fewer
    if fewest is None and amount > CASES:
        raise KernelError(f"{amount:,} cases are out of reach (at most {CASES:,}): add bounds with where")
    return best
