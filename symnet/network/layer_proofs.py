"""The theorems about one layer: its sizes, and its numbers of parameters and multiply-adds, which are counted when they are first
asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from symnet.errors import KernelError, LayerError
from symnet.kernel.theorem import Theorem
from symnet.layers.laws.counting import total, total_of_sets
from symnet.network.axes import AxisProof
from symnet.network.costs import parameter_sets, work_sets
from symnet.network.proof import FormStep
from symnet.network.propagate import Placed
from symnet.printing.text import unicode_text
from symnet.terms.term import Symbol, Term

__all__ = ["LayerProof", "layer_proofs", "out_of_reach", "prove_activations"]

#: The shapes of arrays whose entries are counted together.
Sets = tuple[tuple[Term, ...], ...]

#: For a size that is no number: its definition, and the theorem that it equals its closed form, if that is short.
Definitions = dict[Term, tuple[Term, Theorem | None]]


@dataclass
class _Counts:
    """What the counts of all layers share. With ``expand`` closed forms are put in the place of sizes."""

    placed: tuple[Placed, ...]
    axes: tuple[tuple[AxisProof | None, ...], ...]
    expand: bool
    #: layers with the same weights are counted once
    of_weights: dict[tuple[Sets, Term | None], tuple[Theorem, ...]] = field(default_factory=dict)

    def around(self, node: Placed) -> dict[Term, FormStep]:
        """The steps that define the sizes of a layer's output and inputs."""
        return self._defining([node, *(self.placed[source] for source in node.sources)])

    @cached_property
    def everywhere(self) -> Definitions:
        """The definition of every size of the network."""
        return self._definitions(self._defining(reversed(self.placed)))  # the first definition of a size counts

    def _defining(self, nodes: Iterable[Placed]) -> dict[Term, FormStep]:
        return {
            axis.size: proof.shown
            for node in nodes
            for axis, proof in zip(node.axes, self.axes[node.index], strict=True)
            if axis.size.constant is None and proof is not None and proof.shown.size is not axis.size
        }

    def _definitions(self, steps: dict[Term, FormStep]) -> Definitions:
        return {size: (step.size, step.closed if self.expand else None) for size, step in steps.items()}

    def total(self, node: Placed, sets: Sets, textbook: Term | None = None) -> tuple[Theorem, ...]:
        """The count of each set, their sum and its value. Raises :class:`symnet.LayerError` where a size may be negative."""
        try:
            return total_of_sets(sets, self._definitions(self.around(node)), textbook, lambda: self.everywhere)
        except KernelError:
            raise LayerError(out_of_reach(node)) from None

    def parameters(self, node: Placed) -> tuple[Theorem, ...]:
        key = parameter_sets(node), node.applied.parameters
        if any(size.constant is None and not isinstance(size, Symbol) for shape in key[0] for size in shape):
            return self.total(node, *key)  # the definition of a size depends on the layer
        if key not in self.of_weights:
            self.of_weights[key] = self.total(node, *key)
        return self.of_weights[key]


@dataclass(frozen=True)
class LayerProof:
    """The theorems about one layer. ``parameters`` and ``work`` have the count of each set, then their sum, then its value."""

    placed: Placed
    axes: tuple[AxisProof | None, ...]
    _counts: _Counts = field(repr=False, compare=False)

    @cached_property
    def parameters(self) -> tuple[Theorem, ...]:
        """The numbers of entries of the layer's weights."""
        return self._counts.parameters(self.placed)

    @cached_property
    def work(self) -> tuple[Theorem, ...]:
        """The numbers of multiply-adds."""
        return self._counts.total(self.placed, work_sets(self.placed))

    def trained(self, trainable: bool) -> list[Theorem]:
        """The counts of the weights that are trained, or of those that are not."""
        weights = self.placed.applied.weights
        return [count for weight, count in zip(weights, self.parameters, strict=False) if weight.trainable is trainable]

    @cached_property
    def sizes(self) -> tuple[Theorem, ...]:
        """⊢ size = number or closed form, and ⊢ size = closed form, for each axis."""
        return tuple(theorem for axis in self.axes if axis is not None for theorem in (axis.size, axis.form.closed))

    @property
    def steps(self) -> tuple[Theorem, ...]:
        """⊢ size = number or closed form, and ⊢ size = closed form, for each axis, with zeros and ones: :attr:`sizes` in plain form."""
        axes = [axis for axis in self.axes if axis is not None]
        return tuple(
            theorem
            for axis in axes
            for theorem in (axis.number.theorem if axis.number else axis.shown.theorem, axis.form.theorem)
        )

    @cached_property
    def counts(self) -> tuple[Theorem, ...]:
        """The values of the counts."""
        return *self.parameters[-1:], *self.work[-1:]

    @cached_property
    def unsure(self) -> bool:
        """Whether a count may have a hypothesis of its own: that a size which may be negative is at least 1."""
        steps = self._counts.around(self.placed)
        sizes = (size for shape in (*parameter_sets(self.placed), *work_sets(self.placed)) for size in shape)
        least = (steps[size].size.least if size in steps else size.least for size in sizes)
        return any(bound is None or bound < 0 for bound in least)


def layer_proofs(
    placed: tuple[Placed, ...], axes: tuple[tuple[AxisProof | None, ...], ...], expand: bool
) -> tuple[LayerProof, ...]:
    """The theorems of all layers. With ``expand`` counts are polynomials in closed forms, else in the sizes by definition."""
    counts = _Counts(placed, axes, expand)
    return tuple(LayerProof(node, axes[node.index], counts) for node in placed)


def prove_activations(placed: tuple[Placed, ...], axes: tuple[tuple[AxisProof | None, ...], ...]) -> Theorem:
    """⊢ the number of entries of all layers' outputs, for one example: what training keeps in memory."""
    counts = _Counts(placed, axes, expand=True)
    return total(tuple(counts.total(node, (node.output.dims,))[-1] for node in placed[1:]))


def out_of_reach(node: Placed) -> str:
    """The message for a layer whose sizes may be negative, as far as can be proven."""
    for spec in () if node.layer is None else node.layer.specs():
        for term in spec.terms(getattr(node.layer, spec.name)):
            if term.least is None or term.least < spec.least:
                requirement = f"{spec.name} must be at least {spec.least}"
                return f"{node.title}: {requirement}, and {unicode_text(term)} is not for every value of its letters"
    sizes = [*node.output.dims, *(size for weight in node.applied.weights for size in weight.shape)]
    negative = next((size for size in sizes if size.least is None or size.least < 0), None)
    which = "one of its sizes" if negative is None else f"the size {unicode_text(negative)}"
    return f"{node.title}: {which} is not at least 1 for every value of its letters"
