"""The comment lines at the head of a generated file."""

from __future__ import annotations

from symnet.network.network import Network
from symnet.printing.text import unicode_text
from symnet.render.code.python import comment
from symnet.terms.term import integer

__all__ = ["heading"]


def heading(network: Network, remark: str = "") -> list[str]:
    """Returns comment lines with the network's title, its number of parameters and ``remark``."""
    count = network.counted()
    not_trained = network.counted(False)
    parameters = f"{unicode_text(count)} parameters"
    if not_trained is not integer(0) and not_trained.constant != 0:
        parameters += f", of which {unicode_text(not_trained)} are not trained"
    return [*comment(" ".join(network.title.split())), *comment(f"{parameters}. Written by symnet. {remark}")]
