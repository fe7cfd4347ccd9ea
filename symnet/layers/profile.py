"""What a framework knows of a kind of layer: its names, what it takes for granted, and what it refuses.

All that differs from framework to framework is data of this form; it stands in :mod:`symnet.layers.profiles`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from symnet.errors import LayerError
from symnet.layers.base import Condition, Layer
from symnet.layers.window import Window
from symnet.terms.propositions import Eq
from symnet.terms.term import Term, integer

__all__ = ["KERAS", "OFFSET_ALONE", "ONNX", "TENSORFLOW", "TITLES", "TORCH", "Profile", "Rule"]

TORCH, KERAS, TENSORFLOW, ONNX = "torch", "keras", "tensorflow", "onnx"
TITLES = {KERAS: "Keras", TORCH: "PyTorch", TENSORFLOW: "TensorFlow", ONNX: "ONNX"}

ONE, ZERO = integer(1), integer(0)

#: What ``lacks`` calls an offset (``center``) where there is no factor (``scale``).
OFFSET_ALONE = "center without scale"


#: A refusal that is arithmetic: what must hold, given the layer, its window on each axis and the padding's mode.
Rule = Callable[[Layer, tuple[Window, ...], str], Iterator[Condition]]


@dataclass(frozen=True)
class Profile:
    """A kind of layer in a framework.

    ``call`` is how it is called there ({rank} for the number of axes), ``arguments`` our fields by its argument
    names, ``defaults`` what it takes for granted where we do not. ``lacks`` says what it cannot say and what to write
    instead: a field, a padding mode, ``amounts`` of padding, or ``uneven`` amounts.
    """

    call: str
    source: str
    arguments: Mapping[str, str]
    defaults: Mapping[str, Any] = field(default_factory=dict)
    lacks: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    #: what is said even where it is the usual value
    always: tuple[str, ...] = ()
    #: arguments that are sizes of a weight array: which array, which size
    measured: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    #: how a value is said that is not said as it is, "" where it is left out; around the whole call where it has a {}
    said: Mapping[str, str] = field(default_factory=dict)
    #: arguments that are the same for every layer, with what is put there
    fixed: Mapping[str, str] = field(default_factory=dict)
    #: the profile that holds where a field is given
    variants: Mapping[str, Profile] = field(default_factory=dict)

    def of(self, layer: Layer) -> Profile:
        """The profile of this layer: one of the variants, where it has such a field."""
        return next((found for name, found in self.variants.items() if getattr(layer, name, None) is not None), self)

    def refusals(self, layer: Layer, windows: tuple[Window, ...], mode: str) -> tuple[Condition, ...]:
        """What the framework asks of the layer. Raises :class:`LayerError` for what it cannot say at all; the
        arithmetic, and what depends on symbols, comes back as conditions.
        """
        title = TITLES[layer.framework or ""]
        given = [
            name
            for name in ("ceil_mode", "output", "output_padding")
            if getattr(layer, name, None) not in (None, False)
        ]
        for name in (mode, *given):
            if name in self.lacks:
                raise LayerError(f"{title} has {self.lacks[name]}")
        found = [condition for window in windows for condition in self._neutral(layer, window, title)]
        found += [condition for rule in self.rules for condition in rule(layer, windows, mode)]
        return tuple(dict.fromkeys(found))

    def _neutral(self, layer: Layer, window: Window, title: str) -> Iterator[Condition]:
        """What must have the value that does nothing."""
        must: dict[str, list[tuple[Term, Term]]] = {
            "amounts": [(window.before, ZERO), (window.after, ZERO)],
            "uneven": [(window.before, window.after)],
            "dilation": [(window.dilation, ONE)],
            "groups": [(getattr(layer, "groups", ONE), ONE)],
        }
        for name, pairs in must.items():
            for value, wanted in pairs if name in self.lacks else ():
                if value is wanted:
                    continue
                if value.constant is not None and wanted.constant is not None and value.constant != wanted.constant:
                    raise LayerError(f"{title} has {self.lacks[name]}")
                yield Condition(Eq(value, wanted), f"{title} has {self.lacks[name]}")
