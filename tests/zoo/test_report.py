"""The table of what was asked counts outcomes as they stand in a file: each model once, causes by their words."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.zoo.report import report


def model(name: str, result: str, why: str = "", **more: Any) -> dict[str, Any]:
    plain = {
        "zoo": "timm",
        "name": name,
        "sizes": "letters",
        "result": result,
        "why": why,
        "compared": 2,
        "multiply_adds": True,
    }
    return {**plain, **more}


def test_models_are_counted_once_and_causes_are_put_together() -> None:
    why = "PyTorch: blocks.{} (timm.Block): takes {} <b> | entries, at net.py, line {}; --opaque takes from PyTorch what it gives"
    text = report(
        [
            model("a", "refused", "an earlier answer"),
            model("a", "read"),
            model("b", "read", sizes="numbers", compared=0, multiply_adds=None),
            model("c", "refused", why.format(1, 2, 3)),
            model("d", "refused", why.format(4, 5, 6)),
            model("e", "left out", "200,000,000 parameters"),
        ],
        date(2026, 11, 30),
    )
    assert "| timm | 5 | 1 | 2 | 1 | 1 | 1 | 2 | 0 | 0 |" in text
    assert "| 2 | takes … ‹b› \\| entries | `c`, `d` |" in text
    assert "Asked on 2026-11-30" in text
    assert "an earlier answer" not in text


def test_functions_are_counted_by_samples() -> None:
    results = ("read", "read", "refused", "refused by both", "nothing")
    text = report(
        [
            {"zoo": "functions", "function": "cat", "sample": number, "result": result, "why": "", "batch": "read"}
            for number, result in enumerate(results)
        ],
        date(2026, 11, 30),
    )
    assert "1 functions, " in text
    assert "2 read and 1 refused" in text
