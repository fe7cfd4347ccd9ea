"""Facts about the minimum of cross-entropy: it is at the labels themselves."""

from __future__ import annotations

from symnet.facts.fact import Fact, Proven, definition, fact
from symnet.facts.tactics import HOLE, chained, put, settle
from symnet.kernel.real import rules as R
from symnet.kernel.real.expressions import Entry, Log, Real, Total, Variable, number
from symnet.kernel.real.statements import AtMost, Equal, ForAll, Less, Nonzero, substitute
from symnet.kernel.real.theorem import RealTheorem
from symnet.terms.term import Symbol

__all__ = ["binary_crossentropy_minimum", "categorical_crossentropy_minimum"]

ZERO, ONE = number(0), number(1)
N, K_ = Symbol("N"), Symbol("k", 0)
GIBBS = "Cover & Thomas 2006, Elements of Information Theory, theorem 2.6.3"


def _log_ratio(p: Real, y: Real, *known: RealTheorem, strict: bool = False) -> RealTheorem:
    """Proves log p − log y ≤ p/y − 1, or with ``strict`` < where p/y is not 1."""
    bound = settle(R.log_bound_strict(p / y) if strict else R.log_bound(p / y), *known)
    logs = settle(R.log_quotient(p, y), *known)
    kind = Less if strict else AtMost
    return R.replace(R.flip(logs), bound, kind(HOLE, p / y - 1), HOLE)


def _gibbs(p: Real, y: Real) -> RealTheorem:
    """Proves 0 < p, 0 ≤ y ⊢ y·log p − y·log y ≤ p − y; for y = 0 the left side is 0, whatever log 0 is."""

    def claim(label: Real) -> AtMost:
        return AtMost(label * Log(p) - label * Log(label), p - label)

    signs = tuple(R.assume(Less(ZERO, term)) for term in (y, p))
    positive = settle(R.combine(claim(y), (_log_ratio(p, y, *signs),), signs[:1]), *signs)
    at_zero = R.combine(substitute(claim(HOLE), {HOLE: ZERO}), (signs[1],), (R.positive(ONE, ()),))
    zero = R.replace(R.assume(Equal(y, ZERO)), at_zero, claim(HOLE), HOLE)
    return R.by_sign(positive, zero, y)


def _binary_loss(label: Real, share: Real) -> Real:
    return -(label * Log(share) + (1 - label) * Log(1 - share))


def _only_at_the_label(y: Real, p: Real) -> RealTheorem:
    """Proves 0 ≤ y ≤ 1, 0 < p < 1, p ≠ y ⊢ the loss at p = y is less than the loss at p."""

    def claim(label: Real) -> Less:
        return Less(_binary_loss(label, label), _binary_loss(label, p))

    signs = tuple(R.assume(Less(ZERO, term)) for term in (y, 1 - y, p, 1 - p))
    second = _log_ratio(1 - p, 1 - y, *signs)
    apart = R.nonzero_quotient(R.assume(Nonzero(p - y)), settle(R.nonzero(signs[0])))
    ratio = settle(R.field_identity(p / y - 1, (p - y) / y), *signs)
    unequal = R.replace(ratio, apart, Nonzero(HOLE), HOLE)
    below = R.cut(unequal, _log_ratio(p, y, *signs, strict=True))
    within = settle(R.combine_strictly(claim(y), (below, second), signs[:2]), *signs)
    # for a label of 0 or 1 only one logarithm remains, which is below its tangent
    once, log_one = R.positive(ONE, ()), put(R.exp_zero(), Log(HOLE))
    none = R.replace(R.chain(R.flip(log_one), R.log_exp(ZERO)), R.not_negative(ZERO, ()), AtMost(ZERO, HOLE), HOLE)
    ends = []
    for label, share, other in ((ZERO, 1 - p, signs[2]), (ONE, p, signs[3])):
        there = substitute(claim(HOLE), {HOLE: label})
        end = settle(R.combine_strictly(there, (R.log_bound(share), none, other), (once, once, once)), *signs[2:])
        ends.append(R.replace(R.assume(Equal(y, label)), end, claim(HOLE), HOLE))
    at_zero, at_one = ends
    gap = R.assume(Equal(1 - y, ZERO))
    back = chained(R.field_identity(y, 1 - (1 - y)), put(gap, 1 - HOLE))
    one = chained(back, R.field_identity(back.conclusion.args[1], ONE))
    return R.by_sign(R.by_sign(within, at_zero, y), R.cut(one, at_one), 1 - y)


@fact
def binary_crossentropy_minimum() -> Fact:
    """Proves that binary cross-entropy is least at p = y, and only there."""
    y, p = Variable("y"), Variable("p")
    once = R.positive(ONE, ())
    least = R.combine(
        AtMost(_binary_loss(y, y), _binary_loss(y, p)), (_gibbs(p, y), _gibbs(1 - p, 1 - y)), (once, once)
    )
    only = _only_at_the_label(y, p)
    sure = R.combine_strictly(
        Less(ZERO, -Log(p)),
        (R.log_bound(p), R.assume(Less(p, ONE))),
        (R.positive(ONE, ()), R.positive(ONE, ())),
    )
    return Fact(
        "binary-crossentropy-minimum",
        "losses",
        "Binary cross-entropy is least at p = y, and there only",
        (
            Proven("No p has a smaller loss than p = y", least),
            Proven("Any other p has a larger one", only),
            Proven(
                "For a label of 1 the loss −log p is positive for every p below 1: 0 is approached, not reached", sure
            ),
        ),
        definition((Variable("L_y"), _binary_loss(y, y)), (Variable("L_p"), _binary_loss(y, p))),
        (
            "Labels of 0 and 1 are covered: 0·log 0 counts as 0, its limit.",
            "For a label between 0 and 1 the least loss is not 0 but the label's entropy.",
        ),
        sources=(GIBBS,),
    )


@fact
def categorical_crossentropy_minimum() -> Fact:
    """Proves that no shares p have a smaller categorical cross-entropy than the labels themselves."""
    y, p = Entry("y", K_), Entry("p", K_)
    laws = (ForAll(K_, AtMost(ZERO, y)), ForAll(K_, Less(ZERO, p)))
    one_y, one_p = (R.assume(Equal(Total(K_, N, entry), ONE)) for entry in (y, p))
    entry = _gibbs(p, y)
    for law in laws:
        entry = R.cut(R.for_every(R.assume(law), K_), entry)
    total = R.total_order(entry, K_, N)
    ends = R.total_identity(total.conclusion.args[1], Total(K_, N, p) - Total(K_, N, y))
    ended = R.replace(R.flip(ends), total, AtMost(total.conclusion.args[0], HOLE), HOLE)
    left = total.conclusion.args[0]
    ended = R.replace(R.flip(one_p), ended, AtMost(left, HOLE - Total(K_, N, y)), HOLE)
    ended = R.replace(R.flip(one_y), ended, AtMost(left, ONE - HOLE), HOLE)
    loss_y, loss_p = -Total(K_, N, y * Log(y)), -Total(K_, N, y * Log(p))
    least = R.combine(AtMost(loss_y, loss_p), (ended,), (R.positive(ONE, ()),))
    return Fact(
        "categorical-crossentropy-minimum",
        "losses",
        "Categorical cross-entropy is least at p = y",
        (Proven("No shares have a smaller loss than the labels themselves", least),),
        definition((Variable("L_y"), loss_y), (Variable("L_p"), loss_p)),
        (
            "One-hot labels are covered: 0·log 0 counts as 0, its limit. A softmax gives no p of 0.",
            "This is Gibbs' inequality; the difference of both sides is the Kullback–Leibler divergence of p from y.",
        ),
        sources=(GIBBS,),
    )
