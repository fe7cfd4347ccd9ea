"""Why a call fails: the sizes that it requires, and the actual ones."""

from __future__ import annotations

from math import prod
from typing import Any

from symnet.doctor.findings import Sizes
from symnet.doctor.other_numbers import numbers_in
from symnet.doctor.torch.for_functions import RESHAPES
from symnet.doctor.torch.for_joins import JOINS, differing, is_join, join_dimension
from symnet.doctor.torch.for_products import PRODUCTS, factors
from symnet.doctor.torch.for_states import rows_asked
from symnet.doctor.torch.patient import Examined
from symnet.doctor.torch.recording import Call, Shape, written_in_torch

__all__ = ["Cause", "cause", "without_batch"]


class Cause:
    """The requirement of a call and the actual sizes: as text, as a condition, and as the list of sizes involved."""

    def __init__(
        self, why: str, condition: str | None = None, sizes: tuple[tuple[int, int], ...] = (), argument: str = ""
    ) -> None:
        self.why, self.condition, self.argument = why, condition, argument
        self.sizes = sizes  # pairs of an input and a dimension


def without_batch(shape: Shape, batch: int) -> Sizes:
    """The sizes of one example; sizes equal to the batch in other dimensions become N."""
    rest = shape[1:] if shape and shape[0] == batch else shape
    return tuple("N" if size == batch else size for size in rest)


def _shown(shape: Shape, batch: int) -> str:
    return " × ".join(map(str, without_batch(shape, batch))) or "1"


def cause(examined: Examined, call: Call) -> Cause:
    """The reason why the call fails, as far as it can be read from its sizes."""
    batch = examined.run.batch
    if examined.mixing is call:
        taken, given = call.shapes[0], call.results[0]
        return Cause(
            f"{call.name} puts the batch and other sizes into one: {_shown(taken, batch)} of N examples become "
            f"{' × '.join(_times_batch(size, batch) for size in given)}",
            sizes=_all_sizes(call, batch),
        )
    if call.module is not None and call.shapes:
        found = _of_module(examined, call)
        if found is not None:
            return found
    if is_join(call, examined.run.error):
        found = _of_join(examined, call)
        if found is not None:
            return found
    if call.name in RESHAPES and call.inputs:
        return _of_reshape(examined, call)
    if call.name in PRODUCTS and len(call.inputs) > 1:
        found = _of_product(examined, call)
        if found is not None:
            return found
    error = examined.words or " ".join(str(examined.run.error).split())
    named = {int(size) for size in numbers_in(error)}
    error = error if len(error) < 200 else error[:200].rpartition(" ")[0] + " …"
    there = " and ".join(_shown(shape, batch) for shape in call.shapes)
    sizes = _all_sizes(call, batch)
    asked = tuple((number, place) for number, place in sizes if call.shapes[number][place] in named)
    return Cause(f"{call.name} gets {there or 'no tensor'}: {error}", sizes=asked or sizes)


def _all_sizes(call: Call, batch: int) -> tuple[tuple[int, int], ...]:
    """All sizes of the inputs except the batch."""
    return tuple(
        (number, place) for number, shape in enumerate(call.shapes) for place, size in enumerate(shape) if size != batch
    )


def _times_batch(size: int, batch: int) -> str:
    """A size in examples: ``2548`` is ``196·N`` for a batch of 13."""
    if size == batch:
        return "N"
    return f"{size // batch}·N" if size and size % batch == 0 else str(size)


def _of_product(examined: Examined, call: Call) -> Cause | None:
    """The sizes along which two tensors are multiplied and summed."""
    batch = examined.run.batch
    pair = factors(call)
    if pair is None:
        return None
    (one, at), (two, there) = pair
    columns, rows = call.shapes[one][at], call.shapes[two][there]
    if columns == rows:
        return None
    first, second = _shown(call.shapes[one], batch), _shown(call.shapes[two], batch)
    words = f"{call.name} multiplies {first} by {second}: {columns} columns on {rows} rows"
    if call.name == "einsum":
        words = f"einsum multiplies {first} by {second} along sizes of {columns} and {rows}, which must be equal"
    if call.name == "linear":
        words = f"linear multiplies {first} by weights of {second}, which take {rows}"
    return Cause(words, f"{columns} = {rows}", ((one, at), (two, there)))


def _of_module(examined: Examined, call: Call) -> Cause | None:
    module, shape, kind = call.module, call.shapes[0], written_in_torch(call.module) or ""
    batch, name = examined.run.batch, call.name
    there = _shown(shape, batch)
    rank = int(kind[-2]) + 1 if kind[-1:] == "d" and kind[-2].isdecimal() else None
    asked: tuple[str, int, int] | None = None
    if kind == "Linear":
        asked = ("in_features", module.in_features, len(shape) - 1)
    elif kind.startswith("Conv"):
        if len(shape) - 1 == rank:
            asked = ("in_channels", module.in_channels, 1)
    elif "BatchNorm" in kind and rank is not None and len(shape) - 1 in ((1, 2) if rank == 2 else (rank,)):
        asked = ("num_features", module.num_features, 1)
    elif kind == "LayerNorm" and len(module.normalized_shape) == 1:
        asked = ("normalized_shape", module.normalized_shape[0], len(shape) - 1)
    elif kind == "GroupNorm":
        asked = ("num_channels", module.num_channels, 1)
    elif kind in ("LSTM", "GRU", "RNN"):
        asked = ("input_size", module.input_size, len(shape) - 1)
    elif kind == "Embedding":
        rows = rows_asked(call)
        if rows is not None and rows > module.num_embeddings:
            words = f"{name} has {module.num_embeddings} rows (num_embeddings) and is asked for row {rows - 1}, counted from 0"
            return Cause(words, f"{rows} = {module.num_embeddings}", _all_sizes(call, batch), "num_embeddings")
    elif kind == "MultiheadAttention":
        asked = ("embed_dim", module.embed_dim, len(shape) - 1)
    if asked is not None and shape[asked[2]] != asked[1]:
        argument, wanted, dim = asked
        of = f", of {there}" if len(shape) > 2 else ""
        return Cause(
            f"{name} takes {wanted} ({argument}) and gets {shape[dim]}{of}", f"{shape[dim]} = {wanted}", ((0, dim),), argument
        )  # fmt: skip
    if rank is not None and len(shape) - 1 != rank and "BatchNorm1" not in kind:
        words = f"{name} takes {rank} sizes besides the batch and gets {len(shape) - 1}: {there}"
        return Cause(words, None, _all_sizes(call, batch))
    if kind == "BatchNorm1d":
        return Cause(
            f"{name} takes features, or channels and one axis, and gets {there}", None, _all_sizes(call, batch)
        )
    if hasattr(module, "kernel_size") and rank is not None:
        return _of_window(examined, call, rank)
    return None


def _of_window(examined: Examined, call: Call, rank: int) -> Cause | None:
    module, shape = call.module, call.shapes[0]
    count = rank - 1

    def each(value: Any) -> tuple[int, ...]:
        return tuple(value) if isinstance(value, tuple | list) else (value,) * count

    padding = getattr(module, "padding", 0)
    paddings = (0,) * count if isinstance(padding, str) else each(padding)
    reach = [
        d * (k - 1) + 1 for d, k in zip(each(getattr(module, "dilation", 1)), each(module.kernel_size), strict=True)
    ]
    letters = ("L",) if count == 1 else ("H", "W") if count == 2 else ("D", "H", "W")
    wrong = [place for place in range(count) if reach[place] > shape[2 + place] + 2 * paddings[place]]
    if not wrong:
        return None
    axes = " and ".join(letters[place] for place in wrong)
    place = wrong[0]
    condition = f"{reach[place]} ≤ {shape[2 + place]} + 2·{paddings[place]}"
    words = f"{call.name} has windows of {reach[place]} and gets {shape[2 + place]}"
    words += f" with {paddings[place]} of padding on each side" if paddings[place] else ""
    return Cause(f"{words} ({axes})", condition, ((0, 2 + place),))


def _of_join(examined: Examined, call: Call) -> Cause | None:
    dim = join_dimension(call) if call.name in JOINS else None
    shapes, batch = call.shapes, examined.run.batch
    for other in range(1, len(shapes)):
        one, two = shapes[0], shapes[other]
        if len(one) != len(two):
            if dim is None and not _stretches(one, two):
                words = f"{call.name} joins {_shown(one, batch)} and {_shown(two, batch)}"
                return Cause(words, sizes=_all_sizes(call, batch))
            continue
        places = differing(one, two, dim)
        if places:
            words = f"{call.name} joins {_shown(one, batch)} and {_shown(two, batch)}"
            pairs = [f"{'N' if one[p] == batch else one[p]} = {'N' if two[p] == batch else two[p]}" for p in places]
            condition = ", ".join(dict.fromkeys(pairs))
            axes = " and ".join(_axis_name(len(one), place) for place in places)
            sizes = tuple(size for place in places for size in ((0, place), (other, place)))
            return Cause(f"{words}, which differ in {axes}", condition, sizes)
    if dim is not None and len({len(shape) for shape in shapes}) > 1:
        joined = " and ".join(_shown(shape, batch) for shape in shapes)
        return Cause(f"{call.name} joins {joined}", sizes=_all_sizes(call, batch))
    return None


def _stretches(one: Shape, two: Shape) -> bool:
    return all(1 in (a, b) or a == b for a, b in zip(reversed(one), reversed(two), strict=False))


def _axis_name(rank: int, place: int) -> str:
    if place == 0:
        return "the batch"
    if place == 1:
        return "channels" if rank > 3 else "the first size"
    if rank == 3:
        return "L"
    return "HW"[place - 2] if rank == 4 else "DHW"[place - 2] if rank == 5 else f"size {place}"


def _of_reshape(examined: Examined, call: Call) -> Cause:
    sizes = list(call.args[1:])
    if len(sizes) == 1 and isinstance(sizes[0], tuple | list):
        sizes = list(sizes[0])
    batch, shape = examined.run.batch, call.shapes[0]
    wanted = " × ".join("N" if size == batch else "−1" if size == -1 else str(size) for size in sizes)
    rest = [size for size in sizes if isinstance(size, int) and size not in (batch, -1)]
    return Cause(
        f"{call.name} makes {wanted} of N × {_shown(shape, batch)}, which are {prod(shape[1:])} numbers an example",
        f"{prod(shape[1:])} = {'·'.join(map(str, rest))}" if rest else None,
        tuple((0, place) for place in range(1, min(len(shape), 4))),
    )
