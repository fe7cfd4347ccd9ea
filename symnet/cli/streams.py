"""Writes to standard output and standard error, with what they can show: encoding, width, colours, and a line while working."""

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

#: Characters that command a terminal; a carriage return is allowed only at the end of a line.
_COMMANDS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]|\r(?!\n)")

#: A title above its rule, and the head of a table above its rule.
_TITLE = re.compile(r"^(\S.*)\n(?=(?:[═=]{2,}|[─-]+(?:  [─-]+)*)$)", re.MULTILINE)

#: Seconds until the line that says work goes on, and between its updates.
PATIENCE = 1.0


def screen_for(ascii_only: bool, file: str | None) -> Screen:
    """The output of a command: a file takes every character at any width, a terminal or a pipe those of its encoding."""
    if file:
        return Screen(ascii=ascii_only)
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return Screen(ascii=ascii_only or not encodable(encoding), width=_width(sys.stdout))


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # the stream is closed
        return False


def _width(stream: TextIO | None) -> int | None:
    if not _is_terminal(stream):
        return None
    from shutil import get_terminal_size

    return max(40, get_terminal_size((80, 24)).columns)


def _has_colours(stream: TextIO | None) -> bool:
    return _is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"


def _fitting(text: str, stream: TextIO) -> str:
    """The text without control characters, and in ASCII if the stream's encoding lacks a character."""
    text = _COMMANDS.sub("\N{REPLACEMENT CHARACTER}", text)
    try:
        text.encode(stream.encoding or "utf-8")
    except UnicodeError:
        return ascii_text(text)
    return text


def write_output(text: str) -> None:
    """Print to standard output and flush. Characters that its encoding lacks are written in ASCII."""
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
        with suppress(OSError, ValueError):  # nothing may be flushed again when the program ends
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if not isinstance(error, BrokenPipeError):  # the reader stopped reading, which is no error
            raise FileError(f"cannot write to standard output: {error.strerror or error}") from None


def write_error(message: str, ascii_only: bool = False) -> None:
    """Print a message on standard error; a caret in its last line stays below its character."""
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


#: The functions that remove the line of :func:`sign_of_life` before other output.
_STOPS: list[Callable[[], None]] = []


def _end_signs_of_life() -> None:
    for stop in tuple(_STOPS):
        stop()


@contextmanager
def sign_of_life() -> Iterator[None]:
    """After a second of work, a line on a terminal's standard error says how long it takes; the line is removed in the end."""
    stream = sys.stderr
    if stream is None or not _is_terminal(stream) or os.environ.get("TERM", "dumb") == "dumb":
        yield
        return
    from threading import Event, Thread
    from time import monotonic

    done, start = Event(), monotonic()

    def tell() -> None:
        line = ""
        while not done.wait(PATIENCE):
            line = f"symnet: working, {monotonic() - start:.0f} s"
            show(f"\r{line}")
        if line:
            show(f"\r{' ' * len(line)}\r")

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
