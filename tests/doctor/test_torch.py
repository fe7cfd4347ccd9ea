"""The doctor of PyTorch's models: where each of some fifty broken models breaks, and that PyTorch runs them with what mends them."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from symnet.doctor.diagnosis import Diagnosis
from symnet.doctor.findings import Fix
from tests.doctor.broken_models import Broken, broken_models

pytestmark = pytest.mark.frameworks

HEADER = "import torch\nimport torch.nn.functional as F\nfrom torch import nn\n\n\n"
BROKEN = broken_models("broken_torch.md", HEADER)


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
    file.write_text(broken.source)
    return diagnosed(f"{file}:Net", broken.inputs)


@pytest.mark.parametrize("broken", BROKEN, ids=[one.name for one in BROKEN])
def test_where_it_breaks_and_that_torch_runs_what_mends_it(broken: Broken, tmp_path: Path) -> None:
    found = diagnosis(broken, tmp_path)
    assert not found.ok
    assert found.layer == broken.layer
    assert found.where is not None
    line = broken.source.split("\n")[int(found.where.rpartition(":")[2]) - 1]
    assert broken.line in line
    assert found.fixes
    assert any(broken.change in fix.change for fix in found.fixes), [fix.change for fix in found.fixes]
    ran = 0
    for number, fix in enumerate(found.fixes):
        assert fix.tried
        if fix.kind == "input":
            inputs = tuple(part for part in fix.code.split() if part != "--input")
            run_in_torch(broken.source, tmp_path / f"input_{number}.py", inputs)
            ran += 1
        elif fix.where:
            run_in_torch(mended(broken.source, fix), tmp_path / f"mended_{number}.py", broken.inputs)
            ran += 1
    assert ran


def test_the_users_model_is_not_touched() -> None:
    import torch

    import symnet

    class Net(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = torch.nn.Conv2d(1, 4, 3)
            self.head = torch.nn.Linear(10, 2)
            self.calls = 0

        def forward(self, x: Any) -> Any:
            self.calls += 1
            return self.head(self.conv(x).flatten(1))

    net = Net()
    before = {name: held.clone() for name, held in net.state_dict().items()}
    found = symnet.doctor(net, (1, 8, 8))
    assert found.layer == "head"
    assert found.fixes[0].change == "head: in_features=144"
    assert net.calls == 0
    assert all(torch.equal(held, before[name]) for name, held in net.state_dict().items())
    assert net.head.in_features == 10


def test_a_model_that_is_well_says_for_which_sizes() -> None:
    import torch

    import symnet

    layers = [torch.nn.Conv2d(3, 8, 3, 2, 1), torch.nn.ReLU(), torch.nn.Conv2d(8, 8, 5)]
    found = symnet.doctor(torch.nn.Sequential(*layers), (3, 32, 32))
    assert found.ok
    assert found.fits == {"H": "H ≥ 9", "W": "W ≥ 9"}


def test_a_model_that_runs_since_a_size_is_1_is_in_no_class_that_leaves_it_out() -> None:
    import torch

    import symnet

    class Net(torch.nn.Module):  # type: ignore[misc]
        def __init__(self, stride: int) -> None:
            super().__init__()
            self.c = torch.nn.Conv2d(8, 8, 3, stride, 1)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.c(x) + x

    found = symnet.doctor(Net(2), (8, 2, 2))
    assert (found.ok, found.fits) == (True, {})
    assert found.notes[0].startswith("It runs because add ")
    assert found.notes[0].endswith(" stretches a size that happens to be 1.")
    assert symnet.doctor(Net(1), (8, 2, 2)).fits == {"H": "H ≥ 1", "W": "W ≥ 1"}


IN_BLOCKS = """
from torch import nn
class Block(nn.Module):
    def __init__(self, i, o, s):
        super().__init__()
        self.c = nn.Conv2d(i, o, 3, stride=s, padding=1)
        self.sc = nn.Conv2d(i, o, 1)
    def forward(self, x):
        return self.c(x) + self.sc(x)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.b1, self.b2 = Block(3, 4, 1), Block(4, 5, 2)
    def forward(self, x):
        return self.b2(self.b1(x))
"""

UPWARDS = """
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.u1 = nn.ConvTranspose2d(16, 8, 3, stride=2, padding=1)
        self.u2 = nn.ConvTranspose2d(8, 1, 3, stride=2, padding=1)
        self.f = nn.Linear(784, 10)
    def forward(self, x):
        return self.f(self.u2(self.u1(x)).view(-1, 784))
"""


def test_no_change_mends_by_making_a_size_1_which_is_stretched(tmp_path: Path) -> None:
    from symnet.doctor.loading import diagnosed

    file = tmp_path / "in_blocks.py"
    file.write_text(IN_BLOCKS, encoding="utf-8")
    found = diagnosed(f"{file}:Net", ["3*32*32"])
    assert found.fixes
    assert not any("32 for 1" in fix.change for fix in found.fixes)


def test_a_number_that_makes_a_run_too_large_is_not_tried(tmp_path: Path) -> None:
    """Strides of 784 make 10 thousand rows of 10 thousand numbers from 7 × 7, which torch calculates for minutes."""
    from symnet.doctor.loading import diagnosed

    file = tmp_path / "upwards.py"
    file.write_text(UPWARDS, encoding="utf-8")
    assert "f: in_features=625" in diagnosed(f"{file}:Net", ["16*7*7"]).fixes[0].change


def test_what_sizes_do_not_cause_is_refused_in_a_line(tmp_path: Path) -> None:
    from symnet.doctor.loading import diagnosed
    from symnet.errors import ModelError

    file = tmp_path / "wrong_name.py"
    file.write_text(BROKEN[0].source.replace("return self.f(x)", "return self.g(x)"))
    with pytest.raises(ModelError, match=r"AttributeError.*wrong_name\.py:16"):
        diagnosed(f"{file}:Net", ("1*28*28",))


def test_a_file_that_never_ends_is_stopped(tmp_path: Path) -> None:
    from symnet.doctor.process import examined_apart
    from symnet.errors import ModelError

    file = tmp_path / "forever.py"
    file.write_text("import torch\nwhile True:\n    pass\n")
    with pytest.raises(ModelError, match="was stopped after 5 s"):
        examined_apart(str(file), (), 5)


def test_what_a_file_prints_is_kept_apart(tmp_path: Path) -> None:
    from symnet.doctor.process import examined_apart

    file = tmp_path / "loud.py"
    file.write_text("print('{}')\n" + BROKEN[0].source)
    found = examined_apart(f"{file}:Net", BROKEN[0].inputs)
    assert found.layer == "f"
    assert found.notes[-1].endswith("printed 1 line, left out.")


@pytest.mark.parametrize("size", [13, 17, 19, 23, 29])
def test_a_size_that_is_as_large_as_the_batch_is_a_number(size: int) -> None:
    """Whatever batch it runs with, no size of an example is taken for it."""
    from torch import nn

    from symnet import doctor

    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(7, 2))
    shown = str(doctor(model, (1, 2 * size + 2, 2 * size + 2)))
    assert f"4 × {size} × {size}" in shown
    assert f"in_features={4 * size * size}" in shown
    assert "N" not in shown.partition("What mends it")[0].replace("NCHW", "")


def test_a_model_of_a_library_is_named_by_its_module() -> None:
    from symnet.doctor.process import examined_apart

    found = examined_apart("torchvision.models:resnet18", ("3*64*64",))
    assert found.ok
    assert found.rows[-1].name == "fc"
    assert found.fits
