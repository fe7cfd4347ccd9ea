"""Polynomial normal forms: the only way in which the kernel decides that two terms are equal.

A polynomial is a dict from monomials to integer coefficients, a monomial a tuple of (atom, exponent) pairs ordered by
the atoms' serial numbers. Atoms are symbols, counts, and floors, ceilings, remainders, minima and maxima whose
arguments are in normal form. Two terms are equal for all values of their atoms if and only if their dicts are equal:
⌊(W + 2 − 3)/2⌋ and ⌊(W − 1)/2⌋ have the same atom. Equality of the functions behind the atoms is not decided here:
⌊2W/2⌋ is another atom than W, and identities of floors are rules of the kernel. Counts are opaque.
"""

from __future__ import annotations

from functools import reduce

from symnet.errors import TermError
from symnet.terms.intervals import BITS
from symnet.terms.node import Node, setter
from symnet.terms.reading_order import by_letter, digest, reading_order
from symnet.terms.term import CeilDiv, Count, FloorDiv, Max, Min, Power, Product, Sum, Symbol, Term, integer

__all__ = ["Monomial", "Polynomial", "add", "from_polynomial", "least", "multiply", "normal_form", "subtract"]

#: An atom is a term in normal form; equal atoms are one object.
Monomial = tuple[tuple[Term, int], ...]
Polynomial = dict[Monomial, int]

_set_atom = setter(Term, "atom")

#: Products with more monomials than this are refused.
LIMIT = 100_000


def add(left: Polynomial, right: Polynomial, times: int = 1) -> Polynomial:
    """``left + times·right``."""
    if len(left) < len(right) and times == 1:
        left, right = right, left
    result = dict(left)
    for monomial, coefficient in right.items():
        total = result.get(monomial, 0) + times * coefficient
        if total:
            result[monomial] = total
        else:
            result.pop(monomial, None)
    return result


def subtract(left: Polynomial, right: Polynomial) -> Polynomial:
    """``left − right``."""
    return add(left, right, -1)


def multiply(left: Polynomial, right: Polynomial) -> Polynomial:
    """``left · right``."""
    if len(left) * len(right) > LIMIT:
        raise TermError(f"a product of {len(left)} by {len(right)} terms is out of reach (at most {LIMIT})")
    result: Polynomial = {}
    for one, a in left.items():
        for two, b in right.items():
            monomial = _join(one, two)
            result[monomial] = result.get(monomial, 0) + a * b
    return {monomial: coefficient for monomial, coefficient in result.items() if coefficient}


def _join(one: Monomial, two: Monomial) -> Monomial:
    if not one:
        return two
    if not two:
        return one
    exponents = dict(one)
    for atom, exponent in two:
        exponents[atom] = exponents.get(atom, 0) + exponent
    return tuple(sorted(exponents.items(), key=lambda pair: pair[0].serial))


def normal_form(term: Term) -> Polynomial:
    """The polynomial of ``term``. Raises :class:`TermError` for products and powers that are out of reach.

    >>> W, F, P = Symbol("W"), Symbol("F"), Symbol("P", 0)
    >>> normal_form((W + 2 * P) - F) == normal_form(W - F + P + P)
    True
    >>> normal_form((W + 2 - 3) // 2) == normal_form((W - 1) // 2)
    True
    """
    if term.constant is not None:
        return {(): term.constant} if term.constant else {}
    forms: dict[Node, Polynomial] = {}
    stack: list[Node] = [term]
    while stack:  # the terms inside a count are not entered, nor those inside a known atom
        node = stack[-1]
        whole = node.constant is not None or isinstance(node, Count) or hasattr(node, "atom")  # type: ignore[attr-defined]
        missing = [] if whole else [child for child in node.children if child not in forms]
        stack.extend(missing)
        if not missing:
            forms[stack.pop()] = _step(node, forms)
    return forms[term]


def _step(node: Node, forms: dict[Node, Polynomial]) -> Polynomial:
    kind = type(node)
    if (constant := node.constant) is not None:  # type: ignore[attr-defined]
        return {(): constant} if constant else {}
    if kind is Sum:
        total: Polynomial = {}
        for child in node.args:
            for monomial, coefficient in forms[child].items():
                total[monomial] = total.get(monomial, 0) + coefficient
        return {monomial: coefficient for monomial, coefficient in total.items() if coefficient}
    if kind is Product:
        return reduce(multiply, [forms[child] for child in node.args], {(): 1})
    if kind is Power:
        degrees = [exponent for monomial in forms[node.args[0]] for _, exponent in monomial]
        bits = [number.bit_length() for number in forms[node.args[0]].values()]
        if max([*degrees, *bits], default=0) * node.args[1] > BITS:
            raise TermError(f"a power of more than {BITS:,} bits or factors is out of reach")
        return reduce(multiply, [forms[node.args[0]]] * node.args[1], {(): 1})
    if kind in (FloorDiv, CeilDiv) and node.args[1].constant == 1:  # x // 1 is x
        return forms[node.args[0]]
    atom = _atom(node, forms)
    if atom.constant is not None:  # a floor whose numerator became 0, such as (W - W)//2
        return {(): atom.constant} if atom.constant else {}
    return {((atom, 1),): 1}


def _atom(node: Node, forms: dict[Node, Polynomial]) -> Term:
    if isinstance(node, (Symbol, Count)):
        return node
    if not hasattr(node, "atom"):
        parts = [from_polynomial(forms[child]) for child in node.children]
        if type(node) in (Min, Max):  # the order of their arguments does not matter
            parts = sorted(set(parts), key=digest)
        atom = type(node)(*parts)
        _set_atom(node, None if atom is node else atom)  # a node that refers to itself would live on
    return node.atom or node  # type: ignore[attr-defined, return-value]


def least(polynomial: Polynomial) -> int | None:
    """A lower bound of a polynomial from the lower bounds of its atoms; ``None`` if a negative part is unbounded."""
    total = 0
    for monomial, coefficient in polynomial.items():
        smallest = 1
        for atom, exponent in monomial:
            bound = atom.least
            if bound is None or bound < 0:
                return None
            smallest *= bound**exponent
        if coefficient < 0 and monomial:
            return None
        total += coefficient * smallest
    return total


def from_polynomial(polynomial: Polynomial) -> Term:
    """The term of a polynomial: highest degree first, then in textbook order of letters (W, F, S, P, K, …), the
    numeral last; but a negative part never leads if there is a positive one.

    >>> W, F, P = Symbol("W"), Symbol("F"), Symbol("P", 0)
    >>> from_polynomial(normal_form(2 * P - F + W))
    <Sum W - F + 2*P>
    >>> from_polynomial(normal_form(3 - 2 * P))
    <Sum 3 - 2*P>
    """
    terms = [
        _term_of_monomial(monomial, coefficient)
        for monomial, coefficient in sorted(polynomial.items(), key=reading_order(polynomial))
    ]
    if not terms:
        return integer(0)
    return terms[0] if len(terms) == 1 else Sum(*terms)


def _term_of_monomial(monomial: Monomial, coefficient: int) -> Term:
    factors: list[Term] = []
    for atom, exponent in sorted(monomial, key=by_letter):
        while exponent > 64:  # the largest exponent of a ``Power``
            factors.append(Power(atom, 64))
            exponent -= 64
        factors.append(atom if exponent == 1 else Power(atom, exponent))
    if not factors:
        return integer(coefficient)
    if coefficient != 1:
        factors.insert(0, integer(coefficient))
    return factors[0] if len(factors) == 1 else Product(*factors)
