"""What a layer without windows gives, in a sentence: sizes that it keeps, sums and products of its inputs' sizes, and sizes that are
so because the layer is defined so, which no theorem says.
"""

from __future__ import annotations

from functools import reduce
from operator import add, mul

from symnet.docstrings import docstring
from symnet.layers.declaration.base import Layer
from symnet.layers.declaration.shape import Shape as Sizes
from symnet.network.network import Network
from symnet.network.propagate import Placed
from symnet.render.document import Inline, Line, Math, Shape, line
from symnet.render.phrases import unmarked
from symnet.terms.polynomial import normal_form
from symnet.terms.propositions import Eq
from symnet.terms.term import Product, Sum, Term

__all__ = ["by_definition", "gives"]


def gives(place: Placed, network: Network, *, parameters: bool) -> Line:
    """``Gives 16 × 8 × 8, by definition (tensors one after another along one size). 8 + 8 = 16.`` The first layer of a kind in the
    network says what the kind does."""
    start: list[Inline] = ["Gives ", Shape(place.output.dims)]
    tail = "" if parameters else "; no parameters"
    if place.layer is None or not by_definition(place):
        return line(*start, f"{tail}.")
    kind = type(place.layer)
    first = next((other for other in network.placed if type(other.layer) is kind), place) is place
    start.append(f", by definition{f' ({_sentence(place.layer)})' if first else ''}{tail}.")
    for told in _counted(place.inputs, place.output):
        start += [" ", Math(told), "."]
    return line(*start)


def by_definition(place: Placed) -> bool:
    """Whether a layer without windows gives other sizes than any that it gets."""
    kept = not place.inputs or any(shape.dims == place.output.dims for shape in place.inputs)
    return not kept and not any(place.applied.maps)


def _sentence(layer: Layer) -> str:
    """The first sentence about its kind, in the middle of one."""
    first = unmarked(docstring(type(layer)).split("\n\n")[0]).split(". ")[0].rstrip(".")
    return first[:1].lower() + first[1:] if first[1:2].islower() or first[1:2] == " " else first


def _counted(inputs: tuple[Sizes, ...], output: Sizes) -> list[Eq]:
    """Sizes that are the sum of the inputs' sizes there, or the product of all sizes of the input."""
    found: list[Eq] = []
    for place, size in enumerate(output.dims):
        several = [shape.dims[place] for shape in inputs if len(shape.dims) == len(output.dims)]
        joined = reduce(add, several) if len(several) > 1 else None
        if joined is not None and len(several) == len(inputs) and _same(joined, size) and size not in several:
            found.append(Eq(Sum(*several), size))
    if len(inputs) == 1 and len(output.dims) == 1 and len(inputs[0].dims) > 1:
        product = reduce(mul, inputs[0].dims)
        if _same(product, output.dims[0]):
            found.append(Eq(Product(*inputs[0].dims), output.dims[0]))
    return found


def _same(one: Term, other: Term) -> bool:
    return normal_form(one) == normal_form(other)
