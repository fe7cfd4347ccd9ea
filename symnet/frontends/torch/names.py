"""Names of torch's functions and attributes that need special treatment, and of classes of modules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["ATTRIBUTES", "MOVED_IN_PLACE", "OF_NUMBERS", "VIEWS", "class_name", "forward_key", "handler_of", "key_of"]

#: Attributes of a tensor that are rearrangements of it.
ATTRIBUTES = ("T", "mT", "H", "mH", "real", "imag")

#: Functions along dimensions that also accept a tensor without dimensions.
OF_NUMBERS = frozenset((
    "sum", "mean", "prod", "amax", "amin", "max", "min", "argmax", "argmin", "any", "all", "median", "nanmedian", "mode", "kthvalue",
    "topk", "sort", "argsort", "softmax", "log_softmax", "softmin", "cumsum", "cumprod", "logcumsumexp", "logsumexp", "count_nonzero",
    "aminmax", "var", "std", "norm", "squeeze", "cummax", "cummin", "msort", "flip", "nansum", "nanmean",
    "gather", "index_select", "transpose", "swapaxes", "linalg_vector_norm", "linalg_norm", "hash_tensor", "scatter", "scatter_add",
))  # fmt: skip

#: Functions that give a part of a tensor, or the same entries in other sizes, and copy nothing.
VIEWS = frozenset((
    "__getitem__", "narrow", "select", "slice", "view", "view_as", "reshape", "reshape_as", "permute", "transpose", "swapaxes", "swapdims",
    "movedim", "moveaxis", "t", "T", "mT", "squeeze", "unsqueeze", "flatten", "unflatten", "ravel", "expand", "expand_as", "chunk", "split",
    "split_with_sizes", "tensor_split", "unbind", "diagonal", "unfold", "detach", "as_strided", "contiguous", "hsplit", "vsplit", "dsplit",
))  # fmt: skip

#: Methods that rearrange a tensor in place.
MOVED_IN_PLACE = {"t", "transpose", "squeeze", "unsqueeze", "swapaxes", "swapdims", "resize"}


def class_name(kind: type) -> str:
    """A class by its public name: ``torch.nn.Conv2d``."""
    module = "torch.nn" if kind.__module__.startswith("torch.nn.") else kind.__module__
    return f"{module}.{kind.__qualname__}"


def forward_key(kind: type) -> str:
    """The class that defines ``forward`` of modules of class ``kind``, with its module."""
    written = next((base for base in kind.__mro__ if "forward" in vars(base)), kind)
    return f"{written.__module__}.{written.__qualname__}"


def handler_of(functions: Mapping[str, Callable[..., Any]], name: str) -> tuple[Callable[..., Any] | None, bool]:
    """The handler of a function or method among ``functions``, and whether it writes into its first argument."""
    plain = name.strip("_") if name.startswith("__") else name.rstrip("_")
    in_place = plain != name and (not name.startswith("__") or name.startswith("__i"))
    found = functions.get(plain) or functions.get(plain[1:] if in_place else plain.removesuffix("_copy"))
    return found, in_place


def key_of(functions: Mapping[str, Callable[..., Any]], function: Any, name: str) -> str:
    """The name under which a function stands among ``functions``: those of ``torch.nn.functional`` and the compiled ones may have the
    name of a method that takes other arguments.
    """
    key = f"nn.{name}" if getattr(function, "__module__", "") == "torch.nn.functional" else f"aten.{name}"
    return key if key in functions else name
