"""Names of torch's functions and attributes that are treated in a way of their own."""

from __future__ import annotations

__all__ = ["ATTRIBUTES", "OF_NUMBERS"]

#: Attributes of a tensor that are tensors arranged anew.
ATTRIBUTES = ("T", "mT", "H", "mH", "real", "imag")

#: Functions along dimensions that take also a tensor of none.
OF_NUMBERS = frozenset((
    "sum", "mean", "prod", "amax", "amin", "max", "min", "argmax", "argmin", "any", "all", "median", "nanmedian", "mode", "kthvalue",
    "topk", "sort", "argsort", "softmax", "log_softmax", "softmin", "cumsum", "cumprod", "logcumsumexp", "logsumexp", "count_nonzero",
    "aminmax", "var", "std", "norm", "squeeze", "cummax", "cummin", "msort", "flip", "nansum", "nanmean",
))  # fmt: skip
