"""The examples of README.md and of the manual: commands that set up (sh), commands with their output (console), Python (python).

python3 tests/readme.py     prints the sh commands, one a line: .ci/run runs them. Needs nothing but Python.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any, NamedTuple

__all__ = ["MANUAL", "README", "Example", "blocks", "examples", "printed", "shown"]

README = Path(__file__).parent.parent / "README.md"

#: The pages of the manual.
MANUAL = sorted((README.parent / "examples" / "docs" / "docs").rglob("*.md"))

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


class Example(NamedTuple):
    """A command, and the output shown; a line ``...`` stands for any lines."""

    command: str
    output: str

    @property
    def needs_framework(self) -> bool:
        """Whether a file of Python is read, which needs the framework of its model."""
        return ".py" in self.command


def blocks(language: str, page: Path = README) -> list[str]:
    """The fenced blocks of a language."""
    return [text for found, text in _BLOCK.findall(page.read_text(encoding="utf-8")) if found == language]


def examples(page: Path = README) -> list[Example]:
    """The commands of the console blocks."""
    found = []
    for block in blocks("console", page):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append(Example(command, output))
    return found


def shown(pattern: str, output: str) -> bool:
    """Whether ``output`` is as ``pattern`` shows it, with ``...`` for any lines."""
    parts = re.split(r"^\.\.\.\n", pattern, flags=re.MULTILINE)
    return re.fullmatch("(?:.*\n)*?".join(map(re.escape, parts)), output) is not None


def printed(example: Example, capsys: Any) -> str:
    """What the command prints, on both streams."""
    from symnet.cli import main  # this file runs without symnet, too

    program, *arguments = shlex.split(example.command)
    assert program == "symnet"
    main(arguments)
    captured = capsys.readouterr()
    return str(captured.out + captured.err)


if __name__ == "__main__":
    print("".join(blocks("sh")), end="")  # noqa: T201
