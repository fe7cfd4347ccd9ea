"""The sizes that the doctor says a model takes as it stands: PyTorch runs the unchanged model on sizes drawn from them."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.doctor.test_one_number import RIGHT
from tests.doctor.test_torch import BROKEN, run_in_torch

pytestmark = [pytest.mark.frameworks, pytest.mark.slow]

#: The letters of an input by the number of its sizes, with the place of each.
LETTERS = {1: {"T": 0}, 2: {"T": 0, "L": 1}, 3: {"H": 1, "W": 2}, 4: {"D": 1, "H": 2, "W": 3}}

LARGEST, EACH = 72, 3


def allowed(condition: str, size: int) -> bool:
    """Whether a size fulfils a condition such as ``H ≡ 0 (mod 2)``, ``H ≥ 2``, ``H ∈ 28..31`` or ``H ∈ {1, 3}``."""
    if " or " in condition:
        return any(allowed(part, size) for part in condition.split(" or "))
    if found := re.fullmatch(r"\w+ ≡ (\d+) \(mod (\d+)\)", condition):
        return size % int(found[2]) == int(found[1])
    if found := re.fullmatch(r"\w+ (≥|≤) (\d+)", condition):
        return size >= int(found[2]) if found[1] == "≥" else size <= int(found[2])
    if found := re.fullmatch(r"\w+ ∈ (\d+)\.\.(\d+)", condition):
        return int(found[1]) <= size <= int(found[2])
    if found := re.fullmatch(r"\w+ ∈ \{([\d, ]+)\}", condition):
        return size in map(int, found[1].split(", "))
    if found := re.fullmatch(r"\w+ mod (\d+) (∈ .*)", condition):
        return allowed(f"r {found[2]}", size % int(found[1]))
    raise AssertionError(condition)


def conditions(words: str) -> list[str]:
    """The conditions in words; a comma inside of braces stands between numbers, one between digits is no comma of a sentence."""
    return re.split(r", (?![^{]*\})", re.sub(r"(?<=\d),(?=\d{3})", "", words))


def as_sets(words: str) -> str:
    """A first condition on one number alone, ``H = 8`` or ``H = W = 8``, as that on a set, ``H = W, H ∈ {8}``."""
    found = re.match(r"([A-Z])((?: = [A-Z])*) = ([\d,]*\d)", words)
    if found is None:
        return words
    letter, others, size = found.groups()
    return f"{f'{letter}{others}, ' if others else ''}{letter} ∈ {{{size.replace(',', '')}}}{words[found.end() :]}"


def inputs(fits: Mapping[str, str], shape: tuple[int, ...], draw: random.Random) -> Iterator[tuple[int, ...]]:
    """Shapes that the words allow: all letters together, or each of the alternatives."""
    letters = LETTERS[len(shape)]
    staying = any(" = " in as_sets(words) and f"{letter} = " not in as_sets(words) for letter, words in fits.items())
    groups = [{letter: words} for letter, words in fits.items()] if staying else [dict(fits)]
    for group in groups:
        for _ in range(EACH):
            sizes, whole = list(shape), True
            for letter, words in group.items():
                parts = conditions(as_sets(words))
                equal = [part.split(" = ") for part in parts if re.fullmatch(r"[A-Z]( = [A-Z])+", part)]
                other = {
                    name: int(size)
                    for part in parts
                    if (pair := re.fullmatch(r"([A-Z]) = (\d+)", part))
                    for name, size in [pair.groups()]
                }
                own = [part for part in parts if part.split(" ")[0] == letter and " = " not in part]
                ways = [size for size in range(1, LARGEST) if all(allowed(part, size) for part in own)]
                if not ways:
                    whole = False
                    break
                chosen = draw.choice(ways)
                for name in equal[0] if equal else [letter]:
                    sizes[letters[name]] = chosen
                for name, size in other.items():
                    if name != letter:
                        sizes[letters[name]] = size
            if whole:
                yield tuple(sizes)


MODELS = [
    *((one.name, one.inputs, one.source) for one in BROKEN),
    *((one.name, one.inputs, one.source) for one in RIGHT),
]


@pytest.mark.parametrize(("name", "given", "source"), MODELS, ids=[f"{n}_{one[0]}" for n, one in enumerate(MODELS)])
def test_the_model_takes_the_sizes_that_are_named(
    name: str, given: tuple[str, ...], source: str, tmp_path: Path
) -> None:
    from symnet.doctor.loading import diagnosed

    file = tmp_path / "net.py"
    file.write_text(source)
    found = diagnosed(f"{file}:Net", given)
    draw = random.Random(zlib.crc32(name.encode()))
    if not found.fits or len(given) > 1 or given[0].startswith("int:"):
        return
    for shape in inputs(found.fits, tuple(map(int, given[0].split("*"))), draw):
        text = "*".join(map(str, shape))
        result = run_in_torch(source, tmp_path / "again.py", (text,))
        first = result[0] if isinstance(result, tuple) else result
        assert first.ndim == 0 or first.shape[0] == 3, (text, found.fits)  # three examples in, three out
