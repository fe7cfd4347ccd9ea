"""Blocks that differ in numbers only become one class, whose arguments these numbers are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from symnet.render.code.python import free
from symnet.render.code.repeats import NUMBER

__all__ = ["Block", "blocks_of"]

_KEYWORD = re.compile(r"(\w+)=\(?[^=]*$")

#: More arguments than these make a class harder to read than two classes.
MOST = 8

#: What the first numbers without a name are called: those that come in, and those inside.
_NAMES = ("channels", "width")


@dataclass(frozen=True)
class Block:
    """A class: its name and arguments, the constructors in terms of them, and the values for one block."""

    name: str
    arguments: tuple[str, ...]
    makes: Mapping[str, str]
    values: tuple[str, ...]


def blocks_of(found: Sequence[tuple[Mapping[str, str], object, Sequence[str]]]) -> list[Block]:
    """A block for each: its modules, what tells apart blocks with the same modules, and the names that are taken.

    >>> one, two = {"conv": "nn.Conv2d(64, 64, padding=1)"}, {"conv": "nn.Conv2d(128, 128, padding=1)"}
    >>> for block in blocks_of([(one, "", []), (two, "", [])]):
    ...     print(block.name, block.arguments, block.values, block.makes["conv"])
    Block ('channels',) ('64',) nn.Conv2d(channels, channels, padding=1)
    Block ('channels',) ('128',) nn.Conv2d(channels, channels, padding=1)
    """
    groups: dict[object, list[int]] = {}
    for place, (makes, form, symbols) in enumerate(found):
        skeleton = tuple((name, NUMBER.sub("#", make)) for name, make in makes.items())
        groups.setdefault((skeleton, form, tuple(symbols)), []).append(place)
    blocks: dict[int, Block] = {}
    names: list[str] = []
    for places in groups.values():
        columns = list(
            zip(*([n for make in found[p][0].values() for n in NUMBER.findall(make)] for p in places), strict=True)
        )
        kinds = list(dict.fromkeys(column for column in columns if len(set(column)) > 1))
        alike = [[place] for place in places] if len(kinds) > MOST else [places]
        for group in alike:
            name = free("Block", names)
            names.append(name)
            arguments = _arguments(found[group[0]], columns, kinds if len(alike) == 1 else [])
            for place in group:
                values = tuple(kind[places.index(place)] for kind in arguments)
                makes = _written(found[place][0], columns, arguments)
                blocks[place] = Block(name.replace("_", ""), tuple(arguments.values()), makes, values)
    return [blocks[place] for place in range(len(found))]


def _arguments(
    found: tuple[Mapping[str, str], object, Sequence[str]],
    columns: Sequence[tuple[str, ...]],
    kinds: Sequence[tuple[str, ...]],
) -> dict[tuple[str, ...], str]:
    """A name for each column of numbers that differ: the keyword where it first stands, if it has one."""
    keywords: list[str] = []
    for make in found[0].values():
        for found_ in NUMBER.finditer(make):
            before = _KEYWORD.search(make[: found_.start()].rpartition(", ")[2])
            keywords.append(before[1] if before else "")
    names: dict[tuple[str, ...], str] = {}
    plain = iter((*_NAMES, *(f"size{number}" for number in range(3, 3 + len(kinds)))))
    for kind in kinds:
        keyword = keywords[columns.index(kind)]
        names[kind] = free(keyword or next(plain), {*names.values(), *found[2], "self"})
    return names


def _written(
    makes: Mapping[str, str], columns: Sequence[tuple[str, ...]], arguments: Mapping[tuple[str, ...], str]
) -> dict[str, str]:
    places = iter(columns)

    def put(match: re.Match[str]) -> str:
        return arguments.get(next(places), match[0])

    return {name: NUMBER.sub(put, make) for name, make in makes.items()}
