"""What a network is trained to make small: the loss and the penalties on its weights, as an expression in them."""

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

#: What a layer gives, as the array of a penalty.
OUTPUT = "output"


class Placed(Protocol):
    """A layer in its place, as networks hold it."""

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
    """What is written for the loss, the penalties on weights and on what layers give; for the number of examples; and for what
    counts examples, entries, and one entry more. None of them is a letter of the network."""

    loss: Variable
    penalty: Variable
    activity: Variable
    examples: Symbol
    example: Symbol
    entry: Symbol
    other: Symbol
    #: how what must not be written looks
    taken: frozenset[tuple[str, str]]

    @classmethod
    def apart_from(cls, names: Collection[str]) -> Letters:
        """Letters that look like none of the names, with or without an index.

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
    """A penalty of the squares (power 2) or the absolute values (power 1) of the entries of one array: λ Σ w², λ Σ |w|.

    Where ``weight`` is ``None`` the array is what the layer gives, for each of N examples, and the penalty is the mean over
    them.
    """

    place: Placed
    weight: Weight | None
    rate: Fraction
    power: int
    letter: str
    letters: Letters

    @property
    def array(self) -> str:
        """How the array is called: ``w_3`` is the kernel of layer 3."""
        return f"{self.letter}_{self.place.index}"

    @property
    def shape(self) -> tuple[Term, ...]:
        """The sizes of the array, for one example."""
        return self.place.output.dims if self.weight is None else self.weight.shape

    @property
    def entries(self) -> Term:
        """How many entries the array has, for one example."""
        entries = product(*self.shape)
        if entries.constant is not None:
            return integer(entries.constant)
        # W − 2 alone does not show that it is not negative
        return Entries(*self.shape) if entries.least is None or entries.least < 0 else entries

    def entry(self, index: Term) -> Real:
        """The entry with that number; of what a layer gives, that of example n."""
        return Entry(self.array, index) if self.weight is not None else Entry(self.array, self.letters.example, index)

    @property
    def expression(self) -> Real:
        """λ Σ w² or λ Σ |w|; of what a layer gives, the mean of that over the examples."""
        letters = self.letters
        entry = self.entry(letters.entry)
        total = Total(letters.entry, self.entries, entry**2 if self.power == 2 else Abs(entry))
        if self.weight is not None:
            return Times(Number(self.rate), total)
        mean = Quotient(Total(letters.example, letters.examples, total), Whole(letters.examples))
        return Times(Number(self.rate), mean)


class Unknown(NamedTuple):
    """A penalty that symnet has no formula for: on which array of which layer, and what it is called."""

    place: Placed
    array: str
    says: str


class LossOf(NamedTuple):
    """A loss, and the layer whose output it is taken of."""

    place: Placed
    term: LossTerm


class Objective(NamedTuple):
    """All that a network is trained to make small: losses, penalties on weights and on what layers give, and what is not
    understood. Where something is not, the sum of the others is not the objective.
    """

    losses: tuple[LossOf, ...]
    penalties: tuple[Penalty, ...]
    activity: tuple[Penalty, ...]
    unknown: tuple[Unknown, ...]
    letters: Letters


def objective(placed: Sequence[Placed], names: Collection[str] = ()) -> Objective:
    """What the layers of a network say of their training. An array that is not trained has no penalty, as in Keras: it would
    be a constant. A shared array has one, where it is first used. ``names`` are those of sizes, of which the letters of the
    objective differ as they do from those of the network.
    """
    own = symbols_of(*(size for place in placed for size in place.output.dims), *_layer_terms(placed))
    letters = Letters.apart_from([*names, *(symbol.name for symbol in own)])
    losses = tuple(
        LossOf(place, term) for place in placed if place.layer is not None for term in loss_terms(place.layer.loss)
    )
    found = [one for place in placed if place.layer is not None for one in _of(place, place.layer, letters)]
    known = [one for one in found if isinstance(one, Penalty)]
    return Objective(
        losses,
        tuple(one for one in known if one.weight is not None),
        tuple(one for one in known if one.weight is None),
        tuple(one for one in found if isinstance(one, Unknown)),
        letters,
    )


def _layer_terms(placed: Sequence[Placed]) -> Iterator[Term]:
    for place in placed:
        if place.layer is not None:
            yield from place.layer.symbols


def _of(place: Placed, layer: Layer, letters: Letters) -> Iterator[Penalty | Unknown]:
    if isinstance(layer, Opaque) and layer.framework in ("keras", None):
        yield Unknown(place, "", "what its own code may add")
    arrays = _arrays(place, letters)
    for array, kind, factor in _wanted(place, layer):
        if array == OUTPUT and factor is not None:
            if factor:
                yield Penalty(place, None, factor, _POWERS[kind], arrays[OUTPUT], letters)
            continue
        weights = [weight for weight in place.applied.weights if weight.name == array]
        if array != OUTPUT and not weights:
            if layer.shares is None and layer.borrows is None:
                yield Unknown(place, array, f"{kind} on {array.replace('_', ' ')}, which the layer does not have")
            continue  # shared arrays have their penalty where they are first used
        if array != OUTPUT and not any(weight.trainable for weight in weights):
            continue
        if factor is None:
            yield Unknown(place, array, f"{kind} on {'what it gives' if array == OUTPUT else array.replace('_', ' ')}")
        elif factor:
            power = _POWERS[kind]
            yield from (Penalty(place, weight, factor, power, arrays[weight.name], letters) for weight in weights)


_POWERS = {"l1": 1, "l2": 2}


def _wanted(place: Placed, layer: Layer) -> Iterator[PenaltyTerm]:
    """The penalties of a layer, each with the name of its array."""
    if isinstance(layer, Penalized):
        kernels = [weight.name for weight in place.applied.weights if weight.name.endswith("kernel")]
        for written, kind, arrays in (
            (layer.l2, "l2", kernels), (layer.l1, "l1", kernels), (layer.bias_l2, "l2", ["bias"]),
        ):  # fmt: skip
            if written is not None:
                yield from (PenaltyTerm(array, kind, rate(written, kind)) for array in dict.fromkeys(arrays))
    yield from penalty_terms(layer.penalties)


#: What arrays are called, by the ends of their names; any other is e, s, t, …
_LETTERS = {OUTPUT: "a", "kernel": "wuvrq", "bias": "bcdfh", "gamma": ("gamma",), "beta": ("beta",)}


def _arrays(place: Placed, letters: Letters) -> dict[str, str]:
    """A letter for each array of a layer, by its name, and for what it gives: w_3 is no letter of the network."""
    found: dict[str, str] = {}
    for name in (OUTPUT, *(weight.name for weight in place.applied.weights)):
        ending = next((ending for ending in _LETTERS if name.endswith(ending)), "")
        choices = chain(_LETTERS.get(ending, ()), "estxyz", (f"e{letter}" for letter in ascii_lowercase), (name,))
        found[name] = next(
            letter
            for letter in choices
            if letter not in found.values() and look(f"{letter}_{place.index}") not in letters.taken
        )
    return found


def penalty_sum(found: Sequence[Penalty]) -> Real:
    """All these penalties, added up."""
    return Plus(*(penalty.expression for penalty in found))


def loss_sum(losses: Sequence[LossOf], loss_letter: Variable) -> Real:
    """The losses with their weights, added up: L, or L₁ + 1/2·L₂."""
    single = len(losses) < 2
    terms: list[Real] = []
    for place, loss in enumerate(losses, 1):
        letter = loss_letter if single else Variable(f"{loss_letter.args[0]}_{place}")
        terms.append(letter if loss.term.weight == 1 else Number(loss.term.weight) * letter)
    return terms[0] if len(terms) == 1 else Plus(*terms)


def gradient(penalty: Penalty, every: Sequence[Penalty]) -> RealTheorem:
    """⊢ the derivative of all these penalties by an entry of one array: 2λw, λ·sign(w), or both where both are on it. Only of
    penalties on weights: what a layer gives depends on weights, too.
    """
    at = penalty.entry(penalty.letters.other)
    parts = [
        _derivative(one, at) if one.array == penalty.array else R.derivative_constant(one.expression, at)
        for one in every
    ]
    whole = R.derivative_sum(tuple(parts))
    wanted = [part.conclusion.args[2] for part in parts if part.conclusion.args[2] is not number(0)]
    neat = wanted[0] if len(wanted) == 1 else Plus(*wanted)
    return R.derivative_result(whole, R.field_identity(whole.conclusion.args[2], neat))


def _derivative(penalty: Penalty, at: Real) -> RealTheorem:
    """⊢ ∂(λ Σ w²) = 2λ·w_k, or ∂(λ Σ |w|) = λ·sign(w_k) where w_k is not 0."""
    factor, fold = penalty.expression.args
    own = differentiate(at**2 if penalty.power == 2 else Abs(at), at)
    raw = R.derivative_product((R.derivative_constant(factor, at), R.derivative_own_entry(own, fold)))
    last = at if penalty.power == 2 else Sign(at)
    rate_of_change = penalty.rate * penalty.power
    neat = last if rate_of_change == 1 else number(rate_of_change) * last
    return R.derivative_result(raw, R.field_identity(raw.conclusion.args[2], neat))
