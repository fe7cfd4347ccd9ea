"""What a report says of the sizes that every layer divides: on them each size, cost and total is a polynomial."""

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

#: So many sizes are listed; of more those at both ends. In a network of more layers nothing is said.
LISTED, LAYERS = 24, 240


def on_exact_sizes(network: Network, found: Solutions, add: Callable[[Block], None], step: Callable[..., int]) -> None:
    """Add the sizes of a network with a symbolic input on the class of exact sizes, and its totals; nothing where there is no
    such class."""
    symbol = network.graph.input.axes[0]
    known = exact_class(found, symbol) if isinstance(symbol, Symbol) and len(network.placed) <= LAYERS else None
    if known is None:
        return
    where: list[Inline] = [Math(Eq(known.symbol, known.size)), " with ", Math(Le(integer(known.least), known.t))]
    sizes = _sizes(network, known)
    if sizes:
        add(Paragraph(line("On these sizes, ", *where, ", all sizes are polynomials: ", *_listed(sizes), ".")))
    for what, theorem in (("parameters", network.proof.parameters), ("multiply-adds", network.proof.multiply_adds)):
        total = known.on(theorem)
        if total is not None:
            count = group_digits(len(steps(total)))
            step(
                line(Math(right(total)), f" {what} where ", *where),
                f"every floor divides without remainder, {count} steps by the kernel",
            )


def _sizes(network: Network, known: ExactClass) -> list[tuple[str, Term]]:
    """The layers after which an axis has another size than before, each with that size."""
    found: list[tuple[str, Term]] = []
    polynomials: dict[Theorem, Theorem | None] = {}
    for layer in network.proof.layers[1:]:
        axis = next((axis for axis in layer.axes if axis is not None), None)
        if axis is None or axis.form.form.base is not known.symbol:
            continue
        closed = axis.form.closed
        if closed not in polynomials:
            polynomials[closed] = known.on(closed)
        proven = polynomials[closed]
        if proven is not None and (not found or found[-1][1] is not right(proven)):
            found.append((layer.placed.name, right(proven)))
    return found


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
