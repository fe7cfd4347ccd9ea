"""Terms in the place of letters in a layer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from symnet.layers.declaration.fields import HasFields
from symnet.layers.laws.padding import Padding
from symnet.terms.term import Term, integer, substitute

__all__ = ["put_in_layer", "put_in_sizes"]

L = TypeVar("L", bound=HasFields)


def put_in_layer(layer: L, chosen: Mapping[Term, Term]) -> L:
    """The layer with terms in the place of letters; the same object where it has none of them."""
    if chosen.keys().isdisjoint(layer.symbols):
        return layer
    made: Any = layer
    return replace(made, **{f.name: put_in_sizes(getattr(made, f.name), chosen) for f in fields(made)})  # type: ignore[no-any-return]


def put_in_sizes(value: Any, chosen: Mapping[Term, Term]) -> Any:
    """The same in what a field holds: a size, sizes, a padding, or something without sizes."""
    if isinstance(value, Term):
        put = substitute(value, chosen)
        return put if put.constant is None else integer(put.constant)
    if isinstance(value, Padding):
        return Padding(value.mode, put_in_sizes(value.pairs, chosen))
    return tuple(put_in_sizes(item, chosen) for item in value) if isinstance(value, tuple) else value
