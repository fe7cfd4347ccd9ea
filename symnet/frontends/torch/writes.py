"""What is written into a part of a tensor stands in the whole tensor, too: as soon as somebody looks at that again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from symnet.frontends.torch.nothing import is_nothing
from symnet.frontends.torch.tensors import Follower, Value, is_value

__all__ = ["note_parts", "note_writing", "settle"]


def note_parts(whole: Value, parts: Any) -> None:
    """Keep in mind that these are parts of a tensor."""
    for part in parts if isinstance(parts, tuple | list) else (parts,):
        if is_value(part) and part is not whole:
            part.base = whole


def note_writing(part: Value, *, other: bool) -> None:
    """Keep in mind for every tensor that ``part`` is a part of that something was written into it, and whether that came from another
    tensor. What was known of its numbers is no longer known."""
    whole = part.base
    while whole is not None:
        whole.numbers = None
        if other and not is_nothing(whole) and not is_nothing(part):
            whole.written.append(part)
        whole = whole.base


def settle(follower: Follower, items: Iterable[Any]) -> None:
    """Let the tensors among ``items`` depend on what was written into their parts."""
    for item in items:
        while is_value(item) and item.written:
            part = item.written.pop()
            if part.tensor is not item.tensor:
                follower.function("written beside", (item, part), {})
