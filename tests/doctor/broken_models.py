"""Models that break as people's models break, each with the layer and the line where it does, from ``broken_torch.md`` and others."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

__all__ = ["Broken", "broken_models"]

_MODEL = re.compile(
    r"^## (?P<name>[^\n]*)\n\n(?P<facts>(?:- [^\n]*\n)+)\n```python\n(?P<code>.*?)^```$", re.DOTALL | re.MULTILINE
)


class Broken(NamedTuple):
    """``layer`` is the one that is named, ``line`` what stands in the line that is executed there, ``inputs`` the shapes; ``change``
    are words of a change that must be among those that are offered."""

    name: str
    inputs: tuple[str, ...]
    layer: str
    line: str
    change: str
    source: str


def broken_models(file: str, header: str) -> list[Broken]:
    """The models of a Markdown file beside this one, each as the text of a file that begins with ``header``."""
    found = []
    for model in _MODEL.finditer((Path(__file__).parent / file).read_text(encoding="utf-8")):
        facts = dict(re.findall(r"^- (\w+): `?(.*?)`?$", model["facts"], re.MULTILINE))
        inputs = tuple(facts["inputs"].split(", ")) if facts["inputs"] else ()
        name = re.sub(r"\W", "_", model["name"])
        found.append(
            Broken(name, inputs, facts["layer"], facts["line"], facts.get("change", ""), header + model["code"])
        )
    return found
