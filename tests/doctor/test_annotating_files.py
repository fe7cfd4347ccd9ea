"""Shape sections in files of every kind: their ends of lines, tabs, encodings and quotes stay as they are."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

import pytest

from symnet import ModelError
from symnet.doctor.annotating import source_of, with_shape_section, write_source

FOUND: dict[str, Any] = {"refused": None, "inputs": ["N × 3"], "outputs": ["N × 2"], "hypotheses": []}

SECTION = "    Shape:\n        - Input: :math:`(N, 3)`\n        - Output: :math:`(N, 2)`\n"

#: A class, and what it is with a section.
RENEWED = {
    "class Net:\n    'One line.'\n": f'class Net:\n    """One line.\n\n{SECTION}    """\n',
    "class Net:\n    'A \"quoted\"'  # why\n": f"class Net:\n    '''A \"quoted\"\n\n{SECTION}    '''  # why\n",
    'class Net:\n    r"""Raw \\d."""; x = 1\n': f'class Net:\n    r"""Raw \\d.\n\n{SECTION}    """; x = 1\n',
    'class Net:\n    """A.\n\n    Shape:\n        - Input: old\n\n    Note:\n        b\n    """\n': (
        f'class Net:\n    """A.\n\n{SECTION}\n    Note:\n        b\n    """\n'
    ),
    'class Net:\n    """A.\n\n    Shape:\n        - Input: old"""\n': f'class Net:\n    """A.\n\n{SECTION}    """\n',
    "class Net:\n    @property\n    def f(self): ...\n": (
        f'class Net:\n    """Net.\n\n{SECTION}    """\n\n    @property\n    def f(self): ...\n'
    ),
    "class A:\n    class Net:\n        'inner'\n\n\nclass Net:\n    'outer'\n": (
        f'class A:\n    class Net:\n        \'inner\'\n\n\nclass Net:\n    """outer\n\n{SECTION}    """\n'
    ),
}


@pytest.mark.parametrize("text", RENEWED)
def test_the_section_and_nothing_else(text: str) -> None:
    assert with_shape_section(text, "Net", FOUND) == RENEWED[text]
    assert with_shape_section(RENEWED[text], "Net", FOUND) == RENEWED[text]


@pytest.mark.parametrize("text", RENEWED)
def test_ends_of_lines_and_tabs_stay(text: str) -> None:
    renewed = with_shape_section(text.replace("\n", "\r\n"), "Net", FOUND)
    assert renewed == RENEWED[text].replace("\n", "\r\n")
    tabs = with_shape_section(text.replace("    ", "\t"), "Net", FOUND)
    added = [
        line[2:] for line in difflib.ndiff(text.replace("    ", "\t").split("\n"), tabs.split("\n")) if line[0] == "+"
    ]
    assert all(line.startswith("\t") for line in added if line)


@pytest.mark.parametrize("start", ["# coding: latin-1\n# café\n", "\ufeff# café\n", "# ⌊café⌋\n"])
def test_the_encoding_stays(start: str, tmp_path: Path) -> None:
    file = tmp_path / "net.py"
    data = (start + "class Net:\n    'One line.'\n").encode("latin-1" if "latin" in start else "utf-8")
    file.write_bytes(data)
    text, encoding = source_of(str(file))
    write_source(str(file), text, encoding)
    assert file.read_bytes() == data
    write_source(str(file), with_shape_section(text, "Net", FOUND), encoding)
    assert file.read_bytes().startswith(start.encode("latin-1" if "latin" in start else "utf-8"))


def test_what_has_no_room_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no room"):
        with_shape_section("class Net: 'A.'\n", "Net", FOUND)
    with pytest.raises(ModelError, match="write it as one"):
        with_shape_section("class Net:\n    'A' 'B'\n", "Net", FOUND)
    with pytest.raises(ModelError, match="has no ⌊"):
        write_source(str(tmp_path / "net.py"), "⌊", "latin-1")
    (tmp_path / "bad.py").write_bytes(b"# \xff\n")
    with pytest.raises(ModelError, match="cannot read"):
        source_of(str(tmp_path / "bad.py"))
