"""Unknown repeat counts N. The layers of a network are not terms in N, so each N within its bounds has a network of
its own.

The question becomes ⋁ (N = n ∧ the question with n repetitions), and so does its answer: each network is solved
separately, and the theorem joins the answers.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import TYPE_CHECKING

from symnet.errors import LayerError, SymnetError
from symnet.kernel.rules import conjuncts, disjuncts
from symnet.kernel.theorem import Theorem
from symnet.notation.parse import Question
from symnet.solving.bounds import find_bounds
from symnet.solving.budgets import Budget
from symnet.solving.chain import Answer, Family
from symnet.solving.derivation import Step
from symnet.solving.floors import identity, linked
from symnet.solving.for_every_size import for_every
from symnet.solving.formulas import Formulas
from symnet.solving.quantities import LAYERS, measures
from symnet.solving.question import Case, Problem, Where, letters, pose, read, read_constraints, unknowns_named
from symnet.solving.search import answer, as_listed, by_numbers, project_to_unknowns, solution_set_theorem
from symnet.solving.statement import Statement
from symnet.terms.evaluation import holds
from symnet.terms.propositions import And, Eq, Le, Proposition
from symnet.terms.term import Symbol, Term, integer, symbols_of

if TYPE_CHECKING:
    from symnet.network.network import Network

__all__ = ["pose_question", "solve_problem"]

#: At most so many networks are solved, with so many layers in all: a few seconds of work.
NETWORKS, MANY_LAYERS = 1_000, 10_000

SEPARATELY = "every network by itself"


def pose_question(
    question: str | Question | Network,
    for_: str | Iterable[str] | None,
    where: Where,
    *,
    exact: bool,
    valid: bool,
    budget: str | Budget | None,
    every: str | Iterable[str] | None = None,
) -> Problem:
    """States a question as a problem; with unknown repeat counts, as one case for each choice of them. Arguments as
    for :func:`symnet.solving.question.pose`.
    """
    parsed = read(question)
    if not parsed.counts:
        return pose(parsed, for_, where, exact=exact, valid=valid, budget=budget, every=every)
    symbols = letters(parsed, budget)
    if every is not None:
        raise SymnetError(
            "a question for every size has no letter that says how often a part is repeated: give it a number"
        )
    unknowns = unknowns_named(for_, symbols)
    parameters = tuple(symbol for symbol in symbols if symbol not in unknowns)
    own_letters = [symbol.name for symbol in symbols if symbol not in parsed.counts]
    unknowns_inside = [name for name in own_letters if name in {symbol.name for symbol in unknowns}] or own_letters
    cases_: list[Case] = []
    formulas = Formulas()
    for numbers, case in _networks(parsed, _choices(parsed, symbols, where)):
        count_values = {symbol.name: number for symbol, number in zip(parsed.counts, numbers, strict=True)}
        formulas = Formulas(formulas)
        try:
            problem_ = pose(
                case,
                unknowns_inside,
                where,
                exact=exact,
                valid=valid,
                budget=budget,
                counts=count_values,
                formulas=formulas,
            )
        except LayerError as error:
            chosen = ", ".join(f"{name} = {number}" for name, number in count_values.items())
            raise LayerError(f"with {chosen}: {error}") from None
        cases_.append(Case(tuple(zip(parsed.counts, numbers, strict=True)), problem_))
    return Problem(parsed.source, unknowns, parameters, Statement(), exact, None, parsed.counts, tuple(cases_))


def _networks(asked: Question, choices: list[tuple[int, ...]]) -> list[tuple[tuple[int, ...], Question]]:
    """The network of every choice. Raises :class:`SymnetError` if they have too many layers together."""
    networks: list[tuple[tuple[int, ...], Question]] = []
    layers = 0
    for numbers in choices:
        case = asked.repeated({symbol.name: number for symbol, number in zip(asked.counts, numbers, strict=True)})
        layers += len(case.graph.nodes)
        if layers > MANY_LAYERS:
            raise SymnetError(f"the networks together have more than {MANY_LAYERS:,} layers: {_bound_it(asked.counts)}")
        networks.append((numbers, case))
    return networks


def _choices(asked: Question, symbols: tuple[Symbol, ...], where: Where) -> list[tuple[int, ...]]:
    """All choices of repeat counts that satisfy the constraints on them alone. Raises :class:`SymnetError` if they are
    unbounded or too many.
    """
    names: dict[str, Term] = {symbol.name: symbol for symbol in symbols}
    constraints = read_constraints(where, measures(asked.graph, names) | names)
    on_counts = And(
        *(part for part in constraints if set(symbols_of(part)) <= set(asked.counts)), *_by_layers(asked, constraints)
    )
    bounds = find_bounds(on_counts, asked.counts)
    amount = 1
    for symbol in asked.counts:
        span = bounds.span(symbol)
        if span is None:
            raise SymnetError(
                f"{symbol.name} says how often a part is repeated and has no bound: "
                f'add one, as in --where "{symbol.name}<=50"'
            )
        amount *= span
    if amount > NETWORKS:
        raise SymnetError(f"{amount:,} networks are out of reach (at most {NETWORKS:,}): {_bound_it(asked.counts)}")
    ranges = (bounds.ends[symbol] for symbol in asked.counts)
    every = product(*(range(low or 0, (high or 0) + 1) for low, high in ranges))
    return [numbers for numbers in every if holds(on_counts, dict(zip(asked.counts, numbers, strict=True)))]


def _by_layers(asked: Question, constraints: Iterable[Proposition]) -> list[Proposition]:
    """Bounds of the counts where the number of layers is bounded: every repetition has a layer at least."""
    bounding = And(*(part for part in constraints if [symbol.name for symbol in symbols_of(part)] == [LAYERS]))
    high = next((find_bounds(bounding, (symbol,)).ends[symbol][1] for symbol in symbols_of(bounding)), None)
    if high is None or any(symbol.least != 1 for symbol in asked.counts):
        return []
    return [Le(symbol, integer(high)) for symbol in asked.counts]


def _bound_it(counts: tuple[Symbol, ...]) -> str:
    return f"bound {' and '.join(symbol.name for symbol in counts)} further with where"


def solve_problem(problem: Problem) -> Answer:
    """The answer to a problem; with repeat counts, the answers of all cases joined to one equivalence."""
    if problem.every:
        return for_every(problem)
    if not problem.counts:
        return answer(problem)
    answers: list[Answer] = []
    for case in problem.cases:
        one = _answer(case.problem)
        if one.theorem is None:  # one case out of reach makes the whole question out of reach
            return one
        answers.append(one)
    joined_theorem = _joined(problem, [one.theorem for one in answers if one.theorem is not None])
    families = [one.solution_set for one in answers if isinstance(one.solution_set, Family)]
    if families:
        family = Family(families[0].unknown, joined_theorem.conclusion.args[1])
        return project_to_unknowns(
            problem, Answer(family, joined_theorem, lambda: (Step("repeats", joined_theorem, SEPARATELY),))
        )
    listed_theorem = _together(problem, joined_theorem)

    def steps() -> tuple[Step, ...]:
        first, last = joined_theorem, listed_theorem
        if any(not case.problem.unknowns for case in problem.cases):
            first = _joined(problem, [by_numbers(case.problem.statement) for case in problem.cases])
            last = _together(problem, first)
        return Step("repeats", first, SEPARATELY), Step("list", last, "all cases")

    return project_to_unknowns(
        problem, Answer(as_listed(listed_theorem), linked(joined_theorem, listed_theorem), steps)
    )


def _answer(problem: Problem) -> Answer:
    """The answer for one network; without letters its statement is its own answer."""
    if problem.unknowns:
        return answer(problem)
    statement = problem.statement
    return Answer(None, identity(statement.proposition) if statement.direct else by_numbers(statement), tuple)


def _joined(problem: Problem, theorems: list[Theorem]) -> Theorem:
    """⊢ ⋁ (N = n ∧ pₙ) ⇔ ⋁ (N = n ∧ qₙ)."""
    joined: list[Theorem] = []
    for case, theorem in zip(problem.cases, theorems, strict=True):
        chosen = (identity(Eq(symbol, integer(number))) for symbol, number in case.counts)
        joined.append(conjuncts((*chosen, theorem)))
    return disjuncts(tuple(joined))


def _together(problem: Problem, each: Theorem) -> Theorem:
    return solution_set_theorem(each.conclusion.args[1], (*problem.unknowns, *problem.parameters))
