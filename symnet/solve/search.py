"""Finding all solutions. Whatever is tried here, the answer is a theorem ⊢ question ⇔ membership, made by kernel rules.

1. Counts become formulas (:mod:`symnet.solve.statement`).
2. One unknown and numbers: isolate it where that reads well; then all solutions are decided on progressions.
3. Several unknowns and numbers: bounds are proven, all but one unknown are tried, the last one is decided.
4. Parameters, or no bounds: isolate one unknown; the answer is its bounds in terms of the others.
"""

from __future__ import annotations

from dataclasses import dataclass

from symnet.errors import KernelError, SymnetError
from symnet.kernel.propositions import And, Congruent, Divides, In, Or, Proposition
from symnet.kernel.rules import cases, iff_chain, rewrite_iff, value
from symnet.kernel.theorem import Theorem
from symnet.solve.bounds import find_bounds
from symnet.solve.derivation import Step
from symnet.solve.isolate import Stop, bounds_on, unfloored
from symnet.solve.question import Problem
from symnet.solve.statement import Statement
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.term import CeilDiv, FloorDiv, Int, Mod, Node, Symbol, Term, children_first, symbols_of

__all__ = ["Answer", "Family", "Listed", "answer", "decided"]

#: Questions of more parts than this are not isolated for reading: their parts are the layers of a network.
READABLE = 8


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
    """``found`` is ``None`` where the question is out of reach; ``reason`` says why."""

    found: Listed | Family | None
    theorem: Theorem | None
    steps: tuple[Step, ...]
    reason: str | None = None


class _Chain:
    """Equivalences from the question on; a step that changes nothing is left out."""

    def __init__(self, first: Theorem) -> None:
        self.theorem = first
        self.steps: list[Step] = []

    @property
    def result(self) -> Proposition:
        return self.theorem.conclusion.args[1]  # type: ignore[no-any-return]

    def add(self, theorem: Theorem, heading: str, words: str) -> None:
        left, right = theorem.conclusion.args
        if left is not right:
            self.theorem = iff_chain(self.theorem, theorem)
            self.steps.append(Step(heading, theorem, words))


def answer(problem: Problem) -> Answer:
    """The whole answer, or why there is none."""
    chain = _started(problem.statement)
    chain.add(worked_out(chain.result), "work out", "evaluate")
    steps = tuple(chain.steps)
    try:
        if problem.parameters:
            return _family(chain, problem)
        if not problem.unknowns:
            raise SymnetError("the question has no unknown: write a symbol where a number is asked for")
        if len(problem.unknowns) == 1:
            return _one(chain, problem.unknowns[0])
        return _several(chain, problem)
    except (KernelError, Stop) as why:
        return Answer(None, None, steps, str(why))


def _started(statement: Statement) -> _Chain:
    formulas = statement.formulas()
    chain = _Chain(formulas)
    if formulas.conclusion.args[0] is not formulas.conclusion.args[1]:
        chain.steps.append(Step("sizes", formulas, "window count"))
    return chain


def worked_out(proposition: Proposition) -> Theorem:
    """⊢ p ⇔ p with every part that is a number worked out."""
    found: dict[Term, None] = {}
    stack: list[Node] = [proposition]
    while stack:
        node = stack.pop()
        if isinstance(node, Term) and node.constant is not None:
            if not isinstance(node, Int):
                found[node] = None
        else:
            stack.extend(node.children)
    return rewrite_iff(tuple(value(term) for term in found), proposition)


# ---- one unknown ------------------------------------------------------------------------------------------------------


def _one(chain: _Chain, unknown: Symbol) -> Answer:
    if isinstance(chain.result, And) and len(chain.result.args) <= READABLE:
        _isolate(chain, unknown)
    theorem = decided(chain.result, (unknown,))
    chain.add(theorem, "list", "all solutions")
    members = chain.result.args[1]
    return Answer(Listed((unknown,), (((), members),)), chain.theorem, tuple(chain.steps))


def _isolate(chain: _Chain, unknown: Symbol) -> None:
    """Undo floors and divide, where that can be done; else the question is decided as it stands."""
    try:
        opened = unfloored(chain.result, unknown)
        bounded = bounds_on(opened.conclusion.args[1], unknown)
    except SymnetError:
        return
    chain.add(opened, "isolate", "floor characterisation")
    chain.add(bounded, "divide", "divide by a positive number, rounding down")
    chain.add(worked_out(chain.result), "work out", "evaluate")


def decided(proposition: Proposition, unknowns: tuple[Symbol, ...]) -> Theorem:
    """⊢ p ⇔ the set of solutions; bounds are looked for only where they are needed."""
    if len(unknowns) == 1:
        try:
            return cases(proposition, unknowns, ())
        except KernelError:
            if not (unknowns[0] in divisors(proposition)):
                raise
    bounds = find_bounds(proposition, unknowns)
    order = _order(proposition, unknowns, bounds.span)
    return cases(proposition, order, tuple(bounds.theorems))


def divisors(proposition: Proposition) -> set[Symbol]:
    """The symbols that stand in a divisor."""
    found: set[Symbol] = set()
    for node in children_first(proposition):
        if isinstance(node, FloorDiv | CeilDiv | Mod):
            found.update(symbols_of(node.args[1]))
        elif isinstance(node, Divides):
            found.update(symbols_of(node.args[0]))
        elif isinstance(node, Congruent):
            found.update(symbols_of(node.args[2]))
    return found


def _order(proposition: Proposition, unknowns: tuple[Symbol, ...], span: object) -> tuple[Symbol, ...]:
    """The unknown with the most values last, since its set is decided at once; one that is a divisor only if it must be."""
    dividing = divisors(proposition)

    def weight(unknown: Symbol) -> tuple[bool, float | int]:
        values = span(unknown)  # type: ignore[operator]
        return unknown not in dividing, 1 << 80 if values is None else values

    last = max(unknowns, key=weight)
    endless = [unknown for unknown in unknowns if span(unknown) is None and unknown is not last]  # type: ignore[operator]
    if endless:
        raise KernelError(f"{endless[0].name} has no bound: add one with where, or ask for one unknown at a time")
    return (*(unknown for unknown in unknowns if unknown is not last), last)


# ---- several unknowns -------------------------------------------------------------------------------------------------


def _several(chain: _Chain, problem: Problem) -> Answer:
    try:
        theorem = decided(chain.result, problem.unknowns)
    except KernelError as why:
        try:
            return _family(chain, problem)
        except Stop:
            raise why from None
    chain.add(theorem, "list", "all cases")
    order: tuple[Symbol, ...] = theorem.arguments[1]
    rows: list[tuple[tuple[int, ...], IntegerSet]] = []
    result = chain.result
    for row in result.args if isinstance(result, Or) else ():
        *equations, member = row.args
        rows.append((tuple(equation.args[1].value for equation in equations), member.args[1]))
    return Answer(Listed(order, tuple(rows)), chain.theorem, tuple(chain.steps))


# ---- parameters -------------------------------------------------------------------------------------------------------


def _family(chain: _Chain, problem: Problem) -> Answer:
    """Bounds of one unknown in terms of everything else: the first one that can be isolated."""
    why: SymnetError | None = None
    for unknown in problem.unknowns:
        if unknown not in symbols_of(chain.result):
            continue
        try:
            opened = unfloored(chain.result, unknown)
            bounded = bounds_on(opened.conclusion.args[1], unknown)
        except SymnetError as error:
            why = why or error
            continue
        chain.add(opened, "isolate", "floor characterisation")
        chain.add(bounded, "divide", "divide by a positive number, rounding down")
        chain.add(worked_out(chain.result), "work out", "evaluate")
        return Answer(Family(unknown, chain.result), chain.theorem, tuple(chain.steps))
    if why is None:
        return Answer(Family(problem.unknowns[0], chain.result), chain.theorem, tuple(chain.steps))
    raise Stop(str(why))


def members(theorem: Theorem) -> IntegerSet | None:
    """The set, of an answer for one unknown."""
    result = theorem.conclusion.args[1]
    return result.args[1] if isinstance(result, In) else None
