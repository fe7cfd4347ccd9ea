"""Which lines of Markdown are code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symnet.embed.markdown_code import layout

CODE = [
    "\n    x\n",
    "```\nx\n```\n",
    "- a\n\n      x\n",
    "> a\n>\n>     x\n",
    "---\n    x\n",
    "<!-- a -->\n    x\n",
    "\tx\n",
]
TEXT = [
    "a\n    x\n", "- a\n\n    x\n", "1. a\n\n   x\n", "- a\n    x\n", "!!! note\n\n    x\n", "> x\n", "   x\n",
    "```\na\n```\nx\n", "> ```\n> a\n\nx\n", "- - a\n\n      x\n", "- a\n\nb\n  x\n",
]  # fmt: skip


@pytest.mark.parametrize("text", CODE)
def test_code(text: str) -> None:
    assert "x" not in layout(text).markup


@pytest.mark.parametrize("text", TEXT)
def test_text(text: str) -> None:
    assert "x" in layout(text).markup


@given(st.text(alphabet=" \t\n\r>-*`~1.)ab#!<\u2028"))
def test_places_stay(text: str) -> None:
    found, prefixes = layout(text)
    assert len(found) == len(text)
    assert all(one == other or (other == " " and one not in "\r\n") for one, other in zip(text, found, strict=True))
    assert len(prefixes) > text.count("\n")
    assert all(set(before) <= set(" >") for before in prefixes)


@given(st.integers(0, 2), st.lists(st.sampled_from(["- ", "12. ", "* "]), max_size=4))
def test_what_a_block_stands_in(quotes: int, items: list[str]) -> None:
    """A line that begins as is said stands in the same places; one with four spaces more is code."""
    opened = "".join(["> "] * quotes + items)
    (before, *_) = layout(f"{opened}a\n").prefixes
    assert len(before) == len(opened)
    assert "x" in layout(f"{opened}a\n{before.rstrip()}\n{before}x\n").markup
    assert "x" not in layout(f"{opened}a\n{before.rstrip()}\n{before}    x\n").markup
