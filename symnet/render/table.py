"""The table of a network: number, name, size and parameters with their arithmetic; below it the assumptions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from symnet.kernel.theorem import Theorem
from symnet.layers.laws.counting import collected
from symnet.network.axes import AxisProof
from symnet.network.domain import domain
from symnet.network.layer_proofs import LayerProof
from symnet.network.network import Network
from symnet.network.propagate import Placed
from symnet.network.repeated_sizes import RepeatedSizes
from symnet.printing.text import unicode_text
from symnet.render.document import Block, Code, Inline, Line, Math, Paragraph, Row, Strong, Table, line, sizes_shown
from symnet.render.folding import Fold, folded
from symnet.render.module_paths import block_of, module_of
from symnet.render.phrases import elsewhere, equal, listed, looks_at_one
from symnet.solving.contradiction import refuse_if_never_fits
from symnet.terms.node import Node
from symnet.terms.polynomial import from_polynomial, normal_form
from symnet.terms.term import Count, Int, Sum, Term, integer, substitute, symbols_of
from symnet.terms.walks import has_more_parts

__all__ = [
    "assumptions",
    "by_name",
    "closed_line",
    "folds",
    "outputs",
    "parameter_line",
    "reason_of_parameters",
    "size_equation",
    "size_line",
    "table_block",
    "table_blocks",
]

#: The titles of the columns of costs.
COSTS = ("parameter bytes", "activations", "multiply-adds")

#: Repeats are folded in tables of at least LONG rows, if that saves at least WORTH rows.
LONG, WORTH = 40, 6

#: A closed form with more letters, or more characters, is left to the derivation.
LETTERS, CLOSED = 3, 26

#: How many assumptions are listed.
ASSUMED = 8


def size_line(layer: LayerProof, repeated: RepeatedSizes) -> Line:
    """``⌊(28 − 5 + 2·0)/1⌋ + 1 = 24, so 32 × 24 × 24``; with letters ``W₁ = ⌊(W − F + 2P)/S⌋ + 1, so K × W₁ × W₁``, and
    ``⌊(W₁ − 3 + 2·1)/1⌋ + 1 = W₁`` for a size that already has a name.
    """
    parts: list[Inline] = []
    for axis, map_ in zip(layer.axes, layer.placed.applied.maps, strict=False):
        if axis is None or map_ is None:
            continue
        formula = size_equation(axis, repeated)
        if looks_at_one(map_) and not _defines(axis, formula):
            continue
        if formula is None or formula.conclusion.args[0] is formula.conclusion.args[1]:
            continue
        if Math(formula.conclusion) not in parts:
            parts += [", "] * bool(parts) + [Math(formula.conclusion)]
    return line(*parts, ", so " if parts else "", sizes_shown(by_name(layer, layer.placed.output.dims)))


def closed_line(layer: LayerProof, repeated: RepeatedSizes, beside_numbers: bool = False) -> Line:
    """``⌊(W − 20)/4⌋``: the new sizes of a layer in the input's own letters, if they are short, and not what the step says. The step of a
    row with numbers never says it (``beside_numbers``).
    """
    parts: list[Inline] = []
    for axis, map_ in zip(layer.axes, layer.placed.applied.maps, strict=False):
        formula = size_equation(axis, repeated) if axis is not None and map_ is not None else None
        if axis is None or formula is None or not _defines(axis, formula):
            continue
        words = _short_text(axis.shown.form.term)
        if words is None or len(symbols_of(axis.shown.form.term)) > LETTERS:
            continue
        closed, formula_side = axis.shown.closed.conclusion.args[1], formula.conclusion.args[1]
        counted = isinstance(axis.shown.source, Count)  # whose text is long
        if (beside_numbers or counted or words != _short_text(formula_side)) and Math(closed) not in parts:
            parts += [", "] * bool(parts) + [Math(closed)]
    return line(*parts)


def _short_text(term: Node) -> str | None:
    """The text of a term if it has at most :data:`CLOSED` characters; terms of many parts are not written at all."""
    if has_more_parts(term, 4 * CLOSED):
        return None
    words = unicode_text(term)
    return words if len(words) <= CLOSED else None


def _defines(axis: AxisProof, formula: Theorem | None) -> bool:
    """Returns whether a formula defines a size that gets its name here."""
    return axis.number is None and formula is not None and formula.conclusion.args[0] is axis.shown.size


def size_equation(axis: AxisProof, repeated: RepeatedSizes) -> Theorem | None:
    """The theorem about the size of an axis after a layer: formula = number, size = formula, or formula = an earlier size."""
    if axis.number is not None:
        return axis.number.value
    return repeated.equations.get(axis.shown.size, axis.shown.formula)


def by_name(layer: LayerProof, sizes: tuple[Term, ...]) -> tuple[Term, ...]:
    """Sizes that are no numbers, replaced by their definitions, which have names: W₁ instead of its closed form."""
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
    count, value = layer.placed.applied.parameters, layer.parameters[-1].conclusion.args[1]
    if not isinstance(value, Int):
        (named,) = by_name(before, (count,)) if before else (count,)
        return (Math(named),)
    return (Math(value),) if count is value else equal(count, value)


def reason_of_parameters(layer: LayerProof) -> str:
    """Why a layer of several arrays has so many parameters, in the letters of its kind; nothing where its arrays are others than the
    kind's usual ones.
    """
    placed = layer.placed
    if placed.layer is None or not placed.layer.parameter_reason or len(placed.applied.weights) < 3:
        return ""
    usual, _ = type(placed.layer).in_letters().weight_count
    alike = [[(weight.name, len(weight.shape)) for weight in weights] for weights in (usual, placed.applied.weights)]
    return placed.layer.parameter_reason if alike[0] == alike[1] else ""


def table_block(network: Network, in_letters: Network | None = None, width: int | None = None) -> Table:
    """The table, with a row for each layer and the total. In a long network repeated runs are shown once, with the number of repetitions;
    the layers of a module of an imported model follow a row with its name and its sum. ``in_letters`` is the network before its
    letters became numbers, whose closed forms are shown beside them. With ``width``, the bytes of one number, there are columns for
    what each layer costs.
    """
    layers = network.proof.layers
    closed = [_closed(network, in_letters, layer) for layer in layers]
    reads = any(layer.placed.sources != (layer.placed.index - 1,) for layer in layers[1:])
    columns = _Columns(reads, any(closed[1:]), width)
    rows = [columns.row(("0",), ("input",), (), (sizes_shown(network.graph.input.dims),), ("0",), (), ())]
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
    rows.append(columns.row((), (Strong("total"),), (), (), tuple(total), (), layers[1:]))
    head = columns.head()
    return Table(head, tuple(rows), "rlll" + "l" * (columns.read + columns.closed) + "r" * (len(COSTS) if width else 0))


def _closed(network: Network, in_letters: Network | None, layer: LayerProof) -> Line:
    if in_letters is None:
        return closed_line(layer, network.proof.repeated)
    return closed_line(in_letters.proof.layers[layer.placed.index], in_letters.proof.repeated, beside_numbers=True)


def _modules(network: Network) -> dict[int, tuple[str, Term]]:
    """The modules of an imported model with several consecutive layers: name and sum of the parameters, by the number of the first
    layer.
    """
    modules: dict[int, tuple[str, Term]] = {}
    layers = network.proof.layers[1:]
    named = zip((block_of(module_of(node.origin)) for node in network.graph.nodes), layers, strict=True)
    for module, run in groupby(named, key=itemgetter(0)):
        inside = [layer for _, layer in run]
        if module and len(inside) > 1:
            counts = [layer.parameters[-1].conclusion.args[1] for layer in inside if layer.parameters]
            together = from_polynomial(normal_form(Sum(*counts)))
            modules[inside[0].placed.index] = ".".join(module), together
    return modules


def _module_row(name: str, parameters: Term, columns: _Columns) -> Row:
    return columns.row((), (Strong(Code(name)),), (), (), (Strong(Math(parameters)),))


class _Columns(NamedTuple):
    """The optional columns of a table: the layers that a layer reads, if one does not read the row above it; closed forms, if the steps do
    not have them; and what layers cost, if the bytes of one number are given as ``width``.
    """

    read: bool
    closed: bool
    width: int | None = None

    def head(self) -> tuple[Line, ...]:
        """The titles of the columns."""
        titles = ["#", "name", *(["from"] if self.read else []), "size", "parameters"]
        titles += ["closed form"] if self.closed else []
        return tuple((title,) for title in (*titles, *(COSTS if self.width else ())))

    def row(
        self,
        number: Line,
        name: Line,
        read: Line,
        size: Line,
        parameters: Line,
        closed: Line = (),
        counted: Sequence[LayerProof] | None = None,
    ) -> Row:
        """A row with the cells of the columns that the table has; ``counted`` are the layers whose costs stand in it."""
        cells = [number, name, *([read] if self.read else []), size, parameters, *([closed] if self.closed else [])]
        return Row((*cells, *(_costs(counted, self.width) if self.width else ())))


def _costs(layers: Sequence[LayerProof] | None, width: int) -> list[Line]:
    """The bytes of the parameters, the entries of the outputs and the multiply-adds of layers together; nothing for ``None``."""
    if layers is None:
        return [() for _ in COSTS]
    counts = [
        [layer.parameters[-1].conclusion.args[1] for layer in layers if layer.parameters],
        [collected([layer.placed.output.dims]) for layer in layers],
        [layer.work[-1].conclusion.args[1] for layer in layers if layer.work],
    ]
    totals = [collected((count,) for count in each) for each in counts]
    cells: list[Line] = [(Math(total),) for total in (collected([(integer(width), totals[0])]), *totals[1:])]
    if any(
        layer.placed.layer is not None and layer.placed.layer.kind == "Opaque" for layer in layers
    ):  # their work is not known
        cells[-1] = ("unknown",) if totals[-1].constant == 0 else (*cells[-1], " + unknown")
    return cells


def table_blocks(network: Network, in_letters: Network | None = None, width: int | None = None) -> tuple[Block, ...]:
    """The table, the outputs and the assumptions. Raises :class:`symnet.LayerError` if the layers fit no sizes together."""
    refuse_if_never_fits(network)
    return table_block(network, in_letters, width), *map(Paragraph, (*outputs(network), *assumptions(network)))


def outputs(network: Network) -> list[Line]:
    """A line on the outputs, unless it is only the last layer's."""
    positions = network.graph.outputs()
    if positions == (len(network.graph.nodes),):
        return []
    parts: list[Inline] = []
    for position in positions[:ASSUMED]:
        layer = network.proof.layers[position]
        shape = sizes_shown(by_name(layer, layer.placed.output.dims))
        parts += [", " if parts else "", Code(layer.placed.name), " (", shape, ")"]
    return [line("Outputs: ", *parts, _more(len(positions)), ".")]


def assumptions(network: Network) -> list[Line]:
    """Lines on the sizes for which the table holds, if it has letters, and on what it takes from a framework unproven."""
    asked = network.proof.of_letters
    lines: list[Line] = []
    if propositions := domain(asked, promises=network.proof.promises).propositions:
        ends = (_more(len(propositions)), ".", *elsewhere(network.proof.otherwise))
        lines.append(line("Assumed: ", *listed(propositions[:ASSUMED]), *ends))
    if network.unproven:
        parts: list[Inline] = []
        for name, what in network.unproven[:ASSUMED]:
            parts += ["; " if parts else "", Code(name), f" {what}"]
        lines.append(line("Assumed, not proven: ", *parts, _more(len(network.unproven)), "."))
    return lines


def _more(count: int) -> str:
    return f" and {count - ASSUMED} more like these" if count > ASSUMED else ""


def folds(network: Network) -> list[Fold]:
    """The layers after the input, counted from 0, with repeated blocks folded; a short network is not folded."""
    layers = network.proof.layers[1:]
    if len(layers) < LONG:
        return [Fold(0, len(layers), 1)]
    readers = Counter(source for node in network.graph.nodes for source in node.sources)
    branching = {
        position for position, count in readers.items() if count > 1
    }  # a block begins after what it goes around
    return folded([_key(layer) for layer in layers], least=WORTH, begins=branching)


def _key(layer: LayerProof) -> tuple[object, ...]:
    """A key that is equal for layers with the same row, which read from equally far back."""
    node = layer.placed
    shapes = tuple(shape.dims for shape in node.inputs)
    return node.layer and node.layer.unnamed, shapes, tuple(node.index - source for source in node.sources)


def _row(network: Network, layer: LayerProof, columns: _Columns, closed: Line) -> Row:
    node = layer.placed
    before = network.proof.layers[node.sources[0]] if node.sources else None
    above = node.sources == (node.index - 1,)
    read = "" if above else ", ".join(map(str, node.sources))
    return columns.row(
        (str(node.index),),
        _name(node),
        line(read),
        size_line(layer, network.proof.repeated),
        parameter_line(layer, before),
        closed,
        [layer],
    )


def _name(node: Placed) -> Line:
    """The layer's name, and the name of its activation if that is not clear from it."""
    layer = node.layer
    if layer is None or layer.kind != "Activation" or layer.name is not None:
        return (Code(node.name),)
    return Code(node.name), f" {layer.unnamed.notation.partition('|')[0]}"


def _repeated(fold: Fold, stretch: tuple[LayerProof, ...], end: LayerProof, columns: _Columns) -> Row:
    """``rows 4 to 9 again, 2 more times, up to 21``, with the name of the last layer."""
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
