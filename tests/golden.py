"""Golden fixtures in Markdown: a title, an input and what is expected, each ended by a line with a single dot.

pytest --overwrite   writes what comes out now; read the difference before you keep it
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

__all__ = ["FIXTURES", "Case", "cases", "overwritten"]

FIXTURES = Path(__file__).parent / "fixtures"


class Case(NamedTuple):
    """One case of a fixture file, with its place there."""

    title: str
    input: str
    expected: str

    def __str__(self) -> str:
        return self.title


def cases(name: str) -> list[Case]:
    """The cases of ``tests/fixtures/<name>.md``."""
    parts = (FIXTURES / f"{name}.md").read_text(encoding="utf-8").split("\n.\n")
    whole, rest = divmod(len(parts), 3)
    if rest != 1 or parts[-1].strip():
        raise ValueError(f"{name}.md: a case is a title, an input and an output, each followed by a line with a dot")
    return [Case(title.strip(), *texts) for title, *texts in zip(*[iter(parts[: 3 * whole])] * 3, strict=True)]


def overwritten(name: str, title: str, output: str) -> None:
    """Put ``output`` in the place of what the case of this title expects."""
    kept = (case._replace(expected=output) if case.title == title else case for case in cases(name))
    text = "\n".join(f"{case.title}\n.\n{case.input}\n.\n{case.expected}\n.\n" for case in kept)
    (FIXTURES / f"{name}.md").write_text(text, encoding="utf-8")
