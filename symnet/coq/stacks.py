"""The closed form of a long stack whose hyper-parameters are letters: the layers as a table (``Stacks.v``)."""

from __future__ import annotations

from symnet.coq.table import table
from symnet.kernel.primitive.counts import extent
from symnet.kernel.theorem import Theorem
from symnet.printing.coq import comment, coq_data
from symnet.terms.propositions import Eq, Le
from symnet.terms.term import FloorDiv, Product, Sum, Symbol, Term, Windows, integer, symbols_of
from symnet.terms.worked_out import plus, times

__all__ = ["letters_theorem"]


def letters_theorem(goal: Theorem) -> list[str] | None:
    """The file's sentences; ``None`` where the goal is no Horner form of a stack on a letter.

    Its hypotheses must be those of the layers: each window fits. The theorem asks for no other sign than that kernels,
    dilations and strides are positive, as their letters promise.
    """
    match goal.conclusion:
        case Eq(args=(size, FloorDiv(args=(Sum(args=(Symbol() as letter, offset)), scale)))):
            pass
        case _:
            return None
    layers: list[tuple[Term, Windows]] = []
    while isinstance(size, Windows):
        before = size.args[0].args[0] if isinstance(size.args[0], Sum) else size.args[0]
        layers.append((before, size))
        size = before
    layers.reverse()
    shifts = _shifts(offset, scale, [window.args[3] for _, window in layers])
    hypotheses = set(goal.hypotheses)
    if size is not letter or shifts is None or len(hypotheses) != len(layers):
        return None
    letters = list(dict.fromkeys(each for _, window in layers for term in _own(window) for each in symbols_of(term)))
    places: dict[Term, int] = {each: place for place, each in enumerate(letters)}
    if letter in places or any(part.least is None or part.least < 1 for _, w in layers for part in w.args[1:]):
        return None
    rows = []
    for (_, window), shift in zip(layers, shifts, strict=True):
        length, kernel, dilation, stride = window.args
        needs = [reach for reach in (kernel, extent(kernel, dilation)) if Le(reach, length) in hypotheses]
        if not needs or any(each not in places for each in symbols_of(shift)):
            return None
        padding = Sum(*length.args[1:]) if isinstance(length, Sum) else integer(0)
        parts = (kernel, dilation, stride, padding, needs[0], shift)
        rows.append([" ".join(["Layer", *(coq_data(part, places) for part in parts)])])
    names = "; ".join(f"At {places[each]} is {each.name}" for each in letters)
    return [
        "From Symnet Require Import Stacks.",
        comment(f"W is {letter.name}; {names}."),
        *table(rows, "layer", "wrong_layer"),
        "Theorem goal_1 : forall (v : list Z) (W : Z), let layers := layers_of kinds table in",
        "  Forall (positive v) layers -> fit v layers W ->",
        "  counted_all v layers W = (W + shift_all v layers) / stride_all v layers.",
        "Proof. refine (letters_closed _ _). vm_cast_no_check (eq_refl true). Qed.",
    ]


def _own(window: Windows) -> tuple[Term, ...]:
    """Everything of a layer but the size before it."""
    length = window.args[0]
    return (*window.args[1:], *(length.args[1:] if isinstance(length, Sum) else ()))


def _shifts(offset: Term, scale: Term, strides: list[Term]) -> list[Term] | None:
    """a₁, a₂, … of ``a₁ + (a₂ + …)·S₁`` over ``S₁·(S₂·…)``, if that is what the closed form is."""
    shifts: list[Term] = []
    inner = offset
    for stride in strides[:-1]:
        match inner:
            case Sum(args=(*first, Product(args=(rest, by)))) if by is stride and first:
                shifts.append(first[0] if len(first) == 1 else Sum(*first))
                inner = rest
            case _:
                return None
    shifts.append(inner)
    whole, by = shifts[-1], strides[-1]
    for shift, stride in zip(reversed(shifts[:-1]), reversed(strides[:-1]), strict=True):
        whole, by = plus(shift, times(whole, stride)), times(stride, by)
    return shifts if whole is offset and by is scale else None
