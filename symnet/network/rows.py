"""The layers of a network as rows of its table, with their sizes, parameters and costs as proven values."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cached_property, partial
from operator import getitem
from typing import TYPE_CHECKING, Any, NamedTuple

from symnet.errors import SymnetError
from symnet.kernel.rules import polynomial_identity
from symnet.kernel.theorem import Theorem
from symnet.layers.declaration.base import Layer
from symnet.layers.laws.counting import collected, total
from symnet.layers.laws.law import Field
from symnet.network.costs import parameter_sets
from symnet.network.derivation import Derivation, SizeProofs, horner_of
from symnet.network.propagate import Placed
from symnet.network.value import Sizes, Value
from symnet.printing.text import text
from symnet.terms.term import Term, integer

if TYPE_CHECKING:
    import pandas

__all__ = ["Facts", "Row", "Rows", "closed_terms", "field_parts", "output_of"]

ZERO = integer(0)


class Facts(NamedTuple):
    """The context of all rows: functions that prove, the network's receptive fields, the constructor of a value from a term and its
    theorem, and the network, which a row is stored as.
    """

    sizes: Callable[[], SizeProofs]
    proof: Callable[[], Derivation]
    fields: Callable[[], tuple[tuple[Field | None, ...], ...]]
    value: Callable[[Term, Callable[[], Theorem]], Value]
    network: Any


def field_parts(fields: tuple[Field | None, ...]) -> dict[str, tuple[Any, ...]]:
    """Size, stride and padding of receptive fields, one entry for each axis: ``None`` where an axis has no bounded field, and no entry
    at all if none has; a stride is a fraction where layers add entries.
    """
    if not any(fields):
        fields = ()
    strides = tuple(
        field
        and (field.stride if field.per is integer(1) else Fraction(field.stride.constant or 0, field.per.constant))
        for field in fields
    )
    return {
        "size": tuple(field and field.size for field in fields),
        "stride": strides,
        "padding": tuple(field and field.shown_padding for field in fields),
    }


def closed_terms(placed: tuple[Placed, ...], index: int) -> dict[str, Term]:
    """The closed forms of a tensor's axes as terms, by axis name, without a derivation."""
    node = placed[index]
    names = node.output.axis_names if node.axes else ()
    forms = {axis.form: horner_of(placed, index, position) for position, axis in enumerate(node.axes)}
    return {name: forms[axis.form] or axis.form.term for name, axis in zip(names, node.axes, strict=True)}


def output_of(node: Placed, facts: Facts) -> Sizes:
    """The sizes of a tensor, in the network's data format."""
    shape = node.output
    axes = {index: position for position, index in enumerate(shape.axis_indices)}

    def prove(position: int) -> Theorem:
        size = shape.dims[position]
        proven = facts.sizes().axes[node.index] if position in axes else ()
        axis = proven[axes[position]] if proven else None
        return axis.size if axis is not None else polynomial_identity(size, size)

    return Sizes(facts.value(size, partial(prove, position)) for position, size in enumerate(shape.dims))


class Row:
    """A layer of a network, as a row of the table.

    >>> from symnet import Network
    >>> row = Network.parse("(1*28*28) -> Conv|32|5*5|1 -> Maxpool|2*2 -> FC|10")["conv1"]
    >>> row.output, row.parameters, row.closed_form["W"]
    ((32, 24, 24), 832, W - 4)
    >>> row
    <1 conv1: Conv|32|5*5, output (32, 24, 24), 832 parameters>
    """

    def __init__(self, placed: tuple[Placed, ...], index: int, facts: Facts) -> None:
        self._placed, self.index, self._facts = placed, index, facts

    @property
    def placed(self) -> Placed:
        """The layer with its shapes."""
        return self._placed[self.index]

    @property
    def name(self) -> str:
        """The layer's own name, or its kind's prefix with a number."""
        return self.placed.name

    @property
    def layer(self) -> Layer | None:
        """The layer; ``None`` for the input."""
        return self.placed.layer

    @property
    def kind(self) -> str:
        """The layer's kind as notation names it; ``input`` for the input."""
        return self.layer.kind if self.layer else "input"

    @cached_property
    def output(self) -> Sizes:
        """The sizes of the output, without the batch."""
        return output_of(self.placed, self._facts)

    @cached_property
    def inputs(self) -> tuple[Sizes, ...]:
        """The sizes of each input, without the batch."""
        return tuple(output_of(self._placed[source], self._facts) for source in self.placed.sources)

    @cached_property
    def parameters(self) -> Value:
        """The number of parameters and buffers of the layer."""
        return self._counted(None)

    @cached_property
    def trainable(self) -> Value:
        """The number of trainable parameters."""
        return self._counted(True)

    @cached_property
    def non_trainable(self) -> Value:
        """The number of parameters and buffers that are not trained."""
        return self._counted(False)

    def _counted(self, trainable: bool | None) -> Value:
        term = collected(parameter_sets(self.placed, trainable))

        def prove() -> Theorem:
            layer = self._facts.proof().layers[self.index]
            if trainable is None:
                return layer.parameters[-1] if layer.parameters else polynomial_identity(ZERO, ZERO)
            return total(tuple(layer.trained(trainable)))

        return self._facts.value(term, prove)

    @cached_property
    def multiply_adds(self) -> Value:
        """The multiply-adds of the layer for one example."""
        work = self._facts.proof().layers[self.index].work
        theorem = work[-1] if work else polynomial_identity(ZERO, ZERO)
        return self._facts.value(theorem.conclusion.args[1], lambda: theorem)

    @cached_property
    def closed_form(self) -> dict[str, Value]:
        """The size of each axis as a function of the input's sizes, by axis name; numbers in the input are replaced by symbols."""
        return {
            name: self._facts.value(term, partial(self._prove_closed, position))
            for position, (name, term) in enumerate(closed_terms(self._placed, self.index).items())
        }

    def _prove_closed(self, position: int) -> Theorem:
        return self._facts.sizes().closed(position, self.index)

    @cached_property
    def receptive_field(self) -> dict[str, tuple[Value | Fraction | None, ...]]:
        """The receptive field of one entry of the output: size, stride and padding before the start, in entries of the network's input;
        empty if it is the whole input, ``None`` for an axis along which it is. It is computed by definition, and its values have no
        theorem of their own.
        """
        return {
            part: tuple(
                self._facts.value(size, partial(polynomial_identity, size, size)) if isinstance(size, Term) else size
                for size in sizes
            )
            for part, sizes in field_parts(self._facts.fields()[self.index]).items()
        }

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Row):
            return NotImplemented
        return self.index == other.index and bool(self._facts.network == other._facts.network)

    def __hash__(self) -> int:
        return hash((self.index, self._facts.network))

    def __reduce__(self) -> tuple[Any, ...]:
        """Stored as its network, which works out the numbers and theorems again."""
        return getitem, (self._facts.network, self.index)

    def data(self) -> dict[str, Any]:
        """The row as plain data: integers, or texts if they have letters."""
        return {
            "index": self.index,
            "name": self.name,
            "kind": self.kind,
            "output": tuple(_plain(size.term) for size in self.output),
            "parameters": _plain(self.parameters.term),
            "trainable": _plain(self.trainable.term),
            "multiply_adds": _plain(self.multiply_adds.term),
        }

    def __repr__(self) -> str:
        notation = f"{self.layer.notation}, " if self.layer else ""
        return f"<{self.index} {self.name}: {notation}output {self.output!r}, {self.parameters!r} parameters>"


def _plain(term: Term) -> int | str:
    return text(term) if term.constant is None else term.constant


class Rows(tuple[Row, ...]):
    """The layers of a network as rows.

    >>> from symnet import Network
    >>> Network.parse("784 -> FC|K -> ReLU -> FC|10").rows.data()[0]["parameters"]
    '785*K'
    """

    __slots__ = ()

    def __reduce__(self) -> tuple[Any, ...]:
        return Rows, (list(self),)

    def data(self) -> list[dict[str, Any]]:
        """Every row as plain data."""
        return [row.data() for row in self]

    def to_pandas(self) -> pandas.DataFrame:
        """The rows as a pandas data frame. Raises :class:`symnet.SymnetError` if pandas is not installed."""
        try:
            import pandas
        except ImportError:
            raise SymnetError(
                "to_pandas needs pandas: pip install pandas; rows.data() has the same without it"
            ) from None
        columns = ["index", "name", "kind", "output", "parameters", "trainable", "multiply_adds"]
        return pandas.DataFrame(self.data(), columns=columns).set_index("index")

    def __repr__(self) -> str:
        return "\n".join(map(repr, self))
