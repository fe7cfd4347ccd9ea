"""The first lines of a generated file: what it is, in comments."""

from __future__ import annotations

from symnet.network.network import Network
from symnet.printing.text import unicode_text
from symnet.render.code.python import comment
from symnet.terms.term import integer

__all__ = ["heading"]


def heading(network: Network, remark: str = "") -> list[str]:
    """The network's title, its parameters, and who wrote this."""
    count = network.counted()
    held = network.counted(False)
    parameters = f"{unicode_text(count)} parameters"
    if held is not integer(0) and held.constant != 0:
        parameters += f", of which {unicode_text(held)} are not trained"
    return [*comment(" ".join(network.title.split())), *comment(f"{parameters}. Written by symnet. {remark}")]
