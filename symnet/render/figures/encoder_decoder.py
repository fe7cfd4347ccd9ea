"""Finds an encoder with a decoder that reads its levels again, as in a U-Net, and puts them side by side."""

from __future__ import annotations

from collections.abc import Sequence

from symnet.render.figures.arrangement import Block, Branches, Columns, Level, Piece, Series, units_in
from symnet.render.figures.blocks import grouped
from symnet.render.figures.units import Unit, shared_module

__all__ = ["side_by_side"]

#: Layers that make sizes larger, as decoders do.
GROWING = frozenset({"Deconv", "Upsample", "Resize", "PixelShuffle"})


def side_by_side(piece: Series) -> Piece:
    """The arrangement as two columns if it is a U of at least two levels; else unchanged."""
    nested = [at for at, each in enumerate(piece.pieces) if _is_level(each)]
    if len(nested) != 1 or nested[0] == 0:
        return piece
    (at,) = nested
    levels: list[Level] = []
    current, before, after = piece.pieces[at], piece.pieces[:at], piece.pieces[at + 1 :]
    while isinstance(current, Branches) and current.join is not None:
        levels.append(Level(_boxes(before), _boxes([current.join, *after])))
        (inner,) = current.branches
        pieces = inner.pieces if isinstance(inner, Series) else (inner,)
        deeper = [index for index, each in enumerate(pieces) if index and _is_level(each)]
        if len(deeper) != 1:
            levels.append(Level(_boxes(pieces), ()))
            break
        before, current, after = pieces[: deeper[0]], pieces[deeper[0]], pieces[deeper[0] + 1 :]
    decoder = [each for level in levels[1:] for each in level.up] + list(levels[-1].down)
    grows = any(
        node.layer is not None and node.layer.kind in GROWING
        for each in decoder
        for unit in units_in(each)
        for node in unit.layers
    )
    return Columns(tuple(levels)) if len(levels) > 2 and grows else piece


def _is_level(piece: Piece) -> bool:
    """Returns whether a skip connection goes around a single branch."""
    return isinstance(piece, Branches) and piece.skips and len(piece.branches) == 1 and piece.join is not None


def _boxes(pieces: Sequence[Piece]) -> tuple[Unit | Block, ...]:
    """Boxes, and closed blocks in place of larger pieces."""
    inner = (
        grouped(Series(tuple(pieces)), shared_module(unit for piece in pieces for unit in units_in(piece)))
        if len(pieces) > 1
        else pieces[0]
    )
    if isinstance(inner, Unit):
        return (inner,)
    parts = inner.pieces if isinstance(inner, Series) else (inner,)
    return tuple(each if isinstance(each, Unit) else _closed(each) for each in parts)


def _closed(piece: Piece) -> Block:
    if isinstance(piece, Block):
        return Block(piece.title, piece.inner, piece.times, piece.hidden, piece.module, closed=True)
    units = list(units_in(piece))
    return Block(f"{units[0].first.name} … {units[-1].last.name}", piece, closed=True)
