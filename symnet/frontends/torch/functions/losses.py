"""Losses: functions of two or three tensors, reduced to a mean or sum over all examples."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from symnet.frontends.torch.functions.joining import joined
from symnet.frontends.torch.placing import dimension
from symnet.frontends.torch.tensors import Value, is_value
from symnet.frontends.torch.trace import Handler, Trace
from symnet.layers.declaration.base import Layer
from symnet.layers.kinds.merges import Combine

__all__ = ["FUNCTIONS"]

#: The reductions of a loss, by name.
_REDUCTIONS = {"mean": "mean", "sum": "sum", "batchmean": "sum", "none": None}


def _reduction(values: tuple[Any, ...], named: dict[str, Any]) -> str | None:
    """The function that reduces a loss, from ``reduction`` or the older ``size_average`` and ``reduce``; ``None`` for
    no reduction.
    """
    found = named.get("reduction", next((value for value in values if isinstance(value, str)), "mean"))
    if named.get("reduce") is False:
        found = "none"
    elif named.get("size_average") is False and found == "mean":
        found = "sum"
    return _REDUCTIONS[found]


def _tensors(values: tuple[Any, ...], named: dict[str, Any], names: tuple[str, ...], count: int) -> list[Any]:
    """The first ``count`` tensor arguments, by position or name."""
    given = list(values[:count])
    return [*given, *(named[name] for name in names[len(given) : count] if name in named)]


def _layer(name: str) -> Layer:
    return Combine(function=name)


def _loss(name: str, *names: str, gone: Callable[[Value], int | None] = lambda x: None) -> Handler:
    """A handler for a loss computed entry by entry; dimension ``gone``, if any, is summed first, then the loss is
    reduced.
    """

    def handler(trace: Trace, *values: Any, **named: Any) -> Value:
        tensors = [trace.constant(item) for item in _tensors(values, named, names, len(names))]
        rest = values[len(names) :]
        made = joined(trace, partial(_layer, name), name, *tensors)
        where = gone(made)
        if where is not None:
            made = trace.function("sum", (made, where), {})
        function = _reduction(rest, named)
        return made if function is None else trace.function(function, (made,), {})

    return handler


def _classified(name: str) -> Handler:
    """A handler for scores (batch, classes, …) against one class each (batch, …), or against a probability per class."""

    def handler(trace: Trace, x: Any, target: Any, *rest: Any, **named: Any) -> Value:
        x, target = trace.constant(x), trace.constant(target)
        if x.ndim != target.ndim:
            dim = 1 if x.ndim > 1 else 0
            scores = trace.function("sum", (x, dim), {})
            made = joined(trace, partial(_layer, name), name, scores, target) if target.ndim else scores
        else:
            made = trace.function(
                "sum", (joined(trace, partial(_layer, name), name, x, target), 1 if x.ndim > 1 else 0), {}
            )
        function = _reduction(rest, named)
        return made if function is None else trace.function(function, (made,), {})

    return handler


def _margins(name: str) -> Handler:
    """A handler for a loss with one number per example."""

    def handler(trace: Trace, x: Any, target: Any, *rest: Any, **named: Any) -> Value:
        x, target = trace.constant(x), trace.constant(target)
        scores = trace.function("sum", (x, dimension(x, -1)), {}) if x.ndim else x
        made = scores
        if is_value(target) and target.ndim == scores.ndim and scores.ndim:
            made = joined(trace, partial(_layer, name), name, scores, target)
        function = _reduction(rest, named)
        return made if function is None else trace.function(function, (made,), {})

    return handler


def _connectionist(trace: Trace, x: Any, target: Any, *rest: Any, **named: Any) -> Value:
    """``ctc_loss``: one number per example from log probabilities (steps, batch, classes)."""
    x = trace.constant(x)
    made = trace.function("sum", (x, (0, x.ndim - 1)), {})
    function = _reduction(tuple(item for item in rest if isinstance(item, str)), named)
    return made if function is None else trace.function(function, (made,), {})


def _cosine(trace: Trace, one: Any, two: Any, target: Any, *rest: Any, **named: Any) -> Value:
    """Of two rows each, or of two vectors, whether they point the same way."""
    both = trace.function("mul", (trace.constant(one), trace.constant(two)), {})
    made = joined(
        trace,
        partial(_layer, "cosine_embedding_loss"),
        "cosine_embedding_loss",
        trace.function("sum", (both, -1), {}),
        trace.constant(target),
    )
    function = _reduction(tuple(item for item in rest if isinstance(item, str)), named)
    return made if function is None else trace.function(function, (made,), {})


def _linear_and_loss(every: bool) -> Handler:
    """A dense layer and the loss of its scores, as one function."""

    def handler(trace: Trace, x: Any, weight: Any, target: Any, *_: Any, **named: Any) -> Value:
        scores = trace.function("linear", (trace.constant(x), weight), {})
        made: Value = trace.function(
            "cross_entropy", (scores, trace.constant(target)), {"reduction": "none" if every else "mean"}
        )
        return made

    return handler


def _last(x: Value) -> int:
    return len(x.sizes) - 1


_TWO = ("input", "target")

FUNCTIONS: dict[str, Handler] = {
    **{name: _loss(name, *_TWO) for name in (
        "mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "soft_margin_loss", "binary_cross_entropy",
        "binary_cross_entropy_with_logits", "kl_div", "hinge_embedding_loss", "poisson_nll_loss",
    )},
    "margin_ranking_loss": _loss("margin_ranking_loss", "input1", "input2", "target"),
    "cosine_embedding_loss": _cosine,
    **{f"_linear_cross_entropy_batch_chunked{more}": _linear_and_loss(bool(more)) for more in ("", "_no_reduction")},
    "gaussian_nll_loss": _loss("gaussian_nll_loss", "input", "target"),
    "triplet_margin_loss": _loss("triplet_margin_loss", "anchor", "positive", "negative", gone=_last),
    "multilabel_soft_margin_loss": _loss("multilabel_soft_margin_loss", *_TWO, gone=_last),
    **{name: _classified(name) for name in ("cross_entropy", "nll_loss")},
    **{name: _margins(name) for name in ("multi_margin_loss", "multilabel_margin_loss")},
    "ctc_loss": _connectionist,
}  # fmt: skip
