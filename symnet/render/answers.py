"""An answer with its derivation, in Markdown and in plain text: the answer, then line by line why, then what it
rests on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from symnet.kernel.walks import steps
from symnet.printing.latex import latex
from symnet.printing.text import unicode_text
from symnet.render.answer_cases import cases_table, many_cases
from symnet.render.derivations import derivation_lines, reasons
from symnet.render.markdown import markdown_blocks
from symnet.render.text import text_blocks
from symnet.solving.by_stride import WithStride
from symnet.solving.chain import Listed
from symnet.solving.for_every_size import AT_SIZES
from symnet.solving.listing import WHOLE, Mark, cases_in, listing, values
from symnet.solving.missing import missing
from symnet.solving.nearest import several_asked
from symnet.solving.question import Problem
from symnet.solving.redundant import all_conjuncts
from symnet.solving.solutions import Solutions
from symnet.solving.statement import BUDGET, TARGET
from symnet.terms.propositions import Le
from symnet.terms.term import Term, evaluate, symbols_of

__all__ = ["headline", "markdown", "plain"]


def headline(found: Solutions, *, whole: bool = False, apart: bool = False) -> str:
    """The answer in a sentence; the ``whole`` list stands in numeric order. Many cases may stand ``apart``, in a table."""
    if not found.complete:
        return f"Not known: {found.reason}."
    if found.count == 0:
        return _nothing(found) + _near(found)
    whatever = _whatever(found)
    if whatever:
        all_exact = found.exactly.complete and found.exactly.count == found.count is not None
        only = f"{values(next(found.numeric()))}, and no other" if found.count == 1 else str(found)
        return f"{only}, {whatever}.{' Every layer divides exactly.' if all_exact else ''}"
    if found.count == 1:
        [solution] = found.numeric()
        dropped = found.dropped(solution)
        left = ", ".join(f"{one.name} drops {one.entries:,}" for one in dropped)
        return f"{values(solution, found.listed_parameters)}, and no other. " + (
            f"({left} at the end of an axis.)" if dropped else "(Every layer divides exactly.)"
        )
    if found.by_stride:
        return _by_stride(found)
    cases = many_cases(found) if apart and not whole else None
    if cases is not None:
        solutions = f" with {found.count:,} solutions" if found.count is not None else ""
        return f"{cases:,} cases{solutions}, the most usual first:"
    exactly = _exactly(found)
    mark = _marks(found) if exactly else None
    if whole and found.finite and (mark is not None or len(found.unknowns) > 1):
        return f"{listing(found, mark, whole=True)}."
    if mark is None or found.exactly.count == found.count:
        return f"{found}.{exactly}" + "".join(_too_many(found))
    many = f"{found.exactly.count:,}" if found.exactly.count else "none"
    more = f" (Every layer divides exactly at {many} of them.)" if (found.count or 0) > WHOLE else ""
    return f"{listing(found, mark)}.{more}"


def _by_stride(found: Solutions) -> str:
    """What the usual strides come to, and the conditions for all of them."""
    told = "; ".join(map(_with_stride, found.by_stride))
    return f"{told}. In general {found}."


def _with_stride(one: WithStride) -> str:
    """``S = 2: F − 2·P ∈ {1, 2}``."""
    conditions = all_conjuncts(one.conditions)
    return f"{one.stride.name} = {one.value}: {', '.join(map(unicode_text, conditions)) or 'any'}"


def _marks(found: Solutions) -> Mark | None:
    """What is said of each solution of a list: that every layer divides exactly, or what is dropped; nothing where that is
    said of all of them at once.
    """
    listed = found.answer.solution_set
    if not isinstance(listed, Listed) or len(listed.unknowns) == 1 or cases_in(found) or found.listed_parameters:
        return None

    def mark(one: Mapping[str, int]) -> str:
        dropped = ", ".join(f"{part.name} drops {part.entries:,}" for part in found.dropped(one))
        return f" ({dropped or 'exactly'})"

    return mark


def _whatever(found: Solutions) -> str:
    """``whatever W is``, where the question is asked for every size."""
    names = " and ".join(symbol.name for symbol in found.problem.every)
    return names and f"whatever {names} {'are' if len(found.problem.every) > 1 else 'is'}"


def _near(found: Solutions) -> str:
    """Which sizes could be had; which number of the target each stands for where that can be asked."""
    if not found.nearest:
        return ""
    several = several_asked(found.problem)
    near = [f"{one.size:,}{f' for {one.asked:,}' if several else ''} ({values(one.example)})" for one in found.nearest]
    if len(near) == 1:
        return f" The nearest size that is reachable: {near[0]}."
    return f" The nearest sizes that are reachable: {', '.join(near[:-1])} and {near[-1]}."


def _exactly(found: Solutions) -> str:
    """At which of several solutions no layer drops an entry."""
    problem, listed = found.problem, found.answer.solution_set
    networks = [problem, *(case.problem for case in problem.cases)]
    tensors = [tensor for network in networks for tensor in network.statement.tensors]
    may_drop = any(symbols_of(part.proposition) for tensor in tensors for part in tensor.exact)
    if problem.exact or not may_drop or not isinstance(listed, Listed) or not found.exactly.complete:
        return ""
    exactly = found.exactly
    if exactly.count == 0:
        return " (Some layer drops entries at each of them.)"
    if exactly.answer.solution_set == listed or (found.finite and exactly.count == found.count):
        return " (Every layer divides exactly.)"
    return f" (Every layer divides exactly where {exactly}.)"


def _too_many(found: Solutions) -> Iterator[str]:
    """What a budget comes to at the largest solution, and at the next number, which is too many."""
    listed = found.answer.solution_set
    last = found.count and isinstance(listed, Listed) and len(listed.unknowns) == 1 and found.members.parts[-1].maximum
    if not last:
        return
    [name] = found.unknowns
    here, beyond = _spent(found.problem, last), _spent(found.problem, last + 1)
    for (what, total, _), (_, more, most) in zip(here, beyond, strict=False):
        if more > most:
            at, past = values({name: last}), values({name: last + 1})
            yield f" {at} makes {total:,}{what}; {past} makes {more:,}, too many."


def _spent(problem: Problem, value: int) -> list[tuple[str, int, int]]:
    """What the one unknown spends of every budget, of what, and its most."""
    statements = [problem.statement]
    assigned: dict[Term, int] = {problem.unknowns[0]: value}
    if problem.counts:
        statements = [case.problem.statement for case in problem.cases if case.counts == tuple(assigned.items())]
    found: list[tuple[str, int, int]] = []
    for statement in statements:
        for part in statement.parts.values():
            written = statement.with_formulas(part.proposition)
            if part.why == BUDGET and isinstance(written, Le) and written.args[1].constant is not None:
                total, most = written.args
                found.append((f" {part.what}" if part.what else "", evaluate(total, assigned), evaluate(most)))
    return found


def _nothing(found: Solutions) -> str:
    """That there is no solution, and the size that cannot be the one asked for, whatever the unknowns."""
    for part in found.problem.statement.parts.values():
        left, right = part.proposition.args[0], part.proposition.args[-1]
        if part.why == TARGET and isinstance(left, Term) and left.constant is not None and right.constant is not None:
            return f"No solution: the network gives {left.constant:,} channels or units, and the question asks for {right.constant:,}."
    tried = (
        next((step.words for step in found.derivation if step.heading == AT_SIZES), "") if found.problem.every else ""
    )
    if tried:
        return f"No solution: nothing does for every size, as {tried} shows."
    without = missing(found.problem)
    if without is None:
        return "No solution."
    chosen = values(without.example)
    if without.exact:
        left = ", ".join(f"{one.name} drops {one.entries:,}" for one in found.dropped(without.example))
        return f"No solution that drops nothing: {chosen} would do, but {left or 'some layer drops entries'}."
    [told] = without.parts
    return f"No solution: {unicode_text(told.proposition)} leaves none; without it {chosen} would do."


def _rests(found: Solutions) -> str:
    shown = [*(step.theorem for step in found.derivation), *(one.theorem for one in found.by_stride)]
    number = len(steps(found.theorem, *shown))
    assumed = sorted(unicode_text(hypothesis) for hypothesis in found.theorem.hypotheses)
    signs = "every symbol is a positive integer, paddings may be 0"
    return f"{number:,} step{'s' * (number != 1)} by the kernel. Assumed: {', '.join([*assumed, signs])}."


def markdown(found: Solutions, *, whole: bool = False) -> str:
    """The answer with its derivation, for GitHub and notebooks."""
    text = [f"**{headline(found, whole=whole, apart=True)}**"]
    if not whole and (table := cases_table(found)) is not None:
        text += ["", markdown_blocks((table,), {})]
    if found.complete:
        text.append("")
        for number, (line, words) in enumerate(derivation_lines(found), start=1):
            shown = "".join(part if isinstance(part, str) else f"${latex(part)}$" for part in line)
            text.append(f"[{number}] {shown} — *{words}*  ")
        text += [line for name, reason in reasons(found) for line in ("", f"*{name}:* {reason}")]
        text += ["", f"**Checked.** {_rests(found)}"]
    return "\n".join(text)


def plain(found: Solutions, *, whole: bool = False) -> str:
    """The answer with its derivation, for a terminal."""
    text = [headline(found, whole=whole, apart=True)]
    if not whole and (table := cases_table(found)) is not None:
        text += [f"  {line}" for line in text_blocks((table,), {}).splitlines()]
    if found.complete:
        for number, (line, words) in enumerate(derivation_lines(found), start=1):
            shown = "".join(part if isinstance(part, str) else unicode_text(part) for part in line)
            text.append(f"  [{number}] {shown}   ({words})")
        text += [f"  {name[0].upper()}{name[1:]}: {reason}" for name, reason in reasons(found)]
        text.append(f"  Checked: {_rests(found)}")
    return "\n".join(text)
