"""Facts about L2 penalty and weight decay, which differ with momentum and with Adam. The examples are exact fractions."""

from __future__ import annotations

from fractions import Fraction

from symnet.facts.fact import Fact, Proven, definition, fact
from symnet.facts.tactics import HOLE, chained, evaluated, put, settle, written_as
from symnet.kernel.real import rules as R
from symnet.kernel.real.expressions import Number, Plus, Real, Sqrt, Variable, number
from symnet.kernel.real.normal_forms import value
from symnet.kernel.real.statements import Less, Nonzero, substitute
from symnet.kernel.real.theorem import RealTheorem

__all__ = ["weight_decay_adam", "weight_decay_momentum"]

LAMBDA, ETA, MU = Variable("lambda"), Variable("eta"), Variable("mu")
SOURCE = "Loshchilov & Hutter 2019, Decoupled Weight Decay Regularization"


def _two_steps(eta: Real, decay: Real, mu: Real, w: Real, g0: Real, g1: Real) -> tuple[Real, Real, Real, Real]:
    """The weight after one and two steps with momentum, each with the penalty and with decay beside the step."""
    velocity = g0 + 2 * decay * w
    first = w - eta * velocity
    second = Plus(first, -(eta * (mu * velocity + (g1 + 2 * decay * first))))
    aside = w - eta * g0 - 2 * eta * decay * w
    aside_second = Plus(aside, -(eta * (mu * g0 + g1)), -(2 * eta * decay * aside))
    return first, aside, second, aside_second


@fact
def weight_decay_momentum() -> Fact:
    """Proves that with momentum they differ from the second step on."""
    w, g0, g1 = Variable("w"), Variable("g_0"), Variable("g_1")
    first, aside, second, aside_second = _two_steps(ETA, LAMBDA, MU, w, g0, g1)
    numbers = [Number(Fraction(1, n)) for n in (10, 20)]
    example = _two_steps(numbers[0], numbers[1], Number(Fraction(9, 10)), number(1), number(0), number(0))
    gap = R.field_identity(example[3] - example[2], Number(Fraction(9, 1000)))
    return Fact(
        "weight-decay-momentum",
        "penalties",
        "With momentum, the L2 penalty is not weight decay",
        (
            Proven("The first step is the same", R.field_identity(first, aside)),
            Proven("The second step differs: the penalty is in the momentum too", R.field_identity(
                second - aside_second, -(2 * ETA * LAMBDA * MU * w))),
            Proven("η = 1/10, λ = 1/20, μ = 9/10, w = 1, no gradient: two steps with the penalty", evaluated(example[2])),
            Proven("And two with decay", evaluated(example[3])),
            Proven("So they differ", written_as(Less, gap)),
        ),
        names=definition(
            (Variable("w_1"), first), (Variable("u_1"), aside), (Variable("w_2"), second), (Variable("u_2"), aside_second)
        ),
        remarks=(
            "Velocity v ← μ·v + gradient from v = 0, then w ← w − η·v; g₀ and g₁ are the gradients of the loss "
            "at the first two weights, which are the same for both. "
            "w₁, w₂ are the weights with the penalty, u₁, u₂ those with decay.",
        ),
        sources=(SOURCE + ", algorithm 1",),
    )  # fmt: skip


def _twice_apart(step: Real, decay: Real, small: Real) -> RealTheorem:
    """Proves how far decay at any rate d is from the penalty in Adam's first step without a gradient: the difference at w = 2, less
    twice that at w = 1.
    """
    d = Variable("d")

    def apart(w: Real) -> tuple[Real, RealTheorem]:
        pull = 2 * decay * w
        size = evaluated(pull).conclusion.args[1]
        root = settle(R.root_of_square(size))
        penalized = put(root, w - step * size / (HOLE + small) - (w - step * d * w))
        return penalized.conclusion.args[0], penalized

    (_, one), (_, two) = apart(number(1)), apart(number(2))
    first, second = one.conclusion.args, two.conclusion.args
    both = chained(put(two, Plus(HOLE, -(2 * first[0]))), put(one, Plus(second[1], -(2 * HOLE))))
    return chained(both, R.field_identity(both.conclusion.args[1], _constant(both.conclusion.args[1], d)))


def _constant(term: Real, letter: Variable) -> Real:
    """The value of an expression in which the letter cancels."""
    return value(substitute(term, {letter: number(0)}))


@fact
def weight_decay_adam() -> Fact:
    """Proves that with Adam they differ in the first step."""
    g = Variable("g")
    averages = [
        R.field_identity((1 - beta) * part / (1 - beta**1), part)
        for beta, part in ((Variable("beta_1"), g), (Variable("beta_2"), g**2))
    ]
    tenth, rate, small = (Number(Fraction(1, n)) for n in (10, 4, 1000))
    one = number(1)
    gradient = evaluated(one + 2 * rate * one)

    def step(size: Real) -> Real:
        return one - tenth * size / (Sqrt(size**2) + small)

    def rooted(size: Real) -> Real:
        return one - tenth * size / (HOLE + small)

    penalized, plain = gradient.conclusion.args[1], one
    root, unit = (settle(R.root_of_square(size)) for size in (penalized, plain))
    with_penalty = put(root, rooted(penalized))
    with_penalty = chained(with_penalty, evaluated(with_penalty.conclusion.args[1]))
    decay = 2 * tenth * rate * one
    with_decay = put(unit, rooted(plain) - decay)
    with_decay = chained(with_decay, evaluated(with_decay.conclusion.args[1]))
    both = chained(
        put(with_penalty, HOLE - with_decay.conclusion.args[0]), put(with_decay, with_penalty.conclusion.args[1] - HOLE)
    )
    gap = chained(both, evaluated(both.conclusion.args[1]))
    rates = _twice_apart(tenth, rate, small)
    return Fact(
        "weight-decay-adam",
        "penalties",
        "With Adam, the L2 penalty is not weight decay",
        (
            Proven("After the first step the corrected average is the gradient itself", averages[0]),
            Proven("And that of the squares is its square", averages[1]),
            Proven("w = 1, g = 1, λ = 1/4: the gradient of loss and penalty", gradient),
            Proven("η = 1/10, ε = 1/1000: the first step on loss and penalty", with_penalty),
            Proven("The first step with decay beside it (AdamW)", with_decay),
            Proven("So they differ", written_as(Less, gap)),
            Proven(
                "No other rate d helps: without a gradient of the loss, the first steps with decay at the rate d differ from those "
                "on the penalty at w = 1 and at w = 2, and the second difference less twice the first is this number",
                rates,
            ),
            Proven("It is not 0: so no d makes both differences 0", written_as(Nonzero, rates)),
        ),
        remarks=(
            "Adam divides by the root of the squares, so the penalty's part of the step hardly depends on λ; "
            "the decay's part does.",
        ),
        sources=(SOURCE + ", proposition 2", "Kingma & Ba 2015, Adam, algorithm 1"),
    )
