from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symnet.errors import NotationError, SymnetError
from symnet.printing.text import text
from symnet.terms.evaluation import evaluate
from symnet.terms.parse import default_symbol, parse_constraints, parse_expression
from symnet.terms.term import Product, Symbol, integer

W, F, S, P = map(default_symbol, "WFSP")


@pytest.mark.parametrize(
    ("written", "term"),
    [
        ("(W - F + 2*P)//S + 1", (W - F + 2 * P) // S + 1),
        ("28 - 5 + 2*0", integer(28) - 5 + integer(2) * 0),
        ("W − 2·P", W - 2 * P),
        ("-5", integer(-5)),
        ("-W", -W),
        ("--W", Product(integer(-1), -W)),
        ("+W", W),
        ("-W**2", -(W**2)),
        ("-W//2", (-W) // 2),
        ("W//2*F", (W // 2) * F),
        ("W*F//2%S", ((W * F) // 2) % S),
        ("(((W)))", W),
    ],
)
def test_written_terms(written: str, term: object) -> None:
    assert parse_expression(written) is term


def test_sums_and_products_are_flat_and_parentheses_are_kept() -> None:
    assert len(parse_expression("W + F - S + 1").args) == 4
    assert len(parse_expression("2*W*F*S").args) == 4
    assert len(parse_expression("W + (F - S)").args) == 2
    assert len(parse_expression("-2*W*F").args) == 3


@given(st.text(alphabet="123 +-*/%()", max_size=14))
def test_arithmetic_agrees_with_python(written: str) -> None:
    """Python is the oracle wherever both read the text: same grammar, same rounding, same precedence."""
    try:
        term = parse_expression(written)
        found = evaluate(term)
    except SymnetError:
        return
    assert found == eval(written.strip())


@pytest.mark.parametrize(
    "written", ["-7//2", "7//-2", "-7%3", "2-3-4", "2**3*2", "-2**2", "8//3//2", "7%4*3", "2*-3", "-(2)**2", "- -3"]
)
def test_signs_and_rounding_agree_with_python(written: str) -> None:
    assert evaluate(parse_expression(written)) == eval(written)


def test_default_symbols() -> None:
    for name in ("P", "P1", "P_2", "p", "output_padding", "padding", "padding_1"):
        assert default_symbol(name) is Symbol(name, 0)
    for name in ("W", "Pool", "PP", "units", "p_x"):
        assert default_symbol(name) is Symbol(name)


def test_symbols_are_the_callers_choice() -> None:
    assert parse_expression("W + x", {"W": integer(28), "x": Symbol("x", None)}.__getitem__).args[0] is integer(28)


MESSAGES = [
    ("W/2", 1, "use // for division rounded down"),
    ("W^2", 1, "use ** for a power"),
    ("W²", 1, "use ** for a power"),
    ("2P", 1, "expected * between factors: 2*P"),
    ("W F", 2, "expected * between factors: W*F"),
    ("2 (W)", 2, "expected * between factors: 2*("),
    ("2.5", 1, "all numbers here are integers"),
    ("(W", 0, "this parenthesis is not closed"),
    ("W)", 1, "no parenthesis is open"),
    ("sin(W)", 0, "'sin' is not a function: min, max and ceildiv are"),
    ("min", 3, "expected arguments: min(a, b)"),
    ("min()", 4, "expected an integer, a symbol or ("),
    ("ceildiv(W)", 0, "ceildiv takes 2 arguments, got 1"),
    ("W**65", 3, "an exponent is an integer from 0 to 64"),
    ("W**999999999999999999", 3, "an exponent is an integer from 0 to 64"),
    ("W**F", 3, "expected a numeral from 0 to 64 as exponent"),
    ("W**-1", 3, "expected a numeral from 0 to 64 as exponent"),
    ("2**3**2", 4, "a power of a power needs parentheses"),
    ("", 0, "the expression ends too early"),
    ("W +", 3, "the expression ends too early"),
    ("W <= 2", 2, "expected an operator"),
    ("__import__('os')", 11, 'unexpected "\'"'),
    ("__import__(os)", 0, "is not a function"),
    ("W.real", 1, "all numbers here are integers"),
    ("W if W else 1", 2, "expected * between factors"),
    ("١ + 1", 0, "unexpected '١'"),
    ("a\u202e", 1, "unexpected '\\u202e'"),
    ("x½", 1, "a symbol has letters, digits and _"),
    ("(" * 100_000, 0, "100000 characters is out of reach"),
    ("(" * 5_000 + "W" + ")" * 4_000, 100, "more than 100 parentheses"),
    ("-" * 9_000 + "W", None, "more than 100 signs"),
    ("1" * 1_001, 0, "1001 digits is out of reach"),
    ("9" * 900 + "*" + "9" * 900, 0, "bits is out of reach"),
    ("((2**64)**64)**64", None, "bits is out of reach"),
]


@pytest.mark.parametrize(("written", "position", "message"), MESSAGES)
def test_errors_say_what_and_where(written: str, position: int | None, message: str) -> None:
    with pytest.raises(NotationError) as caught:
        parse_expression(written)
    assert message in caught.value.message
    assert position is None or caught.value.position == position
    assert caught.value.text == written


def test_carets_point_into_the_surrounding_text() -> None:
    whole = "(1*28*28) -> Conv|32|(W/2)"
    with pytest.raises(NotationError) as caught:
        parse_expression("W/2", whole=whole, offset=22)
    line, caret = str(caught.value).splitlines()[1:]
    assert line[caret.index("^")] == "/"


@given(st.text(max_size=40) | st.text(alphabet=string.ascii_letters + "0123456789+-*/%() ,<>=", max_size=60))
def test_any_text_parses_or_is_refused_in_words(written: str) -> None:
    for parse in (parse_expression, parse_constraints):
        try:
            parse(written)
        except NotationError as refused:
            assert refused.position is not None
            assert 0 <= refused.position <= len(written)
            assert str(refused)


def test_constraints() -> None:
    found = parse_constraints("F<=11, 1 <= S <= 5, P%2==0, W != 3, F ≥ 2, S=4")
    assert [(c.operator, text(c.left), text(c.right)) for c in found] == [
        ("<=", "F", "11"),
        ("<=", "1", "S"),
        ("<=", "S", "5"),
        ("==", "P % 2", "0"),
        ("!=", "W", "3"),
        (">=", "F", "2"),
        ("==", "S", "4"),
    ]


@pytest.mark.parametrize(
    ("written", "position", "message"),
    [
        ("F", 1, "expected a comparison"),
        ("F<=11,", 6, "expected an integer"),
        ("F=<3", 2, "unexpected '<'"),
        ("F<3 or S<2", 4, "a comma or and: all constraints hold"),
        ("F<3)", 3, "no parenthesis is open"),
        ("F<min(3,S<2)", 9, "unexpected '<'"),
    ],
)
def test_constraint_errors(written: str, position: int, message: str) -> None:
    with pytest.raises(NotationError) as caught:
        parse_constraints(written)
    assert (message in caught.value.message, caught.value.position) == (True, position)
