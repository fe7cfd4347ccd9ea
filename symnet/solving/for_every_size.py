"""Questions for every size: which padding keeps the size, whatever the size is.

Let Q(P, W) be the question, with unknowns P and a size W over which it is universally quantified. The question is
first solved for P at a few sizes W together; only these values of P can be solutions. For each of them the set of the
sizes W with Q(P, W) is computed. If it is the set of all sizes allowed, P is a solution; else a size at which P fails
is added to the few sizes, and the search starts again. The answer is one theorem, which like every theorem holds for
all values of its letters:

    ⊢ Q(P, W) ∧ Q(P, 1) ∧ Q(P, 2) ⇔ P = 1 ∧ W ≥ 1

From right to left it says that P = 1 is a solution whatever W is; from left to right, that no other P is, not even at
1 and 2.
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
from symnet.solving.evaluation import evaluated
from symnet.solving.floors import Stop, identity, linked
from symnet.solving.question import Problem
from symnet.solving.redundant import all_conjuncts
from symnet.solving.search import as_listed, family, solution_set_theorem
from symnet.solving.statement import WHERE
from symnet.terms.evaluation import holds
from symnet.terms.propositions import And, Eq, Proposition
from symnet.terms.term import Symbol, Term, integer, substitute, symbols_of

__all__ = ["AT_SIZES", "AT_SOLUTION", "FOR_ALL", "for_every"]

#: The headings of the steps: what the few sizes leave, that a solution holds for every size, and both as one theorem.
AT_SIZES, AT_SOLUTION, FOR_ALL = "tried", "always", "for all"
#: Why the last line is the answer.
TOGETHER = "one theorem: these do whatever the size is, and no others do at the sizes that were tried"

#: The sizes that are tried first, if they are allowed, and how many of them are used.
FIRST = (*range(1, 9), 12, 15, 16, 33, 64, 100, 224, 255)
FEW = 6
#: At most so many solutions are shown one by one, and at most so many failing sizes are added.
SHOWN, ROUNDS = 60, 30

Point = dict[Term, Term]


def for_every(problem: Problem) -> Answer:
    """The values of the unknowns for which the question holds for all values of the symbols in ``problem.every``."""
    if problem.parameters:
        names = ", ".join(symbol.name for symbol in problem.parameters)
        return Answer(None, None, tuple, f"{names} would be a parameter of the answer: ask for it as well")
    try:
        return _answer(problem)
    except (KernelError, Stop) as why:
        return Answer(None, None, tuple, str(why))


def _answer(problem: Problem) -> Answer:
    chain = Chain(problem.statement)
    parts = list(all_conjuncts(chain.result))
    every = set(problem.every)
    constraints = [part.proposition for part in problem.statement.parts.values() if part.why == WHERE]
    domain = [part for part in parts if part in constraints and symbols_of(part) and set(symbols_of(part)) <= every]
    conditions = [part for part in parts if part not in domain]
    points = list(islice(_allowed(problem.every, domain), FEW))
    if not points:
        raise Stop("no size is left by what is asked of it")
    start = tuple(chain.steps)
    for _ in range(ROUNDS):
        at_points = _at(points, conditions)
        try:
            theorem = solution_set_theorem(at_points.conclusion.args[1], problem.unknowns)
        except KernelError:
            return _for_infinitely_many(problem, chain, domain)
        solutions_listed = as_listed(theorem)
        if any(members.size is None for _, members in solutions_listed.rows):
            return _for_infinitely_many(problem, chain, domain)
        solutions = _solutions(solutions_listed)
        if len(solutions) > SHOWN:
            raise Stop(
                f"{len(solutions):,} values would have to be shown one by one (at most {SHOWN}): narrow them with where"
            )
        shown: list[tuple[Point, Theorem]] = []
        failing: Point | None = None
        for solution in solutions:
            proofs, failing = _always(problem.every, domain, conditions, solution)
            if failing is not None:
                break
            shown += [(solution, after) for after in proofs]
        if failing is None:
            whole = linked(at_points, theorem)
            one = _for_all(problem, chain, whole, domain, conditions)
            steps = (*start, *_steps(points, whole, shown), Step(FOR_ALL, one, TOGETHER))
            return Answer(solutions_listed, one, lambda steps=steps: steps)  # type: ignore[misc]
        points.append(failing)
    raise Stop(f"no answer was found within {ROUNDS} rounds")


def _for_all(
    problem: Problem, chain: Chain, left: Theorem, domain: list[Proposition], conditions: list[Proposition]
) -> Theorem:
    """⊢ the question, and the question at the tried sizes ⇔ the remaining values, and any allowed size. There is one
    table for each quantified symbol, since no condition contains two of them.
    """
    values = left.conclusion.args[1]
    rows: list[Theorem] = []
    for symbol in problem.every:
        own = And(*(one for one in (*domain, *conditions) if symbol in symbols_of(one)), values)
        bounds = find_bounds(own, problem.unknowns)
        rows.append(cases(own, (*problem.unknowns, symbol), tuple(bounds.theorems)))
    numbers = [one for one in (*domain, *conditions) if not set(symbols_of(one)) & set(problem.every)]
    theorem = conjuncts((*rows, *map(identity, numbers)))
    start = conjuncts((chain.theorem, left))
    theorem = linked(start, regroup(start.conclusion.args[1], theorem.conclusion.args[0]), theorem)
    after = theorem.conclusion.args[1]
    return linked(theorem, regroup(after, And(*all_conjuncts(after))))


def _allowed(every: tuple[Symbol, ...], domain: list[Proposition]) -> Iterator[Point]:
    """Allowed values of the quantified symbols: common sizes first, else the smallest ones."""
    alone = And(*domain)
    chosen = sorted(product(FIRST, repeat=len(every)), key=sorted)
    common: list[Point] = [dict(zip(every, map(integer, values), strict=True)) for values in chosen]
    fit = [point for point in common if _holds(alone, point)]
    if fit:
        yield from fit
    else:
        theorem = solution_set_theorem(alone, every)
        yield from islice(_solutions(as_listed(theorem)), FEW)


def _holds(proposition: Proposition, point: Mapping[Term, Term]) -> bool:
    try:
        return holds(proposition, {symbol: value.constant or 0 for symbol, value in point.items()})
    except TermError:
        return False


def _at(points: list[Point], conditions: list[Proposition]) -> Theorem:
    """⊢ the conditions at each of the points ⇔ the same, evaluated."""
    each = [substitute(And(*conditions), point) for point in points]
    theorem = conjuncts(tuple(evaluated(one) for one in each))
    after = theorem.conclusion.args[1]
    return linked(theorem, regroup(after, And(*all_conjuncts(after))))


def _solutions(found: Listed) -> list[Point]:
    """The solutions as points, at most ``SHOWN`` + 1 for each row."""
    every: list[Point] = []
    for outer, members in found.rows:
        every += [
            dict(zip(found.unknowns, map(integer, (*outer, last)), strict=True)) for last in islice(members, SHOWN + 1)
        ]
    return every


def _always(
    every: tuple[Symbol, ...], domain: list[Proposition], conditions: list[Proposition], solution: Point
) -> tuple[list[Theorem], Point | None]:
    """For each quantified symbol, ⊢ the domain and the conditions at this solution ⇔ the domain; or a point at which
    the conditions fail.
    """
    instantiated = evaluated(And(*(substitute(part, solution) for part in conditions)))
    proofs: list[Theorem] = []
    parts = list(all_conjuncts(instantiated.conclusion.args[1]))
    for symbol in every:
        allowed = [part for part in domain if set(symbols_of(part)) == {symbol}]
        own = [part for part in parts if set(symbols_of(part)) == {symbol}]
        if not own:
            continue
        before, after = _set(allowed, symbol), _set([*allowed, *own], symbol)
        if before.conclusion.args[1] is not after.conclusion.args[1]:
            return [], _failing(every, domain, conditions, solution, symbol, before, after)
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
    conditions: list[Proposition],
    solution: Point,
    symbol: Symbol,
    before: Theorem,
    after: Theorem,
) -> Point:
    """The first allowed sizes at which a solution fails."""
    allowed, left = before.conclusion.args[1].args[1], after.conclusion.args[1].args[1]
    value = next((one for one in islice(allowed, 1 << 16) if one not in left), None)
    if value is None:
        raise Stop("the solutions are not the same for every size, but at none that is near")
    others = next(point for point in _allowed(every, domain))
    return {**others, symbol: integer(value)}


def _steps(points: list[Point], whole: Theorem, shown: list[tuple[Point, Theorem]]) -> Iterator[Step]:
    """Steps: what the few sizes leave, and that each solution holds for all sizes."""
    yield Step(AT_SIZES, whole, f"what is left at {'; '.join(map(_values_text, points))}")
    for solution, theorem in shown:
        yield Step(AT_SOLUTION, theorem, f"with {_values_text(solution)}: every size that is allowed")


def _values_text(point: Point) -> str:
    return ", ".join(unicode_text(Eq(symbol, value)) for symbol, value in point.items())


def _for_infinitely_many(problem: Problem, chain: Chain, domain: list[Proposition]) -> Answer:
    """The answer if infinitely many values remain: the conditions on the unknowns, if they do not contain the
    quantified symbols.
    """
    try:
        answer = family(chain, problem.unknowns)
    except Stop:
        answer = chain.answer(Family(problem.unknowns[0], chain.result))
    # the domain of the sizes stays in the theorem only
    rest = [one for one in all_conjuncts(chain.result) if one not in domain]
    if set(symbols_of(*rest)) & set(problem.every):
        raise Stop(
            f"infinitely many values do at the sizes that were tried, and {unicode_text(And(*rest))} speaks of the sizes: "
            "add bounds with where"
        )
    if len(problem.unknowns) > 1:
        unknown = answer.solution_set.unknown if isinstance(answer.solution_set, Family) else problem.unknowns[0]
        return replace(answer, solution_set=Family(unknown, And(*rest)))
    [unknown] = problem.unknowns
    members = _set(rest, unknown)
    constraints = [one for one in all_conjuncts(chain.result) if one in domain]
    apart = conjuncts((*map(identity, constraints), members))
    chain.add(linked(regroup(chain.result, apart.conclusion.args[0]), apart), "list", "all solutions")
    return chain.answer(Listed((unknown,), (((), members.conclusion.args[1].args[1]),)))
