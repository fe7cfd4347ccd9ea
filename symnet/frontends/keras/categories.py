"""Handlers of Keras's layers that turn values into categories: numbers of them, or a number for each of them.

Source: keras/src/layers/preprocessing/: category_encoding.py, discretization.py, hashing.py.
"""

from __future__ import annotations

from symnet.frontends.building import Tensor
from symnet.frontends.keras.call_site import Handler, Site, Unknown
from symnet.frontends.keras.features import activated
from symnet.frontends.ops.calculating import calculated
from symnet.terms.term import integer

__all__ = ["CATEGORIES"]


def _category_encoding(site: Site) -> Tensor:
    """A number for each category: for all entries along the last size together (multi_hot, count), or for each entry (one_hot), for
    which a last size 1 makes room.
    """
    mode, count = site.config.word("output_mode", "multi_hot"), site.config.number("num_tokens")
    x = site.flow(site.tensor)
    if mode not in ("one_hot", "multi_hot", "count"):
        raise Unknown(f"has the output_mode {mode}")
    if mode == "one_hot" and x.sizes[-1].constant is None:
        raise Unknown("adds a size unless the last one is 1, which is a letter")
    kept = x.sizes if mode == "one_hot" and x.sizes[-1].constant != 1 else x.sizes[:-1]
    return site.given(calculated(site, site.word, [*kept, integer(count)], [x]))


def _discretization(site: Site) -> Tensor:
    """The number of the bin of each entry, or a number for each bin of each entry."""
    ends, mode = site.config.get("bin_boundaries"), site.config.word("output_mode", "int")
    if mode == "int":
        return activated(site, site.word, to=site.tensor)
    x = site.flow(site.tensor)
    if mode != "one_hot" or not isinstance(ends, list | tuple) or x.sizes[-1].constant in (None, 1):
        raise Unknown(f"has the output_mode {mode}, or bins that it learns from data")
    return site.given(calculated(site, site.word, [*x.sizes, integer(len(ends) + 1)], [x]))


def _hashing(site: Site) -> Tensor:
    mode = site.config.word("output_mode", "int")
    if mode != "int":
        raise Unknown(f"has the output_mode {mode}")
    return activated(site, site.word, to=site.tensor)


CATEGORIES: dict[str, Handler] = {
    "CategoryEncoding": _category_encoding,
    "Discretization": _discretization,
    "Hashing": _hashing,
}
