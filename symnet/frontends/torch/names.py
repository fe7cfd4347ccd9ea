"""Names of torch's functions and attributes that need special treatment."""

from __future__ import annotations

__all__ = ["ATTRIBUTES", "OF_NUMBERS"]

#: Attributes of a tensor that are rearrangements of it.
ATTRIBUTES = ("T", "mT", "H", "mH", "real", "imag")

#: Functions along dimensions that also accept a tensor without dimensions.
OF_NUMBERS = frozenset((
    "sum", "mean", "prod", "amax", "amin", "max", "min", "argmax", "argmin", "any", "all", "median", "nanmedian", "mode", "kthvalue",
    "topk", "sort", "argsort", "softmax", "log_softmax", "softmin", "cumsum", "cumprod", "logcumsumexp", "logsumexp", "count_nonzero",
    "aminmax", "var", "std", "norm", "squeeze", "cummax", "cummin", "msort", "flip", "nansum", "nanmean",
))  # fmt: skip
