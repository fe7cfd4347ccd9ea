"""What a block or an inline formula asks for: a kind, typed options, and a network, a question, two networks or an expression.

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
from symnet.frameworks.convention import KERAS, ONNX, TENSORFLOW, TORCH
from symnet.render.figures.kinds import FIGURES

__all__ = [
    "ALL_OPTIONS", "BLOCKS", "FILES", "INLINE", "Option", "OptionError", "Request", "files_in", "names_network", "parse_request",
]  # fmt: skip

Value = str | int | bool

#: Files that stand for a network, and from which nothing is executed.
FILES: Final = (".net", ".keras", ".onnx")


class OptionError(SymnetError):
    """An option that a block does not have, or a value that it cannot have."""


class Option(NamedTuple):
    """An option of a block. ``kind`` is the type of the value: text, integer, flag, or one of ``choices``."""

    kind: type[str | int | bool] = str
    choices: tuple[str, ...] = ()


_NETWORK: Final = {"at": Option(), "exact": Option(bool)}
_LEVEL: Final = {"level": Option(int, ("2", "3", "4", "5"))}
_SECTIONED: Final = {**_NETWORK, **_LEVEL}
_QUESTION: Final = {
    "for": Option(),
    "where": Option(),
    "budget": Option(),
    "every": Option(),
    "exact": Option(bool),
    "valid": Option(bool),
}

#: Kinds that stand on lines of their own, and their options.
BLOCKS: Final[Mapping[str, Mapping[str, Option]]] = {
    "report": _SECTIONED,
    "table": _NETWORK,
    "derivation": _SECTIONED,
    "formula": {**_NETWORK, "axis": Option()},
    "solve": _QUESTION,
    "figure": {**_NETWORK, "kind": Option(str, tuple(FIGURES)), "layer": Option(), "file": Option()},
    "explain": {**_LEVEL, "framework": Option(str, (KERAS, TORCH, TENSORFLOW, ONNX))},
    "facts": _LEVEL,
    "compare": {},
    "code": {**_NETWORK, "framework": Option(str, (KERAS, TORCH))},
}

#: Kinds that stand in a line of text.
INLINE: Final[Mapping[str, Mapping[str, Option]]] = {
    "formula": BLOCKS["formula"],
    "output": _NETWORK,
    "parameters": _NETWORK,
    "trainable": _NETWORK,
    "multiply_adds": _NETWORK,
    "memory": {**_NETWORK, "dtype": Option()},
    "receptive_field": _NETWORK,
    "solve": _QUESTION,
}

#: Every option of any kind.
ALL_OPTIONS: Final = tuple(
    dict.fromkeys(name for kinds in (BLOCKS, INLINE) for kind in kinds.values() for name in kind)
)

#: Options that add up where they are repeated.
_ADDING: Final = ("at", "budget", "every", "for", "where")


@dataclass(frozen=True)
class Request:
    """One thing to be written; equal requests have equal answers. ``source`` is what its files hold, ``label`` how it is
    called: as it was typed, with the names of files. ``other`` is the second network of a comparison.
    """

    kind: str
    source: str
    options: tuple[tuple[str, Value], ...] = ()
    label: str = ""
    other: str = ""

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
    header: str,
    source: str,
    kinds: Mapping[str, Mapping[str, Option]],
    default: str,
    base: Path | None = None,
    more: Mapping[str, str | None] = {},
) -> Request:
    """The request that ``header`` and ``source`` make, with ``more`` options; files that ``source`` names are read, relative
    to ``base``.

    >>> parse_request("figure kind=windows layer=2", "(8*8*8) -> Conv|8|3", BLOCKS, "report").options
    (('kind', 'windows'), ('layer', '2'))
    >>> parse_request("tabel", "784 -> FC|10", BLOCKS, "report")
    Traceback (most recent call last):
    symnet.embed.request.OptionError: unknown kind 'tabel'; did you mean 'table'? There are report, table, ...
    """
    kind, given = _kind_and_options(header, kinds, default)
    options: dict[str, Value] = {}
    for name, value in [*given, *more.items()]:
        declared = kinds[kind]
        known = _known(name, declared, f"option of {kind}")
        read = _value(known, value, declared[known])
        if known in options and known not in _ADDING:
            raise OptionError(f"{known} is given twice: say it once")
        options[known] = f"{options[known]}, {read}" if known in options else read
    source = source.strip()
    if not source and kind != "facts":
        raise OptionError(
            f"{kind}: nothing to write about; give {_WANTED.get(kind, 'a network, a question or an expression')}"
        )
    chosen = tuple(sorted(options.items()))
    if kind in _WORDS:
        return Request(kind, source, chosen, source)
    if kind == "compare":
        first, other = _two_networks(source)
        return Request(kind, _read(first, base), chosen, f"{_label(first)} with {_label(other)}", _read(other, base))
    return Request(kind, _read(source, base), chosen, _label(source))


#: Kinds whose source is a word and no network.
_WORDS: Final = ("explain", "facts")

#: What such a kind is about, where it is no network, question or expression.
_WANTED: Final = {
    "explain": "a kind of layer, a fact or a word of the field",
    "compare": "two networks with the word “with” between them",
    "code": "a network",
}


def _kind_and_options(
    header: str, kinds: Mapping[str, Mapping[str, Option]], default: str
) -> tuple[str, list[tuple[str, str | None]]]:
    """The kind and the options as they are written."""
    kind = default
    options: list[tuple[str, str | None]] = []
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
            options.append((name, value[1:-1] if value and value[0] in "'\"" else value))
        position = match.end()
    return kind, options


_QUOTED_OR_WITH = re.compile(r"""("[^"]*"|'[^']*')|\swith\s""")


def _two_networks(source: str) -> tuple[str, str]:
    """The networks on both sides of the word ``with``, wherever lines are broken."""
    padded = f" {source} "
    between = [found.span() for found in _QUOTED_OR_WITH.finditer(padded) if found[1] is None]
    if len(between) == 1:
        [(start, end)] = between
        first, other = padded[:start].strip(), padded[end:].strip()
        if first and other:
            return first, other
    raise OptionError("compare takes two networks with the word “with” between them")


def _label(source: str) -> str:
    """How a network is called: files by their names, notation on one line."""
    return " ".join(source.split())


def names_network(source: str) -> bool:
    """Whether ``source`` is a network or a file of one, not an expression.

    >>> names_network("784 -> FC|10"), names_network("digits.keras"), names_network("(W - 1)//2")
    (True, True, False)
    """
    return "->" in source or "→" in source or source.strip().endswith(FILES)


def _known(name: str, known: Mapping[str, object], what: str) -> str:
    if name in known:
        return name
    near = get_close_matches(name, known, 1)
    hint = f"; did you mean {near[0]!r}?" if near else "."
    raise OptionError(f"unknown {what} {name!r}{hint} There are {', '.join(known)}")


def _value(name: str, value: str | None, option: Option) -> Value:
    if option.kind is bool:
        if value in (None, "", "yes", "true"):
            return True
        if value in ("no", "false"):
            return False
        raise OptionError(f"{name} is yes or no, not {value!r}")
    if not value:
        raise OptionError(f"{name} needs a value: {name}={option.choices[0] if option.choices else '…'}")
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


def files_in(source: str, base: Path | None = None) -> list[Path]:
    """The files that the networks in ``source`` name, whether or not they are there.

    >>> [path.name for path in files_in("a.net with b.net")], files_in("784 -> FC|10")
    (['a.net', 'b.net'], [])
    """
    found = []
    for part in re.split(r"\swith\s", source):
        name = part.strip().partition("=")[0].strip()
        if _is_file(name):
            found.append((base or Path()) / name)
    return found


def _is_file(name: str) -> bool:
    return "->" not in name and "→" not in name and "\n" not in name and name.endswith(FILES)


def _read(source: str, base: Path | None) -> str:
    """The source itself, or what the file says that it names."""
    name, _, target = source.strip().partition("=")
    name = name.strip()
    if not _is_file(name):
        return source.strip()
    from symnet.frontends.source import read

    path = str((base or Path()) / name)
    try:
        content = read_text(path).strip() if name.endswith(".net") else read(path).notation
    except SymnetError as error:
        raise NotationError(str(error), source) from None
    return f"{content}\n= {target.strip()}" if target.strip() else content
