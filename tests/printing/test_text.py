from __future__ import annotations

import pytest
from hypothesis import given

from symnet.printing.names import group_digits, split_name
from symnet.printing.text import text, unicode_text
from symnet.terms.evaluation import evaluate
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.parse import parse_expression
from symnet.terms.propositions import And, Congruent, Divides, Eq, Iff, In, Le, Lt, Or
from symnet.terms.term import Entries, Int, Power, Product, Sum, Symbol, Term, Windows, integer
from tests.strategies import SYMBOLS, counts, environments, propositions, terms

W, F, S, P = Symbol("W"), Symbol("F"), Symbol("S"), Symbol("P", 0)


@given(terms(), environments())
def test_the_grammar_reads_back_what_text_writes(term: Term, values: dict[Term, int]) -> None:
    written = text(term)
    read = parse_expression(written)
    assert evaluate(read, values) == evaluate(term, values)
    assert text(read) == written
    assert written.isascii()


@given(terms())
def test_reading_is_stable(term: Term) -> None:
    """What was parsed once is kept node by node."""
    read = parse_expression(text(term))
    assert parse_expression(text(read)) is read


@pytest.mark.parametrize(
    ("term", "written"),
    [
        ((W - 8) // 4, "(W - 8)//4"),
        (W - F + 2 * P, "W - F + 2*P"),
        (Sum(integer(28), Int(-5)), "28 - 5"),
        (integer(28) - 5 + integer(2) * 0, "28 - 5 + 2*0"),
        (Sum(W, Product(integer(-1), F)), "W - F"),
        (Sum(Product(integer(-1), F), W), "-F + W"),
        (W - (F + 1), "W - (F + 1)"),
        (F**2, "F**2"),
        (Power(Int(-2), 2), "(-2)**2"),
        (-(F**2), "-F**2"),
        (Power(Power(F, 2), 3), "(F**2)**3"),
        (Product(F, Int(-2)), "F*(-2)"),
        ((W // 2) * F, "(W//2)*F"),
        ((W * F) // 2 // S, "W*F//2//S"),
        (W // (F // S), "W//(F//S)"),
        (-(W // 2), "-(W//2)"),
        ((-W) // 2, "(-W)//2"),
        (W - (F // 2), "W - F//2"),
        ((W + 1) % 4, "(W + 1) % 4"),
        (Windows(W, F, integer(1), S), "windows(W, F, 1, S)"),
        (Entries(F, F, W + 1), "entries(F, F, W + 1)"),
        (Sum(), "0"),
        (Product(), "1"),
        (Product(integer(-1)), "-1"),
    ],
)
def test_terms(term: Term, written: str) -> None:
    assert text(term) == written


def test_propositions() -> None:
    four, twelve = integer(4), integer(12)
    assert text(Le(twelve, W)) == "12 <= W"
    assert text(Lt(W, F)) == "W < F"
    assert text(Eq(W, F + 1)) == "W == F + 1"
    assert text(Divides(four, W - 8)) == "4 divides W - 8"
    assert text(Congruent(W, twelve, integer(16))) == "W ≡ 12 (mod 16)"
    assert text(In(S, IntegerSet.of(2))) == "S in {2}"
    assert text(And()) == "true"
    assert text(Or()) == "false"
    a, b, c = Le(W, F), Le(F, S), Le(S, W)
    assert text(Iff(Or(And(a, b), c), a)) == "W <= F and F <= S or S <= W <=> W <= F"
    assert text(And(Or(a, b), c)) == "(W <= F or F <= S) and S <= W"
    assert text(Iff(Iff(a, b), c)) == "(W <= F <=> F <= S) <=> S <= W"


def test_unicode() -> None:
    term = (Symbol("W1") - F + 2 * P) // S + 1
    assert unicode_text(term) == "⌊(W₁ − F + 2·P)/S⌋ + 1"
    assert unicode_text(Power(W, 12) - Int(-3)) == "W¹² + 3"
    assert unicode_text(Windows(W, F, integer(1), S)) == "#{k ≥ 0 : k·S + F ≤ W}"
    assert unicode_text(Windows(W, F, integer(2), Symbol("k"))) == "#{k1 ≥ 0 : k1·k + 2·(F − 1) + 1 ≤ W}".replace(
        "k1", "k₁"
    )
    assert unicode_text(Iff(Le(W, F), And(Lt(W, S), In(S, IntegerSet.of(2, 3))))) == "W ≤ F ⇔ W < S ∧ S ∈ {2, 3}"


@given(terms() | counts() | propositions())
def test_everything_has_a_unicode_form(node: Term) -> None:
    written = unicode_text(node)
    assert written.count("(") == written.count(")")
    assert written.count("⌊") == written.count("⌋")
    assert written.count("⌈") == written.count("⌉")


def test_names_come_first_and_are_never_entered() -> None:
    deep: Term = W
    for _ in range(10_000):
        deep = (deep - 3) // 2 + 1
    assert text(deep * 2, {deep: "x_{3}"}) == "x_3*2"
    assert unicode_text(deep * 2, {deep: "x_{3}"}) == "x₃·2"
    assert text(W - 2 * F, {2 * F: "y"}) == "W - y"
    assert text(W + (-F), {-F: "y"}) == "W + y"


@pytest.mark.slow
def test_deep_and_wide_terms_are_elided() -> None:
    deep: Term = W
    for _ in range(10_000):
        deep = (deep - 3) // 2 + 1
    assert "…" in text(deep)
    assert len(text(deep)) < 5_000
    doubled: Term = W
    for _ in range(100):
        doubled = Sum(doubled, doubled)
    assert text(doubled) == "…"
    assert repr(deep).startswith("<Sum ")


def test_moderately_deep_terms_are_whole() -> None:
    nested: Term = W
    for _ in range(90):
        nested = Sum(F, Product(nested, S))
    assert parse_expression(text(nested)) is nested


def test_names_and_digits() -> None:
    assert [group_digits(n) for n in (0, 999, 1000, 217706, -1234567)] == ["0", "999", "1,000", "217,706", "-1,234,567"]
    assert split_name("W12") == ("W", "12")
    assert split_name("alpha_1") == ("alpha", "1")
    assert split_name("_x") == ("_x", "")
    assert {symbol.name for symbol in SYMBOLS} >= {"W", "K1"}
