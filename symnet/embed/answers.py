"""Answers to questions as blocks: the solutions or the nearest sizes, and the steps of the derivation."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from symnet.embed.request import OptionError, Request
from symnet.render.derivations import derivation_lines, reasons
from symnet.render.document import Block, Code, Inline, Line, Math, Paragraph, Step, Strong, line
from symnet.render.phrases import elsewhere
from symnet.solving.api import solve
from symnet.solving.budgets import Budget
from symnet.solving.other_cases import other_cases
from symnet.terms.propositions import Eq
from symnet.terms.term import integer

if TYPE_CHECKING:
    from symnet.solving.solutions import Solutions

__all__ = ["answer_blocks", "answer_line"]


def answer_blocks(request: Request) -> tuple[Block, ...]:
    """The question of a request, its answer, and the derivation."""
    solutions = _solved(request)
    question = Paragraph((Strong("Question."), " ", Code(request.label or request.source)))
    if not solutions.complete:
        return question, Paragraph((Strong("Not known."), f" {solutions.reason}"))
    others = elsewhere(other_cases(solutions.problem))
    return question, Paragraph((*_answer(solutions), *others)), *_near(solutions), *_steps(solutions)


def answer_line(request: Request) -> Line:
    """The answer alone, for a line of text."""
    solutions = _solved(request)
    if not solutions.complete:
        return (f"not known: {solutions.reason}",)
    return ("no solution",) if solutions.count == 0 else _values(solutions)


@lru_cache(maxsize=64)
def _solved(request: Request) -> Solutions:
    solutions: Solutions = solve(
        request.source,
        for_=request.text("for"),
        where=request.text("where"),
        exact=request.flag("exact"),
        valid=request.flag("valid"),
        budget=_budget(request),
        every=request.text("every"),
    )
    return solutions


def _budget(request: Request) -> Budget | None:
    """The budgets of a request with what bytes are counted for; ``None`` without one."""
    text = request.text("budget")
    if text is None:
        for name in ("batch", "dtype", "train"):
            if request.text(name) is not None:
                raise OptionError(f'{name} says what bytes are counted for: add a budget, budget="memory<=8Gi"')
        return None
    return Budget(text, request.text("batch") or "1", request.text("dtype") or "float32", request.text("train"))


def _answer(solutions: Solutions) -> Line:
    if solutions.count == 0:
        return (Strong("No solution."),)
    return Strong("Answer:"), " ", *_values(solutions), ", and no other." if solutions.count == 1 else "."


def _values(solutions: Solutions) -> Line:
    """All solutions: the values of one, a condition on one unknown, or the list as text."""
    if solutions.count != 1:
        return (Math(solutions.conditions),) if len(solutions.unknowns) == 1 else (str(solutions),)
    terms = {symbol.name: symbol for symbol in (*solutions.problem.unknowns, *solutions.problem.parameters)}
    parts: list[Inline] = []
    for name, value in next(iter(solutions.numeric())).items():
        parts += [", " if parts else "", Math(Eq(terms[name], integer(value)))]
    return line(*parts)


def _near(solutions: Solutions) -> list[Block]:
    blocks: list[Block] = []
    for near in solutions.nearest:
        values = ", ".join(f"{name} = {value:,}" for name, value in near.example.items())
        blocks.append(Paragraph((f"The nearest: {near.size:,} instead of {near.asked:,}, with {values}.",)))
    return blocks


def _steps(solutions: Solutions) -> list[Block]:
    steps: list[Block] = [
        Step(number, line(*(part if isinstance(part, str) else Math(part) for part in parts)), (words,))
        for number, (parts, words) in enumerate(derivation_lines(solutions), start=1)
    ]
    return steps + [Paragraph((f"{name[0].upper()}{name[1:]}: {reason}",)) for name, reason in reasons(solutions)]
