"""What is written into a part of a tensor stands in the whole tensor, too: as soon as somebody looks at that again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from symnet.errors import ModelError
from symnet.frontends.torch.nothing import is_nothing
from symnet.frontends.torch.tensors import Follower, Value, is_value
from symnet.terms.propositions import Eq

__all__ = ["note_parts", "note_writing", "settle", "suppose_same_sizes", "written_into"]


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


def suppose_same_sizes(follower: Follower, x: Value, result: Value, name: str) -> None:
    """A function in place gives the sizes that ``x`` had: a hypothesis. Raises :class:`ModelError` for other dimensions."""
    if len(result.sizes) != len(x.sizes):
        raise ModelError(follower.where(f"{name} gives {len(result.sizes)} dimensions in the place of {len(x.sizes)}"))
    for before, after in zip(x.sizes, result.sizes, strict=True):
        follower.known.suppose(Eq(before, after))


def written_into(follower: Follower, out: Any, result: Any) -> Value:
    """The tensor that a call was given as ``out``, which has the result now. Raises :class:`ModelError` for one with numbers."""
    if not is_value(out) or not is_value(result):
        raise ModelError(follower.where("writes its result into a tensor with numbers (out=…)"))
    out.flow, out.numbers, out.kind = result.flow, None, result.kind
    note_writing(out, other=True)
    return out
