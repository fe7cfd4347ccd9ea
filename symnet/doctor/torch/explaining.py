"""Why a call fails, and where its numbers come from, back to the choices that made them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import prod
from typing import Any

from symnet.doctor.diagnosis import Link, Row, Sizes
from symnet.doctor.torch.for_functions import ELEMENTWISE, JOINS, PRODUCTS, RESHAPES, _differing, _dim
from symnet.doctor.torch.patient import Examined, Patient
from symnet.doctor.torch.recording import Call, Shape, written_in_torch
from symnet.errors import SymnetError

__all__ = ["Cause", "cause", "chain", "formula", "rows", "without_batch"]

#: Links of a chain at most.
LINKS = 9


class Cause:
    """What a call asks, and what is there: in words, as a condition, and which sizes are in question."""

    def __init__(self, why: str, condition: str | None = None, sizes: tuple[tuple[int, int], ...] = ()) -> None:
        self.why, self.condition, self.sizes = why, condition, sizes  # sizes: which input, which dimension


def without_batch(shape: Shape, batch: int) -> Sizes:
    """The sizes of one example; the batch is N where it stands elsewhere."""
    rest = shape[1:] if shape and shape[0] == batch else shape
    return tuple("N" if size == batch else size for size in rest)


def _shown(shape: Shape, batch: int) -> str:
    return " × ".join(map(str, without_batch(shape, batch))) or "1"


def cause(examined: Examined, call: Call) -> Cause:
    """Why the call fails, as far as its sizes say it."""
    batch = examined.run.batch
    if examined.mixing is call:
        taken, given = call.shapes[0], call.results[0]
        return Cause(
            f"{call.name} puts the batch and other sizes into one: {_shown(taken, batch)} of N examples become "
            f"{' × '.join(map(str, given))} for N = {batch}"
        )  # fmt: skip
    if call.module is not None and call.shapes:
        found = _of_module(examined, call)
        if found is not None:
            return found
    if call.name in JOINS | ELEMENTWISE and len(call.inputs) > 1:
        found = _of_join(examined, call)
        if found is not None:
            return found
    if call.name in RESHAPES and call.inputs:
        return _of_reshape(examined, call)
    if call.name in PRODUCTS and len(call.inputs) > 1 and min(map(len, call.shapes[:2])) > 1:
        one, two = call.shapes[:2]
        if one[-1] != two[-2]:
            words = f"{call.name} multiplies {_shown(one, batch)} by {_shown(two, batch)}: {one[-1]} columns on {two[-2]} rows"
            return Cause(words, f"{one[-1]} = {two[-2]}", ((0, len(one) - 1), (1, len(two) - 2)))
    error = " ".join(str(examined.run.error).split())
    error = error if len(error) < 200 else error[:200].rpartition(" ")[0] + " …"
    return Cause(f"{call.name} gets {' and '.join(_shown(shape, batch) for shape in call.shapes)}: {error}")


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
    elif kind == "MultiheadAttention":
        asked = ("embed_dim", module.embed_dim, len(shape) - 1)
    if asked is not None and shape[asked[2]] != asked[1]:
        argument, wanted, dim = asked
        of = f", of {there}" if len(shape) > 2 else ""
        return Cause(
            f"{name} takes {wanted} ({argument}) and gets {shape[dim]}{of}", f"{shape[dim]} = {wanted}", ((0, dim),)
        )  # fmt: skip
    if rank is not None and len(shape) - 1 != rank and "BatchNorm1" not in kind:
        return Cause(f"{name} takes {rank} sizes besides the batch and gets {len(shape) - 1}: {there}", None, ())
    if kind == "BatchNorm1d":
        return Cause(f"{name} takes features, or channels and one axis, and gets {there}", None, ())
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
    reach = [d * (k - 1) + 1 for d, k in zip(each(getattr(module, "dilation", 1)), each(module.kernel_size), strict=True)]
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
    dim = _dim(call) if call.name in JOINS else None
    shapes, batch = call.shapes, examined.run.batch
    for other in range(1, len(shapes)):
        one, two = shapes[0], shapes[other]
        if len(one) != len(two):
            if dim is None and not _stretches(one, two):
                return Cause(f"{call.name} joins {_shown(one, batch)} and {_shown(two, batch)}")
            continue
        places = _differing(one, two, dim)
        if places:
            words = f"{call.name} joins {_shown(one, batch)} and {_shown(two, batch)}"
            pairs = [f"{'N' if one[p] == batch else one[p]} = {'N' if two[p] == batch else two[p]}" for p in places]
            condition = ", ".join(dict.fromkeys(pairs))
            axes = " and ".join(_axis_name(len(one), place) for place in places)
            sizes = tuple(size for place in places[:1] for size in ((0, place), (other, place)))
            return Cause(f"{words}, which differ in {axes}", condition, sizes)
    if dim is not None and len({len(shape) for shape in shapes}) > 1:
        return Cause(f"{call.name} joins {' and '.join(_shown(shape, batch) for shape in shapes)}")
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


# ---- formulas ---------------------------------------------------------------------------------------------------------------


def formula(call: Call, dim: int) -> str:
    """The formula of one size that a module or function gives, with numbers, as symnet proves it; empty where it has none."""
    if len(call.shapes) != 1 or len(call.results) != 1 or dim < 1:
        return ""
    shown = _formulas(_Alone(call.function), str(call.function), tuple(call.shapes[0][1:]), _arguments(call))
    return shown.get(dim, "")


def _arguments(call: Call) -> Any:
    return (call.args[1:], tuple(sorted(call.named.items()))) if call.module is None else None


class _Alone:
    """A module or a function, the same in a cache as long as it is written the same."""

    def __init__(self, function: Any) -> None:
        self.function = function

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Alone)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=512)
def _formulas_cached(alone: _Alone, words: str, shape: Shape, arguments: Any) -> dict[int, str]:
    import torch

    from symnet.frontends.torch import from_torch
    from symnet.printing.text import unicode_text
    from symnet.render.table import size_equation

    module = alone.function
    if not isinstance(module, torch.nn.Module):

        class Function(torch.nn.Module):  # type: ignore[misc]
            """One function as a model."""

            def forward(self, x: Any) -> Any:
                return alone.function(x, *arguments[0], **dict(arguments[1]))

        module = Function()
    try:
        network = from_torch(module, shape, compare=False)
        proof = network.proof
        layer = proof.layers[-1]
        found: dict[int, str] = {}
        for place, axis in zip(layer.placed.output.axis_places, layer.axes, strict=False):
            equation = size_equation(axis, proof.repeated) if axis is not None else None
            if equation is not None:
                left = unicode_text(equation.conclusion.args[0])
                if not left.isdecimal():
                    found[place + 1] = left
    except Exception:  # noqa: BLE001  # what symnet does not know has no formula
        return {}
    return found


def _formulas(alone: _Alone, words: str, shape: Shape, arguments: Any) -> dict[int, str]:
    try:
        return _formulas_cached(alone, words, shape, arguments)
    except TypeError:  # arguments that cannot be kept
        return {}
    except SymnetError:
        return {}


# ---- where a number comes from ----------------------------------------------------------------------------------------------


def chain(patient: Patient, examined: Examined, call: Call, found: Cause) -> tuple[Link, ...]:
    """The links of all sizes in question, each once."""
    links: dict[tuple[str, str], Link] = {}
    asked = _choice(patient, call, found)
    if asked is not None:
        links[asked.size, asked.of] = asked
    for number, dim in found.sizes:
        if number < len(call.sources):
            shape = call.shapes[number]
            for link in _links(patient, examined, call.sources[number], dim, shape, 0):
                links.setdefault((link.size, link.of), link)
    return tuple(links.values())[:LINKS]


def _choice(patient: Patient, call: Call, found: Cause) -> Link | None:
    """What the module that fails was made with."""
    path = patient.path(call)
    if not path or not found.condition or " = " not in found.condition or call.module is None:
        return None
    wanted = found.condition.rpartition(" = ")[2]
    return Link(wanted, call.name, "", patient.makings.where(patient.model, path))


def _links(
    patient: Patient, examined: Examined, source: int | None, dim: int, shape: Shape, depth: int
) -> Iterator[Link]:
    call = examined.run.source(source)
    size = str(shape[dim]) if dim < len(shape) else "?"
    if call is None:
        if source is not None and source < 0 and dim:
            yield Link(size, "the input", "")
        return
    if depth > 40:
        return
    place = examined.run.batch
    path = patient.path(call)
    made = patient.makings.where(patient.model, path) if path else ""
    where = made or (str(call.spot) if call.spot else "")
    kind = written_in_torch(call.module) if call.module is not None else None
    results = call.results
    taken = call.shapes[0] if call.shapes else ()
    rank = len(results[0]) if results else 0

    def onward(dims: tuple[int, ...], number: int = 0) -> Iterator[Link]:
        for one in dims:
            yield from _links(patient, examined, call.sources[number], one, call.shapes[number], depth + 1)

    chosen = _chosen(call, kind, dim, rank)
    if chosen is not None:
        yield Link(size, call.name, chosen, where)
        return
    if call.name in ("permute", "transpose", "swapaxes", "mT", "T") and len(taken) == rank:
        order = _order(call, rank)
        if order is not None:
            yield from onward((order[dim],))
            return
    if (kind == "Flatten" or call.name in ("flatten", *RESHAPES)) and taken:
        parts = _parts(taken, results[0], dim)
        if parts and len(parts) > 1:
            factors = "·".join("N" if taken[part] == place else str(taken[part]) for part in parts)
            yield Link(size, call.name, factors, str(call.spot) if call.spot else where)
            yield from onward(parts)
            return
        if parts:
            yield from onward(parts)
            return
        yield Link(size, call.name, "", str(call.spot) if call.spot else where)
        return
    if call.name in JOINS and call.shapes and call.name != "stack":
        if dim == _dim(call):
            yield Link(size, call.name, " + ".join(str(one[dim]) for one in call.shapes), str(call.spot) if call.spot else where)
            for number in range(len(call.shapes)):
                yield from onward((dim,), number)
        else:
            yield from onward((dim,))
        return
    if len(taken) == rank and dim < rank:
        words = formula(call, dim) if taken[dim] != shape[dim] or hasattr(call.module, "kernel_size") else ""
        if taken[dim] != shape[dim]:
            yield Link(size, call.name, words, where)
        if call.sources and call.sources[0] is not None and (words or taken[dim] == shape[dim]):
            yield from onward((dim,))
        return
    yield Link(size, call.name, "", str(call.spot) if call.spot else where)


def _chosen(call: Call, kind: str | None, dim: int, rank: int) -> str | None:
    """The argument that is the size, where it was chosen there."""
    module = call.module
    if kind is None:
        return None
    if dim == 1 and hasattr(module, "out_channels"):
        return "out_channels"
    if dim == rank - 1 and hasattr(module, "out_features"):
        return "out_features"
    if dim == rank - 1 and kind == "Embedding":
        return "embedding_dim"
    if dim == rank - 1 and kind in ("LSTM", "GRU", "RNN"):
        return "2·hidden_size" if module.bidirectional else "hidden_size"
    if dim > 1 and kind.startswith("Adaptive"):
        return "output_size"
    return None


def _order(call: Call, rank: int) -> list[int] | None:
    """Which dimension of what is taken each dimension of the result is."""
    order = list(range(rank))
    numbers = [one for one in call.args[1:]]
    if call.name == "permute":
        numbers = list(numbers[0]) if len(numbers) == 1 and isinstance(numbers[0], tuple | list) else numbers
        return [one % rank for one in numbers] if len(numbers) == rank else None
    if call.name in ("mT", "T"):
        numbers = [-2, -1]
    if len(numbers) != 2 or not all(isinstance(one, int) for one in numbers):
        return None
    one, two = (number % rank for number in numbers)
    order[one], order[two] = order[two], order[one]
    return order


def _parts(taken: Shape, given: Shape, dim: int) -> tuple[int, ...]:
    """Which dimensions before a reshape together are dimension ``dim`` after it."""
    start = prod(given[:dim])
    first, before = 0, 1
    while first < len(taken) and before < start:
        before *= taken[first]
        first += 1
    if before != start:
        return ()
    last, size = first, 1
    while last < len(taken) and size < given[dim]:
        size *= taken[last]
        last += 1
    return tuple(range(first, last)) if size == given[dim] else ()


# ---- rows -------------------------------------------------------------------------------------------------------------------


def rows(patient: Patient, examined: Examined, shown: int) -> tuple[Row, ...]:
    """The calls that went well: modules, and functions that change sizes; formulas for the last ``shown`` of them."""
    batch = examined.run.batch
    failed = examined.failed
    calls = [
        call
        for call in examined.run.calls
        if call.outputs and call is not failed and (failed is None or call.number < failed.number)
        and (call.module is not None or call.results[0] not in call.shapes or len(call.shapes) > 1) and _depends(examined, call)
    ]  # fmt: skip
    found = []
    for number, call in enumerate(calls):
        sizes = tuple(without_batch(shape, batch) for shape in call.results[:1])
        words: list[str] = []
        if number >= len(calls) - shown and hasattr(call.module, "kernel_size"):
            words = list(dict.fromkeys(filter(None, (formula(call, dim) for dim in range(2, len(call.results[0]))))))
        path = patient.path(call)
        made = patient.makings.where(patient.model, path) if path else ""
        where, line = (str(call.spot), call.spot.text) if call.spot else ("", "")
        found.append(Row(call.name, call.kind, sizes, ", ".join(words), where, line, made))
    return tuple(found)


def _depends(examined: Examined, call: Call) -> bool:
    """Whether it works on something that comes from the input."""
    return any(source is not None for source in call.sources)
