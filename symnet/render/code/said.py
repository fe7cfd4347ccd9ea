"""How one layer is said in a framework, before it has names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from symnet.layers.shape import Shape
from symnet.network.propagate import Placed
from symnet.render.code.python import Sizes

__all__ = ["CHAIN", "Asked", "Cannot", "Handler", "Said", "equation", "subscripted"]

#: One module on one input.
CHAIN = "{m0}({x0})"


class Cannot(Exception):
    """The framework has no way to say a layer; the message is why."""


@dataclass(frozen=True)
class Said:
    """A layer in a framework.

    ``makes`` are what it makes once, modules or layers, each with what its name ends in. ``do`` is the expression of the
    output, with {m0}, {m1}, … for them, {x0}, {x1}, … for the inputs, {entry} for some tensor of the batch; ``before`` are
    expressions that are worked out first, each the {factors} of the next. ``helpers`` are the definitions that it needs,
    ``note`` a remark; ``fixed`` tells that it only works on sizes that are numbers. ``symbols`` are all symbols in it,
    ``kept`` those that stand in what is done.
    """

    makes: tuple[tuple[str, str], ...] = ()
    do: str = CHAIN
    helpers: tuple[str, ...] = ()
    note: str = ""
    fixed: bool = False
    before: tuple[str, ...] = ()
    symbols: tuple[str, ...] = field(default=(), compare=False)
    kept: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def of(cls, *makes: str, **more: Any) -> Said:
        """Modules one after another, the last of which has the layer's name."""
        ends = [*(f"_{_stem(make)}" for make in makes[:-1]), ""]
        do = "{x0}"
        for place in range(len(makes)):
            do = f"{{m{place}}}({do})"
        return cls(tuple(zip(ends, makes, strict=True)), **{"do": do, **more})

    @property
    def chained(self) -> bool:
        """Whether it is modules one after another and nothing else."""
        return bool(self.makes) and self.do == Said.of(*(make for _, make in self.makes)).do

    def wrapped(self, inside: str, outside: str) -> Said:
        """With the input as ``inside`` says and the output as ``outside`` says, each with a {} for what it was."""
        return replace(self, do=outside.format(self.do.replace("{x0}", inside.format("{x0}"))))


def _stem(call: str) -> str:
    name = call.partition("(")[0].rpartition(".")[2].lower()
    return "pad" if "pad" in name else "flatten" if "flatten" in name else name


@dataclass(frozen=True)
class Asked:
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


Handler = Callable[[Asked], Said]


def subscripted(asked: Asked, at: int) -> Said:
    """A slice of the size that stands at place ``at`` in the tensor, the batch counted."""
    layer = asked.layer
    start = "" if layer.start.constant == 0 else asked.say(layer.start)
    stop = "" if layer.stop is None else asked.say(layer.stop)
    step = "" if layer.step.constant == 1 else f":{asked.say(layer.step)}"
    return Said(do=f"{{x0}}[{':, ' * at}{start}:{stop}{step}]")


def equation(asked: Asked) -> str:
    """A layer's equation of letters with one more for the batch. Raises :class:`Cannot` where there is no letter left."""
    text = asked.layer.equation.replace(" ", "")
    batch = next((letter for letter in "zyxwvutsrqponmlkjihgfedcba" if letter not in text), None)
    if batch is None or not text.isascii():
        raise Cannot("the equation must leave a letter for the batch, and be of ASCII letters")
    left, _, right = text.partition("->")
    return ",".join(batch + part for part in left.split(",")) + f"->{batch}{right}"
