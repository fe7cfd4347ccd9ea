"""A sentence on the output of a layer without windows: sizes that it keeps, sums and products of its inputs' sizes, and sizes that
hold by definition of the layer, without a theorem.
"""

from __future__ import annotations

from functools import reduce
from operator import add, mul

from symnet.docstrings import docstring
from symnet.layers.declaration.base import Layer
from symnet.layers.declaration.shape import Shape as Sizes
from symnet.network.network import Network
from symnet.network.propagate import Placed
from symnet.render.document import Inline, Line, Math, line, sizes_shown
from symnet.render.phrases import unmarked
from symnet.terms.polynomial import normal_form
from symnet.terms.propositions import Eq
from symnet.terms.term import Product, Sum, Term

__all__ = ["by_definition", "gives"]


def gives(node: Placed, network: Network, *, parameters: bool) -> Line:
    """``Gives 16 × 8 × 8, by definition (tensors one after another along one size). 8 + 8 = 16.`` Only the first layer of a kind in the
    network explains the kind.
    """
    start: list[Inline] = ["Gives ", sizes_shown(node.output.dims)]
    tail = "" if parameters else "; no parameters"
    if node.layer is None or not by_definition(node):
        return line(*start, f"{tail}.")
    kind = type(node.layer)
    first = next((other for other in network.placed if type(other.layer) is kind), node) is node
    start.append(f", by definition{f' ({_sentence(node.layer)})' if first else ''}{tail}.")
    for equation in _counted(node.inputs, node.output):
        start += [" ", Math(equation), "."]
    return line(*start)


def by_definition(node: Placed) -> bool:
    """Returns whether a layer without windows has another output shape than any of its inputs."""
    kept = not node.inputs or any(shape.dims == node.output.dims for shape in node.inputs)
    return not kept and not any(node.applied.maps)


def _sentence(layer: Layer) -> str:
    """The first sentence of the docstring of the layer's kind, to be used within a sentence."""
    first = unmarked(docstring(type(layer)).split("\n\n")[0]).split(". ")[0].rstrip(".")
    return first[:1].lower() + first[1:] if first[1:2].islower() or first[1:2] == " " else first


def _counted(inputs: tuple[Sizes, ...], output: Sizes) -> list[Eq]:
    """Equations for sizes that are the sum of the inputs' sizes, or the product of all sizes of the input."""
    equations: list[Eq] = []
    for index, size in enumerate(output.dims):
        several = [shape.dims[index] for shape in inputs if len(shape.dims) == len(output.dims)]
        joined = reduce(add, several) if len(several) > 1 else None
        if joined is not None and len(several) == len(inputs) and _same(joined, size) and size not in several:
            equations.append(Eq(Sum(*several), size))
    if len(inputs) == 1 and len(output.dims) == 1 and len(inputs[0].dims) > 1:
        product = reduce(mul, inputs[0].dims)
        if _same(product, output.dims[0]):
            equations.append(Eq(Product(*inputs[0].dims), output.dims[0]))
    return equations


def _same(one: Term, other: Term) -> bool:
    return normal_form(one) == normal_form(other)
