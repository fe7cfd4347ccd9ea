"""The network as its users see it: notation or layers in; proven sizes, closed forms, costs and reports out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, replace
from fractions import Fraction
from functools import cached_property, partial
from typing import Any, TypeVar

from symnet.errors import LayerError, NotationError, TermError
from symnet.graph import Graph, Node, input_layout
from symnet.kernel.rules import polynomial_identity
from symnet.kernel.theorem import Theorem
from symnet.layers.base import Layer
from symnet.layers.exactness import dropped
from symnet.layers.fields import FieldSpec
from symnet.layers.law import Field
from symnet.layers.padding import Padding
from symnet.layers.shape import Shape
from symnet.network.costs import collected, parameter_sets
from symnet.network.derivation import Derivation, SizeProofs, derive, horner_of, prove_activations, prove_sizes
from symnet.network.propagate import Placed, propagate
from symnet.network.receptive import receptive_fields
from symnet.network.value import Sizes, Value
from symnet.notation.parse import parse_network
from symnet.notation.writer import write_network
from symnet.terms.propositions import holds
from symnet.terms.term import Symbol, Term, integer, substitute, symbols_of

__all__ = ["Network", "field_parts"]

N = TypeVar("N", bound="Network")

#: How many bytes a number takes.
BYTES = {"float16": 2, "bfloat16": 2, "float32": 4, "float64": 8, "int8": 1}

#: Notation past this many characters is no title.
LONG = 240


class Network:
    """A network of layers with its sizes, proven.

    ``input`` is a shape in the network's data format, ``layers`` are constructors such as :class:`symnet.Conv`. Raises
    :class:`symnet.LayerError` when a layer does not fit, saying which, why, and what would. The public class of this name,
    :class:`symnet.Network`, adds reports.

    >>> net = Network.parse("(1*28*28) -> Conv|32|5*5|1 -> Maxpool|2*2 -> FC|10")
    >>> net.output, net.parameters
    ((10,), 46922)
    >>> net.closed_form["W"]
    (W - 4)//2
    """

    def __init__(self, input: Sequence[Any] | int, layers: Iterable[Layer] = ()):
        spec = FieldSpec("count", "a size of the input", name="input size")
        one = isinstance(input, str) or not isinstance(input, Sequence)
        if isinstance(input, str) and not (input.isdecimal() or input.isidentifier()):
            raise LayerError(
                f"the input is a tuple of sizes, such as (3, 224, 224) or (3, 'H', 'W'), got {input!r:.60}; "
                "Network.parse reads notation"
            )
        sizes = tuple(map(spec.coerce, (input,) if one else input))  # type: ignore[arg-type]
        if not sizes:
            raise LayerError("the input has no size")
        stack = _stack(layers)
        shape = Shape(sizes, input_layout(len(sizes), stack[:1]))
        self._set(Graph(shape, tuple(Node(layer, (index,)) for index, layer in enumerate(stack))))

    def _set(self, graph: Graph, placed: tuple[Placed, ...] | None = None) -> None:
        self.graph = graph
        self.checked_by: str | None = None  # who else has checked the proof: "Coq 8.16.1, no axioms"
        self.placed: tuple[Placed, ...] = placed or propagate(graph)

    @classmethod
    def parse(cls: type[N], text: str) -> N:
        """Read notation: ``(1*28*28) -> Conv|32|5*5 -> FC|10``."""
        if not isinstance(text, str):
            raise NotationError(
                f"Network.parse reads notation, such as '(1*28*28) -> Conv|32|5 -> FC|10', got {text!r:.60}"
            )
        network = cls.of(parse_network(text))
        if "\n" not in text.strip() and "#" not in text and len(text) <= LONG:
            network.title = " ".join(text.split())
        return network

    @classmethod
    def of(cls: type[N], graph: Graph, placed: tuple[Placed, ...] | None = None) -> N:
        """The network of a graph; ``placed`` are its layers with their shapes, where they are worked out already."""
        network = cls.__new__(cls)
        network._set(graph, placed)
        return network

    @cached_property
    def title(self) -> str:
        """The network as it was written, if in one line; else its notation, if that is short."""
        layers = len(self.graph.nodes)
        return self.notation if len(self.notation) <= LONG else f"a network of {layers} layers"

    def require_exact(self) -> None:
        """Raise :class:`LayerError` at the first layer that drops part of its input."""
        for place in self.placed[1:]:
            before = self.placed[place.sources[0]] if place.sources else place
            for map_, axis in zip(place.applied.maps, before.axes, strict=False):
                exact = map_.exact(axis.size) if map_ else None
                if exact is None or symbols_of(exact) or holds(exact):
                    continue
                raise LayerError(f"{place.title}: {dropped(exact)}")

    @cached_property
    def notation(self) -> str:
        """The network in notation; it parses back to the same network."""
        return write_network(self.graph)

    @property
    def assumed(self) -> tuple[tuple[str, str], ...]:
        """What is taken from somewhere else and not proven, each with the name of its layer."""
        return tuple((place.name, what) for place in self.placed for what in place.applied.assumed)

    @cached_property
    def sizes(self) -> SizeProofs:
        """Every size of the network as a theorem."""
        return prove_sizes(self.placed)

    @cached_property
    def proof(self) -> Derivation:
        """Every number of the network as a theorem."""
        return derive(self.sizes)

    def derivation(self) -> Derivation:
        """Every number of the network as a theorem."""
        return self.proof

    @property
    def input(self) -> tuple[Term, ...]:
        """The sizes of the input."""
        return self.graph.input.dims

    @cached_property
    def output(self) -> Sizes:
        """The shape of the last layer's output, in the network's data format."""
        shape = self.placed[-1].output
        axes = {place: position for position, place in enumerate(shape.axis_places)}

        def prove(place: int) -> Theorem:
            size = shape.dims[place]
            axis = self.sizes.axes[-1][axes[place]] if place in axes and self.sizes.axes[-1] else None
            return axis.size if axis is not None else polynomial_identity(size, size)

        return Sizes(self._value(size, partial(prove, place)) for place, size in enumerate(shape.dims))

    @cached_property
    def parameters(self) -> Value:
        """How many numbers the network holds."""
        return self._value(self.counted(None), lambda: self.proof.parameters)

    @cached_property
    def trainable(self) -> Value:
        """How many of them are trained."""
        return self._value(self.counted(True), lambda: self.proof.trainable)

    @cached_property
    def non_trainable(self) -> Value:
        """How many are not."""
        return self._value(self.counted(False), lambda: self.proof.non_trainable)

    def _value(self, term: Term, prove: Callable[[], Theorem]) -> Value:
        return Value(term, prove, known=partial(_symbols, self.graph))

    def counted(self, trainable: bool | None = None) -> Term:
        """How many numbers the network holds as a term, or how many that are trained, or are not."""
        return collected(shape for place in self.placed for shape in parameter_sets(place, trainable))

    @cached_property
    def multiply_adds(self) -> Value:
        """Multiply-adds of one forward pass of one example."""
        return self._value(self.work, lambda: self.proof.multiply_adds)

    @property
    def work(self) -> Term:
        """Multiply-adds of one forward pass of one example as a term."""
        return self.proof.multiply_adds.conclusion.args[1]  # type: ignore[no-any-return]

    @cached_property
    def activations(self) -> Value:
        """How many numbers the outputs of all layers have together, for one example: what training keeps."""
        term = collected(place.output.dims for place in self.placed[1:])
        return self._value(term, lambda: prove_activations(self.sizes))

    def memory(self, dtype: str = "float32") -> dict[str, Any]:
        """Bytes of the parameters and of one example's activations, as SymPy expressions.

        >>> Network.parse("784 -> FC|10").memory("float16")
        {'parameters': 15700, 'activations': 20}
        """
        if dtype not in BYTES:
            raise TermError(f"unknown dtype {dtype!r}: use {', '.join(BYTES)}")
        return {"parameters": self.parameters * BYTES[dtype], "activations": self.activations * BYTES[dtype]}

    @property
    def last(self) -> Placed:
        """The last tensor with axes."""
        return next((place for place in reversed(self.placed) if place.axes), self.placed[0])

    @property
    def closed_terms(self) -> dict[str, Term]:
        """The closed forms as terms: what :attr:`closed_form` shows, without a derivation."""
        names = self.last.output.axis_names if self.last.axes else ()
        index = self.last.index
        forms = {axis.form: horner_of(self.placed, index, position) for position, axis in enumerate(self.last.axes)}
        return {name: forms[axis.form] or axis.form.term for name, axis in zip(names, self.last.axes, strict=True)}

    @cached_property
    def closed_form(self) -> dict[str, Value]:
        """The size of each axis of the last tensor with axes, for every input size; numbers in the input are taken as symbols."""
        return {
            name: self._value(term, partial(self._prove_closed, position))
            for position, (name, term) in enumerate(self.closed_terms.items())
        }

    def _prove_closed(self, position: int) -> Theorem:
        return self.sizes.closed(position)

    @cached_property
    def receptive_field(self) -> dict[str, tuple[Value | Fraction, ...]]:
        """What one entry of the last tensor with axes sees of the input: size, stride, and padding before the start; no sizes
        where it sees all of it. ``theorem`` of a value is the whole stack as one window of that size and stride.

        >>> Network.parse("(3*W*W) -> Conv|64|7|2|3 -> Maxpool|3|2|1").receptive_field["size"]
        (11, 11)
        """
        return {
            part: tuple(
                self._value(size, partial(self._prove_window, position)) if isinstance(size, Term) else size
                for position, size in enumerate(sizes)
            )
            for part, sizes in self.field_terms.items()
        }

    def _prove_window(self, position: int) -> Theorem:
        window = self.proof.windows[position]
        if window is None:
            raise TermError("branches of different reach meet here: the field is no single window with a closed form")
        return window

    @cached_property
    def field_terms(self) -> dict[str, tuple[Any, ...]]:
        """Size, stride and padding (before the start) of what one entry of the last tensor with axes sees of the input; no
        sizes where it sees all of it. The stride is a fraction where entries were added (transposed, upsampled)."""
        return field_parts(receptive_fields(self.placed)[self.last.index])

    def __repr__(self) -> str:
        return f"Network.parse({self.notation!r})"

    def __eq__(self, other: object) -> bool:
        return self.graph == other.graph if isinstance(other, Network) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.graph)

    def __getstate__(self) -> dict[str, Any]:
        """What is stored of a network is its graph and its title; sizes and proofs are made again."""
        return {name: self.__dict__[name] for name in ("graph", "title") if name in self.__dict__}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._set(state["graph"])
        self.__dict__.update(state)

    def at(self: N, **values: int) -> N:
        """The same network with numbers for some of its symbols.

        >>> Network.parse("(3*W*W) -> Conv|64|7|2|3").at(W=224).output
        (64, 112, 112)
        """
        known = {symbol.name: symbol for symbol in _symbols(self.graph)}
        chosen: dict[Term, Term] = {}
        for name, number in values.items():
            if name not in known:
                raise TermError(f"the network has no symbol {name!r}; it has {', '.join(sorted(known)) or 'none'}")
            symbol = known[name]
            if type(number) is not int or (symbol.least is not None and number < symbol.least):
                raise TermError(f"{name} must be an integer of at least {symbol.least}, got {number!r}")
            chosen[symbol] = integer(number)
        return type(self).of(_substituted(self.graph, chosen))


def _stack(layers: Iterable[Layer]) -> tuple[Layer, ...]:
    """The layers, if that is what they are."""
    given: Any = layers
    items = tuple(given) if isinstance(given, Iterable) and not isinstance(given, str) else None
    wrong = [given] if items is None else [item for item in items if not isinstance(item, Layer)]
    if items is None or wrong:
        raise LayerError(
            f"layers is a list of layers such as [symnet.Conv(8, 3)], got {wrong[0]!r:.60}; Network.parse reads notation"
        )
    return items


def field_parts(fields: Iterable[Field | None]) -> dict[str, tuple[Any, ...]]:
    """The size, stride and padding of receptive fields, an axis each; a stride is a fraction where entries were added."""
    known = [field for field in fields if field]
    strides = tuple(
        field.stride if field.per is integer(1) else Fraction(field.stride.constant or 0, field.per.constant)
        for field in known
    )
    return {
        "size": tuple(field.size for field in known),
        "stride": strides,
        "padding": tuple(field.padding for field in known),
    }


def _symbols(graph: Graph) -> list[Symbol]:
    return symbols_of(*graph.input.dims, *(symbol for node in graph.nodes for symbol in node.layer.symbols))


def _put(value: Any, chosen: dict[Term, Term]) -> Any:
    if isinstance(value, Term):
        put = substitute(value, chosen)
        return put if put.constant is None else integer(put.constant)
    if isinstance(value, Padding):
        return Padding(value.mode, _put(value.pairs, chosen))
    return tuple(_put(item, chosen) for item in value) if isinstance(value, tuple) else value


def _substituted(graph: Graph, chosen: dict[Term, Term]) -> Graph:
    nodes = tuple(
        replace(
            node,
            layer=replace(
                node.layer, **{f.name: _put(getattr(node.layer, f.name), chosen) for f in fields(node.layer)}
            ),
        )
        for node in graph.nodes
    )
    return replace(graph, input=replace(graph.input, dims=_put(graph.input.dims, chosen)), nodes=nodes)
