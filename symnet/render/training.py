"""The part of a report that is about training: the objective with its penalties, and what the facts remark on the network."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from symnet.facts.lints import lints
from symnet.facts.objective import Penalty, Placed, gradient, loss_of, penalties, penalty_sum
from symnet.kernel.real.expressions import Node, Real, Variable
from symnet.kernel.real.printing import latex, unicode_text
from symnet.kernel.real.statements import ForAll
from symnet.kernel.real.theorem import steps
from symnet.render.document import Block, Bullets, Code, Formula, Heading, Inline, Line, Math, Paragraph, Shape, line
from symnet.render.reals import formula

__all__ = ["training"]

#: Gradients past this many arrays go without saying.
ARRAYS = 6


def training(placed: Sequence[Placed], add: Callable[[Block], object], step: Callable[..., object]) -> None:
    """Write the part, if there is anything to say; ``step`` numbers a statement and its reason."""
    found, loss, remarks = penalties(placed), loss_of(placed), lints(placed)
    if not (found or loss or remarks):
        return
    add(Heading(2, ("Training",), "training"))
    if found:
        whole = penalty_sum(found)
        named = Formula(f"P = {latex(whole)}", f"P = {unicode_text(whole)}")
        add(
            Paragraph(
                line("The objective is ", Formula("L+P", "L + P"), *_loss(loss), ", and the penalty is ", named, ".")
            )
        )
        add(Bullets(tuple(map(_array, found))))
        _gradients(found, step)
    elif loss:
        add(Paragraph(line("The objective is the loss, ", Code(loss), "; no weight has a penalty.")))
    for lint in remarks:
        add(Paragraph(line(Code(lint.name), f": {lint.says}. — ", Code(f"symnet explain {lint.fact}"))))


def _loss(loss: str | None) -> list[Inline]:
    return (
        [", where ", Formula("L", "L"), " is ", Code(loss)] if loss else [", where ", Formula("L", "L"), " is the loss"]
    )


def _array(penalty: Penalty) -> Line:
    entries: list[Inline] = (
        [", ", Shape(penalty.weight.shape), ", in one line"] if len(penalty.weight.shape) > 1 else []
    )
    name = penalty.array.replace("_", "_{") + "}"
    kind = "L2" if penalty.power == 2 else "L1"
    return line(
        Formula(name, penalty.array), " is the ", penalty.weight.name.replace("_", " "), " of ", Code(penalty.place.name),
        *entries, f": {kind}, λ = {penalty.rate}, ", Math(penalty.entries), " entries",
    )  # fmt: skip


def _gradients(found: Sequence[Penalty], step: Callable[..., object]) -> None:
    names: dict[Node, Real] = {penalty_sum(found): Variable("P")}
    arrays = {penalty.array: penalty for penalty in found}
    for penalty in list(arrays.values())[:ARRAYS]:
        theorem = gradient(penalty, found)
        conditions: list[Inline] = []
        for condition in sorted(theorem.hypotheses, key=unicode_text):
            conditions += [", " if conditions else " if ", formula(condition, names)]
        general = any(isinstance(condition, ForAll) for condition in theorem.hypotheses)
        step(
            line(formula(theorem.conclusion, names), *conditions),
            f"{len(steps(theorem))} steps by the rules about real numbers; symnet explain {'l1' if general else 'l2'}-gradient",
        )  # fmt: skip
