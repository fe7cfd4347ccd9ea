"""Layers with weight penalties: λ Σ w² and λ Σ |w| are added to the loss. No size depends on a penalty or an
activation.
"""

from __future__ import annotations

from fractions import Fraction

from symnet.errors import LayerError
from symnet.layers.declaration.base import Layer, layer
from symnet.layers.declaration.fields import FieldSpec, number, words
from symnet.layers.declaration.rationals import rational

__all__ = ["Penalized", "in_order", "rate"]


@layer
class Penalized(Layer):
    """The base of layers with kernels: factors of their penalties, and the activation of their output."""

    l2: str | None = number("λ of the penalty λ Σ w² on the kernel", "kernel_l2")
    l1: str | None = number("λ of the penalty λ Σ |w| on the kernel", "kernel_l1")
    bias_l2: str | None = number("λ of the penalty λ Σ b² on the bias")
    activation: str | None = words("the activation of what comes out, where it is no layer of its own")

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("l2", "l1", "bias_l2"):
            factor = getattr(self, name)
            if factor is not None:
                rate(factor, f"{self.kind}: {name}")
        if self.bias_l2 is not None and getattr(self, "bias", True) is False:
            raise LayerError(f"{self.kind}: bias_l2 is the penalty of a bias, and there is none")


def in_order(kind: type[Layer]) -> tuple[FieldSpec, ...]:
    """The fields of a kind of layer in reading order: its own first, then those of :class:`Penalized`, then those of
    every layer.

    >>> from symnet.layers.kinds.convolution import Conv
    >>> [spec.name for spec in in_order(Conv)[:4]]
    ['filters', 'kernel', 'stride', 'padding']
    """
    many, every = ({spec.name for spec in shared.specs()} for shared in (Penalized, Layer))
    return tuple(sorted(kind.specs(), key=lambda spec: (spec.name in many) + (spec.name in every)))


def rate(value: str, what: str) -> Fraction:
    """The factor of a penalty, exactly as written. Raises :class:`LayerError` if it is negative or not a number;
    ``what`` names it in the message.

    >>> rate("0.001", "l2")
    Fraction(1, 1000)
    """
    number = rational(value, what)
    if number < 0:
        raise LayerError(f"{what} must not be negative, got {value}")
    return number
