"""Marks frozen weights in PyTorch code, and remarks on penalties that the loss must add."""

from __future__ import annotations

import re
from dataclasses import replace

from symnet.frameworks.calls import Call
from symnet.render.code.statement import Cannot, Site, Statement

__all__ = ["trained_in_torch"]

#: Name suffixes of modules that have no weights.
_EMPTY = ("_pad", "_flatten")

#: The names of weights in PyTorch's modules.
_ARRAYS = {
    "kernel": "weight",
    "bias": "bias",
    "gamma": "weight",
    "beta": "bias",
    "alpha": "weight",
    "embeddings": "weight",
}
_KINDS = (
    "Conv",
    "Depthwise",
    "Deconv",
    "FC",
    "BN",
    "LayerNorm",
    "GroupNorm",
    "InstanceNorm",
    "RMSNorm",
    "PReLU",
    "Embedding",
)
_RECURRENT = {
    "kernel": "weight_ih", "recurrent_kernel": "weight_hh", "projection": "weight_hr", "bias": "bias_ih",
    "bias_input": "bias_ih", "bias_hidden": "bias_hh",
}  # fmt: skip


def trained_in_torch(site: Site, statement: Statement) -> Statement:
    """Returns the statement with frozen weights marked, and a remark on penalties, which PyTorch's layers do not have."""
    layer = site.layer
    if layer.frozen and site.record.applied.weights:
        makes = tuple(
            (suffix, make if suffix in _EMPTY else replace(make, method=f"{make.method}.requires_grad_(False)"))
            for suffix, make in statement.makes
        )
        statement = replace(statement, makes=makes)
    elif layer.freezes:
        names = tuple(name for word in layer.freezes.split() if _trainable(site, word) for name in _names(site, word))
        makes = tuple(
            (suffix, Call("freeze", (make, *names)) if not suffix and names else make)
            for suffix, make in statement.makes
        )
        statement = replace(statement, makes=makes, helpers=(*statement.helpers, *["freeze"] * bool(names)))
    return statement.noted(_penalties(layer))


def _trainable(site: Site, word: str) -> bool:
    """Returns whether a weight is trainable at all: moving statistics are not."""
    return not word.startswith(("moving_", "running_"))


def _names(site: Site, word: str) -> list[str]:
    """Returns the parameters of a module that correspond to one weight of a layer."""
    layer = site.layer
    if layer.kind in _KINDS and word in _ARRAYS:
        return [_ARRAYS[word]]
    if layer.kind in ("RNN", "GRU", "LSTM") and layer.layers.constant is not None:
        upper = word.startswith("upper_")
        name = _RECURRENT[word.removeprefix("upper_")]
        levels = range(1, layer.layers.constant) if upper else range(1)
        return [
            f"{name}_l{level}{direction}"
            for level in levels
            for direction in ("", "_reverse")[: 1 + layer.bidirectional]
        ]
    raise Cannot(f"symnet does not know what PyTorch calls its {re.sub(r'[^a-z_]', '', word)}")


def _penalties(layer: object) -> str:
    """Returns the remark on what the loss must add, as ``0.01 times the sum of w**2``."""
    kernel, bias = (
        ("kernels", "bias") if getattr(layer, "kind", "") in ("SeparableConv", "ConvLSTM") else ("kernel", "bias")
    )
    terms = [
        f"{rate} times the sum of {what} over its {array}"
        for name, what, array in (("l1", "|w|", kernel), ("l2", "w**2", kernel), ("bias_l2", "b**2", bias))
        if (rate := getattr(layer, name, None)) is not None
    ]
    return f"trained with a penalty that PyTorch's loss must add: {' and '.join(terms)}" if terms else ""
