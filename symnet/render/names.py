"""How sizes between layers are written: W₃ is the width after layer 3, whatever nest of counts defines it."""

from __future__ import annotations

from symnet.network.derivation import Derivation
from symnet.terms.term import Int, Symbol, Term

__all__ = ["size_names"]


def size_names(proof: Derivation) -> dict[Term, str]:
    """A name for every size that a layer defines, number or symbolic: the axis and the layer's position."""
    names: dict[Term, str] = {}
    for layer in proof.layers[1:]:
        place = layer.placed
        own: dict[Term, str] = {}
        for letter, axis in zip(place.output.axis_names, layer.axes, strict=False):
            if axis is None:
                continue
            for size in (axis.form.size, axis.shown.size, *((axis.number.size,) if axis.number else ())):
                if not isinstance(size, Int | Symbol):
                    own[size] = f"{letter}_{{{place.index}}}"
        for size, name in own.items():
            names.setdefault(size, name)  # a layer that keeps a size gives it no new name
    return names
