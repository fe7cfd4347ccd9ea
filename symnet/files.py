"""Reading what a user names and writing what they asked for: whole files or nothing."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from symnet.errors import SymnetError

__all__ = ["FileError", "read_source", "read_text", "write_output", "write_text"]

#: Larger inputs are refused in words.
LARGEST = 64 * 1024 * 1024


class FileError(SymnetError):
    """A file that cannot be read or written."""


def read_text(name: str) -> str:
    """The text of a file, or of standard input for ``-``."""
    try:
        if name == "-":
            data = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with open(name, "rb") as file:
                data = file.read(LARGEST + 1)
    except OSError as error:
        raise FileError(f"cannot read {name}: {error.strerror or error}") from None
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


def write_output(text: str) -> None:
    """Print to standard output, now. A character that the terminal does not have is replaced, not refused."""
    if sys.stdout is None:
        raise FileError("standard output is closed")
    try:
        try:
            sys.stdout.write(text)
        except UnicodeEncodeError:
            sys.stdout.write(text.encode(sys.stdout.encoding, "replace").decode(sys.stdout.encoding))
        sys.stdout.flush()
    except OSError as error:
        with suppress(OSError, ValueError):  # what is left must not be tried again when the program ends
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):  # the reader wants no more: that is no error
            raise FileError(f"cannot write to standard output: {error.strerror or error}") from None


def write_text(name: str, text: str) -> None:
    """Replace a file as a whole: it is never seen half-written, and on failure the old one stays. A device or a pipe is
    written to, and a link followed."""
    from pathlib import Path  # most commands write no file, and these are slow to load
    from tempfile import NamedTemporaryFile

    path = Path(name)
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8", newline="")
            return
        path = Path(os.path.realpath(name))
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
        with NamedTemporaryFile("w", encoding="utf-8", newline="", dir=path.parent, delete=False) as file:
            temporary = file.name
            try:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            except BaseException:
                with suppress(OSError):
                    os.unlink(temporary)
                raise
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except OSError as error:
        raise FileError(f"cannot write {name}: {error.strerror or error}") from None
