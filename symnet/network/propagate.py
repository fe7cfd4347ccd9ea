"""Sizes through a network: every layer applied to its input, in order; one pass, linear in the number of layers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from symnet.errors import LayerError
from symnet.graph import Graph
from symnet.layers.declaration.base import ZERO, Applied, Condition, Layer, Origin, Weight, product
from symnet.layers.declaration.shape import Shape
from symnet.layers.laws.law import AxisMap
from symnet.network.forms import Axis, Form
from symnet.network.joins import agreement, holds_always, in_general, large_enough, never
from symnet.printing.names import look
from symnet.printing.text import unicode_text
from symnet.terms.propositions import Le, Proposition, holds
from symnet.terms.term import Sum, Symbol, Term, integer, substitute, symbols_of

__all__ = [
    "Placed",
    "bases",
    "compose",
    "layer_title",
    "letters",
    "mistaken",
    "place_input",
    "place_layer",
    "propagate",
    "weighted",
]

#: Why sizes 1 and 2 do not join where the 1 comes from this input's numbers.
STRETCHES = "a size 1 stretches only where it is 1 for every input (PyTorch would stretch this one)"

#: How the condition of a join begins, before the name of the size.
EQUAL = "needs equal"

#: Of a longer name or layer the title has the beginning.
LONG = 160


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
        return layer_title(self.index, self.name, self.layer.notation) if self.layer else "the input"


def layer_title(index: int, name: str, notation: str) -> str:
    """How messages name a layer: its number, its name, what it is; of long ones the beginning.

    >>> layer_title(3, "conv1", "Conv|8|3")
    'layer 3 (conv1, Conv|8|3)'
    """
    return f"layer {index} ({_beginning(name)}, {_beginning(notation)})"


def _beginning(words: str) -> str:
    return words if len(words) <= LONG else f"{words[:LONG]}…"


def propagate(graph: Graph) -> tuple[Placed, ...]:
    """The input and every layer with its shapes. Raises :class:`LayerError` naming the layer, the condition that fails with
    its numbers, and what would fit."""
    placed = [place_input(graph.input, letters(graph))]
    held: dict[str, tuple[Weight, ...]] = {}
    for node, name in zip(graph.nodes, graph.names(), strict=True):
        try:
            placed.append(place_layer(name, node.layer, node.sources, placed, held))
        except LayerError as refused:
            message = "; ".join([str(refused), *graph.notes])
            layer, condition, fits = refused.layer, refused.condition, refused.fits
            raise LayerError(message, layer=layer, condition=condition, fits=fits) from None
    return tuple(placed)


def letters(graph: Graph) -> tuple[Symbol, ...]:
    """The symbols that the layers are written with."""
    return tuple(dict.fromkeys(symbol for node in graph.nodes for symbol in node.layer.symbols))


def mistaken(graph: Graph, placed: Sequence[Placed]) -> bool:
    """Whether the layers were placed when it was not yet known that a letter of one of them is called as an axis is, which
    closed forms speak of for an input of numbers."""
    return tuple(axis.form.base for axis in placed[0].axes) != bases(graph.input, letters(graph))


def place_input(shape: Shape, letters: Iterable[Symbol] = ()) -> Placed:
    """The input of a network whose layers are written with these letters. Raises :class:`LayerError` for a size below 1."""
    for size in shape.dims:
        if size.constant is not None and size.constant < 1:
            raise LayerError(f"a size of the input must be at least 1, got {size.constant}")
    axes = tuple(Axis(size, Form(base)) for size, base in zip(shape.axes, bases(shape, letters), strict=True))
    conditions = tuple(
        Condition(Le(integer(1), size), "a size must be at least 1")
        for size in dict.fromkeys(shape.dims)
        if size.least is None or size.least < 1
    )
    return Placed(0, "input", None, (), (), shape, axes, Applied(shape, conditions=conditions))


def bases(shape: Shape, letters: Iterable[Symbol] = ()) -> tuple[Term, ...]:
    """The symbols closed forms speak of: the input's own, or H, W, … for an input of numbers; W_in where W is a symbol of the
    input, or a letter of a layer, already.

    >>> bases(Shape((integer(3), integer(32), integer(32))), [Symbol("W")])
    (<Symbol H>, <Symbol W_in>)
    """
    taken = {look(symbol.name) for symbol in (*symbols_of(*shape.dims), *letters)}
    found: list[Term] = []
    for size, name in zip(shape.axes, shape.axis_names, strict=True):
        while look(name) in taken and size.constant is not None:
            name += "_in"
        found.append(size if size.constant is None else Symbol(name))
    return tuple(found)


def place_layer(
    name: str, layer: Layer, sources: tuple[int, ...], placed: Sequence[Placed], held: dict[str, tuple[Weight, ...]]
) -> Placed:
    """One more layer on those placed before it; ``held`` has the weights of each by its name, and then this one's, too."""
    before = tuple(placed[source] for source in sources)
    inputs = tuple(place.output for place in before)
    try:
        plain = layer.apply(inputs)
        applied = weighted(layer, plain, held)
        conditions = (each for each in applied.conditions if not holds_always(each.proposition))
        applied = applied._replace(conditions=(*conditions, *large_enough(layer)))
        for condition in applied.conditions:
            try:
                _require(condition.proposition, condition.why, lambda: agreement(layer, before))
            except LayerError as wrong:
                raise _of_sizes(wrong, applied.conditions) from None
        if len(before) > 1:
            applied = _as_for_every_input(layer, before, applied, placed[0])
        axes, origins = _axes(before, applied)
    except LayerError as refused:
        message = f"{layer_title(len(placed), name, layer.notation)}: {refused}"
        raise LayerError(message, layer=name, condition=refused.condition, fits=refused.fits) from None
    output = applied.output
    if axes:
        output = output.resized(tuple(axis.size for axis in axes))
    output = replace(output, dims=tuple(map(_worked_out, output.dims)))
    held[name] = plain.weights
    return Placed(len(placed), name, layer, sources, inputs, output, axes, applied, origins)


def _axes(before: tuple[Placed, ...], applied: Applied) -> tuple[tuple[Axis, ...], tuple[Origin, ...]]:
    """The axes of the output, and which axes of the inputs they were."""
    came = tuple(_origin(before, applied, position) for position in range(len(applied.maps)))
    known: dict[tuple[object, object], Axis] = {}  # equal axes with equal laws are worked out once
    refused: dict[object, tuple[LayerError, list[str]]] = {}
    for position, (map_, source) in enumerate(zip(applied.maps, came, strict=True)):
        key = (map_, position if source is None or map_ is None else source.axis)
        if key in known:
            continue
        try:
            known[key] = _axis(source, position, map_, applied)
        except LayerError as error:
            refused.setdefault(key, (error, []))[1].append("" if source is None else source.name)
    if refused:
        raise _of_axes(list(refused.values()))
    axes = tuple(
        known[map_, position if source is None or map_ is None else source.axis]
        for position, (map_, source) in enumerate(zip(applied.maps, came, strict=True))
    )
    return axes, tuple(None if source is None else source.origin for source in came)


def _of_axes(refused: list[tuple[LayerError, list[str]]]) -> LayerError:
    """One error for all axes that do not fit: the names of the axes before what is wrong with them."""
    said: dict[str, list[str]] = {}
    for error, names in refused:
        wrong = str(error).removesuffix(f"; {error.fits}")
        said.setdefault(wrong.removeprefix(names[0]) if names[0] else wrong, []).extend(names)
    first = refused[0][0]
    parts = [f"{' and '.join(names)}{wrong}" if names[0] else wrong for wrong, names in said.items()]
    message = "; ".join([*parts, *([first.fits] if first.fits else [])])
    return LayerError(message, condition=first.condition, fits=first.fits)


def _of_sizes(wrong: LayerError, conditions: Sequence[Condition]) -> LayerError:
    """The error for all sizes that should be equal and are not, where it is about such a size: ``needs equal H and W``."""
    start = f"{EQUAL} "
    failing = [
        each for each in conditions
        if start in each.why and not symbols_of(each.proposition) and not holds(each.proposition)
    ]  # fmt: skip
    shown = list(dict.fromkeys(_with_values(each.proposition) for each in failing))
    names = list(dict.fromkeys(each.why.partition(start)[2] for each in failing))
    if len(names) < 2 or wrong.condition not in shown:
        return wrong
    does = "does" if len(shown) == 1 else "do"
    message = f"{failing[0].why.partition(start)[0]}{start}{_listed(names)}: {_listed(shown)} {does} not hold"
    message += f"; {wrong.fits}" if wrong.fits else ""
    return LayerError(message, condition=", ".join(shown), fits=wrong.fits)


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _as_for_every_input(layer: Layer, before: tuple[Placed, ...], applied: Applied, start: Placed) -> Applied:
    """A join of numbers is the join of their closed forms at these numbers: a size that is 1 for this input only does not
    stretch, and an axis goes on as the one that it is for every input."""
    if all(axis.size is axis.form.term for place in before for axis in place.axes):
        return applied
    here: dict[Term, Term] = {axis.form.base: axis.size for axis in start.axes}
    general = in_general(layer, before)
    if general is None:
        return applied
    if not _meets(general, here):  # an input that is given with a size 1 may stretch
        stretched = in_general(layer, before, ones=True)
        general = stretched if stretched and _meets(stretched, here) else general
    for condition in general.conditions:
        _require(
            substitute(condition.proposition, here),
            condition.why,
            lambda: "; ".join(filter(None, (STRETCHES, agreement(layer, before)))),
        )
    return applied._replace(origins=general.origins)


def _meets(applied: Applied, here: dict[Term, Term]) -> bool:
    """Whether every condition holds at these sizes, as far as they are numbers."""
    conditions = [substitute(condition.proposition, here) for condition in applied.conditions]
    return all(symbols_of(condition) or holds(condition) for condition in conditions)


def weighted(layer: Layer, applied: Applied, held: Mapping[str, tuple[Weight, ...]]) -> Applied:
    """The layer with the weights that count for it: none where they are another layer's, whose are among those ``held``; none
    trained where it is frozen."""
    if layer.frozen:
        applied = applied._replace(weights=tuple(weight._replace(trainable=False) for weight in applied.weights))
    if layer.freezes is not None:
        applied = _freezing(applied, layer.freezes.split())
    if layer.borrows is not None:
        applied = _without(applied, layer.borrows.split())
    if layer.shares is None:
        return applied
    theirs = held.get(layer.shares)
    if theirs is None:
        raise LayerError(f"shares the weights of {layer.shares!r}, and no layer before it has that name")
    if [weight.shape for weight in applied.weights] != [weight.shape for weight in theirs]:
        raise LayerError(f"shares the weights of {layer.shares!r}, which have other shapes")
    return applied._replace(weights=(), buffers=(), parameters=ZERO)


def _freezing(applied: Applied, names: list[str]) -> Applied:
    """The layer with the weights of these names not trained."""
    _known(applied, names, "freezes")
    weights = tuple(
        weight._replace(trainable=weight.trainable and weight.name not in names) for weight in applied.weights
    )
    return applied._replace(weights=weights)


def _known(applied: Applied, names: list[str], what: str) -> None:
    unknown = set(names) - {weight.name for weight in applied.weights}
    if unknown:
        raise LayerError(f"{what} {', '.join(sorted(unknown))}, and has no such weights")


def _without(applied: Applied, names: list[str]) -> Applied:
    """The layer without the weights of these names, which another layer holds."""
    _known(applied, names, "borrows")
    own = tuple(weight for weight in applied.weights if weight.name not in names)
    counts = [product(*weight.shape) for weight in own]
    return applied._replace(weights=own, parameters=Sum(*counts) if len(counts) > 1 else [*counts, ZERO][0])


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


def _axis(source: _Source | None, position: int, map_: AxisMap | None, applied: Applied) -> Axis:
    if map_ is None or source is None:
        size = _worked_out(applied.output.axes[position])
        return Axis(size, Form(size)) if source is None else source.axis  # the axis passes through
    form = compose(source.axis.form, map_)
    before, here = source.axis.size, source.axis.here
    if here is not None:
        here = compose(here, map_)
        return Axis(_worked_out(here.term), form, here)
    if before.constant is None:  # its conditions become hypotheses
        return Axis(form.term, form)
    for condition in map_.conditions(before):
        _require(condition, source.name, lambda: map_.law.would_fit(before, map_.assignment(before)))
    size = map_.formula(before)
    if size.constant is None and symbols_of(size):
        here = compose(Form(before), map_)
        return Axis(_worked_out(here.term), form, here)
    return Axis(_worked_out(size), form)


def compose(form: Form, map_: AxisMap) -> Form:
    """The closed form after one more map."""
    if map_.offset is not None:
        return form.floored(*map_.offset).settled()
    if map_.scaling is not None:
        return form.scaled(*map_.scaling).settled()
    return Form(map_.formula(form.term))


def _worked_out(size: Term) -> Term:
    return size if size.constant is None else integer(size.constant)


def _require(proposition: Proposition, why: str, remedy: Callable[[], str]) -> None:
    """Refuse a condition that is false; one that holds for some sizes becomes a hypothesis of the theorems instead."""
    if symbols_of(proposition):
        if never(proposition):
            condition = unicode_text(proposition)
            raise LayerError(f"{why}: {condition} holds for no size", condition=condition)
    elif not holds(proposition):
        ways = remedy()
        condition = _with_values(proposition)
        message = f"{why}: {condition} does not hold" + (f"; {ways}" if ways else "")
        raise LayerError(message, condition=condition, fits=ways or None)


def _with_values(proposition: Proposition) -> str:
    """``9 ≤ 5 + 2·0 (= 5)``: the condition with its numbers, and their values where they differ."""
    shown = unicode_text(proposition)
    last = proposition.args[-1]
    if isinstance(last, Term) and last.constant is not None and last is not integer(last.constant):
        shown += f" (= {last.constant})"
    return shown
