"""A name cannot change what is proven."""

from __future__ import annotations

import re

import pytest

from symnet.coq.check import LIBRARY, check, library_text
from symnet.coq.emit import emit
from symnet.kernel import rules as R
from symnet.printing.coq import Identifiers, comment, identifier
from symnet.terms.propositions import Eq, Le
from symnet.terms.term import Symbol, Windows, integer

HOSTILE = [
    "S", "O", "Z", "I", "N", "forall", "fun", "Prop", "Type", "True", "False", "Windows", "Entries", "cdiv", "below",
    "eq_refl", "rule_sign", "step_1", "goal_1", "x_1", "x_2", "given_1", "hyp_1", "W_least", "W", "Qed", "Admitted",
    "Axiom", "mod", "größe", "π", "W_a", "v_W", "_", "__", "a" * 300,
]  # fmt: skip

TITLES = [
    "*) Axiom x : False. (*", '" *) Axiom y : 1 = 2. (* "', "(* (* (*", "*", "((**)", "\n*)\nAxiom z : False.\n(*",
    "*" * 9 + ")",
]  # fmt: skip


def test_identifiers_are_safe_and_differ() -> None:
    fresh = Identifiers()
    names = [fresh(name) for name in [*HOSTILE, *HOSTILE]]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name, re.ASCII) for name in names)


def test_no_identifier_is_one_of_the_library() -> None:
    library = "\n".join(map(library_text, LIBRARY))
    defined = r"^(?:Definition|Fixpoint|Lemma|Theorem|Notation|Inductive|Record) (\w+)"
    words = set(re.findall(defined, library, re.MULTILINE)) | set(re.findall(r"^\| (\w+)", library, re.MULTILINE))
    assert len(words) > 100
    assert not words & {identifier(name) for name in words | set(HOSTILE)}


@pytest.mark.parametrize("title", TITLES)
def test_a_comment_ends_where_it_ends(title: str) -> None:
    inner = comment(title)[2:-2]
    assert not re.search(r"\(\*|\*\)|\"|\n", inner)
    assert not inner.endswith("*")


@pytest.mark.coq
def test_hostile_names_everywhere() -> None:
    symbols = [Symbol(name, least) for name in HOSTILE[:-1] for least in (1, 0, None)]
    total = symbols[0]
    for symbol in symbols[1:]:
        total = total + symbol
    sizes = [Windows(symbol + 2, integer(3), integer(1), integer(1)) for symbol in symbols[:6]]
    names = dict(zip(sizes, [*TITLES, "Windows"], strict=False))
    goals = [R.assume(Le(total, total)), R.polynomial_identity(total, total + 0), *(R.assume(Eq(s, s)) for s in sizes)]
    text = emit(*goals, title=TITLES[0], names=names)
    assert not re.search(r"^\s*(Axiom|Admitted|Parameter)", text, re.MULTILINE)
    result = check(text)
    assert result.ok, result.output


@pytest.mark.coq
def test_same_name_and_other_sign_are_two_variables() -> None:
    text = emit(R.sign(Le(Symbol("W", 0) * 0, Symbol("W", 1) + Symbol("W", 0))))
    assert "forall (W : Z) (W_a : Z)" in text
    result = check(text)
    assert result.ok, result.output
