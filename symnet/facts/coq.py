"""Statements about real numbers as Coq states them, so that a theorem of Facts.v and one of a fact can be compared.

Sizes and indices are natural numbers, arrays functions of them, ``total n f`` is the sum of f 0, …, f (n − 1). Statements
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

#: Words of Coq that no letter may be.
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
    """A part that has no counterpart in Facts.v."""


def coq_name(theorem: RealTheorem) -> str | None:
    """The theorem of Facts.v that states the same; ``None`` where there is none."""
    statement = coq_statement(theorem)
    return None if statement is None else _stated().get(statement)


@cache
def _stated() -> dict[str, str]:
    """What Facts.v proves: the names of its theorems by their statements."""
    source = files("symnet.facts").joinpath("Facts.v").read_text(encoding="utf-8")
    found = re.findall(r"^Theorem (\w+) :\s(.*?)\.\s*Proof\.", source, re.MULTILINE | re.DOTALL)
    return {" ".join(statement.split()): name for name, statement in found}


def coq_statement(theorem: RealTheorem) -> str | None:
    """A theorem with its conditions as a proposition of Coq; ``None`` where it cannot be said there.

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
    said = " -> ".join([*signs, *conditions, conclusion])
    return f"forall {binders}, {said}" if binders else said


def _binders(statements: tuple[Node, ...]) -> tuple[str, list[str]]:
    """Everything that is free, reals first, then arrays, then sizes; and what the sizes promise."""
    free = frozenset[object]().union(*(statement.free for statement in statements))
    arrays: dict[str, set[int]] = {}
    for statement in statements:
        _arrays(statement, arrays)
    reals = sorted(one.args[0] for one in free if isinstance(one, r.Variable))
    sizes = sorted((one for one in free if isinstance(one, Symbol)), key=lambda one: one.name)
    names = [*reals, *arrays, *(size.name for size in sizes)]
    if len(set(names)) < len(names) or set(names) & _TAKEN or any(len(places) > 1 for places in arrays.values()):
        raise _NotTranslated
    parts = [f"({' '.join(reals)} : R)"] if reals else []
    for name in sorted(arrays):
        (places,) = arrays[name]
        parts.append(f"({name} : {'nat -> ' * places}R)")
    parts += [f"({' '.join(size.name for size in sizes)} : nat)"] if sizes else []
    return " ".join(parts), [f"({size.least} <= {size.name})%nat" for size in sizes if size.least]


def _arrays(node: Node, found: dict[str, set[int]]) -> None:
    if isinstance(node, r.Entry):
        found.setdefault(node.args[0], set()).add(len(node.args) - 1)
    for part in node.args:
        if isinstance(part, Node):
            _arrays(part, found)


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


#: How deep an index may go: the bounds of the sums around, by their indices.
_Bounds = dict[Symbol, Term]

_CALLS: dict[type[Node], str] = {
    r.Exp: "exp", r.Log: "ln", r.Sqrt: "sqrt", r.Abs: "Rabs", r.Minimum: "Rmin", r.Maximum: "Rmax",
}  # fmt: skip
_INFIX: dict[type[Node], str] = {r.Plus: " + ", r.Times: " * ", r.Quotient: " / "}


def _part(node: Node, bounds: _Bounds) -> str:
    written = _plain(node, bounds)
    return written if re.fullmatch(r"\w+", written) else f"({written})"


def _plain(node: Node, bounds: _Bounds) -> str:
    if isinstance(node, r.Number):
        above, below = node.args
        return str(above) if below == 1 else f"{above} / {below}" if above >= 0 else f"({above}) / {below}"
    if isinstance(node, r.Variable):
        return str(node.args[0])
    if isinstance(node, r.Entry):
        return " ".join([node.args[0], *(_argument(place, bounds) for place in node.args[1:])])
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
    written = _integer(term, bounds)
    return f"{written}%nat" if written.isdigit() else written if written.isidentifier() else f"({written})%nat"


def _integer(term: Term, bounds: _Bounds) -> str:
    """A natural number. A difference n − j is one where j is the index of a sum over j < n."""
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
