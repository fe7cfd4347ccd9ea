"""Quantities that a question may bound besides its letters: the receptive field, the number of layers, equality of two
layers' outputs, and the counts in a budget.

    receptive_field >= 65     total_stride = 32     field_padding <= 3     layers <= 20     a == b

The receptive field is that of the last tensor with axes, and the bound applies to every axis: its size is 1 + Σ D(F −
1)·j, where j is the product of the strides before each layer.
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

__all__ = ["FIELDS", "LAYERS", "QUANTITIES", "ask_measured", "measures"]


def _parameters(tensor: Tensor) -> Iterable[tuple[Term, ...]]:
    return (weight.shape for weight in tensor.applied.weights)


def _trainable(tensor: Tensor) -> Iterable[tuple[Term, ...]]:
    return (weight.shape for weight in tensor.applied.weights if weight.trainable)


def _multiply_adds(tensor: Tensor) -> Iterable[tuple[Term, ...]]:
    return tensor.layer.work(tensor.inputs, tensor.shape) if tensor.layer else ()


def _activations(tensor: Tensor) -> Iterable[tuple[Term, ...]]:
    return (tensor.shape.dims,) if tensor.index else ()


#: The quantities of a budget: for each, the index sets of a layer whose entries are counted.
QUANTITIES: dict[str, Callable[[Tensor], Iterable[tuple[Term, ...]]]] = {
    "parameters": _parameters,
    "trainable": _trainable,
    "multiply_adds": _multiply_adds,
    "activations": _activations,
}

#: The quantities of the receptive field.
FIELDS = ("receptive_field", "total_stride", "field_padding")
LAYERS = "layers"


def measures(graph: Graph, letters: Iterable[str]) -> dict[str, Term]:
    """The names that constraints may use besides the ``letters``, each with the symbol that represents it."""
    names = [*FIELDS, LAYERS, *_outputs(graph)]
    taken = set(letters)
    return {name: Symbol(name, 0) for name in names if name.isidentifier() and name not in taken}


def _outputs(graph: Graph) -> dict[str, int]:
    """The index of each tensor that has a name: the layer's name, or the label after it."""
    by_name = {name: index for index, name in enumerate(graph.names(), start=1)}
    labels = [(graph.input_label, 0), *((node.label, index) for index, node in enumerate(graph.nodes, start=1))]
    return by_name | {label: index for label, index in labels if label}


def ask_measured(statement: Statement, graph: Graph, constraint: Proposition, names: Mapping[str, Term]) -> None:
    """Adds a constraint to the statement, with its quantities replaced by the terms they stand for."""
    quantities = [symbol for symbol in symbols_of(constraint) if names.get(symbol.name) is symbol]
    outputs = _outputs(graph)
    named_outputs = [symbol.name for symbol in quantities if symbol.name in outputs]
    if named_outputs:
        _ask_equal(statement, constraint, outputs, named_outputs)
        return
    layers_ = None
    choices: list[tuple[Term, ...]] = []
    for symbol in quantities:
        if symbol.name in FIELDS and layers_ is None:
            try:
                layers_ = propagate(graph)
            except LayerError:  # a layer does not fit, whatever the letters are
                statement.ask(Le(integer(1), integer(0)), WHERE)
                return
        choices.append(_measured(statement, symbol.name, layers_ or ()))
    for chosen in dict.fromkeys(product(*choices)):
        statement.ask(substitute(constraint, dict(zip(quantities, chosen, strict=True))), WHERE)


def _ask_equal(
    statement: Statement, constraint: Proposition, outputs: Mapping[str, int], named_outputs: list[str]
) -> None:
    """Adds the constraint that the outputs of two layers have the same shape."""
    if (
        not isinstance(constraint, Eq)
        or len(named_outputs) != 2
        or not all(isinstance(side, Symbol) for side in constraint.args)
    ):
        raise SymnetError(
            f"{named_outputs[0]} is what a layer gives: another layer's can be asked to equal it, as in {named_outputs[0]} == …"
        )
    first, second = (statement.tensors[outputs[name]].shape.dims for name in named_outputs)
    if len(first) != len(second):
        raise SymnetError(
            f"{named_outputs[0]} has {len(first)} sizes and {named_outputs[1]} has {len(second)}: they are never equal"
        )
    for one, other in zip(first, second, strict=True):
        statement.ask(Eq(one, other), WHERE)


def _measured(statement: Statement, name: str, layers_: tuple[Placed, ...]) -> tuple[Term, ...]:
    """The values of a quantity: one number or term; for the receptive field one for each axis. Raises
    :class:`SymnetError` if the network does not have the quantity.
    """
    if name == LAYERS:
        return (integer(len(statement.tensors) - 1),)
    last = max((place.index for place in layers_ if place.axes), default=0)
    if not layers_[last].axes:
        raise SymnetError(f"{name}: no tensor of the network has an axis that windows move along")
    terms: dict[Term, None] = {}
    for position, field in enumerate(receptive_fields(layers_)[last]):
        if field is None:
            raise SymnetError(f"{name}: no window bounds what one entry sees: {unbounded(layers_, last, position)}")
        if field.per.constant != 1 and name != FIELDS[0]:
            raise SymnetError(f"{name}: entries of the output stand closer together than those of the input")
        if name == FIELDS[2] and field.asks and field.exact is None:
            raise SymnetError(f"{name}: how SAME divides its padding depends on the size of the input")
        term = {FIELDS[0]: field.size, FIELDS[1]: field.stride, FIELDS[2]: field.shown_padding}[name]
        terms[term] = None
    return tuple(terms)
