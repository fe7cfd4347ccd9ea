"""Reading what a user names and writing what they asked for: whole files or nothing."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from symnet.errors import SymnetError
from symnet.temporary import temporary_path

__all__ = ["FileError", "file_stem", "read_source", "read_text", "write_bytes", "write_text"]

#: Larger inputs are refused in words.
LARGEST = 64 * 1024 * 1024


class FileError(SymnetError):
    """A file that cannot be read or written."""


def file_stem(path: str) -> str:
    """The name of a file without its folder and its ending, which is what a network in it is called.

    >>> file_stem("examples/unet.net"), file_stem(r"C:\\models\\digits.v2.keras")
    ('unet', 'digits.v2')
    """
    name = path.replace("\\", "/").rpartition("/")[2]
    return name.rpartition(".")[0] or name


def read_text(name: str) -> str:
    """The text of a file, or of standard input for ``-``."""
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
    """Notation as given, from a ``.net`` file, or from standard input for ``-``."""
    named = argument.strip().endswith(".net") and "->" not in argument and "→" not in argument
    if argument == "-" or named:
        return read_text(argument.strip())
    return argument


def write_text(name: str, text: str) -> None:
    """Replace a file as a whole: it is never seen half-written, on failure the old one stays, and its mode is kept. A device
    or a pipe is written to, a link followed, and a file that is protected against writing refused.
    """
    write_bytes(name, text.encode("utf-8", "backslashreplace"))


def write_bytes(name: str, data: bytes) -> None:
    """The same for a file that is not text."""
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
                with suppress(OSError, AttributeError):  # who may not give files away keeps it
                    os.chown(path, old.st_uid, old.st_gid)
                os.chmod(path, old.st_mode & 0o7777)
            os.replace(path, target)
    except (OSError, ValueError) as error:
        raise FileError(f"cannot write {name}: {getattr(error, 'strerror', None) or error}") from None
