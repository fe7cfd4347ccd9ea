"""Standard output and standard error: what they can show, in which width, colours and a sign of life on terminals only."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from symnet.files import FileError
from symnet.printing.letters import ascii_text, encodable
from symnet.printing.screen import Screen

__all__ = ["screen_for", "sign_of_life", "write_error", "write_output"]

#: What commands a terminal; a carriage return may stand where a line ends.
_COMMANDS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]|\r(?!\n)")

#: A title over its rule, the head of a table over its own.
_TITLE = re.compile(r"^(\S.*)\n(?=(?:[═=]{2,}|[─-]+(?:  [─-]+)*)$)", re.MULTILINE)

#: Seconds until there is a sign of life, and between two.
PATIENCE = 1.0


def screen_for(ascii_only: bool, file: str | None) -> Screen:
    """What a command writes for: a file has every letter and any width, a terminal and a pipe have their encoding's."""
    if file:
        return Screen(ascii=ascii_only)
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return Screen(ascii=ascii_only or not encodable(encoding), width=_width(sys.stdout))


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # it is closed
        return False


def _width(stream: TextIO | None) -> int | None:
    if not _is_terminal(stream):
        return None
    from shutil import get_terminal_size

    return max(40, get_terminal_size((80, 24)).columns)


def _has_colours(stream: TextIO | None) -> bool:
    return _is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"


def _fitting(text: str, stream: TextIO) -> str:
    """The text without commands to the terminal, in letters that the stream has."""
    text = _COMMANDS.sub("\N{REPLACEMENT CHARACTER}", text)
    try:
        text.encode(stream.encoding or "utf-8")
    except UnicodeError:
        return ascii_text(text)
    return text


def write_output(text: str) -> None:
    """Print to standard output, now. What its encoding does not have is written in ASCII."""
    stream = sys.stdout
    _end_signs_of_life()
    if stream is None:
        raise FileError("cannot write to standard output: it is closed")
    text = _fitting(text, stream)
    if _has_colours(stream):
        text = _TITLE.sub("\x1b[1m\\1\x1b[0m\n", text)
    try:
        stream.write(text)
        stream.flush()
    except OSError as error:
        with suppress(OSError, ValueError):  # what is left must not be tried again when the program ends
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if not isinstance(error, BrokenPipeError):  # the reader wants no more: that is no error
            raise FileError(f"cannot write to standard output: {error.strerror or error}") from None


def write_error(message: str, ascii_only: bool = False) -> None:
    """A message on standard error; a caret in its last line stays under its letter."""
    stream = sys.stderr
    _end_signs_of_life()
    if stream is None:
        return
    with suppress(OSError, ValueError):
        written = f"symnet: {message}"
        if ascii_only or not encodable(stream.encoding or "utf-8"):
            *lines, last = written.split("\n")
            if last.strip() == "^" and lines:
                last = " " * len(ascii_text(lines[-1][: last.index("^")])) + "^"
            written = "\n".join([*map(ascii_text, lines), ascii_text(last)])
        written = _fitting(written, stream)
        if _has_colours(stream):
            written = written.replace("symnet:", "\x1b[1;31msymnet:\x1b[0m", 1)
        stream.write(f"{written}\n")
        stream.flush()


#: What ends the signs of life, before anything else is written.
_STOPS: list[Callable[[], None]] = []


def _end_signs_of_life() -> None:
    for stop in tuple(_STOPS):
        stop()


@contextmanager
def sign_of_life() -> Iterator[None]:
    """While work takes more than a second, a line on a terminal's standard error says how long; it is gone in the end."""
    stream = sys.stderr
    if stream is None or not _is_terminal(stream) or os.environ.get("TERM", "dumb") == "dumb":
        yield
        return
    from threading import Event, Thread
    from time import monotonic

    done, start = Event(), monotonic()

    def tell() -> None:
        told = ""
        while not done.wait(PATIENCE):
            told = f"symnet: working, {monotonic() - start:.0f} s"
            show(f"\r{told}")
        if told:
            show(f"\r{' ' * len(told)}\r")

    def show(text: str) -> None:
        with suppress(OSError, ValueError):
            stream.write(text)
            stream.flush()

    teller = Thread(target=tell, daemon=True)

    def stop() -> None:
        done.set()
        teller.join()

    teller.start()
    _STOPS.append(stop)
    try:
        yield
    finally:
        _STOPS.remove(stop)
        stop()
