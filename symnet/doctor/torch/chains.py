"""The origin of the sizes of a failing call, back to the arguments that determine them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import prod
from typing import Any

from symnet.doctor.findings import Link
from symnet.doctor.formulas import formula_of_size
from symnet.doctor.torch.causes import Cause
from symnet.doctor.torch.for_functions import RESHAPES
from symnet.doctor.torch.for_joins import JOINS, join_dimension
from symnet.doctor.torch.origins import depends_on, with_tensors
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
    if not call.shapes or len(call.results) != 1 or dim < 1 or call.shapes[0][:1] != call.results[0][:1]:
        return ""
    batch = call.shapes[0][0]
    shapes = tuple((shape[:1] == (batch,), shape) for shape in call.shapes)
    try:
        return _formulas(_Alone(call), _as_text(call), shapes).get(dim, "")
    except SymnetError:
        return ""


def _as_text(call: Call) -> str:
    """The call without its tensors as text: equal texts and shapes mean equal sizes."""
    return repr((str(call.function), *with_tensors(call, [None] * len(call.inputs))))


class _Alone:
    """A call as a key of a cache, equal to all others, as its text distinguishes it."""

    def __init__(self, call: Call) -> None:
        self.call = call

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Alone)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=512)
def _formulas(alone: _Alone, words: str, shapes: tuple[tuple[bool, Shape], ...]) -> dict[int, str]:
    """The formulas of the sizes of the call's output; ``shapes`` are those of its inputs, each with whether it has the batch."""
    import torch

    from symnet.frontends.torch import from_torch
    from symnet.render.table import size_equation

    call = alone.call

    class Function(torch.nn.Module):  # type: ignore[misc]
        """A single call as a model: tensors without the batch are its parameters."""

        def __init__(self) -> None:
            super().__init__()
            if call.module is not None:
                self.module = call.module
            self.held = torch.nn.ParameterList(
                torch.nn.Parameter(torch.zeros(shape, device="meta")) for fed, shape in shapes if not fed
            )

        def forward(self, *given: Any) -> Any:
            fed, held = iter(given), iter(self.held)
            args, named = with_tensors(call, [next(fed if batch else held) for batch, _ in shapes])
            return (call.function if call.module is None else self.module)(*args, **named)

    inputs = tuple(shape[1:] for fed, shape in shapes if fed)
    found: dict[int, str] = {}
    try:
        network = from_torch(Function(), inputs if len(inputs) > 1 else inputs[0], compare=False)
        proof = network.proof
        layer = proof.layers[-1]
        for place, axis in zip(layer.placed.output.axis_indices, layer.axes, strict=False):
            equation = size_equation(axis, proof.repeated) if axis is not None else None
            if equation is not None:
                left = formula_of_size(equation.conclusion)
                if left:
                    found[place + 1] = left
    except Exception:  # noqa: BLE001  # what symnet does not know has no formula
        return {}
    return found


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
            for link in _of_input(patient, examined, call, number, dim, 0):
                links.setdefault((link.size, link.of), link)
    return tuple(links.values())[:LINKS]


def _choice(patient: Patient, call: Call, found: Cause) -> Link | None:
    """The link to the arguments of the module that fails."""
    path = patient.path(call)
    if not path or not found.condition or " = " not in found.condition or call.module is None:
        return None
    wanted = found.condition.rpartition(" = ")[2]
    return Link(wanted, call.name, found.argument, patient.makings.where(patient.model, path))


def _of_input(patient: Patient, examined: Examined, call: Call, number: int, dim: int, depth: int) -> Iterator[Link]:
    """The links of a size of one input of a call, which may be a parameter of the model."""
    held = _parameter(examined, call, number)
    if held is not None:
        yield Link(str(call.shapes[number][dim]), held, "", patient.makings.where(patient.model, held))
    else:
        yield from _links(patient, examined, call.sources[number], dim, call.shapes[number], depth)


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
            yield from _of_input(patient, examined, call, number, one, depth + 1)

    chosen = _of_state(call, kind, dim, shape) or _chosen(call, kind, dim, rank)
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
    yield from _passed_on(patient, examined, call, dim, size, where, depth)


def _passed_on(
    patient: Patient, examined: Examined, call: Call, dim: int, size: str, where: str, depth: int
) -> Iterator[Link]:
    """The links of a size that a call makes of sizes of its inputs; a call that keeps one of these has no link of its own."""
    parts = depends_on(call, dim)
    sizes = [call.shapes[number][place] for number, place in parts]
    windows = hasattr(call.module, "kernel_size")
    if len(parts) != 1 or sizes != [int(size)] or windows:
        own = where if call.module is not None else str(call.spot or where)
        words = formula(call, dim) if parts else ""
        if words or sizes != [int(size)]:
            of_batch = examined.run.batch in sizes
            yield Link(size, call.name, words or ("" if of_batch else _of_sizes(int(size), sizes)), own)
    for number, place in parts:
        yield from _of_input(patient, examined, call, number, place, depth + 1)


def _of_sizes(size: int, sizes: list[int]) -> str:
    """The size as the product or the sum of the sizes on which it depends; empty if it is neither."""
    if len(sizes) > 1 and prod(sizes) == size:
        return "·".join(map(str, sizes))
    if len(sizes) > 1 and sum(sizes) == size:
        return " + ".join(map(str, sizes))
    if len(sizes) == 1 and sizes[0] and size % sizes[0] == 0 and size != sizes[0]:
        return f"{size // sizes[0]}·{sizes[0]}"
    if len(sizes) == 1 and size and sizes[0] % size == 0 and size != sizes[0]:
        return f"{sizes[0]}/{sizes[0] // size}"
    return ""


def _parameter(examined: Examined, call: Call, number: int) -> str | None:
    """The name of the model's own tensor that is this input of the call; ``None`` for all other tensors."""
    held = set(call.parameters)
    named = (*examined.model.named_parameters(), *examined.model.named_buffers())
    return next((name for name, item in named if name in held and item is call.inputs[number]), None)


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
    if dim == rank - 1 and kind == "MultiheadAttention":
        return "embed_dim"
    if dim > 1 and kind.startswith("Adaptive"):
        return "output_size"
    return None


def _of_state(call: Call, kind: str | None, dim: int, shape: Shape) -> str | None:
    """The argument that determines a size of a state that a recurrent layer returns; ``None`` for its output and other layers."""
    if (
        kind not in ("LSTM", "GRU", "RNN")
        or len(shape) != 3
        or shape == call.results[0]
        or shape not in call.results[1:]
    ):
        return None
    if dim == 0:
        return "2·num_layers" if call.module.bidirectional else "num_layers"
    return "hidden_size" if dim == 2 and shape[2] == call.module.hidden_size else None


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
