"""Sums of products: matrix products and einsum, with the batch in any dimension."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_letters

from symnet.frontends.flow import Flow, Site
from symnet.frontends.ops.arranging import in_sizes, ordered, whole
from symnet.frontends.ops.joining import listed, meet
from symnet.frontends.ops.products import shown
from symnet.layers.kinds.products import Einsum, MatMul
from symnet.terms.term import Term

__all__ = ["einsum", "multiplied", "summed"]


def multiplied(site: Site, one: Flow, two: Flow, name: str = "matmul") -> Flow:
    """The matrix product: a vector on either side is a row or a column, sizes before the matrices are broadcast."""
    if not one.ndim or not two.ndim:
        raise site.refusal(f"{name}: a single number is no matrix")
    sizes = [one.sizes[-1], two.sizes[max(two.ndim - 2, 0)]]
    if len({size.constant == 1 for size in sizes}) > 1:
        raise site.refusal(
            f"{name}: {shown(sizes[:1])} entries of a row and {shown(sizes[1:])} of a column are not as many"
        )
    meet(site, sizes, [one, two], name)
    if _as_layer(one, two):
        return _by_layer(site, one, two, name)
    lead = max(one.ndim, two.ndim, 2) - 2
    before = ascii_letters[:lead]
    row, inner, column = tuple(ascii_letters[lead : lead + 3])
    left = inner if one.ndim == 1 else before[lead - one.ndim + 2 :] + row + inner
    right = inner if two.ndim == 1 else before[lead - two.ndim + 2 :] + inner + column
    result = before + (row if one.ndim > 1 else "") + (column if two.ndim > 1 else "")
    return summed(site, [left, right], result, [one, two], name)


def _as_layer(one: Flow, two: Flow) -> bool:
    """Whether the layer MatMul expresses it: the batch is before both matrices, or is the rows of the left one."""
    left, right = _from_end(one), _from_end(two)
    if two.ndim < 2 or (right is not None and right >= -2):
        return False
    if left is None or left < -2:
        return left is None or right in (None, left)
    return left == -2 and right is None and (one.ndim == 2 or not one.batch_alone)


def _from_end(x: Flow) -> int | None:
    """The dimension of the batch, counted from the last one, which is −1; ``None`` without a batch."""
    return None if x.batch is None else x.batch - x.ndim


def _by_layer(site: Site, one: Flow, two: Flow, name: str) -> Flow:
    both = [one, two]
    for at in range(-max(one.ndim, two.ndim), -2):
        meet(site, [flow.sizes[at] for flow in both if flow.ndim >= -at], both, name)
    batch = next((at for at in map(_from_end, both) if at is not None), None)
    alone = batch is not None and all(flow.batch is None or flow.batch_alone for flow in both)
    tensors = []
    for flow in both:
        left_out = batch if alone and (batch != -2 or flow is one) else None
        shares = [flow.share(at + flow.ndim) for at in range(-flow.ndim, 0) if at != left_out]
        tensors.append(in_sizes(site, ordered(site, flow, name).tensor, shares, f"{name}.sizes"))
    made = site.layer(MatMul(), *tensors, name=name)
    lead = max(one.ndim, two.ndim, 2) - 2
    rank = lead + 1 + (one.ndim > 1)
    out = None if batch is None else lead + 2 + batch
    count = iter(range(rank))
    return Flow(made, tuple(None if alone and dim == out else next(count) for dim in range(rank)), out)


def einsum(site: Site, equation: str, flows: Sequence[Flow], name: str = "einsum") -> Flow:
    """Sums of products in the notation ``bij,bjk->bik``; ``...`` stands for dimensions without letters, and without
    ``->`` the result has all letters that occur once, in alphabetical order.
    """
    left, arrow, right = equation.replace(" ", "").partition("->")
    terms = left.split(",")
    if len(terms) != len(flows):
        raise site.refusal(f"{name}({equation!r}) is for {len(terms)} tensors, and gets {len(flows)}")
    used = set(equation)
    free = [letter for letter in ascii_letters if letter not in used]
    more = 0
    for term, flow in zip(terms, flows, strict=True):
        count = flow.ndim - len(term.replace("...", ""))
        if count < 0 or (count and "..." not in term):
            raise site.refusal(f"{name}({equation!r}): {term} for a tensor of {flow.ndim} dimensions")
        more = max(more, count)
    rest = "".join(free[:more])
    spelled = []
    for term, flow in zip(terms, flows, strict=True):
        count = flow.ndim - len(term.replace("...", ""))
        spelled.append(term.replace("...", rest[len(rest) - count :]))
    if arrow:
        result = right.replace("...", rest)
    else:
        letters = left.replace("...", "").replace(",", "")
        result = rest + "".join(sorted(letter for letter in set(letters) if letters.count(letter) == 1))
    known = set("".join(spelled))
    if not (known <= set(ascii_letters)) or not set(result) <= known or len(set(result)) != len(result):
        raise site.refusal(f"{name}({equation!r}) is no sum of products such as 'bij,bjk->bik'")
    return summed(site, spelled, result, flows, name)


def summed(site: Site, terms: Sequence[str], result: str, flows: Sequence[Flow], name: str) -> Flow:
    """The sum of products over the letters that ``result`` does not have; sizes 1 are broadcast."""
    batches = {term[flow.batch] for term, flow in zip(terms, flows, strict=True) if flow.batch is not None}
    if len(batches) > 1:
        raise site.refusal(
            f"{name}: {listed(flows)}: the examples of the batch meet each other, batch × batch, which symnet does not follow"
        )
    batch = next(iter(batches), None)
    sizes: dict[str, Term] = {}
    for term, flow in zip(terms, flows, strict=True):
        for dim, letter in enumerate(term):
            size = flow.sizes[dim]
            if size.constant != 1:
                meet(site, [sizes.setdefault(letter, size), size], flows, name)
    alone = batch is not None and all(flow.batch is None or flow.batch_alone for flow in flows)
    spelled, tensors = [], []
    for term, flow in zip(terms, flows, strict=True):
        flow = whole(site, flow, name)
        kept = [
            dim
            for dim, letter in enumerate(term)
            if not (alone and letter == batch) and (flow.sizes[dim].constant != 1 or letter not in sizes)
        ]
        spelled.append("".join(term[dim] for dim in kept))
        tensors.append(in_sizes(site, flow.tensor, [flow.share(dim) for dim in kept], f"{name}.sizes"))
    ours = result.replace(batch, "") if alone and batch else result
    made = site.layer(Einsum(equation=f"{','.join(spelled)}->{ours}"), *tensors, name=name)
    out = result.index(batch) if batch is not None and batch in result else None
    count = iter(range(len(ours)))
    return Flow(made, tuple(None if alone and dim == out else next(count) for dim in range(len(result))), out)
