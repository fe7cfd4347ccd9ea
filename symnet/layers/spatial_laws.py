"""The laws of layers that only add, drop or repeat entries along an axis."""

from __future__ import annotations

from functools import cache

from symnet.kernel.propositions import Divides, Le, Proposition
from symnet.kernel.rules import assume, both, cut, linear, part, polynomial_identity, window_count
from symnet.kernel.theorem import Theorem
from symnet.layers.law import Field, Law
from symnet.layers.window_laws import ONE, P1, P2, S, W, rewritten
from symnet.terms.term import FloorDiv, Product, Sum, Symbol, Term, integer, symbols_of

__all__ = ["blocks_law", "cropped_law", "padded_law", "repeated_law"]

ZERO = integer(0)


def _stated(left: Term, right: Term, *conditions: Proposition) -> Theorem:
    theorem = polynomial_identity(left, right)
    return part(both((theorem, *map(assume, conditions))), 0) if conditions else theorem


@cache
def padded_law() -> Law:
    """P1 entries more before and P2 after.

    >>> padded_law().affine
    ⊢ W + P1 + P2 == (W + (P1 + P2))//1
    """
    size = W + P1 + P2
    affine = _stated(size, FloorDiv(Sum(W, P1 + P2), ONE))
    source = "Keras, keras.layers.ZeroPadding2D"
    return Law("padded", (W, P1, P2), _stated(size, size), source, affine=affine, field=Field(ONE, ONE, P1, P2))


@cache
def cropped_law() -> Law:
    """P1 entries fewer before and P2 after: as many windows of one entry as what is left has; at least one.

    >>> cropped_law().theorem
    P1 + P2 + 1 <= W ⊢ windows(W - P1 - P2, 1, 1, 1) == W - P1 - P2
    """
    size = W - P1 - P2
    counted = window_count(size, ONE, ONE, ONE)
    (asked,) = counted.hypotheses
    theorem = rewritten(cut(linear(asked, (assume(Le(P1 + P2 + 1, W)),), (ONE,)), counted), size)
    affine = rewritten(theorem, FloorDiv(Sum(W, -P1 - P2), ONE))
    source, field = "Keras, keras.layers.Cropping2D", Field(ONE, ONE, -P1, -P2)
    return Law("cropped", (W, P1, P2), theorem, source, affine=affine, field=field, remedy=_remedy)


def _remedy(size: Term, values: dict[Symbol, Term]) -> str:
    if size.constant is None or symbols_of(*values.values()):
        return ""
    return f"at most {size.constant - 1} of {size.constant} entries can be dropped"


@cache
def repeated_law() -> Law:
    """S entries for every one.

    >>> repeated_law().scaling
    ⊢ S*W == S*W + 0
    """
    size = S * W
    scaling = _stated(size, Sum(Product(S, W), ZERO))
    return Law("repeated", (W, S), _stated(size, size), "Keras, keras.layers.UpSampling2D", scaling=scaling)


@cache
def blocks_law() -> Law:
    """One entry for every block of S, which must divide the size.

    >>> blocks_law().theorem
    S divides W ⊢ W//S == W//S
    """
    size, whole = FloorDiv(W, S), Divides(S, W)
    affine = _stated(size, FloorDiv(Sum(W, ZERO), S), whole)
    source = "PyTorch, torch.nn.PixelUnshuffle"
    return Law("blocks", (W, S), _stated(size, size, whole), source, affine=affine, field=Field(S, S, ZERO))
