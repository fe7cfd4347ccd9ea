"""Names of torch's functions and attributes that need special treatment."""

from __future__ import annotations

__all__ = ["ATTRIBUTES", "OF_NUMBERS", "VIEWS"]

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
