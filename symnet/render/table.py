"""The table of a network: number, name, size with its arithmetic, parameters with their arithmetic."""

from __future__ import annotations

from symnet.kernel.propositions import Eq
from symnet.network.derivation import LayerProof
from symnet.network.network import Network
from symnet.render.document import Code, Inline, Line, Math, Row, Shape, Strong, Table, line
from symnet.terms.term import Int, Sum

__all__ = ["size_line", "table_block"]


def size_line(layer: LayerProof) -> Line:
    """``⌊(28 − 5 + 2·0)/1⌋ + 1 = 24, so 32 × 24 × 24``: the first axis that a law gives its size, then the shape."""
    shape = Shape(layer.placed.output.dims)
    shown: list[Inline] = []
    for axis, map_ in zip(layer.axes, layer.placed.applied.maps, strict=False):
        if axis is None or map_ is None:
            continue
        if axis.number is not None:
            equation: Math = Math(axis.number.value.conclusion)
        else:
            equation = Math(axis.form.closed.conclusion)
        if equation not in shown:
            shown.append(equation)
    parts: list[Inline] = []
    for equation_ in shown:
        parts += [equation_, ", "]
    return line(*parts, "so " if parts else "", shape)


def parameter_line(layer: LayerProof) -> Line:
    """``(5·5·1 + 1)·32 = 832``."""
    if not layer.parameters:
        return ("0",)
    written, value = layer.placed.applied.parameters, layer.parameters[-1].conclusion.args[1]
    return (Math(value),) if written is value else (Math(Eq(written, value)),)


def table_block(network: Network) -> Table:
    """One row a layer and the total."""
    proof = network.proof
    rows = [Row((("0",), ("input",), (Shape(network.input),), ("0",)))]
    for layer in proof.layers[1:]:
        place = layer.placed
        rows.append(Row(((str(place.index),), (Code(place.name),), size_line(layer), parameter_line(layer))))
    parts = [layer.parameters[-1].conclusion.args[1] for layer in proof.layers if layer.parameters]
    total: list[Inline] = []
    if 1 < len(parts) <= 12 and all(isinstance(part, Int) for part in parts):
        total = [Math(Sum(*parts)), " = "]
    total.append(Strong(Math(network.parameters.term)))
    rows.append(Row(((), (Strong("total"),), (), tuple(total))))
    return Table((("#",), ("name",), ("size",), ("parameters",)), tuple(rows), "rlll")
