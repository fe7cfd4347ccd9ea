"""What a block or an inline formula asks for: a kind, typed options, and a network, a question or an expression.

table                     figure kind=windows layer=1                solve for="S,P" where="S<=4"
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final, NamedTuple

from symnet.errors import NotationError, SymnetError
from symnet.files import read_text
from symnet.render.figures.kinds import FIGURES

__all__ = ["BLOCKS", "INLINE", "OptionError", "Request", "names_network", "parse_request"]

Value = str | int | bool


class OptionError(SymnetError):
    """An option that a block does not have, or a value that it cannot have."""


class _Option(NamedTuple):
    """``kind`` is the type of the value: text, integer, flag, or one of ``choices``."""

    kind: type[str | int | bool] = str
    choices: tuple[str, ...] = ()


_NETWORK: Final = {"at": _Option(), "exact": _Option(bool)}
_SECTIONED: Final = {**_NETWORK, "level": _Option(int, ("2", "3", "4", "5"))}

#: Kinds that stand on lines of their own, and their options.
BLOCKS: Final[Mapping[str, Mapping[str, _Option]]] = {
    "report": _SECTIONED,
    "table": _NETWORK,
    "derivation": _SECTIONED,
    "formula": {**_NETWORK, "axis": _Option()},
    "solve": {
        "for": _Option(),
        "where": _Option(),
        "budget": _Option(),
        "every": _Option(),
        "exact": _Option(bool),
        "valid": _Option(bool),
    },
    "figure": {**_NETWORK, "kind": _Option(str, tuple(FIGURES)), "layer": _Option(int)},
}

#: Kinds that stand in a line of text.
INLINE: Final[Mapping[str, Mapping[str, _Option]]] = {
    "formula": BLOCKS["formula"],
    "output": _NETWORK,
    "parameters": _NETWORK,
    "trainable": _NETWORK,
    "multiply_adds": _NETWORK,
}


#: Options that add up where they are repeated.
_ADDING: Final = ("at", "budget", "every", "for", "where")


@dataclass(frozen=True)
class Request:
    """One thing to be written; equal requests have equal answers."""

    kind: str
    source: str
    options: tuple[tuple[str, Value], ...] = ()

    def text(self, name: str) -> str | None:
        """An option that is text."""
        value = dict(self.options).get(name)
        return value if isinstance(value, str) else None

    def integer(self, name: str) -> int | None:
        """An option that is a number."""
        value = dict(self.options).get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def flag(self, name: str) -> bool:
        """An option that is yes or no."""
        return dict(self.options).get(name) is True


_WORD = re.compile(r"""\s*(?P<name>[A-Za-z_][\w-]*)(?:=(?P<value>"[^"]*"|'[^']*'|[^\s"']+))?(?=\s|$)""")


def parse_request(
    header: str, source: str, kinds: Mapping[str, Mapping[str, _Option]], default: str, base: Path | None = None
) -> Request:
    """The request that ``header`` and ``source`` make; a file that ``source`` names is read, relative to ``base``.

    >>> parse_request("figure kind=windows layer=2", "(8*8*8) -> Conv|8|3", BLOCKS, "report").options
    (('kind', 'windows'), ('layer', 2))
    >>> parse_request("tabel", "784 -> FC|10", BLOCKS, "report")
    Traceback (most recent call last):
    symnet.embed.request.OptionError: unknown kind 'tabel'; did you mean 'table'? There are report, table, ...
    """
    kind = default
    options: dict[str, Value] = {}
    header = header.strip()
    position = 0
    while position < len(header):
        match = _WORD.match(header, position)
        if match is None:
            rest = header[position:].strip()
            raise OptionError(f"an option is written name=value, with quotes where the value has spaces: {rest!r}")
        name, value = match["name"], match["value"]
        if position == 0 and value is None:
            if name in BLOCKS and name not in kinds:
                raise OptionError(f"a {name} takes a block of its own, not a place in a line")
            kind = _known(name, kinds, "kind")
        else:
            declared = kinds[kind]
            known = _known(name, declared, f"option of {kind}")
            given = _value(known, value, declared[known])
            if known in options and known not in _ADDING:
                raise OptionError(f"{known} is given twice: say it once")
            options[known] = f"{options[known]}, {given}" if known in options else given
        position = match.end()
    if not source.strip():
        raise OptionError(f"{kind}: nothing to write about; give a network, a question or an expression")
    return Request(kind, _read(source, base), tuple(sorted(options.items())))


def names_network(source: str) -> bool:
    """Whether ``source`` is a network or a file of one, not an expression.

    >>> names_network("784 -> FC|10"), names_network("digits.net"), names_network("(W - 1)//2")
    (True, True, False)
    """
    return "->" in source or "→" in source or source.strip().endswith(".net")


def _known(name: str, known: Mapping[str, object], what: str) -> str:
    if name in known:
        return name
    near = get_close_matches(name, known, 1)
    hint = f"; did you mean {near[0]!r}?" if near else "."
    raise OptionError(f"unknown {what} {name!r}{hint} There are {', '.join(known)}")


def _value(name: str, written: str | None, option: _Option) -> Value:
    if option.kind is bool:
        if written in (None, "yes", "true"):
            return True
        if written in ("no", "false"):
            return False
        raise OptionError(f"{name} is yes or no, not {written!r}")
    if written is None:
        raise OptionError(f"{name} needs a value: {name}={option.choices[0] if option.choices else '…'}")
    value = written[1:-1] if written[:1] in ("'", '"') else written
    if option.choices and value not in option.choices:
        near = get_close_matches(value, option.choices, 1)
        raise OptionError(
            f"{name} is one of {', '.join(option.choices)}, not {value!r}"
            + (f"; did you mean {near[0]!r}?" if near else "")
        )
    if option.kind is int:
        if not re.fullmatch("[0-9]{1,9}", value):
            raise OptionError(f"{name} is a whole number, not {value!r}")
        return int(value)
    return value


def _read(source: str, base: Path | None) -> str:
    """The source itself, or what the ``.net`` file says that it names."""
    name, _, target = source.strip().partition("=")
    name = name.strip()
    if "->" in name or "→" in name or "\n" in name or not names_network(name):
        return source.strip()
    try:
        content = read_text(str((base or Path()) / name)).strip()
    except SymnetError as error:
        raise NotationError(str(error), source) from None
    return f"{content}\n= {target.strip()}" if target.strip() else content
