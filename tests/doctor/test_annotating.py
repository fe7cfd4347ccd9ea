"""Sizes behind the lines of a source, and a Shape section that touches nothing else in its file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from symnet.doctor.annotating import annotated_source, with_shape_section
from symnet.errors import ModelError

FOUND: dict[str, Any] = {
    "inputs": ["N × 3 × H × W"],
    "outputs": ["N × 10"],
    "hypotheses": ["H ≥ 9"],
    "refused": None,
    "functions": [],
    "lines": {},
}

SECTION = "    Shape:\n        - Input: :math:`(N, 3, H, W)`\n        - Output: :math:`(N, 10)` where H ≥ 9\n"

DOCSTRINGS = (
    ("", '    """Net.\n\n' + SECTION + '    """\n\n'),
    ('    """A net."""\n', '    """A net.\n\n' + SECTION + '    """\n'),
    ('    """A net.\n    """\n', '    """A net.\n\n' + SECTION + '    """\n'),
    ('    """A net.\n\n    More."""\n', '    """A net.\n\n    More.\n\n' + SECTION + '    """\n'),
    (
        '    """A net.\n\n    Shape:\n        - Input: old\n          still old\n\n    Examples:\n        none\n    """\n',
        '    """A net.\n\n' + SECTION + '\n    Examples:\n        none\n    """\n',
    ),
)


@pytest.mark.parametrize(("before", "after"), DOCSTRINGS)
def test_the_section_is_written_and_nothing_else_changes(before: str, after: str) -> None:
    head, tail = "import os  # é\n\n\nclass Net:\n", "    x = 1\n\n\nclass Other:\n    pass\n"
    made = with_shape_section(head + before + tail, "Net", FOUND)
    assert made == head + after + tail
    assert with_shape_section(made, "Net", FOUND) == made


def test_what_is_not_known_is_not_written() -> None:
    with pytest.raises(ModelError, match="not known"):
        with_shape_section("class Net:\n    pass\n", "Net", {**FOUND, "refused": "no"})
    with pytest.raises(ModelError, match="no class"):
        with_shape_section("x = 1\n", "Net", FOUND)


SOURCE = '''import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, c, d):
        super().__init__()
        self.a = nn.Conv2d(c, d, 3, padding=1)

    def forward(self, x):
        return torch.relu(self.a(x))


class Net(nn.Module):
    """A net."""

    def __init__(self):
        super().__init__()
        self.one = Block(3, 8)
        self.two = Block(8, 16)
        self.up = nn.ConvTranspose2d(16, 8, 2, 2)

    def forward(self, x):
        a = self.one(x)
        b = self.two(nn.functional.max_pool2d(a, 2))
        y = torch.cat(
            [a, self.up(b)],
            1,
        )
        first, second = y.chunk(2, 1)
        first += second
        return first
'''


@pytest.mark.frameworks
def test_each_line_has_its_sizes(tmp_path: Path) -> None:
    from symnet.doctor.loading import annotated_lines

    file = tmp_path / "annotated_net.py"
    file.write_text(SOURCE)
    shown = annotated_source(annotated_lines(f"{file}:Net", ["3*H*W"]))
    for line in (
        "a = self.one(x) # a: N × 8 × H × W",
        "b = self.two(nn.functional.max_pool2d(a, 2)) # b: N × 16 × ⌊H/2⌋ × ⌊W/2⌋",
        "y = torch.cat( # y: N × 16 × H × W",
        "first, second = y.chunk(2, 1) # first: N × 8 × H × W; second: N × 8 × H × W",
        "return torch.relu(self.a(x)) # → N × 8 × H × W; → N × 16 × ⌊H/2⌋ × ⌊W/2⌋",
        "return first # → N × 8 × H × W",
    ):
        assert line in [" ".join(one.split()) for one in shown.splitlines()]
    assert "# Assumed: H ≡ 0 (mod 2), H ≥ 2, W ≡ 0 (mod 2), W ≥ 2." in shown


@pytest.mark.frameworks
def test_a_model_that_breaks_shows_what_is_known_until_there(tmp_path: Path) -> None:
    from symnet.doctor.loading import annotated_lines

    file = tmp_path / "annotated_broken.py"
    file.write_text(
        SOURCE.replace("self.up = nn.ConvTranspose2d(16, 8, 2, 2)", "self.up = nn.ConvTranspose2d(16, 8, 3, 2)")
    )
    shown = annotated_source(annotated_lines(f"{file}:Net", ["3*32*32"]))
    assert "b: N × 16 × 16 × 16" in shown
    assert "It ends there" in shown


#: Ways to write a forward, what is called first, and a line that must stand in the annotated source.
FORWARDS = {
    "starred": ("    def forward(self, *a):\n        y = self.c(a[0])\n        return y\n", "# a: N × 3 × H × W"),
    "decorated": (
        "    @logged\n    def forward(self, x):\n        y = self.c(x)\n        return y\n",
        "# x: N × 3 × H × W",
    ),
    "without gradients": (
        "    @torch.no_grad()\n    def forward(self, x):\n        y = self.c(x)\n        return y\n",
        "# x: N × 3 × H × W",
    ),
    "lambda": (
        "    def forward(self, x):\n        y = (lambda t: self.c(t))(x)\n        return y\n",
        "# y: N × 8 × (H − 2) × (W − 2)",
    ),
    "property": (
        "    @property\n    def w(self):\n        v = self.c.weight * 2\n        return v\n\n"
        "    def forward(self, x):\n        return nn.functional.conv2d(x, self.w)\n",
        "# v: 8 × 3 × 3 × 3",
    ),
    "nested": (
        "    def forward(self, x):\n        def inside(t):\n            u = self.c(t)\n            return u\n"
        "        return inside(x)\n",
        "# u: N × 8 × (H − 2) × (W − 2)",
    ),
    "generator": (
        "    def steps(self, x):\n        for _ in range(2):\n            x = self.c(x)[:, :3]\n            yield x\n\n"
        "    def forward(self, x):\n        a, b = self.steps(x)\n        return b\n",
        "a: N × 3 × (H − 2) × (W − 2); b: N × 3 × (H − 4) × (W − 4)",
    ),
    "walrus": (
        "    def forward(self, x):\n        if (y := self.c(x)) is not None:\n            self.last = y\n        return y\n",
        "# self.last: N × 8 × (H − 2) × (W − 2)",
    ),
}

WITH_DECORATOR = """import functools
import torch
from torch import nn


def logged(f):
    @functools.wraps(f)
    def inner(self, *a, **k):
        return f(self, *a, **k)
    return inner


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c = nn.Conv2d(3, 8, 3)

"""


@pytest.mark.frameworks
@pytest.mark.parametrize("way", FORWARDS)
def test_every_way_to_write_a_forward_is_followed(way: str, tmp_path: Path) -> None:
    from symnet.doctor.annotating import annotated_source, with_shape_section
    from symnet.doctor.loading import annotated_lines

    code, wanted = FORWARDS[way]
    file = tmp_path / "net.py"
    file.write_text(WITH_DECORATOR + code)
    found = annotated_lines(f"{file}:Net", ("3*H*W",))
    shown = annotated_source(found)
    assert wanted in shown
    assert shown.count("def forward") == 1
    assert shown.count("def inside") <= 1
    assert found["inputs"] == ["N × 3 × H × W"]
    renewed = with_shape_section(file.read_text(), "Net", found)
    head, _, rest = renewed.partition('    """Net.')
    assert head + rest.partition('    """\n\n')[2] == WITH_DECORATOR + code  # nothing else changes
    assert with_shape_section(renewed, "Net", found) == renewed


@pytest.mark.frameworks
def test_the_section_of_an_inherited_forward_goes_to_the_class_that_is_named(tmp_path: Path) -> None:
    from symnet.doctor.loading import annotated_lines

    (tmp_path / "base_of_child.py").write_text(WITH_DECORATOR + FORWARDS["starred"][0])
    (tmp_path / "child.py").write_text("from base_of_child import Net\n\n\nclass Child(Net):\n    more = 1\n")
    found = annotated_lines(f"{tmp_path / 'child.py'}:Child", ("3*H*W",))
    assert Path(found["file"]).name == "base_of_child.py"
    assert Path(found["class_file"]).name == "child.py"
    assert found["name"] == "Child"
