"""The page of numbered relationships: every step is told once, cites what was told before, and ends in what is proven."""

from __future__ import annotations

import re

from symnet.layers.laws.dumoulin import RELATIONSHIPS
from symnet.printing.latex import latex
from symnet.render.dumoulin import dumoulin_page


def test_steps_are_told_once_and_cite_what_was_told() -> None:
    page = dumoulin_page()
    steps = [
        (int(number), formula, reason)
        for number, formula, reason in re.findall(r"^\*\*\\\[(\d+)\\\]\*\* \$(.*)\$ — (.*)$", page, re.MULTILINE)
    ]
    assert [number for number, _, _ in steps] == list(range(1, len(steps) + 1))
    assert len(steps) > 100
    for number, _, reason in steps:
        assert all(int(cited) < number for cited in re.findall(r"\\\[(\d+)\\\]", reason)), (number, reason)
        assert reason.split(" \\[")[0].strip(), number
    cited = {int(one) for _, _, reason in steps for one in re.findall(r"\\\[(\d+)\\\]", reason)}
    proven = {latex(relationship.theorem.conclusion) for relationship in RELATIONSHIPS}
    assert [formula for number, formula, _ in steps if number not in cited and formula not in proven] == []
    assert proven <= {formula for _, formula, _ in steps}
