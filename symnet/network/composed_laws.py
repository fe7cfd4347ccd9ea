"""What is the same for all layers with one map, proven once: its formula in plain form, and the closed form after it.

A layer with a map is an instance of these theorems, whatever stands before it.
"""

from __future__ import annotations

from functools import lru_cache

from symnet.kernel.rules import (
    assume,
    cut,
    discharge,
    floor_monotone,
    floor_nest,
    instantiate,
    linear,
    replace,
    sign,
)
from symnet.kernel.theorem import Theorem
from symnet.layers.laws.counting import HOLE, rewritten
from symnet.layers.laws.law import AxisMap
from symnet.terms.polynomial import normal_form, subtract
from symnet.terms.propositions import Eq, Le, Proposition
from symnet.terms.term import FloorDiv, Sum, Symbol, Term, integer

__all__ = ["closed_form_after", "formula_of", "plainly"]

ONE = integer(1)

#: The number of maps whose theorems are kept.
MAPS = 1024

#: y = ⌊(x + a)/m⌋ with x ≥ w is the size before a layer, ⌊(x + c)/k⌋ the size after it.
Y, X, A, W, C = (Symbol(f"letter_{place}", None) for place in range(5))
M, K = Symbol("divisor_0"), Symbol("divisor_1")


def plainly(theorem: Theorem) -> Theorem:
    """The theorem with its hypotheses rewritten without zero summands, ``W ≥ 3`` for ``W + 2·0 ≥ 3``, and without ``W ≤ W``."""
    for hypothesis in sorted(theorem.hypotheses, key=lambda hypothesis: hypothesis.serial):
        if isinstance(hypothesis, Le):
            shorter = Le(*map(_without_zeros, hypothesis.args))
            if shorter.args[0] is shorter.args[1]:
                theorem = cut(sign(hypothesis), theorem)
            elif shorter is not hypothesis:
                theorem = cut(linear(hypothesis, (assume(shorter),), (ONE,)), theorem)
    return theorem


def _without_zeros(side: Term) -> Term:
    if not isinstance(side, Sum) or side.constant is not None:
        return side
    kept = [part for part in side.args if part.constant != 0]
    return side if len(kept) == len(side.args) else Sum(*kept) if len(kept) > 1 else kept[0]


def formula_of(map_: AxisMap, size: Term) -> Theorem:
    """conditions ⊢ size after the layer = the layer's formula on ``size``, with the conditions in plain form."""
    if size.constant is not None:
        return plainly(map_.prove(size))
    return plainly(instantiate(_plain_law(map_), (HOLE,), (size,)))


@lru_cache(MAPS)
def _plain_law(map_: AxisMap) -> Theorem:
    return plainly(map_.prove(HOLE))


def closed_form_after(map_: AxisMap, before: Theorem, at_least: Theorem) -> Theorem | None:
    """l ≤ W ⊢ size after the layer = ⌊(W + a + b·m)/(m·n)⌋ from ``before``, Γ ⊢ size = ⌊(W + a)/m⌋ with numbers a and m, and ``at_least``,
    l ≤ W. ``None`` if the layer has letters, or asks for more than a size that is large enough.
    """
    size, floor = before.conclusion.args
    (start, offset), divisor = floor.args[0].args, floor.args[1]
    if map_.offset is None or map_.least is None or None in [part.constant for part in (*map_.offset, offset, divisor)]:
        return None
    by_signs = size.least is not None and size.least >= map_.least
    low = at_least.conclusion.args[0]
    if not by_signs and (low.constant is None or (low.constant + offset.constant) // divisor.constant < map_.least):
        return None
    shift, factor = (part.constant or 0 for part in map_.offset)
    values: dict[Symbol, Term] = {Y: size, X: start, A: offset, M: divisor}
    if not by_signs:
        values[W] = low
    if shift:
        values[C] = integer(offset.constant + shift * divisor.constant)
    if factor != 1:
        values[K] = integer(divisor.constant * factor)
    instance = instantiate(_composed(map_, by_signs), tuple(values), tuple(values.values()))
    proofs = [before]
    for hypothesis in sorted(instance.hypotheses, key=lambda hypothesis: hypothesis.serial):
        low, high = hypothesis.args
        if (low.constant is not None and high.constant is not None) or (by_signs and high is size):
            proofs.append(linear(hypothesis, (), ()))
        elif hypothesis is at_least.conclusion and not at_least.hypotheses:
            proofs.append(at_least)
    return discharge(tuple(proofs), instance)


@lru_cache(2 * MAPS)
def _composed(map_: AxisMap, by_signs: bool) -> Theorem:
    """y = ⌊(x + a)/m⌋, c = a + b·m, k = m·n, and that y is large enough ⊢ size after the layer = ⌊(x + c)/k⌋. With ``by_signs`` it is
    large enough by itself, l ≤ y; else since w ≤ x and l ≤ ⌊(w + a)/m⌋. Without b, c is a; with n = 1, k is m.
    """
    shift, factor = map_.offset or (integer(0), ONE)
    inner, enough = assume(Eq(Y, FloorDiv(Sum(X, A), M))), assume(Le(integer(map_.least or 1), Y))
    if not by_signs:
        bound = floor_monotone(inner, assume(Le(W, X)))
        lowest = assume(Le(enough.conclusion.args[0], bound.conclusion.args[0]))
        enough = linear(enough.conclusion, (lowest, bound), (ONE, ONE))
    law = map_.prove_affine(Y)
    for condition in sorted(law.hypotheses, key=lambda hypothesis: hypothesis.serial):
        law = cut(_from_bound(condition, enough), law)
    nested = floor_nest(inner, rewritten(law, FloorDiv(Sum(Y, shift), factor)))
    if shift.constant:
        size, floor = nested.conclusion.args
        pattern = Eq(size, FloorDiv(Sum(X, HOLE), floor.args[1]))
        nested = replace(assume(Eq(C, floor.args[0].args[1])), nested, pattern, HOLE)
    if factor.constant != 1:
        size, floor = nested.conclusion.args
        nested = replace(assume(Eq(K, floor.args[1])), nested, Eq(size, FloorDiv(floor.args[0], HOLE)), HOLE)
    return nested


def _from_bound(condition: Proposition, enough: Theorem) -> Theorem:
    """⊢ condition on y from l ≤ y."""
    gap = subtract(normal_form(condition.args[1]), normal_form(condition.args[0]))
    slope = gap.get(((Y, 1),), 0)
    return linear(condition, (enough,), (integer(slope),)) if slope else linear(condition, (), ())
