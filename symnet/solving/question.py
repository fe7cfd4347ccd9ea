"""From a question in notation to a problem: unknowns, parameters, and every condition as a proposition."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeAlias

from symnet.errors import NotationError, SymnetError, TermError
from symnet.notation.parse import INPUT, Question, parse_question
from symnet.solving.budgets import BYTE_QUANTITIES, Budget, ask_budget
from symnet.solving.constraints import proposition
from symnet.solving.formulas import Formulas
from symnet.solving.quantities import QUANTITIES, ask_measured, measures
from symnet.solving.statement import TARGET, WHERE, Statement, state
from symnet.terms.evaluation import holds
from symnet.terms.parse import parse_constraints
from symnet.terms.propositions import Eq, Proposition
from symnet.terms.term import Symbol, Term, integer, substitute, symbols_of

if TYPE_CHECKING:
    from symnet.network.network import Network

__all__ = [
    "Case",
    "Problem",
    "Where",
    "letters",
    "pose",
    "read",
    "read_constraints",
    "resolver",
    "split_quantifiers",
    "unknowns_named",
]


#: Constraints on the unknowns: text, or texts and propositions.
Where: TypeAlias = str | Sequence[str | Proposition] | None


@dataclass(frozen=True)
class Problem:
    """A question, ready to be answered. Symbols that are not asked for are parameters of the answer. If repeat
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
        """The same question with the condition that no layer drops an entry."""
        cases = tuple(Case(case.counts, case.problem.exactly()) for case in self.cases)
        return replace(self, statement=self.statement.exactly(), exact=True, cases=cases)


@dataclass(frozen=True)
class Case:
    """Numbers for the repeat counts, and the problem they lead to."""

    counts: tuple[tuple[Symbol, int], ...]
    problem: Problem


def read(question: str | Question | Network) -> Question:
    """The question as a graph and a target. A network is asked for the sizes for which it is defined. A file name in
    the text is replaced by the file's content.
    """
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
    budget: str | Budget | None = None,
    counts: Mapping[str, int] | None = None,
    formulas: Formulas | None = None,
    every: str | Iterable[str] | None = None,
) -> Problem:
    """States the question as a problem.

    ``for_`` names the unknowns, ``every`` the symbols over which the question is universally quantified; ``where`` are
    constraints, ``budget`` bounds quantities; ``exact`` forbids dropped entries, ``valid`` ignores the target.
    ``counts`` are numbers for repeat counts, with ``formulas`` of the networks for other counts.
    """
    parsed = read(question)
    statement = Statement(formulas=formulas or Formulas())
    symbols = letters(parsed, budget)
    names: dict[str, Term] = {symbol.name: symbol for symbol in symbols}
    names |= {name: integer(number) for name, number in (counts or {}).items()}
    measured = measures(parsed.graph, names)
    measured_constraints: list[Proposition] = []
    for constraint in read_constraints(where, measured | names):
        if any(measured.get(symbol.name) is symbol for symbol in symbols_of(constraint)):
            measured_constraints.append(constraint)
        # a choice of repeat counts makes some constraints trivially true
        elif symbols_of(constraint) or not holds(constraint):
            statement.ask(constraint, WHERE)
    state(statement, parsed.graph, exact=exact)
    for constraint in measured_constraints:
        ask_measured(statement, parsed.graph, constraint, measured)
    target = None if valid else _target(parsed, statement)
    if (bounds := Budget.of(budget)) is not None:
        ask_budget(bounds, statement, parsed.graph, names)
    always, unknowns = split_quantifiers(every, for_, symbols)
    parameters = tuple(symbol for symbol in symbols if symbol not in (*unknowns, *always))
    return Problem(parsed.source, unknowns, parameters, statement, exact, target, every=always)


def letters(question: Question, budget: str | Budget | None = None) -> tuple[Symbol, ...]:
    """Every symbol of the question, also one that no size depends on, in the order of the text; then the letter of the batch for which
    a budget counts.
    """
    terms: list[Term] = [*question.counts, *question.graph.input.dims]
    for node in question.graph.nodes:
        terms += node.layer.symbols
    if question.target is not None and question.target != INPUT:
        terms += [size for size in question.target if isinstance(size, Term)]
    symbols = _in_order(question.source, symbols_of(*terms))
    bounds = Budget.of(budget)
    return symbols if bounds is None else (*symbols, *bounds.letters(symbol.name for symbol in symbols))


def _in_order(source: str, symbols: list[Symbol]) -> tuple[Symbol, ...]:
    """The symbols in the order of the text; those from a file come last."""
    if len(symbols) < 2:
        return tuple(symbols)
    first_index = {match[0]: match.start() for match in reversed(list(re.finditer(r"[^\W\d]\w*", source)))}
    return tuple(sorted(symbols, key=lambda symbol: first_index.get(symbol.name, len(source))))


def _close(name: str, names: Iterable[str]) -> str | None:
    """The most similar name, ignoring case; ``None`` if none is similar."""
    by_lower_case = {known.lower(): known for known in names}
    near = get_close_matches(name.lower(), by_lower_case, n=1)
    return by_lower_case[near[0]] if near else None


def resolver(names: Mapping[str, Term], text: str = "") -> Callable[[str], Term]:
    """A function from names in a constraint to their terms, which raises :class:`TermError` for unknown names;
    ``text`` is the constraint, for the message.
    """

    def resolve(name: str) -> Term:
        if name not in names:
            near = _close(name, names)
            hint = f"; did you mean {near!r}?" if near else _as_budget(name, text)
            raise TermError(f"{name!r} is not in the question{hint}")
        return names[name]

    return resolve


def _as_budget(name: str, text: str) -> str:
    """A hint that a constraint on a budget's quantity must be a budget; "" if it is none."""
    quantity = _close(name, (*QUANTITIES, *BYTE_QUANTITIES))
    part = next((part for part in re.split(r",|\band\b", text) if name in part), "").strip()
    if quantity is None or not part:
        return ""
    return f'; a bound on what a network has is a budget: --budget "{part.replace(name, quantity)}"'


def read_constraints(where: Where, names: Mapping[str, Term]) -> list[Proposition]:
    """The constraints as propositions in the letters of the question."""
    propositions: list[Proposition] = []
    for one in [where] if isinstance(where, str) else where or ():
        if isinstance(one, str):
            propositions += map(proposition, parse_constraints(one, resolver(names, one))) if one.strip() else ()
        else:
            resolve = resolver(names)
            propositions.append(substitute(one, {symbol: resolve(symbol.name) for symbol in symbols_of(one)}))
    return propositions


def _target(question: Question, statement: Statement) -> tuple[Term | None, ...] | None:
    """Adds the target to the statement, size by size. Raises :class:`SymnetError` for another number of sizes."""
    if question.target is None:
        return None
    output = statement.tensors[-1].shape
    if question.target == INPUT:
        target: tuple[Term | None, ...] = question.graph.input.dims
    else:
        target = question.target
    if len(target) != len(output.dims):
        sizes = f"{len(target)} size{'s' * (len(target) != 1)}"
        holes = f"({', '.join('_' for _ in output.dims)})" if output.dims else "()"
        raise SymnetError(
            f"the target has {sizes}, but the network gives {len(output.dims)}: write = {holes}, with a number where one is asked for"
        )
    for size, unknowns_named in zip(output.dims, target, strict=True):
        if unknowns_named is not None:
            statement.ask(Eq(size, unknowns_named), TARGET, len(statement.tensors) - 1)
    return target


def split_quantifiers(
    every: str | Iterable[str] | None, for_: str | Iterable[str] | None, symbols: tuple[Symbol, ...]
) -> tuple[tuple[Symbol, ...], tuple[Symbol, ...]]:
    """The universally quantified symbols, and the unknowns: all others if ``for_`` is ``None``. Raises
    :class:`SymnetError` if no unknown is left or one is in both.
    """
    if every is None:
        return (), unknowns_named(for_, symbols)
    always = unknowns_named(every, symbols)
    unknowns = tuple(s for s in symbols if s not in always) if for_ is None else unknowns_named(for_, symbols)
    both = [symbol.name for symbol in unknowns if symbol in always]
    if both or not unknowns:
        raise SymnetError(
            f"{both[0]} is asked for and is to have every value"
            if both
            else "every symbol is to have every value: none is asked for"
        )
    return always, unknowns


def unknowns_named(for_: str | Iterable[str] | None, symbols: tuple[Symbol, ...]) -> tuple[Symbol, ...]:
    """The symbols that are asked for: all of them if ``for_`` is ``None``."""
    if for_ is None:
        return symbols
    names_asked = [name.strip() for name in for_.split(",")] if isinstance(for_, str) else list(for_)
    names = {symbol.name: symbol for symbol in symbols}
    for name in names_asked:
        if name not in names:
            known = ", ".join(names) or "no symbols"
            raise NotationError(f"{name!r} is not in the question, which has {known}", suggestion=_close(name, names))
    return tuple(dict.fromkeys(names[name] for name in names_asked))
