"""Conditions that speak of one symbol alone, as those on the height and those on the width: each symbol has its own set of
values, whatever the others are.
"""

from __future__ import annotations

from symnet.errors import KernelError
from symnet.kernel.rules import conjuncts, cut, iff_chain, regroup
from symnet.kernel.theorem import Theorem
from symnet.search.cases import cases
from symnet.search.equal_products import factor_by_factor
from symnet.solving.bounds import find_bounds
from symnet.solving.factors import follows
from symnet.solving.implied import flat
from symnet.solving.unfloor import Stop, identity
from symnet.terms.propositions import And, Eq, In, Le, Lt, Proposition
from symnet.terms.term import Symbol, symbols_of

__all__ = ["products_apart", "separated"]

#: Sets of a parameter with more parts are left as the conditions that they come from; those of an unknown, with more
#: than are written out as classes.
FEW, MANY = 4, 1_000


def separated(proposition: Proposition, unknowns: tuple[Symbol, ...]) -> Theorem:
    """⊢ p ⇔ p with the conditions on one symbol alone put as its set: for the unknowns always, for the others where
    that is simpler than the conditions.

    >>> from symnet.terms.term import integer
    >>> H, W = Symbol("H"), Symbol("W")
    >>> question = And(Le(integer(3), H // 2), Le(W // 2, integer(44)), Le(integer(2), W))
    >>> separated(question, (W,)).conclusion.args[1]
    <And H in {… ≥ 6} and W in 2..89>
    """
    parts = list(flat(proposition))
    groups: list[tuple[Symbol | None, Proposition, Theorem]] = []
    alone = _alone(parts)
    for part in parts:
        symbol = next((symbol for symbol, own in alone.items() if part in own), None)
        if symbol is None:
            groups.append((None, part, identity(part)))
        elif part is alone[symbol][0]:
            together = And(*alone[symbol])
            groups.append((symbol, together, _solved(symbol, together, unknown=symbol in unknowns)))
    if not isinstance(proposition, And) or all(symbol is None for symbol, _, _ in groups):
        return identity(proposition)
    theorem = conjuncts(tuple(step for _, _, step in groups))
    left, right = theorem.conclusion.args
    return iff_chain(iff_chain(regroup(proposition, left), theorem), regroup(right, And(*flat(right))))


def products_apart(proposition: Proposition) -> Theorem:
    """⊢ p ⇔ p with the equations of their factors in the place of equations of products, so that each speaks of one symbol alone.

    >>> from symnet.terms.term import integer
    >>> H, W = Symbol("H"), Symbol("W")
    >>> products_apart(And(Le(integer(3), H), Eq((H - 2) * W, ((H - 2) // 4) * 4 * W))).conclusion.args[1]
    <And 3 <= H and H - 2 == 4*((H - 2)//4)>
    """
    parts = list(flat(proposition))
    found = {part: _factors_apart(part, [other for other in parts if other is not part]) for part in parts}
    apart = {part: theorem for part, theorem in found.items() if theorem is not None}
    if not apart:
        return identity(proposition)
    groups = dict.fromkeys(condition for theorem in apart.values() for condition in _conditions(theorem))
    theorem = conjuncts(
        (*map(identity, groups), *map(identity, (part for part in parts if part not in apart)), *apart.values())
    )
    left, right = theorem.conclusion.args
    return iff_chain(iff_chain(regroup(proposition, left), theorem), regroup(right, And(*flat(right))))


def _factors_apart(part: Proposition, others: list[Proposition]) -> Theorem | None:
    """Conditions on single symbols ⊢ an equation of products ⇔ those of its factors; ``None`` where it is none, or the conditions
    do not show that its factors are as large as that needs."""
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


def _alone(parts: list[Proposition]) -> dict[Symbol, list[Proposition]]:
    """The conditions on each symbol that stands with no other one in any condition."""
    about = {part: symbols_of(part) for part in parts}
    found: dict[Symbol, list[Proposition]] = {}
    for part, symbols in about.items():
        if len(symbols) == 1:
            found.setdefault(next(iter(symbols)), []).append(part)
    shared = {symbol for symbols in about.values() if len(symbols) > 1 for symbol in symbols}
    return {symbol: own for symbol, own in found.items() if symbol not in shared}


def _solved(symbol: Symbol, together: And, *, unknown: bool) -> Theorem:
    """⊢ the conditions ⇔ membership; the conditions themselves where these are as simple, or out of reach."""
    if not unknown and len(together.args) == 1 and _simple(together.args[0]):
        return identity(together)
    try:
        theorem = _decided(symbol, together)
    except KernelError:
        return identity(together)
    members = theorem.conclusion.args[1].args[1]
    if len(members.parts) > (MANY if unknown else FEW):
        return identity(together)
    plain = not unknown and bool(members.parts) and all(map(_simple, together.args))
    return identity(together) if plain else theorem


def _decided(symbol: Symbol, together: And) -> Theorem:
    """All values; where the symbol divides, bounds are needed."""
    try:
        return cases(together, (symbol,), ())
    except KernelError:
        return cases(together, (symbol,), tuple(find_bounds(together, (symbol,)).theorems))


def _simple(part: Proposition) -> bool:
    """Whether a condition compares a symbol with a number, or says where it is."""
    if isinstance(part, Le | Lt | Eq):
        return all(isinstance(side, Symbol) or side.constant is not None for side in part.args)
    return isinstance(part, In)
