"""Fast construction of long sums of products of letters, equal to those that SymPy constructs.

``Mul`` and ``Add`` search each factor and addend for powers to join, numbers to multiply and infinities to spread. If
all factors are different letters or quotients, and all addends different products of these, they only have to be put
into SymPy's order. Everything else is left to ``Mul`` and ``Add``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cmp_to_key
from typing import Any

import sympy
from sympy import Add, Basic, Integer, Mul

from symnet.sympy_functions.division import CeilDiv, FloorDiv

__all__ = ["SHORT", "direct_polynomial", "direct_product", "direct_sum"]

#: Shorter sums are left to SymPy, which is as fast.
SHORT = 16

_in_order = cmp_to_key(Basic.compare)


def direct_product(*factors: Any) -> Any:
    """The same as ``Mul(*factors)``.

    >>> x, y = sympy.symbols("x y")
    >>> direct_product(y, Integer(3), x, x) == 3 * x**2 * y, direct_product(y, Integer(3), x).args
    (True, (3, x, y))
    """
    number = 1
    letters: dict[Any, Any] = {}
    for factor in factors:
        if factor.is_Integer:
            number *= int(factor)
            continue
        base = factor.base if factor.is_Pow and factor.exp.is_Integer and factor.exp > 0 else factor
        if not _is_simple(base) or base in letters:
            return Mul(*factors)
        letters[base] = factor
    if not letters or not number:
        return Integer(number)
    parts = sorted(letters.values(), key=_in_order) if len(letters) > 1 else list(letters.values())
    if number != 1:
        parts.insert(0, Integer(number))
    return Mul._from_args(parts, is_commutative=True)


def _is_simple(factor: Any) -> bool:
    return bool((factor.is_Symbol and factor.is_commutative) or isinstance(factor, FloorDiv | CeilDiv))


def direct_sum(*addends: Any) -> Any:
    """The same as ``Add(*addends)``.

    >>> letters = sympy.symbols("x:40")
    >>> sum_of_products = direct_sum(Integer(3), *(2 * x * y for x, y in zip(letters, letters[1:])), *letters)
    >>> sum_of_products == Add(*sum_of_products.args), sum_of_products.args[0]
    (True, 3)
    """
    if len(addends) < SHORT:
        return Add(*addends)
    number = 0
    products: dict[tuple[Any, ...], Any] = {}
    for addend in addends:
        if addend.is_Integer:
            number += int(addend)
            continue
        factors = addend.args if addend.is_Mul else (addend,)
        if factors[0].is_Integer:
            factors = factors[1:]
        if factors in products or not all(_is_simple(one.base if one.is_Pow else one) for one in factors):
            return Add(*addends)
        products[factors] = addend
    ordered = _ordered(list(products.values()))
    return Add._from_args([Integer(number), *ordered] if number else ordered, is_commutative=True)


def direct_polynomial(polynomial: Mapping[tuple[tuple[Any, int], ...], int], letters: Mapping[Any, Any]) -> Any:
    """The sum of a polynomial's monomials, tuples of letters with exponents, times their coefficients. ``letters``
    maps each letter to a ``Symbol`` of its own.

    >>> x, y = sympy.symbols("x y")
    >>> direct_polynomial({(("a", 2), ("b", 1)): 3, (("b", 1),): 1, (): 5}, {"a": x, "b": y})
    3*x**2*y + y + 5
    """
    pairs = {pair for monomial in polynomial for pair in monomial}
    powers = {(letter, power): letters[letter] if power == 1 else letters[letter] ** power for letter, power in pairs}
    numbers = {number: Integer(number) for number in set(polynomial.values())}
    parts = _by_class([*powers.values(), *numbers.values()])
    places = {part: place for place, part in enumerate(parts)}
    of_pair = {pair: places[power] for pair, power in powers.items()}
    of_number = {number: (places[integer],) for number, integer in numbers.items()}
    alone: list[Any] = []
    products: list[tuple[int, ...]] = []
    for monomial, coefficient in polynomial.items():
        if len(monomial) == 1 and coefficient == 1:
            alone.append(powers[monomial[0]])
        elif monomial:
            factors = [of_pair[pair] for pair in monomial]
            factors.sort()
            products.append((*(of_number[coefficient] if coefficient != 1 else ()), *factors))
    products.sort(key=lambda product: (len(product), product))
    written = [Mul._from_args([parts[place] for place in product], is_commutative=True) for product in products]
    ordered = _joined([*_groups(alone), written])
    constant = polynomial.get((), 0)
    return Add._from_args([Integer(constant), *ordered] if constant else ordered, is_commutative=True)


def _ordered(addends: list[Any]) -> list[Any]:
    """The parts in the order of ``Basic.compare``: by class, by the number of parts, and by the first parts that
    differ.
    """
    factors = {factor for addend in addends if addend.is_Mul for factor in addend.args}
    places = {factor: place for place, factor in enumerate(_by_class(list(factors)))}
    products = [addend for addend in addends if addend.is_Mul]
    products.sort(key=lambda product: (len(product.args), *map(places.__getitem__, product.args)))
    return _joined([*_groups([addend for addend in addends if not addend.is_Mul]), products])


def _by_class(parts: list[Any]) -> list[Any]:
    return _joined(_groups(parts))


def _groups(parts: list[Any]) -> list[list[Any]]:
    """The parts grouped by their classes, each class in order; symbols are sorted by their names and assumptions."""
    groups: dict[type, list[Any]] = {}
    for part in parts:
        groups.setdefault(type(part), []).append(part)
    for kind, group in groups.items():
        group.sort(key=_content if kind is sympy.Symbol else _in_order)
    return list(groups.values())


def _content(symbol: Any) -> Any:
    content = symbol._hashable_content()
    return len(content), content


def _joined(groups: list[list[Any]]) -> list[Any]:
    groups = sorted(filter(None, groups), key=lambda group: _in_order(group[0]))
    return [part for group in groups for part in group]
