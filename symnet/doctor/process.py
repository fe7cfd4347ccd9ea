"""A file of the user's is run in a process of its own: with a time limit, and what it prints kept apart."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from symnet.doctor.diagnosis import Diagnosis
from symnet.errors import ModelError
from symnet.temporary import temporary_folder

__all__ = ["TIME_LIMIT", "examined_apart", "run_apart"]

#: Seconds.
TIME_LIMIT = 120

REQUEST, REPLY, PRINTED = "request.json", "reply.json", "printed.txt"


def examined_apart(model: str, inputs: Sequence[str], limit: float = TIME_LIMIT) -> Diagnosis:
    """What ails the model that ``net.py:Class`` or ``module:factory`` names. Raises :class:`symnet.ModelError` where it cannot be read."""
    reply, printed = run_apart({"do": "doctor", "model": model, "inputs": list(inputs)}, limit)
    lines = printed.count("\n")
    if lines:
        name = model.partition(":")[0]
        reply["notes"].append(f"{name} printed {lines} line{'s' * (lines != 1)}, left out.")
    return Diagnosis.from_json(reply)


def run_apart(request: dict[str, Any], limit: float) -> tuple[dict[str, Any], str]:
    """The answer of ``python -m symnet.doctor`` to a request, and what was printed meanwhile."""
    with temporary_folder() as folder:
        there = Path(folder)
        (there / REQUEST).write_text(json.dumps(request), encoding="utf-8")
        with (there / PRINTED).open("wb") as printed:
            try:
                done = subprocess.run(  # noqa: S603  # this very program
                    [sys.executable, "-m", "symnet.doctor", folder],
                    stdin=subprocess.DEVNULL,
                    stdout=printed,
                    stderr=printed,
                    timeout=limit,
                    env=_environment(),
                    check=False,
                )
            except subprocess.TimeoutExpired:
                raise ModelError(
                    f"{request['model']} was stopped after {limit:g} s; --time-limit gives it longer"
                ) from None
        words = (there / PRINTED).read_text(encoding="utf-8", errors="replace")
        if not (there / REPLY).is_file():
            last = next((line for line in reversed(words.splitlines()) if line.strip()), "")
            raise ModelError(f"{request['model']} ended its process with code {done.returncode}: {last}".rstrip(": "))
        reply: dict[str, Any] = json.loads((there / REPLY).read_text(encoding="utf-8"))
    if "error" in reply:
        raise ModelError(reply["error"])
    return reply, words


def _environment() -> dict[str, str]:
    """The same, with symnet where it is now, frameworks quiet, and nothing of it in the user's folders."""
    here = str(Path(__file__).parent.parent.parent)
    path = os.environ.get("PYTHONPATH", "")
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([here, path] if path else [here]),
        "TF_CPP_MIN_LOG_LEVEL": os.environ.get("TF_CPP_MIN_LOG_LEVEL", "3"),
        "PYTHONUNBUFFERED": "1",
    }
