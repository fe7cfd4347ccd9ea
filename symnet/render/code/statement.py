"""How one layer is said in a framework, before it has names: what it makes once, and what it does each time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from symnet.frameworks.calls import Call
from symnet.layers.declaration.shape import Shape
from symnet.network.propagate import Placed
from symnet.render.code.python import Sizes

__all__ = ["CHAIN", "Cannot", "Handler", "Site", "Statement", "equation", "subscripted"]

#: One module on one input.
CHAIN = "{m0}({x0})"


class Cannot(Exception):
    """The framework has no way to say a layer; the message is why."""


@dataclass(frozen=True)
class Statement:
    """A layer in a framework.

    ``makes`` are the modules or layers that it makes once, each with what its name ends in. ``do`` is the expression of the
    output, with {m0}, {m1}, … for them, {x0}, {x1}, … for the inputs, {entry} for some tensor of the batch and {ops} for
    Keras's functions; ``before`` are expressions that are worked out first, each the {factors} of the next, and ``after``
    statements about what was made. ``helpers`` are the definitions that it needs, ``notes`` remarks; ``fixed`` tells that it
    only works on sizes that are numbers. ``symbols`` are all symbols in it, ``kept`` those that stand in what is done.
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
        """Modules one after another, the last of which has the layer's name."""
        ends: list[str] = []
        for make in makes[:-1]:
            stem = _stem(make)
            ends.append(stem if stem not in ends else f"{stem}{len(ends) + 1}")
        return cls(tuple(zip([*ends, ""], makes, strict=True)), **{"do": _chain(len(makes)), **more})

    @property
    def chained(self) -> bool:
        """Whether it is modules one after another and nothing else."""
        return bool(self.makes) and self.do == _chain(len(self.makes)) and not self.after

    def wrapped(self, inside: str, outside: str) -> Statement:
        """With the input as ``inside`` says and the output as ``outside`` says, each with a {} for what it was."""
        return replace(self, do=outside.format(self.do.replace("{x0}", inside.format("{x0}"))))

    def noted(self, *notes: str) -> Statement:
        """With more remarks."""
        return replace(self, notes=tuple(dict.fromkeys((*self.notes, *filter(None, notes)))))

    def having(self, **named: Any) -> Statement:
        """With more arguments of the last call."""
        (*first, (end, last)) = self.makes
        return replace(self, makes=(*first, (end, last.having(**named))))


def _chain(count: int) -> str:
    """``{m1}({m0}({x0}))``."""
    do = "{x0}"
    for place in range(count):
        do = f"{{m{place}}}({do})"
    return do


def _stem(call: Call) -> str:
    name = call.target.rpartition(".")[2].lower()
    return "_pad" if "pad" in name else f"_{name}"


@dataclass(frozen=True)
class Site:
    """A layer in its place, and how sizes are printed."""

    place: Placed
    say: Sizes

    @property
    def layer(self) -> Any:
        """The layer, of whatever kind."""
        return self.place.layer

    @property
    def inputs(self) -> tuple[Shape, ...]:
        """The shapes that it reads."""
        return self.place.inputs

    @property
    def shape(self) -> Shape:
        """The first of them."""
        return self.place.inputs[0]

    @property
    def output(self) -> Shape:
        """What comes out."""
        return self.place.output

    @property
    def rank(self) -> int:
        """How many axes there are beside the channels."""
        return len(self.shape.dims) - 1

    def with_fields(self, **values: Any) -> Site:
        """The same place with a layer of other values."""
        return Site(replace(self.place, layer=replace(self.layer, **values)), self.say)


Handler = Callable[[Site], Statement]


def subscripted(site: Site, at: int) -> Statement:
    """A slice of the size that stands at place ``at`` in the tensor, the batch counted."""
    layer = site.layer
    start = "" if layer.start.constant == 0 else site.say(layer.start)
    stop = "" if layer.stop is None else site.say(layer.stop)
    step = "" if layer.step.constant == 1 else f":{site.say(layer.step)}"
    return Statement(do=f"{{x0}}[{':, ' * at}{start}:{stop}{step}]")


def equation(site: Site) -> str:
    """A layer's equation of letters with one more for the batch. Raises :class:`Cannot` where there is no letter left."""
    text = site.layer.equation.replace(" ", "")
    batch = next((letter for letter in "zyxwvutsrqponmlkjihgfedcba" if letter not in text), None)
    if batch is None or not text.isascii():
        raise Cannot("the equation must leave a letter for the batch, and be of ASCII letters")
    left, _, right = text.partition("->")
    return ",".join(batch + part for part in left.split(",")) + f"->{batch}{right}"
