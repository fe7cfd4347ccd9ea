"""The part of a report that is about training: the objective with its penalties, and what the facts remark on the network."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from symnet.facts.lints import lints
from symnet.facts.objective import (
    LossOf,
    Objective,
    Penalty,
    Placed,
    Unknown,
    gradient,
    loss_sum,
    objective,
    penalty_sum,
)
from symnet.kernel.real.expressions import Node, Plus, Real, Variable
from symnet.kernel.real.printing import latex, unicode_text
from symnet.kernel.walks import steps
from symnet.printing.text import unicode_text as integer_text
from symnet.render.document import Block, Bullets, Code, Formula, Heading, Inline, Line, Math, Paragraph, Shape, line
from symnet.render.reals import formula
from symnet.terms.term import Symbol, Term

__all__ = ["training", "training_data"]

#: Gradients past this many arrays go without saying.
ARRAYS = 6


def training(
    placed: Sequence[Placed],
    outputs: Collection[int],
    sizes: Mapping[Term, str],
    add: Callable[[Block], object],
    step: Callable[..., object],
) -> None:
    """Write the part, if there is anything to say; ``sizes`` are the names of sizes, ``step`` numbers a statement and its reason."""
    whole, remarks = objective(placed, sizes.values()), lints(placed, outputs)
    if not (any(_stated(whole)) or remarks):
        return
    add(Heading(2, ("Training",), "training"))
    if any(_stated(whole)):
        _objective(whole, sizes, add)
    if whole.penalties:
        _gradients(whole, sizes, step)
    for lint in remarks:
        add(Paragraph(line(Code(lint.name), f": {lint.says}. — ", Code(f"symnet explain {lint.fact}"))))


def _stated(whole: Objective) -> tuple[object, ...]:
    """What is said of the objective; layers of a class of its own alone are no reason to speak of it."""
    return (*whole.losses, *whole.penalties, *whole.activity, *(one for one in whole.unknown if one.array))


def _objective(whole: Objective, sizes: Mapping[Term, str], add: Callable[[Block], object]) -> None:
    letters = whole.letters
    names: list[Real] = [letters.loss]
    said: list[Inline] = [", where ", formula(letters.loss), *_losses(whole)]
    for letter, found, what in (
        (letters.penalty, whole.penalties, ["the penalty is "]),
        (
            letters.activity,
            whole.activity,
            ["the penalty on what layers give, the mean over ", Math(letters.examples), " examples, is "],
        ),
    ):
        if found:
            names.append(letter)
            total = penalty_sum(found)
            said += [", and ", *what, _equation(letter, total, sizes)]
    if whole.unknown:
        start = "Not all of the objective is understood. Of it are " if len(names) > 1 else "Of the objective, "
        add(Paragraph(line(start, *_joined(names), *(() if len(names) > 1 else (" is known",)), *said, ".")))
    elif len(names) > 1:
        total = Plus(*names)
        add(Paragraph(line("The objective is ", Formula(latex(total), unicode_text(total)), *said, ".")))
    else:
        add(Paragraph(line("The objective is the loss", *_losses(whole, ", "), "; no weight has a penalty.")))
    several = len(whole.losses) > 1
    bullets = [_loss(loss, letters.loss, number) for number, loss in enumerate(whole.losses, 1)] if several else []
    bullets += [*map(_array, (*whole.penalties, *whole.activity)), *map(_unknown, whole.unknown)]
    if bullets:
        add(Bullets(tuple(bullets)))


def _equation(letter: Real, value: Real, sizes: Mapping[Term, str]) -> Formula:
    left, right = formula(letter), formula(value, None, sizes)
    return Formula(f"{left.latex} = {right.latex}", f"{left.text} = {right.text}")


def _joined(names: Sequence[Real]) -> list[Inline]:
    parts: list[Inline] = []
    for number, name in enumerate(names):
        parts += [" and " if number == len(names) - 1 else ", "] if number else []
        parts.append(formula(name))
    return parts


def _losses(whole: Objective, before: str = " is ") -> list[Inline]:
    losses = whole.losses
    if not losses:
        return [f"{before}the loss"] if before == " is " else []
    if len(losses) > 1:
        total = loss_sum(losses, whole.letters.loss)
        return [f"{before}" if before != " is " else " = ", Formula(latex(total), unicode_text(total))]
    (loss,) = losses
    times = "" if loss.term.weight == 1 else f"{loss.term.weight} times "
    return [f"{before}{times}", *_loss_name(loss)]


def _loss_name(loss: LossOf) -> list[Inline]:
    own = loss.term.name.removeprefix("own.")
    options = f" ({', '.join(loss.term.options)})" if loss.term.options else ""
    return [Code(own), f"{options}{'' if loss.term.known else ', a loss of its own'}"]


def _loss(loss: LossOf, head: Variable, number: int) -> Line:
    letter = Variable(f"{head.args[0]}_{number}")
    return line(formula(letter), " is ", *_loss_name(loss), " of ", Code(loss.place.name))


def _array(penalty: Penalty) -> Line:
    entries: list[Inline] = [", ", Shape(penalty.shape), ", in one line"] if len(penalty.shape) > 1 else []
    kind = "L2" if penalty.power == 2 else "L1"
    what = "what comes out of" if penalty.weight is None else f"the {penalty.weight.name.replace('_', ' ')} of"
    return line(
        formula(Variable(penalty.array)), f" is {what} ", Code(penalty.place.name),
        *entries, f": {kind}, λ = {penalty.rate}, ", Math(penalty.entries), " entries",
        *((" for each example",) if penalty.weight is None else ()),
    )  # fmt: skip


def _unknown(unknown: Unknown) -> Line:
    return line("Not understood: ", Code(unknown.place.name), f": {unknown.says}")


def _gradients(whole: Objective, sizes: Mapping[Term, str], step: Callable[..., object]) -> None:
    found = whole.penalties
    names: dict[Node, Real] = {penalty_sum(found): whole.letters.penalty}
    arrays = {penalty.array: penalty for penalty in found}
    for penalty in list(arrays.values())[:ARRAYS]:
        theorem = gradient(penalty, found)
        conditions: list[Inline] = []
        for condition in sorted(theorem.hypotheses, key=unicode_text):
            conditions += [", " if conditions else " if ", formula(condition, names, sizes)]
        absolute = any(one.power == 1 for one in found if one.array == penalty.array)
        step(
            line(formula(theorem.conclusion, names, sizes), *conditions),
            f"{len(steps(theorem))} steps by the rules about real numbers; symnet explain {'l1' if absolute else 'l2'}-gradient",
        )


def training_data(placed: Sequence[Placed], outputs: Collection[int], sizes: Mapping[Term, str]) -> dict[str, Any]:
    """The same as data: losses, penalties, what is not understood, gradients, remarks."""
    whole = objective(placed, sizes.values())
    # what stands by itself knows names of letters only
    named: dict[Term, str] = {size: name for size, name in sizes.items() if isinstance(size, Symbol)}
    found = whole.penalties
    arrays = {penalty.array: penalty for penalty in found}
    gradients = [gradient(penalty, found) for penalty in list(arrays.values())[:ARRAYS]]
    return {
        "losses": [
            {
                "layer": loss.place.name,
                "loss": loss.term.name,
                "weight": str(loss.term.weight),
                "options": list(loss.term.options),
            }
            for loss in whole.losses
        ],
        "penalties": [
            {
                "layer": one.place.name,
                "array": one.weight.name if one.weight is not None else "output",
                "kind": f"l{one.power}",
                "rate": str(one.rate),
                "entries": integer_text(one.entries, named),
                "expression": unicode_text(one.expression, None, named),
            }
            for one in (*found, *whole.activity)
        ],
        "not_understood": [{"layer": one.place.name, "array": one.array, "says": one.says} for one in whole.unknown],
        "complete": not whole.unknown,
        "gradients": [
            {
                "statement": unicode_text(theorem.conclusion, None, named),
                "conditions": sorted(unicode_text(each, None, named) for each in theorem.hypotheses),
                "steps": len(steps(theorem)),
            }
            for theorem in gradients
        ],
        "remarks": [{"layer": lint.name, "says": lint.says, "fact": lint.fact} for lint in lints(placed, outputs)],
    }
