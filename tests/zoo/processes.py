"""What is asked is asked in a process of its own with a time limit, so that nothing can stop or slow the rest."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from tests.zoo.asking import Outcome, ask
from tests.zoo.models import Zoo

__all__ = ["alone", "outcomes"]

#: What a process may hold in memory, in bytes.
MEMORY = 6 << 30

R = TypeVar("R")


def _child(run: Callable[..., Any], arguments: Sequence[Any], answer: Any) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    answer.send(run(*arguments))
    answer.close()


def alone(run: Callable[..., R], arguments: Sequence[Any], limit: float, failed: Callable[[str], R]) -> R:
    """What a function gives in a process of its own; ``failed`` says what is given where there is no answer in ``limit`` seconds."""
    import torch

    torch.set_num_threads(1)  # a process that is forked has none of the threads of its parent
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(run, arguments, theirs))
    process.start()
    theirs.close()
    try:
        found: R = ours.recv() if ours.poll(limit) else failed(f"no answer in {limit:g} s")
    except EOFError:
        found = failed("the process ended without an answer")
    if process.is_alive():
        process.join(0.2)
        process.kill()
    process.join()
    return found


def outcomes(zoo: Zoo, names: Sequence[str], sizes: str, limit: float) -> Iterator[Outcome]:
    """What comes of each model, in order; ``sizes`` says whether letters stand for them."""
    for name in names:
        yield alone(ask, (zoo, name, sizes), limit, lambda why, name=name: _nothing(zoo, name, why))  # type: ignore[misc]


def _nothing(zoo: Zoo, name: str, why: str) -> Outcome:
    return Outcome(name, zoo.family(name), "", "crashed", why)
