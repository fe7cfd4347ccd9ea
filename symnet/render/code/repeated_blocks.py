"""Turns repeated blocks that differ only in numbers into one class with these numbers as arguments."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from symnet.render.code.python import free
from symnet.render.code.repeated_parts import NUMBER

__all__ = ["Block", "blocks_of"]

_KEYWORD = re.compile(r"(\w+)=\(?[^=]*$")

#: The most arguments of a class: with more, two classes are easier to read than one.
MOST = 8

#: Names for the first argument values that are not keyword arguments in the constructor calls.
_NAMES = ("channels", "width")


@dataclass(frozen=True)
class Block:
    """A class of generated code: its name, its argument names, the constructor call of each module in terms of the arguments,
    and the argument values of one block.
    """

    name: str
    arguments: tuple[str, ...]
    makes: Mapping[str, str]
    values: tuple[str, ...]


def blocks_of(found: Sequence[tuple[Mapping[str, str], object, Sequence[str]]]) -> list[Block]:
    """Returns one block for each entry of ``found``, which is ``(constructor calls by module name, a key that must be equal
    for blocks to share a class, names already used in it)``.

    >>> one, two = {"conv": "nn.Conv2d(64, 64, padding=1)"}, {"conv": "nn.Conv2d(128, 128, padding=1)"}
    >>> for block in blocks_of([(one, "", []), (two, "", [])]):
    ...     print(block.name, block.arguments, block.values, block.makes["conv"])
    Block ('channels',) ('64',) nn.Conv2d(channels, channels, padding=1)
    Block ('channels',) ('128',) nn.Conv2d(channels, channels, padding=1)
    """
    groups: dict[object, list[int]] = {}
    for index, (makes, form, symbols) in enumerate(found):
        skeleton = tuple((name, NUMBER.sub("#", make)) for name, make in makes.items())
        groups.setdefault((skeleton, form, tuple(symbols)), []).append(index)
    blocks: dict[int, Block] = {}
    names: list[str] = []
    for indices in groups.values():
        columns = list(
            zip(*([n for make in found[p][0].values() for n in NUMBER.findall(make)] for p in indices), strict=True)
        )
        kinds = list(dict.fromkeys(column for column in columns if len(set(column)) > 1))
        alike = [[index] for index in indices] if len(kinds) > MOST else [indices]
        for group in alike:
            name = free("Block", names)
            names.append(name)
            arguments = _arguments(found[group[0]], columns, kinds if len(alike) == 1 else [])
            for index in group:
                values = tuple(kind[indices.index(index)] for kind in arguments)
                makes = _with_argument_names(found[index][0], columns, arguments)
                blocks[index] = Block(name.replace("_", ""), tuple(arguments.values()), makes, values)
    return [blocks[index] for index in range(len(found))]


def _arguments(
    found: tuple[Mapping[str, str], object, Sequence[str]],
    columns: Sequence[tuple[str, ...]],
    kinds: Sequence[tuple[str, ...]],
) -> dict[tuple[str, ...], str]:
    """Returns a name for each column of differing numbers: the keyword at its first use if it has one, else a plain name."""
    keywords: list[str] = []
    for make in found[0].values():
        for number_match in NUMBER.finditer(make):
            before = _KEYWORD.search(make[: number_match.start()].rpartition(", ")[2])
            keywords.append(before[1] if before else "")
    names: dict[tuple[str, ...], str] = {}
    plain = iter((*_NAMES, *(f"size{number}" for number in range(3, 3 + len(kinds)))))
    for kind in kinds:
        keyword = keywords[columns.index(kind)]
        names[kind] = free(keyword or next(plain), {*names.values(), *found[2], "self"})
    return names


def _with_argument_names(
    makes: Mapping[str, str], columns: Sequence[tuple[str, ...]], arguments: Mapping[tuple[str, ...], str]
) -> dict[str, str]:
    column_iterator = iter(columns)

    def replaced(match: re.Match[str]) -> str:
        return arguments.get(next(column_iterator), match[0])

    return {name: NUMBER.sub(replaced, make) for name, make in makes.items()}
