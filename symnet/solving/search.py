"""Solving: a problem to an :class:`Answer` with a theorem ⊢ question ⇔ membership, made by kernel rules only.

1. Counts become formulas (:mod:`symnet.solving.statement`). 2. A product of sizes that must be a number is solved by
its factorizations (:mod:`symnet.solving.factors`). 3. One unknown: it is isolated if that reads well; then the set of
all its values is decided on progressions. 4. Several unknowns: bounds are proven by interval arithmetic, all unknowns
but one are enumerated, the last is decided. 5. Parameters, or no bounds: one unknown is isolated, and the answer is
its bounds in terms of the others.

The order in which these are attempted only decides how readable the answer is: whichever succeeds first proves the
same set.
"""

from __future__ import annotations

from dataclasses import replace

from symnet.errors import KernelError, SymnetError
from symnet.kernel.rules import regroup
from symnet.kernel.theorem import Theorem
from symnet.printing.text import unicode_text
from symnet.search.cases import cases
from symnet.search.memo import OutOfReach
from symnet.solving.bounds import find_bounds
from symnet.solving.by_symbol import each_by_itself, sets_of_single_symbols
from symnet.solving.chain import Answer, Chain, Family, Listed
from symnet.solving.derivation import Step
from symnet.solving.divisors import possible_zero_divisor, symbols_in_divisors
from symnet.solving.factors import factored, factorizations
from symnet.solving.floors import Stop, identity, linked, unfloored
from symnet.solving.isolate import bounds_on
from symnet.solving.layer_by_layer import layer_by_layer
from symnet.solving.order_of_unknowns import CASES, easiest_first, enumeration_order, is_solved
from symnet.solving.question import Problem
from symnet.solving.readable import solve_equations, substitute_equalities
from symnet.solving.redundant import all_conjuncts
from symnet.solving.statement import Statement
from symnet.terms.evaluation import evaluate, holds
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.node import Node, children_first
from symnet.terms.propositions import And, Divides, Eq, In, Le, Lt, Or, Proposition
from symnet.terms.term import CeilDiv, FloorDiv, Symbol, symbols_of

__all__ = ["NothingAsked", "answer", "as_listed", "by_numbers", "family", "project_to_unknowns", "solution_set_theorem"]

#: Questions with more parts than this are not isolated for reading: their parts are the layers of a network.
READABLE = 8
#: The words of the last line of an answer derived layer by layer.
TOGETHER = "these layers together; what the others ask follows"
#: Conditions of so many parts are rewritten in two seconds.
PARTS = 4_000
#: At most so many solutions are listed in preference to conditions with alternatives.
FEW_LISTED = 24


class NothingAsked(SymnetError):
    """A question without an unknown: whether it holds, and what the network gives."""

    def __init__(self, holds: bool, given: str):
        super().__init__(holds, given)
        self.holds, self.given = holds, given

    def __str__(self) -> str:
        """Both in a sentence."""
        return (
            f"the question has no unknown, and it {'holds' if self.holds else 'does not hold'}: the network gives "
            f"{self.given}; write a symbol where a number is asked for"
        )


def answer(problem: Problem) -> Answer:
    """The whole answer, or an answer with the reason why there is none. Raises :class:`SymnetError` for a question
    without unknowns.
    """
    if not problem.unknowns:
        raise NothingAsked(holds(by_numbers(problem.statement).conclusion.args[1]), _output_text(problem))
    try:
        if (found := _by_factors(problem)) is not None:
            return found
        if problem.parameters:
            return _with_parameters(problem)
        if len(problem.unknowns) == 1 and len(problem.statement.parts) <= READABLE:
            return _by_layers(problem, _by_steps(problem))
        return _by_layers(problem, _decide_directly(problem))
    except (KernelError, Stop) as why:
        symbols = (*problem.unknowns, *problem.parameters)
        return Answer(None, None, tuple, possible_zero_divisor(problem.statement.proposition, symbols) or str(why))


def _by_layers(problem: Problem, solved: Answer) -> Answer:
    """The same answer with steps layer by layer, if many layers have conditions, or one is a divisibility."""
    statement = problem.statement
    has_many_parts = len(statement.parts) > READABLE or any(isinstance(part, Divides) for part in statement.parts)
    if (
        len(problem.unknowns) > 1
        or not has_many_parts
        or not isinstance(solved.solution_set, Listed)
        or solved.theorem is None
    ):
        return solved
    [(_, members)] = solved.solution_set.rows
    theorem = solved.theorem

    def steps() -> tuple[Step, ...]:
        layers = layer_by_layer(problem, members)
        return solved.steps() if layers is None else (*layers, Step("list", theorem, TOGETHER))

    return replace(solved, steps=steps)


def _by_factors(problem: Problem) -> Answer | None:
    """The answer if a product of sizes is required to be a number: one case per factorization. ``None`` if there is no
    such condition or its factors cannot be separated.
    """
    statement, letters = problem.statement, (*problem.unknowns, *problem.parameters)
    if len(letters) < 2 or not any(
        isinstance(part, Eq) and part.args[1].constant is not None and len(symbols_of(part)) > 1
        for part in statement.parts
    ):
        return None
    chain = Chain(statement)
    try:
        factors = factored(chain.result)
    except (KernelError, Stop):
        return None
    if factors is None:
        return None
    chain.add(factors.pairs, "factors", factorizations(factors))
    if factors.apart is None or factors.boxes is None or set(factors.boxes.symbols) != set(letters):
        if not problem.parameters:
            try:
                theorem = solution_set_theorem(chain.result, problem.unknowns)
                chain.add(theorem, "list", "all cases")
                return chain.answer(as_listed(theorem))
            except KernelError:
                pass
        try:
            return family(chain, problem.unknowns)
        except Stop:
            return None
    chain.add(factors.apart, "separate", "each size by itself: the values of its symbol that give this factor")
    if problem.parameters:
        return chain.answer(Family(problem.unknowns[0], chain.result))
    rows = factors.boxes.rows(problem.unknowns, CASES)
    return None if rows is None else chain.answer(Listed(problem.unknowns, rows))


def _output_text(problem: Problem) -> str:
    """The output sizes of a network without letters, in words: ``64 × 112 × 112``."""
    statement = problem.statement
    sizes = (
        [statement.formulas.formula_of(size) for size in statement.tensors[-1].shape.dims] if statement.tensors else []
    )
    return " × ".join(f"{evaluate(size):,}" if not symbols_of(size) else unicode_text(size) for size in sizes)


def _with_parameters(problem: Problem) -> Answer:
    """Tries, in order: bounds of the unknown in terms of the parameters; if that fails, enumerating the parameters too
    (first, if the target fixes them).
    """
    fixed_by_target = {
        part.args[0] for part in problem.statement.parts if isinstance(part, Eq) and part.args[1].constant is not None
    }
    if fixed_by_target.issuperset(problem.parameters):
        try:
            return _list_with_parameters(problem)
        except (KernelError, Stop):
            return family(Chain(problem.statement), problem.unknowns)
    try:
        answer_ = family(Chain(problem.statement), problem.unknowns)
    except Stop as why:
        try:
            return _list_with_parameters(problem)
        except (KernelError, Stop):
            raise why from None
    return _listed_if_few(problem, answer_) or answer_


def _listed_if_few(problem: Problem, answer_: Answer) -> Answer | None:
    """A list of few solutions, if the parameters are bounded and the general answer has alternatives; else ``None``."""
    if answer_.theorem is None or not any(
        isinstance(part, Or) for part in all_conjuncts(answer_.theorem.conclusion.args[1])
    ):
        return None
    try:
        if not find_bounds(problem.statement.proposition, (*problem.unknowns, *problem.parameters)).small:
            return None
        listing = _list_with_parameters(problem)
    except (KernelError, Stop):
        return None
    rows = listing.solution_set.rows if isinstance(listing.solution_set, Listed) else ()
    return (
        listing
        if isinstance(listing.solution_set, Listed) and sum(row.size or 0 for _, row in rows) <= FEW_LISTED
        else None
    )


def _list_with_parameters(problem: Problem) -> Answer:
    """All solutions with the values of the parameters; infinitely many become conditions on the first unknown."""
    everything = replace(problem, unknowns=(*problem.unknowns, *problem.parameters), parameters=())
    return project_to_unknowns(problem, _decide_directly(everything, conditions=False))


def project_to_unknowns(problem: Problem, answer: Answer) -> Answer:
    """Projects an answer over unknowns and parameters to the unknowns: an infinite set becomes conditions with the
    first unknown isolated.
    """
    solution_set = answer.solution_set
    if not problem.parameters or solution_set is None or answer.theorem is None:
        return answer
    if isinstance(solution_set, Family) and solution_set.unknown in problem.unknowns:
        return answer
    if isinstance(solution_set, Listed) and all(members.size is not None for _, members in solution_set.rows):
        return answer
    return replace(answer, solution_set=Family(problem.unknowns[0], answer.theorem.conclusion.args[1]))


def _decide_directly(problem: Problem, *, conditions: bool = True) -> Answer:
    """All solutions by one kernel rule, on the question by definition if its counts are plain windows; the readable
    steps are computed when they are read. ``conditions`` allows an answer by conditions if nothing can be listed.
    """
    statement = problem.statement
    if not statement.direct:
        return _by_steps(problem, conditions=conditions)
    try:
        theorem = solution_set_theorem(statement.proposition, problem.unknowns)
    except KernelError as why:
        return _by_steps(problem, conditions=conditions, beyond=why if isinstance(why, OutOfReach) else None)
    return Answer(as_listed(theorem), theorem, lambda: _by_steps(problem).steps())


def _by_steps(problem: Problem, *, conditions: bool = True, beyond: OutOfReach | None = None) -> Answer:
    """Formulas first, then isolation if that reads well, then all solutions. ``beyond``: the direct decision already
    ran out of steps, so it is not tried again after rewriting.
    """
    chain = Chain(problem.statement)
    unknowns = problem.unknowns
    apart = all(len(symbols_of(part)) < 2 for part in all_conjuncts(chain.result))
    if apart and isinstance(chain.result, And) and len(chain.result.args) <= READABLE:
        _isolate(chain, unknowns)
    if apart and len(unknowns) > 1 and (listed := each_by_itself(chain.result, unknowns, CASES)) is not None:
        theorem, rows = listed
        chain.add(theorem, "separate", "each symbol by itself: all its values")
        return chain.answer(Listed(unknowns, rows))
    try:
        if beyond is not None:
            raise beyond
        theorem = solution_set_theorem(chain.result, unknowns)
    except KernelError as why:
        if len(unknowns) == 1 or not conditions:
            raise
        if all(find_bounds(chain.result, unknowns).span(unknown) is not None for unknown in unknowns):
            more = ": add bounds with where" if isinstance(why, OutOfReach) else ""
            raise KernelError(f"there are finitely many solutions, but {why}{more}") from None
        try:
            return family(chain, unknowns)
        except Stop:
            raise why from None
    chain.add(theorem, "list", "all solutions" if len(unknowns) == 1 else "all cases")
    return chain.answer(as_listed(theorem))


def by_numbers(statement: Statement) -> Theorem:
    """⊢ a question without symbols ⇔ the same with every part evaluated."""
    return Chain(statement).theorem


def as_listed(theorem: Theorem) -> Listed:
    """The conclusion of the kernel's rule ``tree`` as data."""
    order: tuple[Symbol, ...] = theorem.arguments[1]
    result = theorem.conclusion.args[1]
    if isinstance(result, In):
        return Listed(order, (((), result.args[1]),))
    rows: list[tuple[tuple[int, ...], IntegerSet]] = []
    for row in result.args:
        *equations, member = row.args
        rows.append((tuple(equation.args[1].value for equation in equations), member.args[1]))
    return Listed(order, tuple(rows))


# ---- one or several unknowns
# -------------------------------------------------------------------------------------------


def _isolate(chain: Chain, unknowns: tuple[Symbol, ...]) -> None:
    """Undoes floors and divides, if possible; otherwise the question is decided as it is. No condition has two of the unknowns."""
    chain.drop()
    chain.thin()
    opened = identity(chain.result)
    try:
        for unknown in unknowns:
            opened = linked(opened, unfloored(opened.conclusion.args[1], unknown))
        bounded = identity(opened.conclusion.args[1])
        for unknown in unknowns:
            bounded = linked(bounded, bounds_on(bounded.conclusion.args[1], unknown))
    except SymnetError:
        return
    _add_bounds(chain, opened, bounded)


def _add_bounds(chain: Chain, opened: Theorem, bounded: Theorem) -> None:
    left, right = opened.conclusion.args
    undone = _nodes_of(left, FloorDiv, CeilDiv) - _nodes_of(right, FloorDiv, CeilDiv)
    split = len(_nodes_of(right, Le, Lt)) > len(_nodes_of(left, Le, Lt))
    words = ("floor characterisation" if undone else "equal: neither is more") if split else "rearrange"
    chain.add(opened, "isolate", words)
    divided = _nodes_of(bounded.conclusion.args[1], FloorDiv) - _nodes_of(right, FloorDiv)
    chain.add(bounded, "divide", "divide by a positive number, rounding down" if divided else "rearrange")
    if isinstance(chain.result, And):
        chain.add(regroup(chain.result, And(*all_conjuncts(chain.result))), "collect", "the same conditions, each once")
    chain.work_out()
    chain.thin()


def _nodes_of(proposition: Proposition, *kinds: type[Node]) -> set[Node]:
    return {node for node in children_first(proposition) if isinstance(node, kinds)}


def solution_set_theorem(proposition: Proposition, unknowns: tuple[Symbol, ...]) -> Theorem:
    """⊢ p ⇔ the set of its solutions; bounds are computed only if they are needed. Raises :class:`KernelError` if it
    is out of reach.
    """
    if len(unknowns) == 1:
        try:
            return cases(proposition, unknowns, ())
        except KernelError:
            if unknowns[0] not in symbols_in_divisors(proposition):
                raise
    bounds = find_bounds(proposition, unknowns)
    order = enumeration_order(proposition, bounds, unknowns)
    return cases(proposition, order, tuple(bounds.theorems))


# ---- parameters
# --------------------------------------------------------------------------------------------------------


def family(chain: Chain, unknowns: tuple[Symbol, ...]) -> Answer:
    """The bounds of one unknown in terms of everything else: the first one that can be isolated. Raises :class:`Stop`
    if none can.
    """
    why: SymnetError | None = None
    parts = sum(len(children_first(part)) for part in all_conjuncts(chain.result))
    if parts > PARTS:
        raise Stop(
            f"the conditions have {parts:,} parts, which is too much to isolate an unknown (at most {PARTS:,}): bound the "
            "letters with where, so that they are tried"
        )
    letters = (*unknowns, *symbols_of(chain.result))
    for _ in (
        range(2) if possible_zero_divisor(chain.result, letters) is None else ()
    ):  # what is drawn out of floors may be an equation
        chain.add(solve_equations(chain.result), "solve", "rearrange")
        chain.add(substitute_equalities(chain.result, linear=True), "equate", "put in what a symbol equals")
        chain.work_out()
        chain.thin()
    chain.thin()
    chain.add(sets_of_single_symbols(chain.result, unknowns), "separate", "each symbol that stands alone")
    for unknown in easiest_first(unknowns, chain.result):
        if unknown not in symbols_of(chain.result):
            continue
        if is_solved(unknown, chain.result):
            return chain.answer(Family(unknown, chain.result))
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
