"""The statement of one layer in generated code before names are chosen: modules that it makes once, and its expression."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from symnet.frameworks.calls import Call
from symnet.layers.declaration.shape import Shape
from symnet.network.propagate import Placed
from symnet.render.code.python import SizePrinter

__all__ = ["CHAIN", "Cannot", "Handler", "Site", "Statement", "equation", "subscripted"]

#: The expression of one module on one input.
CHAIN = "{m0}({x0})"


class Cannot(Exception):
    """The framework cannot express a layer; the message is the reason."""


@dataclass(frozen=True)
class Statement:
    """The code of one layer.

    ``makes`` are (name suffix, constructor call) of each module or layer that is made once. ``do`` is the expression of the
    output, with {m0}, {m1}, … for these modules, {x0}, {x1}, … for the inputs, {entry} for some tensor of the batch and {ops}
    for Keras's functions; ``before`` are expressions evaluated first, each the {factors} of the next, and ``after`` are
    statements about the modules. ``helpers`` are the definitions that it needs, ``notes`` remarks; ``fixed`` means that it
    works only on sizes that are numbers. ``symbols`` are all symbols in it, ``kept`` those in ``do``.
    """

    makes: tuple[tuple[str, Call], ...] = ()
    do: str = CHAIN
    helpers: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    fixed: bool = False
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    symbols: tuple[str, ...] = field(default=(), compare=False)
    kept: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def of(cls, *makes: Call, **more: Any) -> Statement:
        """Returns the statement of modules applied one after another; the last one has the layer's name."""
        suffixes: list[str] = []
        for make in makes[:-1]:
            stem = _stem(make)
            suffixes.append(stem if stem not in suffixes else f"{stem}{len(suffixes) + 1}")
        return cls(tuple(zip([*suffixes, ""], makes, strict=True)), **{"do": _chain(len(makes)), **more})

    @property
    def chained(self) -> bool:
        """Whether the statement applies modules one after another and does nothing else."""
        return bool(self.makes) and self.do == _chain(len(self.makes)) and not self.after

    def wrapped(self, inside: str, outside: str) -> Statement:
        """Returns the statement with the input formatted into ``inside`` and the output into ``outside``, each at its ``{}``."""
        return replace(self, do=outside.format(self.do.replace("{x0}", inside.format("{x0}"))))

    def noted(self, *notes: str) -> Statement:
        """Returns the statement with more remarks."""
        return replace(self, notes=tuple(dict.fromkeys((*self.notes, *filter(None, notes)))))

    def having(self, **named: Any) -> Statement:
        """Returns the statement with more named arguments of the last call."""
        (*first, (suffix, last)) = self.makes
        return replace(self, makes=(*first, (suffix, last.having(**named))))


def _chain(count: int) -> str:
    """Returns ``{m1}({m0}({x0}))``, with ``count`` modules."""
    do = "{x0}"
    for index in range(count):
        do = f"{{m{index}}}({do})"
    return do


def _stem(call: Call) -> str:
    name = call.target.rpartition(".")[2].lower()
    return "_pad" if "pad" in name else f"_{name}"


@dataclass(frozen=True)
class Site:
    """A layer of a network, and the printer of its sizes."""

    record: Placed
    say: SizePrinter

    @property
    def layer(self) -> Any:
        """The layer; typed for any kind."""
        return self.record.layer

    @property
    def inputs(self) -> tuple[Shape, ...]:
        """The shapes of the inputs."""
        return self.record.inputs

    @property
    def shape(self) -> Shape:
        """The shape of the first input."""
        return self.record.inputs[0]

    @property
    def output(self) -> Shape:
        """The shape of the output."""
        return self.record.output

    @property
    def rank(self) -> int:
        """The number of axes besides the channels."""
        return len(self.shape.dims) - 1

    def with_fields(self, **values: Any) -> Site:
        """Returns the same site with other field values of the layer."""
        return Site(replace(self.record, layer=replace(self.layer, **values)), self.say)


Handler = Callable[[Site], Statement]


def subscripted(site: Site, axis: int) -> Statement:
    """Returns a slice along the axis with index ``axis``, counted with the batch."""
    layer = site.layer
    start = "" if layer.start.constant == 0 else site.say(layer.start)
    stop = "" if layer.stop is None else site.say(layer.stop)
    step = "" if layer.step.constant == 1 else f":{site.say(layer.step)}"
    return Statement(do=f"{{x0}}[{':, ' * axis}{start}:{stop}{step}]")


def equation(site: Site) -> str:
    """Returns the layer's equation with one more letter for the batch. Raises :class:`Cannot` if no letter is left."""
    text = site.layer.equation.replace(" ", "")
    batch = next((letter for letter in "zyxwvutsrqponmlkjihgfedcba" if letter not in text), None)
    if batch is None or not text.isascii():
        raise Cannot("the equation must leave a letter for the batch, and be of ASCII letters")
    left, _, right = text.partition("->")
    return ",".join(batch + part for part in left.split(",")) + f"->{batch}{right}"
