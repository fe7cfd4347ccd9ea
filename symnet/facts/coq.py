"""Writes theorems about real numbers as Coq states them, to compare a fact with a theorem of ``Facts.v``.

Sizes and indices are natural numbers, arrays are functions of them, and ``total n f`` is the sum f 0 + … + f (n − 1). Statements
about derivatives, and about minima and maxima over an index, are not translated.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from symnet.kernel.real import expressions as r
from symnet.kernel.real import statements as s
from symnet.kernel.real.expressions import Node
from symnet.kernel.real.theorem import RealTheorem
from symnet.terms.term import Int, Product, Sum, Symbol, Term

__all__ = ["coq_name", "coq_statement"]

#: Words that Coq or ``Facts.v`` uses, so that no variable may have them.
_TAKEN = {
    "exp",
    "ln",
    "sqrt",
    "total",
    "fun",
    "forall",
    "let",
    "in",
    "R",
    "nat",
    "INR",
    "Rabs",
    "Rmin",
    "Rmax",
    "at",
    "as",
}


class _NotTranslated(Exception):
    """A part of a statement has no counterpart in ``Facts.v``."""


def coq_name(theorem: RealTheorem) -> str | None:
    """The name of the theorem in ``Facts.v`` with the same statement, or ``None``."""
    statement = coq_statement(theorem)
    return None if statement is None else _stated().get(statement)


@cache
def _stated() -> dict[str, str]:
    """The theorems of ``Facts.v``: their names by their statements."""
    source = files("symnet.facts").joinpath("Facts.v").read_text(encoding="utf-8")
    theorems = re.findall(r"^Theorem (\w+) :\s(.*?)\.\s*Proof\.", source, re.MULTILINE | re.DOTALL)
    return {" ".join(statement.split()): name for name, statement in theorems}


def coq_statement(theorem: RealTheorem) -> str | None:
    """A theorem with its conditions as a Coq proposition; ``None`` if ``Facts.v`` has no words for it.

    >>> from symnet.kernel.real.rules import exp_log
    >>> coq_statement(exp_log(r.Variable("a")))
    'forall (a : R), 0 < a -> exp (ln a) = a'
    """
    try:
        conditions = sorted(map(_statement, theorem.hypotheses))
        conclusion = _statement(theorem.conclusion)
        binders, signs = _binders((theorem.conclusion, *theorem.hypotheses))
    except _NotTranslated:
        return None
    statement = " -> ".join([*signs, *conditions, conclusion])
    return f"forall {binders}, {statement}" if binders else statement


def _binders(statements: tuple[Node, ...]) -> tuple[str, list[str]]:
    """The binders of all free names (reals, then arrays, then sizes), and the lower bounds of the sizes."""
    free = frozenset[object]().union(*(statement.free for statement in statements))
    arrays: dict[str, set[int]] = {}
    for statement in statements:
        _arrays(statement, arrays)
    reals = sorted(one.args[0] for one in free if isinstance(one, r.Variable))
    sizes = sorted((one for one in free if isinstance(one, Symbol)), key=lambda one: one.name)
    names = [*reals, *arrays, *(size.name for size in sizes)]
    if len(set(names)) < len(names) or set(names) & _TAKEN or any(len(ranks) > 1 for ranks in arrays.values()):
        raise _NotTranslated
    parts = [f"({' '.join(reals)} : R)"] if reals else []
    for name in sorted(arrays):
        (rank,) = arrays[name]
        parts.append(f"({name} : {'nat -> ' * rank}R)")
    parts += [f"({' '.join(size.name for size in sizes)} : nat)"] if sizes else []
    return " ".join(parts), [f"({size.least} <= {size.name})%nat" for size in sizes if size.least]


def _arrays(node: Node, ranks: dict[str, set[int]]) -> None:
    """Collects the number of indices of each array in ``node``."""
    if isinstance(node, r.Entry):
        ranks.setdefault(node.args[0], set()).add(len(node.args) - 1)
    for part in node.args:
        if isinstance(part, Node):
            _arrays(part, ranks)


def _statement(node: Node) -> str:
    if isinstance(node, s.ForAll):
        index, inner = node.args
        promise = f"({index.least} <= {index.name})%nat -> " if index.least else ""
        return f"(forall {index.name} : nat, {promise}{_statement(inner)})"
    if isinstance(node, s.Below):
        return f"({_integer(node.args[0], {})} < {_integer(node.args[1], {})})%nat"
    if isinstance(node, s.Nonzero):
        return f"{_plain(node.args[0], {})} <> 0"
    signs = {s.Equal: "=", s.Less: "<", s.AtMost: "<="}
    if type(node) not in signs:
        raise _NotTranslated
    left, right = (_plain(part, {}) for part in node.args)
    return f"{left} {signs[type(node)]} {right}"  # type: ignore[index]


#: The bounds of the sums around a term, by their indices.
_Bounds = dict[Symbol, Term]

_CALLS: dict[type[Node], str] = {
    r.Exp: "exp", r.Log: "ln", r.Sqrt: "sqrt", r.Abs: "Rabs", r.Minimum: "Rmin", r.Maximum: "Rmax",
}  # fmt: skip
_INFIX: dict[type[Node], str] = {r.Plus: " + ", r.Times: " * ", r.Quotient: " / "}


def _part(node: Node, bounds: _Bounds) -> str:
    text = _plain(node, bounds)
    return text if re.fullmatch(r"\w+", text) else f"({text})"


def _plain(node: Node, bounds: _Bounds) -> str:
    if isinstance(node, r.Number):
        above, below = node.args
        return str(above) if below == 1 else f"{above} / {below}" if above >= 0 else f"({above}) / {below}"
    if isinstance(node, r.Variable):
        return str(node.args[0])
    if isinstance(node, r.Entry):
        return " ".join([node.args[0], *(_argument(index, bounds) for index in node.args[1:])])
    if isinstance(node, r.Whole):
        return f"INR {_argument(node.args[0], bounds)}"
    if isinstance(node, r.Power):
        return f"{_part(node.args[0], bounds)} ^ {_argument(node.args[1], bounds).removesuffix('%nat')}"
    if isinstance(node, r.Total):
        index, bound, body = node.args
        return f"total {_argument(bound, bounds)} (fun {index.name} => {_plain(body, {**bounds, index: bound})})"
    if type(node) in _CALLS:
        return " ".join([_CALLS[type(node)], *(_part(part, bounds) for part in node.args)])
    if type(node) in _INFIX and node.args:
        return _INFIX[type(node)].join(_part(part, bounds) for part in node.args)
    raise _NotTranslated


def _argument(term: Term, bounds: _Bounds) -> str:
    text = _integer(term, bounds)
    return f"{text}%nat" if text.isdigit() else text if text.isidentifier() else f"({text})%nat"


def _integer(term: Term, bounds: _Bounds) -> str:
    """A natural number. A difference n − j is allowed only where j is the index of a sum over j < n."""
    if isinstance(term, Int) and term.value >= 0:
        return str(term.value)
    if isinstance(term, Symbol):
        return term.name
    if isinstance(term, Sum) and len(term.args) == 2:
        first, second = term.args
        if isinstance(second, Product) and len(second.args) == 2 and second.args[0] is Int(-1):
            index = second.args[1]
            if isinstance(index, Symbol) and isinstance(first, Term) and bounds.get(index) is first:
                return f"{_integer(first, bounds)} - {index.name}"
            raise _NotTranslated
        return f"{_integer(first, bounds)} + {_integer(second, bounds)}"
    raise _NotTranslated
