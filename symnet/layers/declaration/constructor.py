"""What a layer's constructor is given in Python: a field for every argument, by its place or by any of its names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import wraps
from typing import Any

from symnet.errors import LayerError
from symnet.layers.declaration.fields import FieldSpec

__all__ = ["arguments", "constructor", "fields_by_name", "spelling"]


def spelling(name: str) -> str:
    """A name as it is compared: letters and digits, lower case."""
    return name.lower().replace("_", "").replace("-", "")


_known: dict[Any, dict[str, FieldSpec]] = {}


def fields_by_name(kind: Any) -> dict[str, FieldSpec]:
    """The fields of a kind of layer by every name they go by, as they are compared."""
    found = _known.get(kind)
    if found is None:
        specs: tuple[FieldSpec, ...] = kind.specs()
        aliases = {spelling(alias): spec for spec in specs for alias in spec.aliases}
        found = _known[kind] = aliases | {spelling(spec.name): spec for spec in specs}
    return found


def arguments(
    kind: Any, given: tuple[Any, ...], named: Mapping[str, Any], preset: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The values of a layer's fields: those ``given`` in order, those ``named``, those that its kind's other name implies.

    >>> from symnet.layers.kinds.convolution import Conv
    >>> arguments(Conv, (64, 3), {"strides": 2, "use_bias": False})
    {'filters': 64, 'kernel': 3, 'stride': 2, 'bias': False}
    >>> arguments(Conv, (64,), {"kernal": 3})
    Traceback (most recent call last):
    symnet.errors.LayerError: Conv has no 'kernal'; did you mean kernel?
    """
    values = dict(preset or {})
    free = [spec.name for spec in kind.specs() if spec.positional and spec.name not in values]
    if len(given) > len(free):
        takes = f"only {', '.join(free)}" if free else "nothing"
        raise LayerError(f"{kind.kind}: too many arguments: without a name, it takes {takes}, got {len(given)}")
    values.update(zip(free, given, strict=False))
    for name, value in named.items():
        spec = fields_by_name(kind).get(spelling(name))
        if spec is None:
            raise _unknown(kind, name)
        if spec.name in values:
            by_kind = preset is not None and spec.name in preset
            why = f"is {preset[spec.name]} by the layer's kind already" if preset and by_kind else "is given twice"
            raise LayerError(f"{kind.kind}: {spec.name} {why}")
        values[spec.name] = value
    for spec in kind.specs():
        if spec.required and spec.name not in values:
            raise LayerError(f"{kind.kind} needs {spec.name} ({spec.doc})")
    return values


def _unknown(kind: Any, name: str) -> LayerError:
    known = fields_by_name(kind)
    near = get_close_matches(spelling(name), known, n=1, cutoff=0.7)
    hint = f"did you mean {known[near[0]].name}?" if near else f"it has {', '.join(s.name for s in kind.specs())}"
    return LayerError(f"{kind.kind} has no {name!r}; {hint}")


def constructor(made: Callable[..., None], gathers: str) -> Callable[..., None]:
    """A constructor that takes any name of a field. Arguments without a name are labels of outputs where a layer ``gathers``
    labels (``Add("a")``), or one field where it gathers that (``Input(3, "H", "W")``)."""

    @wraps(made)
    def construct(self: Any, *given: Any, **named: Any) -> None:
        labels: tuple[Any, ...] = ()
        if gathers == "labels":
            given, labels = (), given
        elif gathers and len(given) > 1:
            given = (given,)
        made(self, **arguments(type(self), given, named))
        if labels:
            object.__setattr__(self, "labels", labels)

    return construct
