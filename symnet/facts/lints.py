"""What the facts say of a network: biases that normalization makes redundant, losses that do not go with the output."""

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

#: Which output goes with which loss.
_GOES_WITH = {
    "binary_crossentropy": "sigmoid",
    "categorical_crossentropy": "softmax",
    "sparse_categorical_crossentropy": "softmax",
}

#: A bias is not followed through more layers.
REACH = 200


class Lint(NamedTuple):
    """A remark on a layer. ``saves`` is how many parameters it is about, with its theorem; ``fact`` is what it rests on."""

    place: int
    name: str
    says: str
    fact: str
    saves: Term | None = None
    theorem: Theorem | None = None


def lints(placed: Sequence[Placed], outputs: Collection[int]) -> tuple[Lint, ...]:
    """The remarks on a network, in the order of its layers. ``outputs`` are the places of what it gives."""
    found = (*_redundant_biases(placed, outputs), *_losses(placed, outputs))
    return tuple(sorted(found, key=lambda lint: lint.place))


# ---- biases that a normalization takes away ---------------------------------------------------------------------------


def _redundant_biases(placed: Sequence[Placed], outputs: Collection[int]) -> Iterator[Lint]:
    readers: dict[int, list[Placed]] = {}
    for place in placed:
        for source in dict.fromkeys(place.sources):
            readers.setdefault(source, []).append(place)
    shared = {place.layer.shares for place in placed if place.layer is not None}
    borrowed = {name for place in placed if place.layer is not None for name in (place.layer.borrows or "").split()}
    known: _Known = {}
    for place in reversed(placed):  # what becomes of a constant further down is known by then
        bias = next((weight for weight in place.applied.weights if weight.name == "bias"), None)
        if bias is None or place.layer is None or place.name in shared or bias.name in borrowed:
            continue  # where the layer stands a second time, its bias may be seen
        takers = _takers(place, place.layer, readers, outputs, known)
        if not takers:
            continue
        theorem = count_set(bias.shape, {})
        saved: Term = theorem.conclusion.args[1]
        count = group_digits(saved.constant) if saved.constant is not None else unicode_text(saved)
        says = f"this bias is redundant: {count} parameter{'' if saved.constant == 1 else 's'}. {_names(takers)}; write bias=no"
        yield Lint(place.index, place.name, says, _fact(takers), saved, theorem)


#: What is left of a way: the layers that are still to read a constant, and the tensors that have one for them, each with
#: the axes along which it changes.
_Ahead = tuple[frozenset[int], frozenset[tuple[int, frozenset[int]]]]

#: Which layers take away what is ahead; ``None`` where it is seen somewhere.
_Known = dict[_Ahead, "tuple[Placed, ...] | None"]

#: Where more layers than this wait for a constant, as in a DenseNet, the way is not looked up.
WAITING = 8


def _takers(
    place: Placed, layer: Layer, readers: Mapping[int, Sequence[Placed]], outputs: Collection[int], known: _Known
) -> tuple[Placed, ...]:
    """The layers that take the bias away again, whichever way it goes; none where it is seen anywhere.

    The rest of the way is the same for every bias that comes to the same tensors and the same layers ahead: it is kept in
    ``known``, so that the work is linear in the depth of a network, also past residual connections.
    """
    first = bias_of(layer, place.output)
    if first is SEEN or place.index in outputs or _penalized_output(layer):
        return ()
    constants: dict[int, frozenset[int]] = {place.index: cast("frozenset[int]", first)}
    waiting = {reader.index: reader for reader in readers.get(place.index, ())}
    takers: list[Placed] = []
    passed: dict[_Ahead, int] = {}  # how many layers had taken it away before each point of the way

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
        reader = waiting.pop(min(waiting))  # all that it reads is known by then
        if reader.layer is None:
            return seen()
        if len(constants) > REACH:
            return ()
        added = {number: constants[source] for number, source in enumerate(reader.sources) if source in constants}
        found = after(reader.layer, reader.inputs, reader.output, added)
        if found is TAKEN_AWAY:
            takers.append(reader)
        elif found is SEEN or reader.index in outputs:
            return seen()
        else:
            constants[reader.index] = cast("frozenset[int]", found)
            waiting.update((further.index, further) for further in readers.get(reader.index, ()))
    known.update((ahead, tuple(takers[before:])) for ahead, before in passed.items())
    return tuple(takers)


def _penalized_output(layer: Layer) -> bool:
    return any(term.array == OUTPUT for term in penalty_terms(layer.penalties))


def _names(takers: Sequence[Placed]) -> str:
    names = [place.name for place in takers]
    if all(isinstance(place.layer, Activation) for place in takers):
        return f"{' and '.join(names)}: a softmax does not change when one number is added to all that it sees"
    return f"{' and '.join(names)} take{'s' if len(names) == 1 else ''} the mean away again"


def _fact(takers: Sequence[Placed]) -> str:
    return "softmax-shift" if all(isinstance(place.layer, Activation) for place in takers) else "batchnorm-bias"


# ---- the loss and the output ------------------------------------------------------------------------------------------


def _losses(placed: Sequence[Placed], outputs: Collection[int]) -> Iterator[Lint]:
    for place in placed:
        for term in loss_terms(place.layer.loss if place.layer is not None else None):
            says = _mismatch(place, term, outputs)
            if says:
                fact = "binary-crossentropy-gradient" if "binary" in term.name else "categorical-crossentropy-gradient"
                yield Lint(place.index, place.name, says, fact)


def _mismatch(place: Placed, loss: LossTerm, outputs: Collection[int]) -> str:
    if place.index not in outputs:
        return f"{loss.name} stands here, but this layer is not an output: give it to the last layer"
    wanted = _GOES_WITH.get(loss.name)
    if wanted is None:
        return ""
    name = "function" if isinstance(place.layer, Activation) else "activation"
    function: str | None = getattr(place.layer, name, None)
    function = None if function in ("identity", "linear") else function
    shape = place.output
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
