"""Answers to questions as blocks: what the solutions are, where none is what is near, and the steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symnet.embed.request import Request
from symnet.render.derivations import derivation_lines, reasons
from symnet.render.document import Block, Code, Inline, Math, Paragraph, Step, Strong, line
from symnet.solving.api import solve
from symnet.terms.propositions import Eq
from symnet.terms.term import integer

if TYPE_CHECKING:
    from symnet.solving.solutions import Solutions

__all__ = ["answer_blocks"]


def answer_blocks(request: Request) -> tuple[Block, ...]:
    """The answer to the question of a request."""
    found = solve(
        request.source,
        for_=request.text("for"),
        where=request.text("where"),
        exact=request.flag("exact"),
        valid=request.flag("valid"),
        budget=request.text("budget"),
        every=request.text("every"),
    )
    question = Paragraph((Strong("Question."), " ", Code(request.source)))
    if not found.complete:
        return question, Paragraph((Strong("Not known."), f" {found.reason}"))
    return question, Paragraph(_said(found)), *_near(found), *_steps(found)


def _said(found: Solutions) -> tuple[Inline, ...]:
    if found.count == 0:
        return (Strong("No solution."),)
    if found.count == 1:
        one = next(iter(found.numeric()))
        parts: list[Inline] = [Strong("Answer:"), " "]
        terms = {symbol.name: symbol for symbol in (*found.problem.unknowns, *found.problem.parameters)}
        for place, (name, value) in enumerate(one.items()):
            parts += [", " if place else "", Math(Eq(terms[name], integer(value)))]
        return line(*parts, ", and no other.")
    return Strong("Answer:"), " ", *((Math(found.conditions),) if _short(found) else (str(found),)), "."


def _short(found: Solutions) -> bool:
    return len(found.unknowns) == 1


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
