"""Handlers of Keras's layers that rearrange numbers or combine several tensors."""

from __future__ import annotations

from symnet.frontends.building import Tensor
from symnet.frontends.keras.call_site import Handler, Site, Unknown
from symnet.frontends.keras.features import activated
from symnet.frontends.ops import joining
from symnet.layers.declaration.axes import index_of_axis
from symnet.layers.declaration.base import Layer
from symnet.layers.kinds.joins import Concat, Dot
from symnet.layers.kinds.merges import Add, Average, Maximum, Minimum, Multiply, Subtract
from symnet.layers.kinds.reshaping import ExpandDims, Flatten, Permute, Repeat, Reshape
from symnet.terms.term import integer

__all__ = ["ARRANGEMENT", "concatenated"]


def _flatten(site: Site) -> Tensor:
    return site.put(Flatten)


def _reshape(site: Site) -> Tensor:
    return site.put(Reshape, site.config.sizes("target_shape"))


def _permute(site: Site) -> Tensor:
    return site.put(Permute, site.config.sizes("dims"))


def _repeat(site: Site) -> Tensor:
    return site.put(Repeat, site.config.number("n"))


def _merge(kind: type[Layer]) -> Handler:
    def handler(site: Site) -> Tensor:
        tensors = site.joined
        if len(tensors) == 1:
            return activated(site, "identity")
        rank = max(len(tensor.shape.dims) for tensor in tensors)
        return site.put(kind, to=[_stretched(site, tensor, rank, index) for index, tensor in enumerate(tensors, 1)])

    return handler


def _stretched(site: Site, tensor: Tensor, rank: int, number: int) -> Tensor:
    """The tensor with sizes 1 inserted after the batch up to ``rank``, as Keras does when it merges tensors of
    different ranks; ``number`` is the index of the input.
    """
    for step in range(rank - len(tensor.shape.dims)):
        tensor = site.put(ExpandDims, 1, to=tensor, part=f"input{number}_{step + 1}")
    return tensor


def concatenated(site: Site, tensors: list[Tensor], axis: int) -> Tensor:
    """Tensors concatenated along an axis; axis 0 is the batch."""
    if len(tensors) == 1:
        return activated(site, "identity", to=tensors[0])
    if axis == 0 or axis == -len(tensors[0].shape.dims) - 1:
        return site.given(joining.concatenated(site, [site.flow(tensor) for tensor in tensors], 0, site.word))
    shape = tensors[0].shape
    usual = index_of_axis(integer(axis), len(shape.dims)) == shape.channel_index
    return site.put(Concat, to=tensors, axis=None if usual else axis)


def _concatenate(site: Site) -> Tensor:
    return concatenated(site, site.joined, site.config.number("axis", -1))


def _dot(site: Site) -> Tensor:
    both = site.only(2)
    axes = site.config.sizes("axes")
    if len(axes) > 2:
        raise Unknown(f"sums over {len(axes)} axes")
    if any(len(tensor.shape.dims) > 1 for tensor in both):
        return site.put(Dot, to=both, axes=axes)
    # a single number, as a vector of one entry
    return site.put(Reshape, (1,), to=site.put(Dot, to=both, axes=axes, part="dot"))


ARRANGEMENT: dict[str, Handler] = {
    "Flatten": _flatten,
    "Reshape": _reshape,
    "Permute": _permute,
    "RepeatVector": _repeat,
    "Add": _merge(Add),
    "Subtract": _merge(Subtract),
    "Multiply": _merge(Multiply),
    "Average": _merge(Average),
    "Maximum": _merge(Maximum),
    "Minimum": _merge(Minimum),
    "Concatenate": _concatenate,
    "CustomScaleLayer": _merge(Add),  # CustomScaleLayer of InceptionResNetV2 computes x + scale·y
    "Dot": _dot,
}
