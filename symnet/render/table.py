"""The table of a network: number, name, size with its arithmetic, parameters with their arithmetic."""

from __future__ import annotations

from symnet.kernel.propositions import Eq
from symnet.network.derivation import LayerProof
from symnet.network.network import Network
from symnet.render.document import Code, Inline, Line, Math, Row, Shape, Strong, Table, line
from symnet.render.folding import Fold, folded
from symnet.terms.term import Int, Sum, Term, integer, substitute

__all__ = ["by_name", "parameter_line", "size_line", "table_block"]

#: Past this many rows repeats are folded.
LONG = 40


def size_line(layer: LayerProof) -> Line:
    """``⌊(28 − 5 + 2·0)/1⌋ + 1 = 24, so 32 × 24 × 24``; with letters ``W₁ = ⌊(W − F + 2P)/S⌋ + 1, so K × W₁ × W₁``."""
    parts: list[Inline] = []
    for axis, map_ in zip(layer.axes, layer.placed.applied.maps, strict=False):
        if axis is None or map_ is None:
            continue
        formula = axis.form.formula if axis.number is None else axis.number.value
        if formula is not None and Math(formula.conclusion) not in parts:
            parts += [", "] * bool(parts) + [Math(formula.conclusion)]
    return line(*parts, ", so " if parts else "", Shape(by_name(layer, layer.placed.output.dims)))


def by_name(layer: LayerProof, sizes: tuple[Term, ...]) -> tuple[Term, ...]:
    """Sizes that are not numbers as what they are by definition, which has a name: W₁ instead of its closed form."""
    meaning: dict[Term, Term] = {
        axis.size: proof.form.size
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
    return (Math(value),) if written is value else (Math(Eq(written, value)),)


def table_block(network: Network) -> Table:
    """One row a layer and the total. In a long network repeated stretches stand once, with how often they occur."""
    layers = network.proof.layers
    rows = [Row((("0",), ("input",), (Shape(network.input),), ("0",)))]
    for fold in folded([_key(layer) for layer in layers[1:]]) if len(layers) > LONG else [Fold(0, len(layers) - 1, 1)]:
        stretch = layers[1 + fold.start : 1 + fold.start + fold.length]
        rows += [_row(network, layer) for layer in stretch]
        if fold.times > 1:
            rows.append(_repeated(fold, stretch))
    parts = [layer.parameters[-1].conclusion.args[1] for layer in layers if layer.parameters]
    total: list[Inline] = []
    if 1 < len(parts) <= 12 and all(isinstance(part, Int) for part in parts):
        total = [Math(Sum(*parts)), " = "]
    total.append(Strong(Math(network.parameters.term)))
    rows.append(Row(((), (Strong("total"),), (), tuple(total))))
    return Table((("#",), ("name",), ("size",), ("parameters",)), tuple(rows), "rlll")


def _key(layer: LayerProof) -> tuple[object, ...]:
    """Equal for layers whose rows say the same."""
    place = layer.placed
    shapes = tuple(shape.dims for shape in place.inputs)
    return place.layer and place.layer.notation, shapes, place.output.dims


def _row(network: Network, layer: LayerProof) -> Row:
    place = layer.placed
    before = network.proof.layers[place.sources[0]] if place.sources else None
    return Row(((str(place.index),), (Code(place.name),), size_line(layer), parameter_line(layer, before)))


def _repeated(fold: Fold, stretch: tuple[LayerProof, ...]) -> Row:
    """``rows 4 to 9 again, 2 more times, up to 21``."""
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
    return Row((("⋮",), ("",), (f"{which} again, {more}, up to {fold.start + fold.length * fold.times}",), parameters))
