"""The diagnosis of a model in a file of Keras for other inputs: its layers are worked out for these, and its weights stay those of
the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from symnet.doctor.diagnosis import Diagnosis
from symnet.doctor.findings import Fix
from symnet.doctor.notation import diagnose_graph, links_to, rows_before, with_input
from symnet.doctor.sizes import fits_of, nearest_shapes, sizes_taken
from symnet.errors import ModelError, SymnetError
from symnet.graph import Graph
from symnet.layers.declaration.base import product
from symnet.layers.kinds.dense import Dense
from symnet.network.network import Network
from symnet.network.repairs import with_layer
from symnet.printing.text import unicode_text
from symnet.terms.term import Term, symbols_of

__all__ = ["diagnose_keras_file"]


def diagnose_keras_file(name: str, inputs: Sequence[str]) -> Diagnosis:
    """The diagnosis of the file for these inputs, or for its own."""
    from symnet.frontends.source import input_sizes, load

    own = load(name, compare=False)
    given = [size.constant for size in own.graph.input.dims]
    if not inputs and None in given:
        return diagnose_graph(own.graph, name)
    if not inputs:
        return _for_input(_File(name, own), tuple(size or 0 for size in given))
    if len(inputs) > 1:
        return diagnose_graph(load(name, input=list(inputs), compare=False).graph, name)
    sizes = [size.constant for size in input_sizes(list(inputs))]
    if None in sizes:
        return diagnose_graph(load(name, input=list(inputs), compare=False).graph, name)
    shape = tuple(size or 0 for size in sizes)
    if len(shape) != len(own.graph.input.dims):
        return _of_another_rank(name, own, shape)
    return _for_input(_File(name, own), shape)


class _File:
    """The network of a file for its own input, and for others."""

    def __init__(self, name: str, own: Network) -> None:
        self.name, self.own = name, own
        self.shape = tuple(size.constant for size in own.graph.input.dims)

    def with_its_channels(self, shape: Sequence[int]) -> tuple[int, ...]:
        """The shape with the sizes of the file's input where these are no axes."""
        axes = self.own.graph.input.axis_indices
        return tuple(size if place in axes else self.shape[place] or size for place, size in enumerate(shape))

    def graph(self, shape: Sequence[int | str]) -> Graph:
        """The graph for another input. Its dense layers take as many features as in the file."""
        from symnet.frontends.source import load

        try:
            graph = load(self.name, input=["*".join(map(str, shape))], compare=False).graph
        except ModelError:  # the layers before the one that refuses its input are the same
            graph = with_input(self.own.graph, shape)
        if len(graph.nodes) != len(self.own.graph.nodes):
            return graph
        for index, placed in enumerate(self.own.placed[1:]):
            layer = graph.nodes[index].layer
            if isinstance(layer, Dense) and isinstance(placed.layer, Dense) and layer.inputs is None:
                (taken,) = placed.inputs
                features = product(*taken.dims) if layer.flattens(taken) else taken.dims[-1]
                if features.constant is not None:
                    graph = with_layer(graph, index, inputs=features) or graph
        return graph

    def other_weights(self, network: Network) -> int | None:
        """The first layer whose number of weights is not that of the file, counted from 0; ``None`` if there is none."""
        for number, (one, two) in enumerate(zip(network.placed[1:], self.own.placed[1:], strict=False)):
            if one.applied.parameters is not two.applied.parameters and not symbols_of(two.applied.parameters):
                return number
        return None

    def network(self, shape: Sequence[int | str]) -> Network:
        """The network for another input. Raises :class:`ModelError` if it needs other weights than the file has."""
        network = Network.of(self.graph(shape))
        if self.other_weights(network) is not None:
            raise ModelError("it has weights of other sizes")
        return network


def _for_input(file: _File, shape: tuple[int, ...]) -> Diagnosis:
    graph = file.graph(shape)
    found = diagnose_graph(graph, file.name)
    own, fitting = file.own.graph.input, file.with_its_channels(shape)
    taken = sizes_taken(fitting, dict(zip(own.axis_indices, own.axis_names, strict=True)), file.network)
    fits = {one.letters[0]: one.words for one in taken}
    shapes = dict(nearest_shapes(fitting, taken))
    if fitting != shape and not shapes:
        shapes[fitting] = ""
    if None not in file.shape:
        shapes.setdefault(tuple(size or 0 for size in file.shape), "that of the file")
    fixes = tuple(_input(other, note) for other, note in shapes.items() if other != shape and _works(file, other))
    if not found.ok:
        return replace(_about_weights(graph, found), fits=fits, fixes=fixes, notes=())
    network = Network.of(graph)
    number = file.other_weights(network)
    if number is None:
        return replace(found, fits=fits_of(taken))
    node, (taken_there, *_) = graph.nodes[number], network.placed[number + 1].inputs
    (taken_before, *_) = file.own.placed[number + 1].inputs
    layer = graph.names()[number]
    before, there = (_shown(one.dims) for one in (taken_before, taken_there))
    why = f"{layer} has weights for {before} in the file and gets {there}"
    pairs = [
        f"{unicode_text(b)} = {unicode_text(a)}"
        for a, b in zip(taken_before.dims, taken_there.dims, strict=False)
        if a is not b
    ]
    return Diagnosis(
        file.name, False, (shape,), layer, None, node.layer.notation, why, ", ".join(pairs) or None, rows_before(graph, number),
        links_to(graph, number, node.sources), fixes, fits,
    )  # fmt: skip


def _about_weights(graph: Graph, found: Diagnosis) -> Diagnosis:
    """The diagnosis with the features for which a dense layer has weights in the file."""
    names = graph.names()
    layer = graph.nodes[names.index(found.layer)].layer if found.layer in names else None
    features, equal, weights = (found.condition or "").partition(" = ")
    if not isinstance(layer, Dense) or not equal:
        return found
    return replace(
        found, line="", why=f"{found.layer} has weights for {weights} features in the file and gets {features}"
    )


def _shown(dims: Sequence[Term]) -> str:
    return " × ".join(map(unicode_text, dims))


def _works(file: _File, shape: tuple[int, ...]) -> bool:
    try:
        file.network(shape).proof.stated  # noqa: B018  # the layers are worked out here
    except SymnetError:
        return False
    return True


def _input(shape: tuple[int, ...], note: str) -> Fix:
    words = f"an input of {' × '.join(map(str, shape))}"
    return Fix(words, "input", f"--input {'*'.join(map(str, shape))}", "", True, None, (), note)


def _of_another_rank(name: str, own: Network, shape: tuple[int, ...]) -> Diagnosis:
    dims = own.graph.input.dims
    there, asked = " × ".join(map(str, shape)), _shown(dims)
    why = f"the model takes {len(dims)} sizes besides the batch, {asked}, and gets {len(shape)}: {there}"
    file = tuple(size.constant for size in dims)
    fixes = [_input(tuple(size or 0 for size in file), "that of the file")] if None not in file else []
    if len(shape) == len(dims) + 1 and shape[1:] != file and len(shape) > 1:
        with_file = _File(name, own)
        if _works(with_file, shape[1:]):
            fixes.insert(0, _input(shape[1:], "the batch left out, which symnet adds by itself"))
    return Diagnosis(name, False, (shape,), "the input", None, "", why, None, fixes=tuple(fixes))
