"""Finding all solutions. Whatever is tried here, the answer is a theorem ⊢ question ⇔ membership, made by kernel rules.

1. Counts become formulas (:mod:`symnet.solving.statement`).
2. One unknown and numbers: isolate it where that reads well; then all solutions are decided on progressions.
3. Several unknowns and numbers: bounds are proven, all but one unknown are tried, the last one is decided.
4. Parameters, or no bounds: isolate one unknown; the answer is its bounds in terms of the others.
"""

from __future__ import annotations

from dataclasses import replace
from math import prod

from symnet.errors import KernelError, SymnetError
from symnet.kernel.rules import regroup
from symnet.kernel.theorem import Theorem
from symnet.printing.text import unicode_text
from symnet.search.cases import cases
from symnet.search.remembering import OutOfReach
from symnet.solving.bounds import Bounds, count_cases, find_bounds
from symnet.solving.chain import Answer, Chain, Family, Listed
from symnet.solving.derivation import Step
from symnet.solving.dividing import dividing, undefined
from symnet.solving.factors import factored, written_as
from symnet.solving.implied import flat
from symnet.solving.isolate import bounds_on, in_remainder
from symnet.solving.layer_by_layer import layer_by_layer
from symnet.solving.question import Problem
from symnet.solving.separate import separated
from symnet.solving.statement import Statement
from symnet.solving.unfloor import Stop, unfloored
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.node import Node, children_first
from symnet.terms.propositions import And, Divides, Eq, In, Le, Lt, Or, Proposition, holds
from symnet.terms.term import CeilDiv, FloorDiv, Symbol, evaluate, symbols_of

__all__ = ["answer", "asked_for", "by_numbers", "decided", "family", "listed"]

#: Questions of more parts than this are not isolated for reading: their parts are the layers of a network.
READABLE = 8
#: No more values of all unknowns but one are tried; the kernel stops earlier where each of them is much work.
CASES = 50_000
#: Why the last line of an answer told layer by layer is all of it.
TOGETHER = "these layers together; what the others ask follows"
#: With so few no better order is looked for.
FEW = 200
#: So few solutions are rather listed than told by conditions with alternatives.
FEW_LISTED = 24


def answer(problem: Problem) -> Answer:
    """The whole answer, or why there is none."""
    if not problem.unknowns:
        true = holds(by_numbers(problem.statement).conclusion.args[1])
        raise SymnetError(
            f"the question has no unknown, and it {'holds' if true else 'does not hold'}: the network gives "
            f"{_given(problem)}; write a symbol where a number is asked for"
        )
    try:
        if (found := _by_factors(problem)) is not None:
            return found
        if problem.parameters:
            return _with_parameters(problem)
        if len(problem.unknowns) == 1 and len(problem.statement.parts) <= READABLE:
            return _by_layers(problem, _by_steps(problem))
        return _by_layers(problem, _at_once(problem))
    except (KernelError, Stop) as why:
        symbols = (*problem.unknowns, *problem.parameters)
        return Answer(None, None, tuple, undefined(problem.statement.proposition, symbols) or str(why))


def _by_layers(problem: Problem, found: Answer) -> Answer:
    """The same answer, told layer by layer where many layers ask for something, or one that nothing is left over."""
    statement = problem.statement
    told = len(statement.parts) > READABLE or any(isinstance(part, Divides) for part in statement.parts)
    if len(problem.unknowns) > 1 or not told or not isinstance(found.found, Listed) or found.theorem is None:
        return found
    [(_, members)] = found.found.rows
    theorem = found.theorem

    def steps() -> tuple[Step, ...]:
        layers = layer_by_layer(problem, members)
        return found.steps() if layers is None else (*layers, Step("list", theorem, TOGETHER))

    return replace(found, steps=steps)


def _by_factors(problem: Problem) -> Answer | None:
    """Where a product of sizes is to be a number: each way to write it as one, with the values that every size has then;
    ``None`` where nothing asks for that, or no factors can be told apart.
    """
    statement, letters = problem.statement, (*problem.unknowns, *problem.parameters)
    if len(letters) < 2 or not any(
        isinstance(part, Eq) and part.args[1].constant is not None and len(symbols_of(part)) > 1
        for part in statement.parts
    ):
        return None
    chain = Chain(statement)
    try:
        found = factored(chain.result)
    except (KernelError, Stop):
        return None
    if found is None:
        return None
    chain.add(found.pairs, "factors", written_as(found))
    if found.apart is None or found.boxes is None or set(found.boxes.symbols) != set(letters):
        if not problem.parameters:
            try:
                theorem = decided(chain.result, problem.unknowns)
                chain.add(theorem, "list", "all cases")
                return chain.answer(listed(theorem))
            except KernelError:
                pass
        try:
            return family(chain, problem.unknowns)
        except Stop:
            return None
    chain.add(found.apart, "separate", "each size by itself: the values of its symbol that give this factor")
    if problem.parameters:
        return chain.answer(Family(problem.unknowns[0], chain.result))
    rows = found.boxes.rows(problem.unknowns, CASES)
    return None if rows is None else chain.answer(Listed(problem.unknowns, rows))


def _given(problem: Problem) -> str:
    """What a network without letters gives: ``64 × 112 × 112``."""
    statement = problem.statement
    sizes = [statement.formulas.written(size) for size in statement.tensors[-1].shape.dims] if statement.tensors else []
    return " × ".join(f"{evaluate(size):,}" if not symbols_of(size) else unicode_text(size) for size in sizes)


def _with_parameters(problem: Problem) -> Answer:
    """Bounds in terms of the parameters; where there are none, the parameters are listed along if they have bounds
    themselves, and at once if they are told.
    """
    asked = {
        part.args[0] for part in problem.statement.parts if isinstance(part, Eq) and part.args[1].constant is not None
    }
    if asked.issuperset(problem.parameters):
        try:
            return _along(problem)
        except (KernelError, Stop):
            return family(Chain(problem.statement), problem.unknowns)
    try:
        found = family(Chain(problem.statement), problem.unknowns)
    except Stop as why:
        try:
            return _along(problem)
        except (KernelError, Stop):
            raise why from None
    return _rather_listed(problem, found) or found


def _rather_listed(problem: Problem, found: Answer) -> Answer | None:
    """A few solutions, where the parameters have bounds themselves and the answer for all of them has alternatives."""
    if found.theorem is None or not any(isinstance(part, Or) for part in flat(found.theorem.conclusion.args[1])):
        return None
    try:
        if not find_bounds(problem.statement.proposition, (*problem.unknowns, *problem.parameters)).small:
            return None
        listing = _along(problem)
    except (KernelError, Stop):
        return None
    rows = listing.found.rows if isinstance(listing.found, Listed) else ()
    return (
        listing if isinstance(listing.found, Listed) and sum(row.size or 0 for _, row in rows) <= FEW_LISTED else None
    )


def _along(problem: Problem) -> Answer:
    """All solutions with the parameters; infinitely many are conditions on the first unknown."""
    everything = replace(problem, unknowns=(*problem.unknowns, *problem.parameters), parameters=())
    return asked_for(problem, _at_once(everything, conditions=False))


def asked_for(problem: Problem, answer: Answer) -> Answer:
    """The answer as one about what is asked for: infinitely many solutions with parameters become conditions on the first
    unknown, which is alone in them.
    """
    found = answer.found
    if not problem.parameters or found is None or answer.theorem is None:
        return answer
    if isinstance(found, Family) and found.unknown in problem.unknowns:
        return answer
    if isinstance(found, Listed) and all(members.size is not None for _, members in found.rows):
        return answer
    return replace(answer, found=Family(problem.unknowns[0], answer.theorem.conclusion.args[1]))


def _at_once(problem: Problem, *, conditions: bool = True) -> Answer:
    """All solutions by one rule, on the question by definition where its counts are plain windows; the steps a
    person would take are found when they are read. ``conditions`` are the answer where nothing can be listed, if allowed.
    """
    statement = problem.statement
    if not statement.direct:
        return _by_steps(problem, conditions=conditions)
    try:
        theorem = decided(statement.proposition, problem.unknowns)
    except KernelError as why:
        return _by_steps(problem, conditions=conditions, beyond=why if isinstance(why, OutOfReach) else None)
    return Answer(listed(theorem), theorem, lambda: _by_steps(problem).steps())


def _by_steps(problem: Problem, *, conditions: bool = True, beyond: OutOfReach | None = None) -> Answer:
    """Formulas, then isolate and divide where that reads well, then all solutions; ``beyond`` says that these are too much
    work, which formulas do not change.
    """
    chain = Chain(problem.statement)
    unknowns = problem.unknowns
    if len(unknowns) == 1 and isinstance(chain.result, And) and len(chain.result.args) <= READABLE:
        _isolate(chain, unknowns[0])
    try:
        if beyond is not None:
            raise beyond
        theorem = decided(chain.result, unknowns)
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
    return chain.answer(listed(theorem))


def by_numbers(statement: Statement) -> Theorem:
    """⊢ a question without symbols ⇔ the same with every part worked out."""
    return Chain(statement).theorem


def listed(theorem: Theorem) -> Listed:
    """The answer of the rule ``tree`` as data."""
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


def _isolate(chain: Chain, unknown: Symbol) -> None:
    """Undo floors and divide, where that can be done; else the question is decided as it stands."""
    chain.drop()
    chain.thin()
    try:
        opened = unfloored(chain.result, unknown)
        bounded = bounds_on(opened.conclusion.args[1], unknown)
    except SymnetError:
        return
    _add_bounds(chain, opened, bounded)


def _add_bounds(chain: Chain, opened: Theorem, bounded: Theorem) -> None:
    left, right = opened.conclusion.args
    undone = _of(left, FloorDiv, CeilDiv) - _of(right, FloorDiv, CeilDiv)
    split = len(_of(right, Le, Lt)) > len(_of(left, Le, Lt))
    words = ("floor characterisation" if undone else "equal: neither is more") if split else "rearrange"
    chain.add(opened, "isolate", words)
    divided = _of(bounded.conclusion.args[1], FloorDiv) - _of(right, FloorDiv)
    chain.add(bounded, "divide", "divide by a positive number, rounding down" if divided else "rearrange")
    if isinstance(chain.result, And):
        chain.add(regroup(chain.result, And(*flat(chain.result))), "collect", "the same conditions, each once")
    chain.work_out()
    chain.thin()


def _of(proposition: Proposition, *kinds: type[Node]) -> set[Node]:
    return {node for node in children_first(proposition) if isinstance(node, kinds)}


def decided(proposition: Proposition, unknowns: tuple[Symbol, ...]) -> Theorem:
    """⊢ p ⇔ the set of solutions; bounds are looked for only where they are needed."""
    if len(unknowns) == 1:
        try:
            return cases(proposition, unknowns, ())
        except KernelError:
            if unknowns[0] not in dividing(proposition):
                raise
    bounds = find_bounds(proposition, unknowns)
    order = _order(proposition, bounds, unknowns)
    return cases(proposition, order, tuple(bounds.theorems))


def _order(proposition: Proposition, bounds: Bounds, unknowns: tuple[Symbol, ...]) -> tuple[Symbol, ...]:
    """The set of the last unknown is decided at once: the one that leaves the fewest cases of the others; one that divides
    only if it must be. Of the others those with a single value come first: nothing is tried for them.
    """
    below = dividing(proposition)
    spans = {unknown: bounds.span(unknown) for unknown in unknowns}

    def weight(unknown: Symbol) -> tuple[bool, int]:
        span = spans[unknown]
        return unknown not in below, 1 << 80 if span is None else span

    first, *others = sorted(unknowns, key=weight, reverse=True)
    outer = others[::-1]
    for unknown in outer:
        if spans[unknown] is None:
            raise KernelError(f"{unknown.name} has no bound: add one with where, or ask for one unknown at a time")
    outer.sort(key=lambda unknown: (spans[unknown] != 1, unknown not in below, spans[unknown]))
    amount = prod(spans[unknown] or 0 for unknown in outer)
    if amount <= FEW:
        return (*outer, first)
    best, tried = (*outer, first), count_cases(bounds, outer, CASES)
    for last in outer:
        if last in below or spans[first] is None:
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


def family(chain: Chain, unknowns: tuple[Symbol, ...]) -> Answer:
    """Bounds of one unknown in terms of everything else: the first one that can be isolated."""
    why: SymnetError | None = None
    chain.thin()
    chain.add(separated(chain.result, unknowns), "separate", "each symbol that stands alone")
    result = chain.result
    for unknown in sorted(unknowns, key=lambda one: in_remainder(result, one)):  # those that come out whole first
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
