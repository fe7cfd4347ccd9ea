"""Tensors without entries, one of whose sizes is 0: they have no layer in a network and are left out of
concatenations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from symnet.errors import ModelError
from symnet.frontends.flow import BATCH
from symnet.frontends.torch.tensors import Value, is_value, sizes_of
from symnet.terms.term import Term, integer, symbols_of

__all__ = ["CONCATENATIONS", "Nothing", "is_nothing", "of_nothing"]

#: Functions that concatenate tensors.
CONCATENATIONS = ("cat", "concat", "concatenate")

#: Functions whose result has the same sizes.
_KEPT = frozenset((
    "contiguous", "clone", "detach", "to", "float", "half", "double", "bfloat16", "long", "int", "bool", "type", "type_as", "mul", "div",
    "truediv", "neg", "relu", "gelu", "dropout", "cos", "sin", "exp", "sigmoid", "tanh", "rmul",
))  # fmt: skip


@dataclass(frozen=True)
class Nothing:
    """The sizes of a tensor without entries, in place of a :class:`symnet.frontends.flow.Flow`. Any other attribute
    raises the refusal.
    """

    sizes: tuple[Term, ...]
    refusal: Callable[[str], ModelError]

    @property
    def places(self) -> tuple[int, ...]:
        """The dimensions, one for each size."""
        return tuple(range(len(self.sizes)))

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        return len(self.sizes)

    @property
    def batch(self) -> int | None:
        """The dimension that contains the batch."""
        return next((place for place, size in enumerate(self.sizes) if BATCH in symbols_of(size)), None)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise self.refusal("calculates with a tensor without entries")


def is_nothing(item: Any) -> bool:
    """Whether an item is a tensor without entries, symbolic or with numbers."""
    if is_value(item):
        return isinstance(item.flow, Nothing)
    return hasattr(item, "numel") and hasattr(item, "dtype") and item.numel() == 0


def of_nothing(name: str, args: Sequence[Any], named: Mapping[str, Any], like: Callable[..., Value]) -> Any:
    """The result of a function one of whose tensors has no entries, as a tuple ``(result,)``; ``None`` if the function
    must be computed.
    """
    x: Any = args[0] if args else None
    if name in CONCATENATIONS and isinstance(x, tuple | list):
        return _put_together(list(x), args[1] if len(args) > 1 else named.get("dim", 0), like)
    if not is_value(x) or not isinstance(x.flow, Nothing):
        return ()
    flow: Nothing = x.flow
    rank = flow.ndim
    if name == "numel":
        return (0,)
    if name in _KEPT and not any(is_value(item) for item in args[1:]):
        return (like(x, flow),)
    if name in ("transpose", "swapaxes") and len(args) == 3:
        sizes = list(flow.sizes)
        one, two = args[1] % rank, args[2] % rank
        sizes[one], sizes[two] = sizes[two], sizes[one]
        return (like(x, Nothing(tuple(sizes), flow.refusal)),)
    if name == "permute":
        order = args[1] if isinstance(args[1], tuple | list) else args[1:]
        return (like(x, Nothing(tuple(flow.sizes[dim] for dim in order), flow.refusal)),)
    if name == "unsqueeze":
        sizes = list(flow.sizes)
        sizes.insert(args[1] % (rank + 1), integer(1))
        return (like(x, Nothing(tuple(sizes), flow.refusal)),)
    return ()


def _put_together(items: list[Any], dim: int, like: Callable[..., Value]) -> Any:
    """The concatenation of tensors without those that have no entries along that dimension; PyTorch also accepts empty
    tensors of one dimension.
    """

    def left_out(item: Any) -> bool:
        if not is_nothing(item):
            return False
        sizes = sizes_of(item)
        return len(sizes) == 1 or bool(-len(sizes) <= dim < len(sizes) and sizes[dim].constant == 0)

    rest = [item for item in items if not left_out(item)]
    if not rest:
        values = [item for item in items if is_value(item) and item.ndim > 1]
        return (values[0],) if values else ()
    if len(rest) == 1 and is_value(rest[0]):
        return (like(rest[0], rest[0].flow),)
    return rest if len(rest) < len(items) else ()
