"""A model in an ONNX file with an initializer of another shape: what mends a node whose weights do not fit what it reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from symnet.doctor.findings import Fix
from symnet.doctor.other_numbers import numbers_in
from symnet.errors import ModelError, SymnetError

__all__ = ["weight_fixes"]

#: So many shapes are tried.
TRIED = 24


def weight_fixes(file: str, refused: ModelError, sizes: Any) -> tuple[Fix, ...]:
    """Shapes of the initializers that the refused node reads with which the whole model works, each proven."""
    import onnx

    from symnet.frontends.onnx import from_onnx

    model = onnx.load(file, load_external_data=False)
    node = next((node for node in model.graph.node if refused.layer in (node.name, *node.output)), None)
    if node is None or refused.layer is None:
        return ()
    held = {item.name: item for item in model.graph.initializer}
    fixes: list[Fix] = []
    for name, shape in list(_shapes([held[name] for name in node.input if name in held], str(refused)))[:TRIED]:
        made = onnx.ModelProto()
        made.CopyFrom(model)
        item = next(item for item in made.graph.initializer if item.name == name)
        before = tuple(item.dims)
        item.CopyFrom(_zeros(item, shape))
        with suppress(SymnetError):
            from_onnx(made, input=sizes, compare=False)
            words = f"{refused.layer}: {name} of {_written(shape)} for {_written(before)}"
            fixes.append(Fix(words, "argument", "", "", True, None))
    return tuple(fixes)


def _written(shape: Sequence[int]) -> str:
    return " × ".join(map(str, shape))


def _shapes(held: Sequence[Any], words: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Each initializer with one of its sizes as the refusal has it."""
    for item in held:
        for place in range(len(item.dims)):
            for number in numbers_in(words):
                if 0 < number != item.dims[place]:
                    yield item.name, (*item.dims[:place], number, *item.dims[place + 1 :])


def _zeros(item: Any, shape: Sequence[int]) -> Any:
    """An initializer of the same kind whose numbers are nowhere: only its shape is read."""
    made = type(item)(name=item.name, data_type=item.data_type, dims=shape)
    made.data_location = type(item).EXTERNAL
    made.external_data.add(key="location", value="weights")
    return made
