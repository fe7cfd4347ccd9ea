"""The list of all facts, in the order of the lecture notes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches

from symnet.errors import NotationError
from symnet.facts.batchnorm import (
    batchnorm_bias,
    batchnorm_folding,
    batchnorm_parameters,
    moving_average,
    moving_average_constant,
)
from symnet.facts.dropout import dropout_expectation, dropout_parameters
from symnet.facts.fact import Fact
from symnet.facts.loss_minima import binary_crossentropy_minimum, categorical_crossentropy_minimum
from symnet.facts.losses import (
    binary_crossentropy_gradient,
    binary_is_categorical,
    categorical_crossentropy_gradient,
    sigmoid_is_softmax,
    softmax_shift,
)
from symnet.facts.optimizers import weight_decay_adam, weight_decay_momentum
from symnet.facts.tensors import clip_by_minimum, max_of_flatten
from symnet.facts.weight_penalties import l1_gradient, l2_gradient, weight_decay_sgd

__all__ = ["FACTS", "fact_names", "get_fact"]

#: The function that proves each fact, by the fact's name.
FACTS: Mapping[str, Callable[[], Fact]] = {
    maker.__name__.replace("_", "-"): maker
    for maker in (
        batchnorm_bias,
        batchnorm_folding,
        moving_average,
        moving_average_constant,
        batchnorm_parameters,
        l2_gradient,
        l1_gradient,
        weight_decay_sgd,
        weight_decay_momentum,
        weight_decay_adam,
        binary_crossentropy_gradient,
        categorical_crossentropy_gradient,
        softmax_shift,
        sigmoid_is_softmax,
        binary_is_categorical,
        binary_crossentropy_minimum,
        categorical_crossentropy_minimum,
        clip_by_minimum,
        max_of_flatten,
        dropout_expectation,
        dropout_parameters,
    )
}


def fact_names() -> tuple[str, ...]:
    """The names of all facts, in the order of the catalogue."""
    return tuple(FACTS)


def get_fact(name: str) -> Fact:
    """The fact of that name. Raises :class:`symnet.NotationError` for an unknown name.

    >>> get_fact("dropout-expectation").title
    'Inverted dropout preserves the expectation'
    """
    if name not in FACTS:
        near = get_close_matches(name, FACTS, n=1)
        raise NotationError(f"unknown fact {name!r}", suggestion=near[0] if near else None)
    return FACTS[name]()
