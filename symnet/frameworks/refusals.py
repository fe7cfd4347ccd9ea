"""What the framework that a layer names takes for granted, and refuses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symnet.errors import LayerError
from symnet.frameworks.convention import OFFSET_ALONE, TITLES, Convention, Declared, Window
from symnet.frameworks.tables import CONVENTIONS
from symnet.terms.propositions import Eq, Proposition
from symnet.terms.term import Term, integer

__all__ = ["convention_of", "default", "refusals", "require_sayable"]

ONE, ZERO = integer(1), integer(0)


def convention_of(layer: Declared) -> Convention | None:
    """The convention of the layer's framework, if it names one. Raises :class:`LayerError` where the framework has no such
    layer.

    >>> from symnet.layers.kinds.convolution import Conv
    >>> convention_of(Conv(64, 3, framework="torch")).target
    'torch.nn.Conv{rank}d'
    """
    if layer.framework is None:
        return None
    found = CONVENTIONS[layer.kind][layer.framework]
    if not found.target:
        raise LayerError(f"{TITLES[layer.framework]} has no such layer; write it with others, or leave framework= out")
    return found


def default(layer: Declared, name: str, otherwise: Any = None) -> Any:
    """What the layer's framework takes for granted for ``name``.

    >>> from symnet.layers.kinds.pooling import MaxPool
    >>> default(MaxPool(2), "stride"), default(MaxPool(2, framework="onnx"), "stride")
    (None, 1)
    """
    found = convention_of(layer)
    return otherwise if found is None else found.defaults.get(name, otherwise)


def refusals(layer: Declared, windows: tuple[Window, ...], mode: str) -> tuple[tuple[Proposition, str], ...]:
    """What the layer's framework asks of a layer with windows, and why; nothing without a framework. Raises
    :class:`LayerError` for what it cannot say at all; the arithmetic, and what depends on symbols, comes back.
    """
    convention = convention_of(layer)
    if convention is None:
        return ()
    title, lacks = TITLES[layer.framework or ""], convention.lacks
    given = [
        name for name in ("ceil_mode", "output", "output_padding") if getattr(layer, name, None) not in (None, False)
    ]
    for name in (mode, *given):
        if name in lacks:
            raise LayerError(f"{title} has {lacks[name]}")
    found = [pair for window in windows for pair in _neutral(convention, layer, window, title)]
    found += [pair for rule in convention.rules for pair in rule(layer, windows, mode)]
    return tuple(dict.fromkeys(found))


def _neutral(convention: Convention, layer: Declared, window: Window, title: str) -> Iterator[tuple[Proposition, str]]:
    """What must have the value that does nothing."""
    must: dict[str, list[tuple[Term, Term]]] = {
        "amounts": [(window.before, ZERO), (window.after, ZERO)],
        "uneven": [(window.before, window.after)],
        "dilation": [(window.dilation, ONE)],
        "groups": [(getattr(layer, "groups", ONE), ONE)],
    }
    for name, pairs in must.items():
        for value, wanted in pairs if name in convention.lacks else ():
            if value is wanted:
                continue
            if value.constant is not None and wanted.constant is not None and value.constant != wanted.constant:
                raise LayerError(f"{title} has {convention.lacks[name]}")
            yield Eq(value, wanted), f"{title} has {convention.lacks[name]}"


def require_sayable(layer: Declared) -> None:
    """Raises :class:`LayerError` for a value that the layer's framework has no way to say. A key ``field`` in ``lacks`` is
    any value but the usual one, ``field=value`` that one.
    """
    found = convention_of(layer)
    if found is None or not found.lacks:
        return
    for spec in layer.specs():
        value = getattr(layer, spec.name)
        if value is None or spec.required:
            continue
        usual = (None if spec.default is None else spec.coerce(spec.default), found.defaults.get(spec.name))
        words = found.lacks.get(f"{spec.name}={spec.show(value)}")
        if words is None and value not in usual:
            words = found.lacks.get(spec.name)
        if words is not None:
            raise LayerError(f"{TITLES[layer.framework or '']} has {words}")
    if OFFSET_ALONE in found.lacks and not getattr(layer, "scale", True) and getattr(layer, "center", False):
        raise LayerError(f"{TITLES[layer.framework or '']} has {found.lacks[OFFSET_ALONE]}")
