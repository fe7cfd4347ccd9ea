"""Questions for every size: which padding keeps the size, whatever the size is.

A few sizes are tried first: what is left of the unknowns there is all that can do for every size. Each of these solutions is then
shown to do for every size, or a size is found at which it fails, which is tried along from then on. The answer is one theorem,
which holds for all P and for all W, as every theorem does for all values of its letters:

    ⊢ the question at W ∧ the question at W = 1 ∧ the question at W = 2 ⇔ P = 1 ∧ W ≥ 1

From right to left it says that P = 1 does, whatever W is; from left to right that no other P does, not even at 1 and at 2.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice, product

from symnet.errors import KernelError, TermError
from symnet.kernel.rules import conjuncts, regroup
from symnet.kernel.theorem import Theorem
from symnet.printing.text import unicode_text
from symnet.search.cases import cases
from symnet.solving.bounds import find_bounds
from symnet.solving.chain import Answer, Chain, Family, Listed
from symnet.solving.derivation import Step
from symnet.solving.implied import flat
from symnet.solving.question import Problem
from symnet.solving.search import decided, family, listed
from symnet.solving.statement import WHERE
from symnet.solving.unfloor import Stop, identity, linked
from symnet.solving.working import worked_out
from symnet.terms.propositions import And, Eq, Proposition, holds
from symnet.terms.term import Symbol, Term, integer, substitute, symbols_of

__all__ = ["ALWAYS", "FOR_ALL", "TRIED", "for_every"]

#: The headings of the kinds of steps: what a few sizes leave, that a solution does for every size, and both in one theorem.
TRIED, ALWAYS, FOR_ALL = "tried", "always", "for all"
#: Why the last line is the answer.
TOGETHER = "one theorem: these do whatever the size is, and no others do at the sizes that were tried"

#: Sizes that are tried first, as far as they are allowed, and how many together.
FIRST = (*range(1, 9), 12, 15, 16, 33, 64, 100, 224, 255)
FEW = 6
#: So many solutions are shown one by one, and so many sizes found at which one fails.
SHOWN, ROUNDS = 60, 30

Point = dict[Term, Term]


def for_every(problem: Problem) -> Answer:
    """The values of the unknowns for which the question holds for all values of the symbols of ``problem.every``."""
    if problem.parameters:
        names = ", ".join(symbol.name for symbol in problem.parameters)
        return Answer(None, None, tuple, f"{names} would be a parameter of the answer: ask for it as well")
    try:
        return _found(problem)
    except (KernelError, Stop) as why:
        return Answer(None, None, tuple, str(why))


def _found(problem: Problem) -> Answer:
    chain = Chain(problem.statement)
    parts = list(flat(chain.result))
    every = set(problem.every)
    told = [part.proposition for part in problem.statement.parts.values() if part.why == WHERE]
    domain = [part for part in parts if part in told and symbols_of(part) and set(symbols_of(part)) <= every]
    asked = [part for part in parts if part not in domain]
    points = list(islice(_allowed(problem.every, domain), FEW))
    if not points:
        raise Stop("no size is left by what is asked of it")
    start = tuple(chain.steps)
    for _ in range(ROUNDS):
        at_points = _at(points, asked)
        try:
            theorem = decided(at_points.conclusion.args[1], problem.unknowns)
        except KernelError:
            return _whatever(problem, chain, domain)
        found = listed(theorem)
        if any(members.size is None for _, members in found.rows):
            return _whatever(problem, chain, domain)
        solutions = _solutions(found)
        if len(solutions) > SHOWN:
            raise Stop(
                f"{len(solutions):,} values would have to be shown one by one (at most {SHOWN}): narrow them with where"
            )
        shown: list[tuple[Point, Theorem]] = []
        failing: Point | None = None
        for solution in solutions:
            proofs, failing = _always(problem.every, domain, asked, solution)
            if failing is not None:
                break
            shown += [(solution, after) for after in proofs]
        if failing is None:
            whole = linked(at_points, theorem)
            one = _for_all(problem, chain, whole, domain, asked)
            steps = (*start, *_steps(points, whole, shown), Step(FOR_ALL, one, TOGETHER))
            return Answer(found, one, lambda steps=steps: steps)  # type: ignore[misc]
        points.append(failing)
    raise Stop(f"no answer was found within {ROUNDS} rounds")


def _for_all(
    problem: Problem, chain: Chain, left: Theorem, domain: list[Proposition], asked: list[Proposition]
) -> Theorem:
    """⊢ the question, and the question at the sizes that were tried ⇔ the values that are left, with any size that is allowed:
    one table for each of the symbols that may have every value, since no condition speaks of two of them."""
    values = left.conclusion.args[1]
    rows: list[Theorem] = []
    for symbol in problem.every:
        own = And(*(one for one in (*domain, *asked) if symbol in symbols_of(one)), values)
        bounds = find_bounds(own, problem.unknowns)
        rows.append(cases(own, (*problem.unknowns, symbol), tuple(bounds.theorems)))
    numbers = [one for one in (*domain, *asked) if not set(symbols_of(one)) & set(problem.every)]
    theorem = conjuncts((*rows, *map(identity, numbers)))
    start = conjuncts((chain.theorem, left))
    theorem = linked(start, regroup(start.conclusion.args[1], theorem.conclusion.args[0]), theorem)
    after = theorem.conclusion.args[1]
    return linked(theorem, regroup(after, And(*flat(after))))


def _allowed(every: tuple[Symbol, ...], domain: list[Proposition]) -> Iterator[Point]:
    """Values for the symbols that what is asked of them allows: those in common use, then as they come."""
    alone = And(*domain)
    chosen = sorted(product(FIRST, repeat=len(every)), key=sorted)
    common: list[Point] = [dict(zip(every, map(integer, values), strict=True)) for values in chosen]
    fit = [point for point in common if _holds(alone, point)]
    if fit:
        yield from fit
    else:
        theorem = decided(alone, every)
        yield from islice(_solutions(listed(theorem)), FEW)


def _holds(proposition: Proposition, point: Mapping[Term, Term]) -> bool:
    try:
        return holds(proposition, {symbol: value.constant or 0 for symbol, value in point.items()})
    except TermError:
        return False


def _at(points: list[Point], asked: list[Proposition]) -> Theorem:
    """⊢ what is asked, at each of the points ⇔ the same worked out."""
    each = [substitute(And(*asked), point) for point in points]
    theorem = conjuncts(tuple(worked_out(one) for one in each))
    after = theorem.conclusion.args[1]
    return linked(theorem, regroup(after, And(*flat(after))))


def _solutions(found: Listed) -> list[Point]:
    """The solutions, as far as they are finitely many."""
    every: list[Point] = []
    for outer, members in found.rows:
        every += [
            dict(zip(found.unknowns, map(integer, (*outer, last)), strict=True)) for last in islice(members, SHOWN + 1)
        ]
    return every


def _always(
    every: tuple[Symbol, ...], domain: list[Proposition], asked: list[Proposition], solution: Point
) -> tuple[list[Theorem], Point | None]:
    """For each size ⊢ it is allowed, with the question at this solution ⇔ the set of the sizes that are allowed; or sizes at which
    the question fails."""
    put = worked_out(And(*(substitute(part, solution) for part in asked)))
    proofs: list[Theorem] = []
    parts = list(flat(put.conclusion.args[1]))
    for symbol in every:
        allowed = [part for part in domain if set(symbols_of(part)) == {symbol}]
        own = [part for part in parts if set(symbols_of(part)) == {symbol}]
        if not own:
            continue
        before, after = _set(allowed, symbol), _set([*allowed, *own], symbol)
        if before.conclusion.args[1] is not after.conclusion.args[1]:
            return [], _failing(every, domain, asked, solution, symbol, before, after)
        proofs.append(after)
    several = [part for part in parts if len(symbols_of(part)) > 1]
    false = [part for part in parts if not symbols_of(part) and not holds(part)]
    if several or len([part for part in domain if len(symbols_of(part)) > 1]):
        raise Stop(f"{unicode_text((several or domain)[0])} speaks of several sizes together")
    if false:
        raise Stop(f"{unicode_text(false[0])} is never true")
    return proofs, None


def _set(conditions: list[Proposition], symbol: Symbol) -> Theorem:
    together = And(*conditions)
    try:
        return cases(together, (symbol,), ())
    except KernelError:
        return cases(together, (symbol,), tuple(find_bounds(together, (symbol,)).theorems))


def _failing(
    every: tuple[Symbol, ...],
    domain: list[Proposition],
    asked: list[Proposition],
    solution: Point,
    symbol: Symbol,
    before: Theorem,
    after: Theorem,
) -> Point:
    """The first sizes that are allowed and at which a solution fails."""
    allowed, left = before.conclusion.args[1].args[1], after.conclusion.args[1].args[1]
    value = next((one for one in islice(allowed, 1 << 16) if one not in left), None)
    if value is None:
        raise Stop("the solutions are not the same for every size, but at none that is near")
    others = next(point for point in _allowed(every, domain))
    return {**others, symbol: integer(value)}


def _steps(points: list[Point], whole: Theorem, shown: list[tuple[Point, Theorem]]) -> Iterator[Step]:
    """What the few sizes leave, and that it does for all."""
    yield Step(TRIED, whole, f"what is left at {'; '.join(map(_told, points))}")
    for solution, theorem in shown:
        yield Step(ALWAYS, theorem, f"with {_told(solution)}: every size that is allowed")


def _told(point: Point) -> str:
    return ", ".join(unicode_text(Eq(symbol, value)) for symbol, value in point.items())


def _whatever(problem: Problem, chain: Chain, domain: list[Proposition]) -> Answer:
    """Where infinitely many values may do: the conditions, if they do not speak of the sizes."""
    try:
        found = family(chain, problem.unknowns)
    except Stop:
        found = chain.answer(Family(problem.unknowns[0], chain.result))
    rest = [one for one in flat(chain.result) if one not in domain]  # what is allowed stays in the theorem
    if set(symbols_of(*rest)) & set(problem.every):
        raise Stop(
            f"infinitely many values do at the sizes that were tried, and {unicode_text(And(*rest))} speaks of the sizes: "
            "add bounds with where"
        )
    if len(problem.unknowns) > 1:
        unknown = found.found.unknown if isinstance(found.found, Family) else problem.unknowns[0]
        return replace(found, found=Family(unknown, And(*rest)))
    [unknown] = problem.unknowns
    members = _set(rest, unknown)
    told = [one for one in flat(chain.result) if one in domain]
    apart = conjuncts((*map(identity, told), members))
    chain.add(linked(regroup(chain.result, apart.conclusion.args[0]), apart), "list", "all solutions")
    return chain.answer(Listed((unknown,), (((), members.conclusion.args[1].args[1]),)))
