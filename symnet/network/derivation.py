"""The derivation of a network: every number of its report as a theorem, layer by layer and for the whole."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from symnet.errors import KernelError, LayerError
from symnet.kernel.rules import chain, flip, floor_shift, polynomial_identity
from symnet.kernel.theorem import Theorem
from symnet.kernel.walks import steps
from symnet.layers.laws.counting import rewritten, total, total_of_sets
from symnet.layers.laws.law import Field, in_order
from symnet.network.axes import AxisProof, prove_axes
from symnet.network.costs import parameter_sets, work_sets
from symnet.network.domain import domain
from symnet.network.joins import asked, may_be_one, settle
from symnet.network.plain_hypotheses import each_once, says_nothing
from symnet.network.promises import promises
from symnet.network.proof import assumed_least, horner, horner_term
from symnet.network.propagate import Placed
from symnet.network.receptive import receptive_fields
from symnet.network.repeated_sizes import RepeatedSizes, repeated_sizes
from symnet.printing.text import unicode_text
from symnet.terms.propositions import Eq, Proposition
from symnet.terms.term import Symbol, Term, integer, substitute, symbols_of
from symnet.terms.worked_out import plus, times

__all__ = [
    "Derivation", "LayerProof", "SizeProofs", "derive", "horner_of", "least_inputs", "path",
    "prove_activations", "prove_sizes",
]  # fmt: skip

#: The shapes of arrays that are counted together.
Sets = tuple[tuple[Term, ...], ...]

#: A closed form in Horner form grows with the square of its symbols when multiplied out; past this many it is not.
EXPANDED_SYMBOLS = 60


@dataclass(frozen=True)
class SizeProofs:
    """The sizes of a network as theorems, tensor by tensor; ``last`` is the position of the last tensor with axes."""

    placed: tuple[Placed, ...]
    axes: tuple[tuple[AxisProof | None, ...], ...]
    least: dict[Term, int]
    last: int

    def closed(self, position: int, index: int | None = None) -> Theorem:
        """hypotheses ⊢ size = closed form, of an axis of a tensor, the last with axes unless given; with letters, in Horner
        form."""
        index = self.last if index is None else index
        axis = self.axes[index][position]
        place = self.placed[index].axes[position]
        if axis is None:
            return polynomial_identity(place.size, place.size)
        term = horner_of(self.placed, index, position)
        if term is None:
            return axis.form.closed
        laws = [self.axes[at][where] for at, where in path(self.placed, index, position)]
        return rewritten(horner([law.form.law for law in laws if law is not None and law.form.law is not None]), term)


def path(placed: tuple[Placed, ...], index: int, position: int) -> list[tuple[int, int]]:
    """The layers, each with the position of the axis, through whose laws an axis came, first to last."""
    found: list[tuple[int, int]] = []
    while index:
        place = placed[index]
        origin = place.origins[position]
        if origin is None:
            break
        if place.applied.maps[position] is not None:
            found.append((index, position))
        index, position = place.sources[origin[0]], origin[1]
    return found[::-1]


def horner_of(placed: tuple[Placed, ...], index: int, position: int) -> Term | None:
    """The closed form of an axis in Horner form, where its layers have letters and are floor-affine; else ``None``."""
    form = placed[index].axes[position].form
    way = path(placed, index, position)
    if form.least_base(1) is not None or not way:
        return None
    maps = [placed[place].applied.maps[where] for place, where in way]
    first = placed[way[0][0]]
    origin = first.origins[way[0][1]]
    if origin is None or first.sources[origin[0]] != 0:
        return None
    return horner_term(form.base, [map_ for map_ in maps if map_ is not None])


@dataclass(frozen=True)
class LayerProof:
    """What is proven of one layer. ``parameters`` and ``work`` are each set counted, then the sum as written, then its value."""

    placed: Placed
    axes: tuple[AxisProof | None, ...]
    parameters: tuple[Theorem, ...]
    work: tuple[Theorem, ...]


@dataclass(frozen=True)
class Derivation:
    """All theorems of a network. ``last`` is the position of the last tensor with axes, ``feature_map`` of the last one whose
    axes depend on the input; ``windows`` are that one's."""

    layers: tuple[LayerProof, ...]
    parameters: Theorem
    trainable: Theorem
    non_trainable: Theorem
    multiply_adds: Theorem
    fields: tuple[tuple[Field | None, ...], ...]
    last: int
    feature_map: int
    windows: tuple[Theorem | None, ...]
    least: dict[Term, int]
    closed: tuple[Theorem, ...]
    #: what joins ask of the closed forms, by layer: for every size, or under the hypothesis of some
    joins: tuple[tuple[int, Theorem], ...]
    #: which sizes come again, and the equations that say so
    repeated: RepeatedSizes

    @cached_property
    def goals(self) -> tuple[Theorem, ...]:
        """Everything that is printed, as theorems."""
        found: list[Theorem] = []
        for layer in self.layers:
            for axis in layer.axes:
                if axis is not None:
                    found += [axis.size, axis.form.closed]
            found += [*layer.parameters[-1:], *layer.work[-1:]]
        found += [window for window in self.windows if window]
        found += [join for _, join in self.joins]
        found += self.closed
        found += self.repeated.equations.values()
        return tuple(dict.fromkeys([*found, self.parameters, self.trainable, self.non_trainable, self.multiply_adds]))

    @property
    def steps(self) -> list[Theorem]:
        """Every kernel step behind the goals, premises first."""
        return steps(*self.goals)

    @cached_property
    def promises(self) -> tuple[Proposition, ...]:
        """What the letters promise: that what the layers are given is as large as it must be."""
        first, *others = (layer.placed for layer in self.layers)
        return promises(first.output.dims, [place.layer for place in others if place.layer])

    @cached_property
    def hypotheses(self) -> tuple[Proposition, ...]:
        """What the letters promise and the theorems assume, each once."""
        found: dict[Proposition, None] = dict.fromkeys(self.promises)
        for goal in self.goals:  # in the order of the layers, whatever else this process has proven before
            found.update(dict.fromkeys(in_order(goal.hypotheses.difference(found))))
        return tuple(found)

    @cached_property
    def stated(self) -> tuple[Proposition, ...]:
        """What is said to be assumed: of the input as it is given, in the letters of the network; and where it is given as
        numbers what the closed forms ask of any size by itself, H ≥ 3, if that has the name of its axis."""
        found: list[Proposition] = []
        for hypothesis in self.hypotheses:
            symbols = set(symbols_of(hypothesis))
            if symbols <= self.named_as_axes or symbols.isdisjoint(self.invented):
                found.append(hypothesis)
        found = each_once(found, self.forms)
        if not self.invented:
            return tuple(found)
        own = domain((substitute(each, self.forms) for each in found), promises=self.promises)
        alone = {symbol for symbol in own.sets if symbol not in self.invented}
        kept = [each for each in found if len(symbols_of(each)) != 1 or alone.isdisjoint(symbols_of(each))]
        return (*(each for each in own.propositions if alone.issuperset(symbols_of(each))), *kept)

    @cached_property
    def invented(self) -> set[Symbol]:
        """The symbols that closed forms speak of in the place of an input's numbers."""
        axes = self.layers[0].placed.axes
        return {
            axis.form.base for axis in axes if axis.form.base is not axis.size and isinstance(axis.form.base, Symbol)
        }

    @cached_property
    def named_as_axes(self) -> set[Symbol]:
        """Those of them that are called as their axes are, H and W; H_in has no meaning by itself."""
        start = self.layers[0].placed
        pairs = zip(start.axes, start.output.axis_names, strict=True)
        named = {axis.form.base for axis, name in pairs if getattr(axis.form.base, "name", None) == name}
        return self.invented & named

    @cached_property
    def read_for(self) -> tuple[Proposition, ...]:
        """Of the assumptions about the input as it is given, those without which it would be another network, not none: a Squeeze
        without axes is read for sizes of at least 2."""
        return tuple(self._read_for)

    @property
    def otherwise(self) -> tuple[str, ...]:
        """What the layers do with inputs for which these do not hold."""
        return tuple(dict.fromkeys(self._read_for.values()))

    @cached_property
    def _read_for(self) -> dict[Proposition, str]:
        placed = [layer.placed for layer in self.layers]
        conditions = [each for place in placed for each in place.applied.conditions if each.otherwise]
        words = {each.proposition: each.otherwise for each in conditions}
        joins = [join for _, join in self.joins if join.conclusion in words]
        needed = {*self.promises}.union(*(goal.hypotheses for goal in self.goals if goal not in joins))
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
        """The closed form of every size that is a count by definition."""
        steps = [step for layer in self.layers for axis in layer.axes if axis for step in (axis.form, axis.shown)]
        return {step.size: step.form.term for step in steps if step.size is not step.form.term}

    @cached_property
    def of_the_input(self) -> tuple[Proposition, ...]:
        """What is assumed of the input as it is given, in closed forms: nothing about letters that stand for its numbers."""
        stated = (substitute(hypothesis, self.forms) for hypothesis in self.hypotheses)
        own = (each for each in stated if self.invented.isdisjoint(symbols_of(each)) and not says_nothing(each))
        return tuple(dict.fromkeys(own))


def prove_sizes(placed: tuple[Placed, ...]) -> SizeProofs:
    """Prove every size, number and closed form."""
    least = least_inputs(placed)
    bounds: dict[Term, Theorem | None] = {base: assumed_least(base, bound) for base, bound in least.items()}
    axes: list[tuple[AxisProof | None, ...]] = []
    for place in placed:
        try:
            axes.append(prove_axes(place, placed, axes, bounds))
        except KernelError:  # a stride is to be at least 1, and so on
            raise LayerError(_out_of_reach(place)) from None
    last = max((place.index for place in placed if place.axes), default=0)
    return SizeProofs(placed, tuple(axes), least, last)


def derive(sizes: SizeProofs) -> Derivation:
    """Prove everything there is to say about the network."""
    placed, axes, last = sizes.placed, sizes.axes, sizes.last
    expand = len(symbols_of(*(axis.size for axis in placed[last].axes))) <= EXPANDED_SYMBOLS
    layers: list[LayerProof] = []
    within: dict[Term, tuple[Term, Theorem | None]] = {}
    known: dict[
        tuple[Sets, Term | None], tuple[Theorem, ...]
    ] = {}  # layers with the same weights share what counts them
    for place in placed:
        facts = _facts([place, *(placed[source] for source in place.sources)], axes, expand)
        within.update(facts)
        try:
            key = parameter_sets(place), place.applied.parameters
            if key not in known or _defined(key[0], within):
                known[key] = total_of_sets(key[0], facts, key[1], within)
            parameters = known[key]
            work = total_of_sets(work_sets(place), facts, within=within)
        except KernelError:  # a count of entries is one of no negative number of them
            raise LayerError(_out_of_reach(place)) from None
        layers.append(LayerProof(place, axes[place.index], parameters, work))
    fields = receptive_fields(placed)
    varying = max(
        (place.index for place in placed if symbols_of(*(axis.form.term for axis in place.axes))), default=last
    )
    return Derivation(
        tuple(layers),
        total(tuple(layer.parameters[-1] for layer in layers if layer.parameters)),
        _counted(layers, True),
        _counted(layers, False),
        total(tuple(layer.work[-1] for layer in layers if layer.work)),
        fields,
        last,
        varying,
        tuple(
            _window(axis, field) if expand else None for axis, field in zip(axes[varying], fields[varying], strict=True)
        ),
        sizes.least,
        tuple(sizes.closed(position) for position in range(len(axes[last]))),
        tuple(
            _joins(placed, symbols_of(*(axis.form.term for at in {last, varying} - {0} for axis in placed[at].axes)))
        ),
        repeated_sizes(axes),
    )


def _defined(sets: Sets, within: Collection[Term]) -> bool:
    """Whether a size of the sets is one that a layer defines: its count depends on where the sets stand."""
    sizes = [size for shape in sets for size in shape if size.constant is None]
    return any(size in within or not isinstance(size, Symbol) for size in sizes)


def _out_of_reach(place: Placed) -> str:
    """What is said of a layer whose sizes may be negative, as far as can be proven."""
    for spec in () if place.layer is None else place.layer.specs():
        for term in spec.terms(getattr(place.layer, spec.name)):
            if term.least is None or term.least < spec.least:
                asked = f"{spec.name} must be at least {spec.least}"
                return f"{place.title}: {asked}, and {unicode_text(term)} is not for every value of its letters"
    sizes = [*place.output.dims, *(size for weight in place.applied.weights for size in weight.shape)]
    negative = next((size for size in sizes if size.least is None or size.least < 0), None)
    which = "one of its sizes" if negative is None else f"the size {unicode_text(negative)}"
    return f"{place.title}: {which} is not at least 1 for every value of its letters"


def prove_activations(sizes: SizeProofs) -> Theorem:
    """⊢ the entries of all layers' outputs together, which training keeps, are so many."""
    counts: list[Theorem] = []
    within: dict[Term, tuple[Term, Theorem | None]] = {}
    for place in sizes.placed[1:]:
        facts = _facts([place, *(sizes.placed[source] for source in place.sources)], sizes.axes, expand=True)
        within.update(facts)
        counts.append(total_of_sets((place.output.dims,), facts, within=within)[-1])
    return total(tuple(counts))


def _joins(placed: tuple[Placed, ...], shown: Collection[Symbol]) -> Iterator[tuple[int, Theorem]]:
    """What the layers ask of their inputs besides their laws: of the input as it is given, and of every size of it where the
    closed forms that are ``shown`` speak of that size."""
    invented = {axis.form.base for axis in placed[0].axes if axis.form.base is not axis.size}.difference(shown)
    for place in placed:
        if not (len(place.sources) > 1 or place.applied.conditions):
            continue
        wanted: tuple[Proposition, ...] = ()
        if place.layer is not None:
            inputs = [placed[source] for source in place.sources]
            wanted = tuple(each for each in asked(place.layer, inputs) if invented.isdisjoint(symbols_of(each)))
        wanted += tuple(condition.proposition for condition in place.applied.conditions)
        for proposition in dict.fromkeys(wanted):
            theorem = settle(proposition) if symbols_of(proposition) else None
            if theorem is not None:
                yield place.index, theorem


def least_inputs(placed: tuple[Placed, ...]) -> dict[Term, int]:
    """For each symbol of the input, the least size at which every layer fits (as far as the layers are numbers)."""
    least: dict[Term, int] = {}
    for place in placed:
        if not place.sources:
            least.update({axis.form.base: 1 for axis in place.axes})
            continue
        for map_, origin in zip(place.applied.maps, place.origins, strict=True):
            if map_ is None or origin is None or map_.least is None:
                continue
            axis = placed[place.sources[origin[0]]].axes[origin[1]]
            if isinstance(axis.form.base, Symbol):
                bound = axis.form.least_base(map_.least)
                if bound is not None:
                    least[axis.form.base] = max(least.get(axis.form.base, 1), bound)
    return least


def _facts(
    places: list[Placed], axes: Sequence[tuple[AxisProof | None, ...]], expand: bool
) -> dict[Term, tuple[Term, Theorem | None]]:
    """Sizes that are not numbers: what each is by definition and, to expand them, that it is its closed form."""
    facts: dict[Term, tuple[Term, Theorem | None]] = {}
    for place in places:
        for axis, proof in zip(place.axes, axes[place.index], strict=True):
            if axis.size.constant is None and proof is not None and proof.shown.size is not axis.size:
                facts[axis.size] = (proof.shown.size, proof.shown.closed if expand else None)
    return facts


def _counted(layers: list[LayerProof], trainable: bool) -> Theorem:
    """⊢ how many parameters are trained, or are not: the same counts, without the other arrays."""
    kept: list[Theorem] = []
    for layer in layers:
        weights = layer.placed.applied.weights
        kept += [
            count for weight, count in zip(weights, layer.parameters, strict=False) if weight.trainable is trainable
        ]
    return total(tuple(kept))


def _window(axis: AxisProof | None, field: Field | None) -> Theorem | None:
    """⊢ size = ⌊(W + p − R)/k⌋ + 1: the whole stack as one window of size R, stride k, padding p in all."""
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
    except KernelError:  # branches of different reach join here: the widest is not the one whose closed form this is
        return None
