"""What a question asks, as a proposition on the sizes *by definition* (counted windows), and the theorem that turns every count
into its formula: ⊢ question about counts ⇔ question about arithmetic.

Each part may assume those before it, since a formula holds where its kernel fits; so the parts stand in the order of the layers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from symnet.errors import LayerError
from symnet.kernel.propositions import Eq, Le, Proposition, holds
from symnet.kernel.rules import calculate, chain, conjuncts, cut, entry_count, flip, polynomial_identity, replace, rewrite_iff, value
from symnet.kernel.theorem import Theorem
from symnet.layers.base import Applied, Layer
from symnet.layers.law import AxisMap
from symnet.layers.shape import Shape
from symnet.network.forms import Form
from symnet.network.graph import Graph, Node
from symnet.network.proof import HOLE, FormStep, first_form, form_step, right
from symnet.terms.term import Node as TermNode
from symnet.terms.term import Symbol, Term, integer, substitute, symbols_of

__all__ = [
    "BUDGET", "EXACT", "FITS", "JOINS", "TARGET", "WHERE", "Part", "Size", "Statement", "Tensor", "plainly_true", "state",
]  # fmt: skip

#: Why a part is asked.
FITS, JOINS, EXACT = "the kernel fits", "the layer is valid", "no entry is dropped"
TARGET, BUDGET, WHERE = "the size asked for", "the budget", "as asked"

ONE = integer(1)


@dataclass(frozen=True)
class Part:
    """One thing the question asks, and why."""

    proposition: Proposition
    why: str
    layer: int = 0


@dataclass(frozen=True)
class Size:
    """A size by definition, and the theorem that it is its formula (none for a size that is one already)."""

    defined: Term
    fact: Theorem | None = None
    step: FormStep | None = None

    @property
    def written(self) -> Term:
        """The formula."""
        return self.defined if self.fact is None else right(self.fact)


@dataclass(frozen=True)
class Tensor:
    """A layer in its place with its output, the sizes by definition; ``dropped`` are the exactness parts it would have."""

    index: int
    name: str
    shape: Shape
    inputs: tuple[Shape, ...]
    applied: Applied
    layer: Layer | None = None
    exact: tuple[Part, ...] = ()


@dataclass
class Statement:
    """The parts of a question in order, and what is known of every size."""

    parts: dict[Proposition, Part] = field(default_factory=dict)
    sizes: dict[Term, Size] = field(default_factory=dict)
    tensors: list[Tensor] = field(default_factory=list)

    def ask(self, proposition: Proposition, why: str, layer: int = 0) -> None:
        """One more part; what is plainly true is left out, unless formulas rest on it."""
        if proposition not in self.parts and (why == FITS or not plainly_true(proposition)):
            self.parts[proposition] = Part(proposition, why, layer)

    def size(self, defined: Term) -> Size:
        """What is known of a size; one that no layer made is its own formula."""
        return self.sizes.get(defined) or Size(defined)

    def written(self, proposition: Proposition) -> Proposition:
        """The proposition on formulas."""
        return substitute(proposition, {size: known.written for size, known in self._met(proposition)})

    def _met(self, proposition: Proposition) -> list[tuple[Term, Size]]:
        """The sizes with a formula that a proposition speaks of, the outermost ones."""
        found: dict[Term, Size] = {}
        seen: set[TermNode] = set()
        stack: list[TermNode] = [proposition]
        while stack:
            node = stack.pop()
            if node in seen:
                continue
            seen.add(node)
            known = self.sizes.get(node)  # type: ignore[call-overload]
            if known is not None and known.fact is not None:
                found[node] = known  # type: ignore[index]
            else:
                stack.extend(node.children)
        return list(found.items())

    def counted(self, shape: tuple[Term, ...]) -> Term:
        """The number of entries of an array; its formula is the product of the sizes' formulas."""
        fact = entry_count(shape)
        defined, written = fact.conclusion.args
        for size in dict.fromkeys(shape):
            known = self.size(size).fact
            if known is not None:
                hole = substitute(written, {size: HOLE})
                fact = replace(flip(known), fact, Eq(defined, hole), HOLE)
                written = right(fact)
        self.sizes[defined] = Size(defined, fact)
        return defined

    def formulas(self) -> Theorem:
        """⊢ all parts, by definition ⇔ all parts, by formula."""
        found: list[Theorem] = []
        for proposition in self.parts:
            facts = tuple(known.fact for _, known in self._met(proposition) if known.fact is not None)
            found.append(rewrite_iff(facts, proposition))
        return conjuncts(tuple(found))


def plainly_true(proposition: Proposition) -> bool:
    """What needs no proof to be left out: true by calculation or by the signs of the symbols."""
    kind = type(proposition)
    if kind in (Eq, Le) and proposition.args[0] is proposition.args[1]:
        return True
    if kind is Le:
        left, right_ = proposition.args
        if left.constant is not None and right_.least is not None and left.constant <= right_.least:
            return True
    if all(isinstance(arg, Term) and arg.constant is not None for arg in proposition.args):
        return holds(proposition)
    return False


def state(statement: Statement, graph: Graph, *, exact: bool) -> None:
    """Ask everything that the layers themselves ask of the unknowns; with ``exact`` also that none drops an entry."""
    shape = graph.input
    for size in shape.dims:
        statement.ask(Le(ONE, size), JOINS)
        if not isinstance(size, Symbol):
            statement.sizes[size] = Size(size, None, None if size.constant is not None else first_form(size))
    statement.tensors.append(Tensor(0, "input", shape, (), Applied(shape)))
    for index, (node, name) in enumerate(zip(graph.nodes, graph.names(), strict=True), start=1):
        statement.tensors.append(_placed(statement, index, name, node, exact))


def _placed(statement: Statement, index: int, name: str, node: Node, exact: bool) -> Tensor:
    inputs = tuple(statement.tensors[source].shape for source in node.sources)
    try:
        applied = node.layer.apply(inputs)
    except LayerError as error:
        raise LayerError(f"layer {index} ({name}, {node.layer.notation}): {error}") from None
    for condition in applied.conditions:
        statement.ask(condition.proposition, condition.why, index)
    axes: list[Term] = []
    dropped: list[Part] = []
    for position, map_ in enumerate(applied.maps):
        before = _origin(applied, inputs, position)
        if map_ is None or before is None:
            axes.append(applied.output.axes[position])
            continue
        axes.append(_mapped(statement, map_, before, index))
        drops = map_.exact(before)
        if drops is not None:
            if exact:
                statement.ask(drops, EXACT, index)
            dropped.append(Part(drops, EXACT, index))
    output = applied.output.with_axes(applied.output.channels, tuple(axes)) if axes else applied.output
    output = Shape(tuple(_number(statement, size) for size in output.dims), output.layout, output.data_format)
    for size in output.dims:
        if size not in statement.sizes:
            statement.ask(Le(ONE, size), JOINS, index)
    return Tensor(index, name, output, inputs, applied, node.layer, tuple(dict.fromkeys(dropped)))


def _origin(applied: Applied, inputs: tuple[Shape, ...], position: int) -> Term | None:
    """The size that the law of an axis starts from."""
    if applied.origins is None:
        place: tuple[int, int] | None = (0, position)
    else:
        place = applied.origins[position]
    if place is None or place[1] >= len(inputs[place[0]].axes):
        return None
    return inputs[place[0]].axes[place[1]]


def _number(statement: Statement, size: Term) -> Term:
    return size if size.constant is None else integer(size.constant)


def _mapped(statement: Statement, map_: AxisMap, before: Term, index: int) -> Term:
    """The size after a law, by definition, with its formula; the law's conditions are asked."""
    defined = map_.size(before)
    if defined in statement.sizes:
        return defined
    known = statement.size(before)
    if known.written.constant is not None:
        size = _from_number(map_, known)
    elif map_.offset is not None and all(part.constant is not None for part in map_.offset):
        size = _closed(map_, known)
    elif map_.scaling is not None and all(part.constant is not None for part in map_.scaling):
        size = _closed(map_, known)
    else:
        size = _formula(map_, known)
    found, conditions = size
    for condition in conditions:
        statement.ask(condition, FITS, index)
    if isinstance(defined, Symbol) or found.written is defined:
        found = Size(defined)  # a size that is given, as output=O
    statement.sizes[defined] = found
    return defined


def _closed(map_: AxisMap, known: Size) -> tuple[Size, Iterable[Proposition]]:
    """Numbers: the closed form of the whole stack, one more layer."""
    before = known.step or (first_form(known.defined) if known.fact is None else _restarted(known.fact))
    step = form_step(map_, before, None)
    asked = step.law.hypotheses if step.law is not None else ()
    return Size(step.size, step.closed, step), _ordered(asked)


def _restarted(fact: Theorem) -> FormStep:
    """A formula as the base of closed forms: size = ⌊(formula + 0)/1⌋."""
    form = Form(right(fact))
    return FormStep(form, chain(fact, polynomial_identity(right(fact), form.affine)))


def _formula(map_: AxisMap, known: Size) -> tuple[Size, Iterable[Proposition]]:
    """Letters: the law's own formula, on the formula of the size before."""
    law = map_.prove(known.defined)
    theorem = law
    if known.fact is not None:
        pattern = Eq(law.conclusion.args[0], map_.formula(HOLE))
        theorem = replace(flip(known.fact), law, pattern, HOLE)
    return Size(law.conclusion.args[0], theorem), _ordered(law.hypotheses)


def _from_number(map_: AxisMap, known: Size) -> tuple[Size, Iterable[Proposition]]:
    """A number before: the numbers in place, worked out where the law has no letters; a condition that holds is calculated."""
    law = map_.prove(known.written)
    asked: list[Proposition] = []
    for condition in _ordered(law.hypotheses):
        if plainly_true(condition) and not symbols_of(condition):
            law = cut(calculate(condition), law)
        else:
            asked.append(condition)
    if right(law).constant is not None:
        law = chain(law, value(right(law)))
    if known.fact is not None:
        law = replace(known.fact, law, Eq(map_.size(HOLE), right(law)), HOLE)
    return Size(law.conclusion.args[0], law), asked


def _ordered(hypotheses: Iterable[Proposition]) -> list[Proposition]:
    return sorted(hypotheses, key=lambda hypothesis: hypothesis.serial)

