"""Answers about several settings of a window, stride by stride: for a fixed stride, kernel and padding are linearly
related.

``2·P − 112·S + 225 ≤ F ≤ 2·P − 111·S + 224`` is hard to read. With S = 2 it says 2·P + 1 ≤ F ≤ 2·P + 2, so F − 2·P is
1 or 2. That only this difference matters is shown by substituting u + 2·P for F: then P cancels, and all u are found
as for one unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from symnet.errors import SymnetError
from symnet.kernel.rules import (
    conjuncts,
    flip,
    iff_chain,
    instantiate,
    polynomial_identity,
    rearrange,
    regroup,
    rewrite_iff,
)
from symnet.kernel.theorem import Theorem
from symnet.search.cases import cases
from symnet.solving.chain import Family
from symnet.solving.evaluation import evaluated
from symnet.solving.floors import gap_of, identity, linked, without_minus
from symnet.solving.question import Problem
from symnet.solving.readable import divide_common_factors, multiples_out_of_floors
from symnet.solving.redundant import all_conjuncts
from symnet.terms.evaluation import holds
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.polynomial import Polynomial, from_polynomial, normal_form
from symnet.terms.propositions import And, Divides, Eq, In, Le, Lt, Proposition
from symnet.terms.term import Symbol, Term, integer, substitute, symbols_of

__all__ = ["WithStride", "sets_of_differences", "stride_by_stride", "strides_of", "values_of_others"]

#: The strides that are tried.
STRIDES = (*range(1, 9), 16, 32)
#: Strides whose most usual window ranks above ``MOST_UNUSUAL`` (it leaves out inputs, or begins inside the padding)
#: are not shown; of the others at most ``SHOWN``.
MOST_UNUSUAL, SHOWN = 5, 4
#: The slopes a of differences F − a·P that are tried.
SLOPES = (2, 1, -1, -2)
#: At most so many members of a set are examined for the most usual solution.
LOOKS = 4
#: Values of an unknown up to this are tried for it.
SMALL = 400

#: The symbol of a difference while its values are computed.
DIFFERENCE = Symbol("difference_0", None)

Rank = Callable[[Mapping[str, int]], tuple[int, ...]]


@dataclass(frozen=True)
class WithStride:
    """⊢ the question with this stride ⇔ the conditions on the other unknowns; ``first`` is the rank of the most usual
    solution.
    """

    stride: Symbol
    value: int
    theorem: Theorem
    first: tuple[int, ...]

    @property
    def conditions(self) -> Proposition:
        """The conditions on the other unknowns."""
        return self.theorem.conclusion.args[1]  # type: ignore[no-any-return]


def stride_by_stride(problem: Problem, family: Family, theorem: Theorem, rank: Rank) -> tuple[WithStride, ...]:
    """The answer for small strides with usual solutions, the most usual first; empty if no stride is asked for, or the
    other unknowns are not related by a difference.
    """
    strides = [symbol for symbol in strides_of(problem) if symbol in symbols_of(family.conditions)]
    alone = values_of_others(family.conditions)
    others = [symbol for symbol in problem.unknowns if symbol not in strides and symbol not in alone]
    if len(strides) != 1 or problem.parameters or problem.every or problem.counts or not 1 <= len(others) <= 2:
        return ()
    [stride] = strides
    fixed = {symbol.name: number for symbol, number in alone.items()}
    cases_by_stride: list[WithStride] = []
    for value in STRIDES:
        try:
            instantiated = instantiate(theorem, (stride,), (integer(value),))
            if instantiated.hypotheses:
                return ()
            case = linked(instantiated, sets_of_differences(instantiated.conclusion.args[1], tuple(others)))
        except SymnetError:
            return ()
        if _never(case.conclusion.args[1]):
            continue
        first = min(
            (rank({stride.name: value, **fixed, **point}) for point in _points(case.conclusion.args[1], others)),
            default=None,
        )
        if first is None:  # nothing that is usual
            continue
        cases_by_stride.append(WithStride(stride, value, case, first))
    cases_by_stride.sort(key=lambda one: one.first)
    return tuple([one for one in cases_by_stride if one.first[0] <= MOST_UNUSUAL][:SHOWN] or cases_by_stride[:1])


def values_of_others(conditions: Proposition) -> dict[Symbol, int]:
    """The symbols that have one value whatever the others are, with that value."""
    parts = all_conjuncts(conditions)
    sets = {part.args[0]: part.args[1] for part in parts if isinstance(part, In) and part.args[1].size == 1}
    return {
        symbol: next(iter(members))
        for symbol, members in sets.items()
        if isinstance(symbol, Symbol) and sum(symbol in symbols_of(part) for part in parts) == 1
    }


def strides_of(problem: Problem) -> list[Symbol]:
    """The unknowns that are the stride of a window."""
    strides: dict[Symbol, None] = {}
    networks = [problem, *(case.problem for case in problem.cases)]
    for tensor in (tensor for network in networks for tensor in network.statement.tensors):
        for map_ in filter(None, tensor.applied.maps):
            for letter, value in zip(map_.law.symbols[1:], map_.values, strict=True):
                if isinstance(letter, Symbol) and letter.name == "S" and value in problem.unknowns:
                    strides[value] = None
    return list(strides)


def sets_of_differences(proposition: Proposition, unknowns: tuple[Symbol, ...]) -> Theorem:
    """⊢ p ⇔ p with the conditions on each unknown, or on the difference of two, replaced by the set of its values.
    Raises :class:`symnet.SymnetError` if p relates two unknowns in another way.

    >>> F, P = Symbol("F"), Symbol("P", 0)
    >>> sets_of_differences(And(Le(2 * P + 1, F), Le(F, 2 * P + 2), Le(P, integer(3))), (F, P)).conclusion.args[1]
    <And F - 2*P in {1, 2} and P <= 3>
    """
    start = evaluated(proposition)
    start = linked(start, divide_common_factors(start.conclusion.args[1]))
    parts = [part for part in all_conjuncts(start.conclusion.args[1]) if part != And()]
    on_several = [part for part in parts if len(symbols_of(part)) > 1]
    on_one = [part for part in parts if part not in on_several]
    if not on_several:
        sets_of_unknowns: list[Theorem] = []
        for unknown in unknowns:
            own = [part for part in on_one if unknown in symbols_of(part)]
            sets_of_unknowns += [cases(And(*own), (unknown,), ())] if own else []
        numbers = [part for part in on_one if not symbols_of(part)]
        theorem = conjuncts((*sets_of_unknowns, *map(evaluated, numbers)))
    else:
        theorem = conjuncts((_difference(on_several, unknowns), *map(identity, on_one)))
    left, right = theorem.conclusion.args
    return linked(start, regroup(start.conclusion.args[1], left), theorem, regroup(right, And(*all_conjuncts(right))))


def _difference(together: list[Proposition], unknowns: tuple[Symbol, ...]) -> Theorem:
    """⊢ conditions on two unknowns ⇔ their difference is in a set."""
    why: SymnetError | None = None
    for slope in SLOPES:
        for one, two in (unknowns, unknowns[::-1]):
            try:
                return _by_slope(together, one, two, slope)
            except SymnetError as error:
                why = why or error
    raise why or SymnetError("there are no two unknowns")


def _by_slope(together: list[Proposition], one: Symbol, two: Symbol, slope: int) -> Theorem:
    substituted = [_in_difference(part, one, DIFFERENCE + slope * two) for part in together]
    if two in symbols_of(*substituted):
        raise SymnetError(f"{two.name} does not cancel")
    solved = cases(And(*substituted), (DIFFERENCE,), ())
    difference = from_polynomial(normal_form(one - slope * two))
    instantiated = instantiate(solved, (DIFFERENCE,), (difference,))
    same = conjuncts(
        tuple(
            _same(part, substitute(plain, {DIFFERENCE: difference}))
            for part, plain in zip(together, substituted, strict=True)
        )
    )
    shown = instantiated.conclusion.args[1]
    theorem = linked(same, instantiated)
    members: IntegerSet = shown.args[1]
    if members.size == 1:
        [value] = members
        equation = Eq(DIFFERENCE, integer(value))
        alone = instantiate(flip(cases(equation, (DIFFERENCE,), ())), (DIFFERENCE,), (difference,))
        after = alone.conclusion.args[1]
        return linked(theorem, alone, rearrange(after, Eq(one, from_polynomial(normal_form(slope * two + value)))))
    return theorem


def _in_difference(part: Proposition, one: Symbol, other: Term) -> Proposition:
    """A condition with a term substituted for an unknown, with everything on one side."""
    substituted = substitute(part, {one: other})
    if isinstance(substituted, Divides):
        return Divides(substituted.args[0], from_polynomial(normal_form(substituted.args[1])))
    if not isinstance(substituted, Eq | Le | Lt):
        raise SymnetError("the condition has alternatives")
    outside = multiples_out_of_floors(substituted).conclusion.args[1]
    gap = gap_of(outside)
    if isinstance(substituted, Lt):
        gap = {**gap, (): gap.get((), 0) - 1}
    return without_minus(Eq if isinstance(substituted, Eq) else Le, {key: held for key, held in gap.items() if held})


def _same(part: Proposition, other_form: Proposition) -> Theorem:
    """⊢ a condition ⇔ the same condition in another form."""
    if isinstance(part, Divides):
        return rewrite_iff((polynomial_identity(part.args[1], other_form.args[1]),), part)
    outside, other = multiples_out_of_floors(part), multiples_out_of_floors(other_form)
    plain, same = outside.conclusion.args[1], other.conclusion.args[1]
    return (
        linked(outside, rearrange(plain, same), flip(other)) if plain is not same else iff_chain(outside, flip(other))
    )


def _never(proposition: Proposition) -> bool:
    """Whether no value is left."""
    return any(
        (isinstance(part, In) and not part.args[1].parts) or (not symbols_of(part) and not holds(part))
        for part in all_conjuncts(proposition)
    )


def _points(proposition: Proposition, unknowns: list[Symbol]) -> Iterator[dict[str, int]]:
    """The first solutions, one for each of the first values of the difference."""
    parts = list(all_conjuncts(proposition))
    tied = next((part for part in parts if len(symbols_of(part)) > 1), None)
    if tied is None:
        sets = {part.args[0]: part.args[1] for part in parts if isinstance(part, In)}
        yield {one.name: next(iter(sets[one])) if one in sets else one.least or 0 for one in unknowns}
        return
    term = normal_form(tied.args[0]) if isinstance(tied, In) else gap_of(tied)
    for number in _first(tied.args[1]) if isinstance(tied, In) else (0,):
        for values in _with_value(term, number, unknowns):
            if all(holds(part, values) for part in parts if values.keys() >= set(symbols_of(part))):
                yield {symbol.name: value for symbol, value in values.items() if isinstance(symbol, Symbol)}
                break


def _first(members: IntegerSet) -> Iterator[int]:
    """The first members and the last one of the first part; the last ones for a set without a least member."""
    part = members.parts[0]
    if part.minimum is None:
        yield from range(part.maximum or 0, (part.maximum or 0) - LOOKS * part.modulus, -part.modulus)
    else:
        yield from islice(members, LOOKS)
        if part.maximum is not None:
            yield part.maximum


def _with_value(term: Polynomial, number: int, unknowns: list[Symbol]) -> Iterator[dict[Term, int]]:
    """Values of two unknowns for which a linear term equals a number, with a small second value."""
    one, two = sorted(unknowns, key=lambda symbol: abs(term.get(((symbol, 1),), 0)))
    along, slope = term.get(((one, 1),), 0), term.get(((two, 1),), 0)
    for value in range(two.least or 0, SMALL):
        rest = number - term.get((), 0) - slope * value
        if along in (1, -1) and rest * along >= (one.least or 0):
            yield {one: rest * along, two: value}
