"""Parts of a report's result: the outputs, the sizes they hold for, and totals that are too long to read at once."""

from __future__ import annotations

from collections.abc import Mapping

from symnet.kernel.theorem import Theorem
from symnet.layers.laws.law import in_order
from symnet.network.axes import AxisProof
from symnet.network.derivation import Derivation
from symnet.network.domain import domain
from symnet.network.memory import Memory
from symnet.network.network import Network
from symnet.network.propagate import Placed
from symnet.printing.names import group_digits
from symnet.printing.text import unicode_text
from symnet.render.document import Block, Code, Inline, Math, Paragraph, sizes_shown
from symnet.render.memory import memory_blocks
from symnet.render.phrases import bounds, listed
from symnet.render.table import by_name
from symnet.terms.node import Node
from symnet.terms.polynomial import from_polynomial, normal_form, subtract
from symnet.terms.propositions import Eq, Le, Proposition
from symnet.terms.term import CeilDiv, FloorDiv, Max, Min, Sum, Term, integer, substitute, symbols_of
from symnet.terms.walks import has_more_parts

__all__ = [
    "LONG",
    "below_the_table",
    "closed_form",
    "fits",
    "input_again",
    "outputs",
    "total",
    "validity",
    "without_opaque",
]

#: A longer total is written in the sizes of the table, in characters.
WIDE = 60

#: Closed forms of more parts are not merged before the reader's eyes, nor written where a name can stand for them.
LONG = 200

#: The result states at most this many conditions, if together they have at most this many characters.
STATED, CHARACTERS = 3, 80

#: How many outputs are named.
OUTPUTS = 8


def outputs(network: Network) -> list[Inline]:
    """The output of the last layer, or the outputs by name if they are others."""
    placed, positions = network.placed, network.graph.outputs()
    if positions == (placed[-1].index,):
        return [" Output ", _sizes(network, placed[-1])]
    parts: list[Inline] = [" Outputs " if len(positions) > 1 else " Output "]
    for number, position in enumerate(positions[:OUTPUTS]):
        parts += [", "] * bool(number) + [
            Code(placed[position].name),
            " ",
            _sizes(network, placed[position]),
        ]
    return [*parts, *[f" and {len(positions) - OUTPUTS} more"] * (len(positions) > OUTPUTS)]


def fits(proof: Derivation, names: Mapping[Term, str], axis: AxisProof) -> tuple[Proposition, ...]:
    """The hypotheses of a closed form, each once; sizes without a name in the report are written in closed form."""
    hypotheses: dict[object, Proposition] = {}
    unnamed = {size: form for size, form in proof.forms.items() if size not in names}
    for hypothesis in in_order(axis.form.closed.hypotheses):
        stated = substitute(hypothesis, unnamed)
        same: object = stated
        if isinstance(stated, Le):
            same = tuple(sorted(subtract(*map(normal_form, stated.args[::-1])).items(), key=repr))
        hypotheses.setdefault(same, stated)
    return tuple(hypotheses.values())


def validity(proof: Derivation, names: Mapping[Term, str], axis: AxisProof) -> list[Inline]:
    """The inputs for which a closed form is proven, as the beginning of a sentence."""
    base = axis.form.form.base
    others = [hypothesis for hypothesis in axis.form.closed.hypotheses if not bounds(hypothesis, base)]
    if base in proof.invented.difference(proof.named_as_axes):
        return ["For every input size ", Math(base), " at which every layer fits"]
    inputs = domain(dict.fromkeys([*fits(proof, names, axis), *_asked_of(proof, base)]))
    if others or inputs.open:
        stated = inputs.propositions
        short = stated and len(stated) <= STATED and sum(len(unicode_text(each)) for each in stated) <= CHARACTERS
        return ["Where every layer fits", *([" (", *listed(stated), ")"] if short else [])]
    return ["For every ", *listed(inputs.propositions or (Le(integer(1), base),))]


def _asked_of(proof: Derivation, base: Term) -> list[Proposition]:
    """The assumptions on an input size alone: that layers fit, that branches meet."""
    own = symbols_of(base)
    return [each for each in proof.hypotheses if each.mask == base.mask and symbols_of(each) == own]


def input_again(proof: Derivation, axis: AxisProof) -> list[Inline]:
    """``= W`` if a join has this condition, so that it is a theorem."""
    base = axis.form.form.base
    pair = {axis.form.form.term, base}
    proven = (theorem.conclusion for _, theorem in proof.joins)
    return [" = ", Math(base)] if any(isinstance(each, Eq) and set(each.args) == pair for each in proven) else []


def closed_form(proof: Derivation, position: int, axis: AxisProof) -> Theorem:
    """⊢ size = closed form of an axis of the feature map; a long one in Horner form."""
    if has_more_parts(axis.form.form.term, LONG):
        return proof.sizes.closed(position, proof.feature_map)
    return axis.form.closed


def _sizes(network: Network, node: Placed) -> Inline:
    """The sizes of a layer's output; with the names of the table if one of them is long."""
    if any(has_more_parts(size, LONG) for size in node.output.dims):
        return sizes_shown(by_name(network.proof.layers[node.index], node.output.dims))
    return _with_collected_sums(node.output.dims)


def _with_collected_sums(sizes: tuple[Term, ...]) -> Inline:
    """Sizes with equal summands collected: 33 − W for 32 + (−W + 1)."""
    return sizes_shown(tuple(_summed(size) if isinstance(size, Sum) else size for size in sizes))


def _summed(size: Sum) -> Term:
    short = len(unicode_text(size)) <= WIDE
    return from_polynomial(normal_form(size)) if short and size.constant is None else size


def without_opaque(network: Network) -> list[Inline]:
    """What a total of multiply-adds leaves out: those of the opaque layers, which nobody knows."""
    names = [place.name for place in network.placed if place.layer is not None and place.layer.kind == "Opaque"]
    if not names:
        return []
    parts: list[Inline] = [" without the opaque layers: "]
    for number, name in enumerate(names[:OUTPUTS]):
        parts += [", "] * bool(number) + [Code(name)]
    return [*parts, *[f" and {len(names) - OUTPUTS} more"] * (len(names) > OUTPUTS)]


def total(term: Term, proof: Derivation, what: str) -> list[Inline]:
    """``1,589,760 multiply-adds``; a long term as a sum in the sizes of the table, ordered by layer: 9,408·H₁·W₁ + 147,456·H₄·W₄ + …"""
    if len(unicode_text(term)) <= WIDE:
        return [Math(term), f" {what}"]
    meaning: dict[Term, Term] = {}
    layers: dict[Node, int] = {}
    for layer in proof.layers:
        for axis, proof_of_axis in zip(layer.placed.axes, layer.axes, strict=True):
            if proof_of_axis is not None and isinstance(axis.size, FloorDiv | CeilDiv | Max | Min):
                meaning.setdefault(axis.size, proof_of_axis.shown.size)
                layers.setdefault(axis.size, layer.placed.index)
    if not isinstance(term, Sum) or substitute(term, meaning) is term:
        return [Math(term), f" {what}"]

    def first_layer(part: Term) -> int:
        """The first layer whose size a summand has; a number comes last."""
        if part.constant is not None:
            return len(proof.layers)
        return min((layers[node] for node in _below(part) if node in layers), default=0)

    parts = sorted(term.args, key=first_layer)
    return [Math(Sum(*(substitute(part, meaning) for part in parts))), f" {what} (sizes as in the table)"]


def _below(part: Term) -> list[Node]:
    """A summand, its factors and their bases."""
    return [part, *part.children, *(below for factor in part.children for below in factor.children)]


def below_the_table(network: Network, memory: Memory | None = None) -> list[Block]:
    """The ``memory`` that was asked for, or that of one example, if the sizes are numbers; and the notes on what was read otherwise
    than one might expect.
    """
    return [
        *(memory_blocks(memory) or _memory(network)),
        *(Paragraph((f"Note: {sentence}.",)) for sentence in network.notes),
    ]


def _memory(network: Network) -> list[Paragraph]:
    parameters, activations = network.counted().constant, network.kept.constant
    if parameters is None or activations is None:
        return []
    kept = f"{group_digits(4 * activations)} bytes for the outputs of all layers, one example"
    return [Paragraph((f"In float32: {group_digits(4 * parameters)} bytes for the parameters, {kept}.",))]
