"""The convention of a framework for a kind of layer: its names, defaults, and what it cannot express.

Everything that differs between frameworks is data of this form, in :mod:`symnet.frameworks.tables`.
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

#: The key in ``lacks`` for an offset (``center``) without a factor (``scale``).
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
    """The attributes of a layer that the table uses: kind, framework and fields."""

    @property
    def kind(self) -> str: ...
    @property
    def framework(self) -> str | None: ...
    @classmethod
    def specs(cls) -> Any: ...


#: An arithmetic restriction: from the layer, its window on each axis and the padding mode, pairs of a condition and
#: its reason.
Rule = Callable[[Declared, tuple[Window, ...], str], Iterator[tuple[Proposition, str]]]


@dataclass(frozen=True)
class Convention:
    """A kind of layer in a framework.

    ``target`` is the callable ({rank} is the number of axes), ``positional`` its constant arguments, ``arguments``
    maps our fields to its argument names, ``defaults`` has the framework's defaults by field. ``lacks`` says what it
    cannot express and what to write instead: the key is a field, ``field=value``, a padding mode, ``amounts`` of
    padding, or ``uneven`` amounts. A framework without such a layer has an empty ``target``, and ``instead`` says what
    to write.
    """

    target: str
    source: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    lacks: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    #: fields that are written even if they have their default value
    always: tuple[str, ...] = ()
    #: arguments that are a size of a weight array: (index of the array, index of the size)
    from_weights: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    #: for ``field=value``, the argument and value that express it, or ``None`` to leave it out
    spelled: Mapping[str, tuple[str, Value] | None] = field(default_factory=dict)
    #: for ``field=value``, the layer that wraps the call: ``bidirectional=yes``
    wrappers: Mapping[str, str] = field(default_factory=dict)
    #: arguments with the same value for every layer
    fixed: Mapping[str, Value] = field(default_factory=dict)
    positional: tuple[Value, ...] = ()
    #: the argument that lists the axes between the batch and the channels, if there is one
    axes: str = ""
    #: whether the first axis is one of steps
    steps: bool = False
    #: the numbers of axes for which it exists; empty means any
    ranks: tuple[int, ...] = ()
    #: the convention to use instead if a field is set, by field
    variants: Mapping[str, Convention] = field(default_factory=dict)
    instead: str = ""
    #: the framework's default of an argument in words, if our field has another default or none
    usual: Mapping[str, str] = field(default_factory=dict)

    def of(self, layer: object) -> Convention:
        """The convention for this layer: one of the variants if the layer has its field set."""
        return next(
            (variant for name, variant in self.variants.items() if getattr(layer, name, None) is not None), self
        )
