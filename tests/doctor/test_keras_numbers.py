"""Models of Keras that work, each broken in one number: the doctor finds what Keras refuses, and Keras makes what it offers."""

from __future__ import annotations

import random
import re
import zlib
from pathlib import Path

import pytest

from tests.doctor.test_keras import HEADER, made_in_keras
from tests.doctor.test_one_number import broken
from tests.doctor.test_torch import mended

pytestmark = [pytest.mark.frameworks, pytest.mark.slow]

#: So many numbers of each model are broken.
EACH = 3

RIGHT = {
    name: HEADER + code
    for name, code in re.findall(
        r"^## ([^\n]*)\n\n```python\n(.*?)^```$",
        (Path(__file__).parent / "right_keras.md").read_text(encoding="utf-8"),
        re.DOTALL | re.MULTILINE,
    )
}


def refused(text: str, file: Path) -> bool:
    try:
        made_in_keras(text, file, ())
    except Exception:  # noqa: BLE001  # whatever Keras raises
        return True
    return False


@pytest.mark.parametrize("name", RIGHT)
def test_one_number_that_is_wrong_is_found_and_mended(name: str, tmp_path: Path) -> None:
    from symnet.doctor.loading import diagnosed

    source = RIGHT[name]
    assert not refused(source, tmp_path / "right.py")
    ways = broken(source, random.Random(zlib.crc32(name.encode())))  # the same in every run
    seen = 0
    for number, text in enumerate(ways):
        if not refused(text, tmp_path / "maybe.py"):
            continue
        file = tmp_path / f"{re.sub(' ', '_', name)}_{number}.py"
        file.write_text(text)
        found = diagnosed(f"{file}:build", ())
        assert not found.ok, text
        assert found.where, text
        ran = 0
        for fix in found.fixes:
            if fix.where:
                made_in_keras(mended(text, fix), tmp_path / "mended.py", ())
                ran += 1
        assert ran, (found, text)
        seen += 1
        if seen == EACH:
            break
    assert seen
