"""Every network of examples/ written in Python is the network of its file."""

from __future__ import annotations

from pathlib import Path

import pytest

from symnet import Network
from symnet.notation.parse import parse_question
from tests import python_examples

FILES = sorted((Path(__file__).parent.parent / "examples").glob("*.net"))
EXAMPLES = {path.stem: path for path in FILES}


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_in_python_is_its_file(name: str) -> None:
    made = getattr(python_examples, name)()
    written = Network.of(parse_question(EXAMPLES[name].read_text(encoding="utf-8")).graph)
    assert made == written
    assert Network.parse(made.notation) == written
