"""``python -m tests.benchmarks``: the speed symnet promises, as ratios to its peers on this machine, now.

``--check`` exits with 1 when a ratio is over its limit; ``--page`` prints the page ``tests/benchmarks/results.md``, which has ratios alone,
since times are those of one machine.
"""

from __future__ import annotations

import os
import platform
import sys
import traceback
from collections.abc import Callable
from datetime import datetime, timezone
from statistics import median

from tests.benchmarks import subjects
from tests.benchmarks.coq import MEASUREMENTS as COQ
from tests.benchmarks.importing import MEASUREMENTS as IMPORTING
from tests.benchmarks.importing import Missing
from tests.benchmarks.networks import notation, own_filters, own_symbols, stack
from tests.benchmarks.peers import isl_closed_form, parameter_terms, sum_of_terms, sympy_nested
from tests.benchmarks.starting import question
from tests.benchmarks.timing import Row, Side, compare, import_seconds, program
from tests.benchmarks.writers import MEASUREMENTS as WRITERS


def imports() -> Row:
    """``import symnet`` and ``import sympy``, interpreters in turn."""
    seconds = [(import_seconds("symnet"), import_seconds("sympy")) for _ in range(8)][1:]
    ours, peer = (median(side) for side in zip(*seconds, strict=True))
    return Row("import symnet", ours, "import sympy", peer, 1.15)


def help_page() -> Row:
    """``symnet --help``, which must not load SymPy, and ``import sympy``."""
    code = (
        "import sys; from symnet.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "print('sympy' in sys.modules, file=sys.stderr)"
    )
    if program("-c", code).stderr.split()[-1] != "False":
        raise RuntimeError("symnet --help loads SymPy")
    timed = f"from time import perf_counter as t; s = t()\n{code}\nprint(t() - s)"
    ours = median(float(program("-c", timed).stdout.split()[-1]) for _ in range(5))
    return Row("symnet --help", ours, "import sympy", median(import_seconds("sympy") for _ in range(5)), 1.0)


def derivation() -> Row:
    """1000 layers to their closed form, every step a theorem."""
    text = notation(stack(1000))
    return compare(
        "1000 layers",
        Side("every step a theorem", subjects.proven, lambda: subjects.parsed(text)),
        Side("naive SymPy, nested subs", sympy_nested, lambda: stack(1000)),
        0.25,
    )


def closed_form() -> Row:
    """1000 layers to their closed form alone."""
    text = notation(stack(1000))
    return compare(
        "1000 layers",
        Side("closed form alone", subjects.closed_form, lambda: subjects.parsed(text)),
        Side("ISL, pullbacks", isl_closed_form, lambda: stack(1000)),
        2.0,
    )


def depth() -> Row:
    """Twice the layers, twice the time."""
    long, short = notation(stack(2000)), notation(stack(1000))
    return compare(
        "2000 layers",
        Side("every step a theorem", subjects.proven, lambda: subjects.parsed(long)),
        Side("1000 layers", subjects.proven, lambda: subjects.parsed(short)),
        2.3,
    )


def symbols_of_their_own() -> Row:
    """The same when each layer has its own symbols."""
    long, short = own_symbols(2000), own_symbols(1000)
    return compare(
        "2000 layers, own symbols",
        Side("every step a theorem", subjects.proven, lambda: subjects.parsed(long)),
        Side("1000 layers", subjects.proven, lambda: subjects.parsed(short)),
        2.3,
        runs=3,
    )


def symbols_closed_form() -> Row:
    """The closed form alone when each layer has its own symbols."""
    long, short = own_symbols(2000), own_symbols(1000)
    return compare(
        "2000 layers, own symbols",
        Side("closed form alone", subjects.closed_term, lambda: subjects.parsed(long)),
        Side("1000 layers", subjects.closed_term, lambda: subjects.parsed(short)),
        2.3,
    )


def parameter_polynomial() -> Row:
    """1000 layers with 1000 symbols: the sum of all parameter counts."""
    names, text = own_filters(1000)
    return compare(
        "parameters, 1000 layers and symbols",
        Side("polynomial", subjects.polynomial, lambda: subjects.built(text)),
        Side("one Add(*terms)", sum_of_terms, lambda: parameter_terms(names, 3)),
        2.0,
    )


def parameter_expression() -> Row:
    """The same down to a SymPy expression, from the layers, beside one ``Add`` of terms that SymPy has already."""
    names, text = own_filters(1000)
    return compare(
        "parameters, 1000 layers and symbols",
        Side("SymPy expression", subjects.parameters, lambda: subjects.built(text)),
        Side("one Add(*terms)", sum_of_terms, lambda: parameter_terms(names, 3)),
        1.3,
    )


MEASUREMENTS: tuple[Callable[[], Row], ...] = (
    imports, help_page, question, derivation, closed_form, depth, symbols_of_their_own, symbols_closed_form, parameter_polynomial,
    parameter_expression, *COQ, *IMPORTING, *WRITERS,
)  # fmt: skip


class Optional(str):
    """Why there is no row, where that is no failure: a framework is not installed."""

    __slots__ = ()


def measured(measurement: Callable[[], Row]) -> Row | str:
    """The row, or why there is none: one broken measurement does not take the others away."""
    try:
        return measurement()
    except Missing as missing:
        return Optional(f"{measurement.__name__} {missing}")
    except Exception:  # noqa: BLE001
        return f"{measurement.__name__}: {traceback.format_exc().splitlines()[-1]}"


def _heading(page: bool) -> str:
    if not page:
        return "| symnet | ms | peer | ms | ratio | at most | |\n|---|---:|---|---:|---:|---:|---|"
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    return "\n".join(
        [
            "# How long symnet takes, beside others\n",
            f"{datetime.now(tz=timezone.utc).date()}, {machine}. Written by `python -m tests.benchmarks --page`; both sides of a ratio",
            "ran in turn, so that a busy machine slows both.\n",
            "| symnet | peer | ratio | at most | |\n|---|---|---:|---:|---|",
        ]
    )


def _line(row: Row, page: bool) -> str:
    ours, peer = ("" if page else f" {1000 * seconds:.1f} |" for seconds in (row.seconds, row.peer_seconds))
    verdict = "yes" if row.holds else "NO"
    return f"| {row.title} |{ours} {row.peer} |{peer} {row.ratio:.2f} | {row.limit} | {verdict} |"


def main() -> int:
    """Print the table."""
    page = "--page" in sys.argv
    print(_heading(page), flush=True)
    fine = True
    for row in map(measured, MEASUREMENTS):
        if isinstance(row, str):
            print(f"| {row} |{' |' * (2 if page else 4)} | not measured |", flush=True)
            fine = fine and isinstance(row, Optional)
            continue
        print(_line(row, page), flush=True)
        fine = fine and row.holds
    return 0 if fine or "--check" not in sys.argv else 1


if __name__ == "__main__":
    sys.exit(main())
