"""The user's code in a process of its own: with limits on time and memory, its output captured, and nothing but data
returned.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import IO, Any

from symnet.doctor.diagnosis import Diagnosis
from symnet.errors import LayerError, ModelError, SymnetError
from symnet.limits import MEMORY_LIMIT, TIME_LIMIT
from symnet.temporary import temporary_folder

__all__ = ["examined_apart", "limit_memory", "run_apart"]

REQUEST, REPLY = "request.json", "reply.json"

#: The largest number of bytes kept of the output and read of a reply.
PRINTED, ANSWERED = 1 << 16, 1 << 26


def examined_apart(
    model: str, inputs: Sequence[str], limit: float = TIME_LIMIT, memory: float = MEMORY_LIMIT
) -> Diagnosis:
    """The diagnosis of the model ``net.py:Class`` or ``module:factory``. Raises :class:`symnet.ModelError` if it
    cannot be read.
    """
    reply, lines = run_apart({"do": "doctor", "model": model, "inputs": list(inputs)}, limit, memory)
    try:
        if lines:
            name = model.partition(":")[0]
            reply["notes"].append(f"{name} printed {lines} line{'s' * (lines != 1)}, left out.")
        return Diagnosis.from_json(reply)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ModelError(f"{model} gave no answer that can be read") from None


def run_apart(request: Mapping[str, Any], limit: float, memory: float = MEMORY_LIMIT) -> tuple[dict[str, Any], int]:
    """The reply of ``python -m symnet.doctor`` to a request, and the number of lines printed meanwhile. ``limit`` is
    in seconds, ``memory`` in GiB.
    """
    name = str(request["model"])
    with temporary_folder() as folder:
        there = Path(folder)
        (there / REQUEST).write_text(json.dumps({**request, "memory": memory}), encoding="utf-8")
        child = subprocess.Popen(  # noqa: S603  # this very program
            [sys.executable, "-m", "symnet.doctor", folder],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=_environment(),
            start_new_session=True,
        )
        printed = _Printed(child.stdout)
        try:
            code = child.wait(limit)
        except subprocess.TimeoutExpired:
            raise ModelError(f"{name} was stopped after {limit:g} s; --time-limit gives it longer") from None
        finally:
            _end(child)
            printed.join(2)
        return _reply(there / REPLY, name, code, printed), printed.lines


def _reply(file: Path, name: str, code: int, printed: _Printed) -> dict[str, Any]:
    try:
        if file.stat().st_size > ANSWERED:
            raise ModelError(f"{name} gave an answer of {file.stat().st_size} bytes")
        reply = json.loads(file.read_text(encoding="utf-8"))
    except OSError:
        ended = f"with code {code}" if code >= 0 else f"by {_signal(-code)}"
        raise ModelError(f"{name} ended its process {ended}: {printed.last}".rstrip(": ")) from None
    except (ValueError, RecursionError):
        reply = None
    if not isinstance(reply, dict):
        raise ModelError(f"{name} gave no answer that can be read")
    if "error" in reply:
        raise _error(reply["error"])
    return reply


def _error(data: Any) -> SymnetError:
    """The error of the other process, with its fields."""
    if not isinstance(data, dict):
        return ModelError(str(data))
    fixes = [dict(fix) for fix in data.get("fixes") or () if isinstance(fix, dict)]
    fields = {name: data.get(name) for name in ("layer", "where", "condition", "fits")}
    kind = LayerError if data.get("kind") == "LayerError" else ModelError
    return kind(str(data.get("message")), fixes=fixes, **fields)


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


class _Printed(Thread):
    """A thread that reads the output of a process: it counts the lines and keeps the last one."""

    def __init__(self, stream: IO[bytes] | None) -> None:
        super().__init__(daemon=True)
        self.lines, self._stream, self._kept = 0, stream, b""
        self.start()

    def run(self) -> None:
        """Read to the end of the stream."""
        if self._stream is None:  # always a pipe
            return
        with self._stream as stream:
            while part := os.read(stream.fileno(), PRINTED):
                self.lines += part.count(b"\n")
                self._kept = (self._kept + part)[-PRINTED:]

    @property
    def last(self) -> str:
        """The last line that is not empty."""
        words = self._kept.decode("utf-8", "replace").splitlines()
        return next((line for line in reversed(words) if line.strip()), "")


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the process and all that it started."""
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.kill()
    with suppress(subprocess.TimeoutExpired):
        child.wait(5)


def limit_memory(gibibytes: float) -> None:
    """Limit the memory of this process to ``gibibytes``, if the system has such a limit, and disable core dumps."""
    try:
        import resource
    except ImportError:  # Windows
        return
    size = int(gibibytes * (1 << 30))
    for kind, limit in ((resource.RLIMIT_DATA, size), (resource.RLIMIT_CORE, 0)):
        with suppress(OSError, ValueError):
            _, highest = resource.getrlimit(kind)
            lowest = limit if highest == resource.RLIM_INFINITY else min(limit, highest)
            resource.setrlimit(kind, (lowest, lowest))


def _environment() -> dict[str, str]:
    """The environment of this process, with this symnet on the path, quiet frameworks, and no files written to the
    user's folders.
    """
    here = str(Path(__file__).parent.parent.parent)
    path = os.environ.get("PYTHONPATH", "")
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([here, path] if path else [here]),
        "TF_CPP_MIN_LOG_LEVEL": os.environ.get("TF_CPP_MIN_LOG_LEVEL", "3"),
        "PYTHONUNBUFFERED": "1",
    }
