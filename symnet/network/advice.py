"""Adds to a layer's error what would make the whole network fit: each change is put in, and all sizes are worked out with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from symnet.errors import LayerError, SymnetError
from symnet.graph import Graph
from symnet.layers.laws.padding import EXPLICIT, Padding
from symnet.network.derivation import least_inputs
from symnet.network.joins import conditions_on_closed_forms, members
from symnet.network.promises import promised
from symnet.network.propagate import STRETCHES, Placed, propagate
from symnet.network.repairs import Repair, repairs
from symnet.network.substitution import graph_symbols
from symnet.printing.sets import membership
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.propositions import And, In
from symnet.terms.term import Symbol, Term, integer, symbols_of

__all__ = ["with_advice"]

#: Networks with more layers get no advice, since each change works out all of their sizes.
LAYERS = 500
#: Networks with more layers get no further changes; of the changes that work, this many are reported.
REPAIRED, FIXES = 120, 4
#: Of each of two changes together, this many are tried.
TRIED = 8
#: Stands between two changes that are made together.
_PAIRED = " and "
#: How far from a size that does not fit another one is searched.
FAR = 4096


def with_advice(graph: Graph, refused: LayerError) -> LayerError:
    """The error with changes that make the whole network fit, in place of what would make the one layer fit: other numbers of a
    layer, another input, a Crop where branches meet.
    """
    local, names = refused.fits, graph.names()
    if refused.layer not in names or len(graph.nodes) > LAYERS:
        return refused
    index = names.index(refused.layer)
    asked = refused.condition is not None
    ways = [*_kernels(graph, index), *_paddings(graph, index), *_inputs(graph)] if asked else []
    mended = _mended(graph, index)
    if not ways and not mended:
        mended = list(islice(_pairs(graph, index), FIXES))
    if not ways and mended:
        ways = [mended[0].words.removeprefix("" if _PAIRED in mended[0].words else f"{refused.layer}: ")]
    advice = f"{' or '.join(ways)} would fit" if ways else None
    fixes = [_as_data(repair) for repair in mended]
    message = str(refused)
    if local and (local.startswith(STRETCHES) or (advice is None and "would fit" not in local)):
        advice = local  # the rule is said, and the first change that follows from it
    elif local and f"; {local}" in message:
        message = message.replace(f"; {local}", f"; {advice}" if advice else "", 1)
    elif advice:
        first, *notes = message.split("; ")
        message = "; ".join([first, advice, *notes])
    return LayerError(message, layer=refused.layer, condition=refused.condition, fits=advice, fixes=fixes)


def _mended(graph: Graph, index: int) -> list[Repair]:
    """The changes with which the whole network works, the smallest first."""
    return [repair for repair in _ways(graph, index) if _fits(repair.graph)][:FIXES]


def _ways(graph: Graph, index: int) -> list[Repair]:
    """The changes to try for a layer, the smallest first."""
    if len(graph.nodes) > REPAIRED:
        return []
    try:
        placed = propagate(promised(replace(graph, nodes=graph.nodes[:index], declared=())))
        return sorted(repairs(graph, index, placed), key=lambda repair: repair.cost)
    except SymnetError:  # of the layers before, or of a tensor that no layer of this kind takes
        return []


def _pairs(graph: Graph, index: int) -> Iterator[Repair]:
    """Two changes with which the whole network works: the second is for the layer that refuses after the first one."""
    for first in _ways(graph, index)[:TRIED]:
        later = _refusing(first.graph)
        if later is None or later <= index:
            continue
        for second in _ways(first.graph, later)[:TRIED]:
            if second.words != first.words and _fits(second.graph):
                code = f"{first.notation}\n{second.notation}"
                cost = first.cost + second.cost
                yield Repair(f"{first.words}{_PAIRED}{second.words}", first.kind, cost, second.graph, code)


def _refusing(graph: Graph) -> int | None:
    """The layer that refuses its input, counted from 0; ``None`` if none does."""
    try:
        propagate(promised(graph))
    except LayerError as refused:
        names = graph.names()
        return names.index(refused.layer) if refused.layer in names else None
    return None


def _as_data(repair: Repair) -> dict[str, object]:
    """A change in the form of the doctor's JSON."""
    return {"change": repair.words, "kind": repair.kind, "code": repair.notation, "proven": True, "tried": None}


def _fits(graph: Graph) -> bool:
    try:
        propagate(promised(graph))
    except SymnetError:
        return False
    return True


def _with(graph: Graph, index: int, **values: Any) -> Graph | None:
    """The graph with other values for one layer; ``None`` if the layer refuses them."""
    node = graph.nodes[index]
    try:
        changed = replace(node, layer=replace(node.layer, **values))
    except SymnetError:
        return None
    return replace(graph, nodes=(*graph.nodes[:index], changed, *graph.nodes[index + 1 :]))


def _first(works: Callable[[int], bool], low: int, high: int) -> int | None:
    """The least of low + 1, …, high for which ``works`` holds, if it holds from there on; ``None`` unless it holds at ``high``."""
    if high <= low or not works(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if works(middle) else (middle, high)
    return high


def _kernels(graph: Graph, index: int) -> Iterator[str]:
    """Yields advice for a smaller kernel, if the kernel is given in numbers."""
    layer = graph.nodes[index].layer
    sizes = _numbers(getattr(layer, "kernel", None))
    if not sizes:
        return
    largest = max(sizes)

    def works(less: int) -> bool:
        kernel = tuple(integer(min(size, largest - less)) for size in sizes)
        changed = _with(graph, index, kernel=kernel)
        return changed is not None and _fits(changed)

    less = _first(works, 0, largest - 1)
    if less is not None:
        smaller = largest - less
        yield f"a kernel of at most {smaller}" if smaller == 1 or works(less + 1) else f"a kernel of {smaller}"


def _paddings(graph: Graph, index: int) -> Iterator[str]:
    """Yields advice for more padding, equal on both sides, if the layer's framework has such padding."""
    layer = graph.nodes[index].layer
    padding, sizes = getattr(layer, "padding", None), _numbers(getattr(layer, "kernel", None))
    if not isinstance(padding, Padding) or padding.mode not in (EXPLICIT, "valid") or not sizes:
        return
    amounts = _numbers([amount for pair in padding.pairs for amount in pair]) or [0]
    if len(set(amounts)) != 1:
        return
    dilation = max(_numbers(getattr(layer, "dilation", None)) or [1])
    here = amounts[0]

    def works(amount: int) -> bool:
        changed = _with(graph, index, padding=amount)
        return changed is not None and _fits(changed)

    if layer.kind == "Deconv":  # here padding crops the output
        smaller = next((amount for amount in range(here - 1, max(-1, here - 64), -1) if works(amount)), None)
        if smaller is not None:
            yield f"padding of at most {smaller}" if smaller == 0 or works(smaller - 1) else f"padding of {smaller}"
        return
    end = here + dilation * (max(sizes) - 1) + 1
    enough = next((amount for amount in range(here + 1, min(end, here + 64) + 1) if works(amount)), None)
    if enough is not None:
        yield f"padding of at least {enough}" if works(enough + 1) else f"padding of {enough}"


def _numbers(sizes: Sequence[Term] | None) -> list[int]:
    """The sizes as numbers; empty if one of them is a letter."""
    numbers = [] if sizes is None else [size.constant for size in sizes]
    return [number for number in numbers if number is not None] if None not in numbers else []


def _inputs(graph: Graph) -> Iterator[str]:
    """Yields advice for the nearest input sizes that fit."""
    shape = graph.input
    taken = {symbol.name for symbol in graph_symbols(graph)}
    letters: dict[int, Symbol] = {}
    for index, name in zip(shape.axis_indices, shape.axis_names, strict=True):
        if shape.dims[index].constant is not None:
            while name in taken:
                name += "_in"
            letters[index] = Symbol(name)
    if not letters:
        return
    dims = tuple(letters.get(index, size) for index, size in enumerate(shape.dims))
    try:
        placed = propagate(promised(replace(graph, input=replace(shape, dims=dims))))
    except SymnetError:
        return
    allowed = {index: _allowed(symbol, placed) for index, symbol in letters.items()}
    wrong = [index for index in letters if (shape.dims[index].constant or 0) not in allowed[index]]
    nearest = {index: _nearest(allowed[index], shape.dims[index].constant or 0) for index in wrong}
    chosen = {index: sizes[-1] for index, sizes in nearest.items() if sizes}
    if not wrong or len(chosen) < len(wrong):
        return
    there = tuple(integer(chosen[index]) if index in chosen else size for index, size in enumerate(shape.dims))
    if not _fits(replace(graph, input=replace(shape, dims=there))):
        return
    alike = len({(allowed[index].parts, shape.dims[index]) for index in wrong}) == 1
    if alike and len(wrong) == len(letters):
        yield f"an input of {_sizes_text(letters[wrong[0]], allowed[wrong[0]], nearest[wrong[0]])}"
    else:
        words = [membership(letters[index].name, allowed[index]) for index in wrong]
        yield f"an input with {' and '.join(words)}"


def _allowed(symbol: Symbol, placed: Sequence[Placed]) -> IntegerSet:
    """The sizes of one axis for which every layer is valid, by those conditions that are about this axis alone."""
    allowed = IntegerSet.interval(least_inputs(tuple(placed)).get(symbol, 1), None)
    for node in placed:
        if node.layer is None:
            continue
        for proposition in conditions_on_closed_forms(node.layer, [placed[source] for source in node.sources]):
            if symbols_of(proposition) == [symbol] and (sizes := members(proposition)) is not None:
                allowed = _both(symbol, allowed, sizes)
    return allowed


def _both(symbol: Symbol, one: IntegerSet, other: IntegerSet) -> IntegerSet:
    """The intersection of two sets of sizes; the first one if it cannot be decided."""
    common = members(And(In(symbol, one), In(symbol, other)))
    return one if common is None else common


def _nearest(allowed: IntegerSet, size: int) -> list[int]:
    """The nearest allowed sizes below and above ``size``, as far as there are any."""
    below = next((number for number in range(size - 1, max(0, size - FAR), -1) if number in allowed), None)
    above = next((number for number in range(size + 1, size + FAR) if number in allowed), None)
    return [number for number in (below, above) if number is not None]


def _sizes_text(symbol: Symbol, allowed: IntegerSet, nearest: list[int]) -> str:
    """``at least 239``, or the nearest sizes with the class that they belong to."""
    least = nearest[-1]
    if allowed == IntegerSet.interval(least, None):
        return f"at least {least}"
    return f"{' or '.join(map(str, nearest))} ({membership(symbol.name, allowed)})"
