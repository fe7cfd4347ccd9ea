"""The labels beside the boxes of the network figure (a layer's words, name and output size), and the sizes of the boxes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log2

from symnet.layers.declaration.shape import Shape
from symnet.network.network import Network
from symnet.network.propagate import Placed
from symnet.printing.letters import one_line
from symnet.printing.structure import Names
from symnet.printing.text import unicode_text
from symnet.render import document
from symnet.render.figures.arrangement import Block, units_in
from symnet.render.figures.canvas import SMALL, width_of
from symnet.render.figures.layer_words import layer_words
from symnet.render.figures.piece_layout import Label
from symnet.render.figures.units import Unit
from symnet.render.names import size_names
from symnet.render.table import by_name
from symnet.terms.evaluation import evaluate
from symnet.terms.term import FloorDiv, Term, symbols_of

__all__ = ["LINE", "SHADOW", "WIDE", "Labels", "shape_text"]

#: The width of a line in pixels, its height, and the largest number of characters of a name and of a size.
WIDE, LINE, NAME, SIZE = 176.0, 15.0, 64, 44

#: A wider size is broken at its multiplication signs, in pixels.
WHOLE = 236.0

#: The factor by which bold text is wider.
BOLD = 1.08

#: How far the boxes behind that of a closed block reach, in pixels.
SHADOW = 6.0

#: How many layers of a box are named.
MOST = 6

#: A size with more characters is not written twice.
LONG = 8

#: A closed form with more symbols is replaced by its name.
SYMBOLS = 4

#: The value of letters for the size of a box; the legend states it.
DRAWN_AS = 256


def shape_text(shape: Shape) -> str:
    """``32 × 24 × 24`` or ``8 × (W − 2) × (W − 2)``."""
    return document.Shape(shape.dims).joined(unicode_text) if shape.dims else "a number"


@dataclass(frozen=True)
class Labels:
    """The labels of a network's boxes, in lines of at most ``wide`` pixels."""

    network: Network
    wide: float = WIDE

    def lines(self, piece: Unit | Block) -> list[tuple[str, str]]:
        """The lines beside a box, each with its style."""
        cached = self._lines_cache.get(id(piece))
        if cached is None:  # the cache keeps the piece, so that its id stays its own
            cached = self._lines_cache[id(piece)] = (
                piece,
                self._of_block(piece) if isinstance(piece, Block) else self._of_box(piece),
            )
        return cached[1]

    @cached_property
    def _lines_cache(self) -> dict[int, tuple[Unit | Block, list[tuple[str, str]]]]:
        return {}

    def _of_box(self, piece: Unit) -> list[tuple[str, str]]:
        node = piece.first
        if piece.outside:
            source = "the input" if piece.last.layer is None else _name(piece.last.name, ())
            read = f"from {source} · {self.size(piece.last)}"
            return [(line, "soft") for line in _wrapped(read, " · ", "", self.wide)]
        shown = piece.layers if len(piece.layers) <= MOST else piece.layers[: MOST - 1]
        more = [f"{len(piece.layers) - len(shown):,} more"] if len(shown) < len(piece.layers) else []
        words = " + ".join([*map(layer_words, shown), *more])
        strong = [(line, "strong") for line in _wrapped(words, " + ", "+ ", self.wide)]
        name = [] if node.layer is None else [_name(node.name, piece.module)]
        return strong + [
            (line, "soft") for line in _wrapped(" · ".join([*name, *self._out(piece)]), " · ", "", self.wide)
        ]

    def _of_block(self, block: Block) -> list[tuple[str, str]]:
        units = list(units_in(block))
        layers = sum(len(unit.layers) for unit in units)
        title = _named(block) or f"{units[0].first.name} … {units[-1].last.name}"
        inside = f"{layers} layer{'s' * (layers != 1)}{' each' * (block.times > 1)}"
        details = " · ".join([inside, *self._out(units[-1])])
        strong = [(line, "strong") for line in _wrapped(title, " … ", "… ", self.wide)]
        return strong + [(line, "soft") for line in _wrapped(details, " · ", "", self.wide)]

    def _out(self, unit: Unit) -> list[str]:
        is_output = any(node.index in self._outputs for node in unit.layers)
        return [self.size(unit.last), *(["output"] if is_output else [])]

    @cached_property
    def _outputs(self) -> frozenset[int]:
        return frozenset(self.network.graph.outputs()) - {0}

    def size(self, node: Placed) -> str:
        """The output size of a layer in closed form; a long one by its name in the table."""
        dims = node.output.dims
        texts = {size: "" if len(symbols_of(size)) > SYMBOLS else unicode_text(size) for size in dict.fromkeys(dims)}
        if all(text and (len(text) <= SIZE or size.constant is not None) for size, text in texts.items()):
            return _squared(node.output, texts) or shape_text(node.output)
        layer = self.network.proof.layers[node.index]
        return document.Shape(by_name(layer, dims)).joined(lambda size: unicode_text(size, self._names))

    @cached_property
    def _names(self) -> Names:
        return size_names(self.network.proof)

    def label(self, piece: Unit | Block) -> Label:
        """The space that a box and its text need."""
        cached = self._labels_cache.get(id(piece))
        label = cached[1] if cached else None
        if label is None:
            lines = self.lines(piece)
            width, height = self.box(piece)
            text = max(width_of(line, SMALL) * (BOLD if style == "strong" else 1) for line, style in lines)
            behind = 2 * SHADOW if isinstance(piece, Block) else 0.0
            label = Label(width + behind, text, max(height, LINE * len(lines)))
            self._labels_cache[id(piece)] = piece, label  # the cache keeps the piece, so that its id stays its own
        return label

    @cached_property
    def _labels_cache(self) -> dict[int, tuple[Unit | Block, Label]]:
        return {}

    def box(self, piece: Unit | Block) -> tuple[float, float]:
        """The width of a box for the channels, and its height for the size, both logarithmic, in pixels."""
        last = piece if isinstance(piece, Unit) else list(units_in(piece))[-1]
        shape = last.last.output
        channels = _drawn_as(shape.channels) if shape.dims else 1
        across = max((_drawn_as(size) for size in shape.axes), default=1)
        return min(64.0, 8 + 4 * log2(channels + 1)), min(40.0, 8 + 3.2 * log2(across))

    def title(self, block: Block) -> tuple[str, float]:
        """The title above an open block, and its width in pixels."""
        title = _named(block)
        return title, width_of(title, SMALL) * BOLD


def _squared(shape: Shape, texts: Mapping[Term, str]) -> str:
    """``64 × ⌊(W − 124)/16⌋²`` if two long sizes are equal; else ''."""
    if len(shape.dims) != 3:
        return ""
    first, size, other = shape.dims
    if size is not other or len(texts[size]) <= LONG:
        return ""
    fenced = texts[size] if isinstance(size, FloorDiv) and texts[size][:1] in "⌊⌈" else f"({texts[size]})"
    return f"{texts[first]} × {fenced}²"


def _named(block: Block) -> str:
    times = f"{block.times} ×" if block.times > 1 else ""
    return f"{times} {_name(block.title, block.module[:-1])}".strip()


def _name(name: str, module: tuple[str, ...]) -> str:
    """A layer's name without the modules around it, as long as it then does not begin with a number.

    >>> _name("layer2.0.conv1", ("layer2", "0")), _name("layer2.0.downsample.0", ("layer2", "0", "downsample"))
    ('conv1', 'downsample.0')
    """
    parts = name.split(".")
    depth = len(module) if tuple(parts[: len(module)]) == module and len(parts) > len(module) else 0
    while depth and parts[depth].isdecimal():
        depth -= 1
    return _shortened(one_line(".".join(parts[depth:])))


def _shortened(name: str) -> str:
    """A name, with the middle of a long one left out."""
    return name if len(name) <= NAME else f"{name[: NAME // 2]}…{name[-NAME // 2 + 1 :]}"


def _wrapped(text: str, between: str, begins: str, wide: float) -> list[str]:
    """The text in lines of at most ``wide`` pixels, broken between its parts."""
    lines: list[str] = []
    for part in text.split(between):
        joined = f"{lines[-1]}{between}{part}" if lines else part
        if not lines:
            lines.append(part)
        elif len(joined) <= NAME and width_of(joined, SMALL) <= wide:
            lines[-1] = joined
        else:
            lines.append(f"{begins}{part}")
    return [piece for line in lines for piece in _at_times(line, wide)]


def _at_times(line: str, wide: float) -> Sequence[str]:
    """A line that is still too wide, broken at its multiplication signs."""
    if len(line) <= NAME and width_of(line, SMALL) <= max(WHOLE, wide):
        return [line]
    lines = [""]
    for part in line.replace(" × ", " ×\n").split("\n"):
        if lines[-1] and width_of(f"{lines[-1]} {part}", SMALL) > wide:
            lines.append(part)
        else:
            lines[-1] = f"{lines[-1]} {part}".strip()
    return lines


def _drawn_as(size: Term) -> int:
    if size.constant is not None:
        return max(size.constant, 1)
    symbols = symbols_of(size)
    if len(symbols) > SYMBOLS:
        return DRAWN_AS
    return max(evaluate(size, dict.fromkeys(symbols, DRAWN_AS)), 1)
