"""Changes of a Keras model as code: other arguments of a layer, a new layer before it, or another input; and how they
are applied.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

from symnet.doctor.changes import Change
from symnet.doctor.keras.recording import Call, Making
from symnet.doctor.spots import Edit, Spot, calls_named, parsed
from symnet.doctor.torch.making import with_argument

__all__ = [
    "Put", "call_node", "input_change", "layer_before", "put_path", "tuple_of", "with_arguments",
    "with_arguments_inside",
]  # fmt: skip

#: The target of a change: the index of a call, and the input before which a new layer is inserted (``None``: the layer
#: itself is replaced).
Put = tuple[int, int | None]


def put_path(put: Put) -> str:
    """The target of a change as text, used as its path."""
    return f"{put[0]}" if put[1] is None else f"{put[0]}<{put[1]}"


def _rebuilt(changed: dict[str, Any]) -> Callable[[Any], Any]:
    def make(layer: Any) -> Any:
        return type(layer).from_config({**layer.get_config(), **changed})

    return make


def call_node(spot: Spot | None, kind: str) -> ast.Call | None:
    """The call of a class in a line of the user's code; ``None`` unless there is exactly one."""
    if spot is None:
        return None
    node = spot.node
    if isinstance(node, ast.Call) and next(calls_named(node, kind), None) is node:
        return node
    tree = parsed(spot.file)
    there = [call for call in calls_named(tree, kind) if call.lineno == spot.line] if tree else []
    return there[0] if len(there) == 1 else None


def with_arguments(call: Call, kind: str, cost: float, **changed: Any) -> Change:
    """The change to other arguments of the layer."""
    words = ", ".join(f"{name}={value!r}" for name, value in changed.items())
    node = call_node(call.made, call.kind)
    shown = with_argument(call.made.file, node, type(call.layer), changed) if node is not None and call.made else None
    put = ((put_path((call.number, None)), _rebuilt(changed)),)
    code = f"layers.{call.kind}(…, {words})"
    return Change(f"{call.name}: {words}", kind, cost, modules=put, shown=shown or (), code=code)


def with_arguments_inside(call: Call, kind: str, cost: float, **changed: Any) -> Change:
    """The change to other arguments of the layer that a wrapper such as Bidirectional holds."""
    inner = call.layer.forward_layer if hasattr(call.layer, "forward_layer") else call.layer.layer
    node, held = call_node(call.made, call.kind), None
    if node is not None:
        held = next((item for item in node.args if isinstance(item, ast.Call)), None)
    shown = with_argument(call.made.file, held, type(inner), changed) if held is not None and call.made else None

    def make(layer: Any) -> Any:
        config = layer.get_config()
        for name in ("layer", "backward_layer"):
            if config.get(name) is not None:
                config[name] = {**config[name], "config": {**config[name]["config"], **changed}}
        return type(layer).from_config(config)

    words = ", ".join(f"{name}={value!r}" for name, value in changed.items())
    code = f"layers.{call.kind}(layers.{type(inner).__name__}(…, {words}))"
    put = ((put_path((call.number, None)), make),)
    return Change(f"{call.name}: {words}", kind, cost, modules=put, shown=shown or (), code=code)


def layer_before(
    call: Call, place: int, written: str, make: Callable[[], Any], words: str, cost: float, note: str = ""
) -> Change:
    """The change that inserts a layer before an input of the call; ``written`` is the call that makes the layer."""
    shown: tuple[Edit, ...] = ()
    node = call.spot.node if call.spot else None
    if isinstance(node, ast.Call) and call.spot is not None and node.args and not _is_sequence(node):
        items = node.args
        if isinstance(items[0], ast.List | ast.Tuple):
            items = list(items[0].elts)
        elif len(call.inputs) > 1:
            items = []
        if place < len(items):
            text = f"{_prefix(node)}{written}({ast.unparse(items[place])})"
            shown = (Edit.of(call.spot.file, items[place], text),)
    made = call_node(call.made, call.kind) if not shown and len(call.inputs) == 1 else None
    if made is not None and call.made is not None:  # an item of a Sequential
        prefix = ast.unparse(made.func).removesuffix(call.kind)
        shown = (Edit.at(call.made.file, made.lineno, made.col_offset, f"{prefix}{written}, "),)
    put = ((put_path((call.number, place)), lambda tensor: make()),)
    return Change(words, "layer", cost, modules=put, shown=shown, code=f"layers.{written}", note=note)


def _is_sequence(node: ast.Call) -> bool:
    """Whether the call makes a Sequential, which calls its layers itself."""
    return ast.unparse(node.func).rpartition(".")[2] == "Sequential"


def _prefix(node: ast.Call) -> str:
    """The name of Keras's layers in the line: ``layers.`` of ``layers.Concatenate()([a, b])``."""
    made = node.func
    while isinstance(made, ast.Call):
        made = made.func
    return (
        f"{ast.unparse(made.value)}."
        if isinstance(made, ast.Attribute) and ast.unparse(made.value) != "self"
        else "layers."
    )


def input_change(making: Making, place: int, sizes: Sequence[int | None], cost: float, note: str = "") -> Change:
    """The change of one input to other sizes."""
    made = list(making.inputs)
    made[place] = tuple(sizes)
    words = " × ".join("?" if size is None else str(size) for size in sizes)
    written = f"({', '.join(map(str, sizes))}{',' * (len(sizes) == 1)})"
    spot = making.input_spots[place] if place < len(making.input_spots) else None
    node = spot.node if spot else None
    shown: tuple[Edit, ...] = ()
    if spot is not None and isinstance(node, ast.Call):
        given = next((word.value for word in node.keywords if word.arg in ("shape", "input_shape")), None)
        given = given or (node.args[0] if node.args else None)
        shown = (Edit.of(spot.file, given, written),) if given is not None else ()
    code = f"--input {'*'.join(map(str, sizes))}"
    return Change(f"an input of {words}", "input", cost, shapes=tuple(made), shown=shown, code=code, note=note)  # type: ignore[arg-type]


def tuple_of(value: Any) -> tuple[int, ...]:
    """One number or several, as a tuple."""
    return tuple(value) if isinstance(value, tuple | list) else (value,)
