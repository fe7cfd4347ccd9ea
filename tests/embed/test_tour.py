"""The notebook of the tour: what its sentences say is what its cells show. (tests/test_reports.py keeps its outputs fresh.)"""

from __future__ import annotations

import json
import re
from pathlib import Path

TOUR = Path(__file__).parents[2] / "examples" / "tour.ipynb"


def test_what_the_tour_says_of_its_numbers_is_so() -> None:
    """The sentences between the cells mention numbers; each stands in what a cell beside it shows."""
    notebook = json.loads(TOUR.read_text(encoding="utf-8"))
    shown = "".join(
        "".join(text)
        for cell in notebook["cells"]
        for output in cell.get("outputs", ())
        for text in output["data"].values()
    )
    text = re.sub(r"\{,\}|<[^>]*>", lambda match: "," if match[0] == "{,}" else "", shown)
    said = "\n".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    for number in ("205,056", "12 × 12", "94"):
        assert number in said
        assert number in text
    for link in re.findall(r"\]\(([^)#]+)\)", said):
        assert (TOUR.parent / link).is_file()
