"""What the facts say of a network: biases that normalization makes redundant, losses that do not go with the output."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from symnet.facts.objective import Placed
from symnet.kernel.rules import entry_count
from symnet.kernel.theorem import Theorem
from symnet.layers.axes import place as axis_place
from symnet.layers.base import Weight
from symnet.layers.elementwise import Activation
from symnet.layers.normalization import BatchNorm, InstanceNorm
from symnet.printing.names import group_digits
from symnet.printing.text import unicode_text
from symnet.terms.term import Term

__all__ = ["Lint", "lints"]

#: Which output goes with which loss.
_GOES_WITH = {"binary_crossentropy": "sigmoid", "categorical_crossentropy": "softmax"}


class Lint(NamedTuple):
    """A remark on a layer. ``saves`` is how many parameters it is about, with its theorem; ``fact`` is what it rests on."""

    place: int
    name: str
    says: str
    fact: str
    saves: Term | None = None
    theorem: Theorem | None = None


def lints(placed: Sequence[Placed]) -> tuple[Lint, ...]:
    """The remarks on a network, in the order of its layers."""
    return tuple(sorted((*_redundant_biases(placed), *_losses(placed)), key=lambda lint: lint.place))


# ---- biases before normalization --------------------------------------------------------------------------------------


def _redundant_biases(placed: Sequence[Placed]) -> Iterator[Lint]:
    readers: dict[int, list[Placed]] = {}
    for place in placed:
        for source in place.sources:
            readers.setdefault(source, []).append(place)
    for place in placed:
        read = readers.get(place.index, [])
        if len(read) != 1 or getattr(place.layer, "activation", None):  # what else reads the output sees the bias
            continue
        bias = next((weight for weight in place.applied.weights if weight.name == "bias"), None)
        if bias is None or not _takes_the_mean(read[0], bias, place):
            continue
        theorem = entry_count(bias.shape)
        saved: Term = theorem.conclusion.args[1]
        count = group_digits(saved.constant) if saved.constant is not None else unicode_text(saved)
        says = (
            f"this bias is redundant: {count} parameter{'' if saved.constant == 1 else 's'}. "
            f"{read[0].name} takes the mean away again; write bias=no"
        )
        yield Lint(place.index, place.name, says, "batchnorm-bias", saved, theorem)


def _takes_the_mean(norm: Placed, bias: Weight, before: Placed) -> bool:
    """Whether the layer subtracts the mean of each channel, and the bias is one number a channel."""
    shape = before.output
    if not isinstance(norm.layer, BatchNorm | InstanceNorm) or not shape.dims:
        return False
    channels = shape.channel_index
    axis = getattr(norm.layer, "axis", None)
    if axis is not None and axis_place(axis, len(shape.dims)) != channels:
        return False
    # an instance has one number a channel where there are no axes: its mean is the number itself
    return len(bias.shape) == 1 and (isinstance(norm.layer, BatchNorm) or len(shape.dims) > 1)


# ---- the loss and the output ------------------------------------------------------------------------------------------


def _losses(placed: Sequence[Placed]) -> Iterator[Lint]:
    for place in placed:
        loss: str | None = getattr(place.layer, "loss", None)
        if loss is None:
            continue
        says = _mismatch(place, loss, placed)
        if says:
            yield Lint(place.index, place.name, says, loss.replace("_", "-") + "-gradient")


def _mismatch(place: Placed, loss: str, placed: Sequence[Placed]) -> str:
    if any(place.index in other.sources for other in placed):
        return f"{loss} stands here, but this layer is not the output: give it to the last layer"
    wanted = _GOES_WITH[loss]
    name = "function" if isinstance(place.layer, Activation) else "activation"
    function: str | None = getattr(place.layer, name, None)
    shape = place.output
    units = shape.dims[shape.channel_index].constant if shape.dims else 1
    if function is None:
        return (
            f"{loss} goes with a {wanted}, and there is none: right only where the loss is computed from the logits "
            "(from_logits=True in Keras, torch.nn.CrossEntropyLoss and BCEWithLogitsLoss)"
        )
    if function != wanted:
        return f"{loss} goes with a {wanted}, not with {function}: p − y is the gradient of that pair only"
    if loss == "binary_crossentropy" and units not in (1, None):
        return f"{loss} goes with one unit: {units} sigmoids answer {units} questions by themselves, not one of {units} classes"
    if loss == "categorical_crossentropy" and units == 1:
        return "a softmax over one unit is always 1: take n units, or one unit, a sigmoid and binary_crossentropy"
    return ""
