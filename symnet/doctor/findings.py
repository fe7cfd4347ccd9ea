"""What the doctor finds, as data: the sizes up to the layer that fails, why it fails, where its numbers come from, what mends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = ["Findings", "Fix", "Link", "Row", "Sizes"]

#: A shape: numbers, and letters or formulas as text.
Sizes = tuple[int | str, ...]


@dataclass(frozen=True)
class Row:
    """One layer that was reached: what it gives, the formula of its sizes with numbers, the line of the user's code that was being
    executed (``where``), and the line that made the layer (``made``), each as ``net.py:7``, empty where there is none."""

    name: str
    kind: str
    output: tuple[Sizes, ...]
    formula: str = ""
    where: str = ""
    line: str = ""
    made: str = ""

    def data(self) -> dict[str, Any]:
        """As JSON has it; one output is a list of sizes, several are lists."""
        shapes = [list(sizes) for sizes in self.output]
        return {**asdict(self), "output": shapes[0] if len(shapes) == 1 else shapes}


@dataclass(frozen=True)
class Link:
    """Where a number comes from: ``size`` is what layer ``of`` gave, for the reason ``why``, made at ``where``."""

    size: str
    of: str
    why: str
    where: str = ""

    def __str__(self) -> str:
        place = f" ({self.where})" if self.where else ""
        return f"{self.size}{f' = {self.why}' if self.why else ''} of {self.of}{place}"


@dataclass(frozen=True)
class Fix:
    """A change with which the whole network works, as ``code`` that takes the place of the line ``where``.

    ``proven``: symnet worked the whole network out with it, every size a theorem. ``tried``: the framework that ran it.
    """

    change: str
    kind: str
    code: str = ""
    where: str = ""
    proven: bool = False
    tried: str | None = None
    #: what else changes with it, each as text; a pair of changes is one fix
    parts: tuple[str, ...] = ()
    #: why this one: where it holds for other sizes, what it costs
    note: str = ""

    def data(self) -> dict[str, Any]:
        """As JSON has it."""
        return {**asdict(self), "parts": list(self.parts)}


@dataclass(frozen=True)
class Findings:
    """What ails a network, or that nothing does.

    ``rows`` are the layers that were reached, ``why`` says what is asked and what is there, ``chain`` where the numbers come from,
    ``fixes`` what mends the whole network, least change first, ``fits`` for which input sizes it is well as it stands.

    >>> Findings("a network", ok=True, inputs=((3, "W"),)).ok
    True
    """

    title: str
    ok: bool
    inputs: tuple[Sizes, ...] = ()
    layer: str | None = None
    where: str | None = None
    line: str = ""
    why: str = ""
    condition: str | None = None
    rows: tuple[Row, ...] = ()
    chain: tuple[Link, ...] = ()
    fixes: tuple[Fix, ...] = ()
    fits: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As JSON data, the same that ``symnet doctor --json`` prints."""
        return {
            "ok": self.ok,
            "title": self.title,
            "inputs": [list(sizes) for sizes in self.inputs],
            "layer": self.layer,
            "where": self.where,
            "line": self.line,
            "why": self.why,
            "condition": self.condition,
            "rows": [row.data() for row in self.rows],
            "chain": [asdict(link) for link in self.chain],
            "fixes": [fix.data() for fix in self.fixes],
            "fits": dict(self.fits),
            "notes": list(self.notes),
        }
