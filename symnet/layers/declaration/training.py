"""What a layer declares about its training: penalties on its arrays and the loss of its output, as texts that notation
can hold.

penalties    array:l2:λ or array:l1:λ, separated by spaces: "kernel:l2:0.01 output:l1:0.1", where ``output`` is the
             layer's output. A penalty for which symnet has no formula is array:name: "kernel:OrthogonalRegularizer"
loss         name, name:weight, name+option=value: "mean_squared_error:0.5". ``own.name`` is a user-defined loss
"""

from __future__ import annotations

from difflib import get_close_matches
from fractions import Fraction
from typing import NamedTuple

from symnet.errors import LayerError
from symnet.layers.declaration.rationals import rational, shortened

__all__ = ["LOSSES", "LossTerm", "PenaltyTerm", "loss_terms", "penalty_terms"]

#: The losses symnet knows, by their names in Keras, each with its short names.
LOSSES: dict[str, tuple[str, ...]] = {
    "binary_crossentropy": ("bce",),
    "categorical_crossentropy": (),
    "sparse_categorical_crossentropy": (),
    "binary_focal_crossentropy": (),
    "categorical_focal_crossentropy": (),
    "categorical_generalized_cross_entropy": (),
    "mean_squared_error": ("mse",),
    "mean_absolute_error": ("mae",),
    "mean_absolute_percentage_error": ("mape",),
    "mean_squared_logarithmic_error": ("msle",),
    "kl_divergence": ("kld", "kullback_leibler_divergence"),
    "cosine_similarity": (),
    "log_cosh": ("logcosh",),
    "huber": (),
    "hinge": (),
    "squared_hinge": (),
    "categorical_hinge": (),
    "poisson": (),
    "dice": (),
    "tversky": (),
    "circle": (),
    "ctc": (),
}
_SHORT = {short: name for name, shorts in LOSSES.items() for short in (name, *shorts)}


class PenaltyTerm(NamedTuple):
    """A penalty on an array. ``kind`` is l1, l2, or the name of a penalty without a formula, whose ``rate`` is then
    ``None``.
    """

    array: str
    kind: str
    rate: Fraction | None


class LossTerm(NamedTuple):
    """A loss and its factor. ``options`` are arguments with other values than their defaults: ``label_smoothing=0.1``."""

    name: str
    weight: Fraction = Fraction(1)
    options: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Whether symnet has this loss in :data:`LOSSES`."""
        return self.name in LOSSES

    @property
    def from_logits(self) -> bool:
        """Whether the loss applies the sigmoid or the softmax itself."""
        return "from_logits=True" in self.options


def penalty_terms(text: str | None) -> tuple[PenaltyTerm, ...]:
    """The penalties in a layer's ``penalties`` text. Raises :class:`LayerError` if it has another form.

    >>> penalty_terms("kernel:l2:0.01 bias:OrthogonalRegularizer")[1]
    PenaltyTerm(array='bias', kind='OrthogonalRegularizer', rate=None)
    """
    return tuple(map(_penalty, (text or "").split()))


def _penalty(token: str) -> PenaltyTerm:
    array, _, rest = token.partition(":")
    kind, colon, rate = rest.partition(":")
    if kind in ("l1", "l2") and array:
        factor = rational(rate, f"penalties: {token}: λ")
        if factor < 0:
            raise LayerError(f"penalties: {token}: λ must not be negative")
        return PenaltyTerm(array, kind, factor)
    if not array or not kind or colon:
        raise LayerError(f"penalties: {shortened(token)} should be array:l1:λ, array:l2:λ or array:name")
    return PenaltyTerm(array, kind, None)


def loss_terms(text: str | None) -> tuple[LossTerm, ...]:
    """The losses in a layer's ``loss`` text, by their full names. Raises :class:`LayerError` for an unknown loss.

    >>> loss_terms("mse:0.5 own.mine")
    (LossTerm(name='mean_squared_error', weight=Fraction(1, 2), options=()), LossTerm(name='own.mine', weight=Fraction(1, 1), options=()))
    """
    return tuple(map(_loss, (text or "").split()))


def _loss(token: str) -> LossTerm:
    first, colon, weight = token.partition(":")
    name, *options = first.split("+")
    if not name.startswith("own."):
        full = _SHORT.get(name.lower())
        if full is None:
            near = get_close_matches(name.lower(), _SHORT, n=1)
            hint = f": did you mean {near[0]}?" if near else f" ({', '.join(LOSSES)}), or own.NAME for one of your own"
            raise LayerError(f"loss must be one that symnet knows, got {shortened(name)}{hint}")
        name = full
    return LossTerm(name, rational(weight, f"loss: the weight of {name}") if colon else Fraction(1), tuple(options))
