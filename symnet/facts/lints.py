"""Remarks on a network by the facts: biases that a normalization makes redundant, losses that do not match the output."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple, cast

from symnet.facts.constants import SEEN, TAKEN_AWAY, after, bias_of
from symnet.facts.objective import OUTPUT, Placed
from symnet.kernel.theorem import Theorem
from symnet.layers.declaration.base import Layer
from symnet.layers.declaration.training import LossTerm, loss_terms, penalty_terms
from symnet.layers.kinds.elementwise import Activation
from symnet.layers.laws.counting import count_set
from symnet.printing.names import group_digits
from symnet.printing.text import unicode_text
from symnet.terms.term import Term

__all__ = ["Lint", "lints"]

#: The activation that each loss needs.
_GOES_WITH = {
    "binary_crossentropy": "sigmoid",
    "categorical_crossentropy": "softmax",
    "sparse_categorical_crossentropy": "softmax",
}

#: The largest number of tensors through which a bias is followed.
REACH = 200


class Lint(NamedTuple):
    """A remark on the layer at ``position``. ``fact`` is the name of the fact behind it; ``saves`` is the number of
    parameters that could be saved, proven by ``theorem``.
    """

    position: int
    name: str
    says: str
    fact: str
    saves: Term | None = None
    theorem: Theorem | None = None


def lints(placed: Sequence[Placed], outputs: Collection[int]) -> tuple[Lint, ...]:
    """The remarks on a network, in the order of its layers. ``outputs`` are the positions of its outputs."""
    remarks = (*_redundant_biases(placed, outputs), *_losses(placed, outputs))
    return tuple(sorted(remarks, key=lambda lint: lint.position))


# ---- biases that a normalization takes away ---------------------------------------------------------------------------


def _redundant_biases(placed: Sequence[Placed], outputs: Collection[int]) -> Iterator[Lint]:
    readers: dict[int, list[Placed]] = {}
    for node in placed:
        for source in dict.fromkeys(node.sources):
            readers.setdefault(source, []).append(node)
    shared = {node.layer.shares for node in placed if node.layer is not None}
    borrowed = {name for node in placed if node.layer is not None for name in (node.layer.borrows or "").split()}
    known: _Known = {}
    for node in reversed(placed):  # later layers first, so that what becomes of a constant after a tensor is known
        bias = next((weight for weight in node.applied.weights if weight.name == "bias"), None)
        if bias is None or node.layer is None or node.name in shared or bias.name in borrowed:
            continue  # where the layer is used again, its bias may matter
        takers = _takers(node, node.layer, readers, outputs, known)
        if not takers:
            continue
        theorem = count_set(bias.shape, {})
        saved: Term = theorem.conclusion.args[1]
        count = group_digits(saved.constant) if saved.constant is not None else unicode_text(saved)
        says = f"this bias is redundant: {count} parameter{'' if saved.constant == 1 else 's'}. {_names(takers)}; write bias=no"
        yield Lint(node.index, node.name, says, _fact(takers), saved, theorem)


#: The rest of a constant's way: the layers that are still to read it, and the tensors that carry it to them, each with the axes
#: along which it varies.
_Ahead = tuple[frozenset[int], frozenset[tuple[int, frozenset[int]]]]

#: The layers that remove a constant on the rest of its way; ``None`` if the output depends on it.
_Known = dict[_Ahead, "tuple[Placed, ...] | None"]

#: With more layers than this on the rest of the way, as in a DenseNet, it is not remembered.
WAITING = 8


def _takers(
    node: Placed, layer: Layer, readers: Mapping[int, Sequence[Placed]], outputs: Collection[int], known: _Known
) -> tuple[Placed, ...]:
    """The layers that remove the bias again, on all ways to an output; () if some output depends on it.

    The rest of the way is the same for all biases that reach the same tensors and layers; it is remembered in ``known``, so that the
    work is linear in the depth of a network, also with residual connections.
    """
    first = bias_of(layer, node.output)
    if first is SEEN or node.index in outputs or _penalized_output(layer):
        return ()
    constants: dict[int, frozenset[int]] = {node.index: cast("frozenset[int]", first)}
    waiting = {reader.index: reader for reader in readers.get(node.index, ())}
    takers: list[Placed] = []
    passed: dict[_Ahead, int] = {}  # the number of layers that had removed it before each point of the way

    def seen() -> tuple[Placed, ...]:
        known.update(dict.fromkeys(passed))
        return ()

    while waiting:
        if len(waiting) <= WAITING:
            sources = {source for reader in waiting.values() for source in reader.sources if source in constants}
            ahead = frozenset(waiting), frozenset((source, constants[source]) for source in sources)
            if ahead in known:
                further_takers = known[ahead]
                if further_takers is None:
                    return seen()
                takers += further_takers
                break
            passed[ahead] = len(takers)
        reader = waiting.pop(min(waiting))  # the earliest layer, so that all its inputs are known
        if reader.layer is None:
            return seen()
        if len(constants) > REACH:
            return ()
        added = {number: constants[source] for number, source in enumerate(reader.sources) if source in constants}
        result = after(reader.layer, reader.inputs, reader.output, added)
        if result is TAKEN_AWAY:
            takers.append(reader)
        elif result is SEEN or reader.index in outputs:
            return seen()
        else:
            constants[reader.index] = cast("frozenset[int]", result)
            waiting.update((further.index, further) for further in readers.get(reader.index, ()))
    known.update((ahead, tuple(takers[before:])) for ahead, before in passed.items())
    return tuple(takers)


def _penalized_output(layer: Layer) -> bool:
    return any(term.array == OUTPUT for term in penalty_terms(layer.penalties))


def _names(takers: Sequence[Placed]) -> str:
    names = [node.name for node in takers]
    if all(isinstance(node.layer, Activation) for node in takers):
        return f"{' and '.join(names)}: a softmax does not change when one number is added to all that it sees"
    return f"{' and '.join(names)} take{'s' if len(names) == 1 else ''} the mean away again"


def _fact(takers: Sequence[Placed]) -> str:
    return "softmax-shift" if all(isinstance(node.layer, Activation) for node in takers) else "batchnorm-bias"


# ---- the loss and the output ------------------------------------------------------------------------------------------


def _losses(placed: Sequence[Placed], outputs: Collection[int]) -> Iterator[Lint]:
    for node in placed:
        for term in loss_terms(node.layer.loss if node.layer is not None else None):
            says = _mismatch(node, term, outputs)
            if says:
                fact = "binary-crossentropy-gradient" if "binary" in term.name else "categorical-crossentropy-gradient"
                yield Lint(node.index, node.name, says, fact)


def _mismatch(node: Placed, loss: LossTerm, outputs: Collection[int]) -> str:
    if node.index not in outputs:
        return f"{loss.name} stands here, but this layer is not an output: give it to the last layer"
    wanted = _GOES_WITH.get(loss.name)
    if wanted is None:
        return ""
    name = "function" if isinstance(node.layer, Activation) else "activation"
    function: str | None = getattr(node.layer, name, None)
    function = None if function in ("identity", "linear") else function
    shape = node.output
    units = shape.dims[shape.channel_index].constant if shape.dims else 1
    if loss.from_logits:
        return f"{loss.name} from logits takes the {wanted} itself: no {function} before it" if function else ""
    if function is None:
        return (
            f"{loss.name} goes with a {wanted}, and there is none: right only where the loss is computed from the logits "
            "(from_logits=True in Keras, torch.nn.CrossEntropyLoss and BCEWithLogitsLoss)"
        )
    if function != wanted:
        return f"{loss.name} goes with a {wanted}, not with {function}: p − y is the gradient of that pair only"
    if loss.name == "binary_crossentropy" and units not in (1, None):
        return f"{loss.name} goes with one unit: {units} sigmoids answer {units} questions by themselves, not one of {units} classes"
    if wanted == "softmax" and units == 1:
        return "a softmax over one unit is always 1: take n units, or one unit, a sigmoid and binary_crossentropy"
    return ""
