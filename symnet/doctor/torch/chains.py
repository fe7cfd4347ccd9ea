"""The origin of the sizes of a failing call, back to the arguments that determine them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import prod
from typing import Any

from symnet.doctor.findings import Link
from symnet.doctor.torch.causes import Cause
from symnet.doctor.torch.for_functions import RESHAPES
from symnet.doctor.torch.for_joins import JOINS, join_dimension
from symnet.doctor.torch.patient import Examined, Patient
from symnet.doctor.torch.recording import Call, Shape, written_in_torch
from symnet.errors import SymnetError

__all__ = ["chain", "formula"]

#: The largest number of steps in a chain.
LINKS = 9


def formula(call: Call, dim: int) -> str:
    """The formula of one output size of a module or function, with numbers, as symnet proves it; empty if there is
    none.
    """
    if len(call.shapes) != 1 or len(call.results) != 1 or dim < 1:
        return ""
    shown = _formulas(_Alone(call.function), str(call.function), tuple(call.shapes[0][1:]), _arguments(call))
    return shown.get(dim, "")


def _arguments(call: Call) -> Any:
    return (call.args[1:], tuple(sorted(call.named.items()))) if call.module is None else None


class _Alone:
    """A module or a function as a key of a cache, equal to others with the same text."""

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
            """A single function as a model."""

            def forward(self, x: Any) -> Any:
                return alone.function(x, *arguments[0], **dict(arguments[1]))

        module = Function()
    try:
        network = from_torch(module, shape, compare=False)
        proof = network.proof
        layer = proof.layers[-1]
        found: dict[int, str] = {}
        for place, axis in zip(layer.placed.output.axis_indices, layer.axes, strict=False):
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
    except TypeError:  # arguments that cannot be hashed
        return {}
    except SymnetError:
        return {}


# ---- the origin of a size
# ------------------------------------------------------------------------------------------------------


def chain(patient: Patient, examined: Examined, call: Call, found: Cause) -> tuple[Link, ...]:
    """The links of all sizes involved, each once."""
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
    """The link to the arguments of the module that fails."""
    path = patient.path(call)
    if not path or not found.condition or " = " not in found.condition or call.module is None:
        return None
    wanted = found.condition.rpartition(" = ")[2]
    return Link(wanted, call.name, found.argument, patient.makings.where(patient.model, path))


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
        if dim == join_dimension(call):
            yield Link(
                size,
                call.name,
                " + ".join(str(one[dim]) for one in call.shapes),
                str(call.spot) if call.spot else where,
            )
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
    """The argument that determines the size; ``None`` if the size depends on the input."""
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
    """The dimension of the input that becomes each dimension of the result; ``None`` for calls that do not permute."""
    order = list(range(rank))
    numbers = list(call.args[1:])
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
    """The dimensions before a reshape whose product is dimension ``dim`` after it."""
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
