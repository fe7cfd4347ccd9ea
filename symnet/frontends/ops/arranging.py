"""Rearranging the same entries: permuting dimensions, merging and splitting sizes, adding and removing sizes 1."""

from __future__ import annotations

from collections.abc import Sequence

from symnet.frontends.building import Tensor
from symnet.frontends.flow import BATCH, ONE, Flow, Site, batch_share, tidy
from symnet.frontends.ops.products import divided, same_product, shown, suppose_products
from symnet.layers.declaration.axes import quotient
from symnet.layers.declaration.base import product
from symnet.layers.kinds.reshaping import Flatten, Permute, Reshape, Squeeze
from symnet.terms.polynomial import normal_form
from symnet.terms.propositions import Eq
from symnet.terms.term import Term, symbols_of

__all__ = [
    "dimension", "flattened", "in_sizes", "ordered", "permuted", "reshaped", "squeezed", "unflattened", "unsqueezed", "whole",
]  # fmt: skip


def dimension(site: Site, x: Flow, dim: int, more: int = 0) -> int:
    """Dimension ``dim`` counted from 0, including the batch; ``more`` is the number of dimensions about to be added.
    Raises the refusal if there is none.
    """
    rank = x.ndim + more
    if not -rank <= dim < rank:
        raise site.refusal(f"speaks of dimension {dim} of {rank}")
    return dim % rank


def ordered(site: Site, x: Flow, name: str) -> Flow:
    """The tensor with the network's sizes permuted into the order of its dimensions."""
    standing = [place for place in x.places if place is not None]
    if standing == sorted(standing):
        return x
    tensor = site.layer(Permute(tuple(place + 1 for place in standing)), x.tensor, name=f"{name}.order".strip("."))
    count = iter(range(len(standing)))
    return Flow(tensor, tuple(None if place is None else next(count) for place in x.places), x.batch)


def whole(site: Site, x: Flow, name: str) -> Flow:
    """The tensor with every size 1 in the network as well, in order; only the batch alone is left out."""
    x = ordered(site, x, name)
    alone = x.batch is not None and x.share(x.batch).constant == 1
    if not x.missing() and len(x.dims) == x.ndim - alone:
        return x
    dims = [x.share(dim) for dim in range(x.ndim) if dim != x.batch or not alone]
    tensor = in_sizes(site, x.tensor, dims, f"{name}.sizes".strip("."))
    return _standing(tensor, x.ndim, x.batch if alone else None, x.batch)


def _standing(tensor: Tensor, rank: int, out: int | None, batch: int | None) -> Flow:
    """A tensor whose dimensions are in order, except dimension ``out``, which has no size in the network."""
    count = iter(range(rank))
    return Flow(tensor, tuple(None if dim == out else next(count) for dim in range(rank)), batch)


def permuted(site: Site, x: Flow, order: Sequence[int], name: str = "permute") -> Flow:
    """The dimensions in another order, including the batch."""
    dims = [dimension(site, x, dim) for dim in order]
    if sorted(dims) != list(range(x.ndim)):
        listed = ", ".join(map(str, order))
        raise site.refusal(f"{name}: each of the {x.ndim} dimensions is wanted once, not {listed}")
    batch = None if x.batch is None else dims.index(x.batch)
    if len([place for place in x.places if place is not None]) != len(x.dims):
        x = whole(site, x, name)
    x = Flow(x.tensor, tuple(x.places[dim] for dim in dims), batch)
    standing = [place for place in x.places if place is not None]
    if standing == sorted(standing):
        return x
    landed = standing.index(x.tensor.shape.channel_index) if x.tensor.shape.channel_index in standing else 0
    layout = "channels_first" if landed == 0 else "channels_last" if landed == len(standing) - 1 else None
    tensor = site.layer(Permute(tuple(place + 1 for place in standing), layout=layout), x.tensor, name=name)
    count = iter(range(len(standing)))
    return Flow(tensor, tuple(None if place is None else next(count) for place in x.places), batch)


def reshaped(site: Site, x: Flow, wanted: Sequence[Term | None], name: str = "reshape") -> Flow:
    """The same entries with other sizes; ``None`` (−1) is the remaining quotient. The batch may be merged with other
    sizes or separated. The products must be equal for all sizes, or a hypothesis makes them equal; otherwise the
    refusal shows both.
    """
    if list(wanted).count(None) > 1:
        raise site.refusal(f"{name}: only one size may be −1")
    if list(x.sizes) == list(wanted):
        return x
    x = ordered(site, x, name)
    batch = _batch_of(site, x, wanted, name)
    shares = [_share(size, place == batch) for place, size in enumerate(wanted)]
    dims, alone = x.dims, False
    if None in shares:
        given = [size for size in shares if size is not None]
        left, exact = divided(site, product(*dims), product(*given))
        if not exact and not symbols_of(*dims, *given):
            raise _unequal(site, x, wanted, name)
        if shares.index(None) == batch:
            if not exact and len(wanted) == 2 and batch == 0 and _as_many(site, dims, given):  # one row per example
                if not suppose_products(site, dims, given):
                    raise _unequal(site, x, wanted, name)
                left, exact = ONE, True
            alone = left.constant == 1
        if exact and left != quotient(product(*dims), product(*given))[0]:  # otherwise the layer computes it as well
            shares[shares.index(None)] = left
    else:
        given = [size for size in shares if size is not None]
        if not same_product(site, dims, given) and not suppose_products(site, dims, given):
            raise _unequal(site, x, wanted, name)
    if batch is not None and not alone:
        share = shares[batch]
        alone = share is not None and share.constant == 1
    target = [size for place, size in enumerate(shares) if not (alone and place == batch)]
    result = _standing(in_sizes(site, x.tensor, target, name), len(wanted), batch if alone else None, batch)
    if batch is not None and not alone and result.tensor is not x.tensor:
        whole, part = (" × ".join(shown([size]) for size in sizes) for sizes in (result.sizes, result.dims))
        site.note_merged_batch(whole, part)
    return result


def _batch_of(site: Site, x: Flow, wanted: Sequence[Term | None], name: str) -> int | None:
    """The new dimension that contains the batch: the one that is a multiple of it, or the remaining quotient; ``None``
    if there is no batch.
    """
    found = [place for place, size in enumerate(wanted) if size is not None and BATCH in symbols_of(size)]
    if x.batch is None and not found:
        return None
    if x.batch is not None and len(found) == 1 and batch_share(wanted[found[0]] or ONE) is not None:
        return found[0]
    if x.batch is not None and not found and None in wanted:
        return list(wanted).index(None)
    raise _unequal(site, x, wanted, name)


def _share(size: Term | None, batch: bool) -> Term | None:
    return batch_share(size) if batch and size is not None else size


def _as_many(site: Site, one: Sequence[Term], two: Sequence[Term]) -> bool:
    """Whether two products have the same value for the sizes with which the model was run."""
    left, right = site.usual(product(*one)), site.usual(product(*two))
    return left is not None and left == right


def _unequal(site: Site, x: Flow, wanted: Sequence[Term | None], name: str) -> Exception:
    given = [size for size in wanted if size is not None]
    rest = " and what is left" if None in wanted else ""
    listed = ", ".join("−1" if size is None else shown([size]) for size in wanted)
    return site.refusal(
        f"{name} to ({listed}): there are {shown(x.sizes)} entries, and {shown(given)}{rest} is not as many for every batch"
    )


def in_sizes(site: Site, tensor: Tensor, target: Sequence[Term | None], name: str) -> Tensor:
    """The network's tensor reshaped to other sizes."""
    dims = tensor.shape.dims
    if len(target) == len(dims) and all(
        size is None or size is dim or normal_form(size) == normal_form(dim)
        for size, dim in zip(target, dims, strict=True)
    ):
        return tensor
    if not target:
        return site.layer(Squeeze(tuple(range(1, len(dims) + 1))), tensor, name=name)
    return site.layer(Reshape(tuple(-1 if size is None else size for size in target)), tensor, name=name)


def flattened(site: Site, x: Flow, first: int, last: int, name: str = "flatten") -> Flow:
    """The dimensions from ``first`` to ``last`` merged into one."""
    if first >= last:
        return x
    x = ordered(site, x, name)
    if (
        any(x.places[dim] is None for dim in range(first, last + 1))
        or first <= (-1 if x.batch is None else x.batch) <= last
    ):
        merged = tidy(product(*x.sizes[first : last + 1]))
        return reshaped(site, x, [*x.sizes[:first], merged, *x.sizes[last + 1 :]], name)
    tensor = site.layer(Flatten(start_dim=x.axis(first), end_dim=x.axis(last)), x.tensor, name=name)
    gone = last - first
    places = [*x.places[: first + 1], *(None if place is None else place - gone for place in x.places[last + 1 :])]
    batch = x.batch if x.batch is None or x.batch < first else x.batch - gone
    return Flow(tensor, tuple(places), batch)


def unflattened(site: Site, x: Flow, dim: int, sizes: Sequence[Term | None], name: str = "unflatten") -> Flow:
    """One dimension split into ``sizes``, of which one may be ``None``, the remaining quotient."""
    return reshaped(site, x, [*x.sizes[:dim], *sizes, *x.sizes[dim + 1 :]], name)


def unsqueezed(site: Site, x: Flow, dim: int, name: str = "unsqueeze") -> Flow:
    """The tensor with a new dimension of size 1 before dimension ``dim``."""
    sizes = list(x.sizes)
    sizes.insert(dim, ONE)
    return reshaped(site, whole(site, x, name), sizes, name)


def squeezed(site: Site, x: Flow, dims: Sequence[int] | None, name: str = "squeeze", *, required: bool = False) -> Flow:
    """The tensor without those of ``dims`` (all if ``None``) whose size is known to be 1; the batch stays. ``required``: a size that
    is left open must be 1, which is a condition of the layer."""
    chosen = range(x.ndim) if dims is None else dims
    gone = {dim for dim in chosen if dim != x.batch and _size_is_one(site, x.share(dim), required)}
    if not gone:
        return x
    standing = sorted(place for dim in gone if (place := x.places[dim]) is not None)
    tensor = x.tensor
    if standing:
        tensor = site.layer(Squeeze(tuple(place + 1 for place in standing)), tensor, name=name)
    kept = [place for dim, place in enumerate(x.places) if dim not in gone]
    places = tuple(None if place is None else place - sum(one < place for one in standing) for place in kept)
    return Flow(tensor, places, None if x.batch is None else x.batch - sum(dim < x.batch for dim in gone))


def _size_is_one(site: Site, size: Term, otherwise: bool) -> bool:
    if size.constant is not None:
        return size.constant == 1
    answer = site.decide(Eq(size, ONE))
    return otherwise if answer is None else answer
