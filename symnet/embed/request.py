"""The request of a block or an inline formula: a kind, typed options, and a network, question, comparison or expression.

table                     figure kind=windows layer=1                solve for="S,P" where="S<=4"
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final, NamedTuple

from symnet.byte_counts import BYTES, OPTIMIZERS
from symnet.errors import NotationError, SymnetError
from symnet.files import read_text
from symnet.frameworks.convention import KERAS, ONNX, TENSORFLOW, TORCH
from symnet.render.figures.kinds import FIGURES

__all__ = [
    "ALL_OPTIONS", "BLOCKS", "FILES", "INLINE", "Option", "OptionError", "Request", "files_in", "names_network", "parse_request",
]  # fmt: skip

Value = str | int | bool

#: The endings of files that stand for a network; no code in them is run.
FILES: Final = (".net", ".keras", ".onnx")


class OptionError(SymnetError):
    """An unknown option of a block, or a wrong value of one."""


class Option(NamedTuple):
    """An option of a block: the type of its value, and if only some values are allowed, these."""

    kind: type[str | int | bool] = str
    choices: tuple[str, ...] = ()


#: What bytes are counted for.
_BYTES: Final = {
    "batch": Option(),
    "dtype": Option(str, tuple(BYTES)),
    "train": Option(str, tuple(OPTIMIZERS)),
}
_NETWORK: Final = {"at": Option(), "exact": Option(bool)}
_COSTS: Final = {"costs": Option(bool), **_BYTES}
_LEVEL: Final = {"level": Option(int, ("2", "3", "4", "5"))}
_SECTIONED: Final = {**_NETWORK, **_LEVEL}
_QUESTION: Final = {
    "for": Option(),
    "where": Option(),
    "budget": Option(),
    **_BYTES,
    "every": Option(),
    "exact": Option(bool),
    "valid": Option(bool),
}

#: The kinds of blocks, which stand on lines of their own, with their options.
BLOCKS: Final[Mapping[str, Mapping[str, Option]]] = {
    "report": {**_SECTIONED, **_COSTS},
    "table": {**_NETWORK, **_COSTS},
    "derivation": _SECTIONED,
    "formula": {**_NETWORK, "axis": Option()},
    "solve": _QUESTION,
    "figure": {**_NETWORK, "kind": Option(str, tuple(FIGURES)), "layer": Option(), "file": Option()},
    "explain": {**_LEVEL, "framework": Option(str, (KERAS, TORCH, TENSORFLOW, ONNX))},
    "facts": _LEVEL,
    "compare": {},
    "code": {**_NETWORK, "framework": Option(str, (KERAS, TORCH))},
}

#: The kinds of inline formulas, with their options.
INLINE: Final[Mapping[str, Mapping[str, Option]]] = {
    "formula": BLOCKS["formula"],
    "output": _NETWORK,
    "parameters": _NETWORK,
    "trainable": _NETWORK,
    "multiply_adds": _NETWORK,
    "memory": {**_NETWORK, **_BYTES},
    "receptive_field": _NETWORK,
    "solve": _QUESTION,
}

#: The names of all options.
ALL_OPTIONS: Final = tuple(
    dict.fromkeys(name for kinds in (BLOCKS, INLINE) for kind in kinds.values() for name in kind)
)

#: Options whose values add up when they are repeated.
_ADDING: Final = ("at", "budget", "every", "for", "where")


@dataclass(frozen=True)
class Request:
    """One thing to write; equal requests are answered once. ``source`` is a network, question or expression with its files
    read in, ``label`` the same as it was typed, and ``other`` the second network of a comparison.
    """

    kind: str
    source: str
    options: tuple[tuple[str, Value], ...] = ()
    label: str = ""
    other: str = ""

    def text(self, name: str) -> str | None:
        """The value of an option that is text, or ``None``."""
        value = dict(self.options).get(name)
        return value if isinstance(value, str) else None

    def integer(self, name: str) -> int | None:
        """The value of an option that is a number, or ``None``."""
        value = dict(self.options).get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def flag(self, name: str) -> bool:
        """The value of an option that is yes or no; ``False`` by default."""
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
    """The request that a block's ``header`` and ``source`` make.

    ``kinds`` are the kinds that are allowed with their options, ``default`` is the kind if the header names none, ``base`` the
    folder of the files that the source names, and ``more`` has options besides those of the header. Raises
    :class:`OptionError` for a wrong kind or option, and :class:`symnet.NotationError` for a file that cannot be read.

    >>> parse_request("figure kind=windows layer=2", "(8*8*8) -> Conv|8|3", BLOCKS, "report").options
    (('kind', 'windows'), ('layer', '2'))
    >>> parse_request("tabel", "784 -> FC|10", BLOCKS, "report")
    Traceback (most recent call last):
    symnet.embed.request.OptionError: unknown kind 'tabel'; did you mean 'table'? There are report, table, ...
    """
    kind, typed = _kind_and_options(header, kinds, default)
    options: dict[str, Value] = {}
    for name, value in [*typed, *more.items()]:
        declared = kinds[kind]
        declared_name = _checked_name(name, declared, f"option of {kind}")
        read = _value(declared_name, value, declared[declared_name])
        if declared_name in options and declared_name not in _ADDING:
            raise OptionError(f"{declared_name} is given twice: say it once")
        options[declared_name] = f"{options[declared_name]}, {read}" if declared_name in options else read
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


#: Kinds whose source is a word instead of a network.
_WORDS: Final = ("explain", "facts")

#: What kinds take whose source is not a network, a question or an expression.
_WANTED: Final = {
    "explain": "a kind of layer, a fact or a word of the field",
    "compare": "two networks with the word “with” between them",
    "code": "a network",
}


def _kind_and_options(
    header: str, kinds: Mapping[str, Mapping[str, Option]], default: str
) -> tuple[str, list[tuple[str, str | None]]]:
    """The kind, and the options with their texts (``None`` for an option without a value)."""
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
            kind = _checked_name(name, kinds, "kind")
        else:
            options.append((name, value[1:-1] if value and value[0] in "'\"" else value))
        position = match.end()
    return kind, options


_QUOTED_OR_WITH = re.compile(r"""("[^"]*"|'[^']*')|\swith\s""")


def _two_networks(source: str) -> tuple[str, str]:
    """The networks before and after the word ``with``; the line breaks around it do not matter."""
    padded = f" {source} "
    between = [match.span() for match in _QUOTED_OR_WITH.finditer(padded) if match[1] is None]
    if len(between) == 1:
        [(start, end)] = between
        first, other = padded[:start].strip(), padded[end:].strip()
        if first and other:
            return first, other
    raise OptionError("compare takes two networks with the word “with” between them")


def _label(source: str) -> str:
    """A network as it is called in text: the name of its file, or its notation on one line."""
    return " ".join(source.split())


def names_network(source: str) -> bool:
    """Returns whether ``source`` is a network or a file of one, and not an expression.

    >>> names_network("784 -> FC|10"), names_network("digits.keras"), names_network("(W - 1)//2")
    (True, True, False)
    """
    return "->" in source or "→" in source or source.strip().endswith(FILES)


def _checked_name(name: str, known: Mapping[str, object], what: str) -> str:
    """``name`` itself if it is known; raises :class:`OptionError` with the nearest known name otherwise."""
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
    """The files that the networks in ``source`` name, whether or not they exist.

    >>> [path.name for path in files_in("a.net with b.net")], files_in("784 -> FC|10")
    (['a.net', 'b.net'], [])
    """
    files = []
    for part in re.split(r"\swith\s", source):
        name = part.strip().partition("=")[0].strip()
        if _is_file(name):
            files.append((base or Path()) / name)
    return files


def _is_file(name: str) -> bool:
    return "->" not in name and "→" not in name and "\n" not in name and name.endswith(FILES)


def _read(source: str, base: Path | None) -> str:
    """The source itself, or the content of the file that it names."""
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
