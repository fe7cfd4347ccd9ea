"""Facts about cross-entropy with sigmoid and softmax: gradients p − y, two classes as one unit, shifts of logits."""

from __future__ import annotations

from symnet.facts.fact import Fact, Proven, definition, fact
from symnet.facts.tactics import HOLE, chained, differentiate, put, settle, written_as
from symnet.kernel.real import rules as R
from symnet.kernel.real.expressions import Entry, Exp, Log, Plus, Real, Total, Variable, number
from symnet.kernel.real.statements import Equal, Less
from symnet.kernel.real.theorem import RealTheorem
from symnet.terms.term import Symbol, integer

__all__ = [
    "binary_crossentropy_gradient", "binary_is_categorical", "categorical_crossentropy_gradient", "sigmoid_is_softmax",
    "softmax_shift",
]  # fmt: skip

N = Symbol("N")
OTHER, J, K_ = (Symbol(name, 0) for name in "ijk")
GOODFELLOW = "Goodfellow, Bengio, Courville 2016, Deep Learning, section 6.2.2"
NOTES = "the lecture notes: binary_crossentropy with sigmoid, categorical_crossentropy with softmax"


@fact
def binary_crossentropy_gradient() -> Fact:
    """Proves ∂L/∂z = p − y for p = 1/(1 + exp(−z))."""
    y, z = Variable("y"), Variable("z")
    tail = Exp(-z)
    p = 1 / (1 + tail)
    loss = -(y * Log(p) + (1 - y) * Log(1 - p))
    rest = settle(R.field_identity(1 - p, tail / (1 + tail)))
    known = settle(written_as(Less, rest))
    raw = settle(differentiate(loss, z), known)
    form = settle(R.field_identity(raw.conclusion.args[2], p - y), known, R.nonzero(known))
    return Fact(
        "binary-crossentropy-gradient",
        "losses",
        "Binary cross-entropy after a sigmoid has the gradient p − y",
        (Proven("The exponentials cancel", R.derivative_result(raw, form)),),
        definition((Variable("L"), loss), (Variable("p"), p)),
        ("y is the label, 0 or 1 (or between), z the output of the single unit before the sigmoid.",),
        sources=(GOODFELLOW + ".2", NOTES),
    )


def _log_of_softmax(entry: Real, total: Real) -> RealTheorem:
    """Proves log(exp(z)/S) = z − log S."""
    quotient = settle(R.log_quotient(Exp(entry), total))
    return chained(quotient, put(R.log_exp(entry), HOLE - Log(total)))


@fact
def categorical_crossentropy_gradient() -> Fact:
    """Proves ∂L/∂z_k = p_k − y_k for p = softmax(z)."""
    z, y, at = Entry("z", J), Entry("y", J), Entry("z", K_)
    total = Total(OTHER, N, Exp(Entry("z", OTHER)))
    loss = -Total(J, N, y * Log(Exp(z) / total))
    one = R.assume(Equal(Total(J, N, y), number(1)))
    # the loss without quotients
    inner = put(_log_of_softmax(z, total), y * HOLE)
    plain = put(R.under_fold(inner, loss.args[1]), number(-1) * HOLE)
    raw = settle(differentiate(plain.conclusion.args[1], at))
    gradient = R.derivative_of_equal(plain, raw)
    # δ picks the entry k, and the labels add up to 1
    result = gradient.conclusion.args[2]
    inner_sum = result.args[1].args[2].args[1].args[1].args[1].args[0]
    pattern = number(-1) * Total(J, N, y * Plus(*result.args[1].args[2].args[1].args[:1], number(-1) * (HOLE / total)))
    picked = put(R.delta_sum(inner_sum), pattern)
    delta = result.args[1].args[2].args[1].args[0]
    apart = Total(J, N, y) * (Exp(at) / total) - Total(J, N, y * delta)
    split = R.total_identity(picked.conclusion.args[1], apart)
    labelled = put(one, HOLE * (Exp(at) / total) - Total(J, N, y * delta))
    last = put(R.delta_sum(Total(J, N, y * delta)), number(1) * (Exp(at) / total) - HOLE)
    p_k, y_k = Exp(at) / total, Entry("y", K_)
    neat = R.field_identity(last.conclusion.args[1], p_k - y_k)
    theorem = R.derivative_result(gradient, chained(picked, split, labelled, last, neat))
    return Fact(
        "categorical-crossentropy-gradient",
        "losses",
        "Categorical cross-entropy after a softmax has the gradient p − y",
        (Proven("For labels that add up to 1, at each of the N units", theorem),),
        definition(
            (Variable("L"), loss), (Variable("S"), total), (Entry("p", K_), p_k), (Entry("p", J), Exp(z) / total)
        ),
        (
            "y is the label, 1 for the right class and 0 elsewhere, or any shares that add up to 1; "
            "z are the outputs before the softmax.",
        ),
        sources=(GOODFELLOW + ".3", NOTES),
    )


@fact
def softmax_shift() -> Fact:
    """Proves softmax(z + c) = softmax(z)."""
    z, c, at = Entry("z", J), Variable("c"), Entry("z", K_)
    total, shifted = Total(J, N, Exp(z)), Total(J, N, Exp(z + c))
    below = chained(
        R.under_fold(R.exp_sum(z, c), shifted),
        R.total_identity(Total(J, N, Exp(z) * Exp(c)), Exp(c) * total),
    )
    above = put(R.exp_sum(at, c), HOLE / shifted)
    under = put(below, Exp(at) * Exp(c) / HOLE)
    cancelled = settle(R.field_identity(under.conclusion.args[1], Exp(at) / total))
    return Fact(
        "softmax-shift",
        "losses",
        "Softmax does not change when one number is added to all its inputs",
        (Proven("The factor exp(c) cancels", chained(above, under, cancelled)),),
        definition((Variable("S"), total), (Variable("S_c"), shifted)),
        ("So implementations subtract the largest input first: no exponential overflows, and the result is the same.",),
        sources=(GOODFELLOW + ".3",),
    )


@fact
def sigmoid_is_softmax() -> Fact:
    """Proves that softmax over two units is the sigmoid of their difference."""
    a, b = Variable("a"), Variable("b")
    gap = -(a - b)
    tail = Exp(gap)
    moved = chained(put(R.field_identity(b, a + gap), Exp(HOLE)), R.exp_sum(a, gap))
    put_in = put(moved, Exp(a) / (Exp(a) + HOLE))
    neat = settle(R.field_identity(put_in.conclusion.args[1], 1 / (1 + tail)))
    return Fact(
        "sigmoid-is-softmax",
        "losses",
        "Softmax over two units is a sigmoid over one",
        (Proven("The share of the first is the sigmoid of the difference", chained(put_in, neat)),),
        remarks=("Two units carry one parameter set more than one unit, and say no more.",),
        sources=(GOODFELLOW + ".3",),
    )


@fact
def binary_is_categorical() -> Fact:
    """Proves that binary cross-entropy is categorical cross-entropy with two classes."""

    def y(index: int) -> Real:
        return Entry("y", integer(index))

    def p(index: int) -> Real:
        return Entry("p", integer(index))

    unrolled = R.unroll(Total(K_, integer(2), Entry("y", K_) * Log(Entry("p", K_))))
    negative = put(unrolled, number(-1) * HOLE)
    label = R.assume(Equal(y(0), 1 - y(1)))
    share = R.assume(Equal(p(0), 1 - p(1)))
    labelled = put(label, number(-1) * Plus(HOLE * Log(p(0)), y(1) * Log(p(1))))
    shared = put(share, number(-1) * Plus((1 - y(1)) * Log(HOLE), y(1) * Log(p(1))))
    binary = -(y(1) * Log(p(1)) + (1 - y(1)) * Log(1 - p(1)))
    neat = R.field_identity(shared.conclusion.args[1], binary)
    return Fact(
        "binary-is-categorical",
        "losses",
        "Binary cross-entropy is categorical cross-entropy with two classes",
        (Proven("Where labels and shares of both classes add up to 1", chained(negative, labelled, shared, neat)),),
        sources=(NOTES,),
    )
