"""What would make a network fit that does not: each change was put in, and the whole network worked out with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from symnet.errors import LayerError, SymnetError
from symnet.graph import Graph
from symnet.layers.laws.padding import EXPLICIT, Padding
from symnet.network.derivation import least_inputs
from symnet.network.joins import asked, members
from symnet.network.promises import promised
from symnet.network.propagate import Placed, propagate
from symnet.network.putting import graph_symbols
from symnet.network.repairs import Repair, repairs
from symnet.printing.sets import membership
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.propositions import And, In
from symnet.terms.term import Symbol, Term, integer, symbols_of

__all__ = ["with_advice"]

#: Networks with more layers are not worked out again and again.
LAYERS = 500
#: In networks with more layers no other changes are tried, and of those that work so many are told.
REPAIRED, FIXES = 120, 4
#: So far from the size that does not fit another one is looked for.
FAR = 4096


def with_advice(graph: Graph, refused: LayerError) -> LayerError:
    """The error with what would make the whole network fit, in the place of what would make the one layer fit, and with changes
    that do: other numbers of a layer, a Crop where branches meet."""
    local, names = refused.fits, graph.names()
    if refused.layer not in names or len(graph.nodes) > LAYERS:
        return refused
    place = names.index(refused.layer)
    asked = refused.condition is not None
    ways = [*_kernels(graph, place), *_paddings(graph, place), *_inputs(graph)] if asked else []
    mended = _mended(graph, place)
    if not ways and mended:
        ways = [mended[0].words.removeprefix(f"{refused.layer}: ")]
    found = f"{' or '.join(ways)} would fit" if ways else None
    fixes = [_as_data(repair) for repair in mended]
    message = str(refused)
    if found is None and (local is None or "would fit" not in local):
        found = local
    elif local and f"; {local}" in message:
        message = message.replace(f"; {local}", f"; {found}" if found else "", 1)
    elif found:
        first, *notes = message.split("; ")
        message = "; ".join([first, found, *notes])
    return LayerError(message, layer=refused.layer, condition=refused.condition, fits=found, fixes=fixes)


def _mended(graph: Graph, place: int) -> list[Repair]:
    """The changes with which the whole network works, least change first."""
    if len(graph.nodes) > REPAIRED:
        return []
    try:
        placed = propagate(promised(replace(graph, nodes=graph.nodes[:place], declared=())))
    except SymnetError:
        return []
    ways = sorted(repairs(graph, place, placed), key=lambda repair: repair.cost)
    return [repair for repair in ways if _fits(repair.graph)][:FIXES]


def _as_data(repair: Repair) -> dict[str, object]:
    """A change as the doctor's JSON has it."""
    return {"change": repair.words, "kind": repair.kind, "code": repair.notation, "proven": True, "tried": None}


def _fits(graph: Graph) -> bool:
    try:
        propagate(promised(graph))
    except SymnetError:
        return False
    return True


def _with(graph: Graph, place: int, **values: Any) -> Graph | None:
    """The graph with other values for one layer; ``None`` where there is no such layer."""
    node = graph.nodes[place]
    try:
        changed = replace(node, layer=replace(node.layer, **values))
    except SymnetError:
        return None
    return replace(graph, nodes=(*graph.nodes[:place], changed, *graph.nodes[place + 1 :]))


def _first(works: Callable[[int], bool], low: int, high: int) -> int | None:
    """The first of low + 1, …, high from which it works, which it must at ``high``."""
    if high <= low or not works(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if works(middle) else (middle, high)
    return high


def _kernels(graph: Graph, place: int) -> Iterator[str]:
    """A smaller kernel, of a layer whose kernel is numbers."""
    layer = graph.nodes[place].layer
    sizes = _numbers(getattr(layer, "kernel", None))
    if not sizes:
        return
    largest = max(sizes)

    def works(less: int) -> bool:
        kernel = tuple(integer(min(size, largest - less)) for size in sizes)
        changed = _with(graph, place, kernel=kernel)
        return changed is not None and _fits(changed)

    less = _first(works, 0, largest - 1)
    if less is not None:
        smaller = largest - less
        yield f"a kernel of at most {smaller}" if smaller == 1 or works(less + 1) else f"a kernel of {smaller}"


def _paddings(graph: Graph, place: int) -> Iterator[str]:
    """More padding, the same before and after, where the layer's framework can say it."""
    layer = graph.nodes[place].layer
    padding, sizes = getattr(layer, "padding", None), _numbers(getattr(layer, "kernel", None))
    if not isinstance(padding, Padding) or padding.mode not in (EXPLICIT, "valid") or not sizes:
        return
    amounts = _numbers([amount for pair in padding.pairs for amount in pair]) or [0]
    if len(set(amounts)) != 1:
        return
    dilation = max(_numbers(getattr(layer, "dilation", None)) or [1])
    here = amounts[0]

    def works(amount: int) -> bool:
        changed = _with(graph, place, padding=amount)
        return changed is not None and _fits(changed)

    if layer.kind == "Deconv":  # its padding takes away from what comes out
        smaller = next((amount for amount in range(here - 1, max(-1, here - 64), -1) if works(amount)), None)
        if smaller is not None:
            yield f"padding of at most {smaller}" if smaller == 0 or works(smaller - 1) else f"padding of {smaller}"
        return
    end = here + dilation * (max(sizes) - 1) + 1
    found = next((amount for amount in range(here + 1, min(end, here + 64) + 1) if works(amount)), None)
    if found is not None:
        yield f"padding of at least {found}" if works(found + 1) else f"padding of {found}"


def _numbers(sizes: Sequence[Term] | None) -> list[int]:
    """Sizes as numbers, or none where one of them is a letter."""
    found = [] if sizes is None else [size.constant for size in sizes]
    return [number for number in found if number is not None] if None not in found else []


def _inputs(graph: Graph) -> Iterator[str]:
    """Another input: the sizes nearest to those that there are."""
    shape = graph.input
    taken = {symbol.name for symbol in graph_symbols(graph)}
    letters: dict[int, Symbol] = {}
    for place, name in zip(shape.axis_indices, shape.axis_names, strict=True):
        if shape.dims[place].constant is not None:
            while name in taken:
                name += "_in"
            letters[place] = Symbol(name)
    if not letters:
        return
    dims = tuple(letters.get(place, size) for place, size in enumerate(shape.dims))
    try:
        placed = propagate(promised(replace(graph, input=replace(shape, dims=dims))))
    except SymnetError:
        return
    known = {place: _allowed(symbol, placed) for place, symbol in letters.items()}
    wrong = [place for place in letters if (shape.dims[place].constant or 0) not in known[place]]
    nearest = {place: _nearest(known[place], shape.dims[place].constant or 0) for place in wrong}
    chosen = {place: found[-1] for place, found in nearest.items() if found}
    if not wrong or len(chosen) < len(wrong):
        return
    there = tuple(integer(chosen[place]) if place in chosen else size for place, size in enumerate(shape.dims))
    if not _fits(replace(graph, input=replace(shape, dims=there))):
        return
    alike = len({(known[place].parts, shape.dims[place]) for place in wrong}) == 1
    if alike and len(wrong) == len(letters):
        yield f"an input of {_said(letters[wrong[0]], known[wrong[0]], nearest[wrong[0]])}"
    else:
        words = [membership(letters[place].name, known[place]) for place in wrong]
        yield f"an input with {' and '.join(words)}"


def _allowed(symbol: Symbol, placed: Sequence[Placed]) -> IntegerSet:
    """For which sizes of one axis every layer is valid, as far as they are asked of this axis alone."""
    found = IntegerSet.interval(least_inputs(tuple(placed)).get(symbol, 1), None)
    for place in placed:
        if place.layer is None:
            continue
        for proposition in asked(place.layer, [placed[source] for source in place.sources]):
            if symbols_of(proposition) == [symbol] and (sizes := members(proposition)) is not None:
                found = _both(symbol, found, sizes)
    return found


def _both(symbol: Symbol, one: IntegerSet, other: IntegerSet) -> IntegerSet:
    found = members(And(In(symbol, one), In(symbol, other)))
    return one if found is None else found


def _nearest(allowed: IntegerSet, size: int) -> list[int]:
    """The next allowed sizes below and above, as far as there are any."""
    below = next((number for number in range(size - 1, max(0, size - FAR), -1) if number in allowed), None)
    above = next((number for number in range(size + 1, size + FAR) if number in allowed), None)
    return [number for number in (below, above) if number is not None]


def _said(symbol: Symbol, allowed: IntegerSet, nearest: list[int]) -> str:
    """``at least 239``, or the next sizes of a class, and which class it is."""
    least = nearest[-1]
    if allowed == IntegerSet.interval(least, None):
        return f"at least {least}"
    return f"{' or '.join(map(str, nearest))} ({membership(symbol.name, allowed)})"
