"""Reads the files a user names, and replaces files as a whole or not at all. Errors are a :class:`FileError`."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from symnet.errors import SymnetError
from symnet.temporary import temporary_path

__all__ = ["FileError", "file_stem", "read_source", "read_text", "write_bytes", "write_text"]

#: The largest input that is read, in bytes.
LARGEST = 64 * 1024 * 1024


class FileError(SymnetError):
    """A file cannot be read or written; the message names it and says why."""


def file_stem(path: str) -> str:
    """The name of a file without its folder and its ending: the name of the network in it.

    >>> file_stem("examples/unet.net"), file_stem(r"C:\\models\\digits.v2.keras")
    ('unet', 'digits.v2')
    """
    name = path.replace("\\", "/").rpartition("/")[2]
    return name.rpartition(".")[0] or name


def read_text(name: str) -> str:
    """The text of a file, or of standard input for ``-``. Raises :class:`FileError` if it is unreadable, too large or no UTF-8."""
    try:
        if name == "-":
            if sys.stdin is None:
                raise FileError("cannot read standard input: it is closed")
            data = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with open(name, "rb") as file:
                data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise FileError(f"cannot read {name}: {getattr(error, 'strerror', None) or error}") from None
    if len(data) > LARGEST:
        raise FileError(f"{name} is larger than {LARGEST // 2**20} MB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(f"{name} is not UTF-8 text (byte {error.start})") from None


def read_source(argument: str) -> str:
    """Notation: the argument itself, or the text of the ``.net`` file it names, or of standard input for ``-``."""
    is_file = argument.strip().endswith(".net") and "->" not in argument and "→" not in argument
    if argument == "-" or is_file:
        return read_text(argument.strip())
    return argument


def write_text(name: str, text: str) -> None:
    """Replace the file ``name`` by ``text`` in one step: readers see the old or the new file, a failure keeps the old one, and
    the mode stays. Devices and pipes are written to, links are followed. Raises :class:`FileError`, also for a file that is
    protected against writing.
    """
    write_bytes(name, text.encode("utf-8", "backslashreplace"))


def write_bytes(name: str, data: bytes) -> None:
    """Replace the file ``name`` by ``data``, in the way of :func:`write_text`."""
    if not name:
        raise FileError("cannot write a file without a name")
    try:
        if os.path.exists(name) and not os.path.isfile(name):  # noqa: PTH110, PTH113  # pathlib is slow to load
            with open(name, "wb") as device:
                device.write(data)
            return
        target = os.path.realpath(name)
        old = os.stat(target) if os.path.exists(target) else None  # noqa: PTH110, PTH116
        if old is not None and not (old.st_mode & 0o222 and os.access(target, os.W_OK)):
            raise FileError(f"cannot write {name}: it is protected against writing (mode {old.st_mode & 0o777:03o})")
        with temporary_path(os.path.dirname(target)) as path:  # noqa: PTH120
            with open(
                os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666 if old is None else 0o600), "wb"
            ) as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if old is not None:
                with suppress(OSError, AttributeError):  # without the right to give files away, the new one stays ours
                    os.chown(path, old.st_uid, old.st_gid)
                os.chmod(path, old.st_mode & 0o7777)
            os.replace(path, target)
    except (OSError, ValueError) as error:
        raise FileError(f"cannot write {name}: {getattr(error, 'strerror', None) or error}") from None
