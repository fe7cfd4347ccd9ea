"""Candidate changes for a product of tensors, and the sizes along which tensors are multiplied and summed."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from symnet.doctor.changes import Change
from symnet.doctor.torch.for_joins import channels_changed, operands, parameter_changed
from symnet.doctor.torch.origins import Place
from symnet.doctor.torch.patient import Examined, Patient, with_method
from symnet.doctor.torch.recording import Call

__all__ = ["PRODUCTS", "factors", "for_product"]

PRODUCTS = {"matmul", "bmm", "mm", "rmatmul", "baddbmm", "linear", "einsum", "conv1d", "conv2d", "conv3d"}


def factors(call: Call) -> tuple[Place, Place] | None:
    """The two dimensions that a product sums over, which must be equal; of an einsum the first two that are not. ``None`` if they
    are unknown.
    """
    one, two = call.shapes[:2]
    if call.name == "einsum":
        return _of_equation(call)
    if call.name == "linear":
        return ((0, len(one) - 1), (1, 1)) if len(two) == 2 else None
    if call.name.startswith("conv"):
        groups = call.named.get("groups", call.args[6] if len(call.args) > 6 else 1)
        return ((0, 1), (1, 1)) if groups == 1 and len(one) == len(two) > 2 else None
    if min(len(one), len(two)) < 2:
        return None
    return (0, len(one) - 1), (1, len(two) - 2)


def _of_equation(call: Call) -> tuple[Place, Place] | None:
    equation = call.args[0] if call.args and isinstance(call.args[0], str) else ""
    terms = equation.replace(" ", "").partition("->")[0].split(",")
    seen: dict[str, Place] = {}
    for number, (term, shape) in enumerate(zip(terms, call.shapes, strict=False)):
        before, dots, after = term.partition("...")
        places = dict(enumerate(before))
        places |= {len(shape) - len(after) + place: letter for place, letter in enumerate(after)} if dots else {}
        for place, letter in places.items():
            if not 0 <= place < len(shape):
                return None
            first = seen.setdefault(letter, (number, place))
            sizes = (call.shapes[first[0]][first[1]], shape[place])
            if sizes[0] != sizes[1] and 1 not in sizes:
                return first, (number, place)
    return None


def for_product(patient: Patient, examined: Examined, call: Call) -> Iterator[Change | None]:
    """A transpose of one of the factors, other features in an earlier layer, or a parameter of another size."""
    nodes = operands(call)
    one, two = call.shapes[0], call.shapes[1]
    pair = factors(call)
    if pair is None:
        return
    for (number, place), other in (pair, pair[::-1]):
        wanted = list(call.shapes[number])
        wanted[place] = call.shapes[other[0]][other[1]]
        yield parameter_changed(patient, examined, call, number, wanted)
    if call.name not in ("einsum", "linear") and len(nodes) > 1 and min(len(one), len(two)) > 1:
        if one[-1] == two[-1]:
            text = with_method(nodes[1], ".transpose(-2, -1)")
            yield patient.edit(call, nodes[1], text, f"{ast.unparse(nodes[1])} transposed", "layer", 1)
        if one[-2] == two[-2]:
            text = with_method(nodes[0], ".transpose(-2, -1)")
            yield patient.edit(call, nodes[0], text, f"{ast.unparse(nodes[0])} transposed", "layer", 1.1)
    for (number, _), other in (pair, pair[::-1]):
        yield from channels_changed(patient, examined, call.sources[number], call.shapes[other[0]][other[1]])
