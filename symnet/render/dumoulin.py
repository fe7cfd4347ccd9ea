"""The page of the numbered relationships of Dumoulin & Visin: each is quoted, proven, and derived step by step.

What was derived before is cited by its number. A step that only shows the condition of another one is told with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from symnet.kernel.theorem import Theorem
from symnet.kernel.walks import steps
from symnet.layers.laws.dumoulin import RELATIONSHIPS, Relationship
from symnet.printing.latex import latex
from symnet.render.document import Block, Document, Heading, Inline, Math, Paragraph, Step, line
from symnet.render.markdown import markdown
from symnet.terms.propositions import Eq

__all__ = ["dumoulin_page"]

_INTRODUCTION = (
    "V. Dumoulin and F. Visin number fifteen relationships between the sizes of a convolution in “A guide to convolution "
    "arithmetic for deep learning” (arXiv:1603.07285). Here each is a theorem: i is the input size, k the kernel, s the "
    "stride, p the padding, d the dilation; all are positive integers, p, a and n may be 0. An output size is by "
    "definition the number of places at which the kernel fits. Of a transposed convolution two things are proven: the "
    "convolution that the guide associates with it has the size o', and the original convolution takes o' back to i'. "
    "What was derived before is cited by its number."
)
#: What a rule does, in words.
_WORDS = {
    "assume": "the condition", "both": "together", "chain": "equals of equals", "flip": "read backwards",
    "floor_value": "what it means that a floor is this number", "instantiate": "with these values", "linear": "from the inequalities",
    "modus_ponens": "by the equivalence", "polynomial_identity": "the same polynomial", "replace": "equals for equals",
    "sign": "by the signs", "window_count": "window k ends inside at the latest for the largest k with kS + F ≤ L: hence + 1",
    "window_value": "which lengths have so many windows", "part": "one of the two",
}  # fmt: skip


def dumoulin_page() -> str:
    """All relationships as a Markdown page.

    >>> dumoulin_page().splitlines()[0]
    '# Convolution arithmetic, proven'
    """
    blocks: list[Block] = [Paragraph((_INTRODUCTION,))]
    shown = _Shown()
    for relationship in RELATIONSHIPS:
        blocks += _relationship(relationship, shown)
    return markdown(Document(("Convolution arithmetic, proven",), tuple(blocks)))


def _relationship(relationship: Relationship, shown: _Shown) -> list[Block]:
    theorem = relationship.theorem
    title = f"Relationship {relationship.number}: {relationship.name.replace('_', ' ')}"
    statement: list[Inline] = ["Proven: ", Math(theorem.conclusion)]
    for index, hypothesis in enumerate(sorted(theorem.hypotheses, key=lambda each: each.serial)):
        statement += [", " if index else " if ", Math(hypothesis)]
    return [
        Heading(2, (title,)),
        Paragraph((f"“{relationship.quoted}”",)),
        Paragraph((*statement, ".")),
        *shown.steps_to(theorem),
        Paragraph(("In the guide's figures: ", *_figures(relationship), ".")),
    ]


class _Shown:
    """The steps of the page: the number of each theorem that was told."""

    def __init__(self) -> None:
        self._numbers: dict[Theorem, int] = {}
        self._last = 0

    def steps_to(self, theorem: Theorem) -> list[Block]:
        """The steps that were not told before."""
        every = steps(theorem)
        uses = Counter(premise for step in every for premise in dict.fromkeys(step.premises))
        with_condition = {_meant(step): step for step in every if step.rule == "cut" and uses[_meant(step)] == 1}
        blocks: list[Block] = []
        for step in every:
            if step in self._numbers or step in with_condition:
                continue
            if isinstance(step.conclusion, Eq) and len({*map(latex, step.conclusion.args)}) == 1:  # nothing to tell
                self._numbers[step] = 0
                continue
            same = next(
                (one for one in step.premises if _written(one) == _written(step) and one in self._numbers), None
            )
            if same is not None:  # the same formula again
                self._numbers[step] = self._numbers[same]
                continue
            self._last += 1
            self._numbers[step] = self._last
            blocks.append(Step(self._last, line(Math(step.conclusion)), self._reason(step)))
        return blocks

    def _reason(self, step: Theorem) -> tuple[Inline, ...]:
        conditions: list[Theorem] = []
        while step.rule == "cut":
            conditions += step.premises[:-1]
            step = _meant(step)
            if step in self._numbers:
                return line(f"[{self._numbers[step]}], its condition by{self._cited(conditions)}")
        shown = f", its condition by{self._cited(conditions)}" if conditions else ""
        rule = "sign" if step.rule == "linear" and not step.premises else step.rule
        return line(f"{_WORDS[rule]}{self._cited(step.premises)}{shown}")

    def _cited(self, premises: Iterable[Theorem]) -> str:
        return "".join(
            f" [{number}]" for number in dict.fromkeys(self._numbers[premise] for premise in premises) if number
        )


def _meant(cut: Theorem) -> Theorem:
    """The theorem whose condition a cut shows."""
    return cut.premises[-1]


def _written(theorem: Theorem) -> str:
    return latex(theorem.conclusion)


def _figures(relationship: Relationship) -> list[Inline]:
    """The sizes in the guide's figures, evaluated."""
    parts: list[Inline] = []
    for worked, values in zip(relationship.worked_figures(), relationship.figures, strict=True):
        arguments = ", ".join(f"{symbol.name} = {value}" for symbol, value in values[0].items())
        left, right = worked.conclusion.args
        parts += ["; " if parts else "", f"{arguments} gives o = ", Math(right if left is right else worked.conclusion)]
    return parts
