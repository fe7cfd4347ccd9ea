"""Models are asked one by one, each in a process of its own with a time limit, so that none can stop or slow the others."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from typing import Any

from tests.zoo.asking import Outcome, ask
from tests.zoo.models import Zoo

__all__ = ["outcomes"]

#: What a process may hold in memory, in bytes.
MEMORY = 6 << 30


def _child(zoo: Zoo, name: str, sizes: str, answer: Any) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    answer.send(ask(zoo, name, sizes))
    answer.close()


def outcomes(zoo: Zoo, names: Sequence[str], sizes: str, limit: float) -> Iterator[Outcome]:
    """What comes of each model, in order; `` has names, and whether letters stand for the sizes."""
    import torch

    torch.set_num_threads(1)  # a process that is forked has none of the threads of its parent
    context = multiprocessing.get_context("fork")
    for name in names:
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_child, args=(zoo, name, sizes, theirs))
        process.start()
        theirs.close()
        try:
            outcome = ours.recv() if ours.poll(limit) else _nothing(zoo, name, f"no answer in {limit:g} s")
        except EOFError:
            outcome = _nothing(zoo, name, "the process ended without an answer")
        if process.is_alive():
            process.join(0.2)
            process.kill()
        process.join()
        yield outcome


def _nothing(zoo: Zoo, name: str, why: str) -> Outcome:
    return Outcome(name, zoo.family(name), "", "crashed", why)
