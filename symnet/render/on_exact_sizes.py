"""The part of a report on the sizes that every layer divides: on them each size, cost and total is a polynomial."""

from __future__ import annotations

from collections.abc import Callable

from symnet.kernel.theorem import Theorem
from symnet.kernel.walks import steps
from symnet.layers.laws.counting import right
from symnet.network.network import Network
from symnet.printing.names import group_digits
from symnet.render.document import Block, Code, Inline, Line, Math, Paragraph, Row, Table, line
from symnet.solving.exact_class import ExactClass, exact_class
from symnet.solving.solutions import Solutions
from symnet.terms.propositions import Eq, Le
from symnet.terms.term import Symbol, Term, integer

__all__ = ["on_exact_sizes"]

#: How many layers are listed, half of them at each end; networks with more layers get no such part.
LISTED, LAYERS = 80, 240


def on_exact_sizes(
    network: Network, solutions: Solutions, add: Callable[[Block], None], step: Callable[..., int]
) -> None:
    """Add the sizes and totals of a network with a symbolic input on its exact sizes; ``add`` takes a block, ``step`` a statement with its
    reason. Nothing is added if there is no class of exact sizes.
    """
    symbol = network.graph.input.axes[0]
    exact = exact_class(solutions, symbol) if isinstance(symbol, Symbol) and len(network.placed) <= LAYERS else None
    if exact is None:
        return
    where: list[Inline] = [Math(Eq(exact.symbol, exact.size)), " with ", Math(Le(integer(exact.least), exact.t))]
    rows = _rows(network, exact)
    if rows:
        add(Paragraph(line("On these sizes, ", *where, ", all sizes and costs are polynomials:")))
        add(Table((("layer",), ("size",), ("multiply-adds",)), _shortened(rows), "lrr"))
    for what, theorem in (("parameters", network.proof.parameters), ("multiply-adds", network.proof.multiply_adds)):
        total = exact.on(theorem)
        if total is not None:
            count = group_digits(len(steps(total)))
            step(
                line(Math(right(total)), f" {what} where ", *where),
                f"every floor divides without remainder, {count} steps by the kernel",
            )


def _rows(network: Network, exact: ExactClass) -> list[Row]:
    """A row for each layer that changes the size of the first axis, or has multiply-adds that depend on it."""
    rows: list[Row] = []
    before: Term | None = None
    polynomials: dict[Theorem, Theorem | None] = {}
    for layer in network.proof.layers[1:]:
        axis = next((axis for axis in layer.axes if axis is not None), None)
        size = before
        if axis is not None and axis.form.form.base is exact.symbol:
            closed = axis.form.closed
            if closed not in polynomials:
                polynomials[closed] = exact.on(closed)
            proven = polynomials[closed]
            size = before if proven is None else right(proven)
        cost = exact.on(layer.work[-1]) if layer.work else None
        if size is not before or cost is not None:
            shown: Line = (Math(size),) if size is not None else ()
            rows.append(Row(((Code(layer.placed.name),), shown, (Math(right(cost)),) if cost is not None else ())))
        before = size
    return rows


def _shortened(rows: list[Row]) -> tuple[Row, ...]:
    left_out = len(rows) - LISTED
    if left_out <= 0:
        return tuple(rows)
    more = Row(((f"{left_out} more",), (), ()))
    return (*rows[: LISTED // 2], more, *rows[-LISTED // 2 :])
