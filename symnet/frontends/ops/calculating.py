"""Tensors of given sizes, each of whose entries is calculated from all entries of others: samples, columns, spectra."""

from __future__ import annotations

from collections.abc import Sequence

from symnet.frontends.flow import BATCH, Flow, Site, batch_share
from symnet.frontends.ops.arranging import in_sizes
from symnet.frontends.ops.products import shown
from symnet.layers.kinds.arrays import Parameter
from symnet.layers.kinds.merges import Combine
from symnet.layers.kinds.reductions import Reduce
from symnet.terms.term import Term, integer, symbols_of

__all__ = ["beside", "calculated", "constant"]


def constant(site: Site, sizes: Sequence[Term], name: str) -> Flow:
    """A tensor of numbers that are given, whose sizes may include the batch once."""
    places = [place for place, size in enumerate(sizes) if BATCH in symbols_of(size)]
    shares = [batch_share(size) if place in places else size for place, size in enumerate(sizes)]
    rest = [share for share in shares if share is not None]
    if len(places) > 1 or len(rest) < len(shares):
        raise site.refusal(f"{name} makes a tensor of sizes ({', '.join(shown([size]) for size in sizes)})")
    batch = places[0] if places else None
    if batch is not None and sizes[batch] is BATCH:
        del rest[batch]
        alone = batch
    else:
        alone = -1
    tensor = site.layer(Parameter(tuple(rest) or (integer(1),), fixed=True), name=name)
    count = iter(range(len(rest)))
    return Flow(tensor, tuple(None if place == alone else next(count) for place in range(len(sizes))), batch)


def beside(site: Site, x: Flow, other: Flow, name: str) -> Flow:
    """``x``, which now depends on all entries of another tensor, too: one number of each example stands beside every entry."""
    dims = tuple(range(1, len(other.dims) + 1))
    one = other.tensor
    if dims:
        one = site.layer(Reduce(dims, keepdims=False, function="entries"), one, name=f"{name}.entries")
    row = in_sizes(site, one, [integer(1)] * len(x.dims), f"{name}.sizes")
    return x.on(site.layer(Combine(function=name), x.tensor, row, name=name))


def calculated(site: Site, name: str, sizes: Sequence[Term], flows: Sequence[Flow]) -> Flow:
    """A tensor of these sizes, the batch among them, that depends on all entries of ``flows``."""
    made = constant(site, sizes, name)
    for flow in flows:
        made = beside(site, made, flow, name)
    return made
