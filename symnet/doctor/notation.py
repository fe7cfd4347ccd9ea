"""The doctor for notation and for networks read from files: the network is propagated layer by layer, and so is each candidate
change.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod

from symnet.doctor.changes import Change, mending
from symnet.doctor.diagnosis import Diagnosis
from symnet.doctor.findings import Fix, Link, Row, Sizes
from symnet.doctor.formulas import formula_of_size
from symnet.doctor.sizes import Taken, fits_of, nearest_shapes, sizes_taken
from symnet.errors import LayerError
from symnet.graph import Graph
from symnet.network.domain import domain
from symnet.network.network import Network
from symnet.network.promises import promised
from symnet.network.propagate import Placed, propagate
from symnet.network.repairs import repairs, towards
from symnet.network.substitution import graph_symbols
from symnet.notation.writer import write_network
from symnet.printing.text import unicode_text
from symnet.solving.contradiction import refuse_if_never_fits
from symnet.terms.term import Symbol, Term, integer, substitute

__all__ = ["diagnose_graph", "diagnose_notation", "links_to", "rows_before", "with_input"]

#: The largest number of steps in a chain.
LINKS = 8

#: Networks with more layers are not propagated repeatedly.
LAYERS = 600


@dataclass
class _Outcome:
    """The result of propagating a network: to its end, to the layer that refuses, or with an output that misses the
    target.
    """

    graph: Graph
    refused: LayerError | None
    reached: int
    missed: str | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing breaks."""
        return self.refused is None and self.missed is None

    @property
    def wrong(self) -> str:
        """The condition that fails."""
        return self.missed or str(self.refused and self.refused.condition)

    @property
    def effect(self) -> None:
        """Not known."""
        return None


Target = tuple[Term | None, ...] | None


def diagnose_notation(text: str, at: Mapping[str, int] | None = None) -> Diagnosis:
    """The diagnosis of a network in notation, with numbers ``at`` for its letters. A question with a target also
    breaks if the output misses the target.
    """
    from symnet.frontends.source import question_reader
    from symnet.network.at_numbers import question_at
    from symnet.notation.parse import parse_question

    question = question_at(parse_question(text, load=question_reader(text)), at or {})
    target = question.target
    title = " ".join(text.split())
    title = title if len(title) <= 60 else "the network"
    return diagnose_graph(question.graph, title, target if isinstance(target, tuple) else None)


def diagnose_graph(graph: Graph, title: str, target: Target = None) -> Diagnosis:
    """The diagnosis of the network of a graph."""
    outcome = _worked_out(graph, target)
    if outcome.ok:
        return _well(graph, title)
    place = outcome.reached
    taken = list(_taken(graph))
    inputs = (_sizes(graph.input.dims),)
    fits = {one.letters[0]: one.words for one in taken}
    fixes = _fixes(outcome, target, taken) if len(graph.nodes) <= LAYERS else ()
    notes = () if fixes else ("No change that symnet tries mends it, nor do two or three together.",)
    if outcome.refused is None:
        rows = rows_before(graph, place)
        name = graph.names()[place] if place < len(graph.nodes) else rows[-1].name if rows else "input"
        sources = graph.nodes[place].sources if place < len(graph.nodes) else (graph.first_output,)
        return Diagnosis(
            title, False, inputs, name, None, "", outcome.missed or "", None, rows,
            links_to(graph, place, sources), fixes, fits, notes
        )  # fmt: skip
    refused = outcome.refused
    why = _why(refused)
    sources = graph.nodes[place].sources if place < len(graph.nodes) else ()
    layer = graph.nodes[place].layer if place < len(graph.nodes) else None
    return Diagnosis(
        title, False, inputs, refused.layer, None, "" if layer is None else layer.notation, why, refused.condition,
        rows_before(graph, place), links_to(graph, place, sources), fixes, fits, notes,
    )  # fmt: skip


def _why(refused: LayerError) -> str:
    """The message of the error without the proven proposals, which are shown separately."""
    words = str(refused)
    if refused.fits:
        words = words.replace(f"; {refused.fits}", "")
    return words.partition("): ")[2] or words


def _worked_out(graph: Graph, target: Target) -> _Outcome:
    names = graph.names()
    try:
        placed = propagate(promised(graph))
    except LayerError as refused:
        place = names.index(refused.layer) if refused.layer in names else 0
        return _Outcome(graph, refused, place)
    if target is not None:
        there = placed[graph.first_output].output.dims
        same = len(there) == len(target) and all(
            asked is None or asked is size or asked.constant == size.constant is not None
            for asked, size in zip(target, there, strict=True)
        )
        if not same:
            wanted = " × ".join("_" if size is None else unicode_text(size) for size in target)
            given = " × ".join(map(unicode_text, there))
            return _Outcome(graph, None, len(graph.nodes), f"the network gives {given}, and {wanted} is asked for")
    never = _never_fits(graph)
    if never is not None:
        fitting = (
            bisect(range(len(graph.nodes)), False, key=lambda end: _never_fits(_start(graph, end)) is not None) - 1
        )
        return _Outcome(graph, None, fitting, _never_fits(_start(graph, fitting + 1)) or never)
    return _Outcome(graph, None, len(graph.nodes) + 1)


def _start(graph: Graph, end: int) -> Graph:
    """The first layers of a graph, as many as ``end``."""
    return replace(graph, nodes=graph.nodes[:end], declared=())


def _never_fits(graph: Graph) -> str | None:
    """Why no values of the letters satisfy the conditions of all layers; ``None`` if some do, or if there are no letters."""
    if not graph_symbols(graph):
        return None
    try:
        refuse_if_never_fits(Network.of(graph))
    except LayerError as never:
        return str(never)
    return None


def _before(graph: Graph, place: int) -> Sequence[Placed]:
    """The tensors before the layer ``place``."""
    return propagate(promised(_start(graph, place)))


def _sizes(dims: Sequence[Term]) -> Sizes:
    return tuple(size.constant if size.constant is not None else unicode_text(size) for size in dims)


def rows_before(graph: Graph, place: int) -> tuple[Row, ...]:
    """The layers before the layer ``place``, each with its formula."""
    from symnet.render.table import size_equation

    network = Network.of(_start(graph, place))
    found = []
    for layer in network.proof.layers[1:]:
        words: list[str] = []
        for axis, map_ in zip(layer.axes, layer.placed.applied.maps, strict=False):
            equation = size_equation(axis, network.proof.repeated) if axis is not None and map_ is not None else None
            if equation is not None:
                words.append(formula_of_size(equation.conclusion))
        here = layer.placed
        notation = "" if here.layer is None else here.layer.notation
        formula = ", ".join(dict.fromkeys(filter(None, words)))
        kind = "" if here.layer is None else here.layer.kind
        found.append(Row(here.name, kind, (_sizes(here.output.dims),), formula, "", notation))
    return tuple(found)


def links_to(graph: Graph, place: int, sources: Sequence[int]) -> tuple[Link, ...]:
    """The origin of the sizes that a layer reads: the formulas of the earlier layers that set them, back to the input."""
    network = Network.of(_start(graph, place))
    found: dict[Link, None] = {}
    for source in sources:
        start = source
        for link, before in _flattened(network, source):
            found[link], start = None, before
        for axis in range(len(network.placed[start].output.axes)):
            found.update(dict.fromkeys(_links(network, start, axis)))
    return tuple(found)[:LINKS]


def _flattened(network: Network, source: int) -> Iterator[tuple[Link, int]]:
    """The links for a flattened size, each with the index of the tensor whose sizes it multiplies."""
    place = network.placed[source]
    while place.sources and not place.axes and len(place.output.dims) == 1:
        before = place.inputs[0].dims
        if len(before) > 1 and None not in [size.constant for size in (*before, *place.output.dims)]:
            if prod(size.constant or 0 for size in before) == place.output.dims[0].constant:
                words = "·".join(map(unicode_text, before))
                yield Link(unicode_text(place.output.dims[0]), place.name, words, ""), place.sources[0]
            return
        place = network.placed[place.sources[0]]


def _links(network: Network, source: int, axis: int) -> Iterator[Link]:
    """The origin of the size of one axis of a tensor."""
    from symnet.render.table import size_equation

    while source:
        layer = network.proof.layers[source]
        place = layer.placed
        if axis >= len(place.axes):
            return
        size, origin = place.axes[axis].size, place.origins[axis] if axis < len(place.origins) else None
        proof = layer.axes[axis] if axis < len(layer.axes) else None
        map_ = place.applied.maps[axis] if axis < len(place.applied.maps) else None
        equation = size_equation(proof, network.proof.repeated) if proof is not None and map_ is not None else None
        if equation is not None:
            if words := formula_of_size(equation.conclusion):
                yield Link(unicode_text(size), place.name, words, "")
        elif origin is None:
            yield Link(unicode_text(size), place.name, "", "")
        if origin is None:
            return
        source, axis = place.sources[origin[0]], origin[1]
    axes = network.placed[0].output.axes
    if axis < len(axes):
        yield Link(unicode_text(axes[axis]), "the input", "", "")


def _well(graph: Graph, title: str) -> Diagnosis:
    rows = rows_before(graph, len(graph.nodes))
    fits = fits_of(list(_taken(graph)))
    network = Network.of(graph)
    notes = [f"It gives {' × '.join(map(str, _sizes(network.placed[graph.first_output].output.dims)))}."]
    in_letters = [substitute(each, network.proof.forms) for each in network.proof.of_letters]
    assumed = () if fits else domain(in_letters, promises=network.proof.promises).propositions
    if assumed:
        notes.append(f"It is so for {' and '.join(map(unicode_text, assumed))}.")
    return Diagnosis(title, True, (_sizes(graph.input.dims),), rows=rows, fits=fits, notes=tuple(notes))


def _taken(graph: Graph) -> Iterator[Taken]:
    """The input sizes that the network accepts, if its input consists of numbers."""
    shape = graph.input
    numbers = [size.constant for size in shape.dims]
    if None in numbers or len(graph.nodes) > LAYERS:
        return
    axes = dict(zip(shape.axis_indices, shape.axis_names, strict=True))

    def works(sizes: tuple[int | str, ...]) -> Network:
        return Network.of(with_input(graph, sizes))

    yield from sizes_taken(tuple(number or 0 for number in numbers), axes, works)


def with_input(graph: Graph, sizes: Sequence[int | str]) -> Graph:
    """The graph for an input of other sizes; text is a letter."""
    dims = tuple(integer(size) if isinstance(size, int) else Symbol(size) for size in sizes)
    return replace(graph, input=replace(graph.input, dims=dims))


def _fixes(start: _Outcome, target: Target, taken: Sequence[Taken]) -> tuple[Fix, ...]:
    def propose(outcome: _Outcome, so_far: tuple[Change, ...]) -> Iterable[Change]:
        graph, place = outcome.graph, min(outcome.reached, len(outcome.graph.nodes) - 1)
        if outcome.refused is None and graph.nodes and target is not None:
            ways = towards(graph, propagate(promised(graph)), target)
        else:
            ways = repairs(graph, place, _before(graph, place)) if graph.nodes else iter(())
        found = [Change(one.words, one.kind, one.cost, graph=one.graph, code=one.notation) for one in ways]
        return [*found, *(() if so_far else _other_inputs(graph, taken))]

    def run(together: tuple[Change, ...]) -> _Outcome | None:
        graph = together[-1].graph
        return _worked_out(graph, target) if isinstance(graph, Graph) else None

    fixes = []
    for together in mending(start, run, propose):
        proven = Network.of(together[-1].graph) if isinstance(together[-1].graph, Graph) else None
        kinds = [change.kind for change in together]
        whole = write_network(proven.graph) if proven is not None else ""
        code = "\n".join({change.words.partition(":")[0]: change.code for change in together if change.code}.values())
        fixes.append(
            Fix(
                " and ".join(change.words for change in together), kinds[0], whole if "layer" in kinds else code, "",
                proven is not None, None, tuple(change.words for change in together) if len(together) > 1 else (),
                "; ".join(dict.fromkeys(change.note for change in together if change.note)),
            )
        )  # fmt: skip
    return tuple(fixes)


def _other_inputs(graph: Graph, taken: Sequence[Taken]) -> Iterator[Change]:
    sizes = tuple(size.constant or 0 for size in graph.input.dims)
    for rank, (shape, note) in enumerate(nearest_shapes(sizes, taken)):
        words = f"an input of {' × '.join(map(str, shape))}"
        made = with_input(graph, shape)
        yield Change(words, "input", 2.2 + 0.1 * rank, graph=made, code="*".join(map(str, shape)), note=note)
