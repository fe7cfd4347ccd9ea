"""The result of the doctor as data: the sizes up to the layer that fails, the reason, the origin of its numbers, and
the fixes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = ["Findings", "Fix", "Link", "Row", "Sizes"]

#: A shape: numbers, and letters or formulas as text.
Sizes = tuple[int | str, ...]


@dataclass(frozen=True)
class Row:
    """One layer that was reached: its output, the formula of its sizes with numbers, the line of the user's code that
    ran (``where``), and the line that made the layer (``made``), each as ``net.py:7`` or empty.
    """

    name: str
    kind: str
    output: tuple[Sizes, ...]
    formula: str = ""
    where: str = ""
    line: str = ""
    made: str = ""

    def data(self) -> dict[str, Any]:
        """The row as JSON data; a single output is a list of sizes, several are a list of lists."""
        shapes = [list(sizes) for sizes in self.output]
        return {**asdict(self), "output": shapes[0] if len(shapes) == 1 else shapes}


@dataclass(frozen=True)
class Link:
    """One step in the origin of a number: ``size`` is an output of the layer ``of``, for the reason ``why``, set at
    ``where``.
    """

    size: str
    of: str
    why: str
    where: str = ""

    def __str__(self) -> str:
        place = f" ({self.where})" if self.where else ""
        return f"{self.size}{f' = {self.why}' if self.why else ''} of {self.of}{place}"


@dataclass(frozen=True)
class Fix:
    """A change that mends the whole network, as ``code`` that replaces the line ``where``. ``proven`` means that
    symnet read the whole network with it, with a theorem for every size; ``tried`` is the framework that ran it.
    """

    change: str
    kind: str
    code: str = ""
    where: str = ""
    proven: bool = False
    tried: str | None = None
    #: further changes that belong to the fix, each as text
    parts: tuple[str, ...] = ()
    #: the reason for this fix: the sizes for which it holds, or its cost
    note: str = ""

    def data(self) -> dict[str, Any]:
        """The fix as JSON data."""
        return {**asdict(self), "parts": list(self.parts)}


@dataclass(frozen=True)
class Findings:
    """What is wrong with a network, or that nothing is.

    ``rows`` are the layers that were reached, ``why`` names the requirement and the actual sizes, ``chain`` the origin
    of the numbers, ``fixes`` the changes that mend the whole network, the least change first, and ``fits`` the input
    sizes that the unchanged network accepts.

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
        """The JSON data that ``symnet doctor --json`` prints."""
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
