"""The laws of transposed convolution: sizes o that a convolution takes back to i.

The convolution with kernel F, stride S, padding P takes o to ``Windows(o + 2P, F, D, S)``. The o it takes to i are its
fibre, S sizes in a row: ``S(i − 1) + E − 2P ≤ o < S(i − 1) + E − 2P + S`` for i ≥ 1, and ``S(i − 1) < o ≤ S·i`` for
SAME. A transposed convolution must choose one of them; each framework's choice is a law of its own. In the laws W is
the input size, O the entries added at the end (output_padding), E = D·(F − 1) + 1 the extent of a window. By
definition the size is the number of output entries, counted as windows of one entry.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

from symnet.kernel.primitive.arithmetic import extent
from symnet.kernel.rules import (
    assume,
    both,
    ceil_as_floor,
    chain,
    cut,
    equivalence,
    flip,
    floor_shift,
    floor_value,
    iff_chain,
    linear,
    part,
    polynomial_identity,
    replace,
    same_windows,
    sign,
    window_count,
    window_value,
)
from symnet.kernel.theorem import Theorem
from symnet.layers.laws.law import Law, Way
from symnet.layers.laws.windows import ONE, P1, P2, D, F, P, S, W, rewritten
from symnet.terms.polynomial import from_polynomial, normal_form, subtract
from symnet.terms.propositions import And, Eq, Iff, Le, Lt, Proposition
from symnet.terms.term import FloorDiv, Max, Min, Product, Sum, Symbol, Term, integer, symbols_of

__all__ = [
    "FIBRE", "OUTPUT", "SAME_FIBRE", "centred_law", "chosen_law", "cropped_law", "explicit_fibre", "natural_law",
    "same_fibre", "stretched_law", "times_stride_law",
]  # fmt: skip

O = Symbol("O", 0)  # noqa: E741
#: The output size, as an unknown.
OUTPUT = Symbol("o")
HOLE = Symbol("x", None)
ZERO = integer(0)

DUMOULIN = "Dumoulin & Visin, A guide to convolution arithmetic for deep learning, relationships 8 to 14"
NOTES = "the lecture notes: o = s(i − 1) + k − 2p"
KERAS = "Keras, keras/src/backend/common/backend_utils.py, _get_output_shape_given_tf_padding"
ONNX = "ONNX, onnx/defs/nn/defs.cc, convTransposeShapeInference"
TENSORFLOW = (
    "TensorFlow, tensorflow/core/kernels/conv_grad_shape_utils.cc: the forward convolution must give the input back"
)

#: The symbols of the fibres, in order: the input size W, the layer's values, the output size.
FIBRE = (W, F, S, P1, P2, D, OUTPUT)
SAME_FIBRE = (W, F, S, D, OUTPUT)


# ---- the fibre -----------------------------------------------------------------------------------------------


@cache
def explicit_fibre() -> Theorem:
    """The sizes o that a convolution with explicit padding takes to W ≥ 1.

    >>> explicit_fibre().conclusion.args[1]
    <And S*(W - 1) + (D*(F - 1) + 1) - P1 - P2 <= o and o < S*(W - 1) + (D*(F - 1) + 1) - P1 - P2 + S>
    """
    value = window_value(OUTPUT + P1 + P2, F, D, S, W)
    low = S * (W - 1) + extent(F, D) - P1 - P2
    return iff_chain(value, _same_bounds(value.conclusion.args[1], And(Le(low, OUTPUT), Lt(OUTPUT, low + S))))


@cache
def same_fibre() -> Theorem:
    """The sizes o that a convolution with SAME padding takes to W.

    >>> same_fibre().conclusion.args[1]
    <And S*(W - 1) < o and o <= S*W>
    """
    counted = same_windows(OUTPUT, F, D, S)
    ceiling = ceil_as_floor(OUTPUT, S)
    value = floor_value(ceiling.conclusion.args[1].args[0], S, W)
    for equation in (ceiling, counted):
        value = replace(equation, value, Iff(Eq(HOLE, W), value.conclusion.args[1]), HOLE)
    return iff_chain(value, _same_bounds(value.conclusion.args[1], And(Lt(S * (W - 1), OUTPUT), Le(OUTPUT, S * W))))


def _same_bounds(one: And, two: And) -> Theorem:
    """⊢ p ∧ q ⇔ p' ∧ q', where each part of ``two`` is the same inequality as that of ``one`` in another form."""

    def forward(given: And, wanted: And) -> Theorem:
        known = assume(given)
        return both(tuple(linear(goal, (part(known, index),), (ONE,)) for index, goal in enumerate(wanted.args)))

    return equivalence(forward(one, two), forward(two, one))


# ---- the size that each framework chooses -------------------------------------------------------------------


def _weakened(theorem: Theorem, *conditions: Proposition) -> Theorem:
    """The same conclusion under additional hypotheses."""
    return part(both((theorem, *map(assume, conditions))), 0) if conditions else theorem


def _transposed_law(
    name: str,
    size: Term,
    shift: Term,
    source: str,
    *reasons: tuple[Theorem, Term],
    reason: str,
    ways: Callable[[], tuple[Way, ...]] | None = None,
) -> Law:
    """The law ``Windows(size, 1, 1, 1) = size`` (an entry is a window of size 1), also in the form S·W + ``shift``.
    ``reasons`` are (theorem, multiplier) pairs whose sum proves size ≥ 1; ``reason`` says in words why the size is so,
    ``ways`` makes other derivations of it.
    """
    windows = window_count(size, ONE, ONE, ONE)
    (hypothesis,) = windows.hypotheses
    premises, multipliers = zip(*reasons, strict=True)
    enough = linear(hypothesis, premises, multipliers)
    theorem = rewritten(cut(enough, windows), size)
    used = symbols_of(size)
    symbols = tuple(symbol for symbol in (W, F, S, P, P1, P2, O, D) if symbol is W or symbol in used)
    scaling = rewritten(theorem, Sum(Product(S, W), shift))
    return Law(name, symbols, theorem, source, scaling=scaling, remedy=_remedy, reason=reason, ways=ways)


def _nonempty_input() -> tuple[Theorem, Term]:
    """The pair (1 ≤ W, S): the condition of a transposed convolution without padding."""
    return assume(Le(ONE, W)), S


def _nonempty_output(size: Term) -> tuple[Theorem, Term]:
    """The pair (1 ≤ size, 1): the condition that the output is not empty."""
    return assume(Le(ONE, size)), ONE


def _remedy(size: Term, values: dict[Symbol, Term]) -> str:
    """The padding that would leave at least one entry, in words; "" unless all values are numbers."""
    padded, stride = [values[symbol].constant for symbol in (P, P, P1, P2) if symbol in values], values[S].constant
    output_padding = values.get(O, ZERO).constant
    kernel, dilation = values.get(F, ONE).constant, values.get(D, ONE).constant
    if (
        size.constant is None
        or stride is None
        or output_padding is None
        or kernel is None
        or dilation is None
        or not padded
        or None in padded
    ):
        return ""
    most = stride * (size.constant - 1) + dilation * (kernel - 1) + output_padding
    return f"padding of at most {most} on both sides together would fit"


@cache
def natural_law(padding: str, dilated: bool, added: bool) -> Law:
    """Explicit padding: the least size of the fibre plus ``output_padding`` if ``added``. ``padding`` is none, even or
    uneven; ``dilated`` laws have a dilation D.

    >>> natural_law("even", False, True).theorem.conclusion.args[1]
    <Sum S*(W - 1) + F - 2*P + O>
    """
    kernel = (D * (F - 1) + 1).args if dilated else (F,)
    less = {"none": (), "even": (-2 * P,), "uneven": (-P1, -P2)}[padding]
    more = (O,) if added else ()
    size = Sum(S * (W - 1), *kernel, *less, *more)
    rest = Sum(*kernel, *less, *more, -S)
    reasons = (
        [_nonempty_output(size)]
        if less
        else [_nonempty_input(), (sign(Le(ONE, F)), D)]
        if dilated
        else [_nonempty_input()]
    )
    source = DUMOULIN if dilated else NOTES
    ways = partial(_two_ways, size, padding, dilated, added)
    return _transposed_law(
        "transposed window count", size, rest, source, *reasons, reason=_spread_reason(dilated, less, added), ways=ways
    )


def _spread_reason(dilated: bool, less: tuple[Term, ...], added: bool) -> str:
    """Why o = S(W − 1) + F − 2P, in words: where the first and the last input entry are spread to."""
    reach = "D(F − 1) + 1" if dilated else "F"
    reason = f"Entry i of the input is spread over the {reach} entries of the output that begin at S·i. The last one, i = W − 1, ends at "
    reason += f"S(W − 1) + {reach}"
    reason += (
        "; P entries are left out at either end"
        if len(less) == 1
        else "; P1 and P2 entries are left out at the ends"
        if less
        else ""
    )
    return reason + ("; output_padding O asks for O more." if added else ".")


def _two_ways(size: Term, padding: str, dilated: bool, added: bool) -> tuple[Way, ...]:
    """Two other derivations of the size: as the outputs that a convolution takes back to the input's size, and as a
    convolution of the input with zeros inserted between its entries.
    """
    dilation, reach = (D, D * (F - 1) + 1) if dilated else (ONE, F)
    padded: Term = {"none": OUTPUT, "even": OUTPUT + 2 * P, "uneven": OUTPUT + P1 + P2}[padding]
    least = from_polynomial(subtract(normal_form(size), normal_form(O))) if added else size
    value = window_value(padded, F, dilation, S, W)
    fibre = iff_chain(value, _same_bounds(value.conclusion.args[1], And(Le(least, OUTPUT), Lt(OUTPUT, least + S))))
    chosen = "the one that is O larger than the least" if added else "the least of them"
    first = Way(
        fibre,
        "the fibre: these are the outputs o that the convolution with the same values takes back to W; the transposed one gives "
        + chosen,
    )
    around = {"none": (), "even": (-2 * P,), "uneven": (-P1, -P2)}[padding]
    length = Sum(S * (W - 1), ONE, 2 * (reach - 1), *around, *((O,) if added else ()))
    counted = window_count(length, F, dilation, ONE)
    windows, formula = counted.conclusion.args
    theorem = rewritten(replace(flip(_undivided(formula.args[0])), counted, Eq(windows, HOLE + 1), HOLE), size)
    (asked,) = theorem.hypotheses
    second = Way(
        cut(linear(asked, (assume(Le(ONE, size)),), (ONE,)), theorem),
        "the same as a convolution with stride 1: S − 1 zeros between the entries make the input S(W − 1) + 1 long, and at either end it "
        "is padded with all but one tap of the window, less the padding" + ("; O more at the end" if added else ""),
    )
    return first, second


def _undivided(floor: Term) -> Theorem:
    """⊢ ⌊x/1⌋ = x."""
    numerator = floor.args[0]
    inside = flip(floor_shift(ZERO, ONE, numerator))
    first = chain(polynomial_identity(floor, inside.conclusion.args[0]), inside)
    return rewritten(first, numerator)


@cache
def stretched_law(dilated: bool) -> Law:
    """Keras's VALID: S·(W − 1) + max(E, S).

    >>> stretched_law(False).theorem.conclusion.args[1]
    <Sum S*(W - 1) + max(F, S)>
    """
    reach = extent(F, D) if dilated else F
    size = S * (W - 1) + Max(reach, S)
    reason = "Entry i is spread over the entries from S·i on, as many as the kernel reaches, and at least to where the next one begins."
    return _transposed_law("transposed VALID", size, Max(reach, S) - S, KERAS, _nonempty_input(), reason=reason)


@cache
def times_stride_law() -> Law:
    """SAME: the largest size of the fibre, S·W.

    >>> times_stride_law().theorem.conclusion.args[1]
    <Product S*W>
    """
    reason = "A SAME convolution with stride S takes o to ⌈o/S⌉, which is W for S(W − 1) < o ≤ S·W; the largest of them is taken."
    return _transposed_law("transposed SAME", S * W, ZERO, TENSORFLOW, _nonempty_input(), reason=reason)


@cache
def centred_law(dilated: bool) -> Law:
    """Keras's SAME with output_padding: ⌊E/2⌋ entries are cut off on both sides.

    >>> centred_law(False).theorem.conclusion.args[1]
    <Sum S*(W - 1) + F - 2*(F//2) + O>
    """
    reach = extent(F, D) if dilated else F
    size = S * (W - 1) + reach - 2 * FloorDiv(reach, integer(2)) + O
    rest = reach - 2 * FloorDiv(reach, integer(2)) + O - S
    reason = "Entry i is spread from S·i on; half of the kernel's reach, rounded down, is left out at either end, and O added."
    return _transposed_law(
        "transposed SAME with output padding", size, rest, KERAS, _nonempty_output(size), reason=reason
    )


@cache
def cropped_law(dilated: bool, added: bool) -> Law:
    """ONNX's SAME: max(E − S, 0) entries are cut off, so S·(W − 1) + min(E, S) remain.

    >>> cropped_law(False, False).theorem.conclusion.args[1]
    <Sum S*(W - 1) + min(F, S)>
    """
    reach = extent(F, D) if dilated else F
    more = (O,) if added else ()
    size = Sum(S * (W - 1), Min(reach, S), *more)
    enough = _nonempty_output(size) if dilated else _nonempty_input()
    reason = "Entry i is spread from S·i on; what the kernel reaches past the stride is cropped, so that S·W are left where it does."
    return _transposed_law("transposed SAME, cropped", size, Sum(Min(reach, S), *more, -S), ONNX, enough, reason=reason)


@cache
def chosen_law(mode: str) -> Law:
    """The output size is set by the layer, and must be in the fibre. ``mode`` is explicit, same, or pads: ONNX derives
    the padding from the size, which only has to be from W to S·W + E − 1.
    """
    low = S * (W - 1) + extent(F, D) - P1 - P2
    bounds: dict[str, tuple[Proposition, Proposition]] = {
        "explicit": (Le(low, OUTPUT), Lt(OUTPUT, low + S)),
        "same": (Lt(S * (W - 1), OUTPUT), Le(OUTPUT, S * W)),
        "pads": (Le(W, OUTPUT), Lt(OUTPUT, S * W + extent(F, D))),
    }
    values = {"explicit": (F, S, P1, P2, D), "same": (S,), "pads": (F, S, D)}[mode]
    counted = window_count(OUTPUT, ONE, ONE, ONE)
    (asked,) = counted.hypotheses
    theorem = _weakened(rewritten(cut(sign(asked), counted), OUTPUT), *bounds[mode])
    reason = "The size o is told; it must be one that the convolution with these values takes back to W."
    return Law("transposed, output size given", (W, *values, OUTPUT), theorem, TENSORFLOW, reason=reason)
