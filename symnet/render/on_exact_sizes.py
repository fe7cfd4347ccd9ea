"""The part of a report on the sizes that every layer divides: on them each size, cost and total is a polynomial."""

from __future__ import annotations

from collections.abc import Callable

from symnet.kernel.theorem import Theorem
from symnet.kernel.walks import steps
from symnet.layers.laws.counting import right
from symnet.network.network import Network
from symnet.printing.names import group_digits
from symnet.render.document import Block, Code, Inline, Line, Math, Paragraph, line
from symnet.solving.exact_class import ExactClass, exact_class
from symnet.solving.solutions import Solutions
from symnet.terms.propositions import Eq, Le
from symnet.terms.term import Symbol, Term, integer

__all__ = ["on_exact_sizes"]

#: How many sizes are listed, half of them at each end; networks with more layers get no such part.
LISTED, LAYERS = 60, 240


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
    sizes = _sizes(network, exact)
    if sizes:
        add(Paragraph(line("On these sizes, ", *where, ", all sizes are polynomials: ", *_listed(sizes), ".")))
    for what, theorem in (("parameters", network.proof.parameters), ("multiply-adds", network.proof.multiply_adds)):
        total = exact.on(theorem)
        if total is not None:
            count = group_digits(len(steps(total)))
            step(
                line(Math(right(total)), f" {what} where ", *where),
                f"every floor divides without remainder, {count} steps by the kernel",
            )


def _sizes(network: Network, exact: ExactClass) -> list[tuple[str, Term]]:
    """The layers that change the size of the first axis, each with that size."""
    sizes: list[tuple[str, Term]] = []
    polynomials: dict[Theorem, Theorem | None] = {}
    for layer in network.proof.layers[1:]:
        axis = next((axis for axis in layer.axes if axis is not None), None)
        if axis is None or axis.form.form.base is not exact.symbol:
            continue
        closed = axis.form.closed
        if closed not in polynomials:
            polynomials[closed] = exact.on(closed)
        proven = polynomials[closed]
        if proven is not None and (not sizes or sizes[-1][1] is not right(proven)):
            sizes.append((layer.placed.name, right(proven)))
    return sizes


def _listed(sizes: list[tuple[str, Term]]) -> Line:
    parts: list[Inline] = []
    left_out = len(sizes) - LISTED
    shown = sizes if left_out <= 0 else [*sizes[: LISTED // 2], *sizes[-LISTED // 2 :]]
    for number, (name, size) in enumerate(shown):
        parts += [", "] if number else []
        if left_out > 0 and number == LISTED // 2:
            parts.append(f"{left_out} more, ")
        parts += [Math(size), " after ", Code(name)]
    return tuple(parts)
