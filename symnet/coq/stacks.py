"""The closed form of a long stack whose hyper-parameters are letters, with the layers as a table (``Stacks.v``)."""

from __future__ import annotations

from symnet.coq.table import table
from symnet.kernel.primitive.arithmetic import extent
from symnet.kernel.theorem import Theorem
from symnet.printing.coq import comment, coq_data
from symnet.terms.propositions import Eq, Le
from symnet.terms.term import FloorDiv, Product, Sum, Symbol, Term, Windows, integer, symbols_of
from symnet.terms.worked_out import plus, times

__all__ = ["letters_theorem"]


def letters_theorem(goal: Theorem) -> list[str] | None:
    """The sentences of the file; ``None`` if the goal is not the closed form of a stack on a letter, in Horner form.

    The hypotheses of the goal must be those of the layers: each window fits. Kernels, dilations and strides must be positive
    letters.
    """
    match goal.conclusion:
        case Eq(args=(size, FloorDiv(args=(Sum(args=(Symbol() as letter, offset)), scale)))):
            pass
        case _:
            return None
    layers: list[tuple[Term, Windows]] = []
    while isinstance(size, Windows):
        inner = size.args[0].args[0] if isinstance(size.args[0], Sum) else size.args[0]
        layers.append((inner, size))
        size = inner
    layers.reverse()
    shifts = _shifts(offset, scale, [window.args[3] for _, window in layers])
    hypotheses = set(goal.hypotheses)
    if size is not letter or shifts is None or len(hypotheses) != len(layers):
        return None
    letters = list(dict.fromkeys(each for _, window in layers for term in _own(window) for each in symbols_of(term)))
    variables: dict[Term, int] = {each: index for index, each in enumerate(letters)}
    if letter in variables or any(part.least is None or part.least < 1 for _, w in layers for part in w.args[1:]):
        return None
    rows = []
    for (_, window), shift in zip(layers, shifts, strict=True):
        length, kernel, dilation, stride = window.args
        needs = [reach for reach in (kernel, extent(kernel, dilation)) if Le(reach, length) in hypotheses]
        if not needs or any(each not in variables for each in symbols_of(shift)):
            return None
        padding = Sum(*length.args[1:]) if isinstance(length, Sum) else integer(0)
        parts = (kernel, dilation, stride, padding, needs[0], shift)
        rows.append([" ".join(["Layer", *(coq_data(part, variables) for part in parts)])])
    names = "; ".join(f"At {variables[each]} is {each.name}" for each in letters)
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
    """The hyper-parameters of a layer: everything but the size before it."""
    length = window.args[0]
    return (*window.args[1:], *(length.args[1:] if isinstance(length, Sum) else ()))


def _shifts(offset: Term, scale: Term, strides: list[Term]) -> list[Term] | None:
    """The shifts a₁, a₂, … of ``a₁ + (a₂ + …)·S₁`` over ``S₁·(S₂·…)``; ``None`` if the closed form is not of this form."""
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
    total, by = shifts[-1], strides[-1]
    for shift, stride in zip(reversed(shifts[:-1]), reversed(strides[:-1]), strict=True):
        total, by = plus(shift, times(total, stride)), times(stride, by)
    return shifts if total is offset and by is scale else None
