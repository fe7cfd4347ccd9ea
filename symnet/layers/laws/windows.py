"""The laws of windows: explicit padding, SAME, causal.

W is the input size, F the filter, S the stride, P the padding, D the dilation.
"""

from __future__ import annotations

import dataclasses
from functools import cache

from symnet.kernel.derived.windows import same_padding
from symnet.kernel.primitive.arithmetic import extent
from symnet.kernel.rules import (
    assume,
    ceil_as_floor,
    chain,
    cut,
    flip,
    floor_shift,
    linear,
    polynomial_identity,
    same_windows,
    window_count,
)
from symnet.kernel.theorem import Theorem
from symnet.layers.laws.exactness import by_last_window, last_fits
from symnet.layers.laws.law import AxisMap, Field, Law
from symnet.layers.laws.padding import CAUSAL, SAME, SAME_LOWER
from symnet.layers.laws.window import Window
from symnet.terms.propositions import Divides, Le
from symnet.terms.term import CeilDiv, FloorDiv, Max, Mod, Sum, Symbol, Term, integer

__all__ = [
    "causal_law",
    "dilated_law",
    "remedy",
    "rewritten",
    "same_before",
    "same_law",
    "same_lower_law",
    "tensorflow_law",
    "uneven_law",
    "window_law",
    "window_maps",
]  # fmt: skip

W = Symbol("W", None)
F, S, D = Symbol("F"), Symbol("S"), Symbol("D")
P, P1, P2 = Symbol("P", 0), Symbol("P1", 0), Symbol("P2", 0)
ONE = integer(1)


def _window(
    name: str, source: str, dilation: Term, before: Term, after: Term, length: Term, condition: Le, gap: Term
) -> Law:
    """A law that counts the windows of the padded ``length``, in textbook form ⌊gap/S⌋ + 1. ``before`` and ``after``
    are the padding, ``condition`` is that one window fits.
    """
    windows = window_count(length, F, dilation, S)
    (hypothesis,) = windows.hypotheses
    windows = cut(linear(hypothesis, (assume(condition),), (ONE,)), windows)
    theorem = rewritten(windows, FloorDiv(gap, S) + 1)
    shifted = rewritten(chain(theorem, floor_shift(gap, S, ONE)), _floor_affine(length, dilation))
    symbols = tuple(symbol for symbol in (W, F, S, P, P1, P2, D) if symbol is W or symbol in _mentioned(gap, S))
    return Law(
        name,
        symbols,
        theorem,
        source,
        affine=shifted,
        exact=Divides(S, gap),
        field=Field(extent(F, dilation) if dilation is not ONE else F, S, before, after, dilation),
        remedy=remedy,
        reason=REASONS[name],
    )


def _mentioned(*terms: Term) -> set[Symbol]:
    from symnet.terms.term import symbols_of

    return set(symbols_of(*terms))


def _floor_affine(length: Term, dilation: Term) -> Term:
    reach = F if dilation is ONE else extent(F, dilation)
    padding = length.args[1:]
    offset = sum(padding[1:], padding[0]) if padding else integer(0)
    return FloorDiv(W + (offset - reach + S), S)


def rewritten(theorem: Theorem, right: Term) -> Theorem:
    """Rewrites the right side of an equality as ``right``, which must be the same polynomial."""
    return chain(theorem, polynomial_identity(theorem.conclusion.args[1], right))


def remedy(size: Term, values: dict[Symbol, Term], spare: int = 0) -> str:
    """What would make a window fit that may reach ``spare`` entries past the end, in words; "" unless all values are
    numbers.
    """
    kernel, dilation = values[F].constant, values.get(D, ONE).constant
    padding = [values[symbol].constant for symbol in (P, P, P1, P2) if symbol in values]
    if size.constant is None or kernel is None or dilation is None or None in padding:
        return ""
    length = size.constant + spare + sum(amount for amount in padding if amount is not None)
    reach = dilation * (kernel - 1) + 1
    largest = (length - 1) // dilation + 1
    more = -(-(reach - length) // 2)
    remedies = [f"a kernel of at most {largest}"] if largest >= 1 else []
    if P in values:
        remedies.append(f"padding of at least {more + (values[P].constant or 0)}")
    return " or ".join([*remedies, f"an input of at least {size.constant + reach - length}"]) + " would fit"


CS231N = "cs231n, Convolutional Neural Networks: (W − F + 2P)/S + 1"
DUMOULIN = "Dumoulin & Visin, A guide to convolution arithmetic for deep learning, relationship 15 (dilated)"
TENSORFLOW = "TensorFlow, tf.nn.convolution: SAME gives ⌈W/S⌉"


#: Why the number of windows is as the formula says, by the name of the law.
REASONS = {
    "window count": "Window k starts at entry kS of the padded input and ends inside it when kS + F ≤ W + 2P. The last start is the "
    "largest such k, ⌊(W − F + 2P)/S⌋; the starts are 0 … that, hence + 1.",
    "dilated window count": "F entries that stand D apart reach over D(F − 1) + 1: this extent takes the place of the kernel. Window k "
    "ends inside the padded input when kS + D(F − 1) + 1 ≤ W + 2P; the starts are 0 … the largest such k, hence + 1.",
    "uneven window count": "As with even padding, where 2P is P1 before and P2 after: window k ends inside when kS + D(F − 1) + 1 ≤ "
    "W + P1 + P2; the starts are 0 … the largest such k, hence + 1.",
    "causal window count": "The D(F − 1) entries that a window reaches back over are padded before the input, so window k ends at entry "
    "kS of the input itself: kS ≤ W − 1. The starts are 0 … ⌊(W − 1)/S⌋, hence + 1.",
    "same window count": "SAME pads as much as it takes for windows to start at every S-th entry of the input: at 0, S, 2S, … as long as "
    "kS ≤ W − 1, which are ⌈W/S⌉, whatever the kernel.",
    "VALID window count": "Without padding window k ends inside when kS + F ≤ W (with dilation, its extent): ⌊(W − F)/S⌋ + 1 starts. "
    "⌊x/S⌋ + 1 = ⌈(x + 1)/S⌉ writes that as TensorFlow does.",
}


@cache
def window_law() -> Law:
    """Explicit padding P on both sides, no dilation.

    >>> window_law().theorem
    F <= W + 2*P ⊢ windows(W + 2*P, F, 1, S) == (W - F + 2*P)//S + 1
    """
    return _window("window count", CS231N, ONE, P, P, W + 2 * P, Le(F, W + 2 * P), W - F + 2 * P)


@cache
def dilated_law() -> Law:
    """Explicit padding P on both sides, dilation D."""
    gap = W - D * (F - 1) - 1 + 2 * P
    return _window("dilated window count", DUMOULIN, D, P, P, W + 2 * P, Le(extent(F, D), W + 2 * P), gap)


@cache
def uneven_law() -> Law:
    """Padding P1 before and P2 after, dilation D."""
    length = W + P1 + P2
    gap = W - D * (F - 1) - 1 + P1 + P2
    return _window("uneven window count", DUMOULIN, D, P1, P2, length, Le(extent(F, D), length), gap)


@cache
def causal_law() -> Law:
    """Causal padding: all D·(F − 1) entries that the kernel reaches over are added before the start: ⌊(W − 1)/S⌋ + 1
    windows.
    """
    length = W + D * (F - 1)
    counted = window_count(length, F, D, S)
    (asked,) = counted.hypotheses
    counted = cut(linear(asked, (assume(Le(ONE, W)),), (ONE,)), counted)
    theorem = rewritten(counted, FloorDiv(W - 1, S) + 1)
    shifted = chain(theorem, floor_shift(W - 1, S, ONE))
    return Law(
        "causal window count",
        (W, F, S, D),
        theorem,
        "Keras, Conv1D: padding='causal'",
        affine=rewritten(shifted, FloorDiv(W + (S - 1), S)),
        exact=Divides(S, W - 1),
        field=Field(extent(F, D), S, D * (F - 1), integer(0), D),
        reason=REASONS["causal window count"],
    )


def _same_field(half: type[FloorDiv | CeilDiv]) -> Field:
    """The window of SAME for sizes that the stride divides: what a window reaches past its stride is padded, half of
    it (rounded by ``half``) before the start.
    """
    before = half(Max(extent(F, D) - S, integer(0)), integer(2))
    return Field(extent(F, D), S, before, D * (F - 1) - before, D)


def _same_placing(half: type[FloorDiv | CeilDiv]) -> Term:
    """SAME's padding before the start for every input size; ``half`` rounds half of the total padding."""
    return half(same_padding(W, F, D, S), integer(2))


def same_before(size: Term, field: Field, law: Law) -> Term | None:
    """Padding before the start that SAME gives a symbolic size: ⌊(R − S + (−W mod S))/2⌋ for a window R and stride S
    that are numbers; ``None`` if they are not, or if it is the same for every size.

    >>> W, law = Symbol("W"), same_law()
    >>> same_before(W, law.at(integer(3), integer(2), integer(1)).field, law)
    <FloorDiv (1 + (-W) % 2)//2>
    """
    reach, stride = field.size.constant, field.stride.constant
    if reach is None or stride is None:
        return None
    odd = int(isinstance(law.placing, CeilDiv))  # SAME_LOWER adds the odd entry before the input
    if (max(reach - stride, 0) + odd) // 2 == (reach - 1 + odd) // 2:  # the least and the greatest padding are the same
        return None
    rest = Mod(-size, integer(stride))
    around = (
        Sum(integer(reach - stride), rest)
        if reach > stride
        else rest
        if reach == stride
        else Max(Sum(rest, integer(reach - stride)), integer(0))
    )
    return FloorDiv(around + 1 if odd else around, integer(2))


@cache
def same_law() -> Law:
    """SAME padding: ⌈W/S⌉ windows, whatever the kernel. If the kernel is smaller than the stride there is no padding,
    and entries after the last window may be dropped.

    >>> same_law().theorem.conclusion.args[1]
    <CeilDiv ceildiv(W, S)>
    """
    theorem = same_windows(W, F, D, S)
    shifted = chain(theorem, ceil_as_floor(W, S))
    return Law(
        "same window count",
        (W, F, S, D),
        theorem,
        TENSORFLOW,
        affine=rewritten(shifted, FloorDiv(W + (S - 1), S)),
        exact=last_fits(W, extent(F, D), S),
        field=_same_field(FloorDiv),
        placing=_same_placing(FloorDiv),
        reason=REASONS["same window count"],
    )


@cache
def same_lower_law() -> Law:
    """SAME padding with the odd entry before the input: the same sizes with another padding."""
    return dataclasses.replace(same_law(), field=_same_field(CeilDiv), placing=_same_placing(CeilDiv))


@cache
def tensorflow_law(dilated: bool) -> Law:
    """VALID in TensorFlow's form, ⌈(W − E + 1)/S⌉, which is the same number.

    >>> tensorflow_law(False).theorem
    F <= W ⊢ windows(W, F, 1, S) == ceildiv(W - F + 1, S)
    """
    dilation, reach = (D, extent(F, D)) if dilated else (ONE, F)
    counted = window_count(W, F, dilation, S)
    (asked,) = counted.hypotheses
    counted = cut(linear(asked, (assume(Le(reach, W)),), (ONE,)), counted)
    gap = W - D * (F - 1) - 1 if dilated else W - F
    numerator = W - D * (F - 1) if dilated else W - F + 1
    shifted = chain(rewritten(counted, FloorDiv(gap, S) + 1), floor_shift(gap, S, ONE))
    floor = ceil_as_floor(numerator, S)
    return Law(
        "VALID window count",
        (W, F, S, D) if dilated else (W, F, S),
        chain(rewritten(shifted, floor.conclusion.args[1]), flip(floor)),
        "TensorFlow, tf.nn.convolution: VALID gives ⌈(W − F + 1)/S⌉",
        affine=rewritten(shifted, FloorDiv(W + (S - reach), S)),
        exact=Divides(S, gap),
        field=Field(reach, S, integer(0), apart=dilation),
        remedy=remedy,
        reason=REASONS["VALID window count"],
    )


@cache
def window_maps(axes: tuple[Window, ...], mode: str, ceiling: bool = False) -> tuple[AxisMap, ...]:
    """The map of each axis of a convolution or pooling layer; ``ceiling`` writes VALID in TensorFlow's form."""
    return tuple(_window_map(window, mode, ceiling) for window in axes)


def _window_map(window: Window, mode: str, ceiling: bool) -> AxisMap:
    kernel, stride, dilation, before, after = window.kernel, window.stride, window.dilation, window.before, window.after
    if mode in (SAME, SAME_LOWER):
        law = same_law() if mode == SAME else same_lower_law()
        return by_last_window(law, window, W).at(kernel, stride, dilation)
    if mode == CAUSAL:
        return causal_law().at(kernel, stride, dilation)
    dilated = dilation.constant != 1
    if ceiling and before.constant == after.constant == 0:
        return tensorflow_law(dilated).at(kernel, stride, *([dilation] if dilated else []))
    if before is not after:
        return uneven_law().at(kernel, stride, before, after, dilation)
    return dilated_law().at(kernel, stride, before, dilation) if dilated else window_law().at(kernel, stride, before)
