"""The examples of README.md: commands that set up (sh), commands with their output (console), Python (python).

python3 tests/readme.py     prints the sh commands, one a line: .ci/run runs them. Needs nothing but Python.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

__all__ = ["README", "Example", "blocks", "examples"]

README = Path(__file__).parent.parent / "README.md"

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


class Example(NamedTuple):
    """A command, and the output shown; a line ``...`` stands for any lines."""

    command: str
    output: str


def blocks(language: str) -> list[str]:
    """The fenced blocks of a language."""
    return [text for found, text in _BLOCK.findall(README.read_text(encoding="utf-8")) if found == language]


def examples() -> list[Example]:
    """The commands of the console blocks."""
    found = []
    for block in blocks("console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append(Example(command, output))
    return found


if __name__ == "__main__":
    print("".join(blocks("sh")), end="")  # noqa: T201
