"""Notation is read in time that grows with its length, and what is too long is refused soon."""

from __future__ import annotations

import pytest

from symnet.errors import NotationError
from symnet.notation.parse import parse_network, parse_question
from tests.counting_calls import work_at_most

HUGE = ["784 -> " + "[" * 90_000]
#: These take seconds where calls are counted.
LATER = [
    "784 -> " + "[" * 900_000,
    "784 -> " + " " * 900_000 + "[",
    "784 -> 1000000000 * [1000000000 * [@a -> From|a]]",
    "784 -> FC|" + "9" * 900_000,
    "784 -> " + "a " * 400_000 + "* [FC|3",
    "784 -> FC|" + "x" * 900_000,
    "784 -> From|" + "a" * 900_000,
    "784 -> " + "->" * 400_000,
    "x.net" * 190_000,
    "(" * 400_000 + ")" * 400_000,
    "784 -> FC|" + "3*" * 400_000,
    "784 -> FC|10" + " @a" * 300_000,
    "let a = 1;" * 90_000,
    '"' * 900_000,
    "784 -> FC|10|n" + "a" * 900_000 + "=3",
]


@pytest.mark.parametrize(
    "text",
    [*HUGE, *(pytest.param(text, marks=pytest.mark.slow) for text in LATER)],
    ids=lambda text: text[:20].strip(),
)
def test_huge_texts_are_refused_soon(text: str) -> None:
    for parse in (parse_network, parse_question):
        with work_at_most(500_000 + 20 * len(text)), pytest.raises(NotationError) as refused:
            parse(text)
        assert len(str(refused.value)) < 400
