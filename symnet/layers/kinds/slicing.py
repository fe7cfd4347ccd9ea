"""Layers that keep a part of one size: a slice, or one of several equal parts."""

from __future__ import annotations

from functools import cache, reduce
from operator import sub

from symnet.errors import LayerError
from symnet.kernel.rules import assume, chain, cut, floor_shift, linear, polynomial_identity, window_count
from symnet.layers.declaration.axes import ANY, index_of_axis, index_or_channels, origins, quotient, same_axes
from symnet.layers.declaration.base import Applied, Condition, Example, Layer, layer
from symnet.layers.declaration.fields import count
from symnet.layers.declaration.shape import Shape
from symnet.layers.laws.law import AxisMap, Field, Law
from symnet.terms.bounds import never_above
from symnet.terms.polynomial import from_polynomial, normal_form
from symnet.terms.propositions import Divides, Le
from symnet.terms.term import CeilDiv, FloorDiv, Max, Min, Symbol, Term, integer, negative
from symnet.terms.worked_out import plus

__all__ = ["Slice", "Split", "Take", "slice_law"]

W, S = Symbol("W", None), Symbol("S")
A, B = Symbol("A", 0), Symbol("B", 0)
ZERO, ONE = integer(0), integer(1)


@cache
def slice_law(*, start: bool, end: bool) -> Law:
    """The law of a slice: every S-th entry, without the first A (if ``start``) and the last B (if ``end``). These are
    the windows of one entry with stride S on what remains.

    >>> slice_law(start=True, end=True).theorem
    1 <= W - A - B ⊢ windows(W - A - B, 1, 1, S) == (W - A - B - 1)//S + 1
    """
    cut_off = [amount for amount, used in ((A, start), (B, end)) if used]
    length = reduce(sub, cut_off, W)
    gap = length - 1
    windows = window_count(length, ONE, ONE, S)
    (hypothesis,) = windows.hypotheses
    windows = cut(linear(hypothesis, (assume(Le(ONE, length)),), (ONE,)), windows)
    formula = FloorDiv(gap, S) + 1
    theorem = chain(windows, polynomial_identity(windows.conclusion.args[1], formula))
    shifted = chain(theorem, floor_shift(gap, S, ONE))
    affine = FloorDiv(W + (reduce(sub, cut_off, S) - 1), S)
    return Law(
        "slice",
        (W, *cut_off, S),
        theorem,
        "Python, slice: start, stop, step",
        affine=chain(shifted, polynomial_identity(shifted.conclusion.args[1], affine)),
        field=Field(ONE, S, negative(A) if start else ZERO, negative(B) if end else ZERO),
        reason="What is left out at the ends is gone; of the rest every S-th entry is kept: at 0, S, 2S, … up to its last one.",
    )


@layer
class Slice(Layer):
    """The entries start, start + step, … before stop of one size, as in Python: counted from 0, negative from the end.

    >>> Slice(2, 1, -1).notation
    'Slice|2|1|(-1)'
    """

    kind = "Slice"
    prefix = "slice"
    sources = ("Python, slice", "ONNX, Slice", "TensorFlow, tf.strided_slice")
    examples = (
        Example("Slice|1|0|1", "(197, 768)", "(1, 768)", 0, "torchvision, vit_b_16: the class token, x[:, 0]"),
        Example("Slice|2|1|(-1)", "(3*10*10)", "(3*8*10)", 0, "x[:, :, 1:-1]"),
        Example("Slice|2|0|step=2", "(3*9*9)", "(3*5*9)", 0, "x[:, :, ::2]"),
    )

    axis: Term = count("", "which size: 1 is the first, −1 the last", "dim", least=ANY)
    start: Term = count("", "the first entry kept", "begin", default=0, least=ANY)
    stop: Term | None = count(
        "", "the entry before which to stop; the end unless given", "end", default=None, least=ANY
    )
    step: Term = count("S", "from one entry kept to the next", "stride", default=1)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        index = index_of_axis(self.axis, len(shape.dims))
        size = shape.dims[index]
        kept, conditions = self._kept(size)
        output = shape.new((*shape.dims[:index], kept, *shape.dims[index + 1 :]), shape.layout)
        map_ = self.map
        if index == shape.channel_index or map_ is None:
            from_index = [None if position == index else position for position in range(len(shape.dims))]
            return Applied(output, same_axes(output), conditions=conditions, origins=origins(shape, output, from_index))
        return Applied(output, tuple(map_ if position == index else None for position in shape.axis_indices))

    @property
    def map(self) -> AxisMap | None:
        """The law of the slice; ``None`` unless ``start`` counts from the beginning and ``stop`` is the end or counts
        from the end.
        """
        start, stop = self.start.constant, None if self.stop is None else self.stop.constant
        if (start is None and self.start.least != 0 and self.start.least != 1) or (start is not None and start < 0):
            return None
        if self.stop is not None and (stop is None or stop >= 0):
            return None
        cut_off = [self.start] if start != 0 else []
        if stop is not None:
            cut_off.append(integer(-stop))
        return slice_law(start=start != 0, end=stop is not None).at(*cut_off, self.step)

    def _kept(self, size: Term) -> tuple[Term, tuple[Condition, ...]]:
        """The number of entries kept, ⌈(stop − start)/step⌉ with both ends inside the size, and the conditions for it."""
        stop = size if self.stop is None else self._end(self.stop, size)
        if stop.constant is None and self.stop is stop:
            stop = stop if never_above(stop, size) else size if never_above(size, stop) else Min(stop, size)
        start = self.start if (self.start.constant or 0) >= 0 else self._end(self.start, size)
        conditions: list[Condition] = []
        if start.least is None or start.least < 0:
            if self.start.constant is not None:
                start = Max(start, ZERO)
            else:
                conditions.append(Condition(Le(ZERO, start), "the start is counted from 0"))
        back = -(self.start.constant or 0)
        # a negative start without stop keeps the last so many entries, or all there are
        last = back > 0 and self.stop is None
        all_ = integer(back) if (size.least or 0) >= back else Min(integer(back), size)
        length = all_ if last else from_polynomial(normal_form(stop - start))
        kept = length if self.step.constant == 1 else CeilDiv(length, self.step)
        if not last:
            conditions.append(Condition(Le(plus(start, ONE), stop), "the slice keeps at least one entry"))
        return (kept if kept.constant is None else integer(kept.constant)), tuple(conditions)

    def _end(self, end: Term, size: Term) -> Term:
        """The position of an end of the slice, counted from the start and not beyond ``size``."""
        number = end.constant
        if number is None:
            return end  # for a symbolic start a condition says that it is inside the size
        if number < 0:
            back = size + number
            return back if back.constant is None else integer(back.constant)
        if size.constant is not None:
            return integer(min(number, size.constant))
        return end if number <= (size.least or 0) else Min(end, size)


@layer
class Split(Layer):
    """One of n equal parts of a size, the channels unless ``axis`` says which.

    n divides the size; parts are counted from 0.

    >>> Split(2, index=1).notation
    'Split|2|1'
    """

    kind = "Split"
    prefix = "split"
    aliases = {"chunk": {}}
    sources = ("ONNX, Split (num_outputs)", "PyTorch, torch.chunk", "TensorFlow, tf.split")
    examples = (Example("Split|2|1", "(58*28*28)", "(29*28*28)", 0, "Ma et al. 2018, ShuffleNet V2: channel split"),)

    parts: Term = count("n", "number of parts", "num_outputs", "chunks")
    index: Term = count("", "which part, counted from 0", default=0, least=0)
    axis: Term | None = count(
        "", "which size: 1 is the first, −1 the last", "dim", default=None, least=ANY, kw_only=True
    )

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        if not shape.dims:
            raise LayerError("needs at least one size, got a single number")
        index = index_or_channels(self.axis, shape)
        part, whole = quotient(shape.dims[index], self.parts)
        conditions = [Condition(Le(self.index + 1, self.parts), "there is such a part")]
        if not whole:
            conditions.append(Condition(Divides(self.parts, shape.dims[index]), "the parts are of one size"))
        output = shape.new((*shape.dims[:index], part, *shape.dims[index + 1 :]), shape.layout)
        from_index = [None if position == index else position for position in range(len(shape.dims))]
        return Applied(
            output, same_axes(output), conditions=tuple(conditions), origins=origins(shape, output, from_index)
        )


@layer
class Take(Layer):
    """n entries of one size, chosen by their numbers; which ones does not matter for the sizes.

    >>> Take(49, 1).notation
    'Take|49|1'
    """

    kind = "Take"
    prefix = "take"
    aliases = {"indexselect": {}}
    sources = ("ONNX, Gather", "PyTorch, torch.index_select", "Keras, keras.ops.take")
    examples = (Example("Take|2|1", "(3, 4)", "(2, 4)", 0, "PyTorch, torch.index_select: its own example"),)

    entries: Term = count("n", "how many entries", "n")
    axis: Term = count("", "of which size: 1 is the first, −1 the last", "dim", least=ANY)

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        index = index_of_axis(self.axis, len(shape.dims))
        output = shape.new((*shape.dims[:index], self.entries, *shape.dims[index + 1 :]), shape.layout)
        from_index = [None if position == index else position for position in range(len(shape.dims))]
        return Applied(output, same_axes(output), origins=origins(shape, output, from_index))
