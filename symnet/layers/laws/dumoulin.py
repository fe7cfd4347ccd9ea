"""The numbered relationships of Dumoulin & Visin, each a theorem of the kernel, derived from the laws of the layers.

V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep learning", arXiv:1603.07285; quoted from
github.com/vdumoulin/conv_arithmetic, where a relationship has a label but no name: here the label is its name.

i is the input size, k the kernel, s the stride, p the padding, d the dilation. ``windows(l, k, d, s)`` is the number
of positions of a kernel on a length l: the definition of an output size. A relationship of a transposed convolution
has two parts: the convolution associated with it has the output size o, and the original convolution takes o back to
i. The docstring of each relationship quotes the guide and is shown to readers.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from symnet.docstrings import docstring
from symnet.errors import KernelError
from symnet.kernel.rules import (
    assume,
    both,
    chain,
    cut,
    flip,
    floor_value,
    linear,
    modus_ponens,
    polynomial_identity,
    replace,
    sign,
    value,
    window_value,
)
from symnet.kernel.theorem import Theorem
from symnet.layers.laws.windows import dilated_law, window_law
from symnet.printing.text import text
from symnet.terms.propositions import And, Eq, Le, Lt, Proposition
from symnet.terms.term import FloorDiv, Symbol, Term, Windows, integer, substitute

__all__ = [
    "RELATIONSHIPS", "Relationship", "arbitrary_padding_no_strides", "arbitrary_padding_no_strides_transposed",
    "dilation", "full_padding_no_strides", "full_padding_no_strides_transposed",
    "half_padding_no_strides_transposed", "no_padding_no_strides", "no_padding_no_strides_transposed",
    "no_padding_strides", "no_padding_strides_transposed", "padding_strides", "padding_strides_transposed",
    "padding_strides_transposed_odd", "pooling", "same_padding_no_strides",
]  # fmt: skip

i, k, s, d = Symbol("i"), Symbol("k"), Symbol("s"), Symbol("d")
p, a, n = Symbol("p", 0), Symbol("a", 0), Symbol("n", 0)
ZERO, ONE, TWO = integer(0), integer(1), integer(2)
HOLE = Symbol("x", None)


@dataclass(frozen=True)
class Relationship:
    """A relationship by number and name. ``figures`` are the cases drawn in the guide: values of the symbols, and the
    output size.

    >>> RELATIONSHIPS[5].name, RELATIONSHIPS[5].theorem
    ('padding_strides', k <= i + 2*p ⊢ windows(i + 2*p, k, 1, s) == (i + 2*p - k)//s + 1)
    """

    number: int
    prove: Callable[[], Theorem]
    figures: tuple[tuple[dict[Symbol, int], int], ...] = ()

    @property
    def name(self) -> str:
        """The label in the guide's LaTeX source."""
        return self.prove.__name__

    @property
    def quoted(self) -> str:
        """The words of the guide."""
        return " ".join(docstring(self.prove).split())

    @property
    def theorem(self) -> Theorem:
        """conditions ⊢ the relationship."""
        return self.prove()

    @property
    def size(self) -> Term:
        """The output size as a formula."""
        conclusion = self.theorem.conclusion
        equation = conclusion.args[0] if isinstance(conclusion, And) else conclusion
        return equation.args[1]  # type: ignore[no-any-return]

    def worked_figures(self) -> tuple[Theorem, ...]:
        """⊢ formula = number, for the values of each figure.

        >>> RELATIONSHIPS[5].worked_figures()
        (⊢ (5 + 2*1 - 3)//2 + 1 == 3, ⊢ (6 + 2*1 - 3)//2 + 1 == 3)
        """
        chosen: list[dict[Term, Term]] = [
            {symbol: integer(number) for symbol, number in values.items()} for values, _ in self.figures
        ]
        return tuple(value(substitute(self.size, numbers)) for numbers in chosen)


# ---- steps that the relationships share
# --------------------------------------------------------------------------------


def _discharged(condition: Proposition, known: tuple[Theorem, ...]) -> Theorem:
    """Proves a condition from the signs of the symbols, or from one of the ``known`` bounds; last from s · (i ≥ 1),
    because s − 1 zeros are inserted between the entries. Raises :class:`KernelError` if none suffices.
    """
    inputs = sign(Le(ONE, i))
    attempts: list[tuple[tuple[Theorem, ...], tuple[Term, ...]]] = [((), ()), *(((fact,), (ONE,)) for fact in known)]
    for premises, multipliers in (*attempts, ((inputs,), (s,))):
        with suppress(KernelError):
            return linear(condition, premises, multipliers)
    raise KernelError(f"nothing known shows {text(condition)}")


def _restated(theorem: Theorem, length: Term, size: Term, *known: Theorem) -> Theorem:
    """The same window count written with ``length`` and ``size``, which are the same polynomials; its hypotheses are
    proven from ``known``.
    """
    for condition in sorted(theorem.hypotheses, key=lambda hypothesis: hypothesis.serial):
        theorem = cut(_discharged(condition, known), theorem)
    count, formula = theorem.conclusion.args
    if count.args[0] is not length:
        same = polynomial_identity(length, count.args[0])
        theorem = replace(same, theorem, Eq(Windows(HOLE, *count.args[1:]), formula), HOLE)
    return chain(theorem, polynomial_identity(formula, size))


def _convolution(size: Term, kernel: Term, stride: Term, padding: Term) -> Theorem:
    return window_law().at(kernel, stride, padding).prove(size)


def _convolves_to_input(length: Term, kernel: Term, stride: Term, *known: Theorem) -> Theorem:
    """⊢ a convolution on ``length`` has i windows, because the length lies between the least and the greatest such
    length.
    """
    fibre = window_value(length, kernel, ONE, stride, i)
    between = fibre.conclusion.args[1]
    return modus_ponens(flip(fibre), both(tuple(_discharged(bound, known) for bound in between.args)))


# ---- convolution -------------------------------------------------------------------------------------------------------


def no_padding_no_strides() -> Theorem:
    """For any i and k, and for s = 1 and p = 0: o = (i − k) + 1."""
    return _restated(_convolution(i, k, ONE, ZERO), i, i - k + 1, assume(Le(k, i)))


def arbitrary_padding_no_strides() -> Theorem:
    """For any i, k and p, and for s = 1: o = (i − k) + 2p + 1."""
    return _restated(_convolution(i, k, ONE, p), i + 2 * p, i - k + 2 * p + 1, assume(Le(k, i + 2 * p)))


def same_padding_no_strides() -> Theorem:
    """For any i and for k odd (k = 2n + 1), s = 1 and p = ⌊k/2⌋ = n: o = i + 2⌊k/2⌋ − (k − 1) = i."""
    odd = 2 * n + 1
    counted = _restated(_convolution(i, odd, ONE, n), i + 2 * n, i)
    return _half(odd, counted, Eq(Windows(i + 2 * HOLE, odd, ONE, ONE), i))


def _half(odd: Term, theorem: Theorem, pattern: Proposition) -> Theorem:
    """Replaces the marked n in a pattern by ⌊(2n + 1)/2⌋, which equals it."""
    halved = floor_value(odd, TWO, n)
    half = modus_ponens(flip(halved), both(tuple(map(sign, halved.conclusion.args[1].args))))
    return replace(half, theorem, pattern, HOLE)


def full_padding_no_strides() -> Theorem:
    """For any i and k, and for p = k − 1 and s = 1: o = i + 2(k − 1) − (k − 1) = i + (k − 1)."""
    return _restated(_convolution(i, k, ONE, k - 1), i + 2 * (k - 1), i + (k - 1))


def no_padding_strides() -> Theorem:
    """For any i, k and s, and for p = 0: o = ⌊(i − k)/s⌋ + 1."""
    return _restated(_convolution(i, k, s, ZERO), i, FloorDiv(i - k, s) + 1, assume(Le(k, i)))


def padding_strides() -> Theorem:
    """For any i, k, p and s: o = ⌊(i + 2p − k)/s⌋ + 1."""
    return _restated(_convolution(i, k, s, p), i + 2 * p, FloorDiv(i + 2 * p - k, s) + 1, assume(Le(k, i + 2 * p)))


def pooling() -> Theorem:
    """For any i, k and s: o = ⌊(i − k)/s⌋ + 1. This relationship holds for any type of pooling."""
    return no_padding_strides()


# ---- transposed convolution --------------------------------------------------------------------------------------------


def no_padding_no_strides_transposed() -> Theorem:
    """A convolution described by s = 1, p = 0 and k has an associated transposed convolution described by k' = k, s' = s
    and p' = k − 1 and its output size is o' = i' + (k − 1).
    """
    size = i + (k - 1)
    return both((full_padding_no_strides(), _convolves_to_input(size, k, ONE)))


def arbitrary_padding_no_strides_transposed() -> Theorem:
    """A convolution described by s = 1, k and p has an associated transposed convolution described by k' = k, s' = s and
    p' = k − p − 1 and its output size is o' = i' + (k − 1) − 2p.
    """
    size = i + (k - 1) - 2 * p
    return both((_associated(i, size), _convolves_to_input(size + 2 * p, k, ONE)))


def _associated(stretched: Term, size: Term) -> Theorem:
    """The convolution with stride 1 and padding k − p − 1 on the ``stretched`` input has at least one window and gives
    ``size``.
    """
    around = k - p - 1
    known = assume(Le(p + 1, k)), assume(Le(ONE, size))
    return _restated(_convolution(stretched, k, ONE, around), stretched + 2 * around, size, *known)


def half_padding_no_strides_transposed() -> Theorem:
    """A convolution described by k = 2n + 1, s = 1 and p = ⌊k/2⌋ = n has an associated transposed convolution described
    by k' = k, s' = s and p' = p and its output size is o' = i' + (k − 1) − 2p = i'.
    """
    odd = 2 * n + 1
    back = _half(odd, _convolves_to_input(i + 2 * n, odd, ONE), Eq(Windows(i + 2 * HOLE, odd, ONE, ONE), i))
    return both((same_padding_no_strides(), back))


def full_padding_no_strides_transposed() -> Theorem:
    """A convolution described by s = 1, k and p = k − 1 has an associated transposed convolution described by k' = k,
    s' = s and p' = 0 and its output size is o' = i' + (k − 1) − 2p = i' − (k − 1).
    """
    size = i - (k - 1)
    counted = _restated(_convolution(i, k, ONE, ZERO), i, size, assume(Le(k, i)))
    return both((counted, _convolves_to_input(size + 2 * (k - 1), k, ONE)))


def no_padding_strides_transposed() -> Theorem:
    """A convolution described by p = 0, k and s and whose input size is such that i − k is a multiple of s, has an
    associated transposed convolution described by ĩ', k' = k, s' = 1 and p' = k − 1, where ĩ' is the size of the
    stretched input obtained by adding s − 1 zeros between each input unit, and its output size is o' = s(i' − 1) + k.
    """
    stretched, size = i + (i - 1) * (s - 1), s * (i - 1) + k
    counted = _restated(_convolution(stretched, k, ONE, k - 1), stretched + 2 * (k - 1), size)
    return both((counted, _convolves_to_input(size, k, s)))


def padding_strides_transposed() -> Theorem:
    """A convolution described by k, s and p and whose input size i is such that i + 2p − k is a multiple of s has an
    associated transposed convolution described by ĩ', k' = k, s' = 1 and p' = k − p − 1, where ĩ' is the size of the
    stretched input obtained by adding s − 1 zeros between each input unit, and its output size is
    o' = s(i' − 1) + k − 2p.
    """
    stretched, size = i + (i - 1) * (s - 1), s * (i - 1) + k - 2 * p
    return both((_associated(stretched, size), _convolves_to_input(size + 2 * p, k, s)))


def padding_strides_transposed_odd() -> Theorem:
    """A convolution described by k, s and p has an associated transposed convolution described by a, ĩ', k' = k, s' = 1
    and p' = k − p − 1, where ĩ' is the size of the stretched input obtained by adding s − 1 zeros between each input
    unit, and a = (i + 2p − k) mod s represents the number of zeros added to the bottom and right edges of the input,
    and its output size is o' = s(i' − 1) + a + k − 2p.
    """
    stretched, size = i + (i - 1) * (s - 1) + a, s * (i - 1) + a + k - 2 * p
    return both((_associated(stretched, size), _convolves_to_input(size + 2 * p, k, s, assume(Lt(a, s)))))


# ---- dilated convolution -----------------------------------------------------------------------------------------------


def dilation() -> Theorem:
    """For any i, k, p and s, and for a dilation rate d: o = ⌊(i + 2p − k − (k − 1)(d − 1))/s⌋ + 1."""
    gap = i + 2 * p - k - (k - 1) * (d - 1)
    fits = assume(Le(k + (k - 1) * (d - 1), i + 2 * p))
    return _restated(dilated_law().at(k, s, p, d).prove(i), i + 2 * p, FloorDiv(gap, s) + 1, fits)


#: All fifteen in the guide's order, with the cases of its figures.
RELATIONSHIPS = (
    Relationship(1, no_padding_no_strides, (({i: 4, k: 3}, 2),)),
    Relationship(2, arbitrary_padding_no_strides, (({i: 5, k: 4, p: 2}, 6),)),
    Relationship(3, same_padding_no_strides, (({i: 5, n: 1}, 5),)),
    Relationship(4, full_padding_no_strides, (({i: 5, k: 3}, 7),)),
    Relationship(5, no_padding_strides, (({i: 5, k: 3, s: 2}, 2),)),
    Relationship(6, padding_strides, (({i: 5, k: 3, s: 2, p: 1}, 3), ({i: 6, k: 3, s: 2, p: 1}, 3))),
    Relationship(7, pooling, (({i: 5, k: 3, s: 1}, 3),)),
    Relationship(8, no_padding_no_strides_transposed, (({i: 2, k: 3}, 4),)),
    Relationship(9, arbitrary_padding_no_strides_transposed, (({i: 6, k: 4, p: 2}, 5),)),
    Relationship(10, half_padding_no_strides_transposed, (({i: 5, n: 1}, 5),)),
    Relationship(11, full_padding_no_strides_transposed, (({i: 7, k: 3}, 5),)),
    Relationship(12, no_padding_strides_transposed, (({i: 2, k: 3, s: 2}, 5),)),
    Relationship(13, padding_strides_transposed, (({i: 3, k: 3, s: 2, p: 1}, 5),)),
    Relationship(14, padding_strides_transposed_odd, (({i: 3, k: 3, s: 2, p: 1, a: 1}, 6),)),
    Relationship(15, dilation, (({i: 7, k: 3, d: 2, s: 1, p: 0}, 3),)),
)
