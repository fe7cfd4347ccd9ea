"""The result of the doctor, which can be printed and shown in notebooks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from symnet.doctor.findings import Findings, Fix, Link, Row, Sizes
from symnet.doctor.writing import html, markdown, text

__all__ = ["Diagnosis"]


@dataclass(frozen=True)
class Diagnosis(Findings):
    """What is wrong with a network, or that nothing is; see :class:`symnet.doctor.findings.Findings`. ``print`` and
    notebooks show it.

    >>> Diagnosis("a network", ok=True, inputs=((3, "W"),))
    <a network: well>
    """

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Diagnosis:
        """The diagnosis written by :meth:`to_json`."""
        rows = tuple(Row(**{**row, "output": _shapes(row["output"])}) for row in data["rows"])
        fixes = tuple(Fix(**{**fix, "parts": tuple(fix["parts"])}) for fix in data["fixes"])
        chain = tuple(Link(**link) for link in data["chain"])
        return cls(
            **{
                **data,
                "inputs": _shapes(data["inputs"]),
                "rows": rows,
                "chain": chain,
                "fixes": fixes,
                "notes": tuple(data["notes"]),
            }
        )

    def __str__(self) -> str:
        return text(self)

    def __repr__(self) -> str:
        found = "well" if self.ok else f"breaks at {self.layer or 'a line'}" + (f", {self.where}" if self.where else "")
        return f"<{self.title}: {found}>"

    def _repr_html_(self) -> str:
        return html(self)

    def _repr_markdown_(self) -> str:
        return markdown(self)


def _shapes(shapes: Any) -> tuple[Sizes, ...]:
    if shapes and not isinstance(shapes[0], list):
        return (tuple(shapes),)
    return tuple(map(tuple, shapes))
