"""Unknown repeat counts. The layers of a network are no terms in N, so each N within its bounds has a network of its own.

The question is then  ⋁ (N = n ∧ the question with n repetitions), one n after the other, and so is its answer: each network
is answered by itself, and the theorem joins these answers.
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
from symnet.solving.chain import Answer, Family
from symnet.solving.derivation import Step
from symnet.solving.every import for_every
from symnet.solving.formulas import Formulas
from symnet.solving.measures import measures
from symnet.solving.question import Case, Problem, Where, letters, narrowed, pose, read, wanted
from symnet.solving.search import answer, asked_for, by_numbers, decided, listed
from symnet.solving.statement import Statement
from symnet.solving.unfloor import identity, linked
from symnet.terms.propositions import And, Eq, holds
from symnet.terms.term import Symbol, Term, integer, symbols_of

if TYPE_CHECKING:
    from symnet.network.network import Network

__all__ = ["answered", "posed"]

#: So many networks are answered, and so many layers in all of them together: a few seconds of work.
NETWORKS, LAYERS = 1_000, 10_000

SEPARATELY = "every network by itself"


def posed(
    question: str | Question | Network,
    for_: str | Iterable[str] | None,
    where: Where,
    *,
    exact: bool,
    valid: bool,
    budget: str | None,
    every: str | Iterable[str] | None = None,
) -> Problem:
    """State a question; if there are repeat counts, for every choice of them."""
    asked = read(question)
    if not asked.counts:
        return pose(asked, for_, where, exact=exact, valid=valid, budget=budget, every=every)
    symbols = letters(asked)
    if every is not None:
        raise SymnetError(
            "a question for every size has no letter that says how often a part is repeated: give it a number"
        )
    unknowns = wanted(for_, symbols)
    parameters = tuple(symbol for symbol in symbols if symbol not in unknowns)
    inside = [symbol.name for symbol in symbols if symbol not in asked.counts]
    told = [name for name in inside if name in {symbol.name for symbol in unknowns}] or inside
    found: list[Case] = []
    formulas = Formulas()
    for numbers, case in _networks(asked, _choices(asked, symbols, where)):
        named = {symbol.name: number for symbol, number in zip(asked.counts, numbers, strict=True)}
        formulas = Formulas(formulas)
        try:
            stated = pose(case, told, where, exact=exact, valid=valid, budget=budget, counts=named, formulas=formulas)
        except LayerError as refused:
            chosen = ", ".join(f"{name} = {number}" for name, number in named.items())
            raise LayerError(f"with {chosen}: {refused}") from None
        found.append(Case(tuple(zip(asked.counts, numbers, strict=True)), stated))
    return Problem(asked.source, unknowns, parameters, Statement(), exact, None, asked.counts, tuple(found))


def _networks(asked: Question, choices: list[tuple[int, ...]]) -> list[tuple[tuple[int, ...], Question]]:
    """The network of every choice, as long as they are not too long together."""
    found: list[tuple[tuple[int, ...], Question]] = []
    layers = 0
    for numbers in choices:
        case = asked.repeated({symbol.name: number for symbol, number in zip(asked.counts, numbers, strict=True)})
        layers += len(case.graph.nodes)
        if layers > LAYERS:
            raise SymnetError(f"the networks together have more than {LAYERS:,} layers: {_bound_it(asked.counts)}")
        found.append((numbers, case))
    return found


def _choices(asked: Question, symbols: tuple[Symbol, ...], where: Where) -> list[tuple[int, ...]]:
    """All numbers for the repeat counts within what ``where`` says of them alone."""
    names: dict[str, Term] = {symbol.name: symbol for symbol in symbols}
    told = narrowed(where, measures(asked.graph, names) | names)
    alone = And(*(part for part in told if set(symbols_of(part)) <= set(asked.counts)))
    bounds = find_bounds(alone, asked.counts)
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
    return [numbers for numbers in every if holds(alone, dict(zip(asked.counts, numbers, strict=True)))]


def _bound_it(counts: tuple[Symbol, ...]) -> str:
    return f"bound {' and '.join(symbol.name for symbol in counts)} further with where"


def answered(problem: Problem) -> Answer:
    """The answer; if there are repeat counts, that of every case, joined to one equivalence."""
    if problem.every:
        return for_every(problem)
    if not problem.counts:
        return answer(problem)
    found: list[Answer] = []
    for case in problem.cases:
        one = _answer(case.problem)
        if one.theorem is None:  # so is the whole: no more work
            return one
        found.append(one)
    each = _joined(problem, [one.theorem for one in found if one.theorem is not None])
    families = [one.found for one in found if isinstance(one.found, Family)]
    if families:
        family = Family(families[0].unknown, each.conclusion.args[1])
        return asked_for(problem, Answer(family, each, lambda: (Step("repeats", each, SEPARATELY),)))
    together = _together(problem, each)

    def steps() -> tuple[Step, ...]:
        first, last = each, together
        if any(not case.problem.unknowns for case in problem.cases):
            first = _joined(problem, [by_numbers(case.problem.statement) for case in problem.cases])
            last = _together(problem, first)
        return Step("repeats", first, SEPARATELY), Step("list", last, "all cases")

    return asked_for(problem, Answer(listed(together), linked(each, together), steps))


def _answer(problem: Problem) -> Answer:
    """One network's; where it has no letters, its statement stands for itself."""
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
    return decided(each.conclusion.args[1], (*problem.unknowns, *problem.parameters))
