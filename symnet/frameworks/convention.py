"""The convention of a framework for a kind of layer: its names, what it takes for granted, and what it refuses.

All that differs from framework to framework is data of this form; it stands in :mod:`symnet.frameworks.tables`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from symnet.frameworks.calls import Value
from symnet.terms.propositions import Proposition
from symnet.terms.term import Term

__all__ = ["KERAS", "OFFSET_ALONE", "ONNX", "TENSORFLOW", "TITLES", "TORCH", "Convention", "Declared", "Rule", "Window"]

TORCH, KERAS, TENSORFLOW, ONNX = "torch", "keras", "tensorflow", "onnx"
TITLES = {KERAS: "Keras", TORCH: "PyTorch", TENSORFLOW: "TensorFlow", ONNX: "ONNX"}

#: What ``lacks`` calls an offset (``center``) where there is no factor (``scale``).
OFFSET_ALONE = "center without scale"


class Window(Protocol):
    """The window of a layer on one axis."""

    @property
    def kernel(self) -> Term: ...
    @property
    def stride(self) -> Term: ...
    @property
    def dilation(self) -> Term: ...
    @property
    def before(self) -> Term: ...
    @property
    def after(self) -> Term: ...


class Declared(Protocol):
    """A layer, as far as the table asks: its kind, its framework and its fields."""

    @property
    def kind(self) -> str: ...
    @property
    def framework(self) -> str | None: ...
    @classmethod
    def specs(cls) -> Any: ...


#: A refusal that is arithmetic: what must hold and why, given the layer, its window on each axis and the padding's mode.
Rule = Callable[[Declared, tuple[Window, ...], str], Iterator[tuple[Proposition, str]]]


@dataclass(frozen=True)
class Convention:
    """A kind of layer in a framework.

    ``target`` is what is called there ({rank} for the number of axes), ``positional`` what it is always called with,
    ``arguments`` our fields by its argument names, ``defaults`` what it takes for granted where we do not. ``lacks`` says
    what it cannot say and what to write instead: a field, a value of a field, a padding mode, ``amounts`` of padding, or
    ``uneven`` amounts. A framework that has no such layer has no ``target``, and ``instead`` says what to write.
    """

    target: str
    source: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    lacks: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    #: what is said even where it is the usual value
    always: tuple[str, ...] = ()
    #: arguments that are sizes of a weight array: which array, which size
    measured: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    #: how a value of a field is said that is not said as it is: an argument and its value, ``None`` where it is left out
    said: Mapping[str, tuple[str, Value] | None] = field(default_factory=dict)
    #: the layer that stands around the call where a field has a value: ``bidirectional=yes``
    around: Mapping[str, str] = field(default_factory=dict)
    #: arguments that are the same for every layer, with what is put there
    fixed: Mapping[str, Value] = field(default_factory=dict)
    positional: tuple[Value, ...] = ()
    #: the argument that lists the axes beside the batch and the channels, where there is one
    axes: str = ""
    #: whether the first of the axes is one of steps
    steps: bool = False
    #: for how many axes it is there, where it is not for any number
    ranks: tuple[int, ...] = ()
    #: the convention that holds where a field is given
    variants: Mapping[str, Convention] = field(default_factory=dict)
    instead: str = ""
    #: what an argument is where it is left out, in the framework's words, where our field has another default or none
    usual: Mapping[str, str] = field(default_factory=dict)

    def of(self, layer: object) -> Convention:
        """The convention of this layer: one of the variants, where it has such a field."""
        return next((found for name, found in self.variants.items() if getattr(layer, name, None) is not None), self)
