"""Facts about batch normalization: a bias before it, folding it into a layer, its moving average, its parameters."""

from __future__ import annotations

from symnet.facts.fact import Fact, Proven, definition, fact
from symnet.facts.tactics import HOLE, chained, put
from symnet.kernel import rules as K
from symnet.kernel.real import rules as R
from symnet.kernel.real.expressions import Entry, Power, Real, Sqrt, Total, Variable, Whole, number
from symnet.kernel.real.statements import Equal, ForAll, Less, Statement, substitute
from symnet.kernel.real.theorem import RealTheorem
from symnet.kernel.theorem import Theorem
from symnet.layers.declaration.shape import CHANNELS_FIRST, CHANNELS_LAST, Shape
from symnet.layers.kinds.normalization import BatchNorm
from symnet.printing.text import unicode_text
from symnet.terms.term import Symbol, Term, integer

__all__ = ["batchnorm_bias", "batchnorm_folding", "batchnorm_parameters", "moving_average", "moving_average_constant"]

GAMMA, BETA, EPSILON, MU = (Variable(name) for name in ("gamma", "beta", "epsilon", "mu"))
MU_BATCH = Variable("mu_B")
N, SIZE = Symbol("N"), Symbol("n")
ITEM, J, K_, STEP = (Symbol(name, 0) for name in ("i", "j", "k", "n"))
PAPER = "Ioffe & Szegedy 2015, Batch Normalization"
KERAS = "Keras, keras.layers.BatchNormalization"


def _mean(entry: Real) -> Real:
    return Total(J, N, entry) / Whole(N)


def _normalized(centred: Real, variance: Real) -> Real:
    return GAMMA * centred / Sqrt(variance + EPSILON) + BETA


@fact
def batchnorm_bias() -> Fact:
    """Proves BN(x + b) = BN(x) with the statistics of the batch."""
    b = Variable("b")
    mean, shifted = _mean(Entry("x", J)), _mean(Entry("x", J) + b)
    variance = _mean((Entry("x", J) - mean) ** 2)
    variance_b = _mean((Entry("x", J) + b - shifted) ** 2)
    moved = R.total_identity(shifted, mean + b)

    def centred(index: Symbol) -> RealTheorem:
        entry = Entry("x", index)
        plain = R.field_identity(entry + b - (mean + b), entry - mean)
        return R.replace(moved, plain, Equal(entry + b - HOLE, entry - mean), HOLE)

    squares = put(centred(J), Power(HOLE, integer(2)))
    spread = put(R.under_fold(squares, Total(J, N, squares.conclusion.args[0])), HOLE / Whole(N))
    above = put(centred(ITEM), _normalized(HOLE, variance_b))
    below = put(spread, _normalized(Entry("x", ITEM) - mean, HOLE))
    positive = R.positive(variance + EPSILON, (R.assume(Less(number(0), EPSILON)),))
    return Fact(
        "batchnorm-bias",
        "batch-norm",
        "A bias before batch normalization is redundant",
        (
            Proven("The number under the root is positive", positive),
            Proven(
                "BN(x + b) = BN(x): with the statistics of the batch, a bias b changes nothing", chained(above, below)
            ),
        ),
        definition(
            (Variable("m"), mean), (Variable("m_b"), shifted), (Variable("v"), variance), (Variable("v_b"), variance_b)
        ),
        (
            "x are the N numbers of one channel in a batch, b its bias: the mean moves by b, the variance does not.",
            "So Dense or Conv before batch normalization is written with bias=no (use_bias=False in Keras), which saves a "
            "parameter a channel; symnet says how many in a network's report.",
            "With moving statistics instead, the same bias moves the moving mean by b once the mean has settled.",
        ),
        sources=(PAPER + ", section 3.2", "the lecture notes"),
    )


@fact
def batchnorm_folding() -> Fact:
    """Proves that at inference batch normalization can be folded into the layer before it."""
    c, m, v = (Variable(name) for name in ("c", "m", "v"))
    root = Sqrt(v + EPSILON)
    w, x = Entry("w", J), Entry("x", J)
    left = GAMMA * (Total(J, SIZE, w * x) + c - m) / root + BETA
    right = Total(J, SIZE, GAMMA * w / root * x) + (GAMMA * (c - m) / root + BETA)
    return Fact(
        "batchnorm-folding",
        "batch-norm",
        "At inference, batch normalization folds into the layer before it",
        (Proven("The same output from other weights and another bias", R.total_identity(left, right)),),
        definition((Variable("s"), root)),
        (
            "One output of a convolution or dense layer is a sum over the n inputs it sees plus a bias c; "
            "m and v are the moving mean and variance of its channel.",
            "So every weight of the channel is multiplied by γ/s, and the bias becomes γ(c − m)/s + β. "
            "The fold is exact where the root is defined and not 0, 0 < v + ε; without a bias, c = 0.",
            "Padding with zeros does not disturb it, for the normalization comes after the sum.",
        ),
        sources=(
            PAPER + ", section 3.1",
            "Jacob et al. 2018, Quantization and Training of Neural Networks, section 3.2",
        ),
    )


def _by_induction(claim: Statement, base: RealTheorem, step: RealTheorem) -> RealTheorem:
    return R.induction(base, step, claim, STEP)


@fact
def moving_average() -> Fact:
    """Proves the moving average after n steps."""

    def m(index: Term) -> Real:
        return Entry("m", index)

    zero = integer(0)
    law = ForAll(K_, Equal(m(K_ + 1), MU * m(K_) + (1 - MU) * Entry("b", K_ + 1)))
    right = MU**STEP * m(zero) + (1 - MU) * Total(J, STEP, MU**J * Entry("b", STEP - J))
    claim = Equal(m(STEP), right)
    # n = 0
    empty = R.unroll(Total(J, zero, substitute(MU**J * Entry("b", STEP - J), {STEP: zero})))
    opened = put(empty, MU**zero * m(zero) + (1 - MU) * HOLE)
    base = R.chain(R.field_identity(m(zero), opened.conclusion.args[1]), R.flip(opened))
    # n + 1
    once = R.for_every(R.assume(law), STEP)
    expanded = put(R.assume(claim), MU * HOLE + (1 - MU) * Entry("b", STEP + 1))
    after = substitute(right, {STEP: STEP + 1})
    split = R.split_first(after.args[1].args[1])
    apart = put(split, after.args[0] + (1 - MU) * HOLE)
    merged = R.total_identity(expanded.conclusion.args[1], apart.conclusion.args[1])
    step = chained(once, expanded, merged, R.flip(apart))
    theorem = _by_induction(claim, base, step)
    squares = Total(J, N, (Entry("x", J) - MU_BATCH) ** 2)
    unbiased = R.total_identity(squares / (Whole(N) - 1), Whole(N) / (Whole(N) - 1) * (squares / Whole(N)))
    return Fact(
        "moving-average",
        "batch-norm",
        "The moving mean after n steps",
        (
            Proven("If each step keeps the share μ and adds the share 1 − μ of the batch mean", theorem),
            Proven("The variance that PyTorch feeds is N/(N − 1) times that of the batch", unbiased),
        ),
        remarks=(
            "b_n is the mean of batch n, m_0 the start (0 in Keras and PyTorch), μ the momentum: 0.99 in Keras. PyTorch's "
            "momentum is 1 − μ.",
            "Batch n − j counts with weight (1 − μ)·μ^j: the newest most.",
            "The moving variance follows the same law from another start, m_0 = 1 in Keras and PyTorch. Keras feeds it the "
            "variance of the batch, as it normalizes with; PyTorch feeds it N/(N − 1) times that, N ≥ 2 numbers a channel.",
        ),
        sources=(KERAS + ": moving_mean = moving_mean * momentum + mean(batch) * (1 - momentum)",),
    )


@fact
def moving_average_constant() -> Fact:
    """Proves the moving average of batches that all have the same mean."""

    def m(index: Term) -> Real:
        return Entry("m", index)

    c, zero = Variable("c"), integer(0)
    law = ForAll(K_, Equal(m(K_ + 1), MU * m(K_) + (1 - MU) * c))
    claim = Equal(m(STEP), MU**STEP * m(zero) + (1 - MU**STEP) * c)
    at_start = substitute(claim, {STEP: zero})
    base = R.field_identity(*at_start.args)
    expanded = put(R.assume(claim), MU * HOLE + (1 - MU) * c)
    after = substitute(claim, {STEP: STEP + 1}).args[1]
    step = chained(R.for_every(R.assume(law), STEP), expanded, R.field_identity(expanded.conclusion.args[1], after))
    return Fact(
        "moving-average-constant",
        "batch-norm",
        "The moving mean when every batch has the same mean",
        (Proven("The start is forgotten at the rate μⁿ", _by_induction(claim, base, step)),),
        remarks=("With μ = 0.99 the start still counts 37 % after 100 steps, and less than 1 % after 459.",),
        sources=(KERAS,),
    )


@fact
def batchnorm_parameters() -> Fact:
    """Proves that batch normalization has four numbers for each channel, and lists them by axis and data format."""
    channels = Symbol("C")

    def count(arrays: int) -> Theorem:
        added = K.add_equations((K.entry_count((channels,)),) * arrays)
        return K.chain(added, K.polynomial_identity(added.conclusion.args[1], integer(arrays) * channels))

    height, width = Symbol("H"), Symbol("W")
    rows = [("layer", "shape", "parameters", "trained")]
    cases = (
        ("axis=-1 of (H, W, C)", BatchNorm(axis=-1), Shape((height, width, channels), CHANNELS_LAST)),
        ("axis=1 of (C, H, W)", BatchNorm(axis=1), Shape((channels, height, width), CHANNELS_FIRST)),
        ("axis=-1 of (C, H, W), a slip", BatchNorm(axis=-1), Shape((channels, height, width), CHANNELS_FIRST)),
        ("scale=no", BatchNorm(scale=False), Shape((height, width, channels), CHANNELS_LAST)),
        ("statistics=buffers (PyTorch)", BatchNorm(statistics="buffers"), Shape((channels, height, width))),
    )
    for words, layer, shape in cases:
        applied = layer.apply((shape,))
        trained = [weight for weight in applied.weights if weight.trainable]
        size = applied.weights[0].shape[0]
        dims = "(" + ", ".join(unicode_text(size) for size in shape.dims) + ")"
        trained_count = unicode_text(size if len(trained) == 1 else integer(len(trained)) * size)
        rows.append((words, dims, unicode_text(applied.parameters), trained_count))
    return Fact(
        "batchnorm-parameters",
        "batch-norm",
        "Batch normalization has four numbers a channel, two of them trained",
        (
            Proven("γ, β, moving mean and moving variance have C entries each", count(4)),
            Proven("γ and β are trained", count(2)),
        ),
        remarks=(
            "The axis must be that of the channels: the last one for channels last, the first after the batch "
            "(axis=1, for Keras counts the batch) for channels first.",
            "momentum and epsilon are numbers of the layer, not parameters.",
        ),
        rows=tuple(rows),
        sources=(KERAS, "PyTorch, torch.nn.BatchNorm2d", "the lecture notes"),
    )
