"""From a request to what is shown: blocks of the document model, formulas, a line, or a figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from symnet.embed.request import OptionError, Request, names_network
from symnet.errors import NotationError, TermError
from symnet.network.at_numbers import numbers
from symnet.network.network import Network
from symnet.notation.parse import split_target
from symnet.printing.structure import Names
from symnet.render.document import Block, Code, Heading, Line, Math, Paragraph, Shape
from symnet.render.figures.canvas import Drawing
from symnet.render.figures.kinds import figure
from symnet.render.names import size_names
from symnet.render.table import table_blocks
from symnet.solving.contradiction import refuse_if_never_fits
from symnet.terms.node import Node
from symnet.terms.parse import Constraint, Membership, parse_constraints, parse_expression
from symnet.terms.propositions import Congruent, Divides, Eq, Le, Lt, Or, Proposition
from symnet.terms.term import integer

__all__ = ["Content", "content", "network_of"]


@dataclass(frozen=True)
class Content:
    """What to show; ``names`` are those of sizes in formulas. One of the parts holds something."""

    blocks: tuple[Block, ...] = ()
    formulas: tuple[Node, ...] = ()
    inline: Line = ()
    drawing: Drawing | None = None
    names: Names = field(default_factory=dict)


def network_of(request: Request) -> Network:
    """The network of a request, with the values of its ``at``; the target of a question is left aside."""
    network = Network.parse(split_target(request.source)[0])
    values = request.text("at")
    if values:
        network = network.at(**numbers([values]))
    if request.flag("exact"):
        network.require_exact()
    return network


def content(request: Request) -> Content:
    """What a request asks for. Raises :class:`symnet.SymnetError` where there is no such thing.

    >>> from symnet.embed.request import Request
    >>> content(Request("parameters", "784 -> FC|10")).inline
    (Math(node=<Int 7850>),)
    """
    if request.kind == "solve":
        from symnet.embed.answers import answer_blocks

        return Content(blocks=answer_blocks(request))
    if request.kind == "formula" and not names_network(request.source):
        return Content(formulas=_formulas(request.source))
    network = network_of(request)
    if request.kind == "figure":
        return Content(drawing=figure(network, request.text("kind") or "network", request.integer("layer")))
    if request.kind == "formula" or request.kind in _QUANTITIES:
        refuse_if_never_fits(network)
    if request.kind == "formula":
        return Content(formulas=_closed_forms(network, request.text("axis")))
    if request.kind in _QUANTITIES:
        return Content(inline=_QUANTITIES[request.kind](network))
    if request.kind == "table":
        return Content(table_blocks(network), names=size_names(network.proof))
    from symnet.render.report import report_document  # with what is proven about training: much for a table

    document = report_document(network)
    blocks = document.blocks if request.kind == "report" else _derivation(document.blocks)
    return Content((Paragraph((Code(network.notation),)), *blocks), names=document.names)


_QUANTITIES: dict[str, Callable[[Network], Line]] = {
    "output": lambda network: (Shape(network.placed[-1].output.dims),),
    "parameters": lambda network: (Math(network.counted()),),
    "trainable": lambda network: (Math(network.counted(True)),),
    "multiply_adds": lambda network: (Math(network.work),),
}


def _derivation(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """A report without its result, its table and what it rests on: the steps."""
    anchors = {block.anchor: place for place, block in enumerate(blocks) if isinstance(block, Heading)}
    return blocks[anchors.get("layers", 0) : anchors.get("checked", len(blocks))]


def _closed_forms(network: Network, axis: str | None) -> tuple[Node, ...]:
    forms = network.closed_terms
    if not forms:
        raise TermError("the network has no axes, so no closed form; ask for its output or its parameters")
    if axis is not None and axis not in forms:
        raise OptionError(f"axis is one of {', '.join(forms)}, not {axis!r}")
    chosen = [forms[axis]] if axis else list(forms.values())
    return tuple(dict.fromkeys(chosen))


def _formulas(source: str) -> tuple[Node, ...]:
    """An expression, or comparisons."""
    if not any(sign in source for sign in "<>=") and "%" not in source:
        return (parse_expression(source),)
    try:
        return (parse_expression(source),)
    except NotationError:
        return tuple(map(_proposition, parse_constraints(source)))


def _proposition(constraint: Constraint | Membership) -> Proposition:
    if isinstance(constraint, Membership):
        equal = [Eq(constraint.left, member) for member in constraint.members]
        return Or(*equal) if len(equal) > 1 else equal[0]
    operator, left, right = constraint
    if operator == "==" and type(left).__name__ == "Mod" and right is integer(0):
        return Divides(left.args[1], left.args[0])
    if operator == "==" and type(left).__name__ == "Mod":
        return Congruent(left.args[0], right, left.args[1])
    match operator:
        case "==":
            return Eq(left, right)
        case "<=":
            return Le(left, right)
        case "<":
            return Lt(left, right)
        case ">=":
            return Le(right, left)
        case ">":
            return Lt(right, left)
    raise OptionError(f"a formula has no sign {operator}")
