"""The doctor of PyTorch's models: where each of some fifty broken models breaks, and that PyTorch runs them with what mends them."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from symnet.doctor.diagnosis import Diagnosis, Fix
from tests.doctor.broken_models import BROKEN, Broken, source

pytestmark = pytest.mark.frameworks


def mended(text: str, fix: Fix) -> str:
    """The file with the lines of a change in it."""
    lines = text.split("\n")
    places = [place for place in fix.where.split(", ") if place]
    for place, code in zip(places, fix.code.split("\n"), strict=True):
        number = int(place.rpartition(":")[2]) - 1
        indent = lines[number][: len(lines[number]) - len(lines[number].lstrip())]
        lines[number] = indent + code
    return "\n".join(lines)


def run_in_torch(text: str, file: Path, inputs: tuple[str, ...]) -> Any:
    """What the model in the text gives for a batch of three."""
    import torch

    file.write_text(text)
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    given = []
    for shape in inputs:
        sizes = [int(size) for size in shape.removeprefix("int:").split("*")]
        kind = torch.int64 if shape.startswith("int:") else torch.float32
        given.append(torch.zeros((3, *sizes), dtype=kind))
    with torch.no_grad():
        return module.Net()(*given)


def diagnosis(broken: Broken, folder: Path) -> Diagnosis:
    from symnet.doctor.loading import diagnosed

    file = folder / f"{broken.name}.py"
    file.write_text(source(broken))
    return diagnosed(f"{file}:Net", broken.inputs)


@pytest.mark.parametrize("broken", BROKEN, ids=[one.name for one in BROKEN])
def test_where_it_breaks_and_that_torch_runs_what_mends_it(broken: Broken, tmp_path: Path) -> None:
    found = diagnosis(broken, tmp_path)
    assert not found.ok
    assert found.layer == broken.layer
    assert found.where is not None
    line = source(broken).split("\n")[int(found.where.rpartition(":")[2]) - 1]
    assert broken.line in line
    assert found.fixes
    assert any(broken.fix in fix.change for fix in found.fixes), [fix.change for fix in found.fixes]
    ran = 0
    for number, fix in enumerate(found.fixes):
        assert fix.tried
        if fix.kind == "input":
            inputs = tuple(part for part in fix.code.split() if part != "--input")
            run_in_torch(source(broken), tmp_path / f"input_{number}.py", inputs)
            ran += 1
        elif fix.where:
            run_in_torch(mended(source(broken), fix), tmp_path / f"mended_{number}.py", broken.inputs)
            ran += 1
    assert ran
