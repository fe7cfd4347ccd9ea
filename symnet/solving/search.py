"""Finding all solutions. Whatever is tried here, the answer is a theorem ⊢ question ⇔ membership, made by kernel rules.

1. Counts become formulas (:mod:`symnet.solving.statement`).
2. One unknown and numbers: isolate it where that reads well; then all solutions are decided on progressions.
3. Several unknowns and numbers: bounds are proven, all but one unknown are tried, the last one is decided.
4. Parameters, or no bounds: isolate one unknown; the answer is its bounds in terms of the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import prod

from symnet.errors import KernelError, SymnetError
from symnet.kernel.propositions import And, Congruent, Divides, Eq, In, Proposition
from symnet.kernel.rules import cases, iff_chain, regroup
from symnet.kernel.theorem import Theorem
from symnet.solving.bounds import Bounds, count_cases, find_bounds
from symnet.solving.derivation import Step
from symnet.solving.implied import flat, thinned
from symnet.solving.isolate import Stop, bounds_on, unfloored
from symnet.solving.question import Problem
from symnet.solving.statement import Statement
from symnet.solving.working import worked_out
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.term import CeilDiv, FloorDiv, Mod, Symbol, Windows, children_first, symbols_of

__all__ = ["Answer", "Family", "Listed", "answer", "by_numbers", "decided", "listed"]

#: Questions of more parts than this are not isolated for reading: their parts are the layers of a network.
READABLE = 8
#: No more values of all unknowns but one are tried: a few seconds of work.
CASES = 50_000
#: With so few no better order is looked for.
FEW = 200


@dataclass(frozen=True)
class Listed:
    """Finitely many choices for all unknowns but the last, each with the set of the last one."""

    unknowns: tuple[Symbol, ...]
    rows: tuple[tuple[tuple[int, ...], IntegerSet], ...]


@dataclass(frozen=True)
class Family:
    """Conditions that say exactly which values are solutions, with ``unknown`` isolated in them."""

    unknown: Symbol
    conditions: Proposition


@dataclass(frozen=True)
class Answer:
    """``found`` is ``None`` where the question is out of reach; ``reason`` says why. ``steps`` are found when they
    are read.
    """

    found: Listed | Family | None
    theorem: Theorem | None
    steps: Callable[[], tuple[Step, ...]]
    reason: str | None = None


class _Chain:
    """Equivalences from the question on; a step that changes nothing is left out."""

    def __init__(self, statement: Statement) -> None:
        self.theorem = statement.by_formula()
        self.steps: list[Step] = []
        if self.theorem.conclusion.args[0] is not self.theorem.conclusion.args[1]:
            self.steps.append(Step("sizes", self.theorem, "counts as formulas"))
        self.work_out()

    @property
    def result(self) -> Proposition:
        return self.theorem.conclusion.args[1]  # type: ignore[no-any-return]

    def add(self, theorem: Theorem, heading: str, words: str) -> None:
        left, right = theorem.conclusion.args
        if left is not right:
            self.theorem = iff_chain(self.theorem, theorem)
            self.steps.append(Step(heading, theorem, words))

    def work_out(self) -> None:
        """Numbers in the place of what comes to numbers."""
        self.add(worked_out(self.result), "work out", "evaluate")

    def thin(self) -> None:
        """Without conditions that follow from the others."""
        self.add(thinned(self.result), "thin", "without conditions that follow from the others")

    def answer(self, found: Listed | Family) -> Answer:
        """The answer at the end of the chain."""
        steps = tuple(self.steps)
        return Answer(found, self.theorem, lambda: steps)


def answer(problem: Problem) -> Answer:
    """The whole answer, or why there is none."""
    if not problem.unknowns:
        raise SymnetError("the question has no unknown: write a symbol where a number is asked for")
    try:
        if problem.parameters:
            return _with_parameters(problem)
        if len(problem.unknowns) == 1 and len(problem.statement.parts) <= READABLE:
            return _by_steps(problem)
        return _at_once(problem)
    except (KernelError, Stop) as why:
        return Answer(None, None, tuple, str(why))


def _with_parameters(problem: Problem) -> Answer:
    """Bounds in terms of the parameters; parameters that have bounds themselves may be listed along."""
    everything = replace(problem, unknowns=(*problem.unknowns, *problem.parameters), parameters=())
    asked = {
        part.args[0] for part in problem.statement.parts if isinstance(part, Eq) and part.args[1].constant is not None
    }
    if asked.issuperset(problem.parameters):
        return _at_once(everything)
    try:
        return _family(_Chain(problem.statement), problem.unknowns)
    except Stop as why:
        try:
            return _at_once(everything)
        except (KernelError, Stop):
            raise why from None


def _at_once(problem: Problem) -> Answer:
    """All solutions by one rule, on the question by definition where its counts are plain windows; the steps a
    person would take are found when they are read.
    """
    statement = problem.statement
    if not statement.direct:
        return _by_steps(problem)
    try:
        theorem = decided(statement.proposition, problem.unknowns)
    except KernelError:
        return _by_steps(problem)
    return Answer(listed(theorem), theorem, lambda: _by_steps(problem).steps())


def _by_steps(problem: Problem) -> Answer:
    """Formulas, then isolate and divide where that reads well, then all solutions."""
    chain = _Chain(problem.statement)
    unknowns = problem.unknowns
    if len(unknowns) == 1 and isinstance(chain.result, And) and len(chain.result.args) <= READABLE:
        _isolate(chain, unknowns[0])
    try:
        theorem = decided(chain.result, unknowns)
    except KernelError as why:
        if len(unknowns) == 1:
            raise
        try:
            return _family(chain, unknowns)
        except Stop:
            raise why from None
    chain.add(theorem, "list", "all solutions" if len(unknowns) == 1 else "all cases")
    return chain.answer(listed(theorem))


def by_numbers(statement: Statement) -> Theorem:
    """⊢ a question without symbols ⇔ the same with every part worked out."""
    return _Chain(statement).theorem


def listed(theorem: Theorem) -> Listed:
    """The answer of ``cases`` as data."""
    order: tuple[Symbol, ...] = theorem.arguments[1]
    result = theorem.conclusion.args[1]
    if isinstance(result, In):
        return Listed(order, (((), result.args[1]),))
    rows: list[tuple[tuple[int, ...], IntegerSet]] = []
    for row in result.args:
        *equations, member = row.args
        rows.append((tuple(equation.args[1].value for equation in equations), member.args[1]))
    return Listed(order, tuple(rows))


# ---- finding
# ----------------------------------------------------------------------------------------------------------


def _isolate(chain: _Chain, unknown: Symbol) -> None:
    """Undo floors and divide, where that can be done; else the question is decided as it stands."""
    chain.thin()
    try:
        opened = unfloored(chain.result, unknown)
        bounded = bounds_on(opened.conclusion.args[1], unknown)
    except SymnetError:
        return
    _add_bounds(chain, opened, bounded)


def _add_bounds(chain: _Chain, opened: Theorem, bounded: Theorem) -> None:
    chain.add(opened, "isolate", "floor characterisation")
    chain.add(bounded, "divide", "divide by a positive number, rounding down")
    if isinstance(chain.result, And):
        chain.add(regroup(chain.result, And(*flat(chain.result))), "collect", "the same conditions, each once")
    chain.work_out()
    chain.thin()


def decided(proposition: Proposition, unknowns: tuple[Symbol, ...]) -> Theorem:
    """⊢ p ⇔ the set of solutions; bounds are looked for only where they are needed."""
    if len(unknowns) == 1:
        try:
            return cases(proposition, unknowns, ())
        except KernelError:
            if unknowns[0] not in _divisors(proposition):
                raise
    bounds = find_bounds(proposition, unknowns)
    order = _order(proposition, bounds, unknowns)
    return cases(proposition, order, tuple(bounds.theorems))


def _divisors(proposition: Proposition) -> set[Symbol]:
    """The symbols that stand in a divisor."""
    found: set[Symbol] = set()
    for node in children_first(proposition):
        if isinstance(node, FloorDiv | CeilDiv | Mod):
            found.update(symbols_of(node.args[1]))
        elif isinstance(node, Divides):
            found.update(symbols_of(node.args[0]))
        elif isinstance(node, Windows):
            found.update(symbols_of(node.args[3]))
        elif isinstance(node, Congruent):
            found.update(symbols_of(node.args[2]))
    return found


def _order(proposition: Proposition, bounds: Bounds, unknowns: tuple[Symbol, ...]) -> tuple[Symbol, ...]:
    """The set of the last unknown is decided at once: the one that leaves the fewest cases of the others; one that divides
    only if it must be.
    """
    dividing = _divisors(proposition)
    spans = {unknown: bounds.span(unknown) for unknown in unknowns}

    def weight(unknown: Symbol) -> tuple[bool, int]:
        span = spans[unknown]
        return unknown not in dividing, 1 << 80 if span is None else span

    first, *others = sorted(unknowns, key=weight, reverse=True)
    outer = others[::-1]
    for unknown in outer:
        if spans[unknown] is None:
            raise KernelError(f"{unknown.name} has no bound: add one with where, or ask for one unknown at a time")
    outer.sort(key=lambda unknown: (unknown not in dividing, spans[unknown]))
    amount = prod(spans[unknown] or 0 for unknown in outer)
    if amount <= FEW:
        return (*outer, first)
    best, tried = (*outer, first), count_cases(bounds, outer, CASES)
    for last in outer:
        if last in dividing or spans[first] is None:
            continue
        order = [unknown for unknown in (*outer, first) if unknown is not last]
        fewer = count_cases(bounds, order, (tried or CASES) - 1)
        if fewer is not None:
            best, tried = (*order, last), fewer
    if tried is None and amount > CASES:
        raise KernelError(f"{amount:,} cases are out of reach (at most {CASES:,}): add bounds with where")
    return best


# ---- parameters
# -------------------------------------------------------------------------------------------------------


def _family(chain: _Chain, unknowns: tuple[Symbol, ...]) -> Answer:
    """Bounds of one unknown in terms of everything else: the first one that can be isolated."""
    why: SymnetError | None = None
    chain.thin()
    for unknown in unknowns:
        if unknown not in symbols_of(chain.result):
            continue
        try:
            opened = unfloored(chain.result, unknown)
            bounded = bounds_on(opened.conclusion.args[1], unknown)
        except SymnetError as error:
            why = why or error
            continue
        _add_bounds(chain, opened, bounded)
        return chain.answer(Family(unknown, chain.result))
    if why is None:
        return chain.answer(Family(unknowns[0], chain.result))
    raise Stop(str(why))
