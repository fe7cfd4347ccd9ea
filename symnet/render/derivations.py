"""The derivation of an answer line by line, in any notation: sizes by name, the conditions on them, and the steps."""

from __future__ import annotations

from collections.abc import Iterator

from symnet.printing.text import unicode_text
from symnet.solving.derivation import Step
from symnet.solving.for_every_size import AT_SIZES, AT_SOLUTION, FOR_ALL
from symnet.solving.layer_by_layer import LayerStep
from symnet.solving.named_sizes import NamedSize, asked_of_names, named_sizes
from symnet.solving.redundant import all_conjuncts
from symnet.solving.solutions import Solutions
from symnet.solving.statement import plainly_true
from symnet.terms.node import Node
from symnet.terms.propositions import And, Divides, Eq, In, Or, Proposition
from symnet.terms.term import Symbol, Term, integer, substitute, symbols_of

__all__ = ["DerivationLine", "Parts", "derivation_lines", "reasons"]

#: Conjunctions of more parts are not written out: they are the conditions of a whole network.
SHOWN = 12
#: How many networks are shown if a repeat count is unknown.
NETWORKS = 3
#: The headings of the steps that replace counts by formulas, and a product by factor pairs.
SIZES, FACTORS = "sizes", "factors"

#: The reason of a line that substitutes a stride.
WITH_STRIDE = "this stride put in; then all values of what is left"
#: The reason of the line that states the question.
ASKED = "what is asked of these sizes"

#: A line of words, and nodes to be written in some notation.
Parts = tuple[str | Node, ...]
#: The statement of a line, and its reason.
DerivationLine = tuple[Parts, str]


def derivation_lines(solutions: Solutions) -> list[DerivationLine]:
    """All lines: the sizes between layers with their names, the conditions on them, and the steps."""
    steps = list(solutions.derivation)
    statement = solutions.problem.statement
    named = () if solutions.problem.counts else named_sizes(statement)
    lines = list(_networks(solutions))
    layered = any(isinstance(step, LayerStep) for step in steps)
    if named and len(named) <= SHOWN:
        lines += _sizes(named)
    if named and len(named) <= SHOWN and not layered:
        asked = asked_of_names(statement, named).conclusion.args[1]
        if not _long(asked) and asked != And():
            lines.append((_conjunction(asked), ASKED))
            steps = _after_sizes(steps)
    if any(step.heading == FACTORS for step in steps) and named and len(named) <= SHOWN:
        factors_at = next(index for index, step in enumerate(steps) if step.heading == FACTORS)
        lines.append((_in_names(steps[factors_at], named), steps[factors_at].words))
        steps = steps[factors_at + 1 :]
    lines += _steps(steps, lines)
    for one in solutions.by_stride:
        chosen = Eq(one.stride, integer(one.value))
        lines.append(((chosen, ": ", *_conjunction(And(*all_conjuncts(one.conditions)))), WITH_STRIDE))
    return lines


def reasons(solutions: Solutions) -> list[tuple[str, str]]:
    """The laws of the named sizes, each with the reason why it holds; empty if sizes have no names."""
    named = () if solutions.problem.counts else named_sizes(solutions.problem.statement)
    laws = {one.law.map.law.name: one.law.map.law.reason for one in named if len(named) <= SHOWN}
    return [(name, reason) for name, reason in laws.items() if reason]


def _sizes(named: tuple[NamedSize, ...]) -> Iterator[DerivationLine]:
    """``W₁ = the count = the law = the formula``, once for axes of a layer with the same law."""
    by_law: dict[tuple[str, int], list[NamedSize]] = {}
    for one in named:
        by_law.setdefault((one.layer, id(one.law)), []).append(one)
    for (layer, _), (first, *others) in by_law.items():
        parts: list[str | Node] = []
        for term in first.written:
            parts += [" = ", term] if parts else [term]
        likewise = "".join(f"; {unicode_text(other.name)} in the same way" for other in others)
        yield tuple(parts), f"{layer}: {first.law.map.law.name}{likewise}"


def _in_names(step: Step, named: tuple[NamedSize, ...]) -> Parts:
    """The factor pairs, with sizes by their names."""
    left, right = step.theorem.conclusion.args
    names: dict[Term, Term] = {one.formula: one.name for one in named if not isinstance(one.formula, Symbol)}
    pairs = right.args[-1] if isinstance(right, And) else right
    replaced = [part for part in all_conjuncts(left) if isinstance(part, Eq) and part not in all_conjuncts(right)]
    if not replaced:
        return _shown(substitute(pairs, names))
    return (substitute(replaced[0], names), " ⇔ ", *_shown(substitute(pairs, names)))


def _after_sizes(steps: list[Step]) -> list[Step]:
    """The steps without the one from counts to formulas, if a later one says the same in simpler words."""
    if len(steps) > 1 and steps[0].heading == SIZES:
        return steps[1:]
    return steps


def _steps(steps: list[Step], before: list[DerivationLine]) -> Iterator[DerivationLine]:
    last: Parts = before[-1][0] if before else ()
    first = not before
    for step in steps:
        left, right = step.theorem.conclusion.args
        if isinstance(step, LayerStep):
            yield _layer(step), step.words
            last, first = (), False
            continue
        if step.heading == AT_SIZES:
            yield ("⇒ ", *_shown(right)), step.words
            continue
        if step.heading == AT_SOLUTION:
            yield (*_shown(left), " ⇔ ", *_shown(right)), step.words
            continue
        if step.heading == FOR_ALL:
            letters = " and ".join(unicode_text(letter) for letter in symbols_of(right))
            yield (f"for all {letters}: the question, also at the sizes that were tried ⇔ ", *_shown(right)), step.words
            continue
        if first and not _long(left):
            last = _shown(left)
            yield last, "the question, on sizes as they are defined"
            first = False
        line = _shown(right)
        if _text(line) != _text(last):  # otherwise only parentheses differ
            yield (line if first else ("⇔ ", *line)), step.words
        last, first = line, False


def _text(line: Parts) -> str:
    return "".join(part if isinstance(part, str) else unicode_text(part) for part in line)


def _layer(step: LayerStep) -> Parts:
    """The condition of one layer, the same in the letter that is known so far, and its solution."""
    parts: list[str | Node] = [step.asked]
    if step.plain is not step.asked:
        parts += [" ⇔ ", step.plain]
    if step.put is None:
        return (*parts, " ⇔ ", In(step.letter, step.theorem.conclusion.args[1].args[1]))
    parts += [" ⇔ ", step.put]
    return (*parts, ", so ", Eq(step.unknown, step.value)) if step.letter is not step.unknown else tuple(parts)


def _networks(solutions: Solutions) -> Iterator[DerivationLine]:
    """The conditions of the first networks if repeat counts are unknown."""
    problem = solutions.problem
    for case in problem.cases[:NETWORKS]:
        chosen: list[str | Node] = []
        for symbol, number in case.counts:
            chosen += [", "] * bool(chosen) + [Eq(symbol, integer(number))]
        asked = case.problem.statement.by_formula().conclusion.args[1]
        yield (*chosen, ": ", *_shown(asked)), "so many repetitions, written out"
    if len(problem.cases) > NETWORKS:
        yield (f"… ({len(problem.cases):,} networks)",), "and so on, within the bounds"


def _long(proposition: Proposition) -> bool:
    return isinstance(proposition, And) and len(proposition.args) > SHOWN


def _conjunction(proposition: Proposition) -> Parts:
    """The conditions with commas between them."""
    if not isinstance(proposition, And):
        return (proposition,)
    parts: list[str | Node] = []
    for part in proposition.args:
        parts += [", ", part] if parts else [part]
    return tuple(parts)


def _shown(proposition: Proposition) -> Parts:
    """A proposition, shortened if it is long: of a conjunction without the parts that always hold, of many cases the first ones."""
    if isinstance(proposition, Or) and len(proposition.args) > SHOWN:
        return Or(*proposition.args[:NETWORKS]), f" ∨ … ({len(proposition.args):,} cases)"
    if not _long(proposition):
        return (proposition,)
    telling = [part for part in proposition.args if not _holds_anyway(part)]
    if not telling:
        return (f"{len(proposition.args)} conditions, which always hold",)
    more = f", … and {len(telling) - SHOWN} more conditions" if len(telling) > SHOWN else ""
    rest = len(proposition.args) - len(telling)
    always = f"{rest} other conditions always hold" if rest > 1 else "one other condition always holds"
    return *_conjunction(And(*telling[:SHOWN])), f"{more}{f' ({always})' if rest else ''}"


def _holds_anyway(part: Proposition) -> bool:
    return plainly_true(part) or (isinstance(part, Divides) and part.args[0].constant == 1)
