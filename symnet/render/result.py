"""Parts of a report's first sentence: what the network gives, for which sizes, and totals that are too long to be read at once."""

from __future__ import annotations

from collections.abc import Mapping

from symnet.layers.laws.law import in_order
from symnet.network.axes import AxisProof
from symnet.network.derivation import Derivation
from symnet.network.network import Network
from symnet.printing.names import group_digits
from symnet.printing.text import unicode_text
from symnet.render.document import Code, Inline, Math, Paragraph, Shape
from symnet.terms.node import Node
from symnet.terms.polynomial import from_polynomial, normal_form, subtract
from symnet.terms.propositions import Le, Proposition
from symnet.terms.term import CeilDiv, FloorDiv, Max, Min, Sum, Term, substitute

__all__ = ["fits", "memory", "outputs", "total"]

#: A total longer than this is written in the sizes of the table.
WIDE = 60

#: Outputs past this many are counted.
OUTPUTS = 8


def outputs(network: Network) -> list[Inline]:
    """What the network gives, by name where that is more than the last layer's output."""
    placed, places = network.placed, network.graph.outputs()
    if places == (placed[-1].index,):
        return [" Output ", _tidy(placed[-1].output.dims)]
    parts: list[Inline] = [" Outputs " if len(places) > 1 else " Output "]
    for number, place in enumerate(places[:OUTPUTS]):
        parts += [", "] * bool(number) + [Code(placed[place].name), " ", _tidy(placed[place].output.dims)]
    return [*parts, *[f" and {len(places) - OUTPUTS} more"] * (len(places) > OUTPUTS)]


def fits(proof: Derivation, names: Mapping[Term, str], axis: AxisProof) -> tuple[Proposition, ...]:
    """What a closed form is proven under, each once; sizes that have no name in the report in closed form."""
    found: dict[object, Proposition] = {}
    unnamed = {size: form for size, form in proof.forms.items() if size not in names}
    for hypothesis in in_order(axis.form.closed.hypotheses):
        stated = substitute(hypothesis, unnamed)
        same: object = stated
        if isinstance(stated, Le):
            same = tuple(sorted(subtract(*map(normal_form, stated.args[::-1])).items(), key=repr))
        found.setdefault(same, stated)
    return tuple(found.values())


def _tidy(sizes: tuple[Term, ...]) -> Shape:
    """Sizes with their summands put together: 33 − W for 32 + (−W + 1)."""
    return Shape(tuple(_summed(size) if isinstance(size, Sum) else size for size in sizes))


def _summed(size: Sum) -> Term:
    short = len(unicode_text(size)) <= WIDE
    return from_polynomial(normal_form(size)) if short and size.constant is None else size


def total(term: Term, proof: Derivation, what: str) -> list[Inline]:
    """``1,589,760 multiply-adds``; of a long one the summands in the sizes that the table names, layer by layer:
    9,408·H₁·W₁ + 147,456·H₄·W₄ + …
    """
    if len(unicode_text(term)) <= WIDE:
        return [Math(term), f" {what}"]
    meaning: dict[Term, Term] = {}
    layers: dict[Node, int] = {}
    for layer in proof.layers:
        for axis, known in zip(layer.placed.axes, layer.axes, strict=True):
            if known is not None and isinstance(axis.size, FloorDiv | CeilDiv | Max | Min):
                meaning.setdefault(axis.size, known.shown.size)
                layers.setdefault(axis.size, layer.placed.index)
    if not isinstance(term, Sum) or substitute(term, meaning) is term:
        return [Math(term), f" {what}"]

    def place(part: Term) -> int:
        """Whose size a summand speaks of; a number comes last."""
        if part.constant is not None:
            return len(proof.layers)
        return min((layers[node] for node in _below(part) if node in layers), default=0)

    parts = sorted(term.args, key=place)
    return [Math(Sum(*(substitute(part, meaning) for part in parts))), f" {what} (sizes as in the table)"]


def _below(part: Term) -> list[Node]:
    """A summand, its factors and their bases."""
    return [part, *part.children, *(below for factor in part.children for below in factor.children)]


def memory(network: Network) -> list[Paragraph]:
    """Bytes, where the sizes are numbers."""
    parameters, activations = network.counted().constant, network.kept.constant
    if parameters is None or activations is None:
        return []
    kept = f"{group_digits(4 * activations)} bytes for the outputs of all layers, one example"
    return [Paragraph((f"In float32: {group_digits(4 * parameters)} bytes for the parameters, {kept}.",))]
