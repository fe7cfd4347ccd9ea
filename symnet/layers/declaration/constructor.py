"""Arguments of a layer's constructor in Python: which field each one sets, by position or by any name of the field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import wraps
from typing import Any

from symnet.errors import LayerError
from symnet.layers.declaration.fields import FieldSpec

__all__ = ["arguments", "constructor", "fields_by_name", "spelling"]


def spelling(name: str) -> str:
    """A name in the form in which names are compared: lower case, without ``_`` and ``-``."""
    return name.lower().replace("_", "").replace("-", "")


_FIELDS: dict[Any, dict[str, FieldSpec]] = {}


def fields_by_name(kind: Any) -> dict[str, FieldSpec]:
    """The fields of a kind of layer by every name they have, spelled as :func:`spelling` does."""
    by_name = _FIELDS.get(kind)
    if by_name is None:
        specs: tuple[FieldSpec, ...] = kind.specs()
        aliases = {spelling(alias): spec for spec in specs for alias in spec.aliases}
        by_name = _FIELDS[kind] = aliases | {spelling(spec.name): spec for spec in specs}
    return by_name


def arguments(
    kind: Any, positional: tuple[Any, ...], named: Mapping[str, Any], preset: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The values of a layer's fields. ``positional`` arguments fill the positional fields in order, ``named`` ones may
    use any name of a field, ``preset`` holds what the name of the kind implies (Conv2D: rank=2). Raises
    :class:`LayerError` for a field that is unknown, missing or set twice.

    >>> from symnet.layers.kinds.convolution import Conv
    >>> arguments(Conv, (64, 3), {"strides": 2, "use_bias": False})
    {'filters': 64, 'kernel': 3, 'stride': 2, 'bias': False}
    >>> arguments(Conv, (64,), {"kernal": 3})
    Traceback (most recent call last):
    symnet.errors.LayerError: Conv has no 'kernal'; did you mean kernel?
    """
    values = dict(preset or {})
    free = [spec.name for spec in kind.specs() if spec.positional and spec.name not in values]
    if len(positional) > len(free):
        takes = f"only {', '.join(free)}" if free else "nothing"
        raise LayerError(f"{kind.kind}: too many arguments: without a name, it takes {takes}, got {len(positional)}")
    values.update(zip(free, positional, strict=False))
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
    by_name = fields_by_name(kind)
    near = get_close_matches(spelling(name), by_name, n=1, cutoff=0.7)
    hint = f"did you mean {by_name[near[0]].name}?" if near else f"it has {', '.join(s.name for s in kind.specs())}"
    return LayerError(f"{kind.kind} has no {name!r}; {hint}")


def constructor(made: Callable[..., None], gathers: str) -> Callable[..., None]:
    """Wraps the constructor ``made`` of a dataclass so that it takes any name of a field. If ``gathers`` is
    ``"labels"``, positional arguments are labels of outputs (``Add("a")``); if it names a field, they all go into that
    field (``Input(3, "H", "W")``).
    """

    @wraps(made)
    def construct(self: Any, *positional: Any, **named: Any) -> None:
        labels: tuple[Any, ...] = ()
        if gathers == "labels":
            positional, labels = (), positional
        elif gathers and len(positional) > 1:
            positional = (positional,)
        made(self, **arguments(type(self), positional, named))
        if labels:
            object.__setattr__(self, "labels", labels)

    return construct
