"""Facts behind tensor tricks of the notes: clipping by a concatenation and a minimum, the maximum of a flattened tensor."""

from __future__ import annotations

from symnet.facts.fact import Fact, Proven, fact
from symnet.facts.tactics import HOLE, chained, put
from symnet.kernel.real import rules as R
from symnet.kernel.real.expressions import Entry, Largest, Minimum, Smallest, number
from symnet.kernel.real.statements import AtMost, Equal, ForAll
from symnet.layers.declaration.base import Layer
from symnet.layers.declaration.shape import CHANNELS_LAST, Shape
from symnet.layers.kinds.joins import Concat
from symnet.layers.kinds.reductions import Max, Min
from symnet.layers.kinds.reshaping import ExpandDims, Flatten
from symnet.printing.text import unicode_text
from symnet.terms.term import Symbol, Term, integer

__all__ = ["clip_by_minimum", "max_of_flatten"]

ROWS, COLUMNS = Symbol("m"), Symbol("n")
ROW, COLUMN, K_ = (Symbol(name, 0) for name in "ijk")
LAST = integer(-1)
NOTES = "the lecture notes"


def _shape_text(shape: Shape) -> str:
    """A shape as text, its numbers evaluated."""
    return "(" + ", ".join(unicode_text(_number(size)) for size in shape.dims) + ")"


def _number(size: Term) -> Term:
    return size if size.constant is None else integer(size.constant)


def _rows(steps: tuple[tuple[str, Layer, bool], ...]) -> tuple[tuple[str, ...], ...]:
    """A table of shapes after each step, which is a layer, for m × n and for the 2 × 2 of the notes."""
    shapes = [Shape((ROWS, COLUMNS), CHANNELS_LAST), Shape((integer(2), integer(2)), CHANNELS_LAST)]
    rows = [("step", "shape", "in the notes"), ("x", *map(_shape_text, shapes))]
    for words, layer, twice in steps:
        shapes = [layer.apply((shape,) * (1 + twice)).output for shape in shapes]
        rows.append((words, *map(_shape_text, shapes)))
    return tuple(rows)


@fact
def clip_by_minimum() -> Fact:
    """Proves that the smaller of x and 1 in each pair of a concatenation with ones is min(x, 1)."""
    zero, one = integer(0), integer(1)
    x = Entry("x", ROW, COLUMN)
    pairs = Smallest(K_, integer(2), Entry("c", ROW, COLUMN, K_))
    opened = R.unroll(pairs)
    first = R.assume(Equal(Entry("c", ROW, COLUMN, zero), x))
    ones = R.assume(Equal(Entry("c", ROW, COLUMN, one), number(1)))
    theorem = chained(opened, put(first, Minimum(HOLE, Entry("c", ROW, COLUMN, one))), put(ones, Minimum(x, HOLE)))
    at_most = R.replace(theorem, R.minimum_bound(x, number(1)), AtMost(HOLE, number(1)), HOLE)
    return Fact(
        "clip-by-minimum",
        "tensors",
        "Expand, concatenate with ones, take the minimum: this is min(x, 1)",
        (
            Proven("With x in the first layer of c and ones in the second", theorem),
            Proven("So every entry is at most 1", at_most),
        ),
        remarks=("K.minimum(x, ones) is min(x, 1) by its definition, at once.",),
        rows=_rows((
            ("expand_dims(x, −1)", ExpandDims(LAST), False),
            ("concatenate with ones, −1", Concat(axis=LAST), True),
            ("min, −1", Min((LAST,)), False),
        )),
        sources=(NOTES + ": K.expand_dims, K.concatenate, K.min",),
    )  # fmt: skip


@fact
def max_of_flatten() -> Fact:
    """Proves that the largest entry of the flattened tensor is the largest entry of the tensor."""
    x, line = Entry("x", ROW, COLUMN), Entry("f", K_)
    law = R.assume(ForAll(ROW, ForAll(COLUMN, Equal(Entry("f", ROW * COLUMNS + COLUMN), x))))
    each = R.for_every(R.for_every(law, ROW), COLUMN)
    grouped = R.regroup(Largest(K_, ROWS * COLUMNS, line), ROWS, COLUMNS, ROW, COLUMN)
    inner = R.under_fold(each, grouped.conclusion.args[1].args[2])
    outer = R.under_fold(inner, grouped.conclusion.args[1])
    return Fact(
        "max-of-flatten",
        "tensors",
        "The maximum of the flattened tensor is the maximum over all axes",
        (Proven("Where f is x, row by row", chained(grouped, outer)),),
        remarks=(
            "Beyond its n columns x stands for the entries of f that follow. More axes go the same way, one after the other.",
        ),
        rows=_rows((("flatten", Flatten(), False), ("max", Max(), False))),
        sources=(NOTES + ": K.max(K.flatten(result))",),
    )
