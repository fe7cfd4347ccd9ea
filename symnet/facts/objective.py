"""What a network is trained to make small: the loss and the penalties on its weights, as an expression in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple, Protocol

from symnet.facts.tactics import HOLE, chained, differentiate, put
from symnet.kernel.real import rules as R
from symnet.kernel.real.expressions import Abs, Entry, Number, Plus, Real, Sign, Times, Total, Variable, number
from symnet.kernel.real.statements import ForAll, Nonzero
from symnet.kernel.real.theorem import RealTheorem
from symnet.layers.base import Applied, Layer, Weight, product
from symnet.layers.penalized import Penalized, rate
from symnet.layers.shape import Shape
from symnet.terms.term import Symbol, Term, integer

__all__ = ["Penalty", "Placed", "gradient", "loss_of", "objective", "penalties", "penalty_sum"]

J, K_ = Symbol("j", 0), Symbol("k", 0)
LOSS = Variable("L")


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


class Penalty(NamedTuple):
    """The penalty on one array: of the square (power 2) or the absolute value (power 1) of each of its entries."""

    place: Placed
    weight: Weight
    rate: Fraction
    power: int
    letter: str

    @property
    def array(self) -> str:
        """How the array is called: ``w_3`` is the kernel of layer 3."""
        return f"{self.letter}_{self.place.index}"

    @property
    def entries(self) -> Term:
        """How many entries the array has."""
        entries = product(*self.weight.shape)
        return entries if entries.constant is None else integer(entries.constant)

    def entry(self, index: Term) -> Real:
        """The entry with that number."""
        return Entry(self.array, index)

    @property
    def expression(self) -> Real:
        """λ Σ w² or λ Σ |w|."""
        entry = self.entry(J)
        return Times(Number(self.rate), Total(J, self.entries, entry**2 if self.power == 2 else Abs(entry)))


def penalties(placed: Sequence[Placed]) -> tuple[Penalty, ...]:
    """The penalties of a network, layer by layer: on kernels, and on biases where a layer says so."""
    return tuple(found for place in placed for found in _of(place))


def _of(place: Placed) -> Iterator[Penalty]:
    layer = place.layer
    if not isinstance(layer, Penalized):
        return
    kernels = [weight for weight in place.applied.weights if weight.name.endswith("kernel")]
    biases = [weight for weight in place.applied.weights if weight.name == "bias"]
    for given, power, weights, letters in (
        (layer.l2, 2, kernels, "wu"), (layer.l1, 1, kernels, "wu"), (layer.bias_l2, 2, biases, "b"),
    ):  # fmt: skip
        factor = rate(given, "l2") if given is not None else Fraction(0)
        for weight, letter in zip(weights, letters, strict=False):
            if factor:
                yield Penalty(place, weight, factor, power, letter)


def loss_of(placed: Sequence[Placed]) -> str | None:
    """The loss that a layer of the network names."""
    return next((loss for place in placed if (loss := getattr(place.layer, "loss", None))), None)


def objective(placed: Sequence[Placed]) -> Real | None:
    """Loss and penalties; ``None`` where there is no penalty."""
    found = penalties(placed)
    return Plus(LOSS, *(penalty.expression for penalty in found)) if found else None


def penalty_sum(found: Sequence[Penalty]) -> Real:
    """All penalties, added up."""
    return Plus(*(penalty.expression for penalty in found))


def gradient(penalty: Penalty, every: Sequence[Penalty]) -> RealTheorem:
    """⊢ the derivative of all penalties by an entry of one array: 2λw, λ·sign(w), or both where both are on it."""
    at = penalty.entry(K_)
    parts = [
        _derivative(one, at) if one.array == penalty.array else R.derivative_constant(one.expression, at)
        for one in every
    ]
    whole = R.derivative_sum(tuple(parts))
    wanted = [part.conclusion.args[2] for part in parts if part.conclusion.args[2] is not number(0)]
    neat = wanted[0] if len(wanted) == 1 else Plus(*wanted)
    return R.derivative_result(whole, R.field_identity(whole.conclusion.args[2], neat))


def _derivative(penalty: Penalty, at: Real) -> RealTheorem:
    """⊢ ∂(λ Σ w²) = 2λ·w_k, or ∂(λ Σ |w|) = λ·sign(w_k) where no weight is 0."""
    factor, fold = penalty.expression.args
    inner = differentiate(fold.args[2], at)
    if penalty.power == 1:
        nowhere = R.assume(ForAll(J, Nonzero(penalty.entry(J))))
        inner = R.cut(R.for_every(nowhere, J), inner)
    total = R.derivative_total(inner, fold)
    raw = R.derivative_product((R.derivative_constant(factor, at), total))
    picked = put(R.delta_sum(total.conclusion.args[2]), factor * HOLE)
    last = at if penalty.power == 2 else Sign(at)
    rate_of_change = penalty.rate * penalty.power
    neat = R.field_identity(picked.conclusion.args[1], last if rate_of_change == 1 else number(rate_of_change) * last)
    return R.derivative_result(raw, chained(picked, neat))
