"""Facts about L2 and L1 penalties: their gradients, and their relation to weight decay in plain gradient descent."""

from __future__ import annotations

from symnet.facts.fact import Fact, Proven, definition, fact
from symnet.facts.tactics import HOLE, chained, differentiate, put
from symnet.kernel.real import rules as R
from symnet.kernel.real.expressions import Abs, Entry, Sign, Total, Variable
from symnet.kernel.real.theorem import RealTheorem
from symnet.terms.term import Symbol

__all__ = ["l1_gradient", "l2_gradient", "weight_decay_sgd"]

LAMBDA, ETA = Variable("lambda"), Variable("eta")
SIZE, J, K_ = Symbol("n"), Symbol("j", 0), Symbol("k", 0)
KERAS = "Keras, keras.regularizers"


def _one_entry(gradient: RealTheorem, result: object) -> RealTheorem:
    """Replaces the sum over δ in a gradient by the entry that δ picks, and writes the result as textbooks do."""
    derivative = gradient.conclusion.args[2]
    picked = R.delta_sum(derivative.args[-1])
    put_in = put(picked, derivative.args[0] * HOLE)
    last = R.field_identity(put_in.conclusion.args[1], result)  # type: ignore[arg-type]
    return R.derivative_result(gradient, chained(put_in, last))


@fact
def l2_gradient() -> Fact:
    """Proves that ∂/∂w_k of λ Σ w² is 2λw_k."""
    w, at = Entry("w", J), Entry("w", K_)
    penalty = LAMBDA * Total(J, SIZE, w**2)
    theorem = _one_entry(differentiate(penalty, at), 2 * LAMBDA * at)
    return Fact(
        "l2-gradient",
        "penalties",
        "The gradient of the L2 penalty is 2λw",
        (Proven("Each of the n weights is pulled towards 0 in proportion to its size", theorem),),
        definition((Variable("P"), penalty)),
        (
            "The weights are those of the kernels; biases are covered only where a layer says so.",
            "keras.regularizers.L2(λ) is this penalty. PyTorch's weight_decay d adds d·w to the gradient: d = 2λ.",
        ),
        sources=(KERAS + ".L2", "the lecture notes"),
    )


@fact
def l1_gradient() -> Fact:
    """Proves that ∂/∂w_k of λ Σ |w| is λ·sign(w_k) if w_k is not 0."""
    w, at = Entry("w", J), Entry("w", K_)
    penalty = LAMBDA * Total(J, SIZE, Abs(w))
    total = R.derivative_own_entry(differentiate(Abs(at), at), penalty.args[1])
    gradient = R.derivative_product((R.derivative_constant(LAMBDA, at), total))
    neat = R.field_identity(gradient.conclusion.args[2], LAMBDA * Sign(at))
    return Fact(
        "l1-gradient",
        "penalties",
        "The gradient of the L1 penalty is λ·sign(w)",
        (Proven("Each weight is pulled towards 0 at one and the same rate", R.derivative_result(gradient, neat)),),
        definition((Variable("P"), penalty)),
        ("Where w_k = 0 the penalty has no derivative by w_k; frameworks take 0 there.",),
        sources=(KERAS + ".L1",),
    )


@fact
def weight_decay_sgd() -> Fact:
    """Proves that a step of gradient descent with L2 is a step of weight decay."""
    w, g, d = Variable("w"), Variable("g"), Variable("d")
    penalized = w - ETA * (g + 2 * LAMBDA * w)
    shrunk = R.field_identity(penalized, (1 - 2 * ETA * LAMBDA) * w - ETA * g)
    decayed = (1 - ETA * d) * w - ETA * g
    difference = R.field_identity(penalized - decayed, ETA * w * (d - 2 * LAMBDA))
    return Fact(
        "weight-decay-sgd",
        "penalties",
        "For plain gradient descent, the L2 penalty is weight decay",
        (
            Proven("A step on loss and penalty first multiplies the weight by 1 − 2ηλ", shrunk),
            Proven(
                "Against decay at the rate d, with the factor 1 − ηd, the difference vanishes for d = 2λ", difference
            ),
        ),
        remarks=(
            "g is the gradient of the loss at w, η the learning rate.",
            "So the rates that correspond are d = 2λ where the decay is multiplied by η (weight_decay of PyTorch's "
            "and Keras' optimizers), and 2ηλ where it is not.",
            "It shrinks the weight without changing its sign exactly when 0 < 2ηλ < 1.",
        ),
        sources=("Loshchilov & Hutter 2019, Decoupled Weight Decay Regularization, proposition 1", "the lecture notes"),
    )
