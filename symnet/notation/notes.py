"""Notes on text that many people would mean differently than it is read: one sentence each, for the author of the text."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator

from symnet.graph import Graph
from symnet.layers.declaration.base import Layer
from symnet.layers.declaration.shape import CHANNELS_LAST, Shape
from symnet.layers.kinds.dense import Dense
from symnet.notation.data_format import in_product
from symnet.notation.outline import UNNAMED
from symnet.printing.text import text
from symnet.terms.term import Symbol, Term

__all__ = ["enumeration", "is_bare_word", "is_batch_word", "notes_on"]

#: A letter of an input or output size, as C_in.
_INDEXED = re.compile(r"[^\W\d_]_?(in|out)")

#: Usual numbers of channels of an image, and a number below which no size is the side of an image.
IMAGE_CHANNELS, SMALL = (1, 3, 4), 5

#: Usual names of batches and channels, in lower case.
_BATCH = {"n", "b", "bs", "batch", "batch_size", "batchsize"}
_CHANNELS = {"c", "k", "d", "ch", "cin", "c_in", "channels", "in_channels", "features", "filters"}

#: Kinds whose output has the shape of their input, and kinds without windows that depend on the channels.
_KEEP_SHAPE = {"Activation", "Dropout", "Rescaling", "Normalization", "ReLU"}
_SEE_CHANNELS = {"BN", "GroupNorm", "InstanceNorm", "SE", "PReLU"}


def enumeration(words: Iterable[str]) -> str:
    """Words with commas and a final "and".

    >>> enumeration(["C", "H", "W"]), enumeration(["C"])
    ('C, H and W', 'C')
    """
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def is_bare_word(word: str) -> bool:
    """Returns whether a size is a word instead of a letter with an index: ``batch``, but not ``W`` or ``C_in``.

    >>> [is_bare_word(word) for word in ("batch", "seq_len", "W", "C_in", "W_12", "2*n", "None")]
    [True, True, False, False, False, False, False]
    """
    if len(word) < 3 or not word.isidentifier() or not word.replace("_", "").isalpha():
        return False
    return UNNAMED.fullmatch(word) is None and _INDEXED.fullmatch(word) is None


def is_batch_word(word: str) -> bool:
    """Returns whether a word is a usual name of a batch."""
    return word.lower() in _BATCH


def notes_on(graph: Graph, *, layout_named: bool, unnamed: Container[str] = ()) -> tuple[str, ...]:
    """The notes on how the input is read. If its layout is named, only a batch before it can be in doubt. ``unnamed`` are the symbols
    of sizes written as ``None`` or ``?``, as batches often are.
    """
    return tuple(_notes(graph, layout_named, unnamed))


def _notes(graph: Graph, layout_named: bool, unnamed: Container[str]) -> Iterator[str]:
    shape = graph.input
    reader = _first_reader(graph)
    if reader is None or len(shape.dims) not in (2, 3, 4):
        return
    shape_text = f"({', '.join(map(text, shape.dims))})"
    rank: Term | None = getattr(reader, "rank", None)
    windows = _has_windows(reader) and (rank is None or rank.constant != len(shape.axes))
    if shape.layout == CHANNELS_LAST:
        batch, *axes = shape.dims
        if len(axes) == 3 and windows and (batch.constant == 1 or _is_batch(batch, unnamed)) and axes[0] is not batch:
            last = "HWC:" + "x".join(map(in_product, axes))
            yield f"{shape_text} is read as three axes and channels; the batch is left out, as in {last}"
    elif len(shape.dims) == 4:
        example = _without_batch(shape.dims, unnamed)
        if example is not None and windows:
            yield (
                f"{shape_text} is read as {_counted(shape.dims[0], 'channel')} along three axes; "
                f"the batch is left out, as in {example}"
            )
    elif layout_named:
        return
    elif len(shape.dims) == 3 and _looks_channels_last(shape, unnamed):
        channels, last = shape.dims[0], "x".join(map(in_product, shape.dims))
        yield f"{shape_text} is read as {_counted(channels, 'channel')}, which stand first; with channels last it is HWC:{last}"
    elif len(shape.dims) == 2 and windows and _looks_like_image(shape.dims):
        channels, size = shape.dims
        yield (
            f"{shape_text} is read as {_counted(channels, 'channel')} along one axis of {text(size)}; "
            f"an image of one channel is (1, {text(channels)}, {text(size)})"
        )
    elif len(shape.dims) == 2 and isinstance(reader, Dense) and reader.flattens(shape):
        yield f"{shape_text} is flattened before {reader.kind}; the batch is left out, as in {text(shape.dims[1])}"


def _first_reader(graph: Graph) -> Layer | None:
    """The first layer that depends on the channels of the input; ``None`` if there is none."""
    same = {0}
    for position, node in enumerate(graph.nodes, 1):
        if same.isdisjoint(node.sources):
            continue
        layer = node.layer
        if layer.kind in _KEEP_SHAPE:
            same.add(position)
        elif layer.kind in _SEE_CHANNELS or isinstance(layer, Dense) or _has_windows(layer):
            return layer
    return None


def _has_windows(layer: Layer) -> bool:
    """Returns whether the layer has windows that move along 1, 2 or 3 axes."""
    known = any(spec.name == "rank" for spec in layer.specs())
    return known and layer.kind not in _SEE_CHANNELS and layer.kind not in _KEEP_SHAPE


def _looks_channels_last(shape: Shape, unnamed: Container[str]) -> bool:
    first, second, third = shape.dims
    channels = _is_named(first, _CHANNELS) and not _is_in(first, unnamed)
    return third.constant in IMAGE_CHANNELS and _is_side(first) and _is_side(second) and not channels


def _looks_like_image(sizes: tuple[Term, ...]) -> bool:
    first, second = sizes
    if first is second:
        return first.constant is None or first.constant >= SMALL
    if first.constant is None or second.constant is None:
        return isinstance(first, Symbol) and first.name.lower().startswith(("h", "w")) and second.constant is None
    return first.constant >= SMALL and first.constant <= 2 * second.constant and second.constant <= 2 * first.constant


def _without_batch(sizes: tuple[Term, ...], unnamed: Container[str]) -> str | None:
    """The shape without its batch in notation, if the first of four sizes looks like a batch; else ``None``."""
    batch, *rest = sizes
    first, second, third = rest
    image_last = third.constant in IMAGE_CHANNELS and _is_side(first) and _is_side(second)
    image = first.constant in IMAGE_CHANNELS and _is_side(second) and _is_side(third)
    one = batch.constant == 1 and not first is second is third
    if not (one or _is_batch(batch, unnamed) or ((image or image_last) and (batch.constant or 0) >= SMALL)):
        return None
    return "HWC:" + "x".join(map(in_product, rest)) if image_last else f"({', '.join(map(text, rest))})"


def _is_side(size: Term) -> bool:
    """Returns whether a size may be the side of an image."""
    return size.constant is None or size.constant >= SMALL


def _is_batch(size: Term, unnamed: Container[str]) -> bool:
    """Returns whether a size has the name of a batch, or none."""
    return _is_named(size, _BATCH) or _is_in(size, unnamed)


def _is_in(size: Term, names: Container[str]) -> bool:
    return isinstance(size, Symbol) and size.name in names


def _is_named(size: Term, names: set[str]) -> bool:
    return isinstance(size, Symbol) and size.name.lower().rstrip("0123456789_") in names


def _counted(size: Term, what: str) -> str:
    return f"{text(size)} {what}{'s' * (size.constant != 1)}"
