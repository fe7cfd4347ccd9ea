"""The table of a network: number, name, size with its arithmetic, parameters with their arithmetic; under it, in a line,
what it assumes."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from symnet.kernel.theorem import Theorem
from symnet.network.axes import AxisProof
from symnet.network.derivation import LayerProof
from symnet.network.domain import domain
from symnet.network.network import Network
from symnet.network.propagate import Placed
from symnet.network.repeated_sizes import RepeatedSizes
from symnet.printing.text import unicode_text
from symnet.render.document import Block, Code, Inline, Line, Math, Paragraph, Row, Shape, Strong, Table, line
from symnet.render.folding import Fold, folded
from symnet.render.modules import block_of, module_of
from symnet.render.phrases import equal, listed, looks_at_one
from symnet.solving.contradiction import refuse_if_never_fits
from symnet.terms.node import Node
from symnet.terms.polynomial import from_polynomial, normal_form
from symnet.terms.term import Int, Sum, Term, integer, substitute, symbols_of
from symnet.terms.walks import has_more_parts

__all__ = [
    "assumptions",
    "by_name",
    "closed_line",
    "folds",
    "outputs",
    "parameter_line",
    "size_equation",
    "size_line",
    "table_block",
    "table_blocks",
]

#: From so many rows on repeats are folded, where that saves so many of them.
LONG, WORTH = 40, 6

#: A closed form of more letters, or longer than this, is left to the derivation.
LETTERS, CLOSED = 3, 26

#: Of more assumptions than this the rest is counted.
ASSUMED = 8


def size_line(layer: LayerProof, repeated: RepeatedSizes) -> Line:
    """``⌊(28 − 5 + 2·0)/1⌋ + 1 = 24, so 32 × 24 × 24``; with letters ``W₁ = ⌊(W − F + 2P)/S⌋ + 1, so K × W₁ × W₁``, and
    ``⌊(W₁ − 3 + 2·1)/1⌋ + 1 = W₁`` where the size has a name already."""
    parts: list[Inline] = []
    for axis, map_ in zip(layer.axes, layer.placed.applied.maps, strict=False):
        if axis is None or map_ is None:
            continue
        formula = size_equation(axis, repeated)
        if looks_at_one(map_) and not _defines(axis, formula):
            continue
        if formula is not None and Math(formula.conclusion) not in parts:
            parts += [", "] * bool(parts) + [Math(formula.conclusion)]
    return line(*parts, ", so " if parts else "", Shape(by_name(layer, layer.placed.output.dims)))


def closed_line(layer: LayerProof, repeated: RepeatedSizes, beside_numbers: bool = False) -> Line:
    """``⌊(W − 20)/4⌋``: what a size that the layer makes is in the input's own letters, where that is short and not what the
    step says already, which it does not ``beside_numbers``."""
    parts: list[Inline] = []
    for axis, map_ in zip(layer.axes, layer.placed.applied.maps, strict=False):
        formula = size_equation(axis, repeated) if axis is not None and map_ is not None else None
        if axis is None or formula is None or not _defines(axis, formula):
            continue
        words = _short_text(axis.shown.form.term)
        if words is None or len(symbols_of(axis.shown.form.term)) > LETTERS:
            continue
        closed, written = axis.shown.closed.conclusion.args[1], formula.conclusion.args[1]
        if (beside_numbers or words != _short_text(written)) and Math(closed) not in parts:
            parts += [", "] * bool(parts) + [Math(closed)]
    return line(*parts)


def _short_text(term: Node) -> str | None:
    """The plain reading of a term that has at most :data:`CLOSED` letters; a term of many parts is not read at all."""
    if has_more_parts(term, 4 * CLOSED):
        return None
    words = unicode_text(term)
    return words if len(words) <= CLOSED else None


def _defines(axis: AxisProof, formula: Theorem | None) -> bool:
    """Whether a formula says what a size is that has its name here."""
    return axis.number is None and formula is not None and formula.conclusion.args[0] is axis.shown.size


def size_equation(axis: AxisProof, repeated: RepeatedSizes) -> Theorem | None:
    """The theorem that says how large an axis is after a layer: the formula is a number, the size is the formula, or the
    formula is a size that has a name already."""
    if axis.number is not None:
        return axis.number.value
    return repeated.equations.get(axis.shown.size, axis.shown.formula)


def by_name(layer: LayerProof, sizes: tuple[Term, ...]) -> tuple[Term, ...]:
    """Sizes that are not numbers as what they are by definition, which has a name: W₁ instead of its closed form."""
    meaning: dict[Term, Term] = {
        axis.size: proof.shown.size
        for axis, proof in zip(layer.placed.axes, layer.axes, strict=False)
        if proof is not None and axis.size.constant is None
    }
    return tuple(substitute(size, meaning) for size in sizes)


def parameter_line(layer: LayerProof, before: LayerProof | None) -> Line:
    """``(5·5·1 + 1)·32 = 832``; with letters ``(F·F·D + 1)·K``."""
    if not layer.parameters:
        return ("0",)
    written, value = layer.placed.applied.parameters, layer.parameters[-1].conclusion.args[1]
    if not isinstance(value, Int):
        (named,) = by_name(before, (written,)) if before else (written,)
        return (Math(named),)
    return (Math(value),) if written is value else equal(written, value)


def table_block(network: Network, in_letters: Network | None = None) -> Table:
    """One row a layer and the total. In a long network repeated stretches stand once, with how often they occur; the layers of a
    module of the model follow a row with its name and its sum. ``in_letters`` is the same network before its letters became
    numbers: its closed forms stand beside them."""
    layers = network.proof.layers
    closed = [_closed(network, in_letters, layer) for layer in layers]
    columns = _Columns(any(layer.placed.sources != (layer.placed.index - 1,) for layer in layers[1:]), any(closed[1:]))
    rows = [columns.row(("0",), ("input",), (), (Shape(network.input),), ("0",))]
    modules = _modules(network)
    for fold in folds(network):
        stretch = layers[1 + fold.start : 1 + fold.start + fold.length]
        for layer in stretch:
            if layer.placed.index in modules:
                rows.append(_module_row(*modules[layer.placed.index], columns))
            rows.append(_row(network, layer, columns, closed[layer.placed.index]))
        if fold.times > 1:
            rows.append(_repeated(fold, stretch, layers[fold.start + fold.length * fold.times], columns))
    parts = [layer.parameters[-1].conclusion.args[1] for layer in layers if layer.parameters]
    total: list[Inline] = []
    if 1 < len(parts) <= 12 and all(isinstance(part, Int) for part in parts):
        total = [Math(Sum(*parts)), " = "]
    total.append(Strong(Math(network.counted())))
    rows.append(columns.row((), (Strong("total"),), (), (), tuple(total)))
    head = columns.row(("#",), ("name",), ("from",), ("size",), ("parameters",), ("closed form",)).cells
    return Table(head, tuple(rows), "rlll" + "l" * (columns.read + columns.closed))


def _closed(network: Network, in_letters: Network | None, layer: LayerProof) -> Line:
    if in_letters is None:
        return closed_line(layer, network.proof.repeated)
    return closed_line(in_letters.proof.layers[layer.placed.index], in_letters.proof.repeated, beside_numbers=True)


def _modules(network: Network) -> dict[int, tuple[str, Term]]:
    """The modules of an imported model that have several layers one after the other: the name and the sum of the parameters, by
    the number of the first layer."""
    found: dict[int, tuple[str, Term]] = {}
    layers = network.proof.layers[1:]
    named = zip((block_of(module_of(node.origin)) for node in network.graph.nodes), layers, strict=True)
    for module, run in groupby(named, key=itemgetter(0)):
        inside = [layer for _, layer in run]
        if module and len(inside) > 1:
            counts = [layer.parameters[-1].conclusion.args[1] for layer in inside if layer.parameters]
            together = from_polynomial(normal_form(Sum(*counts)))
            found[inside[0].placed.index] = ".".join(module), together
    return found


def _module_row(name: str, parameters: Term, columns: _Columns) -> Row:
    return columns.row((), (Strong(Code(name)),), (), (), (Strong(Math(parameters)),))


class _Columns(NamedTuple):
    """Which columns a table has besides those that all have: what a layer reads, where not every layer reads the row above it;
    the sizes in the input's letters, where the steps do not say them."""

    read: bool
    closed: bool

    def row(self, number: Line, name: Line, read: Line, size: Line, parameters: Line, closed: Line = ()) -> Row:
        """A row of what the columns hold."""
        return Row((number, name, *([read] if self.read else []), size, parameters, *([closed] if self.closed else [])))


def table_blocks(network: Network, in_letters: Network | None = None) -> tuple[Block, ...]:
    """The table, and what it assumes. Raises :class:`symnet.LayerError` where the layers fit no sizes together."""
    refuse_if_never_fits(network)
    return table_block(network, in_letters), *map(Paragraph, (*outputs(network), *assumptions(network)))


def outputs(network: Network) -> list[Line]:
    """What the network gives, where that is not the last layer's output alone."""
    places = network.graph.outputs()
    if places == (len(network.graph.nodes),):
        return []
    parts: list[Inline] = []
    for place in places[:ASSUMED]:
        layer = network.proof.layers[place]
        shape = Shape(by_name(layer, layer.placed.output.dims))
        parts += [", " if parts else "", Code(layer.placed.name), " (", shape, ")"]
    return [line("Outputs: ", *parts, _more(len(places)), ".")]


def assumptions(network: Network) -> list[Line]:
    """For which sizes the table holds, where they have letters, and what it takes from somewhere else; nothing where it
    holds without."""
    shapes = [size for place in network.placed for size in place.output.dims]
    known = set(symbols_of(*shapes, network.counted()))
    asked = [each for each in network.proof.stated if known.issuperset(symbols_of(each))] if known else []
    found: list[Line] = []
    if propositions := domain(asked, promises=network.proof.promises).propositions:
        found.append(line("Assumed: ", *listed(propositions[:ASSUMED]), _more(len(propositions)), "."))
    if network.unproven:
        parts: list[Inline] = []
        for name, what in network.unproven[:ASSUMED]:
            parts += ["; " if parts else "", Code(name), f" {what}"]
        found.append(line("Assumed, not proven: ", *parts, _more(len(network.unproven)), "."))
    return found


def _more(count: int) -> str:
    return f" and {count - ASSUMED} more like these" if count > ASSUMED else ""


def folds(network: Network) -> list[Fold]:
    """The layers after the input, 0 the first, with blocks that repeat; each by itself in a network that is not long."""
    layers = network.proof.layers[1:]
    if len(layers) < LONG:
        return [Fold(0, len(layers), 1)]
    readers = Counter(source for node in network.graph.nodes for source in node.sources)
    branching = {place for place, count in readers.items() if count > 1}  # a block begins after what it goes around
    return folded([_key(layer) for layer in layers], least=WORTH, begins=branching)


def _key(layer: LayerProof) -> tuple[object, ...]:
    """Equal for layers whose rows say the same and that read from as far before."""
    place = layer.placed
    shapes = tuple(shape.dims for shape in place.inputs)
    return place.layer and place.layer.unnamed, shapes, tuple(place.index - source for source in place.sources)


def _row(network: Network, layer: LayerProof, columns: _Columns, closed: Line) -> Row:
    place = layer.placed
    before = network.proof.layers[place.sources[0]] if place.sources else None
    above = place.sources == (place.index - 1,)
    read = "" if above else ", ".join(map(str, place.sources)) or "nothing"
    return columns.row(
        (str(place.index),),
        _name(place),
        line(read),
        size_line(layer, network.proof.repeated),
        parameter_line(layer, before),
        closed,
    )


def _name(place: Placed) -> Line:
    """The layer's name; what an activation is called, where the name does not tell it."""
    layer = place.layer
    if layer is None or layer.kind != "Activation" or layer.name is not None:
        return (Code(place.name),)
    return Code(place.name), f" {layer.unnamed.notation.partition('|')[0]}"


def _repeated(fold: Fold, stretch: tuple[LayerProof, ...], end: LayerProof, columns: _Columns) -> Row:
    """``rows 4 to 9 again, 2 more times, up to 21``, with the name of the layer at the end."""
    first, last = fold.start + 1, fold.start + fold.length
    which = f"row {first}" if fold.length == 1 else f"rows {first} to {last}"
    more = f"{fold.times - 1} more time" + "s" * (fold.times > 2)
    counts = [layer.parameters[-1].conclusion.args[1] for layer in stretch if layer.parameters]
    each = Sum(*counts) if len(counts) > 1 else counts[0] if counts else None
    parameters: Line = (
        ("0",)
        if each is None
        else (f"{fold.times - 1} × ", Math(each if each.constant is None else integer(each.constant)))
    )
    name: Line = ("… ", Code(end.placed.name)) if end.placed.layer and end.placed.layer.name else ("",)
    again = (f"{which} again, {more}, up to {fold.start + fold.length * fold.times}",)
    return columns.row(("⋮",), name, (), again, parameters)
