"""Sequences of tensors whose length is known, and optional tensors that are known to be there or not."""

from __future__ import annotations

from collections.abc import Sequence

from symnet.errors import LayerError
from symnet.frontends.flow import Flow, tidy
from symnet.frontends.onnx.call import Call, Handler
from symnet.frontends.onnx.constants.arrays import boxed, known
from symnet.frontends.onnx.values import Value
from symnet.frontends.ops.arranging import squeezed
from symnet.frontends.ops.joining import concatenated, stacked
from symnet.frontends.ops.products import shown
from symnet.frontends.ops.selecting import cut, pieces
from symnet.terms.propositions import Eq
from symnet.terms.term import integer

__all__ = ["SEQUENCES", "chained"]


def _items(call: Call, index: int = 0) -> tuple[Value, ...]:
    """The tensors of the sequence that input ``index`` is."""
    name = call.node.input[index] if index < len(call.node.input) else ""
    found = call.state.sequences.get(name)
    if found is None:
        raise LayerError(
            f"input {index} ({name or 'left out'}) is no sequence whose length is known before the model runs"
        )
    return found


def _place(call: Call, index: int, length: int, usual: int) -> int:
    """The position that input ``index`` says, counted from the end below 0."""
    if not call.has(index):
        return usual
    place = call.terms(index)[0].constant
    if place is None or not -length <= place < max(length, usual + 1):
        raise LayerError(f"asks for position {shown(call.terms(index))} of {length}")
    return place + length if place < 0 else place


def _kept(call: Call, items: Sequence[Value]) -> Sequence[None]:
    """Keeps the node's output as a sequence, which is no tensor."""
    call.state.sequences[call.node.output[0]] = tuple(items)
    return [None]


def _constructed(call: Call) -> Sequence[None]:
    return _kept(call, [call.value(index) for index in range(len(call.inputs))])


def _inserted(call: Call) -> Sequence[None]:
    items = list(_items(call))
    items.insert(_place(call, 2, len(items), len(items)), call.value(1))
    return _kept(call, items)


def _erased(call: Call) -> Sequence[None]:
    items = list(_items(call))
    if not items:
        raise LayerError("takes a tensor out of an empty sequence")
    del items[_place(call, 1, len(items), len(items) - 1)]
    return _kept(call, items)


def _at(call: Call) -> Value:
    items = _items(call)
    place = call.terms(1)[0].constant
    if place is None or not -len(items) <= place < len(items):
        raise LayerError(f"asks for position {shown(call.terms(1))} of {len(items)}")
    return items[place]


def _length(call: Call) -> Value:
    return known(boxed(integer(len(_items(call))), ()))


def _split(call: Call) -> Sequence[None]:
    """Parts along a dimension: of single entries, of a length, or of given lengths."""
    x = call.flow()
    axis = call.dimension(call.attribute("axis", 0), x.ndim)
    if axis == x.batch:
        raise LayerError(f"works along dimension {axis}, which holds the batch")
    if not call.has(1):
        parts = pieces(call, x, axis, integer(1), call.word)
        keep = call.attribute("keepdims", 1)
        return _kept(call, parts if keep else [squeezed(call, one, [axis], "squeeze") for one in parts])
    lengths = call.terms(1)
    if not call.array(1).rank:
        return _kept(call, pieces(call, x, axis, lengths[0], call.word))
    total = integer(0)
    for length in lengths:
        total = tidy(total + length)  # type: ignore[assignment]
    call.suppose(Eq(x.sizes[axis], total))
    return _kept(call, cut(call, x, axis, lengths, call.word))


def chained(call: Call, items: Sequence[Value], axis: int, *, new: bool, name: str) -> Value:
    """Tensors put together along dimension ``axis``, which is a ``new`` one if it is asked for."""
    if not items:
        raise LayerError("puts no tensor together: the sequence is empty")
    flows = [
        item if isinstance(item, Flow) else call.placed(item, f"{name}.{place}") for place, item in enumerate(items)
    ]
    axis = call.dimension(axis, flows[0].ndim + new)
    return (stacked if new else concatenated)(call, flows, axis, call.word)


def _concatenated(call: Call) -> Value:
    new = bool(call.attribute("new_axis", 0))
    return chained(call, _items(call), call.attribute("axis", 0), new=new, name=call.node.input[0])


def _optional(call: Call) -> Value | Sequence[Value | None]:
    """The value itself; without one it is known that there is none."""
    name = call.node.input[0] if call.node.input else ""
    if name in call.state.sequences:
        return _kept(call, call.state.sequences[name])
    return call.value(0) if call.has(0) else [None]


def _is_there(call: Call) -> Value:
    name = call.node.input[0] if call.node.input else ""
    return known(boxed(call.has(0) or name in call.state.sequences, ()))


SEQUENCES: dict[str, Handler] = {
    "SequenceConstruct": _constructed,
    "SequenceEmpty": lambda call: _kept(call, ()),
    "SequenceInsert": _inserted,
    "SequenceErase": _erased,
    "SequenceAt": _at,
    "SequenceLength": _length,
    "SplitToSequence": _split,
    "ConcatFromSequence": _concatenated,
    "Optional": _optional,
    "OptionalGetElement": _optional,
    "OptionalHasElement": _is_there,
}
