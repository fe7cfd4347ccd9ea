"""Derived rules of window positions: the usual formula, when there is one, and SAME padding."""

from __future__ import annotations

from functools import lru_cache

from symnet.kernel.derived.floors import between
from symnet.kernel.derived.lemmas import (
    LETTERS,
    ONE,
    added,
    by_lemma,
    combined,
    holds_by_signs,
    parts_of_two,
    positive,
    product_of,
    same,
)
from symnet.kernel.primitive.arithmetic import ceil_as_floor, extent, floor_bound, max_bound, window_value
from symnet.kernel.primitive.logic import assume, both, discharge, equivalence, instantiate, modus_ponens
from symnet.kernel.theorem import Theorem, derived_rule
from symnet.terms.propositions import Eq, Le
from symnet.terms.term import CeilDiv, FloorDiv, Max, Product, Sum, Symbol, Term, Windows, integer

__all__ = ["same_padding", "same_windows", "window_count", "window_fits"]

length, reach, spare, size, need = LETTERS[:5]
kernel_, dilation_, stride_ = (Symbol(f"window_{place}") for place in range(3))
_WINDOW = (kernel_, dilation_, stride_)


def same_padding(size: Term, kernel: Term, dilation: Term, stride: Term) -> Term:
    """The least padding that gives ⌈size/stride⌉ windows: ``max((⌈W/S⌉ − 1)·S + extent − W, 0)``."""
    return Max((CeilDiv(size, stride) - 1) * stride + extent(kernel, dilation) - size, integer(0))


def _positive(rule_name: str, kernel: Term, dilation: Term, stride: Term) -> None:
    for name, term in (("kernel", kernel), ("dilation", dilation), ("stride", stride)):
        positive(term, rule_name, name)


def _extent_is(kernel: Term, dilation: Term) -> Theorem:
    """That the extent of a window is what the lemmas say, however it is written."""
    return same(extent(kernel, dilation), Sum(product_of(dilation, Sum(kernel, integer(-1))), ONE))


@lru_cache(maxsize=1)
def _reach() -> Theorem:
    return assume(Eq(reach, extent(kernel_, dilation_)))


@lru_cache(maxsize=1)
def _counted() -> Theorem:
    """r = D·(F − 1) + 1, g = L − r, r ≤ L ⊢ Windows(L, F, D, S) = ⌊g/S⌋ + 1."""
    reach_is, spare_is, fits = (
        _reach(),
        assume(Eq(spare, Sum(length, Product(integer(-1), reach)))),
        assume(Le(reach, length)),
    )
    low, high = between(spare, stride_)
    quotient = FloorDiv(spare, stride_)
    meaning = floor_bound(integer(0), spare, stride_)
    natural = modus_ponens(meaning, combined(meaning.conclusion.args[1], (fits, 1), (spare_is, -1)))
    number = Sum(quotient, ONE)
    fibre = discharge((added(Le(ONE, number), natural),), window_value(length, *_WINDOW, number))
    first, second = fibre.conclusion.args[1].args
    return modus_ponens(
        fibre,
        both(
            (
                combined(first, (low, 1), (spare_is, 1), (reach_is, -1)),
                combined(second, (high, 1), (spare_is, -1), (reach_is, 1)),
            )
        ),
    )


@derived_rule
def window_count(length: Term, kernel: Term, dilation: Term, stride: Term) -> Theorem:
    """The number of windows is the usual formula. E is the extent D·(F − 1) + 1.

    ─────────────────────────────────────────────────────────  F, D, S ≥ 1
    E ≤ L ⊢ Windows(L, F, D, S) = ⌊(L − E)/S⌋ + 1
    """
    _positive("window_count", kernel, dilation, stride)
    reaches = extent(kernel, dilation)
    rest = length - reaches
    proofs = _extent_is(kernel, dilation), same(rest, Sum(length, product_of(integer(-1), reaches)))
    return by_lemma(
        _counted(), (LETTERS[0], *_WINDOW, reach, spare), (length, kernel, dilation, stride, reaches, rest), proofs
    )


@lru_cache(maxsize=1)
def _fitting() -> Theorem:
    """r = D·(F − 1) + 1 ⊢ 1 ≤ Windows(L, F, D, S) ⇔ r ≤ L."""
    windows = Windows(length, *_WINDOW)
    some = assume(Le(ONE, windows))
    starts, _ = parts_of_two(modus_ponens(window_value(length, *_WINDOW, windows), same(windows, windows)))
    forward = combined(Le(reach, length), (starts, 1), (some, stride_), (_reach(), 1))
    rest = Sum(length, Product(integer(-1), reach))
    counted = instantiate(_counted(), (spare,), (rest,))
    counted = discharge((same(rest, rest),), counted)
    fits = assume(Le(reach, length))
    meaning = floor_bound(integer(0), rest, stride_)
    natural = modus_ponens(meaning, added(meaning.conclusion.args[1], fits))
    return equivalence(forward, combined(Le(ONE, windows), (natural, 1), (counted, -1)))


@derived_rule
def window_fits(length: Term, kernel: Term, dilation: Term, stride: Term) -> Theorem:
    """There is a window exactly when the kernel fits.

    ─────────────────────────────────────────────  F, D, S ≥ 1
    ⊢ 1 ≤ Windows(L, F, D, S) ⇔ E ≤ L
    """
    _positive("window_fits", kernel, dilation, stride)
    terms = (length, kernel, dilation, stride, extent(kernel, dilation))
    return by_lemma(_fitting(), (LETTERS[0], *_WINDOW, reach), terms, (_extent_is(kernel, dilation),))


@lru_cache(maxsize=1)
def _same() -> Theorem:
    """r = D·(F − 1) + 1, v = (⌈W/S⌉ − 1)·S + r − W, l = W + max(v, 0), 1 ≤ W ⊢ Windows(l, F, D, S) = ⌈W/S⌉."""
    number, zero = CeilDiv(size, stride_), integer(0)
    reach_is, some = _reach(), assume(Le(ONE, size))
    need_is = assume(Eq(need, Sum(Product(Sum(number, integer(-1)), stride_), reach, Product(integer(-1), size))))
    length_is = assume(Eq(length, Sum(size, Max(need, zero))))
    as_floor = ceil_as_floor(size, stride_)
    quotient = as_floor.conclusion.args[1]
    _, high = between(*quotient.args)
    meaning = floor_bound(ONE, *quotient.args)
    one = combined(Le(ONE, number), (modus_ponens(meaning, added(meaning.conclusion.args[1], some)), 1), (as_floor, -1))
    padding = Max(need, zero)
    needed, _ = parts_of_two(modus_ponens(max_bound((need, zero), padding), holds_by_signs(Le(padding, padding))))
    most = Sum(Product(number, stride_), reach, Product(integer(-1), size), integer(-1))
    below = max_bound((need, zero), most)
    first, second = below.conclusion.args[1].args
    dilated = holds_by_signs(Le(ONE, kernel_))
    at_most = modus_ponens(
        below,
        both(
            (
                combined(first, (need_is, 1)),
                combined(second, (high, 1), (as_floor, -stride_), (reach_is, -1), (dilated, dilation_)),
            )
        ),
    )
    fibre = discharge((one,), window_value(length, *_WINDOW, number))
    first, second = fibre.conclusion.args[1].args
    return modus_ponens(
        fibre,
        both(
            (
                combined(first, (needed, 1), (length_is, -1), (need_is, -1), (reach_is, -1)),
                combined(second, (at_most, 1), (length_is, 1), (reach_is, 1)),
            )
        ),
    )


@derived_rule
def same_windows(size: Term, kernel: Term, dilation: Term, stride: Term) -> Theorem:
    """With SAME padding the number of windows is ⌈W/S⌉, whatever the kernel.

    ────────────────────────────────────────────────────────────────────────────  F, D, S ≥ 1
    1 ≤ W ⊢ Windows(W + max((⌈W/S⌉ − 1)·S + E − W, 0), F, D, S) = ⌈W/S⌉
    """
    _positive("same_windows", kernel, dilation, stride)
    reaches, padding = extent(kernel, dilation), same_padding(size, kernel, dilation, stride)
    needs, padded = padding.args[0], size + padding
    number = CeilDiv(size, stride)
    proofs = [
        _extent_is(kernel, dilation),
        same(needs, Sum(product_of(Sum(number, integer(-1)), stride), reaches, product_of(integer(-1), size))),
        same(padded, Sum(size, padding)),
    ]
    if size.least is not None and size.least >= 1:
        proofs.append(holds_by_signs(Le(ONE, size)))
    letters = (LETTERS[3], *_WINDOW, reach, need, LETTERS[0])
    return by_lemma(_same(), letters, (size, kernel, dilation, stride, reaches, needs, padded), tuple(proofs))
