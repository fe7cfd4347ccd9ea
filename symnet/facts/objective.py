"""The objective that training minimizes: the loss and the penalties of a network, as an expression in its weights."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from string import ascii_lowercase
from typing import NamedTuple, Protocol

from symnet.facts.tactics import differentiate
from symnet.kernel.real import rules as R
from symnet.kernel.real.expressions import (
    Abs,
    Entry,
    Number,
    Plus,
    Quotient,
    Real,
    Sign,
    Times,
    Total,
    Variable,
    Whole,
    number,
)
from symnet.kernel.real.theorem import RealTheorem
from symnet.layers.declaration.base import Applied, Layer, Weight, product
from symnet.layers.declaration.penalized import Penalized, rate
from symnet.layers.declaration.shape import Shape
from symnet.layers.declaration.training import LossTerm, PenaltyTerm, loss_terms, penalty_terms
from symnet.layers.kinds.inputs import Opaque
from symnet.printing.names import look
from symnet.terms.term import Entries, Symbol, Term, integer, symbols_of

__all__ = [
    "OUTPUT", "Letters", "LossOf", "Objective", "Penalty", "Placed", "Unknown", "gradient", "loss_sum", "objective", "penalty_sum",
]  # fmt: skip

#: The name of a layer's output where a penalty names an array.
OUTPUT = "output"


class Placed(Protocol):
    """A layer of a network with its input and output shapes, as far as this room needs it."""

    @property
    def index(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def layer(self) -> Layer | None: ...
    @property
    def sources(self) -> tuple[int, ...]: ...
    @property
    def inputs(self) -> tuple[Shape, ...]: ...
    @property
    def output(self) -> Shape: ...
    @property
    def applied(self) -> Applied: ...


@dataclass(frozen=True)
class Letters:
    """The letters of an objective: for the loss, the penalties on weights and on outputs, the number of examples, and the indices
    of examples and entries. None of them is a letter of the network.
    """

    loss: Variable
    penalty: Variable
    activity: Variable
    examples: Symbol
    example: Symbol
    entry: Symbol
    other: Symbol
    #: the names of the network, as they are printed
    taken: frozenset[tuple[str, str]]

    @classmethod
    def apart_from(cls, names: Collection[str]) -> Letters:
        """Letters that are printed unlike all of the names, with or without an index.

        >>> letters = Letters.apart_from(["L", "W", "j"])
        >>> letters.loss, letters.penalty, letters.entry
        (<Variable Loss>, <Variable P>, <Symbol i>)
        """
        taken = frozenset(map(look, names))
        heads = {head for head, _ in taken}

        def free(*wanted: str) -> str:
            more = (f"{wanted[-1]}{letter}" for letter in "xyz")
            return next(name for name in (*wanted, *more, f"{wanted[-1]}_symnet") if name not in heads)

        loss, penalty, activity = (free(*names) for names in (("L", "Loss"), ("P", "Penalty"), ("A", "Activity")))
        example, entry, other = (
            free(*names) for names in (("n", "m", "example"), ("j", "i", "entry"), ("k", "l", "other"))
        )
        return cls(
            Variable(loss), Variable(penalty), Variable(activity), Symbol(free("N", "M", "Examples")),
            Symbol(example, 0), Symbol(entry, 0), Symbol(other, 0), taken,
        )  # fmt: skip


class Penalty(NamedTuple):
    """A penalty on the squares (power 2) or the absolute values (power 1) of the entries of one array: λ Σ w² or λ Σ |w|.

    ``weight`` is ``None`` for a penalty on the layer's output, which is the mean over the N examples.
    """

    node: Placed
    weight: Weight | None
    rate: Fraction
    power: int
    letter: str
    letters: Letters

    @property
    def array(self) -> str:
        """The name of the array: ``w_3`` is the kernel of layer 3."""
        return f"{self.letter}_{self.node.index}"

    @property
    def shape(self) -> tuple[Term, ...]:
        """The sizes of the array, for one example of the batch."""
        return self.node.output.dims if self.weight is None else self.weight.shape

    @property
    def entries(self) -> Term:
        """The number of entries of the array, for one example of the batch."""
        entries = product(*self.shape)
        if entries.constant is not None:
            return integer(entries.constant)
        # W − 2 alone is not seen to be nonnegative
        return Entries(*self.shape) if entries.least is None or entries.least < 0 else entries

    def entry(self, index: Term) -> Real:
        """The entry with that index; of an output, the entry of example n."""
        return Entry(self.array, index) if self.weight is not None else Entry(self.array, self.letters.example, index)

    @property
    def expression(self) -> Real:
        """λ Σ w² or λ Σ |w|; for an output, the mean of that over the examples."""
        letters = self.letters
        entry = self.entry(letters.entry)
        total = Total(letters.entry, self.entries, entry**2 if self.power == 2 else Abs(entry))
        if self.weight is not None:
            return Times(Number(self.rate), total)
        mean = Quotient(Total(letters.example, letters.examples, total), Whole(letters.examples))
        return Times(Number(self.rate), mean)


class Unknown(NamedTuple):
    """A penalty that symnet has no formula for: its layer, its array, and its name."""

    node: Placed
    array: str
    says: str


class LossOf(NamedTuple):
    """A loss, and the layer whose output it is computed from."""

    node: Placed
    term: LossTerm


class Objective(NamedTuple):
    """All that a network is trained to minimize: losses, penalties on weights and on outputs (``activity``), and ``unknown`` parts.
    With unknown parts the sum of the others is not the objective.
    """

    losses: tuple[LossOf, ...]
    penalties: tuple[Penalty, ...]
    activity: tuple[Penalty, ...]
    unknown: tuple[Unknown, ...]
    letters: Letters


def objective(placed: Sequence[Placed], names: Collection[str] = ()) -> Objective:
    """The objective that the layers of a network declare. An array that is not trained has no penalty, as in Keras, since it would
    be a constant; a shared array has one, at its first layer. ``names`` are names of sizes, which the objective's letters must
    differ from as they do from the network's.
    """
    own = symbols_of(*(size for node in placed for size in node.output.dims), *_layer_terms(placed))
    letters = Letters.apart_from([*names, *(symbol.name for symbol in own)])
    losses = tuple(
        LossOf(node, term) for node in placed if node.layer is not None for term in loss_terms(node.layer.loss)
    )
    declared = [one for node in placed if node.layer is not None for one in _penalties_of(node, node.layer, letters)]
    known = [one for one in declared if isinstance(one, Penalty)]
    return Objective(
        losses,
        tuple(one for one in known if one.weight is not None),
        tuple(one for one in known if one.weight is None),
        tuple(one for one in declared if isinstance(one, Unknown)),
        letters,
    )


def _layer_terms(placed: Sequence[Placed]) -> Iterator[Term]:
    for node in placed:
        if node.layer is not None:
            yield from node.layer.symbols


def _penalties_of(node: Placed, layer: Layer, letters: Letters) -> Iterator[Penalty | Unknown]:
    if isinstance(layer, Opaque) and layer.framework in ("keras", None):
        yield Unknown(node, "", "what its own code may add")
    arrays = _arrays(node, letters)
    for array, kind, factor in _declared_penalties(node, layer):
        if array == OUTPUT and factor is not None:
            if factor:
                yield Penalty(node, None, factor, _POWERS[kind], arrays[OUTPUT], letters)
            continue
        weights = [weight for weight in node.applied.weights if weight.name == array]
        if array != OUTPUT and not weights:
            if layer.shares is None and layer.borrows is None:
                yield Unknown(node, array, f"{kind} on {array.replace('_', ' ')}, which the layer does not have")
            continue  # a shared array has its penalty at its first layer
        if array != OUTPUT and not any(weight.trainable for weight in weights):
            continue
        if factor is None:
            yield Unknown(node, array, f"{kind} on {'what it gives' if array == OUTPUT else array.replace('_', ' ')}")
        elif factor:
            power = _POWERS[kind]
            yield from (Penalty(node, weight, factor, power, arrays[weight.name], letters) for weight in weights)


_POWERS = {"l1": 1, "l2": 2}


def _declared_penalties(node: Placed, layer: Layer) -> Iterator[PenaltyTerm]:
    """The declared penalties of a layer, each with the name of its array."""
    if isinstance(layer, Penalized):
        kernels = [weight.name for weight in node.applied.weights if weight.name.endswith("kernel")]
        for declared_rate, kind, arrays in (
            (layer.l2, "l2", kernels), (layer.l1, "l1", kernels), (layer.bias_l2, "l2", ["bias"]),
        ):  # fmt: skip
            if declared_rate is not None:
                yield from (PenaltyTerm(array, kind, rate(declared_rate, kind)) for array in dict.fromkeys(arrays))
    yield from penalty_terms(layer.penalties)


#: The letters of arrays, by the ends of their names; other arrays are e, s, t, …
_LETTERS = {OUTPUT: "a", "kernel": "wuvrq", "bias": "bcdfh", "gamma": ("gamma",), "beta": ("beta",)}


def _arrays(node: Placed, letters: Letters) -> dict[str, str]:
    """The letter of each array of a layer and of its output, by its name, so that w_3 is no letter of the network."""
    letter_of: dict[str, str] = {}
    for name in (OUTPUT, *(weight.name for weight in node.applied.weights)):
        ending = next((ending for ending in _LETTERS if name.endswith(ending)), "")
        choices = chain(_LETTERS.get(ending, ()), "estxyz", (f"e{letter}" for letter in ascii_lowercase), (name,))
        letter_of[name] = next(
            letter
            for letter in choices
            if letter not in letter_of.values() and look(f"{letter}_{node.index}") not in letters.taken
        )
    return letter_of


def penalty_sum(penalties: Sequence[Penalty]) -> Real:
    """The sum of the penalties."""
    return Plus(*(penalty.expression for penalty in penalties))


def loss_sum(losses: Sequence[LossOf], loss_letter: Variable) -> Real:
    """The weighted sum of the losses: L, or L₁ + 1/2·L₂."""
    single = len(losses) < 2
    terms: list[Real] = []
    for position, loss in enumerate(losses, 1):
        letter = loss_letter if single else Variable(f"{loss_letter.args[0]}_{position}")
        terms.append(letter if loss.term.weight == 1 else Number(loss.term.weight) * letter)
    return terms[0] if len(terms) == 1 else Plus(*terms)


def gradient(penalty: Penalty, every: Sequence[Penalty]) -> RealTheorem:
    """⊢ the derivative of all the penalties by an entry of one array: 2λw, λ·sign(w), or the sum of both. It is for penalties on
    weights only, since an output depends on weights too.
    """
    at = penalty.entry(penalty.letters.other)
    parts = [
        _derivative(one, at) if one.array == penalty.array else R.derivative_constant(one.expression, at)
        for one in every
    ]
    total = R.derivative_sum(tuple(parts))
    wanted = [part.conclusion.args[2] for part in parts if part.conclusion.args[2] is not number(0)]
    neat = wanted[0] if len(wanted) == 1 else Plus(*wanted)
    return R.derivative_result(total, R.field_identity(total.conclusion.args[2], neat))


def _derivative(penalty: Penalty, at: Real) -> RealTheorem:
    """⊢ ∂(λ Σ w²) = 2λ·w_k, or ∂(λ Σ |w|) = λ·sign(w_k) if w_k is not 0."""
    factor, fold = penalty.expression.args
    own = differentiate(at**2 if penalty.power == 2 else Abs(at), at)
    raw = R.derivative_product((R.derivative_constant(factor, at), R.derivative_own_entry(own, fold)))
    last = at if penalty.power == 2 else Sign(at)
    rate_of_change = penalty.rate * penalty.power
    neat = last if rate_of_change == 1 else number(rate_of_change) * last
    return R.derivative_result(raw, R.field_identity(raw.conclusion.args[2], neat))
