"""Candidate changes for a function of torch that refuses its input: joins, reshapes, products."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from math import isqrt, prod

from symnet.doctor.changes import Change
from symnet.doctor.spots import Edit
from symnet.doctor.torch.for_joins import for_join, is_join
from symnet.doctor.torch.for_products import PRODUCTS, for_product
from symnet.doctor.torch.patient import Examined, Patient, with_method
from symnet.doctor.torch.recording import Call

__all__ = ["RESHAPES", "for_function"]

Proposals = Iterator[Change | None]

RESHAPES = {"view", "reshape", "unflatten"}


def for_function(patient: Patient, examined: Examined, call: Call) -> Proposals:
    """Candidate changes for the function of a call that failed; ``None`` for impossible ones."""
    if is_join(call, examined.run.error):
        yield from for_join(patient, examined, call)
    elif call.name in RESHAPES and call.inputs:
        yield from _reshape(patient, examined, call)
    elif call.name in PRODUCTS and len(call.inputs) > 1:
        yield from for_product(patient, examined, call)
    elif call.name in ("permute", "transpose", "swapaxes", "movedim") and call.inputs:
        yield from _moved(patient, call)
    elif call.name == "expand" and call.inputs:
        yield from _reshape(patient, examined, call)
    elif call.name in ("split", "chunk", "unbind"):
        return


# ---- reshapes ---------------------------------------------------------------------------------------------------------------


def _reshape(patient: Patient, examined: Examined, call: Call) -> Proposals:
    """Another number in a reshape, or a Flatten in its place."""
    node = call.spot.node if call.spot else None
    if not isinstance(node, ast.Call):
        return
    method = isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) != "torch"
    items, sizes = list(node.args if method else node.args[1:]), list(call.args[1:])
    if len(items) == 1 and isinstance(items[0], ast.Tuple | ast.List):
        items = list(items[0].elts)
    if len(sizes) == 1 and isinstance(sizes[0], tuple | list):
        sizes = list(sizes[0])
    total, batch = prod(call.shapes[0]), examined.run.batch
    if len(items) != len(sizes) or not all(isinstance(size, int) for size in sizes):
        return
    there = (
        ast.unparse(node.func.value) if isinstance(node.func, ast.Attribute) and method else ast.unparse(node.args[0])
    )
    text = ast.unparse(node.func)
    name = there or "x"
    for place, size in enumerate(sizes):
        if size in (batch, -1) or _kept(call, place, size):
            continue
        rest = prod(batch if other == 0 else abs(one) for other, one in enumerate(sizes) if other != place)
        if rest and total % rest == 0 and total // rest not in (size, batch):
            edit = patient.edit(
                call, items[place], str(total // rest), f"{call.name}: {total // rest} for {size}", "argument", 1 + 0.1 * place
            )  # fmt: skip
            yield edit
        if rest and total % rest == 0 and -1 not in sizes:
            yield patient.edit(call, items[place], "-1", f"{call.name}: −1 for {size}", "argument", 1.3 + 0.1 * place)
    yield from _two_numbers(patient, call, items, sizes, total // batch)
    source = examined.run.source(call.sources[0])
    explicit = [size for size in sizes if size not in (batch, -1)]
    each = total // batch
    if each and source is not None and hasattr(source.module, "out_features") and sizes[0] in (batch, -1):
        yield patient.arguments(source, "argument", 1.1, out_features=prod(explicit) * source.results[0][-1] // each)
    if len(sizes) == 2 and call.name != "expand":
        yield patient.edit(
            call, node, with_method(_first_operand(node, method), ".flatten(1)"), "Flatten in its place", "layer", 1.4
        )
    if (
        sizes
        and sizes[0] not in (batch, -1)
        and call.name != "expand"
        and isinstance(_first_operand(node, method), ast.Name)
    ):
        yield patient.edit(call, items[0], f"{name}.shape[0]", f"{text}: the batch first", "argument", 1.2)
    if call.name == "expand" and sizes[0] not in (batch, -1):
        yield patient.edit(call, items[0], "-1", "expand: −1 first", "argument", 1.2)


def _kept(call: Call, place: int, size: int) -> bool:
    """Whether a reshape keeps a size, which then is not the wrong one."""
    return place < len(call.shapes[0]) - 1 and call.shapes[0][place] == size


def _two_numbers(
    patient: Patient, call: Call, items: Sequence[ast.expr], sizes: Sequence[int], total: int
) -> Proposals:
    """Two other numbers in a reshape with the right product: heads that divide the features, or both sides of a
    square.
    """
    for first in range(1, len(sizes) - 1):
        one, two = sizes[first : first + 2]
        rest = prod(size for place, size in enumerate(sizes) if place not in (0, first, first + 1))
        if min(one, two, rest) < 1 or total % rest or _kept(call, first, one) or _kept(call, first + 1, two):
            continue
        wanted = total // rest
        square = isqrt(wanted)
        ways = sorted((n for n in range(1, wanted + 1) if wanted % n == 0), key=lambda n: (abs(n - one), n))[:2]
        if one == two:
            ways = [square] if square * square == wanted else []
        for cost, way in enumerate(ways):
            if (way, wanted // way) == (one, two) or call.spot is None:
                continue
            texts = (str(way), str(wanted // way))
            edits = tuple(Edit.of(call.spot.file, items[first + k], text) for k, text in enumerate(texts))
            words = f"{call.name}: {' × '.join(texts)} for {one} × {two}"
            yield Change(words, "argument", 1.5 + 0.1 * cost, edits=edits, shown=edits)


def _first_operand(node: ast.Call, method: bool) -> ast.expr:
    return node.func.value if method and isinstance(node.func, ast.Attribute) else node.args[0]


def _moved(patient: Patient, call: Call) -> Proposals:
    """A permutation with the right number of dimensions."""
    node = call.spot.node if call.spot else None
    rank = len(call.shapes[0])
    if not isinstance(node, ast.Call) or call.name != "permute" or not isinstance(node.func, ast.Attribute):
        return
    base = ast.unparse(node.func.value)
    orders = {3: ["0, 2, 1"], 4: ["0, 3, 1, 2", "0, 2, 3, 1"], 5: ["0, 4, 1, 2, 3"], 2: ["1, 0"]}
    for cost, order in enumerate(orders.get(rank, [])):
        yield patient.edit(call, node, f"{base}.permute({order})", f"permute({order})", "argument", 1 + cost / 10)
