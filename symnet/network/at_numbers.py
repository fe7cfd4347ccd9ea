"""Substitutes numbers for letters in a graph or a question, before any size is worked out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from symnet.errors import NotationError, TermError
from symnet.graph import Graph
from symnet.network.stretching import at_terms
from symnet.network.substitution import graph_symbols
from symnet.notation.parse import Question
from symnet.terms.parse import Constraint, parse_constraints
from symnet.terms.term import Int, Symbol, Term, integer, substitute, symbols_of

__all__ = ["at_numbers", "numbers", "question_at", "refuse_unknown"]


#: How the values of letters are written.
WRITTEN = "numbers for letters are written W=224,K=32"


def numbers(texts: Iterable[str]) -> dict[str, int]:
    """Numbers by letter, from texts such as ``W=224,K=32``; raises :class:`symnet.NotationError` for other texts.

    >>> numbers(["W=224,K=32", "H=7"])
    {'W': 224, 'K': 32, 'H': 7}
    """
    values: dict[str, int] = {}
    for text in texts:
        try:
            constraints = parse_constraints(text)
        except NotationError as refused:
            raise NotationError(f"{WRITTEN}, not {text!r:.60}: {refused.message}", text, refused.position) from None
        for constraint in constraints:
            match constraint:
                case Constraint("==", Symbol() as left, Int() as right):
                    if values.setdefault(left.name, right.value) != right.value:
                        raise NotationError(f"{left.name} cannot be both {values[left.name]} and {right.value}")
                case _:
                    raise NotationError(f"{WRITTEN}, not {text!r:.60}")
    return values


def refuse_unknown(values: Mapping[str, int], *known: Iterable[Symbol]) -> None:
    """Raise :class:`symnet.TermError` for a letter that is in none of the collections ``known``."""
    names = {symbol.name for symbols in known for symbol in symbols}
    unknown = [name for name in values if name not in names]
    if unknown:
        there = f"there are {', '.join(sorted(names))}" if names else "there is none"
        letters = "letter" if len(unknown) == 1 else "letters"
        raise TermError(f"no {letters} {', '.join(unknown)} in the network: {there}")


def _terms(values: Mapping[str, int], symbols: Iterable[Symbol]) -> dict[Term, Term]:
    """The numbers for those symbols that have one, as terms; raises :class:`symnet.TermError` for a number that is too small."""
    chosen: dict[Term, Term] = {}
    for symbol in symbols:
        number = values.get(symbol.name)
        if number is None:
            continue
        if symbol.least is not None and number < symbol.least:
            raise TermError(f"{symbol.name} must be at least {symbol.least}, got {number}")
        chosen[symbol] = integer(number)
    return chosen


def at_numbers(graph: Graph, values: Mapping[str, int]) -> Graph:
    """The graph with numbers substituted for those of its letters that have one."""
    return at_terms(graph, _terms(values, graph_symbols(graph))) if values else graph


def question_at(question: Question, values: Mapping[str, int]) -> Question:
    """The question with numbers for letters of its network, its target and its repeat counts.

    >>> from symnet.notation.parse import parse_question
    >>> question_at(parse_question("(3,W,W) -> Conv|K|3 = (8, T, T)"), {"W": 9, "T": 7}).target
    (<Int 8>, <Int 7>, <Int 7>)
    """
    if not values:
        return question
    target = question.target if isinstance(question.target, tuple) else ()
    target_symbols = symbols_of(*(size for size in target if size is not None))
    refuse_unknown(values, graph_symbols(question.graph), target_symbols, question.counts)
    counts = [symbol.name for symbol in question.counts]
    if any(name in values for name in counts):
        missing = [name for name in counts if name not in values]
        if missing:
            raise TermError(f"a number for {', '.join(missing)} is missing: all repeat counts have one, or none")
        question = question.repeated({name: values[name] for name in counts})
    graph = at_numbers(question.graph, values)
    if not isinstance(question.target, tuple):
        return replace(question, graph=graph)
    chosen = _terms(values, target_symbols)
    sizes = (size if size is None else substitute(size, chosen) for size in question.target)
    worked_out = tuple(size if size is None or size.constant is None else integer(size.constant) for size in sizes)
    return replace(question, graph=graph, target=worked_out)
