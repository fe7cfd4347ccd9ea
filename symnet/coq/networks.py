"""Theorems about long stacks of layers: the network is Coq data, and its closed form is found by evaluation (``Networks.v``).

One lemma for each step takes coqc about a millisecond each. For a longer derivation whose goal says that a stack of layers
with concrete hyper-parameters has a closed form, no steps are written: Coq counts and composes the layers itself.
"""

from __future__ import annotations

from typing import NamedTuple

from symnet.coq.table import table
from symnet.kernel.derived.windows import same_padding
from symnet.kernel.theorem import Theorem
from symnet.printing.coq import Identifiers, coq_text, numeral
from symnet.terms.propositions import Eq, Le, Proposition
from symnet.terms.term import FloorDiv, Sum, Symbol, Term, Windows, integer

__all__ = ["Stack", "as_stack", "stack_theorem"]


class Stack(NamedTuple):
    """The statement ``size of the layers on W = ⌊(W + shift)/stride⌋`` for W ≥ low under the hypotheses."""

    layers: list[str]
    symbol: Symbol
    low: int
    shift: int
    stride: int
    closed: Term
    hypotheses: list[Proposition]


def as_stack(goal: Theorem) -> Stack | None:
    """The goal read as a statement about a stack of layers; ``None`` if it is none."""
    match goal.conclusion:
        case Eq(args=(size, FloorDiv(args=(Sum(args=(Symbol() as symbol, shift)), stride)) as closed)):
            pass
        case _:
            return None
    lows = [symbol.least]
    hypotheses = sorted(goal.hypotheses, key=lambda hypothesis: hypothesis.serial)
    for hypothesis in hypotheses:
        match hypothesis:
            case Le(args=(low, bounded)) if bounded is symbol and low.constant is not None:
                lows.append(low.constant)
            case _:
                return None
    bounded_below = [low for low in lows if low is not None]
    if shift.constant is None or stride.constant is None or not bounded_below:
        return None
    layers: list[str] = []
    while size is not symbol:
        if not isinstance(size, Windows):
            return None
        length, *window = size.args
        numbers = [part.constant for part in window]
        if None in numbers:
            return None
        inner, padding = _padded(length, window)
        if inner is None:
            return None
        last = "" if padding is None else f" {numeral(padding)}"
        layers.append(" ".join(["Same" if padding is None else "Explicit", *map(numeral, numbers)]) + last)
        size = inner
    layers.reverse()
    return Stack(layers, symbol, max(bounded_below), shift.constant, stride.constant, closed, hypotheses)


def _padded(length: Term, window: list[Term]) -> tuple[Term | None, int | None]:
    """The size before padding, and the padding: ``None`` for SAME. A size of ``None`` means that neither could be read."""
    if not isinstance(length, Sum):
        return length, 0
    if len(length.args) > 1:
        front = length.args[0] if len(length.args) == 2 else Sum(*length.args[:-1])
        if length.args[-1] is same_padding(front, *window):
            return front, None
    paddings = [part.constant for part in length.args[1:]]
    return (None, 0) if None in paddings else (length.args[0], sum(paddings))


def stack_theorem(index: int, stack: Stack) -> list[str]:
    """The definitions of the layers as a table, and the goal as a theorem about them."""
    name = Identifiers()(stack.symbol.name)
    names: dict[Term, str] = {stack.symbol: name}
    premises = [] if stack.symbol.least is None else [Le(integer(stack.symbol.least), stack.symbol)]
    texts = [coq_text(premise, names) for premise in [*premises, *stack.hypotheses]]
    bounds = [premise.args[0].constant for premise in [*premises, *stack.hypotheses]]
    proofs = [f"bound_{bound}" for bound in range(1, len(texts) + 1)]
    best = proofs[bounds.index(stack.low)]
    numbers = " ".join(map(numeral, (stack.low, stack.shift, stack.stride)))
    evaluated = f"(eq_refl true <: closes network_{index} {numbers} = true)"
    stated = "".join(f"{text} -> " for text in texts)
    applied = f"stack_closed_form network_{index} {numbers} {evaluated} {name} {best}"
    return [
        *table([[layer] for layer in stack.layers], "layer", "wrong_layer", f"_{index}"),
        f"Definition network_{index} : list layer := read wrong_layer kinds_{index} table_{index}.",
        f"Theorem goal_{index} : forall {name} : Z, {stated}",
        f"  stack_size network_{index} {name} = {coq_text(stack.closed, names)}.",
        f"Proof. exact (fun {name} {' '.join(proofs)} =>\n  {applied}). Qed.",
    ]
