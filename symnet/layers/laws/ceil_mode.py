"""Pooling that rounds up: one more window where entries are left over, unless it would start in the padding after.

PyTorch works the count out as ``⌊(W + P₁ + P₂ − E + S − 1)/S⌋ + 1``, less 1 if the last window does not start before
``W + P₁``. With less padding after than E (PyTorch asks for half) that is the smaller of two plain counts of windows:
those that fit when S − 1 more entries are allowed at the end, and those that start inside the input or the padding
before it (windows of one entry). E = D·(F − 1) + 1 is the extent of a window.
"""

from __future__ import annotations

from functools import cache

from symnet.kernel.primitive.arithmetic import extent
from symnet.kernel.rules import (
    assume,
    ceil_as_floor,
    chain,
    cut,
    flip,
    floor_monotone,
    floor_shift,
    linear,
    min_first,
    polynomial_identity,
    replace,
    window_count,
)
from symnet.kernel.theorem import Theorem
from symnet.layers.laws.exactness import by_last_window, last_fits
from symnet.layers.laws.law import AxisMap, Field, Law
from symnet.layers.laws.window import Window
from symnet.layers.laws.windows import ONE, P1, P2, D, F, P, S, W, remedy, rewritten
from symnet.terms.polynomial import least, normal_form
from symnet.terms.propositions import Eq, Le
from symnet.terms.term import FloorDiv, Min, Sum, Symbol, Term, symbols_of

__all__ = ["ceil_law", "ceil_maps", "never_clamped_law"]

SOURCE = "PyTorch, aten/src/ATen/native/Pool.h, pooling_output_shape_pad_lr; ONNX, convPoolShapeInference"
HOLE = Symbol("x", None)

#: Why the formula is so: for windows that cannot start past the input, then for those that may.
ROUNDED_UP = (
    "ceil_mode lets the last window reach up to S − 1 entries past the end: window k counts when kS + F ≤ W + 2P + S − 1 (with dilation, "
    "its extent). Rounding ⌊(… + S − 1)/S⌋ down is rounding up."
)
CLAMPED = (
    f"{ROUNDED_UP} But no window may start in the padding after the input, kS < W + P: the smaller of the two numbers."
)


def _fitting(length: Term, kernel: Term, dilation: Term) -> Theorem:
    """Counts the windows that fit if S − 1 entries are added at the end: ⌊(L − E + 2S − 1)/S⌋, for at least one
    window.
    """
    reach = extent(kernel, dilation) if dilation is not ONE else kernel
    windows = window_count(length + S - 1, kernel, dilation, S)
    (asked,) = windows.hypotheses
    condition = Le(reach, length + S - 1)
    return cut(linear(asked, (assume(condition),), (ONE,)), windows)


def _starting(before: Term) -> Theorem:
    """Counts the windows that start before position ``before``: ⌊(B + (S − 1))/S⌋, since 1 ≤ W ≤ B."""
    windows = window_count(before, ONE, ONE, S)
    (condition,) = windows.hypotheses
    windows = cut(linear(condition, (assume(Le(ONE, W)),), (ONE,)), windows)
    windows = rewritten(windows, FloorDiv(before - 1, S) + 1)
    windows = chain(windows, floor_shift(before - 1, S, ONE))
    return rewritten(windows, FloorDiv(Sum(before, S - 1), S))


def _rounded_up(counted: Theorem, gap: Term) -> Theorem:
    """Rewrites the count ⌊(gap + S − 1)/S⌋ + 1 as ⌈gap/S⌉ + 1."""
    floor = FloorDiv(Sum(gap, S, -ONE), S)
    return replace(ceil_as_floor(gap, S), rewritten(counted, floor + 1), Eq(counted.conclusion.args[0], HOLE + 1), HOLE)


def _law(name: str, padding: tuple[Symbol, ...], dilation: Term, clamped: bool) -> Law:
    first, last = padding[0], padding[-1]
    amounts = (2 * first,) if first is last else (first, last)
    total = Sum(*amounts) if len(amounts) > 1 else amounts[0]
    reach = F if dilation is ONE else extent(F, dilation)
    before, length = W + first, Sum(W, *amounts)
    gap = Sum(*(W - F if dilation is ONE else W - dilation * (F - 1) - 1).args, *amounts)
    fitting = _fitting(length, F, dilation)
    starting = _starting(before)
    rounded = _rounded_up(fitting, gap)
    counts = Min(fitting.conclusion.args[0], starting.conclusion.args[0])
    symbols = (W, F, S, *padding, *symbols_of(dilation))
    common = (name, symbols)
    window = Field(reach, S, first, last + S - 1, dilation)  # a window may reach past the end
    if clamped:
        ceiling = rewritten(starting, FloorDiv(Sum(before, S, -ONE), S))
        ceiling = chain(ceiling, flip(ceil_as_floor(before, S)))
        theorem = polynomial_identity(counts, Min(*counts.args))
        for equation in (rounded, ceiling):  # each of the two counts is replaced by its formula
            theorem = _put(equation, theorem)
        # a last window that reaches past the end drops nothing; one that was clamped drops the entries it would have
        # covered
        exact = last_fits(before, reach, S)
        return Law(*common, theorem, SOURCE, exact=exact, field=window, remedy=_remedy, reason=CLAMPED)
    never = Le(last + S, reach)
    shifted = rewritten(chain(rewritten(fitting, FloorDiv(gap + S - 1, S) + 1), floor_shift(gap + S - 1, S, ONE)),
                        FloorDiv(Sum(gap + S, S - 1), S))  # fmt: skip
    fewer = floor_monotone(starting, linear(Le(gap + S, before), (assume(never),), (ONE,)))
    fewer = replace(shifted, fewer, Le(HOLE, starting.conclusion.args[0]), HOLE)
    theorem = chain(min_first(fewer), rounded)
    affine = rewritten(chain(min_first(fewer), shifted), FloorDiv(Sum(W, total - reach + 2 * S - 1), S))
    return Law(*common, theorem, SOURCE, affine=affine, field=window, remedy=_remedy, reason=ROUNDED_UP)


def _put(equation: Theorem, theorem: Theorem) -> Theorem:
    """From ``size = min(…, count, …)`` and ``count = formula`` follows ``size = min(…, formula, …)``."""
    count = equation.conclusion.args[0]
    size, whole = theorem.conclusion.args
    pattern = Eq(size, Min(*(HOLE if part is count else part for part in whole.args)))
    return replace(flip(equation), theorem, pattern, HOLE)


def _remedy(size: Term, values: dict[Symbol, Term]) -> str:
    """What would make the first window fit, in words; "" unless all values are numbers."""
    return remedy(size, values, (values[S].constant or 1) - 1)


@cache
def ceil_law(uneven: bool) -> Law:
    """PyTorch's window count with ceil_mode, for padding P on both sides, or with ``uneven`` for P1, P2 and a dilation
    D.

    >>> ceil_law(False).theorem.conclusion.args[1]
    <Min min(ceildiv(W - F + 2*P, S) + 1, ceildiv(W + P, S))>
    """
    return _law("windows, rounded up", (P1, P2) if uneven else (P,), D if uneven else ONE, True)


@cache
def never_clamped_law(uneven: bool) -> Law:
    """The law of :func:`ceil_law` under P + S ≤ E: no window can start in the padding after, so the formula is
    floor-affine.

    >>> never_clamped_law(False).affine.conclusion.args[1]
    <FloorDiv (W + (2*P - F + 2*S - 1))//S>
    """
    return _law("windows, rounded up, never clamped", (P1, P2) if uneven else (P,), D if uneven else ONE, False)


@cache
def ceil_maps(axes: tuple[Window, ...]) -> tuple[AxisMap, ...]:
    """The map of each axis of a pooling with ceil_mode. The minimum is left out if the numbers, or the signs of the
    symbols, show that no window starts in the padding after.
    """
    return tuple(map(_ceil_map, axes))


def _ceil_map(window: Window) -> AxisMap:
    uneven = window.before is not window.after or window.dilation.constant != 1
    slack = least(normal_form(extent(window.kernel, window.dilation) - window.after - window.stride))
    if slack is not None and slack >= 0:
        law = never_clamped_law(uneven)
    else:
        law = by_last_window(ceil_law(uneven), window, W + (P1 if uneven else P))
    rest = (window.after, window.dilation) if uneven else ()
    return law.at(window.kernel, window.stride, window.before, *rest)
