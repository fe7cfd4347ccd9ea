"""The page of the numbered relationships of Dumoulin & Visin: each is quoted, proven, and derived rule by rule."""

from __future__ import annotations

from symnet.kernel.theorem import Theorem
from symnet.kernel.walks import steps
from symnet.layers.laws.dumoulin import RELATIONSHIPS, Relationship
from symnet.render.document import Block, Code, Document, Heading, Inline, Math, Paragraph, Step, line
from symnet.render.markdown import markdown

__all__ = ["dumoulin_page"]

_INTRODUCTION = (
    "V. Dumoulin and F. Visin number fifteen relationships between the sizes of a convolution in “A guide to convolution "
    "arithmetic for deep learning” (arXiv:1603.07285). Here each is a theorem: i is the input size, k the kernel, s the "
    "stride, p the padding, d the dilation; all are positive integers, p, a and n may be 0. An output size is by "
    "definition the number of places at which the kernel fits. Of a transposed convolution two things are proven: the "
    "convolution that the guide associates with it has the size o', and the original convolution takes o' back to i'."
)


def dumoulin_page() -> str:
    """All relationships as a Markdown page.

    >>> dumoulin_page().splitlines()[0]
    '# Convolution arithmetic, proven'
    """
    blocks: list[Block] = [Paragraph((_INTRODUCTION,))]
    for relationship in RELATIONSHIPS:
        blocks += _relationship(relationship)
    return markdown(Document(("Convolution arithmetic, proven",), tuple(blocks)))


def _relationship(relationship: Relationship) -> list[Block]:
    theorem = relationship.theorem
    title = f"Relationship {relationship.number}: {relationship.name.replace('_', ' ')}"
    statement: list[Inline] = ["Proven: ", Math(theorem.conclusion)]
    for index, hypothesis in enumerate(sorted(theorem.hypotheses, key=lambda each: each.serial)):
        statement += [", " if index else " if ", Math(hypothesis)]
    blocks: list[Block] = [
        Heading(2, (title,)),
        Paragraph((f"“{relationship.quoted}”",)),
        Paragraph((*statement, ".")),
    ]
    numbers: dict[Theorem, int] = {}
    for step in steps(theorem):
        numbers[step] = len(numbers) + 1
        blocks.append(Step(numbers[step], line(Math(step.conclusion)), _reason(step, numbers)))
    blocks.append(Paragraph(("In the guide's figures: ", *_figures(relationship), ".")))
    return blocks


def _reason(step: Theorem, numbers: dict[Theorem, int]) -> tuple[Inline, ...]:
    used = ", ".join(f"[{numbers[premise]}]" for premise in dict.fromkeys(step.premises))
    return line(Code(step.rule), f" {used}" if used else "")


def _figures(relationship: Relationship) -> list[Inline]:
    """The sizes in the guide's figures, evaluated."""
    parts: list[Inline] = []
    for worked, values in zip(relationship.worked_figures(), relationship.figures, strict=True):
        arguments = ", ".join(f"{symbol.name} = {value}" for symbol, value in values[0].items())
        parts += ["; " if parts else "", f"{arguments} gives o = ", Math(worked.conclusion)]
    return parts
