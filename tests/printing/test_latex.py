from __future__ import annotations

import re

import pytest
from hypothesis import given

from symnet.printing.latex import latex, latex_set
from symnet.terms.integer_sets import IntegerSet
from symnet.terms.parse import parse_expression
from symnet.terms.propositions import And, Congruent, Divides, Iff, In, Le, Lt, Or, Proposition
from symnet.terms.term import Entries, Sum, Symbol, Term, Windows, integer
from tests.strategies import counts, integer_sets, propositions, terms

W, F, S, D, L = map(Symbol, "WFSDL")


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        ("(W - F + 2*P)//S + 1", r"\left\lfloor\frac{W-F+2P}{S}\right\rfloor+1"),
        ("(28 - 5 + 2*0)//1 + 1", r"\left\lfloor\frac{28-5+2\cdot0}{1}\right\rfloor+1"),
        ("(5*5*1 + 1)*32", r"(5\cdot5\cdot1+1)\cdot32"),
        ("832 + 9248 + 205056", r"832+9{,}248+205{,}056"),
        ("2*K*F", "2KF"),
        ("K*F*2", r"K\cdot F\cdot2"),
        ("F*F*D_1 + 1", r"F\cdot F\cdot D_{1}+1"),
        ("F**2*C", "F^{2}C"),
        ("2*3**2", r"2\cdot3^{2}"),
        ("(2*W)**2", "(2W)^{2}"),
        ("W1*W_2*P_top", r"W_{1}W_{2}P_{\mathrm{top}}"),
        ("output_padding*units", r"\mathrm{output\_padding}\cdot\mathrm{units}"),
        ("gamma*K + alpha_1*F", r"\gamma K+\alpha_{1}F"),
        ("W//2*K", r"\left\lfloor\frac{W}{2}\right\rfloor K"),
        ("ceildiv(W, 2)", r"\left\lceil\frac{W}{2}\right\rceil"),
        ("W - (F - 1)", "W-(F-1)"),
        ("D*(F - 1) + 1", "D(F-1)+1"),
        ("-W*F", "-WF"),
        ("W*(-2)", "W(-2)"),
        ("(W//2 + 1)*K", r"\left(\left\lfloor\frac{W}{2}\right\rfloor+1\right)K"),
        ("min(W, 2*F, 3)", r"\min(W, 2F, 3)"),
        ("max(W//2, 1)", r"\max\left(\left\lfloor\frac{W}{2}\right\rfloor, 1\right)"),
        ("W % 4 + 1", r"(W \bmod 4)+1"),
        ("(W - 8) % 4", r"(W-8) \bmod 4"),
    ],
)
def test_terms(expression: str, written: str) -> None:
    assert latex(parse_expression(expression)) == written


def test_counts() -> None:
    assert latex(Windows(L, F, integer(1), S)) == r"\lvert\lbrace k \ge 0 : kS+F \le L\rbrace\rvert"
    assert latex(Windows(L, F, D, integer(2))) == r"\lvert\lbrace k \ge 0 : k\cdot2+D(F-1)+1 \le L\rbrace\rvert"
    assert latex(Entries(F, F, D + 1)) == r"\lvert F \times F \times (D+1)\rvert"


def test_propositions() -> None:
    a, b = Le(W, F), Lt(F, S)
    assert latex(Le(integer(12), W)) == r"W \ge 12"
    assert latex(Divides(integer(4), W - 8)) == r"4 \mid W-8"
    assert latex(Congruent(W, integer(12), integer(16))) == r"W \equiv 12 \pmod{16}"
    assert latex(In(S, IntegerSet.of(2))) == r"S \in \lbrace 2\rbrace"
    assert latex(In(W, IntegerSet.interval(32, None))) == r"W \ge 32"
    assert latex(In(W, IntegerSet.residue_class(12, 16, 188))) == r"W \equiv 12 \pmod{16} \land W \ge 188"
    assert latex(In(W - 5, IntegerSet.residue_class(1, 2))) == r"W-5 \equiv 1 \pmod{2}"
    assert (
        latex(In(W - 5, IntegerSet.residue_class(1, 2, 3)))
        == r"W-5 \in \lbrace x : x \equiv 1 \pmod{2},\ x \ge 3\rbrace"
    )
    assert latex(In(W, IntegerSet.interval(None, None))) == r"W \in \mathbb{Z}"
    assert latex(Iff(And(a, b), Or(a, b))) == r"W \le F \land F \lt S \iff W \le F \lor F \lt S"
    assert latex(And()) == r"\mathrm{true}"


@pytest.mark.parametrize(
    ("members", "written"),
    [
        (IntegerSet.of(3, 4), r"\lbrace 3, 4\rbrace"),
        (IntegerSet.interval(41, 44), r"\lbrace 41, \dots, 44\rbrace"),
        (IntegerSet.of(1, 5, 6, 7, 8, 1000), r"\lbrace 1, 5, \dots, 8, 1{,}000\rbrace"),
        (IntegerSet.of(), r"\emptyset"),
        (IntegerSet.interval(None, None), r"\mathbb{Z}"),
        (IntegerSet.interval(3, None), r"\lbrace x : x \ge 3\rbrace"),
        (IntegerSet.residue_class(12, 16, 188), r"\lbrace x : x \equiv 12 \pmod{16},\ x \ge 188\rbrace"),
        (IntegerSet.residue_class(1, 3, 0, 9), r"\lbrace 1, 4, 7\rbrace"),
    ],
)
def test_sets(members: IntegerSet, written: str) -> None:
    assert latex_set(members) == written


def test_names_come_first() -> None:
    deep: Term = W
    for _ in range(10_000):
        deep = (deep - 3) // 2 + 1
    assert latex(Windows(deep, F, integer(1), integer(2)) + 2 * deep, {deep: "x_{3}"}) == (
        r"\lvert\lbrace k \ge 0 : k\cdot2+F \le x_{3}\rbrace\rvert+2x_{3}"
    )
    assert latex(deep**2, {deep: "x^{(3)}"}) == "{x^{(3)}}^{2}"
    assert latex(Sum(deep, -F), {-F: "y"}) != latex(deep)
    assert r"\dots" in latex(deep)


@given(terms() | counts() | propositions())
def test_the_output_is_safe_everywhere(node: Term | Proposition) -> None:
    r"""Balanced, ASCII, and nothing that Markdown or HTML reads as its own: ``<``, ``|``, ``*``, ``\{``, ``}_``."""
    written = latex(node)
    assert written.isascii()
    assert written.count("{") == written.count("}")
    assert written.count(r"\left") - written.count(r"\left\lbrace") == written.count(r"\right")
    assert not re.search(r"[<>|*&$#%]|\\[{}#,;!]|\}_|__", written)
    commands = {"frac", "left", "right", "lfloor", "rfloor", "lceil", "rceil", "cdot", "bmod", "pmod", "min", "max", "le",
                "lt", "ge", "mid", "equiv", "in", "iff", "land", "lor", "lbrace", "rbrace", "lvert", "rvert", "times",
                "mathrm", "mathbb", "emptyset", "cup", "dots"}  # fmt: skip
    assert set(re.findall(r"\\([A-Za-z]+)", written)) <= commands


@given(integer_sets())
def test_every_set_has_a_form(members: IntegerSet) -> None:
    written = latex_set(members)
    assert written.count(r"\lbrace") == written.count(r"\rbrace")
