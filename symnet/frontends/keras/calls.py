"""The calls of the layers of a functional model, in an order in which the inputs of each exist."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from symnet.errors import ModelError
from symnet.frontends.building import Tensor
from symnet.frontends.keras.config import Spec
from symnet.frontends.keras.values import Ref, arguments, flat, leaves, reference, replaced

__all__ = ["Call", "FunctionalCalls"]

_Key = tuple[str, int, int]


@dataclass(frozen=True)
class Call:
    """Call number ``number`` of a layer, with its arguments in the configuration."""

    layer: Spec
    number: int
    args: list[Any]
    kwargs: dict[str, Any]


class FunctionalCalls:
    """One functional model applied to inputs: its calls and the tensors computed so far."""

    def __init__(self, spec: Spec, layers: list[Spec], inputs: list[Tensor], where: str) -> None:
        self._where, self._layers = where, layers
        #: calls of an inner functional model are numbered from 1 if it is an output, and always by Keras 2
        self._first = {layer.name: int("output_layers" in layer.config) for layer in layers}
        self._tensors: dict[_Key, Tensor] = {}
        entries = [reference(leaf) for leaf in leaves(spec.config.get("input_layers"))]
        if None in entries or len(entries) != len(inputs):
            raise ModelError(f"Keras: {where}: it has {len(entries)} inputs and is called on {len(inputs)}")
        self._entries = {ref.layer for ref in entries if ref}
        self._tensors |= {
            (ref.layer, ref.call, ref.output): one for ref, one in zip(entries, inputs, strict=True) if ref
        }
        self._results = [self._result(leaf) for leaf in leaves(spec.config["output_layers"])]
        self._calls = self._needed(self._read_calls())
        self._used: dict[tuple[str, int], set[int]] = {}
        self._shapes: dict[tuple[str, int], dict[int, tuple[int | None, ...]]] = {}
        for ref in [*self._results, *(ref for call in self._calls for ref in _refs(call))]:
            self._used.setdefault((ref.layer, ref.call), set()).add(ref.output)
            if ref.shape is not None:
                self._shapes.setdefault((ref.layer, ref.call), {})[ref.output] = ref.shape

    def _result(self, leaf: Any) -> Ref:
        ref = reference(leaf)
        if ref is None:
            raise ModelError(f"Keras: {self._where}: its output {leaf!r} is of no known form")
        return Ref(ref.layer, ref.call - self._first.get(ref.layer, 0), ref.output)

    def _read_calls(self) -> list[Call]:
        found = []
        for layer in self._layers:
            for number, node in enumerate(layer.nodes):
                args, kwargs = arguments(node, f"{self._where}/{layer.name}")
                if isinstance(node, list):  # Keras 2
                    args, kwargs = self._renumbered(args), self._renumbered(kwargs)
                found.append(Call(layer, number, args, _without_masks(kwargs) if layer.is_builtin else kwargs))
        return found

    def _needed(self, calls: list[Call]) -> list[Call]:
        """The calls without operations that only compute masks, which do not change sizes."""
        by_name = {(call.layer.name, call.number): call for call in calls}
        needed: set[tuple[str, int]] = set()
        stack = [(ref.layer, ref.call) for ref in self._results]
        stack += [(call.layer.name, call.number) for call in calls if not call.layer.is_operation]
        while stack:
            key = stack.pop()
            if key in by_name and key not in needed:
                needed.add(key)
                stack += [(ref.layer, ref.call) for ref in _refs(by_name[key])]
        return [call for call in calls if (call.layer.name, call.number) in needed]

    def _renumbered(self, value: Any) -> Any:
        if isinstance(value, Ref):
            return Ref(value.layer, value.call - self._first.get(value.layer, 0), value.output)
        if isinstance(value, list):
            return [self._renumbered(item) for item in value]
        return {name: self._renumbered(item) for name, item in value.items()} if isinstance(value, dict) else value

    def ordered(self) -> Iterator[Call]:
        """Every call after the calls whose outputs it reads and after earlier calls of its layer; otherwise in the
        order of the file.
        """
        place = {(call.layer.name, call.number): index for index, call in enumerate(self._calls)}
        readers: dict[int, list[int]] = {}
        missing = [0] * len(self._calls)
        for index, call in enumerate(self._calls):
            before = {place[ref.layer, ref.call] for ref in _refs(call) if (ref.layer, ref.call) in place}
            if call.number:
                before.add(index - 1)
            missing[index] = len(before)
            for other in before:
                readers.setdefault(other, []).append(index)
        ready = [index for index, count in enumerate(missing) if not count]
        done = 0
        while ready:
            index = heapq.heappop(ready)
            done += 1
            yield self._calls[index]
            for reader in readers.get(index, ()):
                missing[reader] -= 1
                if not missing[reader]:
                    heapq.heappush(ready, reader)
        if done < len(self._calls):
            stuck = next(call for index, call in enumerate(self._calls) if missing[index] > 0)
            raise ModelError(f"Keras: {self._where}/{stuck.layer.name}: its graph runs in a circle")

    def values(self, call: Call, checked: bool) -> tuple[list[Any], dict[str, Any]]:
        """The arguments of a call, with tensors in place of references. With ``checked``, raises :class:`ModelError`
        if a recorded shape differs from the derived one.
        """
        for ref in _refs(call):
            tensor = self._tensors.get((ref.layer, ref.call, ref.output))
            if tensor is None:
                raise ModelError(
                    f"Keras: {self._where}/{call.layer.name}: it reads {ref.layer!r}, which gives no such tensor"
                )
            if checked and ref.shape is not None:
                self._compare(ref, tensor)
        return replaced(call.args, self._tensors), replaced(call.kwargs, self._tensors)

    def _compare(self, ref: Ref, tensor: Tensor) -> None:
        dims, sizes = [size.constant for size in tensor.shape.dims], (ref.shape or ())[1:]
        both = zip(dims, sizes, strict=False)
        if len(dims) != len(sizes) or any(None not in pair and pair[0] != pair[1] for pair in both):
            written = ", ".join("None" if size is None else str(size) for size in sizes)
            ours = ", ".join("?" if size is None else str(size) for size in dims)
            raise ModelError(
                f"Keras: {self._where}/{ref.layer}: Keras says it gives ({written}), symnet derives ({ours}): please report this"
            )

    def recorded(self, call: Call) -> dict[int, tuple[int | None, ...]]:
        """The recorded shapes of a call's outputs, by index."""
        return self._shapes.get((call.layer.name, call.number), {})

    def used(self, call: Call) -> frozenset[int]:
        """The indices of a call's outputs that are used."""
        return frozenset(self._used.get((call.layer.name, call.number), ()))

    def keep_outputs(self, call: Call, outputs: list[Tensor]) -> None:
        """Stores the outputs of a call."""
        for number, tensor in enumerate(outputs):
            self._tensors[call.layer.name, call.number, number] = tensor

    def outputs(self) -> list[Tensor]:
        """The outputs of the model. Raises :class:`ModelError` if one was not computed."""
        for ref in self._results:
            if (ref.layer, ref.call, ref.output) not in self._tensors:
                raise ModelError(f"Keras: {self._where}: its output {ref.layer!r} is given by no layer")
        return [self._tensors[ref.layer, ref.call, ref.output] for ref in self._results]


#: Arguments that hold masks, which do not change sizes.
_MASKS = ("mask", "query_mask", "value_mask", "key_mask", "attention_mask", "training")


def _without_masks(kwargs: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in kwargs.items() if name not in _MASKS}


def _refs(call: Call) -> list[Ref]:
    """The references to tensors among the arguments of a call."""
    return [value for value in flat([call.args, list(call.kwargs.values())]) if isinstance(value, Ref)]
