"""Candidate changes for a node of an ONNX model that refuses its input: attributes, arrays, or a node before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from math import prod
from typing import Any

from symnet.doctor.changes import Change
from symnet.doctor.onnx.editing import (
    REAL,
    attribute,
    call,
    constant_of,
    with_array_of,
    with_attributes,
    with_constant,
    with_node_before,
)
from symnet.doctor.other_numbers import numbers_in

__all__ = ["JOINS", "Broken", "Sizes", "for_node"]

Sizes = tuple[int | None, ...]

#: How many nodes before the one that breaks are changed.
BEFORE = 6

JOINS = ("Concat", "Add", "Sub", "Mul", "Div", "Sum", "Max", "Min", "Where", "Pow")


@dataclass(frozen=True)
class Broken:
    """A model, the index of the node that refuses its input, the message, and the sizes of every earlier value, the
    batch first.
    """

    model: Any
    place: int
    words: str
    sizes: Mapping[str, Sizes] = field(default_factory=dict)

    @property
    def node(self) -> Any:
        """The node that breaks."""
        return self.model.graph.node[self.place]

    @property
    def before(self) -> list[int]:
        """The indices of the nodes on which it depends, the nearest first."""
        makers = {name: number for number, node in enumerate(self.model.graph.node) for name in node.output}
        found: dict[int, None] = {}
        waiting = [makers[name] for name in self.node.input if name in makers]
        while waiting and len(found) < 4 * BEFORE:
            number = waiting.pop(0)
            if number not in found:
                found[number] = None
                waiting += [makers[name] for name in self.model.graph.node[number].input if name in makers]
        return sorted(found, reverse=True)

    def title(self, place: int) -> str:
        """The name of a node, or of its first output."""
        node = self.model.graph.node[place]
        return str(node.name or node.output[0])

    def of(self, place: int, read: int = 0) -> Sizes:
        """The sizes of the input ``read`` of a node; empty if unknown."""
        names = self.model.graph.node[place].input
        return self.sizes.get(names[read], ()) if read < len(names) else ()


def for_node(broken: Broken) -> Iterator[Change]:
    """Candidate changes of the node that breaks, and of those before it."""
    yield from _arrays(broken, broken.place, 0)
    yield from _constants(broken, broken.place, 0)
    yield from _attributes(broken, broken.place, 0)
    yield from _nodes_before(broken)
    for rank, place in enumerate(broken.before[:BEFORE], 1):
        yield from _attributes(broken, place, 0.6 + 0.1 * rank)
        yield from _constants(broken, place, 0.6 + 0.1 * rank)
        yield from _arrays(broken, place, 0.4 + 0.1 * rank)


# ---- attributes -------------------------------------------------------------------------------------------------------------


def _attributes(broken: Broken, place: int, more: float) -> Iterator[Change]:
    """Changes of one attribute of the node ``place``; ``more`` is added to their cost."""
    node = broken.model.graph.node[place]
    for rank, (kind, values) in enumerate(_values(broken, place)):
        words = ", ".join(f"{name}={value}" for name, value in values.items() if value is not None)
        made = with_attributes(broken.model, place, values)
        if made.graph.node[place].attribute != node.attribute:
            code = call(made.graph.node[place])
            cost = 1 + more + 0.01 * rank
            yield Change(f"{broken.title(place)}: {words}", kind, cost, graph=made, code=code, of=node.output[0])


def _values(broken: Broken, place: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Other values for the attributes of a node, the likeliest first, each with the kind of the change."""
    node, shape = broken.model.graph.node[place], broken.of(place)
    kind, rank = node.op_type, len(shape)
    if kind in ("Conv", "ConvTranspose", "MaxPool", "AveragePool", "LpPool") and rank > 2:
        yield from _of_windows(broken, place, shape)
    elif kind == "Transpose":
        order = list(attribute(node, "perm") or range(rank - 1, -1, -1))
        others = [[0, *one] for one in permutations(range(1, rank))] if rank <= 4 else []
        for other in sorted(others, key=lambda one: (sum(a != b for a, b in zip(one, order, strict=False)), one)):
            if other != order:
                yield "argument", {"perm": other}
    elif kind == "Gemm":
        for name in ("transB", "transA"):
            yield "argument", {name: 1 - (attribute(node, name) or 0)}
    elif kind in ("Concat", "Softmax", "LogSoftmax", "Gather", "Flatten", "Split", "ArgMax", "LayerNormalization"):
        now = attribute(node, "axis")
        for axis in (*range(1, rank), -1):
            if axis != now and not (now is not None and now - rank == axis):
                yield "argument", {"axis": axis}
    elif kind in ("DepthToSpace", "SpaceToDepth"):
        for size in range(2, 5):
            yield "argument", {"blocksize": size}
    axes = attribute(node, "axes")
    if axes:
        for number in range(len(axes)):
            for axis in range(1, rank):
                if axis not in axes:
                    yield "argument", {"axes": [*axes[:number], axis, *axes[number + 1 :]]}


def _of_windows(broken: Broken, place: int, shape: Sizes) -> Iterator[tuple[str, dict[str, Any]]]:
    node, axes = broken.model.graph.node[place], len(shape) - 2
    weight = broken.of(place, 1)
    pools = "Pool" in node.op_type
    kernel = list(attribute(node, "kernel_shape") or weight[2:])
    strides = list(attribute(node, "strides") or [1] * axes)
    dilations = list(attribute(node, "dilations") or [1] * axes)
    pads = list(attribute(node, "pads") or [0] * 2 * axes)
    if len(kernel) != axes or None in kernel:
        return
    held = list(weight[2:])
    if not pools and attribute(node, "kernel_shape") and held != kernel and None not in held:
        yield "argument", {"kernel_shape": held}
    groups = attribute(node, "group")
    groups = 1 if groups is None else groups
    if node.op_type == "Conv" and shape[1] and len(weight) > 1 and weight[1] and shape[1] % weight[1] == 0:
        wanted = shape[1] // weight[1]
        if wanted != groups and (weight[0] or 0) % wanted == 0:
            yield "argument", {"group": wanted}
    if node.op_type == "ConvTranspose":
        for amount in range(1, max(strides)):
            yield "output_padding", {"output_padding": [amount] * axes}
    reach = [d * (k - 1) + 1 for d, k in zip(dilations, kernel, strict=True)]
    usual = [r // 2 for r in reach]
    missing = [max(0, r - (n or r)) for r, n in zip(reach, shape[2:], strict=True)]
    largest = [k - 1 for k in kernel] if pools else reach
    around = [usual * 2, [-(-m // 2) for m in missing] * 2, [0] * 2 * axes]
    around += [[p + 1 for p in pads], [p - 1 for p in pads], [*pads[:axes], *(p + 1 for p in pads[axes:])]]
    for amounts in around:
        if (
            amounts != pads
            and min(amounts) >= 0
            and all(p <= most for p, most in zip(amounts, largest * 2, strict=True))
        ):
            yield "padding", {"pads": amounts, "auto_pad": None}
    for stride in (1, 2):
        yield "stride", {"strides": [stride] * axes}
    if pools:
        smaller = [min(k, n or k) for k, n in zip(kernel, shape[2:], strict=True)]
        for size in [smaller, *([k] * axes for k in (1, 2, 3))]:
            yield "argument", {"kernel_shape": size}
        yield "argument", {"ceil_mode": 1 - (attribute(node, "ceil_mode") or 0)}
    if max(dilations) > 1:
        yield "argument", {"dilations": [1] * axes}


# ---- arrays -----------------------------------------------------------------------------------------------------------------


def _arrays(broken: Broken, place: int, more: float) -> Iterator[Change]:
    """Other shapes for the weights of a node: one size becomes a number of the error message, or a size that the
    failing node reads. A bias follows the number of filters.
    """
    held = {one.name: one for one in broken.model.graph.initializer if one.data_type in REAL}
    reads = [held[name] for name in broken.model.graph.node[place].input if name in held]
    asked = numbers_in(broken.words)
    asked += [size for name in broken.node.input for size in broken.sizes.get(name, ())[name not in held :] if size]
    for item in reads:
        for rank, (at, number) in enumerate((p, n) for n in dict.fromkeys(asked) for p in range(len(item.dims))):
            if 0 < number != item.dims[at]:
                yield _reshaped(
                    broken, place, item, (*item.dims[:at], number, *item.dims[at + 1 :]), more + 0.01 * rank
                )


def _reshaped(broken: Broken, place: int, item: Any, shape: tuple[int, ...], more: float) -> Change:
    node = broken.model.graph.node[place]
    made, shapes = with_array_of(broken.model, item.name, shape), {item.name: shape}
    biases = [
        one for one in broken.model.graph.initializer if node.op_type in ("Conv", "Gemm") and one.name in node.input[2:]
    ]
    filters = shape[0] if node.op_type == "Conv" or attribute(node, "transB") else shape[-1]
    for bias in biases:
        if item.name == node.input[1] and list(bias.dims) != [filters] and item.dims[:] != list(shape):
            shapes[bias.name] = (filters,)
            made = with_array_of(made, bias.name, (filters,))
    before = {one.name: one.dims for one in broken.model.graph.initializer if one.name in shapes}
    words = " and ".join(f"{name} of {_written(dims)} for {_written(before[name])}" for name, dims in shapes.items())
    code = "\n".join(
        f'numpy_helper.from_array(numpy.zeros({dims}, numpy.float32), "{name}")' for name, dims in shapes.items()
    )
    return Change(f"{broken.title(place)}: {words}", "argument", 0.9 + more, graph=made, code=code, of=item.name)


def _written(dims: Sequence[int]) -> str:
    return " × ".join(map(str, dims))


def _constants(broken: Broken, place: int, more: float) -> Iterator[Change]:
    """Changes of one integer that a node reads: sizes of a Reshape, amounts of a Pad, axes."""
    node = broken.model.graph.node[place]
    for name in node.input[1:]:
        values = constant_of(broken.model, name)
        if values is None:
            continue
        for rank, (number, value) in enumerate(_numbers(broken, place, values)):
            changed = [*values[:number], value, *values[number + 1 :]]
            if changed != values:
                words = f"{broken.title(place)}: {name} {changed} for {values}"
                code = f'numpy_helper.from_array(numpy.array({changed}), "{name}")'
                made = with_constant(broken.model, name, changed)
                yield Change(words, "argument", 1 + more + 0.01 * rank, graph=made, code=code, of=name)


def _numbers(broken: Broken, place: int, values: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Pairs of an index into ``values`` and the integer that may replace the value there."""
    node, shape = broken.model.graph.node[place], broken.of(place)
    if node.op_type == "Reshape":
        example = prod(size or 1 for size in shape[1:])
        for number in range(1, len(values)):
            rest = prod(
                abs(value) or (shape[at + 1] or 1 if at + 1 < len(shape) else 1)
                for at, value in enumerate(values[1:])
                if at + 1 != number
            )
            if rest and example % rest == 0:
                yield number, example // rest
        for number in range(len(values)):
            yield number, -1
        yield 0, 0
        return
    asked = [*numbers_in(broken.words), *(size for size in shape if size), *range(len(shape))]
    for number in range(len(values)):
        for value in dict.fromkeys((*asked, values[number] + 1, values[number] - 1)):
            yield number, value


# ---- nodes before -----------------------------------------------------------------------------------------------------------


def _nodes_before(broken: Broken) -> Iterator[Change]:
    """Nodes to insert: a missing Flatten, a transpose to channels last, a crop or padding of a tensor before it meets
    another.
    """
    node, shape = broken.node, broken.of(broken.place)
    if node.op_type in ("Gemm", "MatMul") and len(shape) > 2:
        yield _inserted(broken, 0, "Flatten", {"axis": 1}, "Flatten before", 1.4)
    if node.op_type == "Conv" and len(shape) > 2:
        yield _inserted(
            broken,
            0,
            "Transpose",
            {"perm": [0, len(shape) - 1, *range(1, len(shape) - 1)]},
            "channels first before",
            1.6,
        )
    if node.op_type in JOINS and len(node.input) > 1:
        yield from _cut(broken)


def _cut(broken: Broken) -> Iterator[Change]:
    one = broken.of(broken.place)
    for read in range(1, len(broken.node.input)):
        other = broken.of(broken.place, read)
        if len(one) != len(other) or len(one) < 3 or None in (*one[1:], *other[1:]):
            continue
        gaps = {axis: (one[axis] or 0) - (other[axis] or 0) for axis in range(2, len(one)) if one[axis] != other[axis]}
        if not gaps or min(gaps.values()) < 0 < max(gaps.values()):
            continue
        larger, small, large = (0, other, read) if max(gaps.values()) > 0 else (read, one, 0)
        axes = list(gaps)
        ends = [small[axis] or 0 for axis in axes]
        yield _inserted(broken, larger, "Slice", {}, "the larger cut before", 3, [[0] * len(axes), ends, axes])
        amounts = [0] * len(one) + [abs(gaps.get(axis, 0)) for axis in range(len(one))]
        yield _inserted(broken, large, "Pad", {}, "the smaller padded before", 3.1, [amounts])


def _inserted(
    broken: Broken, read: int, kind: str, values: Mapping[str, Any], words: str, cost: float, more: Sequence[Sequence[int]] = ()
) -> Change:  # fmt: skip
    made = with_node_before(broken.model, broken.place, read, kind, values, more)
    arrays = "".join(f", {list(array)}" for array in more)
    code = call(made.graph.node[broken.place]) + (f"  # with{arrays[1:]}" if more else "")
    return Change(f"{words} {broken.title(broken.place)}", "layer", cost, graph=made, code=code)
