"""What is written of a network, beside its closed form: tables, reports, pages, data, figures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from symnet import Network
from symnet.render.figures.kinds import figure
from tests.benchmarks import subjects
from tests.benchmarks.networks import notation, stack
from tests.benchmarks.timing import Row, Side, compare

__all__ = ["MEASUREMENTS"]

RESNET50 = Path(__file__).parents[2] / "examples" / "resnet50.net"


def _beside_the_closed_form(name: str, write: Callable[[Network], object], limit: float) -> Row:
    text = notation(stack(1000))
    return compare(
        "1000 layers",
        Side(name, lambda graph: write(Network.of(graph)), lambda: subjects.parsed(text)),
        Side("closed form alone", subjects.closed_form, lambda: subjects.parsed(text)),
        limit,
        runs=1,
    )


def table() -> Row:
    """The table of sizes and costs."""
    return _beside_the_closed_form("table", lambda network: str(network.table()), 6.0)


def markdown() -> Row:
    """The whole report as Markdown."""
    return _beside_the_closed_form("Markdown report", lambda network: str(network.report()), 8.0)


def page() -> Row:
    """The whole report as a page with its figures."""
    return _beside_the_closed_form("HTML report", lambda network: str(network.report("html")), 12.0)


def data() -> Row:
    """The whole report as JSON with its proofs."""
    return _beside_the_closed_form("JSON report", lambda network: str(network.report("json")), 12.0)


def page_of_resnet50() -> Row:
    """A page with its figures beside the table of the same network."""
    text = RESNET50.read_text(encoding="utf-8")

    def parsed() -> Any:
        return subjects.parsed(text)

    return compare(
        "ResNet-50",
        Side("HTML report", lambda graph: str(Network.of(graph).report("html")), parsed),
        Side("table", lambda graph: str(Network.of(graph).table()), parsed),
        3.0,
    )


def figure_depth() -> Row:
    """A figure of twice the layers, all on one tensor."""
    long, short = (Network.parse(f"784 -> {layers} * [ReLU]") for layers in (8000, 4000))
    return compare(
        "8000 layers",
        Side("figure", figure, lambda: long),
        Side("4000 layers", figure, lambda: short),
        2.5,
        runs=3,
    )


MEASUREMENTS = (table, markdown, page, data, page_of_resnet50, figure_depth)
