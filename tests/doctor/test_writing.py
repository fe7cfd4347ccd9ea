"""A diagnosis on a terminal of 80 columns, as Markdown and as HTML."""

from __future__ import annotations

import pytest

from symnet.doctor.diagnosis import Diagnosis
from symnet.doctor.examining import doctor
from symnet.doctor.findings import Fix, Link, Row
from symnet.doctor.writing import html, markdown, text
from tests.doctor.test_notation import BROKEN


@pytest.mark.parametrize("network", BROKEN)
def test_a_screen_holds_it(network: str) -> None:
    lines = text(doctor(network)).splitlines()
    assert len(lines) <= 40
    code = {line for fix in doctor(network).fixes for line in fix.code.splitlines()}
    for line in lines:
        assert len(line) <= 80 or any(part in line for part in code)


@pytest.mark.slow
def test_a_long_network_shows_its_last_rows() -> None:
    shown = text(doctor("(3*300*300) -> 30 * [Conv|8|3] -> Conv|8|500"))
    assert "⋮" in shown
    assert "conv31" in shown
    assert len(shown.splitlines()) <= 40


def hostile() -> Diagnosis:
    words = "<script>x</script> | `a` *b* [c](d)"
    row = Row(words, words, ((3, "N"),), words, f"{words}:7", words, words)
    fix = Fix(words, "argument", words, f"{words}:7", True, words, (), words)
    return Diagnosis(
        words, False, ((3, 4),), words, f"{words}:7", words, words, words, (row,), (Link("3", words, words),), (fix,)
    )


def test_what_others_wrote_is_no_markup() -> None:
    shown = html(hostile())
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    plain = markdown(hostile())
    prose = [line for line in plain.splitlines() if not line.startswith(("|", "       "))]
    assert prose
    assert not any("[c](d)" in line or "<script>" in line for line in prose)


def test_a_diagnosis_shows_itself() -> None:
    found = doctor("(1*28*28) -> Conv|8|30")
    assert "conv1" in found._repr_html_()
    assert "conv1" in found._repr_markdown_()
    assert repr(found) == "<(1*28*28) -> Conv|8|30: breaks at conv1>"
