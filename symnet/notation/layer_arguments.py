"""Finds the field and the value of each argument between the bars of a layer.

It takes two steps, since the lower bound of a symbol depends on all its occurrences: :func:`bind` finds the field of every
argument and splits sizes at ``*`` and ``x``; when all symbols are declared, :meth:`Draft.layer` makes the terms.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from symnet.errors import LayerError, NotationError
from symnet.frameworks.tables.activations import ACTIVATIONS
from symnet.layers.declaration.base import Layer
from symnet.layers.declaration.constructor import fields_by_name, spelling
from symnet.layers.declaration.fields import MODES, FieldSpec
from symnet.layers.declaration.penalized import in_order
from symnet.layers.declaration.registry import closest, lookup
from symnet.notation.argument_values import READERS, Pieces, missing_arrow, unknown_activation
from symnet.notation.notes import enumeration, is_bare_word
from symnet.notation.outline import LayerText, Source, Span, quoted
from symnet.notation.symbols import SymbolTable
from symnet.terms.term import Term

__all__ = ["Argument", "Draft", "bind", "by_letter", "field_named", "is_argument", "require_all", "unknown_kind"]

_KEYWORD = re.compile(r"\s*([^\W\d]\w*)\s*=(?!=)\s*")
#: A number behind the letter of its field, as papers write it: k7, s2, p3.
_ABBREVIATED = re.compile(r"([a-z])([0-9]+)")
#: What people write between a layer's arguments instead of bars, and containers of layers in Python.
_BETWEEN = re.compile(r"[\s:,;/]+")
_CONTAINERS = ("Sequential", "ModuleList", "Model")
_LABEL = re.compile(r"[\w.]+")
#: What people write for a layer: a repeat without brackets, a layer of their code.
_REPEAT = re.compile(r"(\w+)\s*[*×]\s*([^\W\d]\w*)")
_ATTRIBUTE = re.compile(r"self(?:\.\w+)+")


@dataclass(slots=True)
class Argument:
    """An argument: its field, its span in the text, and its value, a text or the spans of its sizes."""

    spec: FieldSpec
    span: Span
    value: str | Pieces


@dataclass(slots=True)
class Draft:
    """A layer whose arguments have found their fields. ``data_format`` is the order of sizes that a call asks for, with its position
    in the text.
    """

    source: Source
    at: int
    kind: type[Layer]
    preset: Mapping[str, Any]
    arguments: list[Argument]
    labels: list[Span]
    data_format: tuple[str, int] | None = None

    def declare(self, symbols: SymbolTable) -> None:
        """Declares the symbols of the arguments in the table ``symbols``."""
        for spec, span in self._sizes():
            symbols.declare(span, spec.least, spec.letter or spec.name[:1].upper())

    def _sizes(self) -> Iterator[tuple[FieldSpec, Span]]:
        for argument in self.arguments:
            if not isinstance(argument.value, str):
                for piece in argument.value:
                    for span in piece:
                        yield argument.spec, span

    def bare_words(self, known: Container[str]) -> Iterator[str]:
        """Yields notes on words that are read as symbols but look as if they were meant differently, as ``no_bias`` for a stride; words in
        ``known`` are symbols elsewhere.
        """
        yield from self._abbreviated(known)
        for spec, span in self._sizes():
            word = self.source.code[slice(*span)]
            if word in known or not (is_bare_word(word) or (len(word) > 1 and lookup(word) is not None)):
                continue
            own = {spelling(name) for name in (spec.name, *spec.aliases)}
            if spelling(word) not in own:
                meant = self._meant(word)
                yield (
                    f"{word} is read as a symbol, the {spec.name} of {self.kind.kind}"
                    + f"; write {meant} if that is meant" * bool(meant)
                )

    def _abbreviated(self, known: Container[str]) -> Iterator[str]:
        """Yields a note on arguments such as k3, s2 and p1, which are symbols like any others."""
        words = dict.fromkeys(self.source.code[slice(*span)] for _, span in self._sizes())
        short = [found for word in words if word not in known and (found := _ABBREVIATED.fullmatch(word))]
        named = [found for found in short if by_letter(self.kind, found[1]) is not None]
        if named:
            are = "is read as a symbol" if len(named) == 1 else "are read as symbols"
            meant = "|".join(f"{found[1]}={found[2]}" for found in named)
            yield f"{enumeration([found[0] for found in named])} of {self.kind.kind} {are}; write {meant} if that is meant"

    def unknown_words(self) -> Iterator[str]:
        """Yields notes on unknown activations that are like a known one, or are values of an activation field."""
        for argument in self.arguments:
            if isinstance(argument.value, str):
                unknown, near = unknown_activation(argument.spec, argument.value)
                if unknown and (near or argument.spec.name == "activation"):
                    yield (
                        f"{quoted(argument.value)}, the {argument.spec.name} of {self.kind.kind}, is no activation that is known "
                        f"here" + f"; write {near} if that is meant" * bool(near)
                    )

    def _meant(self, word: str) -> str:
        """The argument that a word may be meant as, a flag, a padding or an activation; '' if none."""
        fields, spelled = fields_by_name(self.kind), spelling(word)
        for beginning, value in (("no", "no"), ("without", "no"), ("", "yes")):
            flag = fields.get(spelled.removeprefix(beginning))
            if spelled.startswith(beginning) and flag is not None and flag.kind == "flag":
                return f"{flag.name}={value}"
        near = get_close_matches(spelled, MODES, n=1, cutoff=0.75)
        if near and any(spec.kind == "padding" and near[0] in spec.options for spec in self.kind.specs()):
            return f"padding={near[0]}"
        named_kind = lookup(word)
        if named_kind is None:
            return ""
        return f'activation="{word}"' if named_kind[0].kind == "Activation" and "activation" in fields else f"-> {word}"

    def layer(self, symbols: SymbolTable, framework: str | None = None) -> Layer:
        """The layer itself; ``framework`` holds unless the layer names another. Raises :class:`symnet.NotationError`."""
        values = {} if framework is None else {"framework": framework}
        values |= self.preset
        for argument in self.arguments:
            values[argument.spec.name] = self._value(argument, symbols)
        try:
            return self.kind(**values)
        except LayerError as refused:
            raise self.source.error(str(refused), self.at) from None

    def _value(self, argument: Argument, symbols: SymbolTable) -> Any:
        spec, (start, end) = argument.spec, argument.span
        try:
            if isinstance(argument.value, str):
                return spec.coerce(argument.value)
            terms = [tuple(map(symbols.term, piece)) for piece in argument.value]
        except LayerError as refused:
            raise missing_arrow(self.source, start, end) or self.source.error(str(refused), start) from None
        except NotationError as refused:
            raise missing_arrow(self.source, start, end) or refused from None
        sizes = [term if len(term) > 1 else term[0] for term in terms]
        value = sizes[0] if len(sizes) == 1 and isinstance(sizes[0], Term) else sizes
        try:
            return spec.coerce(value)
        except LayerError as refused:
            for piece, pair in zip(argument.value, terms, strict=True):
                for span, term in zip(piece, pair, strict=True):
                    if term.constant is not None and term.constant < spec.least:
                        raise self.source.error(str(refused), span[0]) from None
            raise self.source.error(str(refused), start) from None


def is_argument(kind: str, name: str, spaced: bool, last: bool = True) -> bool:
    """Returns whether ``name=`` in the last layer of a question begins an argument, instead of the target after a symbol.

    It does if the kind has such a field, or nearly so; or without a space, unless the name is as short as a symbol: then only if the
    kind has windows and a field with such a letter. A word that is itself a value (``same``) is none. ``spaced`` says that there is a
    space, or that what follows can only be a shape; ``last`` says that nothing else follows in the text.

    >>> is_argument("Conv", "pad", True), is_argument("Conv", "P", True), is_argument("Conv", "foo", False)
    (True, False, True)
    >>> is_argument("Conv", "same", True)
    False
    """
    named_kind = lookup(kind)
    if (
        named_kind is not None
        and spelling(name) not in fields_by_name(named_kind[0])
        and _is_value(named_kind[0], name)
    ):
        return False
    if named_kind is None or (not spaced and len(name) > 2):
        return not spaced
    fields, spelled = fields_by_name(named_kind[0]), spelling(name)
    if not (spaced and last) and ("rank" in fields or not last) and by_letter(named_kind[0], name):
        return True
    return spelled in fields or (len(name) > 3 and bool(get_close_matches(spelled, fields, n=1, cutoff=0.75)))


def by_letter(kind: type[Layer], letter: str) -> FieldSpec | None:
    """The field with this letter in formulas, as K filters of extent F, stride S, padding P, also in lower case. But ``k`` is the
    kernel if there is one, as in most code, and ``f`` is ambiguous.

    >>> from symnet.layers.kinds.convolution import Conv
    >>> [spec.name for letter in "KFSPkspg" if (spec := by_letter(Conv, letter))]
    ['filters', 'kernel', 'stride', 'padding', 'kernel', 'stride', 'padding', 'groups']
    """
    if len(letter) != 1:
        return None
    named = [spec for spec in kind.specs() if spec.letter]
    fields = {spec.name: spec for spec in named}
    if letter == "k" and "kernel" in fields:
        return fields["kernel"]
    if letter == "f" and "filters" in fields and "kernel" in fields:
        return None
    exact = [spec for spec in named if spec.letter == letter]
    with_letter = exact or [spec for spec in named if spec.letter.lower() == letter.lower()]
    return with_letter[0] if len(with_letter) == 1 else None


def _is_value(kind: type[Layer], name: str) -> bool:
    return any(spelling(name) == spelling(word) for spec in kind.specs() for word in spec.options)


def bind(source: Source, layer: LayerText) -> Draft:
    """The draft of a layer: its kind, and a field for each of its arguments. Raises :class:`symnet.NotationError`."""
    start, end = layer.parts[0]
    named_kind = lookup(source.code[start:end])
    if named_kind is None:
        raise unknown_kind(source, start, end)
    kind, preset = named_kind
    draft = Draft(source, start, kind, preset, [], [])
    free = [spec for spec in kind.specs() if spec.positional and spec.name not in preset]
    taken: set[str] = set()
    position = 0
    for left, right in layer.parts[1:]:
        if left == right:
            raise source.error(f"an argument of {kind.kind} is empty", left - 1 if left == len(source.code) else left)
        keyword = _KEYWORD.match(source.code, left, right)
        if keyword is not None:
            spec = field_named(source, kind, preset, keyword)
        elif kind.reads[1] not in (0, 1):
            draft.labels.append(_label(source, left, right))
            continue
        elif position < len(free):
            spec, position = free[position], position + 1
        else:
            arrows = (missing_arrow(source, *part) for part in layer.parts[1:])
            raise next(filter(None, arrows), None) or _too_many(source, kind, free, left, right)
        if spec.name in taken:
            raise source.error(f"{kind.kind} has {spec.name} twice", left)
        taken.add(spec.name)
        span = (keyword.end(), right) if keyword else (left, right)
        if spec.default is None and source.code[slice(*span)] == "None":  # the same as without it
            continue
        if span[0] == right:
            raise source.error(f"{spec.name} has no value", left)
        draft.arguments.append(Argument(spec, span, READERS[spec.kind](source, spec, span)))
    require_all(draft)
    _check_joined(draft)
    return draft


def require_all(draft: Draft) -> None:
    """Raise :class:`symnet.NotationError` for a layer without a value that it needs."""
    kind = draft.kind
    known = {argument.spec.name for argument in draft.arguments} | draft.preset.keys()
    for spec in kind.specs():
        if spec.required and spec.name not in known:
            example = f", as in {kind.examples[0].notation}" if kind.examples else ""
            raise draft.source.error(f"{kind.kind} needs {spec.name} ({spec.doc}){example}", draft.at)


def _check_joined(draft: Draft) -> None:
    name, (least, most), labels = draft.kind.kind, draft.kind.reads, len(draft.labels)
    if most is None and labels < least - 1:
        raise draft.source.error(f"{name} joins its input with labelled outputs: name them, as in {name}|a", draft.at)
    if most is not None and most > 1 and labels != most - 1:
        wanted = f"{most - 1} label{'s' if most > 2 else ''}, as in {'|'.join([name, *'abcdefgh'[: most - 1]])}"
        raise draft.source.error(f"{name} takes {wanted}, got {labels}", draft.at)


def _label(source: Source, left: int, right: int) -> Span:
    if not _LABEL.fullmatch(source.code, left, right):
        raise missing_arrow(source, left, right) or source.error(
            f"{quoted(source.code[left:right])} is not a label: letters, digits, _ and .", left
        )
    return left, right


def field_named(source: Source, kind: type[Layer], preset: Mapping[str, Any], keyword: re.Match[str]) -> FieldSpec:
    """The field that ``keyword`` names. Raises :class:`symnet.NotationError` with the nearest name."""
    known = fields_by_name(kind)
    spec = known.get(spelling(keyword[1])) or by_letter(kind, keyword[1])
    if spec is None:
        near = get_close_matches(spelling(keyword[1]), known, n=1)
        names = ", ".join(item.name for item in in_order(kind))
        message = f"{kind.kind} has no {quoted(keyword[1])}" + ("" if near else f"; it has {names}")
        raise source.error(message, keyword.start(1), known[near[0]].name if near else None)
    if spec.name in preset:
        raise source.error(f"{spec.name} is {preset[spec.name]} by the layer's kind already", keyword.start(1))
    return spec


def _too_many(source: Source, kind: type[Layer], free: list[FieldSpec], left: int, right: int) -> NotationError:
    spec = fields_by_name(kind).get(spelling(source.code[left:right]))
    suggestion = f"{spec.name}=yes" if spec is not None and spec.kind == "flag" else None
    named_kind = lookup(source.code[left:right])
    if suggestion is None and named_kind is not None and named_kind[0].kind == "Activation":
        suggestion = f"-> {source.code[left:right]}"
    names = f"only {', '.join(item.name for item in free)}" if free else "nothing"
    return source.error(f"too many arguments: without a name, {kind.kind} takes {names}", left, suggestion)


def unknown_kind(source: Source, start: int, end: int) -> NotationError:
    """The error for an unknown kind of layer, with the nearest one."""
    text = source.code[start:end]
    if (repeat := _REPEAT.fullmatch(text)) and lookup(repeat[2]):
        return source.error(
            f"a repeat has brackets around its layers: {repeat[1]} * [{repeat[2]}|…]", start + repeat.start(2)
        )
    if arrow := missing_arrow(source, start, end):
        return arrow
    if start == end:
        return source.error("a layer's kind is missing", start)
    if text.split()[0] == "let":
        return source.error("a let stands before the input", start)
    words = _BETWEEN.split(text)
    if len(words) > 1 and lookup(words[0]) and len(text) < 40:
        return source.error("a layer's arguments stand between bars", start, "|".join(words))
    if text.partition("(")[0].rpartition(".")[2].strip() in _CONTAINERS:
        return source.error("the layers inside are written one after another, with -> between them", start)
    if attribute := _ATTRIBUTE.fullmatch(text):
        return source.error(
            f"{attribute[0]} is a name in Python code: write the layer that it is, as in Conv|8|3; or let symnet read the code, "
            "symnet doctor file.py:Class",
            start,
        )
    word = text.rpartition(".")[2]
    near = closest(word) if len(text) < 40 else None
    if lookup(word) is None and spelling(word) in ACTIVATIONS:
        near = f"Activation|{word}"
    return source.error(f"unknown layer kind {quoted(text)}", start, near)
