"""What reports and tables look like, to the letter: tests/fixtures/*.md."""

from __future__ import annotations

import pytest

from symnet import Network
from symnet.render.formats import report, table
from tests.golden import Case, cases, overwritten

WRITERS = {
    "report_markdown": lambda network: report(network, "markdown"),
    "report_text": lambda network: report(network, "text"),
    "table_markdown": lambda network: table(network, "markdown"),
    "table_text": lambda network: table(network, "text"),
    "table_json": lambda network: table(network, "json"),
}


@pytest.mark.parametrize(
    ("name", "case"), [pytest.param(name, case, id=f"{name}: {case}") for name in WRITERS for case in cases(name)]
)
def test_golden(name: str, case: Case, overwrite: bool) -> None:
    written = WRITERS[name](Network.parse(case.input)).rstrip("\n")
    if overwrite:
        overwritten(name, case.title, written)
    else:
        assert written == case.expected
