"""Temporary files and folders that are removed after use, also when a signal ends the program."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

__all__ = ["Stopped", "stopped_by_signals", "temporary_folder", "temporary_path"]

#: Paths to remove. A path is added before anything is created there, so that a signal never leaves a file behind.
_PATHS: set[str] = set()

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


class Stopped(BaseException):
    """A signal ended the program; ``number`` is the signal's number."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def temporary_path(folder: str) -> Iterator[str]:
    """Yields a path in ``folder`` that does not exist yet; whatever is there in the end is removed."""
    path = os.path.join(folder or os.curdir, f".symnet-{os.urandom(8).hex()}")  # noqa: PTH118  # pathlib is slow to load
    _PATHS.add(path)
    try:
        yield path
    finally:
        _remove(path)
        _PATHS.discard(path)


@contextmanager
def temporary_folder(folder: str | None = None) -> Iterator[str]:
    """Yields an empty folder in ``folder``, or in the system's folder for temporary files."""
    from tempfile import gettempdir

    with temporary_path(folder or gettempdir()) as path:
        os.mkdir(path, 0o700)  # noqa: PTH102
        yield path


def _remove(path: str) -> None:
    from shutil import rmtree

    with suppress(OSError):
        os.unlink(path)
        return
    rmtree(path, ignore_errors=True)


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Turns signals that would end the program into :class:`Stopped`, so that temporary files are removed; ignored signals stay
    ignored. A second signal ends the program at once.
    """
    stopped: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        if stopped:
            for path in tuple(_PATHS):
                _remove(path)
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        stopped.append(number)
        raise Stopped(number)

    defaults = (signal.SIG_DFL, signal.default_int_handler)
    numbers = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers if signal.getsignal(number) in defaults}
    try:
        for number in before:
            signal.signal(number, stop)
    except ValueError:  # only the main thread may set handlers
        before = {}
    try:
        yield
    finally:
        if stopped:
            for path in tuple(_PATHS):
                _remove(path)
        for number, handler in before.items():
            signal.signal(number, handler)
