"""Answers to questions as blocks: what the solutions are, where none is what is near, and the steps."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from symnet.embed.request import Request
from symnet.render.derivations import derivation_lines, reasons
from symnet.render.document import Block, Code, Inline, Line, Math, Paragraph, Step, Strong, line
from symnet.solving.api import solve
from symnet.terms.propositions import Eq
from symnet.terms.term import integer

if TYPE_CHECKING:
    from symnet.solving.solutions import Solutions

__all__ = ["answer_blocks", "answer_line"]


def answer_blocks(request: Request) -> tuple[Block, ...]:
    """The answer to the question of a request, and the steps to it."""
    found = _solved(request)
    question = Paragraph((Strong("Question."), " ", Code(request.label or request.source)))
    if not found.complete:
        return question, Paragraph((Strong("Not known."), f" {found.reason}"))
    return question, Paragraph(_answer(found)), *_near(found), *_steps(found)


def answer_line(request: Request) -> Line:
    """The answer alone, for a line of text."""
    found = _solved(request)
    if not found.complete:
        return (f"not known: {found.reason}",)
    return ("no solution",) if found.count == 0 else _values(found)


@lru_cache(maxsize=64)
def _solved(request: Request) -> Solutions:
    found: Solutions = solve(
        request.source,
        for_=request.text("for"),
        where=request.text("where"),
        exact=request.flag("exact"),
        valid=request.flag("valid"),
        budget=request.text("budget"),
        every=request.text("every"),
    )
    return found


def _answer(found: Solutions) -> Line:
    if found.count == 0:
        return (Strong("No solution."),)
    return Strong("Answer:"), " ", *_values(found), ", and no other." if found.count == 1 else "."


def _values(found: Solutions) -> Line:
    """All solutions: numbers, a proposition of one unknown, or their list in words."""
    if found.count != 1:
        return (Math(found.conditions),) if len(found.unknowns) == 1 else (str(found),)
    terms = {symbol.name: symbol for symbol in (*found.problem.unknowns, *found.problem.parameters)}
    parts: list[Inline] = []
    for name, value in next(iter(found.numeric())).items():
        parts += [", " if parts else "", Math(Eq(terms[name], integer(value)))]
    return line(*parts)


def _near(found: Solutions) -> list[Block]:
    blocks: list[Block] = []
    for near in found.nearest:
        values = ", ".join(f"{name} = {value:,}" for name, value in near.example.items())
        blocks.append(Paragraph((f"The nearest: {near.size:,} instead of {near.asked:,}, with {values}.",)))
    return blocks


def _steps(found: Solutions) -> list[Block]:
    steps: list[Block] = [
        Step(number, line(*(part if isinstance(part, str) else Math(part) for part in parts)), (words,))
        for number, (parts, words) in enumerate(derivation_lines(found), start=1)
    ]
    return steps + [Paragraph((f"{name[0].upper()}{name[1:]}: {reason}",)) for name, reason in reasons(found)]
