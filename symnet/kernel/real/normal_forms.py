"""Normal forms: the one way the rules decide that two real expressions are equal.

An expression becomes a polynomial with rational coefficients over atoms: variables, entries, values of functions whose
arguments are in normal form, sums over an index, and ``1/d``. Every step so far holds for all values. Two expressions that
still differ are compared after multiplying by the ``d``, which is allowed where d ≠ 0: each such d is reported.

``exp(a)`` and sizes that are at least 1 are never 0: their powers may be negative, and no condition arises from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from symnet.errors import TermError
from symnet.kernel.real.expressions import (
    Delta,
    Entry,
    Exp,
    Fold,
    Node,
    Number,
    Plus,
    Power,
    Quotient,
    Real,
    Times,
    Total,
    Variable,
    Whole,
    number,
)  # fmt: skip
from symnet.kernel.real.printing import unicode_text
from symnet.kernel.real.statements import substitute
from symnet.terms.polynomial import from_polynomial
from symnet.terms.polynomial import normal_form as integer_form
from symnet.terms.term import Symbol, Term, integer, symbols_of

__all__ = ["Polynomial", "nonzero_where_equal", "value"]

Monomial = tuple[tuple[Real, int], ...]
Polynomial = dict[Monomial, Fraction]

#: Products and powers beyond these bounds are refused with an error.
TERMS, EXPONENT = 5_000, 64

ONE: Polynomial = {(): Fraction(1)}


def nonzero_where_equal(left: Real, right: Real, linear: bool) -> tuple[Real, ...] | None:
    """Expressions such that both sides are equal wherever these are not 0; ``None`` if the sides are different
    rational functions. ``linear`` splits sums over an index by linearity.
    """
    for symbol in (*_symbols(left), *_symbols(right)):
        if symbol.name.startswith("_"):
            raise TermError(f"the index {symbol.name} must not begin with _: so are those of normal forms called")
    forms = _Forms(linear)
    difference = _add(forms.of(left), forms.of(right), Fraction(-1))
    conditions: dict[Real, None] = {}
    while difference:
        inverses = {atom for monomial in difference for atom, _ in monomial if isinstance(atom, Quotient)}
        if not inverses:
            return None
        # an inner 1/d may occur in the divisor of an outer one, so clear the outer one first
        inverse = max(inverses, key=lambda atom: (atom.height, unicode_text(atom)))
        conditions[forms.written(inverse)] = None
        difference = _cleared(difference, inverse, forms.divisors[inverse])
    return tuple(conditions)


def value(term: Real) -> Real:
    """The rational number equal to an expression without letters. Raises :class:`TermError` if there are letters."""
    form = _Forms(linear=False).of(term)
    if set(form) - {()}:
        raise TermError("an expression with letters has no value")
    return Number(form.get((), Fraction(0)))


def _add(left: Polynomial, right: Polynomial, times: Fraction = Fraction(1)) -> Polynomial:
    result = dict(left)
    for monomial, coefficient in right.items():
        total = result.get(monomial, Fraction(0)) + times * coefficient
        if total:
            result[monomial] = total
        else:
            result.pop(monomial, None)
    return result


def _multiply(left: Polynomial, right: Polynomial) -> Polynomial:
    if len(left) * len(right) > TERMS:
        raise TermError(f"a product of {len(left)} by {len(right)} terms is out of reach (at most {TERMS})")
    result: Polynomial = {}
    for one, a in left.items():
        for two, b in right.items():
            result = _add(result, {_join(one, two): a * b})
    return result


def _join(one: Monomial, two: Monomial) -> Monomial:
    exponents = dict(one)
    for atom, exponent in two:
        exponents[atom] = exponents.get(atom, 0) + exponent
    return tuple(sorted(((atom, e) for atom, e in exponents.items() if e), key=lambda pair: pair[0].serial))


def _raised(base: Polynomial, exponent: int) -> Polynomial:
    if exponent > EXPONENT:
        raise TermError(f"the exponent {exponent} is out of reach (at most {EXPONENT})")
    result = ONE
    for _ in range(exponent):
        result = _multiply(result, base)
    return result


def _cleared(difference: Polynomial, inverse: Real, divisor: Polynomial) -> Polynomial:
    """The difference multiplied by the divisor, as often as its inverse occurs in one term."""
    most = max(dict(monomial).get(inverse, 0) for monomial in difference)
    result: Polynomial = {}
    for monomial, coefficient in difference.items():
        exponents = dict(monomial)
        missing = most - exponents.pop(inverse, 0)
        rest: Polynomial = {tuple(exponents.items()): coefficient}
        result = _add(result, _multiply(rest, _raised(divisor, missing)))
    return result


def _never_zero(atom: Real) -> bool:
    return isinstance(atom, Exp) or (isinstance(atom, Whole) and (atom.args[0].least or 0) >= 1)


class _Forms:
    """Computes the normal forms of one comparison; parts with equal normal forms become the same object."""

    def __init__(self, linear: bool):
        self.linear = linear
        self._known: dict[Real, Polynomial] = {}
        self.divisors: dict[Real, Polynomial] = {}
        self._written: dict[Real, Real] = {}

    def written(self, inverse: Real) -> Real:
        """The divisor as it was first written."""
        canonical: Real = inverse.args[1]
        written = self._written.get(inverse, canonical)
        return written if written.free <= canonical.free else canonical

    def of(self, term: Real) -> Polynomial:
        found = self._known.get(term)
        if found is None:
            found = self._known[term] = self._work_out(term)
        return found

    def _work_out(self, term: Real) -> Polynomial:
        if isinstance(term, Number):
            return {(): term.value} if term.value else {}
        if isinstance(term, Plus):
            total: Polynomial = {}
            for part in term.args:
                total = _add(total, self.of(part))
            return total
        if isinstance(term, Times):
            product = ONE
            for part in term.args:
                product = _multiply(product, self.of(part))
            return product
        if isinstance(term, Quotient):
            return _multiply(self.of(term.args[0]), self._inverse(term.args[1]))
        if isinstance(term, Power):
            return self._power(*term.args)
        if isinstance(term, Whole):
            return _whole(term.args[0])
        if isinstance(term, Fold):
            return self._fold(term)
        if isinstance(term, Delta) and _settled(term.args[0]) is _settled(term.args[1]):
            return ONE  # δ of two equal integers
        return {((self._atom(term), 1),): Fraction(1)}

    def _atom(self, term: Real) -> Real:
        if isinstance(term, Variable):
            return term
        if isinstance(term, Entry):
            return Entry(term.args[0], *(_settled(place) for place in term.args[1:]))
        if isinstance(term, Delta):
            return Delta(*sorted((_settled(part) for part in term.args), key=lambda part: part.serial))
        return type(term)(*(_together(self.of(part)) for part in term.args))

    def _inverse(self, divisor: Real) -> Polynomial:
        form = self.of(divisor)
        if not form:
            raise TermError("a division by zero")
        if len(form) == 1:
            ((monomial, coefficient),) = form.items()
            if all(_never_zero(atom) for atom, _ in monomial):
                return {tuple((atom, -exponent) for atom, exponent in monomial): 1 / coefficient}
        atom = Quotient(number(1), _together(form))
        self.divisors[atom] = form
        self._written.setdefault(atom, divisor)
        return {((atom, 1),): Fraction(1)}

    def _power(self, base: Real, exponent: Term) -> Polynomial:
        """The law b^(c₀ + c₁·n + …) = b^c₀·(b^n)^c₁·… for natural numbers."""
        form, parts = self.of(base), integer_form(exponent)
        if any(coefficient < 0 for coefficient in parts.values()):
            return {((Power(_together(form), from_polynomial(parts)), 1),): Fraction(1)}
        result = _raised(form, parts.get((), 0))
        for monomial, coefficient in parts.items():
            if monomial:
                if any((atom.least is None or atom.least < 0) for atom, _ in monomial):
                    return {((Power(_together(form), from_polynomial(parts)), 1),): Fraction(1)}
                atom = Power(_together(form), from_polynomial({monomial: 1}))
                result = _multiply(result, {((atom, coefficient),): Fraction(1)})
        return result

    def _fold(self, term: Fold) -> Polynomial:
        index, bound, body = term.args
        # from here on the index is named after the depth of nested folds: its original name does not matter
        name = _index(body)
        limit, form = _settled(bound), self.of(substitute(body, {index: name}))
        if not (isinstance(term, Total) and self.linear):
            return self._over(type(term), name, limit, form)
        total: Polynomial = {}
        for monomial, coefficient in form.items():
            inside = tuple(pair for pair in monomial if name in pair[0].free)
            outside: Polynomial = {tuple(pair for pair in monomial if name not in pair[0].free): coefficient}
            factor = self._over(Total, name, limit, {inside: Fraction(1)}) if inside else _whole(limit)
            total = _add(total, _multiply(outside, factor))
        return total

    def _over(self, kind: type[Fold], name: Symbol, limit: Term, form: Polynomial) -> Polynomial:
        """The fold of a normal form, which may contain fewer folds than before."""
        body = _together(form)
        settled = _index(body)
        if settled is not name:
            body = _together(self.of(substitute(body, {name: settled})))
        return {((kind(settled, limit, body), 1),): Fraction(1)}


def _index(body: Real) -> Symbol:
    """The name of the index of a fold over ``body``: _1 if the body has no fold, _2 if it has one level of folds, …"""
    return Symbol(f"_{_nested(body) + 1}", 0)


def _nested(node: Node) -> int:
    inner = max((_nested(part) for part in node.args if isinstance(part, Node)), default=0)
    return inner + isinstance(node, Fold)


def _symbols(node: Node) -> Iterator[Symbol]:
    """Every symbol, free or bound."""
    for part in node.args:
        if isinstance(part, Node):
            yield from _symbols(part)
        elif isinstance(part, Term):
            yield from symbols_of(part)


def _settled(term: Term) -> Term:
    return from_polynomial(integer_form(term))


def _whole(term: Term) -> Polynomial:
    return {
        tuple((Whole(letter), exponent) for letter, exponent in monomial): Fraction(coefficient)
        for monomial, coefficient in integer_form(term).items()
    }


def _together(form: Polynomial) -> Real:
    """The unique expression written for a normal form."""
    terms = []
    for monomial, coefficient in sorted(form.items(), key=lambda item: [(a.serial, e) for a, e in item[0]]):
        factors: list[Real] = [] if coefficient == 1 and monomial else [Number(coefficient)]
        for atom, exponent in monomial:
            power = atom if abs(exponent) == 1 else Power(atom, integer(abs(exponent)))
            factors.append(power if exponent > 0 else Quotient(number(1), power))
        terms.append(factors[0] if len(factors) == 1 else Times(*factors))
    return terms[0] if len(terms) == 1 else Plus(*terms)
