"""The last section of a report, on what it rests: how much was checked, what is assumed, what is trusted."""

from __future__ import annotations

from collections.abc import Sequence

from symnet.kernel.walks import steps
from symnet.network.domain import all_sizes, domain
from symnet.network.memory import Memory
from symnet.network.network import Network
from symnet.printing.names import group_digits
from symnet.render.defined_sizes import by_definition
from symnet.render.document import Block, Bullets, Code, Heading, Inline, Line, Math, Paragraph, Strong, line
from symnet.render.names import own_symbols
from symnet.render.phrases import elsewhere
from symnet.terms.propositions import Le, Proposition
from symnet.terms.term import integer, symbols_of

__all__ = ["foundations"]

#: How many symbols and hypotheses are written out.
SHOWN = 40
#: How many layers are named whose sizes hold by definition.
DEFINED = 6


def foundations(network: Network, memory: Memory | None = None) -> list[Block]:
    """The section as blocks; the proof of ``memory`` is counted, too."""
    count = len(network.proof.steps) if memory is None else len(steps(*network.proof.goals, *memory.theorems))
    # only if coqc accepted the file of exactly these goals
    coq = f"; by {network.checked_by}" if network.checked_by else ""
    blocks: list[Block] = [
        Heading(2, ("What this rests on",), "checked"),
        Paragraph(line(Strong("Checked."), f" {group_digits(count)} steps by the kernel{coq}.")),
    ]
    blocks += _compared(network)
    assumed = _hypotheses(network)
    if assumed:
        blocks.append(Paragraph(line(Strong("Assumed:"), *assumed, *elsewhere(network.proof.otherwise))))
    elif not network.unproven:
        blocks.append(Paragraph(line(Strong("Assumed:"), " nothing.")))
    if network.unproven:
        blocks.append(Paragraph(line(Strong("Assumed, not proven:"), " what these layers are said to do.")))
        blocks.append(Bullets(tuple((Code(name), f" {what}.") for name, what in network.unproven)))
    trusted = (
        " the definitions of window and of weight: a size is the number of window positions, a parameter count is the "
        "number of entries of the weight arrays."
    )
    seen = "" if network.field_is_proven else _FIELD
    blocks.append(Paragraph(line(Strong("Trusted:"), trusted, *_defined(network), seen)))
    return blocks


def _defined(network: Network) -> Line:
    """A sentence that names the layers whose sizes hold by definition, without a theorem."""
    names = [node.name for node in network.placed[1:] if by_definition(node)]
    if not names:
        return ()
    parts: list[Inline] = [" Sizes that are so by definition of the layer: those of "]
    for index, name in enumerate(names[:DEFINED]):
        parts += [", " if index else "", Code(name)]
    more = len(names) - DEFINED
    return line(*parts, f" and {group_digits(more)} more." if more > 0 else ".")


def _compared(network: Network) -> list[Block]:
    """Returns for an imported model the runs of its framework that agreed, or why there are none."""
    if network.not_compared is not None:
        return [Paragraph(line(Strong("Not compared"), f" with the framework: {network.not_compared}."))]
    if not network.compared:
        return []
    first = network.compared[0]
    inputs = list(dict.fromkeys(" and ".join("×".join(map(str, one)) for one in run.input) for run in network.compared))
    what = ["the output", f"the outputs of {first.layers} calls of layers" if first.layers else ""]
    what += ["the parameters"] if all(run.parameters for run in network.compared) else []
    what += ["the multiply-adds"] if all(run.multiply_adds for run in network.compared) else []
    agreeing = ", ".join(filter(None, what))
    outside = ""
    if network.outside is not None:
        sizes = " and ".join("×".join(map(str, one)) for one in network.outside.input)
        outside = f" Outside the hypotheses, at {sizes}, {_OUTSIDE[network.outside.result]}."
    words = f" with {first.framework}, run at {' and at '.join(inputs)}: {agreeing} agree.{outside}"
    return [Paragraph(line(Strong("Compared"), words))]


#: What is said of a receptive field without a theorem.
_FIELD = (
    " What one unit sees is worked out from kernels and strides, without a theorem about one window: branches of different reach meet, "
    "or outputs stand closer together than inputs."
)
#: What the framework did at sizes for which the network is not defined.
_OUTSIDE = {
    "refused": "it refuses the model, too",
    "other sizes": "it gives other sizes than these formulas",
    "the same sizes": "it gives the sizes of these formulas as well: the hypotheses ask for more than it does",
}


def _hypotheses(network: Network) -> list[Inline]:
    """The lower bounds of symbols and the hypotheses of the theorems: of the network's own letters, and, for an input of numbers, of the
    symbols in closed forms.
    """
    proof = network.proof
    hypotheses = proof.stated
    promises = proof.promises
    inputs = domain(hypotheses, promises=promises)
    promised = set(symbols_of(*promises))
    changed = [term for term in network.closed_terms.values() if term not in proof.invented]
    in_closed_forms = [symbol for symbol in symbols_of(*hypotheses, *changed) if symbol in proof.named_as_axes]
    own = [
        symbol
        for symbol in symbols_of(*network.graph.input.dims, *hypotheses, *changed)
        if symbol not in proof.invented
    ]
    letters = [*dict.fromkeys([*own, *own_symbols(proof)])]
    by_invented: dict[bool, list[Proposition]] = {True: [], False: []}
    for symbol in (*letters[:SHOWN], *in_closed_forms):
        if symbol.least is not None and symbol not in promised and inputs.of(symbol) == all_sizes(symbol):
            by_invented[symbol in proof.invented].append(Le(integer(symbol.least), symbol))
    for proposition in inputs.propositions[:SHOWN]:
        by_invented[not proof.invented.isdisjoint(symbols_of(proposition))].append(proposition)
    more = len(inputs.propositions) - SHOWN
    tail = f" and {group_digits(more)} more like these" if more > 0 else ""
    numbers, closed = (_listed(by_invented[key]) for key in (False, True))
    if not closed:
        return [" all symbols are integers, ", *numbers, tail, "."] if numbers else []
    if not numbers:
        return [" nothing for the numbers; for the closed forms, all symbols are integers, ", *closed, tail, "."]
    return [" all symbols are integers, ", *numbers, "; for the closed forms, ", *closed, tail, "."]


def _listed(propositions: Sequence[Proposition]) -> list[Inline]:
    parts: list[Inline] = [part for each in propositions for part in (", ", Math(each))]
    return parts[1:]
