"""The network as its users see it: notation or layers in; proven sizes, closed forms and costs out."""

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
from symnet.network.costs import parameter_sets, work_sets
from symnet.network.derivation import Derivation, SizeProofs, derive, prove_sizes
from symnet.network.framework_runs import FrameworkRun, RunOutside
from symnet.network.layer_proofs import prove_activations
from symnet.network.listed import listed_graph, settled
from symnet.network.parts import cut
from symnet.network.promises import promised, promised_sizes
from symnet.network.propagate import Placed, mistaken, propagate
from symnet.network.receptive import receptive_fields
from symnet.network.rows import Facts, Row, Rows, closed_terms, field_parts, output_of
from symnet.network.stretching import at_terms
from symnet.network.substitution import graph_symbols
from symnet.network.sweep import Sweep, arrays_in
from symnet.network.tensors import is_symbolic, traced_graph
from symnet.network.value import Sizes, Value
from symnet.notation.notes import notes_on
from symnet.notation.parse import parse_network
from symnet.notation.writer import write_network
from symnet.terms.evaluation import holds
from symnet.terms.sympy_letters import Letters, merged
from symnet.terms.term import Symbol, Term, symbols_of

__all__ = ["Network"]

N = TypeVar("N", bound="Network")

#: A network with longer notation has another title, in characters.
LONG = 240


class Network(LayerCollection):
    """A network of layers with proven sizes.

    From a list: ``input`` is a shape (``layout="HWC"`` for channels last), ``layers`` are constructors such as
    :class:`symnet.Conv`, with names, jumps and blocks (:mod:`symnet.network.listed`). From functions: ``input`` is an
    :class:`symnet.Input` and ``layers`` are the outputs, or lists of them (:mod:`symnet.network.tensors`). ``framework`` holds for
    all layers that name none. A plain SymPy symbol stands for a positive integer, as a padding for a nonnegative one. Raises
    :class:`symnet.LayerError` when a layer does not fit: which layer, why, and what would fit. The public class of this name,
    :class:`symnet.Network`, adds reports.

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
        with_promises = promised(graph)
        if placed is None or with_promises is not graph or mistaken(graph, placed):
            try:
                placed = propagate(with_promises)
            except LayerError as refused:
                raise with_advice(with_promises, refused) from None
        positive = promised_sizes(with_promises, placed)
        self.graph = positive
        self.letters: Letters = dict(letters or {})
        self.checked_by: str | None = None  # a second checker of the proof: "Coq 8.16.1, no axioms"
        self.compared: tuple[FrameworkRun, ...] = ()  # of an imported model: runs of its framework with equal sizes
        self.not_compared: str | None = None  # of an imported model that was not compared: the reason
        self.outside: RunOutside | None = None  # a run of the framework at sizes for which the network is not defined
        self.placed: tuple[Placed, ...] = placed if positive is with_promises else propagate(positive)

    @classmethod
    def parse(cls: type[N], text: str) -> N:
        """The network of a text in notation, such as ``(1*28*28) -> Conv|32|5*5 -> FC|10``. Raises :class:`symnet.NotationError` for
        other text, and :class:`symnet.LayerError` for a layer that does not fit.
        """
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
        """The network of a graph. ``placed`` are its layers with their shapes, if they are already worked out; ``letters`` are the
        user's SymPy symbols for its letters.
        """
        network = cls.__new__(cls)
        network._set(graph, placed, letters)
        return network

    def speaking(self: N, letters: Letters) -> N:
        """The same network with its results in these SymPy symbols."""
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
        """The text that the network was parsed from, if it is one line; else its notation, if that is short."""
        layers = len(self.graph.nodes)
        return self.notation if len(self.notation) <= LONG else f"a network of {layers} layers"

    def require_exact(self) -> None:
        """Raise :class:`symnet.LayerError` at the first layer that drops part of its input."""
        for node in self.placed[1:]:
            before = self.placed[node.sources[0]] if node.sources else node
            for map_, axis in zip(node.applied.maps, before.axes, strict=False):
                exact = map_.exact(axis.size) if map_ else None
                if exact is None or symbols_of(exact) or holds(exact):
                    continue
                raise LayerError(f"{node.title}: {dropped(exact)}")

    @cached_property
    def notation(self) -> str:
        """The network in notation, which parses back to the same network."""
        return write_network(self.graph)

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about text that many people would mean differently than it was read.

        >>> Network.parse("(224,224,3) -> Conv|64|7|2|3").notes
        ('(224, 224, 3) is read as 224 channels, which stand first; with channels last it is HWC:224x224x3',)
        """
        return self.graph.notes

    @property
    def unproven(self) -> tuple[tuple[str, str], ...]:
        """The assumptions taken from a framework without proof, as pairs (layer name, assumption)."""
        return tuple((node.name, what) for node in self.placed for what in node.applied.assumed)

    @cached_property
    def sizes(self) -> SizeProofs:
        """The theorems about every size of the network."""
        return prove_sizes(self.placed)

    @cached_property
    def proof(self) -> Derivation:
        """The theorems about every number of the network."""
        return derive(self.sizes)

    def derivation(self) -> Derivation:
        """The theorems about every number of the network."""
        return self.proof

    @cached_property
    def input(self) -> Sizes:
        """The shape of the input without the batch, in the network's data format."""
        return output_of(self.placed[0], self._facts)

    @cached_property
    def output(self) -> Sizes:
        """The sizes of the first output, without the batch, in the network's data format."""
        return output_of(self.placed[self.graph.first_output], self._facts)

    @cached_property
    def outputs(self) -> tuple[Sizes, ...]:
        """The sizes of every output, without the batch."""
        return tuple(output_of(self.placed[position], self._facts) for position in self.graph.outputs())

    @cached_property
    def _facts(self) -> Facts:
        fields = cache(lambda: receptive_fields(self.placed))
        return Facts(lambda: self.sizes, lambda: self.proof, fields, self._value, self)

    @cached_property
    def parameters(self) -> Value:
        """The number of parameters and buffers of the network."""
        return self._count(None, lambda: self.proof.parameters)

    @cached_property
    def trainable(self) -> Value:
        """The number of trainable parameters."""
        return self._count(True, lambda: self.proof.trainable)

    @cached_property
    def non_trainable(self) -> Value:
        """The number of parameters and buffers that are not trained."""
        return self._count(False, lambda: self.proof.non_trainable)

    def _value(self, term: Term, prove: Callable[[], Theorem]) -> Value:
        return Value(term, prove, self.letters, known=self._known_letters)

    def _count(self, trainable: bool | None, prove: Callable[[], Theorem]) -> Value:
        return Value.of_polynomial(entries_together(self._weights(trainable)), prove, self.letters, self._known_letters)

    def _weights(self, trainable: bool | None) -> Iterator[tuple[Term, ...]]:
        """The shapes of all weight arrays, or of those that are trained, or are not."""
        return (shape for node in self.placed for shape in parameter_sets(node, trainable))

    def _known_letters(self) -> list[Symbol]:
        return graph_symbols(self.graph)

    @cached_property
    def letters_in_sizes(self) -> frozenset[Symbol]:
        """The letters of its sizes and parameters; none for a network of numbers."""
        return frozenset(symbols_of(*(size for node in self.placed for size in node.output.dims), self.counted()))

    def counted(self, trainable: bool | None = None) -> Term:
        """The number of parameters as a term: all of them, or only those that are trained, or not trained."""
        return collected(self._weights(trainable))

    @cached_property
    def multiply_adds(self) -> Value:
        """The multiply-adds of one forward pass of one example."""
        return self._value(self.work, lambda: self.proof.multiply_adds)

    @property
    def work(self) -> Term:
        """The multiply-adds of one forward pass of one example, as a term."""
        if not self.proof.expand:  # in the sizes by definition
            return self.proof.multiply_adds.conclusion.args[1]  # type: ignore[no-any-return]
        return collected(shape for node in self.placed for shape in work_sets(node))

    @cached_property
    def activations(self) -> Value:
        """The number of entries of all layers' outputs, for one example: what training keeps in memory."""
        return self._value(self.kept, lambda: prove_activations(self.sizes.placed, self.sizes.axes))

    @property
    def kept(self) -> Term:
        """The number of entries of all layers' outputs, for one example, as a term."""
        return collected(node.output.dims for node in self.placed[1:])

    @property
    def last(self) -> Placed:
        """The last tensor with axes, or the input if none has."""
        return next((node for node in reversed(self.placed) if node.axes), self.placed[0])

    @property
    def closed_terms(self) -> dict[str, Term]:
        """The closed forms as terms, by axis name: those of :attr:`closed_form`, without a derivation."""
        return closed_terms(self.placed, self.last.index)

    @cached_property
    def closed_form(self) -> dict[str, Value]:
        """The size of each axis of the last tensor with axes, as a function of the input's sizes, by axis name; numbers in the
        input are replaced by symbols.
        """
        return {
            name: self._value(term, partial(self._prove_closed, position))
            for position, (name, term) in enumerate(self.closed_terms.items())
        }

    def _prove_closed(self, position: int) -> Theorem:
        return self.sizes.closed(position)

    @cached_property
    def receptive_field(self) -> dict[str, tuple[Value | Fraction | None, ...]]:
        """The receptive field of one entry of the last tensor with axes: its size, stride and padding before the start, in entries of the
        input, one value for each axis; empty if it is the whole input, ``None`` for an axis along which it is. The ``theorem`` of a
        value says that the whole stack is one window of that size and stride.

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

    @cached_property
    def field_is_proven(self) -> bool:
        """Returns whether theorems say what one entry of the last tensor with axes sees; false where branches of different reach meet, and
        where its sizes are not those of the first input.
        """
        sizes = enumerate(self.field_terms["size"])
        return all(size is None or self._window(position) is not None for position, size in sizes)

    def _window(self, position: int) -> Theorem | None:
        """The theorem that one window makes the last tensor with axes, if there is one: theorems on windows speak of the last tensor whose
        sizes are those of the first input.
        """
        return self.proof.windows[position] if self.proof.feature_map == self.last.index else None

    def _prove_window(self, position: int) -> Theorem:
        window = self._window(position)
        if window is None:
            raise TermError("branches of different reach meet here: the field is no single window with a closed form")
        return window

    @cached_property
    def field_terms(self) -> dict[str, tuple[Any, ...]]:
        """The receptive field as terms; the stride is a fraction where layers add entries (transposed convolution, upsampling)."""
        return field_parts(self._facts.fields()[self.last.index])

    @cached_property
    def rows(self) -> Rows:
        """The layers as rows of the table."""
        return Rows(Row(self.placed, index, self._facts) for index in range(1, len(self.placed)))

    def row(self, index: int) -> Row:
        """The row with this number; 0 is the input's."""
        return self.rows[index - 1] if index else Row(self.placed, 0, self._facts)

    def part(self: N, first: int, last: int) -> N:
        """The layers ``first`` to ``last`` as a network of their own."""
        return type(self).of(cut(self.graph, self.placed, first, last), letters=self.letters)

    def __repr__(self) -> str:
        if self.graph.declared:  # notation has no outputs that other layers read
            names = ", ".join(self.placed[position].name for position in self.graph.outputs())
            return f"<Network {self.notation}, outputs {names}>"
        return f"Network.parse({self.notation!r})"

    def __eq__(self, other: object) -> bool:
        return self.graph == other.graph if isinstance(other, Network) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.graph)

    def __getstate__(self) -> dict[str, Any]:
        """Stores the graph, the title and the user's symbols; sizes and proofs are worked out again."""
        kept: dict[str, Any] = {name: self.__dict__[name] for name in ("graph", "title") if name in self.__dict__}
        return {**kept, "letters": dict(self.letters)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._set(state["graph"], letters=state["letters"])
        self.__dict__.update({name: state[name] for name in ("title",) if name in state})

    def at(self, values: Mapping[Any, Any] | Iterable[tuple[Any, Any]] | None = None, /, **named: Any) -> Any:
        """The same network with numbers, or other expressions, for some of its letters, which are given by name or by SymPy symbol. With
        arrays of numbers: its sizes and costs along them (:class:`symnet.network.sweep.Sweep`), masked where a layer does not fit.
        Raises :class:`symnet.TermError` for an unknown letter.

        >>> net = Network.parse("(3*W*W) -> Conv|64|7|2|3")
        >>> net.at(W=224).output, net.at(W="2*n").output
        ((64, 112, 112), (64, (2*n + 1)//2, (2*n + 1)//2))
        """
        values_by_key = {**assignments(values), **named}
        arrays = arrays_in(values_by_key)
        chosen = assigned(
            self.graph, self.letters, {key: one for key, one in values_by_key.items() if key not in arrays}
        )
        if arrays:
            symbols = {letter(self.graph, self.letters, key): array for key, array in arrays.items()}
            return Sweep(self._with(chosen), symbols)
        return self._with(chosen)

    def _with(self: N, chosen: Assignment) -> N:
        if not chosen.terms:
            return self
        letters = {name: symbol for name, symbol in self.letters.items() if name not in chosen.names}
        graph = at_terms(self.graph, chosen.terms)
        if symbols_of(*chosen.terms.values()):  # letters that are new, or that were there already
            graph = settled(graph)
        network = type(self).of(graph, letters=merged((letters, chosen.letters)))
        if "->" not in self.__dict__.get("title", "->"):  # a name, which is no notation
            network.title = self.title
        return network
