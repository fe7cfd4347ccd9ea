"""Models that work, each broken in one number: the doctor names the line at which PyTorch stops, and PyTorch runs what it offers."""

from __future__ import annotations

import ast
import random
import re
import zlib
from pathlib import Path
from typing import NamedTuple

import pytest

from symnet.doctor.findings import Fix
from tests.doctor.test_torch import HEADER, mended, run_in_torch

pytestmark = [pytest.mark.frameworks, pytest.mark.slow]

#: So many numbers of each model are broken.
EACH = 2

#: Losses and functions that symnet does not work out: what is offered was run, and is not proven.
UNPROVEN = ("autoencoder", "vae")

_MODEL = re.compile(
    r"^## (?P<name>[^\n]*)\n\n- inputs: (?P<inputs>[^\n]*)\n\n```python\n(?P<code>.*?)^```$", re.DOTALL | re.MULTILINE
)


class Right(NamedTuple):
    """A model that works at inputs of these shapes."""

    name: str
    inputs: tuple[str, ...]
    source: str


RIGHT = [
    Right(re.sub(r"\W", "_", one["name"]), tuple(one["inputs"].split(", ")), HEADER + one["code"])
    for one in _MODEL.finditer((Path(__file__).parent / "right_torch.md").read_text(encoding="utf-8"))
]


def broken(source: str, order: random.Random) -> list[str]:
    """The source with one whole number changed, in many ways."""
    lines, found = source.split("\n"), []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and type(node.value) is int:
            line = lines[node.lineno - 1]
            for other in {node.value + 1, node.value * 2, node.value + 3, max(node.value - 1, 0), node.value // 2}:
                changed = line[: node.col_offset] + str(other) + line[node.end_col_offset :]
                found.append("\n".join([*lines[: node.lineno - 1], changed, *lines[node.lineno :]]))
    order.shuffle(found)
    return [text for text in found if text != source]


def line_of(error: BaseException, file: Path) -> int | None:
    """The innermost line of the file that the error came through."""
    found, traceback = None, error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == str(file):
            found = traceback.tb_lineno
        traceback = traceback.tb_next
    return found


def runs(text: str, fix: Fix, inputs: tuple[str, ...], file: Path) -> bool:
    """Whether PyTorch runs the model with the change."""
    if fix.kind == "input":
        run_in_torch(text, file, tuple(part for part in fix.code.split() if part != "--input"))
        return True
    if fix.where:
        run_in_torch(mended(text, fix), file, inputs)
        return True
    return False


@pytest.mark.parametrize("right", RIGHT, ids=[one.name for one in RIGHT])
def test_one_number_that_is_wrong_is_found_and_mended(right: Right, tmp_path: Path) -> None:
    from symnet.doctor.loading import diagnosed

    run_in_torch(right.source, tmp_path / "right.py", right.inputs)
    order = random.Random(zlib.crc32(right.name.encode()))  # the same models in every run
    seen = 0
    for number, text in enumerate(broken(right.source, order)):
        file = tmp_path / f"{right.name}_{number}.py"
        try:
            run_in_torch(text, file, right.inputs)
            continue
        except Exception as error:  # noqa: BLE001  # whatever PyTorch raises
            line = line_of(error, file)
        found = diagnosed(f"{file}:Net", right.inputs)
        assert not found.ok
        assert found.where == f"{file.name}:{line}"
        ran = [runs(text, fix, right.inputs, tmp_path / "mended.py") for fix in found.fixes]  # each is run
        assert any(ran), found
        assert right.name in UNPROVEN or any(fix.proven for fix in found.fixes)
        seen += 1
        if seen == EACH:
            break
    assert seen
