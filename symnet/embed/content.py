"""Turns a request into content: blocks of the document model, formulas, inline text, a figure or code. What only some kinds
need is imported when they are requested, so that the page in the browser answers sooner.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from symnet.embed.request import FILES, OptionError, Request, names_network
from symnet.errors import NotationError, TermError
from symnet.network.at_numbers import numbers
from symnet.network.memory import Memory, memory_where_asked
from symnet.network.network import Network
from symnet.network.receptive import unbounded
from symnet.notation.parse import split_target
from symnet.printing.structure import Names
from symnet.render.document import Block, Code, Heading, Line, Math, Paragraph, Shape, Strong, line
from symnet.render.figures.canvas import Drawing
from symnet.render.memory import memory_blocks, width_of_numbers
from symnet.render.names import size_names
from symnet.render.table import table_blocks
from symnet.solving.contradiction import refuse_if_never_fits
from symnet.terms.node import Node
from symnet.terms.parse import Constraint, Membership, parse_constraints, parse_expression
from symnet.terms.propositions import Congruent, Divides, Eq, Le, Lt, Or, Proposition
from symnet.terms.term import Term, integer

__all__ = ["Content", "content", "network_of"]


@dataclass(frozen=True)
class Content:
    """The answer to a request: one of these parts is not empty. ``listing`` is Python code, ``names`` name sizes in formulas."""

    blocks: tuple[Block, ...] = ()
    formulas: tuple[Node, ...] = ()
    inline: Line = ()
    drawing: Drawing | None = None
    listing: str = ""
    names: Names = field(default_factory=dict)


def network_of(request: Request) -> Network:
    """The network of a request with the numbers of its option ``at``; the target of a question is ignored."""
    network = Network.parse(split_target(request.source)[0])
    values = request.text("at")
    if values:
        network = network.at(**numbers([values]))
    if request.flag("exact"):
        network.require_exact()
    return network


def content(request: Request) -> Content:
    """The content that a request asks for. Raises :class:`symnet.SymnetError` if it is wrong or has no answer.

    >>> from symnet.embed.request import Request
    >>> content(Request("parameters", "784 -> FC|10")).inline
    (Math(node=<Int 7850>),)
    """
    if request.kind == "formula" and not names_network(request.label or request.source):
        return Content(formulas=_formulas(request.source))
    return _WRITERS[request.kind](request)


def _solved(request: Request) -> Content:
    from symnet.embed.answers import answer_blocks, answer_line

    return Content(answer_blocks(request), inline=answer_line(request))


def _explained(request: Request) -> Content:
    from symnet.render.catalogue import explanation

    document = explanation(request.source, request.text("framework"))
    name, *words = document.title
    return Content((Paragraph((Strong(name), *words)), *document.blocks), names=document.names)


def _facts(request: Request) -> Content:
    from symnet.facts.fact import TOPICS
    from symnet.render.facts import facts_blocks

    topics = request.source.split() or TOPICS
    for topic in topics:
        if topic not in TOPICS:
            raise OptionError(f"unknown topic {topic!r}: there are {', '.join(TOPICS)}")
    return Content(facts_blocks(topics))


def _compared(request: Request) -> Content:
    from symnet.render.comparison import comparison_blocks

    return Content(comparison_blocks(Network.parse(request.source), Network.parse(request.other)))


def _code(request: Request) -> Content:
    from symnet.render.code import code

    framework = request.text("framework")
    if framework is None:
        raise OptionError("code needs a framework: framework=keras or framework=torch")
    return Content(listing=code(network_of(request), framework))


def _drawn(request: Request) -> Content:
    from symnet.render.figures.kinds import figure

    return Content(drawing=figure(network_of(request), request.text("kind") or "network", request.text("layer")))


def _formula(request: Request) -> Content:
    network = network_of(request)
    refuse_if_never_fits(network)
    return Content(formulas=_closed_forms(network, request.text("axis")))


def _tabulated(request: Request) -> Content:
    network = network_of(request)
    memory, costs = _memory_of(request, network), request.flag("costs")
    blocks = table_blocks(network, width=width_of_numbers(memory, costs))
    return Content((*blocks, *memory_blocks(memory)), names=size_names(network.proof))


def _reported(request: Request) -> Content:
    from symnet.render.report import report_document  # proves facts about training, too slow for a table

    network = network_of(request)
    document = report_document(network, _memory_of(request, network), request.flag("costs"))
    blocks = document.blocks if request.kind == "report" else _derivation(document.blocks)
    named = request.label if request.label.endswith(FILES) else network.notation
    return Content((Paragraph((Code(named),)), *blocks), names=document.names)


def _quantity(request: Request) -> Content:
    network = network_of(request)
    refuse_if_never_fits(network)
    return Content(inline=_QUANTITIES[request.kind](network))


def _memory_of(request: Request, network: Network) -> Memory | None:
    """The memory of a network for what the request says that bytes are counted for; ``None`` if it says nothing."""
    return memory_where_asked(network, *map(request.text, ("batch", "dtype", "train")))


def _memory(request: Request) -> Content:
    """The bytes of the parameters and the activations; in training, of all that is held."""
    network = network_of(request)
    refuse_if_never_fits(network)
    memory = _memory_of(request, network) or Memory(network)
    alone = memory.examples.constant == 1
    examples: Line = ("an example",) if alone else ("for a batch of ", Math(memory.examples))
    if memory.train:
        trained = line(
            "trained with ", memory.train, *((" on a batch of ", Math(memory.examples)) if not alone else ())
        )
        return Content(inline=(Math(memory.total.term), " bytes when ", *trained))
    parameters, activations = (Math(memory[part].term) for part in ("parameters", "activations"))
    return Content(inline=(parameters, " bytes of parameters and ", activations, " of activations ", *examples))


def _field(network: Network) -> Line:
    """The receptive field of the last layer, in entries along each axis; raises :class:`OptionError` where it is unbounded."""
    last = network.last
    fields = network.field_terms
    sizes = [size for size in fields["size"] if isinstance(size, Term)]
    if not sizes or len(sizes) < len(fields["size"]):
        raise OptionError(
            f"no window bounds what one unit sees: {unbounded(network.placed, last.index) or 'there are no axes'}"
        )
    return (Shape(tuple(sizes)),)


_QUANTITIES: dict[str, Callable[[Network], Line]] = {
    "output": lambda network: (Shape(network.placed[-1].output.dims),),
    "parameters": lambda network: (Math(network.counted()),),
    "trainable": lambda network: (Math(network.counted(True)),),
    "multiply_adds": lambda network: (Math(network.work),),
    "receptive_field": _field,
}

_WRITERS: dict[str, Callable[[Request], Content]] = {
    "report": _reported,
    "table": _tabulated,
    "derivation": _reported,
    "formula": _formula,
    "solve": _solved,
    "figure": _drawn,
    "explain": _explained,
    "facts": _facts,
    "compare": _compared,
    "code": _code,
    "memory": _memory,
    **dict.fromkeys(_QUANTITIES, _quantity),
}


def _derivation(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The steps of a report: without its result, its table, and its list of what was checked."""
    anchors = {block.anchor: index for index, block in enumerate(blocks) if isinstance(block, Heading)}
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
    """The formulas of an expression, or of comparisons."""
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
