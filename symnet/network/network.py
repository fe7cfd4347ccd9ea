"""The network as its users see it: notation or layers in; proven sizes, closed forms, costs and reports out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache, cached_property, partial
from typing import Any, TypeVar

from symnet.errors import LayerError, NotationError, TermError
from symnet.graph import Graph
from symnet.kernel.theorem import Theorem
from symnet.layers.laws.counting import collected, entries_together
from symnet.layers.laws.exactness import dropped
from symnet.network.advice import with_advice
from symnet.network.assignment import Assignment, assigned, assignments, letter
from symnet.network.collection import LayerCollection
from symnet.network.compared import Comparison, Outside
from symnet.network.costs import parameter_sets
from symnet.network.cutting import cut
from symnet.network.derivation import Derivation, SizeProofs, derive, prove_activations, prove_sizes
from symnet.network.listed import listed_graph, settled
from symnet.network.promises import promised, promised_sizes
from symnet.network.propagate import Placed, mistaken, propagate
from symnet.network.putting import graph_symbols, put_in_graph
from symnet.network.receptive import receptive_fields
from symnet.network.rows import Facts, Row, Rows, closed_terms, field_parts, output_of
from symnet.network.sweep import Sweep, arrays_in
from symnet.network.tensors import is_symbolic, traced_graph
from symnet.network.value import Sizes, Value
from symnet.notation.notes import notes_on
from symnet.notation.parse import parse_network
from symnet.notation.writer import write_network
from symnet.terms.propositions import holds
from symnet.terms.sympy_letters import Letters, merged
from symnet.terms.term import Symbol, Term, symbols_of

__all__ = ["Network"]

N = TypeVar("N", bound="Network")

#: How many bytes a number takes.
BYTES = {"float16": 2, "bfloat16": 2, "float32": 4, "float64": 8, "int8": 1}

#: Notation past this many characters is no title.
LONG = 240


class Network(LayerCollection):
    """A network of layers with its sizes, proven.

    From a list: ``input`` is a shape (``layout="HWC"`` for channels last), ``layers`` are constructors such as
    :class:`symnet.Conv`, with names, jumps and blocks (:mod:`symnet.network.listed`). From functions: ``input`` is an
    :class:`symnet.Input` and ``layers`` what comes out, or lists of them (:mod:`symnet.network.tensors`). ``framework`` holds for
    all layers that name none. A plain SymPy symbol stands for a positive integer, where it is a padding for a nonnegative
    one. Raises :class:`symnet.LayerError` when a layer does not fit, saying which, why, and what would. The public class of
    this name, :class:`symnet.Network`, adds reports.

    >>> net = Network.parse("(1*28*28) -> Conv|32|5*5|1 -> Maxpool|2*2 -> FC|10")
    >>> net.output, net.parameters
    ((10,), 46922)
    >>> net.closed_form["W"]
    (W - 4)//2
    """

    def __init__(
        self,
        input: Any = None,
        layers: Any = (),
        *,
        framework: str | None = None,
        layout: str | None = None,
        inputs: Any = None,
        outputs: Any = None,
    ):
        start = inputs if input is None else input
        end = layers if outputs is None else outputs
        if start is None or (input is not None and inputs is not None):
            raise LayerError("a network has an input: sizes such as (3, 224, 224), or Input(3, 224, 224) and outputs")
        if is_symbolic(start):
            if layout is not None:
                raise LayerError("the layout stands with the input, as in Input(80, 80, 4, layout='HWC')")
            described = traced_graph(start, end, framework)
        else:
            described = listed_graph(start, end, framework, layout)
        named = layout is not None or (isinstance(start, str) and ":" in start)
        notes = notes_on(described.graph, layout_named=named)
        self._set(replace(described.graph, notes=notes), letters=described.letters)

    def _set(self, graph: Graph, placed: tuple[Placed, ...] | None = None, letters: Letters | None = None) -> None:
        larger = promised(graph)
        if placed is None or larger is not graph or mistaken(graph, placed):
            try:
                placed = propagate(larger)
            except LayerError as refused:
                raise with_advice(larger, refused) from None
        positive = promised_sizes(larger, placed)
        self.graph = positive
        self.letters: Letters = dict(letters or {})
        self.checked_by: str | None = None  # who else has checked the proof: "Coq 8.16.1, no axioms"
        self.compared: tuple[Comparison, ...] = ()  # of an imported model: the runs of its framework that agreed
        self.not_compared: str | None = None  # of one that was not compared: why not
        self.outside: Outside | None = None  # what the framework said at sizes for which the network is not defined
        self.placed: tuple[Placed, ...] = placed if positive is larger else propagate(positive)

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
    def of(cls: type[N], graph: Graph, placed: tuple[Placed, ...] | None = None, letters: Letters | None = None) -> N:
        """The network of a graph; ``placed`` are its layers with their shapes, where they are worked out already, ``letters``
        the SymPy symbols by which a person speaks of its letters."""
        network = cls.__new__(cls)
        network._set(graph, placed, letters)
        return network

    def speaking(self: N, letters: Letters) -> N:
        """The same network, whose results speak of its letters in these SymPy symbols."""
        if not letters:
            return self
        network = type(self).of(self.graph, self.placed, {**self.letters, **letters})
        network.compared, network.not_compared, network.checked_by = self.compared, self.not_compared, self.checked_by
        network.outside = self.outside
        if "title" in self.__dict__:
            network.title = self.title
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
    def notes(self) -> tuple[str, ...]:
        """What was read otherwise than many people would mean it, each in a sentence.

        >>> Network.parse("(224,224,3) -> Conv|64|7|2|3").notes
        ('(224, 224, 3) is read as 224 channels, which stand first; with channels last it is HWC:224x224x3',)
        """
        return self.graph.notes

    @property
    def unproven(self) -> tuple[tuple[str, str], ...]:
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
        """The shape of the last layer's output, in the network's data format; of a model with several outputs, of the first."""
        return output_of(self.placed[self.graph.first_output], self._facts)

    @cached_property
    def outputs(self) -> tuple[Sizes, ...]:
        """The shapes of everything that the network gives."""
        return tuple(output_of(self.placed[place], self._facts) for place in self.graph.outputs())

    @cached_property
    def _facts(self) -> Facts:
        fields = cache(lambda: receptive_fields(self.placed))
        return Facts(lambda: self.sizes, lambda: self.proof, fields, self._value, self)

    @cached_property
    def parameters(self) -> Value:
        """How many numbers the network holds."""
        return self._count(None, lambda: self.proof.parameters)

    @cached_property
    def trainable(self) -> Value:
        """How many of them are trained."""
        return self._count(True, lambda: self.proof.trainable)

    @cached_property
    def non_trainable(self) -> Value:
        """How many are not."""
        return self._count(False, lambda: self.proof.non_trainable)

    def _value(self, term: Term, prove: Callable[[], Theorem]) -> Value:
        return Value(term, prove, self.letters, known=self._known_letters)

    def _count(self, trainable: bool | None, prove: Callable[[], Theorem]) -> Value:
        return Value.of_polynomial(entries_together(self._weights(trainable)), prove, self.letters, self._known_letters)

    def _weights(self, trainable: bool | None) -> Iterator[tuple[Term, ...]]:
        """The shapes of all weight arrays, or of those that are trained, or are not."""
        return (shape for place in self.placed for shape in parameter_sets(place, trainable))

    def _known_letters(self) -> list[Symbol]:
        return graph_symbols(self.graph)

    def counted(self, trainable: bool | None = None) -> Term:
        """How many numbers the network holds as a term, or how many that are trained, or are not."""
        return collected(self._weights(trainable))

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
        return self._value(self.kept, lambda: prove_activations(self.sizes))

    @property
    def kept(self) -> Term:
        """How many numbers the outputs of all layers have together, as a term."""
        return collected(place.output.dims for place in self.placed[1:])

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
        return closed_terms(self.placed, self.last.index)

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
        return field_parts(self._facts.fields()[self.last.index])

    @cached_property
    def rows(self) -> Rows:
        """The layers as rows of the table."""
        return Rows(Row(self.placed, index, self._facts) for index in range(1, len(self.placed)))

    def row(self, index: int) -> Row:
        """The row of this number; 0 is the input's."""
        return self.rows[index - 1] if index else Row(self.placed, 0, self._facts)

    def part(self: N, first: int, last: int) -> N:
        """The layers from one number to another as a network of their own."""
        return type(self).of(cut(self.graph, self.placed, first, last), letters=self.letters)

    def __repr__(self) -> str:
        if self.graph.declared:  # notation does not say that what other layers read is an output, too
            names = ", ".join(self.placed[place].name for place in self.graph.outputs())
            return f"<Network {self.notation}, outputs {names}>"
        return f"Network.parse({self.notation!r})"

    def __eq__(self, other: object) -> bool:
        return self.graph == other.graph if isinstance(other, Network) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.graph)

    def __getstate__(self) -> dict[str, Any]:
        """What is stored of a network is its graph, its title and whose letters they are; sizes and proofs are made again."""
        kept: dict[str, Any] = {name: self.__dict__[name] for name in ("graph", "title") if name in self.__dict__}
        return {**kept, "letters": dict(self.letters)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._set(state["graph"], letters=state["letters"])
        self.__dict__.update({name: state[name] for name in ("title",) if name in state})

    def at(self, values: Mapping[Any, Any] | Iterable[tuple[Any, Any]] | None = None, /, **named: Any) -> Any:
        """The same network with numbers, or other expressions, for some of its letters: by name or by SymPy symbol. With arrays
        of numbers, its sizes and costs along them (:class:`symnet.network.sweep.Sweep`); sizes that do not fit are masked.

        >>> net = Network.parse("(3*W*W) -> Conv|64|7|2|3")
        >>> net.at(W=224).output, net.at(W="2*n").output
        ((64, 112, 112), (64, (2*n + 1)//2, (2*n + 1)//2))
        """
        given = {**assignments(values), **named}
        arrays = arrays_in(given)
        chosen = assigned(self.graph, self.letters, {key: one for key, one in given.items() if key not in arrays})
        if arrays:
            symbols = {letter(self.graph, self.letters, key): array for key, array in arrays.items()}
            return Sweep(self._with(chosen), symbols)
        return self._with(chosen)

    def _with(self: N, chosen: Assignment) -> N:
        if not chosen.terms:
            return self
        letters = {name: symbol for name, symbol in self.letters.items() if name not in chosen.names}
        graph = put_in_graph(self.graph, chosen.terms)
        if symbols_of(*chosen.terms.values()):  # letters that were not there, or not there only
            graph = settled(graph)
        return type(self).of(graph, letters=merged((letters, chosen.letters)))
