"""How a lemma with letters serves many terms, and equalities that follow from how sums and products are written."""

from __future__ import annotations

from functools import lru_cache

from symnet.errors import KernelError
from symnet.kernel.primitive.arithmetic import linear
from symnet.kernel.primitive.logic import discharge, instantiate, part
from symnet.kernel.theorem import Theorem
from symnet.printing.text import text
from symnet.terms.propositions import Eq, Le, Lt, Proposition
from symnet.terms.term import Product, Sum, Symbol, Term, integer, rebuild, substitute
from symnet.terms.walks import outermost
from symnet.terms.worked_out import plus, times

__all__ = [
    "LETTERS", "ONE", "added", "by_lemma", "combined", "computed_product", "computed_sum", "holds_by_signs",
    "parts_of_two", "positive", "product_of", "same",
]  # fmt: skip

ONE = integer(1)
#: Integers of any sign that lemmas speak of.
LETTERS = tuple(Symbol(f"letter_{place}", None) for place in range(24))

Shape = tuple[bool, tuple[Term | None, ...]]


def by_lemma(
    lemma: Theorem, letters: tuple[Symbol, ...], terms: tuple[Term, ...], proofs: tuple[Theorem, ...] = ()
) -> Theorem:
    """The lemma for these terms, without the hypotheses that the proofs show."""
    return discharge(proofs, instantiate(lemma, letters, terms))


def combined(goal: Proposition, *multiples: tuple[Theorem, Term | int]) -> Theorem:
    """What follows by adding multiples of theorems, each with how often it is taken."""
    terms = tuple([times if isinstance(times, Term) else integer(times) for _, times in multiples])
    return linear(goal, tuple([theorem for theorem, _ in multiples]), terms)


def added(goal: Proposition, *theorems: Theorem) -> Theorem:
    """What follows by adding theorems."""
    return linear(goal, theorems, (ONE,) * len(theorems))


def parts_of_two(theorem: Theorem) -> tuple[Theorem, Theorem]:
    """Both parts of a conjunction of two."""
    return part(theorem, 0), part(theorem, 1)


def positive(term: Term, rule_name: str, name: str = "divisor") -> None:
    """Refuse a term that may be less than 1."""
    if term.least is None or term.least < 1:
        raise KernelError(f"{rule_name}: the {name} {text(term)} may be less than 1")


def holds_by_signs(inequality: Le | Lt) -> Theorem:
    """An inequality that the signs of its symbols show."""
    return linear(inequality, (), ())


@lru_cache(maxsize=1)
def _reflexive() -> Theorem:
    return linear(Eq(LETTERS[0], LETTERS[0]), (), ())


def same(left: Term, right: Term) -> Theorem:
    """⊢ a = b for two ways of writing the same sums and products; what stands in them is not entered."""
    if left is right:
        return instantiate(_reflexive(), LETTERS[:1], (left,))
    if left.constant is not None and right.constant is not None:
        return linear(Eq(left, right), (), ())
    inner = outermost((left, right), lambda node: type(node) not in (Sum, Product) and node.constant is None)  # type: ignore[attr-defined]
    letters = tuple(
        [*LETTERS, *(Symbol(f"letter_{place}", None) for place in range(len(LETTERS), len(inner)))][: len(inner)]
    )
    as_letters: dict[Term, Term] = dict(zip(inner, letters, strict=True))  # type: ignore[arg-type]
    general = linear(Eq(substitute(left, as_letters), substitute(right, as_letters)), (), ())
    return instantiate(general, letters, tuple(as_letters))


def product_of(left: Term, right: Term) -> Term:
    """``left·right`` as it is written where both are put for letters."""
    return rebuild(_LETTERS_PRODUCT, (left, right))


_LETTERS_PRODUCT = Product(*LETTERS[:2])


def _shape(term: Term, kind: type[Term]) -> Shape:
    """How a sum or product is written: its numbers, and ``None`` for every other part."""
    if term.constant is not None or type(term) is not kind:
        return False, (None if term.constant is None else term,)
    return True, tuple([None if part.constant is None else part for part in term.args])


def _parts(term: Term, shape: Shape) -> list[Term]:
    parts = term.args if shape[0] else (term,)
    return [part for part, number in zip(parts, shape[1], strict=True) if number is None]


def _lettered(shape: Shape, kind: type[Term], letters: list[Symbol]) -> Term:
    parts = [letters.pop(0) if number is None else number for number in shape[1]]
    return kind(*parts) if shape[0] else parts[0]


@lru_cache(maxsize=512)
def _sum_and_product(a: Shape, b: Shape, m: Shape) -> tuple[Theorem, tuple[Symbol, ...]]:
    unused = list(LETTERS)
    left, factor, other = _lettered(a, Sum, unused), _lettered(b, Product, unused), _lettered(m, Product, unused)
    used = LETTERS[: len(LETTERS) - len(unused)]
    return linear(Eq(plus(left, times(factor, other)), Sum(left, product_of(factor, other))), (), ()), used


@lru_cache(maxsize=512)
def _product(m: Shape, n: Shape) -> tuple[Theorem, tuple[Symbol, ...]]:
    unused = list(LETTERS)
    left, right = _lettered(m, Product, unused), _lettered(n, Product, unused)
    used = LETTERS[: len(LETTERS) - len(unused)]
    return linear(Eq(times(left, right), product_of(left, right)), (), ()), used


def computed_sum(a: Term, b: Term, m: Term) -> tuple[Term, Theorem]:
    """What ``a + b·m`` is written as, its numerals worked out, and that it is that."""
    total = plus(a, times(b, m))
    if a.constant is not None and b.constant is not None and m.constant is not None:
        return total, linear(Eq(total, Sum(a, product_of(b, m))), (), ())
    shapes = _shape(a, Sum), _shape(b, Product), _shape(m, Product)
    terms = [*_parts(a, shapes[0]), *_parts(b, shapes[1]), *_parts(m, shapes[2])]
    if len(terms) > len(LETTERS):
        return total, same(total, Sum(a, product_of(b, m)))
    lemma, letters = _sum_and_product(*shapes)
    return total, instantiate(lemma, letters, tuple(terms))


def computed_product(m: Term, n: Term) -> tuple[Term, Theorem]:
    """What ``m·n`` is written as, its numerals worked out, and that it is that."""
    product = times(m, n)
    if m.constant is not None and n.constant is not None:
        return product, linear(Eq(product, product_of(m, n)), (), ())
    shapes = _shape(m, Product), _shape(n, Product)
    terms = [*_parts(m, shapes[0]), *_parts(n, shapes[1])]
    if len(terms) > len(LETTERS):
        return product, same(product, product_of(m, n))
    lemma, letters = _product(*shapes)
    return product, instantiate(lemma, letters, tuple(terms))
