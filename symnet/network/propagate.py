"""Works out all shapes of a network: each layer is applied to its inputs, in order; the work is linear in the number of layers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from symnet.errors import LayerError
from symnet.graph import Graph
from symnet.layers.declaration.base import ZERO, Applied, Condition, Layer, Origin, Weight, product
from symnet.layers.declaration.shape import Shape
from symnet.layers.laws.law import AxisMap
from symnet.network.closed_forms import Axis, ClosedForm
from symnet.network.joins import agreement, holds_always, in_general, large_enough, never
from symnet.printing.names import look
from symnet.printing.text import unicode_text
from symnet.terms.evaluation import holds
from symnet.terms.propositions import Le, Proposition
from symnet.terms.term import Sum, Symbol, Term, integer, substitute, symbols_of

__all__ = [
    "STRETCHES",
    "Placed",
    "bases",
    "compose",
    "layer_title",
    "letters",
    "mistaken",
    "place_input",
    "place_layer",
    "propagate",
    "with_counted_weights",
]

#: The reason why sizes 1 and 2 do not join if the 1 is a number of this input only.
STRETCHES = "a size 1 stretches only where it is 1 for every input (PyTorch would stretch this one)"
#: The way out, of layers that have it.
STRETCHED = "stretch=yes lets it"

#: How the condition of a join begins, before the name of the size.
EQUAL = "needs equal"

#: Longer names and layers are cut off in titles, in characters.
LONG = 160


@dataclass(frozen=True)
class Placed:
    """A layer of the network with its inputs and output. ``axes`` are those of the output, without channels; ``origins`` has for each
    of them the axis of the input that it was: (0, 1) for the second axis of the first input, ``None`` for a new axis.
    """

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
        """The layer as messages name it."""
        return layer_title(self.index, self.name, self.layer.notation) if self.layer else "the input"


def layer_title(index: int, name: str, notation: str) -> str:
    """A layer as messages name it: number, name and notation, each cut off if long.

    >>> layer_title(3, "conv1", "Conv|8|3")
    'layer 3 (conv1, Conv|8|3)'
    """
    return f"layer {index} ({_beginning(name)}, {_beginning(notation)})"


def _beginning(words: str) -> str:
    return words if len(words) <= LONG else f"{words[:LONG]}…"


def propagate(graph: Graph) -> tuple[Placed, ...]:
    """The input and every layer with its shapes. Raises :class:`symnet.LayerError` that names the layer, the condition that fails with
    its numbers, and what would fit.
    """
    placed = [place_input(graph.input, letters(graph))]
    weights_of: dict[str, tuple[Weight, ...]] = {}
    for node, name in zip(graph.nodes, graph.names(), strict=True):
        try:
            placed.append(place_layer(name, node.layer, node.sources, placed, weights_of))
        except LayerError as error:
            message = "; ".join([str(error), *graph.notes])
            layer, condition, fits = error.layer, error.condition, error.fits
            raise LayerError(message, layer=layer, condition=condition, fits=fits) from None
    return tuple(placed)


def letters(graph: Graph) -> tuple[Symbol, ...]:
    """The symbols in the arguments of the layers."""
    return tuple(dict.fromkeys(symbol for node in graph.nodes for symbol in node.layer.symbols))


def mistaken(graph: Graph, placed: Sequence[Placed]) -> bool:
    """Returns whether ``placed`` has other symbols for the axes of the input than the graph needs, since a letter of a layer has
    the name of an axis.
    """
    return tuple(axis.form.base for axis in placed[0].axes) != bases(graph.input, letters(graph))


def place_input(shape: Shape, letters: Iterable[Symbol] = ()) -> Placed:
    """The input of a network, whose layers have the symbols ``letters``. Raises :class:`symnet.LayerError` for a size below 1."""
    for size in shape.dims:
        if size.constant is not None and size.constant < 1:
            raise LayerError(f"a size of the input must be at least 1, got {size.constant}")
    axes = tuple(Axis(size, ClosedForm(base)) for size, base in zip(shape.axes, bases(shape, letters), strict=True))
    conditions = tuple(
        Condition(Le(integer(1), size), "a size must be at least 1")
        for size in dict.fromkeys(shape.dims)
        if size.least is None or size.least < 1
    )
    return Placed(0, "input", None, (), (), shape, axes, Applied(shape, conditions=conditions))


def bases(shape: Shape, letters: Iterable[Symbol] = ()) -> tuple[Term, ...]:
    """The symbols of closed forms: the input's own, or H, W, … for an input of numbers; W_in if W is already a symbol of the input or a
    letter of a layer.

    >>> bases(Shape((integer(3), integer(32), integer(32))), [Symbol("W")])
    (<Symbol H>, <Symbol W_in>)
    """
    taken = {look(symbol.name) for symbol in (*symbols_of(*shape.dims), *letters)}
    symbols: list[Term] = []
    for size, name in zip(shape.axes, shape.axis_names, strict=True):
        while look(name) in taken and size.constant is not None:
            name += "_in"
        symbols.append(size if size.constant is None else Symbol(name))
    return tuple(symbols)


def place_layer(
    name: str,
    layer: Layer,
    sources: tuple[int, ...],
    placed: Sequence[Placed],
    weights_of: dict[str, tuple[Weight, ...]],
) -> Placed:
    """A layer applied to those before it. ``weights_of`` has the weights of each layer by its name; this layer's are added."""
    before = tuple(placed[source] for source in sources)
    inputs = tuple(node.output for node in before)
    try:
        plain = layer.apply(inputs)
        applied = with_counted_weights(layer, plain, weights_of)
        conditions = (each for each in applied.conditions if not holds_always(each.proposition))
        applied = applied._replace(conditions=(*conditions, *large_enough(layer)))
        for condition in applied.conditions:
            try:
                _require(condition.proposition, condition.why, lambda: agreement(layer, before))
            except LayerError as wrong:
                raise _of_sizes(wrong, applied.conditions) from None
        if len(before) > 1:
            applied = _with_general_origins(layer, before, applied, placed[0])
        axes, origins = _axes(before, applied)
    except LayerError as error:
        message = f"{layer_title(len(placed), name, layer.notation)}: {error}"
        raise LayerError(message, layer=name, condition=error.condition, fits=error.fits) from None
    output = applied.output
    if axes:
        output = output.resized(tuple(axis.size for axis in axes))
    output = replace(output, dims=tuple(map(_worked_out, output.dims)))
    weights_of[name] = plain.weights
    return Placed(len(placed), name, layer, sources, inputs, output, axes, applied, origins)


def _axes(before: tuple[Placed, ...], applied: Applied) -> tuple[tuple[Axis, ...], tuple[Origin, ...]]:
    """The axes of the output, and the axes of the inputs that they were."""
    sources = tuple(_origin(before, applied, position) for position in range(len(applied.maps)))
    axis_of_key: dict[tuple[object, object], Axis] = {}  # equal axes with equal laws are worked out once
    errors: dict[object, tuple[LayerError, list[str]]] = {}
    for position, (map_, source) in enumerate(zip(applied.maps, sources, strict=True)):
        key = (map_, position if source is None or map_ is None else source.axis)
        if key in axis_of_key:
            continue
        try:
            axis_of_key[key] = _axis(source, position, map_, applied)
        except LayerError as error:
            errors.setdefault(key, (error, []))[1].append("" if source is None else source.name)
    if errors:
        raise _joined_error(list(errors.values()))
    axes = tuple(
        axis_of_key[map_, position if source is None or map_ is None else source.axis]
        for position, (map_, source) in enumerate(zip(applied.maps, sources, strict=True))
    )
    return axes, tuple(None if source is None else source.origin for source in sources)


def _joined_error(errors: list[tuple[LayerError, list[str]]]) -> LayerError:
    """Returns one error for all axes that do not fit; each message follows the names of its axes."""
    axes_of_message: dict[str, list[str]] = {}
    for error, names in errors:
        wrong = str(error).removesuffix(f"; {error.fits}")
        axes_of_message.setdefault(wrong.removeprefix(names[0]) if names[0] else wrong, []).extend(names)
    first = errors[0][0]
    parts = [f"{' and '.join(names)}{wrong}" if names[0] else wrong for wrong, names in axes_of_message.items()]
    message = "; ".join([*parts, *([first.fits] if first.fits else [])])
    return LayerError(message, condition=first.condition, fits=first.fits)


def _of_sizes(wrong: LayerError, conditions: Sequence[Condition]) -> LayerError:
    """Returns one error for all sizes that should be equal and are not, as ``needs equal H and W``; ``wrong`` if it is about another
    condition.
    """
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


def _with_general_origins(layer: Layer, before: tuple[Placed, ...], applied: Applied, start: Placed) -> Applied:
    """Joins are decided on closed forms, then evaluated: the origins of axes are those of the general case."""
    if all(axis.size is axis.form.term for node in before for axis in node.axes):
        return applied
    input_sizes: dict[Term, Term] = {axis.form.base: axis.size for axis in start.axes}
    general = in_general(layer, before)
    if general is None:
        return applied
    takes_stretch = any(spec.name == "stretch" for spec in layer.specs())
    for condition in general.conditions:
        _require(
            substitute(condition.proposition, input_sizes),
            condition.why,
            lambda: "; ".join(filter(None, (STRETCHES, STRETCHED * takes_stretch, agreement(layer, before)))),
        )
    return applied._replace(origins=general.origins)


def with_counted_weights(layer: Layer, applied: Applied, weights_of: Mapping[str, tuple[Weight, ...]]) -> Applied:
    """Returns the applied layer with the weights that count for it: none if it shares those of another layer, which are in
    ``weights_of``; none trainable if it is frozen. Raises :class:`symnet.LayerError` if it shares weights of other shapes.
    """
    if layer.frozen:
        applied = applied._replace(weights=tuple(weight._replace(trainable=False) for weight in applied.weights))
    if layer.freezes is not None:
        applied = _freezing(applied, layer.freezes.split())
    if layer.borrows is not None:
        applied = _without_borrowed(applied, layer.borrows.split())
    if layer.shares is None:
        return applied
    shared_weights = weights_of.get(layer.shares)
    if shared_weights is None:
        raise LayerError(f"shares the weights of {layer.shares!r}, and no layer before it has that name")
    if [weight.shape for weight in applied.weights] != [weight.shape for weight in shared_weights]:
        raise LayerError(f"shares the weights of {layer.shares!r}, which have other shapes")
    return applied._replace(weights=(), buffers=(), parameters=ZERO)


def _freezing(applied: Applied, names: list[str]) -> Applied:
    """The layer with the weights of these names not trainable."""
    _refuse_unknown_weights(applied, names, "freezes")
    weights = tuple(
        weight._replace(trainable=weight.trainable and weight.name not in names) for weight in applied.weights
    )
    return applied._replace(weights=weights)


def _refuse_unknown_weights(applied: Applied, names: list[str], what: str) -> None:
    unknown = set(names) - {weight.name for weight in applied.weights}
    if unknown:
        raise LayerError(f"{what} {', '.join(sorted(unknown))}, and has no such weights")


def _without_borrowed(applied: Applied, names: list[str]) -> Applied:
    """The layer without the weights of these names, which belong to another layer."""
    _refuse_unknown_weights(applied, names, "borrows")
    remaining = tuple(weight for weight in applied.weights if weight.name not in names)
    counts = [product(*weight.shape) for weight in remaining]
    return applied._replace(weights=remaining, parameters=Sum(*counts) if len(counts) > 1 else [*counts, ZERO][0])


@dataclass(frozen=True)
class _Source:
    """The axis of an input that an axis of the output was, with its name."""

    axis: Axis
    name: str
    origin: Origin


def _origin(before: tuple[Placed, ...], applied: Applied, position: int) -> _Source | None:
    """The origin of an axis of the output: the layer declares it, or it is the first input's axis at the same position."""
    origin: Origin = (0, position)
    if applied.origins is not None:
        origin = applied.origins[position]
    elif not before or position >= len(before[0].axes):
        return None
    elif applied.maps[position] is None and before[0].axes[position].size is not _worked_out(
        applied.output.axes[position]
    ):
        return None  # another size makes a new axis
    if origin is None:
        return None
    node = before[origin[0]]
    return _Source(node.axes[origin[1]], node.output.axis_names[origin[1]], origin)


def _axis(source: _Source | None, position: int, map_: AxisMap | None, applied: Applied) -> Axis:
    if map_ is None or source is None:
        size = _worked_out(applied.output.axes[position])
        return Axis(size, ClosedForm(size)) if source is None else source.axis  # the axis passes unchanged
    form = compose(source.axis.form, map_)
    before, at_number = source.axis.size, source.axis.at_number
    if at_number is not None:
        at_number = compose(at_number, map_)
        return Axis(_worked_out(at_number.term), form, at_number)
    if before.constant is None:  # the conditions on a symbol become hypotheses
        return Axis(form.term, form)
    for condition in map_.conditions(before):
        _require(condition, source.name, lambda: map_.law.would_fit(before, map_.assignment(before)))
    size = map_.formula(before)
    if size.constant is None and symbols_of(size):
        at_number = compose(ClosedForm(before), map_)
        return Axis(_worked_out(at_number.term), form, at_number)
    return Axis(_worked_out(size), form)


def compose(form: ClosedForm, map_: AxisMap) -> ClosedForm:
    """The closed form after one more map."""
    if map_.offset is not None:
        return form.floored(*map_.offset).settled()
    if map_.scaling is not None:
        return form.scaled(*map_.scaling).settled()
    return ClosedForm(map_.formula(form.term))


def _worked_out(size: Term) -> Term:
    return size if size.constant is None else integer(size.constant)


def _require(proposition: Proposition, why: str, remedy: Callable[[], str]) -> None:
    """Raises LayerError for a condition that is false; one that holds for some sizes becomes a hypothesis of the theorems."""
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
    """The condition with its numbers, and their values where they differ: ``9 ≤ 5 + 2·0 (= 5)``."""
    shown = unicode_text(proposition)
    last = proposition.args[-1]
    if isinstance(last, Term) and last.constant is not None and last is not integer(last.constant):
        shown += f" (= {last.constant})"
    return shown
