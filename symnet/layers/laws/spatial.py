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


def _counted(size: Term, condition: Proposition, times: Term = ONE) -> Theorem:
    """As many entries as ``size`` says, the windows of one entry, where ``condition`` taken so many times shows that there
    is at least one."""
    counted = window_count(size, ONE, ONE, ONE)
    (asked,) = counted.hypotheses
    return rewritten(cut(linear(asked, (assume(condition),), (times,)), counted), size)


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
    """P1 entries more before and P2 after.

    >>> padded_law().theorem
    1 <= W ⊢ windows(W + P1 + P2, 1, 1, 1) == W + P1 + P2
    """
    theorem = _counted(W + P1 + P2, Le(ONE, W))
    affine = rewritten(theorem, FloorDiv(Sum(W, P1 + P2), ONE))
    source = "Keras, keras.layers.ZeroPadding2D"
    return Law("padded", (W, P1, P2), theorem, source, affine=affine, field=Field(ONE, ONE, P1, P2), reason=PADDED)


@cache
def cropped_law() -> Law:
    """P1 entries fewer before and P2 after: as many windows of one entry as what is left has; at least one.

    >>> cropped_law().theorem
    P1 + P2 + 1 <= W ⊢ windows(W - P1 - P2, 1, 1, 1) == W - P1 - P2
    """
    theorem = _counted(W - P1 - P2, Le(P1 + P2 + 1, W))
    affine = rewritten(theorem, FloorDiv(Sum(W, -P1 - P2), ONE))
    source, field = "Keras, keras.layers.Cropping2D", Field(ONE, ONE, -P1, -P2)
    return Law("cropped", (W, P1, P2), theorem, source, affine=affine, field=field, remedy=_remedy, reason=CROPPED)


def _remedy(size: Term, values: dict[Symbol, Term]) -> str:
    if size.constant is None or symbols_of(*values.values()):
        return ""
    return f"at most {size.constant - 1} of {size.constant} entries can be dropped"


@cache
def repeated_law() -> Law:
    """S entries for every one.

    >>> repeated_law().theorem
    1 <= W ⊢ windows(S*W, 1, 1, 1) == S*W
    """
    theorem = _counted(S * W, Le(ONE, W), S)
    scaling = rewritten(theorem, Sum(Product(S, W), ZERO))
    return Law("repeated", (W, S), theorem, "Keras, keras.layers.UpSampling2D", scaling=scaling, reason=REPEATED)


@cache
def blocks_law() -> Law:
    """One entry for every block of S, which must divide the size.

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
    """One entry for every block of S; the last block may reach past the end, where S − 1 entries are added.

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
