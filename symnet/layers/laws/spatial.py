"""The laws of layers that only add, drop or repeat entries along an axis."""

from __future__ import annotations

from functools import cache

from symnet.kernel.rules import assume, both, chain, cut, floor_shift, linear, part, window_count
from symnet.kernel.theorem import Theorem
from symnet.layers.laws.law import Field, Law
from symnet.layers.laws.windows import ONE, P1, P2, S, W, rewritten
from symnet.terms.propositions import Divides, Le, Proposition
from symnet.terms.term import FloorDiv, Product, Sum, Symbol, Term, integer, symbols_of

__all__ = ["blocks_law", "covered_law", "cropped_law", "padded_law", "repeated_law"]

ZERO = integer(0)


def _positions(size: Term, condition: Proposition, times: Term = ONE) -> Theorem:
    """A law ``Windows(size, 1, 1, 1) = size``: an entry is a window of size 1. ``condition``, multiplied by ``times``,
    proves size ≥ 1.
    """
    windows = window_count(size, ONE, ONE, ONE)
    (hypothesis,) = windows.hypotheses
    return rewritten(cut(linear(hypothesis, (assume(condition),), (times,)), windows), size)


#: Why the laws hold: each size is a number of positions.
PADDED = "Every entry is a position, and P1 are added before, P2 after: W + P1 + P2 positions."
CROPPED = (
    "Every entry is a position, and the first P1 and the last P2 are left out: W − P1 − P2 positions, at least one."
)
REPEATED = "Each of the W entries becomes S positions."
BLOCKS = "A block starts at 0, S, 2S, … and none is cut, because S divides W: W/S blocks."
COVERED = (
    "A block starts at every S-th entry, the last one may reach past the end: ⌊(W − 1)/S⌋ + 1 = ⌊(W + S − 1)/S⌋ blocks."
)


@cache
def padded_law() -> Law:
    """P1 entries are added before and P2 after.

    >>> padded_law().theorem
    1 <= W ⊢ windows(W + P1 + P2, 1, 1, 1) == W + P1 + P2
    """
    theorem = _positions(W + P1 + P2, Le(ONE, W))
    affine = rewritten(theorem, FloorDiv(Sum(W, P1 + P2), ONE))
    source = "Keras, keras.layers.ZeroPadding2D"
    return Law("padded", (W, P1, P2), theorem, source, affine=affine, field=Field(ONE, ONE, P1, P2), reason=PADDED)


@cache
def cropped_law() -> Law:
    """P1 entries are dropped before and P2 after; at least one must remain.

    >>> cropped_law().theorem
    P1 + P2 + 1 <= W ⊢ windows(W - P1 - P2, 1, 1, 1) == W - P1 - P2
    """
    theorem = _positions(W - P1 - P2, Le(P1 + P2 + 1, W))
    affine = rewritten(theorem, FloorDiv(Sum(W, -P1 - P2), ONE))
    source, field = "Keras, keras.layers.Cropping2D", Field(ONE, ONE, -P1, -P2)
    return Law("cropped", (W, P1, P2), theorem, source, affine=affine, field=field, remedy=_remedy, reason=CROPPED)


def _remedy(size: Term, values: dict[Symbol, Term]) -> str:
    if size.constant is None or symbols_of(*values.values()):
        return ""
    return f"at most {size.constant - 1} of {size.constant} entries can be dropped"


@cache
def repeated_law() -> Law:
    """S entries for each entry.

    >>> repeated_law().theorem
    1 <= W ⊢ windows(S*W, 1, 1, 1) == S*W
    """
    theorem = _positions(S * W, Le(ONE, W), S)
    scaling = rewritten(theorem, Sum(Product(S, W), ZERO))
    return Law("repeated", (W, S), theorem, "Keras, keras.layers.UpSampling2D", scaling=scaling, reason=REPEATED)


@cache
def blocks_law() -> Law:
    """One entry for each block of S entries; S must divide the size.

    >>> blocks_law().theorem
    S <= W, S divides W ⊢ windows(W, S, 1, S) == W//S
    """
    counted = window_count(W, S, ONE, S)
    (asked,) = counted.hypotheses
    counted = cut(linear(asked, (assume(Le(S, W)),), (ONE,)), counted)
    counted = part(both((counted, assume(Divides(S, W)))), 0)
    shifted = chain(counted, floor_shift(counted.conclusion.args[1].args[0].args[0], S, ONE))
    theorem, affine = (rewritten(shifted, FloorDiv(size, S)) for size in (W, Sum(W, ZERO)))
    source = "PyTorch, torch.nn.PixelUnshuffle"
    return Law("blocks", (W, S), theorem, source, affine=affine, field=Field(S, S, ZERO), reason=BLOCKS)


@cache
def covered_law() -> Law:
    """One entry for each block of S entries; the last block may reach up to S − 1 entries past the end.

    >>> covered_law().theorem
    1 <= W ⊢ windows(W + S - 1, S, 1, S) == (W + S - 1)//S
    """
    counted = window_count(W + S - 1, S, ONE, S)
    (asked,) = counted.hypotheses
    counted = cut(linear(asked, (assume(Le(ONE, W)),), (ONE,)), counted)
    shifted = chain(counted, floor_shift(counted.conclusion.args[1].args[0].args[0], S, ONE))
    theorem, affine = (rewritten(shifted, FloorDiv(size, S)) for size in (W + S - 1, Sum(W, S - 1)))
    source = "torchvision.models.swin_transformer.PatchMerging"
    return Law("covered", (W, S), theorem, source, affine=affine, field=Field(S, S, ZERO), reason=COVERED)
