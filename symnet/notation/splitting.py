"""Splits a text into sizes: at ``*`` and ``x``, and at commas, outside parentheses."""

from __future__ import annotations

import re

from symnet.notation.outline import Source, Span
from symnet.terms.size_names import sizes_in

__all__ = ["axes", "commas", "inner"]

_CUTS = re.compile(r"[*xX×]")
_PIECE = re.compile(
    r"(?P<operand>[0-9]+|[^\W\d]\w*|\?)|(?P<cut>\*(?!\*)|×)|\*\*|(?P<space>\s+)|.",
    re.DOTALL,
)
#: Two separators without a size between them: 3xx32.
_DOUBLED = re.compile(r"[xX]{2,}[0-9]")
_COMMA = re.compile(r'"(?:[^"\\\n]|\\.)*"|[(),]')


def axes(source: Source, span: Span) -> list[Span]:
    """The spans between ``*`` and ``x``. An ``x`` separates where no operand can begin (after a number, ``)`` or a space), and between
    letters that are sizes.

    >>> def cut(text):
    ...     return [text[start:end] for start, end in axes(Source(text, text), (0, len(text)))]
    >>> cut("3x224*(2*K)"), cut("max"), cut("x*x"), cut("3 x W**2"), cut("3xHxW"), cut("Px1"), cut("3x?x?")
    (['3', '224', '(2*K)'], ['max'], ['x', 'x'], ['3', 'W**2'], ['3', 'H', 'W'], ['P', '1'], ['3', '?', '?'])
    """
    code, (start, end) = source.code, span
    if not _CUTS.search(code, start, end):
        return [span]
    pieces: list[Span] = []
    depth, position = 0, start
    complete = touching = False  # whether an operand has ended, and if so without a space since and not in a name
    while position < end:
        match = _PIECE.match(code, position, end)
        piece, kind = (match[0], match.lastgroup) if match else (code[position], None)
        after = position + len(piece)
        if kind == "operand" and not complete and pieces and _DOUBLED.match(code, position - 1, end):
            raise source.error("a size is missing", position)
        if kind == "operand" and complete and piece[0] in "xX" and (touching or len(piece) == 1):
            kind, after = "cut", position + 1
        elif kind == "operand" and depth == 0 and not code.startswith("(", after):
            for part in sizes_in(piece)[:-1]:
                pieces.append(_piece(source, start, position + len(part)))
                start = position = position + len(part) + 1
        if depth == 0 and kind == "cut":
            pieces.append(_piece(source, start, position))
            start, complete, touching = after, False, False
        elif kind == "space":
            touching = False
        else:
            depth += (piece == "(") - (piece == ")")
            complete = kind == "operand" or piece == ")"
            touching = piece in ")?" or code[after - 1].isdigit()
        position = after
    return [*pieces, _piece(source, start, end)]


def _piece(source: Source, start: int, end: int) -> Span:
    piece = _strip(source.code, start, end)
    if piece[0] == piece[1]:
        raise source.error("a size is missing", min(start, max(end, start)))
    return piece


def commas(code: str, span: Span) -> list[Span]:
    """The spans between commas, outside parentheses and quotes; a comma at the end is ignored.

    >>> commas("3, (a, b),", (0, 10))
    [(0, 1), (3, 9)]
    """
    start, end = span
    pieces: list[Span] = []
    depth = 0
    for mark in _COMMA.finditer(code, start, end):
        sign = mark[0]
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            pieces.append(_strip(code, start, mark.start()))
            start = mark.end()
    last = _strip(code, start, end)
    return pieces if pieces and last[0] == last[1] else [*pieces, last]


def inner(code: str, span: Span) -> Span | None:
    """The span inside a pair of parentheses around the whole span, or ``None`` if there is none.

    >>> inner("(3*5)", (0, 5)), inner("(3)*(5)", (0, 7))
    ((1, 4), None)
    """
    start, end = span
    if end - start < 2 or code[start] != "(" or code[end - 1] != ")":
        return None
    depth = 0
    for position in range(start, end):
        depth += (code[position] == "(") - (code[position] == ")")
        if depth == 0 and position < end - 1:
            return None
    return _strip(code, start + 1, end - 1)


def _strip(code: str, start: int, end: int) -> Span:
    piece = code[start:end]
    left = start + len(piece) - len(piece.lstrip())
    return left, max(left, start + len(piece.rstrip()))
