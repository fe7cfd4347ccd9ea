"""From a question in notation to what it asks: unknowns, parameters, and every part as a proposition."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeAlias

from symnet.errors import NotationError, SymnetError, TermError
from symnet.notation.parse import INPUT, Question, parse_question
from symnet.solving.formulas import Formulas
from symnet.solving.measures import QUANTITIES, ask_measured, measures
from symnet.solving.statement import BUDGET, TARGET, WHERE, Statement, state
from symnet.terms.parse import Constraint, Membership, parse_constraints
from symnet.terms.propositions import Eq, Le, Lt, Or, Proposition, holds
from symnet.terms.term import Sum, Symbol, Term, integer, substitute, symbols_of

if TYPE_CHECKING:
    from symnet.network.network import Network

__all__ = [
    "Case",
    "Problem",
    "Where",
    "letters",
    "narrowed",
    "pose",
    "proposition",
    "read",
    "resolver",
    "universal",
    "wanted",
]


#: What narrows the unknowns: text, or texts and propositions.
Where: TypeAlias = str | Sequence[str | Proposition] | None

#: What stands for a budget's total while it is read.
TOTAL = "total_"


@dataclass(frozen=True)
class Problem:
    """A question, ready to be answered. Symbols that are not asked for are parameters of the answer. Where repeat
    ``counts`` are unknown, every choice of them is a case with a network of its own, and the ``statement`` is empty.
    """

    source: str
    unknowns: tuple[Symbol, ...]
    parameters: tuple[Symbol, ...]
    statement: Statement
    exact: bool
    target: tuple[Term | None, ...] | None
    counts: tuple[Symbol, ...] = ()
    cases: tuple[Case, ...] = ()
    #: symbols for all of whose values the question must hold
    every: tuple[Symbol, ...] = ()

    def exactly(self) -> Problem:
        """The same question, asking that no layer drops an entry."""
        cases = tuple(Case(case.counts, case.problem.exactly()) for case in self.cases)
        return replace(self, statement=self.statement.exactly(), exact=True, cases=cases)


@dataclass(frozen=True)
class Case:
    """Numbers for the repeat counts, and what is asked then."""

    counts: tuple[tuple[Symbol, int], ...]
    problem: Problem


def read(question: str | Question | Network) -> Question:
    """The question as a graph and a target; a file name is read where the network stands in a file. A network is asked for
    which sizes it is defined."""
    if isinstance(question, Question):
        return question
    if isinstance(question, str):
        return parse_question(question, _text)
    return Question(question.graph, None, question.title)


def _text(name: str) -> str:
    with open(name, encoding="utf-8") as file:
        return file.read()


def pose(
    question: str | Question | Network,
    for_: str | Iterable[str] | None = None,
    where: Where = None,
    *,
    exact: bool = False,
    valid: bool = False,
    budget: str | None = None,
    counts: Mapping[str, int] | None = None,
    formulas: Formulas | None = None,
    every: str | Iterable[str] | None = None,
) -> Problem:
    """State the question. ``valid`` asks only that the network can be built: a target is left aside. ``counts`` are
    the numbers that its repeat counts have been given; then ``formulas`` may be those of the other networks.
    """
    asked = read(question)
    statement = Statement(formulas=formulas or Formulas())
    symbols = letters(asked)
    names: dict[str, Term] = {symbol.name: symbol for symbol in symbols}
    names |= {name: integer(number) for name, number in (counts or {}).items()}
    measured = measures(asked.graph, names)
    later: list[Proposition] = []
    for told in narrowed(where, measured | names):
        if any(measured.get(symbol.name) is symbol for symbol in symbols_of(told)):
            later.append(told)
        elif symbols_of(told) or not holds(told):  # a choice of repeat counts leaves some that are true
            statement.ask(told, WHERE)
    state(statement, asked.graph, exact=exact)
    for told in later:
        ask_measured(statement, asked.graph, told, measured)
    target = None if valid else _target(asked, statement)
    if budget:
        _budget(budget, statement, names)
    always, unknowns = universal(every, for_, symbols)
    parameters = tuple(symbol for symbol in symbols if symbol not in (*unknowns, *always))
    return Problem(asked.source, unknowns, parameters, statement, exact, target, every=always)


def letters(asked: Question) -> tuple[Symbol, ...]:
    """Every symbol of the question, also one that no size depends on, as they are met in the text."""
    terms: list[Term] = [*asked.counts, *asked.graph.input.dims]
    for node in asked.graph.nodes:
        terms += node.layer.symbols
    if asked.target is not None and asked.target != INPUT:
        terms += [size for size in asked.target if isinstance(size, Term)]
    return _in_order(asked.source, symbols_of(*terms))


def _in_order(source: str, symbols: list[Symbol]) -> tuple[Symbol, ...]:
    """As they are met in the text; those that stand in a file come after, as they are met there."""
    if len(symbols) < 2:
        return tuple(symbols)
    places = {match[0]: match.start() for match in reversed(list(re.finditer(r"[^\W\d]\w*", source)))}
    return tuple(sorted(symbols, key=lambda symbol: places.get(symbol.name, len(source))))


def _close(name: str, names: Iterable[str]) -> str | None:
    """The nearest name; upper and lower case are near."""
    folded = {known.lower(): known for known in names}
    near = get_close_matches(name.lower(), folded, n=1)
    return folded[near[0]] if near else None


def resolver(names: Mapping[str, Term], text: str = "") -> Callable[[str], Term]:
    """What a name in a constraint stands for; ``text`` is that of the constraints."""

    def resolve(name: str) -> Term:
        if name not in names:
            near = _close(name, names)
            hint = f"; did you mean {near!r}?" if near else _as_budget(name, text)
            raise TermError(f"{name!r} is not in the question{hint}")
        return names[name]

    return resolve


def _as_budget(name: str, text: str) -> str:
    """Where a constraint bounds what a budget does: how that is asked."""
    quantity = _close(name, QUANTITIES)
    part = next((part for part in re.split(r",|\band\b", text) if name in part), "").strip()
    if quantity is None or not part:
        return ""
    return f'; a bound on what a network has is a budget: --budget "{part.replace(name, quantity)}"'


def narrowed(where: Where, names: Mapping[str, Term]) -> list[Proposition]:
    """What narrows the unknowns, in the letters of the question."""
    found: list[Proposition] = []
    for one in [where] if isinstance(where, str) else where or ():
        if isinstance(one, str):
            found += map(proposition, parse_constraints(one, resolver(names, one))) if one.strip() else ()
        else:
            resolve = resolver(names)
            found.append(substitute(one, {symbol: resolve(symbol.name) for symbol in symbols_of(one)}))
    return found


def proposition(constraint: Constraint | Membership) -> Proposition:
    """A constraint as it was read."""
    if isinstance(constraint, Membership):
        equal = [Eq(constraint.left, member) for member in constraint.members]
        return Or(*equal) if len(equal) > 1 else equal[0]
    operator, left, right = constraint
    if operator == "==":
        return Eq(left, right)
    if operator == "!=":
        return Or(Lt(left, right), Lt(right, left))
    if operator in (">", ">="):
        left, right, operator = right, left, {">": "<", ">=": "<="}[operator]
    if operator == "<" and right.constant is not None:
        return Le(left, integer(right.constant - 1))
    return Le(left, right) if operator == "<=" else Lt(left, right)


def _target(asked: Question, statement: Statement) -> tuple[Term | None, ...] | None:
    """Ask for the target, size by size."""
    if asked.target is None:
        return None
    output = statement.tensors[-1].shape
    if asked.target == INPUT:
        target: tuple[Term | None, ...] = asked.graph.input.dims
    else:
        target = asked.target
    if len(target) != len(output.dims):
        sizes = f"{len(target)} size{'s' * (len(target) != 1)}"
        raise SymnetError(f"the target has {sizes}, but the network gives {len(output.dims)}")
    for size, wanted in zip(output.dims, target, strict=True):
        if wanted is not None:
            statement.ask(Eq(size, wanted), TARGET, len(statement.tensors) - 1)
    return target


def _budget(text: str, statement: Statement, names: Mapping[str, Term]) -> None:
    """Ask for every bound of a budget, on what is counted: the entries of index sets."""
    totals: dict[Term, Term] = {}

    def resolve(name: str) -> Term:
        if name in names:
            return names[name]
        sets = QUANTITIES.get(name.lower())
        if sets is None:
            near = get_close_matches(name, QUANTITIES, n=1)
            raise TermError(
                f"a budget speaks of {', '.join(QUANTITIES)}" + (f"; did you mean {near[0]!r}?" if near else "")
            )
        place = Symbol(TOTAL + name.lower(), 0)
        if place not in totals:
            counted = [statement.formulas.counted(shape) for tensor in statement.tensors for shape in sets(tensor)]
            totals[place] = Sum(*counted) if counted else integer(0)
        return place

    for constraint in parse_constraints(text, resolve, units=True):
        total = constraint.left
        what = ""
        if isinstance(total, Symbol) and total in totals:
            what = total.name.removeprefix(TOTAL).replace("_", "-")
        statement.ask(substitute(proposition(constraint), totals), BUDGET, what=what)


def universal(
    every: str | Iterable[str] | None, for_: str | Iterable[str] | None, symbols: tuple[Symbol, ...]
) -> tuple[tuple[Symbol, ...], tuple[Symbol, ...]]:
    """The symbols for all of whose values the question must hold, and those that are asked for: all others where nobody says."""
    if every is None:
        return (), wanted(for_, symbols)
    always = wanted(every, symbols)
    unknowns = tuple(s for s in symbols if s not in always) if for_ is None else wanted(for_, symbols)
    both = [symbol.name for symbol in unknowns if symbol in always]
    if both or not unknowns:
        raise SymnetError(
            f"{both[0]} is asked for and is to have every value"
            if both
            else "every symbol is to have every value: none is asked for"
        )
    return always, unknowns


def wanted(for_: str | Iterable[str] | None, symbols: tuple[Symbol, ...]) -> tuple[Symbol, ...]:
    """The symbols that are asked for: all of them where nobody says."""
    if for_ is None:
        return symbols
    asked = [name.strip() for name in for_.split(",")] if isinstance(for_, str) else list(for_)
    names = {symbol.name: symbol for symbol in symbols}
    for name in asked:
        if name not in names:
            known = ", ".join(names) or "no symbols"
            raise NotationError(f"{name!r} is not in the question, which has {known}", suggestion=_close(name, names))
    return tuple(dict.fromkeys(names[name] for name in asked))
