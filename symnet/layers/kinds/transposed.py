"""Transposed convolution: the way back through a convolution."""

from __future__ import annotations

from symnet.errors import LayerError
from symnet.frameworks.refusals import default, refusals
from symnet.kernel.primitive.arithmetic import extent
from symnet.kernel.rules import instantiate
from symnet.kernel.theorem import Theorem
from symnet.layers.declaration.base import Applied, Condition, Example, Weight, as_conditions, layer, per_axis, product
from symnet.layers.declaration.expected import expected_axes, expected_channels, require_channels
from symnet.layers.declaration.fields import Sizes, count, flag, padding, sizes
from symnet.layers.declaration.penalized import Penalized
from symnet.layers.declaration.shape import Shape
from symnet.layers.declaration.windows import windows
from symnet.layers.kinds.convolution import grouped, ranked
from symnet.layers.laws.law import AxisMap, Spread
from symnet.layers.laws.padding import SAME, SAME_LOWER, Padding
from symnet.layers.laws.transposed import (
    FIBRE,
    SAME_FIBRE,
    centred_law,
    chosen_law,
    cropped_law,
    explicit_fibre,
    natural_law,
    same_fibre,
    stretched_law,
    times_stride_law,
)
from symnet.layers.laws.window import Window
from symnet.terms.propositions import Le, Lt
from symnet.terms.term import FloorDiv, Term, integer

__all__ = ["Deconv"]

ONE, TWO = integer(1), integer(2)


@layer
class Deconv(Penalized):
    """Transposed convolution with K filters of extent F, stride S, padding P, dilation D: the way back through one.

    The output size is one that a convolution with the same values takes back to the input's. There are S such sizes in
    a row; unless ``output`` or ``output_padding`` says which, explicit padding gives the least one, S(W − 1) + F − 2P,
    and ``same`` the largest, S·W.

    Input (C, H, W), output (K, H', W'). Every input entry is multiplied with a kernel of its channel; one bias a
    filter.

    >>> Deconv(1, 3, 2, "same").notation
    'Deconv|1|3|2|same'
    """

    kind = "Deconv"
    parameter_reason = (
        "A filter has a weight for each of the F·F taps of its kernel and each of the D channels that come in, and one bias: "
        "F·F·D + 1. There are K filters."
    )
    multiplied = "one for each input entry, filter and tap of the kernel, by input positions: also where the tap falls on what is cut off"
    prefix = "deconv"
    aliases = {
        **ranked("deconv", "deconvolution", "convtranspose", "transposedconv", "transposeconv", "convolutiontranspose"),
        **{f"conv{rank}dtranspose": {"rank": rank} for rank in (1, 2, 3)},
    }
    sources = (
        "the lecture notes: o = s(i − 1) + k − 2p; SAME: any o with ⌈o/s⌉ = i",
        "Dumoulin & Visin, A guide to convolution arithmetic for deep learning, relationships 8 to 14",
        "Keras, keras/src/backend/common/backend_utils.py, _get_output_shape_given_tf_padding",
        "PyTorch, torch/nn/modules/conv.py, _ConvTransposeNd",
        "ONNX, onnx/defs/nn/defs.cc, convTransposeShapeInference",
    )
    examples = (
        Example("Deconv|1|3|2|same", "(1*2*2)", "(1*4*4)", 10, "the lecture notes: 3 or 4, by default 4"),
        Example("Deconv|1|3|2|same|output=3", "(1*2*2)", "(1*3*3)", 10, "the lecture notes: tf.nn.conv2d_transpose"),
        Example(
            "Deconv|128|5|2", "(1024*1*1)", "(128*5*5)", 3276928, "Ha & Schmidhuber 2018, World Models, the decoder"
        ),
        Example(
            "Deconv|64|4|2|1", "(128*7*7)", "(64*14*14)", 131136, "PyTorch, torch.nn.ConvTranspose2d(128, 64, 4, 2, 1)"
        ),
        Example("Deconv|2|3|3*2|output=10*8", "(1*3*3)", "(2*10*8)", 20, "ONNX node test convtranspose_output_shape"),
    )

    filters: Term = count("K", "number of filters", "out_channels", "features")
    kernel: Sizes = sizes("F", "extent of a filter", "kernel_size", "kernel_shape", "filter", "size")
    stride: Sizes = sizes("S", "step from one window of the output to the next", "strides", default=1)
    padding: Padding = padding("padding of the convolution that this one reverses", "pad", "pads")
    output_padding: Sizes | None = sizes("O", "entries added at the end", "adj", default=None, least=0, kw_only=True)
    output: Sizes | None = sizes(
        "o", "the output size, one of those possible", "output_shape", "output_size", default=None, kw_only=True
    )
    dilation: Sizes = sizes("D", "step from one tap to the next", "dilations", "dilation_rate", default=1, kw_only=True)
    groups: Term = count("g", "groups of channels that do not see each other", "group", default=1, kw_only=True)
    bias: bool = flag("one bias a filter", "use_bias", default=True)
    rank: Term | None = expected_axes()
    in_channels: Term | None = expected_channels()

    def apply(self, inputs: tuple[Shape, ...]) -> Applied:
        (shape,) = inputs
        axes = self._windows(len(shape.dims) - 1)
        conditions = require_channels(self.in_channels, shape.channels) + as_conditions(
            refusals(self, axes, self.padding.mode)
        )
        maps = tuple(self._map(window, axis, len(axes)) for axis, window in enumerate(axes))
        sizes = shape.axes
        for axis, (window, map_, size) in enumerate(zip(axes, maps, sizes, strict=True)):
            # an axis like the one before has the same conditions
            if not (axis and map_ is maps[axis - 1] and size is sizes[axis - 1]):
                conditions += self._member(window, axis, map_, size)
        filters, grouping = grouped(shape.channels, self.filters, self.groups, self.filters)
        taps = product(*(window.kernel for window in axes), shape.channels)
        weights = [Weight("kernel", (shape.channels, filters, *(window.kernel for window in axes)))]
        parameters = product(taps, filters)
        if self.bias:
            weights.append(Weight("bias", (self.filters,)))
            parameters = product(taps + 1, filters) if filters is self.filters else parameters + self.filters
        output = shape.windowed(self.filters)  # the laws give the axes their sizes
        return Applied(output, maps, tuple(weights), parameters, tuple(dict.fromkeys(grouping + conditions)))

    def work(self, inputs: tuple[Shape, ...], output: Shape) -> tuple[tuple[Term, ...], ...]:
        """One multiply-add for every input position, tap and filter; input positions count here, not output positions."""
        filters, _ = grouped(inputs[0].channels, self.filters, self.groups, self.filters)
        kernel = per_axis(self.kernel, len(inputs[0].axes), "kernel")
        return ((inputs[0].channels, *inputs[0].axes, *kernel, filters),)

    def fibre(self, size: Term, axis: int = 0) -> Theorem:
        """The output sizes o that are possible on one axis for an input of ``size``: size ≥ 1 ⊢ the convolution takes
        o to ``size`` ⇔ o is in an interval of S sizes.

        >>> Deconv(1, 3, 2, "same").fibre(integer(2)).conclusion.args[1]
        <And 2*(2 - 1) < o and o <= 2*2>
        """
        window = self._windows(self._rank(axis))[axis]
        if self._same:
            same = (size, window.kernel, window.stride, window.dilation)
            return instantiate(same_fibre(), SAME_FIBRE[:-1], same)
        values = (size, window.kernel, window.stride, window.before, window.after, window.dilation)
        return instantiate(explicit_fibre(), FIBRE[:-1], values)

    def possible(self, size: Term, axis: int = 0) -> tuple[Term, Term]:
        """The least and the largest output size of :meth:`fibre`.

        >>> from symnet.terms.evaluation import evaluate
        >>> [evaluate(end) for end in Deconv(1, 3, 2).possible(integer(2))]
        [5, 6]
        """
        return self._interval(self._windows(self._rank(axis))[axis], size)

    # ---- the law of an axis ----------------------------------------------------------------------------------

    @property
    def _same(self) -> bool:
        return self.padding.mode in (SAME, SAME_LOWER)

    def _rank(self, axis: int) -> int:
        given = (self.kernel, self.stride, self.dilation, self.padding.pairs)
        return max(axis + 1, *map(len, given), self.rank.constant or 0 if self.rank else 0)

    def _windows(self, axes: int) -> tuple[Window, ...]:
        if self.output is not None and self.output_padding is not None:
            raise LayerError("output and output_padding both say which size is meant; give one of them")
        return windows(axes, self.kernel, self.stride, self.padding, self.dilation, self.rank)

    def _added(self, axis: int, axes: int) -> Term | None:
        return None if self.output_padding is None else per_axis(self.output_padding, axes, "output_padding")[axis]

    def _map(self, window: Window, axis: int, axes: int) -> AxisMap:
        """The map of an axis, including which output entries an input entry contributes to."""
        map_ = self._law(window, axis, axes)
        before = self._before(window)
        if before is None:
            return map_
        spread = Spread(window.kernel, window.stride, before, window.dilation)
        return map_.law.at(*map_.values, spread=spread)

    def _before(self, window: Window) -> Term | None:
        """The entries cut off at the start; ``None`` if that depends on the output size. With SAME it is half of the
        kernel's reach past the stride, in Keras with output_padding half of the kernel.
        """
        if not self._same:
            return window.before if self.output is None or default(self, "output") != "pads" else None
        reach, stride = extent(window.kernel, window.dilation).constant, window.stride.constant
        if self.output is not None or reach is None or stride is None:
            return None
        if self.output_padding is not None and default(self, "same") != "cropped":
            return integer(reach // 2)
        return integer((max(reach - stride, 0) + (self.padding.mode == SAME_LOWER)) // 2)

    def _law(self, window: Window, axis: int, axes: int) -> AxisMap:
        """The law that the layer's fields and its framework's conventions determine."""
        added = self._added(axis, axes)
        kernel, stride, dilated = window.kernel, window.stride, window.dilation.constant != 1
        amounts = (window.before,) if window.before is window.after else (window.before, window.after)
        padded = any(amount.constant != 0 for amount in amounts)
        end = () if added is None else (added,)
        last = (window.dilation,) if dilated else ()
        if self.output is not None:
            wanted = per_axis(self.output, axes, "output")[axis]
            if default(self, "output") == "pads":
                return chosen_law("pads").at(kernel, stride, window.dilation, wanted)
            if self._same:
                return chosen_law("same").at(stride, wanted)
            return chosen_law("explicit").at(kernel, stride, window.before, window.after, window.dilation, wanted)
        if self._same and default(self, "same") == "cropped":
            return cropped_law(dilated, added is not None).at(kernel, stride, *end, *last)
        if self._same:
            return (
                times_stride_law().at(stride) if added is None else centred_law(dilated).at(kernel, stride, *end, *last)
            )
        if added is None and not padded and default(self, "valid") == "stretched":
            return stretched_law(dilated).at(kernel, stride, *last)
        kind = "none" if not padded else "even" if len(amounts) == 1 else "uneven"
        return natural_law(kind, dilated, added is not None).at(
            kernel, stride, *(amounts if padded else ()), *end, *last
        )

    def _interval(self, window: Window, size: Term) -> tuple[Term, Term]:
        if self._same:
            return window.stride * (size - 1) + 1, window.stride * size
        low = window.stride * (size - 1) + extent(window.kernel, window.dilation) - window.before - window.after
        return low, low + window.stride - 1

    def _member(self, window: Window, axis: int, map_: AxisMap, size: Term) -> tuple[Condition, ...]:
        """The conditions that the output size is in the fibre, unless the framework has another rule. Raises
        :class:`LayerError` for a number outside it.
        """
        if self.framework is not None and (self.output is None or default(self, "output") == "pads"):
            return ()
        wanted = None if size.constant is None and self.output is None else map_.formula(size)
        if wanted is not None and wanted.constant is not None:
            least, most = (end.constant for end in self._interval(window, size))
            if least is not None and most is not None and wanted.constant >= 1 and not least <= wanted.constant <= most:
                error = _impossible_size(wanted.constant, max(least, 1), most, window.stride, size)
                elsewhere = self._allowed_elsewhere(window, axis)
                raise LayerError(f"{error}; {elsewhere}" if elsewhere else error)
        if self.output_padding is None:
            return ()  # the law itself implies it
        added = per_axis(
            self.output_padding, axis + 1 if len(self.output_padding) <= 1 else len(self.output_padding), ""
        )[axis]
        allowed = self._allowed_elsewhere(window, axis)
        elsewhere = f" ({allowed})" if allowed else ""
        if not self._same:
            return (Condition(Lt(added, window.stride), f"output_padding must be less than the stride{elsewhere}"),)
        reach = extent(window.kernel, window.dilation)
        past = reach - 2 * FloorDiv(reach, TWO) + added
        why = f"the output must be one that a SAME convolution takes back to the input{elsewhere}"
        return Condition(Le(ONE, past), why), Condition(Le(past, window.stride), why)

    def _allowed_elsewhere(self, window: Window, axis: int) -> str:
        """A hint at the framework that accepts an output padding from the stride up to the dilation, for which no
        convolution takes the output back.
        """
        added = self._added(axis, max(axis + 1, len(self.output_padding or ())))
        numbers = [term.constant for term in (added, window.stride, window.dilation) if term is not None]
        if len(numbers) < 3 or None in numbers or not numbers[1] <= numbers[0] < numbers[2]:  # type: ignore[operator]
            return ""
        who = "ONNX allows it, as its rule is output_padding < max(stride, dilation): framework=onnx"
        return who if self._same else who.replace("ONNX", "PyTorch").replace("=onnx", "=torch")


def _impossible_size(wanted: int, least: int, most: int, stride: Term, size: Term) -> str:
    step = f"a stride-{stride.constant} convolution"
    if most < least:
        return f"{wanted} is not a possible output: {step} with this padding takes nothing to {size.constant}"
    numbers = list(map(str, range(least, most + 1)))
    listed = numbers[0] if len(numbers) == 1 else f"{', '.join(numbers[:-1])} or {numbers[-1]}"
    if len(numbers) > 4:
        listed = f"{least} to {most}"
    return f"{wanted} is not a possible output: {step} takes {listed} to {size.constant}"
