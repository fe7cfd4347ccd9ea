"""How sizes between layers are written: W₃ is the width after layer 3, whatever nest of counts defines it."""

from __future__ import annotations

from symnet.network.derivation import Derivation, LayerProof
from symnet.terms.term import Int, Symbol, Term

__all__ = ["axis_letters", "axis_words", "size_names"]


def size_names(proof: Derivation) -> dict[Term, str]:
    """A name for every size that a layer defines, number or symbolic: the axis and the layer's position."""
    names: dict[Term, str] = {}
    for layer in proof.layers[1:]:
        place = layer.placed
        own: dict[Term, str] = {}
        for letter, axis in zip(axis_letters(layer), layer.axes, strict=False):
            if axis is None:
                continue
            for size in (axis.form.size, axis.shown.size, *((axis.number.size,) if axis.number else ())):
                if not isinstance(size, Int | Symbol):
                    own[size] = f"{letter}_{{{place.index}}}"
        for size, name in own.items():
            names.setdefault(size, name)  # a layer that keeps a size gives it no new name
    return names


def axis_letters(layer: LayerProof) -> tuple[str, ...]:
    """What the axes of a layer's output are called: by the input's own symbols, where each is one letter and its own axis's,
    or that of equal axes; else H, W, … by their places."""
    usual = layer.placed.output.axis_names
    letters: dict[str, object] = {}
    found: list[str] = []
    for axis in layer.axes:
        base = None if axis is None else axis.form.form.base
        if axis is None or not isinstance(base, Symbol) or len(base.name) > 1:
            return usual
        if letters.setdefault(base.name, axis.form.size) is not axis.form.size:
            return usual
        found.append(base.name)
    return tuple(found) if len(found) == len(usual) else usual


def axis_words(layer: LayerProof) -> tuple[str, ...]:
    """What a sentence calls them: as above, where that tells them apart."""
    letters = axis_letters(layer)
    return letters if len(set(letters)) == len(letters) else layer.placed.output.axis_names
