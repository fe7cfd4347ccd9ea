"""Defaults and restrictions of the framework that a layer names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symnet.errors import LayerError
from symnet.frameworks.convention import OFFSET_ALONE, TITLES, Convention, Declared, Window
from symnet.frameworks.tables import CONVENTIONS
from symnet.terms.propositions import Eq, Proposition
from symnet.terms.term import Term, integer

__all__ = ["convention_of", "default", "refusals", "require_expressible"]

ONE, ZERO = integer(1), integer(0)


def convention_of(layer: Declared) -> Convention | None:
    """The convention of the layer's framework, ``None`` if it names none. Raises :class:`LayerError` if the framework
    has no such layer.

    >>> from symnet.layers.kinds.convolution import Conv
    >>> convention_of(Conv(64, 3, framework="torch")).target
    'torch.nn.Conv{rank}d'
    """
    if layer.framework is None:
        return None
    convention = CONVENTIONS[layer.kind][layer.framework]
    if not convention.target:
        raise LayerError(f"{TITLES[layer.framework]} has no such layer; write it with others, or leave framework= out")
    return convention


def default(layer: Declared, name: str, otherwise: Any = None) -> Any:
    """The default of the layer's framework for field ``name``; ``otherwise`` without a framework or default.

    >>> from symnet.layers.kinds.pooling import MaxPool
    >>> default(MaxPool(2), "stride"), default(MaxPool(2, framework="onnx"), "stride")
    (None, 1)
    """
    convention = convention_of(layer)
    return otherwise if convention is None else convention.defaults.get(name, otherwise)


def refusals(layer: Declared, windows: tuple[Window, ...], mode: str) -> tuple[tuple[Proposition, str], ...]:
    """The conditions that the layer's framework imposes on a layer with windows, with their reasons; empty without a
    framework. Raises :class:`LayerError` for what the framework cannot express.
    """
    convention = convention_of(layer)
    if convention is None:
        return ()
    title, lacks = TITLES[layer.framework or ""], convention.lacks
    set_fields = [
        name for name in ("ceil_mode", "output", "output_padding") if getattr(layer, name, None) not in (None, False)
    ]
    for name in (mode, *set_fields):
        if name in lacks:
            raise LayerError(f"{title} has {lacks[name]}")
    conditions = [pair for window in windows for pair in _neutral(convention, layer, window, title)]
    conditions += [pair for rule in convention.rules for pair in rule(layer, windows, mode)]
    return tuple(dict.fromkeys(conditions))


def _neutral(convention: Convention, layer: Declared, window: Window, title: str) -> Iterator[tuple[Proposition, str]]:
    """The conditions that settings missing in the framework have their neutral value. Raises :class:`LayerError` for a
    number that is not.
    """
    required: dict[str, list[tuple[Term, Term]]] = {
        "amounts": [(window.before, ZERO), (window.after, ZERO)],
        "uneven": [(window.before, window.after)],
        "dilation": [(window.dilation, ONE)],
        "groups": [(getattr(layer, "groups", ONE), ONE)],
    }
    for name, pairs in required.items():
        for value, wanted in pairs if name in convention.lacks else ():
            if value is wanted:
                continue
            if value.constant is not None and wanted.constant is not None and value.constant != wanted.constant:
                raise LayerError(f"{title} has {convention.lacks[name]}")
            yield Eq(value, wanted), f"{title} has {convention.lacks[name]}"


def require_expressible(layer: Declared) -> None:
    """Raises :class:`LayerError` if a field has a value that the framework cannot express. A key ``field`` in
    ``lacks`` forbids every non-default value; ``field=value`` forbids that value.
    """
    convention = convention_of(layer)
    if convention is None or not convention.lacks:
        return
    for spec in layer.specs():
        value = getattr(layer, spec.name)
        if value is None or spec.required:
            continue
        usual = (None if spec.default is None else spec.coerce(spec.default), convention.defaults.get(spec.name))
        words = convention.lacks.get(f"{spec.name}={spec.show(value)}")
        if words is None and value not in usual:
            words = convention.lacks.get(spec.name)
        if words is not None:
            raise LayerError(f"{TITLES[layer.framework or '']} has {words}")
    if OFFSET_ALONE in convention.lacks and not getattr(layer, "scale", True) and getattr(layer, "center", False):
        raise LayerError(f"{TITLES[layer.framework or '']} has {convention.lacks[OFFSET_ALONE]}")
