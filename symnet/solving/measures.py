"""What a question may speak of besides its letters: what one entry of the output sees of the input, how many layers there are, and
the outputs of two layers that are to be equal; in a budget, what is counted.

    receptive_field >= 65     total_stride = 32     field_padding <= 3     layers <= 20     a == b

A receptive field is that of the last tensor with axes, the same bound on every axis: size 1 + Σ D(F − 1)·j, where j is the product
of the strides before the layer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import product

from symnet.errors import LayerError, SymnetError
from symnet.graph import Graph
from symnet.network.propagate import Placed, propagate
from symnet.network.receptive import receptive_fields, unbounded
from symnet.solving.statement import WHERE, Statement, Tensor
from symnet.terms.propositions import Eq, Le, Proposition
from symnet.terms.term import Symbol, Term, integer, substitute, symbols_of

__all__ = ["FIELDS", "QUANTITIES", "ask_measured", "measures"]


def _parameters(tensor: Tensor) -> Iterable[tuple[Term, ...]]:
    return (weight.shape for weight in tensor.applied.weights)


def _trainable(tensor: Tensor) -> Iterable[tuple[Term, ...]]:
    return (weight.shape for weight in tensor.applied.weights if weight.trainable)


def _multiply_adds(tensor: Tensor) -> Iterable[tuple[Term, ...]]:
    return tensor.layer.work(tensor.inputs, tensor.shape) if tensor.layer else ()


def _activations(tensor: Tensor) -> Iterable[tuple[Term, ...]]:
    return (tensor.shape.dims,) if tensor.index else ()


#: What a budget can speak of: the index sets of a layer whose entries are counted.
QUANTITIES: dict[str, Callable[[Tensor], Iterable[tuple[Term, ...]]]] = {
    "parameters": _parameters,
    "trainable": _trainable,
    "multiply_adds": _multiply_adds,
    "activations": _activations,
}

#: What can be said of the receptive field.
FIELDS = ("receptive_field", "total_stride", "field_padding")
LAYERS = "layers"


def measures(graph: Graph, letters: Iterable[str]) -> dict[str, Term]:
    """The names that conditions may use besides the ``letters``, each as the symbol that stands for it."""
    names = [*FIELDS, LAYERS, *_outputs(graph)]
    taken = set(letters)
    return {name: Symbol(name, 0) for name in names if name.isidentifier() and name not in taken}


def _outputs(graph: Graph) -> dict[str, int]:
    """The tensors that have a name: by the layer's, and by the label after it."""
    found = {name: index for index, name in enumerate(graph.names(), start=1)}
    labels = [(graph.input_label, 0), *((node.label, index) for index, node in enumerate(graph.nodes, start=1))]
    return found | {label: index for label, index in labels if label}


def ask_measured(statement: Statement, graph: Graph, told: Proposition, names: Mapping[str, Term]) -> None:
    """Ask what a condition says of the question, with what it speaks of in the place of the names."""
    spoken = [symbol for symbol in symbols_of(told) if names.get(symbol.name) is symbol]
    outputs = _outputs(graph)
    about = [symbol.name for symbol in spoken if symbol.name in outputs]
    if about:
        _ask_equal(statement, told, outputs, about)
        return
    placed = None
    choices: list[tuple[Term, ...]] = []
    for symbol in spoken:
        if symbol.name in FIELDS and placed is None:
            try:
                placed = propagate(graph)
            except LayerError:  # a layer does not fit, whatever the letters are
                statement.ask(Le(integer(1), integer(0)), WHERE)
                return
        choices.append(_measured(statement, symbol.name, placed or ()))
    for chosen in dict.fromkeys(product(*choices)):
        statement.ask(substitute(told, dict(zip(spoken, chosen, strict=True))), WHERE)


def _ask_equal(statement: Statement, told: Proposition, outputs: Mapping[str, int], about: list[str]) -> None:
    """Ask that the outputs of two layers have the same shape."""
    if not isinstance(told, Eq) or len(about) != 2 or not all(isinstance(side, Symbol) for side in told.args):
        raise SymnetError(
            f"{about[0]} is what a layer gives: another layer's can be asked to equal it, as in {about[0]} == …"
        )
    first, second = (statement.tensors[outputs[name]].shape.dims for name in about)
    if len(first) != len(second):
        raise SymnetError(f"{about[0]} has {len(first)} sizes and {about[1]} has {len(second)}: they are never equal")
    for one, other in zip(first, second, strict=True):
        statement.ask(Eq(one, other), WHERE)


def _measured(statement: Statement, name: str, placed: tuple[Placed, ...]) -> tuple[Term, ...]:
    """What a name comes to: one number or term; of a receptive field one for each axis."""
    if name == LAYERS:
        return (integer(len(statement.tensors) - 1),)
    last = max((place.index for place in placed if place.axes), default=0)
    if not placed[last].axes:
        raise SymnetError(f"{name}: no tensor of the network has an axis that windows move along")
    found: dict[Term, None] = {}
    for position, field in enumerate(receptive_fields(placed)[last]):
        if field is None:
            raise SymnetError(f"{name}: no window bounds what one entry sees: {unbounded(placed, last, position)}")
        if field.per.constant != 1 and name != FIELDS[0]:
            raise SymnetError(f"{name}: entries of the output stand closer together than those of the input")
        if name == FIELDS[2] and field.asks and field.exact is None:
            raise SymnetError(f"{name}: how SAME divides its padding depends on the size of the input")
        term = {FIELDS[0]: field.size, FIELDS[1]: field.stride, FIELDS[2]: field.shown_padding}[name]
        found[term] = None
    return tuple(found)
