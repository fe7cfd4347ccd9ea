"""Sizes through a network: every layer applied to its input, in order; one pass, linear in the number of layers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from symnet.errors import LayerError
from symnet.kernel.propositions import Proposition, holds
from symnet.layers.base import Applied, Layer, Origin
from symnet.layers.law import AxisMap
from symnet.layers.shape import Shape
from symnet.network.forms import Axis, Form
from symnet.network.graph import Graph
from symnet.network.joins import agreement, never
from symnet.printing.text import unicode_text
from symnet.terms.term import Symbol, Term, integer, symbols_of

__all__ = ["Placed", "bases", "compose", "propagate"]


@dataclass(frozen=True)
class Placed:
    """A layer in the network: what it reads, what it gives. ``axes`` are the output's, channels left out; ``origins`` says for
    each which axis of which input it was, (0, 1) for the second axis of the first one, or ``None`` for a new one."""

    index: int
    name: str
    layer: Layer | None
    sources: tuple[int, ...]
    inputs: tuple[Shape, ...]
    output: Shape
    axes: tuple[Axis, ...]
    applied: Applied
    origins: tuple[Origin, ...] = ()

    @property
    def title(self) -> str:
        """How messages name the layer."""
        notation = self.layer.notation if self.layer else "input"
        return f"layer {self.index} ({self.name}, {notation})"


def propagate(graph: Graph) -> tuple[Placed, ...]:
    """The input and every layer with its shapes. Raises :class:`LayerError` naming the layer, the condition that fails with
    its numbers, and what would fit."""
    shape = graph.input
    axes = tuple(Axis(size, Form(base)) for size, base in zip(shape.axes, bases(graph), strict=True))
    placed = [Placed(0, "input", None, (), (), shape, axes, Applied(shape))]
    for index, (node, name) in enumerate(zip(graph.nodes, graph.names(), strict=True), start=1):
        placed.append(_place(index, name, node.layer, node.sources, placed))
    return tuple(placed)


def bases(graph: Graph) -> tuple[Term, ...]:
    """The symbols closed forms speak of: the input's own, or H, W, … for an input of numbers."""
    shape = graph.input
    taken = {symbol.name for symbol in symbols_of(*shape.dims)}
    found: list[Term] = []
    for size, name in zip(shape.axes, shape.axis_names, strict=True):
        while name in taken and size.constant is not None:
            name += "_in"
        found.append(size if size.constant is None else Symbol(name))
    return tuple(found)


def _place(index: int, name: str, layer: Layer, sources: tuple[int, ...], placed: list[Placed]) -> Placed:
    inputs = tuple(placed[source].output for source in sources)
    where = f"layer {index} ({name}, {layer.notation})"
    try:
        applied = layer.apply(inputs)
    except LayerError as error:
        raise LayerError(f"{where}: {error}") from None
    before = tuple(placed[source] for source in sources)
    for condition in applied.conditions:
        _require(condition.proposition, f"{where}: {condition.why}", lambda: agreement(layer, before))
    came = tuple(_origin(before, applied, position) for position in range(len(applied.maps)))
    known: dict[tuple[object, object], Axis] = {}  # equal axes with equal laws are worked out once
    for position, (map_, source) in enumerate(zip(applied.maps, came, strict=True)):
        key = (map_, position if source is None or map_ is None else source.axis)
        if key not in known:
            known[key] = _axis(where, source, position, map_, applied)
    axes = tuple(
        known[map_, position if source is None or map_ is None else source.axis]
        for position, (map_, source) in enumerate(zip(applied.maps, came, strict=True))
    )
    output = applied.output
    if axes:
        output = output.with_axes(output.channels, tuple(axis.size for axis in axes))
    output = replace(output, dims=tuple(map(_worked_out, output.dims)))
    origins = tuple(None if source is None else source.origin for source in came)
    return Placed(index, name, layer, sources, inputs, output, axes, applied, origins)


@dataclass(frozen=True)
class _Source:
    """The axis of an input that an axis of the output was."""

    axis: Axis
    name: str
    origin: Origin


def _origin(before: tuple[Placed, ...], applied: Applied, position: int) -> _Source | None:
    """Where an axis of the output comes from: the layer says it, or it is the first input's in the same place."""
    origin: Origin = (0, position)
    if applied.origins is not None:
        origin = applied.origins[position]
    elif not before or position >= len(before[0].axes):
        return None
    elif applied.maps[position] is None and before[0].axes[position].size is not _worked_out(
        applied.output.axes[position]
    ):
        return None  # another size: a new axis
    if origin is None:
        return None
    place = before[origin[0]]
    return _Source(place.axes[origin[1]], place.output.axis_names[origin[1]], origin)


def _axis(where: str, source: _Source | None, position: int, map_: AxisMap | None, applied: Applied) -> Axis:
    if map_ is None or source is None:
        size = _worked_out(applied.output.axes[position])
        return Axis(size, Form(size)) if source is None else source.axis  # the axis passes through
    form = compose(source.axis.form, map_)
    before = source.axis.size
    if before.constant is None:  # its conditions become hypotheses
        return Axis(form.term, form)
    for condition in map_.conditions(before):
        _require(condition, f"{where}: {source.name}", lambda: map_.law.would_fit(before, map_.assignment(before)))
    return Axis(_worked_out(map_.formula(before)), form)


def compose(form: Form, map_: AxisMap) -> Form:
    """The closed form after one more map."""
    if map_.offset is not None:
        return form.floored(*map_.offset)
    if map_.scaling is not None:
        return form.scaled(*map_.scaling)
    return Form(map_.formula(form.term))


def _worked_out(size: Term) -> Term:
    return size if size.constant is None else integer(size.constant)


def _require(proposition: Proposition, where: str, remedy: Callable[[], str]) -> None:
    """Refuse a condition that is false; one that holds for some sizes becomes a hypothesis of the theorems instead."""
    if symbols_of(proposition):
        if never(proposition):
            raise LayerError(f"{where}: {unicode_text(proposition)} holds for no size")
    elif not holds(proposition):
        ways = remedy()
        raise LayerError(f"{where}: {_with_values(proposition)} does not hold" + (f"; {ways}" if ways else ""))


def _with_values(proposition: Proposition) -> str:
    """``9 ≤ 5 + 2·0 (= 5)``: the condition with its numbers, and their values where they differ."""
    shown = unicode_text(proposition)
    last = proposition.args[-1]
    if isinstance(last, Term) and last.constant is not None and last is not integer(last.constant):
        shown += f" (= {last.constant})"
    return shown
