"""What a question asks, as a proposition on the sizes *by definition* (counted windows), and the theorem that
turns every count into its formula: ⊢ question about counts ⇔ question about arithmetic.

Each part may assume those before it, since a formula holds where its kernel fits; so the parts stand in the order
of the layers.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from symnet.errors import LayerError
from symnet.graph import Graph, Node
from symnet.kernel.intervals import must_be_true
from symnet.kernel.rules import conjuncts, rewrite_iff
from symnet.kernel.theorem import Theorem
from symnet.layers.declaration.base import Applied, Layer, Weight
from symnet.layers.declaration.shape import Shape
from symnet.layers.laws.law import AxisMap
from symnet.network.propagate import layer_title, weighted
from symnet.solving.formulas import Formulas, Size, calculated
from symnet.solving.templates import LawTemplate, law_template
from symnet.terms.propositions import And, Eq, Le, Lt, Or, Proposition
from symnet.terms.term import Int, Symbol, Term, evaluate, integer, substitute

__all__ = [
    "BUDGET", "EXACT", "FITS", "JOINS", "TARGET", "WHERE", "Part", "Statement", "Tensor", "plainly_true", "state",
]  # fmt: skip

#: Why a part is asked.
FITS, JOINS, EXACT = "the kernel fits", "the layer is valid", "no entry is dropped"
TARGET, BUDGET, WHERE = "the size asked for", "the budget", "as asked"

ONE = integer(1)


class Part(NamedTuple):
    """One thing the question asks, and why; ``what`` a budget bounds."""

    proposition: Proposition
    why: str
    layer: int = 0
    what: str = ""


@dataclass(slots=True)
class Tensor:
    """A layer in its place with its output, the sizes by definition; ``exact`` are the exactness parts it would
    have.
    """

    index: int
    name: str
    shape: Shape
    inputs: tuple[Shape, ...]
    applied: Applied
    layer: Layer | None = None
    exact: tuple[Part, ...] = ()


@dataclass
class Statement:
    """The parts of a question in order, and how every size came about."""

    parts: dict[Proposition, Part] = field(default_factory=dict)
    tensors: list[Tensor] = field(default_factory=list)
    formulas: Formulas = field(default_factory=Formulas)

    @property
    def proposition(self) -> And:
        """The whole question, by definition."""
        return And(*self.parts)

    def exactly(self) -> Statement:
        """The same, and no layer drops an entry."""
        asked = Statement(dict(self.parts), self.tensors, self.formulas)
        for tensor in self.tensors:
            for part in tensor.exact:
                asked.ask(part.proposition, part.why, part.layer)
        return asked

    @property
    def direct(self) -> bool:
        """Whether counts can be decided as they are: only plain windows and scalings."""
        return all(size.law is None or size.law.map.law.plain for size in self.formulas.sizes.values())

    def ask(self, proposition: Proposition, why: str, layer: int = 0, what: str = "") -> None:
        """One more part; what is plainly true is left out, unless formulas rest on it."""
        if proposition not in self.parts and (why == FITS or not plainly_true(proposition)):
            self.parts[proposition] = Part(proposition, why, layer, what)

    def written(self, proposition: Proposition) -> Proposition:
        """The proposition on formulas."""
        return substitute(proposition, {size: self.formulas.written(size) for size in self.formulas.met(proposition)})

    def by_formula(self) -> Theorem:
        """⊢ all parts, by definition ⇔ all parts, by formula."""
        found: list[Theorem] = []
        for proposition in self.parts:
            facts = tuple(
                fact for size in self.formulas.met(proposition) if (fact := self.formulas.fact(size)) is not None
            )
            found.append(rewrite_iff(facts, proposition))
        return conjuncts(tuple(found))


def plainly_true(proposition: Proposition) -> bool:
    """What needs no proof to be left out: true by calculation or by the signs of the symbols."""
    kind = type(proposition)
    if kind is Eq or kind is Le:
        left, right = proposition.args
        if left is right or (
            kind is Le and left.constant is not None and right.least is not None and left.constant <= right.least
        ):
            return True
    elif kind is Or:
        return any(map(calculated, proposition.args))
    elif kind is not Lt:
        return False
    return calculated(proposition)


def state(statement: Statement, graph: Graph, *, exact: bool) -> None:
    """Ask everything that the layers themselves ask of the unknowns; with ``exact`` also that none drops an entry."""
    shape = graph.input
    for size in shape.dims:
        statement.ask(Le(ONE, size), JOINS)
        statement.formulas.given(size)
    statement.tensors.append(Tensor(0, "input", shape, (), Applied(shape)))
    held: dict[str, tuple[Weight, ...]] = {}
    for index, (node, name) in enumerate(zip(graph.nodes, graph.names(), strict=True), start=1):
        statement.tensors.append(_placed(statement, index, name, node, exact, held))


def _placed(
    statement: Statement, index: int, name: str, node: Node, exact: bool, held: dict[str, tuple[Weight, ...]]
) -> Tensor:
    inputs = tuple([statement.tensors[source].shape for source in node.sources])
    if len(inputs) > 1:
        inputs = tuple([_stretching(statement, shape) for shape in inputs])
    try:
        plain = node.layer.apply(inputs)
        applied = weighted(node.layer, plain, held)
    except LayerError as error:
        raise LayerError(f"{layer_title(index, name, node.layer.notation)}: {error}") from None
    held[name] = plain.weights
    for condition in applied.conditions:
        statement.ask(condition.proposition, condition.why, index)
    output = applied.output
    dropped: tuple[Part, ...] = ()
    if any(applied.maps):
        output, dropped = _windowed(statement, index, inputs, applied)
    if exact:
        for part in dropped:
            statement.ask(*part)
    for size in output.dims:
        if size.constant is not None and type(size) is not Int:
            output = replace(output, dims=tuple(map(_number, output.dims)))
        if (size.least is None or size.least < 1) and size not in statement.formulas.sizes:
            statement.ask(Le(ONE, size if size.constant is None else _number(size)), JOINS, index)
    return Tensor(index, name, output, inputs, applied, node.layer, dropped)


def _windowed(
    statement: Statement, index: int, inputs: tuple[Shape, ...], applied: Applied
) -> tuple[Shape, tuple[Part, ...]]:
    """The output with the sizes that the laws of its axes give, and what holds when no entry is dropped."""
    before = [shape.axes for shape in inputs]
    axes: list[Term] = []
    dropped: dict[Part, None] = {}
    done: dict[tuple[int, Term], Term] = {}  # equal axes with equal laws are stated once
    for position, (map_, size) in enumerate(zip(applied.maps, applied.output.axes, strict=True)):
        came = None if map_ is None else _origin(applied, before, position)
        if map_ is None or came is None:
            axes.append(size)
            continue
        law = law_template(map_)
        after = done.get((id(law), came))
        if after is None:
            after, drops = _mapped(statement, law, came, index)
            done[id(law), came] = after
            if drops is not None:
                dropped[Part(drops, EXACT, index)] = None
        axes.append(after)
    return applied.output.resized(tuple(axes)), tuple(dropped)


def _stretching(statement: Statement, shape: Shape) -> Shape:
    """The shape with the numeral 1 for sizes that are known to be 1: those a join stretches."""
    known = statement.formulas.sizes
    dims = tuple([ONE if size in known and known[size].number == 1 else size for size in shape.dims])
    return shape if dims == shape.dims else replace(shape, dims=dims)


def _origin(applied: Applied, axes: list[tuple[Term, ...]], position: int) -> Term | None:
    """The size that the law of an axis starts from, of these of the inputs."""
    place = (0, position) if applied.origins is None else applied.origins[position]
    if place is None or place[1] >= len(axes[place[0]]):
        return None
    return axes[place[0]][place[1]]


def _number(size: Term) -> Term:
    return size if size.constant is None else integer(size.constant)


def _mapped(statement: Statement, law: LawTemplate, before: Term, index: int) -> tuple[Term, Proposition | None]:
    """The size after a law, by definition, and what holds when no entry is dropped; the law's conditions are asked."""
    defined, conditions, drops = law.filled(before)
    known = statement.formulas.sizes
    number = known[before].number if before in known else before.constant
    if number is not None:
        conditions = [
            one for one, at in zip(conditions, law.conditions(integer(number)), strict=True) if not calculated(at)
        ]
        at_number = None if drops is None else law.map.exact(integer(number))
        if at_number is not None and must_be_true(at_number, {}):  # a window as long as the input, whatever the stride
            drops = None
    for condition in conditions:
        statement.ask(condition, FITS, index)
    if defined is before or isinstance(defined, Symbol):  # a size that is given, as output=O
        statement.formulas.given(defined)
    elif defined not in known:
        known[defined] = Size(law, before, None if number is None or conditions else _value(law.map, number))
    return defined, drops


def _value(map_: AxisMap, number: int) -> int | None:
    formula = map_.formula(integer(number))
    return None if formula.constant is None else evaluate(formula)
