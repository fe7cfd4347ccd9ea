"""The section of a report on training: the objective with its penalties, and remarks by the facts."""

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
from symnet.render.real_formulas import formula
from symnet.terms.term import Symbol, Term

__all__ = ["training", "training_data"]

#: How many arrays have their gradients written.
ARRAYS = 6


def training(
    placed: Sequence[Placed],
    outputs: Collection[int],
    sizes: Mapping[Term, str],
    add: Callable[[Block], object],
    step: Callable[..., object],
) -> None:
    """Add the section, if there is anything to say.

    ``placed`` are the layers and ``outputs`` the positions of outputs; ``sizes`` are names of sizes; ``add`` takes a block, and ``step`` a
    statement with its reason, which it numbers.
    """
    goal, remarks = objective(placed, sizes.values()), lints(placed, outputs)
    if not (any(_stated(goal)) or remarks):
        return
    add(Heading(2, ("Training",), "training"))
    if any(_stated(goal)):
        _objective(goal, sizes, add)
    if goal.penalties:
        _gradients(goal, sizes, step)
    for lint in remarks:
        add(Paragraph(line(Code(lint.name), f": {lint.says}. — ", Code(f"symnet explain {lint.fact}"))))


def _stated(goal: Objective) -> tuple[object, ...]:
    """The parts of the objective that are mentioned; layers of unknown classes alone do not make a section."""
    return (*goal.losses, *goal.penalties, *goal.activity, *(one for one in goal.unknown if one.array))


def _objective(goal: Objective, sizes: Mapping[Term, str], add: Callable[[Block], object]) -> None:
    letters = goal.letters
    names: list[Real] = [letters.loss]
    words: list[Inline] = [", where ", formula(letters.loss), *_losses(goal)]
    for letter, penalties, what in (
        (letters.penalty, goal.penalties, ["the penalty is "]),
        (
            letters.activity,
            goal.activity,
            ["the penalty on what layers give, the mean over ", Math(letters.examples), " examples, is "],
        ),
    ):
        if penalties:
            names.append(letter)
            total = penalty_sum(penalties)
            words += [", and ", *what, _equation(letter, total, sizes)]
    if goal.unknown:
        start = "Not all of the objective is understood. Of it are " if len(names) > 1 else "Of the objective, "
        add(Paragraph(line(start, *_joined(names), *(() if len(names) > 1 else (" is known",)), *words, ".")))
    elif len(names) > 1:
        total = Plus(*names)
        add(Paragraph(line("The objective is ", Formula(latex(total), unicode_text(total)), *words, ".")))
    else:
        add(Paragraph(line("The objective is the loss", *_losses(goal, ", "), "; no weight has a penalty.")))
    several = len(goal.losses) > 1
    bullets = [_loss(loss, letters.loss, number) for number, loss in enumerate(goal.losses, 1)] if several else []
    bullets += [*map(_array, (*goal.penalties, *goal.activity)), *map(_unknown, goal.unknown)]
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


def _losses(goal: Objective, before: str = " is ") -> list[Inline]:
    losses = goal.losses
    if not losses:
        return [f"{before}the loss"] if before == " is " else []
    if len(losses) > 1:
        total = loss_sum(losses, goal.letters.loss)
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
    return line(formula(letter), " is ", *_loss_name(loss), " of ", Code(loss.node.name))


def _array(penalty: Penalty) -> Line:
    entries: list[Inline] = [", ", Shape(penalty.shape), ", in one line"] if len(penalty.shape) > 1 else []
    kind = "L2" if penalty.power == 2 else "L1"
    what = "what comes out of" if penalty.weight is None else f"the {penalty.weight.name.replace('_', ' ')} of"
    return line(
        formula(Variable(penalty.array)), f" is {what} ", Code(penalty.node.name),
        *entries, f": {kind}, λ = {penalty.rate}, ", Math(penalty.entries), " entries",
        *((" for each example",) if penalty.weight is None else ()),
    )  # fmt: skip


def _unknown(unknown: Unknown) -> Line:
    return line("Not understood: ", Code(unknown.node.name), f": {unknown.says}")


def _gradients(goal: Objective, sizes: Mapping[Term, str], step: Callable[..., object]) -> None:
    penalties = goal.penalties
    names: dict[Node, Real] = {penalty_sum(penalties): goal.letters.penalty}
    arrays = {penalty.array: penalty for penalty in penalties}
    for penalty in list(arrays.values())[:ARRAYS]:
        theorem = gradient(penalty, penalties)
        conditions: list[Inline] = []
        for condition in sorted(theorem.hypotheses, key=unicode_text):
            conditions += [", " if conditions else " if ", formula(condition, names, sizes)]
        absolute = any(one.power == 1 for one in penalties if one.array == penalty.array)
        step(
            line(formula(theorem.conclusion, names, sizes), *conditions),
            f"{len(steps(theorem))} steps by the rules about real numbers; symnet explain {'l1' if absolute else 'l2'}-gradient",
        )


def training_data(placed: Sequence[Placed], outputs: Collection[int], sizes: Mapping[Term, str]) -> dict[str, Any]:
    """The section as JSON data: losses, penalties, what is not understood, gradients, remarks."""
    goal = objective(placed, sizes.values())
    # expressions outside of a report only have names of letters
    named: dict[Term, str] = {size: name for size, name in sizes.items() if isinstance(size, Symbol)}
    penalties = goal.penalties
    arrays = {penalty.array: penalty for penalty in penalties}
    gradients = [gradient(penalty, penalties) for penalty in list(arrays.values())[:ARRAYS]]
    return {
        "losses": [
            {
                "layer": loss.node.name,
                "loss": loss.term.name,
                "weight": str(loss.term.weight),
                "options": list(loss.term.options),
            }
            for loss in goal.losses
        ],
        "penalties": [
            {
                "layer": one.node.name,
                "array": one.weight.name if one.weight is not None else "output",
                "kind": f"l{one.power}",
                "rate": str(one.rate),
                "entries": integer_text(one.entries, named),
                "expression": unicode_text(one.expression, None, named),
            }
            for one in (*penalties, *goal.activity)
        ],
        "not_understood": [{"layer": one.node.name, "array": one.array, "says": one.says} for one in goal.unknown],
        "complete": not goal.unknown,
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
