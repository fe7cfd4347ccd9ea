"""Builds a graph from an outline: symbols get their lower bounds, every layer text is read once, repeats and labels are resolved."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TypeVar

from symnet.errors import LayerError
from symnet.graph import Graph, Node, input_layout
from symnet.layers.declaration.base import Layer
from symnet.layers.declaration.constructor import spelling
from symnet.layers.declaration.registry import lookup
from symnet.layers.declaration.shape import CHANNELS_FIRST, CHANNELS_LAST, VECTOR, Shape
from symnet.notation.calls import bind_call
from symnet.notation.data_format import data_format, formats, input_in_format, letters
from symnet.notation.layer_arguments import Draft, bind
from symnet.notation.notes import enumeration, is_bare_word, is_batch_word, notes_on
from symnet.notation.outline import UNNAMED, Item, Label, LayerText, Let, Outline, Repeat, Source, Span, quoted
from symnet.notation.scanner import MISSING_INPUT
from symnet.notation.splitting import axes, commas, inner
from symnet.notation.symbols import RESERVED, SymbolTable
from symnet.terms.term import Symbol, Term, symbols_of

__all__ = ["GraphBuilder", "Jump"]

#: A text with more layers is refused.
LAYERS = 20_000

#: At most so many labels are listed in a message.
LISTED = 8

#: Two words that are neither layers nor symbols: they move the current output, and set a default for all layers.
_FROM, _FRAMEWORK = "from", "framework"
_FRAMEWORK_SPEC = next(spec for spec in Layer.specs() if spec.name == _FRAMEWORK)

_INPUT = RESERVED[0]
_HOLE = RESERVED[1]
_NAME = re.compile(r"[^\W\d]\w*")
_PREFIX = re.compile(r"(\w+)\s*:\s*")
_PREFIXES = "CHW: stands for channels first, HWC: for channels last, NCHW: and NHWC: for a batch before them"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Jump:
    """``From|label``: the next layer reads the output with this label."""

    at: int
    label: Span


class GraphBuilder:
    """Builds the graph of one text; all symbols are declared before the first term is made. ``counts`` are numbers for symbols that
    count repeats.
    """

    def __init__(self, outline: Outline, counts: Mapping[str, int] | None = None) -> None:
        self.source: Source = outline.source
        self.target_span = outline.target
        self._outline = outline
        self._framework = self._default_framework(outline.lets)
        self._symbols = SymbolTable(self.source, [let for let in outline.lets if let.name != _FRAMEWORK], counts or {})
        self.notes: list[str] = []
        self._layout, self._sizes = self._input(outline.input)
        self._target_spans = None if self.target_span is None else self._listed(self.target_span)
        for span, letter in zip(self._sizes, letters(len(self._sizes), self._layout or CHANNELS_FIRST), strict=True):
            self._symbols.declare(span, 1, letter)
        for span in self._target_spans or ():
            if not UNNAMED.fullmatch(self.source.code, *span):
                self._symbols.declare(span, 1)
        self._drafts: dict[object, Draft | Jump] = {}
        self._bind(outline.items)
        self._symbols.settle()
        self._layers: dict[object, Layer] = {}

    # ---- names first ----

    def _default_framework(self, lets: list[Let]) -> str | None:
        framework_lets = [let for let in lets if let.name == _FRAMEWORK]
        if len(framework_lets) > 1:
            raise self.source.error("'framework' is set twice", framework_lets[1].at)
        for let in framework_lets:
            word = self.source.code[slice(*let.value)].strip('"')
            try:
                return str(_FRAMEWORK_SPEC.coerce(word))
            except LayerError as refused:
                raise self.source.error(str(refused), let.value[0]) from None
        return None

    def _bind(self, items: list[Item]) -> None:
        for item in items:
            if isinstance(item, Repeat):
                self._symbols.declare(item.count, 1)
                self._bind(item.items)
            elif isinstance(item, LayerText) and item.key not in self._drafts:
                start, end = item.parts[0]
                if spelling(self.source.code[start:end]) == _FROM and not item.call:
                    self._drafts[item.key] = self._jump(item)
                else:
                    draft = bind_call(self.source, item) if item.call else bind(self.source, item)
                    draft.declare(self._symbols)
                    self._drafts[item.key] = draft

    def _jump(self, item: LayerText) -> Jump:
        if len(item.parts) != 2 or item.parts[1][0] == item.parts[1][1]:
            raise self.source.error("From takes one label, as in From|a", item.at)
        return Jump(item.at, item.parts[1])

    # ---- shapes ----

    def _input(self, span: Span) -> tuple[str | None, list[Span]]:
        start, end = span
        code = self.source.code
        prefix = _PREFIX.match(code, start, end)
        if prefix is None:
            if lookup(code[start:end].partition("(")[0]):
                raise self.source.error(MISSING_INPUT, start)
            return None, self._listed(span)
        order = data_format(prefix[1])
        if order is None:
            raise self.source.error(f"unknown prefix {quoted(prefix[1])}: {_PREFIXES}", start)
        sizes = self._listed((prefix.end(), end))
        if order.sizes is not None and len(sizes) != order.sizes:
            if not order.batch or len(sizes) != order.sizes + 1:
                number = f"{order.sizes} size{'s' * (order.sizes != 1)}{' after the batch' * order.batch}"
                raise self.source.error(f"{prefix[1]}: stands before {number}, got {len(sizes)}", start)
            batch, *sizes = sizes
            word = self.source.code[slice(*batch)]
            self.notes.append(f"the batch, {word}, is left out: all sizes and costs are those of one example")
        return order.layout, sizes

    def _listed(self, span: Span) -> list[Span]:
        """The spans of the sizes of a shape, written (C*H*W), C*H*W, (C, H, W) or CxHxW."""
        code = self.source.code
        inside = inner(code, span)
        pieces = commas(code, span if inside is None else inside)
        if len(pieces) == 1:
            pieces = axes(self.source, pieces[0])
        for start, end in pieces:
            if start == end:
                raise self.source.error("a size is missing", start)
        return pieces

    def _size(self, span: Span) -> Term:
        term = self._symbols.term(span)
        if term.constant is not None and term.constant < 1:
            hint = "; the batch is left out" * (term.constant == -1)
            raise self.source.error(f"a size must be at least 1, got {term.constant}{hint}", span[0])
        return term

    def target(self, input_marker: T) -> tuple[Term | None, ...] | T | None:
        """The target shape with ``None`` for any size, ``input_marker`` if it is the input's own shape, or ``None`` without a target."""
        if self._target_spans is None:
            return None
        words = [self.source.code[start:end] for start, end in self._target_spans]
        if words == [_INPUT]:
            return input_marker
        for word, span in zip(words, self._target_spans, strict=True):
            if word != _HOLE and word.startswith(_HOLE):
                raise self.source.error(f"{quoted(word)} is no size: write commas, as in (64, _, 7)", span[0])
        pairs = zip(words, self._target_spans, strict=True)
        return tuple(None if word == _HOLE or UNNAMED.fullmatch(word) else self._size(span) for word, span in pairs)

    # ---- the graph ----

    def graph(self) -> Graph:
        """The graph with every repeat written out."""
        sizes = tuple(map(self._size, self._sizes))
        order = CHANNELS_LAST if self._layout == CHANNELS_LAST else ""
        walk = _Walk(self)
        for label in self._outline.input_labels:
            walk.define(label)
        walk.run(self._outline.items)
        if walk.jumped is not None:
            raise self.source.error("no layer follows From", walk.jumped)
        readers = [layer for layer, read in zip(walk.layers, walk.sources, strict=True) if 0 in read]
        named = self._layout if len(sizes) > 1 and self._layout != VECTOR else None
        layout = named or input_layout(len(sizes), readers)
        nodes = tuple(map(Node, walk.layers, walk.sources, walk.node_labels[1:]))
        graph = Graph(Shape(sizes, layout, order), nodes, walk.node_labels[0])
        self._require_formats(graph.input, walk)
        unnamed = {letter for _, letter in self._symbols.unnamed}
        notes = (*self._readings(), *notes_on(graph, layout_named=named is not None, unnamed=unnamed))
        return replace(graph, notes=(*notes, *self._bare_sizes(notes)))

    def _bare_sizes(self, notes: Iterable[str]) -> Iterator[str]:
        """Yields a note on words that are sizes of the input and occur only once, so that they may not be meant as symbols, unless the
        other ``notes`` mention them.
        """
        used = Counter(_NAME.findall(self.source.code))
        spoken = {word for note in notes for word in _NAME.findall(note)}
        words = [self.source.code[slice(*span)] for span in self._sizes]
        bare = [word for word in words if is_bare_word(word) and used[word] == 1 and word not in spoken]
        if bare:
            number = "a symbol, a size" if len(bare) == 1 else "symbols, sizes"
            batch = "; the batch is left out" * any(map(is_batch_word, bare))
            yield f"{enumeration(bare)} {'is' if len(bare) == 1 else 'are'} read as {number} of the input{batch}"

    def _require_formats(self, input_shape: Shape, walk: _Walk) -> None:
        """Refuses a call whose ``data_format=`` is not the order of the sizes at that place."""
        if not walk.requested_formats:
            return
        orders = formats(input_shape, walk.layers, walk.sources)
        for node, (wanted, at) in walk.requested_formats.items():
            read = walk.sources[node]
            if read and orders[read[0]] != wanted:
                here = "channels first" if wanted == CHANNELS_LAST else "channels last"
                line = f"write {input_in_format(input_shape, wanted)} -> … as the input, or " * (orders[0] != wanted)
                raise self.source.error(
                    f"data_format is {wanted}, and the network's sizes stand {here} here: {line}leave data_format out",
                    at,
                )

    def _readings(self) -> Iterator[str]:
        """Yields sentences on words that may be meant differently than they are read."""
        yield from self.notes
        unnamed = self._symbols.unnamed
        if unnamed:
            words = enumeration(dict.fromkeys(word for word, _ in unnamed))
            named = enumeration([letter for _, letter in unnamed])
            yield f"{words} stand{'s' * (len(unnamed) == 1)} for {'a size' if len(unnamed) == 1 else 'sizes'} without a name: {named}"
        symbols_elsewhere = {let.name for let in self._outline.lets} | set(
            _NAME.findall(self.source.code[slice(*self._outline.input)])
        )
        for draft in self._drafts.values():
            if isinstance(draft, Draft):
                yield from draft.bare_words(symbols_elsewhere)
                yield from draft.unknown_words()

    def counts(self) -> tuple[Symbol, ...]:
        """The symbols that count repeats, in the order of occurrence."""
        counts: list[Term] = []
        waiting = [iter(self._outline.items)]
        while waiting:
            for item in waiting[-1]:
                if isinstance(item, Repeat):
                    counts.append(self._symbols.term(item.count))
                    waiting.append(iter(item.items))
                    break
            else:
                waiting.pop()
        return tuple(symbols_of(*counts))

    def count(self, repeat: Repeat) -> int:
        """The number of repetitions. Raises :class:`symnet.NotationError` if it is no number of at least 1."""
        count = self._symbols.term(repeat.count)
        number = count.constant
        if number is None:
            word = quoted(self.source.code[slice(*repeat.count)])
            raise self.source.error(f"a repeat needs a number, and {word} has none: set it with a let", repeat.count[0])
        if number < 1:
            raise self.source.error(f"a repeat counts from 1, got {number}", repeat.count[0])
        return number

    def draft(self, item: LayerText) -> Draft | Jump:
        """Returns the parsed text of a layer, which may occur in many places."""
        return self._drafts[item.key]

    def layer(self, item: LayerText, draft: Draft) -> Layer:
        """The layer of a text; the same text is read once."""
        layer = self._layers.get(item.key)
        if layer is None:
            layer = self._layers[item.key] = draft.layer(self._symbols, self._framework)
        return layer


class _Walk:
    """Follows the items of an outline: the current position, the labels in sight (innermost last) and the nodes so far."""

    def __init__(self, builder: GraphBuilder) -> None:
        self.builder, self.source = builder, builder.source
        self.layers: list[Layer] = []
        self.sources: list[tuple[int, ...]] = []
        self.node_labels: list[str | None] = [None]
        self.jumped: int | None = None
        # by layer: the order of sizes that its call asks for, and where in the text
        self.requested_formats: dict[int, tuple[str, int]] = {}
        self._current = 0
        self._steps = 0
        self._scopes: list[dict[str, int]] = [{}]

    def run(self, items: list[Item]) -> None:
        """Follow the items from the current position."""
        for item in items:
            self._steps += 1
            if self._steps > LAYERS:
                raise self.source.error(f"more than {LAYERS:,} layers and labels, repeats written out", item.at)
            if isinstance(item, Label):
                self.define(item)
            elif isinstance(item, LayerText):
                self._step(item)
            else:
                for _ in range(self.builder.count(item)):
                    self._scopes.append({})
                    self.run(item.items)
                    self._scopes.pop()

    def _step(self, item: LayerText) -> None:
        draft = self.builder.draft(item)
        shift = item.at - draft.at  # the distance from the text that was read to this equal text
        if isinstance(draft, Jump):
            self._current = self._find(draft.label, shift)
            self.jumped = item.at
            return
        joined = [self._find(label, shift) for label in draft.labels]
        if draft.data_format is not None:
            order, at = draft.data_format
            self.requested_formats[len(self.layers)] = order, at + shift
        self.layers.append(self.builder.layer(item, draft))
        self.sources.append(() if draft.kind.reads == (0, 0) else (self._current, *joined))
        self.node_labels.append(None)
        self._current = len(self.layers)
        self.jumped = None

    def define(self, label: Label) -> None:
        """Name the current output."""
        if label.name in RESERVED:
            raise self.source.error(f"{quoted(label.name)} is a reserved word", label.at)
        local = self._scopes[-1]
        if label.name in local:
            raise self.source.error(f"the label {quoted(label.name)} is used twice", label.at)
        scope = next((scope for scope in reversed(self._scopes) if label.name in scope), local)
        scope[label.name] = self._current
        if len(self._scopes) == 1 and not label.name.startswith("_") and self.node_labels[self._current] is None:
            self.node_labels[self._current] = label.name

    def _find(self, label: Span, shift: int) -> int:
        name = self.source.code[slice(*label)]
        for scope in reversed(self._scopes):
            if name in scope:
                return scope[name]
        if name == _INPUT:
            return 0
        known = [label for scope in self._scopes for label in scope]
        near = get_close_matches(name, known, n=1, cutoff=0.4)
        named = (
            f"; there {'is' if len(known) == 1 else 'are'} {enumeration(known[:LISTED])}" if known and not near else ""
        )
        how = "" if known else "; @ gives an output its label, as in Conv|8|3 @a"
        raise self.source.error(
            f"unknown label {quoted(name)}{named}{how}", label[0] + shift, near[0] if near else None
        )
