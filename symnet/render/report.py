"""Writes the derivation report of a network: result, table, layer by layer, the whole network, and its assumptions. One class
writes all parts, since they refer to each other by the numbers of steps and laws.
"""

from __future__ import annotations

from dataclasses import replace

from symnet.frameworks.convention import TITLES
from symnet.kernel.theorem import Theorem
from symnet.kernel.walks import steps
from symnet.layers.laws.law import AxisMap, in_order
from symnet.network.axes import AxisProof
from symnet.network.closed_forms import ClosedForm
from symnet.network.layer_proofs import LayerProof
from symnet.network.memory import Memory
from symnet.network.network import Network
from symnet.network.receptive import unbounded
from symnet.network.rows import field_parts
from symnet.printing.names import group_digits
from symnet.render.defined_sizes import gives
from symnet.render.document import (
    Block,
    Code,
    Document,
    Heading,
    Inline,
    Line,
    Math,
    Paragraph,
    Step,
    Strong,
    line,
    sizes_shown,
)  # fmt: skip
from symnet.render.foundations import foundations
from symnet.render.memory import width_of_numbers
from symnet.render.names import axis_words, own_symbols, size_names
from symnet.render.on_exact_sizes import on_exact_sizes
from symnet.render.phrases import (
    affine_pattern,
    as_one_window,
    assigned,
    bounds,
    checked,
    divides_padding,
    dropped,
    entries_of,
    entry_dropped,
    equal,
    keeps,
    listed,
    merged,
    other_ways,
    short,
    under_conditions,
    unit_sees,
    where_windows_stand,
    with_others,
)
from symnet.render.result_parts import (
    LONG,
    below_the_table,
    closed_form,
    fits,
    input_again,
    outputs,
    total,
    validity,
    without_opaque,
)  # fmt: skip
from symnet.render.table import by_name, folds, parameter_line, reason_of_parameters, size_equation, table_block
from symnet.render.training import training
from symnet.solving.contradiction import refuse_if_never_fits
from symnet.solving.exactness import exact_sizes
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.propositions import Eq, Le
from symnet.terms.term import Term, integer, symbols_of
from symnet.terms.walks import has_more_parts

__all__ = ["report_document"]

#: The number of layers with a section of their own; the table and the whole-network steps have every layer.
SECTIONS = 60


class _Report:
    """Collects the blocks of a report, and numbers its steps."""

    def __init__(self, network: Network):
        self.network, self.proof = network, network.proof
        self.blocks: list[Block] = []
        self.names = size_names(self.proof)
        self.symbols = {symbol.name for symbol in own_symbols(self.proof)}
        self.count = 0
        self.laws: dict[Theorem, int] = {}
        self.framework = network.graph.framework  # stated once, instead of with every layer
        self.exact = exact_sizes(network) if symbols_of(*network.closed_terms.values()) else None  # else no letters

    def add(self, *blocks: Block) -> None:
        self.blocks += blocks

    def say(self, *parts: Inline) -> None:
        self.add(Paragraph(line(*parts)))

    def step(self, statement: Line, *reason: Inline) -> int:
        self.count += 1
        self.add(Step(self.count, statement, line(*reason)))
        return self.count

    # ---- result -------------------------------------------------------------------------------------------------------

    def result(self) -> None:
        net = self.network
        parts: list[Inline] = [Strong("Result."), *outputs(net), ". "]
        if net.counted().constant == 0:
            parts.append("No parameters.")
        elif net.counted(True) is net.counted():
            parts += [Strong(Math(net.counted())), " parameters, all trained."]
        else:
            trained = Math(net.counted(True))
            parts += [Strong(Math(net.counted())), " parameters, ", trained, " of them trained."]
        overall = self._overall()
        if net.work.constant != 0:
            parts += [" ", *total(net.work, self.proof, "multiply-adds"), *without_opaque(net), "."]
        parts += [" "] if overall else []
        self.say(*parts, *overall)

    def _overall(self) -> list[Inline]:
        parts: list[Inline] = []
        last = self.proof.layers[self.proof.feature_map]
        letters = axis_words(last, self.proof)
        for positions in self._alike_axes() if last.placed.index else ():
            axis = last.axes[positions[-1]]
            if axis is None or not symbols_of(axis.form.form.term) or self._untouched(positions[-1]):
                continue
            which = with_others([letters[at] for at in reversed(positions)], [last.axes[at] for at in positions])
            window = self.proof.windows[positions[-1]]
            closed = (
                window
                if window and axis.form.form.least_base(1) is None
                else closed_form(self.proof, positions[-1], axis)
            )
            ends = last.placed.index == self.proof.last  # otherwise a later feature map no longer depends on the input
            where: list[Inline] = [" of the last feature map"] if ends else [" after ", Code(last.placed.name)]
            parts += [*validity(self.proof, self.names, axis), f", {which}", *where, " is "]
            parts += [Math(closed.conclusion.args[1]), *input_again(self.proof, axis), ". "]
        windows = any(not self._untouched(position) for position in range(len(last.axes)))
        if self.exact is not None and self.exact.count != 0 and windows:
            never = self.exact.members == IntegerSet.interval(1, None)
            entry, when = entry_dropped(self.network.placed), "" if never else f" exactly when {self.exact}"
            parts.append(f"No {entry} is {'ever ' if never else ''}dropped{when}. ")
        field, index = field_parts(self.proof.fields[last.placed.index]), last.placed.index
        if any(isinstance(size, Term) and has_more_parts(size, LONG) for size in field["size"]):
            parts.append("What one unit sees is a sum with a part for each layer, too long to be written here.")
        elif field["size"] and index:
            names, there = last.placed.output.axis_names, "" if index == self.proof.last else " there"
            parts += unit_sees(field, names, there, lambda position: unbounded(self.network.placed, index, position))
        elif last.placed.axes and index:
            parts.append(f"No window bounds what one unit sees: {unbounded(self.network.placed, index)}.")
        return parts

    def _untouched(self, position: int) -> bool:
        """Returns whether no layer changes an axis: it is the input's, or a new one."""
        return not any(map_ for _, map_, _ in self._path(position))

    # ---- layer by layer -----------------------------------------------------------------------------------------------

    def layers(self) -> None:
        first_with: dict[tuple[str, tuple[Term, ...]], int] = {}
        left = SECTIONS
        for fold in folds(self.network):
            first = 1 + fold.start
            for layer in self.proof.layers[first : first + min(fold.length, left)]:
                self._layer(layer, first_with)
            if fold.length > left:
                rest = group_digits(len(self.proof.layers) - first - left)
                self.say(f"The other {rest} layers follow the same rules; their numbers are in the table above.")
                return
            left -= fold.length
            if fold.times > 1:
                which = f"Layer {first}" if fold.length == 1 else f"Layers {first} to {first + fold.length - 1}"
                more = f"{fold.times - 1} more time" + "s" * (fold.times > 2)
                self.say(f"{which} again, {more}, up to layer {fold.start + fold.length * fold.times}.")

    def _layer(self, layer: LayerProof, first_with: dict[tuple[str, tuple[Term, ...]], int]) -> None:
        node = layer.placed
        if node.layer is None:
            return
        shown = replace(node.layer.unnamed, framework=None) if self.framework else node.layer.unnamed
        notation = shown.notation
        title = line(f"{node.index}. ", Code(node.name), ": ", Code(notation))
        self.add(Heading(3, title, f"layer-{node.index}"))
        origin = self.network.graph.nodes[node.index - 1].origin
        if origin:
            self.say("Imported: ", Code(origin), ".")
        same = (notation, tuple(size for shape in node.inputs for size in shape.dims))
        if same in first_with:
            before = f"As layer {first_with[same]}: the same layer on the same size gives "
            self.say(before, sizes_shown(node.output.dims), ".")
            return
        first_with[same] = node.index
        if not any(node.applied.maps):
            self.say(*gives(node, self.network, parameters=bool(layer.parameters)))
        if node.layer.shares:
            self.say("Its weights are those of ", Code(node.layer.shares), ", where they are counted.")
        self._sizes(layer)
        self._parameters(layer)

    def _sizes(self, layer: LayerProof) -> None:
        node = layer.placed
        before = self.proof.layers[node.sources[0] if node.sources else 0]
        alike: dict[tuple[AxisMap, Term], list[int]] = {}
        named = axis_words(layer, self.proof)
        for position, (map_, axis) in enumerate(zip(node.applied.maps, layer.axes, strict=False)):
            if map_ is not None and axis is not None:
                alike.setdefault((map_, before.placed.axes[position].size), []).append(position)
        for (map_, size), positions in alike.items():
            proof = layer.axes[positions[0]]
            if proof is not None:
                letters = " and ".join(named[position] for position in positions)
                self._axis(map_, proof, size, letters if len(layer.axes) > 1 else "")

    def _axis(self, map_: AxisMap, axis: AxisProof, size: Term, letter: str) -> None:
        law = map_.law
        if law.theorem not in self.laws:
            self.say(law.reason)
            self.laws[law.theorem] = self.step(under_conditions(law.theorem), law.name, ", ", law.source)
            for way, meaning in other_ways(law):
                self.step(way, meaning)
        general = self.laws[law.theorem]
        substituted = map_.assignment(size)
        sign = ":=" if any(symbol.name in self.symbols for symbol in substituted) else "="
        values = ", ".join(f"{symbol.name} {sign} {short(term)}" for symbol, term in substituted.items())
        if axis.number is None:
            formula = size_equation(axis, self.proof.repeated)
            if formula is not None:
                own = axis.shown.formula or formula  # the layer's own hypotheses, though its size may need fewer
                first = self.proof.repeated.first
                every = in_order(formula.hypotheses | own.hypotheses)
                needed = [h for h in every if not (isinstance(h, Le) and first.get(h.args[1]) is h.args[0])]
                asked = [" if ", *listed(tuple(needed))] if needed else []
                self.step(
                    line(Math(formula.conclusion), *asked),
                    f"[{general}] with ",
                    *assigned(map_, axis.shown.source, self.symbols, self.names),
                )
            return
        self.step(
            line(f"{letter}: " if letter else "", Math(axis.number.value.conclusion)),
            "evaluate, ", f"[{general}] with {values}", *checked(axis.number.conditions),
        )  # fmt: skip
        if left_out := dropped(map_, size):
            self.say(left_out)

    def _parameters(self, layer: LayerProof) -> None:
        before = self.proof.layers[layer.placed.sources[0] if layer.placed.sources else 0]
        arrays = [one._replace(shape=by_name(before, one.shape)) for one in layer.placed.applied.weights]
        if layer.parameters:
            if reason := reason_of_parameters(layer):
                self.say(reason)
            self.step(line(*parameter_line(layer, before), " parameters"), *entries_of(arrays))
        if layer.work:
            work = layer.work[-1].conclusion.args[1]
            if len(symbols_of(work)) <= 8:
                together = layer.work[-2].conclusion.args[1] if len(layer.work) > 1 else work
                is_evaluated = work.constant is not None and together is not work
                shown = equal(together, work) if is_evaluated else (Math(work),)
                self.step(line(*shown, " multiply-adds"), layer.placed.layer.multiplied if layer.placed.layer else "")

    # ---- the whole network --------------------------------------------------------------------------------------------

    def whole(self) -> None:
        last = self.proof.layers[self.proof.feature_map]
        if not last.placed.index:
            return
        letters = axis_words(last, self.proof)
        names = last.placed.output.axis_names
        for positions in self._alike_axes():
            axis = last.axes[positions[-1]]
            if axis is not None and symbols_of(axis.form.form.term) and not self._untouched(positions[-1]):
                self._closed_form(positions[-1], axis, names[positions[-1]])
                for position in positions[:-1]:
                    if last.axes[position] is not axis:
                        self.say(f"{letters[position]} goes the same way.")

    def _alike_axes(self) -> list[list[int]]:
        """The positions of the last tensor's axes, grouped by the laws they came through."""
        groups: dict[tuple[AxisMap | None, ...], list[int]] = {}
        for position in range(len(self.proof.layers[self.proof.feature_map].axes)):
            path = tuple(map_ for _, map_, _ in self._path(position))
            groups.setdefault(path, []).append(position)
        return list(groups.values())

    def _closed_form(self, position: int, last: AxisProof, letter: str) -> None:
        base = last.form.form.base
        self.add(Heading(2, line("The whole network, for every ", Math(base)), f"closed-form-{letter.lower()}"))
        path = self._path(position)
        maps = [(layer, map_) for layer, map_, _ in path if map_ is not None and map_.offset is not None]
        if maps and len(maps) == len([1 for _, map_, _ in path if map_]) and len(maps) <= SECTIONS:
            items: list[Inline] = []
            for layer, map_ in maps:
                offset, divisor = map_.offset or (integer(0), integer(1))
                items += [", " if items else " ", Code(layer.placed.name), " (", Math(offset), ", ", Math(divisor), ")"]
            kept = any(keeps(map_) for _, map_ in maps)
            self.say("Write each layer as ", Math(affine_pattern()), " with the pair (a, m):", *items, ".",
                     " A layer with the pair (0, 1) keeps the size." if kept else "")  # fmt: skip
        before = ClosedForm(base)
        long = (number for number, (_, _, axis) in enumerate(path) if has_more_parts(axis.form.form.term, LONG))
        shown = min(SECTIONS, next(long, SECTIONS))
        for layer, through, axis in path[:shown]:
            if through is not None and not keeps(through):
                size, closed = axis.form.size, axis.form.form.term
                own = size in self.names and self.proof.repeated.first.get(size, size) is size
                statement = line(Math(Eq(size, closed) if own else closed), " after ", Code(layer.placed.name))
                self.step(statement, *merged(before, through, axis.form.form))
                before = axis.form.form
        if len(path) > shown:
            more = len(path) - shown
            self.say(f"and so on for {group_digits(more)} more layer{'s' * (more > 1)}, one merge each, until")
            closed = closed_form(self.proof, position, last).conclusion.args[1]
            self.step(line(Math(closed), " at the end"), "nested floor, each merge a kernel step")
        self._window(position, last)

    def _path(self, position: int) -> list[tuple[LayerProof, AxisMap | None, AxisProof]]:
        """The layers that an axis comes through, from first to last, each with the map and the theorems of the axis."""
        layers: list[tuple[LayerProof, AxisMap | None, AxisProof]] = []
        index = self.proof.feature_map
        while index:
            layer = self.proof.layers[index]
            axis, origin = layer.axes[position], layer.placed.origins[position]
            if axis is None:
                break
            layers.append((layer, layer.placed.applied.maps[position], axis))
            if origin is None:
                break
            index, position = layer.placed.sources[origin[0]], origin[1]
        return layers[::-1]

    def _window(self, position: int, last: AxisProof) -> None:
        window = self.proof.windows[position]
        field = self.proof.fields[self.proof.feature_map][position]
        if window is None or field is None:
            return
        maps = [map_ for _, map_, _ in self._path(position) if map_ is not None]
        self.step(
            line(*as_one_window(field, maps), ": ", Math(window.conclusion.args[1])),
            "polynomial identity; the size is 1 + Σ (F − 1)·∏ S over the layers",
        )
        if any(map(divides_padding, maps)):
            self.say(*where_windows_stand(field, self.network.placed[0], last))
        hypotheses = fits(self.proof, self.names, last)
        base = last.form.form.base
        if all(bounds(hypothesis, base) for hypothesis in hypotheses):
            least = self.proof.least.get(base, 1)
            below = ": below that some layer's window does not fit." if least > 1 else "."
            self.say("It holds for every ", Math(Le(integer(least), base)), below)
        else:
            more = [", …"] * (len(hypotheses) > 12)
            self.say("It holds where every layer fits: ", *listed(hypotheses[:12]), *more, ".")

    def exactness(self) -> None:
        """Adds which sizes every layer divides, the answer to a question of its own."""
        solutions = self.exact
        if solutions is None or solutions.count == 0 or solutions.members == IntegerSet.interval(1, None):
            return
        exact = f"Every layer divides without dropping an {entry_dropped(self.network.placed)} ⇔ {solutions}"
        self.step(line(exact), f"solved, {group_digits(len(steps(solutions.theorem)))} steps by the kernel")
        on_exact_sizes(self.network, solutions, self.add, self.step)


def report_document(network: Network, memory: Memory | None = None, costs: bool = False) -> Document:
    """The report, with columns of ``costs`` and the ``memory``; raises :class:`symnet.LayerError` if no sizes fit."""
    refuse_if_never_fits(network)
    report = _Report(network)
    report.result()
    report.add(table_block(network, width=width_of_numbers(memory, costs)), *below_the_table(network, memory))
    report.add(Heading(2, ("Layer by layer",), "layers"))
    if report.framework:
        report.say(f"Every layer follows the defaults of {TITLES[report.framework]}.")
    report.layers()
    report.whole()
    training(network.placed, network.graph.outputs(), report.names, report.add, report.step)
    report.exactness()
    report.add(*foundations(network, memory))
    if network.title != network.notation and len(network.title) < len(network.notation):
        notation = Code(" ".join(network.notation.split()))
        report.add(Heading(2, ("The network in notation",), "notation"), Paragraph((notation,)))
    return Document((Code(network.title),), tuple(report.blocks), report.names)
