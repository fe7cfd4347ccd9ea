"""Writes an answer with its derivation, in Markdown and in plain text: the answer, the steps to it, and what it rests on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from symnet.kernel.walks import steps
from symnet.printing.latex import latex
from symnet.printing.text import unicode_text
from symnet.render.answer_cases import cases_table, many_cases
from symnet.render.derivations import derivation_lines, reasons
from symnet.render.markdown import markdown_blocks
from symnet.render.phrases import elsewhere
from symnet.render.text import text_blocks
from symnet.solving.by_stride import WithStride, values_of_others
from symnet.solving.chain import Family, Listed
from symnet.solving.for_every_size import AT_SIZES
from symnet.solving.listing import WHOLE, Mark, cases_in, listing, values
from symnet.solving.missing import missing, nearest_count
from symnet.solving.nearest import several_asked
from symnet.solving.other_cases import other_cases
from symnet.solving.question import Problem
from symnet.solving.redundant import all_conjuncts
from symnet.solving.solutions import Solutions
from symnet.solving.statement import BUDGET, TARGET
from symnet.terms.evaluation import evaluate
from symnet.terms.propositions import Le
from symnet.terms.term import Symbol, Term, symbols_of

__all__ = ["headline", "markdown", "plain"]


def headline(solutions: Solutions, *, whole: bool = False, apart: bool = False) -> str:
    """The answer in a sentence, and for which inputs it is none. With ``whole`` all solutions are listed in numeric order; with
    ``apart`` many cases are only counted, since a table shows them.
    """
    others = other_cases(solutions.problem) if solutions.complete else ()
    return "".join((_answered(solutions, whole, apart), *elsewhere(others)))


def _answered(solutions: Solutions, whole: bool, apart: bool) -> str:
    if not solutions.complete:
        return f"Not known: {solutions.reason}."
    if solutions.count == 0:
        return _nothing(solutions) + _near(solutions)
    whatever = _whatever(solutions)
    if whatever:
        all_exact = solutions.exactly.complete and solutions.exactly.count == solutions.count is not None
        only = f"{values(next(solutions.numeric()))}, and no other" if solutions.count == 1 else str(solutions)
        return f"{only}, {whatever}.{' Every layer divides exactly.' if all_exact else ''}"
    if solutions.count == 1:
        [solution] = solutions.numeric()
        dropped = solutions.dropped(solution)
        left = ", ".join(f"{one.name} drops {one.entries:,}" for one in dropped)
        return f"{values(solution, solutions.listed_parameters)}, and no other. " + (
            f"({left} at the end of an axis.)" if dropped else "(Every layer divides exactly.)"
        )
    if solutions.by_stride:
        return _by_stride(solutions)
    cases = many_cases(solutions) if apart and not whole else None
    if cases is not None:
        with_count = f" with {solutions.count:,} solutions" if solutions.count is not None else ""
        return f"{cases:,} cases{with_count}, the most usual first:"
    exactly = _exactly(solutions)
    mark = _marks(solutions) if exactly else None
    if whole and solutions.finite and (mark is not None or len(solutions.unknowns) > 1):
        return f"{listing(solutions, mark, whole=True)}."
    if mark is None or solutions.exactly.count == solutions.count:
        return f"{solutions}.{exactly}" + "".join(_too_many(solutions))
    many = f"{solutions.exactly.count:,}" if solutions.exactly.count else "none"
    more = f" (Every layer divides exactly at {many} of them.)" if (solutions.count or 0) > WHOLE else ""
    return f"{listing(solutions, mark)}.{more}"


def _by_stride(solutions: Solutions) -> str:
    """The solutions for the usual strides, and the conditions for all strides."""
    found = solutions.answer.solution_set
    alone = values_of_others(found.conditions) if isinstance(found, Family) else {}
    fixed = values({symbol.name: value for symbol, value in alone.items()})
    by_stride = "; ".join(_with_stride(one, alone) for one in solutions.by_stride)
    return f"{fixed}{', and ' if fixed else ''}{by_stride}. In general {solutions}."


def _with_stride(one: WithStride, alone: Collection[Symbol]) -> str:
    """``S = 2: F − 2·P ∈ {1, 2}``, without what is said of other symbols once."""
    conditions = [part for part in all_conjuncts(one.conditions) if not set(symbols_of(part)) & {*alone}]
    return f"{one.stride.name} = {one.value}: {', '.join(map(unicode_text, conditions)) or 'any'}"


def _marks(solutions: Solutions) -> Mark | None:
    """The remark on each solution of a list, that every layer divides exactly or what is dropped; ``None`` if one remark holds for all
    solutions.
    """
    listed = solutions.answer.solution_set
    if (
        not isinstance(listed, Listed)
        or len(listed.unknowns) == 1
        or cases_in(solutions)
        or solutions.listed_parameters
    ):
        return None

    def mark(one: Mapping[str, int]) -> str:
        dropped = ", ".join(f"{part.name} drops {part.entries:,}" for part in solutions.dropped(one))
        return f" ({dropped or 'exactly'})"

    return mark


def _whatever(solutions: Solutions) -> str:
    """``whatever W is``, if the question is about every size; else ''."""
    names = " and ".join(symbol.name for symbol in solutions.problem.every)
    return names and f"whatever {names} {'are' if len(solutions.problem.every) > 1 else 'is'}"


def _near(solutions: Solutions) -> str:
    """A sentence on the nearest reachable sizes; with several numbers in the target, each names the number it replaces."""
    if not solutions.nearest:
        return ""
    several = several_asked(solutions.problem)
    near = [
        f"{one.size:,}{f' for {one.asked:,}' if several else ''} ({values(one.example)})" for one in solutions.nearest
    ]
    if len(near) == 1:
        return f" The nearest size that is reachable: {near[0]}."
    return f" The nearest sizes that are reachable: {', '.join(near[:-1])} and {near[-1]}."


def _exactly(solutions: Solutions) -> str:
    """A remark on the solutions for which no layer drops an entry; '' if there is nothing to say."""
    problem, listed = solutions.problem, solutions.answer.solution_set
    networks = [problem, *(case.problem for case in problem.cases)]
    tensors = [tensor for network in networks for tensor in network.statement.tensors]
    may_drop = any(symbols_of(part.proposition) for tensor in tensors for part in tensor.exact)
    if problem.exact or not may_drop or not isinstance(listed, Listed) or not solutions.exactly.complete:
        return ""
    exactly = solutions.exactly
    if exactly.count == 0:
        return " (Some layer drops entries at each of them.)"
    if exactly.answer.solution_set == listed or (solutions.finite and exactly.count == solutions.count):
        return " (Every layer divides exactly.)"
    return f" (Every layer divides exactly where {exactly}.)"


def _too_many(solutions: Solutions) -> Iterator[str]:
    """Returns a sentence on the budget spent at the largest solution, and at the next number, which exceeds it."""
    listed = solutions.answer.solution_set
    last = (
        solutions.count
        and isinstance(listed, Listed)
        and len(listed.unknowns) == 1
        and solutions.members.parts[-1].maximum
    )
    if not last:
        return
    [name] = solutions.unknowns
    here, beyond = _spent(solutions.problem, last), _spent(solutions.problem, last + 1)
    for (what, total, _), (_, more, most) in zip(here, beyond, strict=False):
        if more > most:
            at, past = values({name: last}), values({name: last + 1})
            yield f" {at} makes {total:,}{what}; {past} makes {more:,}, too many."


def _spent(problem: Problem, value: int) -> list[tuple[str, int, int]]:
    """Returns for the value of the single unknown the name of each budget, what is spent of it, and its bound."""
    statements = [problem.statement]
    assigned: dict[Term, int] = {problem.unknowns[0]: value}
    if problem.counts:
        statements = [case.problem.statement for case in problem.cases if case.counts == tuple(assigned.items())]
    budgets: list[tuple[str, int, int]] = []
    for statement in statements:
        for part in statement.parts.values():
            expanded = statement.with_formulas(part.proposition)
            if part.why == BUDGET and isinstance(expanded, Le) and expanded.args[1].constant is not None:
                total, most = expanded.args
                budgets.append((f" {part.what}" if part.what else "", evaluate(total, assigned), evaluate(most)))
    return budgets


def _nothing(solutions: Solutions) -> str:
    """A sentence that there is no solution, with a size that cannot be the requested one, or a condition that excludes all."""
    for part in solutions.problem.statement.parts.values():
        left, right = part.proposition.args[0], part.proposition.args[-1]
        if part.why == TARGET and isinstance(left, Term) and left.constant is not None and right.constant is not None:
            return f"No solution: the network gives {left.constant:,} channels or units, and the question asks for {right.constant:,}."
    tried = (
        next((step.words for step in solutions.derivation if step.heading == AT_SIZES), "")
        if solutions.problem.every
        else ""
    )
    if tried:
        return f"No solution: nothing does for every size, as {tried} shows."
    without = missing(solutions.problem)
    if without is None:
        near = nearest_count(solutions.problem)
        if near is None:
            return "No solution."
        return f"No solution: {values(near[0])} comes nearest, where {unicode_text(near[1])} does not hold."
    chosen = values(without.example)
    if without.exact:
        left = ", ".join(f"{one.name} drops {one.entries:,}" for one in solutions.dropped(without.example))
        return f"No solution that drops nothing: {chosen} would do, but {left or 'some layer drops entries'}."
    [excluding] = without.parts
    return f"No solution: {unicode_text(excluding.proposition)} leaves none; without it {chosen} would do."


def _rests(solutions: Solutions) -> str:
    shown = [*(step.theorem for step in solutions.derivation), *(one.theorem for one in solutions.by_stride)]
    number = len(steps(solutions.theorem, *shown))
    assumed = sorted(unicode_text(hypothesis) for hypothesis in solutions.theorem.hypotheses)
    signs = "every symbol is a positive integer, paddings may be 0"
    return f"{number:,} step{'s' * (number != 1)} by the kernel. Assumed: {', '.join([*assumed, signs])}."


def markdown(solutions: Solutions, *, whole: bool = False) -> str:
    """The answer with its derivation as Markdown, for GitHub and notebooks."""
    text = [f"**{headline(solutions, whole=whole, apart=True)}**"]
    if not whole and (table := cases_table(solutions)) is not None:
        text += ["", markdown_blocks((table,), {})]
    if solutions.complete:
        text.append("")
        for number, (line, words) in enumerate(derivation_lines(solutions), start=1):
            shown = "".join(part if isinstance(part, str) else f"${latex(part)}$" for part in line)
            text.append(f"[{number}] {shown} — *{words}*  ")
        text += [line for name, reason in reasons(solutions) for line in ("", f"*{name}:* {reason}")]
        text += ["", f"**Checked.** {_rests(solutions)}"]
    return "\n".join(text)


def plain(solutions: Solutions, *, whole: bool = False) -> str:
    """The answer with its derivation as plain text, for a terminal."""
    text = [headline(solutions, whole=whole, apart=True)]
    if not whole and (table := cases_table(solutions)) is not None:
        text += [f"  {line}" for line in text_blocks((table,), {}).splitlines()]
    if solutions.complete:
        for number, (line, words) in enumerate(derivation_lines(solutions), start=1):
            shown = "".join(part if isinstance(part, str) else unicode_text(part) for part in line)
            text.append(f"  [{number}] {shown}   ({words})")
        text += [f"  {name[0].upper()}{name[1:]}: {reason}" for name, reason in reasons(solutions)]
        text.append(f"  Checked: {_rests(solutions)}")
    return "\n".join(text)
