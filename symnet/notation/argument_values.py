"""The values of arguments: texts, or the spans of their sizes in the text, by the kind of the field."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from difflib import get_close_matches

from symnet.errors import LayerError, NotationError
from symnet.frameworks.tables.activations import ACTIVATIONS, NAMES
from symnet.layers.declaration.constructor import spelling
from symnet.layers.declaration.fields import MODES, FieldSpec, mode_of
from symnet.layers.declaration.registry import lookup
from symnet.notation.outline import Source, Span, quoted
from symnet.notation.splitting import axes, commas, inner
from symnet.terms.size_names import is_one_size

__all__ = ["READERS", "Pieces", "missing_arrow", "unknown_activation"]

_AFTER_SPACE = re.compile(r"\s([^\W\d]\w*)$")

#: The spans of sizes: one span for each size; padding may have two, before and after.
Pieces = list[tuple[Span, ...]]


def missing_arrow(source: Source, start: int, end: int) -> NotationError | None:
    """The error for a layer that follows without an arrow, as in ``FC|256 FC``; ``None`` if none does."""
    word = _AFTER_SPACE.search(source.code, start, end)
    if word and lookup(word[1]):
        return source.error(f"'->' is missing before {quoted(word[1])}", word.start(1))
    return None


def unknown_activation(spec: FieldSpec, word: str) -> tuple[bool, str | None]:
    """Returns whether the value of an activation field is unknown, and the known name that is most like it.

    >>> from symnet.layers.kinds.dense import Dense
    >>> activation = next(spec for spec in Dense.specs() if spec.name == "activation")
    >>> [unknown_activation(activation, word) for word in ("hard_sigmoid", "softmx", "zzz", "foo")]
    [(False, None), (True, 'softmax'), (True, None), (True, None)]
    """
    spelled = spelling(word)
    if spec.name not in ("activation", "function") or spelled in ACTIVATIONS or spelled in NAMES:
        return False, None
    near = get_close_matches(spelled, NAMES, n=1, cutoff=0.75)
    return True, near[0] if near else None


def _count(source: Source, spec: FieldSpec, span: Span) -> Pieces:
    _refuse_mode(source, spec, span)
    if len(commas(source.code, span)) > 1:
        raise source.error(f"{spec.name} is one number", span[0])
    pieces = axes(source, span)
    if len(pieces) > 1:
        example = f"({source.code[span[0] : span[1]]})"
        raise source.error(f"{spec.name} is one number; a product stands in parentheses, as in {example}", span[0])
    return [(span,)]


def _refuse_mode(source: Source, spec: FieldSpec, span: Span) -> None:
    word = source.code[slice(*span)].lower().strip('"')
    if word in MODES:
        raise source.error(f"{spec.name} is a number, and {word!r} a padding", span[0], f"padding={word}")


def _sizes(source: Source, spec: FieldSpec, span: Span) -> Pieces:
    _refuse_mode(source, spec, span)
    listed = commas(source.code, span)
    if len(listed) > 1:
        return [(piece,) for piece in listed]
    pieces = axes(source, span)
    if len(pieces) == 1 and (inside := inner(source.code, span)):
        listed = commas(source.code, inside)
        pieces = listed if len(listed) > 1 else pieces
    return [(piece,) for piece in pieces]


def _padding(source: Source, spec: FieldSpec, span: Span) -> str | Pieces:
    text = source.code[span[0] : span[1]].strip('"')
    try:
        if mode_of(text):
            return text
    except LayerError as refused:
        raise source.error(str(refused), span[0]) from None
    amounts: Pieces = []
    listed = commas(source.code, span)
    if len(listed) > 1 or source.text[span[0]] == "[":
        return _listed_amounts(source, span)
    for piece in axes(source, span):
        inside = inner(source.code, piece)
        pair = commas(source.code, inside) if inside else [piece]
        if len(pair) > 2:
            message = f"padding is an amount, a*b an axis, or (before, after), got {len(pair)} amounts"
            raise source.error(message, piece[0])
        amounts.append(tuple(pair) if len(pair) == 2 else (piece,))
    return amounts


def _listed_amounts(source: Source, span: Span) -> Pieces:
    """Amounts without parentheses or in square brackets: one for each axis, or before and after; refused if these differ."""
    inside = inner(source.code, span)
    amounts = commas(source.code, span if inside is None else inside)
    words = [source.code[slice(*piece)] for piece in amounts]
    empty = next((piece for piece, word in zip(amounts, words, strict=True) if not word), None)
    if empty is not None:
        raise source.error("an amount of padding is missing here", empty[0])
    pairs = [commas(source.code, inner(source.code, piece) or piece) for piece in amounts]
    paired = any(len(pair) > 1 for pair in pairs)
    if any(len(pair) > 2 for pair in pairs) or (len(words) > 3 and (paired or len(set(words)) > 1)):
        message = "padding is an amount, a*b an axis (three at most), or (before, after), as in padding=(1, 2)*0"
        raise source.error(message, span[0])
    if len(set(words)) > 1:
        line = f"padding={'*'.join(map(_factor, words))} an axis"
        line += f", or padding=({', '.join(words)}) before and after" if len(words) == 2 and not paired else ""
        raise source.error(f"padding of several amounts: write {line}", span[0])
    return [tuple(pairs[0])] if len(amounts) > 3 else [tuple(pair) for pair in pairs]


def _factor(amount: str) -> str:
    """An amount, or a pair in parentheses, as a factor beside ``*``."""
    return amount if amount.isdigit() or is_one_size(amount) or amount[0] == "(" else f"({amount})"


def _words(source: Source, spec: FieldSpec, span: Span) -> str:
    text = source.code[span[0] : span[1]]
    if text[0] != '"':
        if text.split() == [text] and '"' not in text:
            return text
        message = f'write {spec.name} in quotes, as in {spec.name}="a b"'
        raise missing_arrow(source, *span) or source.error(message, span[0])
    try:
        word, after = _DECODER.raw_decode(text)
    except ValueError:
        raise source.error(r'in quotes, write \\ for \ and \" for "', span[0]) from None
    if after < len(text):
        raise missing_arrow(source, *span) or source.error("unexpected text after the quotes", span[0] + after)
    return str(word)


_DECODER = json.JSONDecoder()

READERS: dict[str, Callable[[Source, FieldSpec, Span], str | Pieces]] = {
    "count": _count,
    "sizes": _sizes,
    "padding": _padding,
    "flag": _words,
    "choice": _words,
    "number": _words,
    "words": _words,
}
