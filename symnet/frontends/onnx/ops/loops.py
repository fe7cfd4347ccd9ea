"""Loop, Scan and SequenceMap, whose graphs are imported as often as they run, where that is known before the model runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symnet.errors import LayerError
from symnet.frontends.flow import Flow
from symnet.frontends.onnx.call import Call, Handler
from symnet.frontends.onnx.constants.arrays import boxed, known
from symnet.frontends.onnx.ops.sequences import chained
from symnet.frontends.onnx.values import IRREGULAR, Array, Value
from symnet.frontends.ops.products import shown
from symnet.frontends.ops.selecting import chosen
from symnet.terms.term import Term, integer

__all__ = ["LOOPS"]

#: A loop is followed for at most so many nodes, all turns together.
NODES = 20_000

#: What a name stands for: a tensor, or a sequence of tensors.
Item = Value | tuple[Value, ...]


def _item(call: Call, index: int) -> Item:
    """Input ``index``, a tensor or a sequence."""
    found = call.state.sequences.get(call.node.input[index])
    return call.value(index) if found is None else found


def _turn(call: Call, graph: Any, given: Sequence[Item]) -> list[Item | None]:
    """The outputs of the graph for what is given to its inputs."""
    state = call.state
    state.begin_again([value.name for value in graph.input])
    for value, item in zip(graph.input, given, strict=True):
        if isinstance(item, tuple):
            state.sequences[value.name] = item
        else:
            state.values[value.name] = item
            state.sequences.pop(value.name, None)
    found = call.branch(call.node, graph)
    return [state.sequences.get(value.name, one) for value, one in zip(graph.output, found, strict=True)]


def _require_few(graph: Any, turns: int) -> None:
    if turns * max(1, len(graph.node)) > NODES:
        raise LayerError(f"runs {turns} times, which are more than {NODES} nodes")


def _goes_on(item: Item | None, what: str) -> bool:
    """The truth value of a loop's condition, which must be known."""
    entries = item.entries if isinstance(item, Array) else None
    answer = None if entries is None else entries.reshape(-1)[0]
    if not isinstance(answer, bool):
        raise LayerError(f"{what} depends on the values of the model's input or on its sizes")
    return answer


def _loop(call: Call) -> Sequence[Value | None]:
    """As many turns as the first input says, or until the condition is false."""
    graph = call.attribute("body").g
    most = None
    if call.has(0):
        (times,) = call.terms(0)
        most = times.constant
        if most is None:
            raise LayerError(f"runs {shown([times])} times; say that size as a number with --input")
    on = _goes_on(call.value(1), "whether it runs at all") if call.has(1) else True
    carried: list[Item | None] = [_item(call, index) for index in range(2, len(call.node.input))]
    rows: list[list[Item | None]] = [[] for _ in range(len(graph.output) - 1 - len(carried))]
    turn = 0
    while on and (most is None or turn < most):
        _require_few(graph, max(turn + 1, most or 0))
        given = [known(boxed(integer(turn), ())), known(boxed(on, ())), *carried]
        if None in carried:
            raise LayerError("gives its next turn an output that is not known")
        condition, *found = _turn(call, graph, given)  # type: ignore[arg-type]
        carried, made = found[: len(carried)], found[len(carried) :]
        for row, one in zip(rows, made, strict=True):
            row.append(one)
        turn += 1
        on = _goes_on(condition, "after how many turns it ends") if call.has(1) or most is None else True
    return _results(call, carried, [_together(call, row, len(carried) + place) for place, row in enumerate(rows)])


def _results(call: Call, carried: Sequence[Item | None], rows: Sequence[Value | None]) -> list[Value | None]:
    """The outputs of a loop: sequences are kept beside, tensors returned."""
    found: list[Value | None] = []
    for name, item in zip(call.node.output, [*carried, *rows], strict=False):
        if isinstance(item, tuple):
            call.state.sequences[name] = item
        found.append(None if isinstance(item, tuple) else item)
    return found


def _together(call: Call, items: Sequence[Item | None], output: int, axis: int = 0) -> Value | None:
    """What the turns gave, one after another in a new dimension."""
    if not call.wants(output):
        return None
    if not items:
        raise LayerError("runs not even once, and its rows are read")
    values = [item for item in items if isinstance(item, Array | Flow)]
    if len(values) < len(items):
        raise LayerError("puts together what is no tensor, or not known")
    return chained(call, values, axis, new=True, name=f"{call.node.output[output]}.row")


def _scan(call: Call) -> Sequence[Value | None]:
    """A turn for each entry along a dimension of some inputs."""
    graph = call.attribute("body").g
    count = call.attribute("num_scan_inputs")
    if call.opset < 9:
        raise LayerError("is of an opset before 9; convert it with onnx.version_converter")
    states = len(call.inputs) - count
    scanned = [call.value(index) for index in range(states, len(call.inputs))]
    axes = call.attribute("scan_input_axes") or [0] * count
    backwards = call.attribute("scan_input_directions") or [0] * count
    places = [call.dimension(axis, len(call.sizes(one))) for axis, one in zip(axes, scanned, strict=True)]
    lengths = {_length(one, place) for one, place in zip(scanned, places, strict=True)}
    if len(lengths) > 1:
        raise LayerError(f"goes along sizes that differ: {' and '.join(sorted(shown([one]) for one in lengths))}")
    (size,) = lengths
    if size.constant is None:
        raise LayerError(f"runs {shown([size])} times; say that size as a number with --input")
    _require_few(graph, size.constant)
    carried: list[Item | None] = [_item(call, index) for index in range(states)]
    rows: list[list[Item | None]] = [[] for _ in range(len(graph.output) - states)]
    for turn in range(size.constant):
        parts = [
            _entry(call, one, place, size.constant - 1 - turn if back else turn)
            for one, place, back in zip(scanned, places, backwards, strict=True)
        ]
        found = _turn(call, graph, [*carried, *parts])  # type: ignore[list-item]
        carried = found[:states]
        for row, one in zip(rows, found[states:], strict=True):
            row.append(one)
    axes = call.attribute("scan_output_axes") or [0] * len(rows)
    backwards = call.attribute("scan_output_directions") or [0] * len(rows)
    made = [
        _together(call, row[::-1] if back else row, states + place, axis)
        for place, (row, axis, back) in enumerate(zip(rows, axes, backwards, strict=True))
    ]
    return _results(call, carried, made)


def _length(value: Value, place: int) -> Term:
    if isinstance(value, Flow) and value.batch == place:
        raise LayerError(f"goes along dimension {place}, which holds the batch")
    return value.share(place) if isinstance(value, Flow) else value.dims[place]


def _entry(call: Call, value: Value, place: int, number: int) -> Value:
    """One entry along a dimension, which disappears."""
    if isinstance(value, Flow):
        return chosen(call, value, place, integer(number), "step")
    dims = (*value.dims[:place], *value.dims[place + 1 :])
    cut = (slice(None),) * place + (number,)

    def read() -> Any:
        return None if value.entries is None else boxed(value.entries[cut], [size.constant or 0 for size in dims])

    return value.like(dims, read, IRREGULAR)


def _mapped(call: Call) -> Sequence[Value | None]:
    """SequenceMap: a turn for each tensor of the first sequence, and of the others at the same position."""
    graph = call.attribute("body").g
    items = [_item(call, index) for index in range(len(call.node.input))]
    first = items[0]
    if not isinstance(first, tuple) or any(isinstance(one, tuple) and len(one) != len(first) for one in items):
        raise LayerError("reads sequences whose lengths are not known, or differ")
    _require_few(graph, len(first))
    turns = [
        _turn(call, graph, [one[place] if isinstance(one, tuple) else one for one in items])
        for place in range(len(first))
    ]
    for place, name in enumerate(call.node.output):
        row = [turn[place] for turn in turns]
        call.state.sequences[name] = tuple(one for one in row if isinstance(one, Array | Flow))
        if len(call.state.sequences[name]) < len(row):
            raise LayerError("gives what is no tensor, or not known")
    return [None] * len(call.node.output)


LOOPS: dict[str, Handler] = {"Loop": _loop, "Scan": _scan, "SequenceMap": _mapped}
