"""Substituting terms for the letters of a layer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from symnet.layers.declaration.fields import HasFields
from symnet.layers.laws.padding import Padding
from symnet.terms.term import Term, integer, substitute

__all__ = ["put_in_layer", "put_in_sizes"]

L = TypeVar("L", bound=HasFields)


def put_in_layer(layer: L, values: Mapping[Term, Term]) -> L:
    """The layer with terms substituted for letters; the same object if none of the letters occurs in it."""
    if values.keys().isdisjoint(layer.symbols):
        return layer
    changed: Any = layer
    return replace(changed, **{f.name: put_in_sizes(getattr(changed, f.name), values) for f in fields(changed)})  # type: ignore[no-any-return]


def put_in_sizes(value: Any, values: Mapping[Term, Term]) -> Any:
    """The value of a field with terms substituted for letters; sizes that become numbers are evaluated."""
    if isinstance(value, Term):
        term = substitute(value, values)
        return term if term.constant is None else integer(term.constant)
    if isinstance(value, Padding):
        return Padding(value.mode, put_in_sizes(value.pairs, values))
    return tuple(put_in_sizes(item, values) for item in value) if isinstance(value, tuple) else value
