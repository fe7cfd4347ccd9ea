"""Sizes that a model only shows: ``print(x.shape)``, ``print(f"{x.shape}")``, ``log.info("%s", x.shape)``.

Text made of a size is taken for a use of its number, for code may read it again or look something up by it. Text that goes to
``print`` in the line that makes it and is held by nothing else, or into a log record, is shown and no more: the size stays open.
"""

from __future__ import annotations

import builtins
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import get_ident
from typing import Any

from symnet.frontends.torch.known import Known, line_of

__all__ = ["sizes_may_be_printed"]


def _references(*texts: str) -> int:
    """How many references Python counts to the one argument of a call, which the call itself holds in part."""
    return sys.getrefcount(texts[0])


#: The references to a text that is made for a call and held by nothing else.
TEMPORARY = _references(f"{__name__} as a text of its own")


@contextmanager
def sizes_may_be_printed(known: Known) -> Iterator[None]:
    """While the model runs, sizes that it prints or logs are not fixed to their numbers."""
    thread, plain_print, plain_message = get_ident(), builtins.print, logging.LogRecord.getMessage

    def print_(*values: Any, **named: Any) -> None:
        if get_ident() != thread:
            plain_print(*values, **named)
            return
        line = line_of(sys._getframe(1))
        for index in range(len(values)):
            if type(values[index]) is str and sys.getrefcount(values[index]) <= TEMPORARY:
                known.forget_line(values[index], line)
        with known.showing():
            plain_print(*values, **named)

    def message(record: logging.LogRecord) -> str:
        if get_ident() != thread:
            return plain_message(record)
        with known.showing():
            return plain_message(record)

    builtins.print, logging.LogRecord.getMessage = print_, message  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        builtins.print, logging.LogRecord.getMessage = plain_print, plain_message  # type: ignore[method-assign]
