"""A question as a user asks it: a process that starts, imports, answers and prints."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import partial
from tempfile import TemporaryDirectory

from tests.benchmarks.timing import Row, Side, compare

__all__ = ["question"]

_QUESTION = "(3,224,224) -> Conv|64|F|S|P = (64,112,112)"
_ASKED = ("-m", "symnet", "solve", _QUESTION, "--where", "F<=11, S<=5, P<=5", "--json")

#: The same by trying all numbers.
_TRIED = """
import json
import numpy as np
F, S, P = np.meshgrid(np.arange(1, 12), np.arange(1, 6), np.arange(6), indexing="ij")
room = 224 + 2 * P - F
found = (room >= 0) & (room // S + 1 == 112)
columns = (values[found].tolist() for values in (F, S, P))
print(json.dumps([dict(zip("FSP", row)) for row in zip(*columns)]))
"""


def _run(*arguments: str, environment: dict[str, str]) -> str:
    command = [sys.executable, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def question() -> Row:
    """All kernels, strides and paddings that halve 224, beside NumPy; both from compiled files, as installed."""
    with TemporaryDirectory() as compiled:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        asked = partial(_run, *_ASKED, environment=environment)
        tried = partial(_run, "-c", _TRIED, environment=environment)
        answers = (json.loads(asked())["solutions"], json.loads(tried()))
        ours, peers = (sorted(sorted(found.items()) for found in answer) for answer in answers)
        if ours != peers:
            raise RuntimeError(f"symnet finds {ours}, NumPy {peers}")
        return compare(
            "three sizes of a convolution",
            Side("symnet solve, the process", lambda _: asked()),
            Side("NumPy tries all, the process", lambda _: tried()),
            1.2,
            runs=10,
        )
