"""reports/ and the notebook of the tour are what symnet writes today. ``pytest tests/test_reports.py --overwrite`` writes them anew."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from symnet import Network
from symnet.facts.fact import TOPICS
from symnet.render.dumoulin import dumoulin_page
from symnet.render.facts import facts_page
from tests.networks import KNOWN
from tests.notebooks import outputs
from tests.questions import questions_page

REPORTS = Path(__file__).parent.parent / "reports"
TOUR = Path(__file__).parent.parent / "examples" / "tour.ipynb"

NETWORKS = {known.name: known.text for known in KNOWN} | {
    "symbolic": "(D*W*W) -> Conv|K|F|S|P -> Maxpool|2 -> FC|N",
    "symbolic_stack": "(1*W*W) -> Conv|K1|F1|S1|P1 -> Conv|K2|F2|S2|P2",
}


#: Pages that are not of one network.
PAGES = {"dumoulin": dumoulin_page, "questions": questions_page} | {
    f"facts-{topic}": partial(facts_page, topic) for topic in TOPICS
}


@pytest.mark.parametrize("name", [*NETWORKS, *PAGES])
def test_a_report_is_fresh(name: str, overwrite: bool) -> None:
    path = REPORTS / f"{name}.md"
    report = PAGES[name]() if name in PAGES else Network.parse(NETWORKS[name]).report()
    if overwrite:
        path.write_text(report, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == report, "pytest tests/test_reports.py --overwrite writes it anew"


def test_the_tour_is_stored_with_what_it_shows_today(overwrite: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that it can be read where it cannot be run; frameworks are not asked, which takes long and shows nothing."""
    monkeypatch.setitem(sys.modules, "keras", None)
    monkeypatch.chdir(TOUR.parent)
    notebook = json.loads(TOUR.read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    found = outputs(notebook["cells"])
    if overwrite:
        for number, (cell, output) in enumerate(zip(code, found, strict=True), start=1):
            cell["execution_count"], cell["outputs"] = number, output
        TOUR.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert [cell["outputs"] for cell in code] == found, "pytest tests/test_reports.py --overwrite writes it anew"


def test_there_is_a_report_of_every_network_and_no_other() -> None:
    by_hand = {"README", "zoo"}
    assert {path.stem for path in REPORTS.glob("*.md")} == {*NETWORKS, *PAGES, *by_hand}
    listed = (REPORTS / "README.md").read_text(encoding="utf-8")
    assert not [name for name in (*NETWORKS, *PAGES) if f"({name}.md)" not in listed]


def test_a_report_does_not_depend_on_what_was_done_before() -> None:
    """Sets have no order of their own: a process that has met the same terms the other way round writes the same."""
    code = (
        "from symnet import Network\n"
        "Network.parse('(2*W*H) -> Conv|P|S|F|K -> Maxpool|3 -> Conv|8|W|H').report('json')\n"
        "Network.parse('(3*Q*W) -> Maxpool|S|F|P|ceil_mode=yes -> Deconv|8|F|S|P').report()\n"
        f"print(Network.parse({NETWORKS['symbolic']!r}).report(), end='')\n"
        f"print(Network.parse({NETWORKS['mnist']!r}).report(), end='')"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=REPORTS.parent)
    expected = "".join((REPORTS / f"{name}.md").read_text(encoding="utf-8") for name in ("symbolic", "mnist"))
    assert ended.stdout.decode() == expected
