"""The inputs of a graph: which are weights, which are tensors, and which dimension is the batch.

The first dimension of an input is the batch, a symbol or a number, and is left out; for an input that a recurrent
operator with ``layout=0`` reads, it is the second one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from symnet.errors import ModelError, SymnetError
from symnet.frontends.flow import BATCH, Flow
from symnet.frontends.onnx.dimension_names import symbol_name
from symnet.frontends.onnx.model_file import dimensions
from symnet.frontends.onnx.state import State
from symnet.layers.declaration.fields import FieldSpec
from symnet.layers.declaration.shape import CHANNELS_FIRST, SEQUENCE, VECTOR, Shape
from symnet.terms.term import Term, integer

__all__ = ["Inputs"]

_RECURRENT = ("LSTM", "GRU", "RNN")
_WINDOWS = (
    "Conv",
    "ConvTranspose",
    "MaxPool",
    "AveragePool",
    "GlobalAveragePool",
    "GlobalMaxPool",
    "BatchNormalization",
)
_FEATURES = ("LayerNormalization", "MatMul", "Attention", "RMSNormalization", *_RECURRENT)
#: Letters for dimensions without a name, by the number of dimensions.
_LETTERS = {1: "D", 2: "TD", 3: "CHW", 4: "CDHW"}


class Inputs:
    """The inputs that are not initializers, and the sizes requested in place of the file's."""

    def __init__(self, state: State, sizes: Any) -> None:
        self.state, self.names = state, state.dimension_names
        weights = {tensor.name for tensor in state.graph.initializer}
        self.values = [value for value in state.graph.input if value.name not in weights]
        if not self.values:
            raise ModelError("ONNX: the model has no input")
        self.dims = {value.name: self._dims(value) for value in self.values}
        self.axes = {name: self._axis(name) for name in self.dims}
        self.sizes = self._sizes(sizes)
        found = [dims[self.axes[name]] for name, dims in self.dims.items() if dims]
        numbers = [size for size in found if isinstance(size, int) and size > 0]
        fixed = [size for size in dict.fromkeys(numbers) if size != 1]
        if len(fixed) > 1:
            raise ModelError(
                f"ONNX: the inputs have different batches, {fixed[0]} and {fixed[1]}: the first dimension is the batch"
            )
        whole = len(numbers) == len(found) and numbers
        self.batch: Term = integer((fixed or numbers)[0]) if whole or fixed else BATCH

    def _dims(self, value: Any) -> list[Any]:
        dims = dimensions(value)
        if dims is None:
            raise ModelError(f"ONNX: the input {value.name} is no tensor, or has no shape")
        return dims

    def _axis(self, name: str) -> int:
        readers = self.state.readers.get(name, [])
        first = any(
            node.op_type in _RECURRENT
            and node.input[0] == name
            and not any(attribute.name == "layout" and attribute.i for attribute in node.attribute)
            for node in readers
        )
        return 1 if first and len(self.dims[name]) > 1 else 0

    def _sizes(self, sizes: Any) -> dict[str, tuple[Term, ...]]:
        if sizes is None:
            return {}
        spec = FieldSpec("count", "a size of the input", name="input size")
        given = sizes if isinstance(sizes, Mapping) else self._in_order(sizes)
        try:
            found = {
                name: tuple(
                    spec.coerce(size)
                    for size in (each if isinstance(each, Sequence) and not isinstance(each, str) else (each,))
                )
                for name, each in given.items()
            }
        except SymnetError as refused:
            raise ModelError(f"ONNX: {refused}") from None
        for name, each in found.items():
            if name not in self.dims:
                raise ModelError(f"ONNX: there is no input {name}; the inputs are {', '.join(self.dims)}")
            wanted = len(self.dims[name]) - 1
            if len(each) != wanted:
                raise ModelError(f"ONNX: the input {name} has {wanted} sizes without the batch, got {len(each)}")
        return found

    def _in_order(self, sizes: Any) -> dict[str, Any]:
        """One shape for the first input, or one for each, by name."""
        if not (isinstance(sizes, Sequence) and sizes and all(isinstance(each, tuple | list) for each in sizes)):
            return {self.values[0].name: sizes}
        if len(sizes) != len(self.values):
            count = f"{len(self.values)} input{'s' * (len(self.values) != 1)}"
            raise ModelError(f"ONNX: the model has {count} ({', '.join(self.dims)}): give a shape for each")
        return {value.name: each for value, each in zip(self.values, sizes, strict=True)}

    def place(self) -> None:
        """Places every input as a tensor of the network."""
        operators = {node.op_type for node in self.state.nodes}
        sequence = operators & set(_RECURRENT) or (operators & set(_FEATURES) and not operators & set(_WINDOWS))
        for value in self.values:
            name, dims = value.name, self.dims[value.name]
            axis = self.axes[name]
            rest = dims[:axis] + dims[axis + 1 :]
            letters = _LETTERS.get(len(rest), "")
            if not self.state.is_read(name):
                continue
            sizes = self.sizes.get(name) or tuple(
                self.names.term(size, letters[place] if letters else f"{name}_{place + 1}")
                for place, size in enumerate(rest)
            )
            if any(size.constant == 0 for size in sizes):
                raise ModelError(f"ONNX: the input {name} has a dimension of size 0")
            layout = VECTOR if len(sizes) <= 1 else SEQUENCE if len(sizes) == 2 and sequence else CHANNELS_FIRST
            shape = Shape(sizes or (integer(1),), layout)
            tensor = self.state.builder.input(shape, symbol_name(name))
            if sizes:
                self.state.values[name] = Flow.of(tensor, axis)
            else:  # one number per sample, or one number for all
                self.state.values[name] = Flow(tensor, (0,) if dims else (), 0 if dims else None)
