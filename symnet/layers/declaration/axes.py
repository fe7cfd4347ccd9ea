"""Axes by number, as the frameworks count them: the batch is 0, so the first size of a shape is 1; −1 is the last."""

from __future__ import annotations

from collections.abc import Sequence

from symnet.errors import LayerError
from symnet.layers.declaration.base import Origin
from symnet.layers.declaration.fields import Sizes
from symnet.layers.declaration.shape import CHANNELS_FIRST, Shape
from symnet.terms.polynomial import from_polynomial, normal_form
from symnet.terms.term import FloorDiv, Term

__all__ = [
    "ANY",
    "FEATURES",
    "index_of_axis",
    "index_or_channels",
    "indices_of_axes",
    "origins",
    "quotient",
    "require_steps",
    "same_axes",
]

#: The least value of a field that may hold any integer.
ANY = -(10**18)

#: Features stand last, whatever the data format: dense, recurrent, attention and layer normalization read them there.
FEATURES = -1


def index_of_axis(axis: Term, rank: int, what: str = "axis") -> int:
    """The index (from 0) of axis number ``axis`` in a shape of ``rank`` sizes. Raises :class:`LayerError` if there is
    no such axis; ``what`` names the argument in the message.

    >>> from symnet.terms.term import integer
    >>> index_of_axis(integer(1), 3), index_of_axis(integer(-1), 3)
    (0, 2)
    """
    number = axis.constant
    if number is None:
        raise LayerError(f"{what} must be a number")
    if number == 0:
        raise LayerError(f"{what} 0 is the batch, which is left out; the first size is 1")
    if not -rank <= number <= rank:
        counted = f"1 to {rank}, or −1 to −{rank} from the end" if rank > 1 else "1" if rank else "nothing to choose"
        raise LayerError(f"there is no {what} {number}: the sizes are {counted}")
    return number - 1 if number > 0 else rank + number


def index_or_channels(axis: Term | None, shape: Shape) -> int:
    """The index of ``axis`` in ``shape``; that of the channels if ``axis`` is ``None``.

    >>> from symnet.terms.term import integer
    >>> image = Shape((integer(3), integer(8), integer(9)))
    >>> index_or_channels(None, image), index_or_channels(integer(-1), image)
    (0, 2)
    """
    return shape.channel_index if axis is None else index_of_axis(axis, len(shape.dims))


def indices_of_axes(axes: Sizes, rank: int, what: str = "axis") -> tuple[int, ...]:
    """The indices of several axes, in the same order. Raises :class:`LayerError` if an axis occurs twice."""
    indices = tuple(index_of_axis(axis, rank, what) for axis in axes)
    if len(set(indices)) != len(indices):
        raise LayerError(f"{what} {', '.join(str(axis.constant) for axis in axes)}: one of them twice")
    return indices


def origins(before: Shape, after: Shape, from_index: Sequence[int | None]) -> tuple[Origin, ...]:
    """The origin of each axis of ``after`` in ``before``. ``from_index[i]`` is the index in ``before`` of the size at
    index i of ``after``, or ``None`` for a new size.
    """
    axis_of = {position: index for index, position in enumerate(before.axis_indices)}
    stood = [from_index[position] for position in after.axis_indices]
    return tuple((0, axis_of[position]) if position in axis_of else None for position in stood)


def require_steps(shape: Shape) -> None:
    """Raises :class:`LayerError` if the last of two sizes is a spatial axis and therefore cannot be read as features."""
    if len(shape.dims) == 2 and shape.layout == CHANNELS_FIRST and shape.spatial:
        raise LayerError(
            "reads features from the last size, where the layers before it have an axis and the channels first; write Permute|2*1 "
            "before it, or the input channels last, TD:(T*C)"
        )


def same_axes(shape: Shape) -> tuple[None, ...]:
    """One ``None`` for each axis of ``shape``: the maps of a layer that follows no law and gives its sizes directly."""
    return (None,) * (len(shape.dims) - 1)


def quotient(total: Term, part: Term) -> tuple[Term, bool]:
    """``total / part``, and whether the division is exact for all values: a polynomial where it is, else the quotient
    rounded down.

    >>> from symnet.terms.term import Symbol, integer
    >>> C, H = Symbol("C"), Symbol("H")
    >>> quotient(C * H * 4, C * 2)
    (<Product 2*H>, True)
    >>> quotient(integer(10), integer(4))
    (<FloorDiv 10//4>, False)
    """
    divisor = normal_form(part)
    if len(divisor) == 1:
        ((monomial, coefficient),) = divisor.items()
        shared = {}
        for other, number in normal_form(total).items():
            left = dict(other)
            for atom, exponent in monomial:
                left[atom] = left.get(atom, 0) - exponent
            if number % coefficient or any(exponent < 0 for exponent in left.values()):
                break
            shared[tuple((atom, exponent) for atom, exponent in left.items() if exponent)] = number // coefficient
        else:
            return from_polynomial(shared), True
    return FloorDiv(total, part), False
