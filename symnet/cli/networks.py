"""Reads the networks that the arguments of a command name, with the command's options."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from symnet.cli.streams import write_error
from symnet.errors import SymnetError
from symnet.printing.screen import screen

if TYPE_CHECKING:
    from symnet.graph import Graph
    from symnet.public import Network
    from symnet.solving.budgets import Budget

__all__ = ["byte_budget", "note", "numbers", "read_network", "reader", "tell"]


def read_network(options: argparse.Namespace, argument: str, used: set[str] | None = None) -> Network:
    """The network that ``argument`` names; the letters of ``--at`` that it has are added to ``used``."""
    from symnet.frontends.source import load

    with _advised(options, argument):
        network = load(argument, at=numbers(options), used=used, tell=tell, **_reading(options))
    note(network.graph)
    return network


def _reading(options: argparse.Namespace) -> dict[str, Any]:
    """The options for reading a framework's model; with ``--import`` its code runs in a process of its own."""

    def run(name: str, **reading: Any) -> Network:
        from symnet.doctor.importing import imported_apart

        return imported_apart(name, limit=options.time_limit, memory=options.memory_limit, **reading)

    asked = {name: getattr(options, name) for name in ("input", "opaque", "usual", "upto", "compare")}
    return {"run": run if options.run_code else False, **asked}


@contextmanager
def _advised(options: argparse.Namespace, argument: str) -> Iterator[None]:
    """Adds to an error of a model's file the first change that mends it."""
    try:
        yield
    except SymnetError as refused:
        from symnet.frontends.framework_of import MODEL_FILES

        name = argument.strip()
        if not name.endswith(MODEL_FILES):
            raise
        from symnet.doctor.advising import advised
        from symnet.doctor.examining import diagnosed

        raise advised(refused, lambda: diagnosed(name, options.input or ())) from None


def note(graph: Graph) -> None:
    """Print a note for text that many people would mean differently than it was read."""
    for sentence in graph.notes:
        tell(f"note: {sentence}")


def numbers(options: argparse.Namespace) -> dict[str, int]:
    """The numbers of ``--at`` by their letters."""
    if not options.at:
        return {}
    from symnet.network.at_numbers import numbers as parsed

    return parsed(options.at)


def byte_budget(options: argparse.Namespace) -> Budget | None:
    """The budgets of ``--budget`` with what bytes are counted for; ``None`` without one."""
    from symnet.solving.api import joined
    from symnet.solving.budgets import Budget

    text = joined(options.budget)
    if text is None:
        given = [name for name in ("batch", "dtype", "train") if getattr(options, name)]
        if given:
            raise SymnetError(f'--{given[0]} says what bytes are counted for: add a budget, --budget "memory<=8Gi"')
        return None
    return Budget(text, options.batch or "1", options.dtype or "float32", options.train)


def tell(message: str) -> None:
    """Print a line on standard error."""
    write_error(message, screen().ascii)


def reader(options: argparse.Namespace, question: str) -> Callable[[str], str]:
    """A function that turns what stands for a network in a question, a file or a model, into notation."""
    from symnet.frontends.source import question_reader

    read = question_reader(question, **_reading(options))

    def reading(name: str) -> str:
        with _advised(options, name):
            return read(name)

    return reading
