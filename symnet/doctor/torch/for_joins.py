"""Candidate changes for a join or an elementwise operation whose tensors disagree."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from symnet.doctor.changes import Change
from symnet.doctor.spots import Edit
from symnet.doctor.torch.patient import Examined, Patient, with_method
from symnet.doctor.torch.recording import Call, written_in_torch

__all__ = ["ELEMENTWISE", "JOINS", "channels_changed", "differing", "for_join", "is_join", "join_dimension",
           "operands", "parameter_changed", "stretches"]  # fmt: skip

Proposals = Iterator[Change | None]

JOINS = {"cat", "concat", "concatenate", "stack", "hstack"}
ELEMENTWISE = {"add", "iadd", "radd", "sub", "isub", "rsub", "mul", "imul", "rmul", "div", "truediv", "mse_loss", "l1_loss",
               "smooth_l1_loss", "binary_cross_entropy", "binary_cross_entropy_with_logits", "add_", "mul_", "where", "maximum",
               "minimum", "lerp", "pow", "sub_", "huber_loss"}  # fmt: skip


def for_join(patient: Patient, examined: Examined, call: Call) -> Proposals:
    """Candidate changes for a join whose tensors disagree; ``None`` for impossible ones."""
    yield from _join(patient, examined, call, join_dimension(call) if call.name in JOINS else None)


def is_join(call: Call, error: Exception | None = None) -> bool:
    """Whether the call puts tensors together whose sizes must be equal, as its name or the error says."""
    return len(call.inputs) > 1 and (
        call.name in JOINS | ELEMENTWISE or "must match the size of tensor b" in str(error or "")
    )


def stretches(call: Call) -> bool:
    """Whether an elementwise operation repeats a tensor along an axis, besides the first one, in which its size is 1."""
    if call.name not in ELEMENTWISE or not call.shapes:
        return False
    from_last = (shape[:0:-1] for shape in call.shapes)
    return any(1 in sizes and max(sizes) > 1 for sizes in zip(*from_last, strict=False))


def join_dimension(call: Call) -> int:
    """The dimension along which tensors are joined."""
    dim = call.named.get("dim", call.named.get("axis", call.args[1] if len(call.args) > 1 else 0))
    rank = len(call.shapes[0])
    return dim % rank if isinstance(dim, int) and rank else 0


def operands(call: Call) -> list[ast.expr]:
    """The expressions of the joined tensors, if the code names each."""
    node = call.spot.node if call.spot else None
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    if isinstance(node, ast.Call) and node.args:
        if isinstance(node.args[0], ast.List | ast.Tuple):
            return list(node.args[0].elts)
        if len(node.args) > 1:
            return list(node.args[:2])
        if isinstance(node.func, ast.Attribute):
            return [node.func.value, node.args[0]]
    return []


def _join(patient: Patient, examined: Examined, call: Call, dim: int | None) -> Proposals:
    shapes = call.shapes
    first = shapes[0]
    other = next((n for n, shape in enumerate(shapes) if n and differing(first, shape, dim)), None)
    if other is None:
        other = next((n for n, shape in enumerate(shapes) if len(shape) != len(first)), 1)
    one, two = first, shapes[other]
    if len(one) != len(two):
        yield from _of_other_rank(patient, examined, call, other)
        return
    places = differing(one, two, dim)
    batches = [n for n in (0, other) if shapes[n][0] == 1 and shapes[1 if n == 0 else 0][0] == examined.run.batch]
    if places and places[0] == 0 and batches:
        yield from _expanded(patient, call, batches[0], other if batches[0] == 0 else 0)
        places = [place for place in places if place]
    for number in (0, other):  # a parameter of the wrong size
        yield _parameter(patient, examined, call, number, shapes[other if number == 0 else 0], dim)
    channels = [place for place in places if place == 1 and len(one) > 1]
    if channels and dim is None:
        for number, wanted in ((0, two[1]), (other, one[1])):
            yield from channels_changed(patient, examined, call.sources[number], wanted)
    spatial = [place for place in places if place >= 2]
    if spatial:
        yield from _sizes(patient, examined, call, other, spatial)
    if places and not spatial and not channels and len(one) == 2 and dim is None:
        for number, wanted in ((0, two[1]), (other, one[1])):
            yield from channels_changed(patient, examined, call.sources[number], wanted)


def differing(one: Sequence[int], two: Sequence[int], dim: int | None) -> list[int]:
    """The dimensions that disagree. ``dim`` is the dimension of a join; ``None`` means an elementwise operation, which
    broadcasts sizes of 1.
    """
    if len(one) != len(two):
        return []
    pairs = enumerate(zip(one, two, strict=True))
    if dim is None:
        return [place for place, (a, b) in pairs if a != b and 1 not in (a, b)]
    return [place for place, (a, b) in pairs if a != b and place != dim]


def _expanded(patient: Patient, call: Call, number: int, model: int) -> Proposals:
    """A tensor for one example, expanded over the batch."""
    nodes = operands(call)
    if max(number, model) < len(nodes):
        rest = ", -1" * (len(call.shapes[number]) - 1)
        like = ast.unparse(nodes[model])
        text = with_method(nodes[number], f".expand({like}.shape[0]{rest})")
        words = f"{ast.unparse(nodes[number])} for each example"
        yield patient.edit(call, nodes[number], text, words, "layer", 1)


def _parameter(
    patient: Patient, examined: Examined, call: Call, number: int, like: Sequence[int], dim: int | None
) -> Change | None:
    """A parameter of the model with the sizes ``like`` of the tensor that it meets."""
    shape = call.shapes[number]
    if len(shape) != len(like):
        return None
    wanted = [a if a == 1 or place == dim else b for place, (a, b) in enumerate(zip(shape, like, strict=True))]
    return parameter_changed(patient, examined, call, number, wanted)


def parameter_changed(
    patient: Patient, examined: Examined, call: Call, number: int, sizes: Sequence[int]
) -> Change | None:
    """The change of a parameter of the model that is an input of the call to other sizes; ``None`` if the input is no parameter."""
    import torch

    held = dict(examined.model.named_parameters()) | dict(examined.model.named_buffers())
    name = next((name for name in call.parameters if held.get(name) is call.inputs[number]), None)
    shape = call.shapes[number]
    wanted = [1 if size == examined.run.batch else size for size in sizes]
    if name is None or wanted == list(shape):
        return None

    def make(old: Any) -> Any:
        made = torch.empty(wanted, device=old.device, dtype=old.dtype)
        return (
            torch.nn.Parameter(made, requires_grad=old.requires_grad) if isinstance(old, torch.nn.Parameter) else made
        )

    file, node = patient.makings.call(patient.model, name) or ("", None)
    written = _written_sizes(node, len(shape)) if node is not None else None
    shown = tuple(
        Edit.of(file, item, str(size))
        for item, size, before in zip(written or (), wanted, shape, strict=False)
        if size != before
    )
    code = f"self.{name.rpartition('.')[2]}  # {' × '.join(map(str, wanted))}"
    return Change(
        f"{name}: {' × '.join(map(str, wanted))}", "argument", 1, tensors=((name, make),), shown=shown, code=code
    )


def _written_sizes(node: ast.Call, count: int) -> list[ast.expr] | None:
    """The expressions of the sizes in a call like ``nn.Parameter(torch.zeros(1, 16, 64))``; ``None`` if there are not
    ``count`` of them.
    """
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and len(call.args) == count and count > 1:
            return list(call.args)
        if isinstance(call, ast.Call) and len(call.args) == 1:
            given = call.args[0]
            if isinstance(given, ast.Tuple) and len(given.elts) == count:
                return list(given.elts)
    return None


def channels_changed(patient: Patient, examined: Examined, source: int | None, wanted: int) -> Proposals:
    """Changes of the layer that determines the channels, to ``wanted`` channels."""
    call = examined.run.source(source)
    while call is not None:
        module = call.module
        if module is not None and hasattr(module, "out_channels"):
            if wanted % module.groups == 0:
                yield patient.arguments(call, "argument", 1, out_channels=wanted)
            return
        if module is not None and hasattr(module, "out_features"):
            yield patient.arguments(call, "argument", 1, out_features=wanted)
            return
        if not call.sources:
            return
        call = examined.run.source(call.sources[0])


def _before(examined: Examined, source: int | None) -> list[Call]:
    """The calls on which a tensor depends, the nearest first."""
    found: dict[int, Call] = {}
    waiting = [source]
    while waiting:
        call = examined.run.source(waiting.pop(0))
        if call is not None and call.number not in found:
            found[call.number] = call
            waiting += list(call.sources)
    return sorted(found.values(), key=lambda call: -call.number)


def _sizes(patient: Patient, examined: Examined, call: Call, other: int, places: list[int]) -> Proposals:
    """Changes for sizes that disagree: in the layers before, or at the join."""
    shapes = call.shapes
    ways = [_before(examined, call.sources[number]) for number in (0, other)]
    common = {one.number for one in ways[0]} & {one.number for one in ways[1]}
    gaps = [shapes[0][place] - shapes[other][place] for place in places]
    for side, way in enumerate(ways):
        missing = [gap if side == 1 else -gap for gap in gaps]  # how much larger this tensor should be
        tried = 0
        for before in way:
            if before.number in common or before.module is None or tried > 3:
                continue
            kind = written_in_torch(before.module) or ""
            if "ConvTranspose" in kind and max(missing) > 0:
                tried += 1
                count = len(before.module.kernel_size)
                now = before.module.output_padding
                wanted = [n + max(0, gap) for n, gap in zip(now, (missing * count)[:count], strict=True)]
                if len(places) < count:
                    wanted = [
                        n + (max(0, missing[places.index(i + 2)]) if i + 2 in places else 0) for i, n in enumerate(now)
                    ]
                if all(w < s for w, s in zip(wanted, before.module.stride, strict=True)):
                    value = wanted[0] if len(set(wanted)) == 1 else tuple(wanted)
                    yield patient.arguments(before, "output_padding", 1 + 0.1 * tried, output_padding=value)
            elif kind.startswith("Conv") and "Transpose" not in kind and not isinstance(before.module.padding, str):
                tried += 1
                module = before.module
                reach = [d * (k - 1) + 1 for k, d in zip(module.kernel_size, module.dilation, strict=True)]
                for padding in sorted({reach[0] // 2, *range(reach[0] // 2 + 1)}, reverse=True):
                    if (padding,) * len(module.padding) != tuple(module.padding):
                        yield patient.arguments(before, "padding", 1.2 + 0.1 * tried, padding=padding)
                for kernel in (module.kernel_size[0] + 1, module.kernel_size[0] - 1):
                    if kernel and len(set(module.kernel_size)) == 1:
                        yield patient.arguments(before, "argument", 1.5 + 0.1 * tried, kernel_size=kernel)
                for stride in (1, 2):
                    if (stride,) * len(module.stride) != tuple(module.stride):
                        yield patient.arguments(before, "stride", 1.8 + 0.1 * tried, stride=stride)
    nodes = operands(call)
    if other >= len(nodes):
        return
    yield from _cropped(patient, call, nodes, other, places)


def _cropped(patient: Patient, call: Call, nodes: list[ast.expr], other: int, places: list[int]) -> Proposals:
    """A crop of the larger tensor or padding of the smaller one at the join."""
    shapes, rank = call.shapes, len(call.shapes[0])
    larger, smaller = (0, other) if shapes[0][places[0]] > shapes[other][places[0]] else (other, 0)
    if any(shapes[larger][place] < shapes[smaller][place] for place in places):
        return
    big, small = nodes[larger], nodes[smaller]
    name = ast.unparse(small) if isinstance(small, ast.Name | ast.Attribute) else None
    cuts = []
    for place in range(2, rank):
        size = f"{name}.shape[{place}]" if name else str(shapes[smaller][place])
        cuts.append(f":{size}")
    note = "fits every input" if name else ""
    words = f"{ast.unparse(big)} cropped where they meet"
    yield patient.edit(call, big, with_method(big, f"[:, :, {', '.join(cuts)}]"), words, "layer", 3, note)
    functional = _functional(call)
    if functional and isinstance(big, ast.Name | ast.Attribute) and isinstance(small, ast.Name | ast.Attribute):
        b, s = ast.unparse(big), ast.unparse(small)
        pads = ", ".join(f"0, {b}.shape[{place}] - {s}.shape[{place}]" for place in reversed(range(2, rank)))
        words = f"{s} padded where they meet"
        yield patient.edit(call, small, f"{functional}.pad({s}, ({pads}))", words, "layer", 3.1, "fits every input")
        text = f"{functional}.interpolate({s}, size={b}.shape[2:])"
        yield patient.edit(call, small, text, f"{s} resized where they meet", "layer", 3.5, "fits every input")


def _functional(call: Call) -> str | None:
    """The name under which the user's file uses torch.nn.functional."""
    import torch

    file = call.spot.file if call.spot else None
    for module in list(sys.modules.values()):
        if getattr(module, "__file__", None) == file:
            names = vars(module)
            own = next((name for name, item in names.items() if item is torch.nn.functional), None)
            if own:
                return own
            if names.get("nn") is torch.nn:
                return "nn.functional"
            if names.get("torch") is torch:
                return "torch.nn.functional"
    return None


def _of_other_rank(patient: Patient, examined: Examined, call: Call, other: int) -> Proposals:
    nodes = operands(call)
    shapes = call.shapes
    if other >= len(nodes):
        return
    for number, like in ((0, other), (other, 0)):
        shape, wanted = shapes[number], shapes[like]
        if len(shape) == len(wanted) - 1:
            for dim in range(1, len(wanted)):
                yield patient.edit(
                    call, nodes[number], with_method(nodes[number], f".unsqueeze({dim})"),
                    f"{ast.unparse(nodes[number])} with an axis more", "layer", 1.5 + 0.1 * dim,
                )  # fmt: skip
        if len(shape) > len(wanted) == 2:
            yield patient.edit(
                call, nodes[number], with_method(nodes[number], ".flatten(1)"),
                f"{ast.unparse(nodes[number])} flattened", "layer", 1.6,
            )  # fmt: skip
        if len(shape) == len(wanted) - 2:
            yield patient.edit(
                call, nodes[number], with_method(nodes[number], "[:, :, None, None]"),
                f"{ast.unparse(nodes[number])} with two axes more", "layer", 1.5,
            )  # fmt: skip
