"""The conditions of a question as a proposition on sizes *by definition* (window counts), and the theorem that
replaces every count by its formula: ⊢ question about counts ⇔ question about arithmetic.

Each part may assume the parts before it, since a formula holds only if the kernel fits; so the parts are in the order
of the layers.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from symnet.errors import LayerError
from symnet.graph import Graph, Node
from symnet.kernel.rules import conjuncts, rewrite_iff
from symnet.kernel.theorem import Theorem
from symnet.layers.declaration.base import Applied, Layer, Weight
from symnet.layers.declaration.shape import Shape
from symnet.layers.laws.law import AxisMap
from symnet.network.closed_forms import constant_quotient
from symnet.network.propagate import layer_title, with_counted_weights
from symnet.search.narrowing import must_be_true
from symnet.solving.formulas import Formulas, Size, is_true_of_numbers
from symnet.solving.law_templates import LawTemplate, law_template
from symnet.terms.evaluation import evaluate
from symnet.terms.polynomial import Monomial, normal_form
from symnet.terms.propositions import And, Eq, Le, Lt, Or, Proposition
from symnet.terms.term import FloorDiv, Int, Symbol, Term, integer, substitute
from symnet.terms.walks import has_more_parts

__all__ = [
    "BUDGET", "EXACT", "FITS", "JOINS", "TARGET", "WHERE", "Part", "Statement", "Tensor", "plainly_true", "state",
]  # fmt: skip

#: The reasons for which a part is asked.
FITS, JOINS, EXACT = "the kernel fits", "the layer is valid", "no entry is dropped"
TARGET, BUDGET, WHERE = "the size asked for", "the budget", "as asked"

ONE = integer(1)

#: Formulas with more parts are not asked whether they are 1 for all letters.
SHORT = 40


class Part(NamedTuple):
    """One condition of the question and its reason; ``what`` is the quantity that a budget bounds."""

    proposition: Proposition
    why: str
    layer: int = 0
    what: str = ""


@dataclass(slots=True)
class Tensor:
    """A layer with its index, inputs and output, whose sizes are by definition; ``exact`` are its conditions that no
    entry is dropped.
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
    """The conditions of a question in order, and the origin of every size."""

    parts: dict[Proposition, Part] = field(default_factory=dict)
    tensors: list[Tensor] = field(default_factory=list)
    formulas: Formulas = field(default_factory=Formulas)

    @property
    def proposition(self) -> And:
        """The whole question, by definition."""
        return And(*self.parts)

    def exactly(self) -> Statement:
        """The same question with the condition that no layer drops an entry."""
        asked = Statement(dict(self.parts), self.tensors, self.formulas)
        for tensor in self.tensors:
            for part in tensor.exact:
                asked.ask(part.proposition, part.why, part.layer)
        return asked

    @property
    def direct(self) -> bool:
        """Whether counts can be decided without formulas: only plain windows and affine laws occur."""
        return all(size.law is None or size.law.map.law.plain for size in self.formulas.sizes.values())

    def ask(self, proposition: Proposition, why: str, layer: int = 0, what: str = "") -> None:
        """Adds a condition; one that is evidently true is left out, unless formulas depend on it."""
        if proposition not in self.parts and (why == FITS or not plainly_true(proposition)):
            self.parts[proposition] = Part(proposition, why, layer, what)

    def with_formulas(self, proposition: Proposition) -> Proposition:
        """The proposition with every size replaced by its formula."""
        return substitute(
            proposition, {size: self.formulas.formula_of(size) for size in self.formulas.sizes_in(proposition)}
        )

    def by_formula(self) -> Theorem:
        """⊢ all parts, by definition ⇔ all parts, by formula."""
        found: list[Theorem] = []
        for proposition in self.parts:
            facts = tuple(
                fact for size in self.formulas.sizes_in(proposition) if (fact := self.formulas.fact(size)) is not None
            )
            found.append(rewrite_iff(facts, proposition))
        return conjuncts(tuple(found))


def plainly_true(proposition: Proposition) -> bool:
    """Whether a proposition is true by calculation or by the signs of its symbols."""
    kind = type(proposition)
    if kind is Eq or kind is Le:
        left, right = proposition.args
        if left is right or (
            kind is Le and left.constant is not None and right.least is not None and left.constant <= right.least
        ):
            return True
    elif kind is Or:
        return any(map(is_true_of_numbers, proposition.args))
    elif kind is not Lt:
        return False
    return is_true_of_numbers(proposition)


def state(statement: Statement, graph: Graph, *, exact: bool) -> None:
    """Adds all conditions of the layers of a graph; with ``exact`` also that no layer drops an entry. Raises
    :class:`LayerError` if a layer does not accept its input.
    """
    shape = graph.input
    for size in shape.dims:
        statement.ask(Le(ONE, size), JOINS)
        statement.formulas.add_input(size)
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
        applied = with_counted_weights(node.layer, plain, held)
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
    """The output with the sizes that the laws of its axes give, and the conditions that no entry is dropped."""
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
    """The shape with the numeral 1 for sizes known to be 1, whatever the letters are, which a join broadcasts."""
    dims = tuple([ONE if _is_one(statement, size) else size for size in shape.dims])
    return shape if dims == shape.dims else replace(shape, dims=dims)


def _is_one(statement: Statement, size: Term) -> bool:
    known = statement.formulas.sizes.get(size)
    if known is None or known.law is None:
        return False
    if known.number is not None:
        return known.number == 1
    formula = statement.formulas.formula_of(size)
    if has_more_parts(formula, SHORT):
        return False
    numbers = [_number_of(monomial) for monomial in normal_form(formula)]
    coefficients = normal_form(formula).values()
    return None not in numbers and sum(c * (n or 0) for c, n in zip(coefficients, numbers, strict=True)) == 1


def _number_of(monomial: Monomial) -> int | None:
    """The number that a product of one factor or none is for all letters: 0 of ⌊(H − H)/S⌋; ``None`` if it is none."""
    if not monomial:
        return 1
    atom, exponent = monomial[0]
    if len(monomial) > 1 or exponent > 1 or not isinstance(atom, FloorDiv):
        return None
    return constant_quotient(*atom.args)


def _origin(applied: Applied, axes: list[tuple[Term, ...]], position: int) -> Term | None:
    """The input size to which the law of an axis applies; ``None`` if the axis is new."""
    place = (0, position) if applied.origins is None else applied.origins[position]
    if place is None or place[1] >= len(axes[place[0]]):
        return None
    return axes[place[0]][place[1]]


def _number(size: Term) -> Term:
    return size if size.constant is None else integer(size.constant)


def _mapped(statement: Statement, law: LawTemplate, before: Term, index: int) -> tuple[Term, Proposition | None]:
    """The size after a law, by definition, and the condition that no entry is dropped; the law's conditions are added
    to the statement.
    """
    defined, conditions, drops = law.filled(before)
    known = statement.formulas.sizes
    number = known[before].number if before in known else before.constant
    if number is not None:
        conditions = [
            one
            for one, at in zip(conditions, law.conditions(integer(number)), strict=True)
            if not is_true_of_numbers(at)
        ]
        at_number = None if drops is None else law.map.exact(integer(number))
        # the window is as long as the input, so the stride does not matter
        if at_number is not None and must_be_true(at_number, {}):
            drops = None
    for condition in conditions:
        statement.ask(condition, FITS, index)
    if defined is before or isinstance(defined, Symbol):  # a size that the layer fixes, as with output=O
        statement.formulas.add_input(defined)
    elif defined not in known:
        known[defined] = Size(law, before, None if number is None or conditions else _value(law.map, number))
    return defined, drops


def _value(map_: AxisMap, number: int) -> int | None:
    formula = map_.formula(integer(number))
    return None if formula.constant is None else evaluate(formula)
