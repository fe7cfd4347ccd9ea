"""The kinds of figures: a function for each kind, all of them in :data:`FIGURES`."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import suppress
from html import escape
from typing import TYPE_CHECKING

from symnet.errors import SymnetError
from symnet.network.conditions import asked_together, witness
from symnet.network.substitution import graph_symbols
from symnet.render.figures.axis import FigureError, LettersLeft
from symnet.render.figures.bars import parameter_bars
from symnet.render.figures.canvas import Drawing
from symnet.render.figures.costs import costs
from symnet.render.figures.diagram import network_figure
from symnet.render.figures.fibre import fibre
from symnet.render.figures.inside_blocks import narrow_figure, page_figures, printed_figures
from symnet.render.figures.receptive_field import receptive_field
from symnet.render.figures.roofline import roofline
from symnet.render.figures.staircase import staircase
from symnet.render.figures.transposed import transposed
from symnet.render.figures.windows import WINDOWED, windows
from symnet.solving.contradiction import refuse_if_never_fits

if TYPE_CHECKING:
    from symnet.network.network import Network

__all__ = ["FIGURES", "OF_A_LAYER", "figure", "printed_drawings", "report_figures"]

FIGURES: dict[str, Callable[..., Drawing]] = {
    "network": network_figure,
    "windows": windows,
    "transposed": transposed,
    "fibre": fibre,
    "staircase": staircase,
    "receptive-field": receptive_field,
    "parameters": parameter_bars,
    "costs": costs,
    "roofline": roofline,
}

#: Reports of networks with at most this many layers show windows, of at most this many layers.
SMALL_NETWORK, MOST_WINDOWS = 14, 4

#: A page has a figure of one column besides a wider one, in pixels.
TELEPHONE = 560

#: Kinds of figures of a single layer, which take its number.
OF_A_LAYER = ("windows", "transposed", "fibre")


def figure(network: Network, kind: str = "network", layer: int | str | None = None) -> Drawing:
    """A figure of the network. Raises :class:`symnet.SymnetError` if it cannot be drawn of this network, or its layers fit no sizes
    together.

    >>> from symnet.network.network import Network
    >>> figure(Network.parse("(1*28*28) -> Conv|8|5"), "windows").title
    'The windows of conv1 along W'
    """
    if kind not in FIGURES:
        raise SymnetError(f"unknown figure {kind!r}: use {', '.join(FIGURES)}")
    refuse_if_never_fits(network)
    if layer is not None and kind not in OF_A_LAYER:
        raise SymnetError(f"a figure of the {kind} is of the whole network, not of a layer")
    try:
        return _drawn(network, kind, layer)
    except LettersLeft as refused:
        values = next(_values(network, kind, layer), None)
        raise FigureError(f"{refused} (--at {values})" if values else str(refused)) from None


def _drawn(network: Network, kind: str, layer: int | str | None = None) -> Drawing:
    return FIGURES[kind](network) if layer is None else FIGURES[kind](network, layer)


def _values(network: Network, kind: str, layer: int | str | None) -> Iterator[str]:
    """Yields numbers for the letters with which the figure can be drawn, as ``--at`` takes them."""
    letters = graph_symbols(network.graph)
    tried = [dict.fromkeys(letters, number) for number in (8, 16, 32, 64)]
    tried += [
        {letter: 64 >> (index * step) or 1 for index, letter in enumerate(order)}
        for order in (letters, letters[::-1])
        for step in (1, 2)
    ]
    fitting = witness(asked_together(network.placed))
    for values in [*tried, *([tried[0] | fitting] if fitting else [])]:
        typed = {letter.name: number for letter, number in values.items()}
        with suppress(SymnetError):
            _drawn(network.at(**typed), kind, layer)
            yield ",".join(f"{name}={number}" for name, number in typed.items())


def printed_drawings(network: Network) -> dict[str, list[Drawing]]:
    """The figures of a printed report by the anchor of the heading they follow, with the insides of blocks as figures of their own;
    those that cannot be drawn are left out.
    """
    drawings: dict[str, list[Drawing]] = {}
    with suppress(FigureError):
        drawings[""] = printed_figures(network)
    return drawings | _drawings_of_sections(network)


def _drawings_of_sections(network: Network) -> dict[str, list[Drawing]]:
    """The figures of closed forms and layers by the anchor of the heading they follow."""
    drawings: dict[str, list[Drawing]] = {}
    if network.last.axes:
        with suppress(FigureError):
            drawings[f"closed-form-{network.last.output.axis_names[-1].lower()}"] = [staircase(network)]
    for number, kind in _shown_layers(network):
        with suppress(FigureError):
            drawings.setdefault(f"layer-{number}", []).append(_drawn(network, kind, number))
    return drawings


def _shown_layers(network: Network) -> list[tuple[int, str]]:
    """The layers of a small network whose windows are shown, one of each kind and size, with the kind of figure."""
    if len(network.placed) > SMALL_NETWORK:
        return []
    shown: dict[Hashable, tuple[int, str]] = {}
    for node in network.placed[1:]:
        kind = "transposed" if node.layer and node.layer.kind == "Deconv" else "windows"
        if node.layer and node.layer.kind in ("Deconv", "WindowAttention", *WINDOWED):
            shown.setdefault((node.layer.kind, node.applied.maps), (node.index, kind))
    return list(shown.values())[:MOST_WINDOWS]


def report_figures(network: Network) -> dict[str, str]:
    """The figures of a report as HTML by the anchor of the heading they follow; the insides of blocks unfold below the figure of the
    network.
    """
    drawings = _drawings_of_sections(network)
    html = {anchor: "\n".join(each.element for each in drawn) for anchor, drawn in drawings.items()}
    with suppress(FigureError):
        drawing, insides = page_figures(network)
        unfolding = [
            f"<details><summary>Inside {escape(title)}</summary>\n{inside.element}\n</details>"
            for title, inside in insides
        ]
        below = [f'<div class="insides">\n{"".join(unfolding)}\n</div>'] if unfolding else []
        shown = drawing.element
        if drawing.width > TELEPHONE:
            narrow = narrow_figure(network).element
            shown = f'<div class="wide-screen">\n{shown}\n</div>\n<div class="telephone">\n{narrow}\n</div>'
        html[""] = "\n".join([shown, *below])
    return html
