"""An answer about several settings of a window, told as a person tries them: a stride is chosen, and then kernel and padding move
together.

``2·P − 112·S + 225 ≤ F ≤ 2·P − 111·S + 224`` is read by nobody. With S = 2 it says 2·P + 1 ≤ F ≤ 2·P + 2, so F − 2·P is 1 or 2.
That nothing but this difference matters is seen by putting u + 2·P for F: then P is gone, and all u are found as for one unknown.
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
from symnet.solving.implied import flat
from symnet.solving.plainer import lowest, whole_outside
from symnet.solving.question import Problem
from symnet.solving.unfloor import gap_of, identity, linked, without_minus
from symnet.solving.working import worked_out
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.polynomial import Polynomial, from_polynomial, normal_form
from symnet.terms.propositions import And, Divides, Eq, In, Le, Lt, Proposition, holds
from symnet.terms.term import Symbol, Term, integer, substitute, symbols_of

__all__ = ["WithStride", "differing", "stride_by_stride", "strides_of"]

#: Strides that are tried.
STRIDES = range(1, 9)
#: Those with windows more unusual than this, which leave out inputs or begin within the padding, are not told; of the others so many.
USUAL, TOLD = 5, 4
#: What kernels and paddings are told by: F − 2·P, and other differences.
SLOPES = (2, 1, -1, -2)
#: So many members of a set are looked at to see which solution is the most usual one.
LOOKS = 4
#: Unknowns up to this are tried for it.
SMALL = 400

#: Stands for a difference while it is looked for.
DIFFERENCE = Symbol("difference_0", None)

Rank = Callable[[Mapping[str, int]], tuple[int, ...]]


@dataclass(frozen=True)
class WithStride:
    """⊢ the question with this stride ⇔ the conditions on the rest; ``first`` is the most usual solution."""

    stride: Symbol
    value: int
    theorem: Theorem
    first: tuple[int, ...]

    @property
    def conditions(self) -> Proposition:
        """What is left to ask of the other unknowns."""
        return self.theorem.conclusion.args[1]  # type: ignore[no-any-return]


def stride_by_stride(problem: Problem, found: Family, theorem: Theorem, rank: Rank) -> tuple[WithStride, ...]:
    """The answer for the small strides that have usual solutions, the most usual first; nothing where no stride is asked for, or the other
    unknowns cannot be told apart from each other."""
    strides = [symbol for symbol in strides_of(problem) if symbol in symbols_of(found.conditions)]
    others = [symbol for symbol in problem.unknowns if symbol not in strides]
    if len(strides) != 1 or problem.parameters or problem.every or problem.counts or not 1 <= len(others) <= 2:
        return ()
    [stride] = strides
    told: list[WithStride] = []
    for value in STRIDES:
        try:
            put = instantiate(theorem, (stride,), (integer(value),))
            if put.hypotheses:
                return ()
            case = linked(put, differing(put.conclusion.args[1], tuple(others)))
        except SymnetError:
            return ()
        if _never(case.conclusion.args[1]):
            continue
        first = min(
            (rank({stride.name: value, **point}) for point in _points(case.conclusion.args[1], others)), default=None
        )
        if first is None:
            return ()
        told.append(WithStride(stride, value, case, first))
    told.sort(key=lambda one: one.first)
    return tuple([one for one in told if one.first[0] <= USUAL][:TOLD] or told[:1])


def strides_of(problem: Problem) -> list[Symbol]:
    """The unknowns that are the stride of a window."""
    found: dict[Symbol, None] = {}
    networks = [problem, *(case.problem for case in problem.cases)]
    for tensor in (tensor for network in networks for tensor in network.statement.tensors):
        for map_ in filter(None, tensor.applied.maps):
            for letter, value in zip(map_.law.symbols[1:], map_.values, strict=True):
                if isinstance(letter, Symbol) and letter.name == "S" and value in problem.unknowns:
                    found[value] = None
    return list(found)


def differing(proposition: Proposition, unknowns: tuple[Symbol, ...]) -> Theorem:
    """⊢ p ⇔ p with all values of the one unknown, or of a difference of two, in the place of the conditions on it. Raises
    :class:`symnet.SymnetError` where p speaks of two unknowns otherwise.

    >>> F, P = Symbol("F"), Symbol("P", 0)
    >>> differing(And(Le(2 * P + 1, F), Le(F, 2 * P + 2), Le(P, integer(3))), (F, P)).conclusion.args[1]
    <And F - 2*P in {1, 2} and P <= 3>
    """
    start = worked_out(proposition)
    start = linked(start, lowest(start.conclusion.args[1]))
    parts = [part for part in flat(start.conclusion.args[1]) if part != And()]
    together = [part for part in parts if len(symbols_of(part)) > 1]
    alone = [part for part in parts if part not in together]
    if not together:
        chosen: list[Theorem] = []
        for unknown in unknowns:
            own = [part for part in alone if unknown in symbols_of(part)]
            chosen += [cases(And(*own), (unknown,), ())] if own else []
        numbers = [part for part in alone if not symbols_of(part)]
        theorem = conjuncts((*chosen, *map(worked_out, numbers)))
    else:
        theorem = conjuncts((_difference(together, unknowns), *map(identity, alone)))
    left, right = theorem.conclusion.args
    return linked(start, regroup(start.conclusion.args[1], left), theorem, regroup(right, And(*flat(right))))


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
    told = [_told(part, one, DIFFERENCE + slope * two) for part in together]
    if two in symbols_of(*told):
        raise SymnetError(f"{two.name} does not cancel")
    solved = cases(And(*told), (DIFFERENCE,), ())
    difference = from_polynomial(normal_form(one - slope * two))
    put = instantiate(solved, (DIFFERENCE,), (difference,))
    same = conjuncts(
        tuple(
            _same(part, substitute(plain, {DIFFERENCE: difference})) for part, plain in zip(together, told, strict=True)
        )
    )
    shown = put.conclusion.args[1]
    theorem = linked(same, put)
    members: IntegerSet = shown.args[1]
    if members.size == 1:
        [value] = members
        equation = Eq(DIFFERENCE, integer(value))
        alone = instantiate(flip(cases(equation, (DIFFERENCE,), ())), (DIFFERENCE,), (difference,))
        after = alone.conclusion.args[1]
        return linked(theorem, alone, rearrange(after, Eq(one, from_polynomial(normal_form(slope * two + value)))))
    return theorem


def _told(part: Proposition, one: Symbol, other: Term) -> Proposition:
    """A condition with another term for an unknown, all on one side."""
    put = substitute(part, {one: other})
    if isinstance(put, Divides):
        return Divides(put.args[0], from_polynomial(normal_form(put.args[1])))
    if not isinstance(put, Eq | Le | Lt):
        raise SymnetError("the condition has alternatives")
    outside = whole_outside(put).conclusion.args[1]
    gap = gap_of(outside)
    if isinstance(put, Lt):
        gap = {**gap, (): gap.get((), 0) - 1}
    return without_minus(Eq if isinstance(put, Eq) else Le, {key: held for key, held in gap.items() if held})


def _same(part: Proposition, told: Proposition) -> Theorem:
    """⊢ a condition ⇔ the same in another form."""
    if isinstance(part, Divides):
        return rewrite_iff((polynomial_identity(part.args[1], told.args[1]),), part)
    outside, other = whole_outside(part), whole_outside(told)
    plain, same = outside.conclusion.args[1], other.conclusion.args[1]
    return (
        linked(outside, rearrange(plain, same), flip(other)) if plain is not same else iff_chain(outside, flip(other))
    )


def _never(proposition: Proposition) -> bool:
    """Whether no value is left."""
    return any(
        (isinstance(part, In) and not part.args[1].parts) or (not symbols_of(part) and not holds(part))
        for part in flat(proposition)
    )


def _points(proposition: Proposition, unknowns: list[Symbol]) -> Iterator[dict[str, int]]:
    """The first solutions, one for each of the first values of the difference."""
    parts = list(flat(proposition))
    tied = next((part for part in parts if len(symbols_of(part)) > 1), None)
    if tied is None:
        sets = {part.args[0]: part.args[1] for part in parts if isinstance(part, In)}
        yield {one.name: next(iter(sets[one])) if one in sets else one.least or 0 for one in unknowns}
        return
    term = normal_form(tied.args[0]) if isinstance(tied, In) else gap_of(tied)
    for number in _first(tied.args[1]) if isinstance(tied, In) else (0,):
        for values in _with_value(term, number, unknowns):
            if all(holds(part, values) for part in parts):
                yield {symbol.name: value for symbol, value in values.items() if isinstance(symbol, Symbol)}
                break


def _first(members: IntegerSet) -> Iterator[int]:
    """The first members; of those without a smallest one the last ones."""
    part = members.parts[0]
    if part.minimum is None:
        yield from range(part.maximum or 0, (part.maximum or 0) - LOOKS * part.modulus, -part.modulus)
    else:
        yield from islice(members, LOOKS)


def _with_value(term: Polynomial, number: int, unknowns: list[Symbol]) -> Iterator[dict[Term, int]]:
    """Values of two unknowns for which a linear term is a number, the second one small."""
    one, two = sorted(unknowns, key=lambda symbol: abs(term.get(((symbol, 1),), 0)))
    along, slope = term.get(((one, 1),), 0), term.get(((two, 1),), 0)
    for value in range(two.least or 0, SMALL):
        rest = number - term.get((), 0) - slope * value
        if along in (1, -1) and rest * along >= (one.least or 0):
            yield {one: rest * along, two: value}
