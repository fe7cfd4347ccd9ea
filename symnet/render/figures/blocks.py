"""Makes blocks in an arrangement: modules of the model and repeats; and closes as many of them as a readable figure needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import TypeVar

from symnet.render.figures.arrangement import Block, Branches, Columns, Piece, Rows, Series, arranged, key_of, units_in
from symnet.render.figures.units import Unit, shared_module
from symnet.render.folding import folded

__all__ = ["ROWS", "closed_to", "copies_in", "forks_closed", "grouped", "opened", "overview", "rows_of", "span"]

P = TypeVar("P", bound=Piece)

#: The largest height of a figure in boxes, the number of parts of a longer one, and the largest number of branches side by side.
ROWS, PARTS, BRANCHES = 56, 24, 8

#: The number of boxes in the branches of a fork that is worth a block of its own.
FORK = 4

#: The largest number of boxes with one entry and one exit that become one block.
REGION = 16


def grouped(piece: Piece, module: tuple[str, ...] = ()) -> Piece:
    """The piece with its modules and repeats as blocks; ``module`` is the module that it is in."""
    match piece:
        case Series(pieces):
            return _folded(_modules(pieces, module))
        case Branches(branches=branches):
            return replace(piece, branches=tuple(grouped(branch, module) for branch in branches))
    return piece


def _modules(pieces: Sequence[Piece], module: tuple[str, ...]) -> list[Piece]:
    depth = len(module)
    names = [shared_module(units_in(piece))[depth : depth + 1] for piece in pieces]
    grouped_pieces: list[Piece] = []
    start = 0
    for name, run in groupby(names):
        length = len(list(run))
        inside = pieces[start : start + length]
        start += length
        if not name:
            grouped_pieces += [grouped(piece, module) for piece in inside]
            continue
        within = (*module, *name)
        inner = _modules(inside, within) if length > 1 else [grouped(inside[0], within)]
        worth = length > 1 or not isinstance(inside[0], Unit)
        if worth and length < len(pieces) and _complete(inside):
            grouped_pieces.append(Block(".".join(within), _folded(inner), module=within))
        else:
            grouped_pieces += inner
    return grouped_pieces


def _complete(pieces: Sequence[Piece]) -> bool:
    """Returns whether branches that begin in these pieces also end in them."""
    last = pieces[-1]
    return not (isinstance(last, Branches) and last.join is None and last.end is not None)


def _folded(pieces: Sequence[Piece]) -> Piece:
    """The pieces as a series in which a repeat is one block, with the number of repetitions."""
    folded_pieces: list[Piece] = []
    for fold in folded([key_of(piece) for piece in pieces]):
        stretch = pieces[fold.start : fold.start + fold.length]
        if fold.times == 1:
            folded_pieces += stretch
            continue
        first = [unit.number for piece in stretch for unit in units_in(piece)]
        hidden: list[tuple[int, int]] = []
        for copy in range(1, fold.times):
            begin = fold.start + copy * fold.length
            again = [unit.number for piece in pieces[begin : begin + fold.length] for unit in units_in(piece)]
            hidden += zip(again, first, strict=True)
            hidden += [pair for piece in pieces[begin : begin + fold.length] for pair in copies_in(piece)]
        only = stretch[0]
        if len(stretch) == 1 and isinstance(only, Block) and only.times == 1:
            folded_pieces.append(replace(only, times=fold.times, hidden=tuple(hidden)))
        else:
            inner = only if len(stretch) == 1 else Series(tuple(stretch))
            folded_pieces.append(Block("", inner, fold.times, tuple(hidden)))
    return folded_pieces[0] if len(folded_pieces) == 1 else Series(tuple(folded_pieces))


def copies_in(piece: Piece) -> list[tuple[int, int]]:
    """The boxes that are not drawn, each with the number of the copy that is drawn for it."""
    copies: list[tuple[int, int]] = []
    stack = [piece]
    while stack:
        match stack.pop():
            case Series(pieces):
                stack += pieces
            case Branches(_, branches, _):
                stack += branches
            case Block(inner=inner, hidden=hidden):
                copies += hidden
                stack.append(inner)
            case Columns(levels):
                stack += [each for level in levels for each in (*level.down, *level.up)]
    return copies


def opened(piece: Piece) -> Piece:
    """The piece without a frame around most of it, so that its inside is beside the rest."""
    if isinstance(piece, Block) and piece.times == 1:
        return opened(piece.inner)
    if not isinstance(piece, Series):
        return piece
    rows = rows_of(piece)
    pieces: list[Piece] = []
    for each in piece.pieces:
        if isinstance(each, Block) and each.times == 1 and 2 * rows_of(each) > rows:
            inner = opened(each.inner)
            pieces += inner.pieces if isinstance(inner, Series) else [inner]
        else:
            pieces.append(each)
    return Series(tuple(pieces))


def rows_of(piece: Piece) -> int:
    """The height of a piece in boxes."""
    match piece:
        case Series(pieces):
            return sum(map(rows_of, pieces))
        case Branches(_, branches, join):
            return max(map(rows_of, branches)) + (join is not None)
        case Rows(units):
            return len(units)
        case Block(inner=inner, closed=closed):
            return 1 if closed else rows_of(inner)
        case Columns(levels):
            return sum(max(len(level.down), len(level.up)) for level in levels)
    return 1


def overview(piece: Piece, rows: int = ROWS) -> Piece:
    """The piece with blocks closed, innermost first, until it is at most about ``rows`` boxes high."""
    piece = _narrowed(piece)
    if rows_of(piece) <= rows:
        return piece
    for depth in range(_depth(piece) - 1, -1, -1):
        shorter = closed_to(piece, depth)
        if rows_of(shorter) <= rows:
            return shorter
    return _divided(closed_to(piece, 0), rows)


def _narrowed(piece: Piece) -> Piece:
    """The piece with at most :data:`BRANCHES` branches side by side; further ones become one block."""
    match piece:
        case Series(pieces):
            return Series(tuple(map(_narrowed, pieces)))
        case Block(inner=inner):
            return replace(piece, inner=_narrowed(inner))
        case Branches(branches=branches):
            shown = tuple(map(_narrowed, branches[: BRANCHES - 1] if len(branches) > BRANCHES else branches))
            if len(shown) == len(branches):
                return replace(piece, branches=shown)
            rest = replace(piece, branches=branches[len(shown) :], join=None, skips=False)
            more = Block(f"{len(rest.branches):,} more branches", rest, closed=True)
            return replace(piece, branches=(*shown, more))
    return piece


def forks_closed(piece: Piece) -> Piece:
    """The piece with a closed block for every fork and its join with at least :data:`FORK` boxes between them."""
    match piece:
        case Series(pieces):
            return Series(tuple(map(forks_closed, pieces)))
        case Block(inner=inner, closed=False):
            return replace(piece, inner=forks_closed(inner))
        case Branches(branches=branches, join=Unit() as join) if (
            len(branches) + piece.skips > 1 and len(list(units_in(piece))) > FORK
        ):
            return Block(f"{len(branches) + piece.skips} branches to {join.first.name}", piece, closed=True)
    return piece


def closed_to(piece: Piece, depth: int) -> Piece:
    """The piece with all blocks closed that are within ``depth`` others."""
    match piece:
        case Series(pieces):
            return Series(tuple(closed_to(each, depth) for each in pieces))
        case Branches(branches=branches):
            return replace(piece, branches=tuple(closed_to(each, depth) for each in branches))
        case Block(inner=inner) if not isinstance(inner, Unit):
            return replace(piece, closed=True) if depth == 0 else replace(piece, inner=closed_to(inner, depth - 1))
    return piece


def _depth(piece: Piece) -> int:
    match piece:
        case Series(pieces):
            return max(map(_depth, pieces), default=0)
        case Branches(_, branches, _):
            return max(map(_depth, branches), default=0)
        case Block(inner=inner) if not isinstance(inner, Unit):
            return 1 + _depth(inner)
    return 0


def _divided(piece: Piece, rows: int) -> Piece:
    """A long piece as blocks of about equal length; its beginning and its end are unchanged."""
    if isinstance(piece, Rows):
        regions = _regions(piece.units)
        if len(regions) <= max(rows, PARTS):
            return replace(piece, units=regions)
        parts = _parts(piece.units)
        return replace(piece, units=tuple(_rearranged(part) for part in parts))
    if isinstance(piece, Branches):
        return replace(piece, branches=tuple(_divided(each, rows // 2) for each in piece.branches))
    if isinstance(piece, Block):
        return replace(piece, inner=_divided(piece.inner, rows)) if not piece.closed else piece
    if not isinstance(piece, Series):
        return piece
    ends = 6
    pieces, middle = piece.pieces, piece.pieces[ends:-ends]
    if len(middle) < PARTS:
        return Series(tuple(_divided(each, rows // 2) if rows_of(each) > rows // 2 else each for each in pieces))
    return Series((*pieces[:ends], *_parts(middle), *pieces[-ends:]))


def _regions(boxes: tuple[Unit | Block, ...]) -> tuple[Unit | Block, ...]:
    """The boxes with closed blocks for runs that only their first box leads into, and only their last box out of."""
    row = {unit.number: index for index, box in enumerate(boxes) for unit in units_in(box)}
    first_read = [len(boxes)] * len(boxes)
    last_reader = [0] * len(boxes)
    for index, box in enumerate(boxes):
        for source in (source for unit in units_in(box) for source in unit.sources):
            before = row.get(source, -1)
            if before != index:
                first_read[index] = min(first_read[index], before)
            if before >= 0:
                last_reader[before] = max(last_reader[before], index)
    boxes_and_blocks: list[Unit | Block] = []
    start = 0
    while start < len(boxes):
        end, reached = start, last_reader[start]
        for index in range(start + 1, min(start + REGION, len(boxes))):
            if first_read[index] < start:
                break
            if reached <= index:
                end = index
            reached = max(reached, last_reader[index])
        part = boxes[start : end + 1]
        boxes_and_blocks += [Block(span(part), _arranged(part), closed=True)] if len(part) > 2 else part
        start = end + 1
    return tuple(boxes_and_blocks)


def _rearranged(part: Unit | Block) -> Unit | Block:
    if isinstance(part, Block) and isinstance(part.inner, Series):
        return replace(part, inner=_arranged(part.inner.pieces))
    return part


def _arranged(pieces: Sequence[Piece]) -> Piece:
    """Boxes with any edges between them as nested pieces; pieces that are not all boxes as a series."""
    units = [piece for piece in pieces if isinstance(piece, Unit)]
    return arranged(units) if len(units) == len(pieces) else Series(tuple(pieces))


def _parts(pieces: tuple[P, ...]) -> tuple[P | Block, ...]:
    """The pieces as closed blocks of about equal length."""
    length = -(-len(pieces) // PARTS)
    parts = [pieces[start : start + length] for start in range(0, len(pieces), length)]
    return tuple(Block(span(part), Series(part), closed=True) if length > 1 else part[0] for part in parts)


def span(pieces: Sequence[Piece]) -> str:
    """The names of the first and the last layer of pieces that follow one another."""
    units = [unit for end in (pieces[0], pieces[-1]) for unit in units_in(end)]
    return f"{units[0].first.name} … {units[-1].last.name}"
