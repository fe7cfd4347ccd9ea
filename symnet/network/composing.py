"""Layers in sequence as one function of the input size: its closed form, with its theorem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from symnet.errors import LayerError
from symnet.kernel.theorem import Theorem
from symnet.layers.declaration.base import Layer
from symnet.layers.declaration.formula import Formula
from symnet.network.listed import listed_graph
from symnet.network.network import Network
from symnet.terms.term import Symbol, Term, integer, substitute

__all__ = ["compose"]


@dataclass(frozen=True)
class _Composed:
    """One axis of a network as a function: the output size for an input size."""

    title: str
    network: Network
    hole: Symbol
    position: int

    def __call__(self) -> Theorem:
        """hypotheses ⊢ size by definition = closed form."""
        return self.network.sizes.closed(self.position)

    def formula(self, size: Term) -> Term:
        """The output size."""
        size_after = substitute(list(self.network.closed_terms.values())[self.position], {self.hole: size})
        return size_after if size_after.constant is None else integer(size_after.constant)

    def prove(self, size: Term) -> Theorem:
        """hypotheses ⊢ size by definition = closed form, for this input size."""
        at: Network = self.network.at({self.hole.name: size})
        proven = at.sizes.axes[at.last.index][self.position]
        return at.sizes.closed(self.position) if proven is None or size.constant is None else proven.size

    def at(self, chosen: Mapping[Any, Any]) -> Formula:
        """The closed form with terms substituted for letters of the layers, which are given by name."""
        network: Network = self.network.at(chosen)
        rule = replace(self, network=network)
        return Formula(rule.formula(rule.hole), rule, network.letters)

    def check(self, size: Term) -> None:
        """Raises :class:`symnet.LayerError` for a number that a layer does not take."""
        if size.constant is not None:
            self.network.at({self.hole.name: size})


def compose(*layers: Any) -> Any:
    """The size of an axis after ``layers``, in order: a closed form in W that can be called, with its theorem. If the axes differ,
    one for each axis.

    Raises :class:`symnet.LayerError` if a layer does not fit, or no axis is left.

    >>> from symnet.layers.kinds.convolution import Conv
    >>> from symnet.layers.kinds.pooling import MaxPool
    >>> both = compose(Conv(32, 5), MaxPool(2))
    >>> both, both(28)
    ((W - 4)//2, 12)
    >>> both.theorem.conclusion
    <Eq windows(windows(W + 2*0, 5, 1, 1) + 2*0, 2, 1, 2) == (W - 4)//2>
    """
    if len(layers) == 1 and isinstance(layers[0], tuple | list):
        layers = tuple(layers[0])
    first = next((one for one in layers if isinstance(one, Layer)), None)
    if first is None:
        raise LayerError("compose takes layers, as in compose(Conv(32, 5), MaxPool(2))")
    shape = first.general_shape
    taken = {symbol.name for one in layers if isinstance(one, Layer) for symbol in one.symbols}
    free: dict[Term, Term] = {size: Symbol(_free(size, taken)) for size in shape.dims if isinstance(size, Symbol)}
    described = listed_graph(tuple(substitute(size, free) for size in shape.dims), layers, layout=shape.layout)
    network = Network.of(described.graph, letters=described.letters)
    axes = network.placed[-1].axes
    title = " -> ".join(one.notation for one in layers if isinstance(one, Layer))
    if not axes:
        raise LayerError(f"{title} leaves no axis: its output is {network.output!r}")
    rules = [
        _Composed(title, network, axis.form.base, position)  # type: ignore[arg-type]
        for position, axis in enumerate(axes)
    ]
    formulas = tuple(Formula(rule.formula(rule.hole), rule, described.letters) for rule in rules)
    return formulas[0] if all(one.term is formulas[0].term for one in formulas) else formulas


def _free(size: Symbol, taken: set[str]) -> str:
    name = size.name
    while name in taken:
        name += "_in"
    return name
