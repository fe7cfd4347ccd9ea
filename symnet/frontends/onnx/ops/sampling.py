"""Operators that take values of images at points or in boxes, put windows back together, or cut and fill images to a size."""

from __future__ import annotations

from symnet.errors import LayerError
from symnet.frontends.flow import tidy
from symnet.frontends.onnx.call import Call, Handler
from symnet.frontends.onnx.constants.numbers import sign_of
from symnet.frontends.onnx.ops.windows import convolved, per_axis
from symnet.frontends.onnx.sizes import divided
from symnet.frontends.onnx.values import Value
from symnet.frontends.ops.calculating import beside, calculated
from symnet.frontends.ops.products import shown
from symnet.frontends.ops.selecting import sampled
from symnet.layers.declaration.base import product
from symnet.terms.propositions import Eq, Le
from symnet.terms.term import FloorDiv, Term, integer

__all__ = ["SAMPLING"]

ONE = integer(1)


def _grid_sample(call: Call) -> Value:
    x, points = call.samples(0), call.samples(1)
    images, grids = call.sizes(x)[0], call.sizes(points)[0]
    if sign_of(images, grids) != 0:
        raise LayerError(f"has points for {shown([grids])} images, and there are {shown([images])}")
    return sampled(call, x, points, call.word)


def _affine_grid(call: Call) -> Value:
    """The points (N, H, W, 2) at which an image of ``size`` (N, C, H, W) is read; one more axis in three dimensions."""
    theta, size = call.samples(0), call.terms(1)
    axes = len(size) - 2
    if axes not in (2, 3) or theta.ndim != 3:
        raise LayerError(f"makes points for {axes} axes from {theta.ndim} dimensions")
    for dim, wanted in ((1, axes), (2, axes + 1)):
        call.suppose(Eq(theta.sizes[dim], integer(wanted)))
    if theta.batch == 0 and sign_of(size[0], call.sizes(theta)[0]) != 0:
        raise LayerError(f"makes points for {shown([size[0]])} images, and there are {shown([call.sizes(theta)[0]])}")
    return calculated(call, call.word, [theta.sizes[0], *size[2:], integer(axes)], [theta])


def _boxes(call: Call, batches: bool) -> Value:
    """Values in boxes of images: an output for each box, whichever image it is of."""
    x, boxes = call.samples(0), call.flow(1)
    extents = call.attribute("pooled_shape") or [
        call.attribute("output_height", 1),
        call.attribute("output_width", 1),
    ]
    if boxes.ndim != 2 or x.ndim != 4:
        raise LayerError(f"reads images of 4 dimensions and boxes of 2, got {x.ndim} and {boxes.ndim}")
    if x.batch is not None and boxes.batch != 0:
        raise LayerError("gives the boxes of all examples together, without a batch")
    call.suppose(Eq(boxes.sizes[1], integer(4 if batches else 5)))
    sizes = [boxes.sizes[0], x.sizes[1], *map(integer, extents)]
    return calculated(call, call.word, sizes, [x, boxes])


def _deformable(call: Call) -> Value:
    """A convolution whose windows' entries are read at offsets, each with a factor if there is a mask."""
    made = convolved(call, bias=3)
    kernel = product(*call.array(1).dims[2:])
    for index, numbers in ((2, 2), (4, 1)):
        if call.has(index):
            other = call.samples(index)
            wanted = tidy(kernel * (numbers * call.attribute("offset_group", 1)))
            for ours, theirs in zip((wanted, *made.sizes[2:]), other.sizes[1:], strict=True):
                call.suppose(Eq(theirs, ours))
            made = beside(call, made, other, call.word)
    return made


def _columns_to_image(call: Call) -> Value:
    """Columns (N, C·∏F, windows), added up to images (N, C, …) that have those windows."""
    x = call.samples(0)
    sizes, block = call.terms(1), call.terms(2)
    axes = len(sizes)
    if x.ndim != 3 or len(block) != axes:
        raise LayerError(f"reads columns (batch, C·F·F, windows), and gets {x.ndim} dimensions")
    pads = list(map(integer, call.attribute("pads") or [0] * (2 * axes)))
    strides, dilations = (per_axis(call.attribute(name), axes) for name in ("strides", "dilations"))
    counts: list[Term] = []
    for axis, (size, extent) in enumerate(zip(sizes, block, strict=True)):
        gap = tidy(size + pads[axis] + pads[axis + axes] - (extent - 1) * dilations[axis] - 1)
        counts.append(tidy(FloorDiv(gap, integer(strides[axis])) + 1))
    call.suppose(Eq(x.sizes[2], tidy(product(*counts))))
    channels, exact = divided(x.sizes[1], product(*block))
    if not exact:
        raise LayerError(f"adds up {shown([x.sizes[1]])} rows, which are no whole number of windows of {shown(block)}")
    return calculated(call, call.word, [x.sizes[0], channels, *sizes], [x])


def _unpool(call: Call) -> Value:
    """Maxima put back where they were found: S·(W − 1) + F less the pads, or as many entries as are asked for."""
    x, where = call.samples(0), call.samples(1)
    extents = call.attribute("kernel_shape") or []
    axes = x.ndim - 2
    if len(extents) != axes:
        raise LayerError(f"has a kernel of {len(extents)} axes, and its input has {axes}")
    strides, pads = per_axis(call.attribute("strides"), axes), call.attribute("pads") or [0] * (2 * axes)
    for ours, theirs in zip(x.sizes[1:], where.sizes[1:], strict=True):
        call.suppose(Eq(theirs, ours))
    sizes = [
        tidy((size - 1) * strides[axis] + (extents[axis] - pads[axis] - pads[axis + axes]))
        for axis, size in enumerate(x.sizes[2:])
    ]
    if call.has(2):
        sizes = call.terms(2)[2:]
    return calculated(call, call.word, [*x.sizes[:2], *sizes], [x, where])


def _center_crop_pad(call: Call) -> Value:
    """Cut off and filled up on both sides to the sizes that are asked for, along ``axes``."""
    x, wanted = call.flow(), call.terms(1)
    axes = [call.dimension(axis, x.ndim) for axis in call.attribute("axes") or range(x.ndim)]
    if len(axes) != len(wanted):
        raise LayerError(f"has {len(wanted)} sizes for {len(axes)} dimensions")
    sizes = list(x.sizes)
    for axis, size in zip(axes, wanted, strict=True):
        if axis == x.batch:
            if sign_of(size, call.sizes(x)[axis]) != 0:
                raise LayerError(f"works along dimension {axis}, which holds the batch")
            continue
        if size.constant is None:
            call.suppose(Le(ONE, size))
        elif size.constant < 1:
            raise LayerError(f"has a dimension of size {size.constant}, which holds nothing")
        sizes[axis] = size
    return calculated(call, call.word, sizes, [x])


def _spectrum(call: Call) -> Value:
    """DFT: as many frequencies as entries or as are asked for, each of two parts. Of real numbers ⌊n/2⌋ + 1 frequencies say all
    (``onesided``), and back from these come n real numbers, 2·(size − 1) unless it is said.
    """
    x = call.flow()
    axis = call.attribute("axis", 1) if call.opset < 20 else (call.ints("axis", 2) or [-2])[0]
    axis = call.dimension(axis, x.ndim)
    if axis in (x.batch, x.ndim - 1):
        what = "the batch" if axis == x.batch else "the parts of a number"
        raise LayerError(f"works along dimension {axis}, which holds {what}")
    half, back = bool(call.attribute("onesided", 0)), bool(call.attribute("inverse", 0))
    usual = tidy((x.sizes[axis] - 1) * 2) if half and back else x.sizes[axis]
    length = call.terms(1)[0] if call.has(1) else usual
    call.suppose(Le(ONE, length))
    sizes = list(x.sizes)
    sizes[axis] = tidy(FloorDiv(length, integer(2)) + 1) if half and not back else length
    return calculated(call, call.word, [*sizes[:-1], integer(1 if half and back else 2)], [x])


def _short_time_spectrum(call: Call) -> Value:
    """STFT: ⌊(L − F)/S⌋ + 1 frames, each with its frequencies."""
    x = call.samples(0)
    (step,) = call.terms(1)
    if call.has(3):
        (frame,) = call.terms(3)
    elif call.has(2):
        frame = call.sizes(call.value(2))[0]
    else:
        raise LayerError("says neither how long a frame is nor its window")
    call.suppose(Le(ONE, step))
    call.suppose(Le(frame, x.sizes[1]))
    frames = tidy(FloorDiv(x.sizes[1] - frame, step) + 1)
    bins = tidy(FloorDiv(frame, integer(2)) + 1) if call.attribute("onesided", 1) else frame
    return calculated(call, call.word, [x.sizes[0], frames, bins, integer(2)], [x])


def _drawn(call: Call) -> Value:
    """Multinomial: so many numbers of classes for each example."""
    x = call.samples(0)
    return calculated(call, call.word, [x.sizes[0], integer(call.attribute("sample_size", 1))], [x])


def _terms_counted(call: Call) -> Value:
    """TfIdfVectorizer: a number for each term in the pool."""
    x = call.flow()
    terms = integer(max(call.attribute("ngram_indexes", ()), default=0) + 1)
    return calculated(call, call.word, [*x.sizes[:-1], terms], [x])


def _written_in_place(call: Call) -> Value:
    """TensorScatter: a cache with some of its steps written anew."""
    cache, update = call.samples(0), call.samples(1)
    axis = call.dimension(call.attribute("axis", -2), cache.ndim)
    if call.attribute("mode", "linear") == "linear":
        call.suppose(Le(update.sizes[axis], cache.sizes[axis]))
    return beside(call, cache, update, call.word)


SAMPLING: dict[str, Handler] = {
    "GridSample": _grid_sample,
    "AffineGrid": _affine_grid,
    "RoiAlign": lambda call: _boxes(call, batches=True),
    "MaxRoiPool": lambda call: _boxes(call, batches=False),
    "DeformConv": _deformable,
    "Col2Im": _columns_to_image,
    "MaxUnpool": _unpool,
    "CenterCropPad": _center_crop_pad,
    "DFT": _spectrum,
    "STFT": _short_time_spectrum,
    "Multinomial": _drawn,
    "TfIdfVectorizer": _terms_counted,
    "TensorScatter": _written_in_place,
}
