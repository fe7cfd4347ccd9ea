"""Conditions on a single symbol, such as those on the height and those on the width: each symbol gets its own set of
values.
"""

from __future__ import annotations

from symnet.errors import KernelError
from symnet.kernel.rules import conjuncts, cut, iff_chain, regroup
from symnet.kernel.theorem import Theorem
from symnet.search.cases import cases
from symnet.search.equal_products import factor_by_factor
from symnet.solving.bounds import find_bounds
from symnet.solving.boxes import Boxes, Row
from symnet.solving.factors import follows
from symnet.solving.floors import Stop, identity
from symnet.solving.redundant import all_conjuncts
from symnet.terms.propositions import And, Eq, In, Le, Lt, Proposition
from symnet.terms.term import Symbol, symbols_of

__all__ = ["each_by_itself", "factor_equations", "sets_of_single_symbols"]

#: Sets of a parameter with more than ``FEW`` parts stay as conditions; those of an unknown, with more than ``MANY``.
FEW, MANY = 4, 1_000


def sets_of_single_symbols(proposition: Proposition, unknowns: tuple[Symbol, ...]) -> Theorem:
    """⊢ p ⇔ p with the conditions on each single symbol replaced by its set: always for the unknowns, for other
    symbols if the set is simpler.

    >>> from symnet.terms.term import integer
    >>> H, W = Symbol("H"), Symbol("W")
    >>> question = And(Le(integer(3), H // 2), Le(W // 2, integer(44)), Le(integer(2), W))
    >>> sets_of_single_symbols(question, (W,)).conclusion.args[1]
    <And H in {… ≥ 6} and W in 2..89>
    """
    parts = list(all_conjuncts(proposition))
    groups: list[tuple[Symbol | None, Proposition, Theorem]] = []
    by_symbol = _conditions_by_symbol(parts)
    for part in parts:
        symbol = next((symbol for symbol, own in by_symbol.items() if part in own), None)
        if symbol is None:
            groups.append((None, part, identity(part)))
        elif part is by_symbol[symbol][0]:
            together = And(*by_symbol[symbol])
            groups.append((symbol, together, _solved(symbol, together, unknown=symbol in unknowns)))
    if not isinstance(proposition, And) or all(symbol is None for symbol, _, _ in groups):
        return identity(proposition)
    theorem = conjuncts(tuple(step for _, _, step in groups))
    left, right = theorem.conclusion.args
    return iff_chain(iff_chain(regroup(proposition, left), theorem), regroup(right, And(*all_conjuncts(right))))


def each_by_itself(
    proposition: Proposition, unknowns: tuple[Symbol, ...], most: int
) -> tuple[Theorem, tuple[Row, ...]] | None:
    """⊢ p ⇔ each unknown is in a set of its own, and all solutions as at most so many rows; ``None`` if there are more, or if
    conditions are left.
    """
    theorem = sets_of_single_symbols(proposition, unknowns)
    sets = {part.args[0]: part.args[1] for part in all_conjuncts(theorem.conclusion.args[1]) if isinstance(part, In)}
    if sets.keys() != set(unknowns) or len(all_conjuncts(theorem.conclusion.args[1])) != len(sets):
        return None
    rows = Boxes(unknowns, (tuple([sets[symbol] for symbol in unknowns]),)).rows(unknowns, most)
    return None if rows is None else (theorem, rows)


def factor_equations(proposition: Proposition) -> Theorem:
    """⊢ p ⇔ p with equations of products replaced by equations of their factors, so that each contains a single
    symbol.

    >>> from symnet.terms.term import integer
    >>> H, W = Symbol("H"), Symbol("W")
    >>> factor_equations(And(Le(integer(3), H), Eq((H - 2) * W, ((H - 2) // 4) * 4 * W))).conclusion.args[1]
    <And 3 <= H and H - 2 == 4*((H - 2)//4)>
    """
    parts = list(all_conjuncts(proposition))
    candidates = {part: _factors_apart(part, [other for other in parts if other is not part]) for part in parts}
    replaced = {part: theorem for part, theorem in candidates.items() if theorem is not None}
    if not replaced:
        return identity(proposition)
    groups = dict.fromkeys(condition for theorem in replaced.values() for condition in _conditions(theorem))
    theorem = conjuncts(
        (*map(identity, groups), *map(identity, (part for part in parts if part not in replaced)), *replaced.values())
    )
    left, right = theorem.conclusion.args
    return iff_chain(iff_chain(regroup(proposition, left), theorem), regroup(right, And(*all_conjuncts(right))))


def _factors_apart(part: Proposition, others: list[Proposition]) -> Theorem | None:
    """Conditions on single symbols ⊢ an equation of products ⇔ the equations of its factors; ``None`` if it is no such
    equation, or the conditions do not imply that one side's factors are the larger ones.
    """
    theorem = factor_by_factor(part)
    if theorem is None:
        return None
    for condition in _conditions(theorem):
        about = set(symbols_of(condition))
        own = [one for one in others if symbols_of(one) and set(symbols_of(one)) <= about]
        try:
            theorem = cut(follows(condition, own, own), theorem)
        except Stop:
            return None
    return theorem


def _conditions(theorem: Theorem) -> list[Proposition]:
    return sorted(theorem.hypotheses, key=lambda condition: condition.serial)


def _conditions_by_symbol(parts: list[Proposition]) -> dict[Symbol, list[Proposition]]:
    """The conditions on each symbol that shares no condition with another symbol."""
    about = {part: symbols_of(part) for part in parts}
    found: dict[Symbol, list[Proposition]] = {}
    for part, symbols in about.items():
        if len(symbols) == 1:
            found.setdefault(next(iter(symbols)), []).append(part)
    shared = {symbol for symbols in about.values() if len(symbols) > 1 for symbol in symbols}
    return {symbol: own for symbol, own in found.items() if symbol not in shared}


def _solved(symbol: Symbol, conditions: And, *, unknown: bool) -> Theorem:
    """⊢ the conditions ⇔ membership in a set; ⊢ the conditions ⇔ themselves if these are as simple, or the set is out
    of reach.
    """
    if not unknown and len(conditions.args) == 1 and _simple(conditions.args[0]):
        return identity(conditions)
    try:
        theorem = _members_theorem(symbol, conditions)
    except KernelError:
        return identity(conditions)
    members = theorem.conclusion.args[1].args[1]
    if len(members.parts) > (MANY if unknown else FEW):
        return identity(conditions)
    plain = not unknown and bool(members.parts) and all(map(_simple, conditions.args))
    return identity(conditions) if plain else theorem


def _members_theorem(symbol: Symbol, conditions: And) -> Theorem:
    """⊢ the conditions ⇔ the set of their symbol; with proven bounds if it occurs in a divisor."""
    try:
        return cases(conditions, (symbol,), ())
    except KernelError:
        return cases(conditions, (symbol,), tuple(find_bounds(conditions, (symbol,)).theorems))


def _simple(part: Proposition) -> bool:
    """Whether a condition compares a symbol with a number, or is a membership."""
    if isinstance(part, Le | Lt | Eq):
        return all(isinstance(side, Symbol) or side.constant is not None for side in part.args)
    return isinstance(part, In)
