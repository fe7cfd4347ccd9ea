"""The derivation of a network: every number of its report as a theorem, for each layer and in total."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from symnet.errors import KernelError, LayerError
from symnet.kernel.rules import chain, flip, floor_shift, polynomial_identity
from symnet.kernel.theorem import Theorem
from symnet.kernel.walks import steps
from symnet.layers.laws.counting import rewritten, total
from symnet.layers.laws.law import Field, in_order
from symnet.network.axes import AxisProof, prove_axes
from symnet.network.joins import conditions_on_closed_forms, may_be_one, settle
from symnet.network.layer_proofs import LayerProof, layer_proofs, out_of_reach
from symnet.network.plain_hypotheses import plain_hypotheses, says_nothing
from symnet.network.promises import promises
from symnet.network.proof import assumed_least, horner, horner_term
from symnet.network.propagate import Placed
from symnet.network.receptive import receptive_fields
from symnet.network.repeated_sizes import RepeatedSizes, repeated_sizes
from symnet.terms.propositions import Eq, Proposition
from symnet.terms.term import Symbol, Term, integer, substitute, symbols_of
from symnet.terms.worked_out import plus, times

__all__ = [
    "Derivation", "SizeProofs", "derive", "horner_of", "least_inputs", "path", "prove_sizes",
]  # fmt: skip

#: Multiplied out, a closed form in Horner form grows with the square of its symbols; with more symbols it stays as it is.
EXPANDED_SYMBOLS = 16


@dataclass(frozen=True)
class SizeProofs:
    """The theorems about the sizes of a network, by tensor; ``last`` is the position of the last tensor with axes."""

    placed: tuple[Placed, ...]
    axes: tuple[tuple[AxisProof | None, ...], ...]
    least: dict[Term, int]
    last: int

    def closed(self, position: int, index: int | None = None) -> Theorem:
        """hypotheses ⊢ size = closed form of the axis ``position`` of the tensor ``index``; in Horner form if layers have letters."""
        index = self.last if index is None else index
        axis = self.axes[index][position]
        axis_of_engine = self.placed[index].axes[position]
        if axis is None:
            return polynomial_identity(axis_of_engine.size, axis_of_engine.size)
        term = horner_of(self.placed, index, position)
        if term is None:
            return axis.form.closed
        laws = [self.axes[at][axis_index] for at, axis_index in path(self.placed, index, position)]
        return rewritten(horner([law.form.law for law in laws if law is not None and law.form.law is not None]), term)


def path(placed: tuple[Placed, ...], index: int, position: int) -> list[tuple[int, int]]:
    """The layers through whose laws an axis came, each with the position of the axis, from first to last."""
    steps_back: list[tuple[int, int]] = []
    while index:
        node = placed[index]
        origin = node.origins[position]
        if origin is None:
            break
        if node.applied.maps[position] is not None:
            steps_back.append((index, position))
        index, position = node.sources[origin[0]], origin[1]
    return steps_back[::-1]


def horner_of(placed: tuple[Placed, ...], index: int, position: int) -> Term | None:
    """The closed form of an axis in Horner form, if its layers have letters and are floor-affine; else ``None``."""
    form = placed[index].axes[position].form
    way = path(placed, index, position)
    if form.least_base(1) is not None or not way:
        return None
    maps = [placed[at].applied.maps[axis] for at, axis in way]
    first = placed[way[0][0]]
    origin = first.origins[way[0][1]]
    if origin is None or first.sources[origin[0]] != 0 or placed[0].axes[origin[1]].form.base is not form.base:
        return None  # the last: a size on the way is one number, from which the form starts anew
    return horner_term(form.base, [map_ for map_ in maps if map_ is not None])


@dataclass(frozen=True)
class Derivation:
    """All theorems of a network, proven when they are first read. With ``expand`` closed forms are multiplied out."""

    layers: tuple[LayerProof, ...]
    sizes: SizeProofs
    expand: bool

    @property
    def last(self) -> int:
        """The position of the last tensor with axes."""
        return self.sizes.last

    @property
    def least(self) -> dict[Term, int]:
        """The least size at which all layers in numbers fit, for each symbol of the input."""
        return self.sizes.least

    @cached_property
    def parameters(self) -> Theorem:
        """⊢ the number of parameters and buffers."""
        return total(tuple(layer.parameters[-1] for layer in self.layers if layer.parameters))

    @cached_property
    def trainable(self) -> Theorem:
        """⊢ the number of trained parameters."""
        return total(tuple(count for layer in self.layers for count in layer.trained(True)))

    @cached_property
    def non_trainable(self) -> Theorem:
        """⊢ the number of parameters that are not trained."""
        return total(tuple(count for layer in self.layers for count in layer.trained(False)))

    @cached_property
    def multiply_adds(self) -> Theorem:
        """⊢ the number of multiply-adds for one example."""
        return total(tuple(layer.work[-1] for layer in self.layers if layer.work))

    @cached_property
    def fields(self) -> tuple[tuple[Field | None, ...], ...]:
        """The receptive field of each axis, by tensor."""
        return receptive_fields(self.sizes.placed)

    @cached_property
    def feature_map(self) -> int:
        """The position of the last tensor whose axes depend on the input."""
        varying = (node.index for node in self.sizes.placed if symbols_of(*(axis.form.term for axis in node.axes)))
        return max(varying, default=self.last)

    @cached_property
    def windows(self) -> tuple[Theorem | None, ...]:
        """For each axis of the feature map ⊢ a single window makes it, if one does."""
        axes, fields = self.sizes.axes[self.feature_map], self.fields[self.feature_map]
        return tuple(_window(axis, field) if self.expand else None for axis, field in zip(axes, fields, strict=True))

    @cached_property
    def closed(self) -> tuple[Theorem, ...]:
        """⊢ size = closed form for each axis of the last tensor with axes."""
        return tuple(self.sizes.closed(position) for position in range(len(self.sizes.axes[self.last])))

    @cached_property
    def joins(self) -> tuple[tuple[int, Theorem], ...]:
        """The conditions where branches meet, on closed forms, by layer: proven for all sizes, or under a hypothesis."""
        placed, at = self.sizes.placed, {self.last, self.feature_map} - {0}
        return tuple(_joins(placed, symbols_of(*(axis.form.term for index in at for axis in placed[index].axes))))

    @cached_property
    def repeated(self) -> RepeatedSizes:
        """The sizes that are equal to earlier ones, with their equations."""
        return repeated_sizes(self.sizes.axes)

    @cached_property
    def goals(self) -> tuple[Theorem, ...]:
        """All statements of the report, as theorems."""
        of_layers = (theorem for layer in self.layers for theorem in (*layer.sizes, *layer.counts))
        windows = (window for window in self.windows if window)
        totals = self.parameters, self.trainable, self.non_trainable, self.multiply_adds
        return tuple(dict.fromkeys([*of_layers, *windows, *self._of_network(), *totals]))

    def _of_network(self) -> Iterator[Theorem]:
        yield from (join for _, join in self.joins)
        yield from self.closed
        yield from self.repeated.equations.values()

    @cached_property
    def assuming(self) -> tuple[Theorem, ...]:
        """Theorems that have all hypotheses of the goals: without those whose hypotheses are the ones of others."""
        of_layers = (
            theorem for layer in self.layers for theorem in (*layer.steps, *(layer.counts if layer.unsure else ()))
        )
        return tuple(dict.fromkeys([*of_layers, *self._of_network()]))

    @property
    def steps(self) -> list[Theorem]:
        """Every kernel step behind the goals, premises first."""
        return steps(*self.goals)

    @cached_property
    def promises(self) -> tuple[Proposition, ...]:
        """The lower bounds that letters must have for the values of layers to be large enough."""
        first, *others = (layer.placed for layer in self.layers)
        return promises(first.output.dims, [node.layer for node in others if node.layer])

    @cached_property
    def hypotheses(self) -> tuple[Proposition, ...]:
        """The promises of letters and the hypotheses of the theorems, each once."""
        hypotheses: dict[Proposition, None] = dict.fromkeys(self.promises)
        for goal in self.assuming:  # in the order of the layers, whatever this process has proven before
            hypotheses.update(dict.fromkeys(in_order(goal.hypotheses.difference(hypotheses))))
        return tuple(hypotheses)

    @cached_property
    def stated(self) -> tuple[Proposition, ...]:
        """The assumptions as they are reported: about the input as given, in the letters of the network. For an input of numbers also
        the conditions of closed forms on a single size, H ≥ 3, if its symbol has the name of its axis.
        """
        reported: list[Proposition] = []
        for hypothesis in self.hypotheses:
            symbols = set(symbols_of(hypothesis))
            if symbols <= self.named_as_axes or symbols.isdisjoint(self.invented):
                reported.append(hypothesis)
        return tuple(plain_hypotheses(reported, self.forms, self.promises, self.invented))

    @property
    def of_letters(self) -> tuple[Proposition, ...]:
        """The assumptions about the letters of the network alone: others are about the closed forms of an input's numbers."""
        return tuple(each for each in self.stated if self.invented.isdisjoint(symbols_of(each)))

    @cached_property
    def invented(self) -> set[Symbol]:
        """The symbols of closed forms that replace numbers of the input."""
        axes = self.layers[0].placed.axes
        return {
            axis.form.base for axis in axes if axis.form.base is not axis.size and isinstance(axis.form.base, Symbol)
        }

    @cached_property
    def named_as_axes(self) -> set[Symbol]:
        """The invented symbols that are named like their axes, H and W; others, such as H_in, mean nothing to a reader."""
        start = self.layers[0].placed
        pairs = zip(start.axes, start.output.axis_names, strict=True)
        named = {axis.form.base for axis, name in pairs if getattr(axis.form.base, "name", None) == name}
        return self.invented & named

    @cached_property
    def case_conditions(self) -> tuple[Proposition, ...]:
        """The assumptions about the input without which it would be another network: a Squeeze without axes needs sizes above 1."""
        return tuple(self._case_conditions)

    @property
    def otherwise(self) -> tuple[str, ...]:
        """Sentences on what the layers do with inputs for which ``case_conditions`` do not hold."""
        return tuple(dict.fromkeys(self._case_conditions.values()))

    @cached_property
    def _case_conditions(self) -> dict[Proposition, str]:
        placed = [layer.placed for layer in self.layers]
        conditions = [each for node in placed for each in node.applied.conditions if each.otherwise]
        if not conditions:
            return {}
        words = {each.proposition: each.otherwise for each in conditions}
        joins = [join for _, join in self.joins if join.conclusion in words]
        needed = {*self.promises}.union(*(goal.hypotheses for goal in self.assuming if goal not in joins))
        known = [substitute(each, self.forms) for each in needed]
        stated = {
            substitute(each, self.forms): words[join.conclusion]
            for join in joins
            if not isinstance(join.conclusion, Eq) or any(may_be_one(side, known) for side in join.conclusion.args)
            for each in in_order(join.hypotheses)
            if each not in needed
        }
        return {each: stated[each] for each in self.of_the_input if each in stated}

    @cached_property
    def forms(self) -> dict[Term, Term]:
        """The closed form of every size that is defined as a count."""
        steps = [step for layer in self.layers for axis in layer.axes if axis for step in (axis.form, axis.shown)]
        return {step.size: step.form.term for step in steps if step.size is not step.form.term}

    @cached_property
    def of_the_input(self) -> tuple[Proposition, ...]:
        """The assumptions about the input as given, in closed forms, without those about invented symbols."""
        stated = (substitute(hypothesis, self.forms) for hypothesis in self.hypotheses)
        own = (each for each in stated if self.invented.isdisjoint(symbols_of(each)) and not says_nothing(each))
        return tuple(dict.fromkeys(own))


def prove_sizes(placed: tuple[Placed, ...]) -> SizeProofs:
    """Prove every size, as a number and as a closed form. Raises :class:`symnet.LayerError` where a size may be negative."""
    least = least_inputs(placed)
    bounds: dict[Term, Theorem | None] = {base: assumed_least(base, bound) for base, bound in least.items()}
    axes: list[tuple[AxisProof | None, ...]] = []
    for node in placed:
        try:
            axes.append(prove_axes(node, placed, axes, bounds))
        except KernelError:  # a divisor may be 0, or the like
            raise LayerError(out_of_reach(node)) from None
    last = max((node.index for node in placed if node.axes), default=0)
    return SizeProofs(placed, tuple(axes), least, last)


def derive(sizes: SizeProofs) -> Derivation:
    """The theorems about all numbers of the network: sizes, parameters, multiply-adds and windows, each proven when it is first read."""
    expand = len(symbols_of(*(axis.size for axis in sizes.placed[sizes.last].axes))) <= EXPANDED_SYMBOLS
    return Derivation(layer_proofs(sizes.placed, sizes.axes, expand), sizes, expand)


def _joins(placed: tuple[Placed, ...], shown: Collection[Symbol]) -> Iterator[tuple[int, Theorem]]:
    """The conditions of layers besides their laws: on the input as given, and on every size of it that the closed forms in
    ``shown`` mention.
    """
    invented = {axis.form.base for axis in placed[0].axes if axis.form.base is not axis.size}.difference(shown)
    for node in placed:
        if not (len(node.sources) > 1 or node.applied.conditions):
            continue
        wanted: tuple[Proposition, ...] = ()
        if node.layer is not None:
            inputs = [placed[source] for source in node.sources]
            wanted = tuple(
                each for each in conditions_on_closed_forms(node.layer, inputs) if invented.isdisjoint(symbols_of(each))
            )
        wanted += tuple(condition.proposition for condition in node.applied.conditions)
        for proposition in dict.fromkeys(wanted):
            theorem = settle(proposition) if symbols_of(proposition) else None
            if theorem is not None:
                yield node.index, theorem


def least_inputs(placed: tuple[Placed, ...]) -> dict[Term, int]:
    """Returns for each symbol of the input the least size at which all layers in numbers fit."""
    least: dict[Term, int] = {}
    for node in placed:
        if not node.sources:
            least.update({axis.form.base: 1 for axis in node.axes})
            continue
        for map_, origin in zip(node.applied.maps, node.origins, strict=True):
            if map_ is None or origin is None or map_.least is None:
                continue
            axis = placed[node.sources[origin[0]]].axes[origin[1]]
            if isinstance(axis.form.base, Symbol):
                bound = axis.form.least_base(map_.least)
                if bound is not None:
                    least[axis.form.base] = max(least.get(axis.form.base, 1), bound)
    return least


def _window(axis: AxisProof | None, field: Field | None) -> Theorem | None:
    """⊢ size = ⌊(W + p − R)/k⌋ + 1: the whole stack as one window of size R, stride k and total padding p; ``None`` if it is none."""
    if (
        axis is None
        or field is None
        or axis.form.form.scale is not integer(1)
        or axis.form.form.factor is not integer(1)
    ):
        return None
    form = axis.form.form
    if form.divisor is not field.stride:
        return None
    gap = plus(plus(form.base, field.around), times(integer(-1), field.size))
    try:
        shifted = floor_shift(gap, form.divisor, integer(1))
        return chain(rewritten(axis.form.closed, shifted.conclusion.args[1]), flip(shifted))
    except KernelError:  # branches with different windows meet here: the widest need not be the one of this closed form
        return None
