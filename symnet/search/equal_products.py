"""Equations between two products, solved factor by factor: H·W = 4·⌊H/4⌋·4·⌊W/4⌋ if and only if H = 4·⌊H/4⌋ and W =
4·⌊W/4⌋.

Each u is at least its v, as a size is at least what it is cropped to. Then the products are equal only if no factor is
larger:

  ∏ u − ∏ v = Σᵢ (uᵢ − vᵢ)·v₁·…·vᵢ₋₁·uᵢ₊₁·…·uₙ,  where no summand is negative, and the first one is at least u₁ − v₁
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from operator import mul

from symnet.errors import SymnetError
from symnet.kernel.rules import (
    assume,
    both,
    cut,
    equal_both_ways,
    equivalence,
    flip,
    iff_chain,
    instantiate,
    linear,
    modus_ponens,
    part,
    rearrange,
    sign,
)
from symnet.kernel.theorem import Theorem
from symnet.search.cases import cases
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.polynomial import normal_form
from symnet.terms.propositions import And, Eq, Le, Proposition
from symnet.terms.term import CeilDiv, FloorDiv, Product, Sum, Symbol, Term, integer, symbols_of

__all__ = ["factor_by_factor"]

ONE = integer(1)
#: Products with more factors than this are left as they are.
FACTORS = 24


@dataclass
class _Pair:
    """The factors on both sides that contain one symbol: ``times`` · larger ≥ ``part`` · smaller, with equality in the
    limit of large values.
    """

    larger: list[Term] = field(default_factory=list)
    smaller: list[Term] = field(default_factory=list)
    times: int = 1
    part: int = 1


def factor_by_factor(equation: Proposition) -> Theorem | None:
    """conditions ⊢ a product equals another ⇔ for each symbol, its factors on both sides are equal; ``None`` if the
    equation is not of this kind. The conditions are those that do not hold for every value of the symbol.

    >>> H, W = Symbol("H"), Symbol("W")
    >>> factor_by_factor(Eq(3 * H * W, 3 * (H // 4) * 4 * (W // 2) * 2))
    ⊢ 3*H*W == 3*(H//4)*4*(W//2)*2 <=> H == 4*(H//4) and W == 2*(W//2)
    """
    if not isinstance(equation, Eq) or len(symbols_of(equation)) < 2:
        return None
    left, right = ([*_factors(side)] for side in equation.args)
    if len(left) + len(right) > FACTORS or any(factor.constant == 0 for factor in (*left, *right)):
        return None
    shared = _shared(left, right)
    for larger, smaller in ((left, right), (right, left)):
        pairs = _pairs(larger, smaller)
        if pairs is None:
            return None
        try:
            return _equal(equation, pairs, shared)
        except SymnetError:  # try the other side as the larger one
            continue
    return None


def _factors(term: Term) -> Iterable[Term]:
    if isinstance(term, Product):
        for each in term.args:
            yield from _factors(each)
    else:
        yield term


def _shared(left: list[Term], right: list[Term]) -> list[Term]:
    """Removes the positive factors common to both sides; returns them."""
    common: list[Term] = []
    for factor in list(left):
        same = next((other for other in right if normal_form(other) == normal_form(factor)), None)
        if same is not None and factor.constant is None and (factor.least or 0) >= 1:
            left.remove(factor)
            right.remove(same)
            common.append(factor)
    return common


def _pairs(left: list[Term], right: list[Term]) -> dict[Symbol, _Pair] | None:
    """The factors of each symbol on both sides; ``None`` if a factor has several symbols, or the two sides grow at
    different rates.
    """
    pairs: dict[Symbol, _Pair] = {}
    for index, factor in enumerate([*left, *right]):
        symbols = symbols_of(factor)
        if len(symbols) > 1:
            return None
        if symbols:
            pair = pairs.setdefault(symbols[0], _Pair())
            (pair.larger if index < len(left) else pair.smaller).append(factor)
    for pair in pairs.values():
        one, two = _growth(_product(pair.larger)), _growth(_product(pair.smaller))
        if one is None or two is None or one[1] != two[1] or one[0] <= 0 or two[0] <= 0:
            return None
        ratio = two[0] / one[0]
        pair.times, pair.part = ratio.numerator, ratio.denominator
    return pairs


def _growth(term: Term) -> tuple[Fraction, int] | None:
    """The leading coefficient and the degree of a term in its one symbol as the symbol grows; ``None`` for other
    growth.
    """
    if term.constant is not None:
        return Fraction(term.constant), 0
    match term:
        case Symbol():
            return Fraction(1), 1
        case Sum() | Product():
            parts = [_growth(each) for each in term.args]
            if any(each is None for each in parts):
                return None
            growths = [each for each in parts if each is not None]
            if isinstance(term, Product):
                return reduce(mul, (number for number, _ in growths), Fraction(1)), sum(power for _, power in growths)
            most = max(power for _, power in growths)
            leading = sum((number for number, power in growths if power == most), Fraction(0))
            return (leading, most) if leading else None
        case FloorDiv(args=(numerator, divisor)) | CeilDiv(args=(numerator, divisor)):
            inside = _growth(numerator)
            if inside is None or inside[1] == 0 or (divisor.constant or 0) < 1:
                return None
            return inside[0] / (divisor.constant or 1), inside[1]
    return None


def _product(factors: Iterable[Term]) -> Term:
    several = [*factors]
    return reduce(mul, several) if several else ONE


def _equal(equation: Eq, pairs: dict[Symbol, _Pair], shared: list[Term]) -> Theorem:
    """The lemma for symbols, instantiated with the factors."""
    count = len(pairs)
    larger = tuple(Symbol(f"larger_{index}") for index in range(count))
    smaller = tuple(Symbol(f"smaller_{index}", 0) for index in range(count))
    common = Symbol("shared_0")
    ends = [
        (_times(pair.times, u), _times(pair.part, v))
        for u, v, pair in zip(larger, smaller, pairs.values(), strict=True)
    ]
    lemma = _lemma(ends, common)
    factors = [_product(pair.larger) for pair in pairs.values()], [_product(pair.smaller) for pair in pairs.values()]
    put = instantiate(lemma, (*larger, *smaller, common), (*factors[0], *factors[1], _product(shared)))
    for condition in sorted(put.hypotheses, key=lambda each: each.serial):
        proof = _always(condition)
        put = put if proof is None else cut(proof, put)
    return iff_chain(rearrange(equation, put.conclusion.args[0]), put)


def _times(number: int, term: Term) -> Term:
    return term if number == 1 else number * term


def _lemma(ends: list[tuple[Term, Term]], common: Term) -> Theorem:
    """vᵢ ≤ uᵢ ⊢ ∏ u·s = ∏ v·s ⇔ uᵢ = vᵢ for each i."""
    equation = Eq(_product(u for u, _ in ends) * common, _product(v for _, v in ends) * common)
    forward: list[Theorem] = []
    for chosen in range(len(ends)):
        order = [chosen, *(index for index in range(len(ends)) if index != chosen)]
        weights = _weights([ends[index] for index in order], common)
        weights[0] = weights[0] - 1
        known = (assume(equation), *(assume(Le(ends[index][1], ends[index][0])) for index in order))
        u, v = ends[chosen]
        no_larger = linear(Le(u, v), known, (ONE, *weights))
        forward.append(modus_ponens(flip(equal_both_ways(u, v)), both((no_larger, assume(Le(v, u))))))
    each = And(*(Eq(u, v) for u, v in ends))
    equal = tuple(part(assume(each), index) for index in range(len(ends)))
    weights = _weights(ends, common)
    sides = equation.args
    less = linear(Le(*sides), equal, tuple(weights))
    more = linear(Le(*sides[::-1]), equal, tuple(-weight for weight in weights))
    backward = modus_ponens(flip(equal_both_ways(*sides)), both((less, more)))
    return equivalence(both(tuple(forward)), backward)


def _weights(ends: list[tuple[Term, Term]], common: Term) -> list[Term]:
    """The multipliers of uᵢ − vᵢ with which they add up to ∏ u·s − ∏ v·s."""
    return [
        _product([*(v for _, v in ends[:index]), *(u for u, _ in ends[index + 1 :]), common])
        for index in range(len(ends))
    ]


def _always(condition: Proposition) -> Theorem | None:
    """⊢ a condition on one symbol that holds for all its values; ``None`` if it only holds from some number on. Raises
    :class:`SymnetError` if it fails for arbitrarily large values.
    """
    [symbol] = symbols_of(condition)
    every = Le(integer(symbol.least or 0), symbol)
    solved, promise = cases(condition, (symbol,), ()), cases(every, (symbol,), ())
    members: IntegerSet = solved.conclusion.args[1].args[1]
    if symbol.least is None or all(one.maximum is not None or one.modulus > 1 for one in members.parts):
        raise SymnetError("the condition does not hold for all large values")
    if solved.conclusion.args[1] is not promise.conclusion.args[1]:
        return None
    return modus_ponens(flip(solved), modus_ponens(promise, sign(every)))
